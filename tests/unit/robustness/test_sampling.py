"""Uniform weights between ends, against exact volumes by inclusion and exclusion."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from mcda.errors import InputError
from mcda.robustness.sampling import MOST_SIBLINGS, between
from tests.exact_volumes import marginal_mean, marginal_share

SIZE = 4096


def sampled(
    widths: NDArray[np.int64], total: int, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of `total` (S, k) in the widths' unit, and the lowest weights."""
    k = len(widths)
    low = np.random.default_rng(seed).dirichlet(np.ones(k)) * 0.3
    unit = 0.7 / total
    points = np.clip(qmc.Sobol(k, seed=seed).random(SIZE), 1e-12, 1 - 1e-12)
    weights = between(points, low, low + unit * widths)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)
    return (weights - low) / unit, low


@pytest.mark.parametrize("k", [5, 10, 20, 40, 60])
@pytest.mark.parametrize("kind", ["narrow", "wide", "whole", "mixed", "nearly full"])
def test_every_marginal_is_the_exact_one(k: int, kind: str) -> None:
    rng = np.random.default_rng(k)
    widths, part = {
        "narrow": (rng.integers(1, 4, k), 0.5),
        "wide": (rng.integers(5, 20, k), 0.2),
        "whole": (np.full(k, 60), 1 / k),  # each may take everything: the whole simplex
        "mixed": (np.where(np.arange(k) % 3 == 0, 40, 1), 0.5),
        "nearly full": (rng.integers(1, 10, k), 0.8),
    }[kind]
    total = round(float(widths.sum()) * part)
    taken, _ = sampled(widths, total)
    given = widths.tolist()
    for i in range(k):
        error = taken[:, i].std() / np.sqrt(SIZE)
        mean = marginal_mean(given, total, i)
        assert abs(taken[:, i].mean() - mean) < 3 * error
        most = round(float(np.median(taken[:, i])))
        if 0 < most < given[i]:
            share = marginal_share(given, total, i, most)
            error = np.sqrt(share * (1 - share) / SIZE)
            assert abs((taken[:, i] <= most).mean() - share) < 3 * error


def test_the_exact_volumes_are_right() -> None:
    """Irwin & Hall's: the sum of three uniforms lies below 1 in 1/6, at its middle the mean is half."""
    # three widths of 2 that sum to 3: by symmetry the mean of each is 1
    assert marginal_mean([2, 2, 2], 3, 0) == pytest.approx(1)
    # x + y + z = 1 in the simplex: P(x <= 1/2) = 3/4, mean 1/3
    assert marginal_share([2, 2, 2], 2, 0, 1) == pytest.approx(3 / 4)
    assert marginal_mean([2, 2, 2], 2, 0) == pytest.approx(2 / 3)


def test_three_weights_fill_their_hexagon_evenly() -> None:
    """By rejection: uniform points of the simplex that lie between the ends."""
    low, high = np.array([0.1, 0.2, 0.05]), np.array([0.5, 0.6, 0.45])
    rng = np.random.default_rng(0)
    simplex = rng.dirichlet(np.ones(3), 200_000)
    kept = simplex[((simplex >= low) & (simplex <= high)).all(axis=1)]
    found = between(rng.random((len(kept), 3)), low, high)
    for ours, theirs in ((found, kept), (found**2, kept**2)):
        error = theirs.std(axis=0) * np.sqrt(2 / len(kept))
        assert (abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 4 * error).all()
    assert np.corrcoef(found.T) == pytest.approx(np.corrcoef(kept.T), abs=0.02)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ([0.5], [1.0], [1.0]),
        ([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]),
        ([0.2, 0.8], [1.0, 1.0], [0.2, 0.8]),
        ([0.0, 0.0], [0.3, 0.7], [0.3, 0.7]),
        ([0.5, 0.2], [0.5, 0.6], [0.5, 0.5]),
        ([0.1, 0.0, 0.0], [0.1, 0.9, 1.0], [0.1, 0.45, 0.45]),
    ],
)
def test_where_there_is_little_room(low: list[float], high: list[float], expected: list[float]) -> None:  # fmt: skip
    points = qmc.Sobol(len(low), seed=0).random(512)
    found = between(points, np.array(low), np.array(high))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found.mean(axis=0), expected, atol=2e-3)


@pytest.mark.parametrize("high", [1.0, 0.0025])
def test_many_siblings(high: float) -> None:
    """500: the mean is one in 500, and the whole simplex's deviation is known."""
    k = 500
    points = np.clip(qmc.Sobol(k, seed=0).random(512), 1e-12, 1 - 1e-12)
    found = between(points, np.zeros(k), np.full(k, high))
    error = found.std(axis=0) / np.sqrt(512)
    assert (abs(found.mean(axis=0) - 1 / k) < 3 * error).all()
    if high == 1.0:
        assert found.std() * k == pytest.approx(np.sqrt((k - 1) / (k + 1)), rel=0.01)


def test_too_many_siblings_are_refused() -> None:
    k = MOST_SIBLINGS + 1
    with pytest.raises(InputError, match="1001 weights under one criterion can vary"):
        between(np.full((1, k), 0.5), np.zeros(k), np.ones(k))

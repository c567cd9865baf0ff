"""Crossings of leads, against grids and root finders."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from mcda.robustness.acceptability import count_ranks
from mcda.robustness.crossings import crossings, multiples


def pair_lead(x: float, *, near: Any, far: Any, row: int, other: int) -> float:
    scale = np.ones(len(near))
    scale[row] = x
    n, p = scale @ near, scale @ far
    return float(n[0] * p[other] - n[other] * p[0])


def test_multiples_against_a_root_finder() -> None:
    rng = np.random.default_rng(0)
    checked = 0
    for _ in range(120):
        g, n = int(rng.integers(1, 6)), int(rng.integers(2, 5))
        near, far = rng.random((g, n)), rng.random((g, n))
        first, other = np.array([0] * (n - 1)), np.arange(1, n)
        found = multiples(near, far, first, other)
        for j in range(g):
            for pair, k in enumerate(other):
                f = partial(pair_lead, near=near, far=far, row=j, other=int(k))
                grid = np.concatenate([np.linspace(1e-6, 1, 400), np.geomspace(1, 1e5, 400)[1:]])
                values = np.array([f(x) for x in grid])
                roots = [
                    brentq(f, grid[i], grid[i + 1], xtol=1e-14)
                    for i in np.flatnonzero(values[:-1] * values[1:] < 0)
                ]
                below = max((r for r in roots if r < 1), default=0.0)
                above = min((r for r in roots if r > 1), default=np.inf)
                if found.below[j, pair] > 1e-5 or below:
                    assert found.below[j, pair] == pytest.approx(below, rel=1e-6)
                    checked += 1
                if found.above[j, pair] < 1e4 or np.isfinite(above):
                    assert found.above[j, pair] == pytest.approx(above, rel=1e-6)
                    checked += 1
    assert checked > 300


def test_a_touch_is_no_crossing() -> None:
    # F = (x - 1/2)^2: N = (1 + x^2 ..., built from two rows so that the discriminant is zero
    near, far = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    # F(x) = x^2 - 1 here: one crossing at 1 itself, none apart from it
    found = multiples(near, far, np.array([0]), np.array([1]))
    assert found.below.max() == 0
    assert found.above.min() == np.inf


@pytest.mark.parametrize(
    ("function", "degree", "roots"),
    [
        (lambda t: t**4 - 0.25 * t**2, 4, [0.5]),
        (lambda t: (t - 0.3) * (t - 0.6) * (t - 0.9), 4, [0.3, 0.6, 0.9]),
        (lambda t: (t - 0.5) ** 2, 4, []),
        (lambda t: t + 1, 4, []),
        (lambda t: 0 * t, 4, []),
        (lambda t: np.sin(20 * t + 0.1), None, [(k * np.pi - 0.1) / 20 for k in range(1, 7)]),
        (lambda t: np.exp(5 * t) - 10, None, [np.log(10) / 5]),
        (lambda t: np.tanh(200 * (t - 0.37)), None, [0.37]),
    ],
)
def test_crossings(function: Any, degree: int | None, roots: list[float]) -> None:
    found = crossings(lambda t: np.stack([function(t), -function(t)], axis=1), 0.0, 1.0, degree)
    for which in (0, 1):
        assert [c.at for c in found if c.which == which] == pytest.approx(roots, abs=1e-9)


def test_no_interval_no_crossing() -> None:
    assert crossings(lambda t: t[:, None], 0.5, 0.5, 1) == []


class TestRanks:
    def test_against_sorting(self) -> None:
        rng = np.random.default_rng(1)
        u, r = rng.random((3000, 4)), rng.random((4, 7))
        near, far = r**2, (1 - r) ** 2
        found = count_ranks(u, near, far, pairs=True)
        scores = (u @ near) / (u @ near + u @ far)
        place = np.argsort(np.argsort(-scores, axis=1), axis=1)
        for i in range(7):
            assert found.ranks[i].tolist() == [(place[:, i] == k).sum() for k in range(7)]
            for k in range(7):
                assert found.pairs is not None
                assert found.pairs[i, k] == (scores[:, i] > scores[:, k]).sum()
        assert (found.winners == scores.argmax(axis=1)).all()

    def test_gaps_of_each_sample(self) -> None:
        rng = np.random.default_rng(2)
        u, r = rng.random((500, 3)), rng.random((500, 3, 4))
        found = count_ranks(u, r**2, (1 - r) ** 2)
        near, far = (u[:, :, None] * r**2).sum(axis=1), (u[:, :, None] * (1 - r) ** 2).sum(axis=1)
        assert (found.winners == (near / (near + far)).argmax(axis=1)).all()
        assert found.ranks.sum() == 500 * 4

    def test_where_nothing_counts(self) -> None:
        found = count_ranks(np.zeros((10, 2)), np.ones((2, 3)), np.ones((2, 3)))
        assert found.ranks.sum() == 30

"""Crossings of leads, against grids and root finders."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from mcda.robustness.acceptability import count_ranks
from mcda.robustness.crossings import crossings, multiples, nearest_win


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


def test_the_quadratics_are_the_leads_and_the_roots_theirs() -> None:
    rng = np.random.default_rng(3)
    near, far = rng.random((2, 4, 5))
    first, other = np.array([0, 3, 2]), np.array([1, 4, 0])
    found = multiples(near, far, first, other)
    places = np.array([0.0, 0.3, 1.0, 2.5])
    for j in range(4):
        for pair, (i, k) in enumerate(zip(first, other, strict=True)):
            order = [i, k]
            expected = [
                pair_lead(x, near=near[:, order], far=far[:, order], row=j, other=1) for x in places
            ]
            own = found.quadratics[:, j, pair]
            np.testing.assert_allclose(np.polyval(own[::-1], places), expected, atol=1e-14)
            positive = sorted(x.real for x in np.roots(own[::-1]) if abs(x.imag) < 1e-9 < x.real)
            roots = sorted(x for x in found.roots[:, j, pair] if not np.isnan(x))
            assert roots == pytest.approx(positive, rel=1e-9)


def test_the_nearest_of_two_crossings_on_either_side() -> None:
    """F(x) = (x - a) (x - b) between two criteria of which the second stays as it is."""
    for a, b, below, above in (
        (0.25, 0.5, 0.5, np.inf),
        (2.0, 5.0, 0.0, 2.0),
        (0.5, 4.0, 0.5, 4.0),
    ):
        # N_i P_k - N_k P_i with (x + p) (x + q) - (r x + s) (1)
        near = np.array([[1.0, a + b + 3.0], [1.0, 3.0 - a * b]])
        far = np.array([[0.0, 1.0], [1.0, 3.0]])
        # (x + 1) (x + 3) - ((a + b + 3) x + 3 - a b) = x^2 + (1 - a - b) x + a b, less x:
        near[0, 1] += 1.0
        found = multiples(near, far, np.array([0]), np.array([1]))
        quadratic = found.quadratics[:, 0, 0]
        np.testing.assert_allclose(quadratic, [a * b, -a - b, 1.0], atol=1e-14)
        assert found.below[0, 0] == pytest.approx(below)
        assert found.above[0, 0] == pytest.approx(above)


def test_differences_of_rounding_are_none() -> None:
    """1/3 and 1 - 2/3 differ in the last place, and their products with other numbers too."""
    near, far = np.array([[1 / 3, 1 - 2 / 3], [0.2, 0.2]]), np.array([[0.1, 0.1], [0.5, 0.5]])
    found = multiples(near, far, np.array([0]), np.array([1]))
    assert near[0, 0] != near[0, 1]
    assert (found.quadratics == 0.0).all()
    assert np.isnan(found.roots).all()
    # a difference of a hundred units in the last place is one
    near[0, 1] = near[0, 0] * (1 - 100 * np.finfo(float).eps)
    assert multiples(near, far, np.array([0]), np.array([1])).quadratics[1, 0, 0] > 0


@pytest.mark.parametrize("low", [0.0, -3.0, 2.0])
def test_crossings_between_any_ends(low: float) -> None:
    """One that is at an end is none within; roots of any interval are where they are."""
    high = low + 0.5
    inner = low + np.array([0.1, 0.25, 0.4])
    found = crossings(
        lambda t: np.stack([np.prod([t - x for x in inner], axis=0), t - low, t - high], axis=1),
        low,
        high,
        3,
    )
    assert [c.at for c in found] == pytest.approx(inner, abs=1e-9)
    assert [c.which for c in found] == [0, 0, 0]


def test_several_functions_are_told_in_rising_order_of_places() -> None:
    found = crossings(lambda t: np.stack([t - 0.7, t - 0.2, 0.4 - t], axis=1), 0.0, 1.0, 1)
    assert [c.which for c in found] == [1, 2, 0]
    assert [c.at for c in found] == pytest.approx([0.2, 0.4, 0.7])


class TestNearestWin:
    """Two leads over rivals, both above zero between some places only."""

    @staticmethod
    def leads(t: Any) -> Any:
        # above zero in (0.2, 0.5) and (0.8, 1.0), and in (0.1, 0.9)
        first = (t - 0.2) * (t - 0.5) * (t - 0.8)
        return np.stack([first, (t - 0.1) * (0.9 - t)], axis=1)

    @pytest.mark.parametrize(
        ("at", "nearest"),
        [(0.0, 0.2), (0.15, 0.2), (0.55, 0.5), (0.64, 0.5), (0.66, 0.8), (0.95, 0.9), (1.0, 0.9)],
    )
    def test_from_either_side(self, at: float, nearest: float) -> None:
        found = nearest_win(self.leads, 0.0, 1.0, at, 3)
        assert found == pytest.approx(nearest, abs=1e-9)
        assert nearest_win(self.leads, 0.0, 1.0, at) == pytest.approx(nearest, abs=1e-9)

    def test_nowhere_and_only_at_an_end(self) -> None:
        assert nearest_win(lambda t: np.stack([t, -t], axis=1), -1.0, 1.0, 0.0, 1) is None
        assert nearest_win(self.leads, 0.51, 0.79, 0.6, 3) is None
        # level everywhere is no lead
        assert nearest_win(lambda t: 0 * t[:, None], 0.0, 1.0, 0.0, 1) is None

    def test_from_outside_the_line(self) -> None:
        assert nearest_win(self.leads, 0.3, 0.4, 0.1, 3) == 0.3
        assert nearest_win(self.leads, 0.3, 0.4, 0.6, 3) == 0.4


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
        found = count_ranks(np.zeros((10, 2)), np.ones((2, 3)), np.ones((2, 3)), pairs=True)
        assert found.ranks.tolist() == [[10, 0, 0]] * 3
        assert found.winners.tolist() == [-1] * 10
        assert found.pairs is not None
        assert found.pairs.tolist() == [[0, 5, 5], [5, 0, 5], [5, 5, 0]]

    @pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 9])
    def test_level_options_over_more_samples_than_are_counted_at_a_time(self, n: int) -> None:
        """Scores of few values, so that many are level; sample by sample, option by option."""
        rng = np.random.default_rng(n)
        size = 2 * 32768 // n + 5
        r = rng.integers(0, 3, (2, n)) / 2.0
        u = rng.integers(0, 2, (size, 2)) * 1.0
        found = count_ranks(u, r**2, (1 - r) ** 2, pairs=True)
        near, far = u @ r**2, u @ (1 - r) ** 2
        total = near + far
        scores = np.where(total > 0, near / np.where(total > 0, total, 1.0), 0.5)
        ahead = (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
        assert found.ranks.tolist() == [
            [int((ahead[:, i] == k).sum()) for k in range(n)] for i in range(n)
        ]
        first = ahead == 0
        expected = np.where(first.sum(axis=1) == 1, first.argmax(axis=1), -1)
        assert found.winners.tolist() == expected.tolist()
        level = (scores[:, None, :] == scores[:, :, None]).sum(axis=0)
        before = (scores[:, :, None] > scores[:, None, :]).sum(axis=0) + 0.5 * level
        np.fill_diagonal(before, 0.0)
        assert found.pairs is not None
        assert found.pairs.tolist() == before.tolist()

    @pytest.mark.parametrize("better", [0, 1, 2, 3])
    def test_ahead_by_the_last_bit(self, better: int) -> None:
        """Who leads by one unit in the last place leads; the number of an option decides nothing."""
        near, far = np.full((1, 4), 0.25), np.full((1, 4), 0.5)
        near[0, better] = np.nextafter(np.nextafter(0.25, 1.0), 1.0)
        assert np.unique(near / (near + far)).size == 2
        found = count_ranks(np.ones((5, 1)), near, far)
        assert found.winners.tolist() == [better] * 5
        assert found.ranks[:, 0].tolist() == [5 * (i == better) for i in range(4)]
        assert found.ranks[:, 1].tolist() == [5 * (i != better) for i in range(4)]
        assert found.pairs is None

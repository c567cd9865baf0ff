"""Nearest flips of effective weights, against grids, bisection and a plain closeness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pymcdm.methods import TOPSIS
from scipy.optimize import brentq

from mcda.robustness.flips import nearest_flips


def closeness_at(share: Any, j: int, r: Any, weights: Any, scaling: Any) -> Any:
    """Closeness (k, n) with criterion j's share at each of `share` (k,), the others in proportion."""
    shares = weights * (scaling > 0) / (weights * (scaling > 0)).sum()
    others = np.where(np.arange(len(shares)) == j, 0.0, shares)
    others /= others.sum() or 1.0
    moved = np.multiply.outer(1.0 - share, others)
    moved[:, j] = share
    moved = moved * scaling
    near = np.sqrt((moved[:, :, None] * r**2).sum(axis=1))
    far = np.sqrt((moved[:, :, None] * (1.0 - r) ** 2).sum(axis=1))
    return near / (near + far)


def winner_of(r: Any, weights: Any, scaling: Any) -> int:
    shares = weights * (scaling > 0)
    closeness = closeness_at(np.array([shares[0] / shares.sum()]), 0, r, weights, scaling)[0]
    first, second = np.sort(closeness)[::-1][:2]
    return int(np.argmax(closeness)) if first - second > 1e-9 else -1


def by_bisection(r: Any, weights: Any, scaling: Any, winner: int) -> tuple[float, int, float]:
    """The nearest flip that a grid of each leaf's shares sees, narrowed down by bisection."""
    shares = weights * (scaling > 0) / (weights * (scaling > 0)).sum()
    best = (np.inf, -1, np.nan)
    for j in np.flatnonzero(scaling > 0):
        if shares[j] > 1 - 1e-9:
            continue

        def leads(share: Any, j: int = j) -> Any:
            closeness = closeness_at(np.atleast_1d(share), j, r, weights, scaling)
            rivals = np.delete(closeness, winner, axis=1).max(axis=1)
            return closeness[:, winner] >= rivals - 1e-13

        for end in (2e-9, 1 - 2e-9):
            grid = np.linspace(shares[j], end, 600)[1:]
            lost = np.flatnonzero(~leads(grid))
            if not lost.size:
                continue
            low = grid[lost[0] - 1] if lost[0] else shares[j]
            high = grid[lost[0]]
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if leads(middle)[0] else (low, middle)
            if abs(high - shares[j]) < best[0]:
                best = (abs(high - shares[j]), int(j), float(high))
    return best


def drawn(rng: np.random.Generator, *, coarse: bool) -> tuple[Any, Any, Any]:
    m, n = int(rng.integers(1, 7)), int(rng.integers(2, 6))
    if coarse:  # many equal scores, weights of zero, constant criteria
        r, weights = rng.integers(0, 4, (m, n)) / 3, rng.integers(0, 4, m) / 4
        scaling = rng.integers(0, 4, m) / 3
    else:
        r, weights, scaling = rng.random((m, n)), rng.random(m), rng.random(m)
    r[scaling == 0] = 0.0
    return r, weights, scaling


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("scaled", [False, True])
def test_against_grids(*, coarse: bool, scaled: bool) -> None:
    rng = np.random.default_rng(2 * coarse + scaled)
    with_flip = without = 0
    for _ in range(120):
        r, weights, scaling = drawn(rng, coarse=coarse)
        if not scaled:
            scaling = np.ones(len(weights))
        if not (weights * scaling).any():
            continue
        winner = winner_of(r, weights, scaling)
        if winner < 0:
            continue
        found = nearest_flips(
            r[:, :, None], weights, np.array([winner]), scaling[:, None] if scaled else None
        )
        distance, _, _ = by_bisection(r, weights, scaling, winner)
        # no nearer flip than the one found, and it is one if the grid can see it
        assert found.distance[0] <= distance + 1e-9
        if found.leaf[0] < 0:
            assert (found.to[0], found.distance[0]) == (-1, np.inf)
            assert np.isnan(found.share[0])
            without += 1
            continue
        with_flip += 1
        j, share = int(found.leaf[0]), float(found.share[0])
        now = (weights * (scaling > 0))[j] / (weights * (scaling > 0)).sum()
        assert abs(share - now) == pytest.approx(found.distance[0], abs=1e-12)
        step = np.sign(share - now) * min(1e-7, share / 2, (1 - share) / 2, found.distance[0] / 2)
        before, at, after = closeness_at(
            share + np.array([-step, 0.0, step]), j, r, weights, scaling
        )
        assert at[winner] == pytest.approx(at[found.to[0]], abs=1e-12)
        assert before[winner] >= before.max() - 1e-15
        assert after[found.to[0]] >= after.max() - 1e-15
        assert after[found.to[0]] > after[winner]
    assert with_flip > 40
    assert without > 10


def test_against_pymcdm() -> None:
    """With classic weights an effective share moves as the square of a weight does."""
    rng = np.random.default_rng(5)

    def as_it_is(x: Any, cost: bool = False) -> Any:
        return x

    def who(weights: Any) -> int:
        return int(np.argmax(topsis(matrix, np.sqrt(weights), types)))

    topsis: Callable[..., Any] = TOPSIS(as_it_is)
    types = np.ones(4)
    seen = 0
    for _ in range(60):
        r = rng.random((4, 4))
        matrix = r.T.copy()
        # pymcdm's ends are the best and worst of the options
        low, high = r.min(axis=1, keepdims=True), r.max(axis=1, keepdims=True)
        own = (r - low) / (high - low)
        u = rng.random(4)
        winner = who(u / (high - low)[:, 0] ** 2)
        found = nearest_flips(own[:, :, None], u, np.array([winner]))
        if found.leaf[0] < 0:
            continue
        seen += 1
        j, share = int(found.leaf[0]), float(found.share[0])
        for sign, expected in ((-1, winner), (1, int(found.to[0]))):
            moved = u / u.sum()
            at = share + sign * 1e-7 * np.sign(share - moved[j])
            moved = moved * (1 - at) / (1 - moved[j])
            moved[j] = at
            assert who(moved / (high - low)[:, 0] ** 2) == expected
    assert seen > 30


def test_level_at_an_end_is_no_flip() -> None:
    # the lead is the square of the first criterion's share, then the product of both shares
    r = np.array([[[1.0], [0.0]], [[1.0], [1.0]]])
    assert nearest_flips(r, np.array([0.3, 0.7]), np.array([0])).leaf.tolist() == [-1]
    r = np.array([[[1.0], [1.0]], [[0.5], [0.2]]])
    assert nearest_flips(r, np.array([0.3, 0.7]), np.array([0])).leaf.tolist() == [-1]


def test_a_shared_first_place_has_nothing_to_lose() -> None:
    r = np.array([[[0.9], [0.1]], [[0.1], [0.9]]])
    assert nearest_flips(r, np.array([0.5, 0.5]), np.array([-1])).leaf.tolist() == [-1]


def test_who_takes_over_where_several_come_level() -> None:
    """All three are level at equal shares; beyond, the one that rises most is ahead."""
    r = np.array([[[0.75], [0.5], [0.25], [0.0]], [[0.25], [0.5], [0.75], [1.0]]])
    found = nearest_flips(r, np.array([0.6, 0.4]), np.array([0]))
    assert found.share[0] == pytest.approx(0.5, abs=1e-12)
    closeness = closeness_at(np.array([0.5, 0.5 - 1e-6]), 0, r[:, :, 0], np.ones(2), np.ones(2))
    assert closeness[0] == pytest.approx(np.full(4, 0.5))
    assert found.to.tolist() == [int(closeness[1].argmax())] == [3]


def test_options_that_differ_in_one_criterion_only() -> None:
    """They are level where its share is zero, and no rounding makes a flip of that."""
    rng = np.random.default_rng(6)
    r = np.repeat(rng.random((4, 1, 500)), 2, axis=1)
    r[2, 1] *= rng.random(500)
    found = nearest_flips(r, rng.random((4, 500)) + 1e-3, np.zeros(500, dtype=int))
    assert (found.leaf == -1).all()


def test_equal_rivals_and_a_weight_of_zero() -> None:
    r = np.array([[[0.2], [0.9], [0.9]], [[0.8], [0.4], [0.4]]])
    found = nearest_flips(r, np.array([0.0, 1.0]), np.array([0]))
    assert (found.leaf.tolist(), found.to.tolist()) == ([0], [1])
    n, p = np.array([0.04, 0.64]), np.array([0.64, 0.04])
    n2, p2 = np.array([0.81, 0.16]), np.array([0.01, 0.36])
    t = found.share[0]
    shares = np.array([t, 1 - t])
    assert (shares @ n) * (shares @ p2) == pytest.approx((shares @ n2) * (shares @ p))


@pytest.mark.parametrize("coarse", [False, True])
def test_bytes_do_not_depend_on_the_block(*, coarse: bool) -> None:
    rng = np.random.default_rng(7)
    r, weights, scaling = rng.random((5, 4, 4000)), rng.random(5), rng.random((5, 4000))
    winner = rng.integers(-1, 4, 4000)
    if coarse:  # rivals that come level together, and contests with nothing to flip
        r, weights = rng.integers(0, 3, r.shape) / 2, np.array([1.0, 1.0, 0.0, 2.0, 1.0])
        scaling = rng.integers(0, 3, scaling.shape) / 2
    for own in (None, scaling):
        whole = nearest_flips(r, weights, winner, own)
        for size in (1, 2, 99, 3000):
            for start in (0, 17, 500):
                part = slice(start, start + size)
                some = nearest_flips(
                    r[:, :, part], weights, winner[part], None if own is None else own[:, part]
                )
                for one, other in zip(some, whole, strict=True):
                    assert one.tobytes() == other[part].tobytes()


def test_where_nothing_can_flip() -> None:
    assert nearest_flips(np.ones((2, 1, 3)), np.ones(2), np.zeros(3, int)).leaf.tolist() == [-1] * 3
    r = np.array([[[0.9], [0.1]], [[0.8], [0.2]]])
    for weights in ([1.0, 1.0], [1.0, 0.0], [0.0, 0.0]):
        assert nearest_flips(r, np.array(weights), np.array([0])).leaf.tolist() == [-1]
    assert nearest_flips(np.ones((2, 2, 0)), np.ones(2), np.zeros(0, int)).leaf.shape == (0,)


def by_formula(r: Any, v: Any, scaling: Any, winner: Any) -> tuple[Any, Any, Any]:
    """The nearest flip by the school's formula for the roots of F in a criterion's share t.

    With N_i = (1 - t) A_i + t B_i and P_i likewise, A of the other criteria in proportion.
    """
    m, n, contests = r.shape
    v = v / v.sum(axis=0)
    best = np.full(contests, np.inf)
    leaf, share = np.full(contests, -1), np.full(contests, np.nan)
    at = np.arange(contests)
    for j in range(m):
        others = np.where(np.arange(m)[:, None] == j, 0.0, v)
        others = others / others.sum(axis=0) * scaling
        near, far = (np.einsum("mb,mnb->nb", others, gaps) for gaps in (r**2, (1 - r) ** 2))
        own_near, own_far = scaling[j] * r[j] ** 2, scaling[j] * (1 - r[j]) ** 2
        for step in range(1, n):
            k = (winner + step) % n
            # F = (a + t c) (p + t q) - (b + t d) (s + t u)
            a, b = near[winner, at], near[k, at]
            c, d = own_near[winner, at] - a, own_near[k, at] - b
            p, s = far[k, at], far[winner, at]
            q, u = own_far[k, at] - p, own_far[winner, at] - s
            x2, x1, x0 = c * q - d * u, a * q + c * p - b * u - d * s, a * p - b * s
            with np.errstate(invalid="ignore"):
                root = np.sqrt(x1**2 - 4 * x2 * x0)
            for t in ((-x1 - root) / (2 * x2), (-x1 + root) / (2 * x2)):
                with np.errstate(invalid="ignore"):
                    nearer = (t > 0) & (t < 1) & (np.abs(t - v[j]) < best)
                best[nearer] = np.abs(t - v[j])[nearer]
                leaf[nearer], share[nearer] = j, t[nearer]
    return best, leaf, share


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("own_weights", [False, True])
@pytest.mark.parametrize(("m", "n", "contests"), [(6, 4, 1400), (3, 3, 2800), (5, 2, 50)])
def test_whole_blocks_against_the_formula(
    m: int, n: int, contests: int, *, scaled: bool, own_weights: bool
) -> None:
    """More contests than are worked on at a time, each with its criterion, share and successor."""
    rng = np.random.default_rng(8)
    r = rng.random((m, n, contests))
    weights = rng.random((m, contests)) if own_weights else rng.random(m)
    v = np.broadcast_to(weights.reshape(m, -1), (m, contests))
    scaling = rng.uniform(0.2, 2.0, (m, contests)) if scaled else np.ones((m, contests))
    u = v * scaling
    near, far = (np.einsum("mb,mnb->nb", u, gaps) for gaps in (r**2, (1 - r) ** 2))
    winner = (near / far).argmax(axis=0)
    found = nearest_flips(r, weights, winner, scaling if scaled else None)
    distance, leaf, share = by_formula(r, v, scaling, winner)
    np.testing.assert_allclose(found.distance, distance, rtol=1e-6, atol=1e-9)
    assert (found.leaf == leaf).all()
    np.testing.assert_allclose(found.share, share, rtol=1e-6, atol=1e-9)
    at = np.flatnonzero(leaf >= 0)
    assert at.size > contests / 2
    # who is ahead a bit beyond
    beyond = share[at] + 1e-5 * np.sign(share[at] - (v / v.sum(axis=0))[leaf[at], at])
    moved = np.where(np.arange(m)[:, None] == leaf[at], 0.0, v[:, at])
    moved = moved / moved.sum(axis=0) * (1 - beyond)
    moved[leaf[at], np.arange(at.size)] = beyond
    moved *= scaling[:, at]
    near, far = (np.einsum("mb,mnb->nb", moved, gaps[:, :, at]) for gaps in (r**2, (1 - r) ** 2))
    ahead = near / (near + far)
    there = (
        (beyond > 0)
        & (beyond < 1)
        & (np.sort(ahead, axis=0)[-1] > 1e-6 + np.sort(ahead, axis=0)[-2])
    )
    assert there.sum() > 0.8 * at.size
    assert (found.to[at] == ahead.argmax(axis=0))[there].all()


def test_by_hand() -> None:
    """Scores (1, 0), (0, 1) and (1/2, 1/2): the lead is lost where the first two shares meet.

    The second's share s is then (1 - s) 5/7, the first's (1 - s) 3/5: 5/12 is nearer than 3/8.
    """
    r = np.array([[[1.0], [0.0]], [[0.0], [1.0]], [[0.5], [0.5]]])
    found = nearest_flips(r, np.array([0.5, 0.3, 0.2]), np.array([0]))
    assert (found.leaf.tolist(), found.to.tolist()) == ([1], [1])
    assert found.share[0] == pytest.approx(5 / 12, abs=1e-12)
    assert found.distance[0] == pytest.approx(5 / 12 - 0.3, abs=1e-12)


@pytest.mark.parametrize(("share", "flips"), [(1e-6, True), (1e-10, False)])
def test_no_flip_within_a_billionth_of_an_end(share: float, flips: bool) -> None:
    """Scores (1, 1/2) and (0, c), with c such that they are level at that share of the first."""

    def gap(c: float) -> float:
        rest = 1 - share
        near, far = share + rest / 4, rest / 4
        return near * (share + rest * (1 - c) ** 2) - rest * c**2 * far

    r = np.array([[[1.0], [0.0]], [[0.5], [brentq(gap, 0.5, 1.0, xtol=1e-16)]]])
    found = nearest_flips(r, np.array([0.4, 0.6]), np.array([0]))
    assert bool(found.leaf[0] >= 0) is flips
    if flips:
        assert min(found.share[0], 1 - found.share[0]) == pytest.approx(share, rel=1e-4)


def test_ties_of_all_kinds_are_no_leads() -> None:
    """Three equal options have a shared first place whatever is said of a winner."""
    found = nearest_flips(np.full((3, 3, 4), 0.4), np.ones(3), np.array([0, 1, 2, -1]))
    assert found.leaf.tolist() == [-1] * 4
    assert found.to.tolist() == [-1] * 4
    assert np.isnan(found.share).all()
    assert np.isinf(found.distance).all()

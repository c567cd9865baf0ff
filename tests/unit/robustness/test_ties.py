"""Roots, jumps and steps of functions that are smooth in pieces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mcda.robustness.ties import passages, ties

PLACES = np.linspace(0.0, 10.0, 41)


def gap(f: Callable[[np.ndarray], np.ndarray]) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    return lambda at: (f(at), np.ones_like(at))


def test_roots_of_a_polynomial() -> None:
    roots = [1.1, 2.35, 7.7]
    found = ties(gap(lambda x: (x - 1.1) * (x - 2.35) * (x - 7.7)), PLACES)
    assert [each.low for each in found] == pytest.approx(roots, rel=1e-13)
    assert [(each.before, each.after) for each in found] == [(-1, 1), (1, -1), (-1, 1)]
    assert not any(each.jump for each in found)


def test_a_jump() -> None:
    [found] = ties(gap(lambda x: np.where(x < np.pi, -1.0, 2.0)), PLACES)
    assert found.jump
    assert found.low == pytest.approx(np.pi, rel=1e-15)


def test_a_stretch_has_two_ends() -> None:
    [found] = ties(gap(lambda x: np.where(x < 3.3, x - 3.3, np.maximum(x - 6.6, 0.0))), PLACES)
    assert (found.low, found.high) == pytest.approx((3.3, 6.6), rel=1e-9)
    assert (found.before, found.after) == (-1, 1)


def test_nothing_and_everything() -> None:
    assert ties(gap(np.ones_like), PLACES) == []
    [all_of_it] = ties(gap(np.zeros_like), PLACES)
    assert all_of_it[:4] == (0.0, 10.0, 0, 0)
    assert ties(gap(lambda x: np.full_like(x, np.nan)), PLACES) == []


def test_passages_stand_on_either_side_of_every_whole_number() -> None:
    found, complete = passages(lambda x: np.stack([x * 0.7 + 0.05, -x], axis=1), PLACES, 1000)
    assert complete
    for k in range(1, 8):
        at = (k - 0.05) / 0.7
        if at < 10:
            near = found[np.abs(found - at) < 1e-12 * at]
            assert near.size
            assert near.min() * 0.7 + 0.05 <= k <= near.max() * 0.7 + 0.05
    for k in range(1, 10):
        assert (found < k).any()
        assert np.abs(found - k).min() < 1e-12 * k


def test_too_many_passages_are_given_up() -> None:
    assert not passages(lambda x: x[:, None] * 1e6, PLACES, 1000)[1]

"""Roots, jumps and steps of functions that are smooth in pieces."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

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


def either_side(found: np.ndarray, at: float) -> bool:
    """Whether floats next to a place, below it and from it on, are among those found."""
    near = found[np.abs(found - at) <= 1e-13 * abs(at) + 1e-16]
    return bool((near < at).any() and (near > at).any())


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_whole_numbers_met_at_the_places_themselves(sign: float) -> None:
    """Every fourth place is a whole number; the first and the last, too."""
    found, complete = passages(lambda x: sign * x[:, None], PLACES, 1000)
    assert complete
    assert all(either_side(found, k) for k in range(11))
    # nothing but what is next to a whole number
    assert np.abs(found - np.round(found)).max() < 1e-14


def test_several_whole_numbers_between_two_places() -> None:
    found, complete = passages(lambda x: 3.0 * x[:, None] + 0.5, np.array([1.0, 2.0, 3.0]), 6)
    assert complete
    passed = [(k - 0.5) / 3.0 for k in (4, 5, 6, 7, 8, 9)]
    assert all(either_side(found, at) for at in passed)
    assert np.abs(found[:, None] - passed).min(axis=1).max() < 1e-12
    # one less is too few, and nothing is then looked for
    few, complete = passages(lambda x: 3.0 * x[:, None] + 0.5, np.array([1.0, 2.0, 3.0]), 5)
    assert (few.size, complete) == (0, False)


def test_passages_of_curves_and_jumps() -> None:
    """Each function is narrowed down by itself."""
    found, complete = passages(
        lambda x: np.stack([x**2 / 7.0, np.exp(-x), np.where(x < 2.6, 0.2, 1.9)], axis=1),
        PLACES[1:],
        1000,
    )
    assert complete
    wanted = [*np.sqrt(7.0 * np.arange(1, 15)), 2.6]
    assert all(found[np.abs(found - at) < 1e-12].size >= 2 for at in wanted)
    assert (
        found[np.abs(found - 2.6) < 1e-12].min() < 2.6 <= found[np.abs(found - 2.6) < 1e-12].max()
    )
    assert np.abs(found[:, None] - wanted).min(axis=1).max() < 1e-12


def test_what_does_not_move_or_is_not_finite_passes_nothing() -> None:
    with np.errstate(all="ignore"):
        found, complete = passages(
            lambda x: np.stack(
                [np.full_like(x, 3.0), np.full_like(x, np.nan), np.where(x < 5, 1.5, np.inf)],
                axis=1,
            ),
            PLACES,
            1000,
        )
    assert (found.size, complete) == (0, True)


@pytest.mark.parametrize("curve", [lambda x: x * 0.7 + 0.05, lambda x: x**2 / 7.0, np.exp])
def test_lines_and_curves_take_fewer_calls_than_halvings(curve: Callable[..., np.ndarray]) -> None:
    """From a quarter to what rounding allows are some 45 halvings."""
    calls: list[int] = []

    def counted(x: np.ndarray) -> np.ndarray:
        calls.append(x.size)
        return curve(x)

    straight = bool(np.isclose(curve(1.0) - curve(0.0), curve(2.0) - curve(1.0)))
    passages(lambda x: counted(x)[:, None], PLACES[1:17], 1000)
    assert len(calls) <= (3 if straight else 40)
    calls.clear()
    ties(lambda x: (counted(x) - 1.3, np.ones_like(x)), PLACES[1:])
    assert len(calls) <= (6 if straight else 20)


@pytest.mark.parametrize("power", [1, 2, 3])
@pytest.mark.parametrize("at", [2.5, 0.0, 10.0])
def test_zero_at_a_place(at: float, power: int) -> None:
    """A touch has the same sign on both sides; at an end there is nothing beyond."""
    [found] = ties(gap(lambda x: (x - at) ** power), PLACES)
    # the ends of a flat touch lie where it is 1e-12
    assert (found.low, found.high) == pytest.approx((at, at), abs=1e-12 ** (1 / power) * 1.01)
    assert (found.before, found.after) == (
        0 if at == 0.0 else (-1) ** power,
        0 if at == 10.0 else 1,
    )
    assert not found.jump


@pytest.mark.parametrize(("width", "point"), [(1e-10, True), (3e-9, True), (4e-9, False)])
def test_a_narrow_stretch_is_a_point(width: float, point: bool) -> None:
    """Of a billionth of its place; the middle of it."""
    [found] = ties(
        lambda x: (np.sign(x - 3.5) * np.maximum(np.abs(x - 3.5) - width / 2, 0.0), 0.0 * x),
        PLACES,
    )
    assert (found.low == found.high) is point
    assert (found.low + found.high) / 2.0 == pytest.approx(3.5, rel=1e-15)
    if not point:
        assert found.high - found.low == pytest.approx(width, rel=1e-6)
    assert (found.before, found.after) == (-1, 1)


def test_stretches_at_both_ends_and_between() -> None:
    def f(x: np.ndarray) -> np.ndarray:
        rise = np.where(x < 4.0, np.clip(x - 1.1, 0.0, 0.7) - np.clip(x - 2.2, 0.0, 0.7), 0.0)
        return rise - np.clip(x - 7.3, 0.0, 0.4) + np.clip(x - 8.4, 0.0, 0.4)

    found = ties(gap(f), PLACES)
    assert [(each.low, each.high) for each in found] == [
        pytest.approx(ends, abs=1e-11) for ends in ((0.0, 1.1), (2.9, 7.3), (8.8, 10.0))
    ]
    assert [(each.before, each.after) for each in found] == [(0, 1), (1, -1), (-1, 0)]


@pytest.mark.parametrize("size", [1.0, 1e6])
def test_what_counts_as_zero_is_a_share_of_the_numbers(size: float) -> None:
    level = [ties(lambda x, e=e: (0 * x + e * size, 0 * x + size), PLACES) for e in (5e-13, 2e-12)]
    assert [len(each) for each in level] == [1, 0]
    # a step is a jump where it is more than rounding on both sides
    for step, jump in ((5e-10, False), (3e-9, True)):
        [found] = ties(lambda x, e=step: (np.where(x < np.pi, -e, e) * size, 0 * x + size), PLACES)
        assert found.jump is jump
        assert found.low == pytest.approx(np.pi, rel=1e-15)


@pytest.mark.parametrize(("below", "above"), [(-1.0, 2.0), (2.0, -1.0), (-3.0, 1e-3)])
def test_a_jump_is_where_its_second_side_begins(below: float, above: float) -> None:
    [found] = ties(gap(lambda x: np.where(x < np.pi, below, above)), PLACES)
    assert (found.low, found.high, found.jump) == (np.pi, np.pi, True)
    assert (found.before, found.after) == (np.sign(below), np.sign(above))


def test_a_crossing_is_the_float_that_is_nearest_to_zero() -> None:
    """Of x^3 = 2 the neighbours' cubes are compared exactly, as fractions."""
    [found] = ties(gap(lambda x: x**3 - 2.0), PLACES)
    near = [np.nextafter(found.low, end) for end in (-np.inf, np.inf)]
    assert min(abs(Fraction(float(x)) ** 3 - 2) for x in near) * 2 > (
        abs(Fraction(found.low) ** 3 - 2)
    )
    assert found.low == found.high == pytest.approx(2.0 ** (1 / 3), rel=1e-15)


def test_no_value_in_part_of_the_line() -> None:
    """What has no value is left out, and nothing is found across the hole's end."""
    found = ties(gap(lambda x: np.where(x < 3.0, np.nan, x - 5.1)), PLACES)
    assert [each.low for each in found] == pytest.approx([5.1])

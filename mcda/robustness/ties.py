"""Where a function that is smooth in pieces meets zero, and where its pieces end."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tie", "passages", "ties"]

Floats = NDArray[np.float64]

#: Two values that differ by less than this share of the larger are equal.
_EQUAL = 1e-12
#: A tie over less than this share of its place is a point.
_POINT = 1e-9
#: Places nearer to each other than this share of them are next to each other.
_NEAR = 1e-14
#: Halvings at most; they narrow down to a share of 2^-64 of the distance between two places.
_HALVINGS = 64


class Tie(NamedTuple):
    """A place, or a stretch, where the function meets zero.

    Attributes
    ----------
    low, high : float
        Its ends; the same for a point.
    before, after : int
        The sign below and above it; 0 at an end of what is looked at.
    jump : bool
        Whether the function jumps over zero there, without meeting it.
    """

    low: float
    high: float
    before: int
    after: int
    jump: bool


def passages(levels: Callable[[Floats], Floats], places: Floats, most: int) -> tuple[Floats, bool]:
    """Places next to each whole number that functions pass between two places.

    Parameters
    ----------
    levels
        (B,) places -> (B, S) values of S functions that rise or fall between two places; what is
        not finite is not looked at.
    places
        (B,), rising.
    most
        Passages at most.

    Returns
    -------
    (P,) array
        The floats on either side of each passage, unsorted.
    bool
        Whether all were found; false where there are more than `most`.
    """
    at = levels(places)
    with np.errstate(invalid="ignore"):
        low, high = np.minimum(at[:-1], at[1:]), np.maximum(at[:-1], at[1:])
        first, last = np.ceil(low), np.floor(high)
        count = np.where(
            np.isfinite(low) & np.isfinite(high) & (high > low), last - first + 1.0, 0.0
        )
    count = np.maximum(count, 0.0)
    if count.sum() > most:
        return np.empty(0), False
    rows, columns = np.nonzero(count)
    number = count[rows, columns].astype(int)
    step = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    rows, columns = np.repeat(rows, number), np.repeat(columns, number)
    target = first[rows, columns] + step
    left, right = places[rows].copy(), places[rows + 1].copy()
    below, above = at[rows, columns] - target, at[rows + 1, columns] - target
    met = np.concatenate([left[below == 0.0], right[above == 0.0]])
    open_ = (below != 0.0) & (above != 0.0)
    left, right, below, above = left[open_], right[open_], below[open_], above[open_]
    rows, columns, target = rows[open_], columns[open_], target[open_]
    every = np.arange(len(rows))
    for turn in range(_HALVINGS):
        near = right - left <= _NEAR * np.abs(right)
        if near.all():
            break
        # most are straight lines: two places close around where a line would pass, then the middle
        passing = left + (right - left) * (below / (below - above))
        guess = passing if turn % 2 == 0 else left + (right - left) / 2.0
        for probe in (guess * (1.0 - _NEAR / 4.0), guess * (1.0 + _NEAR / 4.0)):
            inside = ~near & (probe > left) & (probe < right)
            if not inside.any():
                continue
            value = levels(probe[inside])[every[: inside.sum()], columns[inside]] - target[inside]
            beyond = np.zeros(len(rows), dtype=bool)
            beyond[inside] = (np.sign(value) != np.sign(below[inside])) & ~np.isnan(value)
            short = inside & ~beyond
            new = np.zeros(len(rows))
            new[inside] = value
            left, below = np.where(short, probe, left), np.where(short, new, below)
            right, above = np.where(beyond, probe, right), np.where(beyond, new, above)
    # ceil changes above a whole number, floor at it
    found = [left, right, np.nextafter(right, np.inf)]
    found += [np.nextafter(met, -np.inf), np.nextafter(met, np.inf)]
    return np.concatenate(found), True


def ties(gap: Callable[[Floats], tuple[Floats, Floats]], places: Floats) -> list[Tie]:
    """Every place where a function meets zero or jumps over it between two places.

    Parameters
    ----------
    gap
        (B,) places -> its values (B,), NaN where there is none, and the sizes (B,) of the numbers
        whose difference it is.
    places
        (B,), rising; between two of them the function changes its sign once at most.

    Returns
    -------
    list of Tie
        In rising order.
    """
    values, sizes = gap(places)
    there = np.isfinite(values)
    places, values, sizes = places[there], values[there], sizes[there]
    if not places.size:
        return []
    signs = np.sign(values) * (np.abs(values) > _EQUAL * sizes)
    found: list[Tie] = []
    start, before = (None if signs[0] else float(places[0])), 0
    first = 0
    for at in np.flatnonzero(signs[1:] != signs[:-1]):
        old, new = int(signs[at]), int(signs[at + 1])
        left, right = float(places[at]), float(places[at + 1])
        if old and new:
            found.append(_between(gap, left, right, old, new))
        elif new == 0:
            start, before, first = _edge(gap, left, right, old)[1], old, int(at) + 1
        else:
            assert start is not None
            end = _edge(gap, right, left, new)[1]
            found.append(_stretch(start, end, before, new, alone=first == at))
            start = None
    if start is not None:
        alone = first == len(places) - 1
        found.append(_stretch(start, float(places[-1]), before, 0, alone=alone))
    return found


def _stretch(low: float, high: float, before: int, after: int, *, alone: bool) -> Tie:
    """A tie between two ends, or a point.

    At an end of what is looked at, where there is no sign before or after, it is the point there if
    it has that place `alone`: how far it goes on from there is rounding.
    """
    if alone and not (before and after):
        low = high = high if before else low
    elif high - low <= _POINT * max(abs(low), abs(high)):
        low = high = low + (high - low) / 2.0
    return Tie(low, high, before, after, False)


def _between(
    gap: Callable[[Floats], tuple[Floats, Floats]], left: float, right: float, old: int, new: int
) -> Tie:
    """The change of sign between two places, to the last digit."""
    [below, above], _ = gap(np.array([left, right]))
    for turn in range(2 * _HALVINGS):
        middle = left + (right - left) / 2.0
        if middle in (left, right):
            break
        # most are straight lines: two places close around where a line would pass, then the middle
        passing = left + (right - left) * (below / (below - above))
        guess = passing if turn % 2 == 0 else middle
        spare = _NEAR / 4.0 * max(abs(left), abs(right))
        probes = np.array([guess - spare, guess, guess + spare])
        probes = probes[(probes > left) & (probes < right)]
        if not probes.size:
            probes = np.array([middle])
        for place, value in zip(probes.tolist(), gap(probes)[0].tolist(), strict=True):
            if value == 0.0:
                return Tie(place, place, old, new, False)
            if not left < place < right:
                continue
            if np.sign(value) == old:
                left, below = place, value
            else:
                right, above = place, value
    values, sizes = gap(np.array([left, right]))
    nearer = int(np.abs(values[1]) < np.abs(values[0]))
    # rounding apart, the two sides of a crossing are as near to zero as the numbers allow
    jump = bool(abs(values[nearer]) > _POINT * sizes[nearer])
    at = right if jump or nearer else left
    return Tie(at, at, old, new, jump)


def _edge(
    gap: Callable[[Floats], tuple[Floats, Floats]], out: float, inside: float, sign: int
) -> tuple[float, float]:
    """The places next to each other at which a tie begins, from outside."""
    for _ in range(_HALVINGS):
        middle = out + (inside - out) / 2.0
        if middle in (out, inside):
            break
        values, sizes = gap(np.array([middle]))
        outside = int(np.sign(values[0])) == sign and abs(values[0]) > _EQUAL * sizes[0]
        out, inside = (middle, inside) if outside else (out, middle)
    return out, inside

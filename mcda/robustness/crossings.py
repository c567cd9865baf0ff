"""Where a lead is lost along a line: exact crossings of F = N_i P_k - N_k P_i with zero.

F has the sign of the lead of option i over option k. If one criterion's squared gaps count x times
as much, F is a quadratic in x; along a line of weights it is a polynomial of low degree; along
other paths (a judgement, a share of power) it is smooth. Polynomials and smooth functions are
interpolated at Chebyshev points and their roots are the eigenvalues of a colleague matrix; whether
the lead changes hands is tested between them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

__all__ = ["Crossing", "Multiples", "crossings", "multiples", "nearest_win"]

Floats = NDArray[np.float64]

#: A discriminant below this share of its terms is a double root: a touch, not a crossing.
_TOUCH = 1e-13
#: Terms that differ by no more than this share of them are equal.
_LEVEL = 4e-15
#: Coefficients below this share of the largest are rounding.
_ROUNDING = 1e-14
#: Points of the interpolation of smooth functions, in turn.
_POINTS = (17, 33, 65)
#: A smooth function that 65 points do not resolve is split at most this often.
_SPLITS = 8
#: Roots this near the end of an interval, in units of half its length, belong to it.
_EDGE = 1e-9


class Multiples(NamedTuple):
    """Multiples of each criterion's coefficient at which a pair's order changes.

    Attributes
    ----------
    below, above : (g, k) array
        The nearest to 1 below and above it, for each of g criteria and k pairs; 0 and infinity
        where there is none.
    roots : (2, g, k) array
        All of them; NaN where there is none.
    quadratics : (3, g, k) array
        The coefficients of 1, x and x^2: above zero where the first of the pair is ahead.
    """

    below: Floats
    above: Floats
    roots: Floats
    quadratics: Floats


def multiples(
    near: Floats, far: Floats, first: NDArray[np.intp], other: NDArray[np.intp]
) -> Multiples:
    """Where the order of pairs changes if one criterion counts x times as much, in closed form.

    Parameters
    ----------
    near, far : (g, n)
        The criteria's terms of N and P.
    first, other : (k,)
        The pairs; the first of each is ahead.
    """
    rest_near, rest_far = _without_each(near), _without_each(far)
    ni, nk, pi, pk = near[:, first], near[:, other], far[:, first], far[:, other]
    bi, bk, ai, ak = (
        rest_near[:, first],
        rest_near[:, other],
        rest_far[:, first],
        rest_far[:, other],
    )
    q2 = _difference(ni * pk, nk * pi)
    q1 = _difference(ni * ak + bi * pk, nk * ai + bk * pi)
    q0 = _difference(bi * ak, bk * ai)
    size = np.abs(q1) * np.abs(q1) + 4.0 * np.abs(q2 * q0)
    discriminant = q1 * q1 - 4.0 * q2 * q0
    with np.errstate(all="ignore"):
        # the larger in size first: no cancellation
        sum_ = -0.5 * (q1 + np.copysign(np.sqrt(np.maximum(discriminant, 0.0)), q1))
        roots = np.stack([sum_ / q2, q0 / sum_])
        crossing = (discriminant > _TOUCH * size) & np.isfinite(roots) & (roots > 0.0)
        below = np.where(crossing & (roots < 1.0), roots, 0.0).max(axis=0)
        above = np.where(crossing & (roots > 1.0), roots, np.inf).min(axis=0)
    return Multiples(below, above, np.where(crossing, roots, np.nan), np.stack([q0, q1, q2]))


def _difference(one: Floats, other: Floats) -> Floats:
    """The difference of terms that are not negative; zero where it is no more than rounding."""
    gap = one - other
    return np.where(np.abs(gap) <= _LEVEL * (one + other), 0.0, gap)


def _without_each(terms: Floats) -> Floats:
    """For each row the sum of the others, by sums from both ends: nothing is subtracted."""
    g = terms.shape[0]
    before, after = np.zeros_like(terms), np.zeros_like(terms)
    np.cumsum(terms[:-1], axis=0, out=before[1:])
    after[: g - 1] = np.cumsum(terms[:0:-1], axis=0)[::-1]
    return before + after


class Crossing(NamedTuple):
    """A place at which a function changes its sign, and which one does."""

    at: float
    which: int


def crossings(
    function: Callable[[Floats], Floats],
    low: float,
    high: float,
    degree: int | None = None,
) -> list[Crossing]:
    """All places between `low` and `high` at which one of k smooth functions changes its sign.

    Parameters
    ----------
    function
        (B,) places -> (B, k) values.
    low, high
        The ends.
    degree
        Of the functions if they are polynomials; else they are resolved with up to 65 points, the
        interval being split where that is not enough.
    """
    if not high > low:
        return []
    found = _pieces(function, low, high, degree, _SPLITS)
    result: list[Crossing] = []
    for which in sorted({crossing.which for crossing in found}):
        roots = sorted({crossing.at for crossing in found if crossing.which == which})
        ends = np.array([low, *roots, high])
        signs = np.sign(function((ends[:-1] + ends[1:]) / 2.0)[:, which])
        result += [
            Crossing(root, which)
            for root, before, after in zip(roots, signs[:-1], signs[1:], strict=True)
            if before * after < 0
        ]
    return sorted(result)


def nearest_win(
    leads: Callable[[Floats], Floats],
    low: float,
    high: float,
    at: float,
    degree: int | None = None,
) -> float | None:
    """The place nearest to `at` from which on all of k leads are above zero; ``None`` if nowhere.

    Parameters
    ----------
    leads
        (B,) places -> (B, k) values of one option's leads over the others.
    low, high, degree
        See `crossings`.
    at
        Where the option does not win.
    """
    ends = [low, *sorted({cut.at for cut in crossings(leads, low, high, degree)}), high]
    best: float | None = None
    for start, end in pairwise(ends):
        if end > start and (leads(np.array([(start + end) / 2.0])) > 0).all():
            place = start if start >= at else end
            if best is None or abs(place - at) < abs(best - at):
                best = place
    return best


def _pieces(
    function: Callable[[Floats], Floats], low: float, high: float, degree: int | None, splits: int
) -> list[Crossing]:
    counts = (degree + 1,) if degree is not None else _POINTS
    for count in counts:
        points = np.cos(np.pi * (np.arange(count) + 0.5) / count)
        values = function(low + (high - low) * (points + 1.0) / 2.0)
        # the discrete cosine transform of the values
        basis = np.cos(np.outer(np.arange(count), np.pi * (np.arange(count) + 0.5) / count))
        coefficients = 2.0 / count * (basis @ values)
        coefficients[0] /= 2.0
        size = np.abs(coefficients).max(axis=0)
        resolved = (np.abs(coefficients[-3:]) <= 1e-13 * np.where(size > 0, size, 1.0)).all()
        if degree is not None or resolved:
            return list(_roots(coefficients, low, high))
    if splits == 0:
        return list(_roots(coefficients, low, high))
    middle = (low + high) / 2.0
    return [
        *_pieces(function, low, middle, None, splits - 1),
        *_pieces(function, middle, high, None, splits - 1),
    ]


def _roots(coefficients: Floats, low: float, high: float) -> list[Crossing]:
    found: list[Crossing] = []
    sizes = np.abs(coefficients)
    for which in np.flatnonzero(sizes[0] <= sizes[1:].sum(axis=0)).tolist():
        own = coefficients[:, which]
        significant = np.flatnonzero(sizes[:, which] > _ROUNDING * sizes[:, which].max())
        if not significant.size or significant[-1] == 0:
            continue
        roots = chebyshev.chebroots(own[: significant[-1] + 1])
        real = roots.real[(np.abs(roots.imag) < 1e-6) & (np.abs(roots.real) <= 1.0 + _EDGE)]
        found += [
            Crossing(float(low + (high - low) * (min(max(root, -1.0), 1.0) + 1.0) / 2.0), which)
            for root in real
        ]
    return found

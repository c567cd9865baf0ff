"""The nearest change of one effective weight that changes the winner, for whole blocks of contests.

Criterion j's share of all squared gaps moves, the others keep their proportions: the same as adding
d to its weight v_j where all sum to 1. The winner w leads a rival k while F = N_w P_k - N_k P_w is
above zero. With scores a of the winner and b of the rival, N_w - N_k = D_N and P_w - P_k = D_P,

    F(d) = q0 + q1 d + q2 d^2,  q0 = P_w D_N - N_w D_P,  q2 = (a - b) (a + b - 2 a b),
    q1 = (a - b) (2 N_w + (a + b) (P_w - N_w)) + (1 - a)^2 D_N - a^2 D_P.

D_N and D_P are sums of terms that carry a factor a - b, so nothing cancels but what speaks for the
one and for the other. As q0 > 0, the roots are taken in z = 1/d: the largest z is the nearest
crossing above, the smallest the nearest one below, and a root at infinity is just z = 0.
Triantaphyllou & Sanchez (1997) ask for this smallest change.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.model.arrays import first_that_is, largest

__all__ = ["Flips", "nearest_flips"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: A discriminant below this share of its terms is a double root: a touch, not a crossing.
_TOUCH = 1e-13
#: A share this near to 0 or 1 is there: no flip lies in between.
_EDGE = 1e-9
#: Turns what is not above zero into something below every discriminant.
_NOTHING, _MUCH = 1e-100, 1e100
#: Leads below this share of their terms at a flip are no lead there.
_LEVEL = 1e-12
#: Criteria times contests that are worked on at a time: some arrays of them stay near the core.
_ROOM = 2**13


class Flips(NamedTuple):
    """The nearest flip of each contest.

    Attributes
    ----------
    leaf : (B,) array of int
        The criterion whose share moves; -1 where no single one changes the winner.
    share : (B,) array
        The share at which the winner changes; NaN without a flip.
    to : (B,) array of int
        Who takes over; -1 without a flip.
    distance : (B,) array
        From the share that it has; infinite without a flip.
    """

    leaf: Positions
    share: Floats
    to: Positions
    distance: Floats


def nearest_flips(
    r: Floats, weights: Floats, winner: Positions, scaling: Floats | None = None
) -> Flips:
    """The nearest one-at-a-time change of an effective weight that changes each winner.

    Parameters
    ----------
    r : (m, n, B)
        Scores in [0, 1] of all options that may win.
    weights : (m, B) or (m,)
        Not negative; their shares of the sum are the effective weights.
    winner : (B,)
        Who leads; -1 where the first place is shared, so that there is no winner to lose it.
    scaling : (m, B), optional
        What the squared gaps of each criterion are multiplied by besides its weight; 0 where it
        is constant, which leaves it without a share.

    Returns
    -------
    Flips

    Examples
    --------
    >>> r = np.array([[[0.5], [1.0]], [[1.0], [0.5]]])
    >>> found = nearest_flips(r, np.array([0.4, 0.6]), np.array([0]))
    >>> found.leaf.tolist(), found.share.round(9).tolist(), found.to.tolist()
    ([0], [0.5], [1])
    """
    m, n, contests = r.shape
    v = weights.reshape(m, -1)
    found = Flips(
        np.full(contests, -1),
        np.full(contests, np.nan),
        np.full(contests, -1),
        np.full(contests, np.inf),
    )
    if n < 2 or not contests:
        return found
    # the winner's scores stand before those of the others, which keep their order
    first, slots = np.maximum(winner, 0), np.arange(n - 1)[:, None]
    options = np.concatenate([first[None], slots + (first <= slots)])
    r = r.reshape(m, -1).take(options * contests + np.arange(contests), axis=1)
    forms, moves = np.empty((2, n, contests)), np.empty((2, contests))
    width = min(contests, max(64, _ROOM // m))
    space = np.empty((9, m * width))
    for start in range(0, contests, width):
        part = slice(start, start + width)
        leaf, distance = found.leaf[part], found.distance[part]
        places = space[:, : m * len(leaf)].reshape(9, m, len(leaf))
        shares = v if v.shape[1] == 1 else v[:, part]
        c = None if scaling is None else scaling[:, part]
        with np.errstate(divide="ignore", invalid="ignore"):
            _flips(
                r[:, :, part], shares, c, forms[:, :, part], distance, leaf, moves[:, part], places
            )
    found.leaf[winner < 0] = -1
    at = np.flatnonzero(found.leaf >= 0)
    found.distance[found.leaf < 0] = np.inf
    leaf = found.leaf[at]
    scores = r.reshape(-1).take((leaf * n + np.arange(n)[:, None]) * contests + at)
    found.share[at] = moves[0, at]
    found.to[at] = options[1 + _who(scores, forms[:, :, at], moves[1, at]), at]
    return found


def _sum(terms: Floats) -> Floats:
    """The sum over criteria in their order, for one contest as for many."""
    total: Floats = terms[0].copy()
    for row in terms[1:]:
        total += row
    return total


def _flips(
    r: Floats,
    v: Floats,
    scaling: Floats | None,
    forms: Floats,
    distance: Floats,
    leaf: Positions,
    moves: Floats,
    space: Floats,
) -> None:
    """Find the nearest flips of some contests.

    Parameters
    ----------
    r : (m, n, B)
        Scores, the winner's before those of its rivals.
    v : (m, B) or (m, 1)
        Weights.
    scaling : (m, B), optional
        As for `nearest_flips`.
    forms : (2, n, B)
        Where N and P are put.
    distance, leaf : (B,)
        Where it is put how far and on which criterion the flip is; without one nothing is.
    moves : (2, B)
        Where the share at the flip is put, and the step that its coefficient takes.
    space : (9, m, B)
        Is worked in.
    """
    if scaling is not None:
        v = np.where(scaling > 0.0, v, 0.0)
    v = v / _sum(v)
    u, unit = v, None
    if scaling is not None:
        u = v * scaling
        whole = _sum(u)
        u /= whole
        # what a step of v is in steps of u
        unit = scaling / whole
    a, above, below, gap, both, q1, q2, root, work = space
    np.copyto(a, r[:, 0])
    above.fill(0.0)
    below.fill(0.0)
    squares, slope, twice = a * a, 1.0 - 2.0 * a, 2.0 * a
    near = _sum(np.multiply(u, squares, out=work))
    np.subtract(1.0, a, out=work)
    work *= work
    far = _sum(np.multiply(u, work, out=work))
    double, surplus = 2.0 * near, far - near
    forms[0, 0], forms[1, 0] = near, far
    for rival in range(1, r.shape[1]):
        b = r[:, rival]
        np.subtract(a, b, out=gap)
        np.add(a, b, out=both)
        np.multiply(u, gap, out=work)
        ahead = 2.0 * _sum(work)
        work *= both
        closer = _sum(work)  # D_N; D_P is closer - ahead
        np.subtract(near, closer, out=forms[0, rival])
        np.subtract(far, closer - ahead, out=forms[1, rival])
        q0 = near * ahead + closer * surplus
        q0[~(q0 > 0.0)] = np.nan
        # q1 = gap (2 N + both (P - N)) + ahead a^2 + closer (1 - 2 a)
        np.multiply(both, surplus, out=q1)
        q1 += double
        q1 *= gap
        q1 += np.multiply(squares, ahead, out=work)
        q1 += np.multiply(slope, closer, out=work)
        np.multiply(twice, b, out=q2)
        np.subtract(both, q2, out=q2)
        q2 *= gap
        # the discriminant; the least of both is below zero where it is no more than rounding
        np.multiply(q2, 4.0 * q0, out=work)
        np.multiply(q1, q1, out=root)
        root -= work
        work *= 2.0 * _TOUCH
        np.subtract(root, work, out=work)
        work -= _NOTHING
        work *= _MUCH
        np.minimum(root, work, out=root)
        np.sqrt(root, out=root)
        # the larger in size first: no cancellation
        np.copysign(root, q1, out=root)
        root += q1
        np.multiply(root, -0.5 / q0, out=q1)
        q2 *= -2.0
        q2 /= root
        for z in (q1, q2):
            np.fmax(above, z, out=above)
            np.fmin(below, z, out=below)
    if unit is not None:
        above *= unit
        below *= unit
    # the distances are what all others have over 1 + z above and over -1 - z below
    rest = 1.0 - v
    above += 1.0
    np.subtract(-1.0, below, out=below)
    none = rest <= _EDGE
    for each, room_there in ((above, rest), (below, v)):
        reach = rest / (room_there - _EDGE)
        reach[none | (room_there <= _EDGE)] = np.inf
        each *= each >= reach
    best = np.maximum(above, below, out=work)
    np.abs(best, out=best)  # no zero below zero
    distances = np.divide(rest, best, out=gap)
    np.fmin.reduce(distances, axis=0, out=distance)
    at = np.flatnonzero(distance < np.inf)
    found = first_that_is(distance, distances)[at]
    leaf[at] = found
    own = found * a.shape[1] + at
    sign = np.where(above.take(own) > below.take(own), 1.0, -1.0)
    step = sign / (best.take(own) - sign)
    if unit is not None:
        step *= unit.take(own)
    now = v[found, 0] if v.shape[1] == 1 else v.take(own)
    moves[0, at], moves[1, at] = now + sign * distance[at], step


def _who(scores: Floats, forms: Floats, step: Floats) -> Positions:
    """Which rival (B,) is ahead beyond the flip: of those that come level there, who rises most.

    `scores` (n, B) are the winner's and the rivals' on the criterion that moves by `step`, and
    `forms` (2, n, B) their N and P before it.
    """
    if len(scores) == 2:
        return np.zeros(len(step), dtype=np.intp)
    n, p = scores * scores, (1.0 - scores) ** 2
    near, far = forms[0] + step * n, forms[1] + step * p
    ours, theirs = near[0] * far[1:], near[1:] * far[0]
    gap = ours - theirs
    np.abs(gap, out=gap)
    ours += theirs
    gap /= ours
    least = gap.min(axis=0)
    to = first_that_is(least, gap)
    level = gap <= np.maximum(least, _LEVEL)
    several = np.flatnonzero(np.add.reduce(level, axis=0, dtype=np.int16) > 1)
    if several.size:
        n, p, near, far, level = (x[:, several] for x in (n, p, near, far, level))
        rise = n[1:] * far[0] + near[1:] * p[0] - n[0] * far[1:] - near[0] * p[1:]
        rise /= near[1:] + far[1:]
        to[several] = largest(np.where(level, rise * np.sign(step[several]), -np.inf))
    return to

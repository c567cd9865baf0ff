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

from mcda.model.arrays import largest

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
    v = np.broadcast_to(weights.reshape(m, -1), (m, contests))
    found = Flips(
        np.full(contests, -1),
        np.full(contests, np.nan),
        np.full(contests, -1),
        np.full(contests, np.inf),
    )
    width = min(contests, max(64, _ROOM // m))
    space = np.empty((9, m, width))
    for start in range(0, contests if n > 1 else 0, max(1, width)):
        part = slice(start, start + width)
        c = None if scaling is None else scaling[:, part]
        with np.errstate(divide="ignore", invalid="ignore"):
            own = Flips(found.leaf[part], found.share[part], found.to[part], found.distance[part])
            _flips(r[:, :, part], v[:, part], winner[part], c, own, space)
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
    winner: Positions,
    scaling: Floats | None,
    found: Flips,
    space: Floats,
) -> None:
    """Note the nearest flips of some contests; `space` (9, m, ...) is worked in."""
    if scaling is not None:
        v = np.where(scaling > 0.0, v, 0.0)
    v = np.divide(v, _sum(v), out=np.empty(v.shape))
    u, unit = v, None
    if scaling is not None:
        u = v * scaling
        whole = _sum(u)
        u /= whole
        # what a step of v is in steps of u
        unit = scaling / whole
    shape, contests = v.shape, np.arange(v.shape[1])
    first = np.maximum(winner, 0)
    a = r[:, first, contests]
    above, below, gap, both, q1, q2, root, work, b = space[:, :, : shape[1]]
    above.fill(0.0)
    below.fill(0.0)
    squares, slope, twice = a * a, 1.0 - 2.0 * a, 2.0 * a
    near = _sum(np.multiply(u, squares, out=work))
    np.subtract(1.0, a, out=work)
    work *= work
    far = _sum(np.multiply(u, work, out=work))
    double, surplus = 2.0 * near, far - near
    rivals = np.empty((2, r.shape[1] - 1, shape[1]))
    for slot in range(r.shape[1] - 1):
        b = np.where(first <= slot, r[:, slot + 1], r[:, slot])
        np.subtract(a, b, out=gap)
        np.add(a, b, out=both)
        np.multiply(u, gap, out=work)
        ahead = 2.0 * _sum(work)
        work *= both
        closer = _sum(work)  # D_N; D_P is closer - ahead
        rivals[:, slot] = near - closer, far - (closer - ahead)
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
    for each, room in ((above, rest), (below, v)):
        reach = rest / (room - _EDGE)
        reach[none | (room <= _EDGE)] = np.inf
        each *= each >= reach
    best = np.abs(np.maximum(above, below))  # no zero below zero
    distance = rest / best
    nearest = np.fmin.reduce(distance, axis=0)
    leaf, earlier = np.zeros(shape[1], dtype=np.intp), np.ones(shape[1], dtype=bool)
    for row in distance[:-1]:
        earlier &= row != nearest
        leaf += earlier
    own = leaf * shape[1] + contests
    sign = np.where(above.take(own) > below.take(own), 1.0, -1.0)
    step = sign / (best.take(own) - sign)
    if unit is not None:
        step *= unit.take(own)
    slots = np.arange(len(rivals[0]))[:, None]
    options = slots + (first <= slots)
    to = _who(a.take(own), r[leaf, options, contests], np.stack([near, far]), rivals, step)
    flips = (nearest < np.inf) & (winner >= 0)
    np.copyto(found.leaf, leaf, where=flips)
    np.copyto(found.share, v.take(own) + sign * nearest, where=flips)
    np.copyto(found.to, options[to, contests], where=flips)
    np.copyto(found.distance, nearest, where=flips)


def _who(a: Floats, b: Floats, winner: Floats, rivals: Floats, step: Floats) -> Positions:
    """Which rival (B,) is ahead beyond the flip: of those that come level there, who rises most.

    `a` (B,) and `b` (k, B) are the scores on the criterion that moves by `step`, `winner` (2, B)
    and `rivals` (2, k, B) are N and P before it.
    """
    if len(b) == 1:
        return np.zeros(len(a), dtype=np.intp)
    n, p, nk, pk = a * a, (1.0 - a) ** 2, b * b, (1.0 - b) ** 2
    near, far = winner[0] + step * n, winner[1] + step * p
    nears, fars = step * nk, step * pk
    nears += rivals[0]
    fars += rivals[1]
    ours, theirs = near * fars, nears * far
    gap = ours - theirs
    np.abs(gap, out=gap)
    ours += theirs
    gap /= ours
    level = gap <= np.maximum(gap.min(axis=0), _LEVEL)
    to = largest(-gap)
    several = np.flatnonzero(np.add.reduce(level, axis=0, dtype=np.int16) > 1)
    if several.size:
        nk, pk, nears, fars, level = (x[:, several] for x in (nk, pk, nears, fars, level))
        n, p, near, far = (x[several] for x in (n, p, near, far))
        rise = (nk * far + nears * p - n * fars - near * pk) / (nears + fars)
        to[several] = largest(np.where(level, rise * np.sign(step[several]), -np.inf))
    return to

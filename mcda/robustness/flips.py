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

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Flips", "nearest_flips"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: A discriminant below this share of its terms is a double root: a touch, not a crossing.
_TOUCH = 1e-13
#: A share this near to 0 or 1 is there: no flip lies in between.
_EDGE = 1e-9
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
    width = max(64, _ROOM // m)
    for start in range(0, contests if n > 1 else 0, width):
        part = slice(start, start + width)
        c = None if scaling is None else scaling[:, part]
        with np.errstate(divide="ignore", invalid="ignore"):
            own = Flips(found.leaf[part], found.share[part], found.to[part], found.distance[part])
            _flips(r[:, :, part], v[:, part], winner[part], c, own)
    return found


def _sum(terms: Floats) -> Floats:
    """The sum over criteria in their order, for one contest as for many."""
    total: Floats = terms[0].copy()
    for row in terms[1:]:
        total += row
    return total


def _flips(r: Floats, v: Floats, winner: Positions, scaling: Floats | None, found: Flips) -> None:
    """Note the nearest flips of some contests."""
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
    shape = v.shape
    first = np.maximum(winner, 0)
    a = np.take_along_axis(r, first[None, None], axis=1)[:, 0]
    rest = 1.0 - v
    # flips are looked for as reciprocals of d, less one below and plus one above
    reach = np.stack([rest / (v - _EDGE), rest / (rest - _EDGE)])
    reach[0][v <= _EDGE] = np.inf
    reach[:, rest <= _EDGE] = np.inf
    reach[:, :, winner < 0] = np.inf
    squares, slope, twice = a * a, 1.0 - 2.0 * a, 2.0 * a
    work = np.empty(shape)
    near = _sum(np.multiply(u, squares, out=work))
    far = _sum(u * (1.0 - a) ** 2)
    double, surplus = 2.0 * near, far - near
    best, above = np.zeros(shape), np.zeros(shape, dtype=bool)
    behind = np.empty((2, r.shape[1] - 1, shape[1]))
    gap, both, q1, q2, tall, low, high = np.empty((7, *shape))
    for slot in range(r.shape[1] - 1):
        b = _rival(r, first, slot)
        np.subtract(a, b, out=gap)
        np.add(a, b, out=both)
        np.multiply(u, gap, out=work)
        ahead = 2.0 * _sum(work)
        work *= both
        closer = _sum(work)  # D_N; D_P is closer - ahead
        behind[:, slot] = near - closer, far - (closer - ahead)
        q0 = double / 2.0 * ahead + closer * surplus
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
        # the discriminant, and whether it is more than rounding
        np.multiply(q2, 4.0 * q0, out=work)
        np.multiply(q1, q1, out=tall)
        tall -= work
        work *= 2.0 * _TOUCH
        np.copyto(tall, np.nan, where=~(tall > work))
        np.sqrt(tall, out=tall)
        # the larger in size first: no cancellation
        np.copysign(tall, q1, out=tall)
        tall += q1
        np.multiply(tall, -0.5 / q0, out=q1)
        q2 *= -2.0
        np.divide(q2, tall, out=q2)
        np.maximum(q1, q2, out=high)
        np.minimum(q1, q2, out=low)
        if unit is not None:
            high *= unit
            low *= unit
        high += 1.0
        np.subtract(-1.0, low, out=low)
        for way, reached in enumerate((low, high)):
            better = reached > best
            better &= reached >= reach[way]
            np.copyto(best, reached, where=better)
            np.copyto(above, bool(way), where=better)
    distance = rest / best
    distance[~(distance < np.inf)] = np.inf
    leaf = np.argmin(distance, axis=0)[None]

    def own(of_leaves: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.take_along_axis(of_leaves, leaf, axis=0)[0])

    nearest, sign = own(distance), np.where(own(above), 1.0, -1.0)
    flips = nearest < np.inf
    step = sign / (own(best) - sign)
    if unit is not None:
        step *= own(unit)
    others = np.stack([own(_rival(r, first, slot)) for slot in range(r.shape[1] - 1)])
    to = _who(own(a), others, np.stack([near, far]), behind, step)
    np.copyto(found.leaf, leaf[0], where=flips)
    np.copyto(found.share, own(v) + sign * nearest, where=flips)
    np.copyto(found.to, to + (first <= to), where=flips)
    np.copyto(found.distance, nearest, where=flips)


def _rival(r: Floats, first: Positions, slot: int) -> Floats:
    """The scores (m, B) of the options that are not `first`, in their order."""
    return np.where(first <= slot, r[:, slot + 1], r[:, slot])


def _who(a: Floats, b: Floats, winner: Floats, rivals: Floats, step: Floats) -> Positions:
    """Which rival (B,) is ahead beyond the flip: of those that come level there, who rises most.

    `a` (B,) and `b` (k, B) are the scores on the criterion that moves by `step`, `winner` (2, B)
    and `rivals` (2, k, B) are N and P before it.
    """
    if len(b) == 1:
        return np.zeros(len(a), dtype=np.intp)
    n, p, nk, pk = a**2, (1.0 - a) ** 2, b**2, (1.0 - b) ** 2
    near, far = winner[0] + step * n, winner[1] + step * p
    nears, fars = rivals[0] + step * nk, rivals[1] + step * pk
    gap = np.abs(near * fars - nears * far) / (near * fars + nears * far)
    level = gap <= np.maximum(gap.min(axis=0), _LEVEL)
    rise = (nk * far + nears * p - n * fars - near * pk) / (nears + fars)
    return np.asarray(np.where(level, rise * np.sign(step), -np.inf).argmax(axis=0))

"""Along which influences importance flows: what passes through, and the walks it takes.

Importance starts at the judged criterion and walks from each criterion to those that drive it,
until it is kept. A walk's weight is

    w_start * (product of the shares on the way) * r_end,

and the closure's w* is the sum over all walks that end at a criterion. Saaty's one step has walks
of at most one influence.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.dependency.closure import Transfer, kept

__all__ = ["Flows", "Walk", "flows", "strongest_walks"]

Floats = NDArray[np.float64]

#: Partial walks that are looked at before the search is given up.
_MOST_STEPS = 20_000


class Walk(NamedTuple):
    """A walk of importance.

    Attributes
    ----------
    criteria : tuple of int
        From the judged criterion to the one that keeps the importance.
    weight : float
        The importance that takes this walk.
    amount : float
        Its weight times what a unit of weight earns at its end.
    """

    criteria: tuple[int, ...]
    weight: float
    amount: float


class Flows(NamedTuple):
    """What flows where, if each unit of w*_j earns q_j.

    Attributes
    ----------
    along : (m, m) array
        From a criterion i over its influence on j.
    out : (m,) array
        From a criterion, as it was judged, to its parent.
    """

    along: Floats
    out: Floats


def flows(transfer: Transfer, weights: Floats, earned: Floats) -> Flows:
    """Take what criteria earn back along the influences to where the importance was judged.

    At every criterion what it earns, w*_j q_j, and what comes in over influences on it is what
    goes out over its own influences and to its parent.

    Parameters
    ----------
    transfer
        Between m criteria.
    weights : (m,)
        As judged.
    earned : (m,)
        q, for each unit of w*.
    """
    if transfer.mode == "off":
        return Flows(np.zeros((len(weights), len(weights))), weights * earned)
    own = kept(transfer.shares) * earned
    if transfer.mode == "saaty":
        along = transfer.shares * np.multiply.outer(earned, weights)
        return Flows(along, weights * (own + transfer.shares.T @ earned))
    through = transfer.walks @ weights
    worth = transfer.walks.T @ own
    return Flows(transfer.shares * np.multiply.outer(worth, through), weights * worth)


def strongest_walks(
    transfer: Transfer, weights: Floats, earned: Floats, most: int
) -> tuple[Walk, ...]:
    """The walks with the largest amounts, largest first, equal ones in the order of criteria.

    Best-first search: a walk that has come to a criterion is followed on only while the most that
    it can still amount to is not less than the least amount wanted.
    """
    shares = transfer.shares if transfer.mode != "off" else np.zeros((len(weights),) * 2)
    own = kept(shares)
    drivers = [np.flatnonzero(shares[:, j]) for j in range(len(weights))]
    richest = float(np.abs(earned).max(initial=0.0))
    if richest == 0.0:
        return ()
    ways: list[tuple[float, tuple[int, ...], float]] = [
        (-float(w) * richest, (j,), float(w)) for j, w in enumerate(weights) if w > 0
    ]
    heapq.heapify(ways)
    found: list[Walk] = []
    least: list[float] = []
    for _ in range(_MOST_STEPS):
        if not ways or (len(least) == most and -ways[0][0] < least[0]):
            break
        _, criteria, mass = heapq.heappop(ways)
        last = criteria[-1]
        # of one step all is kept; of longer walks what the criterion does not pass on
        arrived = transfer.mode == "saaty" and len(criteria) > 1
        weight = mass if arrived else mass * float(own[last])
        amount = weight * float(earned[last])
        if amount != 0.0:
            found.append(Walk(criteria, weight, amount))
            heapq.heappush(least, abs(amount))
            if len(least) > most:
                heapq.heappop(least)
        if not arrived:
            for driver in map(int, drivers[last]):
                passed = mass * float(shares[driver, last])
                heapq.heappush(ways, (-passed * richest, (*criteria, driver), passed))
    return tuple(sorted(found, key=lambda walk: (-abs(walk.amount), walk.criteria))[:most])

"""Why winners lead, for whole blocks of contests: Shapley values of groups of criteria.

The game of a contest: v(T) is the closeness of an option that scores like the winner on the groups
in T and like the runner-up on the others. Its Shapley values are what Winter's level value gives
to the children of a tree's root, so they are sums of the level values of the criteria below.

Every number is made by elementwise operations in a fixed order, contests last, so that a contest's
values are the same to the last bit whatever block it is in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_GROUPS", "reasons"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: Groups up to which all subsets of them are worked out.
MOST_GROUPS = 12
#: Subsets times contests that are held at a time: two arrays of them stay near the core.
_ROOM = 2**16
#: Contests that are worked on together at least.
_FEWEST = 32


def reasons(first: Floats, other: Floats, coefficients: Floats, groups: Sequence[int]) -> Floats:
    """What each group of criteria contributes to the lead in closeness of one option over another.

    Parameters
    ----------
    first, other : (m, B)
        Scores in [0, 1] of the option that leads and of the one it is compared with.
    coefficients : (m, B) or (m,)
        Of the squared gaps, not negative.
    groups : (m,)
        The number of each criterion's group, from 0; at most `MOST_GROUPS` of them.

    Returns
    -------
    (g, B) array
        Above zero where it speaks for the first option; sums to the lead. Exactly zero for a
        group in which the two options count the same.

    Examples
    --------
    >>> first, other = np.array([[1.0], [0.5]]), np.array([[0.5], [1.0]])
    >>> reasons(first, other, np.array([0.25, 0.25]), (0, 1)).round(3).tolist()
    [[0.25], [-0.25]]
    """
    players, contests = max(groups) + 1, first.shape[1]
    if players > MOST_GROUPS:
        raise ValueError(f"{players} groups, the most are {MOST_GROUPS}")
    u = np.broadcast_to(coefficients.reshape(len(coefficients), -1), first.shape)
    result = np.empty((players, contests))
    width = min(contests, max(_FEWEST, _ROOM >> players))
    values, work = np.empty((2, 1 << players, width))
    for start in range(0, contests, max(1, width)):
        part = slice(start, start + width)
        low = _terms(other[:, part], u[:, part], groups, players)
        high = _terms(first[:, part], u[:, part], groups, players)
        size = low.shape[-1]
        _closeness_of_subsets(low, high, values[:, :size], work[:, :size])
        _shapley(values[:, :size], work[:, :size], result[:, part])
        np.copyto(result[:, part], 0.0, where=(low == high).all(axis=0))
    return result


def _terms(scores: Floats, u: Floats, groups: Sequence[int], players: int) -> Floats:
    """The groups' terms of N and P (2, g, B)."""
    terms = np.zeros((2, players, scores.shape[1]))
    gap, square = np.empty((2, scores.shape[1]))
    for row, (group, own) in enumerate(zip(groups, u, strict=True)):
        for form, distance in enumerate((scores[row], np.subtract(1.0, scores[row], out=gap))):
            np.multiply(distance, distance, out=square)
            square *= own
            terms[form, group] += square
    return terms


def _closeness_of_subsets(low: Floats, high: Floats, near: Floats, far: Floats) -> None:
    """Put the closeness (2**g, B) for every subset of groups into `near`; `far` is worked in.

    Bit k of a subset's number says whether group k is in it. All terms are added, none
    subtracted, so that a sum that is zero is exactly so.
    """
    for sums, without, within in zip((near, far), low, high, strict=True):
        sums[0] = 0.0
        for player in range(len(without)):
            half = 1 << player
            np.add(sums[:half], within[player], out=sums[half : 2 * half])
            sums[:half] += without[player]
        np.sqrt(sums, out=sums)
    far += near
    if not far.all():
        none = far == 0.0
        near[none], far[none] = 1.0, 2.0
    near /= far


def _shapley(values: Floats, work: Floats, result: Floats) -> None:
    """Put the Shapley values of games (2**g, B) into `result` (g, B); both others are worked in.

    A player's value is the sum over the subsets with it of how often they count, less a sum that
    is the same for all players: as the values sum to the lead, it need not be worked out.
    """
    players = len(result)
    lead = values[-1] - values[0]
    values *= _counts(players)[:, None]
    total = np.zeros_like(lead)
    for player in reversed(range(players)):
        half = 1 << player
        within = values[half : 2 * half]
        if player == 0:
            result[player] = within[0]
        else:
            size = half >> 1
            np.add(within[:size], within[size:], out=work[:size])
            while size > 1:
                size >>= 1
                np.add(work[:size], work[size : 2 * size], out=work[:size])
            result[player] = work[0]
            values[:half] += within
        total += result[player]
    total -= lead
    total /= players
    result -= total


@cache
def _counts(players: int) -> Floats:
    """How much more often each subset counts for a player in it than for one who is not.

    A subset of s of k players counts (s - 1)! (k - s)! / k! times for those in it and
    -s! (k - 1 - s)! / k! times for the others.
    """
    between = [1.0 / ((players - 1) * math.comb(players - 2, s - 1)) for s in range(1, players)]
    by_size = [0.0, *between, 1.0 / players]
    counts = np.array([by_size[number.bit_count()] for number in range(1 << players)])
    counts.flags.writeable = False
    return counts

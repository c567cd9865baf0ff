"""Between which shares of the importance of each group of criteria the winner stays.

A group's coefficients grow together and all others keep their proportions, for whole blocks of
contests at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mcda.robustness.crossings import multiples

__all__ = ["bounds", "share_at"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


def bounds(
    r: Floats, coefficients: Floats, groups: Sequence[int], winner: Positions
) -> tuple[Floats, Floats]:
    """How many times as much each group can count before another option wins.

    Parameters
    ----------
    r : (m, n, B)
        Scores in [0, 1] of n options in B contests; two options at least.
    coefficients : (m, B) or (m,)
        Of the squared gaps, not negative.
    groups : (m,)
        The number of each criterion's group, from 0.
    winner : (B,)
        The option that leads alone.

    Returns
    -------
    (g, B), (g, B) arrays
        The nearest multiples below and above 1; 0 and infinity where there is none.
    """
    size, n, contests = max(groups) + 1, r.shape[1], r.shape[2]
    u = np.broadcast_to(coefficients.reshape(len(r), -1), (len(r), contests))
    near, far = np.zeros((2, size, n, contests))
    for group, own, scores in zip(groups, u, r, strict=True):
        near[group] += own * scores**2
        far[group] += own * (1.0 - scores) ** 2
    at = np.arange(contests)
    # the pairs of a contest: the winner against each of the others
    others = np.array([(winner + step) % n for step in range(1, n)])
    first = np.broadcast_to(winner * contests + at, others.shape)
    found = multiples(
        near.reshape(size, -1),
        far.reshape(size, -1),
        first.ravel(),
        (others * contests + at).ravel(),
    )
    shape = (size, n - 1, contests)
    return found.below.reshape(shape).max(axis=1), found.above.reshape(shape).min(axis=1)


def share_at(multiple: Floats, share: Floats) -> Floats:
    """The share of the importance that a group has when it counts so many times as much.

    Examples
    --------
    >>> share_at(np.array([2.0, np.inf]), np.array([0.5, 0.5])).round(3).tolist()
    [0.667, 1.0]
    """
    with np.errstate(invalid="ignore"):
        moved = multiple * share / (multiple * share + 1.0 - share)
    return np.where(np.isinf(multiple), 1.0, moved)

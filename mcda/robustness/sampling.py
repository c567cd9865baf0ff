"""Weights between lowest and highest values, uniformly: points of a simplex cut by a box.

Weights are drawn one after another, each from its exact distribution given those drawn before. How
much room the weights still to come leave for what remains is their volume, a function of one
number; it is worked out from the last weight backwards:

    V_k(s) = 1 on [0, r_k],   V_i(s) = W_(i+1)(s) - W_(i+1)(s - r_i),   W_i = integral of V_i,

where r_i is what weight i can take above its lowest value. Given the rest s, the part y that is
left to those after i has a density in proportion to V_(i+1)(y) on [s - r_i, s]. No step is rejected
and there is no chain to mix; points of low discrepancy stay so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError

__all__ = ["MOST_SIBLINGS", "between"]

Floats = NDArray[np.float64]

#: Weights of one node at most: the volumes of more vanish in double precision.
MOST_SIBLINGS = 1000
#: Places for each weight at which volumes are worked out, and the fewest in all.
_PLACES, _FEWEST = 64, 4096
#: Room below this share of what there is to give is none.
_NOTHING = 1e-12
#: Volumes below this share of the largest are none.
_VANISHED = 1e-280


def between(points: Floats, low: Floats, high: Floats) -> Floats:
    """Weights (S, k) uniform over those between `low` (k,) and `high` (k,) that sum to 1.

    Parameters
    ----------
    points : (S, k)
        Uniform in the unit cube, a row for each sample; one column is not needed.
    low, high : (k,)
        Ends with ``low <= high`` and ``low.sum() <= 1 <= high.sum()``.

    Raises
    ------
    InputError
        For more than `MOST_SIBLINGS` weights that can vary.

    Examples
    --------
    >>> between(np.array([[0.5, 0.5]]), np.array([0.25, 0.0]), np.array([0.75, 1.0])).tolist()
    [[0.5, 0.5]]
    """
    room = high - low
    spare, total = 1.0 - float(low.sum()), float(room.sum())
    weights = np.repeat(low[None], len(points), axis=0)
    # what is given out, or what is held back from the highest values: whichever is less
    back = spare > total / 2.0
    rest = total - spare if back else spare
    free = np.flatnonzero(room > _NOTHING * max(total, 0.0))
    if len(free) > MOST_SIBLINGS:
        raise InputError(
            f"{len(free)} weights under one criterion can vary between their ends",
            f"At most {MOST_SIBLINGS} can be sampled so; group them under headings",
        )
    given = np.zeros_like(weights)
    if len(free) and rest > _NOTHING * total:
        # the widest last: the fewer are to come, the smoother the volumes have to be
        order = free[np.argsort(room[free], kind="stable")]
        given[:, order] = _shares(points[:, order], room[order], rest)
    weights += room - given if back else given
    return np.clip(weights, low, high)


def _shares(points: Floats, room: Floats, rest: float) -> Floats:
    """How `rest` is shared out (S, k), at most `room` (k,) to each."""
    places, volumes = _volumes(room, rest)
    capacity = np.cumsum(room[::-1])[::-1]
    given = np.zeros_like(points)
    left = np.full(len(points), rest)
    for i in range(len(room) - 1):
        least, most = np.maximum(left - room[i], 0.0), np.minimum(left, capacity[i + 1])
        if i == len(room) - 2:  # one weight is to come: every part of its room is as large
            after = least + points[:, i] * (most - least)
        else:
            below, above = (np.interp(each, places, volumes[i + 1]) for each in (least, most))
            wanted = below + points[:, i] * (above - below)
            after = np.clip(np.interp(wanted, volumes[i + 1], places), least, most)
        given[:, i] = left - after
        left = after
    given[:, -1] = left
    return given


def _volumes(room: Floats, rest: float) -> tuple[Floats, Floats]:
    """Places (N,) from 0 to `rest`, and the integrals W (k, N) of volumes at them.

    Volumes are known up to a factor for each weight; it cancels.
    """
    from scipy.interpolate import PchipInterpolator

    k = len(room)
    places = np.linspace(0.0, rest, max(_FEWEST, _PLACES * k))
    integrals = np.empty((k, len(places)))
    integrals[-1] = np.minimum(places, room[-1])
    shifted = np.clip(places - room[-2], 0.0, room[-1]) if k > 1 else places
    for i in range(k - 2, -1, -1):
        volume = np.maximum(integrals[i + 1] - shifted, 0.0)
        volume /= volume.max()
        volume[volume < _VANISHED] = 0.0  # slopes must have inverses
        integral = PchipInterpolator(places, volume).antiderivative()
        integrals[i] = integral(places)
        if i > 0:
            shifted = integral(np.maximum(places - room[i - 1], 0.0))
    return places, integrals

"""Competition ranks with ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["TIE", "competition_ranks", "ranks_of"]

#: Options within this of the best of their group tie.
TIE = 1e-9
#: Options of which every two are compared; more are sorted.
_FEW = 8
#: Rankings that are worked on at a time.
_CHUNK = 2**13


def competition_ranks(closeness: NDArray[np.float64], tie: float = TIE) -> NDArray[np.int64]:
    """Ranks 1, 2, 2, 4: the highest closeness first, equals share the better rank.

    Options whose closeness is within `tie` of the best of their group form one group.

    Parameters
    ----------
    closeness : (..., n)
        Scores.

    Returns
    -------
    (..., n) array of int

    Examples
    --------
    >>> competition_ranks(np.array([0.3, 0.9, 0.5, 0.5 + 1e-12])).tolist()
    [4, 1, 2, 2]
    """
    n = closeness.shape[-1]
    if n > _FEW or closeness.ndim == 1:
        return _by_sorting(closeness, tie)
    ranks = np.empty(closeness.shape, dtype=np.int64)
    rows, result = closeness.reshape(-1, n), ranks.reshape(-1, n)
    for start in range(0, len(rows), _CHUNK):
        part = np.ascontiguousarray(rows[start : start + _CHUNK].T)
        result[start : start + _CHUNK] = ranks_of(part, tie).T
    return ranks


def _by_sorting(closeness: NDArray[np.float64], tie: float) -> NDArray[np.int64]:
    order = np.argsort(-closeness, axis=-1, kind="stable")
    falling = np.take_along_axis(closeness, order, axis=-1)
    n = closeness.shape[-1]
    first = np.zeros(falling.shape, dtype=np.int64)
    starts = np.where(falling[..., :-1] - falling[..., 1:] > tie, np.arange(1, n), 0)
    np.maximum.accumulate(starts, axis=-1, out=first[..., 1:])
    best = np.take_along_axis(falling, first, axis=-1)
    chains = np.flatnonzero((best - falling > tie).any(axis=-1).ravel())
    if chains.size:  # a chain of small steps is wider than one tie
        flat, firsts = falling.reshape(-1, n), first.reshape(-1, n)
        for row in chains:
            _split(flat[row], firsts[row], tie)
        first = firsts.reshape(falling.shape)
    ranks = np.empty_like(first)
    np.put_along_axis(ranks, order, first + 1, axis=-1)
    return ranks


def ranks_of(closeness: NDArray[np.float64], tie: float = TIE) -> NDArray[np.int64]:
    """The competition ranks (n,) or (n, B) of the options of rankings, from closeness likewise.

    Where options are few and not near to each other, their rank is 1 and those that are ahead.
    """
    n = len(closeness)
    if n > _FEW or closeness.ndim == 1:
        return np.moveaxis(_by_sorting(np.moveaxis(closeness, 0, -1), tie), -1, 0)
    counted = np.ones(closeness.shape, dtype=np.int8)
    near = np.zeros(closeness.shape[1:], dtype=bool)
    for one in range(n):
        for other in range(one + 1, n):
            lead = closeness[one] - closeness[other]
            ahead, behind = lead > tie, lead < -tie
            counted[other] += ahead
            counted[one] += behind
            near |= ahead == behind
    ranks = counted.astype(np.int64)
    if near.any():
        at = np.flatnonzero(near)
        ranks[:, at] = _by_sorting(closeness[:, at].T, tie).T
    return ranks


def _split(falling: NDArray[np.float64], first: NDArray[np.int64], tie: float) -> None:
    start = 0
    while start < falling.size:
        stop = start + int(np.searchsorted(-falling[start:], tie - falling[start], side="right"))
        first[start:stop] = start
        start = stop

"""Competition ranks with ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["TIE", "competition_ranks"]

#: Options within this of the best of their group tie.
TIE = 1e-9


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
    order = np.argsort(-closeness, axis=-1, kind="stable")
    falling = np.take_along_axis(closeness, order, axis=-1)
    n = closeness.shape[-1]
    first = np.zeros(falling.shape, dtype=np.int64)
    if n > 1:
        starts = np.where(falling[..., :-1] - falling[..., 1:] > tie, np.arange(1, n), 0)
        np.maximum.accumulate(starts, axis=-1, out=first[..., 1:])
        best = np.take_along_axis(falling, first, axis=-1)
        if (best - falling > tie).any():  # a chain of small steps is wider than one tie
            flat, firsts = falling.reshape(-1, n), first.reshape(-1, n)
            for row in np.flatnonzero((best - falling > tie).any(axis=-1).ravel()):
                _split(flat[row], firsts[row], tie)
            first = firsts.reshape(falling.shape)
    ranks = np.empty_like(first)
    np.put_along_axis(ranks, order, first + 1, axis=-1)
    return ranks


def _split(falling: NDArray[np.float64], first: NDArray[np.int64], tie: float) -> None:
    start = 0
    while start < falling.size:
        stop = start + int(np.searchsorted(-falling[start:], tie - falling[start], side="right"))
        first[start:stop] = start
        start = stop

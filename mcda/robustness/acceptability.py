"""How often each option gets each rank over many samples of weights: SMAA's counting.

N and P of all samples are two matrix products. An option's number is written into the lowest bits
of its score, so that one sort of the scores ranks all options of a sample.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Counts", "count_ranks"]

Floats = NDArray[np.float64]

#: Numbers of a chunk of scores.
_CHUNK = 1 << 15


class Counts(NamedTuple):
    """What was counted over S samples.

    Attributes
    ----------
    ranks : (n, n) array
        ``ranks[i, k]``: how often option i came k-th, from the first on.
    winners : (S,) array
        The first of each sample.
    pairs : (n, n) array or None
        ``pairs[i, k]``: how often i came before k.
    """

    ranks: NDArray[np.int64]
    winners: NDArray[np.int64]
    pairs: NDArray[np.int64] | None


def count_ranks(u: Floats, near: Floats, far: Floats, *, pairs: bool = False) -> Counts:
    """Count ranks over samples.

    Parameters
    ----------
    u : (S, m)
        Coefficients of squared gaps, one row for each sample.
    near, far : (m, n) or (S, m, n)
        Squared gaps to the worst and the best ends.
    pairs
        Also count who comes before whom.
    """
    size, n = len(u), near.shape[-1]
    bits = max(1, (n - 1).bit_length())
    mask = np.int64((1 << bits) - 1)
    number = np.arange(n, dtype=np.int64)
    places = (np.arange(n, dtype=np.int64)[::-1] * n)[None, :]
    ranks = np.zeros(n * n, dtype=np.int64)
    winners = np.empty(size, dtype=np.int64)
    before = np.zeros((n, n), dtype=np.int64) if pairs else None
    rows = max(1, _CHUNK // n)
    for start in range(0, size, rows):
        chunk = u[start : start + rows]
        if near.ndim == 2:
            scores, total = chunk @ near, chunk @ far
        else:
            own = slice(start, start + rows)
            scores = np.einsum("sm,smn->sn", chunk, near[own])
            total = np.einsum("sm,smn->sn", chunk, far[own])
        total += scores
        # 0 / 0: no criterion counts, and everything is halfway
        if not total.all():
            scores[total == 0.0], total[total == 0.0] = 0.5, 1.0
        scores /= total
        if before is not None:
            for i in range(n):
                before[i] += (scores[:, i : i + 1] > scores).sum(axis=0)
        keys = scores.view(np.int64)
        keys &= ~mask
        keys |= number
        keys.sort(axis=1)
        keys &= mask
        winners[start : start + rows] = keys[:, -1]
        keys += places
        ranks += np.bincount(keys.ravel(), minlength=n * n)
    return Counts(ranks.reshape(n, n).T, winners, before)

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
        ``ranks[i, k]``: how often option i came k-th, from the first on; options that are level
        share the better rank.
    winners : (S,) array
        The first of each sample; -1 where several are.
    pairs : (n, n) array or None
        ``pairs[i, k]``: how often i came before k; half where they are level.
    """

    ranks: NDArray[np.int64]
    winners: NDArray[np.int64]
    pairs: Floats | None


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
    before = np.zeros((n, n)) if pairs else None
    rows = max(1, _CHUNK // n)
    for start in range(0, size, rows):
        scores = _scores(u, near, far, slice(start, start + rows))
        if before is not None:
            for i in range(n):
                own = scores[:, i : i + 1]
                before[i] += (own > scores).sum(axis=0) + 0.5 * (own == scores).sum(axis=0)
        keys = scores.view(np.int64)
        keys &= ~mask
        keys |= number
        keys.sort(axis=1)
        # of neighbours in one flat run; pairs across two samples are looked at in vain
        flat = keys.reshape(-1)
        level = (flat[1:] ^ flat[:-1]) <= mask
        ties = bool(level.any())
        keys &= mask
        winners[start : start + rows] = keys[:, -1]
        if ties:
            tied = np.append(level, False).reshape(keys.shape)[:, :-1].any(axis=1)
            winners[start : start + rows][tied] = -1
            # the numbers were written into the scores: take them again
            scores = _scores(u, near, far, slice(start, start + rows))[tied]
            ahead = (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
            np.add.at(ranks, (ahead * n + number).ravel(), 1)
            first = (ahead == 0).sum(axis=1) == 1
            winners[np.flatnonzero(tied)[first] + start] = ahead[first].argmin(axis=1)
            keys = keys[~tied]
        keys += places
        ranks += np.bincount(keys.ravel(), minlength=n * n)
    if before is not None:
        np.fill_diagonal(before, 0.0)
    return Counts(ranks.reshape(n, n).T, winners, before)


def _scores(u: Floats, near: Floats, far: Floats, rows: slice) -> Floats:
    """N / (N + P), (rows, n), which orders options as closeness does."""
    chunk = u[rows]
    if near.ndim == 2:
        scores, total = chunk @ near, chunk @ far
    else:
        scores = np.einsum("sm,smn->sn", chunk, near[rows])
        total = np.einsum("sm,smn->sn", chunk, far[rows])
    total += scores
    # 0 / 0: no criterion counts, and everything is halfway
    if not total.all():
        scores[total == 0.0], total[total == 0.0] = 0.5, 1.0
    scores /= total
    return np.asarray(scores)

"""Which options could win at all, whatever the weights are: a bound, not a search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Contenders", "contenders"]

#: Options that others are compared with at a time.
_LOT = 64


class Contenders(NamedTuple):
    """Options that could be among the first at some weights.

    Attributes
    ----------
    options : (k,) array
        Their positions, in order.
    better : (k,) array
        How many others are at least as good on every criterion, and better on one.
    """

    options: NDArray[np.intp]
    better: NDArray[np.intp]


def contenders(
    r: NDArray[np.float64], places: int, most: int, ends: NDArray[np.bool_] | None = None
) -> Contenders | None:
    """Options that fewer than `places` others dominate; ``None`` where more than `most` none does.

    Parameters
    ----------
    r : (m, n)
        Scores, 0 at the worst and 1 at the best end.
    places
        How many of the first places count.
    most
        Options that nobody dominates at most; there the search ends.
    ends : (n,), optional
        Options whose scores may change: they are kept, and dominate nobody.

    Notes
    -----
    An option wins where N / P is greatest, N = sum_j u_j r_j^2 and P = sum_j u_j (1 - r_j)^2, with
    u_j >= 0 made from the weights. Let k score at least as much as i on every criterion, and more
    on one. For r in [0, 1], r^2 rises and (1 - r)^2 falls in r, so N_k >= N_i and P_k <= P_i for
    all u >= 0: the closeness sqrt(N) / (sqrt(N) + sqrt(P)) of k is at least that of i whatever the
    weights are, however influences pass them on, and squared or not, as these only change u. Hence
    an option that `places` others dominate is never strictly among the first `places`.

    Only options that fewer than `places` others dominate have to be compared with: of those that
    dominate an option, the ones that come first (by the sum of their scores) are dominated by
    fewer, and if there are `places` of them, so many are kept.
    """
    m, n = r.shape
    loose = np.zeros(n, dtype=bool) if ends is None else ends
    # who dominates has no smaller sum, as rounding keeps the order of terms
    order = np.argsort(-r.sum(axis=0), kind="stable")
    order = order[~loose[order]]
    scores = np.ascontiguousarray(r.T[order])
    kept, counts = [np.flatnonzero(loose)], [np.zeros(int(loose.sum()), dtype=np.intp)]
    pool, free = np.empty((0, m)), int(loose.sum())
    for start in range(0, len(order), _LOT):
        lot = scores[start : start + _LOT]
        against = np.concatenate([pool, lot])
        level = np.ones((len(against), len(lot)), dtype=bool)
        over = level.copy()
        for j in range(m):
            over &= against[:, j, None] >= lot[:, j]
            level &= against[:, j, None] == lot[:, j]
        better = (over & ~level).sum(axis=0)
        stay = np.flatnonzero(better < places)
        free += int((better == 0).sum())
        if free > most:
            return None
        kept.append(order[start + stay])
        counts.append(better[stay])
        pool = np.concatenate([pool, lot[stay]])
    options, better = np.concatenate(kept), np.concatenate(counts)
    ranked = np.argsort(options)
    return Contenders(options[ranked], better[ranked])

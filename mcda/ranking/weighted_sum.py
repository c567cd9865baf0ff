"""The weighted sum of scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["weighted_sums"]

Floats = NDArray[np.float64]


def weighted_sums(r: Floats, weights: Floats) -> Floats:
    """Sums (n, ...) of scores with weights; more is better.

    Parameters
    ----------
    r : (m, n, ...)
        Scores, 1 at the best end: see `mcda.ranking.kernel.scores`.
    weights : (m, ...)
        Not negative.

    Examples
    --------
    >>> weighted_sums(np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([0.75, 0.25])).tolist()
    [0.75, 0.625]
    """
    return np.asarray((weights[:, None] * r).sum(axis=0))

"""COPRAS: complex proportional assessment (Zavadskas, Kaklauskas & Sarka 1994)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["copras"]

Floats = NDArray[np.float64]


def copras(x: Floats, weights: Floats, benefits: NDArray[np.bool_]) -> Floats:
    """Utility degrees (n,), 1 for the best.

    With d_ij = w_j x_ij / sum_i x_ij, S+_i the sum over benefits and S-_i that over costs, the
    relative significance is Q_i = S+_i + sum_i S-_i / (S-_i sum_i 1 / S-_i), and the degree
    Q_i / max Q. The library pymcdm 1.4 has S-_i where the second term should be. Where no cost
    counts, Q_i is S+_i (Podvezko 2011).

    Parameters
    ----------
    x : (n, m)
        Values, not negative; costs above zero, no column all zero.
    weights : (m,)
    benefits : (m,)
        Whether more is better.
    """
    shares = weights * x / x.sum(axis=0)
    significance = shares[:, benefits].sum(axis=1)
    costs = shares[:, ~benefits].sum(axis=1)
    if costs.any():
        significance = significance + costs.sum() / (costs * (1.0 / costs).sum())
    return np.asarray(significance / significance.max())

"""Weights from an order of importance alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["rank_order_centroid"]


def rank_order_centroid(order: Sequence[Sequence[str]]) -> dict[str, float]:
    """The centroid of all weights that respect an order (Barron & Barrett 1996).

    The k-th of n criteria gets (1/n) * sum of 1/i for i = k ... n; equals share the mean of the
    places they take.

    Parameters
    ----------
    order
        Groups of equally important criteria, the most important group first.

    Examples
    --------
    >>> weights = rank_order_centroid([["a"], ["b"], ["c"]])
    >>> {name: round(weight, 3) for name, weight in weights.items()}
    {'a': 0.611, 'b': 0.278, 'c': 0.111}
    """
    n = sum(len(group) for group in order)
    tails: NDArray[np.float64] = np.cumsum(1.0 / np.arange(n, 0, -1))[::-1] / n
    weights: dict[str, float] = {}
    place = 0
    for group in order:
        share = float(tails[place : place + len(group)].mean())
        weights.update(dict.fromkeys(group, share))
        place += len(group)
    return weights

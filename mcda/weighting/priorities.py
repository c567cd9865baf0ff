"""Priorities of reciprocal matrices: row geometric mean and principal eigenvector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["geometric_mean", "perron"]

Floats = NDArray[np.float64]

#: Squarings of the matrix at most; each doubles the power.
_SQUARINGS = 40
#: The eigenvalue's bracket is this narrow, relative to it, when the iteration ends.
_BRACKET = 1e-14


def geometric_mean(matrix: Floats) -> Floats:
    """Row geometric means, normalised to sum 1 (Crawford & Williams 1985).

    Parameters
    ----------
    matrix : (..., n, n)
        Positive reciprocal matrices.

    Returns
    -------
    (..., n) array
    """
    logs = np.log(matrix).mean(axis=-1)
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def perron(matrix: Floats) -> tuple[Floats, Floats]:
    """The principal eigenvector and eigenvalue of positive matrices (Saaty 1977).

    The matrix is squared until the Collatz-Wielandt bounds, the least and the greatest quotient
    (Aw)_i / w_i, bracket the eigenvalue to 1e-14, or to what rounding allows.

    Parameters
    ----------
    matrix : (..., n, n)
        Positive matrices.

    Returns
    -------
    vector : (..., n) array
        Positive, sum 1.
    eigenvalue : (...) array
    """
    power = matrix / matrix.max(axis=(-2, -1), keepdims=True)
    vector, low, high = _bounds(matrix, power.sum(axis=-1))
    for _ in range(_SQUARINGS):
        if np.all(high - low <= _BRACKET * high):
            break
        power = power @ power
        power /= power.max(axis=(-2, -1), keepdims=True)
        following, new_low, new_high = _bounds(matrix, power.sum(axis=-1))
        if np.all(new_high - new_low >= high - low):  # rounding allows no more
            break
        vector, low, high = following, new_low, new_high
    return vector, (low + high) / 2


def _bounds(matrix: Floats, vector: Floats) -> tuple[Floats, Floats, Floats]:
    """One step of the power method from `vector`, and the bounds on the eigenvalue there."""
    vector = vector / vector.sum(axis=-1, keepdims=True)
    image = (matrix @ vector[..., None])[..., 0]
    quotients = image / vector
    return image / image.sum(axis=-1, keepdims=True), quotients.min(axis=-1), quotients.max(axis=-1)

"""Priorities of reciprocal matrices: row geometric mean and principal eigenvector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["geometric_mean", "geometric_mean_of_upper", "perron", "perron_of_upper"]

Floats = NDArray[np.float64]

#: Squarings of the matrix at most; each doubles the power.
_SQUARINGS = 40
#: Squarings before the power steps of a batch.
_FIRST_SQUARINGS = 5
#: Power steps at most in a batch.
_STEPS = 12
#: Numbers in one chunk of a batch.
_CHUNK = 1 << 15
#: The eigenvalue's bracket is this narrow, relative to it, when the iteration ends.
_BRACKET = 1e-14
_BATCH_BRACKET = 1e-13
#: A batch's member whose bracket is wider is computed again by itself.
_NARROW = 1e-12


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


def geometric_mean_of_upper(upper: Floats, n: int) -> Floats:
    """Row geometric means (..., n) from the judgements above the diagonal (..., n (n - 1) / 2).

    Those below are their reciprocals, so their logarithms need not be taken again.
    """
    i, j = np.triu_indices(n, 1)
    signs = np.zeros((len(i), n))
    signs[range(len(i)), i], signs[range(len(i)), j] = 1.0 / n, -1.0 / n
    logs = np.log(upper) @ signs
    weights = np.exp(logs)
    # criteria first: numpy adds long rows far faster than many short ones
    total = np.ascontiguousarray(np.moveaxis(weights, -1, 0)).sum(axis=0)
    weights /= total[..., None]
    return np.asarray(weights)


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


def perron_of_upper(upper: Floats, n: int) -> tuple[Floats, Floats]:
    """`perron` for many reciprocal matrices, given by what stands above the diagonal.

    In chunks that fit the cache, with the batch axis last: 32nd powers by squaring, then
    power steps with them until the bounds bracket the eigenvalue to 1e-13, or to what rounding
    allows.

    Parameters
    ----------
    upper : (..., n (n - 1) / 2)
        Judgements, row by row.
    n
        Criteria.
    """
    i, j = np.triu_indices(n, 1)
    flat = upper.reshape(-1, upper.shape[-1])
    vectors, roots = np.empty((len(flat), n)), np.empty(len(flat))
    step = max(1, _CHUNK // (n * n))
    for start in range(0, len(flat), step):
        above = flat[start : start + step].T
        part = np.ones((n, n, above.shape[1]))
        part[i, j], part[j, i] = above, 1.0 / above
        power = part
        for squarings in range(_FIRST_SQUARINGS):
            power = _square(power)
            if squarings == 2:  # eighth powers of judgements up to 1e12 do not overflow yet
                power /= power.max(axis=(0, 1))
        vector, root, width = _power_steps(part, power)
        for member in np.flatnonzero(~(width <= _NARROW)):  # far from consistent: one by one
            vector[:, member], root[member] = perron(np.ascontiguousarray(part[:, :, member]))
        vectors[start : start + step], roots[start : start + step] = vector.T, root
    return vectors.reshape(*upper.shape[:-1], n), roots.reshape(upper.shape[:-1])


def _power_steps(part: Floats, power: Floats) -> tuple[Floats, Floats, Floats]:
    """Vectors (n, c), eigenvalues and the relative widths of their brackets (c,)."""
    vector = power.sum(axis=1)
    for _ in range(_STEPS):
        vector /= vector.sum(axis=0)
        image = _apply(part, vector)
        quotients = image / vector
        low, high = quotients.min(axis=0), quotients.max(axis=0)
        width = (high - low) / high
        if width.max() <= _BATCH_BRACKET:
            break
        vector = _apply(power, image)
    return image / image.sum(axis=0), (low + high) / 2, width


def _square(power: Floats) -> Floats:
    """The squares of matrices (n, n, c)."""
    result = power[:, :1] * power[0]
    term = np.empty_like(result)
    for k in range(1, len(power)):
        np.multiply(power[:, k : k + 1], power[k], out=term)
        result += term
    return np.asarray(result)


def _apply(matrices: Floats, vectors: Floats) -> Floats:
    """Matrices (n, n, c) times vectors (n, c)."""
    result = matrices[:, 0] * vectors[0]
    for k in range(1, len(vectors)):
        result += matrices[:, k] * vectors[k]
    return np.asarray(result)

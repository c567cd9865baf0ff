"""The normal distribution function, for whole arrays.

The error function's complement by the rational approximations of Cody (1969): one for arguments
near 0, one up to 4, one beyond.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["normal_share"]

Floats = NDArray[np.float64]

_NEAR, _MIDDLE = 0.46875, 4.0
#: Steps at which the chance that is left is lost beside 1.
_CERTAIN = 8.5
# numerators and denominators, the highest power first
_FIRST = (
    (
        1.85777706184603153e-1,
        3.16112374387056560,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (
        1.0,
        2.36012909523441209e1,
        2.44024637934444173e2,
        1.28261652607737228e3,
        2.84423683343917062e3,
    ),
)
_SECOND = (
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)
_THIRD = (
    (
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4,
    ),
    (
        1.0,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3,
    ),
)


def normal_share(steps: Floats) -> Floats:
    """The chance (...) that a normal variable is above zero, its mean being `steps` deviations.

    Right to 2.3e-16; a small chance to 1e-12 of itself.

    Examples
    --------
    >>> normal_share(np.array([0.0, 1.959963984540054])).round(12).tolist()
    [0.5, 0.975]
    """
    x = np.abs(steps).ravel() * math.sqrt(0.5)
    left = np.where(np.isnan(x), x, 0.0)  # half the complement at x
    at = np.flatnonzero(x <= _NEAR)
    z = x[at]
    left[at] = 0.5 - 0.5 * z * _ratio(_FIRST, z * z)
    at = np.flatnonzero((x > _NEAR) & (x <= _MIDDLE))
    z = x[at]
    left[at] = 0.5 * np.exp(-z * z) * _ratio(_SECOND, z)
    at = np.flatnonzero((x > _MIDDLE) & (np.ravel(steps) < _CERTAIN) & (x < np.inf))
    z = x[at]
    square = 1.0 / (z * z)
    tail = (math.sqrt(1.0 / math.pi) - square * _ratio(_THIRD, square)) / z
    left[at] = 0.5 * np.exp(-z * z) * tail
    behind: Floats = left.reshape(np.shape(steps))
    return np.where(steps >= 0.0, 1.0 - behind, behind)


def _ratio(parts: tuple[Sequence[float], Sequence[float]], z: Floats) -> Floats:
    above, below = (np.full(z.shape, part[0]) for part in parts)
    for part, total in zip(parts, (above, below), strict=True):
        for each in part[1:]:
            total *= z
            total += each
    return np.asarray(above / below)

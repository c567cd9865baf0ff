"""Weights from the decision matrix itself, by pymcdm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint
from mcda.model.scenario import ObjectiveMethod

__all__ = ["OBJECTIVE_METHODS", "objective_weights"]

OBJECTIVE_METHODS: tuple[ObjectiveMethod, ...] = get_args(ObjectiveMethod)
#: These take logarithms or quotients of the values.
_POSITIVE = frozenset({"gini", "merec"})


def objective_weights(
    matrix: NDArray[np.float64], benefits: NDArray[np.bool_], method: ObjectiveMethod
) -> NDArray[np.float64]:
    """Weights (m,) of the criteria of an n x m matrix, sum 1.

    A criterion on which all options are equal gets no weight.

    Raises
    ------
    InputError
        For fewer than two options, values that the method has no meaning for, or a matrix on
        which all options are equal.
    """
    from pymcdm import weights as peer

    if method not in OBJECTIVE_METHODS:
        raise InputError(f"unknown method {method!r}", hint(method, OBJECTIVE_METHODS))
    if matrix.shape[0] < 2:
        raise InputError(
            f"{method} weights need at least two options, there is {matrix.shape[0]}",
            "Give weights or judgements",
        )
    if not np.isfinite(matrix).all():
        raise InputError(f"{method} weights need finite values", "Correct the matrix")
    least = matrix.min(axis=0)
    wanting = least <= 0 if method in _POSITIVE else least < 0
    if wanting.any() and method not in ("critic", "standard_deviation", "variance"):
        number = int(np.flatnonzero(wanting)[0])
        raise InputError(
            f"{method} weights need {'positive' if method in _POSITIVE else 'no negative'} values; "
            f"criterion {number + 1} has {least[number]:g}",
            "Use critic or standard_deviation",
        )
    varying = np.ptp(matrix, axis=0) > 4 * np.finfo(float).eps * np.abs(matrix).max(axis=0)
    if not varying.any():
        raise InputError("all options are equal", f"{method} weights need a difference")
    weights = np.zeros(matrix.shape[1])
    x, types = matrix[:, varying], np.where(benefits[varying], 1, -1)
    if varying.sum() == 1:
        weights[varying] = 1.0
    else:
        weights[varying] = _compute(peer, method, x, types)
    total = weights.sum()
    if not np.isfinite(weights).all() or total <= 0:
        raise InputError(f"{method} weights do not exist for this matrix", "Use another method")
    return np.asarray(weights / total)


def _compute(peer: Any, method: str, x: NDArray[np.float64], types: Any) -> NDArray[np.float64]:
    if method == "entropy":
        return _entropy(x)
    function: Callable[..., Any] = getattr(peer, f"{method}_weights")
    with np.errstate(all="ignore"):
        return np.asarray(function(x, types), dtype=np.float64)


def _entropy(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shannon entropy weights with 0 ln 0 = 0, which the library refuses."""
    share = x / x.sum(axis=0)
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    diversity = 1.0 + terms.sum(axis=0) / np.log(len(x))
    return np.asarray(np.maximum(diversity, 0.0))

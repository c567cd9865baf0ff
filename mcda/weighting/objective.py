"""Weights from the decision matrix itself.

Each method is the definition of its source. What a weight does not depend on follows from that and
stands at each method: the unit (a column times a positive number), the zero point (one number added
to a column), the direction, or mirroring (all values of a column and its direction turned round).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, short
from mcda.model.language import given_number
from mcda.model.scenario import ObjectiveMethod

__all__ = ["OBJECTIVE_METHODS", "objective_weights"]

Floats = NDArray[np.float64]

OBJECTIVE_METHODS: tuple[ObjectiveMethod, ...] = get_args(ObjectiveMethod)
#: These go by shares of a column's sum.
_SHARES = frozenset({"entropy", "gini"})
#: Correlations this near to 1 are 1.
_ROUNDING = 1e-12


def objective_weights(
    matrix: Floats,
    benefits: NDArray[np.bool_],
    method: ObjectiveMethod,
    names: Sequence[str] | None = None,
) -> Floats:
    """Weights (m,) of the criteria of an n x m matrix, sum 1.

    A criterion on which all options are equal gets no weight.

    Parameters
    ----------
    matrix : (n, m)
        A row for each option.
    benefits : (m,)
        Whether more is better.
    method
        "critic", "standard_deviation", "variance", "entropy", "gini" or "merec".
    names : (m,), optional
        The criteria, for messages.

    Raises
    ------
    InputError
        For fewer than two options, values that the method has no meaning for, or a matrix on
        which all options are equal or, for "critic", all criteria say the same.
    """
    if method not in OBJECTIVE_METHODS:
        raise InputError(f"unknown method {method!r}", hint(method, OBJECTIVE_METHODS))
    if matrix.shape[0] < 2:
        raise InputError(
            f"{method} weights need at least two options, there is {matrix.shape[0]}",
            "Give weights or judgements",
        )
    _refuse_meaningless(matrix, method, names)
    # a power of two: exact, and no sum or difference can overflow
    exponents = np.frexp(np.abs(matrix).max(axis=0))[1]
    matrix = np.ldexp(matrix, -exponents)
    varying = np.ptp(matrix, axis=0) > 4 * np.finfo(float).eps * np.abs(matrix).max(axis=0)
    if not varying.any():
        raise InputError("all options are equal", f"{method} weights need a difference")
    weights = np.zeros(matrix.shape[1])
    if varying.sum() == 1:
        weights[varying] = 1.0
    else:
        weights[varying] = _measured(matrix, benefits, method, varying)
    total = weights.sum()
    if not np.isfinite(total) or total <= 0:
        what = f"{method} weights do not exist for this matrix"
        if method == "critic":
            what = "critic weights do not exist: all criteria are perfectly correlated"
        raise InputError(what, "Use another method")
    return np.asarray(weights / total)


def _refuse_meaningless(
    matrix: Floats, method: ObjectiveMethod, names: Sequence[str] | None
) -> None:
    """Values that the method cannot take."""
    needs, wrong = "finite", ~np.isfinite(matrix)
    if not wrong.any() and method in _SHARES:
        needs, wrong = "no negative", matrix < 0
    elif not wrong.any() and method == "merec":
        needs, wrong = "positive", matrix <= 0
    if wrong.any():
        row, column = (int(each) for each in np.argwhere(wrong)[0])
        criterion = column + 1 if names is None else short(names[column])
        raise InputError(
            f"{method} weights need {needs} values; criterion {criterion} has "
            f"{given_number(matrix[row, column])}",
            "Correct the matrix" if needs == "finite" else "Use critic or standard_deviation",
        )


def _measured(
    matrix: Floats, benefits: NDArray[np.bool_], method: ObjectiveMethod, varying: NDArray[np.bool_]
) -> Floats:
    """What the weights of the varying criteria are in proportion to."""
    if method == "merec":
        # criteria on which all are equal change nothing, but count in the means
        return _merec(matrix, benefits)[varying]
    x = matrix[:, varying]
    if method == "entropy":
        return _entropy(x)
    if method == "gini":
        return _gini(x)
    ends = np.array([x.min(axis=0), x.max(axis=0)])
    worst, best = np.where(benefits[varying], ends, ends[::-1])
    scaled = (x - worst) / (best - worst)
    if method == "critic":
        return _critic(scaled)
    if method == "variance":
        return _variance(scaled)
    return _standard_deviation(scaled)


def _critic(scaled: Floats) -> Floats:
    """Standard deviation times the sum of (1 - correlation with each other criterion).

    Of columns scaled from the worst (0) to the best value (1): Diakoulaki, Mavrotas & Papayannakis
    (1995). Does not depend on unit, zero point, or mirroring.
    """
    conflict = 1.0 - np.corrcoef(scaled, rowvar=False)
    conflict = np.where(conflict < _ROUNDING, 0.0, conflict)
    return np.asarray(scaled.std(axis=0) * conflict.sum(axis=0))


def _standard_deviation(scaled: Floats) -> Floats:
    """The standard deviation of columns scaled from worst to best: Diakoulaki et al. (1995).

    Does not depend on unit, zero point, direction, or mirroring.
    """
    return np.asarray(scaled.std(axis=0))


def _variance(scaled: Floats) -> Floats:
    """The variance of columns scaled from worst to best, after Rao & Patel (2010).

    Does not depend on unit, zero point, direction, or mirroring.
    """
    return np.asarray(scaled.var(axis=0))


def _entropy(x: Floats) -> Floats:
    """1 - entropy / ln n of the columns' shares, with 0 ln 0 = 0.

    Hwang & Yoon (1981), after Shannon. Does not depend on unit or direction; the zero point counts.
    """
    share = x / x.sum(axis=0)
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    diversity = 1.0 + terms.sum(axis=0) / np.log(len(x))
    return np.asarray(np.maximum(diversity, 0.0))


def _gini(x: Floats) -> Floats:
    """The Gini coefficients of the columns: Li & Chi (2009).

    The mean of |x_i - x_k| over twice the mean of x. Does not depend on unit or direction; the
    zero point counts.
    """
    n = len(x)
    place = 2.0 * np.arange(1, n + 1) - n - 1.0
    return np.asarray(place @ np.sort(x, axis=0) / (n * x.sum(axis=0)))


def _merec(x: Floats, benefits: NDArray[np.bool_]) -> Floats:
    """How much the options' overall values change without a criterion.

    Keshavarz-Ghorabaee et al. (2021). Does not depend on unit, nor on taking 1 / x with the
    direction turned round; the zero point counts.
    """
    from pymcdm.weights import merec_weights

    return np.asarray(merec_weights(x, np.where(benefits, 1, -1)), dtype=np.float64)

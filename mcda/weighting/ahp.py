"""The analytic hierarchy process for one set of pairwise judgements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError
from mcda.model.text import Notice
from mcda.weighting.consistency import (
    ACCEPTABLE,
    Repair,
    consistency_ratio,
    geometric_consistency_index,
    worst_judgement,
)
from mcda.weighting.consistency import (
    random_index as table_index,
)
from mcda.weighting.pairwise import Judgements, comparison_matrix, read_judgements
from mcda.weighting.priorities import geometric_mean, perron

__all__ = ["METHODS", "AhpResult", "ahp", "prioritise"]

Method = Literal["geometric_mean", "eigenvector"]
METHODS: tuple[Method, ...] = ("geometric_mean", "eigenvector")


@dataclass(frozen=True, eq=False)
class AhpResult:
    """Priorities and consistency of one set of judgements.

    Attributes
    ----------
    labels : tuple of str
        What was compared; "1", "2", ... for a matrix without names.
    matrix : (n, n) array
        The reciprocal judgements.
    weights : (n,) array
        Priorities, sum 1.
    lambda_max : float
        The Perron root, whatever the method.
    consistency_ratio : float
        (lambda_max - n) / (n - 1) / random_index; 0 for n <= 2.
    gci : float or None
        Geometric consistency index; ``None`` for n <= 2.
    worst : Repair or None
        The judgement to reconsider first; ``None`` if all agree.
    random_index : float
        The random index used.
    method : str
        "geometric_mean" or "eigenvector".
    warnings : tuple of Notice
        What the reader must know.
    """

    labels: tuple[str, ...]
    matrix: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.float64]
    lambda_max: float
    consistency_ratio: float
    gci: float | None
    worst: Repair | None
    random_index: float
    method: Method
    warnings: tuple[Notice, ...]

    @property
    def consistent(self) -> bool:
        """Whether the consistency ratio is acceptable (at most 0.1)."""
        return self.consistency_ratio <= ACCEPTABLE


def ahp(
    judgements: Judgements,
    *,
    method: Method = "geometric_mean",
    random_index: float | None = None,
) -> AhpResult:
    """Weights from pairwise judgements.

    Parameters
    ----------
    judgements
        An n x n reciprocal matrix (a_ij: how many times as important i is as j; numbers, or
        fractions such as "1/3"), or a mapping ``{("a", "b"): 3, ...}`` with every pair once.
    method
        "geometric_mean" of the rows (Crawford & Williams 1985) or principal "eigenvector"
        (Saaty 1977).
    random_index
        Replaces the random index in the consistency ratio, as published examples use others.

    Returns
    -------
    AhpResult

    Raises
    ------
    InputError
        If judgements are missing, not positive, or contradict each other in both directions.

    Examples
    --------
    >>> result = ahp({("price", "comfort"): 3, ("price", "range"): 6, ("comfort", "range"): 2})
    >>> dict(zip(result.labels, result.weights.round(3).tolist()))
    {'price': 0.667, 'comfort': 0.222, 'range': 0.111}
    >>> round(result.consistency_ratio, 6)
    0.0
    """
    labels, matrix, notices = read_judgements(judgements)
    return _result(labels, matrix, notices, method, random_index, "the goal")


def prioritise(
    node: str, judgements: dict[tuple[str, str], float], labels: Sequence[str], method: Method
) -> AhpResult:
    """`ahp` for the children of a node, in the order of `labels`."""
    if len(labels) == 1:
        return _result(tuple(labels), np.ones((1, 1)), (), method, None, node)
    matrix, notices = comparison_matrix(judgements, labels)
    return _result(tuple(labels), matrix, notices, method, None, node)


def _result(
    labels: tuple[str, ...],
    matrix: NDArray[np.float64],
    notices: tuple[Notice, ...],
    method: Method,
    index: float | None,
    node: str,
) -> AhpResult:
    if method not in METHODS:
        raise InputError(f"unknown method {method!r}", f"One of: {', '.join(METHODS)}")
    if index is not None and not (math.isfinite(index) and index > 0):
        raise InputError(f"a random index is positive, not {index!r}", "Leave it out")
    n = len(labels)
    means = geometric_mean(matrix)
    vector, root = perron(matrix)
    ratio = consistency_ratio(float(root), n, index)
    gci = geometric_consistency_index(matrix, means)
    worst = worst_judgement(matrix, means, labels)
    if ratio > ACCEPTABLE and worst is not None:
        notices = (
            *notices,
            Notice(
                "inconsistent",
                node=node,
                ratio=ratio,
                limit=ACCEPTABLE,
                first=worst.first,
                second=worst.second,
                given=worst.given,
                repaired=worst.repaired,
            ),
        )
    weights = means if method == "geometric_mean" else vector
    for array in (matrix, weights):
        array.setflags(write=False)
    return AhpResult(
        labels=labels,
        matrix=matrix,
        weights=weights,
        lambda_max=float(root),
        consistency_ratio=ratio,
        gci=None if gci is None else float(gci),
        worst=worst,
        random_index=table_index(n) if index is None else index,
        method=method,
        warnings=notices,
    )

"""What comparisons of options do to closeness when they waver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import Weights, rank
from mcda.model.problem import Problem
from mcda.ranking.kernel import Normalization
from mcda.weighting.ahp import AhpResult

__all__ = ["STEP", "closeness_slopes", "with_priorities"]

Floats = NDArray[np.float64]

#: Half the width of differences in log priorities.
STEP = 1e-5


def with_priorities(problem: Problem, values: Floats, leaf: int, priorities: Floats) -> Floats:
    """Leaf values (..., n, m) where one leaf's are priorities (..., n), kept in its domain."""
    domain = problem.tree.leaves[leaf].domain
    values = values.copy()
    values[..., leaf] = priorities if domain is None else np.clip(priorities, *domain)
    return values


def closeness_slopes(
    problem: Problem,
    values: Floats,
    leaf: int,
    result: AhpResult,
    columns: Sequence[int],
    weighed: Weights,
    normalization: Normalization,
) -> Floats:
    """How closeness changes with each log priority (n options, len(columns)), by differences.

    Parameters
    ----------
    problem
    values : (n, m)
        Leaf values of all options.
    leaf
        The position of the leaf whose options were compared, as `result` has it.
    columns
        The options that are ranked.
    weighed, normalization
        How the leaves count.
    """
    slopes = np.zeros((len(result.labels), len(columns)))
    for option in range(len(result.labels)):
        ends = []
        for step in (STEP, -STEP):
            priorities = result.weights * np.exp(step * (np.arange(len(values)) == option))
            moved = with_priorities(problem, values, leaf, priorities / priorities.sum())
            ends.append(rank(problem, moved, columns, weighed, normalization).closeness)
        slopes[option] = (ends[0] - ends[1]) / (2 * STEP)
    return slopes

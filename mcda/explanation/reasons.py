"""Why the winners of a block of contests lead: what `explain` says by dimension, of all at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import coefficients_of
from mcda.engine.stack import Block
from mcda.explanation.attribution import MOST_EVALUATIONS, attribute, evaluations, nested
from mcda.model.problem import Problem
from mcda.robustness.reasons import MOST_GROUPS, reasons

__all__ = ["reasons_of"]

Floats = NDArray[np.float64]


def reasons_of(problem: Problem, block: Block) -> Floats:
    """What each dimension contributes (g, B) to the winners' leads over the second of the ranking.

    Where an option is alone it is compared with the worst end of every criterion.
    """
    r, scale = block.placed.scores
    first = block.scores_of(block.winner)
    other = block.scores_of(block.second) if r.shape[1] > 1 else np.zeros_like(first)
    u, _ = coefficients_of(problem, block.weighed, scale)
    groups, tree = problem.tree.dimension_of_leaf, nested(problem.tree)
    dimensions = len(problem.tree.dimensions)
    if dimensions <= MOST_GROUPS and evaluations(tree) <= MOST_EVALUATIONS:
        return reasons(first, other, u, groups)
    u = np.broadcast_to(u, first.shape)
    result = np.zeros((dimensions, first.shape[1]))
    for contest, total in enumerate(result.T):
        each = attribute(u[:, contest], first[:, contest], other[:, contest], tree)
        np.add.at(total, list(groups), each.contributions)
    return result

"""Which single change of an effective weight changes the winners of a block of contests."""

from __future__ import annotations

import numpy as np

from mcda.engine.contest import coefficients_of, once
from mcda.engine.stack import Block
from mcda.engine.weighing import coefficients
from mcda.model.problem import Problem
from mcda.robustness.flips import Flips, nearest_flips

__all__ = ["flips_of"]


def flips_of(problem: Problem, block: Block) -> Flips:
    """The nearest flip of each contest; none where the first place is shared.

    Shares are those of `Decision.weights.effective`.
    """
    r, scale = block.placed.scores
    winner = np.where(block.tied, -1, block.winner)
    weights = coefficients(block.weighed.final, problem)
    if (once(scale) == 1.0).all():
        return nearest_flips(r, weights, winner)
    _, ratio = coefficients_of(problem, block.weighed, scale)
    return nearest_flips(r, weights, winner, ratio**2)

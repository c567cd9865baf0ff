"""Why winners lead and what would change them, for whole blocks of contests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.stack import Block
from mcda.engine.weighing import coefficients
from mcda.explanation.reasons import reasons_of
from mcda.model.problem import Problem
from mcda.stability.flips import flips_of

__all__ = ["NEGLIGIBLE", "Why", "top", "why"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

#: A contribution below this is none.
NEGLIGIBLE = 1e-9


class Why(NamedTuple):
    """Of B contests.

    Attributes
    ----------
    reasons : (g, B) array
        What each dimension contributes to the winner's lead over the runner-up; NaN without a
        single winner, and without a runner-up.
    flip_leaf : (B,) array
        The leaf whose effective weight, moved alone, changes the winner soonest; -1 for none.
    flip_now, flip_at : (B,) arrays
        Its share now, and where the winner changes.
    flip_to : (B,) array
        The position of the option that then wins.
    """

    reasons: Floats
    flip_leaf: Positions
    flip_now: Floats
    flip_at: Floats
    flip_to: Positions


def why(problem: Problem, block: Block) -> Why:
    """Reasons and nearest flips of a block of contests."""
    ranks = block.placed.ranks
    contested = ((ranks == 1).sum(axis=0) == 1) & (len(ranks) > 1)
    found = np.where(contested, reasons_of(problem, block), np.nan)
    flips = flips_of(problem, block)
    weights = coefficients(block.weighed.final, problem)
    plain = weights.reshape(len(weights), -1) * (block.placed.scores.scale > 0.0)
    total = plain.sum(axis=0)
    shares = plain / np.where(total > 0.0, total, 1.0)
    now = np.take_along_axis(shares, np.maximum(flips.leaf, 0)[None], axis=0)[0]
    return Why(found, flips.leaf, np.where(flips.leaf >= 0, now, np.nan), flips.share, flips.to)


def top(found: Floats, count: int) -> tuple[Positions, Floats]:
    """The largest reasons (count, B) of each contest, which speak for the winner; -1 and NaN."""
    filled = np.where(found > NEGLIGIBLE, found, -np.inf)
    order = np.argsort(-filled, axis=0, kind="stable")[:count]
    amounts = np.take_along_axis(filled, order, axis=0)
    none = ~np.isfinite(amounts)
    return np.where(none, -1, order), np.where(none, np.nan, amounts)

"""Why winners lead and what would change them, for whole blocks of contests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import coefficients_of, once
from mcda.engine.stack import Block
from mcda.engine.weighing import coefficients
from mcda.explanation.reasons import reasons_of
from mcda.model.arrays import largest
from mcda.model.problem import Problem
from mcda.robustness.shares import bounds, share_at
from mcda.stability.flips import flips_of

__all__ = ["NEGLIGIBLE", "Limits", "Why", "limits", "top", "why"]

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
    found = np.where(block.contested, reasons_of(problem, block), np.nan)
    flips = flips_of(problem, block)
    shares = _shares(problem, block)
    leaf = np.maximum(flips.leaf, 0)
    now = shares[leaf, 0] if shares.shape[1] == 1 else shares.reshape(-1).take(block.at(leaf))
    return Why(found, flips.leaf, np.where(flips.leaf >= 0, now, np.nan), flips.share, flips.to)


class Limits(NamedTuple):
    """Of g dimensions in B contests, where the winner changes if one of them moves.

    Attributes
    ----------
    shares : (g, B) array
        Of the effective weights.
    low, high : (g, B) arrays
        The winner stays in between; 0 and 1 where nothing stops it, NaN without a single winner,
        without another option, and for a dimension that has all the weight or none.
    """

    shares: Floats
    low: Floats
    high: Floats


def limits(problem: Problem, block: Block) -> Limits:
    """Between which shares of each dimension the winners of a block stay."""
    r, scale = block.placed.scores
    groups = problem.tree.dimension_of_leaf
    shares = np.zeros((len(problem.tree.dimensions), r.shape[2]))
    for group, share in zip(groups, _shares(problem, block), strict=True):
        shares[group] += share
    if r.shape[1] < 2:
        return Limits(shares, *np.full((2, *shares.shape), np.nan))
    u, _ = coefficients_of(problem, block.weighed, scale)
    below, above = bounds(r, u, groups, block.winner)
    movable = block.contested & (shares > 0.0) & (shares < 1.0)
    low, high = (np.where(movable, share_at(each, shares), np.nan) for each in (below, above))
    return Limits(shares, low, high)


def _shares(problem: Problem, block: Block) -> Floats:
    """The effective weights (m, B), sum 1; (m, 1) where they are the same in all contests."""
    weights = coefficients(block.weighed.final, problem)
    plain = weights.reshape(len(weights), -1) * (once(block.placed.scores.scale) > 0.0)
    total = plain.sum(axis=0)
    return np.asarray(plain / np.where(total > 0.0, total, 1.0))


def top(found: Floats, count: int) -> tuple[Positions, Floats]:
    """The largest reasons (count, B) of each contest, which speak for the winner; -1 and NaN."""
    left = np.where(found > NEGLIGIBLE, found, -np.inf)
    size, contests = min(count, len(found)), np.arange(found.shape[1])
    order, amounts = np.empty((size, len(contests)), dtype=np.intp), np.empty((size, len(contests)))
    for place in range(size):
        which = largest(left)
        at = which * len(contests) + contests
        amounts[place] = left.reshape(-1).take(at)
        left.reshape(-1)[at] = -np.inf
        order[place] = which
    none = np.isneginf(amounts)
    order[none] = -1
    amounts[none] = np.nan
    return order, amounts

"""Why winners lead and what would change them, for whole blocks of contests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import coefficients_of
from mcda.engine.stack import Block
from mcda.engine.weighing import coefficients
from mcda.explanation.reasons import reasons_of
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
    found = np.where(_contested(block), reasons_of(problem, block), np.nan)
    flips = flips_of(problem, block)
    shares = _shares(problem, block)
    now = np.take_along_axis(shares, np.maximum(flips.leaf, 0)[None], axis=0)[0]
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
    (r, scale), closeness, _ = block.placed
    groups = problem.tree.dimension_of_leaf
    shares = np.zeros((len(problem.tree.dimensions), r.shape[2]))
    for group, share in zip(groups, _shares(problem, block), strict=True):
        shares[group] += share
    if len(closeness) < 2:
        return Limits(shares, *np.full((2, *shares.shape), np.nan))
    u, _ = coefficients_of(problem, block.weighed, scale)
    below, above = bounds(r, u, groups, np.argmax(closeness, axis=0))
    movable = _contested(block) & (shares > 0.0) & (shares < 1.0)
    low, high = (np.where(movable, share_at(each, shares), np.nan) for each in (below, above))
    return Limits(shares, low, high)


def _contested(block: Block) -> NDArray[np.bool_]:
    """Which contests (B,) have a single winner and a runner-up."""
    ranks = block.placed.ranks
    return np.asarray(((ranks == 1).sum(axis=0) == 1) & (len(ranks) > 1))


def _shares(problem: Problem, block: Block) -> Floats:
    """The effective weights (m, B), sum 1."""
    weights = coefficients(block.weighed.final, problem)
    plain = weights.reshape(len(weights), -1) * (block.placed.scores.scale > 0.0)
    total = plain.sum(axis=0)
    return np.asarray(plain / np.where(total > 0.0, total, 1.0))


def top(found: Floats, count: int) -> tuple[Positions, Floats]:
    """The largest reasons (count, B) of each contest, which speak for the winner; -1 and NaN."""
    filled = np.where(found > NEGLIGIBLE, found, -np.inf)
    order = np.argsort(-filled, axis=0, kind="stable")[:count]
    amounts = np.take_along_axis(filled, order, axis=0)
    none = ~np.isfinite(amounts)
    return np.where(none, -1, order), np.where(none, np.nan, amounts)

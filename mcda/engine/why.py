"""Why winners lead and what would change them, for whole blocks of contests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import Placed, coefficients_of
from mcda.engine.weighing import Weighed, coefficients
from mcda.model.problem import Problem
from mcda.robustness.flips import nearest_flips
from mcda.robustness.reasons import MOST_GROUPS, first_two, reasons

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
        single winner, without a runner-up, and with more dimensions than can be worked out.
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


def why(problem: Problem, placed: Placed, weighed: Weighed) -> Why:
    """Reasons and nearest flips of a block of contests; scores are (m, n, B)."""
    (r, scale), closeness, ranks = placed
    groups = problem.tree.dimension_of_leaf
    size = closeness.shape[1]
    winner, second = first_two(closeness)
    single = (ranks == 1).sum(axis=0) == 1
    found = np.full((max(groups) + 1, size), np.nan)
    if len(closeness) > 1 and len(found) <= MOST_GROUPS:
        u, _ = coefficients_of(problem, weighed, scale)
        one = np.take_along_axis(r, winner[None, None], axis=1)[:, 0]
        other = np.take_along_axis(r, second[None, None], axis=1)[:, 0]
        found = np.where(single, reasons(one, other, u, groups), np.nan)
    plain = coefficients(weighed.final, problem)[:, None] * (scale > 0.0)
    total = plain.sum(axis=0)
    shares = plain / np.where(total > 0.0, total, 1.0)
    flips = nearest_flips(r, plain, np.where(single & (total > 0.0), winner, -1), scale**2)
    now = np.take_along_axis(shares, np.maximum(flips.leaf, 0)[None], axis=0)[0]
    return Why(found, flips.leaf, np.where(flips.leaf >= 0, now, np.nan), flips.share, flips.to)


def top(found: Floats, count: int) -> tuple[Positions, Floats]:
    """The largest reasons (count, B) of each contest, which speak for the winner; -1 and NaN."""
    filled = np.where(found > NEGLIGIBLE, found, -np.inf)
    order = np.argsort(-filled, axis=0, kind="stable")[:count]
    amounts = np.take_along_axis(filled, order, axis=0)
    none = ~np.isfinite(amounts)
    return np.where(none, -1, order), np.where(none, np.nan, amounts)

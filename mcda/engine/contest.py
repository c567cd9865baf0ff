"""The options that are ranked together, and their closeness to the ideal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.weighing import Weighed
from mcda.engine.weighing_many import WeighedMany
from mcda.model.documents import located
from mcda.model.problem import Problem
from mcda.ranking.kernel import (
    Normalization,
    Scores,
    closeness,
    linear_forms,
    scores,
    weight_factors,
)
from mcda.ranking.ranks import ranks_of

__all__ = [
    "Contest",
    "Placed",
    "Weights",
    "coefficients_of",
    "inside",
    "once",
    "place_all",
    "rank",
    "scores_of",
]

Floats = NDArray[np.float64]
#: Of all contests alike, or of each.
Weights = Weighed | WeighedMany


class Contest(NamedTuple):
    """The options that are ranked together.

    Attributes
    ----------
    columns : tuple of int
        Their positions among the problem's options.
    scores : Scores
        Of m leaves and the n options.
    closeness, ranks : (n,) array
    normalization : str
    """

    columns: tuple[int, ...]
    scores: Scores
    closeness: Floats
    ranks: NDArray[np.int64]
    normalization: Normalization


def rank(
    problem: Problem,
    values: Floats,
    options: Sequence[int],
    weighed: Weights,
    normalization: Normalization,
) -> Contest:
    """Rank options by their leaf values.

    Parameters
    ----------
    problem
    values : (n, m)
        Of all the problem's options.
    options
        Positions of those that are ranked.
    weighed, normalization
        How the leaves count.
    """
    columns = tuple(options)
    if not columns:
        m = len(problem.tree.leaves)
        empty = Scores(np.zeros((m, 0)), np.ones(m))
        return Contest((), empty, np.zeros(0), np.zeros(0, int), normalization)
    placed = place_all(problem, values[list(columns)].T, weighed, normalization)
    return Contest(columns, placed.scores, placed.closeness, placed.ranks, normalization)


class Placed(NamedTuple):
    """Contests (...) of n options each.

    Attributes
    ----------
    scores : Scores
        Of m leaves and the options (m, n, ...).
    closeness, ranks : (n, ...) array
    squares : two (n, ...) arrays
        Squared distances to the ideal and the anti-ideal, see `linear_forms`; where the options
        were just placed.
    """

    scores: Scores
    closeness: Floats
    ranks: NDArray[np.int64]
    squares: tuple[Floats, Floats] | None = None


def place_all(
    problem: Problem, x: Floats, weighed: Weights, normalization: Normalization
) -> Placed:
    """Rank the options of any number of contests by their leaf values x (m, n, ...).

    Raises
    ------
    DocumentError
        If the values of one of them have no meaning for the normalisation.
    """
    found = scores_of(problem, x, normalization)
    scale = once(found.scale)
    sized = _factors(problem, weighed, scale) * scale
    largest = sized.max(axis=0)
    sized /= np.where(largest > 0, largest, 1.0)
    squares = linear_forms(found.r, sized)
    result = closeness(*squares)
    return Placed(found, result, ranks_of(result), squares)


def once(scale: Floats) -> Floats:
    """Scales (m, ...) as (m, 1 ...) where all are one number in memory, as those of domains are."""
    if scale.ndim < 2 or any(scale.strides):
        return scale
    return scale[(slice(None), *(slice(0, 1),) * (scale.ndim - 1))]


def _factors(problem: Problem, weighed: Weights, scale: Floats) -> Floats:
    """The weight factors (m, ...) beside scales (m, ...): one for all contests, or for each."""
    factors = weight_factors(
        weighed.final, problem.method.weighting, problem.tree.dimension_of_leaf
    )
    return factors.reshape(*factors.shape, *(1,) * (scale.ndim - factors.ndim))


def scores_of(problem: Problem, x: Floats, normalization: Normalization) -> Scores:
    """Where leaf values x (m, n) lie between the worst and the best end."""
    benefits = np.array([leaf.direction == "benefit" for leaf in problem.tree.leaves])
    domain = None
    if normalization == "domain":
        domain = np.array([leaf.domain for leaf in problem.tree.leaves], dtype=np.float64)
    with located(problem.scenario, ("options",)):
        return scores(x, benefits, normalization, domain)


def inside(value: float, domain: tuple[float, float] | None) -> bool:
    """Whether a leaf value lies in its domain, if there is one."""
    return domain is None or domain[0] <= value <= domain[1]


def coefficients_of(problem: Problem, weighed: Weights, scale: Floats) -> tuple[Floats, Floats]:
    """The coefficients u (m, ...) of squared gaps, and what turned weight factors into their roots.

    The largest is 1, so that squares neither overflow nor vanish together. Where they are the same
    in all contests, they are there once (m, 1).
    """
    scale = once(scale)
    factors = _factors(problem, weighed, scale)
    largest = (factors * scale).max(axis=0)
    ratio = scale / np.where(largest > 0, largest, 1.0)
    return (factors * ratio) ** 2, ratio

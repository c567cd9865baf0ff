"""Between which weights the winner keeps winning: exact intervals for leaves and dimensions.

One judged weight moves and all others keep their proportions. For a dimension the weights inside it
stay; a leaf moves by its global weight. Triantaphyllou & Sanchez (1997) ask for the smallest such
change; here are both ends, the rival who takes over, and winning regions further away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board
from mcda.engine.decision import Decision
from mcda.engine.weighing import weights_inside
from mcda.model.tree import CriteriaTree
from mcda.robustness.crossings import Crossing, crossings, multiples

__all__ = ["Bounds", "Interval", "bounds", "degree_along", "intervals", "moving"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """How far one judged weight can move.

    Attributes
    ----------
    name : str
        A leaf or a dimension.
    weight : float
        As judged, global.
    low, high : float
        The winner keeps winning in between; 0 and 1 where nothing stops it.
    low_rival, high_rival : str or None
        Who takes over there.
    ranking_low, ranking_high : float
        The whole ranking stays in between.
    regions : tuple of (float, float)
        Further regions, apart from low to high, in which the winner wins.
    """

    name: str
    weight: float
    low: float
    high: float
    low_rival: str | None
    high_rival: str | None
    ranking_low: float
    ranking_high: float
    regions: tuple[tuple[float, float], ...]


def moving(
    judged: Floats, below: Sequence[int], inside: Floats
) -> tuple[float, Callable[[Floats], Floats]]:
    """A node's judged weight, and the judged leaf weights (B, m) at values (B,) of it.

    Parameters
    ----------
    judged : (m,)
    below
        The leaves at or below the node.
    inside : (k,)
        Their weights inside it, sum 1.
    """
    own = np.zeros(len(judged))
    own[list(below)] = inside
    members = np.zeros(len(judged), dtype=bool)
    members[list(below)] = True
    others = np.where(members, 0.0, judged)
    # where nothing else has any weight, all else shares equally
    total = others.sum()
    others = others / total if total > 0 else ~members / max(1, (~members).sum())

    def path(values: Floats) -> Floats:
        moved = np.multiply.outer(values, own) + np.multiply.outer(1.0 - values, others)
        return np.asarray(moved)

    return float(judged[members].sum()), path


def degree_along(board: Board, tree: CriteriaTree, node: str) -> int | None:
    """The degree of F along the line on which a node's weight moves; ``None`` if none is.

    Where the node lies inside the source of an influence, its leaves' shares of it move, too.
    """
    own = set(tree.leaves_below[node])
    if any(own < set(edge.sources) for edge in board.edges):
        return None
    return 2 if board.weighting == "linear" else 4


def intervals(decision: Decision, board: Board) -> dict[str, Interval]:
    """Dimensions and leaves -> how far their weights can move; empty without a single winner."""
    tree, contest = decision.problem.tree, decision.workings.contest
    if decision.recommended is None or len(contest.columns) < 2:
        return {}
    order = np.argsort(-contest.closeness, kind="stable")
    names = [decision.problem.options[i].name for i in contest.columns]
    found = {}
    for node in dict.fromkeys((*tree.dimensions, *tree.leaf_ids)):
        if len(tree.leaves_below[node]) < len(tree.leaves):
            inside = weights_inside(tree, decision.workings.weighed.local, node)
            found[node] = _interval(board, tree, node, inside, order, names)
    return found


def _interval(
    board: Board,
    tree: CriteriaTree,
    node: str,
    inside: Floats,
    order: NDArray[np.intp],
    names: list[str],
) -> Interval:
    weight, path = moving(board.judged, tree.leaves_below[node], inside)
    degree = degree_along(board, tree, node)
    winner, others = int(order[0]), [int(i) for i in order[1:]]
    leads = board.leads(path, [winner] * len(others), others)
    cuts = crossings(leads, 0.0, 1.0, degree)
    below = [cut for cut in cuts if cut.at < weight]
    above = [cut for cut in cuts if cut.at > weight]
    swaps = crossings(board.leads(path, order[:-1].tolist(), order[1:].tolist()), 0.0, 1.0, degree)
    low, high = (below[-1].at if below else 0.0), (above[0].at if above else 1.0)
    return Interval(
        node,
        weight,
        low,
        high,
        names[others[below[-1].which]] if below else None,
        names[others[above[0].which]] if above else None,
        max((swap.at for swap in swaps if swap.at < weight), default=0.0),
        min((swap.at for swap in swaps if swap.at > weight), default=1.0),
        _further(leads, cuts, low, high),
    )


def _further(
    leads: Callable[[Floats], Floats], cuts: list[Crossing], low: float, high: float
) -> tuple[tuple[float, float], ...]:
    """Regions apart from the current one in which the winner leads all others."""
    ends = [0.0, *sorted({cut.at for cut in cuts}), 1.0]
    regions: list[tuple[float, float]] = []
    for start, end in pairwise(ends):
        inside = low <= start and end <= high
        if end <= start or inside or not (leads(np.array([(start + end) / 2.0])) > 0).all():
            continue
        if regions and regions[-1][1] == start:
            regions[-1] = (regions[-1][0], end)
        else:
            regions.append((start, end))
    return tuple(regions)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Intervals of g criteria as arrays (g,); rivals are positions, -1 for none."""

    low: Floats
    high: Floats
    low_rival: NDArray[np.intp]
    high_rival: NDArray[np.intp]
    ranking_low: Floats
    ranking_high: Floats


def bounds(near: Floats, far: Floats, weights: Floats, *, squared: bool = True) -> Bounds:
    """All intervals at once, in closed form, where criteria do not influence each other.

    Parameters
    ----------
    near, far : (g, n)
        The criteria's (or whole dimensions') terms of N and P.
    weights : (g,)
        Sum 1.
    squared
        Whether terms grow with the square of the weight ("classic", and dimensions under
        "hierarchical") or with the weight ("linear").

    Returns
    -------
    Bounds
        Of the option with the largest closeness; 0 and 1 where nothing stops it.
    """
    total_near, total_far = near.sum(axis=0), far.sum(axis=0)
    order = np.argsort(-(total_near / (total_near + total_far)), kind="stable")
    winner = np.full(len(order) - 1, order[0])
    found = multiples(near, far, winner, order[1:])
    ranking = multiples(near, far, order[:-1], order[1:])
    who_low, who_high = found.below.argmax(axis=1), found.above.argmin(axis=1)
    low, high = found.below.max(axis=1), found.above.min(axis=1)

    def weight_at(multiple: Floats) -> Floats:
        factor = np.sqrt(multiple) if squared else multiple
        with np.errstate(invalid="ignore"):
            moved = factor * weights / (factor * weights + 1.0 - weights)
        return np.where(np.isinf(multiple), 1.0, moved)

    return Bounds(
        weight_at(low),
        weight_at(high),
        np.where(low > 0, order[1:][who_low], -1),
        np.where(np.isfinite(high), order[1:][who_high], -1),
        weight_at(ranking.below.max(axis=1)),
        weight_at(ranking.above.min(axis=1)),
    )

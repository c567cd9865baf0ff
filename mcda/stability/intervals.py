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
from mcda.ranking.kernel import Weighting, weight_factors
from mcda.robustness.crossings import Crossing, Multiples, crossings, multiples

__all__ = ["Interval", "degree_along", "intervals", "moving"]

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
    nodes = [
        node
        for node in dict.fromkeys((*tree.dimensions, *tree.leaf_ids))
        if len(tree.leaves_below[node]) < len(tree.leaves)
    ]
    found = {}
    for level in (tree.dimensions, tree.leaf_ids):
        wanted = [node for node in nodes if node in level and node not in found]
        if wanted and _closed(board, tree, level):
            found.update(_all_at_once(board, tree, level, order, names))
    for node in nodes:
        if node not in found:
            inside = weights_inside(tree, decision.workings.weighed.local, node)
            found[node] = _interval(board, tree, node, inside, order, names)
    return {node: found[node] for node in nodes}


def _closed(board: Board, tree: CriteriaTree, level: Sequence[str]) -> bool:
    """Whether each node's squared gaps grow with its weight alone, or its square."""
    flat = len(tree.dimensions) == len(tree.leaves)
    return not board.edges and (
        level is tree.dimensions or flat or board.weighting != "hierarchical"
    )


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


def _all_at_once(
    board: Board,
    tree: CriteriaTree,
    level: Sequence[str],
    order: NDArray[np.intp],
    names: list[str],
) -> dict[str, Interval]:
    """The intervals of all nodes of one level that have some weight but not all, in closed form."""
    factors = weight_factors(board.judged, board.weighting, board.groups) * board.scale
    u = (factors / (factors.max() or 1.0)) ** 2
    member = np.zeros((len(level), len(u)))
    for row, node in enumerate(level):
        member[row, list(tree.leaves_below[node])] = 1.0
    near, far = member @ (u[:, None] * board.near), member @ (u[:, None] * board.far)
    weights = member @ board.judged
    found = multiples(near, far, np.full(len(order) - 1, order[0]), order[1:])
    ranking = multiples(near, far, order[:-1], order[1:])
    takers = found.below.argmax(axis=1), found.above.argmin(axis=1)
    low, high = found.below.max(axis=1), found.above.min(axis=1)
    ends = (low, high, ranking.below.max(axis=1), ranking.above.min(axis=1))
    placed = [_weight_at(each, weights, board.weighting) for each in ends]
    result = {}
    for row, node in enumerate(level):
        if not 0.0 < weights[row] < 1.0:
            continue
        rivals = [
            names[order[1 + int(taker[row])]] if 0.0 < end < np.inf else None
            for taker, end in zip(takers, (low[row], high[row]), strict=True)
        ]
        result[node] = Interval(
            node,
            float(weights[row]),
            float(placed[0][row]),
            float(placed[1][row]),
            rivals[0],
            rivals[1],
            float(placed[2][row]),
            float(placed[3][row]),
            _again(found, row, float(weights[row]), board.weighting),
        )
    return result


def _weight_at(multiple: Floats, weight: Floats | float, weighting: Weighting) -> Floats:
    """The weight at which a criterion's squared gaps count so many times as much as now."""
    factor = multiple if weighting == "linear" else np.sqrt(multiple)
    with np.errstate(invalid="ignore"):
        moved = factor * weight / (factor * weight + 1.0 - weight)
    return np.where(np.isinf(multiple), 1.0, moved)


def _again(
    found: Multiples, row: int, weight: float, weighting: Weighting
) -> tuple[tuple[float, float], ...]:
    """Regions apart from the current one in which the winner leads all others."""
    roots = found.roots[:, row]
    regions: list[tuple[float, float]] = []
    for side, end, taker in (
        (roots < 1.0, found.below[row].max(), found.below[row].argmax()),
        (roots > 1.0, found.above[row].min(), found.above[row].argmin()),
    ):
        # who takes over there must fall back again
        if not 0.0 < end < np.inf or side[:, taker].sum() < 2:
            continue
        beyond = roots[side & ((roots <= end) if end < 1.0 else (roots >= end))]
        cuts = np.unique(np.append(beyond, 0.0 if end < 1.0 else np.inf))
        middle = np.where(np.isinf(cuts[1:]), 2.0 * cuts[:-1], (cuts[:-1] + cuts[1:]) / 2.0)
        powers = middle[:, None] ** np.arange(3)
        wins = np.all(powers @ found.quadratics[:, row] > 0, axis=1)
        places = _weight_at(cuts, weight, weighting).tolist()
        for (start, stop), won in zip(pairwise(places), wins.tolist(), strict=True):
            if won and regions and regions[-1][1] == start:
                regions[-1] = (regions[-1][0], stop)
            elif won:
                regions.append((start, stop))
    return tuple(regions)

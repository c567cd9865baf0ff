"""The smallest changes of several weights at once that change the winner.

A transfer takes weight from one criterion and gives it to another, all others stay: F is a
polynomial of degree 4 at most in the amount, so the smallest over all ordered pairs is exact. The
smallest change in L1 or L2 is sought along many directions with exact crossings and then polished;
it is certified where two weights make the whole problem a line, else it is the best found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board
from mcda.engine.decision import Decision
from mcda.engine.weighing import weights_inside
from mcda.robustness.crossings import crossings
from mcda.stability.intervals import intervals, moving

__all__ = ["NearestChange", "Transfer", "nearest_changes", "transfers"]

Floats = NDArray[np.float64]

#: Directions along which the nearest change is sought.
_DIRECTIONS = 1024
#: Transfers that are listed.
_LISTED = 10
#: Of more criteria than this the heaviest are paired.
MOST_PAIRED = 100
#: Directions that are followed up.
_REFINED = 48
#: Operations for influences along all directions, where their shares move.
_WORK = 2e8
#: With more leaves the best found is not polished.
MOST_POLISHED = 40
#: Steps in the polishing.
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Transfer:
    """Weight that moves from one criterion to another.

    Attributes
    ----------
    level : str
        "dimension" or "leaf".
    giver, taker : str
    amount : float
        Of judged weight, at which the winner changes.
    rival : str
        Who takes over.
    """

    level: Literal["dimension", "leaf"]
    giver: str
    taker: str
    amount: float
    rival: str


@dataclass(frozen=True)
class NearestChange:
    """The smallest change of all leaf weights together that changes the winner.

    Attributes
    ----------
    norm : str
        "L1" or "L2".
    size : float
        Of the change.
    weights : mapping
        Leaf -> judged weight at which the winner changes.
    rival : str
    certified : bool
        Whether it is known to be the smallest; else it is the best found.
    """

    norm: Literal["L1", "L2"]
    size: float
    weights: dict[str, float]
    rival: str
    certified: bool


def transfers(decision: Decision, board: Board) -> tuple[Transfer, ...]:
    """The smallest transfers that change the winner, smallest first, one for each pair.

    Among dimensions, the weights inside them staying, and among leaves; of more than a hundred the
    heaviest hundred.
    """
    tree, contest = decision.problem.tree, decision.workings.contest
    if decision.recommended is None or len(contest.columns) < 2:
        return ()
    names = [decision.problem.options[i].name for i in contest.columns]
    order = np.argsort(-contest.closeness, kind="stable")
    winner, others = int(order[0]), order[1:].tolist()
    local = decision.workings.weighed.local
    found: list[Transfer] = []
    levels: list[tuple[Literal["dimension", "leaf"], Sequence[str]]] = [
        ("dimension", tree.dimensions)
    ]
    flat = set(tree.dimensions) == set(tree.leaf_ids)
    if not flat:
        levels.append(("leaf", tree.leaf_ids))
    for level, nodes in levels:
        spread = {}
        for node in nodes:
            spread[node] = np.zeros(len(board.judged))
            spread[node][list(tree.leaves_below[node])] = weights_inside(tree, local, node)
        own: list[Transfer] = []
        weight = {node: float(board.judged[list(tree.leaves_below[node])].sum()) for node in nodes}
        heaviest = sorted(nodes, key=lambda node: -weight[node])[:MOST_PAIRED]
        for giver, taker in permutations(heaviest, 2):
            most = weight[giver]
            if len(own) >= _LISTED:
                most = min(most, own[-1].amount)
            fixed = level == "dimension" or board.fixed
            cut = _first(board, spread[taker] - spread[giver], most, winner, others, fixed=fixed)
            if cut is not None:
                own.append(Transfer(level, giver, taker, cut[0], names[cut[1]]))
                own = sorted(own, key=lambda each: each.amount)[:_LISTED]
        found += own
    return tuple(sorted(found, key=lambda each: each.amount))


def _first(
    board: Board, direction: Floats, most: float, winner: int, others: list[int], *, fixed: bool
) -> tuple[float, int] | None:
    """The first place along a direction from the judged weights at which a rival takes over."""
    if most <= 0.0:
        return None

    def path(places: Floats) -> Floats:
        return np.asarray(np.maximum(board.judged + np.multiply.outer(places, direction), 0.0))

    degree = (2 if board.weighting == "linear" else 4) if fixed else None
    cuts = crossings(board.leads(path, [winner] * len(others), others), 0.0, most, degree)
    return (cuts[0].at, others[cuts[0].which]) if cuts else None


def nearest_changes(decision: Decision, board: Board, seed: int = 0) -> tuple[NearestChange, ...]:
    """The smallest changes of the leaves' judged weights in L1 and in L2.

    Parameters
    ----------
    decision, board
    seed
        Of the directions.
    """
    contest, leaves = decision.workings.contest, decision.problem.tree.leaf_ids
    m = len(leaves)
    if decision.recommended is None or len(contest.columns) < 2 or m < 2:
        return ()
    names = [decision.problem.options[i].name for i in contest.columns]
    order = np.argsort(-contest.closeness, kind="stable")
    winner, others = int(order[0]), order[1:].tolist()
    starts = [*_known(decision, board, names), *_starts(board, winner, others, seed)]
    if not starts:
        return ()
    found = []
    for norm, power in (("L1", 1), ("L2", 2)):
        size = _size(power)
        ranked = sorted(starts, key=lambda start: size(start[0] - board.judged))
        best = ranked[0]
        for start, rival in ranked[: 2 if m <= MOST_POLISHED else 0]:
            polished = _polish(board, start, winner, rival, power)
            if polished is not None and size(polished - board.judged) < size(
                best[0] - board.judged
            ):
                best = (polished, rival)
        found.append(
            NearestChange(
                norm,  # type: ignore[arg-type]
                size(best[0] - board.judged),
                dict(zip(leaves, map(float, best[0]), strict=True)),
                names[best[1]],
                certified=m == 2,
            )
        )
    return tuple(found)


def _size(power: int) -> Callable[[Floats], float]:
    return lambda change: float((np.abs(change) ** power).sum() ** (1.0 / power))


def _known(decision: Decision, board: Board, names: list[str]) -> list[tuple[Floats, int]]:
    """Weights at the ends of the intervals of dimensions and leaves."""
    tree, local = decision.problem.tree, decision.workings.weighed.local
    found = []
    for node, each in intervals(decision, board).items():
        inside = weights_inside(tree, local, node)
        _, path = moving(board.judged, tree.leaves_below[node], inside)
        for end, rival in ((each.low, each.low_rival), (each.high, each.high_rival)):
            if rival is not None:
                found.append((path(np.array([end]))[0], names.index(rival)))
    return found


def _starts(board: Board, winner: int, others: list[int], seed: int) -> list[tuple[Floats, int]]:
    """Weights at which the winner changes, along transfers and many other directions."""
    m = len(board.judged)
    most = _DIRECTIONS if board.fixed else max(32, min(_DIRECTIONS, int(_WORK / m**3)))
    pairs = list(permutations(range(m), 2))[: 2 * most]
    directions = [np.eye(m)[b] - np.eye(m)[a] for a, b in pairs]
    if m > 2:
        from scipy.stats import norm, qmc

        points = qmc.Sobol(m, seed=seed).random(1 << (most - 1).bit_length())
        drawn = norm.ppf(np.clip(points, 1e-9, 1 - 1e-9))
        drawn -= drawn.mean(axis=1, keepdims=True)
        directions += list(drawn / np.abs(drawn).sum(axis=1, keepdims=True))
    lines = np.array(directions)
    # as far as no weight falls below zero
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(lines < 0, board.judged / -lines, np.inf).min(axis=1)
    lines, room = lines[room > 0], room[room > 0]
    steps = np.linspace(0.0, 1.0, 9)
    first = np.full(len(lines), np.inf)
    for step in steps[1:]:
        open_lines = np.flatnonzero(np.isinf(first))
        places = board.judged + (step * room[open_lines])[:, None] * lines[open_lines]
        near, far = board.forms(board.final(np.maximum(places, 0.0)))
        leads = near[:, [winner]] * far[:, others] - near[:, others] * far[:, [winner]]
        lost = np.any(leads < 0, axis=1)
        first[open_lines[lost]] = step * room[open_lines[lost]]
    # the ones that lose it soonest, in either size
    lost_lines = np.flatnonzero(np.isfinite(first))
    sizes = [first[lost_lines] * np.linalg.norm(lines[lost_lines], p, axis=1) for p in (1, 2)]
    soonest = {int(lost_lines[i]) for size in sizes for i in np.argsort(size)[:_REFINED]}
    starts = []
    for line in sorted(soonest):
        cut = _first(board, lines[line], float(first[line]), winner, others, fixed=board.fixed)
        if cut is not None:
            starts.append((board.judged + cut[0] * lines[line], cut[1]))
    return starts


def _polish(board: Board, start: Floats, winner: int, rival: int, power: int) -> Floats | None:
    """A nearer place at which the rival is level with the winner; ``None`` if none is found."""
    from scipy.optimize import minimize

    m = len(start)
    judged = board.judged

    def level(weights: Floats) -> float:
        both = board.closeness(board.final(np.maximum(weights, 0.0)[None]))[0]
        return float(both[winner] - both[rival])

    # w = judged + plus - minus, so that L1 is smooth
    def weights_of(x: Floats) -> Floats:
        return np.asarray(judged + x[:m] - x[m:])

    change = start - judged
    x0 = np.concatenate([np.maximum(change, 0.0), np.maximum(-change, 0.0)])
    objective = (lambda x: x.sum()) if power == 1 else (lambda x: ((x[:m] - x[m:]) ** 2).sum())
    result = minimize(
        objective,
        x0,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * m + [(0.0, float(w)) for w in judged],
        constraints=[
            {"type": "eq", "fun": lambda x: x[:m].sum() - x[m:].sum()},
            {"type": "eq", "fun": lambda x: level(weights_of(x))},
        ],
        options={"maxiter": _STEPS, "ftol": 1e-12},
    )
    found = np.maximum(weights_of(result.x), 0.0)
    reached = abs(level(found)) < 1e-9 and abs(found.sum() - judged.sum()) < 1e-9
    return found if reached else None

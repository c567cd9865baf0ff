"""Which value of one pairwise judgement changes the winner, and which judgements matter most.

Under the geometric mean a judgement moves the logarithms of its node's weights along a line, so its
flip is exact for all values; under the eigenvector the weights are computed at Chebyshev points.
The variance of the lead under noise in all judgements splits exactly over them (delta method).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board
from mcda.engine.comparing import closeness_slopes
from mcda.engine.contest import rank
from mcda.engine.decision import Decision
from mcda.engine.local import comparisons_of_options, local_weights
from mcda.engine.weighing import coefficients_jacobian, covariance_of_priorities
from mcda.robustness.crossings import Crossing, crossings
from mcda.robustness.lead import FLOOR
from mcda.weighting.ahp import AhpResult

__all__ = [
    "Influential",
    "JudgementFlip",
    "influential",
    "judgement_flips",
    "path_of_judgement",
    "scale_steps",
]

Floats = NDArray[np.float64]

#: Saaty's scale.
LEAST, MOST = 1.0 / 9.0, 9.0


@dataclass(frozen=True, slots=True)
class JudgementFlip:
    """The values of one judgement at which the winner changes.

    Attributes
    ----------
    node : str
        Whose children, or under which the options, are compared.
    first, second : str
    judge : str or None
        Whose judgement, where there are several judges.
    given : float
        How many times as important as `second` `first` was said to be.
    below, above : tuple of (float, str) or None
        The nearest value on either side, on Saaty's scale from 1/9 to 9, and who takes over.
    steps : float
        How far the nearer one is on Saaty's scale, where 1/2, 1, 2 are one step apart; infinite
        without one.
    """

    node: str
    first: str
    second: str
    judge: str | None
    given: float
    below: tuple[float, str] | None
    above: tuple[float, str] | None
    steps: float


@dataclass(frozen=True, slots=True)
class Influential:
    """How much of the lead's variance under noise comes from one judgement.

    Attributes
    ----------
    node, first, second : str
    share : float
        In [0, 1]; all shares, with those of weights that were not judged in pairs, sum to 1.
    """

    node: str
    first: str
    second: str
    share: float


def scale_steps(one: float, other: float) -> float:
    """How many steps apart two judgements are on Saaty's scale: ..., 1/3, 1/2, 1, 2, 3, ..."""

    def place(value: float) -> float:
        return value - 1.0 if value >= 1.0 else 1.0 - 1.0 / value

    return abs(place(one) - place(other))


def judgement_flips(decision: Decision, board: Board) -> tuple[JudgementFlip, ...]:
    """Every judgement of criteria, and of options under a criterion, the nearest flip first."""
    contest = decision.workings.contest
    if decision.recommended is None or len(contest.columns) < 2:
        return ()
    found = [
        _flip(decision, board, node, pair, judge, given)
        for node, pair, judge, given in _judgements(decision)
    ]
    found += [
        _flip_of_options(decision, leaf, pair, judge, given)
        for leaf, pair, judge, given in _comparisons(decision)
    ]
    return tuple(sorted(found, key=lambda each: each.steps))


def _judgements(decision: Decision) -> Iterator[tuple[str, tuple[str, str], str | None, float]]:
    """Node, pair, judge, value of everything that was judged, each pair once."""
    plan = decision.problem.weights
    for node, result in decision.consistency.items():
        own: _Said = {None: plan.judgements.get(node, {})}
        if plan.judges:
            own = {name: said.judgements.get(node, {}) for name, said in plan.judges.items()}
        yield from _each(node, result.labels, own)


def _comparisons(decision: Decision) -> Iterator[tuple[str, tuple[str, str], str | None, float]]:
    """Leaf, pair of options, judge, value of every comparison of options."""
    plan = decision.problem.weights
    for leaf, result in decision.compared.items():
        own: _Said = {None: plan.comparisons.get(leaf, {})}
        if plan.judges:
            own = {name: said.comparisons.get(leaf, {}) for name, said in plan.judges.items()}
        yield from _each(leaf, result.labels, own)


_Said = Mapping[str | None, Mapping[tuple[str, str], float]]


def _each(
    node: str, labels: tuple[str, ...], judges: _Said
) -> Iterator[tuple[str, tuple[str, str], str | None, float]]:
    for judge, said in judges.items():
        for first, second in combinations(labels, 2):
            if (first, second) in said:
                yield node, (first, second), judge, said[first, second]
            elif (second, first) in said:
                yield node, (second, first), judge, said[second, first]


def _flip(
    decision: Decision,
    board: Board,
    node: str,
    pair: tuple[str, str],
    judge: str | None,
    given: float,
) -> JudgementFlip:
    contest = decision.workings.contest
    names = [decision.problem.options[i].name for i in contest.columns]
    order = np.argsort(-contest.closeness, kind="stable")
    winner, others = int(order[0]), order[1:].tolist()
    path, low, high = path_of_judgement(decision, board, node, pair, judge, given)
    cuts = crossings(board.leads(path, [winner] * len(others), others), low, high)
    return _nearest(node, pair, judge, given, cuts, [names[k] for k in others])


def _nearest(
    node: str,
    pair: tuple[str, str],
    judge: str | None,
    given: float,
    cuts: list[Crossing],
    rivals: list[str],
) -> JudgementFlip:
    """The crossings, at logarithms, that are nearest to a judgement on either side."""
    lower = [cut for cut in cuts if cut.at < np.log(given)]
    upper = [cut for cut in cuts if cut.at > np.log(given)]
    below, above = (
        None if cut is None else (float(np.exp(cut.at)), rivals[cut.which])
        for cut in (lower[-1] if lower else None, upper[0] if upper else None)
    )
    steps = min((scale_steps(given, each[0]) for each in (below, above) if each), default=np.inf)
    return JudgementFlip(node, *pair, judge, given, below, above, float(steps))


def _flip_of_options(
    decision: Decision, leaf: str, pair: tuple[str, str], judge: str | None, given: float
) -> JudgementFlip:
    """Where a comparison of two options under a leaf changes the winner."""
    problem, workings = decision.problem, decision.workings
    columns = workings.contest.columns
    names = [problem.options[i].name for i in columns]
    order = np.argsort(-workings.contest.closeness, kind="stable")
    winner, others = int(order[0]), order[1:].tolist()
    number = problem.tree.leaf_ids.index(leaf)

    def leads(logs: Floats) -> Floats:
        rows = []
        for value in np.exp(logs).tolist():
            values = workings.scored.values.copy()
            values[:, number] = _compared_anew(decision, leaf, pair, judge, value)
            found = rank(
                problem, values, columns, workings.weighed, workings.contest.normalization
            ).closeness
            rows.append(found[winner] - found[others])
        return np.stack(rows)

    cuts = crossings(leads, float(np.log(min(LEAST, given))), float(np.log(max(MOST, given))))
    return _nearest(leaf, pair, judge, given, cuts, [names[k] for k in others])


def _compared_anew(
    decision: Decision, leaf: str, pair: tuple[str, str], judge: str | None, value: float
) -> Floats:
    """All options' priorities under a leaf with another value of one comparison."""
    plan = decision.problem.weights
    if judge is None:
        said = {**plan.comparisons[leaf], pair: value}
        changed = replace(plan, comparisons={leaf: said})
    else:
        opinion = plan.judges[judge]
        said = {**opinion.comparisons.get(leaf, {}), pair: value}
        opinion = replace(opinion, comparisons={**opinion.comparisons, leaf: said})
        changed = replace(plan, judges={**plan.judges, judge: opinion})
    return comparisons_of_options(replace(decision.problem, weights=changed))[leaf].weights


def path_of_judgement(
    decision: Decision,
    board: Board,
    node: str,
    pair: tuple[str, str],
    judge: str | None,
    given: float,
) -> tuple[Callable[[Floats], Floats], float, float]:
    """Judged leaf weights (B, m) at logarithms (B,) of one judgement, and the ends of its scale."""
    tree = decision.problem.tree
    local = _local_along(decision, node, pair, judge, given)
    before = decision.workings.weighed.local[node]
    below = [list(tree.leaves_below[child]) for child in tree.children[node]]

    def path(logs: Floats) -> Floats:
        weights = np.repeat(board.judged[None], len(logs), axis=0)
        moved = local(logs)
        for number, leaves in enumerate(below):
            if before[number] > 0:
                weights[:, leaves] *= (moved[:, number] / before[number])[:, None]
        return weights

    return path, float(np.log(min(LEAST, given))), float(np.log(max(MOST, given)))


def _local_along(
    decision: Decision, node: str, pair: tuple[str, str], judge: str | None, given: float
) -> Callable[[Floats], Floats]:
    """The node's local weights (B, k) at logarithms (B,) of one judgement."""

    def weights_at(value: float) -> Floats:
        return _reweighed(decision, node, pair, judge, value)

    plan = decision.problem.weights
    scenario_weights = decision.problem.scenario.weights
    by_priorities = scenario_weights is not None and scenario_weights.aggregation == "priorities"
    if decision.problem.method.priorities == "geometric_mean" and not (
        plan.judges and by_priorities
    ):
        # the logarithms move along a line: two points tell it
        start = np.log(weights_at(given))
        slope = np.log(weights_at(given * np.e)) - start

        def line(logs: Floats) -> Floats:
            moved = np.exp(start + np.multiply.outer(logs - np.log(given), slope))
            return np.asarray(moved / moved.sum(axis=1, keepdims=True))

        return line

    def each(logs: Floats) -> Floats:
        return np.stack([weights_at(float(np.exp(log))) for log in logs])

    return each


def _reweighed(
    decision: Decision, node: str, pair: tuple[str, str], judge: str | None, value: float
) -> Floats:
    """The node's local weights with another value of one judgement."""
    problem = decision.problem
    plan = problem.weights
    if judge is None:
        own = {**plan.judgements.get(node, {}), pair: value}
        changed = replace(plan, judgements={node: own})
    else:
        opinion = plan.judges[judge]
        said = {**opinion.judgements.get(node, {}), pair: value}
        changed = replace(
            plan,
            judges={
                **plan.judges,
                judge: replace(opinion, judgements={**opinion.judgements, node: said}),
            },
        )
    return local_weights(replace(problem, weights=changed), None, only=node)[0][node]


def influential(decision: Decision, board: Board) -> tuple[Influential, ...]:
    """Judgements of criteria and of options by how much of the lead's variance they make.

    Of the lead over the runner-up. Each judgement's logarithm carries the noise of its node (see
    the verdict), independently.
    """
    contest, weighed = decision.workings.contest, decision.workings.weighed
    if len(contest.columns) < 2:
        return ()
    order = np.argsort(-contest.closeness, kind="stable")
    gradient = _gradient(decision, board, int(order[0]), int(order[1]))
    shares: list[tuple[str, str, str, float]] = []
    total = 0.0
    nodes = [node for node, children in decision.problem.tree.parents() if len(children) > 1]
    for node, noise in zip(nodes, weighed.noise, strict=True):
        own = gradient[noise.columns]
        result = decision.consistency.get(node)
        total += float(own @ noise.covariance @ own)
        if result is not None:
            shares += [(node, *each) for each in _by_judgement(result, own)]
    scored, normalization = decision.workings.scored, contest.normalization
    for j, leaf in enumerate(decision.problem.tree.leaf_ids):
        if leaf not in decision.compared:
            continue
        result = decision.compared[leaf]
        slopes = closeness_slopes(
            decision.problem, scored.values, j, result, contest.columns, weighed, normalization
        )
        own = slopes[:, order[0]] - slopes[:, order[1]]
        total += float(own @ covariance_of_priorities(result) @ own)
        shares += [(leaf, *each) for each in _by_judgement(result, own)]
    if total <= 0.0:
        return ()
    found = [Influential(node, one, two, part / total) for node, one, two, part in shares]
    return tuple(sorted(found, key=lambda each: -each.share))


def _by_judgement(result: AhpResult, gradient: Floats) -> Iterator[tuple[str, str, float]]:
    """Each judgement's part of a node's variance: ln w = L^+ (sum of signed logarithms)."""
    variance = max(result.gci or 0.0, FLOOR)
    for i, j in combinations(range(len(result.labels)), 2):
        if not np.isnan(result.matrix[i, j]):
            slope = float(gradient @ (result.covariance[:, i] - result.covariance[:, j]))
            yield result.labels[i], result.labels[j], variance * slope * slope


def _gradient(decision: Decision, board: Board, first: int, other: int) -> Floats:
    """How the difference in closeness changes with all local log weights (L,)."""
    weighed, problem = decision.workings.weighed, decision.problem
    jacobian = coefficients_jacobian(weighed.final, weighed.jacobian, problem)
    slopes = board.closeness_slopes(weighed.final)
    return np.asarray(jacobian.T @ (slopes[:, first] - slopes[:, other]))

"""The local weights of every node, whichever way the scenario gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mcda.model.documents import Document, Keys, located
from mcda.model.problem import Pair, Problem
from mcda.weighting.ahp import AhpResult, prioritise, prioritise_matrix
from mcda.weighting.best_worst import BestWorstResult, best_worst
from mcda.weighting.group import aggregate_judgements, aggregate_priorities
from mcda.weighting.objective import objective_weights
from mcda.weighting.pairwise import comparison_matrix
from mcda.weighting.ranking import rank_order_centroid

__all__ = ["Answers", "alone", "comparisons_of_options", "local_weights"]

Floats = NDArray[np.float64]
#: What the weights of a node rest on, where answers may contradict each other.
Answers = AhpResult | BestWorstResult


def local_weights(
    problem: Problem, values: Floats | None, only: str | None = None
) -> tuple[dict[str, Floats], dict[str, Answers]]:
    """Per node with children its children's weights, and the answers behind them if any.

    With `only`, of this node alone.

    Raises
    ------
    DocumentError
        With the place of weights that cannot be computed.
    """
    plan = problem.weights
    if plan.objective is not None and values is not None:
        return _objective(problem, values), {}
    local: dict[str, Floats] = {}
    answers: dict[str, Answers] = {}
    for node, children in problem.tree.parents():
        if only is not None and node != only:
            continue
        at = problem.weights_at(node)
        numbers: Mapping[str, float] | None = None
        if len(children) == 1 or plan.objective is not None:
            numbers = dict.fromkeys(children, 1.0)
        elif node in plan.direct:
            numbers = plan.direct[node]
        elif node in plan.rankings:
            numbers = rank_order_centroid(plan.rankings[node])
        elif node in plan.best_worst:
            given = plan.best_worst[node]
            with located(*at):
                found = best_worst(
                    children,
                    given.best,
                    given.worst,
                    given.best_to_others,
                    given.others_to_worst,
                    node=node,
                )
            numbers, answers[node] = found.weights, found
        if numbers is not None:
            weights = np.array([numbers[child] for child in children], dtype=np.float64)
            weights = weights / weights.max()
            local[node] = weights / weights.sum()
            continue
        with located(*at):
            result = _judged(problem, node, children)
        local[node], answers[node] = result.weights, result
    return local, answers


def _judged(problem: Problem, node: str, children: Sequence[str]) -> AhpResult:
    return _joined(
        problem,
        node,
        children,
        problem.weights.judgements.get(node, {}),
        [judge.judgements.get(node, {}) for judge in problem.weights.judges.values()],
    )


def comparisons_of_options(problem: Problem) -> dict[str, AhpResult]:
    """Per leaf whose options are compared in pairs, their priorities.

    Raises
    ------
    DocumentError
        If comparisons do not connect all options.
    """
    plan = problem.weights
    leaves = set(plan.comparisons).union(*(judge.comparisons for judge in plan.judges.values()))
    options = [option.name for option in problem.options]
    found = {}
    for leaf in problem.tree.leaf_ids:
        if leaf in leaves:
            with located(*problem.weights_at(leaf)):
                found[leaf] = _joined(
                    problem,
                    leaf,
                    options,
                    plan.comparisons.get(leaf, {}),
                    [judge.comparisons.get(leaf, {}) for judge in plan.judges.values()],
                )
    return found


def _joined(
    problem: Problem,
    node: str,
    labels: Sequence[str],
    own: Mapping[Pair, float],
    of_judges: Sequence[Mapping[Pair, float]],
) -> AhpResult:
    """One set of judgements, or the judges' joined as the scenario says."""
    method = problem.method.priorities
    judges = problem.weights.judges
    if not judges:
        return prioritise(node, own, labels, method)
    matrices = [comparison_matrix(said, labels)[0] for said in of_judges]
    importance = [judge.importance for judge in judges.values()]
    joined = aggregate_judgements(matrices, importance)
    result = prioritise_matrix(node, joined, labels, method)
    given = problem.scenario.weights
    if given is not None and given.aggregation == "priorities":
        each = []
        for judge, matrix in zip(judges, matrices, strict=True):
            with located(*alone(problem, judge).weights_at(node)):
                each.append(prioritise_matrix(node, matrix, labels, method).weights)
        return replace(result, weights=aggregate_priorities(each, importance))
    return result


def alone(problem: Problem, judge: str) -> Problem:
    """The problem as one judge alone sees it."""
    opinion = problem.weights.judges[judge]
    plan = replace(
        problem.weights,
        judges={},
        judge=judge,
        judgements=opinion.judgements,
        comparisons=opinion.comparisons,
    )
    return replace(problem, weights=plan)


def _objective(problem: Problem, values: Floats) -> dict[str, Floats]:
    """Local weights that multiply to the leaves' objective ones."""
    tree, method = problem.tree, problem.weights.objective
    assert method is not None
    benefits = np.array([leaf.direction == "benefit" for leaf in tree.leaves])
    at: tuple[Document, Keys] = (problem.scenario, ("weights", "objective"))
    with located(*at):
        leaves = objective_weights(values, benefits, method, tree.leaf_ids)
    local = {}
    for node, children in tree.parents():
        sums = np.array([leaves[list(tree.leaves_below[child])].sum() for child in children])
        local[node] = sums / sums.sum() if sums.sum() > 0 else np.full(len(sums), 1 / len(sums))
    return local

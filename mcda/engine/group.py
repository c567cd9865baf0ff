"""What each judge of a group says alone, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from mcda.engine.decision import Decision, Group, JudgeView
from mcda.errors import McdaError
from mcda.model.problem import Opinion, Pair, Problem
from mcda.weighting.ahp import AhpResult
from mcda.weighting.group import consensus, spread
from mcda.weighting.pairwise import comparison_matrix

__all__ = ["group_of"]


def group_of(
    problem: Problem, decision: Decision, decide: Callable[[Problem], Decision]
) -> Group | None:
    """The group behind a decision; ``None`` without judges.

    Parameters
    ----------
    problem
        With all judges.
    decision
        The group's.
    decide
        Evaluates a problem; used for each judge alone.
    """
    judges = problem.weights.judges
    if not judges:
        return None
    views = tuple(_view(name, judge, problem, decision, decide) for name, judge in judges.items())
    disagreements = []
    importance = [judge.importance for judge in judges.values()]
    for node, result in _compared(decision):
        matrices = [
            comparison_matrix(_said(judge, node), result.labels)[0] for judge in judges.values()
        ]
        disagreements += spread(node, result.labels, tuple(judges), matrices, importance)
    largest = max(importance)
    found = [
        (view.importance / largest, apart) for view in views for apart in view.consensus.values()
    ]
    total = sum(weight for weight, _ in found)
    return Group(
        judges=views,
        disagreements=tuple(sorted(disagreements, key=lambda each: -each.factor)),
        consensus=sum(weight * apart for weight, apart in found) / total if found else None,
    )


def _compared(decision: Decision) -> Iterator[tuple[str, AhpResult]]:
    """All that was compared in pairs: children of nodes, and options under leaves."""
    yield from decision.consistency.items()
    yield from decision.compared.items()


def _said(judge: Opinion, node: str) -> Mapping[Pair, float]:
    return judge.judgements.get(node) or judge.comparisons.get(node) or {}


def _view(
    name: str,
    judge: Opinion,
    problem: Problem,
    decision: Decision,
    decide: Callable[[Problem], Decision],
) -> JudgeView:
    apart = {}
    for node, result in _compared(decision):
        matrix = comparison_matrix(_said(judge, node), result.labels)[0]
        index = consensus(matrix, np.asarray(result.weights))
        if index is not None:
            apart[node] = index
    alone = replace(
        problem.weights, judges={}, judgements=judge.judgements, comparisons=judge.comparisons
    )
    try:
        own = decide(replace(problem, weights=alone))
    except McdaError as error:
        return JudgeView(name, judge.importance, None, None, {}, apart, str(error))
    return JudgeView(
        name,
        judge.importance,
        own.recommended,
        own.verdict,
        own.weights.by_dimension("judged"),
        apart,
    )

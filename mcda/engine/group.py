"""What each judge of a group says alone, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mcda.engine.decision import Decision, Group, JudgeView
from mcda.engine.local import alone
from mcda.errors import McdaError, listing
from mcda.model.documents import place
from mcda.model.problem import Opinion, Pair, Problem
from mcda.model.text import Notice
from mcda.weighting.ahp import AhpResult, joining_pairs, prioritise
from mcda.weighting.graph import components
from mcda.weighting.group import consensus, spread
from mcda.weighting.pairwise import comparison_matrix

__all__ = ["AnswersOfJudge", "answers_of_judges", "group_of"]

#: What is said of one judge's own judgements; what is missing is said of all judges' together.
_OWN = ("inconsistent", "circle", "beyond_scale", "reciprocal")


@dataclass(frozen=True, slots=True)
class AnswersOfJudge:
    """What one judge's judgements say of themselves.

    Attributes
    ----------
    consistency : mapping
        Node, or leaf whose options are compared -> result, where the judge's comparisons connect
        all that is compared.
    notices : tuple of Notice
        Contradictions, judgements beyond the scale, and the first node where the judge's
        comparisons do not suffice alone.
    """

    consistency: Mapping[str, AhpResult]
    notices: tuple[Notice, ...]


def answers_of_judges(problem: Problem) -> dict[str, AnswersOfJudge]:
    """Of each judge; empty without judges."""
    return {name: _answers(name, judge, problem) for name, judge in problem.weights.judges.items()}


def _answers(name: str, judge: Opinion, problem: Problem) -> AnswersOfJudge:
    found: dict[str, AhpResult] = {}
    gaps: list[Notice] = []
    for node, labels in _asked(problem):
        said = _said(judge, node)
        groups = components(~np.isnan(comparison_matrix(said, labels)[0]))
        if len(groups) == 1:
            found[node] = prioritise(node, said, labels, problem.method.priorities)
            continue
        at = place(*alone(problem, name).weights_at(node))
        named = listing(f"{{{listing(labels[i] for i in group)}}}" for group in groups)
        pairs = listing(joining_pairs(groups, labels))
        # the folder is of no interest, and whose reports are sent round need not tell it
        where = str(replace(at, source=Path(at.source).name))
        gaps.append(Notice("judge_incomplete", node=node, groups=named, pairs=pairs, place=where))
    notices = [each for result in found.values() for each in result.warnings if each.code in _OWN]
    return AnswersOfJudge(found, tuple(each.of_judge(name) for each in (*notices, *gaps[:1])))


def _asked(problem: Problem) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All that judges compare in pairs: children of nodes, and options under leaves."""
    for node, children in problem.tree.parents():
        if len(children) > 1:
            yield node, children
    compared = {leaf for judge in problem.weights.judges.values() for leaf in judge.comparisons}
    options = tuple(option.name for option in problem.options)
    for leaf in problem.tree.leaf_ids:
        if leaf in compared:
            yield leaf, options


def group_of(
    problem: Problem,
    decision: Decision,
    answers: Mapping[str, AnswersOfJudge],
    decide: Callable[[Problem], Decision],
) -> Group | None:
    """The group behind a decision; ``None`` without judges.

    Parameters
    ----------
    problem
        With all judges.
    decision
        The group's.
    answers
        What each judge's judgements say of themselves.
    decide
        Evaluates a problem; used for each judge alone.
    """
    judges = problem.weights.judges
    if not judges:
        return None
    views = tuple(
        _view(name, problem, decision, answers[name].consistency, decide) for name in judges
    )
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
    problem: Problem,
    decision: Decision,
    consistency: Mapping[str, AhpResult],
    decide: Callable[[Problem], Decision],
) -> JudgeView:
    judge, apart = problem.weights.judges[name], {}
    for node, result in _compared(decision):
        matrix = comparison_matrix(_said(judge, node), result.labels)[0]
        index = consensus(matrix, np.asarray(result.weights))
        if index is not None:
            apart[node] = index
    try:
        own = decide(alone(problem, name))
    except McdaError as error:
        return JudgeView(name, judge.importance, None, None, {}, apart, str(error), consistency)
    return JudgeView(
        name,
        judge.importance,
        own.recommended,
        own.verdict,
        own.weights.by_dimension("judged"),
        apart,
        consistency=consistency,
    )

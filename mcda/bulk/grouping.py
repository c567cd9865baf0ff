"""Scenarios of a job that share criteria, weights and method, evaluated all at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from mcda.bulk.columns import Extras
from mcda.bulk.frame import results_of
from mcda.bulk.leads import Leads
from mcda.bulk.results import Results
from mcda.bulk.rows import Failures, Layout, OptionRow, ScenarioAt, StackValues
from mcda.bulk.sources import Settings
from mcda.engine.expectations import briefly, missed_by
from mcda.engine.scoring import Compiled, column_of, compile_formulas
from mcda.engine.verdict import VERDICTS
from mcda.engine.weighing import weigh
from mcda.formulas import Values
from mcda.frames.building import cells_of
from mcda.model.problem import OptionFacts, Problem, WeightPlan

__all__ = ["evaluate_group", "group_by_model"]

Rows = NDArray[np.intp]

#: Fewer scenarios are evaluated one by one, which is then as fast.
_FEW = 4


def group_by_model(problems: Mapping[int, Problem]) -> tuple[list[list[int]], list[int]]:
    """Numbers of problems that can be evaluated together, and of those that go alone."""
    groups: dict[Hashable, list[int]] = {}
    plans: dict[int, Hashable] = {}
    alone = []
    for number, problem in problems.items():
        plan = problem.weights
        # What compares the options themselves differs with them from scenario to scenario.
        if plan.comparisons or any(judge.comparisons for judge in plan.judges.values()):
            alone.append(number)
            continue
        if id(plan) not in plans:
            plans[id(plan)] = _frozen(plan)
        # Weights of their own for each scenario of a group would go here: without the plan.
        key = (_criteria_key(problem), plans[id(plan)], _scenario_key(problem))
        groups.setdefault(key, []).append(number)
    several = [group for group in groups.values() if len(group) >= _FEW]
    few = [number for group in groups.values() if len(group) < _FEW for number in group]
    return several, sorted(alone + few)


def _criteria_key(problem: Problem) -> Hashable:
    """Equal for problems whose criteria are equal; a loaded model is one object."""
    if not problem.stand_alone:
        return id(problem.criteria)
    influences = ((each.from_, each.to, each.share) for each in problem.criteria.influences)
    tree = problem.tree
    return tuple(tree.children.items()), tree.leaves, tuple(influences)


def _scenario_key(problem: Problem) -> Hashable:
    """What a scenario says beside its criteria and weights, its profile and its options."""
    scenario = problem.scenario
    method = scenario.method
    gates = tuple((name, gate.rule) for name, gate in scenario.constraints.items())
    joined = None if scenario.weights is None else scenario.weights.aggregation
    how = (method.priorities, method.normalization, method.weighting, method.dependencies)
    return how, gates, joined if problem.weights.judges else None


def _frozen(value: Any) -> Hashable:
    """A plan, or what stands in it, as something that can be hashed."""
    if isinstance(value, WeightPlan):
        return tuple(_frozen(each) for each in vars(value).values())
    if isinstance(value, Mapping):
        return tuple((key, _frozen(each)) for key, each in value.items())
    if isinstance(value, BaseModel):
        return tuple(_frozen(each) for each in value.__dict__.values())
    if hasattr(value, "__dataclass_fields__"):
        return _frozen(astuple(value))
    if isinstance(value, (tuple, list)):
        return tuple(_frozen(each) for each in value)
    return value  # type: ignore[no-any-return]


def evaluate_group(
    problems: Sequence[Problem], settings: Settings
) -> tuple[dict[str, Any], NDArray[np.bool_], Leads]:
    """Columns of the problems of a group, a row for each; in which something is wrong; and leads.

    Raises
    ------
    McdaError
        If something is wrong with what they share.
    """
    first = problems[0]
    compiled = compile_formulas(first)
    weighed = None if first.weights.objective else weigh(first)
    stack, failures = _stack(problems, compiled)
    extras = Extras(settings.reasons, settings.sensitivity)
    results = results_of(stack, weighed, {}, failures, settings.lang, extras)
    columns = results.by_scenario(failures)
    columns["scenario"] = cells_of([problem.id for problem in problems], str)
    columns["missed"] = cells_of(_missed(problems, results, failures), str)
    return columns, failures.failed, results.leads


def _missed(problems: Sequence[Problem], results: Results, failures: Failures) -> list[str | None]:
    """What scenarios expect and do not get."""
    said: list[str | None] = []
    starts = results.layout.starts.tolist()
    failed, verdicts = failures.failed.tolist(), results.verdicts.tolist()
    # Scenarios that share expectations and options, and get the same answer, miss the same.
    known: dict[Hashable, str | None] = {}
    for number, problem in enumerate(problems):
        expected = problem.scenario.expected
        if expected is None or failed[number]:
            said.append(None)
            continue
        rows = slice(starts[number], starts[number + 1])
        best, failing = results.recommended[rows], results.failing[rows]
        answer = verdicts[number], best.tobytes(), failing.tobytes()
        key = (id(expected), id(problem.options), *answer)
        if key not in known:
            known[key] = _missed_by(problem, verdicts[number], best, failing)
        said.append(known[key])
    return said


def _missed_by(
    problem: Problem, verdict: int, recommended: NDArray[np.bool_], failing: NDArray[np.bool_]
) -> str | None:
    """What one scenario expects and does not get."""
    names = list(problem.gates)
    best = np.flatnonzero(recommended)
    excluded = {
        option.name: [names[gate] for gate in np.flatnonzero(gates)]
        for option, gates in zip(problem.options, failing, strict=True)
        if gates.any()
    }
    misses = missed_by(
        problem.scenario,
        problem.options[int(best[0])].name if best.size else None,
        VERDICTS[verdict],
        excluded,
    )
    return "; ".join(briefly(code, values) for _, code, values in misses) or None


def _stack(problems: Sequence[Problem], compiled: Compiled) -> tuple[StackValues, Failures]:
    """Everything that formulas read, a row for each option of each problem."""
    options = [option for problem in problems for option in problem.options]
    starts = np.cumsum([0, *(len(problem.options) for problem in problems)])
    contest_of = np.repeat(np.arange(len(problems)), np.diff(starts))
    codes: dict[str, int] = {}
    named = [codes.setdefault(option.name, len(codes)) for option in options]
    layout = Layout(starts, contest_of, np.array(named, dtype=np.intp), tuple(codes))

    def named_at(scenario: ScenarioAt) -> str:
        return problems[scenario].id

    def scenario_of(row: OptionRow) -> str:
        return problems[int(contest_of[row])].id

    failed = np.zeros(len(problems), dtype=bool)
    failures = Failures(
        contest_of, False, lambda row: named_at(failures.scenario_at(row)), named_at, failed
    )
    criteria = problems[0].criteria
    stack = StackValues(problems[0], compiled, {}, {}, layout, scenario_of)
    for name in criteria.profile:
        values, known = column_of(
            [each.profile.get(name) for each in problems], compiled.names[name]
        )
        stack.table[name] = Values(values[contest_of], known[contest_of])
    stack.roles = _roles(problems, tuple(criteria.parts), starts)
    distinct, which = _distinct(options)
    for name, declared in criteria.facts.items():
        given = [each.facts[name].value if name in each.facts else None for each in distinct]
        said = np.array([name in each.facts or name in each.unknown for each in distinct])
        values, known = column_of(given, compiled.names[name])
        column = Values(values[which], known[which])
        stack.table[name] = stack.combined(column, declared, said[which])
    return stack, failures


def _distinct(options: Sequence[OptionFacts]) -> tuple[list[OptionFacts], Rows]:
    """Options with facts of their own, and which of them each option is like.

    Options that a facts pack describes share what it says.
    """
    places: dict[tuple[int, int], int] = {}
    keys = [(id(option.facts), id(option.unknown)) for option in options]
    which = [places.setdefault(key, len(places)) for key in keys]
    found = dict(zip(which, options, strict=True))
    return [found[place] for place in range(len(places))], np.array(which, dtype=np.intp)


def _roles(problems: Sequence[Problem], roles: Sequence[str], starts: Rows) -> dict[str, Rows]:
    """Role -> the row that plays it in each row."""
    found = {role: np.full(int(starts[-1]), -1, dtype=np.intp) for role in roles}
    for problem, start in zip(problems, starts.tolist(), strict=False):
        place = {option.name: start + i for i, option in enumerate(problem.options)}
        for option in problem.options:
            for role, name in option.parts.items():
                found[role][place[option.name]] = place[name]
    return found

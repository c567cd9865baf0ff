"""Long tables evaluated, all scenarios at once."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.columns import NOTHING, Errors, Extras, Per
from mcda.bulk.expected import expectations
from mcda.bulk.hashes import Hasher, said_by
from mcda.bulk.results import Results
from mcda.bulk.rows import Failures, OptionRow, ScenarioAt, StackValues, stack_of
from mcda.bulk.table import FROM, Table
from mcda.bulk.weights import nodes_weighed, weights_of
from mcda.engine.contest import Weights
from mcda.engine.group import answers_of_judges
from mcda.engine.scoring import Scored, compile_formulas, score
from mcda.engine.weighing import Weighed, weigh
from mcda.engine.weighing_many import Given, WeighedMany, weigh_many
from mcda.errors import DocumentError, FormulaError, InputError, hint
from mcda.files.loader import Loader
from mcda.frames.building import cells_of, frame_of, kind_of
from mcda.frames.reading import FrameRow, where
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.language import Language
from mcda.model.problem import Problem
from mcda.model.scenario import Scenario

__all__ = ["Template", "evaluate_table", "held", "results_of", "template"]

Rows = NDArray[np.intp]

#: The most rows that are worked on at a time: those of a job. Of fewer, the steps in between cost
#: more than what a processor's cache saves.
_CHUNK = 2**17
#: Failures that one error lists.
_LISTED = 8


@dataclass(frozen=True, eq=False)
class Template:
    """What holds where a table is silent.

    Attributes
    ----------
    problem : Problem
        Criteria, weights, method, gates, and options as far as they are given.
    unsettled : frozenset of str
        Nodes of whose weights nothing is said but in the table.
    """

    problem: Problem
    unsettled: frozenset[str] = frozenset()

    @cached_property
    def weighed(self) -> Weighed | None:
        """Its weights; ``None`` where they come from a contest's own values."""
        return weigh(self.problem) if self.problem.weights.objective is None else None

    @cached_property
    def said(self) -> str:
        """All that it says, for hashes."""
        return said_by(self.problem)


def template(
    loader: Loader,
    criteria: Criteria,
    facts: FactsPack | str | None,
    options: Mapping[str, Any] | None,
    columns: Mapping[str, str],
    keys: Mapping[str, Any],
) -> Template:
    """What holds where a table is silent.

    Parameters
    ----------
    loader
        Finds the facts pack.
    criteria, facts
        Of all scenarios.
    options
        Of all scenarios, if they are given; else those that the column ``from`` names.
    columns
        Of the table.
    keys
        What else stands in a scenario: profile, weights, method, constraints.

    Raises
    ------
    McdaError
        If they are no scenario.
    """
    pack = loader.pack(facts, criteria) if isinstance(facts, str) else facts
    known: Mapping[str, Any] = options if options is not None else {"option": {}}
    if options is None and FROM in columns:
        if pack is None:
            what = f"the column {columns[FROM]!r} names options of a facts pack"
            raise InputError(f"{what}, but none is given", "Give facts=NAME")
        known = {name: {"from": name} for name in pack.options}
    unsettled: dict[str, tuple[str, ...]] = {}
    if keys.get("weights") is None:
        weighed = nodes_weighed(columns, criteria)
        unsettled = {n: of for n, of in weighed.items() if n not in criteria.judgements}
    if unsettled:
        even = {child: 1.0 for children in unsettled.values() for child in children}
        keys = {**keys, "weights": {"direct": even}}
    given = {"id": "table", "criteria": criteria, "facts": pack, "options": dict(known), **keys}
    return Template(loader.problem(Scenario(**given)), frozenset(unsettled))


def evaluate_table(
    table: Table,
    template: Template,
    errors: Errors,
    lang: Language,
    per: Per = "option",
    *,
    reasons: bool = False,
) -> Any:
    """The results in the table's order and the caller's kind of frame.

    Parameters
    ----------
    table
    template
    errors
        "raise" ends with the first failures; "report" puts them into the column ``error``.
    lang
        Language of the reasons.
    per
        What has a row: every option, or every scenario.
    reasons
        Whether rows of scenarios say why the winner leads, and what would change it soonest.

    Raises
    ------
    InputError
        For what is wrong with scenarios, if errors are raised.
    """
    results = held(table, template, lang, Extras(reasons=reasons))
    failures = table.failures
    if errors == "raise" and (failures.found or table.unmet):
        texts = [failures.found[contest] for contest in sorted(failures.found)]
        texts += [text for _, text in table.unmet]
        size = len(failures.failed) + len(table.unmet)
        count = f"{len(texts)} of {size} scenarios" if size > 1 else "the scenario"
        more = [f"and {len(texts) - _LISTED} more"] if len(texts) > _LISTED else []
        raise InputError(
            "\n  ".join([f"{count} cannot be evaluated:", *texts[:_LISTED], *more]) + "\n",
            "errors='report' gives the others' results, and the errors in a column",
        )
    found = results.frame(table) if per == "option" else _by_scenario(results, table)
    return _with_unmet(found, table) if table.unmet else found


def _by_scenario(results: Results, table: Table) -> Any:
    """A row for each scenario, in the caller's kind of frame."""
    kind = kind_of(table.source.native)
    firsts = np.arange(len(table.ids)) if table.expand is not None else table.layout.starts[:-1]
    rows = table.frame.take(firsts)
    columns: dict[str, Any] = {}
    for name in (table.scenario, *table.keep):
        if name != table.scenario:
            _refuse_various(table, name)
        columns[name] = rows.native_column(name)
    found = results.by_scenario(table.failures)
    for name, column in found.items():
        if name in columns:
            raise InputError(f"the column {name!r} is one of the results' own", "Rename it before")
        columns[name] = column
    return frame_of(columns, kind)


def _refuse_various(table: Table, name: str) -> None:
    """A column that is kept says one thing of a scenario, if there is one row for it."""
    codes = table.frame.coded(name).codes
    if table.expand is not None:
        return
    other = (np.diff(table.layout.contest_of) == 0) & (codes[1:] != codes[:-1])
    for row in where(other, OptionRow)[:1]:
        what = f"the column {name!r} differs within the scenario {table.scenario_of(row)!r}"
        raise InputError(what, "Leave it out of keep=, or use per='option'")


def _with_unmet(found: Any, table: Table) -> Any:
    """Rows for scenarios that only the second table has."""
    import narwhals as nw

    frame: Any = nw.from_native(found)
    errors = cells_of([text for _, text in table.unmet], str)
    kind = kind_of(found)
    names = cells_of([None if each is None else str(each) for each, _ in table.unmet], str)
    more: Any = nw.from_native(frame_of({table.scenario: names, "error": errors}, kind))
    of, error = nw.col(table.scenario), nw.col("error")
    more = more.with_columns(
        of.cast(frame.schema[table.scenario]), error.cast(frame.schema["error"])
    )
    joined = nw.concat([frame, more], how="diagonal").to_native()
    if kind == "pandas" and type(found.index).__name__ == "RangeIndex":
        return joined.reset_index(drop=True)
    return joined


def held(
    table: Table, template: Template, lang: Language, extras: Extras = NOTHING, version: str = ""
) -> Results:
    """The results of all contests of a table; what is wrong with scenarios is in its failures.

    Parameters
    ----------
    table
    template
    lang
    extras
        What is wanted beside what every result has.
    version
        Of the program, which is a part of the input.
    """
    layout, failures, problem = table.layout, table.failures, template.problem
    if problem.weights.comparisons or any(
        judge.comparisons for judge in problem.weights.judges.values()
    ):
        raise InputError(
            "the weights compare options in pairs, which differ from scenario to scenario",
            "Evaluate such scenarios one by one",
        )
    compiled = compile_formulas(problem)
    weighed = template.weighed
    nodes = nodes_weighed(table.columns, problem.criteria)
    of_all = {} if weighed is None else weighed.answers
    notices = [each for n, result in of_all.items() if n not in nodes for each in result.warnings]
    notices += [each for said in answers_of_judges(problem).values() for each in said.notices]
    if notices:
        said = [notice.titled(problem.tree.titles).say(lang) for notice in notices]
        warnings.warn(" ".join(said), UserWarning, stacklevel=4)
    of_template = _of_template(table, problem)
    stack = stack_of(
        problem,
        compiled,
        table.frame,
        {name: column for name, column in table.columns.items() if name != FROM},
        layout,
        of_template,
        table.expand,
        table.scenario_of,
        failures,
    )
    if table.expand is None:
        _refuse_differing(table, stack)
    given = _own_weights(table, template, weighed) if nodes else {}
    expected = expectations(table, problem)
    hasher = None
    if extras.hashes:
        common = f"{version}\n{template.said}"
        hasher = Hasher(problem, layout.names, table.columns, of_template, common)
    results = results_of(stack, weighed, given, failures, lang, extras, hasher)
    results.expectations = expected
    return results


def results_of(
    stack: StackValues,
    weighed: Weighed | None,
    given: Mapping[str, Given],
    failures: Failures,
    lang: Language,
    extras: Extras = NOTHING,
    hasher: Hasher | None = None,
) -> Results:
    """The results of all contests of a stack; what is wrong with scenarios goes to `failures`.

    `given` has what they say of their weights themselves, by node.
    """
    layout, problem = stack.layout, stack.problem
    stack.thin()
    results = Results(problem, layout, lang, extras)
    results.weights = given
    size = len(layout.starts) - 1
    step = max(1, -(-size // max(1, -(-len(layout.options) // _CHUNK))))
    for first in range(0, size, step):
        last = min(first + step, size)
        part = stack.part(first, last)
        weights = {node: each.part(first, last) for node, each in given.items()}
        if hasher is not None:
            results.hashes[first:last] = hasher.of(part, weights)
        scored = _scored(part, failures)
        own: Weights | None = weighed
        if weighed is not None and given:
            own = _weighed(problem, weighed, weights, first, failures)
        results.add(slice(first, last), scored, own, failures)
    return results


def _own_weights(table: Table, template: Template, weighed: Weighed | None) -> dict[str, Given]:
    """What the table says of its scenarios' weights, by node."""
    if weighed is None or template.problem.weights.judges:
        what = "columns give weights, which the template takes from the values or from judges"
        raise InputError(what, "Leave out the columns, or weights: of the template")
    return weights_of(table, template.problem, weighed, template.unsettled)


def _weighed(
    problem: Problem,
    weighed: Weighed,
    given: Mapping[str, Given],
    first: int,
    failures: Failures,
) -> WeighedMany:
    """The weights of a run of scenarios from `first` on; failures are noted."""
    own = weigh_many(problem, weighed, given)
    for contest, error in own.failed.items():
        failures.add_scenario(ScenarioAt(first + contest), error.what, error.remedy)
    return own


def _of_template(table: Table, problem: Problem) -> Rows:
    """Which of the template's options each row is; -1 for none."""
    position = {option.name: i for i, option in enumerate(problem.options)}
    if table.options is None and FROM in table.columns:
        refuse = table.failures.at(table.columns[FROM])
        codes, words = table.frame.words(table.columns[FROM], refuse, tuple(position))
        places = np.array([*(position.get(word, -1) for word in words), -1], dtype=np.intp)
        found = places.take(codes)
        if (places[:-1] < 0).any():
            for row in where((found < 0) & (codes >= 0), FrameRow):
                word = words[int(codes[row])]
                refuse(row, f"names {word!r}, which the facts pack has not", hint(word, position))
        return found
    if FROM in table.columns:
        raise InputError(
            f"options are given for all scenarios and by the column {table.columns[FROM]!r}",
            "Leave out one of them",
        )
    names = table.layout.names
    known = np.array([position.get(name, -1) for name in names], dtype=np.intp)
    if table.options is not None:
        for place in where(known[table.layout.options] < 0, OptionRow):
            name = names[table.layout.options[place]]
            what = f"{name!r} is not among the options given for all scenarios"
            table.failures.add(place, what, hint(name, position))
    return np.asarray(known[table.layout.options])


def _refuse_differing(table: Table, stack: StackValues) -> None:
    """A profile field has one value in a scenario."""
    together = np.diff(table.layout.contest_of) == 0
    for name in stack.problem.criteria.profile:
        values, known = stack.table[name]
        if name not in table.columns:
            continue
        same = (known[1:] == known[:-1]) & ((values[1:] == values[:-1]) | ~known[1:])
        refuse = table.failures.at(table.columns[name])
        for row in where(together & ~same, FrameRow):
            remedy = "A profile belongs to the scenario: repeat it in all its rows"
            refuse(FrameRow(row + 1), "differs from the row before", remedy)


def _scored(stack: StackValues, failures: Failures) -> Scored:
    """The scores of a run of scenarios; those whose formulas fail are noted as failures."""
    active = np.ones(stack.size, dtype=bool)
    while True:
        try:
            return score(stack, active)
        except DocumentError as error:
            origin = error.origin
            if not isinstance(origin, FormulaError) or not origin.everywhere:
                raise
            at = error.findings[0].place
            for row, said in origin.everywhere.items():
                contest = int(stack.layout.contest_of[row])
                if active[row]:
                    text = f"{at}: {said(row)}, in {origin.formula.strip()}"
                    failures.add(OptionRow(stack.offset + row), text, origin.remedy)
                    starts = stack.layout.starts
                    active[starts[contest] : starts[contest + 1]] = False

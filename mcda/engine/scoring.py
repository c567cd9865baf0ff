"""Facts and profile -> measures -> gates -> leaf values."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.engine.missing import unknown_below, unknown_in
from mcda.errors import DocumentError, Finding
from mcda.formulas import (
    BOOLEAN,
    NUMBER,
    Choice,
    Node,
    Type,
    Values,
    cycle_free_order,
    evaluate,
    names_in,
    parse,
    references,
)
from mcda.model.criteria import Criteria, FactField, ProfileField
from mcda.model.documents import Document, Keys, located, place
from mcda.model.problem import Problem
from mcda.model.tree import Leaf

__all__ = [
    "Compiled",
    "OptionValues",
    "RowValues",
    "Scored",
    "column_of",
    "compile_formulas",
    "evaluated",
    "every",
    "score",
    "scored_name",
]

Place = tuple[Document, Keys]


@dataclass(frozen=True)
class Compiled:
    """The translated formulas of a problem."""

    #: Measures in the order in which they can be evaluated.
    measures: Mapping[str, Node]
    gates: Mapping[str, Node]
    names: Mapping[str, Type]

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """Measure or gate (as ``gate:id``) -> every fact, field and measure behind it."""
        found: dict[str, frozenset[str]] = {}
        gates = {f"gate:{name}": node for name, node in self.gates.items()}
        for name, node in {**self.measures, **gates}.items():
            direct = frozenset(read for read, _ in references(node))
            found[name] = direct.union(*(found[each] for each in direct if each in found))
        return found


@dataclass(frozen=True)
class Scored:
    """What formulas said about every row.

    Attributes
    ----------
    values : (n, m) array
        Leaf values; NaN where unknown.
    known : (n, m) array
        Where leaf values are known.
    passed : mapping
        Gate -> whether each row passes it, and where that is known.
    options : RowValues
        What the formulas read.
    """

    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    passed: Mapping[str, Values]
    options: RowValues = field(repr=False)

    @property
    def compiled(self) -> Compiled:
        """The formulas."""
        return self.options.compiled

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Which rows (n,) pass every gate for certain."""
        passed = np.ones(len(self.values), dtype=bool)
        for yes, sure in self.passed.values():
            for each in (yes, sure):
                if not every(each):
                    passed &= each
        return passed

    def missing_of_leaf(self, leaf: str, option: int) -> tuple[str, ...]:
        """The unknown facts and profile fields that a leaf needs to be scored for an option."""
        of = next(each for each in self.options.problem.tree.leaves if each.id == leaf)
        return unknown_below(scored_name(of), option, self.options)

    def missing_of_gate(self, gate: str, option: int) -> tuple[str, ...]:
        """The unknown facts and profile fields that a gate needs to be decided for an option."""
        node, text = self.compiled.gates[gate], self.options.problem.gates[gate].rule
        return unknown_in(node, text, option, self.options)


def compile_formulas(problem: Problem) -> Compiled:
    """Translate every measure and gate, once for all scenarios of a model without own gates.

    Raises
    ------
    DocumentError
        With one finding for every formula that is wrong, or for measures in a circle.
    """
    if problem.scenario.constraints:
        return _compiled(problem)
    found: Compiled = problem.remembered("compiled", lambda: _compiled(problem))
    return found


def _compiled(problem: Problem) -> Compiled:
    """Translate every measure and gate.

    Raises
    ------
    DocumentError
        With one finding for every formula that is wrong, or for measures in a circle.
    """
    criteria = problem.criteria
    names: dict[str, Type] = {name: _type(field) for name, field in criteria.profile.items()}
    names.update({name: _type(field) for name, field in criteria.facts.items()})
    findings: list[Finding] = []
    if criteria.measures or problem.gates:
        findings.extend(_ambiguous_names(criteria))

    def translate(text: str, at: Place) -> Node | None:
        try:
            with located(*at):
                return parse(text, names, criteria.parts)
        except DocumentError as error:
            findings.extend(error.findings)
            return None

    measures = _measures(criteria, names, translate)
    gates: dict[str, Node] = {}
    for name, gate in problem.gates.items():
        at = problem.gate_at(name)
        node = translate(gate.rule, at)
        if node is not None and node.type != BOOLEAN:
            what = f"a rule says yes or no, this is a {node.type}"
            findings.append(Finding(place(*at), what, "Compare it, as in x > 0"))
        elif node is not None:
            gates[name] = node
    for leaf in problem.tree.leaves:
        if leaf.measure and leaf.measure in measures and measures[leaf.measure].type != NUMBER:
            keys = ("criteria", *(p for name in leaf.path for p in (name, "children")))[:-1]
            what = f"the measure {leaf.measure!r} is a {measures[leaf.measure].type}"
            findings.append(
                Finding(place(criteria, (*keys, "measure")), what, "A criterion needs a number")
            )
    if findings:
        raise DocumentError(findings)
    return Compiled(measures, gates, names)


def _ambiguous_names(criteria: Criteria) -> Iterator[Finding]:
    """Names that Python's parser would read as others, such as full-width letters."""
    for kind in ("profile", "facts", "measures"):
        for name in getattr(criteria, kind):
            plain = unicodedata.normalize("NFKC", name)
            if name.isidentifier() and plain != name:
                yield Finding(
                    place(criteria, (kind, name)),
                    f"formulas read {name!r} as {plain!r}",
                    f"Name it {plain!r}",
                )


def _measures(
    criteria: Criteria, names: dict[str, Type], translate: Callable[[str, Place], Node | None]
) -> dict[str, Node]:
    """The measures in order; `names` gains their types.

    A measure's type is known once those it reads are translated, so the order is found first.
    """
    texts = {name: measure.formula for name, measure in criteria.measures.items()}
    with located(criteria, ("measures",)):
        order = cycle_free_order({name: names_in(text) for name, text in texts.items()})
    names.update(dict.fromkeys(texts, NUMBER))
    measures: dict[str, Node] = {}
    for name in order:
        node = translate(texts[name], (criteria, ("measures", name, "formula")))
        if node is not None:
            measures[name] = node
            names[name] = node.type
    return measures


def _type(field: ProfileField | FactField) -> Type:
    if field.type == "choice":
        return Choice("choice", field.values or ())
    return BOOLEAN if field.type == "boolean" else NUMBER


class RowValues:
    """Values of every name for rows, each an option of a scenario, for the evaluator.

    Attributes
    ----------
    problem : Problem
        What the rows share: criteria, gates, weights.
    compiled : Compiled
    roles : mapping
        Role -> (rows,) the row that plays it in each row, -1 where none does.
    table : dict
        Name -> its values, which broadcast to (..., rows).
    names : sequence of str
        Of options, which rows have in turn.
    size : int
        How many rows there are.
    """

    def __init__(
        self,
        problem: Problem,
        compiled: Compiled,
        table: dict[str, Values],
        roles: Mapping[str, NDArray[np.intp]],
        names: Sequence[str],
        size: int,
    ) -> None:
        self.problem = problem
        self.compiled = compiled
        self.table = table
        self.roles = roles
        self.names = names
        self.size = size

    def name_of(self, row: int) -> str:
        """The name of a row's option."""
        return self.names[row % len(self.names)]

    def combined(self, column: Values, field: FactField, said: NDArray[np.bool_]) -> Values:
        """A fact's values, where rows with parts get from them what they do not give themselves.

        `said` (rows,) is where a row gives the fact itself, be it as unknown.
        """
        if field.combine is None or not self.roles:
            return column
        rows = np.flatnonzero(self.consists & ~said)
        if not rows.size:
            return column
        values, known = column.values.copy(), column.known.copy()
        parts = [index[rows] for index in self.roles.values()]
        values[..., rows], known[..., rows] = _combine(
            field.combine,
            [column.values[..., part] for part in parts],
            [column.known[..., part] for part in parts],
            [part >= 0 for part in parts],
        )
        return Values(values, known)

    @cached_property
    def played(self) -> Mapping[str, NDArray[np.bool_]]:
        """Role -> (rows,) whether some row plays it in each row."""
        return {role: index >= 0 for role, index in self.roles.items()}

    @cached_property
    def consists(self) -> NDArray[np.bool_]:
        """Which rows consist of parts."""
        return reduce(np.logical_or, self.played.values())

    def value(self, name: str, part: str | None) -> Values:
        """The rows' values of a name, or those of the rows that play a part in them."""
        values, known = self.table[name]
        if part is None:
            return Values(values, known)
        index, played = self.roles[part], self.played[part]
        here = _at(known, index)
        sure = played if here.size == 1 and here.all() else here & played
        return Values(_at(values, index), sure)

    def label(self, index: tuple[int, ...]) -> str:
        """The option at an index, for messages."""
        if not index or self.size <= index[-1]:
            return ""
        return f"option {self.name_of(index[-1])!r}"


def _at(array: NDArray[Any], index: NDArray[np.intp]) -> NDArray[Any]:
    """The rows (..., rows) at an index; what is alike in all rows stays as it is."""
    return array if array.shape[-1:] in ((), (1,)) else array.take(index, axis=-1)


class OptionValues(RowValues):
    """The values of one problem's options."""

    def __init__(self, problem: Problem, compiled: Compiled) -> None:
        self.position = {option.name: i for i, option in enumerate(problem.options)}
        roles = {
            role: np.array(
                [self.position.get(option.parts.get(role, ""), -1) for option in problem.options]
            )
            for role in problem.criteria.parts
        }
        names = [option.name for option in problem.options]
        super().__init__(problem, compiled, {}, roles, names, len(names))
        for name in problem.criteria.profile:
            value = problem.profile.get(name)
            self.table[name] = column_of([value], compiled.names[name])
        for name, declared in problem.criteria.facts.items():
            column = column_of(self._given(name), compiled.names[name])
            self.table[name] = self.combined(column, declared, self._said(name))

    def _given(self, fact: str) -> list[float | bool | str | None]:
        return [
            option.facts[fact].value if fact in option.facts else None
            for option in self.problem.options
        ]

    def _said(self, fact: str) -> NDArray[np.bool_]:
        return np.array(
            [fact in option.facts or fact in option.unknown for option in self.problem.options]
        )

    def with_facts(self, changes: Mapping[tuple[int, str], NDArray[np.generic]]) -> OptionValues:
        """The same where (option, fact) take B values each; the table's entries become (B, n)."""
        changed = copy(self)
        changed.table = dict(self.table)
        for name in dict.fromkeys(fact for _, fact in changes):
            given = self._given(name)
            plain = column_of(given, self.compiled.names[name])
            own = {option: values for (option, fact), values in changes.items() if fact == name}
            size = (len(next(iter(own.values()))), len(given))
            numbers = np.broadcast_to(plain.values, size).copy()
            known = np.broadcast_to(plain.known, size).copy()
            for option, values in own.items():
                numbers[:, option], known[:, option] = values, True
            field = self.problem.criteria.facts[name]
            column = Values(numbers, known)
            changed.table[name] = self.combined(column, field, self._said(name))
        return changed

    def with_profile(self, name: str, values: NDArray[np.generic]) -> OptionValues:
        """The same where a profile field takes B values; the table's entries become (B, 1)."""
        changed = copy(self)
        column = Values(np.asarray(values)[:, None], np.ones((len(values), 1), dtype=bool))
        changed.table = {**self.table, name: column}
        return changed


def column_of(given: Sequence[float | bool | str | None], kind: Type) -> Values:
    """Values as formulas have them: choices as positions, NaN and 0 where nothing is known."""
    known = np.array([value is not None for value in given])
    if isinstance(kind, Choice):
        positions = [0 if value is None else kind.values.index(str(value)) for value in given]
        return Values(np.array(positions, dtype=np.float64), known)
    if kind == BOOLEAN:
        return Values(np.array([bool(value) for value in given]), known)
    return Values(np.array([np.nan if v is None else float(v) for v in given]), known)


def _combine(
    how: str,
    values: Sequence[NDArray[Any]],
    known: Sequence[NDArray[np.bool_]],
    played: Sequence[NDArray[np.bool_]],
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The parts' facts (..., rows) put together; a part counts where it is `played` (rows,)."""
    pairs = list(zip(known, played, strict=True))
    sure = reduce(np.logical_and, (is_known | ~exists for is_known, exists in pairs))
    counts = [is_known & exists for is_known, exists in pairs]
    if how in ("all", "any"):
        settles = how == "any"
        settling = (c & (each == settles) for c, each in zip(counts, values, strict=True))
        settled = reduce(np.logical_or, settling)
        return np.where(settled, settles, not settles), settled | sure
    nothing = {"sum": 0.0, "min": np.inf, "max": -np.inf}[how]
    numbers = [np.where(c, each, nothing) for c, each in zip(counts, values, strict=True)]
    if how == "sum":
        # smallest first, so that the order of the parts does not matter
        total = np.sort(np.stack(numbers), axis=0).sum(axis=0)
    else:
        total = reduce(np.minimum if how == "min" else np.maximum, numbers)
    return np.where(sure, total, np.nan), sure


def evaluated(
    options: RowValues,
    changed: frozenset[str] | None = None,
    active: NDArray[np.bool_] | None = None,
) -> dict[str, Values]:
    """Every measure's values, and the facts and profile fields that they were made from.

    With `changed`, only measures that read one of these facts or fields are worked out anew; with
    `active` (rows,), nothing can be wrong elsewhere.

    Raises
    ------
    DocumentError
        If a formula's result is not finite, with the formula, the option and its inputs.
    """
    problem, compiled = options.problem, options.compiled
    for name, node in compiled.measures.items():
        if changed is not None and not changed & compiled.reads[name]:
            continue
        with located(problem.criteria, ("measures", name, "formula")):
            text = problem.criteria.measures[name].formula
            options.table[name] = evaluate(node, text, options, *_given(active))
    return options.table


def _given(active: NDArray[np.bool_] | None) -> tuple[NDArray[np.bool_], ...]:
    return () if active is None else (active,)


def score(options: RowValues, active: NDArray[np.bool_] | None = None) -> Scored:
    """Evaluate measures and gates for all rows at once; only `active` ones (rows,) can be wrong.

    Raises
    ------
    DocumentError
        If a formula's result is not finite, with the formula, the option and its inputs.
    """
    problem, size = options.problem, options.size
    evaluated(options, active=active)
    passed = {}
    for name, node in options.compiled.gates.items():
        with located(*problem.gate_at(name)):
            values, known = evaluate(node, problem.gates[name].rule, options, *_given(active))
        passed[name] = Values(np.broadcast_to(values, size), np.broadcast_to(known, size))
    columns = [options.table[scored_name(leaf)] for leaf in problem.tree.leaves]
    values = np.empty((len(columns), size))
    for row, column in zip(values, columns, strict=True):
        np.copyto(row, column.values)
    if all(column.known.size == 1 and column.known.all() for column in columns):
        return Scored(values.T, np.broadcast_to(np.True_, values.T.shape), passed, options)
    known = np.stack([np.broadcast_to(column.known, size) for column in columns])
    return Scored(np.where(known, values, np.nan).T, known.T, passed, options)


def every(known: NDArray[np.bool_]) -> bool:
    """Whether all is known for certain, as one truth value says of all rows."""
    return not any(known.strides) and known.size > 0 and bool(known.flat[0])


def scored_name(leaf: Leaf) -> str:
    """The measure or fact that a leaf scores."""
    return leaf.measure or leaf.fact or leaf.id

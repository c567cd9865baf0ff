"""A long table's columns as what formulas read: one row for each option of each scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NewType

import numpy as np
from numpy.typing import NDArray

from mcda.engine.scoring import Compiled, RowValues, column_of, scored_name
from mcda.errors import InputError
from mcda.formulas import Type, Values
from mcda.frames.reading import Coded, Column, Frame, FrameRow, Refuse, where
from mcda.model.criteria import FactField, ProfileField
from mcda.model.language import given_number, interval
from mcda.model.problem import Problem

__all__ = [
    "Failures",
    "Layout",
    "OptionRow",
    "ScenarioAt",
    "StackValues",
    "checked",
    "layout_of",
    "layout_of_all",
    "numbered",
    "stack_of",
]

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
#: The number of an option's row in a layout, and a scenario's position. Where a table has one row
#: for each scenario, neither of its rows (`FrameRow`) is an option's.
OptionRow = NewType("OptionRow", int)
ScenarioAt = NewType("ScenarioAt", int)

#: Numbers up to here are counted rather than sorted, however few rows there are.
_FEW = 4096
#: Places for every scenario and option are kept where they are at most this many times the rows.
_SPARSE = 8


@dataclass
class Failures:
    """What is wrong with scenarios: the first thing found in each.

    Attributes
    ----------
    contest_of : (R,) array
        The scenario of each option's row.
    expanded : bool
        Whether the frame has a row for each scenario, not for each option's row.
    place : callable
        Says where a row of the frame stands, and of which scenario it is.
    scenario : callable
        Names a scenario.
    failed : (B,) array
        Which scenarios something is wrong with.
    found : dict
        Scenario -> what is wrong.
    elsewhere : dict
        Column of another table -> says where in that one a scenario's entry stands.
    """

    contest_of: Rows
    expanded: bool
    place: Callable[[FrameRow], str]
    scenario: Callable[[ScenarioAt], str]
    failed: Mask
    found: dict[int, str] = field(default_factory=dict)
    elsewhere: dict[str, Callable[[ScenarioAt], str]] = field(default_factory=dict)

    def scenario_at(self, row: FrameRow) -> ScenarioAt:
        """The scenario of a row of the frame."""
        return ScenarioAt(row if self.expanded else int(self.contest_of[row]))

    def first_row(self, scenario: ScenarioAt) -> FrameRow:
        """The first of the frame's rows that say something of a scenario."""
        first = scenario if self.expanded else int(np.searchsorted(self.contest_of, scenario))
        return FrameRow(first)

    def at(self, column: str) -> Refuse:
        """Takes down what is wrong in a column of the frame."""

        def refuse(row: FrameRow, what: str, remedy: str) -> None:
            scenario = self.scenario_at(row)
            elsewhere = self.elsewhere.get(column)
            place = self.place(row) if elsewhere is None else elsewhere(scenario)
            self._note(scenario, place, f"column {column!r} {what}", remedy)

        return refuse

    def add(self, row: OptionRow, what: str, remedy: str = "") -> None:
        """Note that something is wrong with an option of a scenario."""
        scenario = ScenarioAt(int(self.contest_of[row]))
        at = FrameRow(scenario if self.expanded else row)
        self._note(scenario, self.place(at), what, remedy)

    def add_scenario(self, scenario: ScenarioAt, what: str, remedy: str = "") -> None:
        """Note that something is wrong with a whole scenario."""
        self._note(scenario, self.scenario(scenario), what, remedy)

    def _note(self, scenario: ScenarioAt, place: str, what: str, remedy: str) -> None:
        if scenario not in self.found:
            self.failed[scenario] = True
            self.found[scenario] = f"{place}: {InputError(what, remedy)}"


@dataclass(frozen=True, eq=False)
class Layout:
    """Which rows belong together.

    Attributes
    ----------
    starts : (B + 1,) array
        Where each scenario's rows begin, and R.
    contest_of : (R,) array
        The scenario of each row.
    options : (R,) array
        Positions among `names`.
    names : tuple of str
        Of options.
    """

    starts: Rows
    contest_of: Rows
    options: Rows
    names: tuple[str, ...]

    @cached_property
    def places(self) -> Rows | None:
        """Where each of `names` stands in every scenario, -1 if it does not.

        ``None`` unless all scenarios have the same options in the same order.
        """
        contests = len(self.starts) - 1
        every = len(self.options) // contests if contests else 0
        first = self.options[:every]
        if every == 0 or every * contests != len(self.options) or len(set(first.tolist())) < every:
            return None
        if (self.starts[1:] != np.arange(1, contests + 1) * every).any():
            return None
        if (self.options.reshape(contests, every) != first).any():
            return None
        places = np.full(len(self.names), -1)
        places[first] = np.arange(every)
        return places

    def row_of(self, contests: Rows, options: Rows) -> Rows:
        """The rows of options in scenarios; -1 where the scenario has no such option."""
        if self.places is not None:
            place = np.append(self.places, -1).take(np.maximum(options, -1))
            rows = contests * (len(self.options) // (len(self.starts) - 1))
            rows += place
            rows[place < 0] = -1
            return rows
        wanted = contests * len(self.names) + options
        if self._first is not None:
            rows = self._first.take(np.maximum(wanted, 0))
            return np.where(options >= 0, rows, -1)
        keys, order = self._keys
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        rows = order[at]
        return np.where((options >= 0) & (keys[at] == wanted), rows, -1)

    def repeated(self) -> Rows:
        """The rows whose scenario has their option in a row before."""
        if self.places is not None:
            return np.zeros(0, dtype=np.intp)
        if self._first is not None:
            return np.flatnonzero(self._first.take(self._key) != np.arange(len(self.options)))
        keys, order = self._keys
        return np.sort(order[1:][keys[1:] == keys[:-1]])

    @cached_property
    def _key(self) -> Rows:
        """A number for each row's scenario and option."""
        return self.contest_of * len(self.names) + self.options

    @cached_property
    def _first(self) -> Rows | None:
        """The first row of each scenario and option, -1 where none is; only if they are few."""
        every = (len(self.starts) - 1) * len(self.names)
        if every > _SPARSE * len(self.options):
            return None
        first = np.full(every, -1)
        first[self._key[::-1]] = np.arange(len(self.options))[::-1]  # the first is written last
        return first

    @cached_property
    def _keys(self) -> tuple[Rows, Rows]:
        """The keys, rising, and the rows in that order."""
        keys = self._key
        if (keys[1:] >= keys[:-1]).all():
            return keys, np.arange(len(keys))
        order = np.argsort(keys, kind="stable")
        return keys[order], order


def layout_of(starts: Rows, options: Coded) -> Layout:
    """The layout of rows whose scenarios begin at `starts`."""
    contest_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return Layout(starts, contest_of, options.codes, tuple(options.entries))


def layout_of_all(scenarios: int, options: Sequence[str]) -> Layout:
    """The layout where every scenario has the same options."""
    starts = np.arange(scenarios + 1) * len(options)
    contest_of = np.repeat(np.arange(scenarios), len(options))
    codes = np.tile(np.arange(len(options)), scenarios)
    return Layout(starts, contest_of, codes, tuple(options))


class StackValues(RowValues):
    """The values of every option of every scenario."""

    def __init__(
        self,
        problem: Problem,
        compiled: Compiled,
        table: dict[str, Values],
        roles: Mapping[str, Rows],
        layout: Layout,
        scenario_of: Callable[[OptionRow], str],
        offset: int = 0,
    ) -> None:
        super().__init__(problem, compiled, table, roles, layout.names, len(layout.options))
        self.layout = layout
        self.scenario_of = scenario_of
        self.offset = offset

    def name_of(self, row: int) -> str:
        """The name of a row's option."""
        return self.layout.names[int(self.layout.options[row])]

    def label(self, index: tuple[int, ...]) -> str:
        """The option and the scenario at an index, for messages."""
        if not index or self.size <= index[-1]:
            return ""
        row = OptionRow(index[-1])
        return f"option {self.name_of(row)!r} of scenario {self.scenario_of(row)!r}"

    def thin(self) -> None:
        """Let values, and masks of what is known, that are alike in all rows be one."""
        for name, (values, known) in self.table.items():
            every = known.size > 1 and bool(known.all())
            same = every and values.size > 1 and bool(values[0] == values[-1])
            same = same and bool((values == values[0]).all())
            self.table[name] = Values(
                values[:1] if same else values, np.ones(1, dtype=bool) if every else known
            )

    def part(self, first: int, last: int) -> StackValues:
        """The same with the scenarios from `first` to before `last` only."""
        starts = self.layout.starts
        rows = slice(int(starts[first]), int(starts[last]))
        layout = Layout(
            starts[first : last + 1] - starts[first],
            self.layout.contest_of[rows] - first,
            self.layout.options[rows],
            self.layout.names,
        )
        table = {
            name: Values(_cut(values, rows), _cut(known, rows))
            for name, (values, known) in self.table.items()
        }
        roles = {role: np.maximum(of[rows] - rows.start, -1) for role, of in self.roles.items()}
        begin = rows.start
        return StackValues(
            self.problem,
            self.compiled,
            table,
            roles,
            layout,
            lambda row: self.scenario_of(OptionRow(row + begin)),
            self.offset + begin,
        )


def _cut(array: NDArray[Any], rows: slice) -> NDArray[Any]:
    return array if array.size == 1 else array[rows]


def stack_of(
    problem: Problem,
    compiled: Compiled,
    frame: Frame,
    columns: Mapping[str, str],
    layout: Layout,
    of_template: Rows,
    expand: Rows | None,
    scenario_of: Callable[[OptionRow], str],
    failures: Failures,
) -> StackValues:
    """Everything that formulas read, from a template and the columns that are laid over it.

    Parameters
    ----------
    problem
        The template: what holds where the frame has no column, or null.
    compiled
        Its formulas.
    frame
        The table, its rows in the order of the layout (or a row for each scenario).
    columns
        Name of a fact, a profile field or ``part:role`` -> its column.
    layout
        Of the rows.
    of_template : (R,)
        Which of the template's options each row is; -1 for none.
    expand
        Where the frame has a row for each scenario: the frame's row of each row; else ``None``.
    scenario_of, failures
        Names for messages, and where they go.
    """
    stack = StackValues(problem, compiled, {}, {}, layout, scenario_of)

    def given(name: str, declared: FactField | ProfileField) -> Column:
        """What the column of a name says in each row."""
        values, known = checked(frame, columns[name], declared, failures)
        return Column(values, known) if expand is None else Column(values[expand], known[expand])

    for name, profile_field in problem.criteria.profile.items():
        plain = column_of([problem.profile.get(name)], compiled.names[name])
        stack.table[name] = plain
        if name in columns:
            stack.table[name] = _over(given(name, profile_field), plain)
    stack.roles = _roles(problem, frame, columns, layout, of_template, failures)
    read = {scored_name(leaf) for leaf in problem.tree.leaves}.union(*compiled.reads.values())
    patterns = _patterns(problem, compiled, of_template, stack.roles)
    for name, fact_field in problem.criteria.facts.items():
        if name in columns:
            column = given(name, fact_field)
            if column.known.all():
                stack.table[name] = Values(*column)
                continue
            base, said = _template_facts(problem, name, of_template, compiled.names[name])
            laid = _over(column, base)
            stack.table[name] = stack.combined(laid, fact_field, said | column.known)
        elif name in read:
            stack.table[name] = patterns.fact(name, fact_field)
    return stack


def _over(column: Column, base: Values) -> Values:
    """A column laid over what holds where it says nothing."""
    values, known = column
    if known.all():
        return Values(values, known)
    return Values(np.where(known, values, base.values), known | base.known)


@dataclass(frozen=True, eq=False)
class _Patterns:
    """Rows that have the same option of the template and the same parts have the same facts there.

    Attributes
    ----------
    codes : (R,) array
        The pattern of each row.
    of_template : (K + 1 + P,) array
        The template's K options, none, and the option of each pattern.
    small : RowValues
        All of these as rows; the parts of patterns are among the first K + 1.
    """

    codes: Rows
    of_template: Rows
    small: RowValues

    def fact(self, name: str, declared: FactField) -> Values:
        """A fact that no column is about, of all rows."""
        problem, compiled = self.small.problem, self.small.compiled
        base, said = _template_facts(problem, name, self.of_template, compiled.names[name])
        values, known = self.small.combined(base, declared, said)
        first = len(problem.options) + 1
        return Values(self._spread(values[first:]), self._spread(known[first:]))

    def _spread(self, patterns: NDArray[Any]) -> NDArray[Any]:
        """What the rows have, from what their patterns have; once where all have the same."""
        if patterns.size and (patterns == patterns[0]).all():
            return patterns[:1]
        return patterns.take(self.codes)


def _patterns(
    problem: Problem, compiled: Compiled, of_template: Rows, roles: Mapping[str, Rows]
) -> _Patterns:
    """The patterns of rows that play roles."""
    none = len(problem.options)
    # of each row its own option, and 0 for no part, else 1 + the part's option
    own = np.where(of_template < 0, none, of_template)
    parts = {role: np.where(rows < 0, 0, 1 + own[rows]) for role, rows in roles.items()}
    key = own.copy()
    for each in parts.values():
        key *= none + 2
        key += each
    first, codes = numbered(key)
    atoms = np.full(none + 1, -1)
    small = RowValues(
        problem,
        compiled,
        {},
        {role: np.concatenate([atoms, each[first] - 1]) for role, each in parts.items()},
        (),
        none + 1 + len(first),
    )
    return _Patterns(codes, np.concatenate([np.arange(none), [-1], of_template[first]]), small)


def numbered(keys: NDArray[Any]) -> tuple[Rows, Rows]:
    """Where each distinct key first stands, in the order of keys, and the number (R,) of each one.

    Whole numbers that are not too large are counted rather than sorted.
    """
    if not keys.size or keys.dtype.kind != "i" or not 0 <= keys.max() < max(_FEW, len(keys)):
        _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
        return first, codes
    places = np.full(int(keys.max()) + 1, -1)
    places[keys[::-1]] = np.arange(len(keys))[::-1]  # the first of each is written last
    found = np.flatnonzero(places >= 0)
    first = places[found]
    places[found] = np.arange(len(found))
    return first, places.take(keys)


def checked(
    frame: Frame,
    column: str,
    declared: FactField | ProfileField,
    failures: Failures,
) -> Column:
    """The values of a column, one for each of the frame's rows, as its declaration wants them."""
    refuse = failures.at(column)
    if declared.type == "boolean":
        return frame.booleans(column, refuse)
    if declared.type == "choice":
        return frame.choices(column, declared.values or (), refuse)
    levels = declared.levels if isinstance(declared, FactField) else None
    values, known = frame.numbers(column, refuse, dict(levels) if levels else None)
    low, high = declared.bounds
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    inside = np.fmin.reduce(values, initial=np.inf) >= least
    if inside and np.fmax.reduce(values, initial=-np.inf) <= most:
        return Column(values, known)
    with np.errstate(invalid="ignore"):
        outside = known & ((values < least) | (values > most))
    for row in where(outside, FrameRow):
        what = f"is {given_number(values[row])}, outside the domain {interval(low, high)}"
        refuse(row, what, "Give a value inside, or widen it")
    return Column(values, known)


def _template_facts(
    problem: Problem, name: str, of_template: Rows, kind: Type
) -> tuple[Values, Mask]:
    """A fact as the template's options have it, and where they say something of it."""
    given = [
        option.facts[name].value if name in option.facts else None for option in problem.options
    ]
    said = np.array([name in option.facts or name in option.unknown for option in problem.options])
    values, known = column_of([*given, None], kind)
    column = Values(values[of_template], known[of_template])
    return column, np.append(said, False)[of_template]


def _roles(
    problem: Problem,
    frame: Frame,
    columns: Mapping[str, str],
    layout: Layout,
    of_template: Rows,
    failures: Failures,
) -> dict[str, Rows]:
    """Role -> the row that plays it in each row."""
    position = {name: i for i, name in enumerate(layout.names)}
    wanted: dict[str, Rows] = {}
    named: dict[str, Callable[[int], str | None]] = {}
    for role in problem.criteria.parts:
        column = columns.get(f"part:{role}")
        if column is not None:
            if failures.expanded:
                what = f"the column {column!r} says something of options, which have no rows"
                raise InputError(what, "Name parts in the options, or give every option a row")
            said = frame.words(column, failures.at(column), layout.names)
        else:
            said = Coded(of_template, [option.parts.get(role) for option in problem.options])
        codes = [_position(name, position) for name in said.entries]
        wanted[role] = np.array([*codes, -1], dtype=np.intp).take(said.codes)
        named[role] = said.at
    roles = _alike(layout, wanted, named)
    if roles is None:
        roles = {role: layout.row_of(layout.contest_of, each) for role, each in wanted.items()}
        for row, what, remedy in _mistaken(roles, wanted, named):
            failures.add(row, what, remedy)
    return roles


def _alike(
    layout: Layout, wanted: Mapping[str, Rows], named: Mapping[str, Callable[[int], str | None]]
) -> dict[str, Rows] | None:
    """Role -> the row that plays it, if the first scenario's are right and all others are alike."""
    if layout.places is None:
        return None
    contests = len(layout.starts) - 1
    every = len(layout.options) // contests
    first = {role: each[:every] for role, each in wanted.items()}
    if any((wanted[role].reshape(contests, every) != each).any() for role, each in first.items()):
        return None
    roles = {role: layout.row_of(np.zeros_like(each), each) for role, each in first.items()}
    if any(True for _ in _mistaken(roles, first, named)):
        return None
    begins = layout.starts[:-1, None]
    return {role: np.where(rows < 0, -1, begins + rows).reshape(-1) for role, rows in roles.items()}


def _mistaken(
    roles: Mapping[str, Rows],
    wanted: Mapping[str, Rows],
    named: Mapping[str, Callable[[int], str | None]],
) -> Iterator[tuple[OptionRow, str, str]]:
    """Row, what is wrong and remedy: parts that are not there, or that an option cannot have."""
    for role, rows in roles.items():
        for row in where((wanted[role] != -1) & (rows < 0), OptionRow):
            what = f"the part {role!r} is the option {named[role](row)!r}"
            yield row, f"{what}, which the scenario has not", "Add it, or name another"
        for row in where(rows == np.arange(len(rows)), OptionRow):
            yield row, "an option cannot be a part of itself", "Name another option"
    consists = np.logical_or.reduce([rows >= 0 for rows in roles.values()])
    for role, rows in roles.items():
        for row in where((rows >= 0) & consists[rows], OptionRow):
            what = f"the part {role!r} consists of parts itself"
            yield row, what, "Name an option without parts"


def _position(name: str | None, position: Mapping[str, int]) -> int:
    """Where a name stands; -1 for none, -2 for an unknown one."""
    return -1 if name is None else position.get(name, -2)

"""A long table with its columns sorted out: which is what, and which rows belong together."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.joining import Joined, Second, join, refuse_same
from mcda.bulk.rows import Failures, Layout, OptionRow, ScenarioAt, layout_of, layout_of_all
from mcda.errors import InputError, hint, short
from mcda.frames.reading import Coded, Frame, FrameRow
from mcda.model.criteria import Criteria
from mcda.model.language import check_name
from mcda.model.recognition import row_kind

__all__ = [
    "EXPECTED",
    "FROM",
    "JUDGEMENT",
    "PART",
    "WEIGHT",
    "Table",
    "check_columns",
    "table_of",
]

Rows = NDArray[np.intp]

#: What names an option of the facts pack, and a part.
FROM, PART = "from", "part:"
#: What begins the name of a column with a scenario's own judgement (``a vs b``) or weight.
JUDGEMENT, WEIGHT = "judgement:", "weight:"
#: What is expected of the scenario.
EXPECTED = ("expected:recommended", "expected:verdict", "expected:excluded")


@dataclass(frozen=True, eq=False)
class Table:
    """A long table with its columns sorted out.

    Attributes
    ----------
    source : Frame
        As the caller gave it.
    frame : Frame
        Its rows in the layout's order, or one for each scenario.
    order : (F,) array or None
        Where each of them stood; ``None`` where they stand as they stood.
    layout : Layout
        One row for each option of each scenario.
    expand : (R,) array or None
        Where the frame has one row for each scenario: which one each row is from.
    scenario, option : str
        Columns; `option` is not one of the frame's where it has a row for each scenario.
    columns : mapping
        Fact, profile field, ``from``, ``part:role``, ``judgement:a vs b``, ``weight:name`` or one
        of `EXPECTED` -> column.
    options : mapping or None
        What is given of options beside the table.
    keep : tuple of str
        Columns that go into the result as they are.
    ids : sequence
        Of the scenarios.
    failures : Failures
    second : Second or None
        The table that columns of scenarios come from.
    unmet : sequence of (id, str)
        Scenarios that only that table has, and what is to be said of them.
    """

    source: Frame
    frame: Frame
    order: Rows | None
    layout: Layout
    expand: Rows | None
    scenario: str
    option: str
    columns: Mapping[str, str]
    options: Mapping[str, Any] | None
    keep: tuple[str, ...]
    ids: Sequence[Any]
    failures: Failures
    second: Second | None = None
    unmet: Sequence[tuple[Any, str]] = ()

    def scenario_of(self, row: OptionRow) -> str:
        """The id of a row's scenario, for messages."""
        return str(self.ids[int(self.layout.contest_of[row])])


def table_of(
    native: Any,
    criteria: Criteria,
    options: Mapping[str, Any] | None,
    scenario: str,
    option: str,
    keep: Sequence[str],
    numbers: Rows | None = None,
    textual: bool = False,
    second: Second | None = None,
    command: bool = False,
) -> Table:
    """Sort out which column is what, and which rows belong together.

    Parameters
    ----------
    native
        The caller's frame.
    criteria
        Whose facts, profile fields and parts columns are named after.
    options
        Those that all scenarios have, if they are given.
    scenario, option, keep
        Names of columns.
    numbers : (F,) array, optional
        What messages call the rows; by default they count from 1.
    textual
        Whether columns hold text that says numbers and truth values, as in CSV.
    second
        A table with a row for each scenario.
    command
        Whether messages name options of the command, not arguments.

    Raises
    ------
    InputError
        For columns that are missing or unknown, and scenarios without an id.
    """
    frame = Frame(native, textual=textual)
    keep = (keep,) if isinstance(keep, str) else tuple(keep)
    columns = check_columns(
        frame, criteria, options, scenario, option, keep, second=second, command=command
    )
    starts, order, ids = frame.groups(scenario)
    joined = None
    if second is not None:
        of_row = np.repeat(np.arange(len(ids)), np.diff(starts))
        if order is not None:
            of_row = of_row[np.argsort(order, kind="stable")]
        joined = join(frame, second, scenario, ids, of_row)
        frame = joined.frame
    source = frame
    if order is not None:
        frame = frame.take(order)
    per_option = option in frame
    size = len(ids) if per_option else len(frame)
    if not per_option and len(ids) < len(frame):
        _refuse_repeated(starts, ids, order)
    shared = layout_of_all(size, list(map(check_name, options or ())))
    contest_of = shared.contest_of
    if per_option:
        contest_of = np.repeat(np.arange(size), np.diff(starts))

    def scenario_at(scenario: ScenarioAt) -> str:
        return f"scenario {short(str(ids[scenario]))}"

    def place(row: FrameRow) -> str:
        original = row if order is None else int(order[row])
        name = names.at(row) if per_option and len(names.codes) > row else ""
        which = f", option {name!r}" if name else ""
        number = original + 1 if numbers is None else int(numbers[original])
        return f"row {number} ({scenario_at(failures.scenario_at(row))}{which})"

    names = Coded(np.zeros(0, dtype=np.intp), [])
    failed = np.zeros(size, dtype=bool)
    failures = Failures(contest_of, not per_option, place, scenario_at, failed)
    if per_option:
        names = frame.labels(option, failures.at(option))
        _refuse_others(names, options or (), failures, command)
    if second is not None and joined is not None:
        _place(failures, second, joined, ids)
    table = Table(
        source,
        frame,
        order,
        layout_of(starts, names) if per_option else shared,
        None if per_option else contest_of,
        scenario,
        option,
        columns,
        options,
        keep,
        ids,
        failures,
        second,
        () if joined is None else joined.unmet,
    )
    _refuse_twice(table)
    return table


def check_columns(
    frame: Frame,
    criteria: Criteria,
    options: Mapping[str, Any] | None,
    scenario: str,
    option: str,
    keep: Sequence[str],
    *,
    second: Second | None = None,
    command: bool = False,
    name: str = "",
) -> dict[str, str]:
    """Fact, profile field, ``from`` or ``part:role`` -> its column, in either table.

    Parameters
    ----------
    frame, criteria, options, scenario, option, keep, second, command
        As for `table_of`.
    name
        What messages call the table.

    Raises
    ------
    InputError
        For columns that are missing, unknown, or there twice.
    """
    _check_names(scenario=scenario, option=option)
    _check_names(**{f"keep[{i}]": name for i, name in enumerate(keep)})
    others: tuple[str, ...] = ()
    if second is not None:
        others = tuple(str(each) for each in second.frame.columns if each != scenario)
    every = [*map(str, frame.columns), *others]
    where = f"{name}: " if name else ""
    for needed in (scenario, *keep):
        if needed not in (frame.columns if needed == scenario else every):
            remedy = hint(needed, every)
            if needed == scenario and not remedy.startswith("Did"):
                flag = "--scenario COLUMN" if command else "scenario=..."
                remedy = f"Say which column has the scenarios' ids: {flag}; {remedy}"
            raise InputError(f"{where}the table has no column {needed!r}", remedy)
    if second is not None:
        refuse_same(frame, second, scenario)
    if option not in every and options is None:
        remedy = "Name it with option=..., or give options={name: {...}} for every scenario"
        if command:
            remedy = "Name it with --option, or give --template SCENARIO with options for all"
        raise InputError(f"{where}the table has no column {option!r}", remedy)
    places = dict.fromkeys(others, "" if second is None else f"{second.name}: ")
    return _columns(every, criteria, (scenario, option), keep, command, {"": where, **places})


def _check_names(**given: Any) -> None:
    for what, name in given.items():
        if not isinstance(name, str):
            raise InputError(f"{what}={name!r} is not the name of a column", "Give text")


def _columns(
    columns: Sequence[str],
    criteria: Criteria,
    taken: tuple[str, str],
    keep: Sequence[str],
    command: bool,
    places: Mapping[str, str],
) -> dict[str, str]:
    """Fact, profile field, ``from`` or ``part:role`` -> its column."""
    known = {
        **{name: name for name in (*criteria.profile, *criteria.facts)},
        **{f"profile:{name}": name for name in criteria.profile},
        **{f"fact:{name}": name for name in criteria.facts},
        **{f"{PART}{role}": f"{PART}{role}" for role in criteria.parts},
        FROM: FROM,
        **{name: name for name in EXPECTED},
    }
    arguments = "--scenario, --option" if command else "scenario=..., option=..."
    for column in taken:
        if column in known:
            raise InputError(
                f"the column {column!r} is a fact or a profile field of {criteria.id!r}",
                f"Name the columns of scenarios and options otherwise: {arguments}",
            )
    found: dict[str, str] = {}
    for column in columns:
        if column in taken:
            continue
        where = places.get(column, places[""])
        if column not in known:
            if column in keep:
                continue
            if column.startswith((JUDGEMENT, WEIGHT)):
                found[column] = column
                continue
            names = [name for name in known if not name.startswith(("profile:", "fact:"))]
            passed = f"--keep {shlex.quote(column)}" if command else f"keep=[{column!r}]"
            raise InputError(
                f"{where}the column {column!r} is no fact or profile field of {criteria.id!r}",
                f"{hint(column, names)} Drop it, or pass it through: {passed}",
            )
        if known[column] in found:
            what = f"{where}the columns {found[known[column]]!r} and {column!r} are the same"
            raise InputError(what, "Drop one")
        found[known[column]] = column
    return found


def _place(failures: Failures, second: Second, joined: Joined, ids: Sequence[Any]) -> None:
    """Messages about the second table's columns name its rows; what is wrong with them is noted."""

    def place(scenario: ScenarioAt) -> str:
        number = second.called(int(joined.rows[scenario]))
        return f"{second.name}: row {number} (scenario {str(ids[scenario])!r})"

    failures.elsewhere.update((str(name), place) for name in second.frame.columns)
    for contest, text in joined.wrong.items():
        failures.failed[contest] = True
        if joined.rows[contest] < 0:
            text = f"{failures.place(failures.first_row(ScenarioAt(contest)))}: {text}"
        failures.found[contest] = text


def _refuse_repeated(starts: Rows, ids: Sequence[Any], order: Rows | None) -> None:
    """A table without options has one row for each scenario."""
    contest = int(np.argmax(np.diff(starts) > 1))
    rows = [int(starts[contest]), int(starts[contest]) + 1]
    shown = " and ".join(str((row if order is None else int(order[row])) + 1) for row in rows)
    raise InputError(
        f"rows {shown} have the same scenario {str(ids[contest])!r}, and no option is named",
        "Give every scenario an id of its own, or add a column for the options",
    )


def _refuse_others(
    names: Coded, declared: Collection[str], failures: Failures, command: bool
) -> None:
    """Refuse rows named like a total, an average, ..., unless they are declared options."""
    for number, name in enumerate(names.entries):
        kind = row_kind(name)
        if kind is None or name in declared:
            continue
        what = f"the row {short(name)} looks like {kind.value}: it is named so"
        among = "--template SCENARIO" if command else "options={name: {...}}"
        remedy = f"Delete the row; if it is an option, give all options by {among}"
        for row in np.flatnonzero(names.codes == number).tolist():
            failures.add(OptionRow(row), what, remedy)


def _refuse_twice(table: Table) -> None:
    """An option stands in a scenario once."""
    for row in table.layout.repeated().tolist():
        table.failures.add(OptionRow(row), "the scenario has this option already", "Keep one row")

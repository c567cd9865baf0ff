"""A table with a row for each scenario, laid beside the table of its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, listing
from mcda.frames.reading import Frame

__all__ = ["Joined", "Second", "join", "refuse_same"]

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Second:
    """The table of scenarios.

    Attributes
    ----------
    frame : Frame
    name : str
        As messages name it.
    numbers : (F,) array or None
        What messages call its rows; by default they count from 1.
    wrong : mapping
        Row -> what is known to be wrong with it, as a message.
    doubtful : bool
        Whether points may separate thousands.
    """

    frame: Frame
    name: str
    numbers: Rows | None = None
    wrong: Mapping[int, str] = field(default_factory=dict)
    doubtful: bool = False

    def called(self, row: int) -> int:
        """What messages call a row."""
        return row + 1 if self.numbers is None else int(self.numbers[row])


@dataclass(frozen=True, eq=False)
class Joined:
    """Two tables as one.

    Attributes
    ----------
    frame : Frame
        The table of options, with the columns of the other one.
    rows : (B,) array
        The second table's row of each scenario; -1 for none.
    wrong : mapping
        Scenario (position) -> what is wrong with its row, as a message.
    unmet : sequence of (id, str)
        Scenarios that the table of options does not have, with messages.
    """

    frame: Frame
    rows: Rows
    wrong: Mapping[int, str]
    unmet: Sequence[tuple[Any, str]]


def refuse_same(frame: Frame, second: Second, scenario: str) -> None:
    """Both tables have the column of ids, and no other.

    Raises
    ------
    InputError
        If that is not so.
    """
    if scenario not in second.frame:
        remedy = hint(scenario, map(str, second.frame.columns))
        raise InputError(f"{second.name} has no column {scenario!r}", remedy)
    both = [name for name in map(str, second.frame.columns) if name != scenario and name in frame]
    if both:
        word = "column" if len(both) == 1 else "columns"
        what = f"both tables have the {word} {listing(map(repr, both))}"
        raise InputError(f"{second.name}: {what}", "Drop it from one of them")


def join(frame: Frame, second: Second, scenario: str, ids: Sequence[Any], of_row: Rows) -> Joined:
    """Repeat the columns of the second table on all rows of the scenario.

    Parameters
    ----------
    frame, second
        The table of options, and that of scenarios.
    scenario
        The column of ids, in both; ids of different types are compared as text.
    ids : (B,)
        The scenarios of `frame`.
    of_row : (F,) array
        The scenario of each of its rows.

    Raises
    ------
    InputError
        If columns are missing or in both.
    """
    refuse_same(frame, second, scenario)
    codes, entries = second.frame.coded(scenario)
    position = {str(entry): code for code, entry in enumerate(entries)}
    count = np.bincount(codes[codes >= 0], minlength=len(entries) + 1)
    first = np.full(len(entries), -1)
    known = np.flatnonzero(codes >= 0)[::-1]
    first[codes[known]] = known  # the first row of each is written last
    rows = np.full(len(ids), -1)
    wrong: dict[int, str] = {}
    for scenario_at, each in enumerate(ids):
        code = position.pop(str(each), -1)
        if code < 0:
            wrong[scenario_at] = f"{second.name} has no row for the scenario. Add one."
            continue
        rows[scenario_at] = first[code]
        if count[code] > 1:
            called = [second.called(int(row)) for row in np.flatnonzero(codes == code)]
            what = f"{second.name}: rows {listing(called)} have the same scenario {str(each)!r}"
            wrong[scenario_at] = str(InputError(what, "Keep one of them"))
        elif int(first[code]) in second.wrong:
            wrong[scenario_at] = second.wrong[int(first[code])]
    unmet = [
        (entries[code], _unmet(second, int(first[code]), name)) for name, code in position.items()
    ]
    unmet += [
        (None, _nameless(second, row, scenario)) for row in np.flatnonzero(codes < 0).tolist()
    ]
    both = frame.beside(second.frame, rows[of_row], scenario)
    return Joined(both, rows, wrong, unmet)


def _unmet(second: Second, row: int, name: str) -> str:
    what = f"{second.name}: row {second.called(row)} (scenario {name!r})"
    return f"{what}: the scenario has no options. Add them, or delete the row."


def _nameless(second: Second, row: int, scenario: str) -> str:
    what = f"{second.name}: row {second.called(row)} has no entry in {scenario!r}"
    return str(InputError(what, "Give every row one"))

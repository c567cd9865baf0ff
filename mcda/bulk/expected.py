"""What tables expect of their scenarios, and what of it is not so."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.table import EXPECTED, Table
from mcda.engine.expectations import Wish, briefly, unmet
from mcda.engine.verdict import VERDICTS
from mcda.errors import InputError, hint
from mcda.frames.building import Words
from mcda.frames.reading import FrameRow, where
from mcda.model.problem import Problem

__all__ = ["Expectations", "expectations"]

Rows = NDArray[np.intp]

#: Stands between several entries of a cell.
_BETWEEN = ";"


@dataclass(frozen=True)
class Expectations:
    """What is expected of the scenarios of a table.

    Attributes
    ----------
    codes : mapping
        Column -> (B,) which of the column's entries each scenario has; -1 for none.
    wishes : mapping
        Column -> what each entry expects.
    """

    codes: Mapping[str, Rows]
    wishes: Mapping[str, Sequence[Any]]

    def missed(
        self,
        winners: Rows,
        names: Sequence[str],
        verdicts: Rows,
        excluded: Rows,
        exclusions: Sequence[Mapping[str, Sequence[str]]],
    ) -> Words:
        """What of it is not so, as text; null where all is.

        Parameters
        ----------
        winners : (B,)
            Positions among `names`; -1 for none.
        verdicts : (B,)
            Positions in `VERDICTS`; -1 for scenarios that failed, of which nothing is missed.
        excluded : (B,)
            Positions among `exclusions`, option -> gates; -1 for none.
        """
        of = [self.codes.get(column, np.full(len(winners), -1)) for column in EXPECTED]
        keys = np.zeros(len(winners), dtype=np.int64)
        for codes in (*of, winners, verdicts, excluded):
            keys = keys * (int(codes.max(initial=-1)) + 2) + codes + 1
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        texts: dict[str, int] = {}
        said = np.full(len(first), -1)
        for place, contest in enumerate(first.tolist()):
            if verdicts[contest] < 0:
                continue
            recommended, verdict, gates = (
                self.wishes[column][codes[contest]] if codes[contest] >= 0 else None
                for column, codes in zip(EXPECTED, of, strict=True)
            )
            found = unmet(
                Wish(recommended, verdict, gates),
                names[winners[contest]] if winners[contest] >= 0 else None,
                VERDICTS[verdicts[contest]],
                exclusions[excluded[contest]] if excluded[contest] >= 0 else {},
            )
            text = "; ".join(briefly(code, values) for _, code, values in found)
            if text:
                said[place] = texts.setdefault(text, len(texts))
        return Words(said[which], list(texts))


def expectations(table: Table, problem: Problem) -> Expectations | None:
    """What a table expects; what it cannot mean is noted as failures. ``None`` for nothing."""
    readers: dict[str, Callable[[str], Any]] = {
        EXPECTED[0]: lambda text: (_option(text, table.layout.names),),
        EXPECTED[1]: _verdicts,
        EXPECTED[2]: lambda text: _excluded(text, table.layout.names, list(problem.gates)),
    }
    said: dict[str, Rows] = {}
    codes: dict[str, Rows] = {}
    wishes: dict[str, Sequence[Any]] = {}
    for key, read in readers.items():
        if key in table.columns:
            column = table.columns[key]
            said[key], wishes[key] = _read(table, column, read)
            codes[key] = _of_contests(table, column, said[key])
    if not codes:
        return None
    found = Expectations(codes, wishes)
    _refuse_unknown(table, found, said)
    return found


def _read(table: Table, column: str, read: Callable[[str], Any]) -> tuple[Rows, list[Any]]:
    """Which entry each of the frame's rows has, and what the entries mean."""
    refuse = table.failures.at(column)
    codes, entries = table.frame.coded(column)
    meant: list[Any] = []
    for number, entry in enumerate(entries):
        try:
            meant.append(read(_text(entry)))
        except InputError as error:
            meant.append(None)
            for row in where(codes == number, FrameRow):
                refuse(row, error.what, error.remedy)
    return codes, meant


def _text(entry: Any) -> str:
    if isinstance(entry, int) and not isinstance(entry, bool):
        return str(entry)
    if not isinstance(entry, str):
        raise InputError(f"is a {type(entry).__name__}, not text", "Give a name")
    return unicodedata.normalize("NFC", entry.strip())


def _of_contests(table: Table, column: str, codes: Rows) -> Rows:
    """A scenario's entry is the one that its rows have; they must agree."""
    if table.expand is not None:
        return codes
    starts = table.layout.starts
    found = np.maximum.reduceat(codes, starts[:-1])
    differs = (codes >= 0) & (codes != found[table.layout.contest_of])
    refuse = table.failures.at(column)
    for row in where(differs, FrameRow):
        what = "differs between the scenario's rows"
        refuse(row, what, "Say it in one of them, or the same in all")
    return found


def _option(text: str, names: Sequence[str]) -> str:
    if text not in names:
        raise InputError(f"names {text!r}, which is no option", hint(text, names))
    return text


def _verdicts(text: str) -> tuple[str, ...]:
    given = _listed(text)
    if isinstance(given, Mapping):
        raise InputError(f"is {text!r}", "List verdicts")
    for verdict in given:
        if verdict not in VERDICTS:
            raise InputError(f"names {verdict!r}, which is no verdict", hint(verdict, VERDICTS))
    return tuple(given)


def _excluded(text: str, names: Sequence[str], gates: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Option -> gates, if they are named."""
    given = _listed(text)
    found: dict[str, tuple[str, ...]] = {}
    if isinstance(given, Mapping):
        found = {_option(name, names): (gate,) for name, gate in given.items()}
    else:
        for each in given:
            name, _, said = (each, "", "") if each in names else each.rpartition(": ")
            found[_option(name or each, names)] = tuple(said.split())
    for gate in (gate for those in found.values() for gate in those):
        if gate not in gates:
            raise InputError(f"names {gate!r}, which is no gate", hint(gate, gates))
    return found


def _listed(text: str) -> list[str] | dict[str, str]:
    """Several entries of a cell: with semicolons between them, or as JSON."""
    if text[:1] not in ("[", "{"):
        return [piece for each in text.split(_BETWEEN) if (piece := each.strip())]
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    entries = [*given, *given.values()] if isinstance(given, dict) else given
    if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
        raise InputError(f"is {text!r}", 'Write a; b or ["a", "b"] or {"a": "gate"}')
    return given  # type: ignore[no-any-return]


def _refuse_unknown(table: Table, found: Expectations, said: Mapping[str, Rows]) -> None:
    """An option that is expected must be the scenario's own; `said` is of the frame's rows."""
    layout = table.layout
    if table.expand is not None:
        return
    position = {name: number for number, name in enumerate(layout.names)}
    for key in (EXPECTED[0], EXPECTED[2]):
        if key not in found.codes:
            continue
        codes, refuse = found.codes[key], table.failures.at(table.columns[key])
        for number, wish in enumerate(found.wishes[key]):
            contests = np.flatnonzero(codes == number)
            for name in wish or ():
                rows = layout.row_of(contests, np.full(len(contests), position[name]))
                naming = (said[key] == number) & np.isin(layout.contest_of, contests[rows < 0])
                for row in where(naming, FrameRow):
                    refuse(
                        row,
                        f"names {name!r}, which is not among the scenario's options",
                        "Add its row, or name another",
                    )

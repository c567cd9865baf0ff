"""Decision matrices with the names of their options and criteria."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, listing, short
from mcda.frames.reading import Frame, FrameRow, Refuse, is_frame, where
from mcda.model.arrays import as_floats
from mcda.model.recognition import (
    NOTHING_SAID,
    UNNAMED,
    Kind,
    Recognised,
    Role,
    Rows,
    Said,
    Table,
    check_rows,
    counts_rows,
    first_column,
    number_in,
    recognise,
    unclear_names,
)

__all__ = ["Matrix", "labelled", "matrix_of"]

Floats = NDArray[np.float64]

#: Findings that one message lists.
_LISTED = 8


class Matrix(NamedTuple):
    """A decision matrix: values (n, m) of n options by m criteria, and their names."""

    values: Floats
    options: tuple[str, ...]
    criteria: tuple[str, ...]
    #: Whether the criteria have names of their own, so that weights may be given by name.
    named: bool


def labelled(given: Any) -> dict[str, Any] | None:
    """Label -> entry of what has labels; ``None`` for what has not."""
    items: list[tuple[Any, Any]]
    if isinstance(given, Mapping):
        items = list(given.items())
    elif hasattr(given, "index") and hasattr(given, "items") and hasattr(given, "iloc"):
        if given.index.tolist() == list(range(len(given))):
            return None
        items = list(given.items())
    else:
        return None
    found: dict[str, Any] = {}
    for label, entry in items:
        if not isinstance(label, str):
            raise InputError(f"{short(label)} is not a name", "Labels are text")
        name = unicodedata.normalize("NFC", label)
        if name in found:
            raise InputError(f"the label {name!r} is given twice", "Keep one of them")
        found[name] = entry
    return found


def matrix_of(
    given: Any,
    options: Any = None,
    criteria: Any = None,
    *,
    said: Said = NOTHING_SAID,
    rows: Rows | None = None,
) -> Matrix:
    """A matrix with the names of its options and criteria; parameters as for `decide`.

    Raises
    ------
    InputError
        With row and column of every cell that is no finite number, and every row that is no option.
    """
    check_rows(rows)
    names = None if criteria is None else _names(criteria, "criteria")
    if is_frame(given):
        return _of_frame(Frame(given), options, names, said, rows)
    if isinstance(given, Mapping):
        return _of_mapping(given, options, names, said, rows)
    if isinstance(given, (list, tuple)) and any(labelled(row) is not None for row in given):
        raise InputError(
            "the rows are labelled", "Turn them into a data frame, which is aligned by its labels"
        )
    values = as_floats(given, "matrix")
    if values.ndim != 2 or 0 in values.shape:
        raise InputError(
            f"the matrix has the shape {values.shape}",
            "Give a row for each option and a column for each criterion, at least one of each",
        )
    n, m = values.shape
    if isinstance(options, str):
        raise InputError(
            f"options={options!r} names a column, but the matrix has no names",
            "Give the options' names: options=[...]",
        )
    if labelled(options) is not None:
        raise InputError("options= has labels, the matrix has none", "Give a plain list")
    known_as = _names(options, "options") if options is not None else None
    for what, lines, count, found in (
        ("options", "rows", n, known_as),
        ("criteria", "columns", m, names),
    ):
        if found is not None and len(found) != count:
            raise InputError(
                f"there are {len(found)} {what} for {count} {lines}", "Name each of them"
            )
    columns = names or tuple(f"criterion {j + 1}" for j in range(m))
    if rows is None and options is None:
        _refuse_others(Table(columns, [""] * n, lambda row, column: values[row, column]), said)
    return Matrix(
        values,
        known_as or tuple(UNNAMED.format(i + 1) for i in range(n)),
        columns,
        named=names is not None,
    )


def _names(given: Any, what: str) -> tuple[str, ...]:
    """Names in a list; each once."""
    if isinstance(given, (str, bytes, set, frozenset)) or not np.iterable(given):
        raise InputError(f"{what}={short(given)} is not a list of names", "Give a list")
    found: dict[str, None] = {}
    for each in given:
        name = short(int(each)) if isinstance(each, (int, np.integer)) else each
        if not isinstance(name, str) or isinstance(each, bool):
            raise InputError(f"{what} contain {short(each)}, which is not a name", "Use text")
        name = unicodedata.normalize("NFC", name)
        if name in found:
            raise InputError(f"{what} name {name!r} twice", "Rename one of them")
        found[name] = None
    return tuple(found)


def _of_mapping(
    given: Mapping[Any, Any],
    options: Any,
    names: tuple[str, ...] | None,
    said: Said,
    rows: Rows | None,
) -> Matrix:
    """From option -> {criterion: value}."""
    known_as = _names(list(given), "options")
    if options is not None:
        raise InputError("the mapping names its options already", "Leave options= out")
    if not known_as:
        raise InputError("there are no options", "Give at least one")
    given_rows = list(given.values())
    if not all(isinstance(row, Mapping) for row in given_rows):
        raise InputError(
            "a mapping gives each option's values by criterion",
            "Write {option: {criterion: value}}, or turn columns into a data frame",
        )
    own = [labelled(row) or {} for row in given_rows]
    chosen = names is not None
    names = names or tuple(own[0])
    if not names:
        raise InputError(f"option {known_as[0]!r} has no values", "Give one for each criterion")
    for option, row in zip(known_as, own, strict=True):
        for name in names:
            if name not in row:
                raise InputError(f"option {option!r} has no value for {name!r}", "Add it")
        extra = [] if chosen else [name for name in row if name not in names]
        if extra:
            raise InputError(
                f"option {option!r} has a value for {extra[0]!r}, others have not",
                hint(extra[0], [name for name in names if name not in row]) or "Give it for all",
            )
    if rows is None:
        columns = names
        _refuse_others(
            Table(columns, known_as, lambda row, column: own[row][columns[column]]), said
        )
    cells = []
    for option, row in zip(known_as, own, strict=True):
        for name in names:
            cell = as_floats(row[name], f"value of {option!r} for {name!r}")
            if cell.ndim:
                raise InputError(f"the value of {option!r} for {name!r} is a list", "Give a number")
            cells.append(float(cell))
    values = np.array(cells).reshape(len(known_as), len(names))
    return Matrix(values, known_as, names, named=True)


class _Wrong:
    """What is wrong with cells, gathered into one error."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, int], str] = {}

    def at(self, column: str) -> Refuse:
        """Takes down what is wrong in a column; the first thing said about a cell counts."""

        def refuse(row: FrameRow, what: str, remedy: str) -> None:
            text = f"column {column!r}, row {row + 1} {what}" + (f" ({remedy})" if remedy else "")
            self.cells.setdefault((column, row), text)

        return refuse

    def raise_any(self) -> None:
        if self.cells:
            more = len(self.cells) - _LISTED
            rest = f"; and {more} more" if more > 0 else ""
            raise InputError("; ".join(list(self.cells.values())[:_LISTED]) + rest)


def _refuse_others(table: Table, said: Said) -> None:
    """Refuse rows that are no options, and a table that is no decision matrix.

    Raises
    ------
    InputError
        With the row of each.
    """
    found = recognise(table, said)
    if found:
        what = "; ".join(
            each.what if each.row is None else f"row {each.row + 1}: {each.what}" for each in found
        )
        raise InputError(what, found[0].remedy)


def _of_frame(
    frame: Frame, options: Any, names: tuple[str, ...] | None, said: Said, rows: Rows | None
) -> Matrix:
    """From a frame with a column for each criterion."""
    if not len(frame):
        raise InputError("the frame has no rows", "Give a row for each option")
    wrong = _Wrong()
    given = {unicodedata.normalize("NFC", str(name)): str(name) for name in frame.columns}
    column = _column_of_options(frame, options, names, said, rows)
    own = names
    if own is None:
        own = _criteria_of(frame, column, said)
    if not own:
        raise InputError("the frame has no column for a criterion", "Add one for each")
    for name in own:
        if name not in given:
            raise InputError(f"the frame has no column {name!r}", hint(name, given))
    if rows is None and (options is None or isinstance(options, str)):
        _refuse_others(_table_of(frame, [given[name] for name in own], column), said)
    known_as = _options_of(frame, options, column, wrong)
    columns = []
    for name in own:
        values, known = frame.numbers(given[name], wrong.at(name))
        for row in where(~known, FrameRow):
            wrong.at(name)(row, "is missing", "Give a number, or leave the option out")
        columns.append(values)
    wrong.raise_any()
    return Matrix(
        np.stack(columns, axis=1),
        known_as or tuple(UNNAMED.format(i + 1) for i in range(len(frame))),
        own,
        named=True,
    )


def _table_of(frame: Frame, columns: list[str], column: str | None) -> Table:
    """A frame as what its rows are is looked for."""
    rows = frame.index or [""] * len(frame)
    if column is not None:
        rows = ["" if entry is None else str(entry) for entry in frame.entries(column)]
    entries: dict[str, list[Any]] = {}

    def cell(row: int, number: int) -> Any:
        name = columns[number]
        if name not in entries:
            entries[name] = frame.entries(name)
        return entries[name][row]

    return Table(columns, rows, cell, column or "")


def _criteria_of(frame: Frame, column: str | None, said: Said) -> tuple[str, ...]:
    """All columns but that of the options and, if others were named as criteria, those of ids.

    Raises
    ------
    InputError
        For a column of ids, if nothing was said.
    """
    every = _names([name for name in frame.columns if name != column], "criteria")
    ids: dict[str, str] = {}
    for name in map(str, frame.columns):
        if name != column and not said.names(name) and frame.kind_of(name) == "number":
            first = name == frame.columns[0]
            numbers = _whole(frame, name)
            if numbers and (evidence := counts_rows(name, numbers, first=first)):
                ids[unicodedata.normalize("NFC", name)] = evidence
    left = tuple(name for name in every if name not in ids)
    if not ids or said.counted == len(every):
        return every
    if said.labels or said.counted == len(left):
        return left
    name, evidence = next(iter(ids.items()))
    found = Recognised(Kind.COUNTER, evidence, name=name, column=0)
    raise InputError(found.what, found.remedy)


def _whole(frame: Frame, name: str) -> list[float]:
    """The numbers of a column; none if one is missing."""
    found = [number_in(entry) for entry in frame.entries(name)]
    return [] if None in found else [each for each in found if each is not None]


def _column_of_options(
    frame: Frame, options: Any, names: tuple[str, ...] | None, said: Said, rows: Rows | None
) -> str | None:
    """The column that names the options, if one does.

    Raises
    ------
    InputError
        If several columns may, or the first one may or may not.
    """
    if isinstance(options, str):
        if options not in frame:
            raise InputError(
                f"the frame has no column {options!r}", hint(options, map(str, frame.columns))
            )
        return options
    if options is not None or frame.index is not None:
        return None
    texts = [
        str(name)
        for name in frame.columns
        if name not in (names or ()) and frame.kind_of(str(name)) == "words"
    ]
    if len(texts) > 1:
        if rows is None:
            others = [str(name) for name in frame.columns if name != texts[0]]
            _refuse_others(_table_of(frame, others, texts[0]), said)
        raise InputError(
            f"the columns {listing(texts)} hold text",
            f"Say which names the options, as in options={texts[0]!r}; criteria are numbers",
        )
    first = str(frame.columns[0]) if frame.columns else ""
    if texts or not frame.columns or frame.kind_of(first) != "number" or not frame.numbered:
        return texts[0] if texts else None
    numbers = _whole(frame, first)
    role = Role.CRITERION
    if numbers:
        role = first_column(first, numbers, said, len(frame.columns))
    if role is Role.UNCLEAR:
        unclear = unclear_names(first)
        raise InputError(unclear.what, unclear.remedy)
    return first if role is Role.NAMES else None


def _options_of(
    frame: Frame, options: Any, column: str | None, wrong: _Wrong
) -> tuple[str, ...] | None:
    """The options' names, if they have any."""
    if column is not None:
        labels = frame.labels(column, wrong.at(column))
        wrong.raise_any()
        return _names([labels.at(row) for row in range(len(frame))], "options")
    found = options if options is not None else frame.index
    if found is None and not frame.numbered:
        raise InputError(
            "the frame's index names some rows in another way than by text",
            "Turn the names into text, or give options=[...]",
        )
    if labelled(options) is not None and options.index.tolist() != frame.native.index.tolist():
        raise InputError(
            "options= has labels that are not the frame's index in its order", "Give a plain list"
        )
    known_as = None if found is None else _names(found, "options")
    if known_as is not None and len(known_as) != len(frame):
        raise InputError(
            f"there are {len(known_as)} options for {len(frame)} rows", "Name each of them"
        )
    return known_as

"""Decision matrices with the names of their options and criteria."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, listing, short
from mcda.frames.reading import Frame, Refuse, is_frame
from mcda.model.arrays import as_floats

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


def matrix_of(given: Any, options: Any = None, criteria: Any = None) -> Matrix:
    """A matrix with the names of its options and criteria; parameters as for `decide`.

    Raises
    ------
    InputError
        With row and column of every cell that is no finite number.
    """
    names = None if criteria is None else _names(criteria, "criteria")
    if is_frame(given):
        return _of_frame(Frame(given), options, names)
    if isinstance(given, Mapping):
        return _of_mapping(given, options, names)
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
    return Matrix(
        values,
        known_as or tuple(f"option {i + 1}" for i in range(n)),
        names or tuple(f"criterion {j + 1}" for j in range(m)),
        named=names is not None,
    )


def _names(given: Any, what: str) -> tuple[str, ...]:
    """Names in a list; each once."""
    if isinstance(given, (str, bytes, set, frozenset)) or not np.iterable(given):
        raise InputError(f"{what}={short(given)} is not a list of names", "Give a list")
    found: list[str] = []
    for each in given:
        name = str(each) if isinstance(each, (int, np.integer)) else each
        if not isinstance(name, str) or isinstance(each, bool):
            raise InputError(f"{what} contain {short(each)}, which is not a name", "Use text")
        name = unicodedata.normalize("NFC", name)
        if name in found:
            raise InputError(f"{what} name {name!r} twice", "Rename one of them")
        found.append(name)
    return tuple(found)


def _of_mapping(given: Mapping[Any, Any], options: Any, names: tuple[str, ...] | None) -> Matrix:
    """From option -> {criterion: value}."""
    known_as = _names(list(given), "options")
    if options is not None:
        raise InputError("the mapping names its options already", "Leave options= out")
    if not known_as:
        raise InputError("there are no options", "Give at least one")
    rows = list(given.values())
    if not all(isinstance(row, Mapping) for row in rows):
        raise InputError(
            "a mapping gives each option's values by criterion",
            "Write {option: {criterion: value}}, or turn columns into a data frame",
        )
    own = [labelled(row) or {} for row in rows]
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

        def refuse(row: int, what: str, remedy: str) -> None:
            text = f"column {column!r}, row {row + 1} {what}" + (f" ({remedy})" if remedy else "")
            self.cells.setdefault((column, row), text)

        return refuse

    def raise_any(self) -> None:
        if self.cells:
            more = len(self.cells) - _LISTED
            rest = f"; and {more} more" if more > 0 else ""
            raise InputError("; ".join(list(self.cells.values())[:_LISTED]) + rest)


def _of_frame(frame: Frame, options: Any, names: tuple[str, ...] | None) -> Matrix:
    """From a frame with a column for each criterion."""
    if not len(frame):
        raise InputError("the frame has no rows", "Give a row for each option")
    wrong = _Wrong()
    known_as, column = _options_of(frame, options, names, wrong)
    if names is None:
        names = _names([name for name in frame.columns if name != column], "criteria")
    if not names:
        raise InputError("the frame has no column for a criterion", "Add one for each")
    given = {unicodedata.normalize("NFC", str(name)): str(name) for name in frame.columns}
    columns = []
    for name in names:
        if name not in given:
            raise InputError(f"the frame has no column {name!r}", hint(name, given))
        values, known = frame.numbers(given[name], wrong.at(name))
        for row in np.flatnonzero(~known).tolist():
            wrong.at(name)(row, "is missing", "Give a number, or leave the option out")
        columns.append(values)
    wrong.raise_any()
    return Matrix(
        np.stack(columns, axis=1),
        known_as or tuple(f"option {i + 1}" for i in range(len(frame))),
        names,
        named=True,
    )


def _options_of(
    frame: Frame, options: Any, names: tuple[str, ...] | None, wrong: _Wrong
) -> tuple[tuple[str, ...] | None, str | None]:
    """The options' names, if they have any, and the column that has them."""
    column: str | None = None
    if isinstance(options, str):
        column = options
        if column not in frame:
            raise InputError(
                f"the frame has no column {column!r}", hint(column, map(str, frame.columns))
            )
    elif options is None and frame.index is None:
        texts = [
            str(name)
            for name in frame.columns
            if name not in (names or ()) and frame.kind_of(str(name)) == "words"
        ]
        if len(texts) > 1:
            raise InputError(
                f"the columns {listing(texts)} hold text",
                f"Say which names the options, as in options={texts[0]!r}; criteria are numbers",
            )
        column = texts[0] if texts else None
    if column is not None:
        labels = frame.labels(column, wrong.at(column))
        wrong.raise_any()
        return _names([labels.at(row) for row in range(len(frame))], "options"), column
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
    return known_as, None

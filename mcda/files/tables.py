"""Decision matrices from CSV files and workbooks: every bad cell is named, none is guessed at."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from mcda.errors import DocumentError, Finding, Place, hint, short
from mcda.files.reading import decode, fail, read_bytes
from mcda.model.language import check_name
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

__all__ = [
    "AMBIGUOUS",
    "DIGITS",
    "LARGEST_TABLE",
    "MOST_CELLS",
    "Grid",
    "Matrix",
    "Spot",
    "csv_error",
    "delimiter_of",
    "letters",
    "read_matrix",
    "thousands",
]

#: The largest file of a table, in bytes.
LARGEST_TABLE = 32 * 1024 * 1024
#: The most cells of a table, empty ones included.
MOST_CELLS = 2_000_000
#: Whole numbers below this are exact.
_LARGEST_WHOLE = 1e15
#: Findings beyond these are counted only.
_MOST_FINDINGS = 200

_WORKBOOKS = (".xlsx", ".xlsm")
_TEXTS = (".csv", ".tsv")
_OTHERS = (".xls", ".xlsb", ".ods", ".numbers")

DIGITS = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:[,.'’  \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
#: What may be thousands where a semicolon separates cells, and decimals anywhere.
AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+(?:[eE][-+]?[0-9]+)?")
_UNIT = re.compile(r"[^0-9]{1,4}[0-9][0-9.,]*|[-+]?[0-9][0-9.,]*\s*[^0-9].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A decision matrix as a table says it.

    Attributes
    ----------
    criteria
        The first row's names.
    options
        The first column's names; "option 1", "option 2", ... where no column has names.
    values
        A row of finite numbers for every option.
    source
        The file, and the sheet of a workbook, as messages show it.
    """

    criteria: tuple[str, ...]
    options: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    source: str


#: Row and column of a cell, from 0.
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table before they are understood, and what is known to be wrong with some."""

    rows: Sequence[Sequence[Any]]
    source: str
    #: The line of each row, where the table is lines of text.
    lines: Sequence[int] | None = None
    #: What is wrong with a cell whatever it holds, and the remedy.
    troubles: Mapping[Spot, tuple[str, str]] = field(default_factory=dict)
    #: Cells that are part of a trouble named already.
    covered: frozenset[Spot] = frozenset()

    def place(self, row: int, column: int) -> Place:
        """How messages name a cell."""
        line = f":{self.lines[row]}" if self.lines is not None else ""
        return Place(f"{self.source}{line}", field=f"{letters(column)}{row + 1}")


class _CellError(Exception):
    """What is wrong with a cell, and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


def read_matrix(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    names: str | None = None,
    said: Said = NOTHING_SAID,
    rows: Rows | None = None,
) -> Matrix:
    """The decision matrix of a CSV file or a workbook.

    The first row names the criteria, the first column the options; the corner may say anything.
    Rows and columns at the end that are wholly empty are left out. A first column of numbers may be
    a criterion, too: what is `said` settles it, else its name; where neither does it is refused.

    Parameters
    ----------
    path
        A ``.csv``, ``.tsv``, ``.xlsx`` or ``.xlsm`` file. CSV is UTF-8; its delimiter is the comma,
        the semicolon or the tab, whichever is most frequent in the first row outside quotation
        marks (at a tie, the first of them); ``.tsv`` has tabs.
    sheet
        The sheet of a workbook, if it has several.
    names
        The column that names the options.
    said
        What weights, directions and the like say about the criteria.
    rows
        "options" if every row is an option, even one that looks like a total, like weights, ...

    Raises
    ------
    DocumentError
        With the cell, what is wrong and the remedy for everything that is wrong; rows that are no
        options, and tables that are no decision matrix, are named.
    """
    check_rows(rows)
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix in _WORKBOOKS:
        from mcda.files.workbooks import read_grid

        grid = read_grid(read_bytes(file, LARGEST_TABLE), str(file), sheet, MOST_CELLS)
        return _matrix(grid, names, said, rows)
    if suffix not in _TEXTS:
        remedy = f"Use {', '.join(_TEXTS + _WORKBOOKS)}"
        if suffix in _OTHERS:
            remedy = "Save it as .xlsx or .csv"
        raise fail(str(file), f"tables with the ending {file.suffix!r} are not read", remedy)
    if sheet is not None:
        raise fail(str(file), f"a {suffix} file has no sheets, so no {sheet!r}", "Leave it out")
    return _matrix(
        _text_grid(read_bytes(file, LARGEST_TABLE), str(file), suffix), names, said, rows
    )


def letters(column: int) -> str:
    """A column's letters in a spreadsheet.

    Examples
    --------
    >>> [letters(column) for column in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _text_grid(data: bytes, path: str, suffix: str) -> Grid:
    if data[:4] == b"PK\x03\x04":
        raise fail(path, "this is a workbook, not text", "Give it the ending .xlsx")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fail(path, "this is UTF-16", "Save it as CSV UTF-8")
    text = decode(data, path)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise fail(f"{path}:{line}", "there is a NUL character", "Save it as CSV UTF-8")
    delimiter = "\t" if suffix == ".tsv" else delimiter_of(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise csv_error(error, f"{path}:{line}") from None
        if row is None:
            return Grid(rows, path, lines, _thousands(rows) if delimiter == ";" else {})
        if not rows and len(row) <= 2 and row and re.fullmatch(r"sep=.?", row[0].strip()):
            raise fail(f"{path}:{line}", f"the line {row[0]!r} is not read", "Remove it")
        cells += len(row)
        if cells > MOST_CELLS or len(rows) > MOST_CELLS:
            raise fail(f"{path}:{line}", f"more than {MOST_CELLS} cells", "Split the table")
        rows.append(row)
        lines.append(line)


def _thousands(rows: Sequence[Sequence[str]]) -> dict[Spot, tuple[str, str]]:
    """Cells such as 1.200, unless another cell shows that points are decimal.

    Where the comma is the decimal sign, spreadsheets separate cells by semicolons and thousands by
    points.
    """
    doubtful = {}
    for row, cells in enumerate(rows[1:], 1):
        for column, cell in enumerate(cells[1:], 1):
            word = cell.strip()
            if AMBIGUOUS.fullmatch(word):
                doubtful[row, column] = thousands(word)
            elif "." in word and DIGITS.fullmatch(word):
                return {}
    return doubtful


def thousands(word: str) -> tuple[str, str]:
    """What is wrong with a number such as 1.200, and the remedy."""
    plain, decimal = word.replace(".", ""), f"{word}0"
    what = f"{word} can be {plain} with a separator of thousands, or a decimal"
    return what, f"Write {plain} or {decimal}"


def csv_error(error: csv.Error, place: str) -> DocumentError:
    """What Python's reader says of quotation marks, in words."""
    if "unexpected end of data" in str(error):
        return fail(place, "a quotation mark in this row is never closed", "Close it")
    if "expected after" in str(error):
        what = "text stands behind a closing quotation mark"
        return fail(place, what, "Double quotation marks inside quoted cells")
    if "field larger" in str(error):
        what = f"a cell has more than {csv.field_size_limit()} characters"
        return fail(place, what, "Close its quotation mark, or shorten it")
    return fail(place, f"this cannot be read as CSV: {error}")


def delimiter_of(text: str) -> str:
    """The comma, semicolon or tab, by what the first row has most of."""
    counts = dict.fromkeys(",;\t", 0)
    quoted = False
    for each in text[:1_000_000]:
        if each == '"':
            quoted = not quoted
        elif each in "\r\n" and not quoted:
            break
        elif each in counts and not quoted:
            counts[each] += 1
    return max(counts, key=lambda each: counts[each])


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _matrix(grid: Grid, names: str | None, said: Said, rows: Rows | None) -> Matrix:
    height, width = _extent(grid)
    if not height or not width:
        raise fail(grid.source, "the table is empty", "Name criteria in the first row")
    findings: list[Finding] = []
    if (0, 0) in grid.troubles:
        findings.append(Finding(grid.place(0, 0), *grid.troubles[0, 0]))
    key, columns = _roles(grid, height, width, names, said)
    if rows is None and columns:
        _refuse_others(grid, height, key, columns, said)
    criteria = [_named(grid, 0, column, "criterion", findings) for column in columns]
    filled = list(_filled(grid, height, width))
    options = [
        ((row, 0), UNNAMED.format(number))
        if key is None
        else _named(grid, row, key, "option", findings)
        for number, row in enumerate(filled, 1)
    ]
    if not columns:
        what = "there are no criteria, only one column"
        remedy = "Name them in the first row, from B1 on"
        if grid.lines is not None:
            remedy += "; cells are separated by commas, semicolons or tabs"
        findings.append(Finding(grid.place(0, 0), what, remedy))
    elif height < 2:
        findings.append(
            Finding(grid.place(0, 0), "there are no options, only a header", "Add a row for each")
        )
    if len(criteria) > 0 and all(DIGITS.fullmatch(name) for _, name in criteria):
        what = "the first row has numbers where it names the criteria"
        remedy = "Add a row of names; names that are numbers need a letter"
        findings.append(Finding(grid.place(0, columns[0]), what, remedy))
    _refuse_twice(grid, criteria, "criterion", findings)
    _refuse_twice(grid, options, "option", findings)
    values = tuple(_values(grid, height, width, columns, findings)) if columns else ()
    if findings:
        findings.sort(key=lambda each: _spot(each.place.field))
        if len(findings) > _MOST_FINDINGS:
            more = f"{len(findings) - _MOST_FINDINGS} more cells are wrong"
            findings[_MOST_FINDINGS:] = [Finding(Place(grid.source), more, "Repair these first")]
        raise DocumentError(findings)
    return Matrix(
        tuple(name for _, name in criteria), tuple(name for _, name in options), values, grid.source
    )


def _roles(
    grid: Grid, height: int, width: int, names: str | None, said: Said
) -> tuple[int | None, list[int]]:
    """The column that names the options, if one does, and those of criteria.

    Raises
    ------
    DocumentError
        For a column whose role is not clear.
    """
    headers = [_label(_cell(grid, 0, column)) for column in range(width)]
    filled = list(_filled(grid, height, width))
    key = _key(grid, headers, filled, names, said)
    columns, ids = [], []
    for column in range(width):
        if column == key:
            continue
        header = headers[column]
        numbers = _numbers(grid, column, filled)
        evidence = ""
        if numbers and not said.names(header):
            evidence = counts_rows(header, numbers, first=column == 0)
        if not evidence:
            columns.append(column)
        else:
            ids.append(Recognised(Kind.COUNTER, evidence, column=column, name=header))
    if ids and said.counted == len(columns) + len(ids):
        return key, sorted([*columns, *(each.column or 0 for each in ids)])
    if ids and not (said.labels or said.chosen or said.counted == len(columns)):
        raise DocumentError(
            Finding(grid.place(0, each.column or 0), each.what, each.remedy) for each in ids
        )
    return key, columns


def _key(
    grid: Grid, headers: Sequence[str], filled: Sequence[int], names: str | None, said: Said
) -> int | None:
    """The column that names the options, if one does."""
    if names is not None:
        if names not in headers:
            raise fail(grid.source, f"there is no column {names!r}", hint(names, headers))
        return headers.index(names)
    numbers = _numbers(grid, 0, filled)
    if not numbers:
        return 0
    words = [column for column in range(1, len(headers)) if _holds_names(grid, column, filled)]
    if len(words) == 1:
        return words[0]
    role = first_column(headers[0], numbers, said, len(headers))
    if role is Role.UNCLEAR:
        unclear = unclear_names(headers[0])
        raise DocumentError([Finding(grid.place(0, 0), unclear.what, unclear.remedy)])
    return 0 if role is Role.NAMES else None


def _label(cell: Any) -> str:
    """What a cell says as a name, whatever it holds."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST_WHOLE:
        cell = int(cell)
    return "" if _blank(cell) else unicodedata.normalize("NFC", str(cell).strip())


def _numbers(grid: Grid, column: int, filled: Iterable[int]) -> list[float]:
    """The numbers of a column; none if a cell holds something else."""
    found = []
    for row in filled:
        cell = _cell(grid, row, column)
        number = None if isinstance(cell, str) and "%" in cell else number_in(cell)
        if number is None or (row, column) in grid.troubles:
            return []
        found.append(number)
    return found


def _holds_names(grid: Grid, column: int, filled: Iterable[int]) -> bool:
    """Whether a column holds words without digits, each once."""
    cells = [_cell(grid, row, column) for row in filled]
    return len(set(cells)) == len(cells) and all(
        isinstance(cell, str) and cell.strip() and not any(map(str.isdigit, cell)) for cell in cells
    )


def _refuse_others(
    grid: Grid, height: int, key: int | None, columns: Sequence[int], said: Said
) -> None:
    """Refuse rows that are no options, and a table that is no decision matrix.

    Raises
    ------
    DocumentError
        With the place of each.
    """
    filled = list(_filled(grid, height, max(columns) + 1))
    headers = [_label(_cell(grid, 0, column)) for column in columns]
    if not all(headers):  # nothing is sure yet
        return
    table = Table(
        headers,
        ["" if key is None else _label(_cell(grid, row, key)) for row in filled],
        lambda row, column: _cell(grid, filled[row], columns[column]),
        "" if key is None else _label(_cell(grid, 0, key)),
    )
    found = recognise(table, said)
    if found:
        raise DocumentError(
            Finding(
                grid.place(0 if each.row is None else filled[each.row], key or 0),
                each.what,
                each.remedy,
            )
            for each in found
        )


def _spot(cell: str) -> Spot:
    """The row and column of a name such as B3."""
    word = cell.rstrip("0123456789")
    return int(cell[len(word) :]), sum(
        26**place * (ord(each) - 64) for place, each in enumerate(reversed(word))
    )


def _extent(grid: Grid) -> Spot:
    """Rows and columns up to the last cell that holds something."""
    height = width = 0
    for number, row in enumerate(grid.rows):
        last = next((n for n in range(len(row), 0, -1) if not _blank(row[n - 1])), 0)
        if last:
            height, width = number + 1, max(width, last)
    for below, column in grid.troubles:
        height, width = max(height, below + 1), max(width, column + 1)
    return height, width


def _cell(grid: Grid, row: int, column: int) -> Any:
    cells = grid.rows[row] if row < len(grid.rows) else ()
    return cells[column] if column < len(cells) else None


def _filled(grid: Grid, height: int, width: int) -> Iterator[int]:
    """The rows below the header that hold something."""
    for row in range(1, height):
        spots = ((row, column) for column in range(width))
        if any(not _blank(_cell(grid, *spot)) or spot in grid.troubles for spot in spots):
            yield row


def _named(
    grid: Grid, row: int, column: int, kind: str, findings: list[Finding]
) -> tuple[Spot, str]:
    """The name in a cell; blank if there is none."""
    name = ""
    try:
        if (row, column) in grid.troubles:
            raise _CellError(*grid.troubles[row, column])
        if (row, column) not in grid.covered:
            name = _name(_cell(grid, row, column), kind)
    except _CellError as error:
        findings.append(Finding(grid.place(row, column), error.what, error.remedy))
    return (row, column), name


def _name(cell: Any, kind: str) -> str:
    if _blank(cell):
        where = "column" if kind == "criterion" else "row"
        raise _CellError(f"the {kind} has no name", f"Name it, or delete the {where}")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST_WHOLE:
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, (str, int)):
        raise _CellError(f"expected the {kind}'s name, got {_shown(cell)}", "Make it text")
    try:
        return check_name(str(cell).strip())
    except ValueError as error:
        raise _CellError(f"the {kind}'s name {short(cell)}: {error}", "") from None


def _refuse_twice(
    grid: Grid, names: list[tuple[Spot, str]], kind: str, findings: list[Finding]
) -> None:
    first: dict[str, Spot] = {}
    for spot, name in names:
        if name and name in first:
            row, column = first[name]
            what = f"the {kind} {short(name)} is there already, in {letters(column)}{row + 1}"
            findings.append(Finding(grid.place(*spot), what, "Give it another name"))
        first.setdefault(name, spot)


def _values(
    grid: Grid, height: int, width: int, columns: Sequence[int], findings: list[Finding]
) -> Iterator[tuple[float, ...]]:
    filled = set(_filled(grid, height, width))
    text = grid.lines is not None
    for row in range(1, height):
        if row not in filled:
            what = "the row is empty"
            findings.append(Finding(grid.place(row, 0), what, "Delete it"))
            continue
        have = len(grid.rows[row]) if row < len(grid.rows) else 0
        if text and have > len(grid.rows[0]) and width > len(grid.rows[0]):
            what = f"the row has {have} cells, the first row {len(grid.rows[0])}"
            findings.append(Finding(grid.place(row, have - 1), what, "Remove those too many"))
        if text and have < width:
            what = f"the row has {have} {'cell' if have == 1 else 'cells'}, the table {width}"
            at = grid.place(row, max(have - 1, 0))
            findings.append(Finding(at, what, "Add those that are missing"))
        values = []
        for column in columns:
            if text and column >= have:
                break
            spot = (row, column)
            try:
                if spot in grid.troubles:
                    raise _CellError(*grid.troubles[spot])
                if spot not in grid.covered:
                    values.append(_number(_cell(grid, row, column), text))
            except _CellError as error:
                findings.append(Finding(grid.place(*spot), error.what, error.remedy))
        yield tuple(values)


def _number(cell: Any, text: bool) -> float:
    """The finite number in a cell; `text` where cells are text anyway."""
    if _blank(cell):
        raise _CellError("the cell is empty", "Give a number, or leave the option out")
    if isinstance(cell, str):
        word = cell.strip()
        if DIGITS.fullmatch(word) is None:
            raise _CellError(f"expected a number, got {short(cell)}", _advice(word))
        if not text:
            raise _CellError(f"the number {short(cell)} is stored as text", "Make it a number")
        cell = float(word)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise _CellError(f"expected a number, got {_shown(cell)}", "Give a number")
    if not math.isfinite(cell):
        raise _CellError("a number must be finite", "Give a smaller number")
    return float(cell)


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return f"the date {cell.isoformat(' ')}"
    if isinstance(cell, date):
        return f"the date {cell.isoformat()}"
    if isinstance(cell, (time, timedelta)):
        return f"the time {cell}"
    return short(cell)


def _advice(word: str) -> str:
    """What to do about text where a number belongs."""
    if _THOUSANDS.fullmatch(word):
        return "Leave out the separators of thousands; decimals have a point"
    if _COMMA.fullmatch(word):
        return f"Write decimals with a point: {word.replace(',', '.')}"
    if word.endswith("%"):
        return "Write the number alone, in the same way in the whole column"
    if word.startswith("#"):
        return "It is a spreadsheet's error value: repair the formula"
    if word.startswith("="):
        return "It is a formula: let a spreadsheet work it out"
    if word[0] in "\u2212\u2013\u2012\ufe63\uff0d":
        return "Write the minus sign as -"
    if not word.isascii() and any(each.isdecimal() and not each.isascii() for each in word):
        return "Write the digits 0 to 9"
    if "_" not in word and not re.match(r"0[xXbBoO]", word) and _UNIT.fullmatch(word):
        return "Write the number alone; a unit belongs to the criterion"
    return "Give a number, or leave the option out"

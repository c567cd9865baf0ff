"""CSV of any size as an Arrow file of text, after a look at every line of it."""

from __future__ import annotations

import codecs
import csv
import glob
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from mcda.errors import DocumentError, listing
from mcda.files.reading import decode, fail
from mcda.files.tables import AMBIGUOUS, DIGITS, csv_error, delimiter_of, letters

__all__ = ["Form", "doubtful", "look", "scan_arrow", "write_arrow"]

#: Bytes that are looked at, and rows that Python's reader takes, at a time.
_BLOCK, _LOT = 2**22, 50_000
#: Bytes of the first line that are looked at.
_HEAD = 2**20
_NEWLINE, _RETURN = 10, 13


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV file is written.

    Attributes
    ----------
    delimiter : str
    header : tuple of str
        Names of the columns.
    rows : int
        Below the header, blank lines included.
    plain : bool
        Whether splitting at delimiters and ends of lines gives the cells, quotation marks around
        whole cells aside.
    """

    delimiter: str
    header: tuple[str, ...]
    rows: int
    plain: bool


def look(path: Path) -> Form:
    """Read all of a file once, in blocks.

    Raises
    ------
    DocumentError
        If it is no CSV, empty, not UTF-8 (with line and column), or has a row with cells too few
        or too many: which cell is missing cannot be known.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head[:4] == b"PK\x03\x04":
        raise fail(str(path), "this is a workbook, not text", "Give it the ending .xlsx")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fail(str(path), "this is UTF-16", "Save it as CSV UTF-8")
    quoted, lone = _refuse_bytes(path)
    start = head.decode("utf-8-sig", "ignore")
    if not start.strip():
        raise fail(str(path), "the table is empty", "Name the columns in the first row")
    delimiter = "\t" if path.suffix.lower() == ".tsv" else delimiter_of(start)
    header = _header(path, delimiter)
    if not (quoted or lone):
        rows = _split_rows(path, delimiter, len(header))
        return Form(delimiter, header, rows, plain=True)
    rows, plain = 0, not lone
    for _, row in islice(_parsed(path, delimiter), 1, None):
        rows += 1
        text = "".join(row)
        plain = plain and '"' not in text and "\n" not in text and "\r" not in text
    return Form(delimiter, header, rows, plain=plain)


def _refuse_bytes(path: Path) -> tuple[bool, bool]:
    """Refuse what is no UTF-8; whether there are quotation marks, and lines that end with CR."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    quoted = lone = False
    last = b""
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
                if b"\0" in block:
                    line = _line_of(path, b"\0")
                    what = "there is a NUL character"
                    raise fail(f"{path}:{line}", what, "Save it as CSV UTF-8")
                quoted = quoted or b'"' in block
                joined = last + block
                last = b"\r" if joined.endswith(b"\r") else b""
                lone = lone or joined.count(b"\r") > joined.count(b"\r\n") + len(last)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            _refuse_encoding(path)
    return quoted, lone or last == b"\r"


def _refuse_encoding(path: Path) -> None:
    """Name the first byte that is not UTF-8, with its line and column."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                decode(line, str(path))
            except DocumentError as error:
                [found] = error.findings
                raise fail(
                    str(path), found.what, found.remedy, number, found.place.column
                ) from None


def _line_of(path: Path, what: bytes) -> int:
    with path.open("rb") as stream:
        return next(number for number, line in enumerate(stream, 1) if what in line)


def _header(path: Path, delimiter: str) -> tuple[str, ...]:
    line, first = next(_parsed(path, delimiter, checked=False))
    if len(first) <= 2 and first[0].strip().startswith("sep="):
        raise fail(f"{path}:{line}", f"the line {delimiter.join(first)!r} is not read", "Remove it")
    names = [unicodedata.normalize("NFC", name) for name in first]
    for column, name in enumerate(names):
        if not name.strip():
            what = f"column {letters(column)} has no name"
            raise fail(f"{path}:{line}", what, "Name it, or delete the column")
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        what = f"several columns are named {listing(doubled)}"
        raise fail(f"{path}:{line}", what, "Rename all but one")
    return tuple(names)


def _parsed(path: Path, delimiter: str, *, checked: bool = True) -> Iterator[tuple[int, list[str]]]:
    """The rows, the header first, with the lines they begin on; all as long as the header."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        width = 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise csv_error(error, f"{path}:{line}") from None
            if row is None:
                return
            width = width or len(row)
            if checked and row and len(row) != width:
                raise _ragged(path, line, len(row), width)
            yield line, row


def _ragged(path: Path, line: int, have: int, width: int) -> DocumentError:
    cells = "1 cell" if have == 1 else f"{have} cells"
    return fail(
        f"{path}:{line}",
        f"the row has {cells}, the header {width}",
        "Give every row as many; a cell that holds the delimiter needs quotation marks",
    )


def _split_rows(path: Path, delimiter: str, width: int) -> int:
    """How many lines there are below the header, all with as many delimiters as it has."""
    before, rest = 0, b""
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            data = rest + block
            if not block and data:
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            data, rest = data[:cut], data[cut:]
            if data:
                before += _counted(path, data, ord(delimiter), width, before)
            if not block:
                return before - 1


def _counted(path: Path, data: bytes, delimiter: int, width: int, before: int) -> int:
    """How many lines a block has, each with the right number of cells."""
    each = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(each == _NEWLINE)
    found = np.searchsorted(np.flatnonzero(each == delimiter), ends)
    cells = np.diff(found, prepend=0) + 1
    lengths = np.diff(ends, prepend=-1) - 1
    blank = (lengths == 0) | ((lengths == 1) & (each[ends - 1] == _RETURN))
    wrong = np.flatnonzero((cells != width) & ~blank)
    if wrong.size:
        raise _ragged(path, before + int(wrong[0]) + 1, int(cells[wrong[0]]), width)
    return len(ends)


def scan_arrow(path: str | Path) -> Any:
    """An Arrow file as a Polars frame that is not read yet, whatever characters its path has."""
    import polars as pl

    return pl.scan_ipc(glob.escape(str(path)))


def write_arrow(path: Path, form: Form, target: Path) -> None:
    """Write all cells as text, empty ones as null."""
    import polars as pl

    if form.plain and _written(path, form, target):
        return
    rows = (row for _, row in islice(_parsed(path, form.delimiter), 1, None))
    lots: list[Path] = []
    while lot := list(islice(rows, _LOT)):
        blank = [None] * len(form.header)
        cells: list[Any] = [[cell or None for cell in row] or blank for row in lot]
        frame = pl.DataFrame(cells, schema=dict.fromkeys(form.header, pl.String), orient="row")
        lots.append(target.with_name(f"{len(lots)}.lot"))
        frame.write_ipc(lots[-1])
    if lots:
        pl.concat([scan_arrow(each) for each in lots]).sink_ipc(target, compression="uncompressed")
    else:
        pl.DataFrame(schema=dict.fromkeys(form.header, pl.String)).write_ipc(target)
    for each in lots:
        each.unlink()


def _written(path: Path, form: Form, target: Path) -> bool:
    """Whether Polars could write all rows; where it could not, Python reads them again."""
    import polars as pl

    try:
        text = pl.scan_csv(
            path,
            separator=form.delimiter,
            infer_schema=False,
            new_columns=list(form.header),
            glob=False,
        )
        text.sink_ipc(target, compression="uncompressed")
        return bool(scan_arrow(target).select(pl.len()).collect().item() == form.rows)
    except pl.exceptions.PolarsError:
        return False


def doubtful(data: Any, columns: list[str]) -> bool:
    """Whether points may separate thousands: some do look so, and none is clearly decimal.

    Where the comma is the decimal sign, spreadsheets separate cells by semicolons and thousands by
    points.
    """
    import polars as pl

    if not columns:
        return False
    text = pl.col(columns).str.strip_chars()
    unclear = text.str.contains(f"^(?:{AMBIGUOUS.pattern})$")
    decimal = text.str.contains(f"^(?:{DIGITS.pattern})$") & text.str.contains(".", literal=True)
    found = data.select(
        unclear=pl.any_horizontal(unclear.any()), sure=pl.any_horizontal((decimal & ~unclear).any())
    ).collect()
    return bool(found["unclear"][0] and not found["sure"][0])

"""Cells of an Excel workbook, after a look at its XML for what would break or mislead.

calamine gives the values. What it does not tell is read from the sheet first: formulas that were
never calculated, error values, hidden rows and columns; and how far out the last cell lies, since
calamine lays out every cell up to it in memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from mcda.errors import DocumentError, Finding, Place, hint, listing, short
from mcda.files.reading import fail
from mcda.files.tables import Grid, Spot, letters

__all__ = ["MOST_COVERED", "read_grid"]

#: The most that a workbook's parts may unpack to, in bytes.
_LARGEST_UNPACKED = 128 * 1024 * 1024
_MOST_PARTS = 10_000
_MOST_ROWS, _MOST_COLUMNS = 2**20, 2**14
#: Merged areas are looked at until they cover this many cells.
MOST_COVERED = 10_000
_SPOT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    OSError,
    RuntimeError,
    EOFError,
    ValueError,
    KeyError,
)


def read_grid(data: bytes, path: str, sheet: str | None, most_cells: int) -> Grid:
    """The cells of one sheet.

    Parameters
    ----------
    data
        The workbook.
    path
        Its path, for messages.
    sheet
        The sheet's name; may be ``None`` if there is only one.
    most_cells
        A sheet that reaches further is refused.

    Raises
    ------
    DocumentError
        If it is no workbook, too large, or has no such sheet.
    """
    try:
        import python_calamine as calamine
    except ImportError:
        remedy = 'Install them with: pip install "mcda-engine[excel]"'
        raise fail(path, "workbooks need the extra 'excel'", remedy) from None
    parts = _Parts(data, path)
    paths = parts.sheets()
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            each.name
            for each in workbook.sheets_metadata
            if each.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        name = _chosen(names, sheet, path)
        source = f"{path}: sheet {name!r}"
        found = parts.look(paths[name], source, most_cells)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        _compare(rows, found, source)
    except DocumentError:
        raise
    except BaseException as error:  # a panic of calamine is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise _unreadable(path, error) from None
    return _grid(rows, source, found)


def _unreadable(path: str, error: BaseException) -> DocumentError:
    what = f"this cannot be read as a workbook: {error or type(error).__name__}"
    return fail(path, what, "Open it in a spreadsheet program and save it as .xlsx")


def _chosen(names: list[str], sheet: str | None, path: str) -> str:
    if sheet is not None:
        if sheet in names:
            return sheet
        raise fail(path, f"there is no sheet {sheet!r}", hint(sheet, names))
    if len(names) == 1:
        return names[0]
    if not names:
        raise fail(path, "the workbook has no sheet with cells")
    what = f"the workbook has {len(names)} sheets: {listing(map(repr, names))}"
    raise fail(path, what, "Name one of them: sheet=..., on the command line --sheet")


def _compare(rows: list[list[Any]], found: _Found, source: str) -> None:
    """Refuse numbers that calamine reads otherwise than they stand in the XML."""
    for row, column, number in zip(found.rows, found.columns, found.numbers, strict=True):
        cells = rows[row] if row < len(rows) else []
        cell = cells[column] if column < len(cells) else ""
        if cell == "" or (isinstance(cell, float) and cell != number):
            what = f"the number {number!r} is written in an unusual way"
            raise DocumentError(
                [Finding(Place(source, field=f"{letters(column)}{row + 1}"), what, "Type it anew")]
            )


class _Found:
    """What a sheet's XML says beyond the values."""

    def __init__(self) -> None:
        self.troubles: dict[Spot, tuple[str, str]] = {}
        self.merged: list[tuple[Spot, Spot, str]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.last: Spot = (-1, -1)
        #: Rows, columns and values of the numbers.
        self.rows, self.columns, self.numbers = array("l"), array("l"), array("d")


class _Parts:
    """The parts of a workbook, none of which unpacks to more than it says."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            what = "this is an old workbook, or one with a password"
            raise fail(path, what, "Save it as .xlsx without a password")
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self.zip.infolist()
            size = sum(each.file_size for each in parts)
            if size > _LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
                limit = f"{_LARGEST_UNPACKED // 2**20} MiB in {_MOST_PARTS} parts"
                what = f"the workbook unpacks to {size / 2**20:.0f} MiB in {len(parts)} parts"
                raise fail(path, f"{what}, the limit is {limit}", "Save the table alone")
            if len({each.filename.casefold() for each in parts}) < len(parts):
                raise fail(path, "the workbook holds a part twice", "Save it anew")
            for each in parts:  # one that unpacks to more than it says does not get through
                with self.zip.open(each) as stream:
                    while stream.read(1 << 20):
                        pass
            for each in parts:
                if each.filename.endswith(".xml") and "worksheets/" not in each.filename:
                    self.each(each.filename, _Counts(path, each.file_size).start)
        except DocumentError:
            raise
        except _UNREADABLE as error:
            raise _unreadable(path, error) from None

    def parse(self, name: str, parser: Any) -> None:
        def refuse(*_: object) -> None:
            raise fail(self.path, f"{name} declares types or entities", "Save the workbook anew")

        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        try:
            with self.zip.open(name) as stream:
                while chunk := stream.read(1 << 16):
                    parser.Parse(chunk)
            parser.Parse(b"", True)
        except DocumentError:
            raise
        except _UNREADABLE as error:
            raise _unreadable(self.path, error) from None

    def each(self, name: str, handle: Callable[[str, dict[str, str]], None]) -> None:
        """Call `handle` with the name and the attributes of every element of a part."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = handle
        self.parse(name, parser)

    def sheets(self) -> dict[str, str]:
        """The part of every sheet, by its name."""
        ids: dict[str, str] = {}
        targets: dict[str, str] = {}

        def sheet(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "sheet":
                plain = {_local(key): value for key, value in attributes.items()}
                ids[plain.get("name", "")] = plain.get("id", "")

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "Relationship":
                target = posixpath.join("/xl", attributes.get("Target", ""))
                targets[attributes.get("Id", "")] = posixpath.normpath(target).lstrip("/")

        self.each("xl/workbook.xml", sheet)
        self.each("xl/_rels/workbook.xml.rels", relation)
        return {name: targets.get(number, "") for name, number in ids.items()}

    def look(self, name: str, source: str, most_cells: int) -> _Found:
        """What the XML of a sheet says beyond its values.

        Raises
        ------
        DocumentError
            If the last cell lies too far out.
        """
        found = _Found()
        if name not in self.zip.namelist():
            raise fail(source, "the sheet is missing from the workbook", "Save the workbook anew")
        looker = _Looker(found, _Counts(self.path, self.zip.getinfo(name).file_size))
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = looker.start
        parser.EndElementHandler = looker.end
        parser.CharacterDataHandler = looker.text
        parser.buffer_text = True
        self.parse(name, parser)
        row, column = found.last
        if (row + 1) * (column + 1) > most_cells:
            what = f"the table reaches to {letters(column)}{row + 1}: more than {most_cells} cells"
            raise fail(source, what, "Delete what stands far out, or split the table")
        return found


class _Counts:
    """Refuses counts that a part cannot hold: calamine makes room for as many, or the process ends.

    An element takes at least five characters.
    """

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.most = size // 5

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        for key in ("count", "uniqueCount"):
            count = attributes.get(key, "")
            if count and not (count.isdecimal() and len(count) < 12 and int(count) <= self.most):
                what = f"{_local(tag)} says that it has {short(count)} elements, and has not"
                raise fail(self.path, what, "Save the workbook anew")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _spot(reference: str) -> Spot | None:
    match = _SPOT.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class _Looker:
    """Handles the elements of a sheet."""

    def __init__(self, found: _Found, counts: _Counts) -> None:
        self.found = found
        self.counts = counts
        self.at: Spot = (-1, -1)
        self.kind = ""
        self.formula = self.filled = False
        self.inside = ""
        self.value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "c":
            self.at = self.following(attributes.get("r"))
            self.kind = attributes.get("t", "n")
            self.formula = self.filled = False
            self.value = ""
        elif tag == "row":
            row = self.following(f"A{attributes['r']}" if "r" in attributes else None, row=True)[0]
            self.at = (row, -1)
            if attributes.get("hidden") in ("1", "true"):
                self.found.hidden_rows.add(row)
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "is"):
            self.filled = True
            self.inside = tag if tag == "v" else ""
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            ends = attributes.get("min", "1"), attributes.get("max", "16384")
            self.found.hidden_columns.append((int(ends[0]) - 1, int(ends[1]) - 1))
        elif tag == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            if (start := _spot(first)) and (end := _spot(last or first)):
                self.found.merged.append((start, end, attributes["ref"]))
        elif "count" in attributes:
            self.counts.start(tag, attributes)

    def following(self, reference: str | None, *, row: bool = False) -> Spot:
        """Where a cell stands, or a row begins; only forwards, and within what Excel has."""
        expected = (self.at[0] + 1, 0) if row else (self.at[0], self.at[1] + 1)
        spot = expected if reference is None else _spot(reference)
        in_order = spot is not None and (
            spot >= expected if row else spot[0] == expected[0] and spot[1] >= expected[1]
        )
        if spot is None or not in_order or spot[0] >= _MOST_ROWS or spot[1] >= _MOST_COLUMNS:
            what = f"the cell {short(reference)} is not where a cell can be"
            raise fail(self.counts.path, what, "Save the workbook anew")
        return spot

    def text(self, text: str) -> None:
        if self.inside:
            self.value = (self.value + text)[:100]

    def end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "v":
            self.inside = ""
        elif tag == "c":
            value = self.value.strip()
            if self.formula or self.filled:
                row, column = self.found.last
                self.found.last = max(row, self.at[0]), max(column, self.at[1])
            if self.kind == "n" and value:
                self.found.rows.append(self.at[0])
                self.found.columns.append(self.at[1])
                self.found.numbers.append(float(value))
            if self.kind == "e":
                what = f"the cell holds the error {short(value)}"
                self.found.troubles[self.at] = what, "Repair its formula, or give a number"
            elif self.formula and not value and self.kind != "str":
                what = "the cell holds a formula that was never calculated"
                remedy = "Open the workbook in a spreadsheet program and save it"
                self.found.troubles[self.at] = what, remedy


def _grid(rows: list[list[Any]], source: str, found: _Found) -> Grid:
    """The cells with what is wrong about them, as far as it lies within the table."""
    height, width = found.last[0] + 1, found.last[1] + 1
    troubles = dict(found.troubles)
    covered: set[Spot] = set()
    for (top, left), (bottom, right), reference in found.merged:
        if top < height and left < width and len(covered) < MOST_COVERED:
            troubles[top, left] = f"the cells {reference} are merged", "Unmerge and fill them"
            covered |= {
                (row, column)
                for row in range(top, min(bottom + 1, height))
                for column in range(left, min(right + 1, width))
            }
    for row in sorted(found.hidden_rows):
        if row < height:
            troubles.setdefault((row, 0), (f"row {row + 1} is hidden", "Show it, or delete it"))
    for first, last in found.hidden_columns:
        for column in range(first, min(last + 1, width)):
            what = f"column {letters(column)} is hidden"
            troubles.setdefault((0, column), (what, "Show it, or delete it"))
    return Grid(rows, source, None, troubles, frozenset(covered))

"""Decision matrices from CSV and workbooks: the right numbers, or the cell that is wrong."""

from __future__ import annotations

import datetime
import io
import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcda.errors import DocumentError
from mcda.files import tables
from mcda.files.tables import Matrix, read_matrix

TABLE = "option,price,speed\na,1,2.5\nb,-3e2,.5\n"
ROWS = [["option", "price", "speed"], ["a", 1, 2.5], ["b", -3e2, 0.5]]


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def book(tmp_path: Path) -> Any:
    def book(rows: list[list[Any]], change: Any = None) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "Data"
        for row in rows:
            sheet.append(row)
        if change is not None:
            change(sheet)
        workbook.save(tmp_path / "table.xlsx")
        return tmp_path / "table.xlsx"

    return book


def check(found: Matrix) -> None:
    assert found.criteria == ("price", "speed")
    assert found.options == ("a", "b")
    assert found.values == ((1.0, 2.5), (-300.0, 0.5))
    assert all(type(value) is float for row in found.values for value in row)


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("\n", "\r"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        TABLE.removesuffix("\n"),
        TABLE + "\n\n , ,\n",
        TABLE.replace("\n", ",,\n"),
        ' "option","price" ; x\n'.replace(' "option","price" ; x\n', "") + TABLE,
        TABLE.replace("a,1,2.5", ' "a",1 , +2.50').replace(' "a"', '" a"'),
        '"two\nlines;;;;;",price,speed\na,1,2.5\nb,-3e2,.5',
    ],
)
def test_text(write: Any, text: str) -> None:
    check(read_matrix(write(text)))


def test_tabs(write: Any) -> None:
    found = read_matrix(write("x\ta,b\tc;d;e\no\t1\t2", "table.TSV"))
    assert found.criteria == ("a,b", "c;d;e")
    assert found.source.endswith("table.TSV")


def test_names_are_kept(write: Any) -> None:
    found = read_matrix(write(',e\u0301,no,"a, b",2024\n谷歌,1,2,3,4\n007,1,2,3,4\n'))
    assert found.criteria == ("é", "no", "a, b", "2024")
    assert found.options == ("谷歌", "007")


CASES: dict[str, tuple[Any, Any, str]] = {
    "decimal comma": ("2.5", '"2,5"', r"table.csv:2: C2: .* got '2,5'. Write .* point: 2.5"),
    "decimal comma after semicolons": (None, "o;p\na;12,5", r"csv:2: B2: .*point: 12.5"),
    "thousands": ("-3e2", '"1,200"', r"csv:3: B3: .* got '1,200'. Leave out the separators"),
    "thousands and decimals": ("-3e2", '"1,200.50"', "separators"),
    "points and a comma": ("-3e2", '"1.200,50"', "separators"),
    "blanks of thousands": ("-3e2", "1 200", "separators"),
    "blank": ("2.5", "", "C2: the cell is empty. Give a number, or leave"),
    "only blanks": ("2.5", " \u00a0", "C2: the cell is empty"),
    "n/a": ("2.5", "n/a", "C2: expected a number, got 'n/a'. Give a number"),
    "nan": ("2.5", "nan", "C2: expected a number, got 'nan'"),
    "inf": ("2.5", "-inf", "C2: expected a number"),
    "infinite": ("2.5", "1e999", "C2: a number must be finite"),
    "unit": ("2.5", "12 EUR", "got '12 EUR'. Write the number alone; a unit"),
    "unit in front": ("2.5", "€12", "a unit belongs"),
    "percent": ("2.5", "5%", "got '5%'. Write the number alone"),
    "true": ("2.5", "TRUE", "expected a number, got 'TRUE'"),
    "date": ("2.5", "2026-01-31", "expected a number, got '2026-01-31'"),
    "error value": ("2.5", "#DIV/0!", "error value"),
    "formula": ("2.5", "=A1", "It is a formula"),
    "underscore": ("2.5", "1_000", "expected a number, got '1_000'. Give"),
    "hexadecimal": ("2.5", "0x1F", "expected a number, got '0x1F'. Give"),
    "full-width digits": ("2.5", "１２", "Write the digits 0 to 9"),
    "minus sign": ("2.5", "−12", "Write the minus sign as -"),
    "two points": ("2.5", "1.2.3", "expected a number"),
    "duplicate option": ("b,", "a,", "csv:3: A3: the option 'a' is there already, in A2"),
    "equal options": ("a,1,2.5\nb", "é,1,2.5\ne\u0301", "A3: the option 'é' is there already"),
    "options equal but for blanks": ("b,", " a ,", "A3: the option 'a' is there already"),
    "duplicate criterion": ("speed", "price", "csv:1: C1: the criterion 'price' .* in B1"),
    "blank option": ("b,", ",", "A3: the option has no name. Name it, or delete the row"),
    "blank criterion": ("speed", " ", "C1: the criterion has no name. Name it"),
    "invisible": ("b,", "b\u200b,", r"A3: the option's name .*U\+200B"),
    "too long a name": ("b,", "b" * 1001 + ",", "A3: .*at most 1000 characters"),
    "short row": ("a,1,2.5", "a,1", "csv:2: B2: the row has 2 cells, the table 3"),
    "long row": ("a,1,2.5", "a,1,2.5,9", "csv:1: D1: the criterion has no name"),
    "empty row": ("\nb", "\n\nb", "csv:3: A3: the row is empty. Delete it"),
    "empty": (None, "", "table.csv: the table is empty"),
    "only blanks everywhere": (None, " , \n,\n", "table.csv: the table is empty"),
    "only a header": (None, "o,p,q\n", "csv:1: A1: there are no options, only a header"),
    "only a column": (None, "o|p\na|1\n", "csv:1: A1: there are no criteria.*separated by"),
    "line break in quotes": ("a,1,2.5", '"a\nx",1,2.5', r"csv:2: A2: .*U\+000A"),
    "place behind a line break": (None, 'o,p\n"a",1\n"c","\n2"\nb,x', "csv:5: B4: expected"),
    "unclosed quotation": ("a,1", '"a,1', "csv:2: a quotation mark in this row is never closed"),
    "text behind a quotation": ("a,1", '"a"x,1', "csv:2: text stands behind a closing"),
    "huge cell": ("b,", "b" * 200_000 + ",", "csv:3: a cell has more than 131072 characters"),
    "separator line": (None, "sep=;\n" + TABLE, "csv:1: the line 'sep=' is not read. Remove"),
    "UTF-16": (None, TABLE.encode("utf-16"), "table.csv: this is UTF-16. Save it as CSV UTF-8"),
    "UTF-16 without a mark": (None, TABLE.encode("utf-16-le"), "csv:1: there is a NUL"),
    "Latin-1": (None, TABLE.replace("b,", "é,").encode("latin-1"), "csv:3:1: byte 0xe9 is not"),
    "NUL": ("b,", "b\0,", "csv:3: there is a NUL character"),
}


@pytest.mark.parametrize(("old", "new", "message"), CASES.values(), ids=CASES.keys())
def test_refused(write: Any, old: str | None, new: str | bytes, message: str) -> None:
    text = new if old is None else TABLE.replace(old, str(new), 1)
    with pytest.raises(DocumentError, match=message):
        read_matrix(write(text))


def test_every_finding_in_the_order_of_the_table(write: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        read_matrix(write("o,p,p\na,x,1\na,,2"))
    cells = [each.place.field for each in caught.value.findings]
    assert cells == ["C1", "B2", "A3", "B3"]
    with pytest.raises(DocumentError, match="300 more cells are wrong") as caught:
        read_matrix(write("o,p\n" + "".join(f"a{n},x\n" for n in range(500))))
    assert len(caught.value.findings) == 201


@pytest.mark.parametrize(
    ("name", "sheet", "message"),
    [
        ("table.txt", None, "tables with the ending '.txt' are not read. Use .csv, .tsv"),
        ("table.ods", None, "'.ods' are not read. Save it as .xlsx or .csv"),
        ("table.xls", None, "'.xls' are not read. Save it as .xlsx or .csv"),
        ("table.csv", "Data", "a .csv file has no sheets, so no 'Data'. Leave it out"),
        ("tabel.csv", None, "there is no such file. Did you mean 'table.csv'"),
        ("table.xlsx", None, "cannot be read as a workbook: File is not a zip file"),
        ("folder.csv", None, "this is a folder"),
        ("pipe.csv", None, "this is not a regular file"),
    ],
)
def test_wrong_files(
    tmp_path: Path, write: Any, name: str, sheet: str | None, message: str
) -> None:
    for each in ("table.txt", "table.csv", "table.xlsx", "table.ods", "table.xls"):
        write(TABLE, each)
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DocumentError, match=message):
        read_matrix(tmp_path / name, sheet=sheet)


def test_limits(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 8)
    with pytest.raises(DocumentError, match="csv:3: more than 8 cells. Split"):
        read_matrix(write(TABLE))
    monkeypatch.setattr(tables, "LARGEST_TABLE", 8)
    with pytest.raises(DocumentError, match="the limit is 0 MiB"):
        read_matrix(write(TABLE))


def test_workbook(book: Any) -> None:
    found = read_matrix(book(ROWS))
    check(found)
    assert found.source.endswith("table.xlsx: sheet 'Data'")
    check(read_matrix(book([*ROWS, [], [None, " "]])))
    assert read_matrix(book([[None, 2024, "b"], [1, 2, 3]])).criteria == ("2024", "b")


def put(cell: str, value: Any) -> Any:
    def change(sheet: Any) -> None:
        sheet[cell] = value

    return change


def error(sheet: Any) -> None:
    sheet["C3"].value = "#DIV/0!"
    sheet["C3"].data_type = "e"


def hide_row(sheet: Any) -> None:
    sheet.row_dimensions[2].hidden = True


def hide_column(sheet: Any) -> None:
    sheet.column_dimensions["B"].hidden = True


BOOKS: dict[str, tuple[Any, str]] = {
    "text": (put("B2", "n/a"), r"table.xlsx: sheet 'Data': B2: expected a number, got 'n/a'"),
    "decimal comma": (put("B2", "2,5"), "B2: .*point: 2.5"),
    "number as text": (put("B2", "12"), "B2: the number '12' is stored as text. Make it a number"),
    "blank": (put("C3", None), "C3: the cell is empty"),
    "truth value": (put("B2", True), "B2: expected a number, got true"),
    "date": (put("B2", datetime.date(2026, 1, 31)), "B2: .*got the date 2026-01-31"),
    "date and time": (put("B2", datetime.datetime(2026, 1, 31, 5)), "date 2026-01-31 05:00:00"),
    "time": (put("B2", datetime.time(5, 30)), "B2: .*got the time 05:30:00"),
    "duration": (put("B2", datetime.timedelta(hours=30)), "B2: .*got the time"),
    "formula": (put("B3", "=1+1"), "B3: the cell holds a formula that was never calculated. Open"),
    "formula far out": (put("E9", "=1+1"), "E9: the cell holds a formula"),
    "error": (error, "C3: the cell holds the error '#DIV/0!'. Repair its formula"),
    "duplicate": (put("A3", "a "), "A3: the option 'a' is there already, in A2"),
    "date as a name": (
        put("B1", datetime.date(2026, 1, 31)),
        "B1: expected the criterion's name, got the date",
    ),
    "fraction as a name": (put("A2", 1.5), "A2: expected the option's name, got 1.5"),
    "merged": (lambda sheet: sheet.merge_cells("B2:B3"), "B2: the cells B2:B3 are merged"),
    "merged header": (lambda sheet: sheet.merge_cells("A1:B1"), "A1: the cells A1:B1 are merged"),
    "hidden row": (hide_row, "A2: row 2 is hidden. Show it, or delete it"),
    "hidden column": (hide_column, "B1: column B is hidden"),
    "title above": (lambda sheet: sheet.insert_rows(1, 2), "B1: the criterion has no name"),
    "far out": (put("XFD1048576", 1), "sheet 'Data': the table reaches to XFD1048576: more than"),
    "two sheets": (
        lambda sheet: sheet.parent.create_sheet("Notes"),
        "the workbook has 2 sheets: 'Data', 'Notes'. Name one of them",
    ),
}


@pytest.mark.parametrize(("change", "message"), BOOKS.values(), ids=BOOKS.keys())
def test_workbooks_refused(book: Any, change: Any, message: str) -> None:
    path = book(ROWS, change)
    with pytest.raises(DocumentError, match=message) as caught:
        read_matrix(path)
    assert len(caught.value.findings) == (5 if change is BOOKS["title above"][0] else 1) or (
        "far out" in str(message) or "E9" in message
    )


def test_sheets_by_name(book: Any) -> None:
    path = book(ROWS, lambda sheet: sheet.parent.create_sheet("A & B").append(["x", "y"]))
    check(read_matrix(path, sheet="Data"))
    with pytest.raises(DocumentError, match="sheet 'A & B': A1: there are no options"):
        read_matrix(path, sheet="A & B")
    with pytest.raises(DocumentError, match="there is no sheet 'Dta'. Did you mean 'Data'"):
        read_matrix(path, sheet="Dta")


def test_an_empty_sheet(book: Any) -> None:
    with pytest.raises(DocumentError, match="sheet 'Data': the table is empty"):
        read_matrix(book([]))


def test_without_the_extra(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DocumentError, match=r'pip install "mcda-engine\[excel\]"'):
        read_matrix(book(ROWS))


def repacked(path: Path, **parts: Any) -> Path:
    """The workbook with parts changed; the names have _ for / and end without .xml."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            key = each.removesuffix(".xml").replace("/", "_")
            data = old.read(each)
            new.writestr(each, parts[key](data) if key in parts else data)
    return path


def test_calculated_formulas_count(book: Any) -> None:
    path = book(ROWS, put("B3", "=1+1"))
    cached = repacked(path, xl_worksheets_sheet1=lambda xml: xml.replace(b"<v />", b"<v>2</v>"))
    assert read_matrix(cached).values == ((1.0, 2.5), (2.0, 0.5))


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        (
            "xl_worksheets_sheet1",
            lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml,
            "declares types or entities",
        ),
        (
            "xl_worksheets_sheet1",
            lambda xml: xml.replace(b"<v>1</v>", b"<v>1<!-- -->2</v>"),
            "B2: the number 12.0 is written in an unusual way. Type it anew",
        ),
        (
            "xl_worksheets_sheet1",
            lambda xml: xml.replace(b'"B2"', b'"XFD1048576"'),
            "the cell 'XFD1048576' is not where a cell can be",
        ),
        (
            "xl_worksheets_sheet1",
            lambda xml: xml.replace(b'"C2"', b'"B2"'),
            "the cell 'B2' is not where a cell can be",
        ),
        ("xl_workbook", lambda xml: b"<!DOCTYPE x>" + xml, "declares types or entities"),
        ("xl_worksheets_sheet1", lambda xml: xml[:-30], "cannot be read as a workbook"),
        ("xl_workbook", lambda xml: b"", "cannot be read as a workbook"),
        ("xl_worksheets_sheet1", lambda xml: b" " * 300_000_000, "unpacks to 286 MiB"),
        (
            "xl_styles",
            lambda xml: xml.replace(b'cellXfs count="1"', b'cellXfs count="4000000000"'),
            "cellXfs says that it has '4000000000' elements, and has not",
        ),
        (
            "xl_worksheets_sheet1",
            lambda xml: xml.replace(b'ref="A1:C3"', b'ref="A1:XFD1048576"').replace(b"A2", b"A9"),
            "A2: the row is empty|there is no|cell|name",
        ),
    ],
    ids=[
        "entities",
        "comment",
        "far out",
        "twice",
        "type",
        "truncated",
        "empty",
        "bomb",
        "count",
        "wrong dimension",
    ],
)
def test_hostile_workbooks(book: Any, part: str, change: Any, message: str) -> None:
    path = repacked(book(ROWS), **{part: change})
    start = time.process_time()
    with pytest.raises(DocumentError, match=message):
        read_matrix(path)
    assert time.process_time() - start < 5


def test_a_part_that_unpacks_to_more_than_it_says(book: Any) -> None:
    path = repacked(book(ROWS), xl_worksheets_sheet1=lambda xml: xml + b" " * 1_000_000)
    data = bytearray(path.read_bytes())
    size = len(zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(bytes(data).replace(size, (2000).to_bytes(4, "little")))
    with pytest.raises(DocumentError, match="Bad CRC-32"):
        read_matrix(path)


def test_a_password(write: Any) -> None:
    with pytest.raises(DocumentError, match="an old workbook, or one with a password"):
        read_matrix(write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "table.xlsx"))

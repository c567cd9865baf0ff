"""Tables of bulk runs as files of which a job reads its part: Parquet as it is, others as Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mcda.bulk import delimited
from mcda.bulk.suffixes import PARQUET, WORKBOOKS
from mcda.errors import DocumentError, Finding, InputError, hint
from mcda.files.reading import fail, read_bytes
from mcda.files.tables import LARGEST_TABLE, MOST_CELLS, Grid, letters

__all__ = [
    "ROW",
    "TROUBLE",
    "Opened",
    "ids_of",
    "new_file",
    "open_table",
    "polars",
    "read",
    "refuse_kind",
    "scan",
]

#: Columns of our own, which no column of a user's can be named like: the number of a row, and what
#: is wrong with it.
ROW, TROUBLE = "\0row", "\0trouble"
#: Whole numbers below this are written without a point.
_WHOLE = 1e15


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be read in part.

    Attributes
    ----------
    path : str
        As messages name it, with the sheet of a workbook.
    file : str
        The user's file.
    textual : bool
        Whether all columns are text, as in CSV.
    doubtful : bool
        Whether points may separate thousands.
    first : int
        What messages call the first row.
    height : int
        Rows, without blank ones at the end.
    data : str
        The file that is read. Results do not depend on where it lies.
    """

    path: str
    file: str
    textual: bool = False
    doubtful: bool = False
    first: int = 1
    height: int = 0
    data: str = field(default="", repr=False)


def polars() -> Any:
    """Polars, which is an extra.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise InputError(
            "tables in bulk need Polars", 'Install it: pip install "mcda-engine[tables]"'
        ) from None
    return pl


def open_table(
    path: Path, sheet: str | None, ids: str, folder: Path | None, passed: Sequence[str] = ()
) -> Opened:
    """Make a table readable in part.

    Parameters
    ----------
    path
        A Parquet file, CSV, or a workbook.
    sheet
        Of a workbook that has several.
    ids
        The column of scenarios.
    folder
        Where the cells of CSV and workbooks are written to.
    passed
        Columns of names, which say nothing about how numbers are written.

    Raises
    ------
    McdaError
        If the table cannot be read, or has no such column.
    """
    pl = polars()
    suffix = path.suffix.lower()
    if sheet is not None and suffix not in WORKBOOKS:
        raise InputError(f"{path} is no workbook and has no sheet {sheet!r}", "Leave it out")
    if suffix in PARQUET:
        opened = Opened(str(path), str(path), data=str(path))
        schema = _checked(opened, lambda: scan(opened).collect_schema())
        _refuse_missing(opened, schema.names(), ids)
        refuse_kind(opened.path, ids, schema[ids])
        height = _checked(opened, lambda: scan(opened).select(pl.len()).collect().item())
        return replace(opened, height=height)
    if folder is None:
        raise InputError(f"{path} is a table", "Evaluate it with mcda.evaluate_frame or mcda bulk")
    with new_file(folder) as target:
        if suffix in WORKBOOKS:
            said = _write_workbook(path, sheet, target)
        else:
            said = _write_csv(path, [ids, *passed], target)
    opened = Opened(file=str(path), data=str(target), textual=True, **said)
    _refuse_missing(opened, scan(opened).collect_schema().names(), ids)
    return opened


@contextmanager
def new_file(folder: Path) -> Iterator[Path]:
    """The path of a file that is to be made in a folder, for rows of a table.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    pl = polars()
    try:
        yield folder / f"{len(list(folder.iterdir()))}.arrow"
    except (OSError, pl.exceptions.PolarsError) as error:
        text = getattr(error, "strerror", None) or (str(error).splitlines() or [""])[0]
        what = f"{str(folder)!r} cannot hold the table's rows: {text}"
        raise InputError(what, "Free some space, or choose another output") from None


def _refuse_missing(opened: Opened, names: Sequence[str], ids: str) -> None:
    if ids not in names:
        known = [name for name in names if name != TROUBLE]
        remedy = hint(ids, known)
        if not remedy.startswith("Did"):
            remedy = f"Say which column has the scenarios' ids: --scenario COLUMN; {remedy}"
        raise InputError(f"{opened.path} has no column {ids!r}", remedy)


def refuse_kind(path: str, column: str, kind: Any) -> None:
    """Ids are text, whole numbers, truth values or dates.

    Raises
    ------
    InputError
        If a column of this Polars type cannot hold them.
    """
    pl = polars()
    fine = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)
    if not kind.is_integer() and kind.base_type() not in fine:
        what = f"{path}: the column {column!r} holds {str(kind).lower()}, not ids"
        raise InputError(what, "Use text or whole numbers")


def ids_of(column: Any, kind: Any) -> Any:
    """Ids as they are compared and written: whole numbers, else text.

    Parameters
    ----------
    column
        A Polars series or expression.
    kind
        Its type.
    """
    pl = polars()
    if kind.is_integer() or kind == pl.String:
        return column
    if kind.base_type() == pl.Datetime:  # whatever fractions of seconds the type holds
        return column.dt.to_string("%Y-%m-%d %H:%M:%S%.f" + ("%:z" if kind.time_zone else ""))
    return column.cast(pl.String)


def _checked(opened: Opened, call: Callable[[], Any]) -> Any:
    pl = polars()
    try:
        return call()
    except (pl.exceptions.PolarsError, OSError) as error:
        text = (str(error).splitlines() or [""])[0]
        raise InputError(f"{opened.path} cannot be read: {text}", "Repair the table") from None


def scan(opened: Opened) -> Any:
    """All of a table, lazily."""
    pl = polars()
    if Path(opened.data).suffix == ".arrow":
        return delimited.scan_arrow(opened.data)
    return pl.scan_parquet(opened.data, glob=False)


def read(
    opened: Opened,
    columns: Sequence[str] | None = None,
    rows: tuple[int, int] | None = None,
) -> Any:
    """A table or a part of it as a Polars frame.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    frame = scan(opened)
    if columns is not None:
        frame = frame.select(columns)
    first, last = rows or (0, opened.height)
    return _checked(opened, lambda: frame.slice(first, last - first).collect())


def _write_csv(path: Path, passed: Sequence[str], target: Path) -> dict[str, Any]:
    pl = polars()
    form = delimited.look(path)
    try:
        delimited.write_arrow(path, form, target)
    except pl.exceptions.ComputeError as error:
        text = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read: {text}", "Repair the table") from None
    data = delimited.scan_arrow(target)
    others = [name for name in form.header if name not in passed]
    return {
        "path": str(path),
        "doubtful": form.delimiter == ";" and delimited.doubtful(data, others),
        "height": _height(data, form.header),
    }


def _height(data: Any, header: Sequence[str]) -> int:
    """Rows up to the last that says something."""
    pl = polars()
    said = pl.any_horizontal(pl.col(header).str.strip_chars() != "")
    last = data.select(said.fill_null(value=False).arg_true().max()).collect().item()
    return 0 if last is None else int(last) + 1


def _write_workbook(path: Path, sheet: str | None, target: Path) -> dict[str, Any]:
    """The cells of a sheet as text, with what is wrong with each row."""
    from mcda.files.workbooks import MOST_COVERED, read_grid

    pl = polars()
    grid = read_grid(read_bytes(path, LARGEST_TABLE), str(path), sheet, MOST_CELLS)
    if len(grid.covered) >= MOST_COVERED:
        raise fail(grid.source, f"more than {MOST_COVERED} cells are merged", "Unmerge them")
    names = _names(grid)
    rows = [_texts(row, len(names)) for row in grid.rows[1:]]
    said = [any(cell is not None for cell in row) for row in rows]
    height = max((number for number, fills in enumerate(said, 1) if fills), default=0)
    troubles: dict[int, list[str]] = {}
    for row, column in sorted({*grid.troubles, *grid.covered}):
        if row > 0:
            what = ("the cell belongs to merged ones", "Unmerge and fill them")
            what = grid.troubles.get((row, column), what)
            troubles.setdefault(row, []).append(str(Finding(grid.place(row, column), *what)))
    height = max(height, *troubles, 0)
    rows += [_texts((), len(names))] * (height - len(rows))
    frame = pl.DataFrame(
        rows[:height], schema=dict.fromkeys(names, pl.String), orient="row"
    ).with_columns(
        pl.Series(
            TROUBLE,
            [" ".join(troubles.get(row + 1, [])) or None for row in range(height)],
            pl.String,
        )
    )
    frame.write_ipc(target, compression="uncompressed")
    # messages call rows what the sheet calls them
    return {"path": grid.source, "height": height, "first": 2}


def _names(grid: Grid) -> list[str]:
    """The first row's names."""
    width = max((column + 1 for row in grid.rows for column in _filled(row)), default=0)
    width = max(width, *(column + 1 for _, column in grid.troubles), 0)
    if not width:
        raise fail(grid.source, "the table is empty", "Name the columns in the first row")
    findings = [
        Finding(grid.place(*spot), *what)
        for spot, what in sorted(grid.troubles.items())
        if spot[0] == 0
    ]
    names = [cell or "" for cell in _texts(grid.rows[0] if grid.rows else (), width)]
    for column, name in enumerate(names):
        if not name.strip() and (0, column) not in grid.troubles:
            what = f"column {letters(column)} has no name"
            findings.append(Finding(grid.place(0, column), what, "Name it, or delete the column"))
        elif name in names[:column]:
            what = f"the column {name!r} is there already"
            findings.append(Finding(grid.place(0, column), what, "Rename one of them"))
    if findings:
        raise DocumentError(findings)
    return names


def _filled(row: Sequence[Any]) -> range:
    """The last column of a row that holds something, if there is one."""
    last = next((n for n in range(len(row), 0, -1) if row[n - 1] not in ("", None)), 0)
    return range(max(0, last - 1), last)


def _texts(row: Sequence[Any], width: int) -> list[str | None]:
    cells = [_text(cell) for cell in row[:width]]
    return cells + [None] * (width - len(cells))


def _text(cell: Any) -> str | None:
    """What a cell of a workbook would say in CSV."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        whole = cell.time() == datetime.min.time()
        return cell.date().isoformat() if whole else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)

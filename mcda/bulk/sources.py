"""What a bulk run reads: files of scenarios, lines of scenarios, long tables, cut into jobs."""

from __future__ import annotations

import csv
import glob
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mcda.errors import InputError, hint
from mcda.files.catalog import criteria_file, or_shipped
from mcda.files.loader import scenario_files
from mcda.files.source import SUFFIXES

__all__ = [
    "Settings",
    "Unit",
    "hash_of_documents",
    "hash_of_referred",
    "key_of",
    "read_table",
    "units",
]

Kind = Literal["files", "lines", "rows"]

#: Files, lines and rows of one job; the same for every run, as results must not depend on it.
_FILES = 500
_LINES = 500
_ROWS = 100_000
_TABLES = (".parquet", ".pq", ".csv", ".tsv", ".xlsx", ".xlsm")
_LINED = (".jsonl", ".ndjson")
#: Documents of a criteria model's folder that are looked at.
_REFERRED = 1000
_REFERENCE = re.compile(rb"""["']?(?:criteria|facts)["']?\s*[:=]\s*["']?([^\s"',{}\[\]]+)""")
#: Bytes that are hashed at a time.
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all scenarios of a run.

    Attributes
    ----------
    criteria, facts, root
        As on the command line.
    template
        A scenario file with what tables do not say: options, weights, method.
    scenario, option
        Columns of tables.
    keep
        Columns of tables that belong to no criteria model and are passed over.
    lang
        Of what is said.
    reasons
        Whether rows say why the winner leads, and what would change it soonest.
    hashes
        Whether rows have a hash of their input.
    explain
        Whether rows have the sentences of `mcda.explain`.
    sensitivity
        Whether rows say between which shares of each dimension the winner stays.
    version
        Of the program: parts that another version made are not gone on with.
    """

    criteria: str | None = None
    facts: str | None = None
    root: str | None = None
    template: str | None = None
    scenario: str = "scenario"
    option: str = "option"
    keep: tuple[str, ...] = ()
    lang: Literal["en", "zh"] = "en"
    reasons: bool = True
    hashes: bool = True
    explain: bool = False
    sensitivity: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One job's input.

    Attributes
    ----------
    kind : str
    paths : tuple of str
        Files, or the file that lines or rows are from.
    start, stop : int
        Bytes of lines, or rows; 0 for files.
    first : int
        Number of the first line, from 1.
    """

    kind: Kind
    paths: tuple[str, ...]
    start: int = 0
    stop: int = 0
    first: int = 1


def units(sources: Sequence[str], settings: Settings, skip: Sequence[Path] = ()) -> Iterator[Unit]:
    """The jobs of the sources, in their order; cut at places that depend on the input alone.

    Files to `skip` are left out where a folder or a glob holds them.

    Raises
    ------
    InputError
        For a source that is not there, or a table without the column of scenarios.
    """
    pending: list[str] = []
    for path in _paths(sources, {each.resolve() for each in skip}):
        suffix = path.suffix.lower()
        if suffix not in (*_TABLES, *_LINED):
            pending.append(str(path))
            if len(pending) == _FILES:
                yield Unit("files", tuple(pending))
                pending = []
            continue
        if pending:
            yield Unit("files", tuple(pending))
            pending = []
        yield from _lines(path) if suffix in _LINED else _rows(path, settings)
    if pending:
        yield Unit("files", tuple(pending))


def _paths(sources: Sequence[str], skip: set[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for source in sources:
        path = or_shipped(Path(source))
        found = [path]
        if not path.exists():
            if not glob.has_magic(source):
                raise InputError(f"there is nothing at {source!r}", "Name a file, folder or glob")
            found = sorted(map(Path, glob.glob(source, recursive=True)))  # noqa: PTH207
            found = [each for each in found if each.resolve() not in skip]
            if not found:
                raise InputError(f"nothing matches {source!r}", "Correct the pattern")
        for each in found:
            inner = [each]
            if each.is_dir():
                tables = (p for p in each.rglob("*") if p.suffix.lower() in (*_TABLES, *_LINED))
                inner = [*scenario_files(each), *sorted(tables)]
                inner = [file for file in inner if file.resolve() not in skip]
            for file in inner:
                if (real := file.resolve()) not in seen:
                    seen.add(real)
                    yield file


def _lines(path: Path) -> Iterator[Unit]:
    """Runs of lines, by the bytes they begin and end at."""
    start = position = 0
    first = number = 1
    with path.open("rb") as stream:
        for line in stream:
            position += len(line)
            number += 1
            if number - first == _LINES:
                yield Unit("lines", (str(path),), start, position, first)
                start, first = position, number
    if position > start:
        yield Unit("lines", (str(path),), start, position, first)


def _rows(path: Path, settings: Settings) -> Iterator[Unit]:
    """Runs of rows that split no scenario; one run if a scenario's rows do not lie together."""
    if settings.template is None and settings.criteria is None:
        raise InputError(
            f"{path} is a table, and nothing says what its columns mean",
            "Give --template SCENARIO, or --criteria and --facts",
        )
    if path.suffix.lower() in (".csv", ".tsv"):
        _refuse_ragged(path)
    ids = read_table(path, columns=(settings.scenario,))[settings.scenario]
    height = len(ids)
    if not height:
        return
    codes = ids.rank("dense").fill_null(0).to_numpy() if ids.dtype != object else None
    assert codes is not None
    begins = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    if len(begins) > len(np.unique(codes)):
        yield Unit("rows", (str(path),), 0, height)
        return
    start = 0
    while start < height:
        at = int(np.searchsorted(begins, start + _ROWS))
        stop = int(begins[at]) if at < len(begins) else height
        yield Unit("rows", (str(path),), start, stop)
        start = stop


def _refuse_ragged(path: Path) -> None:
    """A row with cells too few or too many is no row: which cell is missing cannot be known."""
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream, delimiter=separator)
            header = next(reader, [])
            if len(header) == 1 and ";" in header[0]:
                raise InputError(f"{path} separates cells by semicolons", "Separate them by commas")
            for row in reader:
                if len(row) != len(header) and row:
                    what = f"{path}:{reader.line_num}: the row has {len(row)} cells, the header"
                    raise InputError(f"{what} {len(header)}", "Give every row as many cells")
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as CSV: {error}", "Save it as CSV UTF-8") from None


def read_table(
    path: Path, columns: Sequence[str] | None = None, rows: tuple[int, int] | None = None
) -> Any:
    """A table or a part of it as a Polars frame; of CSV and workbooks everything is text.

    Raises
    ------
    InputError
        If Polars is missing, the table cannot be read, or has no such column.
    """
    pl = _polars()
    suffix = path.suffix.lower()
    try:
        if suffix in (".parquet", ".pq"):
            frame = pl.scan_parquet(path, glob=False)
        elif suffix in (".csv", ".tsv"):
            separator = "\t" if suffix == ".tsv" else ","
            frame = pl.scan_csv(path, separator=separator, infer_schema=False, glob=False)
        else:
            raise InputError(f"{path}: workbooks are not read in bulk", "Save it as CSV or Parquet")
        names = frame.collect_schema().names()
        for name in columns or ():
            if name not in names:
                raise InputError(f"{path} has no column {name!r}", hint(name, names))
        if columns is not None:
            frame = frame.select(columns)
        if rows is not None:
            frame = frame.slice(rows[0], rows[1] - rows[0])
        return frame.collect()
    except pl.exceptions.PolarsError as error:
        text = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read: {text}", "Repair the table") from None


def _polars() -> Any:
    try:
        import polars as pl
    except ImportError:
        raise InputError(
            "tables in bulk need Polars", 'Install it: pip install "mcda-engine[tables]"'
        ) from None
    return pl


def key_of(unit: Unit, settings: Settings) -> str:
    """A hash of all that a job's result depends on, documents that are referred to included."""
    found = hashlib.blake2b(repr((settings, unit)).encode(), digest_size=16)
    for path in unit.paths:
        if unit.kind == "rows":
            found.update(_hash_of(path))
            continue
        try:
            with Path(path).open("rb") as stream:
                stream.seek(unit.start)
                data = stream.read(unit.stop - unit.start if unit.stop else -1)
        except OSError:
            data = b""  # the worker says what is wrong with it
        found.update(hashlib.blake2b(data, digest_size=16).digest())
        found.update(hash_of_referred(data, Path(path).parent))
    if settings.template is not None:
        template = or_shipped(Path(settings.template))
        found.update(_hash_of(str(template)))
        found.update(hash_of_referred(template.read_bytes(), template.parent))
    for name in filter(None, (settings.criteria, settings.facts)):
        found.update(hash_of_documents(name, Path()))
    return found.hexdigest()


def hash_of_referred(data: bytes, folder: Path) -> bytes:
    """Of the criteria models and facts packs that documents name."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(
        {match[1].decode("utf-8", "replace") for match in _REFERENCE.finditer(data)}
    ):
        found.update(hash_of_documents(name, folder))
    return found.digest()


@lru_cache(maxsize=64)
def hash_of_documents(reference: str, folder: Path) -> bytes:
    """Of a document, or of all documents of a criteria model's folder."""
    found = hashlib.blake2b(reference.encode(), digest_size=16)
    shipped = criteria_file(reference)
    path = folder / reference if shipped is None else shipped
    if path.is_file() and path.stem == "criteria":
        path = path.parent
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    for each in inside[:_REFERRED]:
        if each.is_file() and each.suffix.lower() in SUFFIXES:
            found.update(each.read_bytes())
    return found.digest()


@lru_cache(maxsize=64)
def _hash_of(path: str) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    with Path(path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.digest()

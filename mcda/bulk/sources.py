"""What a bulk run reads: files of scenarios, lines of scenarios, long tables, cut into jobs."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mcda.bulk.file_hash import hash_of
from mcda.bulk.suffixes import JSON_LINES, TABLES, ending
from mcda.errors import InputError, McdaError, NothingFoundError
from mcda.files.catalog import criteria_file, exists, is_folder, or_shipped
from mcda.files.folders import SUFFIXES, RealPaths, documents_below, paths_below
from mcda.files.reading import LARGEST_FILE, read_bytes

if TYPE_CHECKING:
    from mcda.bulk.chunking import Tables
    from mcda.bulk.table_files import Opened

__all__ = [
    "REJECTS",
    "Settings",
    "Unit",
    "documents_key",
    "forget",
    "forget_documents",
    "glance",
    "hash_of_documents",
    "hash_of_referred",
    "key_of",
    "names_in",
    "units",
]

Kind = Literal["files", "lines", "rows", "unmet"]

#: Files and lines of one job; the same for every run, as results must not depend on it.
_FILES = 500
_LINES = 500
#: Documents of a criteria model's folder that are looked at.
_REFERRED = 1000
#: What references to criteria models and facts packs begin with, and how they go on.
_REFERRING = (b"criteria", b"facts")
_REFERENCE = re.compile(rb"""["']?\s*[:=]\s*["']?([^\s"',{}\[\]]+)""")
_PORTFOLIO = re.compile(rb"""["']?format["']?\s*[:=]\s*["']?mcda/portfolio/""")
#: Bytes at the beginning of a document in which its format stands.
_HEAD = 4096
#: The form that parts have; those of another one are no use.
_FORM = "parquet"
#: What the name of a file with a run's failures ends with.
REJECTS = ".rejects.jsonl"
#: What a spreadsheet program puts before the name of a workbook that is open.
_OPEN = "~$"
#: Documents of folders whose hashes are known, until they are asked for; not more than so many.
_HASHED: dict[str, bytes] = {}
_MOST_HASHED = 2**18
#: Bytes at each end of a table that tell it from another at a glance.
_END = 2**16


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
        Columns of tables that belong to no criteria model and are passed through.
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
    sheet
        The sheet of workbooks that have several.
    scenarios, scenarios_sheet
        A table with a row for each scenario, to be read beside tables of options, and its sheet.
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
    sheet: str | None = None
    scenarios: str | None = None
    scenarios_sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One job's input.

    Attributes
    ----------
    kind : str
        "unmet" are scenarios of the second table that no other table has options for.
    paths : tuple of str
        Files, or the file that lines or rows are from.
    start, stop : int
        Bytes of lines, or rows; 0 for files.
    first : int
        Number of the first line, from 1.
    table, scenarios : Opened or None
        Where rows are read from, and the table with a row for each scenario.
    pieces : tuple of (int, int)
        Of a table whose scenarios are scattered: the bytes at which each piece of the job's rows
        begins and ends in the file of regrouped rows.
    """

    kind: Kind
    paths: tuple[str, ...]
    start: int = 0
    stop: int = 0
    first: int = 1
    table: Opened | None = None
    scenarios: Opened | None = None
    pieces: tuple[tuple[int, int], ...] = ()


def units(
    sources: Sequence[str],
    settings: Settings,
    skip: Sequence[Path] = (),
    folder: Path | None = None,
) -> Iterator[Unit]:
    """The jobs of the sources, in their order; cut at places that depend on the input alone.

    Parameters
    ----------
    sources
        Files, folders and globs.
    settings
        What holds for all.
    skip
        Files that are left out where a folder or a glob holds them.
    folder
        Where tables are written to that cannot be read in part as they are; without it, such
        tables are refused.

    Raises
    ------
    McdaError
        For a source that is not there, or a table that cannot be read or has no column of
        scenarios.
    """
    pending: list[str] = []
    skipped = {each.resolve() for each in skip}
    tables: Tables | None = None
    if settings.scenarios is not None:
        skipped.add(Path(settings.scenarios).resolve())
        tables = _tables(settings, folder)
    for path in _paths(sources, skipped):
        suffix = ending(path)
        if suffix not in (*TABLES, *JSON_LINES):
            pending.append(path)
            if len(pending) == _FILES:
                yield Unit("files", tuple(pending))
                pending = []
            continue
        if pending:
            yield Unit("files", tuple(pending))
            pending = []
        if not os.path.isfile(path):  # noqa: PTH113  others may never end
            raise InputError(f"{path} is not a regular file", "Name a file on disk")
        if suffix in JSON_LINES:
            yield from _lines(Path(path))
            continue
        tables = tables or _tables(settings, folder)
        yield from tables.units(Path(path))
    if pending:
        yield Unit("files", tuple(pending))
    if tables is not None:
        yield from tables.unmet()


def _tables(settings: Settings, folder: Path | None) -> Tables:
    from mcda.bulk.chunking import Tables  # with all that reading tables takes

    return Tables(settings, folder)


def _paths(sources: Sequence[str], skip: set[Path]) -> Iterator[str]:
    seen: set[str] = set()
    real_paths = RealPaths()
    left_out = {real_paths.of(each) for each in skip}
    for source in sources:
        path = or_shipped(Path(source))
        found = [path]
        if not exists(path):
            if not glob.has_magic(source):
                raise InputError(f"there is nothing at {source!r}", "Name a file, folder or glob")
            found = sorted(map(Path, glob.glob(source, recursive=True)))  # noqa: PTH207
            found = [each for each in found if real_paths.of(each) not in left_out]
            if not found:
                raise NothingFoundError(f"nothing matches {source!r}", "Correct the pattern")
        for each in found:
            folder = str(each)
            inner, passed_over = [folder], set[str]()
            if is_folder(each):
                tables = paths_below(folder, (*TABLES, *JSON_LINES), hidden=True)
                written = (path for path in documents_below(folder) if not _is_portfolio(path))
                inner = [*written, *(path for path in tables if not _is_passed_over(path))]
                passed_over = left_out
            for file in inner:
                real = real_paths.of(file)
                if real not in seen and real not in passed_over:
                    seen.add(real)
                    yield file


def _is_passed_over(path: str) -> bool:
    """Whether a file of a folder is none that somebody would want evaluated."""
    name = os.path.basename(path)  # noqa: PTH119
    return name.startswith(_OPEN) or name.endswith(REJECTS)


def _is_portfolio(path: str) -> bool:
    """Whether a document of a folder is a portfolio: its scenarios are evaluated together.

    What tells a document that is none from others is kept for the key of its job.
    """
    data = _document(path)
    head = data[:_HEAD]
    if b"mcda/portfolio/" in head and _PORTFOLIO.search(head) is not None:
        return True
    if len(_HASHED) < _MOST_HASHED:
        _HASHED[path] = _hash_of_document(data, path)
    return False


def _document(path: str) -> bytes:
    """The bytes of a document; none if the worker will say what is wrong with it."""
    try:
        return read_bytes(path, LARGEST_FILE)
    except McdaError:
        return b""


def _hash_of_document(data: bytes, path: str) -> bytes:
    """Of its bytes, and of what they refer to."""
    own = hashlib.blake2b(data, digest_size=16).digest()
    return own + hash_of_referred(data, os.path.dirname(path))  # noqa: PTH120


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


def key_of(unit: Unit, settings: Settings, *, glance: bool = False) -> str:
    """A hash of all that a job's result depends on, documents that are referred to included.

    At a `glance`, tables are told apart by their sizes and ends.
    """
    found = hashlib.blake2b(repr((_FORM, settings, unit)).encode(), digest_size=16)
    tell = _hash_of_ends if glance else hash_of
    if unit.scenarios is not None:
        found.update(tell(unit.scenarios.file))
    if unit.kind == "unmet" and unit.table is not None:
        found.update(tell(unit.table.data))
    for path in unit.paths:
        if unit.kind in ("rows", "unmet"):
            found.update(tell(path))
            continue
        known = _HASHED.pop(path, None) if unit.kind == "files" else None
        if known is None:
            lines = unit.kind == "lines"
            data = _lines_of(path, unit.start, unit.stop) if lines else _document(path)
            known = _hash_of_document(data, path)
        found.update(known)
    found.update(documents_key(settings))
    return found.hexdigest()


def glance(unit: Unit, settings: Settings) -> dict[str, str]:
    """What this machine sees of a job's input.

    Returns
    -------
    dict
        Path -> its size, empty if it is not there ("folder" if it is one); and under an empty path
        what tells all of the job's input, documents that are referred to included, from another.
    """
    paths = [Path(path) for path in unit.paths]
    if settings.template is not None:
        paths.append(or_shipped(Path(settings.template)))
    tables = [each for each in (unit.table, unit.scenarios) if each is not None]
    paths += [Path(each.data) for each in tables]
    seen = {str(path): _size(path) for path in paths}
    try:
        seen[""] = key_of(unit, settings, glance=True)
    except OSError:
        seen[""] = ""
    return seen


def _size(path: Path) -> str:
    try:
        return "folder" if path.is_dir() else str(path.stat().st_size)
    except OSError:
        return ""


def _lines_of(path: str, start: int, stop: int) -> bytes:
    """The bytes of lines; none if the worker will say what is wrong with them."""
    with contextlib.suppress(OSError), open(path, "rb", buffering=0) as stream:  # noqa: PTH123
        stream.seek(start)
        return stream.read(stop - start)
    return b""


def documents_key(settings: Settings) -> bytes:
    """A hash of the documents that the settings name."""
    found = hashlib.blake2b(digest_size=16)
    if settings.template is not None:
        template = or_shipped(Path(settings.template))
        found.update(_hash_of_document(_document(str(template)), str(template)))
    for name in filter(None, (settings.criteria, settings.facts)):
        found.update(hash_of_documents(name, Path()))
    return found.digest()


def forget() -> None:
    """Look at files anew, where a process outlives a run."""
    forget_documents()
    _HASHED.clear()


def forget_documents() -> None:
    """Look at criteria models and facts packs anew."""
    hash_of_documents.cache_clear()
    _hash_of_named.cache_clear()


def hash_of_referred(data: bytes, folder: str) -> bytes:
    """Of the criteria models and facts packs that documents name."""
    return _hash_of_named(names_in(data), folder)


def names_in(data: bytes) -> frozenset[bytes]:
    """Names of criteria models and facts packs that bytes of documents may refer to."""
    names = set()
    for word in _REFERRING:  # to look for one word after the other is several times as fast
        at = data.find(word)
        while at >= 0:
            at += len(word)
            if found := _REFERENCE.match(data, at):
                names.add(found[1])
            at = data.find(word, at)
    return frozenset(names)


@lru_cache(maxsize=64)
def _hash_of_named(names: frozenset[bytes], folder: str) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    for name in sorted({each.decode("utf-8", "replace") for each in names}):
        found.update(hash_of_documents(name, Path(folder)))
    return found.digest()


@lru_cache(maxsize=64)
def hash_of_documents(reference: str, folder: Path) -> bytes:
    """Of a document, or of all documents of a criteria model's folder."""
    found = hashlib.blake2b(reference.encode(), digest_size=16)
    shipped = criteria_file(reference)
    path = folder / reference if shipped is None else shipped
    with contextlib.suppress(OSError, ValueError):  # whose scenario says so
        if path.is_file() and path.stem == "criteria":
            path = path.parent
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in inside[:_REFERRED]:
            if each.is_file() and each.suffix.lower() in SUFFIXES:
                found.update(each.read_bytes())
    return found.digest()


def _hash_of_ends(path: str) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    with Path(path).open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        found.update(b"%d" % size)
        for start in (0, max(0, size - _END)):
            stream.seek(start)
            found.update(stream.read(_END))
    return found.digest()

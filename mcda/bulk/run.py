"""A bulk run from sources to one output file."""

from __future__ import annotations

import contextlib
import io
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from mcda.bulk import distributed, tasks
from mcda.bulk.columns import in_order
from mcda.bulk.crew import Crew
from mcda.bulk.endings import has_tables
from mcda.bulk.leads import Leads
from mcda.bulk.ledger import Job, Part, holds_parts, taken
from mcda.bulk.rowgroups import height, packed, put_together
from mcda.bulk.runner import run
from mcda.bulk.sources import REJECTS, Settings, Unit, forget, glance, key_of, units
from mcda.bulk.tables import forget as remove_tables
from mcda.bulk.tally import Tally
from mcda.errors import InputError, McdaError, hint
from mcda.files.catalog import or_shipped
from mcda.files.reading import LARGEST_FILE, read_bytes
from mcda.model.language import FORMULA_STARTS

__all__ = ["Step", "Summary", "bulk"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_ENDINGS = (".parquet", ".csv", ".jsonl")
#: A text that a spreadsheet would take for a formula.
_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"
#: Rows of the output that are written together where parts have fewer than so many on average.
_GROUP, _FEW = 2**16, 10_000
#: Lots of rows that are rendered at the same time, parts that are read, and parts whose ids are;
#: memory holds one more.
_MOST = 4
#: Seconds after which what was written is on its way to the disk.
_FLUSHED = 0.01


@dataclass
class Summary(Tally):
    """What a run came to.

    Attributes
    ----------
    reused : int
        Parts that an earlier run had made.
    lost : list of str
        Jobs that could not be done, and why.
    doubled : list of (str, str, str)
        Ids that occur more than once, and where.
    leads : Leads
        What the winners' leads are made of.
    rejects : Path or None
        The file of what failed.
    """

    reused: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)
    leads: Leads = field(default_factory=Leads)
    rejects: Path | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is.

    Attributes
    ----------
    jobs, reused, done : int
        All, those that an earlier run had done, and those that are through with these.
    scenarios : int
        That this run has evaluated.
    joining : bool
        Whether all jobs are through and the output is being written.
    """

    jobs: int
    reused: int = 0
    done: int = 0
    scenarios: int = 0
    joining: bool = False


class _Told:
    """Tells somebody how far a run is."""

    def __init__(self, progress: Callable[[Step], None] | None, jobs: int) -> None:
        self.progress = progress
        self.step = Step(jobs)

    def first(self) -> None:
        self._say()

    def part(self, part: Part) -> None:
        if self.progress is None:
            return
        step = self.step
        new = 0 if part.reused or part.path is None else height(part.path)
        self._say(
            reused=step.reused + part.reused, done=step.done + 1, scenarios=step.scenarios + new
        )

    def last(self) -> None:
        self._say(joining=True)

    def _say(self, **changes: Any) -> None:
        self.step = replace(self.step, **changes)
        if self.progress is not None:
            self.progress(self.step)


def bulk(
    sources: Sequence[str],
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    dask: str | None = None,
    resume: bool = False,
    fail_fast: bool = False,
    progress: Callable[[Step], None] | None = None,
    crew: Crew | None = None,
) -> Summary:
    """Evaluate all scenarios of the sources into one file with a row for each.

    Parameters
    ----------
    sources
        Files, folders and globs.
    out
        A ``.parquet``, ``.csv`` or ``.jsonl`` file; it appears in one step at the end.
    settings
        What holds for all.
    workers
        Processes.
    dask
        The address of a Dask scheduler whose workers do the jobs, or "local" for a cluster of
        `workers` processes on this machine.
    resume
        Go on with what an interrupted run left beside `out`.
    fail_fast
        Stop at the first job that cannot be done.
    progress
        Called before the first job, after each, and before the output is written.
    crew
        Some of the `workers`, if they were started beforehand.

    Raises
    ------
    InputError
        For sources that are not there or cannot be read, and a place that cannot be written.
    """
    if out.suffix.lower() not in _ENDINGS:
        raise InputError(
            f"the ending {out.suffix!r} of {str(out)!r} is not written",
            hint(out.suffix, _ENDINGS) or "Use .parquet, .csv or .jsonl",
        )
    if not out.parent.is_dir():
        raise InputError(f"there is no folder {str(out.parent)!r}", "Make it first")
    for written in (out, _rejects_of(out)):
        try:
            folder_there = written.exists() and written.is_dir()
        except OSError as error:  # such as a name that is too long
            what = f"{str(written)!r} cannot be written: {error.strerror}"
            raise InputError(what, "Name another file") from None
        if folder_there:
            raise InputError(f"{str(written)!r} is a folder", "Name another file")
    folder = out.absolute().with_name(f".{out.name}.parts")
    settings = replace(settings, packed=out.suffix.lower() == ".parquet")
    alone = workers == 1 and dask is None
    if alone:
        tasks.forget()
        tasks.check(settings, ())
    else:  # workers do, so that this process need not read what that takes
        forget()
        if settings.template is not None:  # before large tables are looked at
            read_bytes(or_shipped(Path(settings.template)), LARGEST_FILE)
    if crew is not None:
        # they get ready while jobs are planned here
        crew.prepare(tasks.warm, settings, tables=has_tables(sources))
    options: dict[str, Any] = {"workers": workers, "resume": resume, "fail_fast": fail_fast}
    engine: Callable[..., Any] = partial(run, crew=crew)
    if dask is not None:
        engine = partial(distributed.run, address=dask, glance=glance, refresh=tasks.forget)
    try:
        with taken(folder):  # before tables are written there, which another run may use
            engine = partial(engine, **options)
            return _written(sources, out, folder, settings, progress, engine, alone=alone)
    finally:
        with contextlib.suppress(OSError):  # parts are left, or another run has begun
            folder.rmdir()


def _written(
    sources: Sequence[str],
    out: Path,
    folder: Path,
    settings: Settings,
    progress: Callable[[Step], None] | None,
    engine: Callable[..., Any],
    *,
    alone: bool,
) -> Summary:
    """Plan the jobs, let the engine do them, and write the output.

    If they are not done `alone` in this process, workers check what they share.
    """
    rejects = _rejects_of(out)
    shared = [name for name in (settings.template, settings.scenarios) if name is not None]
    try:
        planned = list(units(sources, settings, skip=(out, rejects), folder=folder))
        read = dict.fromkeys((*shared, *(path for unit in planned for path in unit.paths)))
        _refuse_same(list(read), out, rejects)
        first = _first_of_each(planned)
        if alone or not planned:
            tasks.check(settings, first)
        else:
            engine = partial(engine, initializer=tasks.check, initargs=(settings, first))
    except McdaError:
        remove_tables(folder)
        raise
    if not planned:
        remove_tables(folder)
        return Summary()
    reading = threading.Thread(target=_read_polars)
    told = _Told(progress, len(planned))
    summary = Summary()

    def jobs() -> Iterator[Job]:
        beside = ThreadPoolExecutor(1)
        # no worker is to wait until the files of its job are hashed
        every = map if alone else beside.map
        try:
            keys = every(partial(key_of, settings=settings), planned)
            for number, (unit, key) in enumerate(zip(planned, keys, strict=True)):
                yield Job(number, key, (unit, settings))
        finally:
            beside.shutdown(cancel_futures=True)

    def note(part: Part) -> None:
        if reading.ident is None and not alone:
            reading.start()  # while workers work: neither while they get ready nor at the end
        told.part(part)

    def finish(parts: list[Part]) -> None:
        told.last()
        _join(parts, folder, out, summary)
        if not summary.lost:
            paths = (part.path for part in parts if part.path is not None)
            with ThreadPoolExecutor() as threads:  # the system takes its time over each
                list(threads.map(Path.unlink, paths))
            remove_tables(folder)

    try:
        engine(
            jobs(),
            tasks.work,
            folder,
            started=told.first,
            progress=note,
            mine=True,
            finish=finish,
        )
    except McdaError:
        if not holds_parts(folder):  # which could be gone on with
            remove_tables(folder)
        raise
    return summary


def _first_of_each(planned: Sequence[Unit]) -> list[Unit]:
    """The first job of each table."""
    first = {unit.paths: unit for unit in reversed(planned) if unit.kind == "rows"}
    return list(reversed(first.values()))


def _read_polars() -> None:
    with contextlib.suppress(Exception):  # said where it is needed, whatever it is
        import_module("polars")


def _refuse_same(sources: Sequence[str], *written: Path) -> None:
    there = {path: path.stat() for path in written if path.exists()}
    for source in sources if there else ():
        with contextlib.suppress(OSError):
            status = os.stat(source)  # noqa: PTH116
            for path, other in there.items():
                if os.path.samestat(status, other):
                    what = f"{path} is a source and would be overwritten"
                    raise InputError(what, "Name another output")


def _join(parts: Sequence[Part], folder: Path, out: Path, summary: Summary) -> None:
    """The parts in order as one file, and what they come to."""
    import polars as pl

    summary.reused = sum(part.reused for part in parts)
    summary.lost = [part.error for part in parts if part.path is None]
    paths = [part.path for part in parts if part.path is not None]
    if not paths:
        first = summary.lost[0] if summary.lost else "there was nothing to do"
        raise InputError(f"{out} was not written, as no job could be done: {first}")
    kinds = dict[frozenset[tuple[str, Any]], Any]()
    for path in paths:
        schema = pl.scan_parquet(path, glob=False).collect_schema()
        own = schema.names()
        summary.leads.merge(Leads.found(own))
        summary.merge(Tally.found(own))
        shown = {name: _kind(schema[name]) for name in in_order(own)}
        kinds.setdefault(frozenset(shown.items()), pl.DataFrame(schema=shown))
    empty = pl.concat(kinds.values(), how="diagonal_relaxed")
    empty = empty.select(in_order(empty.columns))
    large = len(kinds) == 1 and summary.scenarios >= _FEW * len(paths)
    with ThreadPoolExecutor(1) as beside:  # ids are compared while everything is written
        doubled = beside.submit(_doubled, paths)
        _write(paths, empty, folder, out, large=large)
        summary.doubled = doubled.result()
    _reject(paths, empty, summary, out)


def _kind(kind: Any) -> Any:
    """The type of an output's column: enumerated words are text again."""
    import polars as pl

    return pl.String() if kind == pl.Enum else kind


def _lots(parts: Iterable[Path], empty: Any) -> Iterator[Any]:
    """The rows of parts with the columns of an empty frame, many at a time."""
    import polars as pl

    def read(part: Path) -> Any:
        frame = pl.read_parquet(part, glob=False)
        there = set(frame.columns)
        return frame.select(
            (pl.col(name) if name in there else pl.lit(None).alias(name)).cast(kind)
            for name, kind in empty.schema.items()
        )

    held, rows, none = [empty], 0, True
    for frame in _at_once(read, parts):
        held.append(frame)
        rows += frame.height
        if rows >= _GROUP:
            yield pl.concat(held)
            held, rows, none = [empty], 0, False
    if rows or none:
        yield pl.concat(held)


def _write(parts: Sequence[Path], empty: Any, folder: Path, out: Path, *, large: bool) -> None:
    """Write the rows of parts with the columns of an empty frame; the output appears in one step.

    Parts that are all `large` and have the same columns become Parquet as they are.
    """
    temporary = folder / f"joined{out.suffix}"
    try:
        with temporary.open("wb") as stream, _flushed(stream):
            if out.suffix.lower() == ".parquet":
                _write_parquet(parts, empty, stream, large=large)
            elif out.suffix.lower() == ".csv":
                empty.write_csv(stream)
                _copy(_at_once(_csv, _lots(parts, empty)), stream)
            else:
                _copy(_at_once(_lines, _lots(parts, empty)), stream)
        os.replace(temporary, out)  # noqa: PTH105
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror or error}"
        raise InputError(what, "Mend that and use --resume: the finished parts are kept") from None
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _flushed(stream: BinaryIO) -> Iterator[None]:
    """Let the system write to the disk what is in a file while more is written to it.

    The file is there when the context ends.

    Raises
    ------
    OSError
        If it cannot; it says so once.
    """
    through, failed = threading.Event(), list[OSError]()
    begin = getattr(os, "fdatasync", os.fsync)

    def flush() -> None:
        try:
            while not through.wait(_FLUSHED):
                begin(stream.fileno())
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        yield
    finally:
        through.set()
        thread.join()
    if failed:
        raise failed[0]
    stream.flush()
    os.fsync(stream.fileno())


def _write_parquet(parts: Sequence[Path], empty: Any, stream: BinaryIO, *, large: bool) -> None:
    import polars as pl

    if large and put_together(_opened(parts), stream, empty.columns):
        return
    _clear(stream)
    if not put_together(_at_once(packed, _lots(parts, empty)), stream, empty.columns):
        # this Polars packs otherwise than is known there
        _clear(stream)
        pl.concat(_lots(parts, empty)).write_parquet(stream)


def _opened(parts: Iterable[Path]) -> Iterator[BinaryIO]:
    for part in parts:
        with part.open("rb") as stream:
            yield stream


def _copy(texts: Iterable[io.BytesIO], stream: BinaryIO) -> None:
    for each in texts:
        stream.write(each.getbuffer())


def _clear(stream: BinaryIO) -> None:
    stream.seek(0)
    stream.truncate()


def _at_once(function: Callable[[_T], _R], each: Iterable[_T]) -> Iterator[_R]:
    """What a function makes of each, in order; some are done at the same time."""
    most = min(_MOST, os.cpu_count() or 1)
    with ThreadPoolExecutor(most) as threads:
        pending: deque[Future[_R]] = deque()
        for one in each:
            pending.append(threads.submit(function, one))
            if len(pending) > most:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _csv(lot: Any) -> io.BytesIO:
    """Rows as CSV; what a spreadsheet would take for a formula gets an apostrophe."""
    import polars as pl

    text, stream = pl.col(pl.String), io.BytesIO()
    safe = pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text)
    lot.with_columns(safe.name.keep()).write_csv(stream, include_header=False)
    return stream


def _lines(lot: Any) -> io.BytesIO:
    """Rows as lines of JSON."""
    stream = io.BytesIO()
    lot.write_ndjson(stream)
    return stream


def _doubled(parts: Sequence[Path]) -> list[tuple[str, str, str]]:
    """Ids that occur more than once, and where."""
    import polars as pl

    column = "scenario"

    def hashed(part: Path) -> Any:
        return pl.read_parquet(part, columns=[column], glob=False)[column].drop_nulls().hash()

    hashes = pl.concat(list(_at_once(hashed, parts))).sort().to_numpy()
    if not (hashes[1:] == hashes[:-1]).any():
        return []
    both = [pl.col(column), pl.col("source").cast(pl.String)]
    frames = (pl.read_parquet(part, columns=[column, "source"], glob=False) for part in parts)
    named = pl.concat([each.select(both) for each in frames]).drop_nulls(column)
    again = named.filter(pl.col(column).is_duplicated())
    found = []
    for (name,), group in again.group_by([column], maintain_order=True):
        places = group["source"].to_list()
        found.append((str(name), places[0], places[1]))
    return found


def _reject(parts: Sequence[Path], empty: Any, summary: Summary, out: Path) -> None:
    """What failed, in a file of its own."""
    import polars as pl

    path = _rejects_of(out)
    try:
        if not summary.failed:
            path.unlink(missing_ok=True)
            return
        with path.open("wb") as stream:
            for lot in _lots(parts, empty.select("source", "scenario", "error")):
                lot.filter(pl.col("error").is_not_null()).write_ndjson(stream)
    except OSError as error:
        what = f"{path} cannot be written: {error.strerror or error}"
        raise InputError(what, f"{out} has all results; --resume writes both again") from None
    summary.rejects = path


def _rejects_of(out: Path) -> Path:
    """The file of what failed."""
    return out.with_name(f"{out.name}{REJECTS}")

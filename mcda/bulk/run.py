"""A bulk run from sources to one output file."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mcda.bulk import tasks
from mcda.bulk.crew import Crew
from mcda.bulk.endings import has_tables
from mcda.bulk.ledger import Call, Job, Part, holds_parts, taken
from mcda.bulk.outputs import Summary, join, rejects_of
from mcda.bulk.rowgroups import height
from mcda.bulk.runner import run
from mcda.bulk.sources import Settings, Unit, forget, glance, key_of, units
from mcda.bulk.staging import remove
from mcda.errors import InputError, McdaError, hint
from mcda.files.catalog import is_folder, or_shipped
from mcda.files.reading import LARGEST_FILE, read_bytes

__all__ = ["Step", "bulk"]

_ENDINGS = (".parquet", ".csv", ".jsonl")
#: Jobs whose parts a worker puts together with its one thread; those of more this process does.
_FEW = 64


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
        For sources that are not there or cannot be read, a place that cannot be written, and
        where Polars is not installed.
    """
    if find_spec("polars") is None:  # before any work, and without reading it here
        raise InputError("bulk runs need Polars", 'Install it: pip install "mcda-engine[tables]"')
    if out.suffix.lower() not in _ENDINGS:
        raise InputError(
            f"the ending {out.suffix!r} of {str(out)!r} is not written",
            hint(out.suffix, _ENDINGS) or "Use .parquet, .csv or .jsonl",
        )
    if not is_folder(out.parent):
        raise InputError(f"there is no folder {str(out.parent)!r}", "Make it first")
    for written in (out, rejects_of(out)):
        try:
            folder_there = written.exists() and written.is_dir()
        except OSError as error:  # such as a name that is too long
            what = f"{str(written)!r} cannot be written: {error.strerror}"
            raise InputError(what, "Name another file") from None
        if folder_there:
            raise InputError(f"{str(written)!r} is a folder", "Name another file")
    folder = out.absolute().with_name(f".{out.name}.parts")
    settings = replace(settings, packed=out.suffix.lower() == ".parquet")
    options: dict[str, Any] = {"workers": workers, "resume": resume, "fail_fast": fail_fast}
    engine: Callable[..., Any] = partial(run, crew=crew)
    if dask is not None:
        from mcda.bulk import distributed

        copies = dask == distributed.LOCAL and distributed.early()
        engine = partial(distributed.run, address=dask, copies=copies)
        engine = partial(engine, glance=glance, refresh=tasks.forget)
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
    rejects = rejects_of(out)
    shared = [name for name in (settings.template, settings.scenarios) if name is not None]
    try:
        planned = list(units(sources, settings, skip=(out, rejects), folder=folder))
        read = dict.fromkeys((*shared, *(path for unit in planned for path in unit.paths)))
        _refuse_same(list(read), out, rejects)
        first = _first_of_each(planned)
        if alone or not planned:
            tasks.check(settings, first)
        else:
            engine = partial(
                engine,
                initializer=tasks.check,
                initargs=(settings, first),
                refused=partial(_remove_unused, folder),
            )
    except McdaError:
        remove(folder)
        raise
    if not planned:
        remove(folder)
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
        if len(planned) > _FEW and reading.ident is None and not alone:
            reading.start()  # while workers work: neither while they get ready nor at the end
        told.part(part)

    def finish(parts: list[Part], scratch: Path, call: Call) -> None:
        nonlocal summary
        told.last()
        # a worker has read Polars, and this process may have had no need to
        joined = join if "polars" in sys.modules else partial(call, join)
        summary = joined(parts, scratch, out)
        if not summary.lost:
            paths = (part.path for part in parts if part.path is not None)
            with ThreadPoolExecutor() as threads:  # the system takes its time over each
                list(threads.map(Path.unlink, paths))
            remove(folder)

    engine(
        jobs(),
        tasks.work,
        folder,
        started=told.first,
        progress=note,
        mine=True,
        finish=finish,
    )
    return summary


def _remove_unused(folder: Path) -> None:
    """Remove tables that no parts were made from, which could be gone on with."""
    if not holds_parts(folder):
        remove(folder)


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

"""A bulk run from sources to one output file."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

from mcda.bulk import jobs
from mcda.bulk.jobs import Job, Outcome, Run
from mcda.bulk.output import ENDINGS, counts_of, join, rejects_of
from mcda.bulk.parts import PartStore, opened, reported
from mcda.bulk.pool import Engine, InProcess, Pool, told
from mcda.bulk.sources import Settings, Unit, forget, glance, key_of, units
from mcda.bulk.summary import Summary
from mcda.errors import InputError, hint, short
from mcda.files.catalog import is_folder, or_shipped
from mcda.files.reading import LARGEST_FILE, read_bytes

__all__ = ["Step", "bulk"]


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


def bulk(
    sources: Sequence[str],
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    engine: Engine | None = None,
    resume: bool = False,
    fail_fast: bool = False,
    progress: Callable[[Step], None] | None = None,
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
        Processes of this machine; 1 does all in this one.
    engine
        What does the jobs instead, such as an executor of somebody's (`mcda.bulk.pool.Borrowed`),
        whose workers may be other machines that see the same files.
    resume
        Go on with what an interrupted run left beside `out`.
    fail_fast
        Stop at the first job that cannot be done.
    progress
        Called before the first job, after each, and before the output is written.

    Raises
    ------
    InputError
        For sources that are not there or cannot be read, a place that cannot be written, workers
        that cannot work, and where Polars is not installed.
    """
    if find_spec("polars") is None:  # before any work, and without reading it here
        raise InputError("bulk runs need Polars", 'Install it: pip install "mcda-engine[tables]"')
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError(f"{short(workers)} workers cannot work", "Give a whole number from 1")
    rejects = rejects_of(out)
    _refuse_output(out, rejects)
    forget()
    if settings.template is not None:  # before large tables are looked at
        read_bytes(or_shipped(Path(settings.template)), LARGEST_FILE)
    if engine is None:
        engine = InProcess() if workers == 1 else Pool(workers, jobs.begin)
    with opened(out.absolute().with_name(f".{out.name}.parts"), resume=resume) as store:
        planned = list(units(sources, settings, skip=(out, rejects), folder=store.scratch))
        shared = [name for name in (settings.template, settings.scenarios) if name is not None]
        read = dict.fromkeys((*shared, *(path for unit in planned for path in unit.paths)))
        _refuse_same(list(read), out, rejects)
        if not planned:
            return Summary()
        work = _Work(store, planned, settings, progress)
        work.do(engine, fail_fast=fail_fast)
        return work.join(out)


class _Work:
    """The jobs of a run, and what became of each."""

    def __init__(
        self,
        store: PartStore,
        planned: Sequence[Unit],
        settings: Settings,
        progress: Callable[[Step], None] | None,
    ) -> None:
        self.store, self.planned, self.settings = store, planned, settings
        self.progress, self.step = progress, Step(len(planned))
        self.parts: dict[int, Path] = {}
        self.lost: dict[int, str] = {}

    def do(self, engine: Engine, *, fail_fast: bool) -> None:
        """Let an engine do the jobs that no earlier run has done."""
        self._tell()
        reading = threading.Thread(target=import_module, args=("polars",))
        for job, found in engine.each(jobs.do, self._wanted(remote=engine.remote)):
            outcome = Outcome(error=told(found)) if isinstance(found, Exception) else found
            if outcome.refused is not None:
                raise outcome.refused
            if outcome.error:
                self.lost[job.number] = outcome.error
            else:
                self.parts[job.number] = self.store.write(job.number, job.key, outcome.data)
            self._tell(done=self.step.done + 1, scenarios=self.step.scenarios + outcome.scenarios)
            if outcome.error and fail_fast:
                return
            if outcome.data and reading.ident is None:
                reading.start()  # while others work, as the output will need it
        self.store.forget_old()

    def _wanted(self, *, remote: bool) -> Iterator[Job]:
        first = {unit.paths: unit for unit in reversed(self.planned) if unit.kind == "rows"}
        versions = jobs.versions() if remote else None
        run = Run(token_hex(8), self.settings, tuple(reversed(first.values())), versions)
        for number, unit in enumerate(self.planned):
            key = key_of(unit, self.settings)
            part = self.store.done(number, key)
            if part is not None and counts_of(part) is not None:
                self.parts[number] = part
                self._tell(reused=self.step.reused + 1, done=self.step.done + 1)
                continue
            yield Job(number, key, unit, run, glance(unit, self.settings) if remote else None)

    def join(self, out: Path) -> Summary:
        """Write the output, and say what it comes to."""
        if not self.parts:
            first = next(iter(self.lost.values()), "there was nothing to do")
            raise InputError(f"{out} was not written, as no job could be done: {first}")
        self._tell(joining=True)
        lost = [self.lost[number] for number in sorted(self.lost)]
        summary = Summary(reused=self.step.reused, lost=lost)
        parts = [self.parts[number] for number in sorted(self.parts)]
        for part in parts:
            if (counts := counts_of(part)) is None:
                raise InputError(f"the part {str(part)!r} is not whole", "Use --resume")
            summary.merge(counts)
        join(parts, summary, self.store.scratch, out)
        if not lost:
            for part in parts:
                part.unlink(missing_ok=True)
        return summary

    def _tell(self, **changes: Any) -> None:
        self.step = replace(self.step, **changes)
        if self.progress is not None:
            self.progress(self.step)


def _refuse_output(out: Path, rejects: Path) -> None:
    """Refuse a place that cannot be written to."""
    if out.suffix.lower() not in ENDINGS:
        raise InputError(
            f"the ending {out.suffix!r} of {str(out)!r} is not written",
            hint(out.suffix, ENDINGS) or "Use .parquet, .csv or .jsonl",
        )
    if not is_folder(out.parent):
        raise InputError(f"there is no folder {str(out.parent)!r}", "Make it first")
    for written in (out, rejects):
        with reported(written, "Name another file"):  # such as a name that is too long
            if written.exists() and written.is_dir():
                raise InputError(f"{str(written)!r} is a folder", "Name another file")


def _refuse_same(sources: Sequence[str], *written: Path) -> None:
    """Refuse to write over a source."""
    there = {path: path.stat() for path in written if path.exists()}
    for source in sources if there else ():
        with contextlib.suppress(OSError):
            status = os.stat(source)  # noqa: PTH116
            for path, other in there.items():
                if os.path.samestat(status, other):
                    what = f"{path} is a source and would be overwritten"
                    raise InputError(what, "Name another output")

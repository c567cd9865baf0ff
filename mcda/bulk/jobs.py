"""What a worker does with one job: read its input, evaluate it, and give its part back.

A job says where its input lies and what holds for its run. So it can be done by any process that
sees the same files, on this machine or another.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mcda.bulk.pool import told
from mcda.errors import InputError, McdaError

if TYPE_CHECKING:
    from mcda.bulk.sources import Settings, Unit
    from mcda.files.loader import Loader

__all__ = ["METADATA", "Job", "Outcome", "Run", "begin", "do", "versions"]

#: The key under which a part's metadata have its counts.
METADATA = "mcda"
#: What must be the same everywhere, as results are the same to the last digit.
_PACKAGES = ("mcda", "numpy", "polars")


@dataclass(frozen=True, slots=True)
class Run:
    """What holds for all jobs of a run.

    Attributes
    ----------
    id : str
        Tells it from other runs.
    settings : Settings
    tables : tuple of Unit
        The first job of each table.
    versions : mapping or None
        Of the packages where the run was started; ``None`` if all jobs are done there.
    """

    id: str
    settings: Settings
    tables: tuple[Unit, ...]
    versions: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What becomes one part.

    Attributes
    ----------
    number : int
        Position of the input; parts are in this order.
    key : str
        A hash of the input and the settings.
    unit : Unit
    run : Run
    seen : mapping or None
        What the machine of the run sees of the input, if others may do the job.
    """

    number: int
    key: str
    unit: Unit
    run: Run
    seen: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job.

    Attributes
    ----------
    data : bytes
        A Parquet file with a row for each scenario, and `summary.Counts` in its metadata.
    scenarios : int
        Its rows.
    error : str
        Why the job could not be done; empty if it was.
    refused : McdaError or None
        Why no job of the run can be done.
    """

    data: bytes = b""
    scenarios: int = 0
    error: str = ""
    refused: McdaError | None = None


def do(job: Job) -> Outcome:
    """Evaluate the scenarios of a job."""
    try:
        try:
            _refuse(job)
        except McdaError as error:
            return Outcome(refused=error)
        return _evaluated(job.unit, job.run.settings)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic in compiled code is no Exception)
        return Outcome(error=told(error))


def _evaluated(unit: Unit, settings: Settings) -> Outcome:
    from mcda.bulk.documents import documents
    from mcda.bulk.longtables import rows
    from mcda.bulk.summary import Counts

    evaluate = rows if unit.kind in ("rows", "unmet") else documents
    frame, leads = evaluate(unit, settings, _loader(settings))
    counts, stream = Counts.of(frame, leads).to_json(), BytesIO()
    # not compressed: it is read once, soon, and on the machine where it is written
    frame.write_parquet(
        stream, compression="uncompressed", statistics=False, metadata={METADATA: counts}
    )
    return Outcome(stream.getvalue(), frame.height)


@lru_cache(maxsize=4)
def _loader(settings: Settings) -> Loader:
    from mcda.files.loader import Loader

    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


#: The run whose documents this process has read.
_current: list[str] = []


def _refuse(job: Job) -> None:
    """Refuse what no worker, or not this one, can use.

    Raises
    ------
    McdaError
        For another version of a package than the run has, for other input, for a template that is
        no scenario or says what cannot hold for all, and for columns that cannot be used.
    """
    from mcda.bulk import longtables, sources

    run = job.run
    if run.versions is not None:
        _refuse_versions(run.versions)
    if run.id not in _current:
        sources.forget_documents()
        longtables.forget()
        _loader.cache_clear()
        if job.seen is not None:
            _refuse_input(job)
        if run.settings.template is not None:
            longtables.template_of(run.settings, _loader(run.settings))
        for unit in run.tables:
            longtables.check(unit, run.settings, _loader(run.settings))
        _current[:] = [run.id]
    elif job.seen is not None:
        _refuse_input(job)


def _refuse_versions(wanted: Mapping[str, str]) -> None:
    for package, here in versions().items():
        if here != wanted[package]:
            what = f"{_worker()} has {package} {here or 'not at all'}, this machine "
            what += f"{wanted[package] or 'not at all'}, and results could differ"
            raise InputError(what, "Install the same version")


def _refuse_input(job: Job) -> None:
    from mcda.bulk.sources import glance

    assert job.seen is not None
    found = glance(job.unit, job.run.settings)
    for name, there in job.seen.items():
        if name and there and not found.get(name):
            what = f"{_worker()} does not see {name!r} from its folder {str(Path.cwd())!r}"
            remedy = "Name sources by full paths that lead to the same files on all machines"
            raise InputError(what, remedy)
    for name, there in job.seen.items():
        if found.get(name) != there:
            what = f"{_worker()} sees other contents in {name or 'a source'!r}, or in what it "
            what += "refers to, than this machine"
            raise InputError(what, "Give all machines the same files")


def _worker() -> str:
    """Name the worker for messages."""
    return f"the worker {socket.gethostname()} (process {os.getpid()})"


def versions() -> dict[str, str]:
    """The versions of the packages that results depend on; empty where one is missing."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = str(import_module(package).__version__)
        except ImportError:
            found[package] = ""
    return found


def begin() -> None:
    """Read what jobs need, so that the first one need not."""
    with contextlib.suppress(Exception):  # said where it is needed
        import narwhals as nw
        import polars as pl

        # modules are read and threads started when they are first used
        nw.from_native(pl.LazyFrame({"": [0.0]}).collect())

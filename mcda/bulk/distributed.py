"""Jobs become part files: the workers of a Dask cluster do them.

Jobs are references to files, which each worker reads for itself; the bytes of a part come back and
are written here. So workers need the sources but not the folder of parts.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from io import BytesIO
from itertools import chain
from multiprocessing import forkserver, get_context
from pathlib import Path
from secrets import token_hex
from typing import Any

from mcda.bulk.ledger import Finish, Job, Ledger, Part, attempt, opened, told
from mcda.bulk.workers import ALONE, inherited
from mcda.errors import InputError, McdaError

__all__ = ["LOCAL", "early", "run"]

#: The address that stands for a cluster of this machine's own.
LOCAL = "local"
#: Seconds until a scheduler has to answer, and until its first worker has to be there.
_ANSWER, _JOIN = 10.0, 30.0
#: Jobs under way for each thread of the cluster: one is done and one waits.
_AHEAD = 2
#: Deaths of workers that a job of a local cluster outlives.
_DEATHS = 1
#: What must be the same everywhere, as results are the same to the last digit.
_PACKAGES = ("mcda", "numpy", "polars")
#: What workers of a local cluster read once for all; Polars starts threads when it is read.
_SHARED = ("distributed", "mcda.bulk.work", "narwhals")


@dataclass(frozen=True, slots=True)
class _Order:
    """What holds for all jobs of a run.

    Attributes
    ----------
    run : str
        Tells it from other runs.
    versions : mapping
        Of the packages, where the run was started.
    work : callable
        Writes a job's part to a stream.
    glance : callable or None
        What a machine sees of a job's input: name -> a text, empty if it is not there.
    refresh : callable or None
        Makes a process forget what it read for another run.
    """

    run: str
    versions: dict[str, str]
    work: Callable[[Any, Any], None]
    glance: Callable[[Any], dict[str, str]] | None
    refresh: Callable[[], None] | None


def early() -> bool:
    """Begin to read what workers of a local cluster share, before it is known what there is to do.

    A process of its own does, of which the workers are copies later.

    Returns
    -------
    bool
        Whether it does. Not where processes cannot be copied, or Dask is in use already: what it
        has been set up for is not ours.
    """
    if sys.platform != "linux" or "distributed" in sys.modules:
        return False
    get_context("forkserver").set_forkserver_preload(list(_SHARED))
    try:
        with inherited():
            forkserver.ensure_running()
    except OSError:
        return False
    return True


def run(
    jobs: Iterable[Job],
    work: Callable[[Any, Any], None],
    folder: Path,
    *,
    address: str = LOCAL,
    workers: int = 1,
    copies: bool = False,
    resume: bool = False,
    fail_fast: bool = False,
    started: Callable[[], None] | None = None,
    progress: Callable[[Part], None] | None = None,
    mine: bool = False,
    finish: Finish | None = None,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
    refused: Callable[[], None] | None = None,
    glance: Callable[[Any], dict[str, str]] | None = None,
    refresh: Callable[[], None] | None = None,
) -> list[Part]:
    """Do each job once on a Dask cluster, and keep what it wrote in `folder`.

    A job whose work raises has failed. A job whose worker dies is given to another one, as often as
    the scheduler allows (once in a local cluster); then it has failed. An interrupt is raised
    again; finished parts stay.

    Parameters
    ----------
    jobs
        In any order. Not more are taken than keep the cluster busy.
    work
        Writes a job's part to the binary stream that it is given: ``work(spec, stream)``. It can be
        imported by name on the workers.
    folder
        As for `mcda.bulk.runner.run`; only this process writes to it.
    address
        Of a scheduler, or "local" for a cluster on this machine that ends with the run.
    workers
        Processes of a local cluster, each with one thread.
    copies
        Whether they are copies of the process that `early` has started.
    resume, fail_fast, started, progress, mine, finish
        As for `mcda.bulk.runner.run`.
    initializer, initargs
        Called on all workers that are there before the first job.
    refused
        Called before what an initializer raised is raised here.
    glance
        What a machine sees of a job's input: name -> a text that tells it from another, empty if it
        is not there. A worker must see what this process sees.
    refresh
        Called on a worker before its first job of this run, and again after those of other runs.

    Returns
    -------
    list of Part
        By number; jobs that were not reached have none.

    Raises
    ------
    InputError
        If Dask is missing, the scheduler does not answer or has no workers, workers have other
        versions or see other files, or the connection ends; and for a folder that cannot be used.
    """
    with opened(
        Path(folder), resume=resume, fail_fast=fail_fast, progress=progress, mine=mine
    ) as ledger:
        if started is not None:
            started()
        wanted = ledger.wanted(jobs)
        first = next(wanted, None)
        if first is not None:
            order = _Order(token_hex(8), _versions(), work, glance, refresh)
            with _connected(address, workers, copies=copies) as client:
                _refuse_unfit(client, order, first)
                if initializer is not None:
                    _initialize(client, partial(initializer, *initargs), refused)
                _Crew(client, ledger, order).run(chain([first], wanted))
        return ledger.close(finish)


class _Crew:
    """The cluster at work, with a limited number of jobs under way."""

    def __init__(self, client: Any, ledger: Ledger, order: _Order) -> None:
        self.client, self.ledger, self.order = client, ledger, order
        self.under_way: dict[Any, Job] = {}

    def run(self, wanted: Iterator[Job]) -> None:
        from distributed import as_completed

        done = as_completed([], loop=self.client.loop)
        while self.top_up(wanted, done):
            future = next(done)
            self.settle(self.under_way.pop(future), future)
            future.release()
            if self.ledger.stopped:
                return

    def top_up(self, wanted: Iterator[Job], done: Any) -> int:
        """Give out jobs; how many are under way."""
        most = _AHEAD * max(1, sum(self.client.nthreads().values()))
        while len(self.under_way) < most and (job := next(wanted, None)) is not None:
            seen = _seen(self.order, job)
            key = f"mcda-{self.order.run}-{job.number}"
            future = self.client.submit(_done, self.order, job.spec, seen, key=key, pure=False)
            self.under_way[future] = job
            done.add(future)
        return len(self.under_way)

    def settle(self, job: Job, future: Any) -> None:
        """Note how the work on a job ended, and keep what it wrote."""
        from distributed import CancelledError, KilledWorker

        try:
            verdict, said = future.result()
        except KilledWorker as error:
            deaths = error.allowed_failures + 1
            many = "so did a second one" if deaths == 2 else f"so did {deaths - 1} others"
            text = f"its worker process died, and {many} that tried again"
            self.ledger.settle(job, "failed", text)
            return
        except (CancelledError, OSError) as error:
            raise _lost(error) from None
        except Exception as error:  # noqa: BLE001  what Dask itself says of a job
            self.ledger.settle(job, "failed", told(error))
            return
        if verdict == "unfit":
            raise InputError(said, "The finished parts are kept: use --resume")
        if verdict == "done":
            verdict, said = attempt(partial(_write, self.ledger.draft(job), said))
        self.ledger.settle(job, verdict, said)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _lost(error: BaseException) -> InputError:
    name = type(error).__name__
    return InputError(
        f"the connection with the Dask scheduler was lost ({name})",
        "The finished parts are kept: use --resume when it is there again",
    )


# On the workers.

_state = {"run": ""}


def _done(order: _Order, spec: Any, seen: dict[str, str]) -> tuple[str, Any]:
    """Do a job: ``done`` and the part, or another verdict and what there is to say."""
    unfit = _unfit(order, spec, seen)
    if unfit:
        return "unfit", unfit
    stream = BytesIO()
    verdict, text = attempt(partial(order.work, spec, stream))
    if verdict == "done":
        return verdict, stream.getvalue()
    return "failed", text


def _unfit(order: _Order, spec: Any, seen: dict[str, str]) -> str:
    """Why this process cannot do a job of the run; empty if it can."""
    if order.refresh is not None and _state["run"] != order.run:
        order.refresh()
    _state["run"] = order.run
    for package, here in _versions().items():
        if here != order.versions[package]:
            wanted = order.versions[package] or "missing"
            text = f"{_own_address()} has {package} {here or 'not at all'}, this machine {wanted}"
            return f"{text}, and results could differ. Install the same version"
    if order.glance is None:
        return ""
    found = order.glance(spec)
    for name, text in seen.items():
        if name and text and not found.get(name):
            where = f"from its folder {str(Path.cwd())!r}"
            remedy = "Name sources by full paths that lead to the same files on all machines"
            return f"{_own_address()} does not see {name!r} {where}. {remedy}"
    if found != seen:
        name = next((n for n in seen if n and found.get(n) != seen[n]), next(iter(seen)))
        text = f"{_own_address()} sees other contents in {name!r}, or in what it refers to"
        return f"{text}, than this machine. Give all machines the same files"
    return ""


def _own_address() -> str:
    from distributed import get_worker

    try:
        return f"the worker {get_worker().address}"
    except ValueError:  # asked beside the tasks
        return "the worker"


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = str(import_module(package).__version__)
        except ImportError:
            found[package] = ""
    return found


# Here.


def _seen(order: _Order, job: Job) -> dict[str, str]:
    return {} if order.glance is None else order.glance(job.spec)


def _refuse_unfit(client: Any, order: _Order, job: Job) -> None:
    """Ask all workers before any work."""
    found = client.run(_unfit, order, job.spec, _seen(order, job), on_error="return")
    for address, said in sorted(found.items()):
        if isinstance(said, Exception):
            what = f"the worker {address} cannot run this version of mcda ({told(said)})"
            raise InputError(what, "Install the same version there as on this machine")
        if said:
            raise InputError(said.replace("the worker", f"the worker {address}", 1))


def _initialize(
    client: Any, initializer: Callable[[], None], refused: Callable[[], None] | None
) -> None:
    """Let all workers call an initializer; what one raises is raised here."""
    for address, said in sorted(client.run(initializer, on_error="return").items()):
        if isinstance(said, McdaError):
            if refused is not None:
                refused()
            raise said
        if isinstance(said, Exception):
            raise InputError(f"the worker {address} cannot be set up: {told(said)}")


@contextlib.contextmanager
def _connected(address: str, workers: int, *, copies: bool = False) -> Iterator[Any]:
    """A client of the scheduler, or of a cluster that is started."""
    try:
        import distributed
    except ImportError:
        raise InputError(
            "Dask is not installed", 'Install it: pip install "mcda-engine[dask]"'
        ) from None
    with _quiet():
        if address == LOCAL:
            with _local(distributed, workers, copies=copies) as client:
                yield client
        else:
            with _remote(distributed, address) as client:
                yield client


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own reports of lost connections are left out; they are told as errors."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def _remote(distributed: Any, address: str) -> Iterator[Any]:
    """A client of a scheduler that somebody else started."""
    try:
        client = distributed.Client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        text = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(
            f"no Dask scheduler answers at {address!r} ({text[0].rstrip('.')})",
            "Start one with `dask scheduler` and name its address, or use --dask local",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_JOIN)
        except TimeoutError:
            raise InputError(
                f"the Dask scheduler at {address!r} has no workers",
                f"Start some: dask worker {address} --nthreads 1",
            ) from None
        yield client


@contextlib.contextmanager
def _local(distributed: Any, workers: int, *, copies: bool) -> Iterator[Any]:
    """A cluster of processes with one thread each and no limit of memory, as the pool has."""
    import dask

    settings = {
        "distributed.scheduler.allowed-failures": _DEATHS,
        # A worker has no second job in its hands that would die with the first.
        "distributed.scheduler.worker-saturation": 1.0,
        # Dask's own would make workers give back memory that the next step asks for again.
        "distributed.nanny.pre-spawn-environ": ALONE,
        "distributed.worker.profile.enabled": False,
    }
    if copies:
        settings["distributed.worker.multiprocessing-method"] = "forkserver"
        # What they read is chosen; Dask would choose, and read here first, pandas as well.
        if hasattr(distributed.utils, "_forkserver_preload_set"):
            distributed.utils._forkserver_preload_set = True
    before = dict(os.environ)
    try:
        with dask.config.set(settings), inherited():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                # What is left of the dashboard takes a free port that only this machine reaches.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                silence_logs=logging.CRITICAL,
            )
        with (
            cluster,
            distributed.Client(cluster, set_as_default=False, direct_to_workers=True) as client,
        ):
            yield client
    finally:
        for name in set(os.environ) - set(before):  # what Dask sets whenever a worker starts
            os.environ.pop(name, None)
        os.environ.update(before)

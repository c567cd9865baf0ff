"""Jobs become part files: this process or worker processes do them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any, cast

from mcda.bulk.ledger import Finish, Job, Ledger, Part, Work, attempt, opened, told
from mcda.errors import InputError, McdaError, short

__all__ = ["ALONE", "inherited", "run"]

#: Workers that end one after the other before any takes a job: then none ever will.
_STARTS = 3
#: Seconds that a worker without a job has to end.
_GRACE = 5.0
#: One thread each: workers share the processors among themselves.
ALONE = dict.fromkeys(
    (
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "POLARS_MAX_THREADS",
        "RAYON_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


def run(
    jobs: Iterable[Job],
    work: Work,
    folder: Path,
    *,
    workers: int = 1,
    resume: bool = False,
    fail_fast: bool = False,
    started: Callable[[], None] | None = None,
    progress: Callable[[Part], None] | None = None,
    sound: Callable[[Path], bool] | None = None,
    mine: bool = False,
    finish: Finish | None = None,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
) -> list[Part]:
    """Do each job once, and keep what it wrote in `folder`.

    A job whose work raises has failed. A job whose worker dies is given to a fresh worker; it has
    failed when that one dies too. The other jobs are done all the same. An interrupt ends the
    workers and is raised again; finished parts stay.

    Parameters
    ----------
    jobs
        In any order. Not more are taken than workers can begin.
    work
        Writes a job's part to the path it is given: ``work(spec, path)``. With several workers, a
        function that can be imported by name.
    folder
        Made if it is missing; files of other kinds in it stay as they are.
    workers
        Processes that work at the same time, each with one thread for calculations; 1 works in
        this process.
    resume
        Reuse the parts of an earlier run whose number and key are a job's, and, when all jobs are
        through, remove those that are no job's.
    fail_fast
        Stop at the first job that fails; jobs that others are working on are dropped.
    started
        Called when the folder is known to be usable, before any work.
    progress
        Called with what became of each job, as they get through.
    sound
        Whether the part of an earlier run is whole; those that are not are done again.
    mine
        Whether the caller has taken the folder (`ledger.taken`).
    finish
        Called with the parts when all jobs are through, while nobody else can use the folder.
    initializer, initargs
        Called before the first job, in each process that works.

    Returns
    -------
    list of Part
        By number; jobs that were not reached have none.

    Raises
    ------
    InputError
        If the folder cannot be used: it cannot be written to, is full, holds parts of an earlier
        run and `resume` is not set, or another run is writing to it. Also for jobs that
        have the same number, and if worker processes cannot be started.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError(f"{short(workers)} workers cannot work", "Give a whole number from 1")
    with opened(
        Path(folder), resume=resume, fail_fast=fail_fast, progress=progress, sound=sound, mine=mine
    ) as ledger:
        if started is not None:
            started()
        wanted = ledger.wanted(jobs)
        if workers == 1:
            _alone(ledger, wanted, work, initializer, initargs)
        else:
            _Pool(ledger, wanted, (work, initializer, initargs)).run(workers)
        return ledger.close(finish)


def _alone(
    ledger: Ledger,
    wanted: Iterator[Job],
    work: Work,
    initializer: Callable[..., None] | None,
    initargs: tuple[Any, ...],
) -> None:
    """Work in this process."""
    ready = initializer is None
    for job in wanted:
        if initializer is not None and not ready:
            initializer(*initargs)
            ready = True
        ledger.settle(job, *attempt(partial(work, job.spec, ledger.draft(job))))
        if ledger.stopped:
            break


@dataclass(eq=False)
class _Worker:
    """A process, this end of its pipe, and the job that it has or gets when it is ready."""

    process: SpawnProcess
    connection: Connection[Any, Any]
    job: Job
    deaths: int
    at_work: bool = False

    def send(self, message: Any) -> None:
        # A worker that is gone is noticed where workers are heard.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(message)

    def hear(self) -> tuple[str, Any] | None:
        """What it says: a verdict and a text; ``None`` if it will say nothing more."""
        try:
            message: tuple[str, Any] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def end(self, grace: float = 0.0) -> int:
        """End it, at once or when it had time to do so itself; how it ended."""
        self.connection.close()
        if grace > 0:
            self.process.join(grace)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return 0 if code is None else code


class _Pool:
    """Workers of which each has one job, so that it is known whose job a dead worker had."""

    def __init__(self, ledger: Ledger, wanted: Iterator[Job], setup: tuple[Any, ...]) -> None:
        self.ledger, self.wanted, self.setup = ledger, wanted, setup
        self.working: list[_Worker] = []
        self.leaving: list[_Worker] = []
        self.failed_starts = 0

    def run(self, workers: int) -> None:
        try:
            while not self.ledger.stopped:
                while len(self.working) < workers:
                    job = next(self.wanted, None)
                    if job is None:
                        break
                    self.start(job)
                if not self.working:
                    break
                for worker in self.awake():
                    self.attend(worker)
                    if self.ledger.stopped:
                        return
            until = time.monotonic() + _GRACE
            while self.leaving:
                self.leaving[-1].end(until - time.monotonic())
                self.leaving.pop()
        finally:
            for worker in self.working + self.leaving:
                with contextlib.suppress(ValueError):  # closed already
                    worker.process.kill()
            for worker in self.working + self.leaving:
                with contextlib.suppress(ValueError):
                    worker.end()

    def start(self, job: Job, deaths: int = 0) -> None:
        """Start a worker that gets `job` when it is ready."""
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there,), daemon=True)
        with inherited():
            process.start()
            self.working.append(_Worker(process, here, job, deaths))
        there.close()

    def awake(self) -> list[_Worker]:
        """The workers that have something to say, or have ended."""
        handles = [worker.connection for worker in self.working]
        ends = [worker.process.sentinel for worker in self.working]
        heard = set(wait([*handles, *ends], timeout=1.0))
        return [
            worker
            for worker, end in zip(self.working, ends, strict=True)
            if worker.connection in heard or end in heard
        ]

    def attend(self, worker: _Worker) -> None:
        """Hear a worker, and give it what it needs next."""
        message = worker.hear()
        if message is None:
            self.bury(worker)
            return
        verdict, text = message
        if verdict == "up":
            worker.send(self.setup)
            return
        if verdict == "unfit":
            raise text
        self.failed_starts = 0
        if verdict != "ready":
            self.ledger.settle(worker.job, verdict, text)
            job = None if self.ledger.stopped else next(self.wanted, None)
            if job is None:
                self.working.remove(worker)
                self.leaving.append(worker)
                worker.connection.close()
                return
            worker.job, worker.deaths = job, 0
        worker.at_work = True
        worker.send((worker.job.spec, self.ledger.draft(worker.job)))

    def bury(self, worker: _Worker) -> None:
        """A worker ended by itself: its job goes to a fresh one, but not twice."""
        self.working.remove(worker)
        how = _ending(worker.end(grace=1.0))
        if not worker.at_work:
            self.failed_starts += 1
            if self.failed_starts == _STARTS:
                raise InputError(
                    f"worker processes end before they can work (the last one {how})",
                    "A script that uses several must start below `if __name__ == '__main__':`; "
                    "or use 1 worker",
                )
            self.start(worker.job, worker.deaths)
        elif worker.deaths:
            text = f"its worker process died, and so did a second one that tried again ({how})"
            self.ledger.settle(worker.job, "failed", text)
        else:
            self.start(worker.job, worker.deaths + 1)


def _serve(connection: Connection[Any, Any]) -> None:
    """The life of a worker: set up, then job after job."""
    threading.Thread(target=_watch, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only the process that started this one closes the pipe.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send(("up", ""))
        work = _set_up(connection.recv_bytes())
        if isinstance(work, Exception):
            connection.send(("unfit", work))
            return
        connection.send(("ready", ""))
        while True:
            connection.send(attempt(partial(_unpacked, work, connection.recv_bytes())))


def _unpacked(work: Work, message: bytes) -> None:
    work(*ForkingPickler.loads(message))


def _set_up(message: bytes) -> Work | Exception:
    """The work function, or why it cannot be done."""
    try:
        work, initializer, initargs = ForkingPickler.loads(message)
        if initializer is not None:
            initializer(*initargs)
    except McdaError as error:
        return error
    except Exception as error:  # noqa: BLE001
        return RuntimeError(f"a worker process could not be set up: {told(error)}")
    return cast(Work, work)


def _watch() -> None:
    """End this process when the one that started it is gone, whatever it is doing."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = "; the system does so when memory runs out" if name == "SIGKILL" else ""
    return f"was ended by {name}{memory}"


@contextlib.contextmanager
def inherited() -> Iterator[None]:
    """What a process that is started here inherits: one thread, and no interrupts."""
    before = {name: os.environ.get(name) for name in ALONE}
    if sys.platform != "win32":
        # First, since starting it would let interrupts through again.
        resource_tracker.ensure_running()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(ALONE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

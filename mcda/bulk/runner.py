"""Jobs become part files: this process or worker processes do them."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Self

from mcda.bulk.crew import Crew
from mcda.bulk.ledger import Finish, Job, Ledger, Part, Work, attempt, here, opened
from mcda.bulk.serving import Setup
from mcda.bulk.workers import Worker, end, start
from mcda.errors import InputError, McdaError, short

__all__ = ["run"]

#: Workers that end one after the other before any takes a job: then none ever will.
_STARTS = 3
#: Seconds that a worker without a job has to end.
_GRACE = 5.0


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
    mine: bool = False,
    finish: Finish | None = None,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
    refused: Callable[[], None] | None = None,
    crew: Crew | None = None,
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
    mine
        Whether the caller has taken the folder (`ledger.taken`).
    finish
        Called with the parts when all jobs are through, while nobody else can use the folder.
    initializer, initargs
        Called before the first job, in each process that works.
    refused
        Called before what an initializer raised in another process is raised here.
    crew
        Workers that were started beforehand. They are given jobs before others are started; those
        that get none are ended.

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
        Path(folder), resume=resume, fail_fast=fail_fast, progress=progress, mine=mine
    ) as ledger:
        if started is not None:
            started()
        wanted = ledger.wanted(jobs)
        if workers == 1:
            _alone(ledger, wanted, work, initializer, initargs)
            return ledger.close(finish)
        setup = (work, initializer, initargs)
        with _Pool(ledger, wanted, setup, crew or Crew(), refused or _nothing) as pool:
            pool.run(workers)
            return ledger.close(finish, pool.call)


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


class _Pool:
    """Workers of which each has one job, so that it is known whose job a dead worker had.

    Those that have none any more have some time to end; the last one stays for calls.
    """

    def __init__(
        self,
        ledger: Ledger,
        wanted: Iterator[Job],
        setup: Setup,
        crew: Crew,
        refused: Callable[[], None],
    ) -> None:
        self.ledger, self.wanted, self.setup, self.crew = ledger, wanted, setup, crew
        self.refused = refused
        self.working: list[Worker] = []
        self.leaving: list[Worker] = []
        self.failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            until = time.monotonic() + _GRACE
            while self.leaving and kind is None and not self.ledger.stopped:
                self.leaving[-1].end(until - time.monotonic())
                self.leaving.pop()
        finally:
            end(self.working + self.leaving)

    def run(self, workers: int) -> None:
        while not self.ledger.stopped:
            while len(self.working) < workers:
                job = next(self.wanted, None)
                if job is None:
                    self.crew.end()
                    break
                self.start(job)
            if not self.working:
                break
            for worker in self.awake():
                self.attend(worker)
                if self.ledger.stopped:
                    return

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Let the last worker call a function; this process does if there is none, or it fails."""
        last = self.leaving[-1] if self.leaving else None
        if last is not None and not last.connection.closed:
            last.send(partial(function, *args))
            verdict, found = last.hear() or ("gone", None)
            if isinstance(found, McdaError):
                raise found
            if verdict == "done":
                return found
        return here(function, *args)

    def start(self, job: Job, deaths: int = 0) -> None:
        """Find or start a worker that gets `job` when it is ready."""
        worker = self.crew.give(self.working) or start(self.working)
        worker.job, worker.deaths = job, deaths

    def awake(self) -> list[Worker]:
        """The workers that have something to say, or have ended."""
        handles = [worker.connection for worker in self.working]
        over = [worker.process.sentinel for worker in self.working]
        heard = set(wait([*handles, *over], timeout=1.0))
        return [
            worker
            for worker, sentinel in zip(self.working, over, strict=True)
            if worker.connection in heard or sentinel in heard
        ]

    def attend(self, worker: Worker) -> None:
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
            self.refused()
            raise text
        assert worker.job is not None
        self.failed_starts = 0
        if verdict == "ready":
            self.give(worker, worker.job)
            return
        done = worker.job
        if verdict != "done":
            self.ledger.settle(done, verdict, text)
        try:  # the worker does not wait for the disk
            self.go_on(worker)
        finally:  # what it did is kept, even if no more jobs can be found
            if verdict == "done":
                self.ledger.settle(done, verdict, text)

    def go_on(self, worker: Worker) -> None:
        """Give a worker that is through with its job the next one, or let it leave."""
        job = None if self.ledger.stopped else next(self.wanted, None)
        if job is not None:
            worker.job, worker.deaths = job, 0
            self.give(worker, job)
        else:
            self.working.remove(worker)
            self.leaving.append(worker)
            if self.working:
                worker.connection.close()

    def give(self, worker: Worker, job: Job) -> None:
        """Let a worker begin with a job."""
        worker.at_work = True
        worker.send((job.spec, self.ledger.draft(job)))

    def bury(self, worker: Worker) -> None:
        """A worker ended by itself: its job goes to a fresh one, but not twice."""
        assert worker.job is not None
        self.working.remove(worker)
        born = worker.process.pid is not None
        how = _ending(worker.end(grace=1.0))
        if not worker.at_work:
            self.failed_starts += born
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


def _nothing() -> None:
    """What is done about a refusal where nobody asks for it."""


def _ending(code: int | None) -> str:
    if code is None:
        return "ended, nobody knows how"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = "; the system does so when memory runs out" if name == "SIGKILL" else ""
    return f"was ended by {name}{memory}"

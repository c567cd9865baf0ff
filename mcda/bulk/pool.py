"""Jobs on an executor: each is done once, and one that kills its worker harms no other.

An executor is anything with the interface of `concurrent.futures.Executor`: the processes of this
machine (`Pool`), this process itself (`InProcess`), the workers of a Dask cluster, or another
engine's (`Borrowed`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from itertools import chain, islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, Protocol, Self, TypeVar

from mcda.errors import InputError, McdaError

__all__ = [
    "ONE_THREAD",
    "Borrowed",
    "DiedError",
    "Engine",
    "InProcess",
    "Pool",
    "one_thread",
    "prestart",
    "told",
]

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")

#: One thread each: workers share the processors among themselves.
ONE_THREAD = dict.fromkeys(
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
#: Pools of which no process gets ready, one after the other: then none ever will.
_STARTS = 3
#: Stands for no more jobs.
_END: Any = object()
#: Jobs under way for each worker: one is done and one waits.
_AHEAD = 2


class DiedError(Exception):
    """The worker process of a job died, and so did a second one that tried again."""

    def __init__(self) -> None:
        super().__init__(
            "its worker process died, and so did a second one that tried again "
            "(the system ends processes when memory runs out)"
        )


class Engine(Protocol):
    """Does jobs, wherever that is.

    Attributes
    ----------
    remote : bool
        Whether workers may have other versions, see other files, or outlive the run.
    """

    remote: bool

    def each(
        self, function: Callable[[_Job], _Done], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Done | Exception]]:
        """What a function makes of each job, as they end.

        Jobs are taken as they are needed. Where there is an error in the place of what the function
        returns, the engine could not do the job.

        Raises
        ------
        InputError
            If no more jobs can be done.
        """


class InProcess:
    """Does the jobs in this process, one after the other."""

    remote = False

    def each(
        self, function: Callable[[_Job], _Done], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Done | Exception]]:
        """What a function makes of each job."""
        return ((job, function(job)) for job in jobs)


class Borrowed:
    """An executor that somebody else has made.

    Parameters
    ----------
    executor
        Its workers are able to import this package.
    workers
        How many jobs it does at a time.
    fatal
        Errors of the executor that concern a single job, such as one whose workers died.
    """

    remote = True

    def __init__(
        self, executor: Executor, workers: int, fatal: tuple[type[Exception], ...] = ()
    ) -> None:
        self.executor, self.workers, self.fatal = executor, workers, fatal

    def each(
        self, function: Callable[[_Job], _Done], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Done | Exception]]:
        """What a function makes of each job, as they end."""
        for job, future in _completed(self.executor.submit, function, jobs, self.workers):
            try:
                done = future.result()
            except self.fatal:
                yield job, DiedError()
            except (BrokenExecutor, CancelledError, OSError) as error:
                what = f"the connection with the workers was lost ({type(error).__name__})"
                remedy = "The finished parts are kept: use --resume when they are there again"
                raise InputError(what, remedy) from None
            except Exception as error:  # noqa: BLE001  what the executor itself says of a job
                yield job, error
            else:
                yield job, done


class Pool:
    """Processes of this machine, each with one thread; ended with the context.

    A pool breaks when one of its processes dies. Each of the jobs that were under way is then done
    by a process of its own, so that one that kills its process is known.

    Parameters
    ----------
    workers
        How many.
    begin
        Called in each process before its first job.
    """

    remote = False

    def __init__(self, workers: int, begin: Callable[[], object] = int) -> None:
        self.workers, self.begin = workers, begin

    def each(
        self, function: Callable[[_Job], _Done], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Done | Exception]]:
        """What a function makes of each job, as they end."""
        todo = iter(jobs)
        while suspects := (yield from self._until_broken(self.workers, function, todo)):
            for job in suspects:
                if (yield from self._until_broken(1, function, iter([job]))):
                    yield job, DiedError()

    def _until_broken(
        self, workers: int, function: Callable[[_Job], _Done], todo: Iterator[_Job]
    ) -> Generator[tuple[_Job, _Done | Exception], None, list[_Job]]:
        """What a function makes of jobs; returns those that were under way as the pool broke."""
        first = list(islice(todo, workers))
        if not first:
            return []
        for _ in range(_STARTS):
            with _Processes(len(first), self.begin) as processes:
                if not processes.ready():
                    continue
                suspects: list[_Job] = []
                rest = chain(first, _while_empty(suspects, todo))
                for job, future in _completed(processes.submit, function, rest, workers):
                    if isinstance(future.exception(), BrokenExecutor):
                        suspects.append(job)
                    else:
                        yield job, future.result()
                return suspects
        raise InputError(
            "worker processes end before they can work",
            "A script that uses several must start below `if __name__ == '__main__':`; "
            "or use 1 worker",
        )


def _completed(
    submit: Callable[..., Future[_Done]],
    function: Callable[[_Job], _Done],
    jobs: Iterable[_Job],
    workers: int,
) -> Iterator[tuple[_Job, Future[_Done]]]:
    """Each job with its future, as they end; no more are under way than keep workers busy."""
    todo, under_way = iter(jobs), dict[Future[_Done], _Job]()
    try:
        while True:
            for job in islice(todo, _AHEAD * workers - len(under_way)):
                under_way[submit(function, job)] = job
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future
    finally:
        for future in under_way:  # nobody waits for it any more
            future.cancel()


def _while_empty(stop: list[_Job], todo: Iterator[_Job]) -> Iterator[_Job]:
    """Take jobs until there is one in a list."""
    while not stop and (job := next(todo, _END)) is not _END:
        yield job


class _Processes:
    """A process pool that ends at once, whatever its processes do; with the context, too.

    Each process watches a pipe of which nobody else has the other end: it ends when this is closed,
    by this process or by the death of this process.
    """

    def __init__(self, count: int, begin: Callable[[], object]) -> None:
        context = multiprocessing.get_context(_METHOD)
        self.watched, self.life = context.Pipe(duplex=False)
        self.executor = ProcessPoolExecutor(
            count, mp_context=context, initializer=_begin, initargs=(self.watched, begin)
        )
        self.starts = [self.submit(int) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.life.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.watched.close()

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """As an executor does; a pool that is broken is an error of the future."""
        try:
            with one_thread():  # a process may be started now
                return self.executor.submit(function, *args)
        except BrokenExecutor as error:
            future: Future[Any] = Future()
            future.set_exception(error)
            return future

    def ready(self) -> bool:
        """Wait until a process has begun; whether one has."""
        done = wait(self.starts, return_when=FIRST_COMPLETED).done
        return any(each.exception() is None for each in done)


_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def prestart(modules: Sequence[str]) -> None:
    """Let the process that others are copies of begin to read modules, where there is one."""
    if _METHOD == "forkserver":
        from multiprocessing import forkserver

        multiprocessing.get_context(_METHOD).set_forkserver_preload(list(modules))
        with contextlib.suppress(OSError), one_thread():  # said when a worker is needed
            forkserver.ensure_running()


def _begin(watched: Connection[Any, Any], begin: Callable[[], object]) -> None:
    """Set up a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(ONE_THREAD)  # where what it is a copy of was started by others
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()
    begin()


def _end_with(watched: Connection[Any, Any]) -> None:
    """End this process when the other end of a pipe is closed."""
    with contextlib.suppress(EOFError, OSError):
        watched.recv_bytes()
    os._exit(1)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """What a process that is started here inherits: one thread, and no interrupts."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # first, since starting it lets interrupts through
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(ONE_THREAD)
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


def told(error: BaseException) -> str:
    """What a message says of an error."""
    return str(error) if isinstance(error, McdaError) else f"{type(error).__name__}: {error}"

"""Worker processes: how one is started, what it does, and those that are started beforehand.

A worker needs longer to read its modules than for a job. So a command that is going to need some
starts them before it reads its own modules: this one needs few. Where the system can copy a process
the modules that they share are read first, once for all; those that start threads when they are
read, each reads for itself, since a copy has none of the threads.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import islice
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any, cast

from mcda.bulk.endings import DELIMITED, LINED, PARQUET, ending
from mcda.bulk.ledger import Job, Work, attempt, told
from mcda.errors import McdaError

__all__ = ["ALONE", "Crew", "Setup", "Worker", "copies", "early", "inherited", "likely"]

#: The work function, and what is called with which arguments before the first job.
Setup = tuple[Work, Callable[..., None] | None, tuple[Any, ...]]

#: Bytes of a file for which a job can be expected, and files of a scenario each.
_BYTES, _FILES = 2**21, 500
#: glibc's options (malloc.h), the bytes that are kept, and the least that is not taken from them,
#: which is the most that it accepts.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT, _ON_HEAP = 2**28, 2**25
#: Files that are cut into several jobs.
_CUT = (*PARQUET, *DELIMITED, *LINED)
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


@dataclass(eq=False)
class Worker:
    """A process, this end of its pipe, and the job that it has or gets when it is ready.

    `told` says whether it was sent what to set up, `deaths` how many died of its job. One that
    `waits` may do nothing before.
    """

    process: BaseProcess
    connection: Connection[Any, Any]
    job: Job | None = None
    deaths: int = 0
    at_work: bool = False
    told: bool = False
    waits: bool = False

    def send(self, message: Any) -> None:
        """Send it something; one that is gone is noticed where workers are heard."""
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


def start(
    among: list[Worker],
    modules: Sequence[str] = (),
    *,
    copied: bool = False,
    waits: bool = False,
    turns: tuple[int, int] | None = None,
) -> Worker:
    """Start a worker, which is put among the others before anything can interrupt that.

    It says "up", reads the `modules`, sets up what it is sent, and says "ready". One that is
    `copied` from this process, which may have one thread only, has this one's modules. One that
    `waits` reads the modules when another one that takes `turns` with it is ready, or when it is
    sent what to set up.
    """
    here, there = get_context("spawn").Pipe()
    target: Callable[..., None] = partial(_serve, there, modules, waits=waits, turns=turns)
    process: BaseProcess
    if copied:
        others = [here, *(worker.connection for worker in among)]
        target = partial(_copy, others, target)
        process = get_context("fork").Process(target=target, daemon=True)
    else:
        process = get_context("spawn").Process(target=target, daemon=True)
    with inherited(tracked=not copied):
        process.start()
        worker = Worker(process, here, waits=waits)
        among.append(worker)
    there.close()
    return worker


def end(workers: Sequence[Worker]) -> None:
    """End workers at once, whatever they do."""
    for worker in workers:
        with contextlib.suppress(ValueError):  # closed already
            worker.process.kill()
    for worker in workers:
        with contextlib.suppress(ValueError):
            worker.end()


class Crew:
    """Workers that were started before it is known what there is to do."""

    def __init__(self) -> None:
        self.idle: list[Worker] = []
        self.setup: Setup | None = None

    def tell(self, setup: Setup) -> None:
        """Let them get ready, whatever they say to it; those that wait when they are given."""
        self.setup = setup
        for worker in self.idle:
            if not worker.waits:
                self._tell(worker)

    def _tell(self, worker: Worker) -> None:
        if self.setup is not None and not worker.told:
            worker.send(self.setup)
            worker.told = True

    def give(self, among: list[Worker]) -> Worker | None:
        """One that is alive, which is put among others; ``None`` if there is none."""
        while self.idle:
            worker = self.idle[0]
            if worker.process.is_alive():
                among.append(worker)
                self.idle.remove(worker)
                self._tell(worker)
                return worker
            worker.end()
            self.idle.remove(worker)
        return None

    def end(self) -> None:
        """End those that nobody took."""
        end(self.idle)
        self.idle.clear()


@contextlib.contextmanager
def early(count: int, shared: Sequence[str], own: Sequence[str] = ()) -> Iterator[Crew]:
    """A crew of `count` workers; who is not taken ends at the end.

    Parameters
    ----------
    count
        How many.
    shared
        Modules that all read; this process, too, where workers can be copies of it. Of those that
        have a function `prepare` it is called.
    own
        Modules that each reads for itself, since they start threads.
    """
    crew = Crew()
    # what is to be done is found out by this process, which none is to keep from it
    at_once = max(1, (os.cpu_count() or 1) - 1)
    try:
        shares = count > 0 and copies()
        if shares:
            _keep_memory()
            _read(shared)
            gc.freeze()  # what a collection marks would have to be held by each process
        with (
            contextlib.suppress(OSError),  # said when one is needed and cannot be started either
            _turns(several=shares and count > at_once) as turns,
        ):
            for number in range(count):
                copied = shares and copies()
                start(
                    crew.idle,
                    own if copied else (*own, *shared),
                    copied=copied,
                    waits=copied and number >= at_once,
                    turns=turns if copied else None,
                )
        yield crew
    finally:
        crew.end()


@contextlib.contextmanager
def _turns(*, several: bool) -> Iterator[tuple[int, int] | None]:
    """A pipe by which a worker that is ready lets one begin that waits."""
    if not several:
        yield None
        return
    ends = os.pipe()
    try:
        for each in ends:
            os.set_blocking(each, False)
        yield ends
    finally:  # the workers have copies
        for each in ends:
            os.close(each)


def copies() -> bool:
    """Whether copies of this process can work: it has no thread but this one."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


def _keep_memory() -> None:
    """Let glibc keep what is freed: every job needs as much again, and pages are dear to get."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another library has no such options
            options = ctypes.CDLL(None).mallopt
            options(_M_TRIM_THRESHOLD, _KEPT)
            options(_M_MMAP_THRESHOLD, _ON_HEAP)


def _read(modules: Sequence[str]) -> None:
    collects = gc.isenabled()
    gc.disable()  # next to nothing that modules make is garbage
    for name in modules:
        with contextlib.suppress(Exception):  # said when they are needed
            getattr(import_module(name), "prepare", _nothing)()
    if collects:
        gc.enable()


def _nothing() -> None:
    """What a module does beforehand that has no function `prepare`."""


def likely(sources: Sequence[str], workers: int) -> int:
    """How many of the workers will have a job, as far as can be told without opening a file.

    Of folders only what lies in them directly is counted.

    Parameters
    ----------
    sources
        Files, folders and globs.
    workers
        How many may be started.
    """
    jobs, single = 0, 0
    for source in sources:
        try:
            status = os.stat(source)  # noqa: PTH116
            if stat.S_ISDIR(status.st_mode):
                with os.scandir(source) as entries:
                    single += sum(1 for _ in islice(entries, workers * _FILES))
                continue
        except (OSError, ValueError):  # a glob, a name, or nothing
            single += 1
            continue
        if ending(source) not in _CUT:
            single += 1
        else:
            jobs += max(1, -(-status.st_size // _BYTES))
    return min(workers, max(1, jobs + -(-single // _FILES)))


def _copy(others: Sequence[Connection[Any, Any]], serve: Callable[[], None]) -> None:
    """The life of a worker that is a copy: pipes of the process that it was are not its own."""
    for connection in others:
        connection.close()
    serve()


def _serve(
    connection: Connection[Any, Any],
    modules: Sequence[str],
    *,
    waits: bool,
    turns: tuple[int, int] | None,
) -> None:
    """The life of a worker: read modules, set up, then job after job."""
    threading.Thread(target=_watch, daemon=True).start()
    _keep_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only the process that started this one closes the pipe.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send(("up", ""))
        if waits and turns is not None:
            _wait(connection, turns[0])
        _read(modules)
        if turns is not None:
            with contextlib.suppress(OSError):
                os.write(turns[1], b"\n")
        work = _set_up(connection.recv_bytes())
        if isinstance(work, Exception):
            connection.send(("unfit", work))
            return
        connection.send(("ready", ""))
        while True:
            connection.send(attempt(partial(_unpacked, work, connection.recv_bytes())))
    # Nothing is left that could be lost, and taking all that was read apart again takes time.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


def _wait(connection: Connection[Any, Any], turn: int) -> None:
    """Wait for a turn, or for something to set up."""
    while connection not in wait([connection, turn]):
        with contextlib.suppress(BlockingIOError):  # another one was faster
            os.read(turn, 1)
            return


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


@contextlib.contextmanager
def inherited(*, tracked: bool = True) -> Iterator[None]:
    """What a process that is started here inherits: one thread, and no interrupts.

    What tracks the resources of processes is `tracked` itself: it starts with the first of them.
    """
    before = {name: os.environ.get(name) for name in ALONE}
    if sys.platform != "win32":
        if tracked:  # first, since starting it would let interrupts through again
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

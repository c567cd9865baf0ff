"""Worker processes, seen from the one that has started them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from typing import Any, Protocol

from mcda.bulk.ledger import Job
from mcda.bulk.serving import serve

__all__ = ["ALONE", "Process", "Worker", "end", "inherited", "start"]

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


class Process(Protocol):
    """What is needed of a process, as those of `multiprocessing` have it."""

    @property
    def pid(self) -> int | None:
        """Its number."""

    @property
    def sentinel(self) -> int:
        """What can be waited for: it is ready when the process has ended."""

    @property
    def exitcode(self) -> int | None:
        """How it ended; ``None`` if it has not, or nobody knows."""

    def is_alive(self) -> bool:
        """Whether it has not ended."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""

    def kill(self) -> None:
        """End it."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(eq=False)
class Worker:
    """A process, this end of its pipe, and the job that it has or gets when it is ready.

    `deaths` says how many died of its job. One that `waits` may do nothing before it is given;
    whether it was `prepared` its crew knows.
    """

    process: Process
    connection: Connection[Any, Any]
    job: Job | None = None
    deaths: int = 0
    at_work: bool = False
    waits: bool = False
    prepared: bool = False

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

    def end(self, grace: float = 0.0) -> int | None:
        """End it, at once or when it had time to do so itself; how it ended, if that is known."""
        self.connection.close()
        if grace > 0:
            self.process.join(grace)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        with contextlib.suppress(ValueError):  # where nobody can know that it has ended
            self.process.close()
        return code


def start(among: list[Worker], modules: Sequence[str] = ()) -> Worker:
    """Start a worker, which is put among the others before anything can interrupt that.

    It says "up", reads the `modules`, sets up what it is sent, and says "ready".
    """
    here, there = get_context("spawn").Pipe()
    target = partial(serve, there, modules)
    process = get_context("spawn").Process(target=target, daemon=True)
    with inherited():
        process.start()
        worker = Worker(process, here)
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

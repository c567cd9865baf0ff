"""Workers that are copies of a process which has read the modules that they share.

Modules are read by a copy of this process, which has read few of them itself, while this one goes
on. The copy is then copied as often as there are workers, and ends; its children become those of
this process, which has asked the system for that.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, NoReturn

from mcda.bulk.serving import Turns, keep_memory, read, serve
from mcda.bulk.workers import Worker, end, inherited

__all__ = ["copied", "copies"]

#: Options of prctl (prctl.h): whether orphans below this process become its children.
_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37


def copies() -> bool:
    """Whether copies of this process can work: it has no thread but this one."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


@contextlib.contextmanager
def copied(
    among: list[Worker], count: int, at_once: int, shared: Sequence[str], own: Sequence[str]
) -> Iterator[None]:
    """Start workers that are copies; those that are still among the others end with the context.

    Parameters
    ----------
    among
        Where they are put.
    count, at_once
        How many, and how many of them read their own modules at the same time while they have
        nothing to do.
    shared, own
        Modules that are read once, and those that each reads for itself.

    Raises
    ------
    OSError
        If the system does not allow it; then there is no worker.
    """
    with _adopting():
        source = _Source(count, at_once, shared, own)
        among += source.workers
        try:
            yield
        finally:
            source.end()
            end(among)
            among.clear()


@contextlib.contextmanager
def _adopting() -> Iterator[None]:
    """Be the one whose children orphans below become."""
    control = ctypes.CDLL(None, use_errno=True).prctl
    before = ctypes.c_int()
    if control(_PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0) or control(
        _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0
    ):
        raise OSError(ctypes.get_errno(), "orphans cannot be adopted")
    try:
        yield
    finally:
        control(_PR_SET_CHILD_SUBREAPER, before.value, 0, 0, 0)


class _Source:
    """The copy of this process that workers are copies of, and these workers."""

    def __init__(self, count: int, at_once: int, shared: Sequence[str], own: Sequence[str]) -> None:
        context = get_context("fork")
        with contextlib.ExitStack() as stack, contextlib.ExitStack() as failed:

            def pipe() -> tuple[int, int]:
                ends = os.pipe()
                failed.callback(os.close, ends[0])
                stack.callback(os.close, ends[1])  # copies have it
                return ends

            self._told, tell = pipe()
            self._pids: dict[int, int] | None = None
            turns = os.pipe()
            for each in turns:
                stack.callback(os.close, each)
                os.set_blocking(each, False)
            mine, theirs = [self._told], []
            self.workers = []
            for number in range(count):
                life, lived = pipe()
                here, there = context.Pipe()
                stack.callback(there.close)
                waits = number >= at_once
                self.workers.append(Worker(_Adopted(self, number, life), here, waits=waits))
                mine += [life, here.fileno()]
                theirs.append(_Worker(number, there, lived, own, (*turns, waits)))
            target = partial(_bear, mine, tell, shared, theirs)
            self.process: BaseProcess = context.Process(target=target, daemon=True)
            with inherited(tracked=False):
                self.process.start()
            failed.pop_all()

    def pid(self, number: int) -> int | None:
        """The process that a worker is, as soon as it is one; ``None`` if it never will be."""
        if self._pids is None:
            with open(self._told, "rb") as stream:  # noqa: PTH123
                lines = stream.read().splitlines()
            self.process.join()  # only then the others are this process's children
            told = [line.split() for line in lines]
            self._pids = {int(number): int(pid) for number, pid in told}
        return self._pids.get(number)

    def end(self) -> None:
        """Let no more workers be born."""
        self.process.kill()
        self.process.join()
        self.pid(0)  # lets go of the pipe


class _Adopted:
    """A worker that a copy has started, seen from here (`workers.Process`)."""

    def __init__(self, source: _Source, number: int, life: int) -> None:
        self._source, self._number, self._life = source, number, life
        self._closed = False
        self._code: int | None = None

    @property
    def sentinel(self) -> int:
        """What can be read from when the process has ended."""
        if self._closed:
            raise ValueError("the process is closed")
        return self._life

    @property
    def pid(self) -> int | None:
        """Its number; ``None`` if it was never born."""
        return self._source.pid(self._number)

    def is_alive(self) -> bool:
        """Whether it has not ended; one that is not born yet is alive."""
        return not wait([self.sentinel], 0)

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        wait([self.sentinel], timeout)

    def kill(self) -> None:
        """End it."""
        if self.is_alive() and (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def exitcode(self) -> int | None:
        """How it ended; ``None`` if it has not, or nobody knows."""
        if self._code is None and not self.is_alive() and (pid := self.pid) is not None:
            with contextlib.suppress(ChildProcessError):
                self._code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return self._code

    def close(self) -> None:
        """Let go of it."""
        os.close(self.sentinel)
        self._closed = True


class _Worker(NamedTuple):
    """What a worker is to be: its pipes, and the modules that it reads for itself."""

    number: int
    connection: Connection[Any, Any]
    life: int
    own: Sequence[str]
    turns: Turns


def _bear(
    mine: Sequence[int], tell: int, shared: Sequence[str], workers: Sequence[_Worker]
) -> None:
    """The life of the copy: read modules, become workers, and end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in mine:  # of the process that this one is a copy of
        os.close(each)
    keep_memory()
    read(shared)
    gc.freeze()  # what a collection marks would have to be held by each process
    with contextlib.suppress(OSError):  # there are fewer then
        for worker in workers:
            if not os.fork():
                _live(worker, tell, workers)
    os._exit(0)


def _live(worker: _Worker, tell: int, workers: Sequence[_Worker]) -> NoReturn:
    """The life of a worker, with nothing open that is another one's."""
    try:
        os.write(tell, b"%d %d\n" % (worker.number, os.getpid()))
        os.close(tell)
        for other in workers:
            if other is not worker:
                other.connection.close()
                os.close(other.life)
        serve(worker.connection, worker.own, worker.turns)
    finally:
        os._exit(1)

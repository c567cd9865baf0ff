"""The life of a worker process: read modules, set up, then job after job."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any, cast

from mcda.bulk.ledger import Work, attempt, told
from mcda.errors import McdaError

__all__ = ["Setup", "Turns", "keep_memory", "read", "serve"]

#: The work function, and what is called with which arguments before the first job.
Setup = tuple[Work, Callable[..., None] | None, tuple[Any, ...]]
#: A pipe by which a worker that is ready lets one begin that waits; whether this one waits.
Turns = tuple[int, int, bool]

#: glibc's options (malloc.h), the bytes that are kept, and the least that is not taken from them,
#: which is the most that it accepts.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT, _ON_HEAP = 2**28, 2**25


def serve(
    connection: Connection[Any, Any], modules: Sequence[str], turns: Turns | None = None
) -> None:
    """Read modules, set up what the connection says, do its jobs, and end this process.

    Parameters
    ----------
    connection
        Says "up" at once. It gets calls without arguments of which nothing is said, then a `Setup`;
        it says "ready", or "unfit" and why. Then it gets arguments of the work function, and says
        how each job ended, or other calls without arguments, and says what they returned.
    modules
        Names.
    turns
        Without them nobody waits. One that waits begins when another one has read its modules, or
        when it is sent something.
    """
    threading.Thread(target=_watch, daemon=True).start()
    keep_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only the process that started this one closes the pipe.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send(("up", ""))
        if turns is not None and turns[2]:
            _wait(connection, turns[0])
        read(modules)
        if turns is not None:
            with contextlib.suppress(OSError):
                os.write(turns[1], b"\n")
        while (work := _set_up(connection.recv_bytes())) is None:
            pass
        if isinstance(work, Exception):
            connection.send(("unfit", work))
        else:
            connection.send(("ready", ""))
            while True:
                connection.send(_answer(work, connection.recv_bytes()))
    # Nothing is left that could be lost, and taking all that was read apart again takes time.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


def keep_memory() -> None:
    """Let glibc keep what is freed: every job needs as much again, and pages are dear to get."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another library has no such options
            options = ctypes.CDLL(None).mallopt
            options(_M_TRIM_THRESHOLD, _KEPT)
            options(_M_MMAP_THRESHOLD, _ON_HEAP)


def read(modules: Sequence[str]) -> None:
    """Read modules, and call the function `prepare` of those that have one."""
    collects = gc.isenabled()
    gc.disable()  # next to nothing that modules make is garbage
    for name in modules:
        with contextlib.suppress(Exception):  # said when they are needed
            getattr(import_module(name), "prepare", _nothing)()
    if collects:
        gc.enable()


def _nothing() -> None:
    """What a module does beforehand that has no function `prepare`."""


def _wait(connection: Connection[Any, Any], turn: int) -> None:
    """Wait for a turn, or for a message."""
    while connection not in wait([connection, turn]):
        with contextlib.suppress(BlockingIOError):  # another one was faster
            os.read(turn, 1)
            return


def _answer(work: Work, message: bytes) -> tuple[str, Any]:
    """How a job ended and what there is to say, or what a call returned, or refused."""
    found: list[Any] = []

    def act() -> None:
        asked = ForkingPickler.loads(message)
        if not isinstance(asked, partial):
            work(*asked)
            return
        try:
            found.append(asked())
        except McdaError as error:
            found.append(error)

    verdict, said = attempt(act)
    return (verdict, found[0]) if found else (verdict, said)


def _set_up(message: bytes) -> Work | Exception | None:
    """The work function, or why it cannot be done; ``None`` after a mere call."""
    try:
        found = ForkingPickler.loads(message)
        if isinstance(found, partial):
            with contextlib.suppress(Exception):
                found()
            return None
        work, initializer, initargs = found
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

"""Hashes of what files hold: begun with before they are needed, and worked out once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from mcda.bulk.copied import copies
from mcda.bulk.endings import TABLES, ending

__all__ = ["ahead", "hash_of", "hashing"]

#: Files of at least so many bytes are hashed ahead, and of those the first.
_LARGE = 2**22
#: Bytes that are read at a time.
_READ = 2**20
#: Files that are hashed at the same time.
_HASHED = threading.Semaphore(2)
#: A file's state -> who hashes it ahead, and where that one writes the hash.
_AHEAD: dict[tuple[str, int, int], tuple[int, int]] = {}


def hash_of(path: str) -> bytes:
    """A hash of what a file holds."""
    try:
        return hashing(path).result()
    except Exception:
        _hash_at.cache_clear()  # it may be readable another time
        raise


def hashing(path: str) -> Future[bytes]:
    """The hash of what a file holds, which a thread begins to work out if none has."""
    status = Path(path).stat()
    return _hash_at(path, status.st_mtime_ns, status.st_size)


def ahead(sources: Sequence[str]) -> None:
    """Let a copy of this process hash the first large table while this one reads its modules.

    Where this process cannot be copied, nothing is done.
    """
    if not copies():
        return
    for source in sources:
        path = str(Path(source))
        with contextlib.suppress(OSError, ValueError):
            status = os.stat(path)  # noqa: PTH116
            if ending(path) in TABLES and status.st_size >= _LARGE:
                _AHEAD[path, status.st_mtime_ns, status.st_size] = _hasher(path)
                return


def _hasher(path: str) -> tuple[int, int]:
    """A copy of this process that hashes a file, and the pipe that it writes the hash to."""
    parent, (there, here) = os.getpid(), os.pipe()
    # an interrupt must not let the copy go on as if it were this process
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
        if not child:
            _hash_and_end(path, here, parent)
    except BaseException:
        os.close(there)
        raise
    finally:
        os.close(here)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return child, there


def _hash_and_end(path: str, pipe: int, parent: int) -> NoReturn:
    """The life of a copy; it also ends when the process that it is a copy of has ended."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        found = hashlib.sha256()
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
            while data := stream.read(_READ):
                found.update(data)
                if os.getppid() != parent:
                    os._exit(1)
        os.write(pipe, found.digest())
    finally:
        os._exit(0)


@lru_cache(maxsize=2**12)  # a table each: all are begun with before the first is asked for
def _hash_at(path: str, changed: int, size: int) -> Future[bytes]:
    found: Future[bytes] = Future()

    def read_all() -> None:
        try:
            digest = _told(path, changed, size)
            if not digest:
                # processors have instructions for this one: of those that are safe the fastest
                with _HASHED, Path(path).open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").digest()
            found.set_result(digest)
        except BaseException as error:  # noqa: BLE001  who waits for the hash must hear of it
            found.set_exception(error)

    # no run waits at its end for a hash that nobody wants any more
    threading.Thread(target=read_all, daemon=True).start()
    return found


def _told(path: str, changed: int, size: int) -> bytes:
    """What a copy of this process found out; empty if there is none, or it could not."""
    child, pipe = _AHEAD.pop((path, changed, size), (0, 0))
    if not child:
        return b""
    with open(pipe, "rb") as stream:  # noqa: PTH123
        told = stream.read()
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)
    return told if len(told) == hashlib.sha256().digest_size else b""

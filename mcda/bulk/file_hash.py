"""Hashes of what files hold: begun with before they are needed, and worked out once."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path

__all__ = ["hash_of", "hashing"]

#: Files that are hashed at the same time.
_HASHED = threading.Semaphore(2)


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
    return _hash_at(path, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=2**12)  # a table each: all are begun with before the first is asked for
def _hash_at(path: str, _: tuple[int, int]) -> Future[bytes]:
    found: Future[bytes] = Future()

    def read_all() -> None:
        try:
            # processors have instructions for this one: of those that are safe the fastest
            with _HASHED, Path(path).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
            found.set_result(digest)
        except BaseException as error:  # noqa: BLE001  who waits for the hash must hear of it
            found.set_exception(error)

    # no run waits at its end for a hash that nobody wants any more
    threading.Thread(target=read_all, daemon=True).start()
    return found

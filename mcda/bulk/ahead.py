"""What is worked out ahead: by a copy of this process, while this one reads its modules.

One processor has nothing to do until then. The copy does what needs few modules: it looks where
the first large table can be cut into jobs and hashes it, or looks at the documents of the first
large folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import signal
import stat
import threading
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

from mcda.bulk.endings import PARQUET, TABLES, ending
from mcda.bulk.workers import copies
from mcda.files.folders import DOCUMENTS, paths_below

__all__ = [
    "ROWS",
    "Seen",
    "ahead",
    "cuts",
    "cuts_told",
    "hash_told",
    "is_portfolio",
    "names_in",
    "portfolio_told",
    "seen_in",
    "seen_told",
]

#: Rows of a job; the same for every run, as results must not depend on it.
ROWS = 100_000
#: Files of at least so many bytes are hashed, and folders with so many entries looked at.
_LARGE, _MANY = 2**22, 1000
#: Bytes that are read at a time, and documents that are told of at a time.
_READ, _TOGETHER = 2**20, 64
#: Documents of a folder, and bytes of one; the rest is left to whoever needs it.
_MOST, _LARGEST = 2**16, 2**20
#: What is no column of cuts.
_HASH = "\0hash"
#: Bytes at the beginning of a document in which its format stands.
_HEAD = 4096
_PORTFOLIO = re.compile(rb"""["']?format["']?\s*[:=]\s*["']?mcda/portfolio/""")
#: What references to criteria models and facts packs begin with, and how they go on.
_REFERRING = (b"criteria", b"facts")
_REFERENCE = re.compile(rb"""["']?\s*[:=]\s*["']?([^\s"',{}\[\]]+)""")


#: When a document was changed, its size, and what it is known by.
_Told = tuple[int, int, bytes, frozenset[bytes], bool]


class Seen(NamedTuple):
    """What a document is known by without being understood.

    Attributes
    ----------
    digest : bytes
        Hash of its bytes.
    names : frozenset of bytes
        Of criteria models and facts packs that it may refer to.
    portfolio : bool
        Whether it says that it is one.
    """

    digest: bytes
    names: frozenset[bytes]
    portfolio: bool


def seen_in(data: bytes) -> Seen:
    """What a document with these bytes is known by."""
    digest = hashlib.blake2b(data, digest_size=16).digest()
    return Seen(digest, names_in(data), is_portfolio(data))


def names_in(data: bytes) -> frozenset[bytes]:
    """Names of criteria models and facts packs that bytes of documents may refer to."""
    names = set()
    for word in _REFERRING:
        at = data.find(word)
        while at >= 0:
            at += len(word)
            if found := _REFERENCE.match(data, at):
                names.add(found[1])
            at = data.find(word, at)
    return frozenset(names)


def is_portfolio(data: bytes) -> bool:
    """Whether a document that begins so is a portfolio: its scenarios are evaluated together."""
    head = data[:_HEAD]
    return b"mcda/portfolio/" in head and _PORTFOLIO.search(head) is not None


def cuts(begins: Any, height: int, most: int = ROWS) -> list[int]:
    """Where jobs of a table begin, and its height.

    Parameters
    ----------
    begins
        Where scenarios begin, the first at 0: a sorted list, array or series.
    height
        How many rows there are.
    most
        Rows of a job, to which those of its last scenario come.
    """
    found = [0]
    while found[-1] < height:
        at = bisect_left(begins, found[-1] + most)
        found.append(int(begins[at]) if at < len(begins) else height)
    return found


def ahead(sources: Sequence[str], ids: str) -> None:
    """Let a copy of this process look at the first large table or folder.

    Where this process cannot be copied, nothing is done.

    Parameters
    ----------
    sources
        Files, folders and globs.
    ids
        The column of scenarios in tables.
    """
    if not copies():
        return
    for source in sources:
        path = str(Path(source))
        with contextlib.suppress(OSError, ValueError):
            status = os.stat(path)  # noqa: PTH116
            if stat.S_ISDIR(status.st_mode):
                if path != os.curdir and _has_many(path):
                    _FOLDERS.append(_Folder(path, *_copy(_look_at, path)))
                    return
            elif ending(path) in TABLES and status.st_size >= _LARGE:
                _TABLES[path, status.st_mtime_ns, status.st_size] = _Table(
                    *_copy(partial(_look_into, ids), path)
                )
                return


def hash_told(path: str, changed: int, size: int) -> bytes:
    """The hash of a table in this state; empty if nobody worked it out."""
    table = _TABLES.pop((path, changed, size), None)
    return table.hash() if table is not None else b""


def cuts_told(path: str, ids: str) -> list[int] | None:
    """The `cuts` of a table in its present state by the ids in a column.

    ``None`` if nobody worked them out, or rows of a scenario do not lie together. To be asked
    before the hash.
    """
    with contextlib.suppress(OSError):
        status = os.stat(path)  # noqa: PTH116
        table = _TABLES.get((path, status.st_mtime_ns, status.st_size))
        if table is not None:
            return table.cuts(ids)
    return None


def portfolio_told(path: str) -> bool | None:
    """Whether a document was a portfolio a moment ago; ``None`` if nobody looked at it."""
    for folder in _FOLDERS:
        if (told := folder.told(path)) is not None:
            return told[-1]
    return None


def seen_told(path: str) -> Seen | None:
    """What is known of a document in its present state; it is told once."""
    for folder in _FOLDERS:
        if (told := folder.told(path, last=True)) is None:
            continue
        changed, size, digest, names, portfolio = told
        with contextlib.suppress(OSError):
            status = os.stat(path)  # noqa: PTH116
            if (status.st_mtime_ns, status.st_size) == (changed, size):
                return Seen(digest, names, portfolio)
    return None


@dataclass(eq=False)
class _Table:
    """What a copy of this process finds in a table, so far as it has told."""

    child: int
    stream: BinaryIO
    known: dict[str, Any] = field(default_factory=dict)

    def cuts(self, ids: str) -> list[int] | None:
        """The cuts by the ids in a column; this waits for them."""
        if not self.known:
            _more(self)
        found: list[int] | None = self.known.get(ids)
        return found

    def hash(self) -> bytes:
        """The hash, for which this waits; empty if the copy ended before."""
        while _more(self):
            pass
        found: bytes = self.known.get(_HASH, b"")
        return found


@dataclass(eq=False)
class _Folder:
    """What a copy of this process finds in a folder, so far as it has told."""

    path: str
    child: int
    stream: BinaryIO
    known: dict[str, _Told | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, path: str, *, last: bool = False) -> _Told | None:
        """What is told of a document, for which this waits."""
        if not path.startswith(self.path + os.sep):
            return None
        with self.lock:
            while path not in self.known and _more(self):
                pass
            return self.known.pop(path, None) if last else self.known.get(path)


def _more(source: _Table | _Folder) -> bool:
    """Hear what a copy tells next; whether it told something."""
    if source.stream.closed:
        return False
    try:
        source.known.update(pickle.load(source.stream))  # noqa: S301  it is from this process
    except (EOFError, OSError, pickle.UnpicklingError):
        source.stream.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(source.child, 0)
        return False
    return True


#: A table's state -> what is found in it.
_TABLES: dict[tuple[str, int, int], _Table] = {}
#: The folder that is looked at, if there is one.
_FOLDERS: list[_Folder] = []


def _has_many(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return sum(1 for _ in islice(entries, _MANY)) == _MANY


def _copy(work: Callable[[str, int, int], None], path: str) -> tuple[int, BinaryIO]:
    """A copy of this process that does this, and what it tells."""
    parent, (there, here) = os.getpid(), os.pipe()
    # an interrupt must not let the copy go on as if it were this process
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
        if not child:
            os.close(there)  # who reads it is gone when that process is
            _live(work, path, here, parent)
    except BaseException:
        os.close(there)
        raise
    finally:
        os.close(here)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return child, os.fdopen(there, "rb")


def _live(work: Callable[[str, int, int], None], path: str, pipe: int, parent: int) -> NoReturn:
    """The life of a copy."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        work(path, pipe, parent)
    finally:
        os._exit(0)


def _look_into(ids: str, path: str, pipe: int, parent: int) -> None:
    """Look into a table, unless the process that wants to know has ended."""
    with open(pipe, "wb", buffering=0) as told:
        # by a hash that nobody has to wait for
        pickle.dump({ids: _cuts_of(path, ids)}, told)
        found = hashlib.sha256()
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
            while data := stream.read(_READ):
                found.update(data)
                if os.getppid() != parent:
                    return
        pickle.dump({_HASH: found.digest()}, told)


def _cuts_of(path: str, column: str) -> list[int] | None:
    if ending(path) not in PARQUET:
        return None
    try:
        import polars as pl

        ids = pl.scan_parquet(path, glob=False).select(column).collect().to_series()
        plain = ids.dtype.is_integer() or ids.dtype == pl.String
        if not plain or ids.null_count() or not len(ids):
            return None
        runs = ids.rle().struct
        heads, lengths = runs.field("value"), runs.field("len").cast(pl.Int64)
        if not heads.is_sorted() and heads.n_unique() < len(heads):
            return None
        return cuts(lengths.cum_sum() - lengths, len(ids))
    except Exception:  # noqa: BLE001  whoever needs the table says what is wrong with it
        return None


def _look_at(folder: str, pipe: int, parent: int) -> None:
    """Look at the documents of a folder, unless the process that wants to know has ended."""
    os.set_blocking(pipe, False)  # it is not read yet
    pending = bytearray()
    paths = islice(paths_below(folder, DOCUMENTS), _MOST)
    while together := {path: _state(path) for path in islice(paths, _TOGETHER)}:
        pending += pickle.dumps(together, pickle.HIGHEST_PROTOCOL)
        with contextlib.suppress(BlockingIOError):
            del pending[: os.write(pipe, pending)]
        if os.getppid() != parent:
            return
    os.set_blocking(pipe, True)
    while pending:
        del pending[: os.write(pipe, pending)]


def _state(path: str) -> _Told | None:
    with contextlib.suppress(OSError):
        status = os.stat(path)  # noqa: PTH116
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:  # others may never end
            with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
                data = stream.read()
            if len(data) == status.st_size:
                return status.st_mtime_ns, status.st_size, *seen_in(data)
    return None

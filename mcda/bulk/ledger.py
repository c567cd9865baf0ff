"""Which jobs of a run are done: a folder of part files that one run at a time writes.

A part gets its final name only when it is complete, so the parts of a folder are the record of what
is done, whichever process is killed. After a power cut a file may have its name but not all of its
bytes: a part's name ends with their checksum, so that one which is torn is done again. To wait for
the disk at every part would cost a short run a twelfth of its time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcda.errors import InputError, McdaError, short

__all__ = [
    "Call",
    "Finish",
    "Job",
    "Ledger",
    "Part",
    "Work",
    "attempt",
    "here",
    "holds_parts",
    "opened",
    "taken",
    "told",
]

#: Does a job: takes what it is about, and the file that becomes its part.
Work = Callable[[Any, Path], None]
#: Calls a function, maybe in a process that has read what it needs; both can be imported by name.
Call = Callable[..., Any]
#: Makes something of all parts, while no other run can write to their folder; gets a folder for
#: what is not complete as well, and how to call what needs much.
Finish = Callable[["list[Part]", Path, Call], None]

_KEY = re.compile(r"[0-9a-f]{1,128}")
#: Number and key, and the checksum, without which a part is none that can be reused.
_PART = re.compile(r"(\d{9,}-[0-9a-f]{1,128})(?:-([0-9a-f]{8}))?\.part")
_WORKING, _LOCK = ".working-", ".lock"
#: A folder that cannot hold this has no room for parts.
_PROBE = 2**16
#: Bytes that are read at a time.
_READ = 2**18


@dataclass(frozen=True, slots=True)
class Job:
    """What becomes one part.

    Attributes
    ----------
    number : int
        Position of the input; parts are in this order.
    key : str
        Hash of the input and the settings, in lower-case hexadecimal digits: a part of another key
        is not reused.
    spec
        What the work function gets; it can be pickled.
    """

    number: int
    key: str
    spec: Any


@dataclass(frozen=True, slots=True)
class Part:
    """What became of a job.

    Attributes
    ----------
    number : int
    path : Path or None
        The file; ``None`` if the job failed.
    error : str
        Why it failed; empty if it did not.
    reused : bool
        Whether an earlier run wrote the file.
    """

    number: int
    path: Path | None
    error: str = ""
    reused: bool = False


@contextlib.contextmanager
def opened(
    folder: Path,
    *,
    resume: bool,
    fail_fast: bool,
    progress: Callable[[Part], None] | None = None,
    mine: bool = False,
) -> Iterator[Ledger]:
    """The ledger of a folder that no other run writes to until this one is through.

    Parameters
    ----------
    folder
        Made if it is missing; files of other kinds in it stay as they are.
    resume
        Reuse the parts of an earlier run whose number and key are a job's, and, when all jobs are
        through, remove those that are no job's.
    fail_fast
        Stop at the first job that fails.
    progress
        Called with what became of each job, as they get through.
    mine
        Whether the caller has `taken` the folder.

    Raises
    ------
    InputError
        If the folder cannot be used: it cannot be written to, is full, holds parts of an earlier
        run and `resume` is not set, or another run is writing to it.
    """
    with (
        contextlib.nullcontext() if mine else taken(folder),
        _working(folder, resume=resume) as (old, scratch),
    ):
        yield Ledger(folder, scratch, old, fail_fast, progress)


def holds_parts(folder: Path) -> bool:
    """Whether there are parts in a folder."""
    try:
        return any(_PART.fullmatch(name) for name in os.listdir(folder))  # noqa: PTH208
    except OSError:
        return False


@contextlib.contextmanager
def taken(folder: Path) -> Iterator[None]:
    """Be the only run that uses a folder, which is made if it is missing.

    Raises
    ------
    InputError
        If it cannot be made or written to, or another run has it.
    """
    with _reported(folder):
        folder.mkdir(exist_ok=True)
    with _locked(folder):
        yield


def here(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in this process."""
    return function(*args)


class Ledger:
    """What is done: the only place where parts get their names."""

    def __init__(
        self,
        folder: Path,
        scratch: Path,
        old: dict[str, list[Path]],
        fail_fast: bool,
        progress: Callable[[Part], None] | None,
    ) -> None:
        self.folder, self.scratch, self.old = folder, scratch, old
        self.fail_fast, self.progress = fail_fast, progress
        self.parts: dict[int, Part] = {}
        self.seen: set[int] = set()
        self.stopped = self.exhausted = False

    def wanted(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs that are to be done; those that were are noted on the way."""
        for job in jobs:
            if job.number < 0 or not _KEY.fullmatch(job.key):
                what = f"job {job.number} cannot name a file with the key {short(job.key)}"
                raise InputError(what, "Numbers start at 0, keys are hexadecimal digits")
            if job.number in self.seen:
                raise InputError(f"two jobs have the number {job.number}", "Number each job once")
            self.seen.add(job.number)
            there = self.old.get(_name(job), [])
            path = next((each for each in there if _is_whole(each)), None)
            if path is None:
                yield job
                continue
            self._forget(job, path)
            self._note(Part(job.number, path, reused=True))
        self.exhausted = True

    def draft(self, job: Job) -> Path:
        """Where the work on a job writes."""
        return self.scratch / f"{_name(job)}.part"

    def settle(self, job: Job, verdict: str, text: str = "") -> None:
        """Note how the work on a job ended."""
        draft, final = self.draft(job), self.folder
        if verdict == "done":
            try:
                final /= f"{_name(job)}-{_checksum(draft)}.part"
                draft.replace(final)
                self._forget(job, final)
            except FileNotFoundError:
                verdict, text = "failed", "the work ended without writing its part"
            except OSError as error:
                verdict, text = "full" if _is_full(error) else "failed", told(error)
        if verdict == "done":
            self._note(Part(job.number, final))
            return
        with contextlib.suppress(OSError):
            draft.unlink()
        if verdict == "full":
            what = f"there is no space left in {str(self.folder)!r}; part {job.number}: {text}"
            raise InputError(what, "Free some and use --resume: the finished parts are kept")
        self.stopped = self.fail_fast
        self._note(Part(job.number, None, error=text))

    def close(self, finish: Finish | None = None, call: Call = here) -> list[Part]:
        """The parts by number, for `finish` first; files that are no job's go."""
        if self.exhausted:
            with _reported(self.folder):
                for path in (path for there in self.old.values() for path in there):
                    path.unlink(missing_ok=True)
        parts = [self.parts[number] for number in sorted(self.parts)]
        if finish is not None:
            finish(parts, self.scratch, call)
        return parts

    def _forget(self, job: Job, path: Path) -> None:
        """A torn part of an earlier run may have had this name."""
        there = self.old.get(_name(job), [])
        if path in there:
            there.remove(path)

    def _note(self, part: Part) -> None:
        self.parts[part.number] = part
        if self.progress is not None:
            self.progress(part)


def attempt(act: Callable[[], None]) -> tuple[str, str]:
    """How it ended, ``done``, ``failed`` or ``full``, and what there is to say about it."""
    try:
        act()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic in compiled code is no Exception)
        return "full" if _is_full(error) else "failed", told(error)
    return "done", ""


def told(error: BaseException) -> str:
    """What a message says of an error."""
    return str(error) if isinstance(error, McdaError) else f"{type(error).__name__}: {error}"


def _is_full(error: BaseException | None) -> bool:
    """Whether a disk without space is behind an error; not every library gives the number."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if f"(os error {errno.ENOSPC})" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _name(job: Job) -> str:
    return f"{job.number:09d}-{job.key}"


def _checksum(path: Path) -> str:
    found = 0
    with path.open("rb", buffering=0) as stream:
        while data := stream.read(_READ):
            found = zlib.crc32(data, found)
    return f"{found:08x}"


def _is_whole(part: Path) -> bool:
    """Whether a part holds what its name says."""
    found = _PART.fullmatch(part.name)
    try:
        return found is not None and found[2] == _checksum(part)
    except OSError:
        return False


@contextlib.contextmanager
def _reported(folder: Path) -> Iterator[None]:
    """Errors of the system as errors of this package."""
    try:
        yield
    except OSError as error:
        if _is_full(error):
            what, remedy = f"there is no space left in {str(folder)!r}", "Free some"
        else:
            what = f"the folder {str(folder)!r} cannot be used: {error.strerror or error}"
            remedy = "Name a folder that you may write to, inside one that exists"
        raise InputError(what, remedy) from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Be the only run in a folder; the system frees the lock of a process that died."""
    path = folder / _LOCK
    with _reported(folder):
        descriptor = _hold(path)
        while descriptor is None:
            descriptor = _hold(path)
    try:
        with _reported(folder):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _hold(path: Path) -> int | None:
    """Lock a file; ``None`` if that was a file which its holder just removed."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except FileNotFoundError:  # a run that ended just now has removed the folder
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _lock(descriptor):
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            who = f"process {holder}" if holder.isdecimal() else "another process"
            raise InputError(
                f"{who} is writing to the folder {str(path.parent)!r}",
                "Wait until it ends, or name another place",
            )
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, 2**20, os.SEEK_SET)  # behind the text, which others read
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def _working(folder: Path, *, resume: bool) -> Iterator[tuple[dict[str, list[Path]], Path]]:
    """An earlier run's parts by number and key, and a folder for what is not complete."""
    old: dict[str, list[Path]] = {}
    stale: list[str] = []
    with _reported(folder), os.scandir(folder) as entries:
        for entry in entries:
            if (found := _PART.fullmatch(entry.name)) and entry.is_file():
                old.setdefault(found[1], []).append(folder / entry.name)
            elif entry.name.startswith(_WORKING) and entry.is_dir(follow_symlinks=False):
                stale.append(entry.path)
    if old and not resume:
        raise InputError(
            f"the folder {str(folder)!r} holds {len(old)} parts of an earlier run",
            "Use --resume to go on with them, or remove the folder",
        )
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    with _reported(folder):
        scratch = Path(tempfile.mkdtemp(prefix=_WORKING, dir=folder))
    try:
        with _reported(folder):
            probe = scratch / "probe"
            with probe.open("wb") as stream:
                stream.write(bytes(_PROBE))
                stream.flush()
                os.fsync(stream.fileno())
            probe.unlink()
        yield old, scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

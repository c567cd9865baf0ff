"""Which jobs of a run are done: a folder with a Parquet file for each, which one run at a time has.

A part gets its name only when it is complete and on the disk, so the parts of a folder are the
record of what is done, whatever is killed and whenever the power fails.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mcda.errors import InputError

__all__ = ["PartStore", "opened", "reported"]

_PART = re.compile(r"(\d{9,})-([0-9a-f]{1,128})\.parquet")
_WORKING, _LOCK = ".working-", ".lock"


class PartStore:
    """The parts of a run.

    Attributes
    ----------
    folder : Path
    scratch : Path
        A folder on the same disk for what is not complete; it is empty when a run begins, and
        removed when it ends.
    old : dict
        (number, key) -> a part of an earlier run.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self.scratch = folder, scratch
        with os.scandir(folder) as entries:
            found = [(_PART.fullmatch(each.name), folder / each.name) for each in entries]
        self.old = {(int(name[1]), name[2]): path for name, path in found if name is not None}

    def done(self, number: int, key: str) -> Path | None:
        """The part of a job, if an earlier run has made it of the same input and settings."""
        return self.old.pop((number, key), None)

    def write(self, number: int, key: str, data: bytes) -> Path:
        """Keep the part of a job.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        draft = self.scratch / "part"
        with reported(self.folder, "Mend that and use --resume: the finished parts are kept"):
            with draft.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            return draft.replace(self.folder / f"{number:09d}-{key}.parquet")

    def forget_old(self) -> None:
        """Remove the parts of earlier runs that were no job's."""
        for path in self.old.values():
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def opened(folder: Path, *, resume: bool) -> Iterator[PartStore]:
    """The parts in a folder that no other run can use meanwhile.

    Parameters
    ----------
    folder
        Made if it is missing, and removed at the end if nothing is in it.
    resume
        Whether parts of an earlier run may be there.

    Raises
    ------
    InputError
        If the folder cannot be written to, another run has it, or it holds parts of an earlier run
        and `resume` is not set.
    """
    scratch = None
    try:
        with _locked(folder):
            with reported(folder, "Name an output in a folder that you may write to"):
                for stale in folder.glob(f"{_WORKING}*"):
                    shutil.rmtree(stale, ignore_errors=True)
                scratch = Path(tempfile.mkdtemp(prefix=_WORKING, dir=folder))
                store = PartStore(folder, scratch)
            if store.old and not resume:
                what = f"the folder {str(folder)!r} holds {len(store.old)} parts of an earlier run"
                raise InputError(what, "Use --resume to go on with them, or remove the folder")
            try:
                yield store
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    finally:
        with contextlib.suppress(OSError):  # parts are left, or another run has begun
            folder.rmdir()


@contextlib.contextmanager
def reported(place: Path, remedy: str) -> Iterator[None]:
    """Errors of the system as errors of this package."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        what = "there is no space left" if full else error.strerror or str(error)
        raise InputError(f"{str(place)!r} cannot be written: {what}", remedy) from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Be the only run in a folder; the system frees the lock of a process that died."""
    path = folder / _LOCK
    while (descriptor := _hold(path)) is None:
        pass
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _hold(path: Path) -> int | None:
    """Lock a file; ``None`` if its holder has just removed it, or the folder."""
    with reported(path.parent, "Name an output in a folder that you may write to"):
        with contextlib.suppress(FileExistsError):  # another run may remove it at any time
            path.parent.mkdir()
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # a run that ended just now has removed the folder
            return None
    try:
        if not _lock(descriptor):
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            who = f"process {holder}" if holder.isdecimal() else "another process"
            what = f"{who} is writing to the folder {str(path.parent)!r}"
            raise InputError(what, "Wait until it ends, or name another place")
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

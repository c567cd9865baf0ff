"""Jobs become part files: worker processes, and going on where an earlier run stopped.

A part gets its final name only when it is complete and on the disk, so the parts of a folder are
the record of what is done, whichever process is killed and when the power fails.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any, cast

from mcda.errors import InputError, McdaError, short

__all__ = ["Job", "Part", "run"]

Work = Callable[[Any, Path], None]
Finish = Callable[["list[Part]"], None]

_KEY = re.compile(r"[0-9a-f]{1,128}")
_PART = re.compile(r"\d{9,}-[0-9a-f]{1,128}\.part")
_WORKING, _LOCK = ".working-", ".lock"
#: Workers that end one after the other before any takes a job: then none ever will.
_STARTS = 3
#: Seconds that a worker without a job has to end.
_GRACE = 5.0
#: A folder that cannot hold this has no room for parts.
_PROBE = 2**16
#: One thread each: workers share the processors among themselves.
_ALONE = dict.fromkeys(
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


def run(
    jobs: Iterable[Job],
    work: Work,
    folder: Path,
    *,
    workers: int = 1,
    resume: bool = False,
    fail_fast: bool = False,
    started: Callable[[], None] | None = None,
    progress: Callable[[Part], None] | None = None,
    sound: Callable[[Path], bool] | None = None,
    finish: Finish | None = None,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
) -> list[Part]:
    """Do each job once, and keep what it wrote in `folder`.

    A job whose work raises has failed. A job whose worker dies is given to a fresh worker; it has
    failed when that one dies too. The other jobs are done all the same. An interrupt ends the
    workers and is raised again; finished parts stay.

    Parameters
    ----------
    jobs
        In any order. Not more are taken than workers can begin.
    work
        Writes a job's part to the path it is given: ``work(spec, path)``. With several workers, a
        function that can be imported by name.
    folder
        Made if it is missing; files of other kinds in it stay as they are.
    workers
        Processes that work at the same time, each with one thread for calculations; 1 works in
        this process.
    resume
        Reuse the parts of an earlier run whose number and key are a job's, and, when all jobs are
        through, remove those that are no job's.
    fail_fast
        Stop at the first job that fails; jobs that others are working on are dropped.
    started
        Called when the folder is known to be usable, before any work.
    progress
        Called with what became of each job, as they get through.
    sound
        Whether the part of an earlier run is whole; those that are not are done again.
    finish
        Called with the parts when all jobs are through, while nobody else can use the folder.
    initializer, initargs
        Called before the first job, in each process that works.

    Returns
    -------
    list of Part
        By number; jobs that were not reached have none.

    Raises
    ------
    InputError
        If the folder cannot be used: it cannot be written to, is full, holds parts of an earlier
        run and `resume` is not set, or another run is writing to it. Also for jobs that
        have the same number, and if worker processes cannot be started.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError(f"{short(workers)} workers cannot work", "Give a whole number from 1")
    folder = Path(folder)
    with _reported(folder):
        folder.mkdir(exist_ok=True)
    with _locked(folder), _working(folder, resume=resume) as (old, scratch):
        ledger = _Ledger(folder, scratch, old, fail_fast, progress, sound)
        if started is not None:
            started()
        wanted = ledger.wanted(jobs)
        if workers == 1:
            _alone(ledger, wanted, work, initializer, initargs)
        else:
            _Pool(ledger, wanted, (work, initializer, initargs)).run(workers)
        parts = ledger.close()
        if finish is not None:
            finish(parts)
        return parts


class _Ledger:
    """What is done: the only place where parts get their names."""

    def __init__(
        self,
        folder: Path,
        scratch: Path,
        old: set[str],
        fail_fast: bool,
        progress: Callable[[Part], None] | None,
        sound: Callable[[Path], bool] | None,
    ) -> None:
        self.folder, self.scratch, self.old = folder, scratch, old
        self.fail_fast, self.progress, self.sound = fail_fast, progress, sound
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
            name = _name(job)
            path = self.folder / name
            if name not in self.old or not (self.sound is None or self.sound(path)):
                self.old.discard(name)
                yield job
                continue
            self.old.discard(name)
            self._note(Part(job.number, path, reused=True))
        self.exhausted = True

    def draft(self, job: Job) -> Path:
        """Where the work on a job writes."""
        return self.scratch / _name(job)

    def settle(self, job: Job, verdict: str, text: str = "") -> None:
        """Note how the work on a job ended."""
        draft, final = self.draft(job), self.folder / _name(job)
        if verdict == "done":
            try:
                draft.replace(final)
            except FileNotFoundError:
                verdict, text = "failed", "the work ended without writing its part"
            except OSError as error:
                verdict, text = "full" if _is_full(error) else "failed", _told(error)
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

    def close(self) -> list[Part]:
        """The parts by number; files that are no job's go."""
        if self.exhausted:
            with _reported(self.folder):
                for name in self.old:
                    (self.folder / name).unlink(missing_ok=True)
        return [self.parts[number] for number in sorted(self.parts)]

    def _note(self, part: Part) -> None:
        self.parts[part.number] = part
        if self.progress is not None:
            self.progress(part)


def _alone(
    ledger: _Ledger,
    wanted: Iterator[Job],
    work: Work,
    initializer: Callable[..., None] | None,
    initargs: tuple[Any, ...],
) -> None:
    """Work in this process."""
    ready = initializer is None
    for job in wanted:
        if initializer is not None and not ready:
            initializer(*initargs)
            ready = True
        ledger.settle(job, *_attempt(partial(_written, work, job.spec, ledger.draft(job))))
        if ledger.stopped:
            break


@dataclass(eq=False)
class _Worker:
    """A process, this end of its pipe, and the job that it has or gets when it is ready."""

    process: SpawnProcess
    connection: Connection[Any, Any]
    job: Job
    deaths: int
    at_work: bool = False

    def send(self, message: Any) -> None:
        # A worker that is gone is noticed where workers are heard.
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


class _Pool:
    """Workers of which each has one job, so that it is known whose job a dead worker had."""

    def __init__(self, ledger: _Ledger, wanted: Iterator[Job], setup: tuple[Any, ...]) -> None:
        self.ledger, self.wanted, self.setup = ledger, wanted, setup
        self.working: list[_Worker] = []
        self.leaving: list[_Worker] = []
        self.failed_starts = 0

    def run(self, workers: int) -> None:
        try:
            while not self.ledger.stopped:
                while len(self.working) < workers:
                    job = next(self.wanted, None)
                    if job is None:
                        break
                    self.start(job)
                if not self.working:
                    break
                for worker in self.awake():
                    self.attend(worker)
                    if self.ledger.stopped:
                        return
            until = time.monotonic() + _GRACE
            while self.leaving:
                self.leaving[-1].end(until - time.monotonic())
                self.leaving.pop()
        finally:
            for worker in self.working + self.leaving:
                with contextlib.suppress(ValueError):  # closed already
                    worker.process.kill()
            for worker in self.working + self.leaving:
                with contextlib.suppress(ValueError):
                    worker.end()

    def start(self, job: Job, deaths: int = 0) -> None:
        """Start a worker that gets `job` when it is ready."""
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there,), daemon=True)
        with _environment():
            process.start()
            self.working.append(_Worker(process, here, job, deaths))
        there.close()

    def awake(self) -> list[_Worker]:
        """The workers that have something to say, or have ended."""
        handles = [worker.connection for worker in self.working]
        ends = [worker.process.sentinel for worker in self.working]
        heard = set(wait([*handles, *ends], timeout=1.0))
        return [
            worker
            for worker, end in zip(self.working, ends, strict=True)
            if worker.connection in heard or end in heard
        ]

    def attend(self, worker: _Worker) -> None:
        """Hear a worker, and give it what it needs next."""
        message = worker.hear()
        if message is None:
            self.bury(worker)
            return
        verdict, text = message
        if verdict == "up":
            worker.send(self.setup)
            return
        if verdict == "unfit":
            raise text
        self.failed_starts = 0
        if verdict != "ready":
            self.ledger.settle(worker.job, verdict, text)
            job = None if self.ledger.stopped else next(self.wanted, None)
            if job is None:
                self.working.remove(worker)
                self.leaving.append(worker)
                worker.connection.close()
                return
            worker.job, worker.deaths = job, 0
        worker.at_work = True
        worker.send((worker.job.spec, self.ledger.draft(worker.job)))

    def bury(self, worker: _Worker) -> None:
        """A worker ended by itself: its job goes to a fresh one, but not twice."""
        self.working.remove(worker)
        how = _ending(worker.end(grace=1.0))
        if not worker.at_work:
            self.failed_starts += 1
            if self.failed_starts == _STARTS:
                raise InputError(
                    f"worker processes end before they can work (the last one {how})",
                    "A script that uses several must start below `if __name__ == '__main__':`; "
                    "or use 1 worker",
                )
            self.start(worker.job, worker.deaths)
        elif worker.deaths:
            text = f"its worker process died, and so did a second one that tried again ({how})"
            self.ledger.settle(worker.job, "failed", text)
        else:
            self.start(worker.job, worker.deaths + 1)


def _serve(connection: Connection[Any, Any]) -> None:
    """The life of a worker: set up, then job after job."""
    threading.Thread(target=_watch, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only the process that started this one closes the pipe.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send(("up", ""))
        work = _set_up(connection.recv_bytes())
        if isinstance(work, Exception):
            connection.send(("unfit", work))
            return
        connection.send(("ready", ""))
        while True:
            connection.send(_attempt(partial(_unpacked, work, connection.recv_bytes())))


def _unpacked(work: Work, message: bytes) -> None:
    _written(work, *ForkingPickler.loads(message))


def _written(work: Work, spec: Any, path: Path) -> None:
    """Do the work, and wait until its part is on the disk."""
    work(spec, path)
    with contextlib.suppress(FileNotFoundError), path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _set_up(message: bytes) -> Work | Exception:
    """The work function, or why it cannot be done."""
    try:
        work, initializer, initargs = ForkingPickler.loads(message)
        if initializer is not None:
            initializer(*initargs)
    except McdaError as error:
        return error
    except Exception as error:  # noqa: BLE001
        return RuntimeError(f"a worker process could not be set up: {_told(error)}")
    return cast(Work, work)


def _watch() -> None:
    """End this process when the one that started it is gone, whatever it is doing."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _attempt(act: Callable[[], None]) -> tuple[str, str]:
    """How it ended, ``done``, ``failed`` or ``full``, and what there is to say about it."""
    try:
        act()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic in compiled code is no Exception)
        return "full" if _is_full(error) else "failed", _told(error)
    return "done", ""


def _told(error: BaseException) -> str:
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


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = "; the system does so when memory runs out" if name == "SIGKILL" else ""
    return f"was ended by {name}{memory}"


def _name(job: Job) -> str:
    return f"{job.number:09d}-{job.key}.part"


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """What a process that is started here inherits: one thread, and no interrupts."""
    before = {name: os.environ.get(name) for name in _ALONE}
    if sys.platform != "win32":
        # First, since starting it would let interrupts through again.
        resource_tracker.ensure_running()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(_ALONE)
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
def _working(folder: Path, *, resume: bool) -> Iterator[tuple[set[str], Path]]:
    """The names of an earlier run's parts, and a folder for what is not complete."""
    old: set[str] = set()
    stale: list[str] = []
    with _reported(folder), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file():
                old.add(entry.name)
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

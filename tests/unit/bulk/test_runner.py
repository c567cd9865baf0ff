"""Jobs to part files: order, reuse, locks, and processes that die at the wrong moment."""

from __future__ import annotations

import binascii
import errno
import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcda.bulk import ledger
from mcda.bulk.ledger import Call, Job, Part
from mcda.bulk.runner import run
from mcda.errors import InputError

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")
_SET_UP: list[str] = []


def key_of(spec: Any) -> str:
    return hashlib.sha256(repr(spec).encode()).hexdigest()[:16]


def job(number: int, *spec: Any) -> Job:
    return Job(number, key_of(spec), spec)


def work(spec: tuple[Any, ...], path: Path) -> None:
    """What a test's job does: it writes, after what its words say."""
    path.write_bytes(b"half")
    match spec:
        case ("sleep", seconds):
            time.sleep(seconds)
        case ("raise", text):
            raise ValueError(text)
        case ("refuse", text):
            raise InputError(text, "Do")
        case ("full",):
            raise OSError(errno.ENOSPC, "No space left on device")
        case ("full as polars says it",):
            raise OSError("No space left on device (os error 28)")
        case ("nothing",):
            path.unlink()
            return
        case ("die once", mark, code) if not Path(mark).exists():
            Path(mark).write_text(str(os.getpid()))
            die(code)
        case ("die", mark, code):
            with Path(mark).open("a") as stream:
                stream.write("x")
            die(code)
        case ("tell",):
            words = [os.environ["POLARS_MAX_THREADS"], str(os.getpid()), *_SET_UP]
            path.write_text(" ".join(words))
            return
    path.write_bytes(repr(spec).encode())


def die(code: int) -> None:
    if code < 0:
        os.kill(os.getpid(), -code)
        time.sleep(60)
    os._exit(code)


class Panic(BaseException):
    pass


def panic(spec: Any, path: Path) -> None:
    raise Panic("compiled code gave up")


def set_up(*words: str) -> None:
    _SET_UP[:] = words


def refuse(what: str) -> None:
    raise InputError(what, "Do otherwise")


def stumble() -> None:
    raise KeyError("x")


def leave() -> None:
    os._exit(7)


def leave_at(starts: Path, wrong: set[int]) -> None:
    with starts.open("a") as stream:
        stream.write("x")
    if starts.stat().st_size in wrong:
        os._exit(7)


def told(mark: Path, how: str) -> int:
    """What is called at the end of a run: the process that it is in, or something else happens."""
    with mark.open("a") as stream:
        stream.write("x")
    first = mark.stat().st_size == 1
    if how == "dies" and first:
        os._exit(7)
    if how == "stumbles" and first:
        raise KeyError("x")
    if how == "refuses":
        raise InputError("no", "Do otherwise")
    return os.getpid()


def texts(parts: list[Part]) -> list[str]:
    return [part.path.read_text() if part.path else part.error for part in parts]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("how", ["tells", "dies", "stumbles", "refuses", "all parts are there"])
def test_what_is_called_at_the_end_is_called_in_a_worker_if_one_can(
    tmp_path: Path, workers: int, how: str
) -> None:
    mark, found = tmp_path / "mark", []

    def finish(parts: list[Part], scratch: Path, call: Call) -> None:
        assert len(parts) == 3
        assert scratch.is_dir()
        found.append(call(told, mark, how))

    folder = tmp_path / "parts"
    jobs = plain("a", "b", "c")
    if how == "all parts are there":
        run(jobs, work, folder)
    elif workers == 1 and how in ("dies", "stumbles"):
        mark.write_text("x")  # nobody else would do it
    options: dict[str, Any] = {"workers": workers, "finish": finish, "resume": True}
    if how == "refuses":
        with pytest.raises(InputError, match="no"):
            run(jobs, work, folder, **options)
    else:
        run(jobs, work, folder, **options)
        there = workers == 2 and how == "tells"
        assert (found[0] != os.getpid()) == there
    assert mark.stat().st_size == (2 if how in ("dies", "stumbles") else 1)
    assert multiprocessing.active_children() == []


def named(number: int, *spec: Any) -> str:
    """What a part is called, worked out from what is in it."""
    checksum = binascii.crc32(repr(spec).encode())
    return f"{number:09}-{key_of(spec)}-{checksum:08x}.part"


def plain(*words: Any) -> list[Job]:
    return [job(number, word) for number, word in enumerate(words)]


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_in_order_whatever_the_workers_do(tmp_path: Path, workers: int) -> None:
    jobs = [job(3, "sleep", 0.3), job(0, "a"), job(7, "b"), job(2, "c")]
    heard: list[Any] = []
    parts = run(
        jobs,
        work,
        tmp_path / "new",
        workers=workers,
        started=lambda: heard.append("started"),
        progress=heard.append,
    )
    assert [part.number for part in parts] == [0, 2, 3, 7]
    assert texts(parts) == ["('a',)", "('c',)", "('sleep', 0.3)", "('b',)"]
    assert heard[0] == "started"
    assert sorted(part.number for part in heard[1:]) == [0, 2, 3, 7]
    assert not any(part.reused or part.error for part in parts)
    assert names(tmp_path / "new") == [part.path.name for part in parts if part.path]


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_reused_only_for_their_number_and_key(tmp_path: Path, workers: int) -> None:
    first = run(plain("a", "b", "c", "d"), work, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="4 parts of an earlier run.*--resume.*remove the folder"):
        run(plain("a"), work, tmp_path, workers=workers)
    assert len(names(tmp_path)) == 5
    before = {part.number: part.path.stat().st_mtime_ns for part in first if part.path}
    parts = run(plain("a", "x", "c"), work, tmp_path, workers=workers, resume=True)
    assert [part.reused for part in parts] == [True, False, True]
    assert texts(parts) == ["('a',)", "('x',)", "('c',)"]
    assert all(p.path and p.path.stat().st_mtime_ns == before[p.number] for p in parts if p.reused)
    assert names(tmp_path) == sorted([p.path.name for p in parts if p.path] + ["notes.txt"])


def test_parts_of_no_job_stay_while_it_is_not_known_that_they_are(tmp_path: Path) -> None:
    run(plain("a", "b"), work, tmp_path)
    jobs = [job(5, "raise", "no"), *plain("a")]
    (part,) = run(jobs, work, tmp_path, resume=True, fail_fast=True)
    assert part.error == "ValueError: no"
    assert len(names(tmp_path)) == 2


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / ".working-abc"
    stale.mkdir()
    (stale / "000000000-00.part").write_bytes(b"half")
    (tmp_path / ".lock").write_text("1\n")
    run(plain("a"), work, tmp_path)
    assert names(tmp_path) == [named(0, "a")]


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_that_a_power_cut_tore_are_done_again(tmp_path: Path, workers: int) -> None:
    jobs = plain("one", "two", "three", "four")
    made = run(jobs, work, tmp_path)
    before = names(tmp_path)
    assert before == [named(n, word) for n, word in enumerate(("one", "two", "three", "four"))]
    short, hollow, gone = (part.path for part in made[:3] if part.path is not None)
    short.write_bytes(short.read_bytes()[:-1])
    hollow.write_bytes(bytes(len(hollow.read_bytes())))  # it has its length, and holes
    gone.rename(gone.with_name(f"{gone.name[:-13]}00000000.part"))  # of another content
    parts = run(jobs, work, tmp_path, workers=workers, resume=True)
    assert [part.reused for part in parts] == [False, False, False, True]
    assert names(tmp_path) == before
    assert texts(parts) == [repr(each.spec) for each in jobs]


def test_parts_without_a_checksum_are_refused_or_replaced(tmp_path: Path) -> None:
    (tmp_path / f"000000000-{key_of(('a',))}.part").write_bytes(b"('a',)")
    with pytest.raises(InputError, match="holds 1 parts of an earlier run"):
        run(plain("a"), work, tmp_path)
    (part,) = run(plain("a"), work, tmp_path, resume=True)
    assert not part.reused
    assert names(tmp_path) == [named(0, "a")]


@pytest.mark.parametrize("first", ["0", "f"])
def test_a_whole_part_is_found_beside_a_torn_one(tmp_path: Path, first: str) -> None:
    (made,) = run(plain("a"), work, tmp_path)
    assert made.path is not None
    torn = made.path.with_name(f"000000000-{key_of(('a',))}-{first * 8}.part")
    torn.write_bytes(b"torn")
    (part,) = run(plain("a"), work, tmp_path, resume=True)
    assert part.reused
    assert names(tmp_path) == [made.path.name]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_fails_its_job_alone_and_is_not_tried_again(
    tmp_path: Path, workers: int
) -> None:
    jobs = [job(0, "raise", "broken"), job(1, "a"), job(2, "refuse", "bad"), job(3, "nothing")]
    parts = run(jobs, work, tmp_path, workers=workers)
    assert texts(parts) == [
        "ValueError: broken",
        "('a',)",
        "bad. Do.",
        "the work ended without writing its part",
    ]
    assert len(names(tmp_path)) == 1
    (again,) = run([job(1, "a")], panic, tmp_path, workers=workers, resume=True)
    assert again.reused
    (part,) = run([job(2, "p")], panic, tmp_path, workers=workers, resume=True)
    assert part.error == "Panic: compiled code gave up"


@pytest.mark.parametrize("workers", [1, 2])
def test_fail_fast_takes_no_further_jobs(tmp_path: Path, workers: int) -> None:
    taken: list[int] = []

    def jobs() -> Iterator[Job]:
        for number in range(1000):
            taken.append(number)
            words = ("raise", "no") if number == 3 else ("sleep", 0.05 * (number > 3))
            yield job(number, *words)

    parts = run(jobs(), work, tmp_path, workers=workers, fail_fast=True)
    assert [part.error for part in parts if part.path is None] == ["ValueError: no"]
    assert len(taken) == 4 if workers == 1 else len(taken) < 1000
    assert all(name.endswith(".part") for name in names(tmp_path))


@POSIX
def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    jobs = [job(0, "a"), job(1, "die once", str(mark), -9), *(job(n, n) for n in range(2, 9))]
    parts = run(jobs, work, tmp_path / "parts", workers=2)
    assert mark.exists()
    assert [part.error for part in parts] == [""] * 9
    assert texts(parts)[0] == "('a',)"


@POSIX
def test_a_job_whose_workers_die_is_recorded_and_others_are_done(tmp_path: Path) -> None:
    marks = [tmp_path / f"mark{n}" for n in range(2)]
    jobs = [
        job(0, "die", str(marks[0]), -9),
        job(1, "die", str(marks[1]), 3),
        *(job(n, n) for n in range(2, 9)),
    ]
    heard: list[Part] = []
    parts = run(jobs, work, tmp_path / "parts", workers=2, progress=heard.append)
    assert [mark.read_text() for mark in marks] == ["xx", "xx"]
    assert "died, and so did a second" in parts[0].error
    assert "SIGKILL" in parts[0].error
    assert "exit code 3" in parts[1].error
    assert texts(parts)[2:] == [f"({n},)" for n in range(2, 9)]
    assert sorted(part.number for part in heard) == list(range(9))
    assert len(names(tmp_path / "parts")) == 7


@POSIX
def test_workers_that_end_while_they_start_are_not_held_against_their_job(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    jobs = [job(0, "die once", str(tmp_path / "mark"), -9)]
    options: dict[str, Any] = {"initializer": leave_at, "initargs": (starts, {1, 2, 4, 5})}
    (part,) = run(jobs, work, tmp_path / "parts", workers=2, **options)
    assert (part.error, starts.read_text()) == ("", "xxxxxx")


def test_what_a_failed_job_wrote_is_removed_at_once(tmp_path: Path) -> None:
    left: list[list[Path]] = []
    jobs = [job(0, "raise", "no"), job(1, "a")]
    run(jobs, work, tmp_path, progress=lambda _: left.append([*tmp_path.glob(".working-*/*")]))
    assert left == [[], []]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("words", [("full",), ("full as polars says it",)])
def test_a_full_disk_stops_the_run(tmp_path: Path, workers: int, words: tuple[str, ...]) -> None:
    jobs = [job(0, "a"), job(1, "sleep", 0.01), job(4, *words), *(job(n, n) for n in range(5, 99))]
    run(jobs[:1], work, tmp_path)
    with pytest.raises(InputError, match=r"no space left.*part 4.*--resume"):
        run(jobs, work, tmp_path, workers=workers, resume=True)
    assert names(tmp_path)[0].startswith("000000000-")
    assert all(name.endswith(".part") for name in names(tmp_path))


def test_a_folder_that_cannot_be_used_is_told_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError

    (tmp_path / "file").write_text("")
    for folder in ("file", "file/inside", "no/such"):
        with pytest.raises(InputError, match="cannot be used: .*Name a folder"):
            run(plain("a"), work, tmp_path / folder, started=never)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left in"):
        run(plain("a"), work, tmp_path / "new", started=never)
    assert names(tmp_path / "new") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder nobody can write to")
def test_a_folder_nobody_can_write_to() -> None:
    with pytest.raises(InputError, match="'/proc' cannot be used"):
        run(plain("a"), work, Path("/proc"))


def test_what_jobs_and_workers_must_be(tmp_path: Path) -> None:
    for workers in (1, 2):
        with pytest.raises(InputError, match="two jobs have the number 1"):
            run([job(1, "a"), job(1, "b")], work, tmp_path / str(workers), workers=workers)
    for key in ("../up", "", "AB", "a\n"):
        with pytest.raises(InputError, match="cannot name a file"):
            run([Job(0, key, "a")], work, tmp_path / "keys")
    for wrong in (0, -1, True, 1.5):
        with pytest.raises(InputError, match="workers cannot work"):
            run([], work, tmp_path, workers=wrong)  # type: ignore[arg-type]
    assert run([], work, tmp_path / "none", workers=2) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_are_taken_as_they_are_needed(tmp_path: Path, workers: int) -> None:
    taken = 0
    ahead: list[int] = []

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for number in range(300):
            taken += 1
            yield job(number, number)

    run(
        jobs(),
        work,
        tmp_path,
        workers=workers,
        progress=lambda _: ahead.append(taken - len(ahead) - 1),
    )
    assert taken == 300
    # a worker has its next job while its last part is put on the disk
    assert max(ahead) < workers + (workers > 1)


def test_an_iterator_that_fails_ends_the_run_and_keeps_parts(tmp_path: Path) -> None:
    def jobs() -> Iterator[Job]:
        yield from plain("a", "b", "c")
        raise LookupError("input")

    with pytest.raises(LookupError, match="input"):
        run(jobs(), work, tmp_path, workers=2)
    # it fails when the second worker asks for more, whose part is not lost
    found = names(tmp_path)
    assert len(found) == 2
    assert all(name.endswith(".part") for name in found)


def test_workers_are_set_up_with_one_thread_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLARS_MAX_THREADS", "5")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    options: dict[str, Any] = {"initializer": set_up, "initargs": ("hello",)}
    (part,) = run([job(0, "tell")], work, tmp_path / "two", workers=2, **options)
    threads, process, *words = texts([part])[0].split()
    assert (threads, words) == ("1", ["hello"])
    assert int(process) != os.getpid()
    assert os.environ["POLARS_MAX_THREADS"] == "5"
    assert "OMP_NUM_THREADS" not in os.environ
    (part,) = run([job(0, "tell")], work, tmp_path / "one", **options)
    assert texts([part]) == [f"5 {os.getpid()} hello"]


def test_workers_that_cannot_be_set_up(tmp_path: Path) -> None:
    options: dict[str, Any] = {"workers": 2}
    with pytest.raises(InputError, match="no such thing. Do otherwise."):
        run(plain("a"), work, tmp_path, initializer=refuse, initargs=("no such thing",), **options)
    with pytest.raises(RuntimeError, match="could not be set up: KeyError: 'x'"):
        run(plain("a"), work, tmp_path, initializer=stumble, **options)
    with pytest.raises(InputError, match="end before they can work .*exit code 7.*use 1 worker"):
        run(plain("a"), work, tmp_path, initializer=leave, **options)
    assert names(tmp_path) == []


# Whole processes, stopped from outside.

_SCRIPT = """
import sys
from itertools import count as counting
from pathlib import Path
from mcda.bulk.runner import run
from tests.unit.bulk.test_runner import job, work

if __name__ == "__main__":
    folder, count, workers, seconds = sys.argv[1:]
    through = counting(1)
    jobs = (job(number, "sleep", float(seconds) + number / 1e6) for number in range(int(count)))
    try:
        parts = run(jobs, work, Path(folder), workers=int(workers), resume=True,
                    started=lambda: print("started", flush=True),
                    progress=lambda _: print(next(through), flush=True))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(130)
    print("reused", sum(part.reused for part in parts))
"""


def launch(
    tmp_path: Path, folder: Path, count: int, workers: int, seconds: float, mark: str = ""
) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(_SCRIPT))
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(count), str(workers), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RUNNER_TEST": mark},
    )


def marked(mark: str) -> list[int]:
    """Processes that have the mark in what they inherited."""
    wanted = f"RUNNER_TEST={mark}\0".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if wanted in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def read_until(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for each in process.stdout:
        if each.strip() == line:
            return
    raise AssertionError(process.communicate()[1])


def gone(mark: str) -> bool:
    for _ in range(200):
        if not marked(mark):
            return True
        time.sleep(0.05)
    return False


@POSIX
def test_a_second_run_into_the_folder_is_refused_with_the_first_ones_number(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "parts"
    with launch(tmp_path, folder, 1000, 1, 0.1) as process:
        try:
            read_until(process, "started")
            for resume in (False, True):
                with pytest.raises(InputError, match=f"process {process.pid} is writing to"):
                    run(plain("a"), work, folder, resume=resume)
        finally:
            process.kill()
            process.communicate()
    (part,) = run(plain("a"), work, folder, resume=True)
    assert names(folder) == [part.path and part.path.name]


@POSIX
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("line", ["started", "2"])
def test_an_interrupt_ends_workers_and_keeps_finished_parts(
    tmp_path: Path, workers: int, line: str
) -> None:
    folder = tmp_path / "parts"
    mark = tmp_path.as_posix()
    with launch(tmp_path, folder, 400, workers, 0.05, mark) as process:
        read_until(process, line)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted" in out
    assert err == ""
    assert not Path("/proc").exists() or gone(mark)
    kept = names(folder)
    assert all(name.endswith(".part") for name in kept)
    assert len(kept) >= (2 if line == "2" else 0)
    assert len(kept) < 400


@POSIX
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_a_killed_run_leaves_no_processes_and_is_finished_by_another(tmp_path: Path) -> None:
    count, seconds = 24, 0.02
    whole, folder = tmp_path / "whole", tmp_path / "parts"
    jobs = [job(n, "sleep", seconds + n / 1e6) for n in range(count)]
    run(jobs, work, whole)
    luck = random.Random(5)
    for turn in range(5):
        mark = f"{tmp_path.as_posix()}:{turn}"
        with launch(tmp_path, folder, count, 2, seconds, mark) as process:
            if turn:
                read_until(process, "started")
            time.sleep(luck.uniform(0.0, 0.6))
            process.kill()
            process.wait()
        assert gone(mark)
        if folder.exists():
            for path in folder.glob("*.part"):
                assert path.read_bytes() == (whole / path.name).read_bytes()
    done = len(list(folder.glob("*.part")))
    parts = run(jobs, work, folder, workers=2, resume=True)
    assert sum(part.reused for part in parts) == done
    assert names(folder) == names(whole)
    assert all((folder / n).read_bytes() == (whole / n).read_bytes() for n in names(whole))


@POSIX
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_workers_in_the_middle_of_long_jobs_end_with_the_process_that_started_them(
    tmp_path: Path,
) -> None:
    folder, mark = tmp_path / "parts", tmp_path.as_posix()
    with launch(tmp_path, folder, 4, 2, 600.0, mark) as process:
        read_until(process, "started")
        while len(list(folder.glob(".working-*/*.part"))) < 2:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
    left = not gone(mark)
    for orphan in marked(mark):
        os.kill(orphan, signal.SIGKILL)
    assert not left


@POSIX
def test_a_folder_has_one_run_at_a_time_however_many_try(tmp_path: Path) -> None:
    inside = refused = 0
    most = []

    def enter() -> None:
        nonlocal inside
        inside += 1
        most.append(inside)
        time.sleep(0.001)

    def leave(_: Part) -> None:
        nonlocal inside
        inside -= 1

    def attempt() -> None:
        nonlocal refused
        for _ in range(30):
            try:
                run(plain("a"), work, tmp_path, resume=True, started=enter, progress=leave)
            except InputError as error:
                refused += "is writing to" in str(error)

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) + refused == 180
    assert set(most) == {1}


def test_a_lock_that_was_removed_before_it_was_got_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, real = tmp_path / ".lock", ledger._lock
    tries: list[int] = []

    def late(descriptor: int) -> bool:
        tries.append(descriptor)
        if len(tries) == 1:  # as its holder does, between opening and locking
            lock.unlink()
        return real(descriptor)

    held: list[bool] = []
    monkeypatch.setattr(ledger, "_lock", late)
    run([], work, tmp_path, started=lambda: held.append(lock.exists()))
    assert (held, len(tries)) == ([True], 2)
    assert names(tmp_path) == []

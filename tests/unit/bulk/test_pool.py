"""Jobs on executors: each is done once, and processes that die at the wrong moment harm no other."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mcda.bulk.pool import Borrowed, DiedError, Engine, InProcess, Pool, prestart
from mcda.errors import InputError

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")
PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"
)


def work(spec: tuple[Any, ...]) -> Any:
    """What a test's job does: it returns what it says, after what its words say."""
    match spec:
        case ("sleep", seconds):
            time.sleep(seconds)
        case ("die once", mark, code) if not Path(mark).exists():
            Path(mark).touch()
            die(code)
        case ("die", mark, code):
            with Path(mark).open("a") as stream:
                stream.write("x")
            die(code)
        case ("tell",):
            return os.environ["POLARS_MAX_THREADS"], os.getpid(), signal.getsignal(signal.SIGINT)
    return spec


def die(code: int) -> None:
    if code < 0:
        os.kill(os.getpid(), -code)
        time.sleep(60)
    os._exit(code)


def leave_at(starts: Path, wrong: set[int]) -> None:
    with starts.open("a") as stream:
        stream.write("x")
    if starts.stat().st_size in wrong:
        os._exit(7)


ENGINES: dict[str, Callable[[], Engine]] = {
    "this process": InProcess,
    "processes": partial(Pool, 2),
    "threads of somebody's": lambda: Borrowed(ThreadPoolExecutor(2), 2),
}
engines = pytest.mark.parametrize("name", ENGINES)


@engines
def test_each_job_is_done_once(name: str) -> None:
    jobs = [("sleep", 0.3), *(("job", n) for n in range(30))]
    found = list(ENGINES[name]().each(work, jobs))
    assert all(job == done for job, done in found)
    assert sorted(map(repr, (job for job, _ in found))) == sorted(map(repr, jobs))
    assert list(ENGINES[name]().each(work, [])) == []
    assert multiprocessing.active_children() == []


@engines
def test_jobs_are_taken_as_they_are_needed(name: str) -> None:
    taken = 0

    def jobs() -> Iterator[tuple[Any, ...]]:
        nonlocal taken
        for number in range(300):
            taken += 1
            yield ("job", number)

    ahead = [taken - through - 1 for through, _ in enumerate(ENGINES[name]().each(work, jobs()))]
    assert taken == 300
    assert max(ahead) < 4  # for two workers


@engines
def test_jobs_that_cannot_be_found_end_the_run(name: str) -> None:
    def jobs() -> Iterator[tuple[Any, ...]]:
        yield ("job", 1)
        raise OSError("input")

    with pytest.raises(OSError, match="input"):
        list(ENGINES[name]().each(work, jobs()))
    assert multiprocessing.active_children() == []


def test_processes_have_one_thread_and_leave_interrupts_to_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLARS_MAX_THREADS", "5")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    [(_, (threads, process, handler))] = Pool(2).each(work, [("tell",)])
    assert (threads, handler) == ("1", signal.SIG_IGN)
    assert process != os.getpid()
    assert os.environ["POLARS_MAX_THREADS"] == "5"
    assert "OMP_NUM_THREADS" not in os.environ


@POSIX
def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    jobs = [("a",), ("die once", str(tmp_path / "mark"), -9), *(("job", n) for n in range(9))]
    found = list(Pool(2).each(work, jobs))
    assert (tmp_path / "mark").exists()
    assert len(found) == len(jobs)
    assert all(job == done for job, done in found)


@POSIX
def test_a_job_whose_workers_die_is_known_and_others_are_done(tmp_path: Path) -> None:
    marks = [tmp_path / f"mark{n}" for n in range(2)]
    deadly = [("die", str(marks[0]), -9), ("die", str(marks[1]), 3)]
    jobs = [*deadly, *(("job", n) for n in range(9))]
    found = dict(Pool(2).each(work, jobs))
    assert sorted(map(repr, found)) == sorted(map(repr, jobs))
    for job in jobs:
        if job in deadly:
            assert isinstance(found[job], DiedError)
        else:
            assert found[job] == job
    # once with others, where one may have been ended before it began, and once alone
    assert all(mark.read_text() in ("x", "xx") for mark in marks)
    assert "xx" in [mark.read_text() for mark in marks]


@POSIX
def test_processes_that_end_while_they_start_are_not_held_against_their_job(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    begin = partial(leave_at, starts, {1, 2, 4})
    job = ("die once", str(tmp_path / "mark"), -9)
    assert list(Pool(2, begin).each(work, [job])) == [(job, job)]
    assert starts.read_text() == "xxxxx"


def test_processes_that_never_begin(tmp_path: Path) -> None:
    begin = partial(leave_at, tmp_path / "starts", set(range(99)))
    with pytest.raises(InputError, match="end before they can work.*__main__.*use 1 worker"):
        list(Pool(2, begin).each(work, [("a",)]))
    assert multiprocessing.active_children() == []


class Lost(Executor):
    """An executor whose workers go away, or whose jobs cannot be sent."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


@pytest.mark.parametrize("error", [ConnectionError("x"), BrokenThreadPool("x")])
def test_an_executor_of_somebody_s_that_is_lost_ends_the_run(error: Exception) -> None:
    with pytest.raises(InputError, match=f"was lost \\({type(error).__name__}\\).*--resume"):
        list(Borrowed(Lost(error), 2).each(work, [("a",)]))


def test_what_an_executor_of_somebody_s_says_of_a_job_is_that_job_s() -> None:
    [(_, found)] = Borrowed(Lost(LookupError("no")), 2).each(work, [("a",)])
    assert repr(found) == "LookupError('no')"
    [(_, found)] = Borrowed(Lost(LookupError("no")), 2, (LookupError,)).each(work, [("a",)])
    assert "its worker process died, and so did a second one" in str(found)


# Whole processes, stopped from outside.

_SCRIPT = """
import sys
from mcda.bulk.pool import Pool, prestart
from tests.unit.bulk.test_pool import work

if __name__ == "__main__":
    prestart(["json"])
    jobs = [("sleep", float(sys.argv[1]) + n / 1e6) for n in range(400)]
    try:
        print("started", flush=True)
        for number, _ in enumerate(Pool(2).each(work, jobs)):
            print(number, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(130)
"""


def launch(tmp_path: Path, seconds: float) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    return subprocess.Popen(
        [sys.executable, str(script), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "POOL_TEST": tmp_path.as_posix()},
    )


def marked(mark: str) -> list[int]:
    """Processes that have the mark in what they inherited."""
    wanted = f"POOL_TEST={mark}\0".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if wanted in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(mark: str) -> bool:
    for _ in range(200):
        if not marked(mark):
            return True
        time.sleep(0.05)
    return False


def read_until(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for each in process.stdout:
        if each.strip() == line:
            return
    raise AssertionError(process.communicate()[1])


@POSIX
@pytest.mark.parametrize("line", ["started", "2"])
def test_an_interrupt_ends_workers(tmp_path: Path, line: str) -> None:
    with launch(tmp_path, 0.05) as process:
        read_until(process, line)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert "interrupted" in out
    assert not Path("/proc").exists() or gone(tmp_path.as_posix())


@PROC
@pytest.mark.parametrize("seconds", [0.02, 600.0])
@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_process_that_started_them(
    tmp_path: Path, seconds: float, kind: signal.Signals
) -> None:
    with launch(tmp_path, seconds) as process:
        read_until(process, "2" if seconds < 1 else "started")
        time.sleep(random.Random(seconds).uniform(0.0, 0.6))
        process.send_signal(kind)
        process.wait()
    left = not gone(tmp_path.as_posix())
    for orphan in marked(tmp_path.as_posix()):
        os.kill(orphan, signal.SIGKILL)
    assert not left


def test_processes_are_started_beside_threads() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        prestart(["json"])
        assert len(list(Pool(2).each(work, [("a",), ("b",)]))) == 2
    finally:
        stop.set()
        thread.join()

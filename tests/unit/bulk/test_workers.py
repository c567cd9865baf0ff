"""Workers that are started before it is known what there is to do."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mcda.bulk import digests
from mcda.bulk.crew import Crew, early, likely
from mcda.bulk.digests import hash_of, hashing
from mcda.bulk.runner import run
from mcda.bulk.serving import read
from mcda.bulk.workers import Worker
from mcda.errors import InputError
from tests.unit.bulk.test_runner import gone, job, leave, names, plain, set_up, stumble, texts, work

ROOT = Path(__file__).parents[3]
PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"
)


def pids(crew: Crew) -> list[int]:
    return [worker.process.pid or 0 for worker in crew.idle]


def test_a_crew_does_the_jobs_and_nobody_else(tmp_path: Path) -> None:
    jobs = [job(number, "tell") for number in range(6)]
    with early(2, ("json",)) as crew:
        members = pids(crew)
        parts = run(jobs, work, tmp_path, workers=2, crew=crew)
        assert multiprocessing.active_children() == []
    did = {int(text.split()[1]) for text in texts(parts)}
    assert did <= set(members)


@pytest.mark.parametrize("prepared", ["early", "raises", ""])
@pytest.mark.parametrize("late", [False, True])
def test_a_crew_is_prepared_before_it_is_set_up(tmp_path: Path, prepared: str, late: bool) -> None:
    options = {"initializer": set_up, "initargs": ("late",)} if late else {}
    with early(1, ()) as crew:
        if prepared == "early":
            crew.prepare(set_up, prepared)
        if prepared == "raises":
            crew.prepare(stumble)
        parts = run([job(0, "tell")], work, tmp_path, workers=2, crew=crew, **options)
    expected = ["late"] if late else [prepared] if prepared == "early" else []
    assert texts(parts)[0].split()[2:] == expected


def test_more_are_started_where_the_crew_is_too_small(tmp_path: Path) -> None:
    jobs = [job(0, "sleep", 0.5), job(1, "tell"), job(2, "sleep", 0.5)]
    with early(1, ()) as crew:
        (member,) = pids(crew)
        parts = run(jobs, work, tmp_path, workers=3, crew=crew)
    assert int(texts(parts)[1].split()[1]) != member
    assert multiprocessing.active_children() == []


def test_members_without_a_job_are_ended_while_others_work(tmp_path: Path) -> None:
    heard: list[int] = []
    with early(3, ()) as crew:
        idle = list(crew.idle)
        run(
            plain("a"), work, tmp_path, workers=3, crew=crew, progress=lambda _: heard.append(
                len(multiprocessing.active_children())
            )
        )  # fmt: skip
        assert crew.idle == []
    assert heard in ([0], [1])  # the one that worked may have ended by then
    for worker in idle:
        with pytest.raises(ValueError, match="closed"):
            worker.process.is_alive()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("dead", [1, 4])
def test_members_that_died_before_they_got_a_job_are_nobody_s_failure(
    tmp_path: Path, dead: int
) -> None:
    with early(4, ()) as crew:
        for worker in crew.idle[:dead]:
            assert worker.process.pid is not None
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.join()
        crew.prepare(set_up, "x")
        parts = run(plain("a", "b"), work, tmp_path, workers=2, crew=crew)
    assert texts(parts) == ["('a',)", "('b',)"]
    assert multiprocessing.active_children() == []


def test_a_crew_that_dies_of_its_preparation_is_replaced_by_others(tmp_path: Path) -> None:
    with early(2, ()) as crew:
        crew.prepare(leave)
        parts = run(plain("a", "b"), work, tmp_path / "fine", workers=2, crew=crew)
    assert texts(parts) == ["('a',)", "('b',)"]
    with early(2, ()) as crew:
        crew.prepare(leave)
        with pytest.raises(InputError, match="end before they can work .*exit code 7"):
            run(plain("a"), work, tmp_path / "bad", workers=2, crew=crew, initializer=leave)
    assert multiprocessing.active_children() == []
    assert names(tmp_path / "bad") == []


def test_modules_that_are_not_there_are_nobody_s_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with early(1, ("no.such.module", "json")) as crew:
        parts = run(plain("a"), work, tmp_path, workers=2, crew=crew)
    assert texts(parts) == ["('a',)"]
    assert capfd.readouterr() == ("", "")


#: A crew of a process that has no other thread, or has one: what it did and who read what.
COPIES = """
import json, os, sys, threading, time
from pathlib import Path
from mcda.bulk.ledger import Job
from mcda.bulk.runner import run
from mcda.bulk.crew import early

def there():
    return [name in sys.modules for name in ("read_by_all", "read_by_each")]

def look(spec, path):
    path.write_text(json.dumps([*there(), os.environ["POLARS_MAX_THREADS"]]))

if __name__ == "__main__":
    folder, threaded = sys.argv[1:]
    if threaded == "True":
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    with early(2, ("read_by_all",), ("read_by_each",)) as crew:
        kinds, here = [type(worker.process).__name__ for worker in crew.idle], there()
        jobs = [Job(n, "0", n) for n in range(6)]
        parts = run(jobs, look, Path(folder), workers=2, crew=crew)
    print(json.dumps([kinds, here, [json.loads(part.path.read_text()) for part in parts]]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.parametrize("threaded", [False, True])
def test_only_a_process_without_threads_is_copied(tmp_path: Path, threaded: bool) -> None:
    script = tmp_path / "script.py"
    script.write_text(COPIES, encoding="utf-8")
    for name in ("read_by_all", "read_by_each"):  # modules beside the script
        (tmp_path / f"{name}.py").touch()
    done = subprocess.run(
        [sys.executable, script, str(tmp_path / "parts"), str(threaded)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    kinds, here, told = json.loads(done.stdout)
    assert kinds == ["SpawnProcess" if threaded else "_Adopted"] * 2
    assert here == [False, False]
    assert told == [[True, True, "1"]] * 6
    assert done.stderr == ""


#: A crew of copies, and what happens to it.
HAPPENS = """
import os, signal, sys, threading
from pathlib import Path
from mcda.bulk.crew import early
from mcda.bulk.ledger import Job
from mcda.bulk.runner import run

def children():
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()

def work(spec, path):
    if spec == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    path.write_text(spec)

if __name__ == "__main__":
    folder, what = sys.argv[1:]
    jobs = [Job(0, "0", "dies" if what == "dies" else "a"), Job(1, "0", "b")]
    with early(4 if what == "late" else 2, ("slow",)) as crew:
        idle = list(crew.idle)
        assert all(worker.process.is_alive() for worker in idle)
        (source,) = children()
        if what == "source":
            os.kill(int(source), signal.SIGKILL)
        elif what == "late":  # when all have a job
            jobs += [Job(n, "0", "c") for n in range(2, 6)]
            os.kill(int(source), signal.SIGSTOP)
            threading.Timer(0.5, os.kill, (int(source), signal.SIGKILL)).start()
        elif what == "ended":
            raise SystemExit(0)
        elif what == "member":
            os.kill(idle[0].process.pid, signal.SIGKILL)
            assert source not in children()
        parts = run(jobs, work, Path(folder), workers=len(idle), crew=crew)
    print([part.error or part.path.read_text() for part in parts], len(children()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.parametrize(
    ("what", "out"),
    [
        ("nothing", "['a', 'b'] 0\n"),
        # what tracks the resources of those that are started instead
        ("member", "['a', 'b'] 1\n"),
        ("source", "['a', 'b'] 1\n"),
        ("late", "['a', 'b', 'c', 'c', 'c', 'c'] 1\n"),
        ("ended", ""),
        (
            "dies",
            "['its worker process died, and so did a second one that tried again (was ended by "
            "SIGKILL; the system does so when memory runs out)', 'b'] 1\n",
        ),
    ],
)
def test_copies_are_this_process_s_own_whatever_happens(
    tmp_path: Path, what: str, out: str
) -> None:
    script = tmp_path / "script.py"
    script.write_text(HAPPENS, encoding="utf-8")
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(0.3)\n", encoding="utf-8")
    mark = tmp_path.as_posix()
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, script, str(tmp_path / "parts"), what],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RUNNER_TEST": mark},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, out, "")
    assert gone(mark)
    assert time.monotonic() - began < 60


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
def test_where_orphans_cannot_be_adopted_nobody_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr("mcda.bulk.crew.copies", lambda: True)
    monkeypatch.setattr("mcda.bulk.copied._adopting", refuse)
    with early(2, ("json",)) as crew:
        assert crew.idle == []
        parts = run(plain("a", "b"), work, tmp_path, workers=2, crew=crew)
    assert texts(parts) == ["('a',)", "('b',)"]


#: A crew whose members read a module of their own, and are told what to do after that or before.
TURNS = """
import json, os, sys, time
from pathlib import Path
from mcda.bulk.ledger import Job
from mcda.bulk.runner import run
from mcda.bulk.crew import early

def read():
    return len(list(Path(sys.argv[1]).glob("read-*")))

def work(spec, path):
    path.write_text("done")

if __name__ == "__main__":
    os.cpu_count = lambda: int(sys.argv[2])
    with early(3, (), ("slow",)) as crew:
        until = time.monotonic() + 60
        while read() < int(sys.argv[3]) and time.monotonic() < until:
            time.sleep(0.01)
        jobs = [Job(n, "0", n) for n in range(9)]
        parts = run(jobs, work, Path(sys.argv[1]) / "parts", workers=3, crew=crew)
    print(json.dumps([part.path.read_text() for part in parts]))
"""
#: Takes its time, and notes when; the first ends its process if that is wanted.
SLOW = """
import os, sys, time
from pathlib import Path
began = time.monotonic()
if sys.argv[4] == "dies":
    try:
        Path(sys.argv[1], "first").touch(exist_ok=False)
    except FileExistsError:
        pass
    else:
        os._exit(3)
time.sleep(0.2)
Path(sys.argv[1], f"read-{os.getpid()}").write_text(f"{began} {time.monotonic()}")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.parametrize(
    ("processors", "at_once", "waited", "how"),
    [
        (1, 1, 3, "lives"),
        (2, 1, 3, "lives"),
        (2, 1, 0, "lives"),  # told what to do before the first one is ready
        (3, 2, 3, "lives"),
        (64, 3, 3, "lives"),
        (2, 1, 0, "dies"),
    ],
)
def test_workers_do_not_keep_the_command_from_its_processor(
    tmp_path: Path, processors: int, at_once: int, waited: int, how: str
) -> None:
    """Those for which there is none wait for another one, or until there is something to do."""
    script = tmp_path / "script.py"
    script.write_text(TURNS, encoding="utf-8")
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    command = [str(script), str(tmp_path), str(processors), str(waited), how]
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == ["done"] * 9
    spans = [tuple(map(float, each.read_text().split())) for each in tmp_path.glob("read-*")]
    together = max(sum(one[0] <= each[0] < one[1] for one in spans) for each in spans)
    assert together <= (at_once if waited else 3)
    assert len(spans) == 3 or not waited


def test_modules_are_prepared_where_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "with_preparation.py").write_text(
        "import os\ndone = []\ndef prepare():\n    done.append(os.getpid())\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    read(("with_preparation", "json", "no.such.module"))
    assert sys.modules.pop("with_preparation").done == [os.getpid()]


def test_a_crew_ends_when_something_else_fails() -> None:
    workers: list[Worker] = []

    def fail(crew: Crew) -> None:
        workers.extend(crew.idle)
        raise LookupError(len(workers))

    with pytest.raises(LookupError, match="2"), early(2, ("mcda.bulk.work",)) as crew:
        fail(crew)
    assert multiprocessing.active_children() == []
    for worker in workers:
        with pytest.raises(ValueError, match="closed"):
            worker.process.is_alive()


def test_how_many_will_have_a_job(tmp_path: Path) -> None:
    for name, size in (("small.parquet", 10), ("large.PARQUET", 5 * 2**21), ("x.jsonl", 2**21 + 1)):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)
    at = tmp_path.as_posix()
    assert likely([f"{at}/small.parquet"], 8) == 1
    assert likely([f"{at}/large.PARQUET"], 8) == 5
    assert likely([f"{at}/large.PARQUET"], 3) == 3
    assert likely([f"{at}/x.jsonl"], 8) == 2
    assert likely([f"{at}/x.jsonl", f"{at}/small.parquet", at], 8) == 4
    assert likely([at], 8) == 1
    assert likely([f"{at}/*.jsonl"], 8) == 1
    assert likely(["no\0path"], 8) == 1
    assert likely(["a.yaml"] * 501, 8) == 2
    many = tmp_path / "many"
    many.mkdir()
    for number in range(1001):
        (many / f"{number}.yaml").touch()
    assert [likely([str(many)], workers) for workers in (2, 8)] == [2, 3]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("mcda.bulk.digests", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.cli.main", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.bulk.crew", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.cli.bulk", {"numpy", "polars", "pydantic", "yaml", "mcda.engine", "distributed"}),
        ("mcda.bulk.cutting", {"polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.bulk.work", {"mcda.explanation.explanation", "mcda.stability.sensitivity", "dask"}),
    ],
)
def test_modules_that_are_read_first_or_by_every_worker_are_light(
    module: str, heavy: set[str]
) -> None:
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    read = set(done.stdout.split())
    assert module in read
    assert not heavy & read


def test_the_hash_of_a_file_is_worked_out_once_for_each_state(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"one" * 100_000)
    begun = hashing(str(path))
    assert hashing(str(path)) is begun
    assert hash_of(str(path)) == hashlib.sha256(path.read_bytes()).digest() == begun.result()
    path.write_bytes(b"two" * 100_001)
    assert hash_of(str(path)) == hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(FileNotFoundError):
        hash_of(str(tmp_path / "missing"))


def test_files_are_hashed_once_however_many_there_are(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.parquet" for number in range(200)]
    for number, path in enumerate(paths):
        path.write_bytes(b"%d" % number)
    begun = [hashing(str(path)) for path in paths]
    assert [hashing(str(path)) for path in paths] == begun
    assert [each.result() for each in begun] == [
        hashlib.sha256(path.read_bytes()).digest() for path in paths
    ]


@pytest.mark.parametrize("error", [OSError, MemoryError])
def test_a_file_that_could_not_be_read_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"x")

    def broken(*_: object) -> None:
        raise error("the disk is loose")

    with monkeypatch.context() as patched:
        patched.setattr(digests.hashlib, "file_digest", broken)
        with pytest.raises(error, match="loose"):
            hashing(str(path)).result(timeout=60)
        with pytest.raises(error, match="loose"):
            hash_of(str(path))
    assert hash_of(str(path)) == hashlib.sha256(b"x").digest()


# The whole command, which starts its crew first.


def command(tmp_path: Path, mark: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mcda", "bulk", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RUNNER_TEST": mark},
    )


@PROC
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["missing.parquet", "-o", "o.csv"], 2, "there is nothing at 'missing.parquet'"),
        (["*.jsonl", "-o", "o.csv"], 5, "nothing matches '*.jsonl'"),
        (["t.csv", "-o", "o.csv"], 2, "nothing says what its columns mean"),
        ([".", "-o", "o.txt"], 2, "the ending '.txt' of 'o.txt' is not written"),
        (["t.csv", "-o", "o.csv", "--criteria", "no-such"], 2, "no-such"),
    ],
)
def test_errors_before_the_run_leave_no_process(
    tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    (tmp_path / "t.csv").write_text("scenario,option\n1,a\n", encoding="utf-8")
    mark = tmp_path.as_posix()
    with command(tmp_path, mark, *arguments, "--workers", "2") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert gone(mark)


@PROC
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.5])
def test_a_command_that_is_stopped_while_it_gets_ready_leaves_no_process(
    tmp_path: Path, kind: signal.Signals, seconds: float
) -> None:
    # enough for longer than it is waited for
    lines = "".join(f'{{"id": "s{n}", "title": "{"x" * 100}"}}\n' for n in range(60_000))
    (tmp_path / "many.jsonl").write_text(lines, encoding="utf-8")
    mark = tmp_path.as_posix()
    with command(tmp_path, mark, "many.jsonl", "-o", "o.csv", "--workers", "3") as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = time.monotonic() + 60
        while len(children.read_text().split()) < 2:  # workers, or one and what tracks resources
            assert time.monotonic() < until
            time.sleep(0.001)
        time.sleep(seconds)
        if kind is signal.SIGINT:
            os.killpg(process.pid, kind)  # as a terminal does: all of them
        else:
            process.send_signal(kind)
        out, err = process.communicate(timeout=60)
    assert gone(mark)
    if kind is signal.SIGINT:
        # Python says the latter of an interrupt within exec(), as where a dataclass is made
        assert process.returncode in {130, -signal.SIGINT}, (out, err)
        assert err.count("\n") == 1

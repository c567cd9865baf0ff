"""Jobs on a Dask cluster: the same parts as without, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import polars as pl
import pytest

import mcda
from mcda.bulk import distributed
from mcda.bulk.ledger import Job, Part
from mcda.bulk.run import Step, bulk
from mcda.bulk.sources import Settings
from mcda.bulk.workers import ALONE
from mcda.errors import InputError, McdaError

pytest.importorskip("distributed", reason="the extra dask is not installed")

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")
pytestmark = pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")

TEMPLATE = "articles/001-zero123"


def work(spec: tuple[Any, ...], stream: IO[bytes]) -> None:
    """What a test's job does: it writes, after what its words say."""
    match spec:
        case ("raise", text):
            raise ValueError(text)
        case ("die", mark, times):
            with Path(mark).open("a") as deaths:
                deaths.write("x")
            if Path(mark).stat().st_size <= times:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)
        case ("tell",):
            stream.write(f"{pl.thread_pool_size()} {os.getpid()}".encode())
            return
    stream.write(repr(spec).encode())


def job(number: int, *spec: Any) -> Job:
    return Job(number, f"{number:04x}", spec)


def texts(parts: list[Part]) -> list[str]:
    return [part.path.read_text() if part.path else part.error for part in parts]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers, as another machine's would be."""
    with distributed._connected("local", 2) as client:
        yield client.scheduler.address


@pytest.fixture
def situations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of eight jobs and a folder of files, in the folder where tests work."""
    monkeypatch.setattr("mcda.bulk.cutting._ROWS", 50)
    frame = pl.DataFrame({"scenario": range(400), "volume": [n * 7 % 5 for n in range(400)]})
    frame.write_parquet(tmp_path / "situations.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_jobs_are_done_in_order_and_failures_stay_alone(tmp_path: Path, cluster: str) -> None:
    jobs = [job(3, "c"), job(0, "a"), job(1, "raise", "broken"), *(job(n, n) for n in range(4, 40))]
    taken, ahead = 0, []

    def given() -> Iterator[Job]:
        nonlocal taken
        for each in jobs:
            taken += 1
            yield each

    parts = distributed.run(
        given(),
        work,
        tmp_path,
        address=cluster,
        progress=lambda _: ahead.append(taken - len(ahead) - 1),
    )
    wanted = ["('a',)", "ValueError: broken", "('c',)", *(f"({n},)" for n in range(4, 40))]
    assert texts(parts) == wanted
    assert max(ahead) <= 4  # two workers: not all is under way at once
    again = distributed.run(jobs[:2], work, tmp_path, address="no://where", resume=True)
    assert [part.reused for part in again] == [True, True]  # nobody had to be asked


def test_fail_fast_takes_no_further_jobs(tmp_path: Path, cluster: str) -> None:
    jobs = (job(n, *(("raise", "no") if n == 3 else (n,))) for n in range(1000))
    parts = distributed.run(jobs, work, tmp_path, address=cluster, fail_fast=True)
    assert [part.error for part in parts if part.path is None] == ["ValueError: no"]
    assert next(jobs).number < 20


COPIED = """
import json, os, sys
from mcda.bulk import distributed
from mcda.bulk.ledger import Job

def work(spec, stream):
    names = [name for name in ("mcda.bulk.work", "polars", "pandas") if name in sys.modules]
    said = [os.getpid(), os.getppid(), os.environ["POLARS_MAX_THREADS"], names]
    stream.write(json.dumps(said).encode())

if __name__ == "__main__":
    assert distributed.early()
    assert "POLARS_MAX_THREADS" not in os.environ
    jobs = [Job(number, f"{number:04x}", ("job",)) for number in range(40)]
    parts = distributed.run(jobs, work, sys.argv[1], workers=2, copies=True)
    assert "pandas" not in sys.modules
    print(os.getpid(), json.dumps([json.loads(part.path.read_bytes()) for part in parts]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied there")
def test_workers_of_a_local_cluster_are_copies(tmp_path: Path) -> None:
    script = tmp_path / "copied.py"
    script.write_text(COPIED)
    command = [sys.executable, str(script), str(tmp_path / "parts")]
    environment = {name: each for name, each in os.environ.items() if name not in ALONE}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    leader, _, said = done.stdout.partition(" ")
    workers, parents, threads, names = zip(*json.loads(said), strict=True)
    assert len(set(workers)) == 2
    [parent] = set(parents)
    assert parent != int(leader)
    assert set(threads) == {"1"}
    # Polars, which starts threads, is read by each as it asks for versions
    assert all(each == ["mcda.bulk.work", "polars"] for each in names)


def test_where_dask_is_in_use_already_workers_are_started_as_it_says() -> None:
    assert not distributed.early()


@POSIX
def test_a_worker_that_dies_costs_nothing_and_a_deadly_job_is_recorded(tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    jobs = [job(0, "tell"), job(1, "die", str(once), 1), job(2, "die", str(twice), 9)]
    before = dict(os.environ)
    parts = distributed.run(
        [*jobs, *(job(n, n) for n in range(3, 12))], work, tmp_path / "parts", workers=2
    )
    found = texts(parts)
    threads, process = found[0].split()
    assert threads == "1"
    assert int(process) != os.getpid()
    assert len(once.read_text()) >= 2  # and again, if the result died with the other job's worker
    assert twice.read_text() == "xx"
    assert found[1] == repr(jobs[1].spec)
    assert found[2] == "its worker process died, and so did a second one that tried again"
    assert found[3:] == [f"({n},)" for n in range(3, 12)]
    assert dict(os.environ) == before


def test_bytes_are_those_of_the_local_run_and_runs_finish_each_other(
    situations: Path, cluster: str
) -> None:
    settings = Settings(template=TEMPLATE)
    table = [str(situations / "situations.parquet")]
    bulk(table, Path("local.parquet"), settings)
    wanted = Path("local.parquet").read_bytes()
    bulk(table, Path("dask.parquet"), settings, dask=cluster)
    assert Path("dask.parquet").read_bytes() == wanted

    class Stop(Exception):
        pass

    def stop(step: Step) -> None:
        if step.done == 3:
            raise Stop

    for first, second in ((None, cluster), (cluster, None)):
        with pytest.raises(Stop):
            bulk(table, Path("both.parquet"), settings, dask=first, progress=stop)
        assert len(list(Path(".both.parquet.parts").glob("*.part"))) == 3
        summary = bulk(table, Path("both.parquet"), settings, dask=second, resume=True)
        assert summary.reused == 3
        assert Path("both.parquet").read_bytes() == wanted
        assert not Path(".both.parquet.parts").exists()


@pytest.mark.parametrize("mistake", ["template", "no options", "unknown column", "not found"])
@pytest.mark.parametrize("scattered", [False, True])
def test_what_tables_share_is_checked_by_whoever_works(
    situations: Path, cluster: str, mistake: str, scattered: bool
) -> None:
    """The same is said, no row is evaluated, and nothing is left."""
    frame = pl.read_parquet("situations.parquet")
    settings = Settings(template=TEMPLATE)
    if mistake == "template":
        Path("t.yaml").write_text("format: mcda/facts/1\nid: x\nfacts: {}\n", encoding="utf-8")
        settings = Settings(template=str(situations / "t.yaml"))
    elif mistake == "no options":
        settings = Settings(criteria="ai-sourcing", facts="article-world")
    elif mistake == "unknown column":
        frame = frame.rename({"volume": "volumes"})
    else:
        settings = Settings(template=str(situations / "nowhere.yaml"))
    if scattered:
        frame = pl.concat([frame[::2], frame])
    Path("table.parquet").unlink(missing_ok=True)
    frame.write_parquet("table.parquet")
    before = sorted(each.name for each in situations.iterdir())
    said = []
    for options in ({}, {"workers": 2}, {"dask": cluster}):
        with pytest.raises(McdaError) as raised:
            bulk([str(situations / "table.parquet")], Path("out.parquet"), settings, **options)
        said.append(str(raised.value))
        assert sorted(each.name for each in situations.iterdir()) == before
    assert said[0] == said[1] == said[2]


def test_a_worker_that_lives_on_reads_documents_anew(situations: Path, cluster: str) -> None:
    document = {
        "format": "mcda/scenario/1",
        "id": "t",
        "criteria": {
            "price": {"direction": "cost", "domain": [0, 100]},
            "speed": {"direction": "benefit", "domain": [0, 10]},
        },
        "options": {"a": {"price": 50, "speed": 5}, "b": {"price": 20, "speed": 4}},
    }
    pl.DataFrame({"scenario": ["x"], "price": [30.0]}).write_csv("t.csv")
    settings = Settings(template=str(situations / "t.json"))
    outcomes = []
    for weight in (2, 9):
        document["weights"] = {"direct": {"price": weight, "speed": 1}}
        Path("t.json").write_text(json.dumps(document), encoding="utf-8")
        for address, name in ((cluster, "dask"), (None, "local")):
            out = Path(f"{name}{weight}.parquet")
            bulk([str(situations / "t.csv")], out, settings, dask=address)
            outcomes.append(out.read_bytes())
    assert outcomes[0] == outcomes[1] != outcomes[2] == outcomes[3]


def test_workers_that_see_other_files_are_refused(
    situations: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(template=TEMPLATE)
    elsewhere = situations / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.parquet").write_bytes((situations / "situations.parquet").read_bytes())
    monkeypatch.chdir(elsewhere)  # the cluster's workers are in another folder
    with pytest.raises(
        InputError, match=r"worker tcp://\S+ does not see 'mine.parquet' from its folder .* Name"
    ):
        bulk(["mine.parquet"], Path("out.parquet"), settings, dask=cluster)
    found = bulk([str(elsewhere / "mine.parquet")], Path("out.parquet"), settings, dask=cluster)
    assert found.scenarios == 400


def test_workers_of_other_versions_are_refused(
    tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcda, "__version__", "9.9")
    with pytest.raises(InputError, match=r"worker tcp://\S+ has mcda .*, this machine 9\.9"):
        distributed.run([job(0, "a")], work, tmp_path, address=cluster)


def test_a_scheduler_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "_ANSWER", 0.3)
    for address in ("tcp://127.0.0.1:9", "nowhere://x", "tcp://no.such.host.invalid:8786"):
        with pytest.raises(InputError, match=f"no Dask scheduler answers at '{address}'.*local"):
            distributed.run([job(0, "a")], work, tmp_path, address=address)


def test_a_table_that_was_sorted_is_there_for_another_run(
    situations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "_ANSWER", 0.3)
    frame = pl.read_parquet("situations.parquet")
    pl.concat([frame[::2], frame]).write_parquet("scattered.parquet")
    settings, out = Settings(template=TEMPLATE), Path("out.parquet")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        bulk(["scattered.parquet"], out, settings, dask="tcp://127.0.0.1:9")
    (table,) = Path(".out.parquet.parts").glob(".table-*")
    made = (table / "about.json").stat().st_mtime_ns
    looked: list[int] = []
    bulk(
        ["scattered.parquet"],
        out,
        settings,
        progress=lambda _: looked.extend(
            each.stat().st_mtime_ns
            for each in Path(".out.parquet.parts").glob(".table-*/about.json")
        ),
    )
    assert set(looked) == {made}
    assert not Path(".out.parquet.parts").exists()


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "mcda-engine\[dask\]"'):
        distributed.run([job(0, "a")], work, tmp_path)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mcda", "bulk", *arguments]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--dask", "situations.parquet"), "--dask situations.parquet: this is no address"),
        (("--dask=tcp://h:1", "situations.parquet", "--workers", "2"), "Leave out one of them"),
    ],
)
def test_the_command_refuses_what_is_no_address(
    situations: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = subprocess.run(
        command(*arguments, "more", "-o", "out.csv"),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert said in done.stderr


@POSIX
def test_an_interrupt_ends_the_cluster_and_keeps_parts(situations: Path) -> None:
    arguments = ("many.jsonl", "-o", "out.csv", "--dask", "local", "--workers", "2")
    line = json.dumps({"format": "mcda/scenario/1", "id": "x", "criteria": "nowhere"})
    (situations / "many.jsonl").write_text(f"{line}\n" * 200_000, encoding="utf-8")
    mark = f"DISTRIBUTED_TEST={situations.as_posix()}"
    with subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DISTRIBUTED_TEST": situations.as_posix(),
        },
    ) as process:
        while not list(situations.glob(".out.csv.parts/*.part")):
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "--resume" in err
    assert "Traceback" not in err
    assert not Path("/proc").exists() or not _marked(mark)
    assert list(situations.glob(".out.csv.parts/*.part"))


def _marked(mark: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if f"{mark}\0".encode() in (entry / "environ").read_bytes():
                    found.append(entry.name)
            except OSError:
                continue
    return found

"""Jobs on a Dask cluster and other executors: the same bytes as without, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import mcda
from mcda.bulk.cluster import Cluster
from mcda.bulk.pool import Borrowed
from mcda.bulk.run import Step, bulk
from mcda.bulk.sources import Settings
from mcda.errors import InputError, McdaError

pytest.importorskip("distributed", reason="the extra dask is not installed")

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")
pytestmark = pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")

TEMPLATE = "articles/001-zero123"


def work(spec: tuple[Any, ...]) -> Any:
    """What a test's job does: it returns what it says, after what its words say."""
    match spec:
        case ("die", mark, times):
            with Path(mark).open("a") as deaths:
                deaths.write("x")
            if Path(mark).stat().st_size <= times:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)
        case ("tell",):
            return pl.thread_pool_size(), os.getpid()
    return spec


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers, as another machine's would be."""
    with Cluster("local", 2).connected() as client:
        yield client.scheduler.address


@pytest.fixture
def situations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of eight jobs and a folder of files, in the folder where tests work."""
    monkeypatch.setattr("mcda.bulk.chunking._ROWS", 50)
    frame = pl.DataFrame({"scenario": range(400), "volume": [n * 7 % 5 for n in range(400)]})
    frame.write_parquet(tmp_path / "situations.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_jobs_are_taken_as_they_are_needed(cluster: str) -> None:
    jobs, taken = [("job", n) for n in range(40)], 0

    def given() -> Iterator[tuple[Any, ...]]:
        nonlocal taken
        for each in jobs:
            taken += 1
            yield each

    ahead, found = [], []
    for through, each in enumerate(Cluster(cluster).each(work, given())):
        ahead.append(taken - through - 1)
        found.append(each)
    assert sorted(found) == [(job, job) for job in jobs]
    assert max(ahead) < 4  # two workers: not all is under way at once


def test_nobody_is_asked_where_there_is_nothing_to_do() -> None:
    assert list(Cluster("no://where").each(work, [])) == []


@POSIX
def test_a_worker_that_dies_costs_nothing_and_a_deadly_job_is_known(tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    deadly = ("die", str(twice), 9)
    jobs = [("tell",), ("die", str(once), 1), deadly, *(("job", n) for n in range(9))]
    before = dict(os.environ)
    found = dict(Cluster("local", 2).each(work, jobs))
    threads, process = found.pop(("tell",))
    assert threads == 1
    assert process != os.getpid()
    assert len(once.read_text()) >= 2  # and again, if the result died with the other job's worker
    assert twice.read_text() == "xx"
    assert "its worker process died, and so did a second one" in str(found.pop(deadly))
    assert len(found) == 10
    assert all(job == done for job, done in found.items())
    assert dict(os.environ) == before


def test_bytes_are_those_of_the_local_run_and_runs_finish_each_other(
    situations: Path, cluster: str
) -> None:
    settings = Settings(template=TEMPLATE)
    table = [str(situations / "situations.parquet")]
    bulk(table, Path("local.parquet"), settings)
    wanted = Path("local.parquet").read_bytes()
    bulk(table, Path("dask.parquet"), settings, engine=Cluster(cluster))
    assert Path("dask.parquet").read_bytes() == wanted

    class Stop(Exception):
        pass

    def stop(step: Step) -> None:
        if step.done == 3:
            raise Stop

    for first, second in ((None, Cluster(cluster)), (Cluster(cluster), None)):
        with pytest.raises(Stop):
            bulk(table, Path("both.parquet"), settings, engine=first, progress=stop)
        assert len(list(Path(".both.parquet.parts").glob("*.parquet"))) == 3
        summary = bulk(table, Path("both.parquet"), settings, engine=second, resume=True)
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
    for options in ({}, {"workers": 2}, {"engine": Cluster(cluster)}):
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
        for engine, name in ((Cluster(cluster), "dask"), (None, "local")):
            out = Path(f"{name}{weight}.parquet")
            bulk([str(situations / "t.csv")], out, settings, engine=engine)
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
        InputError,
        match=r"worker \S+ \(process \d+\) does not see 'mine.parquet' from its folder .* Name",
    ):
        bulk(["mine.parquet"], Path("out.parquet"), settings, engine=Cluster(cluster))
    found = bulk(
        [str(elsewhere / "mine.parquet")], Path("out.parquet"), settings, engine=Cluster(cluster)
    )
    assert found.scenarios == 400


def test_workers_of_other_versions_are_refused(
    situations: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcda, "__version__", "9.9")
    table = [str(situations / "situations.parquet")]
    said = r"worker \S+ \(process \d+\) has mcda .*, this machine 9\.9"
    with pytest.raises(InputError, match=said):
        bulk(table, Path("o.csv"), Settings(template=TEMPLATE), engine=Cluster(cluster))
    assert not [*situations.glob(".*")]


def test_a_scheduler_that_is_not_there() -> None:
    for address in ("tcp://127.0.0.1:9", "nowhere://x", "tcp://no.such.host.invalid:8786"):
        with pytest.raises(InputError, match=f"no Dask scheduler answers at '{address}'.*local"):
            list(Cluster(address, answer=0.3).each(work, [("a",)]))


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "mcda-engine\[dask\]"'):
        list(Cluster("local").each(work, [("a",)]))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executor_of_somebody_s_writes_the_same_bytes(situations: Path, kind: str) -> None:
    table = [str(situations / "situations.parquet")]
    bulk(table, Path("local.parquet"), Settings(template=TEMPLATE))
    if kind == "threads":
        executor: Executor = ThreadPoolExecutor(3)
    else:
        executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with executor:
        bulk(table, Path("o.parquet"), Settings(template=TEMPLATE), engine=Borrowed(executor, 2))
    assert Path("o.parquet").read_bytes() == Path("local.parquet").read_bytes()


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
        while not list(situations.glob(".out.csv.parts/*.parquet")):
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "--resume" in err
    assert "Traceback" not in err
    assert not Path("/proc").exists() or not _marked(mark)
    assert list(situations.glob(".out.csv.parts/*.parquet"))


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

"""The whole command: what it reads, and that nothing of it is left whatever ends it."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mcda.bulk import file_hash
from mcda.bulk.file_hash import hash_of, hashing
from tests.unit.bulk.test_pool import gone

ROOT = Path(__file__).parents[3]
PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"
)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("mcda.bulk.file_hash", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.cli.main", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.bulk.pool", {"numpy", "polars", "pydantic", "yaml", "mcda.engine"}),
        ("mcda.cli.bulk", {"numpy", "polars", "pydantic", "yaml", "mcda.engine", "distributed"}),
        ("mcda.bulk.chunking", {"polars", "pydantic", "yaml", "mcda.engine"}),
        (
            "mcda.bulk.preload",
            {"polars", "mcda.explanation.explanation", "mcda.stability.sensitivity", "dask"},
        ),
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
        patched.setattr(file_hash.hashlib, "file_digest", broken)
        with pytest.raises(error, match="loose"):
            hashing(str(path)).result(timeout=60)
        with pytest.raises(error, match="loose"):
            hash_of(str(path))
    assert hash_of(str(path)) == hashlib.sha256(b"x").digest()


# The whole command, which prepares its workers first.


def command(tmp_path: Path, mark: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mcda", "bulk", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "POOL_TEST": mark},
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

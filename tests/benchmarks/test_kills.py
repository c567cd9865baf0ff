"""Bulk runs that are killed at moments nobody chose, and the same bytes in the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

KILLS = 20
TEMPLATE = """
format: mcda/scenario/1
id: template
criteria: ai-sourcing
facts: article-world
options:
  open: {from: flan-t5-small}
  api: {from: gpt-4}
  hybrid: {from: hybrid, parts: {own: open, bought: api}}
"""


def command(out: str, *more: str) -> list[str]:
    source = ["t.parquet", "--template", "t.yaml", "-o", out, "--workers", "2"]
    return [sys.executable, "-m", "mcda", "bulk", *source, *more]


def workers_of(process: int) -> list[int]:
    """The workers of a run: copies of the process that `multiprocessing` starts for that."""
    found = []
    for child in children(process):
        if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
            found += children(child)
    return found


def children(process: int) -> list[int]:
    return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]


def folder_of(tmp_path: Path) -> tuple[bytes, float]:
    """A table of three jobs, the bytes of its results, and the seconds that they take."""
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    dice = random.Random(0)
    rows = 300_000
    table = {
        "scenario": range(rows),
        "team": [dice.randint(0, 4) for _ in range(rows)],
        "budget": [dice.randint(0, 4) for _ in range(rows)],
    }
    pl.DataFrame(table).write_parquet(tmp_path / "t.parquet")
    started = time.monotonic()
    subprocess.run(command("whole.parquet"), cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / "whole.parquet").read_bytes(), time.monotonic() - started


@pytest.mark.parametrize("victim", ["leader", "worker"])
def test_kills(tmp_path: Path, victim: str) -> None:
    wanted, seconds = folder_of(tmp_path)
    dice = random.Random(1)
    killed, begun, resumed = 0, 0, 0
    while killed < KILLS:
        begun += 1
        assert begun < 20 * KILLS
        process = subprocess.Popen(
            command("o.parquet", "--resume"),
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(dice.uniform(0.1, 1.0) * seconds)
        if victim == "leader":
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        elif process.poll() is None and (workers := workers_of(process.pid)):
            try:
                os.kill(dice.choice(workers), signal.SIGKILL)
                killed += 1
            except ProcessLookupError:  # it has just ended
                pass
            assert process.wait() == 0
        else:
            process.wait()
        out = tmp_path / "o.parquet"
        if out.exists():
            resumed += 1
            assert out.read_bytes() == wanted
            out.unlink()
    subprocess.run(command("o.parquet", "--resume"), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "o.parquet").read_bytes() == wanted
    assert not (tmp_path / ".o.parquet.parts").exists()
    assert not [*tmp_path.glob(".o.parquet.*")]
    print(f"\n{victim}: {killed} kills in {begun} runs, {resumed + 1} outputs, all the same bytes")

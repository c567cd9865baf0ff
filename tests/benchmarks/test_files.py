"""Scenario files in bulk, beside PyYAML's C loader that does no more than parse them."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
import yaml

pytestmark = pytest.mark.benchmark

FILES = int(os.environ.get("MCDA_BENCHMARK_FILES", "10000"))
ROUNDS = int(os.environ.get("MCDA_BENCHMARK_ROUNDS", "5"))
ARTICLES = Path(__file__).parents[2] / "scenarios" / "articles"
LEVELS = ("team", "budget", "data_security", "core_ness", "performance", "volume", "urgency")
LOADER = """
import sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1]).iterdir()):
    with open(path, "rb") as stream:
        yaml.load(stream, yaml.CSafeLoader)
"""


class Seconds(NamedTuple):
    """Of a process and its children, on the processors and on the clock."""

    cpu: float
    wall: float


def written(folder: Path, count: int, *, own_texts: bool) -> Path:
    """Articles with situations of their own, and with texts of their own or shared by many."""
    folder.mkdir()
    dice = random.Random(0)
    articles = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.yaml"))]
    for number in range(count):
        text = re.sub(r"(?m)^id: .*$", f"id: s-{number:05d}", articles[number % len(articles)])
        for name in LEVELS:
            text = re.sub(rf"(?m)^  {name}: .*$", f"  {name}: {dice.randint(0, 4)}", text)
        text = re.sub(r"(?m)^  sigma: .*$", f"  sigma: {dice.random():.3f}", text)
        if own_texts:
            text = re.sub(r"(?m)^((?:  (?:en|zh|document):|    -) .*)$", rf"\1 {number}", text)
        (folder / f"{number:05d}.yaml").write_text(text, encoding="utf-8")
    return folder


def timed(*command: str) -> Seconds:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Seconds(used.ru_utime + used.ru_stime, time.perf_counter() - start)


@pytest.mark.parametrize("own_texts", [False, True])
def test_files_against_parsing_alone(tmp_path: Path, own_texts: bool) -> None:
    many = written(tmp_path / "many", FILES, own_texts=own_texts)
    few = written(tmp_path / "few", 4, own_texts=own_texts)
    # a second job, without which no second worker is started
    data = yaml.safe_load((few / "00000.yaml").read_text(encoding="utf-8"))
    line = json.dumps({**data, "id": "line", "decision_date": "2025-07-26"})
    (few / "line.jsonl").write_text(f"{line}\n", encoding="utf-8")

    def ours(folder: Path, workers: int) -> Seconds:
        out = str(tmp_path / f"{folder.name}.parquet")
        command = (sys.executable, "-m", "mcda", "bulk", str(folder), "-o", out)
        return timed(*command, "--workers", str(workers))

    def theirs(folder: Path) -> Seconds:
        return timed(sys.executable, "-c", LOADER, str(folder))

    rounds = [
        (theirs(many), ours(many, 1), ours(many, 2), theirs(few), ours(few, 1), ours(few, 2))
        for _ in range(ROUNDS)
    ]
    print(f"\n{FILES} files, texts {'of their own' if own_texts else 'shared'}")
    for kind in Seconds._fields:
        loader, one, two, loader_start, one_start, two_start = (
            [getattr(each[place], kind) for each in rounds] for place in range(6)
        )
        starts = [median(each) for each in (loader_start, one_start, two_start)]
        whole = median(a / b for a, b in zip(one, loader, strict=True))
        inner = median((a - starts[1]) / (b - starts[0]) for a, b in zip(one, loader, strict=True))
        gain = median(a / b for a, b in zip(one, two, strict=True))
        inner_gain = median(
            (a - starts[1]) / (b - starts[2]) for a, b in zip(one, two, strict=True)
        )
        print(
            f"{kind}: CSafeLoader {median(loader):.2f} s, 1 worker {median(one):.2f} s, "
            f"2 workers {median(two):.2f} s; starts {starts[0]:.2f}, {starts[1]:.2f}, "
            f"{starts[2]:.2f} s\n  1 worker / CSafeLoader {whole:.2f}, without starts {inner:.2f}; "
            f"1 worker / 2 workers {gain:.2f}, without starts {inner_gain:.2f}"
        )

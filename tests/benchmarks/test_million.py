"""A million scenarios from file to file, against a copy of the file and a loop over pymcdm.

Whole processes, in turn, each with its start. `MCDA_BENCHMARK_SCENARIOS` takes fewer scenarios,
`MCDA_BENCHMARK_ROUNDS` more or fewer rounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pymcdm
import pytest

from mcda.files.loader import Loader

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc"),
]

SCENARIOS = int(os.environ.get("MCDA_BENCHMARK_SCENARIOS", "1000000"))
ROUNDS = int(os.environ.get("MCDA_BENCHMARK_ROUNDS", "3"))
LOOPED = 3_000
FIELDS = ("team", "budget", "data_security", "core_ness", "performance", "volume", "urgency")
FACTS = (
    "team_demand",
    "money_base",
    "money_per_volume",
    "speed_base",
    "speed_per_team",
    "security_offer",
    "control_offer",
    "performance_base",
)
COPY = "import polars as pl; pl.scan_parquet('{0}').sink_parquet('copy.parquet')"


def table(folder: Path) -> tuple[Path, Path]:
    """The long table in the order of its scenarios, and with its rows shuffled."""
    dice = np.random.default_rng(0)
    levels = {name: dice.integers(0, 5, SCENARIOS) for name in FIELDS}
    wide = pl.DataFrame(
        {"scenario": np.arange(SCENARIOS), **levels, "sigma": dice.random(SCENARIOS)}
    )
    options = pl.DataFrame(
        {
            "option": ["open", "api", "hybrid"],
            "from": ["flan-t5-small", "gpt-4", "hybrid"],
            "part:own": [None, None, "open"],
            "part:bought": [None, None, "api"],
        }
    )
    long = wide.join(options, how="cross", maintain_order="left")
    long = long.with_columns(pl.Series(name, dice.random(len(long)) * 4) for name in FACTS)
    ordered, shuffled = folder / "ordered.parquet", folder / "shuffled.parquet"
    long.write_parquet(ordered, row_group_size=100_002)
    long.sample(fraction=1, shuffle=True, seed=1).write_parquet(shuffled, row_group_size=100_002)
    return ordered, shuffled


def below(process: int) -> list[int]:
    """A process and all that it has started."""
    found = [process]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def memory(process: int) -> int:
    """Bytes that a process and all that it has started hold, what they share counted once."""
    total = 0
    for each in below(process):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def timed(command: list[str], folder: Path, *, watched: bool = False) -> tuple[float, int]:
    """Seconds of a whole process, and the most bytes that it and its workers held if watched."""
    most, over = [0], threading.Event()
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:

        def watch() -> None:
            while not over.wait(0.05):
                most[0] = max(most[0], memory(process.pid))

        watcher = threading.Thread(target=watch)
        if watched:
            watcher.start()
        assert process.wait() == 0
        seconds = time.perf_counter() - started
        over.set()
        if watched:
            watcher.join()
    return seconds, most[0]


def bulk(source: Path, out: str, *more: str) -> list[str]:
    command = [sys.executable, "-m", "mcda", "bulk", str(source), "--criteria", "ai-sourcing"]
    return [*command, "--facts", "article-world", "-o", out, *more]


def test_a_million_against_a_copy(tmp_path: Path) -> None:
    ordered, shuffled = table(tmp_path)
    copy = [sys.executable, "-c", COPY.format(ordered)]
    bare = ("--no-reasons", "--no-input-hash")
    runs = {
        "2 workers": (bulk(ordered, "two.parquet", "--workers", "2"), "at most 3"),
        "1 worker": (bulk(ordered, "one.parquet", "--workers", "1"), ""),
        "without reasons, flips and hash": (
            bulk(ordered, "bare.parquet", "--workers", "2", *bare),
            "at most 2",
        ),
        "rows shuffled": (bulk(shuffled, "shuffled_out.parquet", "--workers", "2"), "at most 4.5"),
        "Dask on this machine": (
            bulk(ordered, "dask.parquet", "--workers", "2", "--dask", "local"),
            "1.6 of 2 workers' time",
        ),
    }
    for command in (copy, *(command for command, _ in runs.values())):
        timed(command, tmp_path)  # files and programs are in the machine's memory from here on
    seconds: dict[str, list[float]] = {name: [] for name in ("copy", *runs)}
    for _ in range(ROUNDS):
        for name, command in (("copy", copy), *((n, c) for n, (c, _) in runs.items())):
            seconds[name].append(timed(command, tmp_path)[0])
    print(f"\n{SCENARIOS:,} scenarios x 3 options; a copy takes {median(seconds['copy']):.2f} s")
    for name, (_, limit) in runs.items():
        ratio = median(a / b for a, b in zip(seconds[name], seconds["copy"], strict=True))
        print(f"  {name}: {median(seconds[name]):.2f} s, {ratio:.2f} x ({limit})")
    whole = [(tmp_path / f"{name}.parquet").read_bytes() for name in ("two", "one", "dask")]
    assert whole[0] == whole[1] == whole[2]
    for name in ("2 workers", "rows shuffled"):
        most = timed(runs[name][0], tmp_path, watched=True)[1]
        print(f"  {name}: {most / 2**20:.0f} MiB in all processes together (below 1024)")


def test_a_million_against_a_loop(tmp_path: Path) -> None:
    """The loop reads and writes files too, and has the formulas as Python itself compiles them."""
    ordered, _ = table(tmp_path)
    ours = min(
        timed(bulk(ordered, "out.parquet", "--workers", "2"), tmp_path)[0] for _ in range(ROUNDS)
    )
    started = time.perf_counter()
    found = looped(pl.read_parquet(ordered, n_rows=3 * LOOPED))
    found.write_parquet(tmp_path / "looped.parquet")
    theirs = (time.perf_counter() - started) / LOOPED * SCENARIOS
    print(
        f"\n{SCENARIOS:,} scenarios from file to file: {ours:.2f} s; a loop over pymcdm, taken from"
        f" {LOOPED:,}: {theirs:.0f} s, {theirs / ours:.0f} x (at least 50)"
    )


def looped(rows: pl.DataFrame) -> pl.DataFrame:
    """Formulas, gates, TOPSIS and ranks, one scenario after the other."""
    loader = Loader()
    criteria = loader.criteria("ai-sourcing")
    pack = loader.pack("article-world", criteria)
    measures = {name: compile(m.formula, name, "eval") for name, m in criteria.measures.items()}
    gates = {name: compile(gate.rule, name, "eval") for name, gate in criteria.gates.items()}
    leaves = [leaf.measure for leaf in criteria.criteria.values()]
    known_facts = {
        option: {name: fact.value for name, fact in pack.options[option].facts.items()}
        for option in pack.options
    }
    folded = {
        "all": lambda a, b: None if a is None or b is None else a and b,
        "any": lambda a, b: None if a is None or b is None else a or b,
        "sum": lambda a, b: None if a is None or b is None else a + b,
        "max": lambda a, b: None if a is None or b is None else max(a, b),
        "min": lambda a, b: None if a is None or b is None else min(a, b),
    }
    names = {
        "clip": lambda value, low, high: min(max(value, low), high),
        "coalesce": lambda *given: next((each for each in given if each is not None), None),
        "known": lambda value: value is not None,
        "__builtins__": {},
    }
    defaults = {name: field.default for name, field in criteria.profile.items()}
    # fits lie in [0, 1] already
    topsis, results = pymcdm.methods.TOPSIS(lambda column, cost=False: column), []
    weights, types = np.full(5, 0.2), np.ones(5)

    def scored(row: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in row.items() if value is not None}
        facts = {**dict.fromkeys(criteria.facts), **known_facts[row["from"]]}
        for name, field in criteria.facts.items():
            if facts[name] is None and parts and field.combine:
                pair = (getattr(parts[role], name) for role in ("own", "bought"))
                facts[name] = folded[field.combine](*pair)
        values = {**names, **defaults, **facts, **given, **parts}
        for name, code in measures.items():
            try:
                values[name] = eval(code, values)
            except TypeError:  # something is unknown
                values[name] = None
        return values

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _, group in rows.group_by("scenario", maintain_order=True):
            options: dict[str, Any] = {}
            for row in group.iter_rows(named=True):
                roles = {role: row[f"part:{role}"] for role in ("own", "bought")}
                parts = {
                    role: SimpleNamespace(**options[name]) for role, name in roles.items() if name
                }
                options[row["option"]] = scored(row, parts)
            eligible = [
                name
                for name, values in options.items()
                if all(eval(code, values) for code in gates.values())
            ]
            matrix = np.array([[options[name][leaf] for leaf in leaves] for name in eligible])
            closeness = topsis(matrix, weights, types) if len(eligible) > 1 else np.ones(1)
            closeness = np.nan_to_num(closeness, nan=0.5)  # options that are all equal
            ranks = topsis.rank(closeness) if len(eligible) > 1 else np.ones(1)
            best = eligible[int(np.argmax(closeness))] if eligible else None
            results.append({"recommended": best, **dict(zip(eligible, ranks, strict=False))})
    return pl.DataFrame(results)

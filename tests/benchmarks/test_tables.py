"""Speed of library calls on data frames, side by side with a loop over pymcdm."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pymcdm
import pytest

import mcda

pytestmark = pytest.mark.benchmark

SCENARIOS = 100_000
LOOPED = 5_000
OPTIONS = {
    "open": {"from": "flan-t5-small"},
    "api": {"from": "gpt-4"},
    "hybrid": {"from": "hybrid", "parts": {"own": "open", "bought": "api"}},
}


def situations() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    fields = ("team", "budget", "data_security", "core_ness", "performance", "volume", "urgency")
    levels = {name: rng.integers(0, 5, SCENARIOS) for name in fields}
    return pl.DataFrame(
        {"scenario": np.arange(SCENARIOS), **levels, "sigma": rng.random(SCENARIOS)}
    )


def fastest(call: Any, times: int = 3) -> tuple[float, Any]:
    best, result = np.inf, None
    for _ in range(times):
        start = time.perf_counter()
        result = call()
        best = min(best, time.perf_counter() - start)
    return best, result


def looped() -> float:
    """Seconds that pymcdm takes for one scenario of 3 options and 5 criteria, values given."""
    topsis, weights, types = pymcdm.methods.TOPSIS(), np.full(5, 0.2), np.ones(5)
    matrices = np.random.default_rng(1).random((LOOPED, 3, 5)) + 0.1

    def loop() -> None:
        for matrix in matrices:
            topsis.rank(topsis(matrix, weights, types))

    return fastest(loop)[0] / LOOPED


def test_evaluate_frame_against_a_loop() -> None:
    table = situations()

    def wide(frame: Any) -> Any:
        return mcda.evaluate_frame(frame, "ai-sourcing", facts="article-world", options=OPTIONS)

    seconds, result = fastest(lambda: wide(table))
    long = result.select("scenario", "option").join(table, on="scenario", maintain_order="left")
    pack = {"open": "flan-t5-small", "api": "gpt-4", "hybrid": "hybrid"}
    hybrid = pl.col("option") == "hybrid"
    long = long.with_columns(
        pl.col("option").replace(pack).alias("from"),
        pl.when(hybrid).then(pl.lit("open")).alias("part:own"),
        pl.when(hybrid).then(pl.lit("api")).alias("part:bought"),
    )

    def tall(frame: Any) -> Any:
        return mcda.evaluate_frame(frame, "ai-sourcing", facts="article-world")

    shuffled = long.sample(fraction=1, shuffle=True, seed=1)
    each = {
        "a row for each scenario, Polars": seconds,
        "a row for each option, Polars": fastest(lambda: tall(long))[0],
        "the same shuffled": fastest(lambda: tall(shuffled))[0],
        "a row for each option, pandas": fastest(lambda: tall(long.to_pandas()))[0],
        "a row for each option, PyArrow": fastest(lambda: tall(long.to_arrow()))[0],
    }
    peer = looped() * SCENARIOS
    for name, taken in each.items():
        print(f"\n{name}: {taken:.2f} s, pymcdm's loop {peer:.1f} s: {peer / taken:.1f} x")


def test_from_a_pandas_frame_to_a_ranking() -> None:
    frame = pd.DataFrame({"model": list("abc"), "price": [900, 1500, 1200], "battery": [9, 16, 11]})
    mcda.decide(frame, {"price": 2, "battery": 1}, {"price": "cost", "battery": "benefit"})
    seconds, _ = fastest(
        lambda: mcda.decide(
            frame, {"price": 2, "battery": 1}, {"price": "cost", "battery": "benefit"}
        ),
        20,
    )
    script = (
        "import pandas as pd, mcda\n"
        "frame = pd.DataFrame({'m': list('abc'), 'p': [9, 15, 12], 'b': [9, 16, 11]})\n"
        "print(mcda.decide(frame, {'p': 2, 'b': 1}, {'p': 'cost', 'b': 'benefit'}).ranking)\n"
    )
    bare = "import pandas as pd\nframe = pd.DataFrame({'m': list('abc')})\n"
    whole, _ = fastest(
        lambda: subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    )
    pandas, _ = fastest(lambda: subprocess.run([sys.executable, "-c", bare], check=True))
    print(f"\ndecide on a pandas frame: {1e3 * seconds:.1f} ms; three lines in a new process:")
    print(f"{whole:.2f} s, of which importing pandas {pandas:.2f} s: {whole / pandas:.2f} x")

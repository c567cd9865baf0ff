"""A job leaves nothing behind: what it held is free without a search for circles of objects."""

from __future__ import annotations

import gc
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from mcda.bulk.jobs import Job, Run, do
from mcda.bulk.results import Results
from mcda.bulk.rows import StackValues
from mcda.bulk.sources import Settings, units
from mcda.frames.reading import Frame


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_job_leaves_no_circles(tmp_path: Path, shuffled: bool) -> None:
    dice = np.random.default_rng(0)
    table = pl.DataFrame(
        {
            "scenario": np.repeat(np.arange(50), 3),
            "option": ["open", "api", "hybrid"] * 50,
            "from": ["flan-t5-small", "gpt-4", "hybrid"] * 50,
            "part:own": [None, None, "open"] * 50,
            "part:bought": [None, None, "api"] * 50,
            "team": np.repeat(dice.integers(0, 5, 50), 3),
        }
    )
    if shuffled:
        table = table.sample(fraction=1, shuffle=True, seed=1)
    table.write_parquet(tmp_path / "t.parquet")
    settings = Settings(criteria="ai-sourcing", facts="article-world", reasons=True, hashes=True)
    [unit] = units([str(tmp_path / "t.parquet")], settings, folder=tmp_path)
    job = Job(0, "0", unit, Run("run", settings, (unit,)))
    assert do(job) == do(job)  # what is kept for all jobs is read now
    gc.collect()
    gc.disable()
    try:
        done = do(job)
        left = [
            each for each in gc.get_objects() if isinstance(each, (StackValues, Frame, Results))
        ]
    finally:
        gc.enable()
    assert not left
    assert (done.error, done.refused) == ("", None)
    assert pl.read_parquet(BytesIO(done.data))["error"].null_count() == 50

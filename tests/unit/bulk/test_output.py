"""The output of a run: its parts as one file, whatever they hold."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mcda.bulk import output
from mcda.bulk.summary import Summary


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_parts_whose_columns_differ_in_type_become_one_output(tmp_path: Path, suffix: str) -> None:
    kept = [
        pl.Series([1, 2]),
        pl.Series([2.5, None]),
        pl.Series(["x", None]),
        pl.Series(["u", "v"], dtype=pl.Enum(["u", "v"])),
        None,
    ]
    parts = []
    for number, column in enumerate(kept):
        frame = pl.DataFrame(
            {"scenario": [f"{number}a", f"{number}b"], "source": "t", "error": [None, None]},
            schema_overrides={"error": pl.String},
        )
        if column is not None:
            frame = frame.with_columns(column.alias("site"))
        parts.append(tmp_path / f"{number}.parquet")
        frame.write_parquet(parts[-1])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    out = tmp_path / f"o.{suffix}"
    output.join(parts, Summary(), scratch, out)
    read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}[suffix]
    found = read(out)
    assert found["scenario"].to_list() == [f"{n}{each}" for n in range(5) for each in "ab"]
    wanted = ["1", "2", "2.5", None, "x", None, "u", "v", None, None]
    assert [each and each.removesuffix(".0") for each in found["site"].to_list()] == wanted

"""Runs of tables in files, against taking the same rows from the frames."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from mcda.bulk.packed import Packer, read_rows
from mcda.frames import building


def whole(low: int, high: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(low, high), st.integers(0, 3), st.sampled_from([low, high]))


KINDS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "int64": (pl.Int64, whole(-(2**63), 2**63 - 1)),
    "int8": (pl.Int8, whole(-128, 127)),
    "uint64": (pl.UInt64, whole(0, 2**64 - 1)),
    "int128": (pl.Int128, whole(-(2**63), 2**63 - 1)),
    "float64": (pl.Float64, st.floats()),
    "float32": (pl.Float32, st.floats(width=32)),
    "boolean": (pl.Boolean, st.booleans()),
    "words": (pl.String, st.sampled_from(["", "a", "\u4e2d", "\0"])),
    "texts": (pl.String, st.text(max_size=5)),
    "categories": (pl.Categorical, st.sampled_from(["x", "y"])),
    "enumeration": (pl.Enum(["p", "q"]), st.sampled_from(["p", "q"])),
    "dates": (pl.Date, st.dates()),
    "times": (pl.Datetime("us"), st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1))),
    "spans": (pl.Duration("ms"), st.integers(-9, 9).map(lambda n: timedelta(milliseconds=n))),
    "decimals": (pl.Decimal(9, 2), st.integers(-999, 999).map(lambda n: Decimal(n) / 100)),
    "lists": (pl.List(pl.Int64), st.lists(st.integers(0, 9), max_size=2)),
    "bytes": (pl.Binary, st.binary(max_size=3)),
    "nothing": (pl.Null, st.none()),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[pl.DataFrame], list[np.ndarray[Any, Any]], Any]:
    """Runs with the same columns, an order of each, and a piece of each."""
    names = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6, unique=True))
    empty = draw(st.lists(st.sampled_from(names), max_size=2))  # columns without any entry
    frames, orders, pieces = [], [], []
    for _ in range(draw(st.integers(1, 3))):
        height = draw(st.integers(1, 6))
        columns = []
        for name in names:
            kind, entry = KINDS[name]
            entries = st.none() if name in empty else st.one_of(entry, entry, st.none())
            values = draw(st.lists(entries, min_size=height, max_size=height))
            columns.append(pl.Series(name, values, kind))
        frames.append(pl.DataFrame(columns))
        orders.append(np.array(draw(st.permutations(range(height)))))
        ends = sorted(draw(st.tuples(st.integers(0, height), st.integers(0, height))))
        pieces.append((ends[0], ends[1]))
    return frames, orders, pieces


def stored(frames: list[pl.DataFrame], orders: list[Any], folder: Path) -> None:
    packer = Packer(folder)
    for number in reversed(range(len(frames))):  # threads write them in any order
        packer.write(number, frames[number], orders[number])
    packer.close()


def taken(frames: list[pl.DataFrame], orders: list[Any], pieces: Any) -> pl.DataFrame:
    parts = [
        frame[order.tolist()][first:last]
        for frame, order, (first, last) in zip(frames, orders, pieces, strict=True)
    ]
    return pl.concat(parts)


@given(tables(), st.sampled_from([1, 2, 200]))
def test_rows_come_back_as_they_were(table: Any, words: int) -> None:
    frames, orders, pieces = table
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        patched.setattr(building, "_FEW", words)
        stored(frames, orders, Path(name))
        assert_frame_equal(read_rows(Path(name), pieces), taken(frames, orders, pieces))


def test_words_that_only_some_runs_have(tmp_path: Path) -> None:
    few, many = ["a", "b", None] * 100, [f"t{number}" for number in range(300)]
    frames = [pl.DataFrame({"said": each}) for each in (few, ["b", "c", "a"] * 100, many, few)]
    orders = [np.random.default_rng(n).permutation(300) for n in range(4)]
    stored(frames, orders, tmp_path)
    assert [path.exists() for path in map(tmp_path.joinpath, ("000002.arrow", "000001.arrow"))] == [
        True,
        False,
    ]
    for pieces in (
        [(0, 300)] * 4,
        [(5, 9), (0, 0), (7, 8), (0, 1)],
        [(0, 9), (1, 2), (0, 0), (0, 0)],
    ):
        assert_frame_equal(read_rows(tmp_path, pieces), taken(frames, orders, pieces))


def test_numbers_and_words_take_few_bytes(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"level": [0, 1, 2, 3] * 1000, "option": ["open", "api", "hybrid", "x"] * 1000}
    )
    stored([frame], [np.arange(4000)], tmp_path)
    assert (tmp_path / "000000.numbers").stat().st_size == 2 * 4000

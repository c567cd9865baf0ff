"""A table means the same as a file and as a frame, and what is no option never becomes one."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mcda
from mcda.errors import McdaError
from mcda.model.recognition import Table, recognise

NUMBERS = st.one_of(st.integers(1, 5), st.integers(1, 3000), st.sampled_from([0.5, 1.25, 99.5]))
HEADERS = st.sampled_from(
    ["price", "Supplier", "id", "No.", "index", "year", "Weight", "x", "供应商", "编号", "数量"]
)
OTHERS = ["Total", "average", "Weights", "type", "units", "合计", "平均值", "权重", "方向", "单位"]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    """Columns of numbers, and perhaps one of names, in any order."""
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    headers = draw(st.lists(HEADERS, min_size=width, max_size=width, unique=True))
    columns = [draw(st.lists(NUMBERS, min_size=height, max_size=height)) for _ in headers]
    for number in range(width):
        if draw(st.integers(0, 4)) == 0:
            columns[number] = list(range(1, height + 1))
    if draw(st.booleans()):
        headers[draw(st.integers(0, 1))], names = (
            "option",
            [f"{chr(97 + i)}" for i in range(height)],
        )
        columns[headers.index("option")] = names
    return headers, [list(row) for row in zip(*columns, strict=True)]


def outcome(given: Any, weights: Any) -> Any:
    try:
        return mcda.decide(given, weights, "benefit").to_dict()
    except McdaError as error:
        return "may name" in str(error), "row numbers" in str(error)


@settings(max_examples=150, deadline=None)
@given(table=tables(), weights=st.sampled_from(["equal", "two", "all"]))
def test_a_file_and_a_frame_give_one_answer(
    table: tuple[list[str], list[list[Any]]], weights: str
) -> None:
    headers, rows = table
    # a frame has lost how decimals were written, so that they name nothing in it
    assume(not any(isinstance(row[0], float) for row in rows))
    said: Any = weights
    if weights != "equal":
        said = {name: 1 for name in headers[0 if weights == "all" else 1 :] if name != "option"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headers, *rows])
        found = [
            outcome(each, said)
            for each in (path, pd.read_csv(path), pl.read_csv(path.read_bytes()))
        ]
    assert found[0] == found[1] == found[2]


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=2, max_size=6),
    name=st.sampled_from(OTHERS),
    data=st.data(),
)
def test_a_row_that_is_no_option_is_named_wherever_it_stands(
    rows: list[list[float]], name: str, data: st.DataObject
) -> None:
    names = [f"option {chr(97 + number)}" for number in range(len(rows))]
    plain = Table(["p", "q", "r"], names, lambda row, column: rows[row][column])
    if not reciprocal(rows):
        assert recognise(plain) == ()
    place = data.draw(st.integers(0, len(rows)))
    names.insert(place, name)
    rows = [*rows[:place], data.draw(st.lists(NUMBERS, min_size=3, max_size=3)), *rows[place:]]
    if not reciprocal(rows):
        found = recognise(plain._replace(cell=lambda row, column: rows[row][column]))
        assert [each.row for each in found] == [place]
    frame = {
        each: {c: row[i] for i, c in enumerate("pqr")}
        for each, row in zip(names, rows, strict=True)
    }
    with pytest.raises(McdaError, match="looks like"):
        mcda.decide(frame, "equal", "benefit")
    assert list(mcda.decide(frame, "equal", "benefit", rows="options").values) == names


def reciprocal(rows: list[list[float]]) -> bool:
    """Whether three rows are three columns' comparisons."""
    if len(rows) != 3:
        return False
    return all(abs(rows[i][j] * rows[j][i] - 1) < 0.2 for i in range(3) for j in range(3))

"""Files, frames and mappings take a table alike, and refuse what is no decision matrix alike."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest

import mcda
from mcda.errors import DocumentError, InputError

FOOTER = """Plant,C1,C2,C3
P1,45,3600,0.9
P2,25,3800,0.8
P3,14,3400,0.7
weights,0.3,0.4,0.3
type,1,-1,1
"""
TRANSPOSED = """Criteria,Weight,Option A,Option B,Option C
Performance,0.4,8,7,9
Battery Life,0.3,6,9,7
Price,0.2,7,8,5
Brand,0.1,9,6,8
"""
MATRIX = "criteria,slope,soil,roads\nslope,1,3,5\nsoil,0.333,1,3\nroads,0.2,0.333,1\n"
SURVEY = """respondent,money vs users,money vs risk,users vs risk
r1,3,1,1/3
r2,1/2,1/5,5
"""
#: Table -> what is said of it, and the cell of the file and the row of the frame that is named.
OTHERS: dict[str, tuple[str, str, str, str]] = {
    "weights": (FOOTER, "'weights' looks like weights", "5: A5", "row 4"),
    "type": (FOOTER, "'type' looks like directions", "6: A6", "row 5"),
    "criteria in rows": (TRANSPOSED, "the table looks like criteria in rows", "1: A1", ""),
    "comparisons": (MATRIX, "the table looks like a comparison matrix", "1: A1", ""),
    "survey": (SURVEY, "the table looks like a survey of judgements", "1: A1", ""),
    "total": ("o,x,y\na,1,2\nb,3,1\nTotal,4,3\n", "'Total' looks like a total", "4: A4", "row 3"),
    "合计": (
        "方案,价格,质量\n甲,1,2\n乙,3,1\n合计,4,3\n",
        "'合计' looks like a total",
        "4: A4",
        "row 3",
    ),
    "平均": (
        "方案,价格,质量\n甲,1,2\n乙,3,1\n平均值,2,1.5\n",
        "'平均值' looks like an av",
        "4: A4",
        "",
    ),
    "units": ("o,x,y\n,EUR,GB\na,1,2\nb,3,1\n", "the row looks like units", "2: A2", "row 1"),
    "单位": (
        "方案,价格,质量\n单位,元,分\n甲,1,2\n乙,3,1\n",
        "'单位' looks like units",
        "2: A2",
        "row 1",
    ),
    "words": (
        "o,x,y\na,1,2\nb,3,1\ngoal,max,min\n",
        "'goal' looks like directions",
        "4: A4",
        "row 3",
    ),
}


def ways(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    found = {
        "file": path,
        "pandas": pd.read_csv(path),
        "polars": pl.read_csv(io.BytesIO(text.encode())),
    }
    return {**found, "pyarrow": found["polars"].to_arrow()}


@pytest.mark.parametrize("way", ["file", "pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("case", OTHERS)
def test_what_is_no_matrix_is_named(case: str, way: str, tmp_path: Path) -> None:
    text, what, cell, row = OTHERS[case]
    with pytest.raises(mcda.McdaError) as caught:
        mcda.decide(ways(text, tmp_path)[way], "equal", "benefit")
    message = str(caught.value)
    assert what in message
    assert (f"table.csv:{cell}: the" if way == "file" else row) in message
    assert "--rows options" in message


@pytest.mark.parametrize("way", ["file", "pandas", "polars", "pyarrow"])
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (FOOTER, "P1 P2 P3 weights type"),
        (MATRIX, "slope soil roads"),
        (TRANSPOSED.replace(" ", ""), "Performance BatteryLife Price Brand"),
        ("o,x,y\na,1,2\nb,3,1\nTotal,4,3\n", "a b Total"),
    ],
)
def test_every_row_is_an_option_if_one_says_so(
    text: str, rows: str, way: str, tmp_path: Path
) -> None:
    decision = mcda.decide(ways(text, tmp_path)[way], "equal", "benefit", rows="options")
    assert list(decision.values) == rows.split()


def test_the_other_remedies_work(tmp_path: Path) -> None:
    without = FOOTER.partition("weights")[0]
    weights, directions = [0.3, 0.4, 0.3], [1, -1, 1]
    answers = [
        mcda.decide(given, weights, directions).to_dict()
        for given in ways(without, tmp_path).values()
    ]
    assert all(answer == answers[0] for answer in answers)
    turned = pd.read_csv(io.StringIO(TRANSPOSED), index_col=0).T
    options = turned.drop(index="Weight")
    by_hand = mcda.decide(options, turned.loc["Weight"], "benefit")
    assert dict(by_hand.weights) == pytest.approx(
        {"Performance": 0.4, "Battery Life": 0.3, "Price": 0.2, "Brand": 0.1}
    )
    with pytest.raises(InputError, match="row 1: the row 'Weight' looks like weights"):
        mcda.decide(turned, "equal", "benefit")


def test_mappings_and_names_of_their_own() -> None:
    rows = {"a": {"x": 1, "y": 2}, "b": {"x": 3, "y": 1}, "Total": {"x": 4, "y": 3}}
    with pytest.raises(InputError, match="row 3: the row 'Total' looks like a total"):
        mcda.decide(rows, "equal", "benefit")
    assert mcda.decide(rows, "equal", "benefit", rows="options").recommended == "Total"
    # who names the options says that all rows are some
    frame = pd.DataFrame(list(rows.values()))
    own = mcda.decide(frame, [1, 1], "benefit", options=["a", "b", "Total"])
    assert own.recommended == "Total"
    with pytest.raises(InputError, match="rows='option' is not known"):
        mcda.decide(rows, "equal", "benefit", rows="option")  # type: ignore[arg-type]


def test_arrays_without_names() -> None:
    square = [[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]
    for given in (square, np.array(square)):
        with pytest.raises(InputError, match="the table looks like a comparison matrix: opposite"):
            mcda.decide(given, [1, 1, 1], "benefit")
        for settled in ({"rows": "options"}, {"options": ["a", "b", "c"]}):
            assert len(mcda.decide(given, [1, 1, 1], "benefit", **settled).values) == 3
    with pytest.raises(InputError, match="row 4: the row looks like directions: it holds 1 and -1"):
        mcda.decide([[4, 2, 3], [2, 3, 4], [3, 4, 2], [1, -1, 1]], [1, 1, 1], "benefit")
    assert mcda.decide([[1, 2], [0.5, 1]], [1, 1], "benefit").recommended == "option 1"


LEGITIMATE = {
    "oil": "company,price,yield\nTotal Energies,60,5\nShell,30,4\nType-R,20,3\n",
    "people": "name,skill,pay\nMax,3,50\nMin,4,60\nMean Joe,5,70\nBo,1,20\n",
    "years": "year,cost,gain\n2019,3,5\n2020,4,4\n2021,2,3\n",
    "laptops": "model,Weight,price\na,1.2,900\nb,1.6,1500\n",
    "versions": "version,size,speed\n1.0,3,5\n1.1,4,4\n2.0,2,3\n",
    "changes": "firm,growth,margin\na,-1,3\nb,1,-1\nc,2,1\n",
}


@pytest.mark.parametrize("case", LEGITIMATE)
def test_options_are_not_refused(case: str, tmp_path: Path) -> None:
    _, *rest = [line.split(",")[0] for line in LEGITIMATE[case].splitlines()]
    decision = mcda.decide(ways(LEGITIMATE[case], tmp_path)["file"], "equal", "benefit")
    assert list(decision.values) == rest
    if case != "versions":  # a frame's are no text any more
        frame = mcda.decide(ways(LEGITIMATE[case], tmp_path)["pandas"], "equal", "benefit")
        assert frame.to_dict() == decision.to_dict()


SUPPLIERS = """Supplier,Unit Cost,Lead Time (Days),On Time Delivery
1,1.05,8,0.75
2,1.21,13,0.83
3,1.22,12,0.91
"""
NO_NAMES = "Price,RAM\n1,2\n2,1\n"


@pytest.mark.parametrize("weights", ["equal", "entropy", [1, 1, 1]])
def test_a_first_column_of_ids_names_the_options(weights: Any, tmp_path: Path) -> None:
    found = {}
    for way, given in ways(SUPPLIERS, tmp_path).items():
        decision = mcda.decide(given, weights, ["cost", "cost", "benefit"])
        assert list(decision.values) == ["1", "2", "3"]
        assert list(decision.weights) == ["Unit Cost", "Lead Time (Days)", "On Time Delivery"]
        found[way] = decision.to_dict()
    indexed = ways(SUPPLIERS, tmp_path)["pandas"].set_index("Supplier")
    assert mcda.decide(indexed, weights, ["cost", "cost", "benefit"]).to_dict() == found["file"]
    assert all(each == found["file"] for each in found.values())


@pytest.mark.parametrize("way", ["file", "pandas", "polars", "pyarrow"])
def test_what_could_be_names_or_values_is_asked(way: str, tmp_path: Path) -> None:
    given = ways(NO_NAMES, tmp_path)[way]
    with pytest.raises(mcda.McdaError, match="column 'Price' may name the options or be a crit"):
        mcda.decide(given, "equal", "benefit")
    # each way to settle it
    for weights, directions in [
        ({"Price": 1, "RAM": 1}, "benefit"),
        ("equal", {"Price": "cost", "RAM": "benefit"}),
        ([1, 1], "benefit"),
        ({("Price", "RAM"): 1}, "benefit"),
    ]:
        decision = mcda.decide(given, weights, directions)
        assert list(decision.weights) == ["Price", "RAM"]
        assert list(decision.values) == ["option 1", "option 2"]
    for weights, directions in [
        ({"RAM": 1}, "benefit"),
        ("equal", {"RAM": "cost"}),
        ([1], "benefit"),
    ]:
        decision = mcda.decide(given, weights, directions)
        assert list(decision.weights) == ["RAM"]
        assert list(decision.values) == ["1", "2"]
    assert list(mcda.decide(given, "equal", "benefit", options="RAM").values) == ["2", "1"]
    chosen = mcda.decide(given, "equal", "benefit", criteria=["Price", "RAM"])
    assert list(chosen.weights) == ["Price", "RAM"]


COUNTED = "No.,Vendor,Price,Quality\n1,A,3,5\n2,B,4,2\n3,C,2,1\n"


@pytest.mark.parametrize("way", ["file", "pandas", "polars", "pyarrow"])
def test_row_numbers_are_no_criterion(way: str, tmp_path: Path) -> None:
    given = ways(COUNTED, tmp_path)[way]
    with pytest.raises(mcda.McdaError, match=r"column 'No\.' looks like row numbers or ids"):
        mcda.decide(given, "equal", "benefit")
    for weights in ({"Price": 1, "Quality": 1}, [1, 1]):
        decision = mcda.decide(given, weights, "benefit")
        assert list(decision.weights) == ["Price", "Quality"]
        assert list(decision.values) == ["A", "B", "C"]
    asked = mcda.decide(given, {"No.": 1, "Price": 1, "Quality": 1}, "benefit")
    assert list(asked.weights) == ["No.", "Price", "Quality"]


def test_the_column_that_names_the_options_can_be_said(tmp_path: Path) -> None:
    given = ways("code,Price,Quality\n7,3,5\n8,4,2\n", tmp_path)
    answers = [
        mcda.decide(each, "equal", "benefit", options="code").to_dict() for each in given.values()
    ]
    assert all(answer == answers[0] for answer in answers)
    with pytest.raises(mcda.McdaError, match="there is no column 'cod'. Did you mean 'code'"):
        mcda.decide(given["file"], "equal", "benefit", options="cod")


def test_formulas_of_a_workbook_are_no_worse_than_their_row(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (["Vendor", "Price"], ["A", 3], ["B", 4], ["Average", "=AVERAGE(B2:B3)"]):
        workbook.active.append(row)
    path = tmp_path / "table.xlsx"
    workbook.save(path)
    with pytest.raises(DocumentError) as caught:
        mcda.decide(path, "equal", "cost")
    [finding] = caught.value.findings
    assert finding.place.field == "A4"
    assert finding.what == "the row 'Average' looks like an average or another statistic: " + (
        "it is named so"
    )

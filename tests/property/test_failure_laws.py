"""What is wrong in a row of a table fails that row's scenario, and no other."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mcda

MODEL = mcda.Criteria(
    id="boats",
    profile={
        "crew": {"domain": [0, 4], "default": 1},
        "sea": {"type": "choice", "values": ["calm", "rough"], "default": "calm"},
    },
    facts={
        "price": {"domain": [0, 10]},
        "speed": {"domain": [0, 10]},
        "room": {"domain": [0, 10]},
        "safe": {"type": "boolean"},
    },
    criteria={
        "cheap": {"direction": "cost", "fact": "price"},
        "fast": {"direction": "benefit", "fact": "speed"},
        "wide": {"direction": "benefit", "fact": "room"},
    },
    judgements={"goal": {"cheap vs fast": 2, "cheap vs wide": 2, "fast vs wide": 1}},
)
OPTIONS = {
    "a": {"facts": {"price": 1, "speed": 2, "room": 3, "safe": True}},
    "b": {"facts": {"price": 9, "speed": 8, "room": 2, "safe": True}},
    "c": {"facts": {"price": 5, "speed": 5, "room": 9, "safe": False}},
}
WEIGHTS = ("weight:cheap", "weight:fast", "weight:wide")
JUDGEMENTS = ("judgement:cheap vs fast", "judgement:cheap vs wide")
#: Column -> cells that are fine, all as text, as in CSV; a table of options has the facts of each.
FINE = {
    "price": ["0", "3.5", "10"],
    "speed": ["1", "7"],
    "crew": ["0", "4"],
    "sea": ["calm", "rough"],
    "expected:recommended": ["a", "b"],
    **{name: ["1/5", "3", "0.5", "9"] for name in JUDGEMENTS},
    **{name: ["1", "2.5"] for name in WEIGHTS},
}
WRONG = {
    "price": ["11", "dear"],
    "speed": ["-1", "x"],
    "crew": ["5", "many"],
    "sea": ["wet"],
    "expected:recommended": ["nobody"],
    **{name: ["-3", "abc", "0", "1/0"] for name in JUDGEMENTS},
    **{name: ["-1", "heavy"] for name in WEIGHTS},
}
RATIO = "consistency_ratio"
#: Columns that say something of an option, not of the scenario.
OF_OPTIONS = ("price", "speed")

Row = dict[str, str]


@st.composite
def columns_of(draw: st.DrawFn) -> list[str]:
    """Columns that go with each other: judgements, or weights, or neither."""
    plain = ["price", "speed", "crew", "sea", "expected:recommended"]
    own = draw(st.sampled_from([[], list(WEIGHTS), list(JUDGEMENTS), list(JUDGEMENTS[:1])]))
    return [*draw(st.lists(st.sampled_from(plain), unique=True, min_size=not own)), *own]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Row], list[Row] | None, dict[str, str]]:
    """Rows, those of a second table if there is one, and scenario -> row and column at fault.

    The rows have their scenario's and option's names, in any order; each faulty scenario has one
    faulty row, and one faulty cell in it.
    """
    columns = draw(columns_of())
    count = draw(st.integers(1, 6))
    names = [f"s{number}" for number in range(count)]
    of_scenarios = [name for name in columns if name not in OF_OPTIONS]
    shape = draw(st.sampled_from(["scenarios", "options", "two"]))
    common = {
        name: {each: draw(st.sampled_from(FINE[each])) for each in of_scenarios} for name in names
    }
    rows: list[Row] = []
    if shape == "scenarios":
        for name in draw(st.permutations(names)):
            own = {
                each: draw(st.sampled_from(FINE[each])) for each in columns if each in OF_OPTIONS
            }
            rows.append({"scenario": name, **own, **common[name]})
    else:
        for name in names:
            for option in OPTIONS:
                own = {e: draw(st.sampled_from(FINE[e])) for e in columns if e in OF_OPTIONS}
                here = common[name] if shape == "options" else {}
                rows.append({"scenario": name, "option": option, **own, **here})
        rows = draw(st.permutations(rows))
    second = None
    if shape == "two":
        second = [{"scenario": name, **common[name]} for name in draw(st.permutations(names))]
    faults: dict[str, str] = {}
    for name in draw(st.lists(st.sampled_from(names), unique=True)):
        column = draw(st.sampled_from(columns))
        table = second if second is not None and column in of_scenarios else rows
        mine = [number for number, row in enumerate(table) if row["scenario"] == name]
        number = draw(st.sampled_from(mine))
        table[number] = {**table[number], column: draw(st.sampled_from(WRONG[column]))}
        place = "the table of scenarios: " if table is second else ""
        faults[name] = f"{place}row {number + 1} (scenario|column {column!r}"
    return rows, second, faults


def frame_of(rows: list[Row]) -> pd.DataFrame:
    """Text as CSV has it: numbers where they are, also among words."""

    def cell(text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text

    return pd.DataFrame({name: [cell(row[name]) for row in rows] for name in rows[0]})


def results(rows: list[Row], second: list[Row] | None) -> dict[str, dict[str, Any]]:
    """Scenario -> its row of results."""
    keys: dict[str, Any] = {} if second is None else {"scenarios": frame_of(second)}
    found = mcda.evaluate_frame(
        frame_of(rows), MODEL, options=OPTIONS, errors="report", per="scenario", **keys
    )
    return {
        row["scenario"]: row
        for row in found.astype(object).where(found.notna(), None).to_dict("records")
    }


@given(cases())
def test_exactly_the_scenarios_of_faulty_rows_fail(
    case: tuple[list[Row], list[Row] | None, dict[str, str]],
) -> None:
    rows, second, faults = case
    found = results(rows, second)
    for name, row in found.items():
        if name in faults:
            place, column = faults[name].split("|")
            assert row["error"].startswith(place)
            assert column in row["error"]
            assert "could not convert" not in row["error"]
            assert row["recommended"] is None
            continue
        assert row["error"] is None, row["error"]
        alone = results(
            [each for each in rows if each["scenario"] == name],
            None if second is None else [each for each in second if each["scenario"] == name],
        )[name]
        for column, value in row.items():
            # the eigenvalue behind a consistency ratio may differ in its last bit
            assert value == (pytest.approx(alone[column]) if column == RATIO else alone[column])

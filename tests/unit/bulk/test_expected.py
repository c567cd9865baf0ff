"""What tables expect of their scenarios, checked as for files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import mcda
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings
from mcda.engine.expectations import missed

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
#: team, egress_forbidden; expected as a file has it; the same as cells.
CASES: list[tuple[int, bool, dict[str, Any], tuple[str | None, ...]]] = [
    (0, False, {"recommended": "api"}, ("api", None, None)),
    (0, False, {"recommended": "open", "verdict": "tie"}, ("open", "tie", None)),
    (2, True, {"verdict": ["clear", "close"]}, (None, "clear; close", None)),
    (2, True, {"verdict": ["clear", "tie"]}, (None, '["clear", "tie"]', None)),
    (2, True, {"excluded": ["api", "hybrid"]}, (None, None, "api; hybrid")),
    (2, True, {"excluded": ["open"]}, (None, None, ' ["open"]')),
    (
        2,
        True,
        {"excluded": {"api": "egress", "hybrid": "task"}},
        (None, None, "api: egress; hybrid: task"),
    ),
    (2, True, {"excluded": {"api": "licence"}}, (None, None, '{"api": "licence"}')),
    (2, False, {"excluded": []}, (None, None, "[]")),
    (2, True, {"excluded": []}, (None, None, "[]")),
    (2, True, {}, (None, None, None)),
]


def _told(code: str, values: Mapping[str, str | None]) -> str:
    kind = {"missed_recommended": "recommended", "missed_verdict": "verdict", "missed_gate": "gate"}
    short = {**kind, "missed_excluded": "excluded", "missed_eligible": "eligible"}[code]
    return (
        short + ": " + ", ".join(f"{name} {value or 'nothing'}" for name, value in values.items())
    )


def missed_by_files(tmp_path: Path) -> list[str | None]:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    base = mcda.load_scenario(tmp_path / "t.yaml").model_dump(by_alias=True, exclude_unset=True)
    said = []
    for team, forbidden, expected, _ in CASES:
        profile = {"team": team, "egress_forbidden": forbidden}
        keys = {k: v for k, v in base.items() if k != "format"}
        scenario = mcda.Scenario(**{**keys, "profile": profile, "expected": expected})
        found = [_told(each.code, each.values) for each in missed(mcda.evaluate(scenario))]
        said.append("; ".join(found) or None)
    return said


def frame_of(cases: Any = CASES) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "scenario": [f"s{n}" for n in range(len(cases))],
            "team": [case[0] for case in cases],
            "egress_forbidden": [case[1] for case in cases],
            "expected:recommended": [case[3][0] for case in cases],
            "expected:verdict": [case[3][1] for case in cases],
            "expected:excluded": [case[3][2] for case in cases],
        }
    )


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_miss_what_files_miss(tmp_path: Path, form: str) -> None:
    wanted = missed_by_files(tmp_path)
    assert {each is None for each in wanted} == {True, False}
    path = tmp_path / f"t.{form}"
    frame = frame_of()
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    settings = Settings(template=str(tmp_path / "t.yaml"))
    summary = bulk([str(path)], tmp_path / "o.parquet", settings)
    assert pl.read_parquet(tmp_path / "o.parquet")["missed"].to_list() == wanted
    assert summary.missed == sum(each is not None for each in wanted)
    assert summary.failed == 0


def long(*expected: tuple[str, str, str | None]) -> pl.DataFrame:
    prices = {"a": 1.0, "b": 2.0, "c": 3.0}
    return pl.DataFrame(
        {
            "scenario": [each[0] for each in expected],
            "option": [each[1] for each in expected],
            "price": [prices[each[1]] for each in expected],
            "expected:recommended": [each[2] for each in expected],
        },
        schema_overrides={"expected:recommended": pl.String},
    )


CRITERIA = {"price": {"direction": "cost", "domain": [0, 9]}}


def test_rows_of_a_scenario_agree() -> None:
    table = long(
        ("s", "a", None), ("s", "b", "b"), ("t", "a", "a"), ("t", "b", "a"), ("u", "a", "a"),
        ("u", "b", "b"), ("v", "a", None), ("v", "b", "c"), ("v", "c", None), ("w", "a", "c"), ("w", "b", None),
    )  # fmt: skip
    found = mcda.evaluate_frame(table, CRITERIA, errors="report")
    of = {row["scenario"]: (row["missed"], row["error"]) for row in found.to_dicts()}
    assert of["s"] == ("recommended: expected b, found a", None)
    assert of["t"] == (None, None)
    assert "differs between the scenario's rows" in of["u"][1]
    assert of["v"][0] == "recommended: expected c, found a"
    assert "names 'c', which is not among the scenario's options" in of["w"][1]


def test_without_expectations_nothing_is_missed() -> None:
    table = long(("s", "a", None), ("s", "b", None))
    assert mcda.evaluate_frame(table, CRITERIA)["missed"].to_list() == [None, None]
    assert "missed" not in mcda.evaluate_frame(table.drop("expected:recommended"), CRITERIA)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("expected:recommended", "A", "names 'A', which is no option. Did you mean 'a'"),
        ("expected:verdict", "clare", "which is no verdict. Did you mean 'clear'"),
        ("expected:verdict", '{"a": "b"}', "List verdicts"),
        ("expected:excluded", "a: cheap", "names 'cheap', which is no gate"),
        ("expected:excluded", "[1]", "Write a; b or"),
        ("expected:excluded", "[", "Write a; b or"),
        ("expected:excluded", "zz", "names 'zz', which is no option"),
    ],
)
def test_cells_that_mean_nothing(column: str, cell: str, said: str) -> None:
    table = long(("s", "a", None), ("s", "b", None)).with_columns(pl.lit(cell).alias(column))
    with pytest.raises(mcda.McdaError) as caught:
        mcda.evaluate_frame(table, CRITERIA)
    assert said in str(caught.value)
    assert column in str(caught.value)


def test_names_with_semicolons_and_colons(tmp_path: Path) -> None:
    rows = [("s", "a; b", '["a; b"]'), ("s", "c: d", None)]
    table = pl.DataFrame(
        {
            "scenario": [each[0] for each in rows],
            "option": [each[1] for each in rows],
            "price": [1.0, 2.0],
            "expected:excluded": [each[2] for each in rows],
        }
    )
    constraints = {"cheap": {"rule": "price > 1.5", "because": "x"}}
    found = mcda.evaluate_frame(table, CRITERIA, constraints=constraints)
    assert found["missed"].to_list() == [None, None]
    table = table.with_columns(pl.Series("expected:excluded", ["c: d", None]))
    found = mcda.evaluate_frame(table, CRITERIA, constraints=constraints)
    wanted = "excluded: option c: d; eligible: option a; b"
    assert found["missed"].to_list() == [wanted, wanted]

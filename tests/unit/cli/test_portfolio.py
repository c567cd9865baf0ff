"""Portfolios on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from click.testing import CliRunner, Result

from mcda.cli.main import cli

RETAILER = str(Path(__file__).parents[3] / "scenarios" / "portfolio" / "retailer.yaml")
KITCHEN = """\
format: mcda/portfolio/1
id: kitchen
scenarios:
  - scenario:
      id: bread
      criteria: {price: {direction: cost, domain: [0, 10]}}
      options: {own: {price: 5}, bought: {price: 5}}
  - scenario:
      id: salad
      criteria: {price: {direction: cost, domain: [0, 10]}}
      options: {own: {price: 1}, bought: {price: 7}}
      constraints:
        never: {rule: price < 0, because: Nothing is free.}
expected: {bread: own, salad: null}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_the_split_of_the_retailer() -> None:
    result = run("evaluate", RETAILER, "--check")
    assert result.exit_code == 0, result.output
    assert "Split of 8 scenarios: open in 3 (40 % of importance), api in 4 (35 %" in result.output
    assert "Expectation met." in result.output
    assert max(len(line) for line in result.output.splitlines()) <= 80


def test_in_chinese() -> None:
    output = run("evaluate", RETAILER, "--lang", "zh").output
    assert "8 个情景的分配：open 3 个（重要性占40%）" in output.replace("\n", "")
    assert "若只用一个选项" in output


def test_as_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(run("evaluate", RETAILER, "--format", "csv").output)))
    assert [row["recommended"] for row in rows] == [
        *("open", "open", "hybrid", "api"),
        *("api", "api", "open", "api"),
    ]
    assert sum(float(row["share"]) for row in rows) == 1


def test_as_json() -> None:
    data = json.loads(run("evaluate", RETAILER, "--format", "json").stdout)
    assert data["decisions"] == []
    (portfolio,) = data["portfolios"]
    assert portfolio["shares"] == {"open": 0.4, "api": 0.35, "hybrid": 0.25}
    assert [each["scenario"] for each in portfolio["decisions"]] == [
        each["scenario"] for each in portfolio["allocation"]
    ]


def test_what_is_weak_and_what_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.yaml"
    path.write_text(KITCHEN)
    result = run("evaluate", str(path), "--check")
    assert result.exit_code == 1
    output = " ".join(result.output.split())
    assert "Split of 2 scenarios: nothing in 2 (100 % of importance)." in output
    assert "bread: the best options tie." in output
    assert "salad: every option fails a gate" in output
    assert "Expectation missed: expected own for bread, recommended is nothing" in output
    assert f"{path}:14:19: expected.bread" in output


def test_beside_scenarios(tmp_path: Path) -> None:
    (tmp_path / "kitchen.yaml").write_text(KITCHEN)
    alone = "format: mcda/scenario/1\nid: tea\ncriteria: {price: {direction: cost}}\n"
    (tmp_path / "tea.yaml").write_text(alone + "options: {a: {price: 1}, b: {price: 2}}\n")
    result = run("evaluate", str(tmp_path), "--format", "csv")
    assert result.exit_code == 0
    assert {row["scenario"] for row in csv.DictReader(io.StringIO(result.stdout))} == {"tea"}
    assert "note: the portfolio 'kitchen' is left out of this table" in result.stderr
    assert len(json.loads(run("evaluate", str(tmp_path), "--format", "json").stdout)["portfolios"])


def test_validate_names_it(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.yaml"
    path.write_text(KITCHEN)
    assert run("validate", str(path)).output == f"ok: {path}: portfolio kitchen\n"
    path.write_text(KITCHEN.replace("price: 7", "price: 77"))
    result = run("validate", str(path))
    assert result.exit_code == 1
    assert "kitchen.yaml:11:50: options.bought.price: 77 is outside" in result.output


def test_one_scenario_of_it(tmp_path: Path) -> None:
    path = tmp_path / "kitchen.yaml"
    path.write_text(KITCHEN)
    assert run("explain", f"{RETAILER}#disputes").output.lstrip().startswith("disputes: Dispute")
    assert run("sensitivity", f"{path}#salad", "--samples", "64").exit_code == 0
    for name, said in (("sald", "Did you mean 'salad'?"), ("", "the portfolio has no scenario ''")):
        assert said in run("explain", f"{path}#{name}").output
    assert "Name one of its scenarios after a #" in run("explain", str(path)).output


def test_bulk_says_that_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "kitchen.yaml"
    path.write_text(KITCHEN)
    alone = "format: mcda/scenario/1\nid: tea\ncriteria: {price: {direction: cost}}\n"
    (path.parent / "tea.yaml").write_text(alone + "options: {a: {price: 1}, b: {price: 2}}\n")
    out = tmp_path / "out.csv"
    assert run("bulk", str(path), "-o", str(out), "--workers", "1").exit_code == 1
    assert "a portfolio document, not a scenario. Evaluate it with: mcda" in out.read_text()
    whole = tmp_path / "whole.csv"
    # in a folder it is left out: its scenarios belong together
    assert run("bulk", str(path.parent), "-o", str(whole), "--workers", "1").exit_code == 0
    assert "kitchen" not in whole.read_text()


def test_list_shows_it() -> None:
    assert "portfolio/retailer" in run("list").output
    entries = json.loads(run("list", "--format", "json").output)["entries"]
    assert [each["name"] for each in entries if each["kind"] == "portfolio"] == [
        "portfolio/retailer"
    ]

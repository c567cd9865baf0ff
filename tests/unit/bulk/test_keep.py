"""Columns that `mcda bulk --keep` passes through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from mcda.cli.main import cli

TEMPLATE = """
format: mcda/scenario/1
id: t
criteria:
  price: {direction: cost, domain: [0, 10]}
  speed: {direction: benefit, domain: [0, 10]}
options:
  a: {price: 1, speed: 2}
  b: {price: 8, speed: 9}
weights:
  direct: {price: 2, speed: 1}
"""


def bulk(folder: Path, *arguments: str, out: str = "out.csv") -> Any:
    (folder / "t.yaml").write_text(TEMPLATE)
    output = str(folder / out)
    given = ["bulk", *arguments, "--template", str(folder / "t.yaml"), "-o", output]
    return CliRunner().invoke(cli, [*given, "--workers", "1"])


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    if path.suffix == ".csv":
        return pl.read_csv(path).to_dicts()
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("out", ["out.csv", "out.parquet", "out.jsonl"])
def test_rows_of_options_pass_a_column_through(tmp_path: Path, out: str) -> None:
    table = tmp_path / "offers.parquet"
    pl.DataFrame(
        {
            "scenario": ["s", "t", "s", "t"],
            "option": ["a", "a", "b", "b"],
            "price": [1.0, 9.0, 8.0, 2.0],
            "site": ["north", None, "north", None],
            "batch": [7, 8, 7, 8],
        }
    ).write_parquet(table)
    found = bulk(tmp_path, str(table), "--keep", "site", "--keep", "batch", out=out)
    assert found.exit_code == 0, found.output
    rows = read(tmp_path / out)
    assert [(row["scenario"], row["site"], row["batch"]) for row in rows] == [
        ("s", "north", 7),
        ("t", None, 8),
    ]


def test_rows_of_scenarios_pass_a_column_through_also_where_they_fail(tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    table.write_text("scenario,price,note\ns,3,first\nt,many,second\nu,4,=1+1\n")
    assert bulk(tmp_path, str(table), "--keep", "note").exit_code == 1
    rows = read(tmp_path / "out.csv")
    assert [row["note"] for row in rows] == ["first", "second", "'=1+1"]
    assert [row["error"] is None for row in rows] == [True, False, True]


def test_the_table_of_scenarios_passes_a_column_through(tmp_path: Path) -> None:
    offers, teams = tmp_path / "offers.csv", tmp_path / "teams.csv"
    offers.write_text("scenario,option,price\ns,a,1\ns,b,2\nt,a,2\nt,b,1\n")
    teams.write_text("scenario,site\nt,south\ns,north\n")
    found = bulk(tmp_path, str(offers), "--scenarios", str(teams), "--keep", "site")
    assert found.exit_code == 0, found.output
    rows = read(tmp_path / "out.csv")
    assert [(row["scenario"], row["site"]) for row in rows] == [("s", "north"), ("t", "south")]


def test_a_column_that_differs_within_a_scenario_is_its_error(tmp_path: Path) -> None:
    table = tmp_path / "offers.csv"
    table.write_text(
        "scenario,option,price,site\ns,a,1,north\ns,b,2,south\nt,a,1,west\nt,b,2,west\n"
    )
    assert bulk(tmp_path, str(table), "--keep", "site").exit_code == 1
    first, second = read(tmp_path / "out.csv")
    assert "row 2 (scenario 's', option 'b'): column 'site' differs" in first["error"]
    assert second["error"] is None
    assert second["site"] == "west"


@pytest.mark.parametrize("name", ["verdict", "source", "rank:a", "reason_1"])
def test_a_name_of_the_results_own_is_refused(tmp_path: Path, name: str) -> None:
    table = tmp_path / "cases.csv"
    table.write_text(f"scenario,price,{name}\ns,3,x\n")
    found = bulk(tmp_path, str(table), "--keep", name)
    assert found.exit_code == 2
    assert f"the column '{name}' is one of the results' own. Rename it" in found.output
    assert not (tmp_path / "out.csv").exists()


def test_lists_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "cases.parquet"
    pl.DataFrame({"scenario": ["s"], "price": [3], "tags": [["x", "y"]]}).write_parquet(table)
    found = bulk(tmp_path, str(table), "--keep", "tags")
    assert found.exit_code == 2
    assert "the column 'tags' holds list(string)" in found.output


@pytest.mark.parametrize("out", ["out.csv", "out.parquet", "out.jsonl"])
def test_a_scenario_that_the_second_table_lacks_gets_nothing_of_another(
    tmp_path: Path, out: str
) -> None:
    offers, teams = tmp_path / "offers.csv", tmp_path / "teams.parquet"
    offers.write_text("scenario,option,price\ns,a,1\ns,b,2\nt,a,2\nt,b,1\n")
    pl.DataFrame({"scenario": ["t"], "site": ["south"], "batch": [7]}).write_parquet(teams)
    keep = ["--keep", "site", "--keep", "batch"]
    assert bulk(tmp_path, str(offers), "--scenarios", str(teams), *keep, out=out).exit_code == 1
    rows = read(tmp_path / out)
    assert [(row["scenario"], row["site"], row["batch"]) for row in rows] == [
        ("s", None, None),
        ("t", "south", 7),
    ]
    assert "has no row for the scenario" in rows[0]["error"]

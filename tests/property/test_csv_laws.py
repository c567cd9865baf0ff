"""No CSV that is written begins a cell of text with what a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mcda
from mcda.bulk.output import join
from mcda.bulk.summary import Summary
from mcda.cli.main import cli
from mcda.reports.data import csv_of
from mcda.reports.sensitivity import to_csv

#: What spreadsheet programs take for the beginning of a formula (OWASP, "CSV Injection").
DANGEROUS = "=+-@\t\r\n＝＋－＠"
#: Those that a name may begin with; it holds no control characters.
NAMED = [each for each in DANGEROUS if each.isprintable()]

starts = st.sampled_from(NAMED)
names = st.builds(
    "{}{}".format, starts, st.text("abc1()=|!+@ ", min_size=1, max_size=8).map(lambda t: f"n{t}n")
)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def assert_safe(text: str, *, beginning: str) -> None:
    """No cell runs, and there was one that would have."""
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell[:1] in set(DANGEROUS) and not is_number(cell)]
    assert any(cell.startswith(f"'{beginning}") for cell in cells)


def scenario(sign: str) -> dict[str, Any]:
    """Its id, options, criteria, unit, level and gate begin with a sign."""
    return {
        "format": "mcda/scenario/1",
        "id": f"{sign}id",
        "criteria": {
            f"{sign}price": {"direction": "cost", "unit": f"{sign}EUR", "domain": [0, 10]},
            f"{sign}taste": {"direction": "benefit", "levels": {f"{sign}bad": 0, f"{sign}good": 1}},
        },
        "options": {
            f"{sign}a": {f"{sign}price": 2, f"{sign}taste": f"{sign}bad"},
            f"{sign}b": {f"{sign}price": 4, f"{sign}taste": f"{sign}good"},
        },
        "weights": {"direct": {f"{sign}price": 2, f"{sign}taste": 1}},
    }


@given(
    st.lists(st.one_of(names, st.sampled_from(DANGEROUS).map(lambda s: f"{s}x")), min_size=1),
    st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9), min_size=1),
)
def test_texts_are_neutralised_and_numbers_are_untouched(
    texts: list[str], numbers: list[float]
) -> None:
    columns = [*texts, *(f"n{i}" for i in range(len(numbers)))]
    row = {**{text: text for text in texts}, **{f"n{i}": n for i, n in enumerate(numbers)}}
    head, cells = csv.reader(io.StringIO(csv_of(columns, [row]), newline=""))
    assert head[: len(texts)] == cells[: len(texts)] == [f"'{text}" for text in texts]
    assert [float(cell) for cell in cells[len(texts) :]] == numbers


@pytest.mark.parametrize("sign", NAMED)
@pytest.mark.parametrize("command", ["evaluate", "sensitivity"])
def test_commands(sign: str, command: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(scenario(sign)), encoding="utf-8")
    done = CliRunner().invoke(cli, [command, str(tmp_path / "s.json"), "--format", "csv"])
    assert done.exit_code == 0, done.output
    assert_safe(done.stdout, beginning=sign)


@pytest.mark.parametrize("sign", NAMED)
def test_allocations(sign: str, tmp_path: Path) -> None:
    inner = {key: value for key, value in scenario(sign).items() if key not in ("format", "id")}
    portfolio = {
        "format": "mcda/portfolio/1",
        "id": f"{sign}p",
        "scenarios": [{"scenario": {"id": f"{sign}{name}", **inner}} for name in ("one", "two")],
    }
    (tmp_path / "p.json").write_text(json.dumps(portfolio), encoding="utf-8")
    done = CliRunner().invoke(cli, ["evaluate", str(tmp_path / "p.json"), "--format", "csv"])
    assert done.exit_code == 0, done.output
    assert_safe(done.stdout, beginning=sign)


@pytest.mark.parametrize("sign", NAMED)
def test_bulk_runs(sign: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(scenario(sign)), encoding="utf-8")
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(
        cli, ["bulk", str(tmp_path / "s.json"), "-o", str(out), "--explain", "--sensitivity"]
    )
    assert done.exit_code == 0, done.output
    assert_safe(out.read_text(encoding="utf-8"), beginning=sign)


def test_columns_of_bulk_runs(tmp_path: Path) -> None:
    part, out = tmp_path / "part.parquet", tmp_path / "out.csv"
    rows = pl.DataFrame(
        {
            "source": ["t.csv", "t.csv"],
            "scenario": ["a", "b"],
            "=who": ["＝2", "-x"],
            "amount": [-1.5, 2.0],
        }
    )
    rows.write_parquet(part)
    join([part], Summary(), tmp_path, out)
    text = out.read_text(encoding="utf-8")
    assert text == "scenario,source,'=who,amount\na,t.csv,'＝2,-1.5\nb,t.csv,'-x,2.0\n"


def test_files_with_such_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "=1+1.yaml").write_text("format: mcda/scenario/1\nid: {a}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["evaluate", "=1+1.yaml", "--format", "csv"])
    assert done.exit_code == 1
    assert_safe(done.stdout, beginning="=")


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(starts)
def test_the_library(sign: str) -> None:
    decision = mcda.evaluate(mcda.Scenario.model_validate(scenario(sign)))
    assert_safe(to_csv(mcda.sensitivity(decision, samples=64)), beginning=sign)

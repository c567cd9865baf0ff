"""Tables as sources of bulk runs: every form of a table says the same, and what is wrong is named."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mcda
from mcda.bulk import chunking, regroup, sources
from mcda.bulk.longtables import rows as evaluated_rows
from mcda.bulk.run import Step, bulk
from mcda.bulk.sources import Settings, glance, names_in, units
from mcda.bulk.summary import Summary
from mcda.bulk.table_files import Opened
from mcda.cli.main import cli
from mcda.files.loader import Loader

MODEL = """
format: mcda/criteria/1
id: m
profile: {team: {domain: [0, 4]}, big: {type: boolean, default: false}}
facts: {price: {domain: [0, 9000]}, speed: {domain: [0, 9]}}
measures: {cost: price * (1 + team), pace: 'coalesce(speed, 0)'}
criteria:
  cost: {measure: cost, direction: cost, domain: [0, 45000]}
  pace: {measure: pace, direction: benefit, domain: [0, 9]}
judgements: {goal: {cost vs pace: 2}}
"""
HEADER = ("scenario", "option", "price", "team", "speed", "big")
ROWS: list[tuple[Any, ...]] = [
    ("x", "a", 10.5, 1, 3, True),
    ("x", "b", 8000, 1, 4.25, True),
    ("2024-05-01", "a", 7, 2, None, False),
    ("2024-05-01", "b", 5, 2, 3, False),
]


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.yaml").write_text(MODEL, encoding="utf-8")


def run(source: str, out: str = "out.parquet", **given: Any) -> tuple[pl.DataFrame, Summary]:
    """What a bulk run writes, without the column that names the source."""
    chosen = Settings(**{"criteria": "./m.yaml", **given})
    Path(out).unlink(missing_ok=True)
    summary = bulk([source], Path(out), chosen)
    assert not summary.lost
    assert not [each for each in Path().iterdir() if each.name.startswith(".")]
    return pl.read_parquet(out), summary


def said(*arguments: str) -> tuple[int, str]:
    """The exit status and the text of the command."""
    result = CliRunner().invoke(cli, ["bulk", *arguments, "-o", "o.csv", "--workers", "1"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not [each for each in Path().iterdir() if each.name.startswith(".")]
    return result.exit_code, result.output


def as_text(cell: Any) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def csv_of(rows: list[tuple[Any, ...]], between: str = ",", end: str = "\n") -> str:
    return "".join(between.join(map(as_text, row)) + end for row in (HEADER, *rows))


def book(
    name: str, rows: list[tuple[Any, ...]], change: Callable[[Any], None] = lambda _: None
) -> str:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    change(sheet)
    workbook.save(name)
    return name


def errors_of(table: pl.DataFrame) -> dict[str | None, str]:
    return dict(table.filter(pl.col("error").is_not_null()).select("scenario", "error").rows())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", csv_of(ROWS, ";")),
        ("t.csv", "\ufeff" + csv_of(ROWS, ";", "\r\n")),
        ("t.csv", csv_of(ROWS, "\t")),
        ("t.tsv", csv_of(ROWS, "\t")),
        ("t.csv", csv_of(ROWS, end="\r")),
        ("t.csv", csv_of(ROWS).replace("x,", '"x",')),
        ("t.csv", csv_of(ROWS) + "\n,,,,,\n\n"),
        ("t.csv", csv_of(ROWS).rstrip("\n")),
    ],
)
def test_csv_in_every_form(name: str, data: str) -> None:
    Path("plain.csv").write_text(csv_of(ROWS), encoding="utf-8")
    Path(name).write_bytes(data.encode())
    wanted, found = run("plain.csv")[0], run(name)[0]
    # b costs 16,000 of 45,000; then a is slower by a third of the range
    assert wanted["recommended"].to_list() == ["a", "b"]
    assert found.drop("source").equals(wanted.drop("source"))


def test_words_of_a_parquet_file_are_text_to_every_reader() -> None:
    awkward = "ARROW:schema"
    table = csv_of(ROWS).replace(",a,", f",{awkward},")
    Path("t.csv").write_text(table, encoding="utf-8")
    found, _ = run("t.csv")
    words = {"recommended", "verdict", "reason_1", "flip_to", "excluded", "source", "scenario"}
    assert {found.schema[name] for name in words} == {pl.String}
    by_arrow = parquet.read_table("out.parquet")
    assert {by_arrow.schema.field(name).type for name in words} <= {pa.string(), pa.large_string()}
    assert by_arrow[f"closeness:{awkward}"].null_count == 0
    assert found["recommended"].to_list() == [awkward, "b"]
    filled = pd.read_parquet("out.parquet")["missed"].fillna("nothing")
    assert filled.tolist() == ["nothing", "nothing"]


def test_quoted_cells_may_hold_anything() -> None:
    text = csv_of(ROWS).replace("x,", '"x, ""1""\n;",')
    Path("t.csv").write_text(text, encoding="utf-8")
    found, _ = run("t.csv")
    assert found["scenario"].to_list() == ['x, "1"\n;', "2024-05-01"]
    assert found["recommended"].to_list() == ["a", "b"]


def written_floats(most: float) -> st.SearchStrategy[float]:
    """Numbers that workbooks can hold: openpyxl writes 16 digits, and some floats have 17."""
    return st.floats(0, most, allow_subnormal=False).map(lambda value: float(f"{value:.15g}"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["x", "y", "zé"]),
            st.sampled_from(["a", "b", "c"]),
            written_floats(9000) | st.integers(0, 9000),
            st.integers(0, 4) | st.none(),
            written_floats(9) | st.none(),
            st.booleans() | st.none(),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_workbook_says_what_csv_and_parquet_say(rows: list[tuple[Any, ...]]) -> None:
    Path("t.csv").write_text(csv_of(rows), encoding="utf-8")
    book("t.xlsx", [HEADER, *rows])
    types = [pl.String, pl.String, pl.Float64, pl.Int64, pl.Float64, pl.Boolean]
    table = pl.DataFrame(
        [tuple(float(c) if n == 2 else c for n, c in enumerate(row)) for row in rows],
        schema=dict(zip(HEADER, types, strict=True)),
        orient="row",
    )
    table.write_parquet("t.parquet")
    wanted, *others = (run(name)[0] for name in ("t.parquet", "t.csv", "t.xlsx"))
    assert others[0]["input_hash"].equals(wanted["input_hash"])
    apart = ("source", "error", "input_hash")  # openpyxl writes 16 digits of numbers
    for found in others:
        assert found.drop(apart).equals(wanted.drop(apart))
        assert set(errors_of(found)) == set(errors_of(wanted))


def test_cells_of_workbooks_that_cannot_be_used_are_named() -> None:
    def change(sheet: Any) -> None:
        sheet["C3"] = "#N/A"
        sheet["C3"].data_type = "e"
        sheet.merge_cells("D4:D5")

    rows = [
        HEADER,
        *ROWS,
        (datetime.date(2024, 6, 1), "a", True, 1, 1, None),
        (datetime.date(2024, 7, 1), "a", 1, 1, 1, None),
        ("z", "a", datetime.date(2024, 6, 1), 1, 1, None),
    ]
    found, summary = run(book("t.xlsx", rows, change))
    errors = errors_of(found)
    assert "sheet 'Sheet': C3: the cell holds the error '#N/A'" in errors["x"]
    assert "D4: the cells D4:D5 are merged" in errors["2024-05-01"]
    # rows are called what the sheet calls them
    assert (
        "row 6 (scenario '2024-06-01', option 'a'): column 'price' is 'true'"
        in errors["2024-06-01"]
    )
    assert "column 'price' is '2024-06-01', not a number" in errors["z"]
    assert found["scenario"].to_list() == ["x", "2024-05-01", "2024-06-01", "2024-07-01", "z"]
    assert summary.failed == 4


def test_sheets_of_workbooks() -> None:
    def more(sheet: Any) -> None:
        sheet.parent.create_sheet("notes")

    book("t.xlsx", [HEADER, *ROWS], more)
    status, text = said("t.xlsx", "--criteria", "./m.yaml")
    assert status == 2
    assert "the workbook has 2 sheets: 'Sheet', 'notes'. Name one of them" in text
    assert len(run("t.xlsx", sheet="Sheet")[0]) == 2
    status, text = said("t.xlsx", "--criteria", "./m.yaml", "--sheet", "shet")
    assert "there is no sheet 'shet'" in text
    Path("t.csv").write_text(csv_of(ROWS), encoding="utf-8")
    status, text = said("t.csv", "--criteria", "./m.yaml", "--sheet", "Sheet")
    assert (status, "t.csv is no workbook" in text) == (2, True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (csv_of(ROWS).replace("x,a", "x,é").encode("latin-1"), "t.csv:2:3: byte 0xe9 is not UTF-8"),
        (csv_of(ROWS).encode("utf-16"), "this is UTF-16. Save it as CSV UTF-8"),
        (b"", "t.csv: the table is empty"),
        (b"PK\x03\x04", "this is a workbook"),
        (csv_of(ROWS).encode() + b"z\0", "t.csv:6: there is a NUL character"),
        (csv_of(ROWS).encode() + b"z,a\n", "t.csv:6: the row has 2 cells, the header 6"),
        (csv_of(ROWS).encode() + b'"z",a\n', "t.csv:6: the row has 2 cells, the header 6"),
        (csv_of(ROWS).encode() + b'"z,a\n', "t.csv:6: a quotation mark in this row is never"),
        (b"sep=;\nscenario;option\n", "t.csv:1: the line 'sep=;' is not read. Remove it"),
        (b"scenario,option,price,price\n", "several columns are named price"),
        (b"scenario,option,\n", "t.csv:1: column C has no name"),
        (b"case,option,price\nx,a,1\n", "no column 'scenario'. Say which column has the"),
        (b"scenario,price\nx,1\n", "no column 'option'. Name it with --option"),
        (
            b"scenario,option,prise\nx,a,1\n",
            "Did you mean 'price'? Drop it, or pass it through: --k",
        ),
        (b"scenario,option,my note\nx,a,1\n", "--keep 'my note'"),
    ],
)
def test_tables_that_cannot_be_used_end_the_run_before_it_begins(data: bytes, message: str) -> None:
    Path("t.csv").write_bytes(data)
    status, text = said("t.csv", "--criteria", "./m.yaml")
    assert status == 2
    assert message in text
    assert not Path("o.csv").exists()


def test_a_header_alone_has_no_scenario() -> None:
    Path("t.csv").write_text(csv_of([]), encoding="utf-8")
    assert said("t.csv", "--criteria", "./m.yaml")[0] == 5


def test_from_python_remedies_are_arguments() -> None:
    table = pl.DataFrame({"scenario": ["x"], "option": ["a"], "note": ["?"]})
    with pytest.raises(mcda.McdaError, match=r"pass it through: keep=\['note'\]"):
        mcda.evaluate_frame(table, Path("m.yaml"))


def test_decimal_commas_and_separators_of_thousands() -> None:
    text = csv_of(ROWS, ";")
    Path("t.csv").write_text(text.replace("8000", "1,5"), encoding="utf-8")
    assert "'1,5', not a number" in errors_of(run("t.csv")[0])["x"]
    Path("t.csv").write_text(text.replace("8000", "1.200").replace("10.5", "10").replace(".25", ""))
    errors = errors_of(run("t.csv")[0])
    assert set(errors) == {"x"}
    assert "1.200 can be 1200 with a separator of thousands" in errors["x"]
    # another cell shows that points are decimal
    Path("t.csv").write_text(text.replace("8000", "1.200"), encoding="utf-8")
    assert not errors_of(run("t.csv")[0])


def test_a_bad_cell_far_down_is_named_by_its_row() -> None:
    lines = [f"{n // 2},{'ab'[n % 2]},1,1\n" for n in range(700_010)]
    lines[699_999] = "349999,b,dear,1\n"
    Path("t.csv").write_text("scenario,option,price,team\n" + "".join(lines), encoding="utf-8")
    chosen = Settings(criteria="./m.yaml")
    for unit in units(["t.csv"], chosen, folder=Path()):
        if unit.start < 700_000 <= unit.stop:
            errors = errors_of(evaluated_rows(unit, chosen, Loader(criteria="./m.yaml"))[0])
    assert list(errors) == ["349999"]
    assert (
        "row 700000 (scenario '349999', option 'b'): column 'price' is 'dear'" in errors["349999"]
    )


def many(count: int, seed: int) -> list[tuple[Any, ...]]:
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        team = dice.randint(0, 4)
        for option in "abc"[: dice.randint(1, 3)]:
            speed = dice.choice([None, dice.uniform(0, 9)])
            rows.append((f"n{number}", option, dice.uniform(0, 9000), team, speed, None))
    return rows


@given(st.integers(0, 10**6), st.sampled_from(["csv", "parquet"]))
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_scattered_rows_say_what_sorted_ones_say(seed: int, form: str) -> None:
    rows = many(25, seed)
    mixed = random.Random(seed).sample(rows, len(rows))
    if form == "csv":
        Path("sorted.csv").write_text(csv_of(rows), encoding="utf-8")
        Path("mixed.csv").write_text(csv_of(mixed), encoding="utf-8")
    else:
        schema = dict(zip(HEADER, [pl.String] * 2 + [pl.Float64] * 3 + [pl.Boolean], strict=True))
        for name, each in (("sorted", rows), ("mixed", mixed)):
            floats = [(*row[:3], float(row[3]), *row[4:]) for row in each]
            pl.DataFrame(floats, schema=schema, orient="row").write_parquet(f"{name}.parquet")
    wanted, _ = run(f"sorted.{form}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunking, "_ROWS", 11)
        patch.setattr(regroup, "_RUN", 16)
        found, _ = run(f"mixed.{form}")
    assert found["scenario"].to_list() == list(dict.fromkeys(row[0] for row in mixed))
    columns = [name for name in wanted.columns if name != "source"]
    ordered = found.select(columns).sort("scenario")
    assert ordered.equals(wanted.select(columns).sort("scenario"))


@pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.UInt64, pl.Int64, pl.Int128])
@pytest.mark.parametrize("end", ["low", "high", "both"])
def test_scenarios_are_numbered_whatever_their_type_holds(kind: Any, end: str) -> None:
    low, high = pl.select(low=kind.min(), high=kind.max()).row(0)
    span = {"low": range(low, low + 100), "high": range(high - 99, high + 1)}
    every = [*span["low"], *span["high"]] if end == "both" else list(span[end])
    ids = random.Random(0).sample(every * 2, len(every) * 2)
    column = pl.Series(ids, dtype=kind)
    starts, run_ids = regroup.run_starts(column)
    assert run_ids.to_list() == [ids[start] for start in starts.tolist()]
    assert regroup.needs_regrouping(run_ids)
    assert not regroup.needs_regrouping(regroup.run_starts(column.sort())[1])
    jobs = regroup.jobs_of(column, 10).to_list()
    numbers: dict[int, int] = {}
    for number, each in enumerate(dict.fromkeys(ids)):  # two rows each, five scenarios to a job
        numbers[each] = number // 5
    assert jobs == [numbers[each] for each in ids]


def test_scattered_rows_keep_their_numbers_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "_ROWS", 11)
    monkeypatch.setattr(regroup, "_RUN", 16)
    rows = many(30, 1)
    mixed = random.Random(1).sample(rows, len(rows))
    mixed[20] = (*mixed[20][:2], "dear", *mixed[20][3:])
    mixed[31] = (None, *mixed[31][1:])
    Path("t.csv").write_text(csv_of(mixed), encoding="utf-8")
    found, summary = run("t.csv", "one.parquet")
    errors = errors_of(found)
    assert f"row 21 (scenario {mixed[20][0]!r}, option {mixed[20][1]!r})" in errors[mixed[20][0]]
    assert "row 32 has no entry in 'scenario'" in errors[None]
    assert summary.failed == 2
    chosen = Settings(criteria="./m.yaml")
    bulk(["t.csv"], Path("two.parquet"), chosen, workers=2)
    assert Path("two.parquet").read_bytes() == Path("one.parquet").read_bytes()

    def stop(step: Step) -> None:
        if step.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk(["t.csv"], Path("three.parquet"), chosen, progress=stop)
    summary = bulk(["t.csv"], Path("three.parquet"), chosen, resume=True)
    assert summary.reused == 3
    assert Path("three.parquet").read_bytes() == Path("one.parquet").read_bytes()


@given(st.integers(0, 10**6), st.sampled_from(["csv", "parquet", "xlsx"]))
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_two_tables_say_what_one_says(seed: int, form: str) -> None:
    rows = many(12, seed)
    merged = random.Random(seed).sample(rows, len(rows))
    teams = list({row[0]: row[3] for row in rows}.items())
    random.Random(seed).shuffle(teams)
    Path("merged.csv").write_text(csv_of(merged), encoding="utf-8")
    apart = pl.DataFrame(
        [(*row[:3], row[4]) for row in merged],
        schema=["scenario", "option", "price", "speed"],
        orient="row",
    )
    apart.write_parquet("apart.parquet")
    table = pl.DataFrame(teams, schema=["scenario", "team"], orient="row")
    if form == "csv":
        table.write_csv("teams.csv")
    elif form == "parquet":
        table.write_parquet("teams.parquet")
    else:
        book("teams.xlsx", [("scenario", "team"), *teams])
    wanted, _ = run("merged.csv")
    found, _ = run("apart.parquet", scenarios=f"teams.{form}")
    # the merged table has one more column
    assert found.drop("source", "input_hash").equals(wanted.drop("source", "input_hash"))
    frame = mcda.evaluate_frame(
        apart, Path("m.yaml"), scenarios=table, per="scenario", reasons=True
    )
    assert frame.equals(found.select(frame.columns))


def test_scenarios_in_one_table_only_or_twice() -> None:
    Path("o.csv").write_text(
        "scenario,option,price\nx,a,10\nx,b,20\ny,a,7\nq,a,1\nd,a,3\n", encoding="utf-8"
    )
    Path("s.csv").write_text("scenario,team\ny,9\nx,1\nz,3\nd,1\nd,2\n,5\nz,4\n", encoding="utf-8")
    found, summary = run("o.csv", scenarios="s.csv")
    assert found["scenario"].to_list() == ["x", "y", "q", "d", "z", None]
    errors = errors_of(found)
    assert set(errors) == {"y", "q", "d", "z", None}
    assert errors["y"].startswith("s.csv: row 1 (scenario 'y'): column 'team' is 9, outside")
    assert errors["q"].startswith("row 4 (scenario 'q', option 'a'): s.csv has no row")
    assert errors["d"].startswith("s.csv: rows 4, 5 have the same scenario 'd'")
    assert errors["z"].startswith("s.csv: row 3 (scenario 'z'): no table has options")
    assert errors[None].startswith("s.csv: row 6 has no entry in 'scenario'")
    assert summary.rejects is not None
    assert len(summary.rejects.read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("scenario,price,team\nx,1,1\n", "s.csv: both tables have the column 'price'"),
        ("case,team\nx,1\n", "s.csv has no column 'scenario'"),
        ("scenario,teem\nx,1\n", "s.csv: the column 'teem' is no fact"),
    ],
)
def test_second_tables_that_cannot_be_used(table: str, message: str) -> None:
    Path("t.csv").write_text("scenario,option,price\nx,a,10\n", encoding="utf-8")
    Path("s.csv").write_text(table, encoding="utf-8")
    status, text = said("t.csv", "--criteria", "./m.yaml", "--scenarios", "s.csv")
    assert (status, message in text) == (2, True), text


def test_second_tables_need_a_first_one() -> None:
    Path("t.csv").write_text("scenario,option,price\nx,a,10\n", encoding="utf-8")
    Path("s.csv").write_text("scenario,team\nx,1\n", encoding="utf-8")
    status, text = said("m.yaml", "--criteria", "./m.yaml", "--scenarios", "s.csv")
    assert (status, "no source is a table" in text) == (2, True), text
    status, text = said("t.csv", "--criteria", "./m.yaml", "--scenarios", "no.csv")
    assert (status, "there is no table 'no.csv'" in text) == (2, True), text


KINDS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": lambda columns: pd.DataFrame(columns, index=range(len(columns["scenario"]), 0, -1)),
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_for_each_scenario_in_the_callers_kind(kind: str) -> None:
    offers = {
        "scenario": [3, 1, 3, 1, 2],
        "option": ["a", "a", "b", "b", "a"],
        "price": [8000.0, 8, 1, 9000, 7],
        "site": ["p", "q", "p", "q", "r"],
    }
    frame = KINDS[kind](offers)
    teams = KINDS[kind]({"scenario": [1, 3, 7], "team": [1, 2, 3]})
    found = mcda.evaluate_frame(
        frame,
        Path("m.yaml"),
        scenarios=teams,
        per="scenario",
        keep="site",
        errors="report",
        reasons=True,
    )
    assert type(found) is type(frame)
    rows = pl.from_arrow(found).to_dicts() if kind == "pyarrow" else pl.DataFrame(found).to_dicts()
    assert [(row["scenario"], row["site"], row["recommended"]) for row in rows] == [
        (3, "p", "b"),
        (1, "q", "a"),
        (2, "r", None),
        (7, None, None),
    ]
    assert [row["reason_1"] for row in rows] == ["cost", "cost", None, None]
    assert "the table of scenarios has no row" in rows[2]["error"]
    assert "row 3 (scenario '7'): the scenario has no options" in rows[3]["error"]
    per_option = mcda.evaluate_frame(
        frame, Path("m.yaml"), scenarios=teams, keep="site", errors="report"
    )
    assert len(per_option) == 6
    with pytest.raises(mcda.McdaError, match=r"2 of 4 scenarios cannot"):
        mcda.evaluate_frame(frame, Path("m.yaml"), scenarios=teams, keep="site")


def test_arguments_of_rows_for_scenarios() -> None:
    frame = pl.DataFrame(
        {"scenario": ["x", "x"], "option": ["a", "b"], "price": [1, 2], "team": 1, "n": [1, 2]}
    )
    model = Path("m.yaml")
    with pytest.raises(mcda.McdaError, match="differs within the scenario 'x'"):
        mcda.evaluate_frame(frame, model, keep=["n"], per="scenario")
    with pytest.raises(mcda.McdaError, match="per='scenarios'.*Did you mean 'scenario'"):
        mcda.evaluate_frame(frame, model, keep=["n"], per="scenarios")  # type: ignore[arg-type]
    with pytest.raises(mcda.McdaError, match="Add per='scenario'"):
        mcda.evaluate_frame(frame, model, keep=["n"], reasons=True)
    other = pd.DataFrame({"scenario": ["x"], "big": [True]})
    with pytest.raises(mcda.McdaError, match="one table is of polars, the other of pandas"):
        mcda.evaluate_frame(frame, model, keep=["n"], scenarios=other)


def test_a_second_table_may_hold_each_scenarios_weights() -> None:
    offers = "scenario,option,price,speed,team\n"
    offers += "".join(
        f"{name},{cells}\n" for name in "xyz" for cells in ("a,100,1,0", "b,9000,9,0")
    )
    Path("o.csv").write_text(offers, encoding="utf-8")
    Path("s.csv").write_text(
        "scenario,judgement:cost vs pace\ny,1/9\nx,9\nz,often\n", encoding="utf-8"
    )
    found, _ = run("o.csv", scenarios="s.csv")
    assert found["recommended"].to_list() == ["a", "b", None]
    assert errors_of(found)["z"].startswith(
        "s.csv: row 3 (scenario 'z'): column 'judgement:cost vs"
    )


DAYS = [datetime.datetime(2024, 5, 1, 3), datetime.datetime(2024, 5, 2)]


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        (
            pl.Series(DAYS, dtype=pl.Datetime("us")),
            pl.Series(DAYS, dtype=pl.Datetime("ms")),
            ["2024-05-01 03:00:00", "2024-05-02 00:00:00"],
        ),
        (pl.Series([True, False]), pl.Series(["true", "false"]), ["true", "false"]),
        (
            pl.Series(["x", "y"], dtype=pl.Categorical),
            pl.Series(["x", "y"], dtype=pl.Enum(["y", "x"])),
            ["x", "y"],
        ),
        (pl.Series([7, 8], dtype=pl.Int8), pl.Series(["7", "8"]), ["7", "8"]),
    ],
)
def test_ids_of_different_types_are_the_same_text(
    tmp_path: Path, first: pl.Series, second: pl.Series, named: list[str]
) -> None:
    options = pl.DataFrame({"scenario": first, "team": [1, 2]})
    # what is wrong with one row does not change the order of the others
    nameless = pl.DataFrame({"scenario": [None], "team": [3]}, schema=options.schema)
    pl.concat([nameless, options]).write_parquet(tmp_path / "t.parquet")
    budgets = pl.DataFrame({"scenario": second.reverse(), "budget": [1, 2]})
    budgets.write_parquet(tmp_path / "s.parquet")
    wanted = Settings(template="articles/002-flan-t5", scenarios=str(tmp_path / "s.parquet"))
    bulk([str(tmp_path / "t.parquet")], tmp_path / "o.parquet", wanted)
    found = pl.read_parquet(tmp_path / "o.parquet")
    assert found["scenario"].to_list() == [*named, None]
    assert found["error"].is_null().to_list() == [True, True, False]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3)])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_paths_may_hold_the_characters_of_globs(
    tmp_path: Path, ending: str, order: tuple[int, ...]
) -> None:
    folder = tmp_path / "runs [2024] v1*"
    folder.mkdir()
    table = pl.DataFrame([ROWS[row] for row in order], schema=list(HEADER), orient="row")
    getattr(table, f"write_{ending}")(folder / f"t[1].{ending}")
    out = folder / "o[?].parquet"
    summary = bulk([str(folder / f"t[1].{ending}")], out, Settings(criteria="./m.yaml"))
    assert (summary.scenarios, summary.failed) == (2, 0)
    assert pl.read_parquet(out, glob=False)["scenario"].to_list() == ["x", "2024-05-01"]
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


def test_other_machines_must_see_the_copy_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n", encoding="utf-8")
    source, gone = str(tmp_path / "t.csv"), str(tmp_path / ".o.parts" / "0.arrow")
    unit = sources.Unit("rows", (source,), table=Opened(source, source, data=gone))
    assert glance(unit, Settings())[gone] == ""
    scattered = sources.Unit("rows", (source,), table=Opened(source, source, data=str(tmp_path)))
    assert glance(scattered, Settings())[str(tmp_path)] == "folder"


def test_paths_inside_the_current_folder_are_said_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    (here / "below").mkdir(parents=True)
    monkeypatch.chdir(here)
    for name in ("b.yaml", "below/a.yaml", "other.toml", "ours.toml"):
        (here / name).write_text("x: 1\n", encoding="utf-8")
    (here / "ours.toml").write_text('format = "mcda/scenario/1"\n', encoding="utf-8")
    expected = ["b.yaml", "below/a.yaml", "ours.toml"]
    for source, prefix in ((".", ""), ("./", ""), (str(here), f"{here.as_posix()}/")):
        [unit] = units([source], Settings())
        assert [Path(each).as_posix() for each in unit.paths] == [f"{prefix}{n}" for n in expected]
        assert all(not each.startswith("./") for each in unit.paths)


REFERENCE = re.compile(rb"""(?:criteria|facts)["']?\s*[:=]\s*["']?([^\s"',{}\[\]]+)""")
WORDS = ["criteria", "facts", "fact", "crit", ":", "=", " ", "\n", '"', "'", ",", "{", "a", "./b"]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(lambda words: "".join(words).encode()))
def test_names_are_found_wherever_they_begin(data: bytes) -> None:
    matches = (REFERENCE.match(data, at) for at in range(len(data)))
    assert names_in(data) == {found[1] for found in matches if found}

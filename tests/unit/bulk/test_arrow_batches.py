"""The function that engines run over Arrow batches: the same values as the command, however cut."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings

CRITERIA = """
format: mcda/criteria/1
id: laptops
facts:
  price: {type: number, domain: [0, 3000]}
  battery: {type: number, domain: [0, 24]}
measures:
  cost: price
  hours: battery
criteria:
  cheap: {direction: cost, measure: cost, domain: [0, 3000]}
  lasting: {direction: benefit, measure: hours, domain: [0, 24]}
gates:
  affordable: {rule: price <= 2500, because: too dear}
"""
TEMPLATE = """
format: mcda/scenario/1
id: template
criteria: ./laptops.yaml
weights: {direct: {cheap: 2, lasting: 1}}
options:
  a: {facts: {price: 900, battery: 9}}
  b: {facts: {price: 1500, battery: 16}}
"""


def rows(count: int) -> pl.DataFrame:
    """Scenarios of one to three rows, some of them wrong."""
    found: list[dict[str, Any]] = []
    for number in range(count):
        for place, option in enumerate("ab"[: 1 + (number % 5 != 0)]):
            price: float | None = 500 + 37 * ((number * 7 + place * 11) % 60)
            if number % 11 == 3:
                price = 9999  # outside its domain
            if number % 13 == 4:
                price = None
            found.append(
                {
                    "scenario": f"s{number:04d}" if number % 17 != 5 else None,
                    "option": option if number % 19 != 6 else "c",
                    "price": price,
                    "battery": (number * 5 + place * 3) % 24,
                }
            )
    return pl.DataFrame(found, schema_overrides={"battery": pl.Int64, "price": pl.Float64})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "laptops.yaml").write_text(CRITERIA, encoding="utf-8")
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def batches(frame: pl.DataFrame, *cuts: int) -> Iterator[Any]:
    """The rows as record batches that end at `cuts`."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    for start, stop in pairwise([0, *sorted(cuts), len(frame)]):
        yield from table.slice(start, stop - start).combine_chunks().to_batches()


def frame_of(found: Iterator[Any], evaluate: mcda.ArrowEvaluator) -> pl.DataFrame:
    every = list(found)
    assert all(each.schema == evaluate.schema for each in every)
    return pl.DataFrame(pl.from_arrow(pa.Table.from_batches(every, evaluate.schema)))


def of_command(frame: pl.DataFrame, folder: Path, **options: Any) -> pl.DataFrame:
    """What `mcda bulk` makes of the same rows."""
    frame.write_parquet(folder / "rows.parquet")
    bulk([str(folder / "rows.parquet")], folder / "out.parquet", Settings(**options))
    return pl.read_parquet(folder / "out.parquet")


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Equal to the last bit; the command's messages name the file."""
    for name in set(wanted.columns) - set(found.columns) - {"source", "input_hash"}:
        assert wanted[name].null_count() == len(wanted), name
    for name in found.columns:
        column = wanted[name] if name in wanted.columns else pl.Series(name, [None] * len(wanted))
        if name == "error":
            column = column.str.replace(r"^.*rows\.parquet", "the table")
        assert found[name].to_list() == column.to_list(), name


@pytest.mark.parametrize("reasons", [True, False])
@pytest.mark.parametrize("cuts", [(), (1, 2, 3, 50, 51, 140)])
def test_batches_have_the_values_of_the_command(
    folder: Path, cuts: tuple[int, ...], reasons: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcda.bulk.arrow._ENOUGH", 1)
    frame = rows(100)
    evaluate = mcda.ArrowEvaluator(template="template.yaml", reasons=reasons)
    assert evaluate.options == ("a", "b")
    wanted = of_command(frame, folder, template="template.yaml", reasons=reasons)
    assert wanted["error"].null_count() not in (0, len(wanted))
    found = frame_of(evaluate(batches(frame, *cuts)), evaluate)
    key = ["scenario", "error"]  # refused rows stand behind those of their batch
    same(found.sort(key), wanted.sort(key, maintain_order=True))
    table = evaluate.table(frame.to_arrow())
    assert table.schema == evaluate.schema
    same(pl.DataFrame(pl.from_arrow(table)), wanted)


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 60), max_size=8), st.integers(1, 30))
def test_results_do_not_depend_on_how_rows_are_cut(cuts: list[int], enough: int) -> None:
    evaluate = mcda.ArrowEvaluator(template="articles/001-zero123")
    scenarios = [number // 3 if number != 40 else 2 for number in range(60)]
    options = [list(evaluate.options)[number % 3] for number in range(60)]
    volume = [scenario * 7 % 5 for scenario in scenarios]
    volume[40] = volume[6]
    frame = pl.DataFrame({"scenario": scenarios, "option": options, "volume": volume})
    whole = frame_of(evaluate(batches(frame)), evaluate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mcda.bulk.arrow._ENOUGH", enough)
        found = frame_of(evaluate(batches(frame, *cuts)), evaluate)
    assert found.sort("scenario", "error").equals(whole.sort("scenario", "error"))


def test_a_scenario_that_comes_back_has_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.DataFrame(
        {"scenario": ["x", "x", "y", "x", "z"], "option": ["a", "b", "a", "a", "b"]}
    )
    evaluate = mcda.ArrowEvaluator(template="template.yaml")
    for enough in (1, 100):
        monkeypatch.setattr("mcda.bulk.arrow._ENOUGH", enough)
        found = frame_of(evaluate(batches(frame, 1, 3)), evaluate)
        errors = found.filter(pl.col("error").is_not_null())
        assert sorted(found["scenario"].to_list()) == ["x", "x", "y", "z"]
        assert errors["scenario"].to_list() == ["x"]
        assert "row 4 (scenario 'x'): the scenario was complete" in errors["error"][0]
        assert "Sort each partition by 'scenario'" in errors["error"][0]
    table = evaluate.table(frame[[0, 2, 1]].to_arrow())  # a whole table may be in any order
    assert table.column("error").null_count == 2


def test_a_row_for_each_scenario_and_empty_partitions(folder: Path) -> None:
    evaluate = mcda.ArrowEvaluator(template="template.yaml", reasons=False)
    frame = pl.DataFrame({"scenario": [1, 2, 2], "price": [100.0, 2900.0, 2900.0]})
    found = frame_of(evaluate(batches(frame, 1, 2)), evaluate)
    assert found["scenario"].to_list() == ["1", "2", "2"]
    assert found["error"].is_null().to_list() == [True, False, False]
    assert list(evaluate(iter([]))) == []
    assert list(evaluate(batches(frame[:0]))) == []
    assert evaluate.table(frame[:0].to_arrow()) == evaluate.schema.empty_table()


def test_the_schema_is_known_beforehand(folder: Path) -> None:
    evaluate = mcda.ArrowEvaluator(criteria="./laptops.yaml", options=["a", "b`c"], reasons=False)
    assert evaluate.schema.names == [
        *("scenario", "recommended", "verdict", "firmness", "margin", "runner_up"),
        *("consistency_ratio", "closeness:a", "rank:a", "closeness:b`c", "rank:b`c"),
        *("excluded", "error"),
    ]
    assert {str(field.type) for field in evaluate.schema} == {"string", "double", "int64"}
    assert evaluate.ddl.startswith("`scenario` string, `recommended` string, `verdict` string")
    assert "`closeness:b``c` double, `rank:b``c` bigint" in evaluate.ddl


def test_options_without_columns_are_errors_of_their_scenarios() -> None:
    evaluate = mcda.ArrowEvaluator(
        criteria="ai-sourcing", facts="article-world", options=["mine", "theirs"]
    )
    frame = pl.DataFrame(
        {
            "scenario": ["x", "x", "y", "y"],
            "option": ["mine", "theirs", "mine", "new"],
            "from": ["flan-t5-small", "gpt-4", "flan-t5-small", "gpt-4"],
        }
    )
    found = frame_of(evaluate(batches(frame)), evaluate).to_dicts()
    assert found[0]["error"] is None
    assert found[0]["recommended"] in ("mine", "theirs")
    assert "no columns for: new. options= names mine, theirs" in found[1]["error"]
    assert {name for name, value in found[1].items() if value is not None} == {"scenario", "error"}


def test_what_is_shipped_is_small_and_works_in_another_process(folder: Path) -> None:
    evaluate = mcda.ArrowEvaluator(template="template.yaml")
    list(evaluate(batches(rows(5))))  # what was read stays here
    shipped = pickle.dumps(evaluate)
    assert len(shipped) < 1000
    assert b"battery" not in shipped
    cloudpickle = pytest.importorskip("cloudpickle")  # as engines pickle
    table = pickle.loads(cloudpickle.dumps(evaluate.table))
    assert table(rows(5).to_arrow()).schema == evaluate.schema
    (folder / "shipped").write_bytes(shipped)
    (folder / "elsewhere").mkdir()
    code = (
        "import pickle, sys, pyarrow as pa\n"
        "evaluate = pickle.load(open('../shipped', 'rb'))\n"
        "batch = pa.RecordBatch.from_pydict({'scenario': ['x', 'x'], 'option': ['a', 'b']})\n"
        "print(next(evaluate([batch])).to_pylist()[0]['recommended'])\n"
    )

    def there() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=folder / "elsewhere", check=False
        )

    done = there()
    assert done.stdout == "a\n", done.stderr
    (folder / "laptops.yaml").write_text(CRITERIA.replace("2500", "2600"), encoding="utf-8")
    assert "cannot be seen here as where the evaluator was made" in there().stderr
    again = mcda.ArrowEvaluator(template="template.yaml")
    assert pickle.dumps(again) != shipped  # made anew, it has what the file says now
    list(again(batches(rows(5))))
    (folder / "template.yaml").unlink()
    assert "cannot be seen here" in there().stderr


def test_changed_documents_are_read_anew_in_the_same_process(folder: Path) -> None:
    def weights(cheap: int) -> float:
        text = TEMPLATE.replace("cheap: 2", f"cheap: {cheap}")
        (folder / "template.yaml").write_text(text, encoding="utf-8")
        evaluate = mcda.ArrowEvaluator(template="template.yaml")
        [found] = evaluate([pa.RecordBatch.from_pydict({"scenario": ["x"]})])
        value: float = found.to_pylist()[0]["closeness:a"]
        return value

    assert weights(2) != weights(9)
    assert weights(2) == weights(2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "nothing says what columns mean"),
        ({"criteria": "./laptops.yaml"}, "options come from a template, or from options="),
        ({"template": "template.yaml", "options": ["a"]}, "Give one of them"),
        ({"criteria": "./laptops.yaml", "options": "ab"}, "is one name"),
        ({"template": "nowhere.yaml"}, "nowhere.yaml"),
        ({"template": "template.yaml", "lang": "fr"}, "fr"),
        ({"template": "laptops.yaml"}, "not a scenario"),
    ],
)
def test_what_cannot_be_made(folder: Path, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(mcda.McdaError, match=said):
        mcda.ArrowEvaluator(**arguments)


def test_what_is_wrong_with_the_whole_table(folder: Path) -> None:
    evaluate = mcda.ArrowEvaluator(template="template.yaml", scenario="id")
    with pytest.raises(mcda.McdaError, match="the table has no column 'id'"):
        list(evaluate(batches(rows(2))))
    frame = pl.DataFrame({"id": ["x"], "prise": [1.0]})
    [found] = evaluate(batches(frame))
    assert "Did you mean 'price'" in found.to_pylist()[0]["error"]
    assert json.dumps(found.to_pylist())  # plain values only


def batch(name: str, volume: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"scenario": [name], "volume": volume})


def test_batches_may_hold_nulls_or_whole_numbers_only() -> None:
    evaluate = mcda.ArrowEvaluator(template="articles/003-pixel-art")
    kinds = [pa.array([None]), pa.array([1]), pa.array([1.0]), pa.array([1], pa.int8())]
    batches = [batch(f"s{number}", each) for number, each in enumerate(kinds)]
    rows = [each for found in evaluate(batches) for each in found.to_pylist()]
    assert [each["error"] for each in rows] == [None] * 4
    assert rows[1]["margin"] == rows[2]["margin"] == rows[3]["margin"] != rows[0]["margin"]


def test_batches_that_do_not_go_together_and_what_is_no_table() -> None:
    evaluate = mcda.ArrowEvaluator(template="articles/003-pixel-art")
    other = pa.RecordBatch.from_pydict({"scenario": ["t"], "team": [1]})
    with pytest.raises(mcda.McdaError, match="different columns: scenario, volume; scenario, team"):
        list(evaluate([batch("s", [4]), other]))
    with pytest.raises(mcda.McdaError, match="do not go together"):
        list(evaluate([batch("s", [4]), batch("t", [[4]])]))
    with pytest.raises(mcda.McdaError, match="expected an Arrow table"):
        evaluate.table(pl.DataFrame({"scenario": ["s"]}).to_pandas())

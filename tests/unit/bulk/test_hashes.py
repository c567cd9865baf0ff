"""Hashes of input: the same for the same input, wherever it stands; different for any other."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from mcda.bulk.columns import Extras
from mcda.bulk.frame import held, template
from mcda.bulk.hashes import _mixed
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings
from mcda.bulk.table import table_of
from mcda.files.loader import Loader
from mcda.model.criteria import Criteria

MODEL: dict[str, Any] = {
    "id": "m",
    "profile": {"need": {"type": "number", "domain": [0, 9], "default": 3}},
    "facts": {
        "price": {"domain": [0, 100]},
        "fast": {"type": "boolean"},
        "kind": {"type": "choice", "values": ["x", "y"]},
    },
    "judgements": {"goal": {"price vs speed": 2}},
    "measures": {"speed": "(1 if fast else 0) + (1 if kind == 'x' else 0)"},
    "criteria": {
        "price": {"direction": "cost", "domain": [0, 100]},
        "speed": {"direction": "benefit", "domain": [0, 2], "measure": "speed"},
    },
}
ROWS = [
    {"scenario": "s", "option": "a", "price": 10.0, "fast": True, "kind": "x", "need": 1},
    {"scenario": "s", "option": "b", "price": 20.0, "fast": False, "kind": "x", "need": 1},
    {"scenario": "t", "option": "a", "price": 30.0, "fast": True, "kind": "y", "need": 1},
    {"scenario": "t", "option": "b", "price": 40.0, "fast": True, "kind": "y", "need": 1},
]


def hashes(
    rows: list[dict[str, Any]], model: dict[str, Any] = MODEL, version: str = "1"
) -> dict[str, int]:
    criteria = Criteria.model_validate(model)
    table = table_of(pl.DataFrame(rows), criteria, None, "scenario", "option", ())
    problem = template(Loader(), criteria, None, None, table.columns, {})
    found = held(table, problem, "en", Extras(hashes=True), version)
    assert not table.failures.found
    return dict(zip(map(str, table.ids), found.hashes.tolist(), strict=True))


def changed(at: int, **values: Any) -> list[dict[str, Any]]:
    return [{**row, **(values if n == at else {})} for n, row in enumerate(ROWS)]


def test_the_mix_is_that_of_splitmix64() -> None:
    # the first numbers of the generator with the seed 1234567 (Vigna's reference code)
    golden = 0x9E3779B97F4A7C15
    states = [(1234567 + (n + 1) * golden) % 2**64 for n in range(3)]
    assert _mixed(np.array(states, dtype=np.uint64)).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_other_scenarios_do_not_matter_and_neither_do_ids() -> None:
    before = hashes(ROWS)
    assert hashes(ROWS[2:] + ROWS[:2]) == before
    assert hashes([ROWS[2], ROWS[0], ROWS[3], ROWS[1]]) == before
    assert hashes(ROWS[:2]) == {"s": before["s"]}
    assert hashes(changed(2, price=31.0))["s"] == before["s"]
    renamed = hashes([{**row, "scenario": row["scenario"] + "!"} for row in ROWS])
    assert renamed == {"s!": before["s"], "t!": before["t"]}


def test_every_value_matters() -> None:
    before = hashes(ROWS)
    both = [{**row, "need": 2} for row in ROWS]
    others = [
        changed(0, price=10.000000001),
        changed(0, fast=False),
        changed(0, kind="y"),
        changed(0, option="c"),
        both,
        [{**ROWS[0], "price": 20.0}, {**ROWS[1], "price": 10.0}],
    ]
    assert hashes([ROWS[1], ROWS[0]])["s"] == before["s"]
    found = [before["s"], *(hashes(rows)["s"] for rows in others)]
    assert len(set(found)) == len(others) + 1
    assert hashes(ROWS, version="2")["s"] not in found
    gates = {"gates": {"cheap": {"rule": "price < 99", "because": "x"}}}
    assert hashes(ROWS, MODEL | gates)["s"] not in found
    assert hashes(changed(0, price=-0.0)) == hashes(changed(0, price=0.0))


def test_small_numbers_that_are_alike_do_not_collide() -> None:
    prices = list(product(range(40), range(40)))
    rows = [
        {"scenario": n, "option": name, "price": float(price), "fast": True, "kind": "x", "need": 0}
        for n, pair in enumerate(prices)
        for name, price in zip("ab", pair, strict=True)
    ]
    assert len(set(hashes(rows).values())) == 1600


def test_the_kind_of_table_and_the_cut_into_jobs_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = json.dumps({"format": "mcda/criteria/1", **MODEL})
    (tmp_path / "model.json").write_text(model, encoding="utf-8")
    rows = [{**row, "scenario": f"{row['scenario']}{n}"} for n in range(5) for row in ROWS]
    rows[1]["price"] = None
    pl.DataFrame(rows).write_csv(tmp_path / "t.csv")
    pl.DataFrame(rows).write_parquet(tmp_path / "t.parquet")
    settings = Settings(criteria=str(tmp_path / "model.json"))
    found = []
    for number, (source, size) in enumerate([("t.csv", 10**5), ("t.parquet", 10**5), ("t.csv", 3)]):
        monkeypatch.setattr("mcda.bulk.chunking._ROWS", size)
        out = tmp_path / f"o{number}.parquet"
        bulk([str(tmp_path / source)], out, settings)
        found.append(pl.read_parquet(out)["input_hash"].to_list())
    assert found[0] == found[1] == found[2]
    assert found[0][0] is None  # an option without a price is an error
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in found[0][1:])
    assert len(set(found[0][1:])) == 2


def test_files_are_hashed_with_what_they_refer_to(tmp_path: Path) -> None:
    criteria = {"price": {"direction": "cost", "domain": [0, 9]}}
    model = tmp_path / "model.json"

    def run(domain: int, name: str, form: str = "files") -> list[str]:
        parts = {"price": {"direction": "cost", "domain": [0, domain]}}
        text = {"format": "mcda/criteria/1", "id": "m", "facts": {"price": {}}, "criteria": parts}
        model.write_text(json.dumps(text), encoding="utf-8")
        scenarios = [
            {
                "format": "mcda/scenario/1",
                "id": "own",
                "criteria": criteria,
                "options": {"a": {"price": 1}, "b": {"price": 2}},
            },
            {
                "format": "mcda/scenario/1",
                "id": "refers",
                "criteria": "./model.json",
                "options": {"a": {"facts": {"price": 1}}, "b": {"facts": {"price": 2}}},
            },
        ]
        folder = tmp_path / name
        lines = [json.dumps(each) for each in scenarios]
        sources = [folder.with_suffix(".jsonl")]
        if form == "lines":
            sources[0].write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            sources = [tmp_path / f"{name}{n}.json" for n in range(2)]
            for path, line in zip(sources, lines, strict=True):
                path.write_text(line, encoding="utf-8")
        bulk([str(path) for path in sources], tmp_path / "o.parquet", Settings())
        rows = pl.read_parquet(tmp_path / "o.parquet")
        assert rows["error"].null_count() == 2, rows["error"].to_list()
        return rows["input_hash"].to_list()

    first = run(9, "one")
    assert run(9, "two") == first
    assert run(9, "three", "lines") == first
    from mcda.bulk import sources as cached

    cached.forget()
    second = run(8, "four")
    assert (second[0] == first[0], second[1] == first[1]) == (True, False)
    bulk([str(tmp_path / "one0.json")], tmp_path / "n.parquet", Settings(hashes=False))
    assert "input_hash" not in pl.read_parquet(tmp_path / "n.parquet").columns

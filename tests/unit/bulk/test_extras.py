"""Columns that are asked for: bounds of dimensions and sentences; and what leads are made of."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import mcda
from mcda.bulk.leads import Leads
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings
from mcda.bulk.summary import Counts

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
CRITERIA = {
    "price": {
        "children": {
            "now": {"direction": "cost", "domain": [0, 100]},
            "later": {"direction": "cost", "domain": [0, 100]},
        }
    },
    "speed": {"direction": "benefit", "domain": [0, 10]},
    "looks": {"direction": "benefit", "domain": [0, 10]},
}
WEIGHTS = {"direct": {"price": 3, "speed": 2, "looks": 1, "now": 2, "later": 1}}
OPTIONS = [
    {"a": {"now": 10, "later": 60, "speed": 3, "looks": 5}, "b": {"now": 50, "later": 20, "speed": 8, "looks": 4}},
    {"a": {"now": 80, "later": 60, "speed": 9, "looks": 5}, "b": {"now": 50, "later": 20, "speed": 2, "looks": 9}, "c": {"now": 30, "later": 30, "speed": 5, "looks": 5}},
    {"a": {"now": 10, "later": 10, "speed": 9, "looks": 9}, "b": {"now": 50, "later": 20, "speed": 2, "looks": 1}},
    {"a": {"now": 10, "later": 10, "speed": 9, "looks": 9}},
    {"a": {"now": 10, "later": 10, "speed": 9, "looks": 9}, "b": {"now": 10, "later": 10, "speed": 9, "looks": 9}},
]  # fmt: skip


def scenarios() -> list[dict[str, Any]]:
    shared = {"format": "mcda/scenario/1", "criteria": CRITERIA, "weights": WEIGHTS}
    return [{"id": f"s{n}", "options": each, **shared} for n, each in enumerate(OPTIONS)]


def evaluated(tmp_path: Path, form: str, **settings: Any) -> list[dict[str, Any]]:
    out = tmp_path / "out.parquet"
    if form == "lines":
        text = "".join(json.dumps(each) + "\n" for each in scenarios())
        (tmp_path / "s.jsonl").write_text(text, encoding="utf-8")
        bulk([str(tmp_path / "s.jsonl")], out, Settings(**settings))
    else:
        rows = [
            {"scenario": f"s{n}", "option": name, **values}
            for n, each in enumerate(OPTIONS)
            for name, values in each.items()
        ]
        pl.DataFrame(rows).write_parquet(tmp_path / "t.parquet")
        (tmp_path / "t.json").write_text(json.dumps(scenarios()[1]), encoding="utf-8")
        template = Settings(template=str(tmp_path / "t.json"), **settings)
        bulk([str(tmp_path / "t.parquet")], out, template)
    return pl.read_parquet(out).to_dicts()


@pytest.mark.parametrize("form", ["lines", "table"])
def test_bounds_are_those_of_sensitivity(tmp_path: Path, form: str) -> None:
    rows = evaluated(tmp_path, form, sensitivity=True)
    for row, given in zip(rows, scenarios(), strict=True):
        decision = mcda.evaluate(mcda.Scenario(**{k: v for k, v in given.items() if k != "format"}))
        intervals = mcda.sensitivity(decision).intervals
        effective = decision.weights.effective
        leaves = {"price": ("now", "later"), "speed": ("speed",), "looks": ("looks",)}
        for name in CRITERIA:
            share = sum(effective[leaf] for leaf in leaves[name])
            if decision.recommended is None or len(decision.ranking) < 2:
                assert row[f"low:{name}"] is row[f"high:{name}"] is None
                continue
            assert row[f"share:{name}"] == pytest.approx(share, abs=1e-12)
            each = intervals[name]
            for kind, end in (("low", each.low), ("high", each.high)):
                if end in (0.0, 1.0):
                    assert row[f"{kind}:{name}"] == end
                    continue
                # squared gaps count with the square of the judged weight
                odds = (end / (1 - end)) / (each.weight / (1 - each.weight))
                wanted = odds**2 * share / (odds**2 * share + 1 - share)
                assert row[f"{kind}:{name}"] == pytest.approx(wanted, abs=1e-9)
    assert any(row["low:price"] > 0 for row in rows if row["low:price"] is not None)


@pytest.mark.parametrize("form", ["lines", "table"])
def test_sentences_are_those_of_explain(tmp_path: Path, form: str) -> None:
    rows = evaluated(tmp_path, form, explain=True, lang="zh" if form == "lines" else "en")
    for row, given in zip(rows, scenarios(), strict=True):
        decision = mcda.evaluate(mcda.Scenario(**{k: v for k, v in given.items() if k != "format"}))
        said = mcda.explain(decision).sentences("zh" if form == "lines" else "en")
        assert row["explanation"] == ("" if form == "lines" else " ").join(said)


def test_sentences_of_a_table_with_parts_profile_and_a_pack(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    table = {
        "scenario": ["x", "y", "z"],
        "team": [0.0, None, 3.5],
        "egress_forbidden": [False, False, True],
    }
    pl.DataFrame(table).write_csv(tmp_path / "t.csv")
    settings = Settings(template=str(tmp_path / "t.yaml"), explain=True)
    bulk([str(tmp_path / "t.csv")], tmp_path / "o.parquet", settings)
    base = mcda.load_scenario(tmp_path / "t.yaml")
    for n, row in enumerate(pl.read_parquet(tmp_path / "o.parquet").to_dicts()):
        profile = {k: v[n] for k, v in table.items() if k != "scenario" and v[n] is not None}
        decision = mcda.evaluate(
            base.model_copy(update={"id": row["scenario"], "profile": profile})
        )
        assert row["explanation"] == " ".join(mcda.explain(decision).sentences("en"))


def test_sentences_and_hashes_of_scenarios_with_weights_of_their_own(tmp_path: Path) -> None:
    table = [
        {
            "scenario": name,
            "option": option,
            **OPTIONS[0][option],
            "judgement:price vs speed": ratio,
        }
        for name, ratio in (("x", 3.0), ("y", 0.5), ("z", None), ("again", 3.0))
        for option in "ab"
    ]
    pl.DataFrame(table).write_parquet(tmp_path / "t.parquet")
    judged = {"goal": {"price vs speed": 2, "price vs looks": 3, "speed vs looks": 2}}
    shared = {**scenarios()[0], "weights": {"judgements": {**judged, "price": {"now vs later": 2}}}}
    (tmp_path / "t.json").write_text(json.dumps(shared), encoding="utf-8")
    settings = Settings(template=str(tmp_path / "t.json"), explain=True)
    bulk([str(tmp_path / "t.parquet")], tmp_path / "o.parquet", settings)
    rows = {row["scenario"]: row for row in pl.read_parquet(tmp_path / "o.parquet").to_dicts()}
    for name, ratio in (("x", 3.0), ("y", 0.5), ("z", 2)):
        goal = {**judged["goal"], "price vs speed": ratio}
        weights = {"judgements": {"goal": goal, "price": {"now vs later": 2}}}
        keys = {k: v for k, v in shared.items() if k not in ("format", "weights", "id")}
        decision = mcda.evaluate(mcda.Scenario(id=name, weights=weights, **keys))
        assert rows[name]["error"] is None
        assert rows[name]["explanation"] == " ".join(mcda.explain(decision).sentences("en"))
    assert rows["x"]["input_hash"] == rows["again"]["input_hash"]
    assert len({row["input_hash"] for row in rows.values()}) == 3


@pytest.mark.parametrize("form", ["lines", "table"])
def test_leads_are_sums_of_what_explain_says(tmp_path: Path, form: str) -> None:
    out = tmp_path / "out.parquet"
    evaluated(tmp_path, form)
    source = str(tmp_path / ("s.jsonl" if form == "lines" else "t.parquet"))
    template = None if form == "lines" else str(tmp_path / "t.json")
    found = bulk([source], out, Settings(template=template)).leads
    wanted: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for given in scenarios():
        decision = mcda.evaluate(mcda.Scenario(**{k: v for k, v in given.items() if k != "format"}))
        if decision.recommended is not None and len(decision.ranking) > 1:
            pair = (decision.recommended, decision.ranking[1].option)
            counts[pair] += 1
            for name, amount in mcda.explain(decision).by_dimension.items():
                wanted[pair][name] += amount
    assert found.counts == counts
    for pair, amounts in wanted.items():
        assert found.sums[pair] == pytest.approx(dict(amounts), abs=1e-12)


def test_what_decides_between_two() -> None:
    leads = Leads()
    leads.add(("a", "b"), 4, {"x": 0.8, "y": 0.4})  # means .2 and .1
    leads.add(("b", "a"), 2, {"x": 0.4, "y": -0.2})  # means .2 and -.1
    leads.add(("c", "a"), 9, {"x": 0.9})
    [split] = leads.splits()
    assert (split.first, split.other, split.counts) == ("a", "b", (4, 2))
    assert dict(split.shares) == pytest.approx({"x": 1.0, "y": 0.0})
    assert leads.means()["c"] == (9, {"x": pytest.approx(0.1)})
    assert list(leads.means()) == ["c", "a", "b"]
    other = Leads({("a", "b"): 1}, {("a", "b"): {"x": 0.5, "z": 0.25}}, {"x": "X"})
    leads.merge(other)
    assert leads.counts["a", "b"] == 5
    assert leads.sums["a", "b"] == pytest.approx({"x": 1.3, "y": 0.4, "z": 0.25})


def test_counts_survive_the_metadata_of_a_part() -> None:
    leads = Leads({("a", "选"): 2}, {("a", "选"): {"x": 1 / 3}}, {"x": 'X "y"\n'})
    counts = Counts(5, 2, 1, Counter({"a": 2, "选": 1}), Counter({"clear": 3}), leads)
    assert Counts.from_json(counts.to_json()) == counts


def test_many_pairs_are_bounded() -> None:
    leads = Leads()
    for number in range(3000):
        leads.add((f"a{number}", "b"), 1, {"x": 0.5})
    assert len(leads.counts) == 1000
    leads.add(("a0", "b"), 1, {"x": 0.5})
    assert leads.counts["a0", "b"] == 2

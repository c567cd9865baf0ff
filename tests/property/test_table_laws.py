"""A long table says what its scenarios say one by one."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda

AI = mcda.load_criteria("ai-sourcing")
PROFILE = {
    "team": st.floats(0, 4),
    "budget": st.integers(0, 4),
    "data_security": st.integers(0, 4),
    "core_ness": st.floats(0, 4),
    "performance": st.integers(0, 4),
    "sigma": st.floats(0, 1),
    "can_hire_or_partner": st.booleans(),
    "egress_forbidden": st.booleans(),
    "minimum_quality": st.floats(0, 100),
    "upfront_cash": st.floats(0, 100),
    "latency_limit": st.floats(0, 100),
}
FACTS = {
    "team_demand": st.floats(0, 4),
    "security_offer": st.sampled_from([0.0, 2.0, 4.0]),
    "can_do_task": st.booleans(),
    "stays_on_premises": st.booleans(),
    "task_quality": st.floats(0, 100),
    "upfront_cost": st.floats(0, 100),
    "latency_p95": st.floats(0, 100),
}
PACK = ["flan-t5-small", "gpt-4", "hybrid"]


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@st.composite
def situations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of a long table over the shipped criteria model, scenarios in any order.

    Where all scenarios have the same options, these may consist of what they cannot consist of.
    """
    columns = draw(st.lists(st.sampled_from(sorted(PROFILE)), unique=True))
    facts = draw(st.lists(st.sampled_from(list(FACTS)), unique=True, max_size=3))
    rows: list[dict[str, Any]] = []
    alike = draw(st.booleans())
    roles = ("part:own", "part:bought")
    options: list[str] = []
    parts: dict[str, dict[str, str | None]] = {}
    for number in range(draw(st.integers(1, 5))):
        profile = {name: draw(maybe(PROFILE[name])) for name in columns}
        if not (alike and options):
            options = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1, max_size=4))
            plain = [name for name in options if draw(st.booleans())] or options[:1]
            among = st.sampled_from(list("abcd") if alike and draw(st.booleans()) else plain)
            parts = {
                option: {role: None if option in plain else draw(maybe(among)) for role in roles}
                for option in options
            }
        rows += [
            {
                "scenario": f"s{number}",
                "option": option,
                "from": draw(maybe(st.sampled_from(PACK))),
                **parts[option],
                **profile,
                **{name: draw(maybe(FACTS[name])) for name in facts},
            }
            for option in options
        ]
    if alike and draw(st.booleans()):
        return rows
    return draw(st.permutations(rows))


def one_by_one(rows: list[dict[str, Any]], **template: Any) -> dict[str, Any]:
    """Scenario -> decision or error, each from a scenario of its own."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(row["scenario"] for row in rows):
        own = [row for row in rows if row["scenario"] == name]
        options = {}
        for row in own:
            option: dict[str, Any] = {
                "facts": {fact: row[fact] for fact in list(FACTS) if row.get(fact) is not None},
                "parts": {
                    part: row[f"part:{part}"]
                    for part in ("own", "bought")
                    if row[f"part:{part}"] is not None
                },
            }
            if row["from"] is not None:
                option["from"] = row["from"]
            options[row["option"]] = option
        profile = {key: own[0][key] for key in PROFILE if own[0].get(key) is not None}
        try:
            scenario = mcda.Scenario(
                id=name,
                criteria=AI,
                facts="article-world",
                options=options,
                profile=profile,
                **template,
            )
            found[name] = mcda.evaluate(scenario)
        except mcda.McdaError as error:
            found[name] = error
    return found


def same(value: Any, other: float | None) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return other is None
    return other is not None and abs(value - other) <= 1e-12


def compare(results: list[dict[str, Any]], decisions: dict[str, Any]) -> None:
    for row in results:
        decision = decisions[row["scenario"]]
        if isinstance(decision, mcda.McdaError):
            assert row["error"], (row, decision)
            assert row["verdict"] is None
            assert row["eligible"] is None
            continue
        assert row["error"] is None, row
        assert row["verdict"] == decision.verdict
        assert same(row["firmness"], decision.firmness)
        assert same(row["margin"], decision.margin)
        assert row["recommended"] == (row["option"] == decision.recommended)
        ranked = {each.option: each for each in decision.ranking}
        assert row["eligible"] == (row["option"] in ranked)
        if row["eligible"]:
            each = ranked[row["option"]]
            assert same(row["closeness"], each.closeness)
            assert row["rank"] == each.rank
            assert row["gates"] is None
        else:
            [excluded] = [x for x in decision.excluded if x.option == row["option"]]
            assert same(row["closeness"], excluded.closeness)
            assert row["gates"] == " ".join(gate.gate for gate in excluded.gates)
            assert row["because"] == excluded.because.say("en")
            unknown = dict.fromkeys(name for gate in excluded.gates for name in gate.unknown)
            assert (row["unknown"] or "").split() == " ".join(unknown).split()


@settings(max_examples=30, deadline=None)
@given(situations(), st.sampled_from(["closure", "off"]))
def test_a_table_says_what_its_scenarios_say(rows: list[dict[str, Any]], mode: str) -> None:
    schema = dict.fromkeys(rows[0], pl.Float64)
    for name, value in {**PROFILE, **FACTS}.items():
        if "booleans" in repr(value):
            schema[name] = pl.Boolean
    for name in ("scenario", "option", "from", "part:own", "part:bought"):
        schema[name] = pl.String
    table = pl.DataFrame(rows, schema={name: schema[name] for name in rows[0]}, strict=False)
    method = {"dependencies": mode}
    results = mcda.evaluate_frame(
        table, "ai-sourcing", facts="article-world", method=method, errors="report"
    )
    assert results["scenario"].to_list() == [row["scenario"] for row in rows]
    assert results["option"].to_list() == [row["option"] for row in rows]
    compare(results.to_dicts(), one_by_one(rows, method=method))


TREE = {
    "price": {"direction": "cost"},
    "comfort": {
        "children": {
            "screen": {"direction": "benefit"},
            "battery": {"direction": "max"},
        }
    },
}


@settings(max_examples=30, deadline=None)
@given(
    st.data(),
    st.sampled_from(["vector", "minmax", "max", "sum", "none"]),
    st.sampled_from(["hierarchical", "classic", "linear"]),
    st.sampled_from([None, {"objective": "entropy"}, {"objective": "standard_deviation"}]),
)
def test_any_normalisation(data: Any, norm: str, weighting: str, weights: Any) -> None:
    number = st.one_of(st.none(), st.floats(0.1, 9), st.sampled_from([0.0, 1.0]))
    rows = [
        {
            "scenario": s,
            "option": o,
            "price": data.draw(number),
            "screen": data.draw(number),
            "battery": data.draw(number),
        }
        for s in range(data.draw(st.integers(1, 4)))
        for o in "abcd"[: data.draw(st.integers(1, 4))]
    ]
    method = {"normalization": norm, "weighting": weighting}
    weights = weights or {"direct": {"price": 1, "comfort": 2, "screen": 1, "battery": 3}}
    constraints = {"cheap": {"rule": "price < 5", "because": "dear"}}
    decisions: dict[str, Any] = {}
    for name in {row["scenario"] for row in rows}:
        own = [row for row in rows if row["scenario"] == name]
        values = {row["option"]: {k: row[k] for k in ("price", "screen", "battery")} for row in own}
        try:
            scenario = mcda.Scenario(
                id=str(name),
                criteria=TREE,
                options=values,
                method=method,
                weights=weights,
                constraints=constraints,
            )
            decisions[name] = mcda.evaluate(scenario)
        except mcda.McdaError as error:
            if any(None in each.values() for each in values.values()):
                continue  # a scenario file refuses null at once; a table asks for it where needed
            decisions[name] = error
    results = mcda.evaluate_frame(
        pl.DataFrame(
            rows,
            schema={
                "scenario": pl.Int64,
                "option": pl.String,
                "price": pl.Float64,
                "screen": pl.Float64,
                "battery": pl.Float64,
            },
        ),
        TREE,
        method=method,
        weights=weights,
        constraints=constraints,
        errors="report",
    )
    compare([row for row in results.to_dicts() if row["scenario"] in decisions], decisions)

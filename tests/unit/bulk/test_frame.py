"""Long tables: what columns mean, which rows belong together, and how failures are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import mcda

TREE = {
    "price": {"direction": "cost", "domain": [0, 100]},
    "speed": {"direction": "benefit", "domain": [0, 10]},
}
MODEL = mcda.Criteria(
    id="boats",
    profile={
        "crew": {"levels": ["none", "two", "many"], "default": 1},
        "sea": {"type": "choice", "values": ["calm", "rough"]},
        "race": {"type": "boolean", "default": False},
    },
    facts={
        "price": {"domain": [0, 100]},
        "speed": {"domain": [0, 10]},
        "hull": {"levels": {"wood": 0, "steel": 1}},
        "safe": {"type": "boolean"},
        "rig": {"type": "choice", "values": ["sloop", "ketch"]},
    },
    measures={
        "value": "speed / price * crew",
        "held": "clip(hull + (1 if rig == 'ketch' else 0), 0, 2)",
    },
    criteria={
        "worth": {"direction": "benefit", "measure": "value", "domain": [0, 100]},
        "hold": {"direction": "benefit", "measure": "held", "domain": [0, 2]},
    },
    gates={
        "safety": {"rule": "safe or sea == 'calm'", "because": {"en": "It sinks.", "zh": "会沉。"}}
    },
    judgements={"goal": {"worth vs hold": 2}},
)
BOATS = pl.DataFrame(
    {
        "scenario": ["x", "x", "y", "y"],
        "option": ["a", "b", "a", "b"],
        "price": [50, 20, 50, 20],
        "speed": [5.0, 4.0, 5.0, 9.0],
        "hull": ["wood", "steel", "wood", "steel"],
        "rig": ["ketch", "sloop", "ketch", "sloop"],
        "safe": [True, False, True, None],
        "sea": ["calm", "calm", "rough", "rough"],
    }
)


def by_row(frame: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["scenario"], row["option"]): row for row in frame.to_dicts()}


def test_facts_words_choices_booleans_and_gates() -> None:
    found = by_row(mcda.evaluate_frame(BOATS, MODEL))
    # worth: a 5/50, b 4/20; hold: a 0+1, b 1; of 100 and 2; weights 2/3 and 1/3
    u = (2 / 3) ** 2, (1 / 3) ** 2
    for option, worth in (("a", 0.1), ("b", 0.2)):
        near = np.sqrt(u[0] * (worth / 100) ** 2 + u[1] * 0.5**2)
        far = np.sqrt(u[0] * (1 - worth / 100) ** 2 + u[1] * 0.5**2)
        assert found["x", option]["closeness"] == pytest.approx(near / (near + far), abs=1e-14)
    assert found["x", "b"]["rank"] == 1
    assert found["y", "a"]["verdict"] == "no_contest"
    excluded = found["y", "b"]
    assert (excluded["eligible"], excluded["rank"], excluded["recommended"]) == (False, None, False)
    assert (excluded["gates"], excluded["because"], excluded["unknown"]) == (
        "safety",
        "It sinks.",
        "safe",
    )
    chinese = by_row(mcda.evaluate_frame(BOATS, MODEL, lang="zh"))
    assert chinese["y", "b"]["because"] == "会沉。"


@pytest.mark.parametrize("count", [1, 62, 63, 70])
def test_any_number_of_gates(count: int) -> None:
    rules = {f"g{n}": {"rule": f"price < {n}", "because": "Dear."} for n in range(count)}
    model = mcda.Criteria.model_validate({**MODEL.model_dump(by_alias=True), "gates": rules})
    prices = {"a": 68.5, "b": 0.5}
    frame = BOATS.with_columns(price=pl.col("option").replace_strict(prices))
    found = by_row(mcda.evaluate_frame(frame, model))
    for (_, option), row in found.items():
        failed = [f"g{n}" for n in range(count) if not prices[option] < n]
        assert (row["gates"] or "") == " ".join(failed)
    [excluded] = set(mcda.evaluate_frame(frame, model, per="scenario")["excluded"])
    cheap = f"b: {found['x', 'b']['gates']}"
    assert excluded == (f"a: {found['x', 'a']['gates']}; {cheap}" if count else None)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_the_caller_gets_the_callers_kind(kind: str) -> None:
    native = {"pandas": BOATS.to_pandas(), "polars": BOATS, "pyarrow": BOATS.to_arrow()}[kind]
    found = mcda.evaluate_frame(native, MODEL)
    assert type(found).__module__.split(".")[0] == kind
    wanted = mcda.evaluate_frame(BOATS, MODEL)
    plain = found.to_pylist() if kind == "pyarrow" else pl.DataFrame(found).to_dicts()
    for row, other in zip(plain, wanted.to_dicts(), strict=True):
        assert {k: None if v != v else v for k, v in row.items()} == other


def test_a_pandas_index_and_columns_kept_come_back() -> None:
    frame = BOATS.to_pandas().set_index(pd.Index([9, 7, 7, 5]))
    frame["note"] = ["p", "q", "r", "s"]
    found = mcda.evaluate_frame(frame, MODEL, keep=["note"])
    assert found.index.tolist() == [9, 7, 7, 5]
    assert found["note"].tolist() == ["p", "q", "r", "s"]
    assert str(found["rank"].dtype) == "Int64"


def test_rows_in_any_order_say_the_same() -> None:
    mixed = BOATS[[3, 0, 2, 1]]
    found, wanted = mcda.evaluate_frame(mixed, MODEL), mcda.evaluate_frame(BOATS, MODEL)
    assert found["scenario"].to_list() == ["y", "x", "y", "x"]
    assert by_row(found) == by_row(wanted)


def test_one_row_for_each_scenario() -> None:
    options = {
        "a": {"facts": {"price": 50, "speed": 5, "hull": "wood", "rig": "ketch", "safe": True}},
        "b": {"facts": {"price": 20, "speed": 4, "hull": 1, "rig": "sloop", "safe": False}},
    }
    situations = pl.DataFrame(
        {"scenario": [1, 2, 3], "sea": ["calm", None, "rough"], "crew": [1.5, None, 0]}
    )
    found = mcda.evaluate_frame(situations, MODEL, options=options)
    assert found["scenario"].to_list() == [1, 1, 2, 2, 3, 3]
    assert found["option"].to_list() == ["a", "b"] * 3
    rows = {(row["scenario"], row["option"]): row for row in found.to_dicts()}
    assert rows[1, "b"]["eligible"]
    assert rows[2, "b"]["unknown"] == "sea"
    assert rows[3, "b"]["unknown"] is None
    for number, profile in (
        (1, {"sea": "calm", "crew": 1.5}),
        (2, {}),
        (3, {"sea": "rough", "crew": 0}),
    ):
        one = mcda.evaluate(mcda.Scenario(id="s", criteria=MODEL, options=options, profile=profile))
        assert rows[number, "a"]["closeness"] == pytest.approx(
            one.ranking[0].closeness if one.ranking[0].option == "a" else one.ranking[1].closeness,
            abs=1e-12,
        )
        assert rows[number, "a"]["verdict"] == one.verdict


def test_failures_are_told_apart_and_do_not_spread() -> None:
    bad = BOATS.with_columns(
        price=pl.Series([50, 20, 0, 20]),
    )
    with pytest.raises(mcda.McdaError) as error:
        mcda.evaluate_frame(bad, MODEL)
    assert "1 of 2 scenarios cannot be evaluated" in str(error.value)
    assert "row 3 (scenario 'y', option 'a')" in str(error.value)
    assert "speed / price" in str(error.value)
    assert "speed = 5, price = 0, crew = 1" in str(error.value)
    found = by_row(mcda.evaluate_frame(bad, MODEL, errors="report"))
    wanted = by_row(mcda.evaluate_frame(BOATS, MODEL))
    assert found["x", "a"] == wanted["x", "a"]
    for option in "ab":
        row = found["y", option]
        assert "speed = 5" in row.pop("error")
        assert all(value is None for key, value in row.items() if key not in ("scenario", "option"))


def replaced(column: str, values: list[Any]) -> pl.DataFrame:
    return BOATS.with_columns(pl.Series(column, values, strict=False))


def test_a_column_kept_is_still_read() -> None:
    kept = mcda.evaluate_frame(BOATS, MODEL, keep=["sea", "price"])
    assert kept["sea"].to_list() == BOATS["sea"].to_list()
    assert by_row(kept.drop("sea", "price")) == by_row(mcda.evaluate_frame(BOATS, MODEL))


def test_names_are_composed_and_checked() -> None:
    plain, composed = "e\u0301", "\u00e9"
    table = replaced("option", [plain, "b", composed, "b"])
    found = mcda.evaluate_frame(table, MODEL)
    assert found["rank"].to_list() == mcda.evaluate_frame(BOATS, MODEL)["rank"].to_list()
    options = {
        composed: {"facts": {"price": 50, "speed": 5, "hull": 1, "rig": "sloop", "safe": True}}
    }
    only = mcda.evaluate_frame(
        pl.DataFrame({"scenario": [1]}), MODEL, options={plain: options[composed]}
    )
    assert only["option"].to_list() == [composed]


def test_many_failing_formulas_are_found_at_once() -> None:
    size = 3000
    table = pl.DataFrame(
        {
            "scenario": np.repeat(np.arange(size), 2),
            "option": ["a", "b"] * size,
            "price": np.tile([0, 20, 50, 20], size // 2),
            "speed": 5.0,
            "hull": 1,
            "rig": "sloop",
            "safe": True,
        }
    )
    found = mcda.evaluate_frame(table, MODEL, errors="report")
    assert found["error"].null_count() == size
    bad = found.filter(pl.col("scenario") == 2998)["error"][0]
    assert "row 5997 (scenario '2998', option 'a')" in bad
    assert "price = 0" in bad
    assert "\n" not in bad


@pytest.mark.parametrize("per", ["option", "scenario"])
def test_a_result_that_is_no_number_where_no_domain_is_declared(per: Any) -> None:
    model = mcda.Criteria(
        id="boats",
        facts={"price": {}, "speed": {}},
        measures={"value": "speed / price"},
        criteria={
            "worth": {"direction": "benefit", "measure": "value"},
            "pace": {"direction": "benefit", "fact": "speed"},
        },
        judgements={"goal": {"worth vs pace": 2}},
    )
    table = pl.DataFrame(
        {
            "scenario": ["x", "x", "y", "y"],
            "option": ["a", "b", "a", "b"],
            "price": [0.0, 20.0, 50.0, 20.0],
            "speed": [0.0, 4.0, 5.0, 9.0],
        }
    )
    how: dict[str, Any] = {"method": {"normalization": "vector"}, "per": per}
    found = mcda.evaluate_frame(table, model, errors="report", **how)
    rows = {row["scenario"]: row for row in found.to_dicts()}
    assert "not a number for option 'a'" in rows["x"]["error"]
    assert rows["x"]["verdict"] is None
    alone = mcda.evaluate_frame(table[2:], model, **how)
    assert rows["y"] == alone.to_dicts()[-1]


TOLD: dict[str, tuple[Any, dict[str, Any], str]] = {
    "outside": (
        replaced("price", [50, 20, 500, 20]),
        {},
        "row 3 (scenario 'y', option 'a'): column 'price' is 500, outside the domain [0, 100]",
    ),
    "word": (replaced("hull", ["wod", "steel", "wood", "steel"]), {}, "Did you mean 'wood'"),
    "choice": (
        replaced("rig", ["catch", "sloop", "ketch", "sloop"]),
        {},
        "expected one of sloop, ketch",
    ),
    "number as boolean": (replaced("safe", [1, 0, 1, 0]), {}, "not true or false"),
    "text as number": (
        replaced("price", ["50", "20", "50", "20"]),
        {},
        "Turn text into numbers first",
    ),
    "nan": (replaced("speed", [5.0, float("nan"), 5.0, 9.0]), {}, "null if it is unknown"),
    "needed": (
        replaced("speed", [None, 4.0, 5.0, 9.0]),
        {},
        "'worth' cannot be scored: unknown is speed",
    ),
    "beyond": (
        replaced("price", [0.01, 20, 50, 20]),
        {},
        "row 1 (scenario 'x', option 'a'): 'worth' is 500, outside its domain [0, 100]",
    ),
    "twice": (replaced("option", ["a", "a", "a", "b"]), {}, "has this option already"),
    "no name": (replaced("option", ["a", None, "a", "b"]), {}, "'option' is missing"),
    "differs": (
        replaced("sea", ["calm", "rough", "rough", "rough"]),
        {},
        "differs from the row before",
    ),
    "no id": (replaced("scenario", ["x", None, "y", "y"]), {}, "row 2 has no entry in 'scenario'"),
    "unknown column": (BOATS.rename({"speed": "sped"}), {}, "Did you mean 'speed'"),
    "no scenarios": (BOATS.rename({"scenario": "case"}), {}, "scenario=..."),
    "no options": (BOATS.drop("option"), {}, "options={name: {...}}"),
    "not among options": (BOATS, {"options": {"a": {}}}, "'b' is not among the options given"),
    "repeated": (
        BOATS.drop("option"),
        {"options": {"a": {}}},
        "rows 1 and 2 have the same scenario 'x'",
    ),
    "from without pack": (BOATS.with_columns(**{"from": pl.lit("z")}), {}, "Give facts=NAME"),
    "errors": (BOATS, {"errors": "ignore"}, "raise, report"),
    "same twice": (BOATS.with_columns(pl.col("price").alias("fact:price")), {}, "are the same"),
    "nan ids": (
        replaced("scenario", [1.0, float("nan"), 2.0, 2.0]),
        {},
        "row 2 has no entry in 'scenario'",
    ),
    "mixed ids": (
        BOATS.to_pandas().assign(scenario=pd.Series([1, True, "1", "1"], dtype=object)),
        {},
        "mixes bool, int, str",
    ),
    "lists as ids": (replaced("scenario", [[1], [1], [2], [2]]), {}, "holds list, not ids"),
    "invisible name": (replaced("option", ["a\u202e", "b", "a", "b"]), {}, "U+202E"),
    "equal names": (
        replaced("option", ["e\u0301", "\u00e9", "a", "b"]),
        {},
        "has this option already",
    ),
    "ids from a field": (BOATS, {"scenario": "crew"}, "no column 'crew'"),
    "ids from a fact": (BOATS, {"scenario": "price"}, "is a fact or a profile field"),
    "shuffled, no name": (
        replaced("option", ["a", "b", "a", None])[[3, 0, 1, 2]],
        {},
        "row 1 (scenario 'y'): column 'option' is missing",
    ),
    "language": (BOATS, {"lang": "de"}, "no language 'de'"),
    "options": (BOATS, {"options": ["a"]}, "options= is a list"),
    "keep": (BOATS, {"keep": [3]}, "is not the name of a column"),
    "scenario": (BOATS, {"scenario": 0}, "is not the name of a column"),
    "own name": (BOATS.with_columns(rank=pl.lit(1)), {"keep": ["rank"]}, "one of the results' own"),
}


@pytest.mark.parametrize("case", list(TOLD))
def test_what_is_wrong_is_told(case: str) -> None:
    frame, how, said = TOLD[case]
    with pytest.raises(mcda.McdaError) as error:
        mcda.evaluate_frame(frame, MODEL, **how)
    assert said in str(error.value), str(error.value)


def test_a_missing_fact_with_a_pack_or_parts_is_taken_from_them() -> None:
    table = pl.DataFrame(
        {
            "scenario": ["s"] * 3,
            "option": ["open", "api", "both"],
            "from": ["flan-t5-small", "gpt-4", "hybrid"],
            "part:own": [None, None, "open"],
            "part:bought": [None, None, "api"],
            "stays_on_premises": [True, None, None],
        }
    )
    found = mcda.evaluate_frame(table, "ai-sourcing", facts="article-world").to_dicts()
    one = mcda.evaluate(
        mcda.Scenario(
            id="s",
            criteria="ai-sourcing",
            facts="article-world",
            options={
                "open": {"from": "flan-t5-small", "facts": {"stays_on_premises": True}},
                "api": {"from": "gpt-4"},
                "both": {"from": "hybrid", "parts": {"own": "open", "bought": "api"}},
            },
        )
    )
    ranked = {each.option: each.closeness for each in one.ranking}
    assert {row["option"]: row["closeness"] for row in found if row["eligible"]} == pytest.approx(
        ranked, abs=1e-12
    )


def test_the_same_options_may_consist_of_others_in_each_scenario() -> None:
    owns, sources = {"s": "x", "t": "y", "u": "x"}, ["flan-t5-small", "gpt-4", "hybrid"]
    table = pl.DataFrame(
        {
            "scenario": np.repeat(list(owns), 3),
            "option": ["x", "y", "both"] * 3,
            "from": sources * 3,
            "part:own": [None, None, "x", None, None, "y", None, None, "x"],
            "part:bought": [None, None, "y", None, None, "x", None, None, "y"],
            "performance": [4] * 9,
            "sigma": [0.8] * 9,
        }
    )
    found = mcda.evaluate_frame(table, "ai-sourcing", facts="article-world")
    shared = {"criteria": "ai-sourcing", "facts": "article-world"}
    reached = {}
    for name, own in owns.items():
        parts = {"own": own, "bought": "y" if own == "x" else "x"}
        options = {"x": {"from": sources[0]}, "y": {"from": sources[1]}}
        scenario = mcda.Scenario(
            id=name,
            options={**options, "both": {"from": "hybrid", "parts": parts}},
            profile={"performance": 4, "sigma": 0.8},
            **shared,
        )
        ranked = {each.option: each.closeness for each in mcda.evaluate(scenario).ranking}
        rows = found.filter(pl.col("scenario") == name).to_dicts()
        assert {row["option"]: row["closeness"] for row in rows if row["eligible"]} == ranked
        reached[name] = ranked["both"]
    assert reached["s"] == reached["u"] != reached["t"]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_words_with_nulls_in_long_tables(kind: str) -> None:
    size = 40
    table = pl.DataFrame(
        {
            "scenario": np.repeat(np.arange(size), 3),
            "option": ["open", "api", "both"] * size,
            "from": ["flan-t5-small", "gpt-4", "hybrid"] * size,
            "part:own": [None, None, "open"] * size,
            "part:bought": [None, None, "api"] * size,
        }
    )
    native = {"pandas": table.to_pandas(), "polars": table, "pyarrow": table.to_arrow()}[kind]
    found = pl.DataFrame(mcda.evaluate_frame(native, "ai-sourcing", facts="article-world"))
    one = mcda.evaluate_frame(table[:3], "ai-sourcing", facts="article-world")
    assert found["closeness"].to_list() == pytest.approx(
        one["closeness"].to_list() * size, abs=1e-15
    )
    assert found["recommended"].sum() == size * one["recommended"].sum()


def test_an_empty_table_is_an_empty_result() -> None:
    found = mcda.evaluate_frame(BOATS[:0], MODEL)
    assert len(found) == 0
    assert "closeness" in found.columns


def test_an_own_tree_and_inconsistent_judgements_warn() -> None:
    rows = pl.DataFrame(
        {"scenario": [1, 1], "option": ["a", "b"], "price": [10, 20], "speed": [3, 4]}
    )
    found = mcda.evaluate_frame(rows, TREE, weights={"direct": {"price": 1, "speed": 1}})
    assert found["rank"].to_list() == [2, 1]
    tree = {**TREE, "size": {"direction": "max", "domain": [0, 10]}}
    circle = {"judgements": {"goal": {"price vs speed": 5, "speed vs size": 5, "size vs price": 5}}}
    with pytest.warns(UserWarning, match="contradict"):
        mcda.evaluate_frame(rows.with_columns(size=pl.lit(3)), tree, weights=circle)


def test_what_judges_and_best_worst_answers_contradict_is_said_of_the_template() -> None:
    rows = pl.DataFrame(
        {
            "scenario": [1, 1],
            "option": ["a", "b"],
            "price": [10, 20],
            "speed": [3, 4],
            "size": [5, 6],
        }
    )
    tree = {**TREE, "size": {"direction": "max", "domain": [0, 10]}}
    circle = {"price vs speed": 9, "speed vs size": 9, "size vs price": 9}
    against = {pair: 1 / ratio for pair, ratio in circle.items()}
    judges = {
        name: {"judgements": {"goal": said}} for name, said in (("one", circle), ("two", against))
    }
    with pytest.warns(UserWarning, match="Judge one: The judgements.*Judge two: The judgements"):
        mcda.evaluate_frame(rows, tree, weights={"judges": judges})
    answers = {
        "best": "price",
        "worst": "size",
        "best_to_others": {"speed": 4, "size": 6},
        "others_to_worst": {"speed": 6},
    }
    with pytest.warns(UserWarning, match="ratio 0.600, above 0.133. Reconsider first price vs sp"):
        mcda.evaluate_frame(rows, tree, weights={"best_worst": {"goal": answers}})


def test_columns_are_those_of_a_decisions_frame() -> None:
    scenario = mcda.catalog().scenarios["articles/000-clip"].path
    decision = mcda.evaluate(scenario).to_frame("polars")
    assert [*decision.columns, "error"] == mcda.evaluate_frame(BOATS, MODEL).columns
    table = mcda.evaluate_frame(BOATS, MODEL)
    assert decision.dtypes == table.drop("error").dtypes


@pytest.mark.parametrize("name", ["Total", "平均值", "weights"])
def test_a_row_named_like_a_total_fails_its_scenario(name: str) -> None:
    rows = BOATS.rows()
    extra = ("x", name, *rows[0][2:])
    frame = pl.DataFrame([*rows[:2], extra, *rows[2:]], schema=BOATS.columns, orient="row")
    found = mcda.evaluate_frame(frame, MODEL, errors="report")
    failed = found.filter(pl.col("error").is_not_null())
    assert failed["scenario"].unique().to_list() == ["x"]
    assert (
        f"row 3 (scenario 'x', option {name!r}): the row {name!r} looks like" in failed["error"][0]
    )
    with pytest.raises(
        mcda.McdaError, match="Delete the row; if it is an option, give all options"
    ):
        mcda.evaluate_frame(frame, MODEL)
    alone = mcda.evaluate_frame(BOATS, MODEL).filter(pl.col("scenario") == "y")
    assert found.filter(pl.col("scenario") == "y").equals(alone)
    # both remedies
    assert mcda.evaluate_frame(frame.filter(pl.col("option") != name), MODEL).equals(
        mcda.evaluate_frame(BOATS, MODEL)
    )
    declared = {"a": {}, "b": {}, name: {}}
    taken = mcda.evaluate_frame(frame, MODEL, options=declared, errors="report")
    assert taken["error"].null_count() == len(frame)

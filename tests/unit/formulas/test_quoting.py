"""Names in backticks: whatever has a name can be named in a formula, everywhere formulas go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import mcda
from mcda.errors import FormulaError
from mcda.formulas import (
    BOOLEAN,
    NUMBER,
    Choice,
    Values,
    evaluate,
    names_in,
    parse,
    quoted,
)
from mcda.formulas.javascript import javascript
from mcda.formulas.quoting import unquote
from mcda.formulas.tree import Call, Name, walk
from tests.formula_text import written

NAMES = {
    "x": NUMBER,
    "Lead Time (Days)": NUMBER,
    "成本 (元)": NUMBER,
    "成本": NUMBER,
    "a`b": NUMBER,
    "`": NUMBER,
    "it's": NUMBER,
    'size 12"': NUMBER,
    "Cost #1": NUMBER,
    "5G": BOOLEAN,
    "if": NUMBER,
    "min": NUMBER,
    "class": NUMBER,
    "True": NUMBER,
    "and": BOOLEAN,
    "a.b": NUMBER,
    "价格（元）": NUMBER,
    "kind of it": Choice("choice", ("a`b", "it's", 'say "x"', "a # b")),
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("`Lead Time (Days)` * 2 + x", ["Lead Time (Days)", "x"]),
        ("`成本 (元)`/`成本`", ["成本 (元)", "成本"]),
        ("`a``b` - ````", ["a`b", "`"]),
        ("`it's` + `it's`", ["it's", "it's"]),
        ("`it's` + `size 12\"` - `it's`", ["it's", 'size 12"', "it's"]),
        ("1 if `5G` and not `and` else `Cost #1`", ["Cost #1", "5G", "and"]),
        ("`if` if `5G` else 0", ["if", "5G"]),
        ("min(`min`, min, `True`)", ["min", "min", "True"]),
        ("own.`Lead Time (Days)` + `own`.x - own . `a.b`", ["Lead Time (Days)", "x", "a.b"]),
        ("(`class`)", ["class"]),
        ("\n  `价格（元）`\n  > 3 ", ["价格（元）"]),
        ("`x`", ["x"]),
        ("`kind of it` == 'a`b'", ["kind of it"]),
        ("`kind of it` in ('it\\'s', \"it's\", 'say \"x\"') and `5G`", ["kind of it", "5G"]),
        ("`kind of it` == 'a # b'", ["kind of it"]),
        ("coalesce(`a``b`, 1)", ["a`b"]),
        ("known(`Cost #1`)", ["Cost #1"]),
    ],
)
def test_names_in_backticks(text: str, names: list[str]) -> None:
    tree = parse(text, NAMES, ("own",))
    found = [node.name for node in walk(tree) if isinstance(node, Name)]
    assert sorted(found) == sorted(names)
    assert names_in(text) - {"own"} == set(names)
    for node in walk(tree):
        if isinstance(node, Name):
            start, end = node.span
            said = text[start:end].replace("own", "").strip("`. ")
            assert said.replace("``", "`") in (node.name, node.name.strip("`"))


@pytest.mark.parametrize(
    ("text", "what", "spot"),
    [
        ("Lead Time (Days) * 2", "backticks: `Lead Time (Days)`", None),
        ("x + Lead Time (Days)", "backticks: `Lead Time (Days)`", None),
        ("成本 (元) > 3", "backticks: `成本 (元)`", None),
        ("a.b + 1", "unknown part 'a'. Write the name in backticks: `a.b`", "a"),
        ("Cost #1 + 2", "no comments. Write the name in backticks: `Cost #1`", "#"),
        ("5G and True", "backticks: `5G`", None),
        ("a`b + 1", "this backtick has no partner. Close it; one that belongs", "`"),
        ("kind of it == 'x'", "backticks: `kind of it`", None),
        (
            "`Lead time (Days)`",
            "unknown name 'Lead time (Days)'. Did you mean '`Lead Time (Days)`'",
            None,
        ),
        ("Lead_Time_Days", "Did you mean '`Lead Time (Days)`'", None),
        ("x + ``", "no name between the backticks", "``"),
        ("x + ` `", "no name between the backticks", "` `"),
        ("x + `a", "this backtick has no partner", "`"),
        ("2`x`", "'2' stands right beside the backticks", "`x`"),
        ("`x`y", "'y' stands right beside the backticks", "`x`"),
        ("`min`(x, 2)", "'min' in backticks is a name, not a function", "`min`"),
        ("`x y`(2)", "'x y' in backticks is a name, not a function", "`x y`"),
        ("`true`", "unknown name 'true'", "`true`"),
        ("`own`.`z`", "unknown name 'z'", None),
        ("`our own`.x", "unknown part 'our own'. Did you mean 'own'", "`our own`"),
        ("own.a b", "this is not a formula", None),
        ("`x` % 2", "the operator % is not known", None),
    ],
)
def test_what_is_wrong_shows_the_spot_and_the_form(text: str, what: str, spot: str | None) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES, ("own",))
    message = str(caught.value)
    assert what in message
    assert "___" not in message
    if spot is not None:
        start, end = caught.value.span
        assert text[start:end] == spot


def test_what_fails_is_said_as_it_is_written() -> None:
    class One:
        def value(self, name: str, part: str | None) -> Values:
            return Values(np.array([0.0]), np.array([True]))

        def label(self, index: tuple[int, ...]) -> str:
            return ""

    text = "x / `Lead Time (Days)`"
    with pytest.raises(FormulaError, match=r"with x = 0, `Lead Time \(Days\)` = 0"):
        evaluate(parse(text, NAMES), text, One())


def test_javascript_names_them_as_data() -> None:
    tree = parse("own.`a``b` + `Lead Time (Days)`", NAMES, ("own",))
    assert javascript(tree) == 'add(part("own","a`b"),v("Lead Time (Days)"))'


def test_a_name_and_its_quotes_are_as_long_as_before() -> None:
    text = "1 + `成本 (元)` - 'a`b'"
    found = unquote(text)
    assert len(found.text) == len(found.bare) == len(text)
    assert found.text == "1 + ________ - 'a`b'"
    assert found.bare.split() == ["1", "+", "-"]


def test_a_measure_that_is_named_like_a_function_reads_not_itself() -> None:
    assert names_in("min(x, 2)") == {"x"}
    assert isinstance(parse("min(x, 2)", {"x": NUMBER, "min": NUMBER}), Call)


AWKWARD = {
    "lead": "Lead Time (Days)",
    "cost": "成本 (元)",
    "share": "share of `it`",
    "quick": "5G",
    "urgent": "How urgent?",
    "rush": "if",
    "proto": "__proto__",
}


def model(names: dict[str, str]) -> mcda.Criteria:
    said = {key: quoted(name) for key, name in names.items()}
    return mcda.Criteria(
        id="m",
        profile={
            names["urgent"]: {"levels": ["no", "some", "very"], "default": 1},
            names["rush"]: {"type": "boolean", "default": False},
        },
        facts={
            names["lead"]: {"domain": [0, 100], "combine": "max"},
            names["cost"]: {"domain": [1, 100], "combine": "sum"},
            names["share"]: {"domain": [0, 1]},
            names["quick"]: {"type": "boolean"},
            names["proto"]: {"domain": [0, 10]},
        },
        parts={"own": {}},
        measures={
            "slow": "{lead} * (1 + {urgent}) / (2 if {rush} else 1)".format(**said),
            "whole": "coalesce(own.{share}, {share}) + {proto} / 10".format(**said),
        },
        criteria={
            "time": {"direction": "cost", "measure": "slow", "domain": [0, 300]},
            "worth": {"direction": "benefit", "measure": "whole", "domain": [0, 2]},
            names["cost"]: {"direction": "cost", "domain": [1, 300]},
        },
        gates={
            "fast": {"rule": "{quick} or not {rush}".format(**said), "because": "It is urgent."}
        },
        judgements={"goal": {"time vs worth": 2}},
    )


def scenario(names: dict[str, str]) -> mcda.Scenario:
    def option(lead: float, cost: float, share: float, quick: bool) -> dict[str, Any]:
        values = {"lead": lead, "cost": cost, "share": share, "quick": quick, "proto": 3}
        return {"facts": {names[key]: value for key, value in values.items()}}

    return mcda.Scenario(
        id="s",
        criteria=model(names),
        profile={names["urgent"]: 2},
        options={
            "a": option(20, 50, 0.5, True),
            "b": option(30, 20, 0.4, False),
            "both": {"parts": {"own": "a"}, **option(10, 80, 0.9, True)},
        },
        weights={"direct": {"time": 2, "worth": 3, names["cost"]: 1}},
    )


PLAIN = {key: key for key in AWKWARD}


def test_names_change_nothing() -> None:
    awkward, plain = mcda.evaluate(scenario(AWKWARD)), mcda.evaluate(scenario(PLAIN))
    assert [each.option for each in awkward.ranking] == [each.option for each in plain.ranking]
    for one, other in zip(awkward.ranking, plain.ranking, strict=True):
        assert one.closeness == other.closeness
    assert str(mcda.explain(awkward)) != ""
    mcda.sensitivity(awkward, samples=100)


def test_names_in_long_tables() -> None:
    rows = {
        "scenario": ["s", "s", "t", "t"],
        "option": ["a", "b", "a", "b"],
        "lead": [20, 30, 5, 30],
        "cost": [50, 20, 50, 20],
        "share": [0.5, 0.4, 0.1, 0.9],
        "quick": [True, False, True, True],
        "proto": [3, 3, 4, 4],
        "urgent": [2, 2, 0, 0],
        "rush": [False, False, True, True],
    }
    weights = {"direct": {"time": 2, "worth": 3}}

    def found(names: dict[str, str]) -> list[Any]:
        frame = pl.DataFrame({names.get(name, name): values for name, values in rows.items()})
        own = {"direct": {**weights["direct"], names["cost"]: 1}}
        table = mcda.evaluate_frame(frame, model(names), weights=own)
        return table["closeness"].to_list()

    assert found(AWKWARD) == found(PLAIN)


@pytest.mark.parametrize("ending", ["yaml", "json", "toml"])
def test_names_in_files(ending: str, tmp_path: Path) -> None:
    given = scenario(AWKWARD)
    mcda.save(given.criteria, tmp_path / f"m.{ending}")
    read = mcda.load_criteria(tmp_path / f"m.{ending}")
    assert read == given.criteria
    again = given.model_copy(update={"criteria": read})
    assert mcda.evaluate(again).to_dict() == mcda.evaluate(given).to_dict()


def test_the_model_says_how_to_write_it(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "format: mcda/criteria/1\nid: m\nfacts: {Lead Time (Days): {}}\n"
        "measures:\n  slow: Lead Time (Days) * 2\n"
        "criteria: {time: {direction: cost, measure: slow, domain: [0, 9]}}\n",
        encoding="utf-8",
    )
    own = tmp_path / "s.yaml"
    own.write_text(
        "format: mcda/scenario/1\nid: s\ncriteria: m.yaml\n"
        "options: {a: {facts: {Lead Time (Days): 1}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(mcda.McdaError) as caught:
        mcda.evaluate(own)
    assert "m.yaml:5:9: measures.slow" in str(caught.value)
    assert "Write the name in backticks: `Lead Time (Days)`" in str(caught.value)


def test_the_printed_form_of_each_kind() -> None:
    for text, printed in [
        ("`a``b`+x*2", "`a``b` + (x * 2.0)"),
        ("(x + 1) * 2", "(x + 1.0) * 2.0"),
        ("x < `if` <= 2", "x < `if` <= 2.0"),
        ("`5G` or not `and`", "`5G` or (not `and`)"),
        ("own.`a``b` ** -2", "own.`a``b` ** (-2.0)"),
        ("`kind of it` not in ('a`b',)", "not (`kind of it` in ('a`b', ))"),
    ]:
        assert written(parse(text, NAMES, ("own",))) == printed

"""Facts too old for a decision, later than it, without their unit; what would have to be known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import mcda
from mcda.reports import display

MODEL: dict[str, Any] = {
    "format": "mcda/criteria/1",
    "id": "cars",
    "profile": {"private": {"type": "boolean", "default": True}},
    "facts": {
        "gain": {"domain": [0, 10]},
        "price": {"unit": "EUR", "domain": [0, 10], "stale_after": 30},
        "list_price": {"unit": "EUR", "stale_after": 1},
        "sold": {"type": "boolean"},
        "sold_to_all": {"type": "boolean"},
        "licence": {"type": "boolean", "title": {"en": "Licensed", "zh": "许可证"}},
        "fleet_licence": {"type": "boolean"},
    },
    "measures": {"allowed": "licence if private else fleet_licence"},
    "criteria": {
        "gain": {"direction": "benefit", "domain": [0, 10]},
        "price": {"direction": "cost", "domain": [0, 10]},
    },
    "judgements": {"goal": {"gain vs price": 1}},
    "gates": {
        "market": {
            "rule": "(sold or sold_to_all) and allowed and known(sold)",
            "because": "It must be sold.",
        }
    },
}


def decide(tmp_path: Path, facts: dict[str, Any], **more: Any) -> mcda.Decision:
    options = {"a": {"facts": {"sold": True, "licence": True, "gain": 1, "price": 1, **facts}}}
    return mcda.evaluate(saved(tmp_path, options, **more))


def saved(tmp_path: Path, options: dict[str, Any], **more: Any) -> Path:
    (tmp_path / "criteria.yaml").write_text(yaml.safe_dump(MODEL))
    scenario = {
        "format": "mcda/scenario/1",
        "id": "case",
        "criteria": "./criteria.yaml",
        "options": options,
        **more,
    }
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False))
    return path


def fact(value: Any, as_of: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "as_of": as_of, **more}


@pytest.mark.parametrize(
    ("name", "as_of", "stale"),
    [
        ("price", "2026-05-02", False),  # 30 days before 1 June
        ("price", "2026-05-01", True),
        ("gain", "2025-06-01", False),  # 365 days
        ("gain", "2025-05-31", True),
        ("list_price", "2020-01-01", False),  # nothing reads it
    ],
)
def test_a_fact_is_stale_by_its_fields_age(
    tmp_path: Path, name: str, as_of: str, stale: bool
) -> None:
    decision = decide(tmp_path, {name: fact(2, as_of)}, decision_date="2026-06-01")
    said = [str(each) for each in decision.warnings]
    assert said == (
        [
            "Facts of a are older than they may be on the decision date 2026-06-01: "
            f"{name} ({as_of}, limit {30 if name == 'price' else 365} days)."
        ]
        if stale
        else []
    )
    assert not decide(tmp_path, {name: fact(2, as_of)}).warnings


def test_facts_later_than_the_decision_are_named_too(tmp_path: Path) -> None:
    facts = {"gain": fact(2, "2026-06-02"), "price": fact(2, "2026-06-01")}
    [notice] = decide(tmp_path, facts, decision_date="2026-06-01").warnings
    assert notice.code == "hindsight"
    assert notice.say("zh") == "a 的以下事实晚于决策日 2026-06-01：gain（2026-06-02）。"


def test_facts_of_several_dates_are_listed_in_the_readers_language(tmp_path: Path) -> None:
    facts = {
        "price": fact(2, "2026-07-01"),
        "gain": fact(2, "2026-07-01"),
        "licence": fact(True, "2026-08-01"),
    }
    [notice] = decide(tmp_path, facts, decision_date="2026-06-01").warnings
    assert str(notice).endswith(" (2026-07-01); licence (2026-08-01).")
    said = notice.say("zh")
    assert said.endswith("（2026-07-01）；许可证（2026-08-01）。")
    assert not set(said) & set(",;()")


def test_all_facts_late_at_several_dates_are_not_listed(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"gain": 2, "price": 2, "sold": True, "licence": True}
    late = {name: fact(value, "2026-07-01") for name, value in facts.items()}
    late["gain"] = fact(2, "2026-07-09")
    [notice] = decide(tmp_path, late, decision_date="2026-06-01").warnings
    assert "All 4 facts of a are as of 2026-07-01 to 2026-07-09, later" in str(notice)
    assert "a 的全部 4 项事实（2026-07-01 至 2026-07-09）晚于决策日" in notice.say("zh")


def test_all_facts_of_one_date_are_not_listed(tmp_path: Path) -> None:
    facts = {"gain": 2, "price": 2, "sold": True, "licence": True}
    old = {name: fact(value, "2020-02-02") for name, value in facts.items()}
    [notice] = decide(tmp_path, old, decision_date="2026-06-01").warnings
    assert notice.code == "stale_all"
    assert str(notice).startswith("All 4 facts of a are as of 2020-02-02")
    # price may be 30 days old, the others a year
    assert str(notice).endswith(" 2026-06-01 (limit 30 to 365 days).")
    assert notice.say("zh").endswith("已过时（时限 30 至 365 天）。")


def aged(tmp_path: Path, limit: int, **facts: str) -> tuple[list[str], str]:
    """Evidence and page of a decision on 2026-11-30; price may be `limit` days old, gain 365."""
    model = json.loads(json.dumps(MODEL))
    model["facts"]["price"]["stale_after"] = limit
    options: dict[str, Any] = {
        name: {
            "facts": {
                "sold": True,
                "licence": True,
                "price": {"value": price, "source": "an offer", "unit": "EUR"},
                "gain": {"value": gain, "source": "a survey"},
            }
        }
        for name, price, gain in (("a", 3, 6), ("b", 5, 2))
    }
    for name, day in facts.items():
        options["a"]["facts"][name]["as_of"] = day
    path = saved(tmp_path, options, decision_date="2026-11-30")
    (tmp_path / "criteria.yaml").write_text(yaml.safe_dump(model))
    decision = mcda.evaluate(path)
    mcda.report(decision, tmp_path / "page.html")
    page = re.sub("<[^>]*>", "\n", (tmp_path / "page.html").read_text("utf-8"))
    why = mcda.explain(decision)
    return [display.text(why, lang) for lang in ("en", "zh")], page


def test_an_old_fact_that_may_be_older_is_not_called_recent(tmp_path: Path) -> None:
    # 790 days before the decision, where 1000 are fine
    (english, chinese), page = aged(tmp_path, 1000, price="2024-10-01")
    said = " ".join(english.split())
    assert "past its age limit on the decision date (1000 days)." in said
    assert "均未超过时限（1000 天）" in "".join(chinese.split("\n"))
    assert "None with a date is past its age limit (1000 days)." in page
    assert "year" not in said + page


def test_a_fact_of_two_months_that_may_be_one_is_not_called_a_year_old(tmp_path: Path) -> None:
    (english, chinese), page = aged(tmp_path, 30, price="2026-10-01", gain="2026-10-01")
    said = " ".join(english.split())
    assert "a: price (60 days old, at most 30 days)" in said
    assert "a: gain (" not in said
    assert "a：price（已 60 天，时限 30 天）" in chinese
    assert "60 days old, at most 30 days" in page
    assert "on facts past their age limit (30 days)" in page
    assert "year" not in said + page


def test_facts_with_different_limits_have_both_named(tmp_path: Path) -> None:
    (english, chinese), page = aged(tmp_path, 30, price="2026-11-20", gain="2026-10-01")
    assert "past its age limit on the decision date (30 to 365 days)." in " ".join(english.split())
    assert "均未超过时限（30 至 365 天）" in "".join(chinese.split("\n"))
    assert "None with a date is past its age limit (30 to 365 days)." in page


def test_facts_without_a_date_are_not_called_recent(tmp_path: Path) -> None:
    (english, _), page = aged(tmp_path, 30)
    assert "The age of the facts is not known" in " ".join(english.split())
    assert "age limit" not in english + page


def test_dates_of_packs_count(tmp_path: Path) -> None:
    pack = {
        "format": "mcda/facts/1",
        "id": "old",
        "criteria": "cars",
        "options": {
            "x": {
                "as_of": "2026-01-01",
                "facts": {"gain": 2, "price": fact(2, "2026-05-20"), "sold": True, "licence": True},
            }
        },
    }
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "old.yaml").write_text(yaml.safe_dump(pack))
    options = {"a": {"from": "x"}}
    path = saved(tmp_path, options, facts="old", decision_date="2026-06-25")
    [notice] = mcda.evaluate(path).warnings
    assert str(notice).endswith(": price (2026-05-20, limit 30 days).")


def test_a_cited_figure_says_its_unit(tmp_path: Path) -> None:
    with pytest.raises(
        mcda.McdaError, match=r"case.yaml:\d+:\d+: options.a.facts.price: the fact "
    ):
        decide(tmp_path, {"price": {"value": 2, "source": "maker"}})
    decide(tmp_path, {"price": {"value": 2, "source": "maker", "unit": "EUR"}})
    decide(tmp_path, {"price": 2, "gain": {"value": 2, "source": "maker"}})
    with pytest.raises(mcda.McdaError, match=r"case.yaml:\d+:\d+: .*price.*11 is outside"):
        decide(tmp_path, {"price": 11})


@pytest.mark.parametrize(("given", "outside"), [({"low": -1}, "-1"), ({"high": 840}, "840")])
def test_the_range_of_a_fact_stays_inside_its_domain(
    tmp_path: Path, given: dict[str, float], outside: str
) -> None:
    place = r"case.yaml:\d+:\d+: options.a.facts.price: "
    with pytest.raises(mcda.McdaError, match=f"{place}{outside} is outside the domain"):
        decide(tmp_path, {"price": {"value": 2, **given}})


def test_packs_say_where_a_unit_is_missing_or_a_value_outside(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    path = saved(tmp_path, {"a": {"from": "x"}}, facts="bad")
    for given, match in (
        ("{value: 2, source: maker}", r"bad.yaml:6:\d+: options.x.facts.price: .*no unit"),
        ("{value: 2, unit: USD}", r"bad.yaml:6:\d+: options.x.facts.price.*'USD' differs"),
        ("11", r"bad.yaml:6:\d+: options.x.facts.price: 11 is outside the domain"),
    ):
        text = "format: mcda/facts/1\nid: bad\ncriteria: cars\noptions:\n  x:\n"
        (tmp_path / "facts" / "bad.yaml").write_text(f"{text}    facts: {{price: {given}}}\n")
        with pytest.raises(mcda.McdaError, match=match):
            mcda.evaluate(path)


@pytest.mark.parametrize(
    ("facts", "private", "missing"),
    [
        # what `and` settles, the branch not taken, and known() are not asked for
        ({"sold": None, "sold_to_all": True, "licence": True}, True, None),
        ({"sold": True, "licence": None}, True, ("licence",)),
        ({"sold": True, "licence": None}, False, ("fleet_licence",)),
        ({"sold": False, "licence": None}, True, ("sold_to_all", "licence")),
    ],
)
def test_only_what_matters_is_asked_for(
    tmp_path: Path, facts: dict[str, Any], private: bool, missing: tuple[str, ...] | None
) -> None:
    decision = decide(tmp_path, facts, profile={"private": private})
    [excluded] = decision.excluded
    assert excluded.gates[0].unknown == (missing or ())

"""What the public facts of November 2026 change, and what their gates do with the profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import mcda

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ROOT / "scenarios" / "articles"
PACK = ROOT / "criteria" / "ai-sourcing" / "facts" / "facts-2026-11.yaml"
SOURCE = {"source": "model card", "as_of": "2025-07-01"}


def gates(decision: mcda.Decision) -> dict[str, set[str]]:
    return {each.option: {gate.gate for gate in each.gates} for each in decision.excluded}


def decide(profile: dict[str, Any], options: dict[str, Any], facts: str) -> mcda.Decision:
    return mcda.evaluate(
        mcda.Scenario.model_validate(
            {
                "id": "case",
                "criteria": "ai-sourcing",
                "facts": facts,
                "profile": profile,
                "options": options,
            }
        )
    )


def three(own: str, bought: str, **facts: Any) -> dict[str, Any]:
    return {
        "open": {"from": own, "facts": facts},
        "api": {"from": bought},
        "hybrid": {"from": "hybrid", "parts": {"own": "open", "bought": "api"}},
    }


@pytest.mark.parametrize(
    ("article", "after", "excluded", "decisive"),
    [
        (
            "000-clip",
            None,
            {"open": {"licence"}, "api": {"sold"}, "hybrid": {"sold", "licence"}},
            {("api", "sold_on_decision_date"), ("open", "licence_permits_use")},
        ),
        (
            "001-zero123",
            None,
            {"open": {"licence"}, "api": {"task", "sold"}, "hybrid": {"task", "sold", "licence"}},
            {("api", "sold_on_decision_date"), ("open", "licence_permits_commercial")},
        ),
        (
            "002-flan-t5",
            "open",
            {"api": {"sold"}, "hybrid": {"sold"}},
            {("api", "sold_on_decision_date")},
        ),
        (
            "003-pixel-art",
            "open",
            {"api": {"task", "sold"}, "hybrid": {"task", "sold"}},
            {("api", "sold_on_decision_date")},
        ),
    ],
)
def test_what_changes_for_the_articles(
    article: str, after: str | None, excluded: dict[str, set[str]], decisive: set[Any]
) -> None:
    found = mcda.diff(ARTICLES / f"{article}.yaml", "facts-2026-11")
    assert (found.before.recommended, found.after.recommended) == ("hybrid", after)
    assert gates(found.after) == excluded
    switched = found.complete or found.decisive
    assert switched is not None
    assert {(each.option, each.fact) for each in switched.changes} == decisive
    # what the search found holds where the scenario itself has just these facts
    scenario = mcda.load_scenario(ARTICLES / f"{article}.yaml")
    options = {
        name: {
            "from": option.from_,
            "parts": dict(option.parts),
            "facts": {
                each.fact: None if each.after is None else each.after.value
                for each in switched.changes
                if each.option == name
            },
        }
        for name, option in scenario.options.items()
    }
    alone = decide(dict(scenario.profile), options, "article-world")
    assert alone.recommended == after


def test_weights_for_research_only_are_gated_by_the_kind_of_use() -> None:
    facts = {
        "licence_permits_commercial": {"value": False, **SOURCE},
        "licence_permits_research": {"value": True, **SOURCE},
    }
    options = three("stable-zero123", "gpt-4", **facts)
    game = decide({"commercial_use": True}, options, "article-world")
    assert gates(game) == {"open": {"licence"}, "hybrid": {"licence"}}
    lab = decide({"commercial_use": False}, options, "article-world")
    assert gates(lab) == {}


def test_the_revenue_decides_on_the_licence_of_the_c_variant() -> None:
    options = three("stable-zero123c", "tripo")
    for revenue, out in ((999, False), (1000, True), (None, True)):
        decision = decide({"task": "views", "revenue": revenue}, options, "facts-2026-11")
        assert ("open" in gates(decision)) == out
        assert ("hybrid" in gates(decision)) == out
    [unknown] = [each for each in decision.excluded if each.option == "open"]
    assert unknown.gates[0].unknown == ("revenue",)
    research = {"task": "views", "commercial_use": False}
    assert gates(decide(research, options, "facts-2026-11")) == {}


@pytest.mark.parametrize("country", ["mainland_china", "hong_kong"])
def test_a_provider_that_does_not_serve_the_country_is_out(country: str) -> None:
    profile = {"task": "text", "country": country}
    found = gates(decide(profile, three("flan-t5-small", "gpt-6-luna"), "facts-2026-11"))
    assert found == {"api": {"country"}, "hybrid": {"country"}}
    assert (
        gates(decide({"task": "text"}, three("flan-t5-small", "gpt-6-luna"), "facts-2026-11")) == {}
    )


def test_a_task_that_is_not_given_is_asked_for() -> None:
    decision = decide({}, three("flan-t5-small", "gpt-6-luna"), "facts-2026-11")
    assert decision.verdict == "no_eligible_option"
    assert all("task" in each.gates[0].unknown for each in decision.excluded)


def test_zero_retention_raises_the_security_that_is_offered() -> None:
    scores = decide(
        {"task": "text", "data_security": 3},
        {"plain": {"from": "gpt-6.1-terra"}, "zdr": {"from": "gpt-6.1-terra-zdr"}},
        "facts-2026-11",
    ).scores
    assert scores["plain"]["data_security"] == pytest.approx(0.75)
    assert scores["zdr"]["data_security"] == 1


def test_every_figure_has_a_source_and_a_date() -> None:
    pack = mcda.diff(ARTICLES / "002-flan-t5.yaml", "facts-2026-11").after.problem.pack
    assert pack is not None
    for option in pack.options.values():
        for name in option.facts:
            fact = option.fact(name)
            assert fact.source
            assert fact.as_of is not None


def test_money_for_volume_follows_from_the_prices() -> None:
    """GPT-4's 30 and 60 USD stand for 0.75; three tokens are read for one that is written."""
    options = yaml.safe_load(PACK.read_text(encoding="utf-8"))["options"]
    found = {}
    for name, option in options.items():
        facts = option["facts"]
        if (facts.get("price_in") or {}).get("value") is not None:
            price = (3 * facts["price_in"]["value"] + facts["price_out"]["value"]) / 4
            found[name] = facts["money_per_volume"]["value"]
            assert found[name] == pytest.approx(0.75 * price / 37.5, rel=1e-9)
            assert "judgement" in facts["money_per_volume"]["source"]
            assert ("low" in facts["price_in"]) == ("low" in facts["money_per_volume"])
    assert len(found) == 13
    assert found["gpt-6-astra"] == pytest.approx(100 * found["gpt-6-luna"])


def test_what_is_not_known_by_the_token_says_that_it_is_a_judgement() -> None:
    options = yaml.safe_load(PACK.read_text(encoding="utf-8"))["options"]
    for name in ("gpt-image-2", "gemini-embedding-2", "tripo", "deepseek-api"):
        assert (
            "one author's judgement" in options[name]["facts"]["money_per_volume"]["source"].lower()
        )


@pytest.mark.parametrize("name", ["facts-2026-11", "listed-prices-2026-11"])
def test_only_prices_have_the_source_of_a_price(name: str) -> None:
    """What stands on no price list is not said to: it names its own source, or is a judgement."""
    folder = ROOT / "criteria" / "ai-sourcing-measured" / "facts"
    options = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))["options"]
    for option in options.values():
        for key, fact in option["facts"].items():
            listed = key.startswith("price_") and key != "price_drift"
            assert listed or key == "gpu_hour" or fact["source"]

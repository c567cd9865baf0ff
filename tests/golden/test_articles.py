"""The four articles' rules and situations, in the world as they describe it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.engine.expectations import missed
from mcda.model.scenario import Scenario

DATA = json.loads((Path(__file__).parent / "articles.json").read_text())
ROOT = Path(__file__).resolve().parents[2]
PROFILE = ("team", "budget", "data_security", "core_ness", "performance", "volume", "urgency")
# what the facts are in the situations that gates settle
SPECIAL: dict[str, dict[str, Any]] = {
    "gov-docs": {"profile": {"egress_forbidden": True}},
    "ko-none": {"profile": {"egress_forbidden": True, "can_hire_or_partner": False}},
    "ko-licence": {"open": {"licence_permits_use": False}},
    "ko-capex": {
        "profile": {"upfront_cash": 0},
        "open": {"upfront_cost": 400},
        "api": {"upfront_cost": 0},
    },
}


def decide(profile: dict[str, Any], facts: dict[str, Any] | None = None) -> mcda.Decision:
    facts = facts or {}
    return mcda.evaluate(
        Scenario.model_validate(
            {
                "id": "case",
                "criteria": "ai-sourcing",
                "facts": "article-world",
                "profile": profile,
                "options": {
                    "open": {"from": "flan-t5-small", "facts": facts.get("open", {})},
                    "api": {"from": "gpt-4", "facts": facts.get("api", {})},
                    "hybrid": {"from": "hybrid", "parts": {"own": "open", "bought": "api"}},
                },
            }
        )
    )


@pytest.mark.parametrize("rule", DATA["rules"], ids=lambda rule: rule["id"])
def test_rule(rule: dict[str, Any]) -> None:
    decision = decide(rule["profile"])
    closeness = {each.option: each.closeness for each in decision.ranking}
    assert closeness[rule["winner"]] > closeness[rule["over"]]


@pytest.mark.parametrize("case", DATA["situations"], ids=lambda case: case["id"])
def test_situation(case: dict[str, Any]) -> None:
    special = SPECIAL.get(case["id"], {})
    profile = {name: case[name] for name in (*PROFILE, "sigma")} | special.get("profile", {})
    decision = decide(profile, special)
    knocked_out = {
        each.option
        for each in decision.excluded
        if any(gate.gate != "divisible" for gate in each.gates)
    }
    assert knocked_out == set(case["knocked_out"])
    if case["expected"] == "none":
        assert decision.recommended is None
        assert decision.verdict == "no_eligible_option"
    else:
        assert decision.recommended == case["expected"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "articles").glob("*.yaml")), ids=lambda path: path.stem
)
def test_articles_recommend_hybrid(path: Path) -> None:
    decision = mcda.evaluate(path)
    assert decision.recommended == "hybrid" or (
        "003" in path.stem and decision.verdict == "contested"
    )
    assert decision.consistency["goal"].consistency_ratio == pytest.approx(0, abs=1e-12)


FILES = {
    **{f"seed-{path.name[:3]}": path for path in (ROOT / "scenarios" / "articles").glob("*.yaml")},
    **{path.stem: path for path in (ROOT / "scenarios" / "industry").glob("*.yaml")},
    **{path.stem: path for path in (ROOT / "scenarios" / "knock-outs").glob("*.yaml")},
}


def test_every_situation_has_a_file() -> None:
    assert set(FILES) == {case["id"] for case in DATA["situations"]}


@pytest.mark.parametrize("case", DATA["situations"], ids=lambda case: case["id"])
def test_shipped_scenario(case: dict[str, Any]) -> None:
    """The file describes the situation, and the answer is the file's and the situation's."""
    decision = mcda.evaluate(FILES[case["id"]])
    profile = decision.problem.profile
    assert {name: profile[name] for name in (*PROFILE, "sigma")} == {
        name: case[name] for name in (*PROFILE, "sigma")
    }
    assert missed(decision) == ()
    assert decision.problem.scenario.expected is not None
    # gates exclude by facts and the profile, never by a rule of one scenario's own
    assert not decision.problem.scenario.constraints
    knocked_out = {
        each.option
        for each in decision.excluded
        if any(gate.gate != "divisible" for gate in each.gates)
    }
    assert knocked_out == set(case["knocked_out"])
    assert decision.recommended == (None if case["expected"] == "none" else case["expected"])


def test_there_are_four_articles() -> None:
    assert len(list((ROOT / "scenarios" / "articles").glob("*.yaml"))) == 4


def test_raising_the_need_for_security_never_helps_the_api() -> None:
    gaps = []
    for level in (0, 1, 2, 3, 4):
        ranking = decide({"data_security": level}).ranking
        closeness = {each.option: each.closeness for each in ranking}
        gaps.append(closeness["open"] - closeness["api"])
    assert gaps == sorted(gaps)


@pytest.mark.parametrize("sigma", [0, 0.05, 0.95, 1])
def test_a_workload_of_one_kind_removes_the_hybrid(sigma: float) -> None:
    decision = decide({"sigma": sigma})
    assert [(each.option, each.gate) for each in decision.excluded] == [("hybrid", "divisible")]

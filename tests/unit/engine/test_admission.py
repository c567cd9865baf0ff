"""What would let excluded options in, and what to look at instead of them."""

from __future__ import annotations

from typing import Any

import pytest

import mcda
from mcda.engine.decision import Admission
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.scenario import Scenario
from mcda.reports.display import text

MODEL: dict[str, Any] = {
    "id": "tents",
    "profile": {
        "cash": {"domain": [0, None], "unit": "EUR"},
        "hands": {"levels": ["nobody", "one", "two", "three"], "default": 0},
        "help": {"type": "boolean", "default": False},
        "weather": {"type": "choice", "values": ["dry", "wet"], "default": "wet"},
    },
    "facts": {
        "price": {"domain": [0, 1000]},
        "poles": {"domain": [0, 9]},
        "waterproof": {"type": "boolean"},
    },
    "criteria": {"price": {"direction": "cost", "domain": [0, 1000]}},
    "gates": {
        "cash": {"rule": "price <= cash", "because": "It must be paid.", "remedy": "Save up."},
        "hands": {"rule": "help or poles - hands < 2", "because": "Somebody must pitch it."},
        "rain": {"rule": "waterproof or weather == 'dry'", "because": "It rains."},
    },
}
PACK: dict[str, Any] = {
    "id": "shop",
    "criteria": "tents",
    "options": {
        "dome": {
            "title": "A dome",
            "counterpart": "yurt",
            "facts": {"price": 300, "poles": 2, "waterproof": True},
        },
        "yurt": {"title": "A yurt", "facts": {"price": 700, "poles": 8, "waterproof": True}},
        "tarp": {
            "counterpart": "dome",
            "instead": {"en": "a cabin", "zh": "小屋"},
            "facts": {"price": 20, "poles": 0, "waterproof": False},
        },
    },
}


def decide(
    profile: dict[str, Any], options: dict[str, Any], pack: dict[str, Any] = PACK
) -> mcda.Decision:
    return mcda.evaluate(
        Scenario(
            id="trip",
            criteria=Criteria.model_validate(MODEL),
            facts=FactsPack.model_validate(pack),
            profile=profile,
            options=options,
        )
    )


DOME = {"dome": {"from": "dome"}}


def test_a_yes_or_no_a_whole_level_and_an_amount() -> None:
    # two poles and nobody: one hand more leaves a gap of 1, which is below 2
    decision = decide({"cash": 300}, DOME)
    assert decision.verdict == "no_eligible_option"
    assert decision.admissions == (
        Admission("dome", "help", False, True),
        Admission("dome", "hands", 0.0, 1.0),
    )
    assert decide({"cash": 120, "hands": 2}, DOME).admissions == (
        Admission("dome", "cash", 120.0, 300.0),
    )


def test_two_gates_need_two_changes() -> None:
    assert decide({"cash": 120}, DOME).admissions == ()


def test_another_question_is_no_way_in() -> None:
    # in dry weather the tarp would do, but nobody decides the weather
    assert decide({"cash": 300}, {"tarp": {"from": "tarp"}}).admissions == ()


def test_a_threshold_between_facts_is_narrowed_down() -> None:
    model = {**MODEL, "gates": {"cash": {"rule": "price * 1.19 <= cash", "because": "Tax."}}}
    decision = mcda.evaluate(
        Scenario(
            id="trip",
            criteria=Criteria.model_validate(model),
            facts=FactsPack.model_validate(PACK),
            profile={"cash": 120},
            options=DOME,
        )
    )
    (admission,) = decision.admissions
    assert admission.changed == pytest.approx(300 * 1.19, rel=1e-9)


@pytest.mark.parametrize(
    ("option", "instead"), [("dome", "A yurt"), ("tarp", "a cabin"), ("yurt", None)]
)
def test_what_to_look_at_instead(option: str, instead: str | None) -> None:
    (excluded,) = decide({"cash": 0}, {option: {"from": option}}).excluded
    assert (None if excluded.instead is None else excluded.instead.say()) == instead


def test_the_scenario_knows_better() -> None:
    own = {"tarp": {"from": "tarp", "instead": "a hotel"}}
    (excluded,) = decide({"cash": 0}, own).excluded
    assert excluded.instead is not None
    assert excluded.instead.say() == "a hotel"


def test_a_lone_winner_has_a_counterpart_a_contest_has_none() -> None:
    alone = decide({"cash": 300, "help": True}, {**DOME, "yurt": {"from": "yurt"}})
    assert (alone.recommended, alone.verdict) == ("dome", "no_contest")
    assert alone.counterpart is not None
    assert alone.counterpart.say() == "A yurt"
    both = decide({"cash": 900, "help": True}, {**DOME, "yurt": {"from": "yurt"}})
    assert both.counterpart is None


@pytest.mark.parametrize(
    ("counterpart", "match"),
    [
        ("yurd", r"counterpart: the facts pack 'shop' has no option 'yurd'. Did you mean 'yurt'"),
        ("dome", r"counterpart: an option cannot stand in for itself"),
    ],
)
def test_a_counterpart_is_another_option_of_the_pack(counterpart: str, match: str) -> None:
    dome = {**PACK["options"]["dome"], "counterpart": counterpart}
    pack = {**PACK, "options": {**PACK["options"], "dome": dome}}
    with pytest.raises(mcda.McdaError, match=match):
        decide({"cash": 300}, DOME, pack)


def test_what_readers_see() -> None:
    none = decide({"cash": 120, "hands": 2}, {**DOME, "tarp": {"from": "tarp"}})
    shown = " ".join(text(none, "en").split())
    assert "By scores alone tarp would come first, with a closeness of 0.980." in shown
    assert (
        "dome: one gate is in the way (cash). Save up. This change alone is enough: “cash” from "
        "120 EUR to 300 EUR." in shown
    )
    assert "tarp: one gate is in the way (rain). No single change of the situation" in shown
    assert "tarp by rain: It rains. Look instead at: a cabin." in shown
    chinese = "".join(text(none, "zh").split())
    assert "可改为考虑：小屋。" in chinese
    assert "仅改这一项即可：“cash”由120EUR改为300EUR。" in chinese
    alone = text(decide({"cash": 300, "help": True}, {**DOME, "yurt": {"from": "yurt"}}), "en")
    assert "For a real comparison, add to the options: A yurt." in alone


def test_as_data() -> None:
    data = decide({"cash": 120, "hands": 2}, DOME).to_dict()
    assert data["admissions"] == [
        {"option": "dome", "field": "cash", "value": 120.0, "changed": 300.0}
    ]
    assert data["excluded"][0]["instead"] == "A yurt"
    assert data["excluded"][0]["gates"][0]["remedy"] == "Save up."
    assert data["counterpart"] is None

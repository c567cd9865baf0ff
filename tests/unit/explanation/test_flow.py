"""Paths, influences, the graph and plain data of a small model, worked by hand or from outside."""

from __future__ import annotations

import math
from typing import Any

import pytest

import mcda
from tests.unit.explanation.test_explanation import MODEL, OPTIONS
from tests.unit.explanation.test_explanation import decide as vans

LEAF = {"direction": "benefit", "domain": [0, 1]}
FACT = {"domain": [0, 1]}
SCENARIO: dict[str, Any] = {
    "id": "s",
    "criteria": {
        "d": {"children": {"n": {"children": {"x": LEAF, "y": LEAF}}, "z": LEAF}},
        "e": LEAF,
    },
    "options": {
        "a": {"x": 0.9, "y": 0.8, "z": 0.7, "e": 0.6},
        "b": {"x": 0.2, "y": 0.3, "z": 0.6, "e": 0.7},
        "c": {"x": 0.8, "y": 0.4, "z": 0.1, "e": 0.9},
    },
    "influences": [{"from": "e", "to": "x", "share": 0.25}, {"from": "z", "to": "e", "share": 0.5}],
    "weights": {"direct": {"d": 3, "e": 1, "n": 2, "z": 1, "x": 1, "y": 1}},
    "method": {"weighting": "linear"},
}


def decide(**changes: Any) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate({**SCENARIO, **changes}))


def test_paths_lead_from_what_earns_up_the_tree() -> None:
    """Weights: x and y .25, z .25, e .25. Every walk and its weight by hand."""
    why = mcda.explain(decide())
    # what reaches a leaf is kept but for what influences pass on: x .75, e .5
    expected = {
        ("criterion:x", "criterion:n", "criterion:d", "goal"): 0.25 * 0.75,
        ("criterion:y", "criterion:n", "criterion:d", "goal"): 0.25,
        ("criterion:z", "criterion:d", "goal"): 0.25,
        ("criterion:e", "goal"): 0.25 * 0.5,
        ("criterion:e", "criterion:x", "criterion:n", "criterion:d", "goal"): 0.25 * 0.25 * 0.5,
        ("criterion:z", "criterion:e", "goal"): 0.25 * 0.5,
        ("criterion:z", "criterion:e", "criterion:x", "criterion:n", "criterion:d", "goal"): 0.25
        * 0.25
        * 0.5,
    }
    assert {path.nodes: path.weight for path in why.paths[:-1]} == pytest.approx(expected)
    final = why.decision.weights.final
    for path in why.paths[:-1]:
        leaf = path.nodes[0].removeprefix("criterion:")
        amount = path.weight * why.contributions[leaf] / final[leaf]
        assert path.amount == pytest.approx(amount)
    assert why.paths[-1].nodes == ()
    assert math.isnan(why.paths[-1].weight)
    assert why.paths[-1].amount == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("normalization", ["domain", "vector", "minmax"])
@pytest.mark.parametrize("against", ["b", "c", "anti-ideal", "gone"])
def test_the_lead_without_an_influence(normalization: str, against: str) -> None:
    """Also against an excluded option, which changes the scale of others, and the worst end."""
    options = {name: {"facts": facts} for name, facts in SCENARIO["options"].items()}
    options["gone"] = {"facts": {"x": 1, "y": 0.9, "z": 0.2, "e": 0.1, "ok": False}}
    for name in "abc":
        options[name] = {"facts": {**options[name]["facts"], "ok": True}}
    model = {
        "id": "m",
        "facts": {**dict.fromkeys("xyze", FACT), "ok": {"type": "boolean"}},
        "criteria": SCENARIO["criteria"],
        "gates": {"g": {"rule": "ok", "because": "no"}},
    }

    def why(influences: Any) -> mcda.Explanation:
        criteria = mcda.Criteria.model_validate({**model, "influences": influences})
        method = {"weighting": "linear", "normalization": normalization}
        given = decide(criteria=criteria, options=options, method=method, influences=[])
        return mcda.explain(given, against)

    whole = why(SCENARIO["influences"])
    for number, each in enumerate(whole.influences):
        rest = [edge for i, edge in enumerate(SCENARIO["influences"]) if i != number]
        without = why(rest)
        assert without.option == whole.option
        assert each.without == pytest.approx(without.margin, abs=1e-12)
    none = why([]).margin
    effects = sum(each.effect for each in whole.influences)
    assert effects == pytest.approx(whole.margin - none, abs=1e-12)


def test_contrasts_begin_with_what_is_largest() -> None:
    why = mcda.explain(decide())
    assert [each.option for each in why.contrasts] == [n for n in "abc" if n != why.option]
    for each in why.contrasts:
        for amounts in (each.gains, each.gives_up):
            assert list(amounts.values()) == sorted(amounts.values(), reverse=True)
    assert {each.option: (set(each.gains), set(each.gives_up)) for each in why.contrasts}["c"] == (
        {"e"},
        {"x", "y", "z"},
    )


def test_plain_data_holds_the_turns() -> None:
    """Options that mirror each other in x and z: x's .375 (1 - s) is z's .25 + .375 s at 1/6."""
    why = mcda.explain(
        decide(
            influences=[{"from": "z", "to": "x", "share": 0.1}],
            options={
                "a": {"x": 0.8, "y": 0.5, "z": 0.2, "e": 0.5},
                "b": {"x": 0.2, "y": 0.5, "z": 0.8, "e": 0.5},
            },
            weights={"direct": {**SCENARIO["weights"]["direct"], "x": 3}},
        )
    )
    (data,) = why.to_dict()["influences"]
    assert data["turns_above"] == {"share": pytest.approx(1 / 6, abs=1e-12), "option": "b"}
    assert data["turns_below"] is None


def test_facts_that_stay_together_keep_their_own_titles() -> None:
    measures = {**MODEL["measures"], "room": "sqrt(boxes - seats) + 0.1 * load"}
    options = {
        "a": {"facts": {**OPTIONS["a"]["facts"], "boxes": 9, "seats": 8}},
        "b": {"facts": {**OPTIONS["b"]["facts"], "boxes": 4, "seats": 1}},
    }
    graph = mcda.explain(vans(model={"measures": measures}, options=options)).graph
    for name in ("boxes", "seats"):
        assert graph.nodes[f"fact:{name}"]["title_en"] == name
        assert graph.edges[f"fact:{name}", "measure:room"] == {
            "role": "reads", "flow": 0.0, "positive": 0.0, "negative": 0.0,
        }  # fmt: skip
    assert graph.nodes["facts:space"]["kind"] == "facts"
    assert graph.nodes["profile:load"]["value"] == 1


def test_reasons_of_an_influence_are_on_its_edges_only() -> None:
    graph = mcda.explain(vans(), "b").graph
    told = {
        edge: data["because_en"]
        for *edge, data in graph.edges(data=True)
        for edge in [tuple(edge)]
        if "because_en" in data
    }
    assert told == {
        ("criterion:space", "criterion:money"): "Use pays.",
        ("criterion:seats", "criterion:money"): "Use pays.",
    }

"""What stands behind the facts: shares, ranges and flags of two criteria worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

import mcda

LEAF = {"direction": "benefit", "domain": [0, 1]}


def evidence(a: Any, b: Any, **more: Any) -> Any:
    scenario = {
        "id": "s",
        "criteria": dict.fromkeys(a, LEAF),
        "options": {"a": a, "b": b},
        "weights": {"direct": dict.fromkeys(a, 1)},
        **more,
    }
    why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
    assert why.option == "a"
    return why.evidence


def sourced(value: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "source": "s", **more}


def test_facts_that_make_a_difference_are_listed_and_others_are_not() -> None:
    found = evidence({"x": sourced(0.9), "y": sourced(0.5)}, {"x": 0.4, "y": sourced(0.5)})
    assert [(each.option, each.fact) for each in found.facts] == [("a", "x"), ("b", "x")]
    assert [each.unsourced for each in found.facts] == [False, True]
    assert (found.unsourced, found.stale, found.wide, found.ranged) == (1.0, 0.0, 0.0, False)
    assert not found.none_is("unsourced")
    assert found.none_is("stale")
    assert found.none_is("wide")
    assert found.limits == ()


def test_nothing_rests_on_anything_where_nothing_differs() -> None:
    found = evidence({"x": 0.5}, {"x": 0.5})
    assert (found.facts, found.unsourced, found.stale, found.wide) == ((), 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("ends", "wide"),
    [
        # closeness on one criterion is the value: the lead is .4, a quarter of it .1
        ({"low": 0.71}, False),
        ({"low": 0.69}, True),
        ({"high": 0.89}, False),
        ({"high": 0.91}, True),
        ({"low": 0.71, "high": 0.91}, True),
        ({"low": 0.69, "high": 0.81}, True),
        ({"low": 0.8, "high": 0.8}, False),
    ],
)
def test_a_range_is_wide_from_a_quarter_of_the_lead_on(ends: Any, wide: bool) -> None:
    found = evidence({"x": sourced(0.8, **ends)}, {"x": sourced(0.4)})
    (one,) = [each for each in found.facts if each.option == "a"]
    low, high = ends.get("low", 0.8), ends.get("high", 0.8)
    assert one.leads == pytest.approx((low - 0.4, high - 0.4))
    assert one.wide is wide
    assert found.wide == float(wide)
    assert found.none_is("wide") is not wide
    assert found.ranged
    (other,) = [each for each in found.facts if each.option == "b"]
    assert (other.leads, other.wide) == (None, False)


def test_a_range_that_leaves_the_domain_is_wide_and_has_no_leads() -> None:
    model = {
        "id": "m",
        "facts": {"p": {}},
        "measures": {"m": "2 * p"},
        "criteria": {"x": {**LEAF, "measure": "m"}},
    }
    given = evidence_of_model(model, sourced(0.4, high=0.6), sourced(0.2))
    (one,) = [each for each in given.evidence.facts if each.option == "a"]
    assert one.leads is not None
    assert all(map(math.isnan, one.leads))
    assert one.wide
    (data,) = [each for each in given.to_dict()["evidence"]["facts"] if each["option"] == "a"]
    assert data["leads"] == [None, None]
    (data,) = [each for each in given.to_dict()["evidence"]["facts"] if each["option"] == "b"]
    assert data["leads"] is None


def evidence_of_model(model: Any, a: Any, b: Any) -> mcda.Explanation:
    scenario = {
        "id": "s",
        "criteria": mcda.Criteria.model_validate(model),
        "options": {"a": {"facts": {"p": a}}, "b": {"facts": {"p": b}}},
    }
    return mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))


def test_a_fact_is_stale_after_its_days_not_on_the_last() -> None:
    model = {
        "id": "m",
        "facts": {"x": {"stale_after": 10}, "y": {"stale_after": 20}},
        "criteria": {"x": LEAF, "y": LEAF},
    }
    day = {"source": "s", "as_of": "2026-01-01"}
    for date, stale in (("2026-01-11", False), ("2026-01-12", True)):
        scenario = {
            "id": "s",
            "decision_date": date,
            "criteria": mcda.Criteria.model_validate(model),
            "weights": {"direct": {"x": 1, "y": 1}},
            "options": {
                "a": {"facts": {"x": {"value": 0.9, **day}, "y": {"value": 0.9, **day}}},
                "b": {"facts": {"x": sourced(0.4), "y": sourced(0.3)}},
            },
        }
        why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
        found = {(each.option, each.fact): each for each in why.evidence.facts}
        assert found["a", "x"].stale is stale
        assert not found["a", "y"].stale
        assert (found["a", "x"].age, found["b", "x"].age) == (10 + stale, None)
        assert why.evidence.limits == (10, 20)
        share = why.contributions["x"] / why.margin if stale else 0
        assert why.evidence.stale == pytest.approx(share)

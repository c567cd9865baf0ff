"""Facts' shares of a leaf: by all subsets, by orders, and where there is nothing to share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mcda
from mcda.explanation import facts
from tests.unit.explanation.test_explanation import textbook_shapley

NAMES = ("p", "q", "r", "s")
ONE = dict(zip(NAMES, (9.0, 2.0, 7.0, 5.0), strict=True))
OTHER = dict(zip(NAMES, (4.0, 3.0, 1.0, 2.0), strict=True))


def explained(formula: str, one: Any, other: Any, domain: Any = (0, 10_000)) -> mcda.Explanation:
    model = {
        "id": "m",
        "facts": {name: {} for name in one},
        "measures": {"made": formula},
        "criteria": {"x": {"measure": "made", "direction": "benefit", "domain": domain}},
    }
    scenario = {
        "id": "s",
        "criteria": mcda.Criteria.model_validate(model),
        "options": {"a": {"facts": one}, "b": {"facts": other}},
    }
    return mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))


def product(inside: set[str]) -> float:
    return float(np.prod([(ONE if name in inside else OTHER)[name] for name in NAMES]))


def test_up_to_the_limit_all_subsets_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = textbook_shapley(list(NAMES), product)
    gap = sum(expected.values())
    for most, split in ((4, "shapley"), (3, "sampled")):
        monkeypatch.setattr(facts, "MOST_FACTS", most)
        why = explained("p * q * r * s", ONE, OTHER)
        found = why.facts["x"]
        assert found.split == split
        shares = {str(slot): amount / why.margin for slot, amount in found.amounts.items()}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
        # the mean over 512 orders of gains as large as the gap
        close = 1e-12 if split == "shapley" else 5 / 512**0.5 / 4
        for name, amount in expected.items():
            assert shares[name] == pytest.approx(amount / gap, abs=close)


def test_orders_and_their_reverses_come_in_equal_numbers() -> None:
    inside, places = facts._orders(5)
    orders = len(places) // 2
    assert (places[:orders] + places[orders:] == 4).all()
    assert (np.sort(places, axis=1) == np.arange(5)).all()
    steps = inside.reshape(len(places), 6, 5)
    # step k holds whoever stands at the first k places
    for order, along in zip(places[:20], steps[:20], strict=True):
        for k, members in enumerate(along):
            assert set(np.flatnonzero(members)) == {j for j in range(5) if order[j] < k}


def test_a_leaf_that_contributes_all_there_is() -> None:
    """From the worst end to the ideal: 1, shared 3 : 7 by the facts of a sum."""
    why = explained("p + q", {"p": 3, "q": 7}, {"p": 0, "q": 0}, (0, 10))
    assert why.margin == 1
    assert {str(slot): each for slot, each in why.facts["x"].amounts.items()} == pytest.approx(
        {"p": 0.3, "q": 0.7}
    )


def test_different_facts_with_the_same_value_earn_nothing() -> None:
    why = explained("p + q", {"p": 3, "q": 2}, {"p": 1, "q": 4}, (0, 10))
    found = why.facts["x"]
    assert (found.split, list(found.amounts.values())) == ("shapley", [0.0, 0.0])
    assert list(found.sides.values()) == [(3.0, 1.0), (2.0, 4.0)]


def test_facts_that_differ_by_rounding_alone_stay_together() -> None:
    """0.1 + 0.2 is not 0.3 by one rounding, which is no difference to share out."""
    why = explained("p + q", {"p": 0.1, "q": 0.2}, {"p": 0.3, "q": 0}, (0, 1))
    assert 0 < why.margin < 1e-15
    assert why.facts["x"].split == "together"

"""What a portfolio's allocation adds up to."""

from __future__ import annotations

from typing import Any

import pytest

import mcda
from mcda.model.portfolio import Portfolio


def portfolio(*members: tuple[float, dict[str, float]], limit: float = 10) -> Portfolio:
    """Scenarios with one criterion; what costs more than `limit` is not eligible."""
    scenarios: list[dict[str, Any]] = [
        {
            "importance": importance,
            "scenario": {
                "id": f"s{number}",
                "criteria": {"price": {"direction": "cost", "domain": [0, 10]}},
                "options": {name: {"price": price} for name, price in prices.items()},
                "constraints": {"limit": {"rule": f"price <= {limit}", "because": "Dear."}},
            },
        }
        for number, (importance, prices) in enumerate(members)
    ]
    return Portfolio(id="p", scenarios=scenarios)


def test_shares_are_of_importance() -> None:
    found = mcda.evaluate_portfolio(
        portfolio(
            (3, {"a": 1, "b": 5}),
            (1, {"a": 6, "b": 2}),
            (4, {"a": 0, "b": 9}),
            (2, {"a": 3, "b": 3}),
        )
    )
    assert found.shares == {"a": pytest.approx(0.7), "b": pytest.approx(0.1)}
    assert list(found.shares) == ["a", "b"]
    assert found.undecided == ("s3",)
    assert [each.share for each in found.allocation] == pytest.approx([0.3, 0.1, 0.4, 0.2])
    assert [each.verdict for each in found.allocation][3] == "tie"
    assert sum(each.share for each in found.allocation) == pytest.approx(1)


def test_one_option_for_everything() -> None:
    # one criterion over [0, 10]: the closeness of a price is 1 - price / 10
    found = mcda.evaluate_portfolio(
        portfolio((3, {"a": 1, "b": 5}), (1, {"a": 6, "b": 2}), (4, {"a": 0, "b": 9}), limit=8)
    )
    a, b = found.soles
    assert (a.option, a.best_in, a.excluded_from) == ("a", ("s0", "s2"), ())
    assert a.loss == pytest.approx(0.4 * 1 / 8)
    assert (b.option, b.best_in, b.excluded_from) == ("b", ("s1",), ("s2",))
    assert b.loss == pytest.approx(0.4 * 3 / 4)


def test_an_option_that_is_eligible_nowhere() -> None:
    found = mcda.evaluate_portfolio(portfolio((1, {"a": 1, "b": 9}), limit=8))
    assert [(each.option, each.loss) for each in found.soles] == [("a", 0.0), ("b", None)]


def test_huge_importances_do_not_overflow() -> None:
    found = mcda.evaluate_portfolio(portfolio((1e308, {"a": 1}), (1e308, {"b": 1})))
    assert found.shares == {"a": 0.5, "b": 0.5}


def test_each_decision_is_the_scenarios_own() -> None:
    given = portfolio((1, {"a": 1, "b": 5}), (1, {"a": 6, "b": 2}))
    found = mcda.evaluate_portfolio(given)
    for allotment, member in zip(found.allocation, given.scenarios, strict=True):
        alone = mcda.evaluate(member.scenario)
        assert allotment.decision.to_dict() == alone.to_dict()


def test_it_shows_itself_as_a_frame() -> None:
    frame = mcda.evaluate_portfolio(portfolio((1, {"a": 1, "b": 5}))).to_frame("polars")
    assert frame.select("scenario", "share", "recommended", "reason").rows() == [
        ("s0", 1.0, "a", "price")
    ]


@pytest.mark.parametrize("given", [3, {"id": "p"}, mcda.Criteria])
def test_something_else(given: Any) -> None:
    with pytest.raises(mcda.McdaError, match="expected a portfolio or a path"):
        mcda.evaluate_portfolio(given)


def test_a_scenario_is_no_portfolio_and_the_other_way_round() -> None:
    with pytest.raises(mcda.McdaError, match="a scenario document, not a portfolio"):
        mcda.load_portfolio("classics/drinks")
    with pytest.raises(mcda.McdaError, match=r"not a scenario. Use mcda.evaluate_portfolio"):
        mcda.evaluate("portfolio/retailer")

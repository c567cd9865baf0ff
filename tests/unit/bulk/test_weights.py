"""Judgements and weights of each scenario in columns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

import mcda

CRITERIA = {
    "price": {"direction": "cost", "domain": [0, 10]},
    "range": {"direction": "benefit", "domain": [0, 10]},
    "comfort": {"direction": "benefit", "domain": [0, 10]},
}


def table(**columns: Any) -> pl.DataFrame:
    """Two scenarios with the same two options."""
    return pl.DataFrame(
        {
            "scenario": ["s", "s", "t", "t"],
            "option": ["a", "b", "a", "b"],
            "price": [1, 8, 1, 8],
            "range": [2, 9, 2, 9],
            "comfort": [5, 5, 5, 5],
            **columns,
        }
    )


def winners(frame: Any, **keys: Any) -> list[str]:
    found = mcda.evaluate_frame(frame, CRITERIA, **keys)
    return found.filter("recommended")["option"].to_list()


def test_numbers_make_each_scenario_its_own_weights() -> None:
    frame = table(
        **{"weight:price": [6, 6, 1, 1], "weight:range": [2, 2, 7, 7], "weight:comfort": [2] * 4}
    )
    found = mcda.evaluate_frame(frame, CRITERIA)
    assert found.filter("recommended")["option"].to_list() == ["a", "b"]
    # by hand: scores of a are .9, .2, .5, weights .6, .2, .2
    near = [Fraction(9, 10) * 6, Fraction(2, 10) * 2, Fraction(5, 10) * 2]
    far = [Fraction(1, 10) * 6, Fraction(8, 10) * 2, Fraction(5, 10) * 2]
    n, p = (float(sum(x * x for x in each)) ** 0.5 for each in (near, far))
    assert found["closeness"][0] == pytest.approx(n / (n + p), abs=1e-12)


def test_judgements_make_each_scenario_its_own_weights() -> None:
    frame = table(
        **{
            "judgement:price vs range": ["4", "4", "1/4", "1/4"],
            "judgement:comfort vs range": ["1", "1", "1/4", "1/4"],
        }
    )
    assert winners(frame) == ["a", "b"]


def test_without_an_entry_the_template_holds() -> None:
    frame = table(**{"judgement:price vs range": [9, 9, None, None]})
    weights = {"judgements": {"goal": {"range vs price": 9, "range vs comfort": 9}}}
    assert winners(frame, weights=weights) == ["a", "b"]


def test_judgements_the_other_way_round_leave_the_template_without_an_entry() -> None:
    frame = table(**{"judgement:range vs price": [None, None, 9.0, 9.0]})
    weights = {"judgements": {"goal": {"price vs range": 9, "range vs comfort": 9}}}
    assert winners(frame, weights=weights) == ["a", "b"]


def test_without_an_entry_and_without_a_template_comparisons_are_missing() -> None:
    frame = table(**{"judgement:price vs range": [9, 9, None, None]})
    with pytest.raises(mcda.McdaError, match="2 of 2 scenarios.*\n.*scenario 's'.*separate groups"):
        mcda.evaluate_frame(frame, CRITERIA)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"judgement:price vs speed": [1] * 4}, "unknown name 'speed'"),
        ({"judgement:price": [1] * 4}, "is not a comparison"),
        ({"judgement:price vs price": [1] * 4}, "compared with itself"),
        ({"weight:prize": [1] * 4}, "Did you mean 'price'"),
        ({"weight:price": [1] * 4}, "none for range, comfort"),
        (
            {"judgement:price vs range": [1] * 4, "judgement:range vs price": [1] * 4},
            "are the same",
        ),
        ({"weight:price": [1] * 4, "judgement:price vs range": [1] * 4}, "Leave out one kind"),
    ],
)
def test_columns_that_mean_nothing_are_refused(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(mcda.McdaError, match=said):
        mcda.evaluate_frame(table(**columns), CRITERIA)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"judgement:price vs range": [1, 2, 1, 1]}, "row 2.*differs from the row before"),
        ({"judgement:price vs range": [0, 0, 1, 1]}, "row 1.*positive"),
        ({"judgement:price vs range": ["many", "many", "1", "1"]}, "'many'"),
        (
            {"weight:price": [1, 1, 1, 1], "weight:range": [-1, -1, 1, 1]},
            "row 1 .*column 'weight:range' is -1, below zero",
        ),
        ({"weight:price": [0, 0, 1, 1], "weight:range": [0, 0, 1, 1]}, "all zero"),
        ({"weight:price": [None, None, 1, 1], "weight:range": [1, 1, 1, 1]}, "none for price"),
    ],
)
def test_entries_that_mean_nothing_are_their_scenarios(columns: dict[str, Any], said: str) -> None:
    frame = table(**columns)
    if "weight:price" in columns:
        frame = frame.with_columns(pl.lit(0).alias("weight:comfort"))
    keys: dict[str, Any] = {"weights": {"judgements": {"goal": {"comfort vs range": 1}}}}
    if "weight:price" in columns:
        keys = {}
    else:
        keys["weights"]["judgements"]["goal"]["price vs comfort"] = 1
    found = mcda.evaluate_frame(frame, CRITERIA, errors="report", **keys)
    assert found["error"].is_null().to_list() == [False, False, True, True]
    with pytest.raises(mcda.McdaError, match=said):
        mcda.evaluate_frame(frame, CRITERIA, **keys)


def test_the_template_may_not_take_its_weights_from_the_values() -> None:
    with pytest.raises(mcda.McdaError, match="from the values or from judges"):
        mcda.evaluate_frame(
            table(**{"judgement:price vs range": [1] * 4}),
            CRITERIA,
            weights={"objective": "entropy"},
        )


@pytest.mark.parametrize("priorities", ["geometric_mean", "eigenvector"])
def test_an_only_child_may_have_a_column(priorities: str) -> None:
    criteria = {
        "price": {"direction": "cost", "domain": [0, 10]},
        "use": {"children": {"range": {"direction": "benefit", "domain": [0, 10]}}},
    }
    frame = table(**{"weight:price": [1] * 4, "weight:use": [3] * 4, "weight:range": [7] * 4}).drop(
        "comfort"
    )
    found = mcda.evaluate_frame(frame, criteria, method={"priorities": priorities})
    # scores of a are .9 and .2, weights 1/4 and 3/4 whatever the only child is given
    near, far = ((0.9 * 1) ** 2 + (0.2 * 3) ** 2) ** 0.5, ((0.1 * 1) ** 2 + (0.8 * 3) ** 2) ** 0.5
    assert found["closeness"][0] == pytest.approx(near / (near + far), abs=1e-12)


@pytest.mark.parametrize("kind", ["words", "numbers", "pandas", "objects"])
def test_a_judgement_not_given_is_the_template_s_however_it_is_written(kind: str) -> None:
    name, keys = "judgement:price vs range", {"comfort vs range": 1, "price vs comfort": 1}
    cells: list[Any] = {
        "words": ["", " ", "NaN", "null"],
        "numbers": [float("nan"), None, None, float("nan")],
        "pandas": [float("nan"), None, None, float("nan")],
        "objects": [None, "", "none", None],
    }[kind]
    frame: Any = table(**{name: pl.Series(cells)})
    if kind == "pandas":
        frame = frame.to_pandas()
    given: dict[str, Any] = {"weights": {"judgements": {"goal": {**keys, "price vs range": 1}}}}
    found = mcda.evaluate_frame(frame, CRITERIA, **given)
    without = mcda.evaluate_frame(table(), CRITERIA, **given)
    assert list(found["closeness"]) == pytest.approx(without["closeness"].to_list(), abs=1e-12)

"""When which sentence is said, and with how many decimals."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import mcda
from mcda.explanation.sentences import amount_in
from tests.unit.explanation.test_explanation import OPTIONS
from tests.unit.explanation.test_explanation import decide as vans

LEAF = {"direction": "benefit", "domain": [0, 1]}


@pytest.mark.parametrize(
    ("margin", "amount", "shown"),
    [
        (0.123, 0.123, "0.123"),
        (0.0123, 0.0123, "0.012"),
        (0.00123, 0.00123, "0.0012"),
        (-0.00123, 0.5, "0.5000"),
        (1.23e-8, 1.23e-8, "0.000000012"),
        (1.23e-9, 1.23e-9, "0.000000001"),
        (0.0, 0.0004, "0.000"),
        (0.0, 0.0006, "0.001"),
        (1.0, -0.0004, "0.000"),
    ],
)
def test_two_figures_of_the_margin_and_three_to_nine_decimals(
    margin: float, amount: float, shown: str
) -> None:
    why: Any = SimpleNamespace(margin=margin)
    assert amount_in(why, amount) == shown
    if amount > 0 and shown != "0.000":
        assert amount_in(why, amount, signed=True) == f"+{shown}"


def said(a: Any, b: Any, weights: Any) -> str:
    scenario = {
        "id": "s",
        "criteria": dict.fromkeys(weights, LEAF),
        "options": {"a": dict(zip(weights, a, strict=True)), "b": dict(zip(weights, b, strict=True))},
        "weights": {"direct": weights},
    }  # fmt: skip
    why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
    assert why.option == "a"
    return " ".join(why.sentences())


def test_how_firm_it_is_is_said_with_the_verdict() -> None:
    for points, verdict in (((0.9, 0.8), "clear"), ((0.62, 0.5), "contested")):
        decision = mcda.evaluate(
            mcda.Scenario.model_validate(
                {
                    "id": "s",
                    "criteria": {"x": LEAF, "y": LEAF},
                    "options": {
                        "a": {"x": points[0], "y": points[1]},
                        "b": {"x": 0.5, "y": 0.6},
                    },
                    "weights": {"direct": {"x": 1, "y": 1}},
                }
            )
        )
        assert decision.firmness is not None
        text = " ".join(mcda.explain(decision).sentences())
        assert f"The verdict is {decision.verdict}: by estimate a stays first in" in text
        assert "if the weights waver." in text
        assert (decision.verdict == "clear") == (verdict == "clear")
    assert "if the judgements waver." in " ".join(mcda.explain(vans()).sentences())


def test_two_reasons_and_one_that_speaks_against() -> None:
    text = said((0.9, 0.8, 0.7, 0.3), (0.1, 0.1, 0.1, 0.6), dict.fromkeys("wxyz", 1))
    assert "The strongest reason for a is w, which" in text
    assert "Next comes x, which" in text
    assert "is y" not in text
    assert "Against a speaks z, which costs it" in text


def test_what_is_small_beside_the_largest_reason_is_told_as_small() -> None:
    """Below 2 % of the largest: no reason of its own, and small where it speaks against."""
    text = said((0.9, 0.5, 0.5), (0.1, 0.499, 0.501), dict.fromkeys("xyz", 1))
    assert "Next comes" not in text
    assert "What speaks against a is small: z costs it" in text


def test_a_fact_is_named_if_it_makes_two_fifths() -> None:
    model = {
        "id": "m",
        "facts": {name: {} for name in "pqr"},
        "measures": {"sum": "p + q + r"},
        "criteria": {"x": {"measure": "sum", "direction": "benefit", "domain": [0, 30]}},
    }

    def text(p: float, q: float, r: float) -> str:
        scenario = {
            "id": "s",
            "criteria": mcda.Criteria.model_validate(model),
            "options": {
                "a": {"facts": {"p": p, "q": q, "r": r}},
                "b": {"facts": dict.fromkeys("pqr", 0)},
            },
        }
        decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
        return mcda.explain(decision).sentences()[1]

    assert "mainly because of “p”: 4.1 against 0" in text(4.1, 3, 2.9)
    assert "mainly" not in text(3.9, 3.1, 3)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_seven_sentences_are_the_most(lang: Any) -> None:
    """No fact has a source and all are old; there is room for the first of these only."""
    gate = {"gates": {"cheap": {"rule": "price < 28", "because": "Too dear."}}}
    options = {
        name: {"facts": {f: {"value": v, "as_of": "1990-01-01"} for f, v in each["facts"].items()}}
        for name, each in OPTIONS.items()
    }
    why = mcda.explain(
        vans(
            model=gate,
            options=options,
            method={"normalization": "vector"},
            decision_date="2026-06-01",
        ),
        "a",
    )
    assert (why.evidence.unsourced, why.evidence.stale) == (1, 1)
    assert len(why.sentences(lang)) == 7
    assert why.sentences()[6].endswith("the fact of at least one side has no source.")


@pytest.mark.parametrize(
    ("normalization", "frozen"), [("domain", False), ("vector", True), ("minmax", True)]
)
def test_frozen_ideals_are_said(normalization: str, frozen: bool) -> None:
    why = mcda.explain(vans(method={"normalization": normalization}))
    assert ("hold the ideals fixed" in " ".join(why.sentences())) is frozen
    assert ("按固定的理想解计算" in "".join(why.sentences("zh"))) is frozen

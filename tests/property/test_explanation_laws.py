"""Laws of explanations: every number adds up to the margin, whatever the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from tests.strategies import scenarios

CLOSE = 1e-9


def decide(scenario: dict[str, Any], **changes: Any) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate({**scenario, **changes}))


def lead(decision: mcda.Decision, first: str, other: str) -> float:
    closeness = {each.option: each.closeness for each in decision.ranking}
    return closeness[first] - closeness[other]


@given(scenario=scenarios(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_everything_adds_up_to_the_margin(scenario: dict[str, Any], data: st.DataObject) -> None:
    decision = decide(scenario)
    against = data.draw(
        st.sampled_from([None, "anti-ideal", *(each.option for each in decision.ranking[1:])])
    )
    why = mcda.explain(decision, against)
    if why.against is not None:
        assert why.margin == lead(decision, why.option, why.against)
    margin = pytest.approx(why.margin, abs=CLOSE)
    assert sum(why.contributions.values()) == margin
    assert sum(why.by_dimension.values()) == margin
    assert sum(why.judged_dimensions.values()) == margin
    assert sum(path.amount for path in why.paths) == margin
    for name, amount in why.by_dimension.items():
        assert sum(why.origins[name].values()) == pytest.approx(amount, abs=CLOSE)
    conserved(why)


def conserved(why: mcda.Explanation) -> None:
    """At every criterion inflow is outflow, for and against; the goal receives the margin."""
    for node, data in why.graph.nodes(data=True):
        for sign in ("positive", "negative", "flow"):
            into = sum(edge[sign] for *_, edge in why.graph.in_edges(node, data=True))
            out = sum(edge[sign] for *_, edge in why.graph.out_edges(node, data=True))
            if data["kind"] == "criterion":
                assert into == pytest.approx(out, abs=CLOSE)
            elif data["kind"] == "goal" and sign == "flow":
                assert into == pytest.approx(why.margin, abs=CLOSE)
    for *_, edge in why.graph.edges(data=True):
        assert edge["positive"] >= 0 >= edge["negative"]


@given(scenario=scenarios())
@settings(max_examples=30, deadline=None)
def test_what_influences_do(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    why = mcda.explain(decision)
    assert why.against is not None
    off = decide(scenario, method={**scenario["method"], "dependencies": "off"})
    whole = why.margin - lead(off, why.option, why.against)
    assert sum(each.effect for each in why.influences) == pytest.approx(whole, abs=CLOSE)
    for number, each in enumerate(why.influences):
        rest = [edge for i, edge in enumerate(scenario["influences"]) if i != number]
        without = lead(decide(scenario, influences=rest), why.option, why.against)
        assert each.without == pytest.approx(without, abs=CLOSE)
        assert each.flow == pytest.approx(each.positive + each.negative, abs=CLOSE)
    if len(why.influences) == 1:
        assert why.influences[0].effect == pytest.approx(whole, abs=CLOSE)


@given(scenario=scenarios())
@settings(max_examples=12, deadline=None)
def test_where_an_influence_turns_the_winner(scenario: dict[str, Any]) -> None:
    """The nearest turns against a grid of evaluations from share 0 to as much as there is."""
    decision = decide(scenario)
    if decision.recommended is None:
        return
    why = mcda.explain(decision)
    for number, each in enumerate(why.influences[:2]):

        def winner(share: float, number: int = number) -> str | None:
            influences = [dict(edge) for edge in scenario["influences"]]
            influences[number]["share"] = share
            return decide(scenario, influences=influences).recommended

        top = each.share
        while top < 0.999:
            try:
                winner(min(top + 0.01, 0.999))
            except mcda.McdaError:
                break
            top = min(top + 0.01, 0.999)
        for turn, end in ((each.lower, 0.0), (each.upper, top)):
            shares = np.linspace(each.share, end, 25)[1:]
            stays = [winner(float(share)) in (why.option, None) for share in shares]
            limit = abs((turn[0] if turn else end) - each.share)
            for share, same in zip(shares, stays, strict=True):
                if abs(share - each.share) < limit - CLOSE:
                    assert same
            if turn is not None:
                step = 1e-5 * np.sign(end - each.share)
                if abs(turn[0] + step - each.share) < abs(end - each.share):
                    assert winner(turn[0] + step) == turn[1]
                assert winner(turn[0] - step) == why.option


@given(scenario=scenarios(influenced=False))
@settings(max_examples=20, deadline=None)
def test_contrasts_are_explanations_of_their_own(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    why = mcda.explain(decision)
    assert {each.option for each in why.contrasts} == {
        each.option for each in decision.ranking if each.option != why.option
    }
    for each in why.contrasts:
        total = sum(each.gives_up.values()) - sum(each.gains.values())
        assert total == pytest.approx(lead(decision, why.option, each.option), abs=CLOSE)
        assert all(amount > 0 for amount in (*each.gains.values(), *each.gives_up.values()))


@given(scenario=scenarios())
@settings(max_examples=20, deadline=None)
def test_three_to_seven_sentences(scenario: dict[str, Any]) -> None:
    why = mcda.explain(decide(scenario))
    for lang in ("en", "zh"):
        said = why.sentences(lang)
        assert 3 <= len(said) <= 7
        assert all(sentence.endswith("." if lang == "en" else "。") for sentence in said)

"""Thresholds against evaluations of scenarios whose weights, judgements and facts were changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from tests.strategies import reciprocal_matrices, scenarios

STEP = 1e-6


def decide(scenario: dict[str, Any], **changes: Any) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate({**scenario, **changes}))


def direct(decision: mcda.Decision, leaves: dict[str, float]) -> dict[str, Any]:
    """Weights that give every leaf this global weight: each node has the sum of its leaves'."""
    tree = decision.problem.tree
    return {
        "direct": {
            node: sum(max(leaves[tree.leaf_ids[j]], 1e-300) for j in below)
            for node, below in tree.leaves_below.items()
            if node != "goal"
        }
    }


def moved(decision: mcda.Decision, node: str, weight: float) -> dict[str, float]:
    """Leaf weights where a node has another weight and all else keeps its proportions."""
    judged = dict(decision.weights.judged)
    tree = decision.problem.tree
    own = {tree.leaf_ids[j] for j in tree.leaves_below[node]}
    whole = sum(judged[leaf] for leaf in own)
    return {
        leaf: each * (weight / whole if leaf in own else (1 - weight) / (1 - whole))
        for leaf, each in judged.items()
    }


def ahead(decision: mcda.Decision, option: str) -> float:
    """The option's lead over the best of the others."""
    closeness = {each.option: each.closeness for each in decision.ranking}
    own = closeness.pop(option)
    return own - max(closeness.values())


@given(scenario=scenarios())
@settings(max_examples=10, deadline=None)
def test_weight_intervals(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    if decision.recommended is None:
        return
    winner = decision.recommended
    for name, found in mcda.sensitivity(decision).intervals.items():
        assert found.low <= found.weight <= found.high

        def lead(weight: float, name: str = name) -> float:
            weights = direct(decision, moved(decision, name, weight))
            return ahead(decide(scenario, weights=weights), winner)

        for weight in np.linspace(0.01, 0.99, 15):
            inside = found.low < weight < found.high
            again = any(low < weight < high for low, high in found.regions)
            near = min(
                abs(weight - end) for end in (found.low, found.high, *sum(found.regions, ()))
            )
            if near > 1e-6:
                assert (lead(float(weight)) > 0) == (inside or again)
        for end, rival, side in (
            (found.low, found.low_rival, -1),
            (found.high, found.high_rival, 1),
        ):
            if rival is not None and STEP < end < 1 - STEP:
                assert lead(end) == pytest.approx(0, abs=1e-9)
                beyond = direct(decision, moved(decision, name, end + side * STEP))
                closeness = {
                    each.option: each.closeness for each in decide(scenario, weights=beyond).ranking
                }
                assert closeness[rival] > closeness[winner] - 1e-12


@given(scenario=scenarios())
@settings(max_examples=10, deadline=None)
def test_transfers(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    if decision.recommended is None:
        return
    winner, judged = decision.recommended, dict(decision.weights.judged)
    tree = decision.problem.tree
    found = mcda.sensitivity(decision).transfers
    assert [each.amount for each in found] == sorted(each.amount for each in found)

    def after(giver: str, taker: str, amount: float) -> mcda.Decision:
        weights = dict(judged)
        for node, sign in ((giver, -1), (taker, 1)):
            own = [tree.leaf_ids[j] for j in tree.leaves_below[node]]
            whole = sum(judged[leaf] for leaf in own)
            for leaf in own:
                weights[leaf] += sign * amount * judged[leaf] / whole
        return decide(scenario, weights=direct(decision, weights))

    for each in found[:3]:
        assert ahead(after(each.giver, each.taker, each.amount * (1 - 1e-9)), winner) > -1e-9
        most = sum(judged[tree.leaf_ids[j]] for j in tree.leaves_below[each.giver])
        beyond = each.amount + STEP
        if beyond < most:
            closeness = {
                e.option: e.closeness for e in after(each.giver, each.taker, beyond).ranking
            }
            assert closeness[each.rival] > closeness[winner] - 1e-12
    # nothing smaller does it
    dimensions = list(tree.dimensions)
    least = min((each.amount for each in found if each.level == "dimension"), default=None)
    for giver in dimensions:
        for taker in dimensions:
            whole = sum(judged[tree.leaf_ids[j]] for j in tree.leaves_below[giver])
            most = whole if least is None else min(whole, least)
            if giver != taker:
                for share in (0.2, 0.5, 0.8, 0.98):
                    assert ahead(after(giver, taker, share * most), winner) > -1e-9


@given(matrix=reciprocal_matrices(smallest=3, largest=5), data=st.data())
@settings(max_examples=10, deadline=None)
def test_judgements(matrix: Any, data: st.DataObject) -> None:
    n = len(matrix)
    names = [f"c{i}" for i in range(n)]
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    pairs = {(i, j): float(matrix[i, j]) for i in range(n) for j in range(i + 1, n)}
    scenario: dict[str, Any] = {
        "id": "judged",
        "criteria": {name: {"direction": "benefit", "domain": [0, 1]} for name in names},
        "options": {o: {name: float(rng.random()) for name in names} for o in "xyz"},
        "method": {"priorities": data.draw(st.sampled_from(["geometric_mean", "eigenvector"]))},
        "influences": [{"from": "c0", "to": "c1", "share": 0.2}],
    }

    def judged(changes: dict[tuple[int, int], float]) -> mcda.Decision:
        said = {f"c{i} vs c{j}": value for (i, j), value in {**pairs, **changes}.items()}
        return decide(scenario, weights={"judgements": {"goal": said}})

    decision = judged({})
    if decision.recommended is None:
        return
    winner = decision.recommended
    for each in mcda.sensitivity(decision).judgements:
        pair = (names.index(each.first), names.index(each.second))
        assert each.given == pairs[pair]
        ends = (min(1 / 9, each.given), max(9, each.given))
        for flip, end in ((each.below, ends[0]), (each.above, ends[1])):
            stop = end if flip is None else flip[0]
            for value in np.geomspace(each.given, stop, 7)[1:-1]:
                assert ahead(judged({pair: float(value)}), winner) > -1e-9
            if flip is not None:
                side = 1 if flip is each.above else -1
                after = judged({pair: flip[0] * (1 + side * STEP)})
                closeness = {e.option: e.closeness for e in after.ranking}
                assert closeness[flip[1]] > closeness[winner] - 1e-12
                assert ahead(judged({pair: flip[0]}), winner) == pytest.approx(0, abs=1e-9)


@given(scenario=scenarios(influenced=False))
@settings(max_examples=10, deadline=None)
def test_values(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    if decision.recommended is None:
        return
    winner = decision.recommended
    for each in mcda.sensitivity(decision).tipping_points[:12]:
        assert each.kind == "fact"
        assert each.option is not None

        def lead(value: float, option: str = each.option, leaf: str = each.name) -> float:
            options = {o: dict(values) for o, values in scenario["options"].items()}
            options[option][leaf] = value
            return ahead(decide(scenario, options=options), winner)

        for flip, end in ((each.below, 0.0), (each.above, 10.0)):
            if flip is None:
                for value in np.linspace(each.value, end, 9)[1:]:
                    assert lead(float(value)) > -1e-9
            else:
                assert lead(flip.value) <= 1e-12
                # with vector normalisation a column of equal values has a jump at its value
                back = flip.value + 1e-9 * np.sign(each.value - flip.value)
                back = sorted((each.value, back, flip.value))[1]
                assert lead(back) > -1e-9


@given(scenario=scenarios())
@settings(max_examples=15, deadline=None)
def test_thresholds_make_the_option_win(scenario: dict[str, Any]) -> None:
    decision = decide(scenario)
    if decision.recommended is None:
        return
    for option, flips in mcda.sensitivity(decision).thresholds.items():
        for each in flips:
            assert each.winner == option
            step = 1e-6 * np.sign(each.changed - each.value)
            if each.kind == "weight" and 1e-5 < each.changed < 1 - 1e-5:
                weights = direct(decision, moved(decision, each.name[0], each.changed + step))
                assert ahead(decide(scenario, weights=weights), option) > -1e-9
            elif each.kind == "fact" and 0 < each.changed < 10:
                options = {o: dict(values) for o, values in scenario["options"].items()}
                options[each.name[0]][each.name[1]] = min(max(each.changed + step, 0.0), 10.0)
                assert ahead(decide(scenario, options=options), option) > -1e-9

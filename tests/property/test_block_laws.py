"""Blocks of contests against one decision at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from mcda.engine.contest import coefficients_of, place_all
from mcda.engine.stack import Block
from mcda.explanation.reasons import reasons_of
from mcda.stability.flips import flips_of
from tests.strategies import random_scenario, scenarios


def decide(scenario: dict[str, Any]) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate(scenario))


def many(scenario: dict[str, Any], seed: int, times: int = 7) -> list[mcda.Decision]:
    """Decisions about the same criteria and weights with other values of the options."""
    rng = np.random.default_rng(seed)
    found = [decide(scenario)]
    for _ in range(times - 1):
        options = {
            name: {leaf: float(rng.integers(0, 11)) for leaf in own}
            for name, own in scenario["options"].items()
        }
        found.append(decide({**scenario, "options": options}))
    return found


def block_of(decisions: list[mcda.Decision]) -> Block:
    """Decisions that differ in values only, as one block."""
    one = decisions[0]
    values = np.stack([each.workings.scored.values.T for each in decisions], axis=-1)
    weighed, contest = one.workings.weighed, one.workings.contest
    placed = place_all(one.problem, values, weighed, contest.normalization)
    contests, n = np.arange(len(decisions)), values.shape[1]
    return Block(contests, contests * n + np.arange(n)[:, None], placed, weighed)


@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_reasons_are_those_of_each_decision(scenario: dict[str, Any], seed: int) -> None:
    decisions = many(scenario, seed)
    found = reasons_of(decisions[0].problem, block_of(decisions))
    for decision, amounts in zip(decisions, found.T, strict=True):
        expected = mcda.explain(decision)
        assert amounts.tolist() == pytest.approx(list(expected.by_dimension.values()), abs=1e-12)
        assert amounts.sum() == pytest.approx(expected.margin, abs=1e-12)


def alike(size: int, dimensions: int) -> dict[str, Any]:
    """A scenario of two options, and dimensions of `size` leaves each."""
    rng = np.random.default_rng(size)
    leaf = {"direction": "benefit", "domain": [0, 10]}
    criteria = {
        f"d{k}": {"children": {f"d{k}x{i}": leaf for i in range(size)}} if size > 1 else leaf
        for k in range(dimensions)
    }
    leaves = [
        leaf for name, node in criteria.items() for leaf in node.get("children", {name: None})
    ]
    points = {"goal": dict.fromkeys(criteria, 1.0)}
    if size > 1:
        points |= {name: dict.fromkeys(node["children"], 1.0) for name, node in criteria.items()}
    return {
        "id": "large",
        "criteria": criteria,
        "options": {name: {leaf: float(rng.integers(0, 11)) for leaf in leaves} for name in "ab"},
        "weights": {"points": points},
    }


@pytest.mark.parametrize(("size", "dimensions"), [(1, 13), (15, 3), (19, 2), (1, 21)])
def test_reasons_beyond_the_kernel(size: int, dimensions: int) -> None:
    """More dimensions than it takes, or more leaves than `explain` takes by all subsets."""
    decisions = many(alike(size, dimensions), 0, 3)
    found = reasons_of(decisions[0].problem, block_of(decisions))
    for decision, amounts in zip(decisions, found.T, strict=True):
        expected = mcda.explain(decision).by_dimension
        assert amounts.tolist() == pytest.approx(list(expected.values()), abs=1e-12)


def test_an_option_alone_is_compared_with_the_worst_ends() -> None:
    scenario = random_scenario(
        np.random.default_rng(3),
        {"weighting": "classic", "dependencies": "off", "normalization": "domain"},
    )
    scenario["options"] = {"o0": scenario["options"]["o0"]}
    decisions = many(scenario, 1)
    found = reasons_of(decisions[0].problem, block_of(decisions))
    for decision, amounts in zip(decisions, found.T, strict=True):
        assert amounts.tolist() == pytest.approx(
            list(mcda.explain(decision).by_dimension.values()), abs=1e-12
        )


@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_flips_move_one_effective_weight(scenario: dict[str, Any], seed: int) -> None:
    """Just before the flip the winner leads, just after it the other; in between nobody else."""
    decisions = many(scenario, seed)
    problem, block = decisions[0].problem, block_of(decisions)
    found = flips_of(problem, block)
    scale = block.placed.scores.scale
    ratio = np.broadcast_to(coefficients_of(problem, block.weighed, scale)[1], scale.shape)
    for contest, decision in enumerate(decisions):
        if decision.recommended is None:
            assert found.leaf[contest] == -1
            continue
        r = block.placed.scores.r[:, :, contest]
        effective = np.array(list(decision.weights.effective.values()))
        winner = [each.name for each in problem.options].index(decision.recommended)
        nearest = found.distance[contest]
        for j, now in enumerate(effective):
            if now > 1 - 1e-9 or block.placed.scores.scale[j, contest] == 0:
                continue
            for end in (1e-6, 1 - 1e-6):
                shares = now + (end - now) * np.linspace(0.0, 1.0, 120)[1:]
                shares = shares[np.abs(shares - now) < nearest - 1e-9]
                leads = closeness_at(shares, j, effective, ratio[:, contest], r)
                assert (leads[:, winner] >= leads.max(axis=1, initial=0.0) - 1e-12).all()
        j = int(found.leaf[contest])
        if j < 0:
            continue
        share, now = found.share[contest], effective[j]
        assert abs(share - now) == pytest.approx(nearest, abs=1e-12)
        step = np.sign(share - now) * min(1e-7, nearest / 2, share / 2, (1 - share) / 2)
        before, after = closeness_at(
            np.array([share - step, share + step]), j, effective, ratio[:, contest], r
        )
        assert before[winner] >= before.max() - 1e-15
        assert after[found.to[contest]] >= after.max() - 1e-15
        assert after[winner] <= after[found.to[contest]]


def closeness_at(shares: Any, j: int, effective: Any, ratio: Any, r: Any) -> Any:
    others = np.where(np.arange(len(effective)) == j, 0.0, effective)
    moved = np.multiply.outer(1.0 - shares, others / others.sum())
    moved[:, j] = shares
    gaps = np.sqrt(moved) * ratio
    to_worst = np.linalg.norm(gaps[:, :, None] * r, axis=1)
    to_best = np.linalg.norm(gaps[:, :, None] * (1.0 - r), axis=1)
    return to_worst / (to_worst + to_best)

"""Scenarios with weights of their own, worked out together, have the weights they have alone."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from mcda.bulk.why import why
from mcda.engine.evaluate import evaluate, normalization_of
from mcda.engine.stack import hold
from mcda.engine.weighing import weigh
from mcda.engine.weighing_many import Given, weigh_many
from mcda.files.loader import Loader
from mcda.model.problem import Problem
from tests.strategies import random_scenario

RATIOS = [1 / 9, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 7.0]
DIMENSIONS = ["team_capability", "budget", "data_security", "core_ness", "performance"]


def nodes_of(document: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (node, list(points))
        for node, points in document["weights"]["points"].items()
        if len(points) > 1
    ]


def judged(rng: np.random.Generator, children: list[str]) -> dict[str, float]:
    """Comparisons that connect all, some of the others missing."""
    pairs = {(a, b) for a, b in combinations(children, 2) if b == children[0] or rng.random() < 0.7}
    pairs |= {(children[0], other) for other in children[1:]}
    return {f"{a} vs {b}": float(rng.choice(RATIOS)) for a, b in sorted(pairs)}


def weights_of(rng: np.random.Generator, document: dict[str, Any]) -> dict[str, Any]:
    """Judgements under each node, or now and then numbers."""
    nodes = nodes_of(document)
    if rng.random() < 0.3:
        return {"direct": {child: float(rng.integers(1, 5)) for _, of in nodes for child in of}}
    return {"judgements": {node: judged(rng, children) for node, children in nodes}}


def problem_of(document: dict[str, Any], weights: dict[str, Any]) -> Problem:
    return Loader().problem(mcda.Scenario(**{**document, "weights": weights}))


def given_of(document: dict[str, Any], several: list[dict[str, Any]]) -> dict[str, Given]:
    found = {}
    for node, children in nodes_of(document):
        pairs = [f"{a} vs {b}" for a, b in combinations(children, 2)]
        said = [each.get("judgements", {}).get(node, {}) for each in several]
        ratios = np.array([[each.get(pair, np.nan) for each in said] for pair in pairs])
        direct = np.array(
            [[each.get("direct", {}).get(child, np.nan) for each in several] for child in children]
        )
        found[node] = Given(ratios, direct)
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["geometric_mean", "eigenvector"]))
def test_weights_together_are_the_weights_alone(seed: int, priorities: str) -> None:
    rng = np.random.default_rng(seed)
    method = {
        "weighting": str(rng.choice(["hierarchical", "classic", "linear"])),
        "dependencies": str(rng.choice(["closure", "saaty", "off"])),
        "normalization": str(rng.choice(["domain", "vector"])),
    }
    document = random_scenario(rng, {**method, "priorities": priorities})
    if not nodes_of(document):
        return
    several = [weights_of(rng, document) for _ in range(4)]
    shared = problem_of(document, document["weights"])
    many = weigh_many(shared, weigh(shared), given_of(document, several))
    assert not many.failed
    decisions = [evaluate(problem_of(document, each)) for each in several]
    options, contests = len(shared.options), len(several)
    values = np.tile(decisions[0].workings.scored.values, (contests, 1))
    everything = np.ones(options * contests, dtype=bool)
    starts = np.arange(contests + 1) * options
    held = hold(shared, values, everything, everything, starts, many, normalization_of(shared))
    [block] = held.blocks
    reasons = why(shared, block)
    for i, decision in enumerate(decisions):
        alone = decision.workings.weighed
        np.testing.assert_allclose(many.final[:, i], alone.final, atol=1e-12)
        np.testing.assert_allclose(many.jacobian[:, :, i], alone.jacobian, atol=1e-11)
        ratios = [each.consistency_ratio for each in decision.consistency.values()]
        assert np.nanmax([-1, many.consistency_ratio[i]]) == pytest.approx(
            max(ratios, default=-1), abs=1e-11
        )
        own = slice(i * options, (i + 1) * options)
        names = [option.name for option in shared.options]
        closeness = {each.option: each.closeness for each in decision.ranking}
        np.testing.assert_allclose(
            held.closeness[own], [closeness[name] for name in names], atol=1e-12
        )
        assert held.firmness[i] == pytest.approx(decision.firmness, abs=1e-9)
        if decision.recommended is not None:
            explanation = mcda.explain(decision)
            np.testing.assert_allclose(
                reasons.reasons[:, i], list(explanation.by_dimension.values()), atol=1e-10
            )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_columns_say_what_scenarios_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = list(combinations(DIMENSIONS, 2))
    rows, scenarios = [], []
    options = {"open": {"from": "flan-t5-small"}, "api": {"from": "gpt-4"}}
    for number in range(4):
        profile = {name: int(rng.integers(0, 5)) for name in ("team", "budget", "performance")}
        said = {
            f"{a} vs {b}": str(rng.choice(["1/5", "1/2", "1", "3"]))
            for a, b in pairs
            if rng.random() < 0.5
        }
        turned = rng.random() < 0.5
        columns = {f"judgement:{a} vs {b}": said.get(f"{a} vs {b}") for a, b in pairs}
        rows.append({"scenario": f"s{number}", **profile, **columns})
        scenarios.append(
            mcda.Scenario(
                id=f"s{number}",
                criteria="ai-sourcing",
                facts="article-world",
                profile=profile,
                options=dict(reversed(options.items())) if turned else options,
                weights={"judgements": {"goal": said}},
            )
        )
    schema = {name: pl.String for name in rows[0] if name.startswith("judgement:")}
    frame = pl.DataFrame(rows, schema_overrides=schema)
    found = mcda.evaluate_frame(frame, "ai-sourcing", facts="article-world", options=options)
    for scenario in scenarios:
        decision = mcda.evaluate(scenario)
        own = found.filter(pl.col("scenario") == scenario.id)
        closeness = dict(zip(own["option"], own["closeness"], strict=True))
        assert closeness == pytest.approx(
            {each.option: each.closeness for each in decision.ranking}, abs=1e-12
        )
        assert own["firmness"][0] == pytest.approx(decision.firmness, abs=1e-9)

"""Firmness in closed form against sampling, and against differences of its own inputs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.weighing import coefficients, coefficients_jacobian, weigh
from mcda.files.loader import Loader
from mcda.robustness.lead import FLOOR

ARTICLES = sorted((Path(__file__).resolve().parents[3] / "scenarios" / "articles").glob("*.yaml"))

TREE: dict[str, Any] = {
    "id": "tree",
    "facts": {name: {"domain": [0, 1]} for name in "pqrst"},
    "criteria": {
        "one": {"children": {name: {"direction": "benefit", "domain": [0, 1]} for name in "pqr"}},
        "two": {"children": {name: {"direction": "cost", "domain": [0, 1]} for name in "st"}},
    },
    "judgements": {
        "goal": {"one vs two": 2},
        "one": {"p vs q": 2, "q vs r": 3, "p vs r": 4},
        "two": {"s vs t": 3},
    },
    "influences": [
        {"from": "one", "to": "two", "share": 0.3},
        {"from": "s", "to": "p", "share": 0.2},
        {"from": "two", "to": "q", "share": 0.15},
    ],
}
OPTIONS = {
    "x": dict(zip("pqrst", (0.9, 0.2, 0.4, 0.5, 0.5), strict=True)),
    "y": dict(zip("pqrst", (0.3, 0.8, 0.5, 0.4, 0.45), strict=True)),
    "z": dict(zip("pqrst", (0.5, 0.5, 0.1, 0.9, 0.3), strict=True)),
}


def tree_scenario(weighting: str, dependencies: str) -> mcda.Scenario:
    return mcda.Scenario.model_validate(
        {
            "id": "s",
            "criteria": mcda.Criteria.model_validate(TREE),
            "options": {name: {"facts": facts} for name, facts in OPTIONS.items()},
            "method": {"weighting": weighting, "dependencies": dependencies},
        }
    )


def sampled_firmness(decision: mcda.Decision, samples: int = 40_000) -> float:
    """The least pairwise share of samples in which the winner stays ahead of a rival.

    Only the noise and the winner come from the decision; local log weights are drawn, and the
    whole way to closeness is gone again with plain loops and solves.
    """
    rng = np.random.default_rng(1)
    problem = decision.problem
    tree = problem.tree
    locals_: dict[str, Any] = {}
    for node, children in tree.children.items():
        w = np.array(list(decision.weights.local[node].values()))
        n = len(children)
        gci = decision.consistency[node].gci if node in decision.consistency else None
        noise = rng.normal(size=(samples, n)) * np.sqrt(max(gci or 0.0, FLOOR) / n)
        noise -= noise.mean(axis=1, keepdims=True)
        drawn = w * np.exp(noise)
        locals_[node] = drawn / drawn.sum(axis=1, keepdims=True)
    r = np.array(
        [[decision.scores[o.name][leaf] for leaf in tree.leaf_ids] for o in problem.options]
    )
    ahead = np.zeros(len(r))
    winner = [o.name for o in problem.options].index(decision.ranking[0].option)
    m = len(tree.leaves)
    for k in range(samples):
        inside: dict[str, dict[int, float]] = {}
        w = np.ones(m)
        for j, leaf in enumerate(tree.leaves):
            path = ("goal", *leaf.path)
            for node, child in pairwise(path):
                w[j] *= locals_[node][k][tree.children[node].index(child)]
            for start in leaf.path:
                weight = 1.0
                for node, child in pairwise(path[path.index(start) :]):
                    weight *= locals_[node][k][tree.children[node].index(child)]
                inside.setdefault(start, {})[j] = weight
        s = np.zeros((m, m))
        for edge in problem.criteria.influences:
            for i, weight in inside[edge.from_].items():
                for j in inside[edge.to]:
                    s[i, j] += edge.share * weight
        if problem.method.dependencies == "closure":
            w = (1 - s.sum(axis=0)) * np.linalg.solve(np.eye(m) - s, w)
        elif problem.method.dependencies == "saaty":
            w = (1 - s.sum(axis=0)) * w + s @ w
        match problem.method.weighting:
            case "classic":
                u = w**2
            case "linear":
                u = w
            case _:
                dims = np.array(tree.dimension_of_leaf)
                u = w * np.array([w[dims == d].sum() for d in dims])
        near, far = np.sqrt(r**2 @ u), np.sqrt((1 - r) ** 2 @ u)
        closeness = near / (near + far)
        ahead += closeness[winner] > closeness
    shares = np.delete(ahead / samples, winner)
    return float(shares.min())


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_articles_against_sampling(path: Path) -> None:
    decision = mcda.evaluate(path)
    assert decision.firmness == pytest.approx(sampled_firmness(decision, 4000), abs=0.03)


@pytest.mark.parametrize("dependencies", ["closure", "saaty", "off"])
@pytest.mark.parametrize("weighting", ["hierarchical", "classic", "linear"])
def test_trees_with_influences_against_sampling(weighting: str, dependencies: str) -> None:
    decision = mcda.evaluate(tree_scenario(weighting, dependencies))
    assert decision.firmness == pytest.approx(sampled_firmness(decision, 2000), abs=0.05)


@pytest.mark.parametrize("dependencies", ["closure", "saaty", "off"])
@pytest.mark.parametrize("weighting", ["hierarchical", "classic", "linear"])
def test_the_jacobian_is_the_derivative(weighting: str, dependencies: str) -> None:
    """Against differences: a judgement a bit larger moves the log weights of geometric means.

    A judgement of (a vs b) times exp(n h) moves ln w_a by h and ln w_b by -h before scaling.
    """
    problem = Loader().problem(tree_scenario(weighting, dependencies))
    weighed = weigh(problem)
    jacobian = coefficients_jacobian(weighed.final, weighed.jacobian, problem)
    h = 1e-6
    column = 0
    for node, children in problem.tree.parents():
        n = len(children)
        for i in range(n):
            for j in range(i + 1, n):
                moved = []
                for sign in (1, -1):
                    judgements = {k: dict(v) for k, v in problem.weights.judgements.items()}
                    pair = (children[i], children[j])
                    judgements[node][pair] *= np.exp(sign * n * h)
                    plan = replace(problem.weights, judgements=judgements)
                    changed = replace(problem, weights=plan)
                    moved.append(coefficients(weigh(changed).final, problem))
                slope = (moved[0] - moved[1]) / (2 * h)
                expected = jacobian[:, column + i] - jacobian[:, column + j]
                np.testing.assert_allclose(expected, slope, atol=1e-8)
        column += n

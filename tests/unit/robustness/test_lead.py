"""Firmness in closed form against sampling, and against differences of its own inputs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.weighing import coefficients, coefficients_jacobian, weigh
from mcda.files.loader import Loader
from mcda.robustness.lead import FLOOR, Noise, covariance_of, firmness

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


def squares(u: Any, r: Any) -> tuple[Any, Any]:
    """P and N."""
    return (u[:, None] * (1 - r) ** 2).sum(axis=0), (u[:, None] * r**2).sum(axis=0)


def closeness(u: Any, r: Any) -> Any:
    far, near = (np.sqrt(each) for each in squares(u, r))
    return near / (near + far)


def by_differences(u: Any, r: Any, winner: int, covariance: Any, scaling: Any, extra: Any) -> float:
    """The delta method with gradients from differences of closeness, rival by rival."""
    least = np.inf
    lead = closeness(u * scaling, r)[winner] - closeness(u * scaling, r)
    for k in range(r.shape[1]):
        if k == winner:
            continue
        gradient = np.zeros(len(u))
        for j in range(len(u)):
            step = 1e-6 * np.eye(len(u))[j]
            one, other = (closeness((u + s * step) * scaling, r) for s in (1, -1))
            gradient[j] = ((one[winner] - one[k]) - (other[winner] - other[k])) / 2e-6
        deviation = np.sqrt(gradient @ covariance @ gradient + extra[k])
        least = min(least, lead[k] / deviation)
    return NormalDist().cdf(least)


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("noisy", [False, True])
def test_the_kernel_is_the_delta_method(*, scaled: bool, noisy: bool) -> None:
    rng = np.random.default_rng(4)
    m, n, contests = 4, 3, 12
    r, u = rng.uniform(0.1, 0.9, (m, n, contests)), rng.uniform(0.2, 1.0, m)
    root = rng.normal(size=(m, m))
    covariance = 0.02 * root @ root.T
    scaling = rng.uniform(0.5, 2.0, (m, contests)) if scaled else np.ones((m, contests))
    extra = rng.uniform(0.0, 0.02, (n, contests)) * noisy
    each = [squares(u * scaling[:, b], r[:, :, b]) for b in range(contests)]
    both = tuple(np.stack([pair[form] for pair in each], axis=-1) for form in (0, 1))
    winner = (both[1] / both[0]).argmax(axis=0)
    found = firmness(
        r.reshape(m, n, 3, 4),
        np.ones((m, 3, 4), dtype=bool),
        (both[0].reshape(n, 3, 4), both[1].reshape(n, 3, 4)),
        lambda gradients: np.einsum("inb,ij,jnb->nb", gradients, covariance, gradients),
        winner.reshape(3, 4),
        scaling.reshape(m, 3, 4) if scaled else None,
        extra.reshape(n, 3, 4) if noisy else None,
    )
    assert found.shape == (3, 4)
    dominated = 0
    for b in range(contests):
        w = winner[b]
        own = r[:, :, b]
        rivals = [k for k in range(n) if k != w]
        certain = [(own[:, w] >= own[:, k]).all() for k in rivals]
        dominated += any(certain)
        open_ones = [k for k, sure in zip(rivals, certain, strict=True) if noisy or not sure]
        expected = 1.0
        if open_ones:
            kept = [w, *open_ones]
            expected = by_differences(u, own[:, kept], 0, covariance, scaling[:, b], extra[kept, b])
        assert found.reshape(-1)[b] == pytest.approx(expected, abs=1e-7)
    assert dominated > 0


def one_contest(r: Any, u: Any, variance: float, **how: Any) -> float:
    r, u = np.array(r, dtype=float), np.array(u, dtype=float)
    found = firmness(
        r[:, :, None],
        (u > 0)[:, None],
        tuple(each[:, None] for each in squares(u, r)),
        lambda gradients: variance * (gradients**2).sum(axis=0),
        np.array([0]),
        **how,
    )
    return float(found[0])


def test_leads_that_no_noise_touches() -> None:
    # level and without noise: as likely as not; ahead and without noise: certain
    assert one_contest([[0.5, 0.5]], [1.0], 1.0) == 0.5
    assert one_contest([[0.6, 0.5], [0.5, 0.6]], [2.0, 1.0], 0.0) == 1.0
    assert one_contest([[0.5, 0.6], [0.6, 0.5]], [2.0, 1.0], 0.0) == 0.0
    # nowhere worse where something counts, whatever the noise; worse only where nothing does
    assert one_contest([[0.6, 0.5], [0.5, 0.5]], [2.0, 1.0], 1e6) == 1.0
    assert one_contest([[0.6, 0.5], [0.4, 0.5]], [2.0, 0.0], 1e6) == 1.0
    assert one_contest([[0.6, 0.5], [0.4, 0.5]], [2.0, 0.1], 1e6) < 0.6
    # with noise in the scores themselves nothing is certain
    noisy = one_contest([[0.6, 0.5]], [1.0], 0.0, of_scores=np.array([[0.0], [0.01]]))
    assert noisy == pytest.approx(NormalDist().cdf(0.1 / 0.1))


def test_an_option_at_the_end_of_everything() -> None:
    """Its closeness is 0 or 1 whatever the weights are: only the other one's wavers."""
    u, r = np.array([1.0, 2.0]), np.array([[0.6, 0.0], [0.3, 0.0]])
    assert one_contest(r, u, 1e6) == 1.0
    found = one_contest(r, u, 0.04, of_scores=np.zeros((2, 1)))
    assert found == pytest.approx(by_differences(u, r, 0, 0.04 * np.eye(2), 1.0, [0, 0]), abs=1e-7)
    r = np.array([[1.0, 0.6], [1.0, 0.3]])
    found = one_contest(r, u, 0.04, of_scores=np.zeros((2, 1)))
    assert found == pytest.approx(by_differences(u, r, 0, 0.04 * np.eye(2), 1.0, [0, 0]), abs=1e-7)


def test_the_covariance_of_several_nodes_is_their_sum() -> None:
    """Their noise is independent: one covariance of two blocks."""
    rng = np.random.default_rng(5)
    jacobian, roots = rng.normal(size=(3, 5)), [rng.normal(size=(k, k)) for k in (2, 3)]
    noise = [
        Noise(slice(0, 2), roots[0] @ roots[0].T),
        Noise(slice(2, 5), roots[1] @ roots[1].T),
    ]
    whole = np.zeros((5, 5))
    whole[:2, :2], whole[2:, 2:] = noise[0].covariance, noise[1].covariance
    np.testing.assert_allclose(covariance_of(jacobian, noise), jacobian @ whole @ jacobian.T)

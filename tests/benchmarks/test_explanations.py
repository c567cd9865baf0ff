"""Residuals and speed of explanations; run with: pytest -m benchmark -s tests/benchmarks."""

from __future__ import annotations

import itertools
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

import mcda
from mcda.explanation.attribution import attribute
from tests.strategies import random_scenario

pytestmark = pytest.mark.benchmark

ARTICLES = sorted(Path("scenarios/articles").glob("*.yaml"))


def test_residuals() -> None:
    """10,000 random problems: margin, hierarchy, conservation at every node, influences, paths."""
    rng = np.random.default_rng(0)
    worst = dict.fromkeys(("margin", "origins", "conservation", "goal", "paths", "influences"), 0.0)
    circles = influences = 0
    for _ in range(10_000):
        method = {
            "weighting": str(rng.choice(["hierarchical", "classic", "linear"])),
            "dependencies": str(rng.choice(["closure", "closure", "saaty"])),
            "normalization": str(rng.choice(["domain", "domain", "vector", "minmax"])),
        }
        scenario = random_scenario(rng, method)
        decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
        why = mcda.explain(decision)
        influences += len(why.influences)
        circles += bool((np.diagonal(decision.workings.weighed.transfer.walks) > 1.0).any())

        def note(what: str, residual: float) -> None:
            worst[what] = max(worst[what], abs(residual))

        note("margin", sum(why.contributions.values()) - why.margin)
        for name, amount in why.by_dimension.items():
            note("origins", sum(why.origins[name].values()) - amount)
        for node, data in why.graph.nodes(data=True):
            for sign in ("positive", "negative", "flow"):
                into = sum(edge[sign] for *_, edge in why.graph.in_edges(node, data=True))
                out = sum(edge[sign] for *_, edge in why.graph.out_edges(node, data=True))
                if data["kind"] == "criterion":
                    note("conservation", into - out)
                elif data["kind"] == "goal" and sign == "flow":
                    note("goal", into - why.margin)
        note("paths", sum(path.amount for path in why.paths) - why.margin)
        if why.influences:
            off = {**scenario, "method": {**method, "dependencies": "off"}}
            found = mcda.evaluate(mcda.Scenario.model_validate(off)).ranking
            closeness = {each.option: each.closeness for each in found}
            without = closeness[why.option] - closeness[why.against or ""]
            note("influences", sum(e.effect for e in why.influences) - (why.margin - without))
    print(f"\n10,000 problems, {influences} influences, {circles} with circles; largest residuals:")
    for what, residual in worst.items():
        print(f"  {what:<14}{residual:.1e}")


def _milliseconds(function: object, calls: int) -> float:
    times = []
    for _ in range(calls):
        start = perf_counter()
        function()  # type: ignore[operator]
        times.append(perf_counter() - start)
    return 1e3 * float(np.median(times))


def test_times() -> None:
    rng = np.random.default_rng(0)
    u, a, b = rng.random(20), rng.random(20), rng.random(20)
    tree = tuple(tuple(range(4 * i, 4 * i + 4)) for i in range(5))
    print(
        f"\nattribution, 5 x 4 leaves: {_milliseconds(lambda: attribute(u, a, b, tree), 200):.2f} ms"
    )
    leaves = {
        f"d{i}": {
            "children": {f"l{i}{k}": {"direction": "benefit", "domain": [0, 1]} for k in range(4)}
        }
        for i in range(5)
    }
    names = [f"l{i}{k}" for i in range(5) for k in range(4)]
    scenario = {
        "id": "grid",
        "criteria": leaves,
        "options": {o: {n: float(rng.random()) for n in names} for o in "abc"},
        "influences": [
            {"from": f"d{i}", "to": f"d{k}", "share": 0.1}
            for i, k in itertools.permutations(range(5), 2)
            if (i + k) % 2
        ],
        "weights": {"points": {"goal": dict.fromkeys(leaves, 1), **{
            f"d{i}": {f"l{i}{k}": 1 for k in range(4)} for i in range(5)
        }}},
    }  # fmt: skip
    decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
    for what, function in (
        ("mcda.explain", lambda: mcda.explain(decision)),
        (
            "with graph and paths",
            lambda: [mcda.explain(decision).graph, mcda.explain(decision).paths],
        ),
        (
            f"with {len(scenario['influences'])} influences",
            lambda: mcda.explain(decision).influences,
        ),
        ("with sentences", lambda: mcda.explain(decision).sentences("zh")),
        ("with everything", lambda: mcda.explain(decision).to_dict()),
    ):
        print(f"5 x 4 leaves, {what}: {_milliseconds(function, 30):.2f} ms")
    u, r = rng.random(16), rng.random((100, 16))
    start = perf_counter()
    pairs = 0
    for first, other in itertools.combinations(range(100), 2):
        attribute(u, r[first], r[other], tuple(range(16)))
        pairs += 1
    took = perf_counter() - start
    print(f"all {pairs} pairs of 100 options x 16 criteria (flat, exact): {took:.1f} s")


def test_articles() -> None:
    print()
    for path in ARTICLES:
        why = mcda.explain(mcda.evaluate(path))
        print(f"{path.stem}: {why.option} before {why.against} by {why.margin:.4f}")
        for each in why.influences:
            turn = each.upper or each.lower
            at = "" if turn is None else f", {turn[1]} first at {turn[0]:.3f}"
            print(
                f"  {each.source} -> {each.target} {each.share}: flow {each.flow:+.4f}, "
                f"lead without {each.without:.4f}, effect {each.effect:+.4f}{at}"
            )

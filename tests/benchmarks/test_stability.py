"""Exactness and speed of thresholds; run with: pytest -m benchmark -s tests/benchmarks."""

from __future__ import annotations

import tracemalloc
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import minmax_normalization

import mcda
from mcda.engine.board import board_of
from mcda.robustness.acceptability import count_ranks
from mcda.stability.intervals import intervals, moving
from mcda.stability.transfers import transfers
from tests.benchmarks.sidebyside import report, side_by_side
from tests.strategies import random_scenario

pytestmark = pytest.mark.benchmark

RNG = np.random.default_rng(0)


def test_intervals_and_transfers_against_grids() -> None:
    """3,000 random problems: the leader at every place of dense grids, from the weights alone."""
    rng = np.random.default_rng(1)
    lines = places = mismatches = pairs = 0
    worst = 0.0
    for _ in range(3000):
        method = {
            "weighting": str(rng.choice(["hierarchical", "classic", "linear"])),
            "dependencies": str(rng.choice(["closure", "closure", "saaty"])),
            "normalization": str(rng.choice(["domain", "domain", "vector", "minmax"])),
        }
        scenario = random_scenario(rng, method, influenced=bool(rng.random() < 0.6))
        decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
        if decision.recommended is None:
            continue
        board = board_of(decision)
        tree, contest = decision.problem.tree, decision.workings.contest
        winner = int(np.argmax(contest.closeness))
        for name, found in intervals(decision, board).items():
            below = list(tree.leaves_below[name])
            inside = board.judged[below] / board.judged[below].sum()
            _, path = moving(board.judged, below, inside)
            grid = np.linspace(0.0, 1.0, 402)[1:-1]
            closeness = board.closeness(board.final(path(grid)))
            others = np.delete(closeness, winner, axis=1).max(axis=1)
            wins = closeness[:, winner] > others
            expected = (grid > found.low) & (grid < found.high)
            for low, high in found.regions:
                expected |= (grid > low) & (grid < high)
            sure = np.abs(closeness[:, winner] - others) > 1e-9
            mismatches += int((wins != expected)[sure].sum())
            lines, places = lines + 1, places + int(sure.sum())
            for end, rival in ((found.low, found.low_rival), (found.high, found.high_rival)):
                if rival is not None:
                    level = board.closeness(board.final(path(np.array([end]))))[0]
                    names = [decision.problem.options[i].name for i in contest.columns]
                    worst = max(worst, abs(level[winner] - level[names.index(rival)]))
        found_transfers = transfers(decision, board)
        least = min((t.amount for t in found_transfers if t.level == "dimension"), default=np.inf)
        for giver in tree.dimensions:
            for taker in tree.dimensions:
                if giver == taker:
                    continue
                own, to = list(tree.leaves_below[giver]), list(tree.leaves_below[taker])
                whole = board.judged[own].sum()
                line = np.zeros(len(board.judged))
                line[own] -= board.judged[own] / whole
                line[to] += board.judged[to] / board.judged[to].sum()
                amounts = np.linspace(0.0, min(whole, least) * (1 - 1e-6), 100)
                weights = np.maximum(board.judged + np.multiply.outer(amounts, line), 0.0)
                closeness = board.closeness(board.final(weights))
                others = np.delete(closeness, winner, axis=1).max(axis=1)
                mismatches += int((closeness[:, winner] < others - 1e-9).sum())
                pairs += 1
    print(
        f"\n{lines} lines, {places} places, {pairs} transfers: {mismatches} mismatches; "
        f"largest difference in closeness at an end: {worst:.1e}"
    )


def test_judgements_and_values_against_grids() -> None:
    """3,000 random panels: row geometric means and TOPSIS written out here, on grids."""
    rng = np.random.default_rng(3)
    judgements = values = places = mismatches = 0
    scale = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
    for _ in range(3000):
        m, n = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        logs = np.zeros((m, m))
        for i in range(m):
            for j in range(i + 1, m):
                logs[i, j] = np.log(rng.choice(scale))
                logs[j, i] = -logs[i, j]
        names = [f"c{i}" for i in range(m)]
        r = rng.random((n, m))
        linear = bool(rng.random() < 0.5)
        decision = mcda.evaluate(
            mcda.Scenario.model_validate(
                {
                    "id": "panel",
                    "criteria": {c: {"direction": "benefit", "domain": [0, 1]} for c in names},
                    "options": {
                        f"o{i}": dict(zip(names, row, strict=True))
                        for i, row in enumerate(r.tolist())
                    },
                    "weights": {
                        "judgements": {
                            "goal": {
                                f"c{i} vs c{j}": float(np.exp(logs[i, j]))
                                for i in range(m)
                                for j in range(i + 1, m)
                            }
                        }
                    },
                    "method": {"weighting": "linear" if linear else "classic"},
                }
            )
        )
        if decision.recommended is None:
            continue
        winner = int(decision.recommended[1:])

        def leads(weights: Any, scores: Any, winner: int = winner, linear: bool = linear) -> Any:
            u = weights if linear else weights**2
            near = np.sqrt((u[:, None] * scores**2).sum(axis=-1))
            far = np.sqrt((u[:, None] * (1 - scores) ** 2).sum(axis=-1))
            closeness = near / (near + far)
            return closeness[:, winner] - np.delete(closeness, winner, axis=1).max(axis=1)

        found = mcda.sensitivity(decision)
        for each in found.judgements:
            i, j = int(each.first[1:]), int(each.second[1:])
            grid = np.linspace(np.log(min(1 / 9, each.given)), np.log(max(9, each.given)), 200)
            moved = np.repeat(logs[None], len(grid), axis=0)
            moved[:, i, j], moved[:, j, i] = grid, -grid
            weights = np.exp(moved.mean(axis=2))
            lead = leads(weights / weights.sum(axis=1, keepdims=True), r[None])
            low = np.log(each.below[0]) if each.below else -np.inf
            high = np.log(each.above[0]) if each.above else np.inf
            # the region around the judgement given, and just beyond its ends
            inside = (grid > low) & (grid < high)
            mismatches += int((lead[inside] < -1e-9).sum())
            for end, side in ((each.below, -1), (each.above, 1)):
                if end is not None:
                    beyond = logs.copy()
                    beyond[i, j] = np.log(end[0]) + side * 1e-7
                    beyond[j, i] = -beyond[i, j]
                    w = np.exp(beyond.mean(axis=1))
                    mismatches += int(leads((w / w.sum())[None], r[None])[0] > 1e-12)
            judgements, places = judgements + 1, places + len(grid)
        weights = np.exp(logs.mean(axis=1))
        weights /= weights.sum()
        for point in found.tipping_points:
            option, leaf = int((point.option or "o0")[1:]), names.index(point.name)
            grid = np.linspace(0, 1, 201)
            scores = np.repeat(r[None], len(grid), axis=0)
            scores[:, option, leaf] = grid
            lead = leads(np.repeat(weights[None], len(grid), axis=0), scores)
            low = float(point.below.value) if point.below else -1.0
            high = float(point.above.value) if point.above else 2.0
            mismatches += int((lead[(grid > low) & (grid < high)] < -1e-9).sum())
            mismatches += int((lead[(grid < low - 1e-9) | (grid > high + 1e-9)] > 1e-9).sum())
            values, places = values + 1, places + len(grid)
    print(
        f"\n{judgements} judgements, {values} option values, {places} places: {mismatches} mismatches"
    )


def test_intervals_against_a_grid_of_pymcdm() -> None:
    r, weights = RNG.random((16, 100)), RNG.random(16)
    weights /= weights.sum()
    names = [f"c{j}" for j in range(16)]
    decision = mcda.evaluate(
        mcda.Scenario.model_validate(
            {
                "id": "wide",
                "criteria": {n: {"direction": "benefit", "domain": [0, 1]} for n in names},
                "options": {
                    f"o{i}": dict(zip(names, row, strict=True))
                    for i, row in enumerate(r.T.tolist())
                },
                "weights": {"direct": dict(zip(names, weights.tolist(), strict=True))},
            }
        )
    )
    peer, directions = TOPSIS(minmax_normalization), np.ones(16)

    def grid() -> None:
        for j in range(16):
            for step in range(100):
                moved = weights * (1 - step / 100) / (1 - weights[j])
                moved[j] = step / 100
                peer(r.T, moved, directions)

    figures = side_by_side(lambda: mcda.sensitivity(decision).intervals, grid, rounds=3)
    report("intervals, 100 options x 16 criteria / pymcdm on a 1 % grid", *figures, "at most 1/500")


def test_rank_acceptability() -> None:
    size, n, m = 100_000, 20, 10
    u = RNG.dirichlet(np.ones(m), size) ** 2
    r = RNG.random((m, n))
    near, far = r**2, (1 - r) ** 2
    rows = (1 << 15) // n

    def limit() -> None:
        for start in range(0, size, rows):
            chunk = u[start : start + rows]
            np.sort(chunk @ near, axis=1)
            _ = chunk @ far

    figures = side_by_side(lambda: count_ranks(u, near, far), limit)
    report(
        "100,000 samples x 20 x 10, all ranks / two products and a sort", *figures, "at most 2.5"
    )
    peer, directions = TOPSIS(minmax_normalization), np.ones(m)
    few = np.sqrt(u[:1000])
    few /= few.sum(axis=1, keepdims=True)
    start = perf_counter()
    for weights in few:
        peer.rank(peer(r.T, weights, directions))
    loop = 100.0 * (perf_counter() - start)
    print(f"against a loop over pymcdm, extrapolated from 1,000 calls: {loop / figures[0]:.0f} x")
    tracemalloc.start()
    count_ranks(u, near, far)
    print(f"peak memory beyond the samples: {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB")
    tracemalloc.stop()


def test_whole_sensitivity() -> None:
    decision = mcda.evaluate("scenarios/articles/003-pixel-art.yaml")
    mcda.sensitivity(decision).to_dict()
    times = []
    for _ in range(7):
        start = perf_counter()
        mcda.sensitivity(decision).to_dict()
        times.append(perf_counter() - start)
    print(f"\nwhole sensitivity of 003-pixel-art: {np.median(times):.3f} s (limit 0.5)")


def test_firmness_against_sampling() -> None:
    rng = np.random.default_rng(2)
    gaps: list[float] = []
    labels = 0
    for _ in range(500):
        method: dict[str, Any] = {
            "weighting": str(rng.choice(["hierarchical", "classic", "linear"])),
            "dependencies": "closure",
            "normalization": "domain",
        }
        scenario = random_scenario(rng, method)
        decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
        found = mcda.sensitivity(decision, samples=4096).acceptability
        if decision.recommended is None or decision.firmness is None or found is None:
            continue
        sampled = min(found.pairwise[decision.recommended].values())
        gaps.append(decision.firmness - sampled)
        grade = [sum(x >= limit for limit in (0.75, 0.95)) for x in (decision.firmness, sampled)]
        labels += grade[0] != grade[1]
    size = np.abs(gaps)
    print(
        f"\nfirmness against the least pairwise share sampled, {len(gaps)} problems: mean "
        f"difference {np.mean(size):.4f}, largest {size.max():.3f}, another grade in {labels}"
    )

"""Speed of reasons and flips of whole blocks; run with: pytest -m benchmark -s tests/benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.contest import place_all
from mcda.engine.stack import Block
from mcda.explanation.reasons import reasons_of
from mcda.stability.flips import flips_of
from tests.benchmarks.sidebyside import side_by_side

pytestmark = pytest.mark.benchmark

CONTESTS, BLOCK, LEAVES, OPTIONS = 100_000, 4096, 5, 3


@pytest.mark.parametrize("normalization", ["domain", "vector"])
def test_blocks_against_their_ranking(normalization: Any) -> None:
    """100,000 contests of 3 options and 5 dimensions of one leaf each, in blocks of 4,096."""
    rng = np.random.default_rng(0)
    names = "abcde"[:LEAVES]
    drawn = [
        np.ascontiguousarray(rng.random((LEAVES, OPTIONS, min(BLOCK, CONTESTS - start))))
        for start in range(0, CONTESTS, BLOCK)
    ]
    decision = mcda.evaluate(
        mcda.Scenario.model_validate(
            {
                "id": "block",
                "criteria": {name: {"direction": "benefit", "domain": [0, 1]} for name in names},
                "options": {
                    f"o{i}": {name: float(rng.random()) for name in names} for i in range(OPTIONS)
                },
                "weights": {"points": {"goal": dict(zip(names, (42, 27, 15, 10, 6), strict=True))}},
                "method": {"normalization": normalization},
            }
        )
    )
    problem, weighed = decision.problem, decision.workings.weighed

    def ranked() -> list[Any]:
        return [place_all(problem, x, weighed, normalization) for x in drawn]

    blocks = []
    for x, placed in zip(drawn, ranked(), strict=True):
        contests = np.arange(x.shape[2])
        rows = contests * OPTIONS + np.arange(OPTIONS)[:, None]
        blocks.append(Block(contests, rows, placed, weighed))
    kernels: dict[str, Callable[[], object]] = {
        "reasons": lambda: [reasons_of(problem, block) for block in blocks],
        "flips": lambda: [flips_of(problem, block) for block in blocks],
    }
    for name, kernel in kernels.items():
        ours, theirs, ratio = side_by_side(kernel, ranked)
        print(
            f"\n{name}, {normalization}: {ours / CONTESTS * 1e6:.2f} us a scenario, ranking "
            f"{theirs / CONTESTS * 1e6:.2f} us, ratio {ratio:.2f}"
        )

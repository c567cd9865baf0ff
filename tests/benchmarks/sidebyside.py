"""Timing two things in turn, A B A B ..., so that a drifting machine does not favour either."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter


def side_by_side(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 9, calls: int = 1
) -> tuple[float, float, float]:
    """Median seconds of one call of each, and the median of the rounds' ratios ours / theirs."""
    ours()
    theirs()
    times: list[tuple[float, float]] = []
    for _ in range(rounds):
        pair = []
        for function in (ours, theirs):
            start = perf_counter()
            for _ in range(calls):
                function()
            pair.append((perf_counter() - start) / calls)
        times.append((pair[0], pair[1]))
    return (
        median(a for a, _ in times),
        median(b for _, b in times),
        median(a / b for a, b in times),
    )


def process(code: str) -> Callable[[], object]:
    """A run of Python on `code`, as a whole process."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def report(what: str, ours: float, theirs: float, ratio: float, limit: str) -> None:
    """Print one line of figures."""
    print(f"\n{what}: {ours:.3g} s against {theirs:.3g} s, ratio {ratio:.3g} ({limit})")

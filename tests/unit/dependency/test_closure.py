"""The closure on its worked example and on bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mcda
from mcda.dependency.closure import Transfer

NAMES = ("cost", "perf", "reliab", "sustain", "ops")
EDGES = {
    ("perf", "cost"): 0.20,
    ("reliab", "cost"): 0.15,
    ("ops", "cost"): 0.10,
    ("ops", "reliab"): 0.30,
    ("cost", "sustain"): 0.20,
    ("reliab", "perf"): 0.10,
}


def shares(edges: dict[tuple[str, str], float] = EDGES) -> Any:
    matrix = np.zeros((5, 5))
    for (source, target), share in edges.items():
        matrix[NAMES.index(source), NAMES.index(target)] = share
    return matrix


def test_worked_example() -> None:
    result = mcda.closure([0.40, 0.25, 0.15, 0.12, 0.08], shares())
    assert result == pytest.approx([0.2332, 0.3013, 0.1730, 0.0960, 0.1965], abs=5e-5)


def test_walks_of_the_worked_example() -> None:
    """21 walks, listed by hand through the edges, sum to the same."""
    w = dict(zip(NAMES, [0.40, 0.25, 0.15, 0.12, 0.08], strict=True))
    kept = {n: 1 - sum(s for (_, to), s in EDGES.items() if to == n) for n in NAMES}
    walks = [((name,), w[name]) for name in NAMES]
    total, count = dict.fromkeys(NAMES, 0.0), 0
    while walks:
        count += len(walks)
        for walk, mass in walks:
            total[walk[-1]] += mass * kept[walk[-1]]
        walks = [
            ((*walk, source), mass * share)
            for walk, mass in walks
            for (source, target), share in EDGES.items()
            if target == walk[-1]
        ]
    assert count == 21
    np.testing.assert_allclose(
        mcda.closure(list(w.values()), shares()), list(total.values()), atol=1e-15
    )


def test_saaty_is_one_step_and_off_is_none() -> None:
    w = np.array([0.40, 0.25, 0.15, 0.12, 0.08])
    s = shares()
    one = Transfer(s, "saaty").apply(w)
    np.testing.assert_allclose(one, (1 - s.sum(axis=0)) * w + s @ w)
    assert (Transfer(s, "off").apply(w) == w).all()


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0.5, 0], [0, 0]], "1 influences itself"),
        ([[0, -0.1], [0, 0]], "share of 1 in 2 is -0.1"),
        ([[0, float("nan")], [0, 0]], "the shares in row 1, column 2 is nan"),
        ([[0, 0.6, 0], [0, 0, 0], [0, 0.6, 0]], "shares taken from 2 sum to 1.2"),
        ([[0, 1], [1, 0]], "importance of 1, 2 never comes to rest"),
        ([[0, 1, 0], [1, 0, 0.5], [0, 0, 0]], "importance of 1, 2 never"),
        ([[0, 1]], r"shape \(1, 2\). Give a square matrix"),
    ],
)
def test_refused(matrix: Any, message: str) -> None:
    with pytest.raises(mcda.McdaError, match=message):
        mcda.closure([1.0] * len(matrix[0]), matrix)


def test_one_step_exists_where_the_closure_does_not() -> None:
    ring = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert Transfer(ring, "saaty", ["a", "b"]).apply(np.array([0.3, 0.7])).tolist() == [0.7, 0.3]


@pytest.mark.parametrize("leak", [1e-13, 1e-15, 5e-324])
def test_importance_that_hardly_comes_to_rest_is_refused(leak: float) -> None:
    """Rounding would make up or lose importance."""
    matrix = [[0, 1, 0], [1 - leak if leak > 1e-300 else 1, 0, 0], [leak, 0, 0]]
    with pytest.raises(mcda.McdaError, match="never comes to rest|sum to"):
        mcda.closure([0.5, 0.5, 0], matrix)


def test_large_weights() -> None:
    assert mcda.closure([1e308, 0], [[0, 0.5], [0, 0]]).tolist() == [1e308, 0]
    with pytest.raises(mcda.McdaError, match="too large"):
        mcda.closure([1.7e308] * 2, [[0, 0.5], [0, 0]])


@pytest.mark.parametrize("shares", [[["a", 0], [0, 0]], [[0, 1], [0]], [[0, 1j], [0, 0]]])
def test_shares_that_are_no_numbers(shares: Any) -> None:
    with pytest.raises(mcda.McdaError, match="shares"):
        mcda.closure([1, 1], shares)


def test_all_passed_on_but_not_in_a_circle() -> None:
    assert mcda.closure([1, 0], [[0, 0], [1, 0]]).tolist() == [0, 1]


@pytest.mark.parametrize("weights", [[1.0], [1, -1], [1, float("nan")], 1.0])
def test_weights_refused(weights: Any) -> None:
    with pytest.raises(mcda.McdaError, match="weights"):
        mcda.closure(weights, [[0, 0], [0, 0]])

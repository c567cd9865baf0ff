"""The closure on its worked example and on bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mcda
from mcda.dependency.closure import Edge, Transfer, expand, trapped

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
    one = Transfer(s, "saaty", NAMES).apply(w)
    np.testing.assert_allclose(one, (1 - s.sum(axis=0)) * w + s @ w)
    assert (Transfer(s, "off", NAMES).apply(w) == w).all()


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


@pytest.mark.parametrize("mode", ["closure", "saaty"])
def test_shares_exceed_one_by_rounding_at_most(mode: Any) -> None:
    """All of the second criterion's importance goes to the first; above that it is a mistake."""
    for share in (1 - 1e-13, 1.0, 1 + 1e-12):
        found = Transfer(np.array([[0, share], [0, 0]]), mode, ["a", "b"])
        assert found.apply(np.array([0.25, 0.75])) == pytest.approx([1.0, 0.0], abs=2e-12)
    with pytest.raises(mcda.McdaError, match="shares taken from b sum to 1"):
        Transfer(np.array([[0, 1 + 2e-12], [0, 0]]), mode, ["a", "b"])


@pytest.mark.parametrize("mode", ["closure", "saaty"])
def test_what_is_kept_is_kept_however_little(mode: Any) -> None:
    found = Transfer(np.array([[0, 1 - 2e-12], [0, 0]]), mode, ["a", "b"])
    assert found.apply(np.array([0.0, 1.0]))[1] == pytest.approx(2e-12, rel=1e-3)


def test_where_importance_never_arrives() -> None:
    """b and c pass all on to each other, and d all to them; a keeps what it has."""
    s = np.zeros((4, 4))
    s[2, 1] = s[1, 2] = s[1, 3] = 1.0
    s[3, 0] = 0.5
    assert trapped(s) == (1, 2, 3)
    with pytest.raises(mcda.McdaError, match="importance of b, c, d never"):
        Transfer(s, "closure", "abcd")
    # half of what b passes on now reaches a, over two steps
    s[2, 1], s[0, 1] = 0.5, 0.5
    assert trapped(s) == ()


def test_influences_between_dimensions_act_between_leaves() -> None:
    """Each source's part of the share is its weight inside the dimension; influences add up."""
    edges = [
        Edge((0, 1), np.array([0.25, 0.75]), (2, 3), 0.4),
        Edge((1,), np.array([1.0]), (3,), 0.1),
    ]
    expected = [[0, 0, 0.1, 0.1], [0, 0, 0.3, 0.4], [0, 0, 0, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(expand(edges, 4), expected, atol=1e-15)


@pytest.mark.parametrize("mode", ["closure", "saaty", "off"])
def test_the_derivative_is_that_of_differences(mode: Any) -> None:
    """Shares change, and what criteria keep does not: their sums stay as they are."""
    rng = np.random.default_rng(0)
    w, dw = rng.random((2, 5))
    s = shares()
    ds = np.where(s > 0, rng.normal(size=s.shape), 0.0)
    ds[:, [NAMES.index("sustain"), NAMES.index("perf")]] = 0.0  # one influence only
    for column in (NAMES.index("cost"),):
        own = s[:, column] > 0
        ds[own, column] -= ds[own, column].mean()
    ds[:, NAMES.index("reliab")] = 0.0
    found = Transfer(s, mode, NAMES).derivative(w, dw, ds)

    def at(step: float) -> Any:
        moved, weights = s + step * ds, w + step * dw
        kept = 1 - moved.sum(axis=0)
        if mode == "off":
            return weights
        if mode == "saaty":
            return kept * weights + moved @ weights
        return kept * np.linalg.solve(np.eye(5) - moved, weights)

    assert np.abs(ds).max() > 0.1
    np.testing.assert_allclose(found, (at(1e-6) - at(-1e-6)) / 2e-6, rtol=1e-7, atol=1e-9)


def test_many_weights_and_none_at_all() -> None:
    rows = np.array([[0.4, 0.6], [0.0, 1.0]])
    found = mcda.closure(rows, [[0, 0.25], [0, 0]])
    np.testing.assert_allclose(found, [[0.55, 0.45], [0.25, 0.75]], atol=1e-15)
    assert mcda.closure([0, 0], [[0, 0.25], [0, 0]]).tolist() == [0, 0]
    assert mcda.closure(np.zeros((0, 2)), [[0, 0.25], [0, 0]]).shape == (0, 2)

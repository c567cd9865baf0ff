"""Laws of AHP."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import mcda
from tests.strategies import reciprocal_matrices

METHODS = ("geometric_mean", "eigenvector")


@pytest.mark.parametrize("method", METHODS)
@given(weights=arrays(np.float64, st.integers(2, 9), elements=st.integers(1, 900).map(float)))
def test_consistent_judgements_give_their_weights_back(method: Any, weights: Any) -> None:
    result = mcda.ahp(weights[:, None] / weights, method=method)
    np.testing.assert_allclose(result.weights, weights / weights.sum(), rtol=1e-9)
    assert result.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert result.lambda_max == pytest.approx(weights.size)
    assert result.worst is None or abs(result.worst.given / result.worst.repaired - 1) < 1e-6


@given(matrix=reciprocal_matrices())
def test_eigenvector_is_numpys(matrix: Any) -> None:
    values, vectors = np.linalg.eig(matrix)
    top = int(np.argmax(values.real))
    expected = np.abs(vectors[:, top].real)
    result = mcda.ahp(matrix, method="eigenvector")
    assert result.lambda_max == pytest.approx(values[top].real, rel=1e-10)
    np.testing.assert_allclose(result.weights, expected / expected.sum(), atol=1e-9)
    assert mcda.ahp(matrix).lambda_max == result.lambda_max


@pytest.mark.parametrize("method", METHODS)
@given(matrix=reciprocal_matrices(), data=st.data())
def test_order_does_not_matter(method: Any, matrix: Any, data: Any) -> None:
    order = data.draw(st.permutations(range(len(matrix))))
    plain = mcda.ahp(matrix, method=method)
    shuffled = mcda.ahp(matrix[np.ix_(order, order)], method=method)
    np.testing.assert_allclose(shuffled.weights, plain.weights[order], atol=1e-12)
    assert shuffled.consistency_ratio == pytest.approx(plain.consistency_ratio, abs=1e-10)


@given(matrix=reciprocal_matrices(smallest=3))
def test_geometric_mean_is_the_logarithmic_least_squares_solution(matrix: Any) -> None:
    n = len(matrix)
    rows, right = [], []
    for i in range(n):
        for j in range(n):
            row = np.zeros(n)
            row[i] += 1
            row[j] -= 1
            rows.append(row)
            right.append(np.log(matrix[i, j]))
    logs = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    weights = np.exp(logs) / np.exp(logs).sum()
    result = mcda.ahp(matrix)
    np.testing.assert_allclose(result.weights, weights, atol=1e-12)
    # the GCI, from its definition
    errors = [
        (np.log(matrix[i, j]) - np.log(weights[i] / weights[j])) ** 2
        for i in range(n)
        for j in range(i + 1, n)
    ]
    assert result.gci == pytest.approx(2 * sum(errors) / ((n - 1) * (n - 2)), abs=1e-12)


@given(matrix=reciprocal_matrices(smallest=3, largest=6))
def test_the_repair_is_the_best_value_of_the_worst_judgement(matrix: Any) -> None:
    result = mcda.ahp(matrix)
    if result.worst is None:
        return
    i, j = int(result.worst.first) - 1, int(result.worst.second) - 1
    assert matrix[i, j] == pytest.approx(result.worst.given)

    def gci(value: float) -> float:
        changed = matrix.copy()
        changed[i, j], changed[j, i] = value, 1 / value
        found = mcda.ahp(changed).gci
        assert found is not None
        return found

    best = gci(result.worst.repaired)
    for factor in (0.5, 0.9, 0.99, 1.01, 1.1, 2.0):
        assert best <= gci(result.worst.repaired * factor) + 1e-12

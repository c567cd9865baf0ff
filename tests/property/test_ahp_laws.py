"""Laws of AHP."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
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
        if 1 / 9 <= result.worst.repaired * factor <= 9:
            assert best <= gci(result.worst.repaired * factor) + 1e-12


def _squares(matrix: Any) -> float:
    """Squared residuals of the logarithms from row geometric means, by definition."""
    logs = np.log(matrix)
    means = logs.mean(axis=1)
    return float(((logs - means[:, None] + means) ** 2).sum() / 2)


@given(matrix=reciprocal_matrices(smallest=3, largest=5))
@settings(max_examples=60)
def test_no_value_on_the_scale_of_any_judgement_agrees_better_than_the_repairs(matrix: Any) -> None:
    """Every judgement, and a fine grid of values, tried one by one."""
    result = mcda.ahp(matrix)
    logs = np.linspace(-np.log(9), np.log(9), 801)
    found = []
    for i, j in zip(*np.triu_indices(len(matrix), 1), strict=True):
        for log in logs:
            changed = matrix.copy()
            changed[i, j], changed[j, i] = np.exp(log), np.exp(-log)
            found.append(_squares(changed))
    if not result.repairs:
        assert _squares(matrix) == pytest.approx(0, abs=1e-12)
        return
    least = min(found)
    for number, each in enumerate(result.repairs):
        assert 1 / 9 <= each.repaired <= 9
        i, j = int(each.first) - 1, int(each.second) - 1
        changed = matrix.copy()
        assert changed[i, j] == pytest.approx(each.given)
        changed[i, j], changed[j, i] = each.repaired, 1 / each.repaired
        if number == 0:
            assert _squares(changed) <= least + 1e-9
        elif _squares(changed) > least + 1e-3:
            # not as good, but good enough, and equally good if the scale had no ends
            assert mcda.ahp(changed).consistent


SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]


@given(values=st.tuples(*[st.sampled_from(SCALE)] * 3))
@settings(max_examples=100)
def test_of_three_criteria_every_judgement_that_alone_can_mend_it_is_named(values: Any) -> None:
    """Each judgement, set to the product of the other two or as near as the scale allows."""
    ab, bc, ac = values
    result = mcda.ahp({("a", "b"): ab, ("b", "c"): bc, ("a", "c"): ac})
    if result.consistent:
        return
    on_scale = {
        frozenset("ab"): ac / bc,
        frozenset("bc"): ac / ab,
        frozenset("ac"): ab * bc,
    }
    named = [frozenset((each.first, each.second)) for each in result.repairs]
    exact = [pair for pair, value in on_scale.items() if 1 / 9 - 1e-12 <= value <= 9 + 1e-12]
    assert set(named[: len(exact)]) == set(exact)
    for each in result.repairs:
        assert 1 / 9 <= each.repaired <= 9
        pair = frozenset((each.first, each.second))
        ideal = on_scale[pair] if each.first < each.second else 1 / on_scale[pair]
        assert each.repaired == pytest.approx(min(9.0, max(1 / 9, ideal)))


@st.composite
def batches(draw: st.DrawFn) -> Any:
    """Judgements (B, n, n), some answers not given on one side, some on both."""
    n, size = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    matrices = np.ones((size, n, n))
    for k in range(size):
        for i, j in combinations(range(n), 2):
            judged = draw(st.sampled_from(SCALE))
            upper, lower = draw(
                st.sampled_from([(1, 1), (1, 1), (1, None), (None, 1), (None, None)])
            )
            matrices[k, i, j] = judged if upper else np.nan
            matrices[k, j, i] = 1 / judged if lower else np.nan
    return matrices


def _is_connected(matrix: Any) -> bool:
    known = ~np.isnan(matrix)
    return bool(nx.is_connected(nx.from_numpy_array(known | known.T)))


@pytest.mark.parametrize("method", METHODS)
@given(matrices=batches(), index=st.sampled_from([None, 0.58]))
def test_of_a_batch_each_set_gets_what_it_gets_alone(
    method: Any, matrices: Any, index: Any
) -> None:
    apart = [k for k, matrix in enumerate(matrices) if not _is_connected(matrix)]
    if apart:
        with pytest.raises(mcda.McdaError) as alone:
            mcda.ahp(matrices[apart[0]], method=method)
        with pytest.raises(mcda.McdaError) as together:
            mcda.ahp(matrices, method=method)
        told = str(together.value).replace(f" of the matrix at [{apart[0]}]", "")
        assert told == str(alone.value) != str(together.value)
        matrices = np.delete(matrices, apart, axis=0)
    assume(len(matrices))
    batch = mcda.ahp(matrices, method=method, random_index=index)
    for k, matrix in enumerate(matrices):
        alone = mcda.ahp(matrix, method=method, random_index=index)
        np.testing.assert_allclose(batch.weights[k], alone.weights, atol=1e-12)
        np.testing.assert_array_equal(batch.matrix[k], alone.matrix)
        assert batch.lambda_max[k] == pytest.approx(alone.lambda_max, abs=1e-11)
        assert batch.consistency_ratio[k] == pytest.approx(alone.consistency_ratio, abs=1e-10)
        assert batch.consistent[k] == alone.consistent or alone.consistency_ratio == pytest.approx(
            0.1
        )
        assert batch.missing_count[k] == len(alone.missing) == alone.missing_count
        assert np.broadcast_to(batch.random_index, len(matrices))[k] == alone.random_index
        assert np.broadcast_to(batch.freedom, len(matrices))[k] == alone.freedom
        gci = np.nan if batch.gci is None else batch.gci[k]
        expected = np.nan if alone.gci is None else alone.gci
        assert gci == pytest.approx(expected, abs=1e-12, nan_ok=True)

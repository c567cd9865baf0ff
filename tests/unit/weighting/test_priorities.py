"""Priorities of matrices alone and in batches, against numpy's eigenvectors and means by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import gmean

from mcda.model.criteria import Criterion
from mcda.model.tree import CriteriaTree
from mcda.weighting.hierarchy import global_weights, leaf_weights
from mcda.weighting.many import prioritise_many
from mcda.weighting.priorities import (
    geometric_mean,
    geometric_mean_of_upper,
    perron,
    perron_of_upper,
)


def reciprocal(upper: Any, n: int) -> Any:
    """Matrices (b, n, n) from what stands above their diagonals (b, pairs)."""
    matrices = np.ones((len(upper), n, n))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    for number, (i, j) in enumerate(pairs):
        matrices[:, i, j], matrices[:, j, i] = upper[:, number], 1 / upper[:, number]
    return matrices


def eigen(matrix: Any) -> tuple[Any, float]:
    values, vectors = np.linalg.eig(matrix)
    top = int(values.real.argmax())
    vector = np.abs(vectors[:, top].real)
    return vector / vector.sum(), float(values[top].real)


@pytest.mark.parametrize(("n", "size"), [(2, 5), (3, 3700), (5, 1400), (9, 410)])
@pytest.mark.parametrize("noise", [0.0, 0.3, 2.0])
def test_batches_longer_than_what_is_worked_on_at_a_time(n: int, size: int, noise: float) -> None:
    """Consistent, ordinary and wild judgements; the members at either end of each chunk."""
    rng = np.random.default_rng(n)
    weights = rng.random((size, n)) + 0.05
    i, j = np.triu_indices(n, 1)
    upper = weights[:, i] / weights[:, j] * np.exp(noise * rng.normal(size=(size, len(i))))
    matrices = reciprocal(upper, n)
    vectors, roots = perron_of_upper(upper, n)
    means = geometric_mean_of_upper(upper, n)
    chunk = 32768 // (n * n)
    expected = gmean(matrices, axis=2)
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(means, expected, rtol=1e-12)
    np.testing.assert_allclose(geometric_mean(matrices), expected, rtol=1e-12)
    for k in {0, 1, chunk - 1, chunk, size // 2, size - 1}:
        if k >= size:
            continue
        vector, root = eigen(matrices[k])
        np.testing.assert_allclose(vectors[k], vector, rtol=1e-9)
        assert roots[k] == pytest.approx(root, rel=1e-11)
        alone, single = perron(matrices[k])
        np.testing.assert_allclose(alone, vector, rtol=1e-9)
        assert float(single) == pytest.approx(root, rel=1e-12)
    # all of them solve the equation
    image = np.einsum("bij,bj->bi", matrices, vectors)
    np.testing.assert_allclose(image, roots[:, None] * vectors, rtol=1e-10)
    together, both = perron(matrices[: chunk + 1])
    np.testing.assert_allclose(together, vectors[: chunk + 1], rtol=1e-10)
    np.testing.assert_allclose(both, roots[: chunk + 1], rtol=1e-11)
    shaped, own = perron_of_upper(upper[: size // 2 * 2].reshape(2, size // 2, -1), n)
    assert (shaped.shape, own.shape) == ((2, size // 2, n), (2, size // 2))


@pytest.mark.parametrize("n", [2, 3, 4, 6])
@pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
def test_many_sets_with_comparisons_missing(n: int, method: Any) -> None:
    """Least squares by numpy's solver, the eigenvector of the matrix completed with its ratios."""
    rng = np.random.default_rng(n)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    size = 30
    ratios = np.exp(rng.normal(size=(len(pairs), size)))
    ratios[rng.random(ratios.shape) < 0.25] = np.nan
    found = prioritise_many(ratios, n, method)
    apart = 0
    for b in range(size):
        made = [k for k in range(len(pairs)) if not np.isnan(ratios[k, b])]
        design = np.zeros((len(made), n))
        for row, k in enumerate(made):
            design[row, pairs[k]] = 1.0, -1.0
        pattern = int(found.pattern[b])
        if np.linalg.matrix_rank(design) < n - 1 if made else n > 1:
            assert np.isnan(found.weights[:, b]).all()
            assert len(found.groups[pattern]) > 1
            assert sorted(k for group in found.groups[pattern] for k in group) == list(range(n))
            apart += 1
            continue
        assert pattern not in found.groups
        logs = np.log(ratios[made, b])
        solution = np.linalg.lstsq(design, logs, rcond=None)[0]
        residuals = logs - design @ solution
        freedom = len(made) - (n - 1)
        variance = (residuals**2).sum() / freedom if freedom else 0.0
        assert found.variance[b] == pytest.approx(variance, abs=1e-12)
        covariance = np.linalg.pinv(design.T @ design)
        np.testing.assert_allclose(found.covariances[pattern], covariance, atol=1e-12)
        weights = np.exp(solution) / np.exp(solution).sum()
        if method == "geometric_mean":
            np.testing.assert_allclose(found.weights[:, b], weights, rtol=1e-10)
        w = found.weights[:, b]
        assert w.sum() == pytest.approx(1.0)
        matrix = np.eye(n)
        for k, (i, j) in enumerate(pairs):
            matrix[i, j], matrix[j, i] = ratios[k, b], 1 / ratios[k, b]
        if method == "eigenvector":
            completed = np.where(np.isnan(matrix), w[:, None] / w, matrix)
            root = float((completed @ w / w).mean())
            np.testing.assert_allclose(completed @ w, root * w, rtol=1e-9)
            missing = len(pairs) - len(made)
            share = 1 - 2 * missing / ((n - 1) * (n - 2)) if n > 2 else 0.0
            index = {3: 0.52446, 4: 0.88416, 6: 1.250}.get(n, 0.0) * share
            ratio = (root - n) / (n - 1) / index if index > 1e-12 else 0.0
            assert found.consistency_ratio[b] == pytest.approx(max(ratio, 0.0), abs=1e-9)
    assert apart > 0


def test_no_sets_and_one_pattern() -> None:
    nothing = prioritise_many(np.empty((3, 0)), 3, "geometric_mean")
    assert nothing.weights.shape == (3, 0)
    assert nothing.covariances == ()
    one = prioritise_many(np.array([[2.0, 4.0], [4.0, 8.0], [2.0, 2.0]]), 3, "geometric_mean")
    assert one.pattern.tolist() == [0, 0]
    assert len(one.covariances) == 1
    np.testing.assert_allclose(one.weights.T, [[4 / 7, 2 / 7, 1 / 7], [8 / 11, 2 / 11, 1 / 11]])
    apart = prioritise_many(np.array([[2.0], [np.nan], [np.nan]]), 3, "eigenvector")
    assert apart.groups == {0: [[0, 1], [2]]}
    assert apart.consistency_ratio.tolist() == [0.0]


def test_weights_of_a_tree_are_products_from_the_top() -> None:
    leaf = Criterion(direction="benefit")
    deep = Criterion(children={"x": leaf, "y": Criterion(children={"p": leaf, "q": leaf})})
    tree = CriteriaTree.of({"a": deep, "b": leaf})
    local = {
        "goal": np.array([[0.6, 0.4], [0.5, 0.5]]),
        "a": np.array([0.3, 0.7]),
        "y": np.array([[0.9, 0.1], [0.2, 0.8]]),
    }
    found = global_weights(tree, local)
    assert float(found["goal"]) == 1.0
    np.testing.assert_allclose(found["y"], [0.42, 0.35])
    expected = [[0.18, 0.378, 0.042, 0.4], [0.15, 0.07, 0.28, 0.5]]
    np.testing.assert_allclose(leaf_weights(tree, local), expected)

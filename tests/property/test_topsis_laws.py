"""Laws of TOPSIS, and agreement with pymcdm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymcdm import normalizations as pymcdm_normalizations
from pymcdm.methods import TOPSIS

import mcda
from tests.strategies import NORMALIZATIONS, decision_matrices

PEERS = {
    "vector": pymcdm_normalizations.vector_normalization,
    "minmax": pymcdm_normalizations.minmax_normalization,
    "max": pymcdm_normalizations.max_normalization,
    "sum": pymcdm_normalizations.sum_normalization,
}


@pytest.mark.parametrize("normalization", PEERS)
@given(problem=decision_matrices())
def test_equal_to_pymcdm(normalization: Any, problem: Any) -> None:
    matrix, weights, directions = problem
    # pymcdm gives NaN where nothing tells options apart, and shifts where a column is constant
    assume((np.ptp(matrix, axis=0) > 0).all())
    weights = weights / weights.sum()
    ours = mcda.topsis(matrix, weights, directions, normalization=normalization).closeness
    theirs = TOPSIS(PEERS[normalization])(matrix, weights, directions, validation=False)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@given(problem=decision_matrices(), data=st.data())
def test_order_of_options_and_criteria_does_not_matter(
    normalization: Any, problem: Any, data: Any
) -> None:
    matrix, weights, directions = problem
    n, m = matrix.shape
    rows = data.draw(st.permutations(range(n)))
    columns = data.draw(st.permutations(range(m)))
    plain = mcda.topsis(matrix, weights, directions, normalization=normalization)
    shuffled = mcda.topsis(
        matrix[np.ix_(rows, columns)],
        weights[columns],
        [directions[j] for j in columns],
        normalization=normalization,
    )
    np.testing.assert_allclose(shuffled.closeness, plain.closeness[rows], atol=1e-12)
    assert shuffled.ranks.tolist() == plain.ranks[rows].tolist()


@given(problem=decision_matrices(), factor=st.sampled_from([1e-12, 0.5, 3.0, 1e9]))
def test_units_of_criteria_do_not_matter(problem: Any, factor: float) -> None:
    matrix, weights, directions = problem
    scaled = matrix * np.array([factor] + [1.0] * (matrix.shape[1] - 1))
    for normalization in ("vector", "minmax", "max", "sum"):
        one = mcda.topsis(matrix, weights, directions, normalization=normalization)
        other = mcda.topsis(scaled, weights * 7, directions, normalization=normalization)
        np.testing.assert_allclose(other.closeness, one.closeness, atol=1e-12)


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("weighting", ["classic", "linear"])
@given(problem=decision_matrices())
def test_a_dominating_option_is_never_behind(
    normalization: Any, weighting: Any, problem: Any
) -> None:
    matrix, weights, directions = problem
    signs = np.array(directions)
    better = matrix[0] + signs * 0.05
    closeness = mcda.topsis(
        np.vstack([matrix, better]),
        weights,
        directions,
        normalization=normalization,
        weighting=weighting,
    ).closeness
    assert closeness[-1] >= closeness[0] - 1e-12


@given(problem=decision_matrices(options=(3, 6)), weighting=st.sampled_from(["classic", "linear"]))
def test_in_domain_mode_other_options_do_not_matter(problem: Any, weighting: Any) -> None:
    matrix, weights, directions = problem
    settled = {"normalization": "domain", "domain": (0, 100), "weighting": weighting}
    every = mcda.topsis(matrix, weights, directions, **settled).closeness
    fewer = mcda.topsis(matrix[:-1], weights, directions, **settled).closeness
    alone = mcda.topsis(matrix[:1], weights, directions, **settled).closeness
    np.testing.assert_array_equal(fewer, every[:-1])
    np.testing.assert_array_equal(alone, every[:1])


@given(problem=decision_matrices(), parts=st.integers(2, 4))
def test_splitting_a_leaf_inside_its_dimension_changes_nothing(problem: Any, parts: int) -> None:
    matrix, weights, directions = problem
    m = matrix.shape[1]
    classic = mcda.topsis(matrix, weights, directions, normalization="domain", domain=(0, 100))
    index = [0] * parts + list(range(1, m))
    split = np.concatenate([np.full(parts, weights[0] / parts), weights[1:]])
    hierarchical = mcda.topsis(
        matrix[:, index],
        split,
        [directions[j] for j in index],
        normalization="domain",
        domain=(0, 100),
        weighting="hierarchical",
        groups=index,
    )
    np.testing.assert_allclose(hierarchical.closeness, classic.closeness, atol=1e-12)


@settings(max_examples=50)
@given(problem=decision_matrices())
def test_a_batch_equals_one_by_one(problem: Any) -> None:
    matrix, weights, directions = problem
    rng = np.random.default_rng(0)
    matrices = matrix * rng.uniform(0.5, 2.0, (7, *matrix.shape))
    vectors = weights * rng.uniform(0.5, 2.0, (7, weights.size))
    together = mcda.topsis(matrices, vectors, directions)
    shared = mcda.topsis(matrix, vectors, directions)
    for k in range(7):
        one = mcda.topsis(matrices[k], vectors[k], directions)
        np.testing.assert_allclose(together.closeness[k], one.closeness, atol=1e-12)
        np.testing.assert_allclose(together.effective_weights[k], one.effective_weights)
        same = mcda.topsis(matrix, vectors[k], directions)
        np.testing.assert_allclose(shared.closeness[k], same.closeness, atol=1e-12)
        assert (together.ranks[k] == one.ranks).all()


@pytest.mark.parametrize("normalization", [*NORMALIZATIONS, "domain"])
@given(problem=decision_matrices())
def test_closeness_is_what_the_distances_say(normalization: Any, problem: Any) -> None:
    """The textbook's way: distances in the weighted normalised space to the printed ideals."""
    matrix, weights, directions = problem
    assume((np.ptp(matrix, axis=0) > 0).all())
    domain = (0, 101) if normalization == "domain" else None
    result = mcda.topsis(matrix, weights, directions, normalization=normalization, domain=domain)
    to_ideal = np.linalg.norm(result.weighted - result.ideal, axis=1)
    to_anti_ideal = np.linalg.norm(result.weighted - result.anti_ideal, axis=1)
    np.testing.assert_allclose(result.distance_to_ideal, to_ideal, atol=1e-10)
    np.testing.assert_allclose(result.distance_to_anti_ideal, to_anti_ideal, atol=1e-10)
    expected = to_anti_ideal / (to_ideal + to_anti_ideal)
    np.testing.assert_allclose(result.closeness, expected, atol=1e-10)

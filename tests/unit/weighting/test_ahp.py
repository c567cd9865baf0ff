"""AHP on ordinary, degenerate and bad input."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.weighting.consistency import RANDOM_INDEX, random_index

NAN = float("nan")


def test_named_pairs() -> None:
    result = mcda.ahp({("price", "comfort"): 3, ("comfort", "range"): 2, ("price", "range"): "6"})
    assert result.labels == ("price", "comfort", "range")
    assert result.weights == pytest.approx([6 / 9, 2 / 9, 1 / 9])


def test_one_criterion() -> None:
    result = mcda.ahp([[1]])
    assert result.weights.tolist() == [1]
    assert result.consistency_ratio == 0
    assert result.gci is None


def test_two_criteria_are_always_consistent() -> None:
    result = mcda.ahp([[1, 3], ["1/3", 1]])
    assert result.weights == pytest.approx([0.75, 0.25])
    assert result.consistency_ratio == 0
    assert result.worst is None


@pytest.mark.parametrize("n", [16, 30, 120])
def test_past_the_table_of_random_indices(n: int) -> None:
    weights = np.arange(1.0, n + 1)
    matrix = np.clip(weights[:, None] / weights, 1 / 9, 9)
    result = mcda.ahp(matrix, method="eigenvector")
    assert np.isfinite(result.consistency_ratio)
    assert result.random_index > 1.58


@pytest.mark.parametrize("n", [3, 4])
def test_random_index_by_enumeration(n: int) -> None:
    """Every matrix over Saaty's 17 values for n = 3; a large sample for n = 4."""
    scale = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    upper = np.array(list(product(range(17), repeat=n * (n - 1) // 2)))
    if n == 4:
        upper = np.random.default_rng(0).permutation(upper)[:40_000]
    matrices = np.ones((len(upper), n, n))
    i, j = np.triu_indices(n, 1)
    matrices[:, i, j], matrices[:, j, i] = scale[upper], 1 / scale[upper]
    roots = np.linalg.eigvals(matrices).real.max(axis=1)
    index = ((roots - n) / (n - 1)).mean()
    assert index == pytest.approx(RANDOM_INDEX[n], abs=1e-5 if n == 3 else 1.2e-2)


def test_random_index_rises_to_its_limit() -> None:
    indices = [random_index(n) for n in range(2, 400)]
    assert indices == sorted(indices)
    assert random_index(10**9) == pytest.approx(1.7546, abs=1e-3)


def test_intransitive_circle_is_weighted_and_flagged() -> None:
    result = mcda.ahp({("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 3})
    assert result.weights == pytest.approx([1 / 3] * 3)
    # lambda_max of this circulant matrix is 1 + 3 + 1/3
    assert result.lambda_max == pytest.approx(1 + 3 + 1 / 3)
    assert result.consistency_ratio == pytest.approx((4 / 3 / 2) / 0.52446)
    assert "contradict each other: consistency ratio 1.271" in str(result.warnings[0])
    assert "一致性比率为 1.271" in result.warnings[0].say("zh")


def test_moderate_inconsistency_names_the_judgement_and_its_repair() -> None:
    result = mcda.ahp([[1, 5, "1/3"], ["1/5", 1, 3], [3, "1/3", 1]])
    assert not result.consistent
    assert result.worst is not None
    assert str(result.warnings[-1]).startswith("The judgements under the goal contradict")


def test_decimals_typed_by_hand_are_taken_from_the_upper_triangle() -> None:
    result = mcda.ahp([[1, 3], [0.333, 1]])
    assert result.weights == pytest.approx([0.75, 0.25], abs=1e-15)
    assert "3 is used" in str(result.warnings[0])


def test_beyond_saatys_scale() -> None:
    assert "beyond Saaty's scale" in str(mcda.ahp([[1, 12], [1 / 12, 1]]).warnings[0])


def test_any_positive_judgement_will_do() -> None:
    assert mcda.ahp([[1, 2.5], [0.4, 1]]).weights == pytest.approx([5 / 7, 2 / 7])


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        ([[1, 3], [3, 1]], "1 vs 2 = 3 and 2 vs 1 = 3 contradict each other. Remove one"),
        ([[1, 3], [0.3, 1]], "contradict each other"),
        ([[1, 0], [0, 1]], "row 1, column 2: .* positive .* not 0"),
        ([[1, -2], [-0.5, 1]], "row 1, column 2: .* not -2"),
        ([[1, NAN], [1, 1]], "judgement in row 1, column 2 is missing"),
        ([[1, None], [None, 1]], "judgement in row 1, column 2 is missing"),
        ([[1, float("inf")], [0, 1]], "not inf"),
        ([[1, 2, 3]], "not square: 1 rows with 3 entries"),
        ([[1, 2], [1]], "not square"),
        ([], "there are no judgements"),
        ({}, "there are no judgements"),
        ([[2, 1], [1, 1]], "row 1 compares itself with itself as 2. The diagonal is 1"),
        ([[1, "three"], [1, 1]], "row 1, column 2: .* not 'three'"),
        ([[1, True], [1, 1]], "not True"),
        ([[1, "1/0"], [1, 1]], "not '1/0'"),
        ({("a", "b"): 3, ("b", "a"): 3}, "a vs b = 3 and b vs a = 3 contradict"),
        ({("a", "a"): 5, ("a", "b"): 1}, "'a' is compared with itself"),
        (
            {("a", "b"): 3, ("c", "d"): 2},
            "4 comparisons are missing: a vs c, a vs d, b vs c, b vs d",
        ),
        ({("a", "b"): 3, ("b", "c"): 2}, "a comparison is missing: a vs c. Add every pair"),
        ({"ab": 3}, "'ab' is not a pair of names"),
        (5, "judgements are a square matrix or named pairs, not 5"),
        ("abc", "judgements are a square matrix or named pairs"),
    ],
)
def test_refused(judgements: Any, message: str) -> None:
    with pytest.raises(mcda.McdaError, match=message):
        mcda.ahp(judgements)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"method": "mean"}, "unknown method 'mean'"),
        ({"random_index": 0}, "positive, not 0"),
        ({"random_index": NAN}, "positive, not nan"),
    ],
)
def test_refused_options(how: Any, message: str) -> None:
    with pytest.raises(mcda.McdaError, match=message):
        mcda.ahp([[1, 2], [0.5, 1]], **how)


def test_the_callers_matrix_is_left_alone() -> None:
    matrix = np.array([[1, 3], [1 / 3, 1]])
    before = matrix.copy()
    mcda.ahp(matrix)
    assert (matrix == before).all()

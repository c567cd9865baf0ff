"""Judgements as squares, pairs and batches: what is accepted and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.weighting.pairwise import comparison_matrix, full_matrix, read_batch, read_judgements


def codes(judgements: Any) -> list[str]:
    return [each.code for each in read_judgements(judgements)[2]]


@pytest.mark.parametrize(
    ("judgement", "beyond"),
    [(9, False), (9.008, False), (9.02, True), (10, True), (1 / 9, False), (1 / 9.02, True)],
)
def test_saatys_scale_ends_at_nine(judgement: float, beyond: bool) -> None:
    """A ninth typed as 0.111 is still on it."""
    assert ("beyond_scale" in codes([[1, judgement], [None, 1]])) is beyond
    assert ("beyond_scale" in codes({("a", "b"): judgement})) is beyond
    _, notices = comparison_matrix({("a", "b"): judgement}, ["a", "b"])
    assert bool(notices) is beyond
    if beyond:
        larger = ("a", "b") if judgement > 1 else ("b", "a")
        assert (notices[0].values["first"], notices[0].values["second"]) == larger


@pytest.mark.parametrize(
    ("product", "outcome"),
    [
        (1.0, []),
        (1 + 5e-10, []),
        (1 + 2e-9, ["reciprocal"]),
        (1.0009, ["reciprocal"]),
        (0.9991, ["reciprocal"]),
        (1.001, ["reciprocal"]),
        (1.0011, None),
        (0.9989, None),
    ],
)
def test_two_judgements_of_a_pair(product: float, outcome: list[str] | None) -> None:
    """Equal to the last digit typed: nothing is said; to a thousandth: a notice; else refused."""
    pairs = {("a", "b"): 4.0, ("b", "a"): product / 4.0}
    square = [[1, 4.0], [product / 4.0, 1]]
    batch = np.array([square, square])
    if outcome is None:
        for given in (pairs, square, batch):
            with pytest.raises(mcda.McdaError, match="contradict each other"):
                mcda.ahp(given)
        return
    assert codes(pairs) == outcome
    assert codes(square) == outcome
    for given in (pairs, square, batch):
        weights = mcda.ahp(given).weights
        np.testing.assert_allclose(weights, np.broadcast_to([0.8, 0.2], weights.shape))


@pytest.mark.parametrize(
    ("own", "fine"), [(1.0009, True), (0.9991, True), (1.002, False), (0.998, False)]
)
def test_the_diagonal_is_one(own: float, fine: bool) -> None:
    square = np.array([[1.0, 2.0, 4.0], [0.5, 1.0, 2.0], [0.25, 0.5, own]])
    for given, message in (
        (square, "row 3 compares itself"),
        (np.stack([square] * 2), r"judgement at \[0, 2, 2\] is .* The diagonal is 1"),
    ):
        if fine:
            weights = mcda.ahp(given).weights
            np.testing.assert_allclose(
                weights, np.broadcast_to(np.array([4, 2, 1]) / 7, weights.shape)
            )
        else:
            with pytest.raises(mcda.McdaError, match=message):
                mcda.ahp(given)


def test_the_order_of_labels_is_the_callers() -> None:
    matrix, _ = comparison_matrix({("b", "a"): 2, ("c", "a"): "1/3"}, ["a", "b", "c"])
    expected = [[1, 1 / 2, 3], [2, 1, np.nan], [1 / 3, np.nan, 1]]
    np.testing.assert_allclose(matrix, expected, rtol=1e-15)
    with pytest.raises(mcda.McdaError, match="the name 'a' occurs twice"):
        comparison_matrix({}, ["b", "a", "a"])
    with pytest.raises(mcda.McdaError, match="unknown name 'd'. Known here: a, b"):
        comparison_matrix({("a", "d"): 2}, ["a", "b"])


def test_a_square_of_three_by_hand() -> None:
    """Either triangle, and the names of rows and columns in what is said."""
    names, matrix, notices = read_judgements([[1, 2, None], [None, 1, 12], [5, 1 / 12.001, 1]])
    assert names == ("1", "2", "3")
    np.testing.assert_allclose(matrix, [[1, 2, 0.2], [0.5, 1, 12], [5, 1 / 12, 1]], rtol=1e-15)
    assert [(n.code, n.values["first"], n.values["second"]) for n in notices] == [
        ("reciprocal", "2", "3"),
        ("beyond_scale", "2", "3"),
    ]
    for square, message in (
        ([[1, 2, 3], [None, 1, -4], [None, None, 1]], "row 2, column 3"),
        ([[1, 2, 3], [None, 1, None], [None, -4, 1]], "row 3, column 2"),
        ([[1, 2, 3], [0.5, None, 2], [None, None, 1]], "row 2 compares itself"),
        ([[1, 2], [0.5, 1], [1, 1]], "3 rows with 2 entries"),
        ([[1, 2], 3], "2 rows with 0, 2 entries"),
    ):
        with pytest.raises(mcda.McdaError, match=message):
            read_judgements(square)
    for square in (
        [[1, 2, 4], [None, 1, 2], [np.nan, np.nan, 1]],
        [[1, 2, 4], [0.5, 1, 2], [0.25, "nan", 1]],
        [[1, 2, np.nan], [0.5, 1, 2], [0.25, 0.5, 1]],
    ):
        for matrix in (
            read_judgements(square)[1],
            *mcda.ahp(np.array([square] * 2, dtype=object)).matrix,
        ):
            np.testing.assert_array_equal(matrix, [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]])


@pytest.mark.parametrize("nothing", [None, np.nan, "", " ", "nan", "None", "null", Decimal("NaN")])
def test_an_answer_not_given_is_that_of_its_mirror(nothing: Any) -> None:
    expected = [[1, 2, 3], [1 / 2, 1, 2], [1 / 3, 1 / 2, 1]]
    for square in (
        [[1, 2, 3], [nothing, 1, 2], [nothing, nothing, 1]],
        [[1, 2, nothing], [0.5, 1, 2], [1 / 3, nothing, 1]],
    ):
        np.testing.assert_allclose(read_judgements(square)[1], expected, rtol=1e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_a_batch_longer_than_what_is_read_at_a_time(n: int) -> None:
    """The triangles come back in order, and a mistake in the last matrix is found there."""
    size = 32768 // (n * n) + 2
    rng = np.random.default_rng(n)
    upper = np.exp(rng.normal(size=(size, n * (n - 1) // 2)))
    matrices = np.empty((size, n, n))
    for i in range(n):
        for j in range(n):
            if i == j:
                matrices[:, i, j] = 1.0
                continue
            low, high = min(i, j), max(i, j)
            row = sum(n - 1 - k for k in range(low)) + high - low - 1
            matrices[:, i, j] = upper[:, row] if i < j else 1 / upper[:, row]
    np.testing.assert_allclose(full_matrix(upper, n), matrices, rtol=1e-15)
    np.testing.assert_array_equal(read_batch(matrices), upper)
    assert read_batch(matrices.reshape(1, size, n, n)).shape == (1, size, n * (n - 1) // 2)
    wrong = matrices.copy()
    wrong[-1, n - 1, 0] = 0.0
    with pytest.raises(mcda.McdaError, match=rf"judgement at \[{size - 1}, {n - 1}, 0\] is .*0.0"):
        read_batch(wrong)
    assert read_batch(np.ones((3, 2, 2), dtype=int)).tolist() == [[1.0]] * 3


@pytest.mark.parametrize("ratio", [1e-12, 1e12])
def test_the_largest_and_the_smallest_judgement(ratio: float) -> None:
    matrix = np.array([[[1.0, ratio], [1 / ratio, 1.0]]])
    assert mcda.ahp(matrix).weights[0] == pytest.approx([ratio / (1 + ratio), 1 / (1 + ratio)])
    too_much = np.array([[[1.0, ratio**1.1], [1 / ratio**1.1, 1.0]]])
    with pytest.raises(mcda.McdaError, match="positive and finite"):
        mcda.ahp(too_much)

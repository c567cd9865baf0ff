"""What a set of judgements says of itself, at its limits."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.weighting.consistency import RANDOM_INDEX


def chain(n: int, extra: int) -> dict[tuple[str, str], float]:
    """Comparisons of neighbours, which agree with all others, and some of those, first to last."""
    names = [chr(97 + k) for k in range(n)]
    pairs = {(names[k], names[k + 1]): 2.0 for k in range(n - 1)}
    others = [pair for pair in combinations(range(n), 2) if pair[1] - pair[0] > 1]
    return pairs | {(names[i], names[j]): 2.0 ** (j - i) for i, j in others[:extra]}


@pytest.mark.parametrize("n", [3, 4, 5, 6, 8])
def test_the_random_index_goes_with_what_cross_checks(n: int) -> None:
    """Of (n - 1)(n - 2) / 2 comparisons beyond a tree, the share made (Agoston & Csato 2022)."""
    most = (n - 1) * (n - 2) // 2
    for extra in range(most + 1):
        result = mcda.ahp(chain(n, extra))
        assert len(result.missing) == most - extra
        assert result.freedom == extra
        assert result.random_index == pytest.approx(RANDOM_INDEX[n] * extra / most)
        assert (result.gci is None) is (extra == 0)


@pytest.mark.parametrize(("n", "extra"), [(3, 0), (4, 1), (5, 2), (7, 4)])
def test_what_is_missing_is_counted_and_asked_for(n: int, extra: int) -> None:
    result = mcda.ahp(chain(n, extra))
    [notice] = [each for each in result.warnings if each.code == "incomplete"]
    total = sum(range(n))
    missing = total - (n - 1) - extra
    assert (notice.values["missing"], notice.values["total"]) == (missing, total)
    assert (notice.values["first"], notice.values["second"]) == result.next_questions[0]
    assert len(result.next_questions) == min(missing, 5)
    unsure = result.covariance.diagonal()
    at = {label: k for k, label in enumerate(result.labels)}
    variances = [
        unsure[at[a]] + unsure[at[b]] - 2 * result.covariance[at[a], at[b]]
        for a, b in result.missing
    ]
    asked = [variances[result.missing.index(pair)] for pair in result.next_questions]
    np.testing.assert_allclose(asked, sorted(variances, reverse=True)[:5], rtol=1e-9)


def test_bridges_are_what_would_fall_apart() -> None:
    """A triangle with a tail: the tail's comparisons are on no circle."""
    pairs = {("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 5, ("c", "d"): 3, ("d", "e"): 1}
    result = mcda.ahp(pairs)
    assert result.bridges == (("c", "d"), ("d", "e"))
    assert [each.code for each in result.warnings] == ["incomplete", "unchecked", "unchecked"]
    assert mcda.ahp({("a", "b"): 2}).bridges == ()
    assert mcda.ahp({("a", "b"): 2}).warnings == ()


def test_of_a_batch_nothing_is_said() -> None:
    wild = np.array([[1.0, 9.0, 1 / 9], [1 / 9, 1.0, 9.0], [9.0, 1 / 9, 1.0]])
    batch = mcda.ahp(np.stack([wild, wild]))
    assert batch.warnings == ()
    assert batch.missing == ()
    assert batch.consistent.tolist() == [False, False]
    assert [each.code for each in mcda.ahp(wild).warnings][:1] == ["inconsistent"]
    assert batch.matrix.shape == (2, 3, 3)
    np.testing.assert_allclose(batch.matrix[1], wild)


@pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
def test_a_batch_of_one_criterion_and_of_two(method: Any) -> None:
    one, two = (mcda.ahp(np.ones((4, n, n)), method=method) for n in (1, 2))
    assert one.lambda_max.tolist() == [1.0] * 4
    assert two.lambda_max == pytest.approx(np.full(4, 2.0))
    assert two.consistency_ratio.tolist() == [0.0] * 4
    assert (one.labels, two.labels) == (("1",), ("1", "2"))


def test_samples_of_one_criterion_and_without_noise() -> None:
    rng = np.random.default_rng(0)
    assert mcda.ahp([[1]]).sample(3, rng).tolist() == [[1.0]] * 3
    still = mcda.ahp([[1, 2, 4], [None, 1, 2], [None, None, 1]]).sample(5, rng, floor=0.0)
    np.testing.assert_allclose(still, [np.array([4, 2, 1]) / 7] * 5)
    with pytest.raises(mcda.McdaError, match="floor of the variance is -0.1"):
        mcda.ahp([[1]]).sample(3, rng, floor=-0.1)


@pytest.mark.parametrize("index", [1e-6, 0.58, 1, 1e6])
def test_a_random_index_by_hand(index: float) -> None:
    """CR = (lambda_max - n) / (n - 1) / RI; the circulant's root is 1 + 2 + 1/2."""
    result = mcda.ahp({("a", "b"): 2, ("b", "c"): 2, ("c", "a"): 2}, random_index=index)
    assert result.random_index == index
    assert result.consistency_ratio == pytest.approx(0.25 / index)
    assert result.consistent is (index > 2.5)


@pytest.mark.parametrize("index", [0.99e-6, 1.01e6, -1.0])
def test_a_random_index_out_of_bounds(index: float) -> None:
    with pytest.raises(mcda.McdaError, match="a random index is positive"):
        mcda.ahp([[1, 2], [0.5, 1]], random_index=index)


def test_a_ratio_of_a_tenth_is_acceptable() -> None:
    """The index that makes it just that, and the next smaller one."""
    pairs = {("a", "b"): 2, ("b", "c"): 2, ("c", "a"): 2}
    plain = mcda.ahp(pairs, random_index=1.0).consistency_ratio
    index = plain / 0.1
    while plain / index > 0.1:
        index = np.nextafter(index, np.inf)
    assert mcda.ahp(pairs, random_index=float(index)).consistent
    assert not mcda.ahp(pairs, random_index=float(index) * (1 - 1e-12)).consistent


def test_a_preference_by_rounding_is_none() -> None:
    for more, circle in ((5e-10, None), (2e-9, ("a", "b", "c"))):
        pairs = {("a", "b"): 2.0, ("b", "c"): 2.0, ("c", "a"): 1 + more}
        assert mcda.ahp(pairs).circle == circle


def test_the_root_of_an_incomplete_matrix_is_harkers() -> None:
    """Missing entries are zeros, and each adds one to its row's diagonal (Harker 1987)."""
    nothing = np.nan
    matrix = np.array(
        [
            [1, 2, nothing, 5],
            [1 / 2, 1, 3, nothing],
            [nothing, 1 / 3, 1, 1 / 4],
            [1 / 5, nothing, 4, 1],
        ]
    )
    harker = np.nan_to_num(matrix) + np.eye(4)
    values, vectors = np.linalg.eig(harker)
    top = int(values.real.argmax())
    expected = np.abs(vectors[:, top].real)
    result = mcda.ahp(matrix, method="eigenvector")
    assert result.lambda_max == pytest.approx(values[top].real)
    np.testing.assert_allclose(result.weights, expected / expected.sum())
    share = 1 - 2 * 2 / (3 * 2)
    assert result.consistency_ratio == pytest.approx(
        (values[top].real - 4) / 3 / (RANDOM_INDEX[4] * share)
    )


def test_a_result_cannot_be_changed_and_is_itself_alone() -> None:
    result, other = mcda.ahp([[1, 2], [0.5, 1]]), mcda.ahp([[1, 2], [0.5, 1]])
    with pytest.raises(FrozenInstanceError):
        result.method = "eigenvector"  # type: ignore[misc]
    assert result != other
    assert len({result, other}) == 2
    batch = mcda.ahp(np.ones((2, 2, 2)))
    for array in (result.weights, result.matrix, batch.weights, batch.matrix):
        with pytest.raises(ValueError, match="read-only"):
            array[0, ...] = 5.0
    assert "matrix" not in repr(result)
    assert "_node" not in repr(result)


def test_groups_are_joined_from_the_first_to_each_other() -> None:
    pairs = {("a", "b"): 2, ("c", "d"): 2, ("e", "f"): 2}
    with pytest.raises(mcda.McdaError, match="Add a vs c, a vs e"):
        mcda.ahp(pairs)

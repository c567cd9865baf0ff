"""AHP on ordinary, degenerate and bad input."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
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
    count = n * (n - 1) // 2
    if n == 3:
        upper = np.array(list(product(range(17), repeat=count)))
    else:
        upper = np.random.default_rng(0).integers(0, 17, (40_000, count))
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
    # 1 vs 3 from 1/3 to 15 or 1 vs 2 from 5 to 1/9 would mend it, 15 is not on the scale;
    # 2 vs 3 from 3 to 1/15 would, too: 1/9 is as near as the scale comes
    assert [(e.first, e.second, e.given, round(e.repaired, 6)) for e in result.repairs] == [
        ("1", "2", 5.0, 0.111111),
        ("3", "1", 3.0, 0.111111),
        ("2", "3", 3.0, 0.111111),
    ]
    assert str(result.warnings[0]) == (
        "The judgements under goal contradict each other: consistency ratio 1.752, above 0.1. "
        "Reconsider the least certain of these first (in brackets what would agree best with the "
        "other judgements): 1 vs 2 = 5 (0.111), 3 vs 1 = 3 (0.111) or 2 vs 3 = 3 (0.111)."
    )
    assert "“1 对 2”= 5（0.111）、“3 对 1”= 3（0.111）或“2 对 3”= 3（0.111）" in result.warnings[
        0
    ].say("zh")


def test_a_typing_error_beyond_the_scale_is_never_mended_by_another_one() -> None:
    """900 for 9 among four criteria: the value that agrees best would be 18."""
    pairs = {("a", "b"): 900, ("a", "c"): 6, ("a", "d"): 9, ("b", "c"): "1/3", ("b", "d"): "1/2"}
    worst = mcda.ahp({**pairs, ("c", "d"): 1}).worst
    assert worst is not None
    assert (worst.first, worst.second, worst.given, worst.repaired) == ("a", "b", 900, 9)


def test_judgements_that_all_lie_beyond_the_scale_are_mended_there() -> None:
    [repair, *others] = mcda.ahp({("a", "b"): 100, ("b", "c"): 100, ("a", "c"): 9999}).repairs
    assert others
    assert (repair.first, repair.second) == ("a", "b")
    assert repair.repaired == pytest.approx(99.99)


def test_ties_among_more_than_three_criteria_are_all_named() -> None:
    """A circle of four preferences with nothing across: by symmetry no judgement is worse."""
    circle = {
        ("a", "b"): 3,
        ("b", "c"): 3,
        ("c", "d"): 3,
        ("d", "a"): 3,
        ("a", "c"): 1,
        ("b", "d"): 1,
    }
    found = {(each.first, each.second) for each in mcda.ahp(circle).repairs}
    assert found == {("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")}


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
        ([[1, NAN], [NAN, 1]], r"separate groups, \{1\} and \{2\}. Add 1 vs 2"),
        ([[1, None], [None, 1]], r"separate groups, \{1\} and \{2\}. Add 1 vs 2"),
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
            "the comparisons fall into separate groups, {a, b} and {c, d}. Add a vs c",
        ),
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
        ({"random_index": 1e-320}, "positive, not 1e-320"),
        ({"random_index": "x"}, "positive, not 'x'"),
        ({"method": np.array(["a"])}, "unknown method"),
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


def test_frames() -> None:
    frame = pd.DataFrame([[1, 3], [1 / 3, 1]], columns=["a", "b"], index=["a", "b"])
    result = mcda.ahp(frame)
    assert result.labels == ("a", "b")
    assert result.weights == pytest.approx([0.75, 0.25])
    assert (mcda.ahp(frame.loc[["b", "a"]]).weights == result.weights).all()
    numbered = pd.DataFrame([[1 / 3, 1], [1, 3]], columns=[1, 0], index=[0, 1])
    assert mcda.ahp(numbered).weights == pytest.approx([0.75, 0.25])
    with pytest.raises(mcda.McdaError, match="a name occurs twice: a, a"):
        mcda.ahp(frame.set_axis(["a", "a"], axis=1))
    with pytest.raises(mcda.McdaError, match="the rows are a, c, the columns a, b"):
        mcda.ahp(frame.rename(index={"b": "c"}))


def test_one_triangle_will_do() -> None:
    assert mcda.ahp([[1, 3], [None, 1]]).weights == pytest.approx([0.75, 0.25])
    assert mcda.ahp([[1, None], [3, 1]]).weights == pytest.approx([0.25, 0.75])


class TestIncomplete:
    """Comparisons left out: logarithmic least squares on a connected graph."""

    # Bozoki, Fulop & Ronyai (2010): a 4 x 4 example with a34 missing
    BOZOKI = ((1, 1, 5, 2), (1, 1, 3, 4), ("1/5", "1/3", 1, None), ("1/2", "1/4", None, 1))

    def least_squares(self, matrix: Any) -> Any:
        """By numpy's solver on one equation for each comparison made."""
        n = len(matrix)
        rows, right = [], []
        for i in range(n):
            for j in range(i + 1, n):
                if not np.isnan(matrix[i, j]):
                    row = np.zeros(n)
                    row[i], row[j] = 1, -1
                    rows.append(row)
                    right.append(np.log(matrix[i, j]))
        logs, *_ = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)
        return np.exp(logs) / np.exp(logs).sum()

    def random(self, seed: int, n: int, missing: int) -> Any:
        rng = np.random.default_rng(seed)
        matrix = np.exp(np.triu(rng.normal(size=(n, n)), 1))
        matrix = np.triu(matrix, 1) + np.tril(1 / matrix.T, -1) + np.eye(n)
        pairs = [(i, j) for i in range(n) for j in range(i + 2, n)]  # neighbours keep it connected
        for k in rng.permutation(len(pairs))[:missing]:
            i, j = pairs[k]
            matrix[i, j] = matrix[j, i] = np.nan
        return matrix

    @pytest.mark.parametrize("seed", range(20))
    def test_weights_gci_and_repair(self, seed: int) -> None:
        matrix = self.random(seed, 6, seed % 8)
        result = mcda.ahp(matrix)
        weights = self.least_squares(matrix)
        np.testing.assert_allclose(result.weights, weights, atol=1e-12)
        errors = np.log(matrix) - np.log(weights[:, None] / weights)
        freedom = (~np.isnan(matrix)).sum() / 2 - 3 - 5
        assert result.gci == pytest.approx(np.nansum(errors**2) / 2 / freedom)
        assert result.worst is not None
        sums = {}
        for i, j in np.argwhere(~np.isnan(np.triu(matrix, 1)) & (np.triu(matrix, 1) > 0)):
            # the best a change of this judgement can do is as if it had not been made
            without = matrix.copy()
            without[i, j] = without[j, i] = np.nan
            try:
                left = mcda.ahp(without)
            except mcda.McdaError:
                continue  # it held two groups together
            # unless that value lies beyond the scale
            without[i, j] = min(9.0, max(1 / 9, left.weights[i] / left.weights[j]))
            without[j, i] = 1 / without[i, j]
            changed = mcda.ahp(without)
            sums[i, j] = (changed.gci or 0.0) * changed.freedom
            if {str(i + 1), str(j + 1)} == {result.worst.first, result.worst.second}:
                a, b = int(result.worst.first) - 1, int(result.worst.second) - 1
                assert result.worst.repaired == pytest.approx(without[a, b])
        worst = min(sums, key=lambda pair: sums[pair])
        assert {str(k + 1) for k in worst} == {result.worst.first, result.worst.second}

    def test_bozoki_fulop_ronyai(self) -> None:
        result = mcda.ahp(self.BOZOKI)
        matrix = np.array(
            [[1, 1, 5, 2], [1, 1, 3, 4], [1 / 5, 1 / 3, 1, np.nan], [1 / 2, 1 / 4, np.nan, 1]]
        )
        np.testing.assert_allclose(result.weights, self.least_squares(matrix), atol=1e-12)
        assert result.missing == (("3", "4"),)
        assert result.next_questions == (("3", "4"),)
        assert result.bridges == ()

    def test_harkers_root_belongs_to_the_completion_with_its_own_ratios(self) -> None:
        matrix = self.random(3, 6, 5)
        result = mcda.ahp(matrix, method="eigenvector")
        w = result.weights
        completed = np.where(np.isnan(matrix), w[:, None] / w, matrix)
        np.testing.assert_allclose(completed @ w, result.lambda_max * w, rtol=1e-10)

    def test_a_tree_of_comparisons_cannot_contradict_itself(self) -> None:
        result = mcda.ahp({("a", "b"): 2, ("b", "c"): 3, ("b", "d"): 1})
        assert result.weights == pytest.approx(np.array([6, 3, 1, 3]) / 13)
        assert result.consistency_ratio == 0
        assert result.gci is None
        assert result.worst is None
        assert result.bridges == (("a", "b"), ("b", "c"), ("b", "d"))
        codes = [each.code for each in result.warnings]
        assert codes == ["incomplete", "unchecked", "unchecked", "unchecked"]
        assert str(result.warnings[1]) == "Nothing cross-checks a vs b."

    def test_the_next_question_is_the_one_known_least(self) -> None:
        """A chain of five: its ends are farthest apart."""
        result = mcda.ahp({("a", "b"): 2, ("b", "c"): 2, ("c", "d"): 2, ("d", "e"): 2})
        assert result.next_questions[0] == ("a", "e")
        assert len(result.next_questions) == 5

    def test_covariance_against_sampling(self) -> None:
        """Least squares of noisy judgements scatter as the covariance says."""
        matrix = self.random(1, 5, 4)
        result = mcda.ahp(matrix)
        rng = np.random.default_rng(0)
        logs = []
        for _ in range(4000):
            noise = np.triu(rng.normal(size=(5, 5)), 1) * 0.1
            logs.append(np.log(self.least_squares(matrix * np.exp(noise - noise.T))))
        found = np.array(logs)
        found -= found.mean(axis=1, keepdims=True)
        np.testing.assert_allclose(np.cov(found.T) / 0.01, result.covariance, atol=0.05)

    def test_the_gci_estimates_the_variance_of_the_noise(self) -> None:
        rng = np.random.default_rng(0)
        missing = self.random(2, 7, 6)
        weights = rng.random(7) + 0.1
        found = []
        for _ in range(2000):
            noise = np.triu(rng.normal(size=(7, 7)), 1) * 0.3
            matrix = np.where(np.isnan(missing), np.nan, weights[:, None] / weights)
            found.append(mcda.ahp(matrix * np.exp(noise - noise.T)).gci)
        assert np.mean(found) == pytest.approx(0.09, rel=0.05)


class TestCircles:
    def test_shortest(self) -> None:
        names = "abcde"
        order = {(a, b): 2.0 for i, a in enumerate(names) for b in names[i + 1 :]}
        assert mcda.ahp(order).circle is None
        order["b", "d"] = 0.5
        circle = mcda.ahp(order).circle
        assert circle is not None
        assert len(circle) == 3
        assert set(circle) == {"b", "c", "d"}

    def test_longer_circles_where_comparisons_are_missing(self) -> None:
        pairs = {("a", "b"): 2, ("b", "c"): 2, ("c", "d"): 2, ("d", "a"): 2}
        assert mcda.ahp(pairs).circle == ("a", "b", "c", "d")

    def test_ties_are_no_preference(self) -> None:
        assert mcda.ahp({("a", "b"): 2, ("b", "c"): 2, ("a", "c"): 1}).circle is None

    def test_large_sets_take_no_time(self) -> None:
        weights = np.arange(1.0, 201)
        assert mcda.ahp(weights[:, None] / weights).circle is None


class TestBatches:
    def matrices(self, n: int = 5) -> Any:
        rng = np.random.default_rng(0)
        noise = np.triu(rng.normal(size=(6, 2, n, n)), 1)
        return np.exp(noise - np.swapaxes(noise, -1, -2))

    @pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
    def test_equal_to_one_by_one(self, method: Any) -> None:
        matrices = self.matrices()
        together = mcda.ahp(matrices, method=method)
        assert together.weights.shape == (6, 2, 5)
        for index in np.ndindex(6, 2):
            one = mcda.ahp(matrices[index], method=method)
            np.testing.assert_allclose(together.weights[index], one.weights, atol=1e-12)
            assert together.lambda_max[index] == pytest.approx(one.lambda_max, abs=1e-11)
            assert together.consistency_ratio[index] == pytest.approx(
                one.consistency_ratio, abs=1e-11
            )
            assert together.gci[index] == pytest.approx(one.gci)

    @pytest.mark.parametrize("size", [1e4, 1e6, 1e12])
    def test_far_from_consistent_members_do_not_disturb_each_other(self, size: float) -> None:
        a = size
        one = np.array([[1, a, 2 / a], [1 / a, 1, a], [a / 2, 1 / a, 1]])
        other = np.array([[1, a, 1 / a], [1 / a, 1, a], [a, 1 / a, 1]])
        together = mcda.ahp(np.stack([one, other]), method="eigenvector")
        for k, matrix in enumerate((one, other)):
            alone = mcda.ahp(matrix, method="eigenvector")
            np.testing.assert_allclose(together.weights[k], alone.weights, rtol=1e-9)
            assert together.lambda_max[k] == pytest.approx(alone.lambda_max, rel=1e-9)

    @pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
    def test_single_criteria(self, method: Any) -> None:
        result = mcda.ahp(np.ones((2, 1, 1)), method=method)
        assert result.weights.tolist() == [[1], [1]]
        assert result.consistency_ratio.tolist() == [0, 0]

    def test_small_ones_are_consistent(self) -> None:
        result = mcda.ahp(self.matrices(2))
        assert (result.consistency_ratio == 0).all()
        assert result.gci is None

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (np.inf, r"judgement at \[1, 0, 2, 3\] is inf"),
            (-1.0, "positive and finite"),
            (50.0, r"judgements at \[1, 0, 2, 3\] and \[1, 0, 3, 2\], 50.0 and .* contradict"),
        ],
    )
    def test_refused(self, change: float, message: str) -> None:
        matrices = self.matrices()
        matrices[1, 0, 2, 3] = change
        with pytest.raises(mcda.McdaError, match=message):
            mcda.ahp(matrices)

    def test_other_shapes_and_kinds(self) -> None:
        with pytest.raises(mcda.McdaError, match="not square"):
            mcda.ahp(np.ones((3, 2, 4)))
        with pytest.raises(mcda.McdaError, match="of numbers, not"):
            mcda.ahp(np.full((2, 2, 2), "1"))
        with pytest.raises(mcda.McdaError, match="this is a batch"):
            _ = mcda.ahp(self.matrices()).worst
        with pytest.raises(mcda.McdaError, match="this is a batch"):
            mcda.ahp(self.matrices()).sample(3, np.random.default_rng(0))
        with pytest.raises(mcda.McdaError, match="floor of the variance is nan"):
            mcda.ahp([[1, 2], [0.5, 1]]).sample(3, np.random.default_rng(0), floor=NAN)


def test_sampled_weights_scatter_as_the_judgements_do() -> None:
    result = mcda.ahp([[1, 5, "1/3"], ["1/5", 1, 3], [3, "1/3", 1]])
    drawn = result.sample(50_000, np.random.default_rng(0))
    assert drawn.sum(axis=1) == pytest.approx(1)
    logs = np.log(drawn)
    logs -= logs.mean(axis=1, keepdims=True)
    expected = result.gci / 3 * (np.eye(3) - 1 / 3)
    np.testing.assert_allclose(np.cov(logs.T), expected, rtol=0.05, atol=0.05)
    calm = mcda.ahp([[1, 1], [1, 1]]).sample(50_000, np.random.default_rng(0), floor=0.04)
    assert np.log(calm[:, 0] / calm[:, 1]).var() == pytest.approx(0.04, rel=0.05)


class TestBatchesWithAnswersNotGiven:
    #: a before b by 2, b before c by 3, the third not asked: 6 to 3 to 1.
    CHAIN = np.array([[1, 2, NAN], [0.5, 1, 3], [NAN, 1 / 3, 1]])

    @pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
    def test_beside_a_complete_set(self, method: Any) -> None:
        """The circulant of 2s has the root 1 + 2 + 1/2, and three residuals of ln 2."""
        circle = np.array([[1, 2, 0.5], [0.5, 1, 2], [2, 0.5, 1]])
        result = mcda.ahp(np.stack([self.CHAIN, circle]), method=method)
        np.testing.assert_allclose(result.weights, [[0.6, 0.3, 0.1], [1 / 3] * 3], atol=1e-12)
        assert result.lambda_max.tolist() == pytest.approx([3, 3.5])
        assert result.consistency_ratio == pytest.approx([0, 0.25 / 0.52446])
        assert result.random_index.tolist() == [0, 0.52446]
        assert result.gci == pytest.approx([NAN, 3 * np.log(2) ** 2], nan_ok=True)
        assert result.missing_count.tolist() == [1, 0]
        assert result.freedom.tolist() == [0, 1]
        assert result.consistent.tolist() == [True, False]
        assert result.warnings == ()
        for name in ("missing", "bridges", "next_questions"):
            with pytest.raises(mcda.McdaError, match="this is a batch"):
                getattr(result, name)
        alone = mcda.ahp(self.CHAIN, method=method)
        assert (alone.missing_count, alone.random_index, alone.gci) == (1, 0.0, None)
        assert mcda.ahp(circle).missing_count == 0
        assert mcda.ahp(np.stack([circle] * 2)).missing_count.tolist() == [0, 0]

    @pytest.mark.parametrize("method", ["geometric_mean", "eigenvector"])
    def test_comparisons_that_do_not_connect(self, method: Any) -> None:
        """The words are those for one matrix, and which one it is."""
        apart = np.full((4, 4), NAN)
        np.fill_diagonal(apart, 1.0)
        apart[0, 2] = apart[3, 1] = 2.0
        with pytest.raises(mcda.McdaError) as alone:
            mcda.ahp(apart, method=method)
        batch = np.ones((2, 3, 4, 4))
        batch[1, 1], batch[1, 2] = apart, np.where(np.eye(4), 1.0, NAN)
        with pytest.raises(mcda.McdaError) as together:
            mcda.ahp(batch, method=method)
        assert str(together.value) == (
            "the comparisons of the matrix at [1, 1] fall into separate groups, {1, 3} and {2, 4}. "
            "Add 1 vs 2."
        )
        assert str(together.value).replace(" of the matrix at [1, 1]", "") == str(alone.value)

    @pytest.mark.parametrize("empty", [None, NAN, pd.NA, pd.NaT, "", " ", np.ma.masked])
    def test_however_it_is_written(self, empty: Any) -> None:
        cells = np.empty((2, 3, 3), dtype=object)
        for k in range(2):
            for i, j in np.ndindex(3, 3):
                left = np.isnan(self.CHAIN[i, j]) or (k == 1 and i > j)
                cells[k, i, j] = empty if left else self.CHAIN[i, j]
        np.testing.assert_allclose(mcda.ahp(cells).weights, [[0.6, 0.3, 0.1]] * 2)
        one = mcda.ahp(cells[1].tolist())
        assert one.missing == (("1", "3"),)

    def test_masked_numbers(self) -> None:
        wrong = np.where(np.isnan(self.CHAIN), 7.0, self.CHAIN)
        masked = np.ma.array([wrong] * 2, mask=[np.isnan(self.CHAIN)] * 2)
        for given in (masked, masked.astype(object)):
            np.testing.assert_allclose(mcda.ahp(given).weights, [[0.6, 0.3, 0.1]] * 2)

    @pytest.mark.parametrize(
        ("at", "given", "message"),
        [
            ((1, 2, 2), NAN, r"judgement at \[1, 2, 2\] is nan. The diagonal is 1"),
            ((1, 0, 1), 2.5, r"judgements at \[1, 0, 1\] and \[1, 1, 0\], 2.5 and 0.5, contradict"),
            ((1, 0, 2), -2.0, r"judgement at \[1, 0, 2\] is -2.0. In a batch all are positive"),
            ((1, 2, 0), 0.0, r"judgement at \[1, 2, 0\] is 0.0. In a batch all are positive"),
            ((1, 0, 2), "x", r"judgement at \[1, 0, 2\]: .*not 'x'"),
        ],
    )
    def test_what_is_wrong_is_found_beside_what_is_missing(
        self, at: Any, given: Any, message: str
    ) -> None:
        batch = np.stack([self.CHAIN] * 2).astype(object if given == "x" else float)
        batch[at] = given
        with pytest.raises(mcda.McdaError, match=message):
            mcda.ahp(batch)


@pytest.mark.parametrize("empty", [None, NAN, np.float64(NAN), pd.NA, pd.NaT, "", " "])
def test_an_answer_not_given_is_the_same_however_it_is_written(empty: Any) -> None:
    expected = mcda.ahp([[1, 2, None], ["1/2", 1, 3], [None, "1/3", 1]])
    whole = mcda.ahp([[1, 2, empty], ["1/2", 1, 3], [empty, "1/3", 1]])
    upper = mcda.ahp([[1, 2, empty], [empty, 1, 3], [empty, empty, 1]])
    for found in (whole, upper):
        assert found.missing == expected.missing == (("1", "3"),)
        assert found.weights.tolist() == expected.weights.tolist()

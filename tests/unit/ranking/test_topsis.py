"""TOPSIS on ordinary, degenerate and bad input."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mcda
from mcda.ranking.ranks import TIE, competition_ranks, ranks_of

OK = [[1.0, 2.0], [3.0, 1.0], [2.0, 2.0]]
NAN, INF = float("nan"), float("inf")


def closeness(
    matrix: Any = OK, weights: Any = (0.5, 0.5), directions: Any = (1, -1), **how: Any
) -> Any:
    return mcda.topsis(matrix, weights, directions, **how).closeness


class TestReversal:
    """The example of Garcia-Cascales & Lamata's kind: one more option, dominated by all."""

    OPTIONS = ((6, 8, 3), (7, 6, 3), (4, 5, 3))
    WEIGHTS = (0.5, 0.3, 0.2)

    def test_vector_mode_reverses(self) -> None:
        three = closeness(self.OPTIONS, self.WEIGHTS, ["max"] * 3)
        four = closeness((*self.OPTIONS, (4, 1, 1)), self.WEIGHTS, ["max"] * 3)
        assert three[:2] == pytest.approx([0.720, 0.739], abs=5e-4)
        assert four[:2] == pytest.approx([0.828, 0.795], abs=5e-4)

    def test_domain_mode_does_not(self) -> None:
        how: Any = {"normalization": "domain", "domain": (0, 10)}
        three = closeness(self.OPTIONS, self.WEIGHTS, ["max"] * 3, **how)
        four = closeness((*self.OPTIONS, (4, 1, 1)), self.WEIGHTS, ["max"] * 3, **how)
        assert three[:2] == pytest.approx([0.607, 0.626], abs=5e-4)
        assert (four[:3] == three).all()


class TestDegenerate:
    @pytest.mark.parametrize("normalization", ["vector", "minmax", "max", "sum", "none"])
    def test_equal_options_are_half_way(self, normalization: Any) -> None:
        result = mcda.topsis([[1, 1], [1, 1]], [1, 1], [1, -1], normalization=normalization)
        assert result.closeness.tolist() == [0.5, 0.5]
        assert result.ranks.tolist() == [1, 1]
        assert result.constant.all()
        assert result.effective_weights.tolist() == [0, 0]

    def test_equal_options_by_domain_have_their_own_closeness(self) -> None:
        assert closeness([[7.5], [7.5]], [1], [1], normalization="domain", domain=(0, 10)) == (
            pytest.approx([0.75, 0.75])
        )

    def test_single_option(self) -> None:
        assert closeness([[3, 4]]).tolist() == [0.5]

    def test_single_criterion(self) -> None:
        assert closeness([[1], [2], [4]], [1], [1]) == pytest.approx([0, 1 / 3, 1])

    @pytest.mark.parametrize("column", [[5, 5, 5], [0, 0, 0]])
    @pytest.mark.parametrize("normalization", ["vector", "minmax", "none"])
    def test_constant_column_drops_out(self, column: list[int], normalization: Any) -> None:
        values = [1.0, 2.0, 4.0]
        with_it = mcda.topsis(
            np.column_stack([values, column]), [0.3, 0.7], [1, 1], normalization=normalization
        )
        without = closeness(np.array(values)[:, None], [1], [1], normalization=normalization)
        np.testing.assert_allclose(with_it.closeness, without, atol=1e-15)
        assert with_it.constant.tolist() == [False, True]
        assert with_it.effective_weights.tolist() == [1, 0]

    def test_zero_weight(self) -> None:
        assert closeness(weights=[1, 0]) == pytest.approx([0, 1, 0.5])

    def test_weights_need_not_sum_to_one(self) -> None:
        np.testing.assert_allclose(closeness(weights=[2, 6]), closeness(weights=[0.25, 0.75]))

    def test_mathematical_ties_tie(self) -> None:
        matrix = [[0.1, 0.2, 0.3], [0.2, 0.3, 0.1], [0.3, 0.1, 0.2]]
        assert mcda.topsis(matrix, [1, 1, 1], [1, 1, 1]).ranks.tolist() == [1, 1, 1]

    def test_rounding_noise_is_not_a_range(self) -> None:
        result = mcda.topsis([[0.1 + 0.2], [0.3]], [1], [1], normalization="minmax")
        assert result.closeness.tolist() == [0.5, 0.5]


class TestExtremes:
    @pytest.mark.parametrize("scale", [1e-308, 1e-200, 1e-150, 1e150, 1e300, 4e307])
    @pytest.mark.parametrize("normalization", ["vector", "minmax", "max", "sum", "none"])
    def test_neither_overflow_nor_underflow(self, scale: float, normalization: Any) -> None:
        matrix = np.array([[1.0, 2.0], [3.0, 1.0], [2.0, 2.5]])
        expected = closeness(matrix, normalization=normalization)
        found = closeness(matrix * scale, normalization=normalization)
        np.testing.assert_allclose(found, expected, rtol=1e-9)

    def test_reciprocals_of_both_ends_of_the_range(self) -> None:
        """1/x of costs is as far apart as x; one of three is nearly level with the worst."""
        found = closeness([[1e-200], [1e200], [1e180]], [1], [-1], normalization="sum")
        assert found.tolist() == [1, 0, 0]

    def test_both_ends_of_the_range(self) -> None:
        assert closeness([[1.7e308], [-1.7e308]], [1], [1]).tolist() == [1, 0]
        ends = (-1.7e308, 1.7e308)
        found = closeness([[0.0]], [1], [1], normalization="domain", domain=ends)
        assert found == pytest.approx([0.5])

    @pytest.mark.parametrize("normalization", ["none", "sum"])
    def test_distances_at_the_end_of_the_range(self, normalization: Any) -> None:
        matrix = np.array([[1e308, 1e307], [9e307, 2e307], [1.1e308, 1e307]])
        result = mcda.topsis(matrix, (1, 1), (1, 1), normalization=normalization)
        near, far = result.distance_to_anti_ideal, result.distance_to_ideal
        share = (
            (near / 1e300) / (near / 1e300 + far / 1e300)
            if normalization == "none"
            else near / (near + far)
        )
        np.testing.assert_allclose(share, result.closeness, rtol=1e-12)

    def test_only_a_tiny_column_tells_apart(self) -> None:
        found = closeness([[1e300, 1e-10], [1e300, 2e-10]], (1, 1), (1, 1), normalization="none")
        assert found.tolist() == [0, 1]

    @pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "float32", "object"])
    def test_number_types(self, dtype: str) -> None:
        small = np.array([[100, 1], [50, 2]])
        np.testing.assert_allclose(closeness(small.astype(dtype)), closeness(small.astype(float)))

    def test_large_integers_do_not_overflow(self) -> None:
        large = np.array([[4 * 10**9, 1], [10**9, 2]])
        np.testing.assert_allclose(closeness(large), closeness(large.astype(float)))

    def test_booleans_count_as_zero_and_one(self) -> None:
        np.testing.assert_allclose(
            closeness([[True, False], [False, True]]), closeness([[1, 0], [0, 1]])
        )

    def test_negative_values(self) -> None:
        assert closeness([[-1, 2], [3, -4]]).tolist() == [0, 1]

    def test_large_problem(self) -> None:
        rng = np.random.default_rng(0)
        found = closeness(rng.random((10_000, 200)), rng.random(200), [1] * 200)
        assert np.isfinite(found).all()


class TestRefused:
    @pytest.mark.parametrize(
        ("matrix", "message"),
        [
            (np.ma.array(OK, mask=[[0, 1], [0, 0], [0, 0]]), "row 1, column 2 is masked"),
            ([[10**400, 1], [2, 3]], "row 1, column 1 is too large"),
            ([[1, NAN], [2, 3]], r"matrix in row 1, column 2 is nan. Give a finite number"),
            ([[1, 2], [INF, 3]], r"matrix in row 2, column 1 is inf"),
            ([[1, None], [2, 3]], r"matrix in row 1, column 2 is missing. Give a number"),
            ([[1, "n/a"], [2, 3]], r"row 1, column 2 is 'n/a', not a number"),
            (
                [["3,5", 1], [2, 3]],
                r"row 1, column 1 is '3,5', not a number.* decimals have a point",
            ),
            ([["250", "1"], ["3", "4"]], r"row 1, column 1 is '250', not a number. Turn text into"),
            ([[1, 2], [3]], r"rows of different lengths. Rows have 1, 2 entries"),
            ([[1, 2j], [3, 4]], r"not a number"),
            ([], r"shape \(0,\). Give at least one option and one criterion"),
            ([[]], r"shape \(1, 0\)"),
            (np.zeros((0, 2)), r"shape \(0, 2\)"),
            (5, r"shape \(\)"),
        ],
    )
    def test_matrix(self, matrix: Any, message: str) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            closeness(matrix)

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ([0, 0], "all weights are zero"),
            ([-0.5, 1.5], r"entry 1 is -0.5. Weights are not negative"),
            ([NAN, 1], "entry 1 is nan"),
            ([INF, 1], "entry 1 is inf"),
            ([1], "there are 1 weights for 2 criteria"),
            ([1, 2, 3], "there are 3 weights for 2 criteria"),
            (1.0, "there are 1 weights for 2 criteria"),
            (["a", "b"], "not a number"),
            ({"a": 1, "b": 2}, "weights have names, the matrix has none"),
        ],
    )
    def test_weights(self, weights: Any, message: str) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            closeness(weights=weights)

    @pytest.mark.parametrize(
        ("directions", "message"),
        [
            ([0, 1], "direction 1: a direction is benefit or cost .* not 0"),
            (5, "1 directions for 2 criteria"),
            (None, "1 directions for 2 criteria"),
            (["benefit!", "max"], "not 'benefit!'"),
            ([True, 1], "not True"),
            ([1], "1 directions for 2 criteria"),
            ("max", "1 directions for 2 criteria"),
        ],
    )
    def test_directions(self, directions: Any, message: str) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            closeness(directions=directions)

    @pytest.mark.parametrize(
        ("how", "message"),
        [
            ({"normalization": "vectr"}, "unknown normalization 'vectr'. Did you mean 'vector'"),
            ({"weighting": "squared"}, "unknown weighting 'squared'"),
            ({"normalization": "domain"}, 'normalization="domain" needs domain='),
            ({"domain": (0, 1)}, 'domain= has no meaning with normalization="vector"'),
            (
                {"normalization": "domain", "domain": (0, 2)},
                r"value 3 of option 2 is outside the domain \[0, 2\] of criterion 1",
            ),
            (
                {"normalization": "domain", "domain": [(2, 3), (0, 9)]},
                r"value 1 of option 1 is outside the domain \[2, 3\] of criterion 1",
            ),
            (
                {"normalization": "domain", "domain": [(0, 9), (0, 1.5)]},
                r"value 2 of option 1 is outside the domain \[0, 1.5\] of criterion 2",
            ),
            ({"normalization": "domain", "domain": (2, 0)}, "The lower end comes first"),
            (
                {"normalization": "domain", "domain": [(0, 9), (3, 3)]},
                r"domain of criterion 2 is \[3, 3\]",
            ),
            ({"normalization": "domain", "domain": [(0, 1)]}, r"shape \(1, 2\) for 2 criteria"),
            ({"weighting": "hierarchical", "groups": 5}, "groups are one name for each"),
            ({"normalization": np.array(["vector", "max"])}, "unknown normalization"),
            ({"weighting": "hierarchical"}, "needs groups="),
            ({"groups": ["a", "b"]}, "groups= has no meaning"),
            ({"weighting": "hierarchical", "groups": ["a"]}, "1 groups for 2 criteria"),
        ],
    )
    def test_method(self, how: Any, message: str) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            closeness(**how)

    @pytest.mark.parametrize(
        ("normalization", "matrix", "message"),
        [
            ("sum", [[1, -1], [1, 1]], "sum normalisation needs a sum above zero; criterion 2"),
            (
                "sum",
                [[0, 1], [1, 1]],
                r"values above zero where it takes 1/x \(costs\); criterion 1",
            ),
            (
                "max",
                [[-1, 1], [-2, 1]],
                "max normalisation needs a largest value above zero; criterion 1",
            ),
        ],
    )
    def test_values_the_normalisation_has_no_meaning_for(
        self, normalization: Any, matrix: Any, message: str
    ) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            closeness(matrix, directions=[-1, 1], normalization=normalization)

    @pytest.mark.parametrize(
        ("normalization", "matrix", "directions"),
        [
            # before the one that is wrong stands one that is small, or at its limit
            ("sum", [[-1, 0], [2, 1]], (1, -1)),
            ("sum", [[0.5, 0], [0.2, 1]], (-1, -1)),
            ("sum", [[1, 1], [2, -1]], (1, 1)),
            ("sum", [[1e-30, 1], [0, -2]], (1, 1)),
            ("max", [[0.5, 0], [0.2, -1]], (1, 1)),
            ("max", [[1e-30, 0], [0, 0]], (1, 1)),
            ("max", [[1, -3], [2, -1]], (1, -1)),
        ],
    )
    def test_the_criterion_that_is_wrong_is_named(
        self, normalization: Any, matrix: Any, directions: Any
    ) -> None:
        with pytest.raises(mcda.McdaError, match=f"{normalization} .* criterion 2 has none"):
            closeness(matrix, directions=directions, normalization=normalization)

    @pytest.mark.parametrize("value", [4.5, -0.5])
    def test_values_at_the_ends_of_a_domain_are_inside(self, value: float) -> None:
        how: Any = {"normalization": "domain", "domain": [(0, 3), (0, 4)]}
        assert closeness([[0, 4], [3, 0]], **how).tolist() == [0, 1]
        with pytest.raises(mcda.McdaError, match=f"value {value} of option 2 .* criterion 2"):
            closeness([[3, 4], [0, value]], **how)

    def test_shapes_that_do_not_broadcast(self) -> None:
        with pytest.raises(mcda.McdaError, match="do not broadcast"):
            closeness(np.ones((3, 2, 2)), np.ones((4, 2)))


class TestLabels:
    FRAME = pd.DataFrame(OK, columns=["price", "range"])

    @pytest.mark.parametrize(
        "weights", [pd.Series({"range": 0.9, "price": 0.1}), {"range": 0.9, "price": 0.1}]
    )
    def test_weights_are_aligned_by_label(self, weights: Any) -> None:
        assert (closeness(self.FRAME, weights) == closeness(weights=[0.1, 0.9])).all()

    def test_directions_are_aligned_by_label(self) -> None:
        found = closeness(self.FRAME, directions={"range": "cost", "price": "benefit"})
        assert (found == closeness()).all()

    def test_groups_and_domains_are_aligned_by_label(self) -> None:
        how: Any = {"normalization": "domain", "weighting": "hierarchical"}
        domain, groups = {"range": (0, 4), "price": (0, 9)}, {"range": "g", "price": "h"}
        found = closeness(self.FRAME, domain=domain, groups=groups, **how)
        assert (found == closeness(domain=[(0, 9), (0, 4)], groups=["h", "g"], **how)).all()
        with pytest.raises(mcda.McdaError, match="domains are a frame"):
            closeness(self.FRAME, domain=self.FRAME, **how)

    def test_numbers_as_labels(self) -> None:
        frame = pd.DataFrame(OK, columns=[1, 0])
        found = closeness(frame, pd.Series([0.9, 0.1], index=[0, 1]))
        assert (found == closeness(weights=[0.1, 0.9])).all()

    def test_a_plain_numbered_series_has_no_labels(self) -> None:
        found = closeness(self.FRAME, pd.Series([0.1, 0.9]))
        assert (found == closeness(weights=[0.1, 0.9])).all()
        # rows of a longer table are numbers, too, but not those of a list
        for index in ([1, 2], ["price", "rang"], [0, 2]):
            with pytest.raises(mcda.McdaError, match="unknown criterion"):
                closeness(self.FRAME, pd.Series([0.1, 0.9], index=index))

    def test_unknown_and_left_out_labels(self) -> None:
        with pytest.raises(mcda.McdaError, match="unknown criterion 'prise'. Did you mean 'price'"):
            closeness(self.FRAME, {"prise": 1, "range": 1})
        with pytest.raises(mcda.McdaError, match="leave out range"):
            closeness(self.FRAME, {"price": 1})

    def test_duplicate_labels(self) -> None:
        with pytest.raises(mcda.McdaError, match="criterion name 'a' occurs twice"):
            closeness(pd.DataFrame(OK, columns=["a", "a"]))
        with pytest.raises(mcda.McdaError, match="name a criterion twice"):
            closeness(self.FRAME, pd.Series([1, 2], index=["price", "price"]))


def test_words_for_directions() -> None:
    for words in (["Max", "MIN"], ["benefit", "Cost"], np.array([1, -1]), [1.0, -1.0]):
        assert (closeness(directions=words) == closeness()).all()


def test_the_callers_arrays_are_left_alone_and_not_watched() -> None:
    matrix, weights = np.array(OK), np.array([2.0, 2.0])
    before = matrix.copy()
    result = mcda.topsis(matrix, weights, [1, -1])
    assert (matrix == before).all()
    assert (weights == 2).all()
    matrix[:] = 0
    np.testing.assert_allclose(result.normalized, before / np.linalg.norm(before, axis=0))
    with pytest.raises(ValueError, match="read-only"):
        result.closeness[0] = 1


@pytest.mark.parametrize(
    ("closeness", "expected"),
    [
        ([0.9, 0.5, 0.5, 0.1], [1, 2, 2, 4]),
        ([0.5, 0.5 + 5e-10, 0.5 + 1e-9], [1, 1, 1]),
        # a chain of small steps is cut where it leaves the best of its group
        ([0.5, 0.5 + 0.8e-9, 0.5 + 1.6e-9], [3, 1, 1]),
        ([1.0], [1]),
    ],
)
def test_competition_ranks(closeness: list[float], expected: list[int]) -> None:
    assert competition_ranks(np.array(closeness)).tolist() == expected


def by_hand(closeness: list[float]) -> list[int]:
    """Best first; who is within the tie of the first of a group belongs to it."""
    order = sorted(range(len(closeness)), key=lambda i: -closeness[i])
    ranks, best, rank = [0] * len(closeness), 2.0, 0
    for place, option in enumerate(order, 1):
        if best - closeness[option] > TIE:
            best, rank = closeness[option], place
        ranks[option] = rank
    return ranks


@given(
    st.integers(1, 10).flatmap(
        lambda n: st.lists(
            st.lists(
                st.integers(0, 6).map(lambda i: 0.5 + i * 0.4e-9)
                | st.sampled_from([0.0, 0.25, 0.25 + 5e-10, 1.0]),
                min_size=n,
                max_size=n,
            ),
            min_size=1,
            max_size=4,
        )
    )
)
def test_ranks_of_many_rankings(rankings: list[list[float]]) -> None:
    expected = [by_hand(each) for each in rankings]
    assert ranks_of(np.array(rankings).T).T.tolist() == expected
    assert competition_ranks(np.array(rankings)).tolist() == expected


def test_ranks_of_a_batch_with_chains() -> None:
    rows = [[0.5, 0.5 + 0.8e-9, 0.5 + 1.6e-9], [0.3, 0.2, 0.1]]
    assert competition_ranks(np.array(rows)).tolist() == [[3, 1, 1], [1, 2, 3]]


def textbook(x: Any, benefits: Any, normalization: str) -> Any:
    """The normalised matrix (n, m) by the formulas of `mcda.topsis`'s docstring."""
    match normalization:
        case "none":
            return x
        case "vector":
            return x / np.linalg.norm(x, axis=0)
        case "minmax":
            rising = (x - x.min(axis=0)) / np.ptp(x, axis=0)
            return np.where(benefits, rising, 1 - rising)
        case "max":
            return np.where(benefits, x / x.max(axis=0), 1 - x / x.max(axis=0))
        case "sum":
            return np.where(benefits, x / x.sum(axis=0), (1 / x) / (1 / x).sum(axis=0))
        case _:
            return np.where(benefits, (x - 1) / 8, (9 - x) / 8)


@pytest.mark.parametrize("shared", ["matrix", "weights", "nothing"])
@pytest.mark.parametrize("weighting", ["classic", "linear", "hierarchical"])
@pytest.mark.parametrize("normalization", ["none", "vector", "minmax", "max", "sum", "domain"])
def test_every_step_is_the_textbooks(normalization: Any, weighting: Any, shared: str) -> None:
    """Hwang & Yoon's steps one after the other, for each problem of a batch."""
    rng = np.random.default_rng(3)
    matrices, weights = rng.uniform(1, 9, (5, 4, 3)), rng.uniform(0.1, 1, (5, 3))
    matrices = matrices[0] if shared == "matrix" else matrices
    weights = weights[0] if shared == "weights" else weights
    how: Any = {"groups": "aba"} if weighting == "hierarchical" else {}
    if normalization == "domain":
        how["domain"] = (1, 9)
    found = mcda.topsis(
        matrices, weights, (1, -1, 1), normalization=normalization, weighting=weighting, **how
    )
    benefits = np.array([True, False, True])
    # all but plain values and vectors turn costs round
    upper = benefits | (normalization not in ("none", "vector"))
    for k in range(5):
        x = matrices if shared == "matrix" else matrices[k]
        w = weights if shared == "weights" else weights[k]
        w = w / w.sum()
        u = {"classic": w**2, "linear": w}.get(weighting)
        if u is None:
            u = w * np.array([w[0] + w[2], w[1], w[0] + w[2]])
        normalized = textbook(x, benefits, normalization)
        weighted = normalized * np.sqrt(u)
        best = np.where(upper, weighted.max(axis=0), weighted.min(axis=0))
        worst = np.where(upper, weighted.min(axis=0), weighted.max(axis=0))
        if normalization == "domain":
            best, worst = np.sqrt(u), 0 * u
        to_best = np.linalg.norm(weighted - best, axis=1)
        to_worst = np.linalg.norm(weighted - worst, axis=1)
        effective = u / u.sum()
        for name, expected in (
            ("weights", w),
            ("effective_weights", effective),
            ("ideal", best),
            ("anti_ideal", worst),
            ("normalized", normalized),
            ("weighted", weighted),
            ("scores", (weighted - worst) / (best - worst)),
            ("distance_to_ideal", to_best),
            ("distance_to_anti_ideal", to_worst),
            ("closeness", to_worst / (to_best + to_worst)),
        ):
            steps = getattr(found, name)
            own = steps[k] if steps.shape[0] == 5 else steps
            np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-12, err_msg=name)
        assert not np.any(found.constant)


def test_a_long_batch_is_its_problems_one_by_one() -> None:
    """Longer than what is worked on at a time, in each of the ways in which batches come."""
    rng = np.random.default_rng(4)
    matrices, weights = rng.random((3000, 4, 5)) + 0.1, rng.random((3000, 5))
    at = [0, 1, 1500, 1599, 2047, 2998, 2999]
    for x, w in ((matrices, weights), (matrices, weights[0]), (matrices[0], weights)):
        many = mcda.topsis(x, w, [1, -1, 1, 1, -1])
        assert many.closeness.shape == (3000, 4)
        for k in at:
            one = mcda.topsis(
                x[k] if x.ndim == 3 else x, w[k] if w.ndim == 2 else w, [1, -1, 1, 1, -1]
            )
            np.testing.assert_allclose(many.closeness[k], one.closeness, atol=1e-14)
            assert many.ranks[k].tolist() == one.ranks.tolist()


def test_a_batch_without_problems() -> None:
    assert mcda.topsis(np.ones((0, 3, 2)), (1, 1), (1, -1)).closeness.shape == (0, 3)
    assert competition_ranks(np.ones((0, 3))).shape == (0, 3)


def test_weights_of_all_sizes_in_one_batch() -> None:
    """Each row is scaled by itself, also where its sum would overflow or its parts vanish."""
    rows = [[1.0, 3.0], [1.5e308, 1.5e308], [2e-308, 6e-308], [0.0, 4e-320]]
    found = mcda.topsis(OK, rows, (1, -1)).weights
    assert found == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5], [0.25, 0.75], [0.0, 1.0]]))
    for row, own in zip(rows, found, strict=True):
        assert mcda.topsis(OK, row, (1, -1)).weights.tolist() == own.tolist()
    with pytest.raises(mcda.McdaError, match="all weights are zero"):
        mcda.topsis(OK, [[1.0, 3.0], [0.0, 0.0]], (1, -1))
    with pytest.raises(mcda.McdaError, match=r"row 2, column 1 is -1"):
        mcda.topsis(OK, [[1.0, 3.0], [-1.0, 3.0]], (1, -1))


def test_a_column_that_hardly_varies_is_no_constant() -> None:
    """Eight units in the last place are a difference, four are rounding."""
    eps = np.finfo(float).eps
    assert mcda.topsis([[1.0], [1 + 4 * eps]], [1], [1]).constant.tolist() == [True]
    assert mcda.topsis([[1.0], [1 + 8 * eps]], [1], [1]).closeness.tolist() == [0, 1]


def test_a_result_cannot_be_changed_and_is_itself_alone() -> None:
    result, other = mcda.topsis(OK, (1, 1), (1, -1)), mcda.topsis(OK, (1, 1), (1, -1))
    with pytest.raises(FrozenInstanceError):
        result.closeness = other.closeness  # type: ignore[misc]
    assert result != other
    assert len({result, other}) == 2
    assert "matrix" not in repr(result)


@pytest.mark.parametrize("options", [1, 2, 8, 9, 12])
def test_ranks_of_more_rankings_than_are_worked_on_at_a_time(options: int) -> None:
    rng = np.random.default_rng(options)
    rankings = rng.integers(0, 4, (8195, options)) / 3
    found = competition_ranks(rankings)
    # 1 and those ahead: the scores differ by far more than a tie
    expected = 1 + (rankings[:, :, None] < rankings[:, None, :]).sum(axis=2)
    assert (found == expected).all()
    assert (ranks_of(rankings.T) == expected.T).all()
    assert competition_ranks(rankings.reshape(5, 1639, options)).tolist() == (
        expected.reshape(5, 1639, options).tolist()
    )
    assert competition_ranks(rankings[7]).tolist() == expected[7].tolist()
    assert ranks_of(rankings[7]).tolist() == expected[7].tolist()


@given(st.lists(st.integers(0, 6).map(lambda i: 0.5 + i * 0.4e-9), min_size=1, max_size=10))
def test_ranks_of_one_ranking(ranking: list[float]) -> None:
    assert ranks_of(np.array(ranking)).tolist() == by_hand(ranking)
    assert competition_ranks(np.array(ranking)).tolist() == by_hand(ranking)


def test_costs_far_apart_are_shares_of_reciprocals() -> None:
    """By the sum of 1 / x: 1e200 and 1e-200, of which the second is no part to speak of."""
    found = mcda.topsis([[1e-200], [1e200]], [1], ["cost"], normalization="sum")
    np.testing.assert_allclose(found.normalized, [[1.0], [0.0]], atol=1e-300)
    assert found.ranks.tolist() == [1, 2]

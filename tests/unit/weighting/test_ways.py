"""Weights without complete pairwise answers: an order, best and worst, the options' values."""

from __future__ import annotations

import statistics
from itertools import product
from typing import Any

import numpy as np
import pytest
from pymcdm import weights as peer

import mcda
from mcda.weighting.best_worst import best_worst
from mcda.weighting.objective import OBJECTIVE_METHODS, objective_weights
from mcda.weighting.ranking import rank_order_centroid


class TestRankOrderCentroid:
    @pytest.mark.parametrize("n", [1, 2, 3, 5])
    def test_is_the_centroid_of_the_ordered_simplex(self, n: int) -> None:
        """The mean of its corners: equal weights on the first k."""
        corners = [[1 / k] * k + [0] * (n - k) for k in range(1, n + 1)]
        names = [chr(97 + i) for i in range(n)]
        found = rank_order_centroid([[name] for name in names])
        assert list(found.values()) == pytest.approx(np.mean(corners, axis=0).tolist())

    def test_ties_share(self) -> None:
        found = rank_order_centroid([["a"], ["b", "c"]])
        assert found == pytest.approx({"a": 11 / 18, "b": 3.5 / 18, "c": 3.5 / 18})


class TestBestWorst:
    def test_consistent(self) -> None:
        """a_Bj a_jW = a_BW: weights follow, nothing deviates."""
        found = best_worst("abcd", "a", "d", {"b": 2, "c": 4, "d": 8}, {"a": 8, "b": 4, "c": 2})
        assert found.inconsistency == pytest.approx(0, abs=1e-12)
        assert list(found.weights.values()) == pytest.approx([8 / 15, 4 / 15, 2 / 15, 1 / 15])

    def test_against_a_grid(self) -> None:
        """Rezaei's programme, by trying every weight on a fine grid."""
        ours = best_worst("abc", "a", "c", {"b": 2, "c": 6}, {"a": 6, "b": 5})
        steps = 400
        least = 9.0
        for i, j in product(range(steps + 1), repeat=2):
            if i + j <= steps:
                a, b, c = i / steps, j / steps, 1 - (i + j) / steps
                least = min(least, max(abs(a - 2 * b), abs(a - 6 * c), abs(b - 5 * c)))
        assert ours.inconsistency <= least + 1e-9
        assert ours.inconsistency == pytest.approx(least, abs=0.01)
        a, b, c = ours.weights.values()
        deviations = [abs(a - 2 * b), abs(a - 6 * c), abs(b - 5 * c)]
        assert max(deviations) == pytest.approx(ours.inconsistency)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"worst": "a"}, "'a' is both best and worst"),
            ({"best": "x"}, "the best criterion 'x' is unknown"),
            ({"best_to_others": {"c": 8}}, "best_to_others leaves out b"),
            (
                {"best_to_others": {"b": 2, "c": 2}},
                "best_to_others says a vs c = 2, others_to_worst 8",
            ),
            (
                {"best_to_others": {"a": 5, "b": 2, "c": 8}},
                "best_to_others compares 'a' with itself",
            ),
            (
                {"others_to_worst": {"a": 8, "b": 2, "x": 1}},
                "others_to_worst names an unknown criterion 'x'",
            ),
            ({"best_to_others": {"b": 0.5, "c": 8}}, "best_to_others of 'b' is 0.5"),
        ],
    )
    def test_refused(self, change: Any, message: str) -> None:
        given: Any = {
            "best": "a",
            "worst": "c",
            "best_to_others": {"b": 2, "c": 8},
            "others_to_worst": {"a": 8, "b": 4},
        }
        with pytest.raises(mcda.McdaError, match=message):
            best_worst("abc", **{**given, **change})


class TestObjective:
    MATRIX = np.array([[3.0, 10.0, 5.0], [4.0, 12.0, 2.0], [5.0, 7.0, 8.0], [2.0, 9.0, 4.0]])
    BENEFITS = np.array([True, False, True])

    @pytest.mark.parametrize("method", ["entropy", "variance", "gini", "merec"])
    def test_equal_to_pymcdm(self, method: Any) -> None:
        types = np.where(self.BENEFITS, 1, -1)
        theirs = getattr(peer, f"{method}_weights")(self.MATRIX, types)
        found = objective_weights(self.MATRIX, self.BENEFITS, method)
        np.testing.assert_allclose(found, theirs / theirs.sum(), atol=1e-12)

    def test_critic_sees_directions(self) -> None:
        """By hand: quality (more is better), price (less), speed (more), scaled from worst to best."""
        matrix = np.array([[5.0, 3, 3], [2, 1, 6], [9, 9, 2], [6, 8, 2]])
        found = objective_weights(matrix, np.array([True, False, True]), "critic")
        assert found == pytest.approx([0.448, 0.281, 0.272], abs=5e-4)
        scaled = [
            [(x - 2) / 7 for x in (5, 2, 9, 6)],
            [(9 - x) / 8 for x in (3, 1, 9, 8)],
            [(x - 2) / 4 for x in (3, 6, 2, 2)],
        ]
        conflict = [sum(1 - statistics.correlation(a, b) for b in scaled) for a in scaled]
        measured = [statistics.stdev(a) * c for a, c in zip(scaled, conflict, strict=True)]
        assert found == pytest.approx(np.array(measured) / sum(measured))

    def test_critic_of_all_benefits_is_pymcdms(self) -> None:
        theirs = peer.critic_weights(self.MATRIX)
        found = objective_weights(self.MATRIX, np.ones(3, dtype=bool), "critic")
        np.testing.assert_allclose(found, theirs, atol=1e-12)

    def test_standard_deviation_of_euros_and_thousands(self) -> None:
        """Diakoulaki et al. take it of columns scaled from worst to best: the unit does not count."""
        euros = np.array([[900.0, 9], [1500, 16], [1100, 7]])
        directions = np.array([False, True])
        one = objective_weights(euros, directions, "standard_deviation")
        other = objective_weights(euros / [1000, 1], directions, "standard_deviation")
        spread = [
            statistics.stdev([0, 1, 1 / 3]),  # price: 900, 1500, 1100
            statistics.stdev([2 / 9, 1, 0]),  # battery: 9, 16, 7
        ]
        assert one == pytest.approx(np.array(spread) / sum(spread))
        assert other == pytest.approx(one, abs=1e-15)

    def test_gini_with_zeros(self) -> None:
        """By its definition: half the mean difference over the mean."""
        matrix = np.array([[0.0, 1.0], [0.0, 2.0], [3.0, 2.0]])
        coefficients = [
            sum(abs(a - b) for a in column for b in column) / (2 * 9 * column.mean())
            for column in matrix.T
        ]
        found = objective_weights(matrix, np.array([True, False]), "gini")
        assert found == pytest.approx(np.array(coefficients) / sum(coefficients))

    def test_merec_counts_a_constant_criterion_in_its_means(self) -> None:
        """By its formula, with m = 4 criteria of which one is constant."""
        matrix = np.column_stack([self.MATRIX, np.full(4, 7.0)])
        benefits = np.append(self.BENEFITS, True)
        theirs = peer.merec_weights(matrix, np.where(benefits, 1, -1))
        found = objective_weights(matrix, benefits, "merec")
        np.testing.assert_allclose(found, theirs, atol=1e-12)

    @pytest.mark.parametrize("options", [2, 5])
    def test_critic_of_criteria_that_say_the_same(self, options: int) -> None:
        """No conflict at all: rounding must not be taken for one."""
        rng = np.random.default_rng(0)
        one = rng.random(options)
        matrix = np.column_stack([one, 3 * one + 0.1, 7 - 2 * one])
        with pytest.raises(mcda.McdaError, match="all criteria are perfectly correlated"):
            objective_weights(matrix, np.array([True, True, False]), "critic")

    @pytest.mark.parametrize("method", OBJECTIVE_METHODS)
    @pytest.mark.parametrize("size", [1e-300, 1e306])
    def test_absurd_sizes(self, method: Any, size: float) -> None:
        found = objective_weights(self.MATRIX * size, self.BENEFITS, method)
        usual = objective_weights(self.MATRIX, self.BENEFITS, method)
        np.testing.assert_allclose(found, usual, rtol=1e-9)

    def test_entropy_with_a_zero_cell(self) -> None:
        matrix = np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 2.0]])
        found = objective_weights(matrix, np.array([True, True]), "entropy")
        share = matrix / matrix.sum(axis=0)
        entropy = [-sum(p * np.log(p) for p in column if p > 0) / np.log(3) for column in share.T]
        expected = 1 - np.array(entropy)
        np.testing.assert_allclose(found, expected / expected.sum())

    @pytest.mark.parametrize("method", OBJECTIVE_METHODS)
    def test_a_constant_column_has_no_weight(self, method: Any) -> None:
        matrix = np.column_stack([self.MATRIX, np.full(4, 7.0)])
        found = objective_weights(matrix, np.append(self.BENEFITS, True), method)
        assert found[3] == 0
        assert found.sum() == pytest.approx(1)

    @pytest.mark.parametrize(
        ("matrix", "method", "message"),
        [
            ([[1.0, 2.0]], "entropy", "need at least two options, there is 1"),
            ([[1.0, 2.0]], "critic", "need at least two options"),
            ([[1.0, -2.0], [2.0, 1.0]], "entropy", "no negative values; criterion 2 has -2"),
            ([[1.0, np.nan], [2.0, 1.0]], "critic", "need finite values"),
            ([[1.0, 3.0], [2.0, np.inf]], "gini", "finite values; criterion 2 has inf"),
            ([[0.0, 2.0], [2.0, 1.0]], "merec", "positive values; criterion 1 has 0"),
            ([[0.0, 2.0], [-1.0, 1.0]], "gini", "no negative values; criterion 1 has -1"),
            ([[1.0, 2.0], [1.0, 2.0]], "entropy", "all options are equal"),
            (
                [[1.0, 2.0], [2.0, 1.0]],
                "entropi",
                "unknown method 'entropi'. Did you mean 'entropy'",
            ),
        ],
    )
    def test_refused(self, matrix: Any, method: Any, message: str) -> None:
        with pytest.raises(mcda.McdaError, match=message):
            objective_weights(np.array(matrix), np.array([True, True]), method)

    def test_messages_name_the_criterion(self) -> None:
        scenario = {
            "id": "s",
            "criteria": {"price": {"direction": "cost"}, "use": {"direction": "benefit"}},
            "options": {"a": {"price": -3, "use": 1}, "b": {"price": 2, "use": 2}},
            "weights": {"objective": "gini"},
        }
        with pytest.raises(mcda.McdaError, match="no negative values; criterion 'price' has -3"):
            mcda.evaluate(mcda.Scenario.model_validate(scenario))

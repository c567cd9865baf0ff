"""Several judges: their aggregate and their disagreement, by hand."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest

from mcda.weighting.group import (
    aggregate_judgements,
    aggregate_priorities,
    consensus,
    spread,
)

NAN = float("nan")


def square(*upper: float) -> np.ndarray:
    """A reciprocal matrix from what stands above its diagonal."""
    n = int((1 + sqrt(1 + 8 * len(upper))) / 2)
    matrix = np.eye(n)
    matrix[np.triu_indices(n, 1)] = upper
    below = np.tril_indices(n, -1)
    matrix[below] = 1 / matrix.T[below]
    return matrix


def test_judgements_are_averaged_over_those_who_made_them() -> None:
    judges = [square(2.0, 4.0, NAN), square(8.0, NAN, NAN), square(2.0, 9.0, NAN)]
    found = aggregate_judgements(judges, [3.0, 1.0, 2.0])
    # (2^3 8 2^2)^(1/6) and (4^3 9^2)^(1/5)
    expected = square((2**5 * 8) ** (1 / 6), (4**3 * 9**2) ** (1 / 5), NAN)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert np.isnan(found[1, 2])
    assert found.diagonal().tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("scale", [1.0, 1e-300, 1e300, 1e308])
def test_only_the_proportions_of_importance_count(scale: float) -> None:
    judges = [square(2.0, 4.0, 3.0), square(8.0, 1.0, 1.0)]
    importance = [1.5 * scale, 0.5 * scale]
    found = aggregate_judgements(judges, importance)
    np.testing.assert_allclose(found[0, 1], (2**3 * 8) ** 0.25, rtol=1e-14)
    # (a^3 b)^(1/4), scaled to sum 1
    means = np.array([(0.6**3 * 0.2) ** 0.25, (0.4**3 * 0.8) ** 0.25])
    priorities = aggregate_priorities([np.array([0.6, 0.4]), np.array([0.2, 0.8])], importance)
    np.testing.assert_allclose(priorities, means / means.sum(), rtol=1e-14)


def test_consensus_has_the_divisor_of_the_geometric_consistency_index() -> None:
    """2 / ((n - 1)(n - 2)) times the sum of squared residuals (Dong, Zhang, Hong & Xu 2010)."""
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    upper = [2.0, 1.0, 5.0, 3.0, 2.0, 4.0]
    i, j = np.triu_indices(4, 1)
    squares = (np.log(upper) - np.log(weights[i] / weights[j])) ** 2
    found = consensus(square(*upper), weights)
    assert found == pytest.approx(2 * squares.sum() / (3 * 2))
    # of the comparisons made, the mean counts
    upper[1], upper[4] = NAN, NAN
    found = consensus(square(*upper), weights)
    made = np.delete(squares, [1, 4])
    assert found == pytest.approx(made.mean() * 6 * 2 / (3 * 2))
    assert consensus(square(2.0), np.array([2 / 3, 1 / 3])) is None
    assert consensus(square(NAN, NAN, NAN), np.full(3, 1 / 3)) is None
    assert consensus(square(1.0, 1.0, 1.0), np.full(3, 1 / 3)) == 0.0
    assert consensus(square(exp(1.0), 1.0, 1.0), np.full(3, 1 / 3)) == pytest.approx(1.0)


def test_spread_by_hand() -> None:
    """The weighted standard deviation of logarithms, of those who made the comparison."""
    judges = [square(2.0, 3.0, 4.0, NAN, 5.0, NAN), square(8.0, 3.0, NAN, 1.0, 7.0, NAN)]
    judges.append(square(4.0, 3.0, NAN, 9.0, 5.0, NAN))
    found = spread("top", "abcd", ["x", "y", "z"], judges, [2.0, 1.0, 1.0])
    # in units of ln 2: 1, 3 and 2 with shares 1/2, 1/4 and 1/4
    ab = log(2) * sqrt((0.5 * 1 + 0.25 * 9 + 0.25 * 4) - 1.75**2)
    # y and z alone, equally important: half of ln 9
    bc = log(9) / 2
    bd = log(7 / 5) * sqrt(0.25 * 0.75)
    expected = [
        ("b", "c", bc, 1.0, 9.0, "y", "z"),
        ("a", "b", ab, 2.0, 8.0, "x", "y"),
        ("b", "d", bd, 5.0, 7.0, "x", "y"),
    ]
    assert len(found) == 3  # a vs c is agreed on, a vs d one judge's alone, c vs d nobody's
    for own, (first, second, deviation, lowest, highest, low_judge, high_judge) in zip(
        found, expected, strict=True
    ):
        assert (own.node, own.first, own.second) == ("top", first, second)
        assert own.factor == pytest.approx(exp(deviation))
        assert (own.lowest, own.highest) == pytest.approx((lowest, highest))
        assert (own.lowest_judge, own.highest_judge) == (low_judge, high_judge)
    assert spread("top", "ab", ["x"], [square(2.0)], [1.0]) == []
    assert spread("top", "ab", "xy", [square(2.0), square(2.0 + 1e-10)], [1.0, 1.0]) == []
    assert len(spread("top", "ab", "xy", [square(2.0), square(2.0 + 1e-7)], [1.0, 1.0])) == 1

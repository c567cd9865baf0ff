"""COPRAS and the weighted sum, against their formulas and other libraries."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization
from skcriteria.agg.copras import copras as copras_of_skcriteria

from mcda.ranking.copras import copras
from mcda.ranking.kernel import scores
from mcda.ranking.weighted_sum import weighted_sums


def test_copras_by_hand() -> None:
    """Prices 100, 150, 300 and performances 8, 9, 9, of equal weight, in exact fractions."""
    price, performance, half = (100, 150, 300), (8, 9, 9), Fraction(1, 2)
    plus = [half * Fraction(x, sum(performance)) for x in performance]
    minus = [half * Fraction(x, sum(price)) for x in price]
    significance = [
        p + sum(minus) / (m * sum(1 / each for each in minus))
        for p, m in zip(plus, minus, strict=True)
    ]
    expected = [float(each / max(significance)) for each in significance]
    assert expected == pytest.approx([1.00, 0.84, 0.63], abs=5e-3)
    found = copras(
        np.array([price, performance], dtype=float).T,
        np.array([0.5, 0.5]),
        np.array([False, True]),
    )
    assert found == pytest.approx(expected)


def test_copras_is_that_of_scikit_criteria() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, m = rng.integers(2, 8), rng.integers(2, 6)
        x, weights = rng.random((n, m)) + 0.01, rng.dirichlet(np.ones(m))
        benefits = rng.random(m) < 0.5
        benefits[0] = False
        objectives = np.where(benefits, 1, -1)
        theirs = copras_of_skcriteria(x / x.sum(axis=0), weights, objectives)[1]
        np.testing.assert_allclose(copras(x, weights, benefits), theirs / 100, rtol=1e-12)


def test_copras_without_costs_is_the_sum_of_shares() -> None:
    """Podvezko (2011)."""
    x, weights = np.array([[1.0, 4.0], [3.0, 1.0]]), np.array([0.75, 0.25])
    sums = [0.75 * 1 / 4 + 0.25 * 4 / 5, 0.75 * 3 / 4 + 0.25 * 1 / 5]
    found = copras(x, weights, np.array([True, True]))
    assert found == pytest.approx(np.array(sums) / max(sums))


def test_weighted_sums_are_pymcdms() -> None:
    rng = np.random.default_rng(1)
    x, weights = rng.normal(size=(6, 4)), rng.dirichlet(np.ones(4))
    benefits = np.array([True, False, True, False])
    theirs = WSM(minmax_normalization)(x, weights, np.where(benefits, 1, -1))
    r = scores(x.T, benefits, "minmax").r
    np.testing.assert_allclose(weighted_sums(r, weights), theirs)


def test_weighted_sums_of_many_contests() -> None:
    rng = np.random.default_rng(2)
    r, weights = rng.random((3, 5, 7)), rng.random((3, 7))
    for b in range(7):
        np.testing.assert_allclose(weighted_sums(r, weights)[:, b], weights[:, b] @ r[:, :, b])

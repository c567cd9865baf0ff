"""Laws of the closure of weights under influences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mcda
from tests.strategies import share_matrices


@given(shares=share_matrices(), data=st.data())
def test_the_closure_is_the_sum_over_walks(shares: Any, data: Any) -> None:
    m = len(shares)
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=m, max_size=m)), dtype=float)
    result = mcda.closure(weights, shares)
    kept = 1 - shares.sum(axis=0)
    flowing, total = weights.copy(), np.zeros(m)
    for _ in range(2000):
        total += kept * flowing
        flowing = shares @ flowing
    np.testing.assert_allclose(result, total, rtol=1e-9)
    assert result.sum() == pytest.approx(weights.sum())
    assert (result >= 0).all()


@given(shares=share_matrices())
def test_linear_in_the_weights(shares: Any) -> None:
    m = len(shares)
    rng = np.random.default_rng(m)
    one, other = rng.random(m), rng.random(m)
    np.testing.assert_allclose(
        mcda.closure(np.stack([one, other]), shares).sum(axis=0),
        mcda.closure(one + other, shares),
        rtol=1e-12,
    )

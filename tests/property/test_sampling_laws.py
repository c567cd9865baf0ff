"""Laws of weights drawn between their ends."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from mcda.robustness.sampling import between
from tests.exact_volumes import marginal_mean

SIZE = 1024


@given(
    widths=st.lists(st.integers(1, 12), min_size=5, max_size=60),
    share=st.floats(0.02, 0.98),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_marginals_are_the_exact_ones(
    widths: list[int], share: float, seed: int, data: st.DataObject
) -> None:
    """Means within a random sample's standard error of inclusion and exclusion, sums of one."""
    total = min(max(1, round(sum(widths) * share)), sum(widths) - 1)
    k, unit = len(widths), 0.6 / total
    low = np.random.default_rng(seed).dirichlet(np.ones(k)) * 0.4
    high = low + unit * np.array(widths)
    points = np.clip(qmc.Sobol(k, seed=seed).random(SIZE), 1e-12, 1 - 1e-12)
    found = between(points, low, high)
    assert ((found >= low) & (found <= high)).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_array_equal(found, between(points, low, high))
    which = data.draw(st.integers(0, k - 1))
    taken = (found[:, which] - low[which]) / unit
    error = taken.std() / np.sqrt(SIZE)
    assert abs(taken.mean() - marginal_mean(widths, total, which)) <= error + 1e-9

"""Hypothesis strategies that the tests share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

NORMALIZATIONS = ("vector", "minmax", "max", "sum", "none")


@st.composite
def decision_matrices(
    draw: st.DrawFn, *, low: float = 0.1, high: float = 100.0, options: tuple[int, int] = (2, 7)
) -> tuple[Any, Any, Any]:
    """A matrix, weights and directions; entries are positive and not absurdly close."""
    n = draw(st.integers(*options))
    m = draw(st.integers(1, 6))
    cells = st.integers(1, 1000).map(lambda k: low + (high - low) * k / 1000)
    matrix = draw(arrays(np.float64, (n, m), elements=cells))
    weights = draw(arrays(np.float64, m, elements=st.integers(1, 100).map(float)))
    directions = draw(st.lists(st.sampled_from([1, -1]), min_size=m, max_size=m))
    return matrix, weights, directions


@st.composite
def reciprocal_matrices(draw: st.DrawFn, *, smallest: int = 2, largest: int = 8) -> Any:
    """A complete reciprocal matrix over Saaty's scale."""
    n = draw(st.integers(smallest, largest))
    scale = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
    matrix = np.ones((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            matrix[i, j] = draw(st.sampled_from(scale))
            matrix[j, i] = 1 / matrix[i, j]
    return matrix


@st.composite
def share_matrices(draw: st.DrawFn) -> Any:
    """Influence shares whose columns sum to at most .95, circles included."""
    n = draw(st.integers(1, 6))
    raw = draw(arrays(np.float64, (n, n), elements=st.integers(0, 10).map(float)))
    np.fill_diagonal(raw, 0.0)
    total = draw(st.floats(0.0, 0.95))
    sums = raw.sum(axis=0)
    return raw / np.where(sums > 0, sums, 1.0) * total

"""Weights from the values where little tells the options apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mcda
from mcda.weighting.objective import OBJECTIVE_METHODS, objective_weights


@pytest.mark.parametrize("method", OBJECTIVE_METHODS)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_the_only_criterion_that_varies_has_all_the_weight(method: Any, column: int) -> None:
    matrix = np.full((4, 3), 2.0)
    matrix[:, column] = [1.0, 2.0, 3.0, 5.0]
    found = objective_weights(matrix, np.array([True, False, True]), method)
    assert found.tolist() == [float(k == column) for k in range(3)]


def test_critic_needs_columns_that_say_different_things() -> None:
    """Of two that rise together none conflicts with the other: 1 - r is 0 for both."""
    matrix = np.array([[0.0, 0.0], [1.0, 2.0]])
    with pytest.raises(mcda.McdaError, match="critic"):
        objective_weights(matrix, np.array([True, True]), "critic")

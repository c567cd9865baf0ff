"""DEMATEL on a published influence graph and on what it must refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcda.dependency.dematel import dematel
from mcda.errors import InputError

# a graph of 37 influences with strengths 1 to 4, and its prominence and relation
EDGES = [
    "TA3",
    "TC3",
    "TO3",
    "TL2",
    "TD2",
    "BT2",
    "BL2",
    "BD1",
    "SD4",
    "SF2",
    "SV2",
    "KC4",
    "KS2",
    "KD2",
    "KV2",
    "PV2",
    "PF2",
    "PT1",
    "DR4",
    "DO3",
    "DF3",
    "DL3",
    "DC2",
    "DV3",
    "CA3",
    "CO2",
    "CV2",
    "CF1",
    "OF3",
    "OL2",
    "OA1",
    "VR2",
    "VF2",
    "VA2",
    "VL2",
    "AF1",
    "RF2",
]
PROMINENCE = {
    "D": 1.76, "F": 1.32, "V": 1.24, "T": 1.18, "C": 1.13, "O": 0.96, "K": 0.95, "S": 0.88,
    "L": 0.88, "A": 0.80, "R": 0.65, "B": 0.46, "P": 0.39,
}  # fmt: skip
RELATION = {
    "K": 0.95, "T": 0.85, "D": 0.67, "S": 0.66, "B": 0.46, "P": 0.39, "F": -1.32, "L": -0.88,
    "A": -0.69, "R": -0.43, "V": -0.32, "O": -0.29,
}  # fmt: skip


def test_the_published_graph() -> None:
    names = list(PROMINENCE)
    direct = np.zeros((13, 13))
    for edge in EDGES:
        direct[names.index(edge[0]), names.index(edge[1])] = float(edge[2])
    found = dematel(direct)
    for name, prominence in PROMINENCE.items():
        assert found.prominence[names.index(name)] == pytest.approx(prominence, abs=0.005)
    for name, relation in RELATION.items():
        assert found.relation[names.index(name)] == pytest.approx(relation, abs=0.005)


def test_total_influence_is_the_sum_over_all_powers() -> None:
    direct = np.array([[0, 3, 1], [2, 0, 0], [0, 1, 0.0]])
    x = direct / 4  # the largest sum: first row and second column
    power, total = x.copy(), np.zeros((3, 3))
    for _ in range(5000):
        total += power
        power = power @ x
    np.testing.assert_allclose(dematel(direct).total, total, rtol=1e-12)


@pytest.mark.parametrize("turned", [False, True])
def test_the_largest_sum_is_a_rows_or_a_columns(*, turned: bool) -> None:
    """Two drive the second criterion with 3 and 2: by hand, in units of 5."""
    direct = np.array([[0, 3, 0], [0, 0, 0], [0, 2, 0.0]])
    expected = direct / 5
    found = dematel(direct.T if turned else direct)
    np.testing.assert_allclose(found.total, expected.T if turned else expected, atol=1e-15)
    np.testing.assert_allclose(found.prominence, [0.6, 1.0, 0.4])
    sign = -1 if turned else 1
    np.testing.assert_allclose(found.relation, sign * np.array([0.6, -1.0, 0.4]))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([[0, 0], [0, 0]], "nothing influences anything"),
        ([[0]], "two criteria or more"),
        ([[0, 1, 0], [0, 0, 1], [1, 0, 0]], "indirect influences have no end"),
        ([[0, 2, 2], [2, 0, 2], [2, 2, 0]], "indirect influences have no end"),
        ([[0, -1], [1, 0]], "the influence of 1 on 2 is -1"),
        ([[0, -1], [-1, 0]], "the influence of 1 on 2 is -1"),
        ([[0, np.nan], [1, 0]], "influences"),
        ([[0, np.inf], [1, 0]], "influences"),
        ([[0, 1, 0], [1, 0, 1]], "square matrix"),
        ([[0.5, 1], [1, 0]], "1 influences itself"),
    ],
)
def test_refused(given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dematel(given)

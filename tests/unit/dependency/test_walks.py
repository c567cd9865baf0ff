"""Walks and flows along influences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcda.dependency.closure import Transfer
from mcda.dependency.graph import influence_graph
from mcda.dependency.walks import flows, strongest_walks
from mcda.model.criteria import Influence
from tests.unit.dependency.test_closure import NAMES, shares

WEIGHTS = np.array([0.40, 0.25, 0.15, 0.12, 0.08])
EARNED = np.array([0.5, -0.3, 0.2, 0.9, -0.1])


def all_walks(s: Any, mode: str) -> dict[tuple[int, ...], float]:
    """Every walk's weight, one influence at a time, until nothing is left."""
    kept = 1 - s.sum(axis=0)
    found = {(j,): WEIGHTS[j] * kept[j] for j in range(5)}
    walks = {(j,): WEIGHTS[j] for j in range(5)}
    while walks:
        walks = {
            (*walk, i): mass * s[i, walk[-1]]
            for walk, mass in walks.items()
            for i in np.flatnonzero(s[:, walk[-1]]).tolist()
        }
        for walk, mass in walks.items():
            found[walk] = mass * (1 if mode == "saaty" else kept[walk[-1]])
        if mode == "saaty":
            break
    return found


@pytest.mark.parametrize("mode", ["closure", "saaty"])
def test_the_worked_examples_walks(mode: Any) -> None:
    transfer = Transfer(shares(), mode, NAMES)
    expected = all_walks(shares(), mode)
    found = strongest_walks(transfer, WEIGHTS, EARNED, 100)
    assert len(found) == (21 if mode == "closure" else 11)
    for walk in found:
        weight = expected[walk.criteria]
        assert walk.weight == pytest.approx(weight, rel=1e-12)
        assert walk.amount == pytest.approx(weight * EARNED[walk.criteria[-1]], rel=1e-12)
    assert sum(walk.amount for walk in found) == pytest.approx(
        float(EARNED @ transfer.apply(WEIGHTS)), abs=1e-15
    )


@pytest.mark.parametrize("most", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("unit", [1.0, 100.0, 0.01])
def test_the_search_finds_the_strongest(most: int, unit: float) -> None:
    earned = EARNED * unit
    transfer = Transfer(shares(), "closure", NAMES)
    amounts = sorted(
        (abs(w * earned[walk[-1]]) for walk, w in all_walks(shares(), "closure").items()),
        reverse=True,
    )
    found = strongest_walks(transfer, WEIGHTS, earned, most)
    assert [abs(walk.amount) for walk in found] == pytest.approx(amounts[:most])


def test_equal_amounts_come_in_the_order_of_criteria() -> None:
    """1/4 times 2 and 1/2 times 1: found last, as it could amount to less, the first stays first."""
    found = strongest_walks(
        Transfer(np.zeros((2, 2)), "off", "ab"), np.array([0.25, 0.5]), np.array([2.0, 1.0]), 1
    )
    assert [(walk.criteria, walk.amount) for walk in found] == [((0,), 0.5)]


def test_circles_have_walks_without_end() -> None:
    s = np.array([[0.0, 0.9], [0.9, 0.0]])
    found = strongest_walks(Transfer(s, "closure", "ab"), np.array([0.6, 0.4]), np.ones(2), 50)
    assert len(found) == 50
    assert len(found[-1].criteria) > 10
    total = sum(walk.amount for walk in found)
    assert 0.85 < total < 1


def test_no_influences_no_walks_but_the_criteria_themselves() -> None:
    found = strongest_walks(Transfer(np.zeros((5, 5)), "closure", NAMES), WEIGHTS, EARNED, 10)
    assert {walk.criteria for walk in found} == {(0,), (1,), (2,), (3,), (4,)}


@pytest.mark.parametrize("mode", ["closure", "saaty", "off"])
def test_what_flows_in_flows_out(mode: Any) -> None:
    transfer = Transfer(shares(), mode, NAMES)
    final = transfer.apply(WEIGHTS)
    along, out = flows(transfer, WEIGHTS, EARNED)
    np.testing.assert_allclose(
        final * EARNED + along.sum(axis=0), out + along.sum(axis=1), atol=1e-15
    )
    assert out.sum() == pytest.approx(float(final @ EARNED))


def test_declared_influences_as_a_graph() -> None:
    influences = [
        Influence.model_validate(
            {"from": "ops", "to": "cost", "share": 0.1, "because": {"en": "x", "zh": "y"}}
        ),
        Influence.model_validate({"from": "perf", "to": "cost", "share": 0.2, "source": "survey"}),
    ]
    graph = influence_graph(NAMES, influences)
    assert set(graph) == set(NAMES)
    assert graph.edges["ops", "cost"] == {"share": 0.1, "because_en": "x", "because_zh": "y"}
    assert graph.edges["perf", "cost"] == {"share": 0.2, "source": "survey"}

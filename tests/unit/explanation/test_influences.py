"""What influences do to the lead: an own closure by numpy, all subsets, quadrature, a fine grid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

import mcda
from mcda.dependency.closure import Edge
from mcda.engine.board import Board
from mcda.explanation import influences
from mcda.explanation.influences import InfluencedLead, edge_effects, turns
from tests.unit.explanation.test_explanation import textbook_shapley

MODES = ("closure", "saaty")
WEIGHTINGS = ("linear", "classic", "hierarchical")
GROUPS = (0, 0, 1, 2)
#: From a leaf, from a node of two leaves, to a node, and a circle.
EDGES = (
    Edge((0,), np.array([1.0]), (2,), 0.2),
    Edge((0, 1), np.array([0.25, 0.75]), (3,), 0.3),
    Edge((3,), np.array([1.0]), (0, 1), 0.15),
    Edge((2,), np.array([1.0]), (0,), 0.1),
)


def board(seed: int, mode: Any, weighting: Any, options: int = 3) -> Board:
    rng = np.random.default_rng(seed)
    judged = rng.random(4) + 0.1
    r = rng.random((4, options))
    return Board(judged / judged.sum(), EDGES, mode, weighting, GROUPS, np.ones(4), r)


def closeness(given: Board, strengths: Any) -> Any:
    """Closeness by the formulas, also at complex strengths: then its imaginary part is a slope."""
    units = np.zeros((len(given.edges), 4, 4))
    for unit, edge in zip(units, given.edges, strict=True):
        unit[np.ix_(edge.sources, edge.targets)] = np.array(edge.inside)[:, None]
    shares = np.tensordot(np.asarray(strengths), units, axes=1)
    keeps = 1 - shares.sum(axis=-2)
    if given.mode == "saaty":
        w = keeps * given.judged + shares @ given.judged
    else:
        w = keeps * (np.linalg.inv(np.eye(4) - shares) @ given.judged)
    same = np.equal.outer(given.groups, given.groups)
    u = {"linear": w, "classic": w**2, "hierarchical": w * (w @ same)}[given.weighting]
    near, far = np.sqrt(u @ given.r**2), np.sqrt(u @ (1 - given.r) ** 2)
    return near / (near + far)


FULL = [edge.share for edge in EDGES]


def lead(given: Board, strengths: Any, other: int = 1) -> Any:
    found = closeness(given, strengths)
    return found[..., 0] - found[..., other]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_effects_are_shapley_values_of_all_subsets(mode: str, weighting: str) -> None:
    given = board(1, mode, weighting)
    names = list("abcd")

    def value(inside: set[str]) -> float:
        return float(lead(given, [s * (n in inside) for n, s in zip(names, FULL, strict=True)]))

    found = edge_effects(InfluencedLead(given), 0, 1)
    assert found.method == "shapley"
    shapley = textbook_shapley(names, value)
    np.testing.assert_allclose(found.shares, list(shapley.values()), atol=1e-14)
    without = [value(set(names) - {name}) for name in names]
    np.testing.assert_allclose(found.without, without, atol=1e-14)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weighting", WEIGHTINGS)
@pytest.mark.parametrize("limit", ["MOST_EDGES", "_MOST_WORK"])
def test_many_influences_share_by_the_derivative_along_the_path(
    mode: str, weighting: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influences, limit, len(EDGES) - 1)
    given = board(2, mode, weighting)
    found = edge_effects(InfluencedLead(given), 0, 1)
    assert found.method == "aumann_shapley"
    for number, share in enumerate(FULL):

        def slope(t: float, number: int = number) -> float:
            strengths = t * np.array(FULL, dtype=complex)
            strengths[number] += 1e-30j
            return float(lead(given, strengths).imag) / 1e-30

        assert found.shares[number] == pytest.approx(share * quad(slope, 0, 1)[0], abs=1e-11)


@pytest.mark.parametrize(("limit", "value"), [("MOST_EDGES", 4), ("_MOST_WORK", 2**4 * 4**3)])
def test_up_to_the_limit_all_subsets_are_taken(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = InfluencedLead(board(3, "closure", "linear"))
    monkeypatch.setattr(influences, limit, value)
    assert edge_effects(lead, 0, 1).method == "shapley"
    monkeypatch.setattr(influences, limit, value - 1)
    assert edge_effects(lead, 0, 1).method == "aumann_shapley"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_small_batches_of_closures_are_those_of_a_large_one(
    mode: str, weighting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = board(4, mode, weighting)
    whole = edge_effects(InfluencedLead(given), 0, 1)
    for room in (1, 3 * 4 * 4):
        monkeypatch.setattr(influences, "_CHUNK", room)
        found = edge_effects(InfluencedLead(given), 0, 1)
        np.testing.assert_allclose(found.shares, whole.shares, atol=1e-15)


def nearest(given: Board, number: int, ends: Any) -> Any:
    """The first share after its own at which some other leads, and who: a grid, then a root."""

    def behind(share: Any, other: int) -> Any:
        strengths = np.tile(FULL, (*np.shape(share), 1))
        strengths[..., number] = share
        return lead(given, strengths, other).reshape(np.shape(share))

    grid = np.linspace(*ends, 1500)
    places = []
    for other in range(1, given.r.shape[1]):
        lost = np.flatnonzero(behind(grid, other) < 0)
        if lost.size:
            around = grid[lost[0] - 1], grid[lost[0]]
            places.append((brentq(behind, *around, args=(other,), xtol=1e-14), other))
    return min(places, key=lambda place: abs(place[0] - ends[0]), default=None)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_turns_against_a_fine_grid(mode: str, weighting: str) -> None:
    turned = 0
    for seed in range(6):
        given = board(seed, mode, weighting)
        order = np.argsort(-closeness(given, FULL))
        given = replace(given, r=given.r[:, order])
        for number, edge in enumerate(EDGES):
            passed = np.zeros(4)
            for each in EDGES:
                passed[list(each.targets)] += each.share
            most = min(1.0, edge.share + min(1 - passed[list(edge.targets)]))
            found = turns(InfluencedLead(given), number, 0, [1, 2])
            for turn, end in zip(found, (0.0, most), strict=True):
                expected = nearest(given, number, (edge.share, end))
                assert (turn is None) == (expected is None)
                if turn is not None:
                    turned += 1
                    assert turn.share == pytest.approx(expected[0], abs=1e-10)
                    assert turn.rival == expected[1]
    assert turned > 5


def test_without_rivals_nothing_turns() -> None:
    given = InfluencedLead(board(5, "closure", "linear"))
    assert turns(given, 0, 0, []) == (None, None)


def test_a_share_that_cannot_be_anything_turns_nothing() -> None:
    """All of the target's importance is passed on already, and the influence's own share is 0."""
    edges = (
        Edge((0,), np.array([1.0]), (2,), 0.0),
        Edge((1,), np.array([1.0]), (2,), 1.0),
    )
    r = np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
    given = Board(np.full(3, 1 / 3), edges, "closure", "linear", (0, 1, 2), np.ones(3), r)
    assert turns(InfluencedLead(given), 0, 0, [1]) == (None, None)


def test_a_turn_by_hand() -> None:
    """The options mirror each other: the lead has the sign of w_a - w_b."""
    scenario = {
        "id": "level",
        "criteria": {n: {"direction": "benefit", "domain": [0, 1]} for n in "ab"},
        "options": {"p": {"a": 0.8, "b": 0.2}, "q": {"a": 0.2, "b": 0.8}},
        "influences": [{"from": "a", "to": "b", "share": 0.3}],
        "weights": {"direct": {"a": 0.9, "b": 1.1}},
        "method": {"weighting": "linear"},
    }
    (only,) = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario))).influences
    # w_a = .45 + .55 s, w_b = .55 (1 - s): equal at s = 1/11
    assert only.lower == (pytest.approx(1 / 11, abs=1e-12), "q")
    assert only.upper is None

"""Reasons of whole blocks, against Shapley values from all orders of the groups."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from mcda.robustness.reasons import MOST_GROUPS, reasons


def closeness(u: Any, r: Any) -> float:
    near, far = np.sqrt((u * r**2).sum()), np.sqrt((u * (1 - r) ** 2).sum())
    return float(near / (near + far)) if near + far else 0.5


def by_orders(u: Any, first: Any, other: Any, groups: Any) -> Any:
    """Textbook Shapley: what each group adds when it joins, over all orders of joining."""
    players = max(groups) + 1
    total = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        now = other.copy()
        for player in order:
            before = closeness(u, now)
            now = np.where(np.array(groups) == player, first, now)
            total[player] += closeness(u, now) - before
    return total / len(orders)


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5])
def test_against_all_orders(players: int) -> None:
    rng = np.random.default_rng(players)
    m, contests = players + 2, 9
    groups = [*range(players), *rng.integers(0, players, 2)]
    first, other = rng.integers(0, 5, (2, m, contests)) / 4
    u = rng.random((m, contests)) * (rng.random((m, contests)) < 0.8)
    found = reasons(first, other, u, groups)
    for b in range(contests):
        expected = by_orders(u[:, b], first[:, b], other[:, b], groups)
        assert found[:, b] == pytest.approx(expected, abs=1e-14)


def test_one_set_of_coefficients_for_all() -> None:
    rng = np.random.default_rng(0)
    first, other = rng.random((2, 3, 4))
    u = rng.random(3)
    assert (
        reasons(first, other, u, (0, 1, 1))
        == reasons(first, other, np.tile(u[:, None], 4), (0, 1, 1))
    ).all()


def test_bytes_do_not_depend_on_the_block() -> None:
    rng = np.random.default_rng(1)
    for players in (1, 3, 6, 9):
        first, other = rng.random((2, players, 3000))
        u = rng.random((players, 3000))
        whole = reasons(first, other, u, range(players))
        for size in (1, 2, 37, 2999):
            part = slice(11, 11 + size)
            own = reasons(first[:, part], other[:, part], u[:, part], range(players))
            assert own.tobytes() == np.ascontiguousarray(whole[:, part]).tobytes()


def test_twelve_groups() -> None:
    """Equal criteria earn equal amounts; the amounts sum to the lead."""
    first, other = np.full((MOST_GROUPS, 50), 0.8), np.full((MOST_GROUPS, 50), 0.3)
    found = reasons(first, other, np.ones(MOST_GROUPS), range(MOST_GROUPS))
    assert found == pytest.approx(np.full_like(found, 0.5 / MOST_GROUPS), abs=1e-14)
    with pytest.raises(ValueError, match="13 groups"):
        reasons(np.ones((13, 1)), np.zeros((13, 1)), np.ones(13), range(13))


def test_who_changes_nothing_earns_nothing() -> None:
    first, other = np.array([[0.7], [0.4], [0.9]]), np.array([[0.2], [0.4], [0.1]])
    found = reasons(first, other, np.array([1.0, 2.0, 0.0]), (0, 1, 2))
    assert found[1:].tolist() == [[0.0], [0.0]]
    assert found[0, 0] == pytest.approx(
        closeness(np.array([1.0, 2.0]), first[:2, 0])
        - closeness(np.array([1.0, 2.0]), other[:2, 0])
    )


def test_nothing_counts_and_no_contests() -> None:
    assert reasons(np.ones((2, 1)), np.zeros((2, 1)), np.zeros(2), (0, 1)).tolist() == [[0], [0]]
    assert reasons(np.ones((2, 0)), np.zeros((2, 0)), np.ones(2), (0, 1)).shape == (2, 0)


def test_the_least_coefficient_there_is() -> None:
    """Its product with a quarter is zero: an option in the middle is then halfway, as it should."""
    found = reasons(np.array([[1.0]]), np.array([[0.5]]), np.array([5e-324]), (0,))
    assert found.tolist() == [[0.5]]


def test_more_contests_than_are_worked_on_at_a_time() -> None:
    """Twelve groups leave room for 32 contests at a time; each has an answer of its own."""
    rng = np.random.default_rng(2)
    first, other = rng.random((2, 12, 70))
    u = rng.random((12, 70))
    found = reasons(first, other, u, range(12))
    for b in range(70):
        lead = closeness(u[:, b], first[:, b]) - closeness(u[:, b], other[:, b])
        assert found[:, b].sum() == pytest.approx(lead, abs=1e-13)
        alone = reasons(first[:, [b]], other[:, [b]], u[:, b], range(12))
        assert alone.tobytes() == found[:, [b]].tobytes()

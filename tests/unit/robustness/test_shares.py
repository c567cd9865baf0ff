"""Between which shares of a group the winner stays: against plain fractions and bisection."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.robustness.shares import bounds, share_at


def closeness(r: np.ndarray, u: np.ndarray) -> np.ndarray:
    near = np.sqrt((u[:, None] * r**2).sum(axis=0))
    far = np.sqrt((u[:, None] * (1 - r) ** 2).sum(axis=0))
    return near / (near + far)


def test_two_options_by_hand() -> None:
    # N = x a^2 + b^2, P = x (1 - a)^2 + (1 - b)^2 with (a, b) = (1, 1/2) against (0, 1):
    # (x + 1/4) (x) > 1 (1/4), so x^2 + x/4 - 1/4 > 0, x > (-1/4 + sqrt(1/16 + 1)) / 2
    r = np.array([[[1.0], [0.0]], [[0.5], [1.0]]])
    below, above = bounds(r, np.ones(2), (0, 1), np.array([0]))
    root = (-0.25 + (1 / 16 + 1) ** 0.5) / 2
    assert below[:, 0] == pytest.approx([root, 0.0], abs=1e-15)
    # the other group's multiple is the inverse: only the proportion counts
    assert above[:, 0] == pytest.approx([np.inf, 1 / root])
    x = Fraction(1, 3)
    share = share_at(np.array(float(x)), np.array(0.25))
    assert float(share) == pytest.approx(float(x * Fraction(1, 4) / (x / 4 + Fraction(3, 4))))


@given(seed=st.integers(0, 10_000), n=st.integers(2, 4), contests=st.integers(1, 3))
@settings(max_examples=30)
def test_the_winner_stays_up_to_the_bounds_and_no_further(seed: int, n: int, contests: int) -> None:
    dice = np.random.default_rng(seed)
    groups = (0, 0, 1, 2)
    r, u = dice.random((4, n, contests)), dice.random(4) + 0.01
    every = np.stack([closeness(r[:, :, b], u) for b in range(contests)], axis=-1)
    winner = every.argmax(axis=0)
    below, above = bounds(r, u, groups, winner)
    for b in range(contests):
        for g in range(3):
            member = np.array(groups) == g

            def leads(x: float, b: int = b, member: np.ndarray = member) -> bool:
                found = closeness(r[:, :, b], np.where(member, x * u, u))
                return bool(found.argmax() == winner[b])

            low, high = below[g, b], above[g, b]
            inside = np.geomspace(max(low, 1e-9) * (1 + 1e-6), min(high, 1e9) * (1 - 1e-6), 50)
            assert all(leads(x) for x in inside)
            assert low == 0.0 or not leads(low * (1 - 1e-6))
            assert np.isinf(high) or not leads(high * (1 + 1e-6))


def test_a_contest_has_the_same_bounds_in_every_block() -> None:
    dice = np.random.default_rng(0)
    r, u = dice.random((3, 3, 50)), dice.random((3, 50))
    winner = np.array([closeness(r[:, :, b], u[:, b]).argmax() for b in range(50)])
    together = bounds(r, u, (0, 1, 1), winner)
    for b in range(50):
        alone = bounds(r[:, :, [b]], u[:, [b]], (0, 1, 1), winner[[b]])
        assert [a[:, b].tolist() for a in together] == [a[:, 0].tolist() for a in alone]

"""Shares of a difference in closeness, against enumeration, textbook formulas and quadrature."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from mcda.explanation import attribution
from mcda.explanation.attribution import attribute, evaluations, nested, shapley
from mcda.model.criteria import Criterion
from mcda.model.tree import CriteriaTree


def closeness(u: Any, r: Any) -> float:
    near, far = math.sqrt((u * r * r).sum()), math.sqrt((u * (1 - r) ** 2).sum())
    return near / (near + far) if near + far else 0.5


def orders(tree: Any) -> list[list[int]]:
    """All orders of the leaves in which every node's leaves stand together."""
    if isinstance(tree, int):
        return [[tree]]
    return [
        list(itertools.chain.from_iterable(combination))
        for arranged in itertools.permutations(tree)
        for combination in itertools.product(*map(orders, arranged))
    ]


def by_orders(u: Any, a: Any, b: Any, tree: Any) -> Any:
    """Winter's level value by its definition: the mean gain over all such orders."""
    every = orders(tree)
    total = np.zeros(len(u))
    for order in every:
        r, before = b.copy(), closeness(u, b)
        for j in order:
            r[j] = a[j]
            after = closeness(u, r)
            total[j] += after - before
            before = after
    return total / len(every)


TREES = [
    (0, 1, 2, 3),
    ((0, 1), 2, (3, 4)),
    ((0, 1), (2, (3, 4))),
    ((0, (1, (2, 3))), 4),
    (0,),
    ((0,), (1, 2)),
    ((0, 1, 2),),
    (((0, 1), (2, 3)), (4, 5)),
]


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_level_values_are_means_over_orders(tree: Any) -> None:
    rng = np.random.default_rng(1)
    m = max(order for each in orders(tree) for order in each) + 1
    for _ in range(20):
        u, a, b = rng.random(m), rng.integers(0, 5, m) / 4, rng.integers(0, 5, m) / 4
        found = attribute(u, a, b, tree).contributions
        np.testing.assert_allclose(found, by_orders(u, a, b, tree), atol=1e-14)
        assert found.sum() == pytest.approx(closeness(u, a) - closeness(u, b), abs=1e-14)


@pytest.mark.parametrize(
    "tree", [*TREES, 0, ((0, 1), (2, 3)), ((0, 1, 2), 3, (4, (5, 6)))], ids=str
)
def test_evaluations_are_those_made(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted where they are made, for a tree in which every node has several children."""
    made = []
    original = attribution._closeness

    def counting(sums: Any) -> Any:
        made.append(sums[0].size)
        return original(sums)

    monkeypatch.setattr(attribution, "_closeness", counting)
    rng = np.random.default_rng(2)
    u, a, b = rng.random((3, 8))
    leaves = sorted(orders(tree)[0])
    a[len(leaves) :] = b[len(leaves) :]
    several = attribution._without(tree, np.zeros(8, dtype=bool))
    assert several is not None
    needed = evaluations(several)
    attribute(u, a, b, tree)
    assert sum(made) == needed
    # the level value up to just as many as it needs, the path's beyond
    if not isinstance(tree, int):
        assert attribute(u, a, b, tree, int(needed)).method != "aumann_shapley"
        assert attribute(u, a, b, tree, int(needed) - 1).method == "aumann_shapley"


@pytest.mark.parametrize(
    ("tree", "method"),
    [
        (0, "shapley"),
        ((0,), "shapley"),
        ((0, 1), "shapley"),
        ((0, (1,)), "owen"),
        (((0,), (1,)), "owen"),
        ((0, ((1,),)), "winter"),
        ((((0,), 1),), "winter"),
    ],
)
def test_the_value_is_named_after_the_depth(tree: Any, method: str) -> None:
    u, a, b = np.array([1.0, 2.0]), np.array([0.9, 0.3]), np.array([0.2, 0.4])
    assert attribute(u, a, b, tree).method == method
    # also where nothing tells the two apart
    found = attribute(u, a, a, tree)
    assert (found.method, found.contributions.tolist()) == (method, [0.0, 0.0])


def test_the_least_coefficient_there_is() -> None:
    """Its product with a quarter is zero: an option in the middle is then halfway, as it should."""
    found = attribute(np.array([5e-324]), np.array([1.0]), np.array([0.5]), (0,))
    assert found.contributions.tolist() == [0.5]
    found = attribute(np.array([5e-324]), np.array([0.5]), np.array([0.0]), (0,))
    assert found.contributions.tolist() == [0.5]


@pytest.mark.parametrize(("a", "b"), [((0.0, 0.3), (0.0, 0.0)), ((1.0, 0.7), (1.0, 1.0))])
def test_terms_that_vanish_make_no_difference(a: Any, b: Any) -> None:
    """The second criterion's terms are below the least number: both are as good on the path."""
    u = np.array([1.0, 1e-323])
    found = attribute(u, np.array(a), np.array(b), (0, 1), most_evaluations=0)
    assert found.contributions.tolist() == [0.0, 0.0]


def textbook_shapley(u: Any, a: Any, b: Any) -> Any:
    """sum over S of s! (m-1-s)! / m! [v(S + j) - v(S)], subset by subset."""
    m = len(u)
    value = {}
    for mask in itertools.product([False, True], repeat=m):
        value[mask] = closeness(u, np.where(mask, a, b))
    total = np.zeros(m)
    for mask, without in value.items():
        size = sum(mask)
        for j in range(m):
            if not mask[j]:
                weight = math.factorial(size) * math.factorial(m - 1 - size) / math.factorial(m)
                total[j] += weight * (value[(*mask[:j], True, *mask[j + 1 :])] - without)
    return total


@pytest.mark.parametrize("m", [1, 2, 5, 9, 12])
def test_shapley_against_the_textbook(m: int) -> None:
    rng = np.random.default_rng(m)
    u, a, b = rng.random(m), rng.random(m), rng.random(m)
    found = attribute(u, a, b, tuple(range(m)))
    assert found.method == "shapley"
    np.testing.assert_allclose(found.contributions, textbook_shapley(u, a, b), atol=1e-14)


def test_dimensions_play_a_shapley_game_of_their_own() -> None:
    rng = np.random.default_rng(7)
    tree = ((0, 1, 2), (3, 4), (5, 6, 7, 8))
    u, a, b = rng.random(9), rng.random(9), rng.random(9)
    found = attribute(u, a, b, tree)
    assert found.method == "owen"
    value = {}
    for mask in range(8):
        inside = np.zeros(9, dtype=bool)
        for number, leaves in enumerate(tree):
            inside[list(leaves)] = bool(mask >> number & 1)
        value[mask] = closeness(u, np.where(inside, a, b))
    quotient = shapley(np.array([value[mask] for mask in range(8)]))
    sums = [found.contributions[list(leaves)].sum() for leaves in tree]
    np.testing.assert_allclose(sums, quotient, atol=1e-15)


@pytest.mark.parametrize("kind", ["any", "from_worst", "to_best", "near_tie", "corners", "tiny"])
def test_aumann_shapley_against_quadrature(kind: str) -> None:
    """dC/dr_j along the straight path in (N, P), integrated by an adaptive rule."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        m = 5
        u, a, b = rng.random(m) ** 2 + 0.01, rng.random(m), rng.random(m)
        if kind == "from_worst":
            b = np.zeros(m)
        elif kind == "to_best":
            a = np.ones(m)
        elif kind == "near_tie":
            a = np.clip(b + 1e-5 * rng.standard_normal(m), 0, 1)
        elif kind == "corners":
            a, b = rng.integers(0, 2, m) * 1.0, rng.integers(0, 2, m) * 1.0
        elif kind == "tiny":
            a, b = a * 1e-3, b * 1e-3
        found = attribute(u, a, b, tuple(range(m)), most_evaluations=0)
        difference = closeness(u, a) - closeness(u, b)
        assert found.contributions.sum() == pytest.approx(difference, abs=1e-13)
        if (a == b).all():
            continue
        assert found.method == "aumann_shapley"
        near = [(u * b * b).sum(), (u * a * a).sum()]
        far = [(u * (1 - b) ** 2).sum(), (u * (1 - a) ** 2).sum()]

        def slope(s: float, sign: int, near: Any = near, far: Any = far) -> float:
            # t = s^2 (3 - 2 s) takes the square roots' singular ends away
            t = s * s * (3 - 2 * s)
            n, p = near[0] + t * (near[1] - near[0]), far[0] + t * (far[1] - far[0])
            x, y = math.sqrt(max(n, 0)), math.sqrt(max(p, 0))
            grow = y / x if sign > 0 and x else 0.0
            shrink = x / y if sign < 0 and y else 0.0
            return 6 * s * (1 - s) * (grow - shrink) / (2 * (x + y) ** 2)

        by_near = quad(slope, 0, 1, args=(1,), epsabs=1e-12, epsrel=1e-12, limit=200)[0]
        by_far = quad(slope, 0, 1, args=(-1,), epsabs=1e-12, epsrel=1e-12, limit=200)[0]
        expected = u * ((a * a - b * b) * by_near + ((1 - a) ** 2 - (1 - b) ** 2) * by_far)
        np.testing.assert_allclose(found.contributions, expected, atol=1e-9)


@pytest.mark.parametrize(("m", "method"), [(20, "shapley"), (21, "aumann_shapley")])
def test_twenty_criteria_side_by_side_are_the_most(m: int, method: str) -> None:
    rng = np.random.default_rng(8)
    assert attribute(*rng.random((3, m)), tuple(range(m))).method == method


def test_many_criteria_take_the_path() -> None:
    rng = np.random.default_rng(5)
    u, a, b = rng.random(40), rng.random(40), rng.random(40)
    found = attribute(u, a, b, tuple(range(40)))
    assert found.method == "aumann_shapley"
    assert found.contributions.sum() == pytest.approx(closeness(u, a) - closeness(u, b), abs=1e-14)


def test_who_changes_nothing_earns_nothing_and_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    u, a, b = rng.random(40), rng.random(40), rng.random(40)
    b[8:] = a[8:]
    found = attribute(u, a, b, tuple(range(40)))
    assert found.method == "shapley"  # 8 players are left
    assert (found.contributions[8:] == 0).all()
    # textbook values of the 8, in the same surroundings
    value = {
        mask: closeness(u, np.r_[np.where([mask >> j & 1 for j in range(8)], a[:8], b[:8]), a[8:]])
        for mask in range(256)
    }
    np.testing.assert_allclose(
        found.contributions[:8], shapley(np.array([value[m] for m in range(256)])), atol=1e-15
    )


def test_the_ideal_leaves_no_rounding_behind() -> None:
    """P of the ideal is exactly zero; a difference of sums would leave 1e-9 in its root."""
    u = np.array([0.1, 0.2, 0.3, 0.7])
    found = attribute(u, np.ones(4), np.array([0.3, 0.6, 0.9, 0.1]), ((0, 1), (2, 3)))
    assert found.contributions.sum() == pytest.approx(
        1 - closeness(u, np.array([0.3, 0.6, 0.9, 0.1])), abs=1e-15
    )


def test_a_tree_of_criteria_as_positions() -> None:
    leaf = Criterion(direction="benefit")
    tree = CriteriaTree.of(
        {
            "a": Criterion(children={"x": leaf, "y": leaf}),
            "b": leaf,
            "c": Criterion(children={"z": leaf}),
        }
    )
    assert nested(tree) == ((0, 1), 2, (3,))

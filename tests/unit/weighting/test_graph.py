"""The graph of comparisons, against networkx, the laws of resistors and enumeration."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import networkx as nx
import numpy as np
import pytest

from mcda.weighting.graph import (
    components,
    laplacian_inverse,
    next_comparison,
    resistances,
    shortest_circle,
)


def flags(n: int, pairs: Any) -> Any:
    known = np.eye(n, dtype=bool)
    for i, j in pairs:
        known[i, j] = known[j, i] = True
    return known


@pytest.mark.parametrize("seed", range(8))
def test_components_are_those_of_networkx(seed: int) -> None:
    graph = nx.gnp_random_graph(9, 0.15, seed=seed)
    expected = sorted(sorted(each) for each in nx.connected_components(graph))
    assert components(flags(9, graph.edges)) == expected


@pytest.mark.parametrize("seed", range(6))
def test_the_inverse_is_the_pseudo_inverse(seed: int) -> None:
    graph = nx.gnp_random_graph(7, 0.4, seed=seed)
    nx.add_path(graph, range(7))
    expected = np.linalg.pinv(nx.laplacian_matrix(graph, nodelist=range(7)).toarray())
    found = laplacian_inverse(flags(7, graph.edges))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_resistances_of_wires() -> None:
    """In a row they add up; side by side 1/R does."""
    row = resistances(laplacian_inverse(flags(4, [(0, 1), (1, 2), (2, 3)])))
    np.testing.assert_allclose(row, np.abs(np.subtract.outer(range(4), range(4))), atol=1e-12)
    ring = resistances(laplacian_inverse(flags(5, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)])))
    assert ring[0, 1] == pytest.approx(1 / (1 + 1 / 4))
    assert ring[0, 2] == pytest.approx(1 / (1 / 2 + 1 / 3))


class TestNextComparison:
    @pytest.mark.parametrize("seed", range(12))
    def test_the_least_certain_ratio(self, seed: int) -> None:
        """By networkx's resistance; the first in order of those that are equally uncertain."""
        graph = nx.gnp_random_graph(6, 0.3, seed=seed)
        nx.add_path(graph, [3, 0, 5, 1, 4, 2])
        open_pairs = [pair for pair in combinations(range(6), 2) if not graph.has_edge(*pair)]
        refused: set[tuple[int, int]] = set()
        while open_pairs:
            resistance = {pair: nx.resistance_distance(graph, *pair) for pair in open_pairs}
            most = max(resistance.values())
            expected = min(pair for pair in open_pairs if resistance[pair] > most - 1e-9)
            found = next_comparison(flags(6, graph.edges), frozenset(refused))
            assert found == expected
            open_pairs.remove(expected)
            refused.add(expected)
        assert next_comparison(flags(6, graph.edges), frozenset(refused)) is None

    def test_first_what_joins_groups_neighbours_before_others(self) -> None:
        nothing: frozenset[tuple[int, int]] = frozenset()
        assert next_comparison(flags(4, []), nothing) == (0, 1)
        assert next_comparison(flags(4, [(0, 1)]), nothing) == (1, 2)
        assert next_comparison(flags(4, [(0, 1), (1, 2)]), nothing) == (2, 3)
        assert next_comparison(flags(4, [(0, 1)]), frozenset({(1, 2)})) == (2, 3)
        assert next_comparison(flags(4, [(0, 1), (2, 3)]), frozenset({(1, 2)})) == (0, 2)
        # 0 and 1 are joined already: what joins comes before what is least certain
        assert next_comparison(flags(4, [(0, 1), (1, 2), (0, 2)]), frozenset({(2, 3)})) == (1, 3)

    def test_where_what_would_join_is_refused(self) -> None:
        """The other open pairs are asked, in order."""
        known, refused = flags(4, [(0, 1), (1, 2)]), frozenset({(0, 3), (1, 3), (2, 3)})
        assert next_comparison(known, refused) == (0, 2)
        assert next_comparison(flags(4, [(0, 1), (1, 2), (0, 2)]), refused) is None


@pytest.mark.parametrize("seed", range(40))
def test_shortest_circles_by_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    prefers = np.zeros((n, n), dtype=bool)
    for i, j in combinations(range(n), 2):
        # mostly no comparison, so that circles are long or none
        kind = rng.random()
        prefers[i, j], prefers[j, i] = kind < 0.3, kind > 0.7
    circles = [
        order
        for size in range(3, n + 1)
        for order in permutations(range(n), size)
        if order[0] == min(order)
        and all(prefers[a, b] for a, b in zip(order, (*order[1:], order[0]), strict=True))
    ]
    found = shortest_circle(prefers)
    if not circles:
        assert found is None
        return
    assert found is not None
    assert len(found) == min(map(len, circles))
    assert len(set(found)) == len(found)
    assert all(prefers[a, b] for a, b in zip(found, (*found[1:], found[0]), strict=True))
    # of the shortest, one that begins with the lowest number
    assert found[0] == min(min(each) for each in circles if len(each) == len(found))

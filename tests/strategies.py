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


@st.composite
def scenarios(draw: st.DrawFn, *, influenced: bool = True) -> dict[str, Any]:
    """A scenario of its own criteria: a tree of up to three levels, influences with circles."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    method = {
        "weighting": draw(st.sampled_from(["hierarchical", "classic", "linear"])),
        "dependencies": draw(st.sampled_from(["closure", "closure", "saaty"])),
        "normalization": draw(st.sampled_from(["domain", "domain", "vector", "minmax"])),
    }
    return random_scenario(rng, method, influenced=influenced)


def random_scenario(
    rng: np.random.Generator, method: dict[str, str], *, influenced: bool = True
) -> dict[str, Any]:
    """One to four dimensions, each a leaf or a tree of up to three levels; two to four options."""
    criteria: dict[str, Any] = {}
    leaves: list[str] = []
    nodes: dict[str, tuple[str, ...]] = {}

    def grow(prefix: str, above: tuple[str, ...], level: int) -> dict[str, Any]:
        nodes[prefix] = (*above, prefix)
        if level == 3 or rng.random() < 0.5:
            leaves.append(prefix)
            direction = "benefit" if rng.random() < 0.5 else "cost"
            return {"direction": direction, "domain": [0, 10]}
        children = {
            f"{prefix}{k}": grow(f"{prefix}{k}", (*above, prefix), level + 1)
            for k in range(rng.integers(1, 4))
        }
        return {"children": children}

    for name in "abcde"[: rng.integers(1, 5)]:
        criteria[name] = grow(name, (), 1)
    options = {
        f"o{i}": {leaf: float(rng.integers(0, 11)) for leaf in leaves}
        for i in range(rng.integers(2, 5))
    }
    points = {
        node: {child: float(rng.integers(1, 10)) for child in children}
        for node, children in [("goal", list(criteria)), *_parents(criteria)]
    }
    scenario: dict[str, Any] = {
        "id": "drawn",
        "criteria": criteria,
        "options": options,
        "weights": {"points": points},
        "method": method,
    }
    if influenced:
        names = list(nodes)
        room = dict.fromkeys(leaves, 0.9)
        influences: dict[tuple[str, str], float] = {}
        for _ in range(rng.integers(0, 7)):
            source, target = rng.choice(names, 2)
            below = [leaf for leaf in leaves if target in nodes[leaf]]
            apart = source not in nodes[target] and target not in nodes[source]
            share = round(float(rng.random()) * min(room[leaf] for leaf in below), 3)
            if apart and (source, target) not in influences and share > 0:
                influences[str(source), str(target)] = share
                for leaf in below:
                    room[leaf] -= share
        scenario["influences"] = [
            {"from": source, "to": target, "share": share}
            for (source, target), share in influences.items()
        ]
    return scenario


def _parents(criteria: dict[str, Any]) -> list[tuple[str, list[str]]]:
    found = []
    for name, node in criteria.items():
        if "children" in node:
            found += [(name, list(node["children"])), *_parents(node["children"])]
    return found

"""The graph of comparisons: what is connected, what is cross-checked, what to ask next.

For criteria as nodes and comparisons as edges with Laplacian L, row geometric means generalise to
logarithmic least squares: ln w = L^+ b with b_i the sum of i's log judgements; unique if and only
if the graph is connected (Bozoki, Fulop & Ronyai 2010). Under independent noise of variance s2 in
the log judgements, ln w has the covariance s2 L^+. The effective resistance between two criteria,
R_ij = L^+_ii + L^+_jj - 2 L^+_ij, is thus the variance of ln(w_i / w_j) in units of s2; on an edge
it is the comparison's leverage, 1 for a bridge that nothing cross-checks.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "components",
    "connected",
    "laplacian_inverse",
    "next_comparison",
    "resistances",
    "shortest_circle",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def components(known: Flags) -> list[list[int]]:
    """The connected components of the comparisons `known` (n, n), each in order."""
    left = set(range(len(known)))
    found = []
    while left:
        reached, frontier = set(), {min(left)}
        while frontier:
            reached |= frontier
            near = known[sorted(frontier)].any(axis=0)
            frontier = {int(i) for i in np.flatnonzero(near)} - reached
        found.append(sorted(reached))
        left -= reached
    return found


def connected(known: Flags) -> Flags:
    """Whether comparisons (..., n, n), the diagonal included, connect everything: (...)."""
    reached: Flags = known[..., 0, :]
    for _ in range(known.shape[-1] - 2):
        reached = np.asarray((known & reached[..., None, :]).any(axis=-1))
    return np.asarray(reached.all(axis=-1))


def laplacian_inverse(known: Flags) -> Floats:
    """L^+ (..., n, n), the pseudo-inverses of the Laplacians of connected comparisons."""
    n = known.shape[-1]
    own = np.eye(n, dtype=bool)
    edges = known & ~own
    laplacian = np.where(own, edges.sum(axis=-1, dtype=np.float64)[..., None], 0.0) - edges
    return np.asarray(np.linalg.inv(laplacian + 1.0 / n) - 1.0 / n)


def resistances(inverse: Floats) -> Floats:
    """R (n, n): the variance of each ln(w_i / w_j) in units of the judgements' variance."""
    own = np.diagonal(inverse)
    return np.asarray(own[:, None] + own - 2.0 * inverse)


def next_comparison(known: Flags, refused: frozenset[tuple[int, int]]) -> tuple[int, int] | None:
    """The comparison (i, j), i < j, that should be asked next; ``None`` when there is no more.

    Until all are connected, one that joins two groups; then the one whose ratio is least
    certain, by effective resistance. `refused` pairs are not asked.
    """
    n = len(known)
    groups = components(known)
    group_of = {i: number for number, group in enumerate(groups) for i in group}
    open_pairs = [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if not known[i, j] and (i, j) not in refused
    ]
    joining = [(i, j) for i, j in open_pairs if group_of[i] != group_of[j]]
    if joining:
        # neighbours first, so that what was just thought about is one side of the next question
        return min(joining, key=lambda pair: (pair[1] - pair[0], pair))
    if not open_pairs or len(groups) > 1:
        return open_pairs[0] if open_pairs else None
    unsure = resistances(laplacian_inverse(known))
    return max(open_pairs, key=lambda pair: (round(float(unsure[pair]), 9), -pair[0], -pair[1]))


def shortest_circle(prefers: Flags) -> tuple[int, ...] | None:
    """The shortest circle i > j > ... > i of strict preferences (n, n), the first by number."""
    n = len(prefers)
    counts = prefers.astype(np.float64)
    closing = prefers & ((counts @ counts).T > 0)
    if closing.any():
        i, j = (int(k) for k in np.argwhere(closing)[0])
        k = int(np.flatnonzero(prefers[j] & prefers[:, i])[0])
        return i, j, k
    best: tuple[int, ...] | None = None
    for start in range(n):
        circle = _circle_through(prefers, start)
        if circle is not None and (best is None or len(circle) < len(best)):
            best = circle
    return best


def _circle_through(prefers: Flags, start: int) -> tuple[int, ...] | None:
    before = {start: -1}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for following in map(int, np.flatnonzero(prefers[node])):
            if following == start:
                path = [node]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return tuple(reversed(path))
            if following not in before:
                before[following] = node
                queue.append(following)
    return None

"""Priorities of many sets of judgements about the same criteria at once.

Everything but the principal eigenvector is made by elementwise operations in a fixed order, sets
last, so that a set's values are the same to the last bit whatever other sets it is among.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.weighting.ahp import Method
from mcda.weighting.consistency import incomplete_random_index
from mcda.weighting.graph import components, laplacian_inverse
from mcda.weighting.priorities import perron, perron_of_upper

__all__ = ["Priorities", "prioritise_many"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]


class Priorities(NamedTuple):
    """Of B sets of judgements about n criteria.

    Attributes
    ----------
    weights : (n, B) array
        Sum 1; NaN where comparisons do not connect the criteria.
    consistency_ratio : (B,) array
    variance : (B,) array
        Of the judgements' logarithms, as `AhpResult.gci` estimates it; 0 where nothing is
        cross-checked.
    covariances : tuple of (n, n) arrays
        Of the log weights in units of that variance, one for each pattern of comparisons made.
    pattern : (B,) array
        Which one is a set's.
    groups : dict
        Patterns that do not connect the criteria, and the groups they fall into.
    """

    weights: Floats
    consistency_ratio: Floats
    variance: Floats
    covariances: tuple[Floats, ...]
    pattern: Positions
    groups: dict[int, list[list[int]]]


def prioritise_many(ratios: Floats, n: int, method: Method) -> Priorities:
    """`mcda.ahp` for many sets of judgements.

    Parameters
    ----------
    ratios : (n (n - 1) / 2, B)
        How many times as important i is as j, for all i < j row by row; NaN where they are not
        compared.
    n
        Criteria, at least 2.
    method
        "geometric_mean" or "eigenvector".
    """
    contests = ratios.shape[1]
    pattern, shapes = _patterns(~np.isnan(ratios))
    weights, ratio = np.full((n, contests), np.nan), np.zeros(contests)
    variance = np.zeros(contests)
    covariances: list[Floats] = []
    groups: dict[int, list[list[int]]] = {}
    for number, made in enumerate(shapes):
        known = _square(made, n)
        apart = components(known)
        if len(apart) > 1:
            groups[number] = [list(each) for each in apart]
            covariances.append(np.zeros((n, n)))
            continue
        covariances.append(laplacian_inverse(known))
        which = slice(None) if len(shapes) == 1 else np.flatnonzero(pattern == number)
        own = ratios[:, which]
        found = _prioritised(own, n, made, covariances[-1], method)
        weights[:, which], ratio[which], variance[which] = found
    return Priorities(weights, ratio, variance, tuple(covariances), pattern, groups)


def _patterns(known: Flags) -> tuple[Positions, list[Flags]]:
    """Which comparisons (pairs, B) are made: the number of each set's pattern, and the patterns."""
    contests = known.shape[1]
    if not contests or (known == known[:, :1]).all():
        return np.zeros(contests, dtype=np.intp), [known[:, 0]] if contests else []
    packed = np.packbits(known, axis=0).T
    packed = np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    return which.reshape(-1), [known[:, place] for place in first.tolist()]


def _square(made: Flags, n: int) -> Flags:
    known = np.eye(n, dtype=bool)
    i, j = np.triu_indices(n, 1)
    known[i, j] = known[j, i] = made
    return known


def _prioritised(
    ratios: Floats, n: int, made: Flags, covariance: Floats, method: Method
) -> tuple[Floats, Floats, Floats]:
    """Weights, consistency ratios and variances of sets in which the same comparisons are made."""
    pairs = [pair for pair, here in zip(combinations(range(n), 2), made, strict=True) if here]
    logs = np.log(ratios[made])
    sums = np.zeros((n, ratios.shape[1]))
    for (i, j), log in zip(pairs, logs, strict=True):
        sums[i] += log
        sums[j] -= log
    logarithms = np.zeros_like(sums)
    for own, row in zip(logarithms, covariance, strict=True):
        for share, each in zip(row.tolist(), sums, strict=True):
            own += share * each
    missing = n * (n - 1) // 2 - len(pairs)
    freedom = len(pairs) - (n - 1)
    variance = np.zeros(ratios.shape[1])
    if freedom:
        for (i, j), log in zip(pairs, logs, strict=True):
            variance += (log - logarithms[i] + logarithms[j]) ** 2
        variance /= freedom
    weights = np.exp(logarithms - logarithms.max(axis=0))
    weights = _normalised(weights)
    index = incomplete_random_index(n, missing)
    ratio = np.zeros(ratios.shape[1])
    if index > 0.0 or method == "eigenvector":
        vectors, roots = _perron(ratios, n, made)
        if method == "eigenvector":
            weights = vectors
        if index > 0.0:
            ratio = np.maximum(0.0, (roots - n) / (n - 1)) / index
    return weights, ratio, variance


def _perron(ratios: Floats, n: int, made: Flags) -> tuple[Floats, Floats]:
    """Principal eigenvectors (n, B) and eigenvalues (B,); missing comparisons as Harker (1987)."""
    if made.all():
        vectors, roots = perron_of_upper(np.ascontiguousarray(ratios.T), n)
        return np.ascontiguousarray(vectors.T), roots
    matrix = np.zeros((ratios.shape[1], n, n))
    i, j = np.triu_indices(n, 1)
    matrix[:, i[made], j[made]] = ratios[made].T
    matrix[:, j[made], i[made]] = 1.0 / ratios[made].T
    matrix += np.diag(n - _square(made, n).sum(axis=1) + 1.0)
    vectors, roots = perron(matrix)
    return np.ascontiguousarray(vectors.T), roots


def _normalised(weights: Floats) -> Floats:
    total = weights[0].copy()
    for row in weights[1:]:
        total += row
    return np.asarray(weights / total)

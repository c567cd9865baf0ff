"""What each criterion contributes to the difference in closeness between two options.

The game: v(T) is the closeness of an option that scores like A on the criteria in T and like B on
the others, so v(all) - v(none) = C_A - C_B. The level value of Winter (1989) shares the difference
out along the tree of criteria: the leaves' values sum to their parent's, the dimensions' to the
difference. With two levels it is Owen's (1977), with one Shapley's (1953); Labreuche & Fossier
(2018) argue for it where criteria form a hierarchy.

Where that takes too many evaluations, the value of Aumann & Shapley (1974) along the straight path
in (N, P) takes its place: it costs one integral for each sum and adds up under any grouping.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.model.criteria import GOAL
from mcda.model.tree import CriteriaTree

__all__ = [
    "MOST_EVALUATIONS",
    "Attribution",
    "Nested",
    "attribute",
    "evaluations",
    "nested",
    "shapley",
]

Floats = NDArray[np.float64]
#: A criterion's position, or the children of a node.
Nested = int | tuple["Nested", ...]
AttributionMethod = Literal["shapley", "owen", "winter", "aumann_shapley"]

#: Beyond this many evaluations of closeness the Aumann-Shapley value is taken.
MOST_EVALUATIONS = 2**20
#: Options whose closeness differs by less than this share of its size nearly tie.
_NEAR = 1e-3
_NODES = 24


class Attribution(NamedTuple):
    """A difference in closeness shared out.

    Attributes
    ----------
    contributions : (m,) array
        Sum to the difference; above zero speaks for A.
    method : str
        "shapley", "owen" or "winter" by the depth of the tree, or "aumann_shapley".
    """

    contributions: Floats
    method: AttributionMethod


class _Game(NamedTuple):
    """Each criterion's terms of N and P, if it scores like B (low) or like A (high)."""

    low: Floats
    high: Floats


def nested(tree: CriteriaTree, node: str = GOAL) -> Nested:
    """A tree of criteria as nested positions of its leaves."""
    children = tree.children.get(node)
    if children is None:
        return tree.leaf_ids.index(node)
    return tuple(nested(tree, child) for child in children)


def attribute(
    coefficients: Floats,
    first: Floats,
    other: Floats,
    tree: Nested,
    most_evaluations: int = MOST_EVALUATIONS,
) -> Attribution:
    """Share the difference in closeness between two options out over the criteria.

    Parameters
    ----------
    coefficients : (m,)
        Of the squared gaps, not negative.
    first, other : (m,)
        Scores in [0, 1] of A and B.
    tree
        The criteria's positions as a nested tuple, ``((0, 1), 2)`` for two dimensions the first
        of which has two leaves.
    most_evaluations
        Take the Aumann-Shapley value where the level value needs more evaluations.

    Returns
    -------
    Attribution

    Examples
    --------
    >>> u = np.array([0.25, 0.25])
    >>> attribute(u, np.array([1.0, 0.5]), np.array([0.5, 1.0]), (0, 1)).contributions.round(3)
    array([ 0.25, -0.25])
    """
    game = _Game(
        np.stack([coefficients * other**2, coefficients * (1.0 - other) ** 2]),
        np.stack([coefficients * first**2, coefficients * (1.0 - first) ** 2]),
    )
    # who changes nothing earns nothing, and others earn the same without them
    null = (game.low == game.high).all(axis=0)
    base = np.zeros((2, 1)) + game.low[:, null].sum(axis=1, keepdims=True)
    kept = _without(tree, null)
    contributions = np.zeros(len(coefficients))
    if kept is None:
        return Attribution(contributions, _name(tree))
    if evaluations(kept) > most_evaluations:
        return Attribution(_along_the_path(game, null), "aumann_shapley")
    for leaves, values in _level_values(game, kept, base, np.ones(1)):
        contributions[list(leaves)] = values
    return Attribution(contributions, _name(tree))


def _name(tree: Nested) -> AttributionMethod:
    depth = _depth(tree)
    return "shapley" if depth <= 1 else "owen" if depth == 2 else "winter"


def _depth(tree: Nested) -> int:
    return 0 if isinstance(tree, int) else 1 + max(map(_depth, tree), default=0)


def _without(tree: Nested, null: NDArray[np.bool_]) -> Nested | None:
    """The tree without null criteria, nodes with one child replaced by it; ``None`` if all are."""
    if isinstance(tree, int):
        return None if null[tree] else tree
    children = tuple(kept for child in tree if (kept := _without(child, null)) is not None)
    if len(children) > 1:
        return children
    return children[0] if children else None


def evaluations(tree: Nested, contexts: float = 1.0) -> float:
    """How many evaluations of closeness the level value of a tree takes."""
    if isinstance(tree, int):
        return 2.0
    many = contexts * 2.0 ** len(tree)
    inner = [child for child in tree if not isinstance(child, int)]
    own = many if len(inner) < len(tree) else 0.0
    return own + sum(evaluations(child, many / 2) for child in inner)


def _level_values(
    game: _Game, tree: Nested, contexts: Floats, weights: Floats
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Leaves and their values, node by node.

    `contexts` (2, c) are the sums over everything outside the node, for each way in which that
    can be made up, and `weights` (c,) how much each way counts.
    """
    if isinstance(tree, int):
        tree = (tree,)
    low = np.stack([_sum_below(game.low, child) for child in tree], axis=1)
    high = np.stack([_sum_below(game.high, child) for child in tree], axis=1)
    leaves = [position for position, child in enumerate(tree) if isinstance(child, int)]
    if leaves:
        sums = _subset_sums(contexts, low, high)
        values = weights @ _closeness(sums)
        yield tuple(tree[p] for p in leaves), shapley(values)[leaves]  # type: ignore[misc]
    for position, child in enumerate(tree):
        if isinstance(child, int):
            continue
        rest = np.arange(len(tree)) != position
        around = _subset_sums(contexts, low[:, rest], high[:, rest])
        shares = _shapley_weights(len(tree))
        yield from _level_values(
            game, child, around.reshape(2, -1), np.multiply.outer(weights, shares).ravel()
        )


def _sum_below(terms: Floats, tree: Nested) -> Floats:
    """Sums (2,) over the leaves at or below a node."""
    if isinstance(tree, int):
        return np.asarray(terms[:, tree])
    return np.asarray(np.sum([_sum_below(terms, child) for child in tree], axis=0))


def _subset_sums(contexts: Floats, low: Floats, high: Floats) -> Floats:
    """Sums (2, c, 2**k) for every subset of k players.

    Each of `contexts` (2, c) plus, for each player, the term from `high` (2, k) if it is in the
    subset, else the one from `low`; bit j of a subset's number says whether player j is in it.
    All terms are added, none subtracted, so that a sum that is zero is exactly so.
    """
    k = low.shape[1]
    sums = np.empty((*contexts.shape, 1 << k))
    sums[..., 0] = contexts
    for player in range(k):
        half = 1 << player
        np.add(sums[..., :half], high[:, player, None, None], out=sums[..., half : 2 * half])
        sums[..., :half] += low[:, player, None, None]
    return sums


def _closeness(sums: Floats) -> Floats:
    """Closeness from sums (2, ...) of N and P, which are overwritten."""
    near: Floats
    near, far = np.sqrt(sums, out=sums)
    far += near
    if not far.min(initial=1.0):
        none = far == 0.0
        near[none], far[none] = 1.0, 2.0
    near /= far
    return near


def shapley(values: Floats) -> Floats:
    """Shapley values (k,) of a game given by its values (2**k,) on all subsets.

    Bit j of a subset's number says whether player j is in it.
    """
    players = len(values).bit_length() - 1
    inside, outside = _coefficients(players)
    # player j's value is the sum of inside * values over the subsets with j, less the whole sum of
    # outside * values; summing the halves, last player first, takes 2 additions for each subset
    terms = inside * values
    base = outside @ values
    result = np.empty(players)
    for player in reversed(range(players)):
        with_player = terms[1 << player :]
        result[player] = with_player.sum() - base
        terms = terms[: 1 << player] + with_player
    return result


@cache
def _shapley_weights(players: int) -> Floats:
    """The weight s! (k - 1 - s)! / k! of every subset of the k - 1 other players."""
    by_size = [1.0 / (players * math.comb(players - 1, size)) for size in range(players)]
    return _frozen(np.array(by_size)[_sizes(players - 1)])


@cache
def _coefficients(players: int) -> tuple[Floats, Floats]:
    """How often a subset's value counts for a player: in it rather than not in it, and not in it.

    A player who is in a subset of s counts its value (s - 1)! (k - s)! / k! times, one who is not
    -s! (k - 1 - s)! / k! times.
    """
    sizes = np.arange(players + 1)
    others = np.array([math.comb(players - 1, size) for size in sizes], dtype=np.float64)
    without = np.divide(1.0, players * others, where=others > 0, out=np.zeros(players + 1))
    within = np.r_[0.0, without[:-1]]
    by_subset = _sizes(players)
    return _frozen((within + without)[by_subset]), _frozen(without[by_subset])


def _sizes(players: int) -> NDArray[np.int64]:
    """How many players every subset has."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def _frozen(array: Floats) -> Floats:
    array.flags.writeable = False
    return array


def _along_the_path(game: _Game, null: NDArray[np.bool_]) -> Floats:
    """Aumann-Shapley values along the straight path from B to A in (N, P).

    With C the closeness, integrating dC/dN and dC/dP over the path. As N dP - P dN is constant on
    it, the integrals over C have the smooth integrands (1-C)^2 / Q and -C^2 / Q with
    Q = (1-C)^2 DN - C^2 DP; only near ties are integrated over the path's own parameter.
    """
    (near_low, far_low), (near_high, far_high) = game.low.sum(axis=1), game.high.sum(axis=1)
    gain_near = math.fsum((game.high[0] - game.low[0]).tolist())
    gain_far = math.fsum((game.high[1] - game.low[1]).tolist())
    start, end = _closeness(np.array([[near_low, near_high], [far_low, far_high]]))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    step, weights = (nodes + 1.0) / 2.0, weights / 2.0
    room = min(max(start, end), max(1.0 - start, 1.0 - end))
    if abs(end - start) > _NEAR * room:
        c = start + (end - start) * step
        q = (1.0 - c) ** 2 * gain_near - c**2 * gain_far
        by_near = (end - start) * (weights @ ((1.0 - c) ** 2 / q))
        by_far = -(end - start) * (weights @ (c**2 / q))
    else:
        near = np.sqrt(near_low + (near_high - near_low) * step)
        far = np.sqrt(far_low + (far_high - far_low) * step)
        with np.errstate(divide="ignore"):
            slope = 0.5 / (near + far) ** 2
            by_near = weights @ (slope * np.divide(far, near, where=near > 0, out=near * 0.0))
            by_far = -weights @ (slope * np.divide(near, far, where=far > 0, out=far * 0.0))
    result = (game.high[0] - game.low[0]) * by_near + (game.high[1] - game.low[1]) * by_far
    result[null] = 0.0
    return np.asarray(result)

"""Judgements -> local weights -> judged leaf weights -> weights after influences -> shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mcda.dependency.closure import ROUNDING, Edge, Transfer, expand
from mcda.engine.local import local_weights
from mcda.model.criteria import GOAL
from mcda.model.documents import located
from mcda.model.problem import Problem
from mcda.model.text import Notice
from mcda.model.tree import CriteriaTree
from mcda.ranking.kernel import weight_factors
from mcda.robustness.lead import FLOOR, Noise, covariance_of
from mcda.weighting.ahp import AhpResult
from mcda.weighting.best_worst import BestWorstResult
from mcda.weighting.consistency import Diagnostics
from mcda.weighting.hierarchy import leaf_weights

__all__ = [
    "Weighed",
    "coefficients",
    "coefficients_jacobian",
    "covariance_of_priorities",
    "weigh",
    "weights_inside",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weighed:
    """The weights of a problem at every step.

    Attributes
    ----------
    local : mapping
        Node with children -> weights of its children, sum 1.
    judged : (m,) array
        Leaf weights as judged, w.
    final : (m,) array
        Leaf weights after influences, w*.
    transfer : Transfer
        The map from `judged` to `final`.
    edges : tuple of Edge
        The influences between leaves, in the model's order.
    consistency : mapping
        Node with judgements -> its result.
    best_worst : mapping
        Node whose children were compared with the best and the worst -> its result.
    jacobian : (m, L) array
        How `final` changes with all local log weights.
    noise : tuple of Noise
        The columns and the covariance of each node.
    """

    local: Mapping[str, Floats]
    judged: Floats
    final: Floats
    transfer: Transfer
    edges: tuple[Edge, ...]
    consistency: Mapping[str, AhpResult]
    best_worst: Mapping[str, BestWorstResult]
    jacobian: Floats
    noise: tuple[Noise, ...]

    @property
    def answers(self) -> Mapping[str, Diagnostics]:
        """Node -> what the answers behind its weights say of themselves."""
        return {**self.consistency, **self.best_worst}

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What the reader must know about them."""
        return tuple(notice for each in self.answers.values() for notice in each.warnings)

    def take(self, which: NDArray[np.intp]) -> Weighed:  # noqa: ARG002
        """Of some of the scenarios that have these weights: the same."""
        return self

    def variance(self, problem: Problem) -> Callable[[Floats], Floats]:
        """The variance (n, ...) of what changes by gradients (m, n, ...) with the coefficients."""
        jacobian = coefficients_jacobian(self.final, self.jacobian, problem)
        covariance = covariance_of(jacobian, self.noise)

        def of(gradient: Floats) -> Floats:
            return np.asarray((gradient * np.tensordot(covariance, gradient, axes=1)).sum(axis=0))

        return of


def weigh(problem: Problem, values: Floats | None = None) -> Weighed:
    """The weights of a problem.

    `values` (n, m) are the eligible options' leaf values, needed for objective weights only.

    Raises
    ------
    DocumentError
        If comparisons do not connect a node's children, or influences pass importance round in
        a circle for ever.
    """
    tree = problem.tree
    local, answers = local_weights(problem, values)
    consistency = {node: each for node, each in answers.items() if isinstance(each, AhpResult)}
    best_worst = {node: each for node, each in answers.items() if isinstance(each, BestWorstResult)}
    judged = leaf_weights(tree, local)
    transfer, edges = _transfer(problem, local)
    jacobian, noise = _jacobian(tree, local, judged, transfer, edges, consistency)
    return Weighed(
        local,
        judged,
        transfer.apply(judged),
        transfer,
        edges,
        consistency,
        best_worst,
        jacobian,
        noise,
    )


def coefficients(weights: Floats, problem: Problem) -> Floats:
    """U (m, ...): the coefficients of the leaves' squared gaps."""
    factors = weight_factors(weights, problem.method.weighting, problem.tree.dimension_of_leaf)
    return np.asarray(factors * factors)


def coefficients_jacobian(weights: Floats, jacobian: Floats, problem: Problem) -> Floats:
    """How the coefficients (m, L, ...) change, from how the weights (m, ...) do (m, L, ...)."""
    if problem.method.weighting == "linear":
        return jacobian
    if problem.method.weighting == "classic":
        return np.asarray(2.0 * weights[:, None] * jacobian)
    groups = problem.tree.dimension_of_leaf
    return np.asarray(
        _of_groups(weights, groups)[:, None] * jacobian
        + weights[:, None] * _of_groups(jacobian, groups)
    )


def _of_groups(rows: Floats, groups: Sequence[int]) -> Floats:
    """For each row the sum of all rows of its group."""
    totals = np.zeros((max(groups) + 1, *rows.shape[1:]))
    for group, row in zip(groups, rows, strict=True):
        totals[group] += row
    return np.asarray(totals[list(groups)])


def _transfer(problem: Problem, local: Mapping[str, Floats]) -> tuple[Transfer, tuple[Edge, ...]]:
    tree = problem.tree
    edges = tuple(
        Edge(
            tree.leaves_below[each.from_],
            weights_inside(tree, local, each.from_),
            tree.leaves_below[each.to],
            each.share,
        )
        for each in problem.criteria.influences
    )
    shares = expand(edges, len(tree.leaves))
    mode = problem.method.dependencies
    document, keys = problem.influences_at()
    if mode != "off" and (number := _too_much(edges, len(tree.leaves))) is not None:
        keys = (*keys, number)
    with located(document, keys):
        return Transfer(shares, mode, tree.leaf_ids), edges


def _too_much(edges: tuple[Edge, ...], leaves: int) -> int | None:
    """The first influence with which more is taken from a leaf than there is."""
    taken = np.zeros(leaves)
    for number, edge in enumerate(edges):
        taken[list(edge.targets)] += edge.share
        if taken.max() > 1.0 + ROUNDING:
            return number
    return None


def weights_inside(tree: CriteriaTree, local: Mapping[str, Floats], node: str) -> Floats:
    """The weights (k, ...) of the leaves at or below a node inside it, sum 1.

    `local` has the children's weights (c, ...) of every node.
    """
    weights = []
    for number in tree.leaves_below[node]:
        path = (GOAL, *tree.leaves[number].path)
        start = path.index(node)
        weight = np.ones(local[GOAL].shape[1:])
        for parent, child in pairwise(path[start:]):
            weight = weight * local[parent][tree.children[parent].index(child)]
        weights.append(weight)
    return np.array(weights)


def _jacobian(
    tree: CriteriaTree,
    local: Mapping[str, Floats],
    judged: Floats,
    transfer: Transfer,
    edges: tuple[Edge, ...],
    consistency: Mapping[str, AhpResult],
) -> tuple[Floats, tuple[Noise, ...]]:
    """How w* changes with every local log weight, and the noise of each node.

    With G = [leaf below the child] - local weight of the child [leaf below the node],
    d ln w = G; the same G gives the change of a leaf's weight inside a source that lies at or
    above the node.
    """
    m = len(tree.leaves)
    columns: list[Floats] = []
    noise: list[Noise] = []
    for node, children in tree.parents():
        if len(children) < 2:
            continue
        own = slice(len(columns), len(columns) + len(children))
        noise.append(Noise(own, _covariance(consistency.get(node), len(children))))
        below_node = list(tree.leaves_below[node])
        for number, child in enumerate(children):
            growth = np.zeros(m)
            growth[below_node] = -float(local[node][number])
            growth[list(tree.leaves_below[child])] += 1.0
            shares_change = np.zeros((m, m))
            for edge in edges:
                if set(below_node) <= set(edge.sources):
                    change = edge.share * edge.inside * growth[list(edge.sources)]
                    shares_change[np.ix_(edge.sources, edge.targets)] += change[:, None]
            columns.append(transfer.derivative(judged, judged * growth, shares_change))
    if not columns:
        return np.zeros((m, 0)), ()
    return np.stack(columns, axis=1), tuple(noise)


def _covariance(result: AhpResult | None, size: int) -> Floats:
    """The covariance of a node's local log weights, judged or not."""
    if result is None:
        return np.asarray(FLOOR / size * (np.eye(size) - 1.0 / size))
    return covariance_of_priorities(result)


def covariance_of_priorities(result: AhpResult) -> Floats:
    """The covariance of judged log weights or priorities: s2 L^+, s2 at least `FLOOR`."""
    return np.asarray(max(result.gci or 0.0, FLOOR) * result.covariance)

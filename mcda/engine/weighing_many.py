"""The weights of many scenarios that share their criteria, each with weights of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.dependency.closure import LOST, Edge, Mode, kept
from mcda.engine.weighing import Weighed, coefficients_jacobian, weights_inside
from mcda.errors import InputError
from mcda.model.criteria import GOAL
from mcda.model.problem import Problem
from mcda.model.tree import CriteriaTree
from mcda.robustness.lead import FLOOR
from mcda.weighting.ahp import disconnected
from mcda.weighting.many import prioritise_many

__all__ = ["Given", "WeighedMany", "weigh_many"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class Given(NamedTuple):
    """What B scenarios say of the weights under one node with k children.

    Attributes
    ----------
    ratios : (k (k - 1) / 2, B) array
        How many times as important child i is as j, for all i < j row by row; NaN where they are
        not compared.
    direct : (k, B) array or None
        Weights given as numbers; NaN in all rows where a scenario gives none.
    """

    ratios: Floats
    direct: Floats | None = None

    def part(self, first: int, last: int) -> Given:
        """Of the scenarios from `first` to before `last`."""
        direct = None if self.direct is None else self.direct[:, first:last]
        return Given(self.ratios[:, first:last], direct)


class _Noise(NamedTuple):
    """The noise of one node in B scenarios: the children's columns, and their covariances."""

    columns: slice
    covariances: tuple[Floats, ...]
    pattern: Positions
    variance: Floats

    def take(self, which: Positions) -> _Noise:
        return self._replace(pattern=self.pattern[which], variance=self.variance[which])

    def of(self, change: Floats) -> Floats:
        """The variance (n, B) of what changes by `change` (k, n, B) with the log weights."""
        total = np.zeros(change.shape[1:])
        for number, covariance in enumerate(self.covariances):
            which = slice(None) if len(self.covariances) == 1 else self.pattern == number
            own = change[..., which]
            for row, first in zip(covariance.tolist(), own, strict=True):
                along = np.zeros(own.shape[1:])
                for share, second in zip(row, own, strict=True):
                    along += share * second
                along *= first
                total[:, which] += along
        return np.asarray(total * self.variance)


@dataclass(frozen=True, eq=False)
class WeighedMany:
    """The weights of B scenarios; see `Weighed`, whose part it takes in stacks.

    Attributes
    ----------
    final : (m, B) array
        Leaf weights after influences, w*.
    jacobian : (m, L, B) array
        How they change with all local log weights.
    noise : tuple
        Of each node.
    consistency_ratio : (B,) array
        The largest of all nodes; NaN where nothing was compared.
    failed : mapping
        Scenario -> what is wrong with its weights; they mean nothing.
    """

    final: Floats
    jacobian: Floats
    noise: tuple[_Noise, ...]
    consistency_ratio: Floats
    failed: Mapping[int, InputError]

    def take(self, which: Positions) -> WeighedMany:
        """Of some of the scenarios, which are not among the failed ones."""
        return replace(
            self,
            final=self.final[:, which],
            jacobian=self.jacobian[:, :, which],
            noise=tuple(each.take(which) for each in self.noise),
            consistency_ratio=self.consistency_ratio[which],
            failed={},
        )

    def variance(self, problem: Problem) -> Callable[[Floats], Floats]:
        """The variance (n, B) of what changes by gradients (m, n, B) with the coefficients."""
        jacobian = coefficients_jacobian(self.final, self.jacobian, problem)

        def of(gradient: Floats) -> Floats:
            total = np.zeros(gradient.shape[1:])
            for noise in self.noise:
                own = jacobian[:, noise.columns]
                change = own[0][:, None] * gradient[0]
                for slopes, each in zip(own[1:], gradient[1:], strict=True):
                    change += slopes[:, None] * each
                total += noise.of(change)
            return total

        return of


def weigh_many(problem: Problem, template: Weighed, given: Mapping[str, Given]) -> WeighedMany:
    """The weights of B scenarios.

    Parameters
    ----------
    problem
        What they share.
    template
        Its weights, which hold under the nodes that `given` does not name.
    given
        Node -> what each scenario says; at least one.
    """
    tree = problem.tree
    contests = next(iter(given.values())).ratios.shape[1]
    failed: dict[int, InputError] = {}
    local: dict[str, Floats] = {}
    ratio = np.full(contests, np.nan)
    noise: list[_Noise] = []
    columns = 0
    for node, children in tree.parents():
        count = len(children)
        if node in given:
            local[node], own = _local(node, children, given[node], problem, failed, ratio)
        else:
            local[node] = np.repeat(template.local[node][:, None], contests, axis=1)
            own = None
            if node in template.answers:
                np.fmax(ratio, template.answers[node].consistency_ratio, out=ratio)
        if count < 2:
            continue
        at = slice(columns, columns + count)
        columns += count
        if own is None:
            [fixed] = (each for each in template.noise if each.columns == at)
            same = np.zeros(contests, dtype=np.intp)
            own = ((fixed.covariance,), same, np.ones(contests))
        noise.append(_Noise(at, *own))
    judged = _leaf_weights(tree, local, contests)
    transfer = _Transfer(problem, template, local, failed)
    final = transfer.apply(judged)
    jacobian = _jacobian(tree, local, judged, transfer, columns)
    return WeighedMany(final, jacobian, tuple(noise), ratio, failed)


def _local(
    node: str,
    children: tuple[str, ...],
    given: Given,
    problem: Problem,
    failed: dict[int, InputError],
    ratio: Floats,
) -> tuple[Floats, tuple[tuple[Floats, ...], Positions, Floats]]:
    """Weights (k, B) under a node and their noise; raises `ratio` where judgements contradict."""
    k = len(children)
    direct = np.full((k, given.ratios.shape[1]), np.nan) if given.direct is None else given.direct
    plain = ~np.isnan(direct).any(axis=0)
    # a single child has nothing to be compared with, and no eigenvector to be found
    method = problem.method.priorities if k > 1 else "geometric_mean"
    found = prioritise_many(np.where(plain, 1.0, given.ratios), k, method)
    for number, groups in found.groups.items():
        error = disconnected(groups, children, f"the comparisons under {node!r}")
        failed.update(dict.fromkeys(np.flatnonzero(found.pattern == number).tolist(), error))
    weights = found.weights
    if plain.any():
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = direct / direct.max(axis=0)
            total = shares[0].copy()
            for row in shares[1:]:
                total += row
            shares = shares / total
        weights = np.where(plain, shares, weights)
        for contest in np.flatnonzero(plain & ~np.isfinite(weights).all(axis=0)).tolist():
            failed[contest] = InputError(f"the weights under {node!r} are all zero", "Raise one")
    weights[:, list(failed)] = 1.0 / k
    ratio[:] = np.where(plain, ratio, np.fmax(ratio, found.consistency_ratio))
    even = (np.eye(k) - 1.0 / k) / k
    pattern = np.where(plain, len(found.covariances), found.pattern)
    variance = np.where(plain, FLOOR, np.maximum(found.variance, FLOOR))
    return weights, ((*found.covariances, even), pattern, variance)


def _leaf_weights(tree: CriteriaTree, local: Mapping[str, Floats], contests: int) -> Floats:
    """The judged weights (m, B): the products of the local weights down the tree."""
    weights: dict[str, Floats] = {GOAL: np.ones(contests)}
    for node, children in tree.parents():
        for child, own in zip(children, local[node], strict=True):
            weights[child] = weights[node] * own
    return np.stack([weights[leaf] for leaf in tree.leaf_ids])


class _Transfer:
    """The maps from judged weights to weights after influences; see `Transfer`.

    Influences between leaves are the same in all scenarios, those of nodes with children are not:
    then a map is (m, m, B), else (m, m, 1).
    """

    def __init__(
        self,
        problem: Problem,
        template: Weighed,
        local: Mapping[str, Floats],
        failed: dict[int, InputError],
    ) -> None:
        tree, m = problem.tree, len(problem.tree.leaves)
        self.mode: Mode = template.transfer.mode
        self.edges: tuple[Edge, ...] = ()
        self.matrix = template.transfer.matrix[..., None]
        self.walks = template.transfer.walks[..., None]
        if self.mode == "off":
            return
        self.edges = tuple(
            each._replace(inside=weights_inside(tree, local, influence.from_))
            for each, influence in zip(template.edges, problem.criteria.influences, strict=True)
        )
        if all(len(edge.sources) == 1 for edge in self.edges):
            return
        shares = np.zeros((m, m, next(iter(local.values())).shape[1]))
        for edge in self.edges:
            for source, inside in zip(edge.sources, edge.inside, strict=True):
                shares[source, list(edge.targets)] += edge.share * inside
        keeps = kept(shares)
        if self.mode == "saaty":
            self.matrix = shares.copy()
            self.matrix[np.arange(m), np.arange(m)] += keeps
            return
        steps = np.eye(m)[..., None] - shares
        self.walks = _inverses(steps)
        self.matrix = keeps[:, None] * self.walks
        lost = np.abs(self.matrix.sum(axis=0) - 1.0) < LOST
        for contest in np.flatnonzero(~lost.all(axis=0)).tolist():
            failed[contest] = InputError(
                "the importance of some criteria never comes to rest: influences pass (nearly) all "
                "of it on, in a circle",
                "Lower one of the shares in the circle",
            )

    def apply(self, weights: Floats) -> Floats:
        """w* (m, B) of judged weights (m, B)."""
        return weights if self.mode == "off" else _times(self.matrix, weights)

    def derivative(self, weights_change: Floats, passed_on: Floats) -> Floats:
        """How w* changes with the judged weights and with what influences take, all (m, B)."""
        if self.mode == "off":
            return weights_change
        if self.mode == "saaty":
            return _times(self.matrix, weights_change) + passed_on
        return _times(self.matrix, weights_change + passed_on)

    def arriving(self, edge: Edge, judged: Floats) -> Floats:
        """The importance (B,) that comes by an influence's targets."""
        reached = judged if self.mode == "saaty" else _times(self.walks, judged)
        total = np.zeros(judged.shape[1])
        for target in edge.targets:
            total += reached[target]
        return total


def _inverses(matrices: Floats) -> Floats:
    """Inverses of matrices (m, m, B); NaN where there is none."""
    stacked = np.ascontiguousarray(np.moveaxis(matrices, -1, 0))
    try:
        found = np.linalg.inv(stacked)
    except np.linalg.LinAlgError:
        found = np.full(stacked.shape, np.nan)
        for own, each in zip(found, stacked, strict=True):
            if np.linalg.matrix_rank(each) == len(each):
                own[:] = np.linalg.inv(each)
    return np.ascontiguousarray(np.moveaxis(found, 0, -1))


def _times(matrix: Floats, vectors: Floats) -> Floats:
    """Matrices (m, m, B or 1) times vectors (m, B), summed in their order."""
    total = matrix[:, 0] * vectors[0]
    for column, row in zip(np.moveaxis(matrix, 1, 0)[1:], vectors[1:], strict=True):
        total += column * row
    return np.asarray(total)


def _jacobian(
    tree: CriteriaTree,
    local: Mapping[str, Floats],
    judged: Floats,
    transfer: _Transfer,
    columns: int,
) -> Floats:
    """How w* changes with every local log weight, (m, L, B); see the single scenario's."""
    m, contests = judged.shape
    result = np.empty((m, columns, contests))
    arriving = [transfer.arriving(edge, judged) * edge.share for edge in transfer.edges]
    column = 0
    for node, children in tree.parents():
        if len(children) < 2:
            continue
        below_node = list(tree.leaves_below[node])
        for child, own in zip(children, local[node], strict=True):
            growth = np.zeros((m, contests))
            growth[below_node] = -own
            growth[list(tree.leaves_below[child])] += 1.0
            passed_on = np.zeros((m, contests))
            for edge, whole in zip(transfer.edges, arriving, strict=True):
                if set(below_node) <= set(edge.sources):
                    for source, inside in zip(edge.sources, edge.inside, strict=True):
                        passed_on[source] += inside * growth[source] * whole
            result[:, column] = transfer.derivative(judged * growth, passed_on)
            column += 1
    return result

"""The contest as a function of weights: what stays fixed when weights move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mcda.dependency.closure import Edge, Mode, expand
from mcda.engine.decision import Decision
from mcda.ranking.kernel import Weighting, closeness, weight_factors

__all__ = ["Board", "board_of"]

Floats = NDArray[np.float64]

#: A lead below this share of its two terms is rounding.
_ROUNDING = 4e-15
#: Numbers that shares (B, m, m) hold at a time.
_CHUNK = 2**21


@dataclass(frozen=True, eq=False)
class Board:
    """Scores, and how weights become coefficients.

    Attributes
    ----------
    judged : (m,) array
        Leaf weights as judged.
    edges : tuple of Edge
        Influences between leaves; empty if they are off.
    mode : str
        "closure", "saaty" or "off".
    weighting : str
    groups : tuple of int
        Each leaf's dimension.
    scale : (m,) array
        Of the normalised columns.
    r : (m, n) array
        Scores of the options that are ranked together.
    """

    judged: Floats
    edges: tuple[Edge, ...]
    mode: Mode
    weighting: Weighting
    groups: tuple[int, ...]
    scale: Floats
    r: Floats

    @cached_property
    def near(self) -> Floats:
        """Squared gaps (m, n) to the worst ends."""
        return np.asarray(self.r**2)

    @cached_property
    def far(self) -> Floats:
        """Squared gaps (m, n) to the best ends."""
        return np.asarray((1.0 - self.r) ** 2)

    @cached_property
    def fixed(self) -> bool:
        """Whether the influences' shares between leaves stay when judged weights move.

        They do not where an influence comes from a node of several leaves, as each of these has
        the share of it that its weight inside the node gives it.
        """
        return all(len(edge.sources) == 1 for edge in self.edges)

    @cached_property
    def shares(self) -> Floats:
        """Shares (m, m) at the judged weights."""
        return expand(self.edges, len(self.judged))

    def shares_at(self, judged: Floats) -> Floats:
        """Shares (B, m, m) at judged weights (B, m)."""
        shares = np.zeros((len(judged), judged.shape[1], judged.shape[1]))
        for edge in self.edges:
            inside = judged[:, list(edge.sources)]
            total = inside.sum(axis=1, keepdims=True)
            inside = np.where(total > 0, inside / np.where(total > 0, total, 1.0), edge.inside)
            for number, source in enumerate(edge.sources):
                shares[:, source, list(edge.targets)] += edge.share * inside[:, number, None]
        return shares

    def final(self, judged: Floats) -> Floats:
        """w* (B, m) of judged weights (B, m)."""
        if not self.edges or self.mode == "off":
            return judged
        if self.fixed:
            return self.passed_on(judged, self.shares)
        rows = max(1, _CHUNK // judged.shape[1] ** 2)
        return np.concatenate(
            [
                self.passed_on(
                    judged[start : start + rows], self.shares_at(judged[start : start + rows])
                )
                for start in range(0, max(1, len(judged)), rows)
            ]
        )

    def passed_on(self, judged: Floats, shares: Floats) -> Floats:
        """w* (B, m) of judged weights (B, m) or (m,) with shares (B, m, m) or (m, m)."""
        kept = np.maximum(1.0 - shares.sum(axis=-2), 0.0)
        column = np.asarray(judged)[..., None]
        if self.mode == "saaty":
            result = kept * judged + (shares @ column)[..., 0]
        else:
            result = kept * np.linalg.solve(np.eye(shares.shape[-1]) - shares, column)[..., 0]
        return np.asarray(np.maximum(result, 0.0))

    def forms(self, final: Floats) -> tuple[Floats, Floats]:
        """N and P (B, n) at weights w* (B, m), up to one factor for all."""
        factors = weight_factors(final.T, self.weighting, self.groups).T * self.scale
        u = (factors / (factors.max(initial=0.0) or 1.0)) ** 2
        return u @ self.near, u @ self.far

    def closeness(self, final: Floats) -> Floats:
        """Closeness (B, n) at weights w* (B, m)."""
        near, far = self.forms(final)
        return closeness(far, near)

    def closeness_slopes(self, final: Floats) -> Floats:
        """How closeness (m, n) changes with each squared weight factor u_j at weights w* (m,)."""
        u = (weight_factors(final, self.weighting, self.groups) * self.scale) ** 2
        a, b = np.sqrt(u @ self.near), np.sqrt(u @ self.far)
        total = np.where(a + b > 0, a + b, 1.0)
        # a distance of zero stays zero whatever the weights are: its terms are all zero
        growth = self.near / np.where(a > 0, 2.0 * a, np.inf)
        shrink = self.far / np.where(b > 0, 2.0 * b, np.inf)
        return np.asarray((b * growth - a * shrink) / total**2 * (self.scale**2)[:, None])

    def leads(
        self, path: Callable[[Floats], Floats], first: Sequence[int], other: Sequence[int]
    ) -> Callable[[Floats], Floats]:
        """F (B, k) of k pairs of options along a path of judged weights."""
        one, two = list(first), list(other)

        def along(places: Floats) -> Floats:
            near, far = self.forms(self.final(path(places)))
            ours, theirs = near[:, one] * far[:, two], near[:, two] * far[:, one]
            lead = ours - theirs
            # options that are level all along must not cross by rounding
            lead[np.abs(lead) <= _ROUNDING * (ours + theirs)] = 0.0
            return np.asarray(lead)

        return along


def board_of(decision: Decision) -> Board:
    """The board of a decision's eligible options."""
    weighed, contest, problem = (
        decision.workings.weighed,
        decision.workings.contest,
        decision.problem,
    )
    off = problem.method.dependencies == "off"
    return Board(
        weighed.judged,
        () if off else weighed.edges,
        problem.method.dependencies,
        problem.method.weighting,
        problem.tree.dimension_of_leaf,
        contest.scores.scale,
        contest.scores.r,
    )

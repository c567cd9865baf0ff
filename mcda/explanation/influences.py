"""What each declared influence does to the lead: without it, its fair share, and when it turns it.

The lead as a function of the influences' shares: the closure gives w*, w* the coefficients, and
these the difference in closeness. Judged weights and scores stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from mcda.dependency.closure import Edge, expand, kept
from mcda.engine.board import Board
from mcda.explanation.attribution import shapley

__all__ = ["EdgeEffects", "InfluencedLead", "Turn", "edge_effects", "turns"]

Floats = NDArray[np.float64]

#: Beyond this many influences the Aumann-Shapley value is taken.
MOST_EDGES = 14
_NODES = 16
_MOST_NODES = 256
#: Aumann-Shapley values sum to the whole to this.
_SUMMED = 1e-12
#: Operations for all subsets' closures that are worth the wait.
_MOST_WORK = 2e9
#: F times the right power of det(I - S) is a polynomial of at most this degree in one share.
_DEGREE = 8
#: A lead below minus this is lost, not rounded.
_LOST = 1e-12
#: Batches of closures hold at most this many numbers.
_CHUNK = 2**21


class EdgeEffects(NamedTuple):
    """What each of E influences does to the lead.

    Attributes
    ----------
    without : (E,) array
        The lead if only this influence is taken away.
    shares : (E,) array
        Shapley (or Aumann-Shapley) values: they sum to the lead less the lead without all.
    method : str
        "shapley", or "aumann_shapley" for many influences.
    """

    without: Floats
    shares: Floats
    method: Literal["shapley", "aumann_shapley"]


class Turn(NamedTuple):
    """A share at which a rival comes level with the winner, and which rival it is."""

    share: float
    rival: int


@dataclass(frozen=True, eq=False)
class InfluencedLead:
    """A contest as a function of the influences' shares.

    Attributes
    ----------
    board : Board
        With its influences.
    """

    board: Board

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The influences between leaves."""
        return self.board.edges

    @cached_property
    def units(self) -> Floats:
        """Shares (E, m, m) of each influence with strength 1."""
        m = len(self.board.judged)
        return np.stack([expand([edge._replace(share=1.0)], m) for edge in self.edges])

    @cached_property
    def full(self) -> Floats:
        """The declared shares (E,)."""
        return np.array([edge.share for edge in self.edges])

    def weights(self, strengths: Floats) -> Floats:
        """w* (B, m) for the shares (B, E) of the influences."""
        m = len(self.board.judged)
        result = np.empty((len(strengths), m))
        size = max(1, _CHUNK // (m * m))
        for start in range(0, len(strengths), size):
            shares = np.tensordot(strengths[start : start + size], self.units, axes=1)
            result[start : start + size] = self.board.passed_on(self.board.judged, shares)
        return result

    def weights_along(self, edge: int, strengths: Floats) -> Floats:
        """w* (B, m) where one influence has the shares (B,), the others their own."""
        change = strengths - self.edges[edge].share
        shares = self.board.shares + change[:, None, None] * self.units[edge]
        return self.board.passed_on(self.board.judged, shares)


def edge_effects(lead: InfluencedLead, first: int, other: int) -> EdgeEffects:
    """What each influence does to the lead of one option over another.

    Parameters
    ----------
    lead
    first, other
        Columns of the scores.
    """
    full, count = lead.full, len(lead.edges)

    def leads(strengths: Floats) -> Floats:
        found = lead.board.closeness(lead.weights(strengths))
        return np.asarray(found[:, first] - found[:, other])

    without = leads(full * (1.0 - np.eye(count)))
    if count <= MOST_EDGES and _work(lead) <= _MOST_WORK:
        subsets = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
        return EdgeEffects(without, shapley(leads(full * subsets)), "shapley")
    whole = leads(np.stack([full, np.zeros(count)]))
    return EdgeEffects(
        without, _along(lead, first, other, float(whole[0] - whole[1])), "aumann_shapley"
    )


def _work(lead: InfluencedLead) -> float:
    return 2.0 ** len(lead.edges) * len(lead.board.judged) ** 3


def _along(lead: InfluencedLead, first: int, other: int, whole: float) -> Floats:
    """Aumann-Shapley values: the lead's derivative by each share along all of them, times it.

    The path's parameter is bent so that roots of weights that start at zero do no harm, and the
    nodes are doubled until the values sum to the whole.
    """
    total = np.zeros(len(lead.edges))
    count = _NODES
    while count <= _MOST_NODES:
        nodes, weights = np.polynomial.legendre.leggauss(count)
        total[:] = 0.0
        for step, weight in zip((nodes + 1.0) / 2.0, weights / 2.0, strict=True):
            theta, rate = step**2 * (3.0 - 2.0 * step), 6.0 * step * (1.0 - step)
            slopes = _slopes(lead, theta * lead.full, first, other)
            total += weight * rate * lead.full * slopes
        if abs(total.sum() - whole) <= _SUMMED:
            break
        count *= 2
    return total


def _slopes(lead: InfluencedLead, strengths: Floats, first: int, other: int) -> Floats:
    """How the lead changes with each share (E,)."""
    m = len(lead.board.judged)
    shares = expand(
        (edge._replace(share=s) for edge, s in zip(lead.edges, strengths, strict=True)), m
    )
    r = kept(shares)
    into = np.zeros((m, len(strengths)))
    onto = np.zeros((m, len(strengths)))
    for number, edge in enumerate(lead.edges):
        into[list(edge.sources), number] = edge.inside
        onto[list(edge.targets), number] = 1.0
    if lead.board.mode == "saaty":
        through = lead.board.judged
        w = r * through + shares @ through
        change = into * (onto.T @ through) - onto * through[:, None]
    else:
        walks = np.linalg.inv(np.eye(m) - shares)
        through = walks @ lead.board.judged
        w = r * through
        change = r[:, None] * (walks @ into) * (onto.T @ through) - onto * through[:, None]
    return np.asarray(change.T @ _gradient(lead, w, first, other))


def _gradient(lead: InfluencedLead, w: Floats, first: int, other: int) -> Floats:
    """How the lead changes with w* (m,)."""
    slopes = lead.board.closeness_slopes(w)
    by_u = slopes[:, first] - slopes[:, other]
    if lead.board.weighting == "linear":
        return np.asarray(by_u)
    if lead.board.weighting == "classic":
        return np.asarray(2.0 * w * by_u)
    member = np.equal.outer(lead.board.groups, lead.board.groups).astype(np.float64)
    return np.asarray((member @ w) * by_u + member @ (w * by_u))


def turns(
    lead: InfluencedLead, edge: int, first: int, others: Sequence[int]
) -> tuple[Turn | None, Turn | None]:
    """The nearest shares below and above an influence's own at which another option takes over.

    With S = S0 + d a 1_T' for a share's change d, Sherman and Morrison make (1 - d b) w* a
    polynomial of degree 2 in d, b = 1_T' (I - S0)^-1 a; so F times a power of 1 - d b, which is
    above zero, is one of degree 8 at most (4 for linear weighting). Its roots are exact up to
    rounding; whether the lead changes hands is tested between them.
    """
    own = lead.edges[edge].share
    most = min(1.0, own + _room(lead, edge))
    if not others:
        return None, None
    cuts = _roots(lead, edge, most, first, others)

    def least_at(share: float) -> tuple[float, int]:
        """The least lead over the others, and who has it."""
        found = lead.board.closeness(lead.weights_along(edge, np.array([share])))[0]
        leads = found[first] - found[list(others)]
        least = int(np.argmin(leads))
        return float(leads[least]), others[least]

    below = [cut for cut in reversed(cuts) if cut < own]
    above = [cut for cut in cuts if own < cut < 1.0]
    return _first_turn(below, 0.0, least_at), _first_turn(above, most, least_at)


def _first_turn(
    cuts: list[float], end: float, least_at: Callable[[float], tuple[float, int]]
) -> Turn | None:
    """The first cut after which the lead is lost."""
    for number, cut in enumerate(cuts):
        after = cuts[number + 1] if number + 1 < len(cuts) else end
        lead, rival = least_at((cut + after) / 2.0)
        if lead < -_LOST:
            return Turn(cut, rival)
    return None


def _room(lead: InfluencedLead, edge: int) -> float:
    """By how much a share can grow until a criterion has nothing left to pass on."""
    return float(kept(lead.board.shares)[list(lead.edges[edge].targets)].min())


def _roots(
    lead: InfluencedLead, edge: int, most: float, first: int, others: Sequence[int]
) -> list[float]:
    """Shares between 0 and `most` at which F is zero for one of the others, rising."""
    points = np.cos(np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1))
    shares = most * (points + 1.0) / 2.0
    near, far = lead.board.forms(lead.weights_along(edge, shares))
    rivals = list(others)
    values = near[:, [first]] * far[:, rivals] - near[:, rivals] * far[:, [first]]
    values = values * _positive_factor(lead, edge, shares)[:, None]
    found: list[float] = []
    for coefficients in chebyshev.chebfit(points, values, _DEGREE).T:
        size = np.abs(coefficients)
        # a constant larger than all the rest together has no root
        if size[0] > size[1:].sum():
            continue
        while len(coefficients) > 1 and abs(coefficients[-1]) <= 1e-14 * size.max():
            coefficients = coefficients[:-1]
        if len(coefficients) > 1:
            roots = chebyshev.chebroots(coefficients)
            real = roots.real[(np.abs(roots.imag) < 1e-6) & (np.abs(roots.real) <= 1.0)]
            found.extend(most * (real + 1.0) / 2.0)
    return sorted(map(float, found))


def _positive_factor(lead: InfluencedLead, edge: int, shares: Floats) -> Floats:
    """(1 - d b) to the power that makes F a polynomial in the share."""
    if lead.board.mode == "saaty":
        return np.ones(len(shares))
    m = len(lead.board.judged)
    each = lead.edges[edge]
    a = np.zeros(m)
    a[list(each.sources)] = each.inside
    b = np.linalg.solve(np.eye(m) - lead.board.shares, a)[list(each.targets)].sum()
    power = 2 if lead.board.weighting == "linear" else 4
    return np.asarray((1.0 - (shares - each.share) * b) ** power)

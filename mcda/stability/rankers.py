"""Other ways to rank the same leaf values with the same weights: second opinions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import scores_of
from mcda.engine.decision import Decision
from mcda.ranking.copras import copras
from mcda.ranking.weighted_sum import weighted_sums

__all__ = ["RANKERS", "SCALED", "Basis", "Refused", "basis_of", "scores_by"]

Floats = NDArray[np.float64]
Basis = Literal["domains", "options"]


class Refused(Exception):  # noqa: N818  (a finding, not an error)
    """A method cannot be applied; the code says why."""


@dataclass(frozen=True, eq=False)
class _Table:
    """What is ranked: n options by the m criteria that tell them apart.

    Attributes
    ----------
    x : (n, m) array
        Leaf values.
    r : (m, n) array
        Scores, on the declared domains if all leaves have one, else from the worst to the best of
        the options present.
    weights : (m,) array
        After influences; sum 1.
    benefits : (m,) array
    bounds : (m, 2) array
        The ends that the scores go by.
    synthesis : (n,) array or None
        AHP's priorities, where options were compared under every leaf.
    """

    x: Floats
    r: Floats
    weights: Floats
    benefits: NDArray[np.bool_]
    bounds: Floats
    synthesis: Floats | None

    @property
    def types(self) -> NDArray[np.int64]:
        """1 for benefits, -1 for costs, as pymcdm has them."""
        return np.where(self.benefits, 1, -1)

    def refuse_negative(self) -> None:
        """For methods that go by ratios."""
        if (self.x < 0).any():
            raise Refused("negative")

    def refuse_free(self) -> None:
        """For methods that divide by costs."""
        if (self.x[:, ~self.benefits] == 0).any():
            raise Refused("free")


def basis_of(name: str, decision: Decision) -> Basis:
    """What a method goes by: the declared domains if it can and all leaves have one."""
    declared = all(leaf.domain is not None for leaf in decision.problem.tree.leaves)
    return "domains" if declared and name in SCALED else "options"


def scores_by(name: str, decision: Decision) -> Floats:
    """Scores (n,) of the options in the ranking's order by one of `RANKERS`; more is better.

    Raises
    ------
    Refused
        If the method cannot be applied, with the code of the reason.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = RANKERS[name](_table_of(decision))
    if not np.isfinite(scores).all():
        raise Refused("not_finite")
    return np.asarray(scores, dtype=np.float64)


def _table_of(decision: Decision) -> _Table:
    problem, leaves = decision.problem, decision.problem.tree.leaves
    names = [each.option for each in decision.ranking]
    x = np.array([[decision.values[name][leaf.id] for leaf in leaves] for name in names], float)
    weights = np.array([decision.weights.final[leaf.id] for leaf in leaves])
    benefits = np.array([leaf.direction == "benefit" for leaf in leaves])
    declared = all(leaf.domain is not None for leaf in leaves)
    r = scores_of(problem, np.ascontiguousarray(x.T), "domain" if declared else "minmax").r
    bounds = np.array([x.min(axis=0), x.max(axis=0)]).T
    if declared:
        bounds = np.array([leaf.domain for leaf in leaves], dtype=np.float64)
    telling = np.ptp(r, axis=1) > 0
    total = weights[telling].sum()
    if not total > 0:
        raise Refused("alike")
    synthesis = None
    if decision.synthesis:
        synthesis = np.array([decision.synthesis[name] for name in names])
    return _Table(
        x[:, telling],
        r[telling],
        weights[telling] / total,
        benefits[telling],
        bounds[telling],
        synthesis,
    )


def _weighted_sum(table: _Table) -> Floats:
    """Fishburn (1967)."""
    return weighted_sums(table.r, table.weights)


def _mabac(table: _Table) -> Floats:
    """Pamucar & Cirovic (2015): distances of (r + 1) w from its geometric mean over the options."""
    from pymcdm.methods import MABAC

    return _by(MABAC(_as_it_is), table, table.r.T, np.ones(len(table.r)))


def _spotis(table: _Table) -> Floats:
    """Dezert et al. (2020): distances from the better ends."""
    from pymcdm.methods import SPOTIS

    return -_by(SPOTIS(table.bounds), table)


def _vikor(table: _Table) -> Floats:
    """Opricovic & Tzeng (2004), v = 1/2."""
    from pymcdm.methods import VIKOR

    return -_by(VIKOR(), table)


def _promethee(table: _Table) -> Floats:
    """Brans & Vincke (1985), net flows with the usual criterion."""
    from pymcdm.methods import PROMETHEE_II

    return _by(PROMETHEE_II("usual"), table)


def _copras(table: _Table) -> Floats:
    table.refuse_negative()
    costs = table.x[:, ~table.benefits] @ table.weights[~table.benefits]
    if costs.any() and not costs.all():
        raise Refused("free")
    return copras(table.x, table.weights, table.benefits)


def _edas(table: _Table) -> Floats:
    """Keshavarz-Ghorabaee et al. (2015)."""
    from pymcdm.methods import EDAS

    table.refuse_negative()
    return _by(EDAS(), table)


def _marcos(table: _Table) -> Floats:
    """Stevic et al. (2020)."""
    from pymcdm.methods import MARCOS

    table.refuse_negative()
    table.refuse_free()
    return _by(MARCOS(), table)


def _waspas(table: _Table) -> Floats:
    """Zavadskas et al. (2012), half weighted sum and half weighted product."""
    from pymcdm.methods import WASPAS

    table.refuse_negative()
    table.refuse_free()
    return _by(WASPAS(), table)


def _synthesis(table: _Table) -> Floats:
    """Saaty (1977), distributive mode: the weighted sum of the options' priorities."""
    if table.synthesis is None:
        raise Refused("not_compared")
    return table.synthesis


def _by(peer: Any, table: _Table, x: Floats | None = None, types: Any = None) -> Floats:
    """What a ranker of pymcdm says, of the values unless others are given."""
    given = (table.x, table.types) if x is None else (x, types)
    try:
        return np.asarray(peer(given[0], table.weights, given[1]), dtype=np.float64)
    except Exception as error:
        raise Refused("not_applicable") from error


def _as_it_is(x: Floats, cost: bool = False) -> Floats:  # noqa: ARG001  (pymcdm hands it over)
    return x


#: Name -> what scores a table.
RANKERS: Mapping[str, Callable[[_Table], Floats]] = {
    "WSM": _weighted_sum,
    "AHP synthesis": _synthesis,
    "MABAC": _mabac,
    "SPOTIS": _spotis,
    "VIKOR": _vikor,
    "PROMETHEE II": _promethee,
    "COPRAS": _copras,
    "EDAS": _edas,
    "MARCOS": _marcos,
    "WASPAS": _waspas,
}
#: Those that take any scores in [0, 1], so that they can go by declared domains. The others divide
#: by sums, means or extremes of the options present, or compare these with each other.
SCALED = frozenset({"WSM", "MABAC", "SPOTIS"})

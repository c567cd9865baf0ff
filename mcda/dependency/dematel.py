"""DEMATEL's prominence and relation, as a diagnostic of a web of influences.

The direct influences, divided by the largest row or column sum, and all indirect ones,
T = X (I - X)^-1, say how much each criterion gives (D, its row sum) and gets (R, its column sum):
prominence D + R, relation D - R, above zero for causes (Gabus & Fontela 1972). It says nothing
about weights, and does not exist where every criterion gives as much as the one that gives most.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError
from mcda.model.arrays import as_floats
from mcda.model.language import given_number

__all__ = ["Dematel", "dematel"]

Floats = NDArray[np.float64]
#: A spectral radius this near 1 leaves nothing of the sum over all indirect influences.
_SINGULAR = 1e-9


class Dematel(NamedTuple):
    """How much criteria give and get.

    Attributes
    ----------
    total : (m, m) array
        Direct and indirect influence of i on j.
    prominence, relation : (m,) array
        D + R and D - R.
    """

    total: Floats
    prominence: Floats
    relation: Floats


def dematel(influence: Any) -> Dematel:
    """DEMATEL of direct influences.

    Parameters
    ----------
    influence : (m, m)
        ``influence[i, j]`` is how strongly i influences j, not negative, on any scale.

    Raises
    ------
    InputError
        For fewer than two criteria, entries that are negative or not finite, a diagonal that is
        not zero, no influence at all, or influences of which the indirect ones have no end.

    Examples
    --------
    >>> dematel([[0, 2], [1, 0]]).relation.round(3).tolist()
    [1.0, -1.0]
    """
    given = as_floats(influence, "influences")
    if given.ndim != 2 or given.shape[0] != given.shape[1]:
        raise InputError(f"influences have the shape {given.shape}", "Give a square matrix")
    if given.shape[0] < 2:
        raise InputError("there are influences among two criteria or more only", "Add criteria")
    if (given < 0).any():
        i, j = np.argwhere(given < 0)[0]
        raise InputError(
            f"the influence of {i + 1} on {j + 1} is {given_number(given[i, j])}",
            "Influences are not negative; keep signs beside them",
        )
    if np.diagonal(given).any():
        i = int(np.flatnonzero(np.diagonal(given))[0])
        raise InputError(f"{i + 1} influences itself", "Set the diagonal to zero")
    most = max(given.sum(axis=0).max(), given.sum(axis=1).max())
    if most == 0.0:
        raise InputError("nothing influences anything", "Give at least one influence")
    direct = given / most
    if np.abs(np.linalg.eigvals(direct)).max() > 1.0 - _SINGULAR:
        raise InputError(
            "every criterion in a circle gives as much as the one that gives most: indirect "
            "influences have no end, and DEMATEL does not exist",
            "Use the closure of weights, which exists",
        )
    total = np.linalg.solve((np.eye(len(direct)) - direct).T, direct.T).T
    gives, gets = total.sum(axis=1), total.sum(axis=0)
    return Dematel(total, gives + gets, gives - gets)

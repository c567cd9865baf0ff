"""The absorbing-walk closure of weights under influences between criteria.

An influence i -> j with share s_ij says that the share s_ij of the importance given to j really
belongs to i, which drives it. What j keeps is r_j = 1 - sum_i s_ij. Following the importance to
where it stays,

    w* = diag(r) (I - S)^-1 w,

linear in w, not negative, and of the same total. It exists if and only if every criterion leads,
along the flow, to one that keeps something; circles are geometric series, not errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, listing
from mcda.model.arrays import as_floats
from mcda.model.language import given_number, number

__all__ = ["LOST", "ROUNDING", "Edge", "Mode", "Transfer", "closure", "expand", "kept", "trapped"]

Floats = NDArray[np.float64]
Mode = Literal["closure", "saaty", "off"]

#: Importance lost to rounding, at most.
LOST = 1e-9
#: Shares into a criterion may exceed 1 by rounding, no more.
ROUNDING = 1e-12


def closure(weights: Any, shares: Any) -> Floats:
    """w* = diag(r) (I - S)^-1 w: weights after all influences.

    Parameters
    ----------
    weights : (..., m)
        Not negative.
    shares : (m, m)
        ``shares[i, j]`` is the share of j's weight that belongs to i; columns sum to at most 1.

    Returns
    -------
    (..., m) array
        Same total as `weights`.

    Raises
    ------
    InputError
        For entries that are negative or not finite, self-influence, shares into a criterion that
        sum above 1, or criteria whose importance circles without end (they are numbered from 1).

    Examples
    --------
    >>> closure([0.6, 0.4], [[0, 0.25], [0, 0]]).round(3).tolist()
    [0.7, 0.3]
    """
    w, s = as_floats(weights, "weights"), as_floats(shares, "shares")
    if s.ndim != 2 or s.shape[0] != s.shape[1]:
        raise InputError(f"shares have the shape {s.shape}", "Give a square matrix")
    if w.ndim == 0 or w.shape[-1] != len(s):
        raise InputError(
            f"there are weights of shape {w.shape} for {len(s)} criteria",
            "Give one weight for each criterion",
        )
    if (w < 0).any():
        raise InputError("weights must not be negative", "Correct them")
    names = [str(number + 1) for number in range(len(s))]
    with np.errstate(over="ignore"):
        result = Transfer(s, "closure", names).apply(w)
    if not np.isfinite(result).all():
        raise InputError("the weights are too large", "Scale them to sum 1")
    return np.asarray(result)


def _check(shares: Floats, names: Sequence[str]) -> None:
    """Refuse shares for which the closure has no meaning or does not exist."""
    if (shares < 0).any():
        i, j = np.argwhere(shares < 0)[0]
        raise InputError(
            f"the share of {names[i]} in {names[j]} is {given_number(shares[i, j])}",
            "Shares are not negative",
        )
    loops = np.flatnonzero(np.diagonal(shares))
    if loops.size:
        raise InputError(f"{names[loops[0]]} influences itself", "Remove the influence")
    totals = shares.sum(axis=0)
    above = np.flatnonzero(totals > 1 + ROUNDING)
    if above.size:
        j = above[0]
        raise InputError(
            f"the shares taken from {names[j]} sum to {number(totals[j])}", "They sum to at most 1"
        )


def _circling(shares: Floats, names: Sequence[str]) -> InputError:
    """The error for importance that never, or by rounding hardly ever, comes to rest."""
    circling = trapped(shares) or range(len(names))
    return InputError(
        f"the importance of {listing(names[j] for j in circling)} never comes to rest: "
        "influences pass (nearly) all of it on, in a circle",
        "Lower one of the shares in the circle",
    )


def kept(shares: Floats) -> Floats:
    """R (m,): what each criterion keeps of the importance that reaches it."""
    r = 1.0 - shares.sum(axis=0)
    r[r < ROUNDING] = 0.0
    return np.asarray(r)


def trapped(shares: Floats) -> tuple[int, ...]:
    """The criteria from which importance never reaches one that keeps any."""
    reaches = kept(shares) > 0
    while True:
        # j reaches if it passes something to an i that does
        wider = reaches | ((shares > 0) & reaches[:, None]).any(axis=0)
        if (wider == reaches).all():
            return tuple(int(j) for j in np.flatnonzero(~reaches))
        reaches = wider


class Edge(NamedTuple):
    """An influence between nodes of the tree, as it acts between leaves.

    Attributes
    ----------
    sources : tuple of int
        The leaves at or below the node that drives.
    inside : (k,) array
        Their weights inside it, sum 1.
    targets : tuple of int
        The leaves at or below the node that is driven.
    share : float
    """

    sources: tuple[int, ...]
    inside: Floats
    targets: tuple[int, ...]
    share: float


def expand(edges: Iterable[Edge], leaves: int) -> Floats:
    """Shares (m, m) between m leaves from influences between nodes of the tree."""
    shares = np.zeros((leaves, leaves))
    for edge in edges:
        shares[np.ix_(edge.sources, edge.targets)] += edge.share * edge.inside[:, None]
    return shares


class Transfer:
    """The linear map from judged weights to weights after influences.

    Parameters
    ----------
    shares : (m, m)
        See `closure`.
    mode
        "closure" follows importance to the end, "saaty" takes one step (diag(r) + S; inner
        dependence, Saaty 1996), "off" leaves weights alone.
    names
        Of the criteria, for messages.

    Attributes
    ----------
    matrix : (m, m) array
        w* = matrix @ w.
    """

    def __init__(self, shares: Floats, mode: Mode, names: Sequence[str]) -> None:
        m = shares.shape[0]
        if mode != "off":
            _check(shares, names)
        self.mode: Mode = mode
        self.walks: Floats
        self.shares = shares
        self._kept = kept(shares)
        if mode == "off" or not shares.any():
            self.mode = "off"
            self.walks = self.matrix = np.eye(m)
        elif mode == "saaty":
            self.walks = np.eye(m)
            self.matrix = np.diag(self._kept) + shares
        else:
            if trapped(shares):
                raise _circling(shares, names)
            try:
                self.walks = np.asarray(np.linalg.inv(np.eye(m) - shares), dtype=np.float64)
            except np.linalg.LinAlgError:
                raise _circling(shares, names) from None
            with np.errstate(all="ignore"):
                self.matrix = self._kept[:, None] * self.walks
            # nothing is lost or made on the way, unless rounding drowns what little is kept
            if not (np.abs(self.matrix.sum(axis=0) - 1.0) < LOST).all():
                raise _circling(shares, names)

    def apply(self, weights: Floats) -> Floats:
        """w* (..., m) of judged weights (..., m)."""
        if self.mode == "off":
            return np.array(weights)
        return np.asarray(weights @ self.matrix.T)

    def derivative(self, weights: Floats, weights_change: Floats, shares_change: Floats) -> Floats:
        """How w* (m,) changes with w (m,) and S (m, m); what criteria keep does not change."""
        if self.mode == "off":
            return weights_change
        along = self.matrix @ weights_change
        if self.mode == "saaty":
            return np.asarray(along + shares_change @ weights)
        return np.asarray(along + self.matrix @ (shares_change @ (self.walks @ weights)))

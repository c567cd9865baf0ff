"""TOPSIS as a ratio of two linear forms, on arrays whose first axis is the criteria.

Every normalisation that TOPSIS knows puts an option between the worst and the best end of each
criterion, at r in [0, 1], and gives the criterion a scale: the width of its normalised column.
With weights' factors f (f^2 = u, see `weight_factors`) and scales s,

    P_i = sum_j (f_j s_j)^2 (1 - r_ij)^2,   N_i = sum_j (f_j s_j)^2 r_ij^2,
    closeness_i = sqrt(N_i) / (sqrt(N_i) + sqrt(P_i)).

Arrays are (m, n, ...): criteria, options, and any batch axes last, so that sums over criteria are
elementwise and in a fixed order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError
from mcda.model.language import given_number, interval

__all__ = [
    "Normalization",
    "Scores",
    "Weighting",
    "closeness",
    "linear_forms",
    "scores",
    "weight_factors",
]

Floats = NDArray[np.float64]
Normalization = Literal["domain", "vector", "minmax", "max", "sum", "none"]
Weighting = Literal["hierarchical", "classic", "linear"]

#: A column whose width is below this share of its largest value is constant.
_FLAT = 4 * np.finfo(np.float64).eps
#: Values between this and its inverse have squares that neither overflow nor vanish.
_LARGE = 1e120


class Scores(NamedTuple):
    """Where options lie between the worst (0) and best (1) end, and the columns' scales.

    Attributes
    ----------
    r : (m, n, ...) array
        0 where the criterion is constant.
    scale : (m, ...) array
        Width of the normalised column; 0 where it is constant, 1 in domain mode.
    """

    r: Floats
    scale: Floats


def scores(
    x: Floats,
    benefits: NDArray[np.bool_],
    normalization: Normalization,
    domain: Floats | None = None,
    scratch: tuple[Floats, Floats] | None = None,
) -> Scores:
    """Put every option between the ends of every criterion.

    Parameters
    ----------
    x : (m, n, ...)
        Values.
    benefits : (m,)
        Whether more is better.
    normalization
        See `mcda.topsis`.
    domain : (m, 2), optional
        For "domain".
    scratch : two (m, n, ...), optional
        Where to put r, and a place to work in; neither may be `x`. Batches hand them over, as
        new arrays for every chunk would cost more than the arithmetic.

    Raises
    ------
    InputError
        For a value outside its domain, or one that the normalisation has no meaning for.
    """
    extra = (1,) * (x.ndim - 1)
    better = benefits.reshape(-1, *extra)
    r, work = scratch if scratch is not None else (np.empty(x.shape), np.empty(x.shape))
    if normalization == "domain":
        assert domain is not None
        low, high = domain[:, 0].reshape(-1, *extra), domain[:, 1].reshape(-1, *extra)
        rest = tuple(range(1, x.ndim))
        least, most = x.min(axis=rest, initial=np.inf), x.max(axis=rest, initial=-np.inf)
        if not ((least >= domain[:, 0]) & (most <= domain[:, 1])).all():
            raise _outside(x, domain)
        with np.errstate(over="ignore"):
            width = high - low
        if not np.isfinite(width).all():  # halves: a domain of both signs can be that wide
            x, low, high, width = x / 2, low / 2, high / 2, high / 2 - low / 2
        np.subtract(x, np.where(better, low, high), out=r)
        r /= np.where(better, width, -width)
        return Scores(r, np.broadcast_to(np.float64(1.0), x.shape[:1] + x.shape[2:]))
    if normalization == "sum" and not benefits.all():
        x = _reciprocals(x, benefits)
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    magnitude = np.maximum(-low, high)
    exponent = _exponents(magnitude)
    if exponent is not None:
        x, low, high = (np.ldexp(each, -exponent) for each in (x, low, high))
        magnitude = np.ldexp(magnitude, -exponent)
    width = high - low
    flat = width <= _FLAT * magnitude
    constant = bool(flat.any())
    scale = _scales(x, high, width, exponent, normalization, work)
    if constant:
        width[flat] = 1.0
        scale[flat] = 0.0
    # from the worst end towards the best
    worst, span = low, width
    if not benefits.all() and normalization != "sum":
        costs = ~benefits
        worst[costs] = high[costs]
        span[costs] *= -1.0
    np.subtract(x, worst, out=r)
    r /= span
    if constant:
        np.copyto(r, 0.0, where=flat)
    return Scores(r, scale[:, 0])


def _exponents(magnitude: Floats) -> NDArray[np.int32] | None:
    """Powers of two to divide columns by, where squares could overflow or vanish; else nothing.

    Division by a power of two is exact, so results do not depend on what else is in a batch.
    """
    if magnitude.max() < _LARGE and (
        magnitude.min() > 1 / _LARGE or ((magnitude > 1 / _LARGE) | (magnitude == 0.0)).all()
    ):
        return None
    return np.asarray(np.frexp(magnitude)[1], dtype=np.int32)


def _scales(
    x: Floats,
    high: Floats,
    width: Floats,
    exponent: NDArray[np.int32] | None,
    normalization: Normalization,
    work: Floats,
) -> Floats:
    """Width of the normalised columns, from values already divided by 2 ** `exponent`."""
    if normalization == "vector":
        squares = np.multiply(x, x, out=work).sum(axis=1, keepdims=True)
        if not squares.all():
            squares[squares == 0.0] = 1.0
        return np.asarray(width / np.sqrt(squares))
    if normalization == "minmax":
        return np.ones_like(width)
    if normalization == "none":
        # only ratios of scales matter; the largest exponent is taken out of all
        if exponent is None:
            return width.copy()
        return np.asarray(np.ldexp(width, exponent - exponent.max(axis=0, keepdims=True)))
    if normalization == "max":
        if not (high > 0).all():
            raise _meaningless(high <= 0, "max", "a largest value above zero")
        return np.asarray(width / high)
    total = x.sum(axis=1, keepdims=True)
    wanting = total <= _FLAT * np.abs(x).sum(axis=1, keepdims=True)
    if wanting.any():
        raise _meaningless(wanting, "sum", "a sum above zero")
    return np.asarray(width / total)


def _reciprocals(x: Floats, benefits: NDArray[np.bool_]) -> Floats:
    """Costs become least / x, so that more is better; benefits stay."""
    costs = x[~benefits]
    if not (costs > 0).all():
        wanting = np.asarray((x <= 0).any(axis=1, keepdims=True))
        wanting[benefits] = False
        raise _meaningless(wanting, "sum", "values above zero where it takes 1/x (costs)")
    x = x.copy()
    x[~benefits] = costs.min(axis=1, keepdims=True) / costs
    return x


def _meaningless(wanting: NDArray[np.bool_], normalization: str, needs: str) -> InputError:
    criterion = int(np.argwhere(wanting)[0][0]) + 1
    return InputError(
        f"{normalization} normalisation needs {needs}; criterion {criterion} has none",
        "Use vector or minmax normalisation, or declare a domain",
    )


def _outside(x: Floats, domain: Floats) -> InputError:
    extra = (1,) * (x.ndim - 1)
    outside = (x < domain[:, 0].reshape(-1, *extra)) | (x > domain[:, 1].reshape(-1, *extra))
    index = tuple(int(i) for i in np.argwhere(outside)[0])
    low, high = domain[index[0]]
    return InputError(
        f"the value {given_number(x[index])} of option {index[1] + 1} is outside the domain "
        f"{interval(low, high)} of criterion {index[0] + 1}",
        "Widen the domain or correct the value",
    )


def weight_factors(
    weights: Floats, weighting: Weighting, groups: Sequence[int] | None = None
) -> Floats:
    """The factors f with f_j^2 = u_j, the coefficient of a criterion's squared gap.

    Parameters
    ----------
    weights : (m, ...)
        Not negative.
    weighting
        "classic": u_j = w_j^2 (Hwang & Yoon 1981). "linear": u_j = w_j (Deng, Yeh & Willis 2000).
        "hierarchical": u_j = w_j W_g with W_g the weight of the criterion's group, so that groups
        act as TOPSIS's axes and a group's squared gap is the weighted mean of its criteria's.
    groups : (m,), optional
        For "hierarchical", the number of each criterion's group.
    """
    if weighting == "classic":
        return weights
    if weighting == "linear":
        return np.sqrt(weights)
    assert groups is not None
    if len(set(groups)) == len(groups):
        return weights
    members = np.asarray(groups)
    totals = np.zeros((int(members.max()) + 1, *weights.shape[1:]))
    np.add.at(totals, members, weights)
    return np.asarray(np.sqrt(weights) * np.sqrt(totals[members]))


def linear_forms(r: Floats, factors: Floats, work: Floats | None = None) -> tuple[Floats, Floats]:
    """P and N (n, ...): squared distances to the ideal and the anti-ideal.

    `factors` (m, ...) are weight factors times scales; `work` is a place like `r` to work in.
    """
    u = (factors * factors)[:, None]
    terms = np.multiply(r, r, out=work)
    terms *= u
    to_anti_ideal = terms.sum(axis=0)
    np.subtract(1.0, r, out=terms)
    terms *= terms
    terms *= u
    return terms.sum(axis=0), to_anti_ideal


def closeness(to_ideal: Floats, to_anti_ideal: Floats) -> Floats:
    """sqrt(N) / (sqrt(N) + sqrt(P)); 0.5 where no criterion tells the options apart."""
    near, far = np.sqrt(to_anti_ideal), np.sqrt(to_ideal)
    far += near
    if not far.all():
        none = far == 0.0
        near[none], far[none] = 1.0, 2.0
    return np.asarray(near / far)

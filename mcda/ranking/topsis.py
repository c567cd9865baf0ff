"""TOPSIS for callers: checked input, chunks that fit the cache, a result with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, short
from mcda.model.arrays import as_floats
from mcda.model.shown import Shown
from mcda.ranking.inputs import align, as_benefits, as_domain, as_weights, labels_of
from mcda.ranking.kernel import (
    Normalization,
    Weighting,
    closeness,
    linear_forms,
    scores,
    weight_factors,
)
from mcda.ranking.ranks import competition_ranks

__all__ = ["TopsisResult", "topsis"]

Floats = NDArray[np.float64]

#: Numbers in one chunk of a batch; several arrays of this size fit a core's cache.
_CHUNK = 1 << 15
#: Factors between this and its inverse have squares that neither overflow nor vanish.
_LARGE = 1e100
_NORMALIZATIONS: tuple[str, ...] = get_args(Normalization)
_WEIGHTINGS: tuple[str, ...] = get_args(Weighting)


@dataclass(frozen=True, eq=False)
class TopsisResult(Shown):
    """A TOPSIS ranking with every step on the way to it.

    Leading axes are those of the matrices and weights, broadcast together.

    Attributes
    ----------
    closeness : (..., n) array
        In [0, 1]; 1 at the ideal. 0.5 where no criterion tells the options apart.
    weights : (..., m) array
        As used: sum 1.
    matrix : (..., n, m) array
        The values, as float64.
    """

    closeness: Floats
    weights: Floats = field(repr=False)
    matrix: Floats = field(repr=False)
    _benefits: NDArray[np.bool_] = field(repr=False)
    _normalization: Normalization = field(repr=False)
    _weighting: Weighting = field(repr=False)
    _domain: Floats | None = field(repr=False)
    _groups: tuple[int, ...] | None = field(repr=False)

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """Competition ranks (..., n); closeness within 1e-9 of the best of a group ties."""
        return competition_ranks(self.closeness)

    @cached_property
    def scores(self) -> Floats:
        """R (..., n, m): 0 at a criterion's worst end, 1 at its best; 0 where it is constant."""
        return np.asarray(np.moveaxis(self._parts[0], (0, 1), (-1, -2)))

    @cached_property
    def constant(self) -> NDArray[np.bool_]:
        """Criteria (..., m) on which all options are equal: they have no influence."""
        return np.asarray(np.moveaxis(self._parts[1] == 0.0, 0, -1))

    @cached_property
    def effective_weights(self) -> Floats:
        """Shares (..., m) with which TOPSIS really weighs squared gaps: u_j / sum of u."""
        factors = weight_factors(np.moveaxis(self.weights, -1, 0), self._weighting, self._groups)
        u = np.moveaxis(factors * factors, 0, -1) * ~self.constant
        total = u.sum(axis=-1, keepdims=True)
        return np.asarray(np.divide(u, total, out=np.zeros_like(u), where=total > 0))

    @cached_property
    def normalized(self) -> Floats:
        """The normalised matrix (..., n, m), before weights, as the textbook prints it."""
        x, benefits = self.matrix, self._benefits
        match self._normalization:
            case "none":
                return x.copy()
            case "vector":
                largest = np.abs(x).max(axis=-2, keepdims=True)
                scaled = x / np.where(largest == 0, 1.0, largest)
                norm = np.sqrt((scaled * scaled).sum(axis=-2, keepdims=True))
                return np.asarray(scaled / np.where(norm == 0, 1.0, norm))
            case "max":
                share = x / x.max(axis=-2, keepdims=True)
                return np.asarray(np.where(benefits, share, 1.0 - share))
            case "sum":
                # in units of the largest, so that the sum does not overflow
                least = x.min(axis=-2, keepdims=True)
                costs = least / np.where(benefits, 1.0, x)
                y = np.where(benefits, x / np.abs(x).max(axis=-2, keepdims=True), costs)
                return np.asarray(y / y.sum(axis=-2, keepdims=True))
        return self.scores

    @cached_property
    def ideal(self) -> Floats:
        """The best entry of every column (..., m) of the weighted normalised matrix."""
        return self._end(best=True)

    @cached_property
    def anti_ideal(self) -> Floats:
        """The worst entry of every column (..., m) of the weighted normalised matrix."""
        return self._end(best=False)

    @cached_property
    def distance_to_ideal(self) -> Floats:
        """Euclidean distances (..., n) in the weighted normalised space."""
        return self._distance(1.0 - self.scores)

    @cached_property
    def distance_to_anti_ideal(self) -> Floats:
        """Euclidean distances (..., n) in the weighted normalised space."""
        return self._distance(self.scores)

    @property
    def weighted(self) -> Floats:
        """The normalised matrix times the weights' factors (..., n, m)."""
        return np.asarray(self.normalized * self._factors[..., None, :])

    @cached_property
    def _parts(self) -> tuple[Floats, Floats]:
        criteria_first = np.moveaxis(self.matrix, (-1, -2), (0, 1))
        return scores(criteria_first, self._benefits, self._normalization, self._domain)

    @cached_property
    def _factors(self) -> Floats:
        factors = weight_factors(np.moveaxis(self.weights, -1, 0), self._weighting, self._groups)
        return np.asarray(np.moveaxis(factors, 0, -1))

    def _end(self, *, best: bool) -> Floats:
        if self._normalization == "domain":
            return self._factors * (1.0 if best else 0.0)
        weighted = self.weighted
        oriented = self._normalization in ("minmax", "max", "sum")
        upper = np.logical_or(self._benefits, oriented) == best
        return np.asarray(np.where(upper, weighted.max(axis=-2), weighted.min(axis=-2)))

    def _distance(self, r: Floats) -> Floats:
        normalized = self.normalized
        unit = np.abs(normalized).max(axis=(-2, -1), keepdims=True)
        unit = np.where(unit == 0, 1.0, unit)
        scale = (normalized / unit).max(axis=-2) - (normalized / unit).min(axis=-2)
        if self._normalization == "domain":
            scale, unit = np.ones_like(scale), np.ones_like(unit)
        gaps = r * (self._factors * scale)[..., None, :]
        return np.asarray(np.sqrt((gaps * gaps).sum(axis=-1)) * unit[..., 0])


def topsis(
    matrix: Any,
    weights: Any,
    directions: Any,
    *,
    normalization: Normalization = "vector",
    domain: Any = None,
    weighting: Weighting = "classic",
    groups: Sequence[Any] | None = None,
) -> TopsisResult:
    """Rank options by their closeness to the ideal solution (Hwang & Yoon 1981).

    Parameters
    ----------
    matrix : (..., n, m)
        n options by m criteria; a frame's column names are the criteria.
    weights : (..., m)
        Not negative, scaled to sum 1. Leading axes broadcast with the matrix's. Labelled weights
        (a series or a mapping) are aligned with a frame's columns.
    directions : (m,)
        "benefit"/"cost", "max"/"min" or 1/-1 for each criterion.
    normalization
        "vector"
            x / ||x||; ideals are the best and worst entries.
        "minmax"
            (x - min) / (max - min), reversed for costs.
        "max"
            x / max, and 1 - x / max for costs, as pymcdm does.
        "sum"
            x / sum, and (1/x) / sum(1/x) for costs, as pymcdm does.
        "none"
            Values as they are.
        "domain"
            (x - low) / (high - low) of the declared `domain`, reversed for costs, with the fixed
            ideals 1 and 0: adding or removing options cannot reverse ranks.
    domain : (m, 2) or (2,)
        Needed by, and only allowed with, "domain".
    weighting
        The coefficient of a squared gap: "classic" w^2, "linear" w, "hierarchical" w times the
        weight of the criterion's group.
    groups : (m,)
        For "hierarchical": the group of each criterion.

    Returns
    -------
    TopsisResult
        `closeness` (..., n), `ranks` and the steps between. In the modes with observed ideals a
        criterion on which all options are equal drops out; if all drop out, closeness is 0.5.

    Raises
    ------
    InputError
        For anything that is not a finite number, shapes that do not fit, weights that are
        negative or all zero, values outside their domain.

    Examples
    --------
    >>> result = topsis([[250, 16], [200, 16], [300, 32]], [0.6, 0.4], ["cost", "benefit"])
    >>> result.closeness.round(3).tolist()
    [0.279, 0.456, 0.544]
    >>> result.ranks.tolist()
    [3, 2, 1]
    """
    labels = labels_of(matrix)
    x = as_floats(matrix, "matrix")
    if x.ndim < 2 or 0 in x.shape[-2:]:
        raise InputError(
            f"the matrix has the shape {x.shape}", "Give at least one option and one criterion"
        )
    m = x.shape[-1]
    w = as_weights(align(weights, labels, "weights"), m)
    benefits = as_benefits(align(directions, labels, "directions"), m)
    _check_word("normalization", normalization, _NORMALIZATIONS)
    _check_word("weighting", weighting, _WEIGHTINGS)
    ends = _domain(align(domain, labels, "domains"), normalization, m)
    members = _groups(align(groups, labels, "groups"), weighting, m)
    batch = _batch(x, w)
    result = _closeness(x, w, batch, benefits, normalization, ends, weighting, members)
    for array in (result, w, x):
        array.setflags(write=False)
    return TopsisResult(result, w, x, benefits, normalization, weighting, ends, members)


def _batch(x: Floats, w: Floats) -> tuple[int, ...]:
    if x.ndim == 2 and w.ndim == 1:
        return ()
    try:
        return np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    except ValueError:
        raise InputError(
            f"matrices of shape {x.shape} and weights of shape {w.shape} do not broadcast",
            "Leading axes must be equal or 1",
        ) from None


def _closeness(
    x: Floats,
    w: Floats,
    batch: tuple[int, ...],
    benefits: NDArray[np.bool_],
    normalization: Normalization,
    domain: Floats | None,
    weighting: Weighting,
    groups: tuple[int, ...] | None,
) -> Floats:
    n, m = x.shape[-2:]
    if not batch:
        r, scale = scores(x.T, benefits, normalization, domain)
        factors = _relative(weight_factors(w, weighting, groups) * scale)
        return closeness(*linear_forms(r, factors))
    size = int(np.prod(batch))
    step = max(1, _CHUNK // (n * m))
    result = np.empty((size, n))
    if x.ndim == 2:
        r, scale = scores(x.T, benefits, normalization, domain)
        toward, away = (1.0 - r) ** 2, r**2
        flat = np.broadcast_to(w, (*batch, m)).reshape(size, m)
        step = max(1, _CHUNK // max(n, m))
        for start in range(0, size, step):
            part = flat[start : start + step].T
            u = _relative(weight_factors(part, weighting, groups) * scale[:, None]) ** 2
            result[start : start + step] = closeness(u.T @ toward, u.T @ away)
        return result.reshape(*batch, n)
    matrices = np.broadcast_to(x, (*batch, n, m)).reshape(size, n, m)
    vectors = w if w.ndim == 1 else np.broadcast_to(w, (*batch, m)).reshape(size, m)
    buffers = np.empty((3, m * n * min(step, size)))
    for start in range(0, size, step):
        count = min(step, size - start)
        part, r, work = buffers[:, : m * n * count].reshape(3, m, n, count)
        np.copyto(part, matrices[start : start + step].transpose(2, 1, 0))
        _, scale = scores(part, benefits, normalization, domain, (r, work))
        own = vectors[:, None] if w.ndim == 1 else vectors[start : start + step].T
        factors = _relative(weight_factors(own, weighting, groups) * scale)
        result[start : start + step] = closeness(*linear_forms(r, factors, work)).T
    return result.reshape(*batch, n)


def _relative(factors: Floats) -> Floats:
    """Factors in units near their largest, so that squares neither overflow nor vanish together.

    The units are powers of two, and 1 unless they need not be: results do not depend on what
    else is in a batch.
    """
    largest = factors.max(axis=0)
    if largest.max() < _LARGE and largest.min() > 1 / _LARGE:
        return factors
    near = (largest < _LARGE) & (largest > 1 / _LARGE)
    exponent = np.where(near | (largest == 0.0), 0, np.frexp(largest)[1])
    return np.asarray(np.ldexp(factors, -exponent))


def _check_word(what: str, given: object, words: tuple[str, ...]) -> None:
    if not isinstance(given, str) or given not in words:
        near = hint(given if isinstance(given, str) else "", words)
        raise InputError(f"unknown {what} {short(given)}", near)


def _domain(given: Any, normalization: Normalization, criteria: int) -> Floats | None:
    if (given is None) != (normalization != "domain"):
        if given is None:
            raise InputError('normalization="domain" needs domain=', "Give (low, high) for each")
        raise InputError(
            f'domain= has no meaning with normalization="{normalization}"',
            'Use normalization="domain", or leave it out',
        )
    return None if given is None else as_domain(given, criteria)


def _groups(
    given: Sequence[Any] | None, weighting: Weighting, criteria: int
) -> tuple[int, ...] | None:
    if (given is None) != (weighting != "hierarchical"):
        if given is None:
            raise InputError(
                'weighting="hierarchical" needs groups=', "Name the group of each criterion"
            )
        raise InputError(
            f'groups= has no meaning with weighting="{weighting}"', 'Use weighting="hierarchical"'
        )
    if given is None:
        return None
    try:
        names = list(given)
        hash(tuple(names))
    except TypeError:
        raise InputError(
            f"groups are one name for each criterion, not {short(given)}", ""
        ) from None
    if len(names) != criteria:
        raise InputError(
            f"there are {len(names)} groups for {criteria} criteria", "Name one for each criterion"
        )
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers[name] for name in names)

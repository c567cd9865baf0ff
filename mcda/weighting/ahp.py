"""The analytic hierarchy process for sets of pairwise judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, listing
from mcda.model.criteria import GOAL
from mcda.model.shown import Shown
from mcda.model.text import Notice, Several
from mcda.weighting.consistency import (
    ACCEPTABLE,
    Gain,
    Repair,
    gains,
    incomplete_random_index,
    residuals,
)
from mcda.weighting.graph import (
    components,
    connected,
    laplacian_inverse,
    resistances,
    shortest_circle,
)
from mcda.weighting.pairwise import (
    Judgements,
    comparison_matrix,
    full_matrix,
    read_batch,
    read_judgements,
)
from mcda.weighting.priorities import (
    geometric_mean,
    geometric_mean_of_upper,
    perron,
    perron_of_upper,
)

__all__ = ["METHODS", "AhpResult", "ahp", "disconnected", "prioritise", "prioritise_matrix"]

Floats = NDArray[np.float64]
Pair = tuple[str, str]
Method = Literal["geometric_mean", "eigenvector"]
METHODS: tuple[Method, ...] = ("geometric_mean", "eigenvector")

#: A random index given by hand lies between this and its inverse.
_SMALLEST_INDEX = 1e-6
#: Questions proposed at most.
_QUESTIONS = 5
#: A preference this close to 1 is none.
_EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class AhpResult(Shown):
    """Priorities of a set of judgements; the diagnostics are computed when asked for.

    For a batch (..., n, n) `weights` is (..., n), and `lambda_max`, `consistency_ratio`,
    `missing_count` and `gci` are arrays (...); so are `random_index` and `freedom` where
    comparisons are missing. What names judgements exists for one set only.

    Attributes
    ----------
    labels : tuple of str
        What was compared; "1", "2", ... for a matrix without names.
    weights : (..., n) array
        Priorities, sum 1.
    method : str
        "geometric_mean" (logarithmic least squares where comparisons are missing) or
        "eigenvector" (of the matrix completed with the weights' own ratios, Harker 1987).
    """

    labels: tuple[str, ...]
    weights: Floats
    method: Method
    _notices: tuple[Notice, ...] = field(repr=False)
    _index: float | None = field(repr=False)
    _node: str = field(repr=False)
    _given: Floats = field(repr=False)

    @cached_property
    def matrix(self) -> Floats:
        """The reciprocal judgements (..., n, n); NaN where a comparison is missing."""
        if self.weights.ndim == 1:
            return self._given
        matrix = full_matrix(self._given, len(self.labels))
        matrix.setflags(write=False)
        return matrix

    @cached_property
    def lambda_max(self) -> Any:
        """The Perron root, whatever the method; of the completed matrix if some are missing."""
        if self.weights.ndim > 1 and len(self.labels) == 1:
            return np.ones(self.weights.shape[:-1])
        if self.weights.ndim > 1 and not np.any(self._missing_count):
            return perron_of_upper(self._given, len(self.labels))[1]
        root = perron(_completed(self.matrix))[1]
        return root if root.ndim else float(root)

    @cached_property
    def random_index(self) -> Any:
        """The random index used: the one given, else that for n and the missing comparisons."""
        if self._index is not None:
            return self._index
        n, missing = len(self.labels), self._missing_count
        most = range(int(np.max(missing, initial=0)) + 1)
        found = np.array([incomplete_random_index(n, each) for each in most])[missing]
        return found if found.ndim else float(found)

    @cached_property
    def consistency_ratio(self) -> Any:
        """CR = (lambda_max - n) / (n - 1) / RI (Saaty 1977); 0 where nothing is cross-checked."""
        if len(self.labels) <= 2 or not np.any(self.random_index):
            return 0.0 if self.matrix.ndim == 2 else np.zeros(self.matrix.shape[:-2])
        ratio = self._ratio(self.lambda_max)
        return float(ratio) if self.matrix.ndim == 2 else ratio

    @property
    def limit(self) -> float:
        """The largest consistency ratio that is acceptable, 0.1 (Saaty 1977)."""
        return ACCEPTABLE

    @property
    def consistent(self) -> Any:
        """Whether the consistency ratio is acceptable (at most 0.1)."""
        return self.consistency_ratio <= self.limit

    @cached_property
    def gci(self) -> Any:
        """Mean squared residual of the log judgements for each one that cross-checks others.

        For complete judgements the geometric consistency index of Aguaron & Moreno-Jimenez (2003),
        2 / ((n - 1)(n - 2)) * sum of e_ij^2; an unbiased estimate of the variance of a judgement's
        logarithm. ``None`` where nothing is cross-checked; NaN for such a set of a batch in which
        comparisons are missing.
        """
        freedom = np.asarray(self.freedom, dtype=np.float64)
        if not freedom.ndim and not freedom:
            return None
        squares = np.nan_to_num(self._residuals, nan=0.0) ** 2
        index = squares.sum(axis=(-2, -1)) / 2 / np.where(freedom, freedom, np.nan)
        return float(index) if self.matrix.ndim == 2 else index

    @property
    def freedom(self) -> Any:
        """How many comparisons cross-check others: those made, less n - 1."""
        n = len(self.labels)
        return n * (n - 1) // 2 - self._missing_count - (n - 1)

    @property
    def worst(self) -> Repair | None:
        """The judgement to reconsider first, with its best single repair; ``None`` if all agree."""
        return self.repairs[0] if self.repairs else None

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """The judgements to reconsider first, the best repair first; empty if all agree.

        Those that gain most, and of those that would be equally good on a scale without ends the
        ones that bring the ratio within its limit all the same.
        """
        if len(self.labels) <= 2:
            return ()
        matrix = self._single
        return tuple(
            each.said(matrix, self.labels)
            for each in gains(self._residuals, matrix, resistances(self.covariance))
            if each.first or self._mends(each)
        )

    @cached_property
    def missing(self) -> tuple[Pair, ...]:
        """The comparisons not made."""
        if self.matrix.ndim > 2 and not np.any(self._missing_count):
            return ()
        return tuple(
            (self.labels[i], self.labels[j])
            for i, j in combinations(range(len(self.labels)), 2)
            if np.isnan(self._single[i, j])
        )

    @property
    def missing_count(self) -> Any:
        """How many comparisons are not made; for a batch an array (...)."""
        shape = self.weights.shape[:-1]
        return np.broadcast_to(self._missing_count, shape) if shape else self._missing_count

    @cached_property
    def _missing_count(self) -> Any:
        """An array for a batch in which comparisons are missing, else one number."""
        if self.weights.ndim == 1:
            return int(np.isnan(self.matrix).sum()) // 2
        missing = np.isnan(self._given).sum(axis=-1)
        return missing if missing.any() else 0

    @cached_property
    def bridges(self) -> tuple[Pair, ...]:
        """The comparisons that nothing cross-checks (with n > 2 criteria)."""
        if len(self.labels) <= 2 or not self.missing:
            return ()
        leverage = resistances(self.covariance)
        return tuple(
            (self.labels[i], self.labels[j])
            for i, j in combinations(range(len(self.labels)), 2)
            if not np.isnan(self._single[i, j]) and leverage[i, j] > 1 - 1e-9
        )

    @cached_property
    def next_questions(self) -> tuple[Pair, ...]:
        """Missing comparisons, the one whose ratio is least certain first; at most five."""
        if not self.missing:
            return ()
        position = {label: number for number, label in enumerate(self.labels)}
        unsure = resistances(self.covariance)
        ranked = sorted(
            self.missing, key=lambda pair: -round(unsure[position[pair[0]], position[pair[1]]], 9)
        )
        return tuple(ranked[:_QUESTIONS])

    @cached_property
    def circle(self) -> tuple[str, ...] | None:
        """The shortest intransitive circle, each preferred to the next, the last to the first."""
        with np.errstate(invalid="ignore"):
            found = shortest_circle(self._single > 1 + _EQUAL)
        return None if found is None else tuple(self.labels[i] for i in found)

    @cached_property
    def covariance(self) -> Floats:
        """Covariance (n, n) of the log weights in units of the judgements' variance: L^+."""
        return laplacian_inverse(~np.isnan(self._single))

    @cached_property
    def warnings(self) -> tuple[Notice, ...]:
        """What the reader must know: contradictions, circles, what is missing or unchecked."""
        if self.matrix.ndim > 2:
            return self._notices
        return (*self._notices, *self._contradiction(), *self._incompleteness())

    def sample(self, size: int, rng: np.random.Generator, *, floor: float = 0.1) -> Floats:
        """Weights (size, n) as they might be under the noise that the judgements themselves show.

        ln w is normal around its estimate with covariance s2 L^+, s2 the larger of `gci` and
        `floor`.

        Parameters
        ----------
        size
            How many.
        rng
            Where the randomness comes from.
        floor
            Least variance of a judgement's logarithm.
        """
        n = len(self._single)
        if not floor >= 0.0:
            raise InputError(f"the floor of the variance is {floor!r}", "It is not negative")
        variance = max(self.gci or 0.0, floor)
        if n == 1:
            return np.ones((size, 1))
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0) * variance)
        logs = np.log(self.weights) + rng.standard_normal((size, n)) @ root.T
        drawn = np.exp(logs - logs.max(axis=1, keepdims=True))
        return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))

    @property
    def _single(self) -> Floats:
        if self.matrix.ndim > 2:
            raise InputError("this is a batch of judgements", "Ask one matrix for its judgements")
        return self.matrix

    @cached_property
    def _residuals(self) -> Floats:
        return residuals(self.matrix, _least_squares(self.matrix))

    def _ratio(self, root: Any) -> Any:
        """The consistency ratio of a Perron root."""
        n, index = len(self.labels), np.asarray(self.random_index)
        excess = np.maximum(0.0, (root - n) / (n - 1))
        return np.divide(excess, index, out=np.zeros(np.shape(excess)), where=index > 0.0)

    def _mends(self, change: Gain) -> bool:
        """Whether the ratio is acceptable with a judgement changed."""
        matrix = self.matrix.copy()
        matrix[change.i, change.j] = change.repaired
        matrix[change.j, change.i] = 1.0 / change.repaired
        return bool(self._ratio(perron(_completed(matrix))[1]) <= self.limit)

    def consistency_data(self) -> dict[str, Any]:
        """How consistent the judgements are, as plain data."""
        return {
            "way": "pairs",
            "consistency_ratio": self.consistency_ratio,
            "limit": self.limit,
            "gci": self.gci,
            "lambda_max": self.lambda_max,
            "xi": None,
            "consistent": bool(self.consistent),
            "worst": None if self.worst is None else asdict(self.worst),
            "repairs": [asdict(each) for each in self.repairs],
            "circle": None if self.circle is None else list(self.circle),
            "missing": [list(pair) for pair in self.missing],
            "next_questions": [list(pair) for pair in self.next_questions],
        }

    def _contradiction(self) -> tuple[Notice, ...]:
        if self.consistent or self.worst is None:
            return ()
        said = tuple(Notice("repair", **asdict(each)) for each in self.repairs)
        notice = Notice(
            "inconsistent",
            node=self._node,
            ratio=self.consistency_ratio,
            limit=self.limit,
            **asdict(self.worst),
            advice=Notice("reconsider_first", **asdict(self.worst))
            if len(said) == 1
            else Notice("reconsider_any", repairs=Several(said)),
        )
        if self.circle is None:
            return (notice,)
        return notice, Notice("circle", circle=(*self.circle, self.circle[0]))

    def _incompleteness(self) -> tuple[Notice, ...]:
        if not self.missing:
            return ()
        n = len(self.labels)
        first, second = self.next_questions[0]
        notices = [
            Notice(
                "incomplete",
                node=self._node,
                missing=len(self.missing),
                total=n * (n - 1) // 2,
                first=first,
                second=second,
            )
        ]
        if self.bridges:
            notices += [Notice("unchecked", first=a, second=b) for a, b in self.bridges]
        return tuple(notices)


def ahp(
    judgements: Judgements,
    *,
    method: Method = "geometric_mean",
    random_index: float | None = None,
) -> AhpResult:
    """Weights from pairwise judgements.

    Parameters
    ----------
    judgements
        An n x n reciprocal matrix (a_ij: how many times as important i is as j; numbers, or
        fractions such as "1/3"; ``None`` or NaN where a comparison is missing), a mapping
        ``{("a", "b"): 3, ...}`` (again ``None``, NaN or a blank for one that is missing), or an
        array (..., n, n) of such matrices, each with missing comparisons of its own.
    method
        "geometric_mean" of the rows (Crawford & Williams 1985), which for missing comparisons is
        logarithmic least squares (Bozoki, Fulop & Ronyai 2010), or the principal "eigenvector"
        (Saaty 1977; Harker 1987 for missing ones).
    random_index
        Replaces the random index in the consistency ratio, as published examples use others.

    Returns
    -------
    AhpResult

    Raises
    ------
    InputError
        If judgements are not positive, contradict each other in both directions, or do not
        connect all criteria.

    Examples
    --------
    >>> result = ahp({("price", "comfort"): 3, ("price", "range"): 6, ("comfort", "range"): 2})
    >>> dict(zip(result.labels, result.weights.round(3).tolist()))
    {'price': 0.667, 'comfort': 0.222, 'range': 0.111}
    >>> round(result.consistency_ratio, 6)
    0.0
    >>> ahp({("a", "b"): 2, ("b", "c"): 3}).next_questions
    (('a', 'c'),)
    """
    if isinstance(judgements, np.ndarray) and judgements.ndim > 2:
        return _batch(judgements, method, random_index)
    labels, matrix, notices = read_judgements(judgements)
    return _result(labels, matrix, notices, method, random_index, GOAL)


def prioritise(
    node: str, judgements: Mapping[Pair, float], labels: Sequence[str], method: Method
) -> AhpResult:
    """`ahp` for the children of a node, in the order of `labels`."""
    matrix, notices = comparison_matrix(judgements, labels)
    return _result(tuple(labels), matrix, notices, method, None, node)


def prioritise_matrix(
    node: str, matrix: Floats, labels: Sequence[str], method: Method
) -> AhpResult:
    """`ahp` for a matrix of judgements about the children of a node."""
    return _result(tuple(labels), matrix.copy(), (), method, None, node)


def _result(
    labels: tuple[str, ...],
    matrix: Floats,
    notices: tuple[Notice, ...],
    method: Method,
    index: float | None,
    node: str,
) -> AhpResult:
    _check_method(method, index)
    _refuse_disconnected(matrix, labels)
    if method == "geometric_mean":
        weights = _least_squares(matrix)
    else:
        weights = perron(_completed(matrix))[0]
    for array in (matrix, weights):
        array.setflags(write=False)
    return AhpResult(labels, weights, method, notices, index, node, matrix)


def _batch(given: NDArray[Any], method: Method, index: float | None) -> AhpResult:
    _check_method(method, index)
    upper = read_batch(given)
    n = given.shape[-1]
    if n == 1:
        weights = np.ones((*upper.shape[:-1], 1))
    elif np.isnan(upper).any():
        matrix = full_matrix(upper, n)
        _refuse_disconnected(matrix, [str(k + 1) for k in range(n)])
        weights = (
            _least_squares(matrix) if method == "geometric_mean" else perron(_completed(matrix))[0]
        )
    elif method == "geometric_mean":
        weights = geometric_mean_of_upper(upper, n)
    else:
        weights = perron_of_upper(upper, n)[0]
    weights.setflags(write=False)
    labels = tuple(str(k + 1) for k in range(n))
    return AhpResult(labels, weights, method, (), index, GOAL, upper)


def _check_method(method: object, index: object) -> None:
    if not isinstance(method, str) or method not in METHODS:
        raise InputError(f"unknown method {method!r}", f"One of: {', '.join(METHODS)}")
    if index is not None and not (
        isinstance(index, (int, float)) and _SMALLEST_INDEX <= index <= 1 / _SMALLEST_INDEX
    ):
        raise InputError(f"a random index is positive, not {index!r}", "Leave it out")


def _refuse_disconnected(matrix: Floats, labels: Sequence[str]) -> None:
    """Refuse the first matrix of (..., n, n) whose comparisons do not connect the criteria."""
    known = ~np.isnan(matrix)
    for at in np.argwhere(~connected(known))[:1].tolist():
        where = f" of the matrix at {at}" if at else ""
        raise disconnected(components(known[tuple(at)]), labels, f"the comparisons{where}")


def disconnected(
    groups: Sequence[Sequence[int]], labels: Sequence[str], comparisons: str
) -> InputError:
    """The error for comparisons that do not connect all of what is compared."""
    named = " and ".join("{" + listing(labels[i] for i in group) + "}" for group in groups)
    return InputError(
        f"{comparisons} fall into separate groups, {named}",
        f"Add {listing(joining_pairs(groups, labels))}",
    )


def joining_pairs(groups: Sequence[Sequence[int]], labels: Sequence[str]) -> list[str]:
    """Comparisons that would connect groups of what is compared."""
    return [f"{labels[groups[0][0]]} vs {labels[group[0]]}" for group in groups[1:]]


def _least_squares(matrix: Floats) -> Floats:
    """Weights (..., n) of least squared log residuals; row geometric means if all are made."""
    if not np.isnan(matrix).any():
        return geometric_mean(matrix)
    sums = np.nan_to_num(np.log(matrix), nan=0.0).sum(axis=-1)
    logs = (laplacian_inverse(~np.isnan(matrix)) @ sums[..., None])[..., 0]
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _completed(matrix: Floats) -> Floats:
    """The matrix whose Perron vector is that of the judgements completed with its own ratios.

    Each missing comparison leaves a zero and adds one to the diagonal (Harker 1987).
    """
    missing = np.isnan(matrix)
    if not missing.any():
        return matrix
    added = np.eye(matrix.shape[-1]) * missing.sum(axis=-1)[..., None]
    return np.asarray(np.where(missing, 0.0, matrix) + added)

"""Pairwise comparison matrices from what people write; NaN stands for a missing comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, listing, short
from mcda.model.language import given_number
from mcda.model.text import Notice
from mcda.model.values import LARGEST_RATIO, SMALLEST_RATIO, not_given, parse_ratio
from mcda.weighting.consistency import SCALE

__all__ = [
    "RECIPROCITY",
    "Judgements",
    "comparison_matrix",
    "full_matrix",
    "read_batch",
    "read_judgements",
]

#: A square of numbers, or (a, b) -> how many times as important a is.
Judgements = Mapping[tuple[str, str], Any] | Sequence[Sequence[Any]] | NDArray[Any]

#: How far a_ij * a_ji may be from 1 for decimals typed by hand (0.333).
RECIPROCITY = 1e-3
#: Closer than this, two judgements are reciprocals to the last digit anybody types.
_EXACT = 1e-9
#: Numbers in one chunk of a batch.
_CHUNK = 1 << 15


def comparison_matrix(
    judgements: Mapping[tuple[str, str], Any], labels: Sequence[str]
) -> tuple[NDArray[np.float64], tuple[Notice, ...]]:
    """The reciprocal matrix of judgements on named pairs, in the order of `labels`.

    An answer not given (``None``, NaN, a blank) is a missing comparison.

    Raises
    ------
    InputError
        For unknown, self or contradicting comparisons.
    """
    position = {label: number for number, label in enumerate(labels)}
    if len(position) < len(labels):
        twice = next(label for label in labels if list(labels).count(label) > 1)
        raise InputError(f"the name {twice!r} occurs twice", "Names must differ")
    matrix = np.full((len(labels), len(labels)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    notices: list[Notice] = []
    for (first, second), given in judgements.items():
        for name in (first, second):
            if name not in position:
                raise InputError(f"unknown name {name!r}", f"Known here: {listing(labels)}")
        if first == second:
            raise InputError(f"{first!r} is compared with itself", "Remove the judgement")
        if not_given(given):
            continue
        ratio = _ratio(given, f"{first} vs {second}")
        i, j = position[first], position[second]
        if not np.isnan(matrix[i, j]):
            notices += _reciprocal(float(matrix[j, i]), ratio, second, first)
            continue
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    return matrix, (*notices, *_beyond_scale(matrix, labels))


def read_judgements(
    judgements: Judgements,
) -> tuple[tuple[str, ...], NDArray[np.float64], tuple[Notice, ...]]:
    """Labels, reciprocal matrix and notices from a square of judgements or named pairs.

    The caller's array is not changed. In a square the upper triangle wins where the lower one is
    its reciprocal only to `RECIPROCITY`.

    Raises
    ------
    InputError
        If the judgements cannot be a reciprocal matrix.
    """
    if isinstance(judgements, Mapping):
        labels: dict[str, None] = {}
        for pair in judgements:
            if not (isinstance(pair, tuple) and len(pair) == 2):
                raise InputError(f"{short(pair)} is not a pair of names", 'Write {("a", "b"): 3}')
            labels.update(dict.fromkeys(pair))
        if not labels:
            raise InputError("there are no judgements", "Compare at least two criteria")
        return tuple(labels), *comparison_matrix(judgements, tuple(labels))
    if not np.iterable(judgements) or isinstance(judgements, (str, bytes)):
        raise InputError(
            f"judgements are a square matrix or named pairs, not {short(judgements)}",
            'Write [[1, 3], ["1/3", 1]] or {("a", "b"): 3}',
        )
    columns = getattr(judgements, "columns", None)
    if columns is not None:
        return _frame(judgements, tuple(str(name) for name in columns))
    rows = [
        list(row) if np.iterable(row) and not isinstance(row, str) else None for row in judgements
    ]
    size = len(rows)
    if size == 0:
        raise InputError("there are no judgements", "Give a square matrix or named pairs")
    if any(row is None or len(row) != size for row in rows):
        lengths = sorted({0 if row is None else len(row) for row in rows})
        raise InputError(
            f"the matrix is not square: {size} rows with {listing(lengths)} entries",
            "Give as many columns as rows",
        )
    names = tuple(str(number + 1) for number in range(size))
    matrix = np.ones((size, size))
    notices: list[Notice] = []
    for i in range(size):
        row = rows[i]
        assert row is not None
        if (
            not_given(row[i])
            or abs(_ratio(row[i], f"row {i + 1}, column {i + 1}") - 1) > RECIPROCITY
        ):
            raise InputError(
                f"row {i + 1} compares itself with itself as {row[i]!r}", "The diagonal is 1"
            )
        for j in range(i + 1, size):
            other = rows[j]
            assert other is not None
            upper, lower = _cell(row[j], i, j), _cell(other[i], j, i)
            if upper is not None and lower is not None:
                notices += _reciprocal(upper, lower, names[i], names[j])
            one = upper if upper is not None else np.nan if lower is None else 1 / lower
            matrix[i, j], matrix[j, i] = one, 1 / one
    return names, matrix, (*notices, *_beyond_scale(matrix, names))


def _frame(
    frame: Any, labels: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.float64], tuple[Notice, ...]]:
    """A square frame; rows named like the columns are put in their order."""
    rows = [str(name) for name in getattr(frame, "index", ())]
    square = [list(row) for row in frame.to_numpy()]
    if len(set(labels)) < len(labels):
        raise InputError(f"a name occurs twice: {listing(labels)}", "Names must differ")
    plain = rows == [str(number) for number in range(len(rows))]
    if rows and (not plain or set(rows) == set(labels)):
        if sorted(rows) != sorted(labels):
            raise InputError(
                f"the rows are {listing(rows)}, the columns {listing(labels)}", "Name them alike"
            )
        square = [square[rows.index(label)] for label in labels]
    _, matrix, notices = read_judgements(square)
    return labels, matrix, notices


def _cell(given: Any, row: int, column: int) -> float | None:
    """A judgement, or nothing where it is missing."""
    return None if not_given(given) else _ratio(given, f"row {row + 1}, column {column + 1}")


def read_batch(given: NDArray[Any]) -> NDArray[np.float64]:
    """The upper triangles (..., n (n - 1) / 2), row by row, of many matrices (..., n, n).

    NaN where a comparison is missing; beside an answer not given, the mirrored judgement counts.

    Raises
    ------
    InputError
        For judgements that are not positive, or not reciprocal to `RECIPROCITY`.
    """
    n = given.shape[-1]
    if given.shape[-2] != n or n == 0:
        raise InputError(f"matrices of shape {given.shape} are not square", "Give (..., n, n)")
    if isinstance(given, np.ma.MaskedArray):
        given = np.ma.filled(given if given.dtype.kind == "f" else given.astype(object), np.nan)
    if given.dtype.kind == "O":
        given = _numbers(given)
    if given.dtype.kind not in "fiu":
        raise InputError(f"a batch of judgements is of numbers, not {given.dtype}", "Convert it")
    i, j = np.triu_indices(n, 1)
    flat = given.reshape(-1, n * n)
    upper = np.empty((len(flat), len(i)))
    step = max(1, _CHUNK // (n * n))
    doubtful = False
    for start in range(0, len(flat), step):
        part = flat[start : start + step]
        above = upper[start : start + step]
        above[:] = np.take(part, i * n + j, axis=1)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.take(part, j * n + i, axis=1) * above
            apart -= 1.0
            np.abs(apart, out=apart)
            fine = (apart <= RECIPROCITY * (1 + 1e-9)).all() and (
                (above >= SMALLEST_RATIO) & (above <= LARGEST_RATIO)
            ).all()
            fine = fine and (np.abs(part[:, :: n + 1] - 1.0) <= RECIPROCITY).all()
        doubtful = doubtful or not fine
    if doubtful:
        _refuse_in_batch(given)
        np.divide(1.0, np.take(flat, j * n + i, axis=1), out=upper, where=np.isnan(upper))
    return upper.reshape(*given.shape[:-2], len(i))


def _numbers(given: NDArray[Any]) -> NDArray[np.float64]:
    """Matrices of whatever one matrix may hold, as numbers; NaN for an answer not given."""
    found = [
        np.nan if not_given(each) else _ratio(each, f"the judgement at {list(at)}")
        for at, each in np.ndenumerate(given)
    ]
    return np.reshape(found, given.shape)


def full_matrix(upper: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The reciprocal matrices (..., n, n) of upper triangles (..., n (n - 1) / 2)."""
    i, j = np.triu_indices(n, 1)
    matrix = np.ones((*upper.shape[:-1], n, n))
    matrix[..., i, j], matrix[..., j, i] = upper, 1.0 / upper
    return matrix


def _refuse_in_batch(given: NDArray[Any]) -> None:
    """Name the first judgement of a batch that is wrong; an answer not given is not."""
    own = np.eye(given.shape[-1], dtype=bool)
    with np.errstate(invalid="ignore", over="ignore"):
        outside = ~((given >= SMALLEST_RATIO) & (given <= LARGEST_RATIO)) & ~np.isnan(given)
        unequal = own & ~(np.abs(given - 1.0) <= RECIPROCITY)
        apart = np.abs(given * np.swapaxes(given, -1, -2) - 1.0) > RECIPROCITY * (1 + 1e-9)
    for wrong, remedy in (
        (outside, "In a batch all are positive and finite"),
        (unequal, "The diagonal is 1"),
    ):
        for at in np.argwhere(wrong)[:1].tolist():
            raise InputError(f"the judgement at {at} is {given[tuple(at)]}", remedy)
    for at in np.argwhere(apart & ~own)[:1].tolist():
        mirrored = [*at[:-2], at[-1], at[-2]]
        both = f"{given[tuple(at)]} and {given[tuple(mirrored)]}"
        raise InputError(
            f"the judgements at {at} and {mirrored}, {both}, contradict each other",
            "Correct one of them",
        )


def _ratio(given: Any, where: str) -> float:
    try:
        return parse_ratio(given.item() if isinstance(given, np.generic) else given)
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def _reciprocal(upper: float, lower: float, first: str, second: str) -> tuple[Notice, ...]:
    """A notice if a pair's two judgements differ slightly; an error if they contradict."""
    apart = abs(upper * lower - 1)
    if apart > RECIPROCITY * (1 + 1e-9):
        raise InputError(
            f"the judgements {first} vs {second} = {given_number(upper)} and {second} vs {first} = "
            f"{given_number(lower)} contradict each other",
            f"Remove one of them, or make the second 1/{given_number(upper)}",
        )
    if apart <= _EXACT:
        return ()
    return (Notice("reciprocal", first=first, second=second, given=upper, other=lower),)


def _beyond_scale(matrix: NDArray[np.float64], labels: Sequence[str]) -> tuple[Notice, ...]:
    beyond = np.argwhere(matrix > SCALE * (1 + RECIPROCITY))
    return tuple(
        Notice("beyond_scale", first=labels[i], second=labels[j], given=float(matrix[i, j]))
        for i, j in beyond
    )

"""Pairwise comparison matrices from what people write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, listing
from mcda.model.text import Notice
from mcda.model.values import parse_ratio

__all__ = ["RECIPROCITY", "Judgements", "comparison_matrix", "read_judgements"]

#: A square of numbers, or (a, b) -> how many times as important a is.
Judgements = Mapping[tuple[str, str], Any] | Sequence[Sequence[Any]] | NDArray[Any]

#: How far a_ij * a_ji may be from 1 for decimals typed by hand (0.333).
RECIPROCITY = 1e-3
#: Closer than this, two judgements are reciprocals to the last digit anybody types.
_EXACT = 1e-9
#: Saaty's scale ends here; beyond it a notice is given.
_SCALE = 9.0


def comparison_matrix(
    judgements: Mapping[tuple[str, str], Any], labels: Sequence[str]
) -> tuple[NDArray[np.float64], tuple[Notice, ...]]:
    """The reciprocal matrix of judgements on named pairs, in the order of `labels`.

    Raises
    ------
    InputError
        For unknown, self, contradicting or missing comparisons.
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
        ratio = _ratio(given, f"{first} vs {second}")
        i, j = position[first], position[second]
        if not np.isnan(matrix[i, j]):
            notices += _reciprocal(float(matrix[j, i]), ratio, second, first)
            continue
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    missing = [
        f"{first} vs {second}"
        for first, second in combinations(labels, 2)
        if np.isnan(matrix[position[first], position[second]])
    ]
    if missing:
        count = "a comparison is" if len(missing) == 1 else f"{len(missing)} comparisons are"
        raise InputError(f"{count} missing: {listing(missing)}", "Add every pair")
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
        If the judgements cannot be a complete reciprocal matrix.
    """
    if isinstance(judgements, Mapping):
        labels: dict[str, None] = {}
        for pair in judgements:
            if not (isinstance(pair, tuple) and len(pair) == 2):
                raise InputError(f"{pair!r} is not a pair of names", 'Write {("a", "b"): 3}')
            labels.update(dict.fromkeys(pair))
        if not labels:
            raise InputError("there are no judgements", "Compare at least two criteria")
        return tuple(labels), *comparison_matrix(judgements, tuple(labels))
    if not np.iterable(judgements) or isinstance(judgements, (str, bytes)):
        raise InputError(
            f"judgements are a square matrix or named pairs, not {judgements!r}",
            'Write [[1, 3], ["1/3", 1]] or {("a", "b"): 3}',
        )
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
            _missing(row[i])
            or abs(_ratio(row[i], f"row {i + 1}, column {i + 1}") - 1) > RECIPROCITY
        ):
            raise InputError(
                f"row {i + 1} compares itself with itself as {row[i]!r}", "The diagonal is 1"
            )
        for j in range(i + 1, size):
            other = rows[j]
            assert other is not None
            upper = _cell(row[j], i, j)
            lower = _cell(other[i], j, i)
            notices += _reciprocal(upper, lower, names[i], names[j])
            matrix[i, j], matrix[j, i] = upper, 1 / upper
    return names, matrix, (*notices, *_beyond_scale(matrix, names))


def _missing(given: Any) -> bool:
    return given is None or (isinstance(given, (float, np.floating)) and bool(np.isnan(given)))


def _cell(given: Any, row: int, column: int) -> float:
    where = f"row {row + 1}, column {column + 1}"
    if _missing(given):
        raise InputError(f"the judgement in {where} is missing", "Compare every pair")
    return _ratio(given, where)


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
            f"the judgements {first} vs {second} = {upper:g} and {second} vs {first} = {lower:g} "
            "contradict each other",
            f"Remove one of them, or make the second 1/{upper:g}",
        )
    if apart <= _EXACT:
        return ()
    return (Notice("reciprocal", first=first, second=second, given=upper, other=lower),)


def _beyond_scale(matrix: NDArray[np.float64], labels: Sequence[str]) -> tuple[Notice, ...]:
    beyond = np.argwhere(matrix > _SCALE * (1 + RECIPROCITY))
    return tuple(
        Notice("beyond_scale", first=labels[i], second=labels[j], given=float(matrix[i, j]))
        for i, j in beyond
    )

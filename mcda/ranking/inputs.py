"""What callers hand over as matrices, weights and directions, made into checked arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, listing, short
from mcda.model.arrays import as_floats, at_index
from mcda.model.language import given_number, interval
from mcda.model.values import parse_direction

__all__ = ["align", "as_benefits", "as_domain", "as_weights", "labels_of"]

Floats = NDArray[np.float64]

#: Sums between this and its inverse need no care for overflow.
_LARGE = 1e290


def labels_of(matrix: Any) -> tuple[str, ...] | None:
    """The column names of a frame; ``None`` for arrays and lists."""
    columns = getattr(matrix, "columns", None)
    if columns is None:
        return None
    names = tuple(str(name) for name in columns)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the criterion name {twice!r} occurs twice", "Names must differ")
    return names


def align(given: Any, labels: tuple[str, ...] | None, what: str) -> Any:
    """`given` in the order of the matrix's columns, by label where both have labels.

    Raises
    ------
    InputError
        If labelled weights or directions do not name just the matrix's columns.
    """
    index = getattr(given, "index", None)
    if hasattr(given, "columns"):
        raise InputError(f"the {what} are a frame", "Give one entry for each criterion")
    if isinstance(given, Mapping):
        named = {key if isinstance(key, str) else short(key): given[key] for key in given}
    elif labels is not None and index is not None and not callable(index):
        keys = [str(key) for key in index]
        if len(set(keys)) < len(keys):
            raise InputError(f"the {what} name a criterion twice", "Names must differ")
        if set(keys) != set(labels) and keys == [str(number) for number in range(len(keys))]:
            return given  # a plain numbered series has no labels
        named = dict(zip(keys, list(given), strict=True))
    else:
        return given
    if labels is None:
        raise InputError(
            f"the {what} have names, the matrix has none", "Give a frame, or plain numbers"
        )
    for name in named:
        if name not in labels:
            raise InputError(f"the {what} name an unknown criterion {name!r}", hint(name, labels))
    missing = [name for name in labels if name not in named]
    if missing:
        raise InputError(f"the {what} leave out {listing(missing)}", "Name every criterion")
    return [named[name] for name in labels]


def as_weights(given: Any, criteria: int) -> Floats:
    """Weights (..., m), each row scaled to sum 1.

    Raises
    ------
    InputError
        For negative, missing or not finite weights, a wrong count, or none above zero.
    """
    weights = as_floats(given, "weights")
    if weights.ndim == 0 or weights.shape[-1] != criteria:
        count = weights.shape[-1] if weights.ndim else 1
        raise InputError(
            f"there are {count} weights for {criteria} criteria", "Give one for each criterion"
        )
    if (weights < 0).any():
        index = tuple(int(i) for i in np.argwhere(weights < 0)[0])
        raise InputError(
            f"{at_index('weights', index)} is {given_number(weights[index])}",
            "Weights are not negative; a criterion to minimise is a cost",
        )
    with np.errstate(over="ignore"):
        total = weights @ np.ones(criteria)  # far faster than sums of many short rows
    if not ((total > 1 / _LARGE) & (total < _LARGE)).all():
        largest = weights.max(axis=-1)
        if not (largest > 0).all():
            raise InputError("all weights are zero", "Give at least one criterion a weight")
        weights /= largest[..., None]
        total = weights.sum(axis=-1)
    weights /= np.asarray(total)[..., None]
    return weights


def as_benefits(given: Any, criteria: int) -> NDArray[np.bool_]:
    """For each criterion, whether more is better.

    Raises
    ------
    InputError
        For a word that is no direction, or a wrong count.
    """
    one = isinstance(given, str) or not np.iterable(given)
    words = [given] if one else _plain(given)
    if len(words) != criteria:
        raise InputError(
            f"there are {len(words)} directions for {criteria} criteria",
            "Give benefit or cost for each criterion",
        )
    benefits = np.empty(criteria, dtype=bool)
    for number, word in enumerate(words):
        try:
            benefits[number] = parse_direction(word) == "benefit"
        except ValueError as error:
            raise InputError(f"direction {number + 1}: {error}") from None
    return benefits


def _plain(given: Any) -> list[Any]:
    """The entries as Python objects."""
    if isinstance(given, np.ndarray):
        return list(given.tolist())
    return [word.item() if isinstance(word, np.generic) else word for word in given]


def as_domain(given: Any, criteria: int) -> Floats:
    """Domains (m, 2) from one (low, high) for each criterion, or one for all.

    Raises
    ------
    InputError
        For a wrong shape, or an end that does not lie below the other.
    """
    domain = as_floats(given, "domain")
    if domain.shape == (2,):
        domain = np.tile(domain, (criteria, 1))
    if domain.shape != (criteria, 2):
        raise InputError(
            f"the domain has the shape {domain.shape} for {criteria} criteria",
            "Give (low, high) for each criterion, or one for all",
        )
    wrong = np.flatnonzero(~(domain[:, 0] < domain[:, 1]))
    if wrong.size:
        low, high = domain[wrong[0]]
        raise InputError(
            f"the domain of criterion {wrong[0] + 1} is {interval(low, high)}",
            "The lower end comes first",
        )
    return domain

"""Arrays of numbers from what callers hand over."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, listing, short

__all__ = ["as_floats", "at_index", "first_that_is", "largest"]

Floats = NDArray[np.float64]

#: Numbers below this fit a byte.
_FEW = 128


def as_floats(given: Any, what: str) -> Floats:
    """A new float64 array with finite entries only.

    Raises
    ------
    InputError
        For ragged rows, text, missing, complex or infinite entries, with the entry named.
    """
    if isinstance(given, np.ma.MaskedArray) and np.ma.getmaskarray(given).any():
        index = tuple(int(i) for i in np.argwhere(np.ma.getmaskarray(given))[0])
        raise InputError(f"{at_index(what, index)} is masked", "Fill it in, or leave the row out")
    if isinstance(given, (list, tuple)):
        for number, row in enumerate(given):
            if isinstance(row, np.ma.MaskedArray) and np.ma.getmaskarray(row).any():
                index = (number, *(int(i) for i in np.argwhere(np.ma.getmaskarray(row))[0]))
                raise InputError(
                    f"{at_index(what, index)} is masked", "Fill it in, or leave the row out"
                )
    try:
        array = np.asarray(given)
    except (TypeError, ValueError):
        raise InputError(f"the {what} has rows of different lengths", _ragged(given)) from None
    kind = array.dtype.kind
    if kind in "OUS":
        # what numpy made text of because of one word is looked at as it was given
        for index, entry in np.ndenumerate(np.asarray(given, dtype=object)):
            if not isinstance(entry, (numbers.Real, Decimal, np.bool_)):
                raise InputError(f"{at_index(what, index)} {_instead(entry)}", _advice(entry))
            try:
                float(entry)
            except (OverflowError, ValueError):
                raise InputError(
                    f"{at_index(what, index)} is too large or not a number", "Give a finite number"
                ) from None
    elif kind not in "fiub":
        index = (0,) * array.ndim
        entry = array[index].item() if array.size else None
        raise InputError(f"{at_index(what, index)} {_instead(entry)}", _advice(entry))
    with np.errstate(over="ignore"):
        floats = np.array(array, dtype=np.float64)  # a copy: the caller may change theirs
    if not np.isfinite(floats).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(floats))[0])
        raise InputError(
            f"{at_index(what, index)} is {floats[index]}",
            "Give a finite number, or leave the row out",
        )
    return floats


def largest(rows: Floats) -> NDArray[np.intp]:
    """Which of k rows (k, ...) is the largest at each place (...); the first of equals.

    Compares whole rows, where `argmax` goes through the places one by one. NaN is never the
    largest.
    """
    return first_that_is(np.fmax.reduce(rows, axis=0), rows)


def first_that_is(wanted: Floats, rows: Floats) -> NDArray[np.intp]:
    """The first of k rows (k, ...) that is what is wanted (...) there; the last if none is."""
    passed = np.ones(wanted.shape, dtype=bool)
    at = np.zeros(wanted.shape, dtype=np.int8 if len(rows) < _FEW else np.intp)
    for row in rows[:-1]:
        passed &= row != wanted
        at += passed
    return np.asarray(at, dtype=np.intp)


def at_index(what: str, index: tuple[int, ...]) -> str:
    """How messages name an entry."""
    words = {1: ("entry",), 2: ("row", "column")}.get(len(index))
    if words is None:
        return f"the {what} at {list(index)}" if index else f"the {what}"
    where = ", ".join(f"{word} {i + 1}" for word, i in zip(words, index, strict=True))
    return f"the {what} in {where}"


def _instead(entry: object) -> str:
    return "is missing" if entry is None else f"is {short(entry)}, not a number"


def _advice(entry: object) -> str:
    if isinstance(entry, str) and entry.replace(",", "", 1).strip().lstrip("-").isdigit():
        return "Turn text into numbers first; decimals have a point"
    return "Give a number"


def _ragged(given: Any) -> str:
    lengths = {len(row) for row in given if isinstance(row, Sequence)}
    return f"Rows have {listing(sorted(lengths))} entries; give all the same" if lengths else ""

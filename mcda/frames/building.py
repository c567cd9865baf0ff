"""Tables of results as the caller's own kind of data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint

__all__ = ["Cells", "Kind", "Words", "cells_of", "frame_of", "kind_of"]

Kind = Literal["pandas", "polars", "pyarrow"]


class Cells(NamedTuple):
    """A column of numbers or booleans, null where not known."""

    values: NDArray[Any]
    known: NDArray[np.bool_] | None = None

    def take(self, rows: NDArray[np.intp]) -> Cells:
        """The column with its rows in another order."""
        return Cells(self.values[rows], None if self.known is None else self.known[rows])


class Words(NamedTuple):
    """A column of texts as positions (rows,) among `words`; -1 is null."""

    positions: NDArray[np.intp]
    words: Sequence[str]

    def take(self, rows: NDArray[np.intp]) -> Words:
        """The column with its rows in another order."""
        return Words(self.positions[rows], self.words)


def cells_of(entries: Sequence[Any], kind: type = float) -> Cells | Words:
    """A column of plain values, ``None`` where nothing is known."""
    if kind is str:
        words = list(dict.fromkeys(entry for entry in entries if entry is not None))
        position = {word: i for i, word in enumerate(words)}
        return Words(
            np.array([-1 if e is None else position[e] for e in entries], dtype=np.intp), words
        )
    known = np.array([entry is not None for entry in entries], dtype=bool)
    dtype = {float: np.float64, int: np.int64, bool: np.bool_}[kind]
    return Cells(np.array([entry or 0 for entry in entries], dtype=dtype), known)


def kind_of(native: object) -> Kind:
    """The kind of a caller's frame; for kinds that cannot be written, the nearest."""
    package = type(native).__module__.partition(".")[0]
    return package if package in get_args(Kind) else "pandas"  # type: ignore[return-value]


def frame_of(columns: Mapping[str, Any], kind: str, index: Any = None) -> Any:
    """A frame of that kind from its columns: `Cells`, `Words`, or columns of that kind already.

    Parameters
    ----------
    columns
        Name -> column, all equally long.
    kind
        "pandas", "polars" or "pyarrow".
    index
        For pandas: the index that the rows keep.

    Raises
    ------
    InputError
        If there is no such kind, or it is not installed.
    """
    if kind not in get_args(Kind):
        kinds = get_args(Kind)
        raise InputError(f"there is no kind of frame {kind!r}", hint(str(kind), kinds))
    try:
        package = import_module(kind)
    except ImportError:
        raise InputError(f"{kind} is not installed", f"Install it: pip install {kind}") from None
    if kind == "polars":
        return _polars(package, columns)
    return _pandas(package, columns, index) if kind == "pandas" else _pyarrow(package, columns)


def _pandas(pd: Any, columns: Mapping[str, Any], index: Any) -> Any:
    built: dict[str, Any] = {}
    for name, column in columns.items():
        if isinstance(column, Words):
            built[name] = pd.array([*column.words, None], dtype="string").take(column.positions)
        elif isinstance(column, Cells):
            values, known = column
            if values.dtype.kind == "f":
                built[name] = values if known is None else np.where(known, values, np.nan)
            else:
                unknown = np.zeros(len(values), dtype=bool) if known is None else ~known
                array = pd.arrays.BooleanArray if values.dtype.kind == "b" else None
                array = array or pd.arrays.IntegerArray
                built[name] = array(values.copy(), unknown)
        else:
            built[name] = column.array if hasattr(column, "array") else column
    return pd.DataFrame(built, index=index)


def _polars(pl: Any, columns: Mapping[str, Any]) -> Any:
    """All columns by one query: each by itself would cost more than what it does."""
    parts: dict[str, Any] = {}
    built = []
    for number, (name, column) in enumerate(columns.items()):
        part, mask = str(number), f"known {number}"
        made = pl.col(part)
        if isinstance(column, Words):
            words = pl.Series([*column.words, None], dtype=pl.String)
            at = np.where(column.positions < 0, len(column.words), column.positions)
            parts[part] = at.astype(np.uint32)
            made = pl.lit(words).gather(made)
        elif isinstance(column, Cells):
            parts[part] = column.values
            if column.known is not None and not column.known.all():
                parts[mask] = column.known
                made = pl.when(mask).then(made)
        else:
            parts[part] = column
        built.append(made.alias(name))
    return pl.DataFrame(parts).select(built)


def _pyarrow(pa: Any, columns: Mapping[str, Any]) -> Any:
    built = {}
    for name, column in columns.items():
        if isinstance(column, Words):
            words = pa.array([*column.words, None], type=pa.string())
            at = np.where(column.positions < 0, len(column.words), column.positions)
            built[name] = words.take(pa.array(at))
        elif isinstance(column, Cells):
            mask = None if column.known is None else ~column.known
            built[name] = pa.array(column.values, mask=mask)
        else:
            built[name] = column
    return pa.table(built)

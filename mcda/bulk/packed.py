"""Runs of a table in files from which any of their rows can be read without the others.

Numbers lie in a run's file as they do in memory, whole ones in as few bytes as they need, and words
as their positions in a list: one column after the other. Columns of other kinds, such as dates and
texts that are all different, lie in an Arrow file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.delimited import scan_arrow
from mcda.bulk.tables import polars
from mcda.frames.building import enumeration

__all__ = ["Packer", "read_header", "read_rows"]


class Stored(NamedTuple):
    """Where a column of a run lies.

    Attributes
    ----------
    dtype : str
        NumPy's name of its numbers.
    start : int
        The byte where they begin.
    known : int
        The byte where it begins to say which are known; -1 if all are.
    words : list of str or None
        What the numbers are positions in; one more stands for null.
    """

    dtype: str
    start: int
    known: int = -1
    words: list[str] | None = None


class Packer:
    """Writes runs into a folder, from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs: dict[int, dict[str, Stored]] = {}
        self._words: dict[str, Any] = {}
        self._lock = Lock()

    def write(self, number: int, frame: Any, order: NDArray[np.intp]) -> None:
        """Write a run's rows, a Polars frame, in an order; all runs have the same columns."""
        stored: dict[str, Stored] = {}
        others = []
        with _numbers(self.folder, number).open("wb") as stream:
            for column in frame:
                plain = self._plain(column)
                if plain is None:
                    others.append(column.name)
                    continue
                values, known, words = plain
                start = stream.tell()
                values.take(order).tofile(stream)
                mask = -1
                if known is not None:
                    mask = stream.tell()
                    known.take(order).tofile(stream)
                stored[column.name] = Stored(values.dtype.str, start, mask, words)
        if others:
            rest = frame.select(others)[order]
            rest.write_ipc(_others(self.folder, number), compression="uncompressed")
        with self._lock:
            self.runs[number] = stored
            if len(self.runs) == 1:
                frame.clear().write_ipc(_kinds(self.folder))

    def close(self) -> None:
        """Note where everything lies."""
        runs = [self.runs[number] for number in sorted(self.runs)]
        _index(self.folder).write_text(json.dumps(runs), encoding="utf-8")

    def _plain(
        self, column: Any
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None, list[str] | None] | None:
        """A column's numbers, which are known, and their words; ``None`` if it has none."""
        pl = polars()
        if column.dtype == pl.String:
            places = self._places_of(column)
            if places is None:
                return None
            words = places.dtype.categories.to_list()
            return places.to_physical().fill_null(len(words)).to_numpy(), None, words
        if column.dtype.is_integer() and column.dtype not in (pl.Int128, pl.UInt128):
            column = column.shrink_dtype()
        elif column.dtype not in (pl.Float32, pl.Float64, pl.Boolean):
            return None
        known = None
        if column.null_count():
            known = column.is_not_null().to_numpy()
            column = column.fill_null(False if column.dtype == pl.Boolean else 0)
        return column.to_numpy(), known, None

    def _places_of(self, column: Any) -> Any:
        """A column as an enumeration of its words; ``None`` if they are many."""
        pl = polars()
        kind = self._words.get(column.name)  # those of other runs, which are mostly the same
        if kind is not None:
            places = column.cast(kind, strict=False)
            if places.null_count() == column.null_count():
                return places
        places = enumeration(column)
        if places.dtype != pl.Enum:
            return None
        self._words[column.name] = places.dtype
        return places


def read_header(folder: Path) -> Any:
    """A Polars frame without rows that has all columns."""
    return scan_arrow(_kinds(folder)).collect()


def read_rows(folder: Path, pieces: Sequence[tuple[int, int]]) -> Any:
    """Rows of all runs, from the first row of each up to the last, as a Polars frame."""
    pl = polars()
    runs = [
        {name: Stored(*each) for name, each in run.items()}
        for run in json.loads(_index(folder).read_text(encoding="utf-8"))
    ]
    wanted = [
        _Piece(folder, number, first, last, stored)
        for number, ((first, last), stored) in enumerate(zip(pieces, runs, strict=True))
        if last > first
    ]
    kinds = read_header(folder).schema
    return pl.DataFrame([_joined(name, kind, wanted) for name, kind in kinds.items()])


class _Piece:
    """Some rows of a run."""

    def __init__(
        self, folder: Path, number: int, first: int, last: int, stored: dict[str, Stored]
    ) -> None:
        self.folder, self.number, self.stored = folder, number, stored
        self.first, self.height = first, last - first
        self.bytes = np.memmap(_numbers(folder, number), mode="r") if stored else None
        self._rest: Any = None

    def numbers(self, stored: Stored) -> NDArray[Any]:
        return self._at(stored.start, np.dtype(stored.dtype))

    def known(self, stored: Stored) -> NDArray[np.bool_]:
        if stored.known < 0:
            return np.ones(self.height, dtype=bool)
        return self._at(stored.known, np.dtype(bool))

    def other(self, name: str) -> Any:
        """A column that is not in numbers."""
        if self._rest is None:
            rest = scan_arrow(_others(self.folder, self.number))
            self._rest = rest.slice(self.first, self.height).collect()
        return self._rest[name]

    def _at(self, start: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        assert self.bytes is not None
        return np.frombuffer(
            self.bytes, dtype, count=self.height, offset=start + self.first * dtype.itemsize
        )


def _joined(name: str, kind: Any, pieces: Sequence[_Piece]) -> Any:
    """A column of all pieces."""
    pl = polars()
    stored = [piece.stored.get(name) for piece in pieces]
    if len(pieces) > 1 and len({each and (each.words is None) for each in stored}) > 1:
        each = [_joined(name, kind, [piece]) for piece in pieces]  # not of one kind
        return pl.concat(each, rechunk=True)
    found = [(piece, each) for piece, each in zip(pieces, stored, strict=True) if each is not None]
    if not found:
        columns = [piece.other(name) for piece in pieces]
        return pl.concat(columns, rechunk=True) if columns else pl.Series(name, [], kind)
    parts = [piece.numbers(each) for piece, each in found]
    lists = [each.words for _, each in found if each.words is not None]
    if lists:
        every = list(dict.fromkeys(word for words in lists for word in words))
        place = {word: number for number, word in enumerate(every)}
        maps = [np.array([*map(place.get, words), len(every)], np.uint32) for words in lists]
        codes = np.concatenate([at.take(part) for at, part in zip(maps, parts, strict=True)])
        return pl.Series(name, [*every, None], kind).gather(codes)
    values = np.concatenate(parts, dtype=np.result_type(*parts))
    column = pl.Series(name, values).cast(kind)
    if any(each.known >= 0 for _, each in found):
        known = np.concatenate([piece.known(each) for piece, each in found])
        column = column.set(pl.Series(~known), None)
    return column


def _numbers(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.numbers"


def _others(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.arrow"


def _index(folder: Path) -> Path:
    return folder / "index.json"


def _kinds(folder: Path) -> Path:
    """A table without rows that has the columns of all."""
    return folder / "kinds.arrow"

"""Parquet files put behind one another: their packed columns are copied, only the footer is new.

A Parquet file is runs of rows ("row groups") whose columns are packed one by one, and a footer
that says where each lies and what is in it. So files with the same columns become one without
anything being unpacked: the footer of each is read, and written again with other positions.

The footer is a structure in Thrift's compact protocol [1]_; what the fields are is in [2]_.

References
----------
.. [1] Apache Thrift, doc/specs/thrift-compact-protocol.md.
.. [2] Apache Parquet, parquet-format, src/main/thrift/parquet.thrift.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

__all__ = ["height", "pack", "packed", "put_together"]

_MAGIC = b"PAR1"
#: The length of the footer, and the magic number.
_TAIL = 8
#: Kinds of values in Thrift's compact protocol; the first two are values at the same time.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _STRUCT = *range(1, 10), 12
_INTEGERS = frozenset({_I16, _I32, _I64})
#: A list whose length does not fit into four bits.
_LONG = 15


class _Field(NamedTuple):
    """A value and its kind: a structure is a dict of fields by their numbers."""

    kind: int
    value: Any


class _List(NamedTuple):
    kind: int
    items: list[Any]


#: A structure.
_Struct = dict[int, _Field]


class _UnforeseenError(Exception):
    """A file has something of which it is not known what it would be in another place."""


class _File:
    """Numbers of fields (FileMetaData)."""

    SCHEMA, ROWS, GROUPS, NOTES, ORDERS = 2, 3, 4, 5, 7
    #: With the version, and who created it.
    KNOWN = frozenset({1, SCHEMA, ROWS, GROUPS, NOTES, 6, ORDERS})


class _Element:
    """Numbers of fields (SchemaElement)."""

    NAME, CHILDREN = 4, 5


class _Group:
    """Numbers of fields (RowGroup)."""

    COLUMNS, BYTES, ROWS, START, PACKED, ORDINAL = 1, 2, 3, 5, 6, 7
    KNOWN = frozenset({COLUMNS, BYTES, ROWS, START, PACKED, ORDINAL})


class _Chunk:
    """Numbers of fields (ColumnChunk); the index of its pages lies apart from it."""

    START, ABOUT = 2, 3
    INDEX = frozenset({4, 5, 6, 7})
    KNOWN = frozenset({START, ABOUT, *INDEX})


class _About:
    """Numbers of fields (ColumnMetaData); a Bloom filter lies apart from the column."""

    BYTES, PACKED, PAGES, WORDS = 6, 7, 9, 11
    BLOOM = frozenset({14, 15})
    #: With type, encodings, path, compression, number of values, statistics.
    KNOWN = frozenset({1, 2, 3, 4, 5, BYTES, PACKED, PAGES, WORDS, 12, 13, *BLOOM, 16})


#: What a footer leads to that is made in another way than it should be.
_MISMADE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(slots=True)
class _Reader:
    """Reads what follows the position."""

    data: bytes
    at: int = 0

    def struct(self) -> _Struct:
        found: _Struct = {}
        data, number = self.data, 0
        while head := data[self.at]:
            self.at += 1
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else self.integer()
            found[number] = _Field(kind, self.value(kind))
        self.at += 1
        return found

    def value(self, kind: int) -> Any:
        if kind in _INTEGERS:
            return self.integer()
        if kind == _BINARY:
            return self.taken(self.length())
        if kind == _STRUCT:
            return self.struct()
        if kind == _LIST:
            return self.list()
        if kind in (_TRUE, _FALSE):
            return None
        if kind in (_BYTE, _DOUBLE):
            return self.taken(1 if kind == _BYTE else 8)
        raise _UnforeseenError

    def list(self) -> _List:
        head = self.data[self.at]
        self.at += 1
        kind = head & 15
        count = head >> 4
        if count == _LONG:
            count = self.length()
        # a truth value is a byte here, as it has no head
        kept = _BYTE if kind in (_TRUE, _FALSE) else kind
        return _List(kind, [self.value(kept) for _ in range(count)])

    def taken(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise _UnforeseenError
        return self.data[self.at - count : self.at]

    def length(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        found = byte & 127
        shift = 7
        while byte > 127:
            byte = self.data[self.at]
            self.at += 1
            found |= (byte & 127) << shift
            shift += 7
        return found

    def integer(self) -> int:
        found = self.length()
        return (found >> 1) ^ -(found & 1)


def _write_struct(fields: _Struct, into: bytearray) -> None:
    before = 0
    for number, (kind, value) in sorted(fields.items()):
        if 0 < number - before <= 15:
            into.append((number - before) << 4 | kind)
        else:
            into.append(kind)
            _write_integer(number, into)
        before = number
        if kind not in (_TRUE, _FALSE):
            _write(kind, value, into)
    into.append(0)


def _write(kind: int, value: Any, into: bytearray) -> None:
    if kind in _INTEGERS:
        _write_integer(value, into)
    elif kind == _STRUCT and isinstance(value, bytes):  # written already
        into += value
    elif kind == _STRUCT:
        _write_struct(value, into)
    elif kind == _LIST:
        count = len(value.items)
        into.append(min(count, _LONG) << 4 | value.kind)
        if count >= _LONG:
            _write_length(count, into)
        for item in value.items:
            _write(value.kind, item, into)
    else:
        if kind == _BINARY:
            _write_length(len(value), into)
        into += value


def _written(fields: _Struct) -> bytes:
    into = bytearray()
    _write_struct(fields, into)
    return bytes(into)


def _write_length(value: int, into: bytearray) -> None:
    while value > 127:
        into.append(value & 127 | 128)
        value >>= 7
    into.append(value)


def _write_integer(value: int, into: bytearray) -> None:
    _write_length(value << 1 if value >= 0 else (-value << 1) - 1, into)


def _footer(stream: BinaryIO) -> _Struct:
    """What a Parquet file says of itself."""
    whole = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, whole - _TAIL))
    tail = stream.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length > whole - _TAIL:
        raise _UnforeseenError
    stream.seek(whole - _TAIL - length)
    return _Reader(stream.read(length)).struct()


def packed(frame: Any) -> io.BytesIO:
    """Rows as a Parquet file."""
    stream = io.BytesIO()
    pack(frame, stream, tightly=True)
    return stream


def pack(frame: Any, target: Path | IO[bytes], *, tightly: bool) -> None:
    """Write rows as a Parquet file of one run of rows, compressed or not."""
    # the lowest level: numbers of full precision hardly shrink at any
    compression, level = ("zstd", 1) if tightly else ("uncompressed", None)
    frame.write_parquet(
        target,
        compression=compression,
        compression_level=level,
        row_group_size=max(1, frame.height),
    )


def height(path: Path) -> int:
    """The number of a Parquet file's rows."""
    with path.open("rb") as stream:
        return int(_footer(stream)[_File.ROWS].value)


def put_together(sources: Iterable[BinaryIO], target: BinaryIO, columns: Sequence[str]) -> bool:
    """Write the rows of Parquet files behind one another, as their columns are packed.

    Parameters
    ----------
    sources
        Files with flat columns; one is needed at a time.
    target
        Where the Parquet file is written.
    columns
        What is taken over, in this order.

    Returns
    -------
    bool
        Whether it was done. Not if a file lacks one of the columns or has it in another form, if
        there is something that cannot be moved, or no file at all; the target is to be written in
        another way then.
    """
    first: _Struct = {}
    groups: list[bytes] = []
    at = rows = 0
    try:
        for source in sources:
            footer = _of_columns(_footer(source), columns)
            if not first:
                first, at = footer, target.write(_MAGIC)
            elif footer[_File.SCHEMA] != first[_File.SCHEMA]:
                return False
            for group in footer[_File.GROUPS].value.items:
                at = _moved(group, source, target, at)
                rows += group[_Group.ROWS].value
                groups.append(_written(group))
        if not first:
            return False
        first[_File.ROWS] = _Field(_I64, rows)
        first[_File.GROUPS] = _Field(_LIST, _List(_STRUCT, groups))
        # it would tell readers how the columns of the first file were held in memory
        first.pop(_File.NOTES, None)
        end = _written(first)
    except (_UnforeseenError, *_MISMADE):
        return False
    target.write(end + len(end).to_bytes(4, "little") + _MAGIC)
    return True


def _of_columns(footer: _Struct, names: Sequence[str]) -> _Struct:
    """The footer as if a file had these columns only, in this order."""
    _refuse_unknown(footer, _File.KNOWN)
    whole, *columns = footer[_File.SCHEMA].value.items
    if any(_Element.CHILDREN in column for column in columns):
        raise _UnforeseenError
    places = {column[_Element.NAME].value: place for place, column in enumerate(columns)}
    taken = [places[name.encode()] for name in names]
    whole = {**whole, _Element.CHILDREN: _Field(_I32, len(taken))}
    footer[_File.SCHEMA] = _structs([whole, *(columns[place] for place in taken)])
    if _File.ORDERS in footer:
        orders = footer[_File.ORDERS].value.items
        footer[_File.ORDERS] = _structs([orders[place] for place in taken])
    for group in footer[_File.GROUPS].value.items:
        _refuse_unknown(group, _Group.KNOWN)
        chunks = group[_Group.COLUMNS].value.items
        group[_Group.COLUMNS] = _structs([chunks[place] for place in taken])
    return footer


def _structs(items: list[_Struct]) -> _Field:
    return _Field(_LIST, _List(_STRUCT, items))


def _moved(group: _Struct, source: BinaryIO, target: BinaryIO, at: int) -> int:
    """Copy a run of rows, of which the target has `at` bytes before it; where it ends.

    What is said of the run is changed accordingly. Without the index of its pages: a run of rows
    has next to nothing but one for each column.
    """
    start, unpacked = at, 0
    whole = source.seek(0, os.SEEK_END)
    for chunk in group[_Group.COLUMNS].value.items:
        _refuse_unknown(chunk, _Chunk.KNOWN)
        about: _Struct = chunk[_Chunk.ABOUT].value
        _refuse_unknown(about, _About.KNOWN)
        for number in _Chunk.INDEX:
            chunk.pop(number, None)
        for number in _About.BLOOM:
            about.pop(number, None)
        places = [number for number in (_About.WORDS, _About.PAGES) if number in about]
        if not places:
            raise _UnforeseenError
        begin = min(about[number].value for number in places)
        size = about[_About.PACKED].value
        if not 0 < begin <= begin + size <= whole:
            raise _UnforeseenError
        source.seek(begin)
        target.write(source.read(size))
        for number in places:
            about[number] = _Field(_I64, about[number].value - begin + at)
        # as readers once took it for the column's own: now it is to be 0
        chunk[_Chunk.START] = _Field(_I64, 0)
        unpacked += about[_About.BYTES].value
        at += size
    group[_Group.BYTES] = _Field(_I64, unpacked)
    group[_Group.START] = _Field(_I64, start)
    group[_Group.PACKED] = _Field(_I64, at - start)
    group.pop(_Group.ORDINAL, None)
    return at


def _refuse_unknown(struct: _Struct, known: frozenset[int]) -> None:
    if not known.issuperset(struct):
        raise _UnforeseenError

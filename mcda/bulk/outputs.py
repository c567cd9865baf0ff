"""What becomes of a run's parts: one file, another one of what failed, and counts."""

from __future__ import annotations

import contextlib
import io
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from mcda.bulk.columns import in_order
from mcda.bulk.leads import Leads
from mcda.bulk.ledger import Part
from mcda.bulk.rowgroups import packed, put_together
from mcda.bulk.sources import REJECTS
from mcda.bulk.tally import Tally
from mcda.errors import InputError
from mcda.model.language import FORMULA_STARTS, safe_cell

__all__ = ["Summary", "join", "rejects_of"]

_T = TypeVar("_T")
_R = TypeVar("_R")

#: A text that a spreadsheet would take for a formula.
_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"
#: Rows of the output that are written together where parts have fewer than so many on average.
_GROUP, _FEW = 2**16, 10_000
#: Lots of rows that are rendered at the same time, parts that are read, and parts whose ids are;
#: memory holds one more.
_MOST = 4
#: Seconds after which what was written is on its way to the disk.
_FLUSHED = 0.01


@dataclass
class Summary(Tally):
    """What a run came to.

    Attributes
    ----------
    reused : int
        Parts that an earlier run had made.
    lost : list of str
        Jobs that could not be done, and why.
    doubled : list of (str, str, str)
        Ids that occur more than once, and where.
    leads : Leads
        What the winners' leads are made of.
    rejects : Path or None
        The file of what failed.
    """

    reused: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)
    leads: Leads = field(default_factory=Leads)
    rejects: Path | None = None


def join(parts: Sequence[Part], scratch: Path, out: Path) -> Summary:
    """Write the parts in order as one file, and say what they come to.

    Parameters
    ----------
    parts
        What became of the jobs.
    scratch
        A folder on the same disk as the output, for what is not complete.
    out
        The output; it appears in one step. What failed goes into a file beside it.

    Raises
    ------
    InputError
        If no job could be done, or the output cannot be written.
    """
    import polars as pl

    summary = Summary()
    summary.reused = sum(part.reused for part in parts)
    summary.lost = [part.error for part in parts if part.path is None]
    paths = [part.path for part in parts if part.path is not None]
    if not paths:
        first = summary.lost[0] if summary.lost else "there was nothing to do"
        raise InputError(f"{out} was not written, as no job could be done: {first}")
    kinds = dict[frozenset[tuple[str, Any]], Any]()
    for path in paths:
        schema = pl.scan_parquet(path, glob=False).collect_schema()
        own = schema.names()
        summary.leads.merge(Leads.found(own))
        summary.merge(Tally.found(own))
        shown = {name: _kind(schema[name]) for name in in_order(own)}
        kinds.setdefault(frozenset(shown.items()), pl.DataFrame(schema=shown))
    empty = pl.concat(kinds.values(), how="diagonal_relaxed")
    empty = empty.select(in_order(empty.columns))
    large = len(kinds) == 1 and summary.scenarios >= _FEW * len(paths)
    with ThreadPoolExecutor(1) as beside:  # ids are compared while everything is written
        doubled = beside.submit(_doubled, paths)
        _write(paths, empty, scratch, out, large=large)
        summary.doubled = doubled.result()
    _reject(paths, empty, summary, out)
    return summary


def _kind(kind: Any) -> Any:
    """The type of an output's column: enumerated words are text again."""
    import polars as pl

    return pl.String() if kind == pl.Enum else kind


def _lots(parts: Iterable[Path], empty: Any) -> Iterator[Any]:
    """The rows of parts with the columns of an empty frame, many at a time."""
    import polars as pl

    def read(part: Path) -> Any:
        frame = pl.read_parquet(part, glob=False)
        there = set(frame.columns)
        return frame.select(
            (pl.col(name) if name in there else pl.lit(None).alias(name)).cast(kind)
            for name, kind in empty.schema.items()
        )

    held, rows, none = [empty], 0, True
    for frame in _at_once(read, parts):
        held.append(frame)
        rows += frame.height
        if rows >= _GROUP:
            yield pl.concat(held)
            held, rows, none = [empty], 0, False
    if rows or none:
        yield pl.concat(held)


def _write(parts: Sequence[Path], empty: Any, scratch: Path, out: Path, *, large: bool) -> None:
    """Write the rows of parts with the columns of an empty frame; the output appears in one step.

    Parts that are all `large` and have the same columns become Parquet as they are.
    """
    temporary = scratch / f"joined{out.suffix}"
    try:
        with temporary.open("wb") as stream, _flushed(stream):
            if out.suffix.lower() == ".parquet":
                _write_parquet(parts, empty, stream, large=large)
            elif out.suffix.lower() == ".csv":
                empty.rename(safe_cell).write_csv(stream)
                _copy(_at_once(_csv, _lots(parts, empty)), stream)
            else:
                _copy(_at_once(_lines, _lots(parts, empty)), stream)
        os.replace(temporary, out)  # noqa: PTH105
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror or error}"
        raise InputError(what, "Mend that and use --resume: the finished parts are kept") from None
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _flushed(stream: BinaryIO) -> Iterator[None]:
    """Let the system write to the disk what is in a file while more is written to it.

    The file is there when the context ends.

    Raises
    ------
    OSError
        If it cannot; it says so once.
    """
    through, failed = threading.Event(), list[OSError]()
    begin = getattr(os, "fdatasync", os.fsync)

    def flush() -> None:
        try:
            while not through.wait(_FLUSHED):
                begin(stream.fileno())
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        yield
    finally:
        through.set()
        thread.join()
    if failed:
        raise failed[0]
    stream.flush()
    os.fsync(stream.fileno())


def _write_parquet(parts: Sequence[Path], empty: Any, stream: BinaryIO, *, large: bool) -> None:
    import polars as pl

    if large and put_together(_opened(parts), stream, empty.columns):
        return
    _clear(stream)
    if not put_together(_at_once(packed, _lots(parts, empty)), stream, empty.columns):
        # this Polars packs otherwise than is known there
        _clear(stream)
        pl.concat(_lots(parts, empty)).write_parquet(stream)


def _opened(parts: Iterable[Path]) -> Iterator[BinaryIO]:
    for part in parts:
        with part.open("rb") as stream:
            yield stream


def _copy(texts: Iterable[io.BytesIO], stream: BinaryIO) -> None:
    for each in texts:
        stream.write(each.getbuffer())


def _clear(stream: BinaryIO) -> None:
    stream.seek(0)
    stream.truncate()


def _at_once(function: Callable[[_T], _R], each: Iterable[_T]) -> Iterator[_R]:
    """What a function makes of each, in order; some are done at the same time."""
    most = min(_MOST, os.cpu_count() or 1)
    with ThreadPoolExecutor(most) as threads:
        pending: deque[Future[_R]] = deque()
        for one in each:
            pending.append(threads.submit(function, one))
            if len(pending) > most:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _csv(lot: Any) -> io.BytesIO:
    """Rows as CSV; what a spreadsheet would take for a formula gets an apostrophe."""
    import polars as pl

    text, stream = pl.col(pl.String), io.BytesIO()
    safe = pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text)
    lot.with_columns(safe.name.keep()).write_csv(stream, include_header=False)
    return stream


def _lines(lot: Any) -> io.BytesIO:
    """Rows as lines of JSON."""
    stream = io.BytesIO()
    lot.write_ndjson(stream)
    return stream


def _doubled(parts: Sequence[Path]) -> list[tuple[str, str, str]]:
    """Ids that occur more than once, and where."""
    import polars as pl

    column = "scenario"

    def hashed(part: Path) -> Any:
        return pl.read_parquet(part, columns=[column], glob=False)[column].drop_nulls().hash()

    hashes = pl.concat(list(_at_once(hashed, parts))).sort().to_numpy()
    if not (hashes[1:] == hashes[:-1]).any():
        return []
    both = [pl.col(column), pl.col("source").cast(pl.String)]
    frames = (pl.read_parquet(part, columns=[column, "source"], glob=False) for part in parts)
    named = pl.concat([each.select(both) for each in frames]).drop_nulls(column)
    again = named.filter(pl.col(column).is_duplicated())
    found = []
    for (name,), group in again.group_by([column], maintain_order=True):
        places = group["source"].to_list()
        found.append((str(name), places[0], places[1]))
    return found


def _reject(parts: Sequence[Path], empty: Any, summary: Summary, out: Path) -> None:
    """What failed, in a file of its own."""
    import polars as pl

    path = rejects_of(out)
    try:
        if not summary.failed:
            path.unlink(missing_ok=True)
            return
        with path.open("wb") as stream:
            for lot in _lots(parts, empty.select("source", "scenario", "error")):
                lot.filter(pl.col("error").is_not_null()).write_ndjson(stream)
    except OSError as error:
        what = f"{path} cannot be written: {error.strerror or error}"
        raise InputError(what, f"{out} has all results; --resume writes both again") from None
    summary.rejects = path


def rejects_of(out: Path) -> Path:
    """The file of what failed."""
    return out.with_name(f"{out.name}{REJECTS}")

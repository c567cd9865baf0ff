"""Tables whose scenarios' rows do not lie together, sorted into jobs in one pass.

A scenario belongs to the job of its first row, and jobs follow one another as first rows do: so the
results stand in the order of the input when jobs stand in theirs, and nothing has to be sorted at
the end. Rows are written in runs, each sorted by job; a job reads its piece of every run.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.delimited import scan_arrow
from mcda.bulk.tables import ROW, Opened, polars, read

__all__ = [
    "Rows",
    "are_scattered",
    "begins_of",
    "jobs_of",
    "pieces_of",
    "read_pieces",
    "write_runs",
]

Rows = NDArray[np.intp]
Jobs = NDArray[np.int32]

_LARGEST = 2**31
#: Rows of one run; memory holds a few times as many.
_RUN = 2**18
#: Words of a column that are written as their positions, and entries that are looked at first.
_WORDS, _LOOKED_AT = 64, 1024
#: Runs that are worked on at a time.
_TOGETHER = 2
#: Rows that are read together: a job reads the few around its piece of a run.
_BATCH = 2**14


def begins_of(ids: Any) -> tuple[Rows, Any]:
    """Where runs of equal ids begin, and each run's id; a row without one goes with those before.

    Parameters
    ----------
    ids
        A Polars series, as `tables.ids_of` gives it.
    """
    if ids.null_count():
        ids = ids.forward_fill().backward_fill()
    changed = np.ones(len(ids), dtype=bool)
    if ids.dtype.is_integer() and not ids.null_count():
        numbers = ids.to_numpy()
        np.not_equal(numbers[1:], numbers[:-1], out=changed[1:])
    else:
        changed[1:] = ids.ne_missing(ids.shift(1)).to_numpy()[1:]
    if changed.all():
        return np.arange(len(ids)), ids
    begins = np.flatnonzero(changed)
    return begins, ids.gather(begins)


def are_scattered(heads: Any) -> bool:
    """Whether some id has several runs.

    Parameters
    ----------
    heads
        As `begins_of` gives them.
    """
    codes = _small(heads)
    if codes is None:
        return bool(heads.n_unique() < len(heads))
    there = np.zeros(int(codes.max()) + 1, dtype=bool)
    there[codes] = True
    return int(np.count_nonzero(there)) < len(codes)


def jobs_of(begins: Rows, heads: Any, height: int, most: int) -> Jobs:
    """The job of each row: about `most` rows to a job, a scenario's together.

    Parameters
    ----------
    begins, heads
        As `begins_of` gives them.
    height
        How many rows there are.
    most
        Rows of a job.
    """
    codes = _small(heads)
    if codes is None:
        codes = heads.rank("dense").to_numpy() - 1
    runs = len(codes)
    single = runs == height  # each row by itself, as when all are shuffled
    lengths = None if single else np.diff(begins, append=height)
    numbers = np.arange(runs, dtype=codes.dtype)
    first = np.empty(int(codes.max()) + 1, dtype=codes.dtype)  # some numbers may be nobody's
    first[codes[::-1]] = numbers[::-1]  # the first run of each is written last
    order = codes[first[codes] == numbers]  # the scenarios as they begin
    sizes = np.bincount(codes, lengths)[order]
    job = np.empty(len(first), dtype=np.int32)
    before = (np.cumsum(sizes) - sizes).astype(np.int64)
    # a scenario larger than a job would leave numbers that no scenario has
    job[order] = np.cumsum(np.diff(before // most, prepend=0) > 0)
    per_run = job[codes]
    return per_run if lengths is None else np.repeat(per_run, lengths)


def _small(heads: Any) -> NDArray[np.signedinteger[Any]] | None:
    """Ids as numbers from 0 on, where they are numbers that lie close together."""
    if not heads.dtype.is_integer() or heads.null_count() or not len(heads):
        return None
    low, high = int(heads.min()), int(heads.max())
    if high - low >= 4 * len(heads):
        return None
    numbers = heads.to_numpy()
    numbers = numbers - numbers.dtype.type(low)
    return np.asarray(numbers, dtype=np.int32 if high - low < _LARGEST else np.int64)


def pieces_of(jobs: Jobs) -> list[tuple[tuple[int, int], ...]]:
    """For each job, where its piece of every run begins and ends."""
    count = int(jobs.max()) + 1
    ends = [
        np.cumsum(np.bincount(jobs[first : first + _RUN], minlength=count))
        for first in range(0, len(jobs), _RUN)
    ]
    return [
        tuple((int(end[job - 1]) if job else 0, int(end[job])) for end in ends)
        for job in range(count)
    ]


def write_runs(opened: Opened, jobs: Jobs, folder: Path) -> None:
    """Write the table's rows with their numbers, each run sorted by job, in few bytes."""
    pl = polars()
    words: dict[str, Any] = {}
    kind = np.uint16 if jobs.max() < 2**16 else np.int32  # numpy sorts 16 bits by their digits

    def write(number: int) -> None:
        first = number * _RUN
        last = min(first + _RUN, opened.height)
        order = np.argsort(jobs[first:last].astype(kind), kind="stable")
        rows = pl.Series(ROW, np.arange(first, last), pl.UInt64)
        run = read(opened, rows=(first, last)).with_columns(rows)
        if not number:
            run.clear().write_ipc(_kinds(folder))
        path = _run(folder, number)
        packed = run.select(_packed(column, words) for column in run)[order]
        packed.write_ipc(path, compression="uncompressed", record_batch_size=_BATCH)

    # one run is sorted or written while the next one is read
    with ThreadPoolExecutor(_TOGETHER) as threads:
        for _ in threads.map(write, range(-(-opened.height // _RUN))):
            pass


def _packed(column: Any, words: dict[str, Any]) -> Any:
    """A column in fewer bytes: whole numbers in as few as they need, words as their positions.

    `words` has those of columns of other runs, which this one's may be, too.
    """
    pl = polars()
    if column.dtype.is_integer():
        return column.shrink_dtype()
    if column.dtype != pl.String or column.head(_LOOKED_AT).n_unique() > _WORDS:
        return column
    if column.name in words:
        positions = column.cast(words[column.name], strict=False)
        if positions.null_count() == column.null_count():
            return positions
    found = column.unique().drop_nulls()
    if len(found) > _WORDS:
        return column
    words[column.name] = pl.Enum(found)
    return column.cast(words[column.name])


def read_pieces(opened: Opened, pieces: tuple[tuple[int, int], ...]) -> Any:
    """A job's rows, in the order of the table."""
    pl = polars()
    folder = Path(opened.data)
    kinds = scan_arrow(_kinds(folder)).collect_schema()
    frames = [
        scan_arrow(_run(folder, number)).slice(first, last - first).cast(kinds)
        for number, (first, last) in enumerate(pieces)
        if last > first
    ]
    return pl.concat(frames).collect().rechunk()


def _kinds(folder: Path) -> Path:
    """A table without rows that has the columns of all."""
    return folder / "kinds.arrow"


def _run(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.arrow"

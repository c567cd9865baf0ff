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

from mcda.bulk.packed import Packer
from mcda.bulk.tables import ROW, Opened, polars, read

__all__ = [
    "Rows",
    "are_scattered",
    "begins_of",
    "jobs_of",
    "pieces_of",
    "write_runs",
]

Rows = NDArray[np.intp]
Jobs = NDArray[np.int32]

#: Rows of one run; memory holds a few times as many.
_RUN = 2**18
#: Runs that are worked on at a time.
_TOGETHER = 2


def begins_of(ids: Any) -> tuple[Rows, Any]:
    """Where runs of equal ids begin, and each run's id; a row without one goes with those before.

    Parameters
    ----------
    ids
        A Polars series, as `tables.ids_of` gives it.
    """
    if ids.null_count():
        ids = ids.forward_fill().backward_fill()
    if _is_plain(ids):
        changed = np.ones(len(ids), dtype=bool)
        numbers = ids.to_numpy()
        np.not_equal(numbers[1:], numbers[:-1], out=changed[1:])
        begins = np.flatnonzero(changed)
        return begins, polars().Series(ids.name, numbers[begins], ids.dtype)
    runs = ids.rle().struct
    ends = np.cumsum(runs.field("len").to_numpy(), dtype=np.intp)
    return np.append(0, ends[:-1])[: len(ends)], runs.field("value").alias(ids.name)


def are_scattered(heads: Any) -> bool:
    """Whether some id has several runs.

    Parameters
    ----------
    heads
        As `begins_of` gives them.
    """
    if heads.is_sorted():  # those that are beside each other are different
        return False
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
    if not len(heads) or not _is_plain(heads):
        return None
    low, high = int(heads.min()), int(heads.max())
    if high - low >= 4 * len(heads):
        return None
    numbers = heads.to_numpy()
    unsigned = np.dtype(f"u{numbers.dtype.itemsize}")  # a small signed type may not hold high - low
    numbers = numbers.view(unsigned) - np.asarray(low, numbers.dtype).view(unsigned)
    # what counts the runs has this type, too
    small = max(high - low, len(heads)) <= np.iinfo(np.int32).max
    return np.asarray(numbers, dtype=np.int32 if small else np.int64)


def _is_plain(ids: Any) -> bool:
    """Whether NumPy can have ids as whole numbers: it has none of 128 bits."""
    pl = polars()
    wide = ids.dtype in (pl.Int128, pl.UInt128)
    return bool(ids.dtype.is_integer() and not wide and not ids.null_count())


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
    """Write the table's rows with their numbers, each run sorted by job."""
    pl = polars()
    packer = Packer(folder)
    kind = np.uint16 if jobs.max() < 2**16 else np.int32  # numpy sorts 16 bits by their digits

    def write(number: int) -> None:
        first = number * _RUN
        last = min(first + _RUN, opened.height)
        order = np.argsort(jobs[first:last].astype(kind), kind="stable")
        rows = pl.Series(ROW, np.arange(first, last), pl.UInt64)
        packer.write(number, read(opened, rows=(first, last)).with_columns(rows), order)

    # one run is sorted or written while the next one is read
    with ThreadPoolExecutor(_TOGETHER) as threads:
        for _ in threads.map(write, range(-(-opened.height // _RUN))):
            pass
    packer.close()

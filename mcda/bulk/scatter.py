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

__all__ = ["Rows", "begins_of", "jobs_of", "pieces_of", "read_pieces", "write_runs"]

Rows = NDArray[np.intp]
Jobs = NDArray[np.int32]

#: Rows of one run; memory holds a few times as many.
_RUN = 2**18
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
    if ids.dtype.is_integer() and not ids.null_count():
        numbers = ids.to_numpy()
        changed = numbers[1:] != numbers[:-1]
    else:
        changed = ids.ne_missing(ids.shift(1)).to_numpy()[1:]
    begins = np.flatnonzero(np.concatenate([np.ones(min(1, len(ids)), dtype=bool), changed]))
    return begins, ids.gather(begins)


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
    codes = _codes(heads)
    scenarios = int(codes.max()) + 1
    first = np.full(scenarios, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # the first run of each is written last
    sizes = np.bincount(codes, np.diff(begins, append=height), scenarios)
    order = np.argsort(first)
    before = np.cumsum(sizes[order]) - sizes[order]
    job = np.empty(scenarios, dtype=np.int64)
    job[order] = before // most
    per_run = job[codes]
    # a scenario larger than a job leaves numbers that no scenario has
    used = np.zeros(int(per_run.max()) + 1, dtype=np.int32)
    used[per_run] = 1
    numbers = np.cumsum(used, dtype=np.int32) - 1
    return np.repeat(numbers[per_run], np.diff(begins, append=height))


def _codes(heads: Any) -> NDArray[np.int64]:
    """A number for each distinct id; some numbers may be nobody's."""
    if heads.dtype.is_integer():
        low, high = int(heads.min()), int(heads.max())
        if high - low < 4 * len(heads):
            return np.asarray((heads - low).to_numpy(), dtype=np.int64)
    return np.asarray(heads.rank("dense").to_numpy(), dtype=np.int64) - 1


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
    kind = np.uint16 if jobs.max() < 2**16 else np.int32  # numpy sorts 16 bits by their digits

    def write(number: int) -> None:
        first = number * _RUN
        last = min(first + _RUN, opened.height)
        order = np.argsort(jobs[first:last].astype(kind), kind="stable")
        rows = pl.Series(ROW, np.arange(first, last), pl.UInt64)
        run = read(opened, rows=(first, last)).with_columns(rows)[order]
        path = _run(folder, number)
        run.write_ipc(path, compression="uncompressed", record_batch_size=_BATCH)

    # one run is sorted or written while the next one is read
    with ThreadPoolExecutor(_TOGETHER) as threads:
        for _ in threads.map(write, range(-(-opened.height // _RUN))):
            pass


def read_pieces(opened: Opened, pieces: tuple[tuple[int, int], ...]) -> Any:
    """A job's rows, in the order of the table."""
    pl = polars()
    frames = [
        scan_arrow(_run(Path(opened.data), number)).slice(first, last - first).collect()
        for number, (first, last) in enumerate(pieces)
        if last > first
    ]
    return pl.concat(frames, rechunk=True)


def _run(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.arrow"

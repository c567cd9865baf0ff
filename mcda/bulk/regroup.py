"""Tables in which the rows of a scenario do not lie together: their rows, job by job.

A scenario belongs to the job of its first row, and jobs follow one another as first rows do. So the
results stand in the order of the input when jobs stand in theirs. Rows are read in runs; each job's
rows of a run are appended to one file, from which the job reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.table_files import ROW, Opened, polars, read

__all__ = ["jobs_of", "needs_regrouping", "read_rows", "run_starts", "write_rows"]

#: Rows that are read at a time.
_RUN = 2**18
#: A column of our own, which no column of a user's can be named like.
_JOB = "\0job"


def run_starts(ids: Any) -> tuple[NDArray[np.intp], Any]:
    """Where runs of equal ids begin, and each run's id.

    Parameters
    ----------
    ids
        A Polars series without nulls.
    """
    changed = ids.ne_missing(ids.shift(1))
    return changed.arg_true().to_numpy().astype(np.intp), ids.filter(changed)


def needs_regrouping(run_ids: Any) -> bool:
    """Whether some id has several runs."""
    # those that are beside each other are different
    return bool(not run_ids.is_sorted() and run_ids.n_unique() < len(run_ids))


def jobs_of(ids: Any, most: int) -> Any:
    """The job of each row, a Polars series: about `most` rows to a job, a scenario's together."""
    codes = _codes(ids)
    first = np.full(int(codes.max()) + 1, len(codes))
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # its first row is written last
    order = np.argsort(first, kind="stable")
    sizes = np.bincount(codes, minlength=len(first))[order]
    job = np.empty(len(first), dtype=np.int32)
    # a scenario larger than a job would leave numbers that no scenario has
    job[order] = np.cumsum(np.diff((np.cumsum(sizes) - sizes) // most, prepend=0) > 0)
    return polars().Series(_JOB, job[codes])


def _codes(ids: Any) -> NDArray[Any]:
    """Ids as numbers from 0 on, some of which may be nobody's."""
    pl = polars()
    if ids.dtype in (pl.Int32, pl.Int64, pl.UInt32, pl.UInt64):
        low = ids.min()
        if ids.max() - low < 4 * len(ids):
            return np.asarray((ids - low).to_numpy())
    return np.asarray(ids.cast(pl.String).cast(pl.Categorical).to_physical().to_numpy())


def write_rows(
    table: Opened, jobs: Any, target: Path, run: int | None = None
) -> list[tuple[tuple[int, int], ...]]:
    """Write a table's rows with their numbers, job by job; the bytes of each job's pieces.

    Parameters
    ----------
    table
    jobs
        As `jobs_of` gives them.
    target
        A file to be made.
    run
        Rows that are read at a time; memory holds a few times as many.
    """
    pl = polars()
    run = run or _RUN
    pieces: list[list[tuple[int, int]]] = [[] for _ in range(int(jobs.max()) + 1)]
    with target.open("wb") as stream:
        for first in range(0, table.height, run):
            rows = read(table, rows=(first, min(first + run, table.height)))
            rows = rows.with_columns(
                jobs.slice(first, rows.height).alias(_JOB),
                pl.int_range(first, first + rows.height, dtype=pl.UInt64, eager=True).alias(ROW),
            )
            for (job,), piece in rows.partition_by(_JOB, include_key=False, as_dict=True).items():
                start, packed = stream.tell(), BytesIO()
                piece.write_ipc(packed)
                pieces[job].append((start, start + stream.write(packed.getbuffer())))
    return [tuple(each) for each in pieces]


def read_rows(path: Path, pieces: Sequence[tuple[int, int]]) -> Any:
    """The rows of a job as a Polars frame, in the order of the table."""
    pl = polars()
    frames = []
    with path.open("rb") as stream:
        for start, stop in pieces:
            stream.seek(start)
            frames.append(pl.read_ipc(BytesIO(stream.read(stop - start))))
    return pl.concat(frames, rechunk=True)

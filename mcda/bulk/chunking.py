"""Tables cut into jobs: runs of rows that split no scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk import regroup
from mcda.bulk.file_hash import hashing
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.suffixes import TABLES
from mcda.bulk.table_files import ROW, Opened, ids_of, new_file, open_table, polars, read
from mcda.errors import InputError

__all__ = ["Tables"]

#: Rows of one job; the same for every run, as results must not depend on it.
_ROWS = 100_000


class Tables:
    """The tables of a run.

    Parameters
    ----------
    settings
        What holds for all; the table with a row for each scenario is opened.
    folder
        As for `mcda.bulk.sources.units`.

    Raises
    ------
    McdaError
        If that table is not there, cannot be read, or has no column of scenarios.
    """

    def __init__(self, settings: Settings, folder: Path | None) -> None:
        self.settings, self.folder = settings, folder
        self.second: Opened | None = None
        self.met: list[tuple[Opened, Any]] = []
        if settings.scenarios is not None:
            other = Path(settings.scenarios)
            if not other.is_file():
                raise InputError(f"there is no table {settings.scenarios!r}", "Correct --scenarios")
            if other.suffix.lower() not in TABLES:
                raise InputError(f"{other} is no table", f"--scenarios takes {', '.join(TABLES)}")
            self.second = open_table(other, settings.scenarios_sheet, settings.scenario, folder)

    def units(self, path: Path) -> Iterator[Unit]:
        """The jobs of a table."""
        table = _opened(path, self.settings, self.folder)
        given = read(table, columns=(self.settings.scenario,))[self.settings.scenario]
        # a row without an id goes with those before
        ids = ids_of(given, given.dtype).forward_fill().backward_fill()
        starts, run_ids = regroup.run_starts(ids)
        self.met.append((table, run_ids))
        for unit in _rows(table, ids, starts, run_ids, self.folder):
            yield replace(unit, scenarios=self.second)

    def unmet(self) -> Iterator[Unit]:
        """Rows of the second table for whose scenario no other table has options."""
        if self.second is None:
            return
        if not self.met:
            raise InputError(
                "--scenarios goes with a table of options, and no source is a table",
                "Name one, or leave --scenarios out",
            )
        yield from _unmet(self.second, self.met, self.settings, self.folder)


def _opened(path: Path, settings: Settings, folder: Path | None) -> Opened:
    """A table of which jobs can read parts."""
    if settings.template is None and settings.criteria is None:
        if folder is None:
            remedy = "Evaluate it with mcda.evaluate_frame or mcda bulk"
            raise InputError(f"{path} is a table", remedy)
        raise InputError(
            f"{path} is a table, and nothing says what its columns mean",
            "Give --template SCENARIO, or --criteria and --facts",
        )
    if folder is not None:
        hashing(str(path))  # which the key of every job needs, while the table is looked at
    return open_table(path, settings.sheet, settings.scenario, folder, (settings.option,))


def _rows(
    table: Opened, ids: Any, starts: NDArray[np.intp], run_ids: Any, folder: Path | None
) -> Iterator[Unit]:
    """Runs of rows that split no scenario; pieces of runs where a scenario's rows lie apart."""
    paths, height = (table.file,), table.height
    if not height:
        return
    if regroup.needs_regrouping(run_ids):
        if folder is None:  # nobody is going to read it
            yield Unit("rows", paths, 0, height, table=table)
            return
        with new_file(folder) as target:
            pieces = regroup.write_rows(table, regroup.jobs_of(ids, _ROWS), target)
        for each in pieces:
            yield Unit(
                "rows", paths, 0, height, table=replace(table, data=str(target)), pieces=each
            )
        return
    start = 0
    while start < height:
        at = int(np.searchsorted(starts, start + _ROWS))
        stop = int(starts[at]) if at < len(starts) else height
        yield Unit("rows", paths, start, stop, table=table)
        start = stop


def _unmet(
    second: Opened, met: Sequence[tuple[Opened, Any]], settings: Settings, folder: Path | None
) -> Iterator[Unit]:
    """Rows of the second table for whose scenario no other table has options."""
    pl = polars()
    assert folder is not None
    known = pl.concat([ids.cast(pl.String).alias("id") for _, ids in met]).unique()
    given = read(second, columns=(settings.scenario,))[settings.scenario]
    ids = ids_of(given, given.dtype).cast(pl.String)
    rows = pl.DataFrame({"id": ids, ROW: np.arange(len(ids)) + second.first})
    rows = rows.filter(~ids.is_in(known.implode()).fill_null(value=False))
    rows = rows.filter(pl.col("id").is_null() | pl.col("id").is_first_distinct())
    if not len(rows):
        return

    with new_file(folder) as target:
        rows.write_ipc(target)
    unmet = Opened(second.path, second.file, height=len(rows), data=str(target))
    for start in range(0, len(rows), _ROWS):
        stop = min(start + _ROWS, len(rows))
        yield Unit("unmet", (second.file,), start, stop, table=unmet)

"""Tables cut into jobs: runs of rows that split no scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mcda.bulk import scatter
from mcda.bulk.digests import hash_of, hashing
from mcda.bulk.endings import TABLES
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.staging import staged
from mcda.bulk.tables import ROW, Opened, ids_of, open_table, polars, read
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
        table, begins, heads = _opened(path, self.settings, self.folder)
        self.met.append((table, heads))
        for unit in _rows(table, begins, heads, self.settings, self.folder):
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


def _opened(path: Path, settings: Settings, folder: Path | None) -> tuple[Opened, Any, Any]:
    """A table, where runs of rows of one scenario begin in it, and each run's id."""
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
    table = open_table(path, settings.sheet, settings.scenario, folder, (settings.option,))
    ids = read(table, columns=(settings.scenario,))[settings.scenario]
    return table, *scatter.begins_of(ids_of(ids, ids.dtype))


def _rows(
    table: Opened, begins: Any, heads: Any, settings: Settings, folder: Path | None
) -> Iterator[Unit]:
    """Runs of rows that split no scenario; pieces of sorted runs where scenarios are scattered."""
    paths, height = (table.file,), table.height
    if not height:
        return
    if scatter.are_scattered(heads):
        if folder is None:  # nobody is going to read it
            yield Unit("rows", paths, 0, height, table=table)
            return
        jobs = scatter.jobs_of(begins, heads, height, _ROWS)
        pieces = scatter.pieces_of(jobs)

        def build(draft: Path) -> dict[str, Any]:
            scatter.write_runs(table, jobs, draft)
            return {}

        key = repr((table, hash_of(table.file), settings.scenario, _ROWS, settings.version))
        place, _ = staged(folder, key, build)
        sorted_rows = replace(table, data=str(place))
        for each in pieces:
            yield Unit("rows", paths, 0, height, table=sorted_rows, pieces=each)
        return
    start = 0
    while start < height:
        at = int(np.searchsorted(begins, start + _ROWS))
        stop = int(begins[at]) if at < len(begins) else height
        yield Unit("rows", paths, start, stop, table=table)
        start = stop


def _unmet(
    second: Opened, met: Sequence[tuple[Opened, Any]], settings: Settings, folder: Path | None
) -> Iterator[Unit]:
    """Rows of the second table for whose scenario no other table has options."""
    pl = polars()
    assert folder is not None
    known = pl.concat([heads.cast(pl.String).alias("id") for _, heads in met]).unique()
    given = read(second, columns=(settings.scenario,))[settings.scenario]
    ids = ids_of(given, given.dtype).cast(pl.String)
    rows = pl.DataFrame({"id": ids, ROW: np.arange(len(ids)) + second.first})
    rows = rows.filter(~ids.is_in(known.implode()).fill_null(value=False))
    rows = rows.filter(pl.col("id").is_null() | pl.col("id").is_first_distinct())
    if not len(rows):
        return

    def build(draft: Path) -> dict[str, Any]:
        rows.write_ipc(draft / "0.arrow", compression="uncompressed")
        return {}

    key = repr((second, [(table, hash_of(table.file)) for table, _ in met], settings.scenario))
    place, _ = staged(folder, key + hash_of(second.file).hex(), build)
    data = str(place / "0.arrow")
    unmet = Opened(second.path, second.file, height=len(rows), data=data)
    for start in range(0, len(rows), _ROWS):
        stop = min(start + _ROWS, len(rows))
        yield Unit("unmet", (second.file,), start, stop, table=unmet)

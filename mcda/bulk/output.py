"""The output of a run: its parts as one file, and another one of what failed."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from mcda.bulk.columns import in_order
from mcda.bulk.jobs import METADATA
from mcda.bulk.parts import reported
from mcda.bulk.sources import REJECTS
from mcda.bulk.summary import Counts, Summary
from mcda.errors import InputError
from mcda.model.language import FORMULA_STARTS, safe_cell

__all__ = ["ENDINGS", "counts_of", "join", "rejects_of"]

#: What names of outputs end with.
ENDINGS = (".parquet", ".csv", ".jsonl")
#: A text that a spreadsheet would take for a formula.
_FORMULA = f"^[{re.escape(''.join(FORMULA_STARTS))}]"


def counts_of(part: Path) -> Counts | None:
    """What the scenarios of a part came to; ``None`` if the file is not whole."""
    import polars as pl

    try:
        return Counts.from_json(pl.read_parquet_metadata(part)[METADATA])
    except (pl.exceptions.PolarsError, OSError, LookupError, ValueError, TypeError):
        return None


def join(parts: Sequence[Path], summary: Summary, scratch: Path, out: Path) -> None:
    """Write the parts in order as one file, and note ids that occur twice and what failed.

    Parameters
    ----------
    parts
        Files that `mcda.bulk.jobs.do` made.
    summary
        What they come to.
    scratch
        A folder on the same disk as the output, for what is not complete.
    out
        The output; it appears in one step. What failed goes into a file beside it.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    rows = _all_rows(parts)
    summary.doubled = _doubled(rows)
    remedy = "Mend that and use --resume: the finished parts are kept"
    _write(_safe(rows) if out.suffix.lower() == ".csv" else rows, scratch, out, remedy)
    rejects = rejects_of(out)
    with reported(rejects, f"{out} has all results; --resume writes both again"):
        rejects.unlink(missing_ok=True)
    if summary.failed:
        failed = rows.select("source", "scenario", "error").drop_nulls("error")
        _write(failed, scratch, rejects, f"{out} has all results; --resume writes both again")
        summary.rejects = rejects


def _all_rows(parts: Sequence[Path]) -> Any:
    """The rows of all parts, lazily, with the columns that any of them has."""
    import polars as pl

    schemas = [pl.scan_parquet(part, glob=False).collect_schema() for part in parts]
    distinct = {tuple(each.items()): pl.DataFrame(schema=_plain(each)) for each in schemas}
    kinds = pl.concat(distinct.values(), how="diagonal_relaxed").schema

    def others(pair: tuple[Path, Any]) -> dict[str, Any]:
        """The columns of a part that are of another type than in the output."""
        return {name: kind for name, kind in pair[1].items() if kind != kinds[name]}

    scans = []
    for own, group in groupby(zip(parts, schemas, strict=True), others):
        paths, schema = [path for path, _ in group], {**kinds, **own}
        rows = pl.scan_parquet(paths, glob=False, schema=schema, missing_columns="insert")
        scans.append(rows.cast({name: kinds[name] for name in own}))
    return pl.concat(scans).select(in_order(kinds))


def _plain(schema: Any) -> dict[str, Any]:
    """Types of columns, where words are text: different lists of words have nothing in common."""
    import polars as pl

    words = (pl.Categorical, pl.Enum)
    return {
        name: pl.String() if kind.base_type() in words else kind for name, kind in schema.items()
    }


def _safe(rows: Any) -> Any:
    """Text and names that a spreadsheet would take for a formula get an apostrophe."""
    import polars as pl

    text = pl.col(pl.String)
    safe = pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text)
    return rows.with_columns(safe.name.keep()).rename(safe_cell)


def _write(rows: Any, scratch: Path, out: Path, remedy: str) -> None:
    """Write rows as a file of the kind that its name says; it appears in one step."""
    import polars as pl

    sinks = {
        ".parquet": partial(rows.sink_parquet, compression="zstd", compression_level=1),
        ".csv": rows.sink_csv,
        ".jsonl": rows.sink_ndjson,
    }
    draft = scratch / f"joined{out.suffix.lower()}"
    with reported(out, remedy):
        try:
            sinks[out.suffix.lower()](draft)
        except pl.exceptions.PolarsError as error:
            raise InputError(f"{str(out)!r} cannot be written: {error}", remedy) from None
        with draft.open("r+b") as stream:
            os.fsync(stream.fileno())
        draft.replace(out)


def _doubled(rows: Any) -> list[tuple[str, str, str]]:
    """Ids that occur more than once, and where the first two stand."""
    import polars as pl

    ids = rows.select(pl.col("scenario").drop_nulls().hash()).collect(engine="streaming")
    if ids["scenario"].n_unique() == len(ids):
        return []
    again = ids["scenario"].filter(ids["scenario"].is_duplicated()).unique()
    found = (
        rows.select("scenario", "source")
        .drop_nulls("scenario")
        .filter(pl.col("scenario").hash().is_in(again.implode()))
        .group_by("scenario", maintain_order=True)
        .agg(pl.col("source"))
        .filter(pl.col("source").list.len() > 1)
        .collect(engine="streaming")
    )
    return [(name, places[0], places[1]) for name, places in found.rows()]


def rejects_of(out: Path) -> Path:
    """The file of what failed."""
    return out.with_name(f"{out.name}{REJECTS}")

"""What a worker does with one job: read, evaluate, write a part."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from mcda.bulk import longtables, sources
from mcda.bulk.columns import ENUMERATED
from mcda.bulk.documents import documents
from mcda.bulk.longtables import check, rows, template_of
from mcda.bulk.sources import Settings, Unit, key_of
from mcda.bulk.tally import Tally
from mcda.files import quick
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader
from mcda.frames.building import enumeration
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.scenario import Scenario, Weights

__all__ = [
    "check_tables",
    "check_template",
    "forget",
    "glance",
    "packed",
    "prepare",
    "warm",
    "work",
]


def work(spec: tuple[Unit, Settings], target: Path | IO[bytes]) -> None:
    """Evaluate one job's scenarios and write their results as a Parquet file."""
    unit, settings = spec
    evaluated = rows if unit.kind in ("rows", "unmet") else documents
    frame = _enumerated(evaluated(unit, settings, _loader(settings)))
    part = Tally.of(frame).hide(frame)
    _pack(part, target, tightly=settings.packed)


def packed(frame: Any) -> io.BytesIO:
    """Rows as a Parquet file."""
    stream = io.BytesIO()
    _pack(frame, stream, tightly=True)
    return stream


def _pack(frame: Any, target: Path | IO[bytes], *, tightly: bool) -> None:
    # the lowest level: numbers of full precision hardly shrink at any
    compression, level = ("zstd", 1) if tightly else ("uncompressed", None)
    frame.write_parquet(
        target,
        compression=compression,
        compression_level=level,
        row_group_size=max(1, frame.height),
    )


def _enumerated(frame: Any) -> Any:
    """A part's words as enumerations, which need not be told apart again when they are packed."""
    import polars as pl

    schema = frame.schema
    texts = [name for name in ENUMERATED if schema.get(name) == pl.String]
    return frame.with_columns(enumeration(frame[name]) for name in texts) if texts else frame


@lru_cache(maxsize=4)
def _loader(settings: Settings) -> Loader:
    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


def prepare() -> None:
    """Build the models that every job needs; they would else be built when they are first used."""
    for model in (Criteria, FactsPack, Scenario, Weights):
        model.model_rebuild()


def warm(settings: Settings, *, tables: bool) -> None:
    """Read what jobs share, so that the first one need not.

    What is wrong with it is said elsewhere.
    """
    with contextlib.suppress(Exception):
        import polars as pl

        # modules are read and threads started when they are first used
        used = pl.LazyFrame({"": np.zeros(1)}).collect()
        if not tables:
            quick.compile_all()
            return
        import narwhals as nw

        nw.from_native(used)
        template_of(settings, _loader(settings))


def forget() -> None:
    """Read files anew, where a process outlives a run."""
    sources.forget()
    longtables.forget()
    _loader.cache_clear()


def glance(spec: tuple[Unit, Settings]) -> dict[str, str]:
    """What this machine sees of a job's input.

    Returns
    -------
    dict
        Path -> its size, empty if it is not there ("folder" if it is one); and under an empty path
        what tells all of the
        job's input, documents that are referred to included, from another.
    """
    unit, settings = spec
    paths = [Path(path) for path in unit.paths]
    if settings.template is not None:
        paths.append(or_shipped(Path(settings.template)))
    tables = [each for each in (unit.table, unit.scenarios) if each is not None]
    paths += [Path(each.data) for each in tables]
    seen = {str(path): _size(path) for path in paths}
    try:
        seen[""] = key_of(unit, settings, glance=True)
    except OSError:
        seen[""] = ""
    return seen


def _size(path: Path) -> str:
    try:
        return "folder" if path.is_dir() else str(path.stat().st_size)
    except OSError:
        return ""


def check_template(settings: Settings) -> None:
    """Whether what tables share can be used.

    Raises
    ------
    McdaError
        If it is no scenario, or says what cannot hold for all.
    """
    if settings.template is not None:
        template_of(settings, _loader(settings))


def check_tables(planned: Iterable[Unit], settings: Settings) -> None:
    """Whether the tables have the columns that are needed, and no others.

    Raises
    ------
    McdaError
        If one has not.
    """
    first = {unit.paths: unit for unit in reversed(list(planned)) if unit.kind == "rows"}
    for unit in reversed(first.values()):
        check(unit, settings, _loader(settings))

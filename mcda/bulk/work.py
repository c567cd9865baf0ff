"""What a worker does with one job: read, evaluate, write a part."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from mcda.bulk import longtables, sources
from mcda.bulk.columns import ENUMERATED
from mcda.bulk.documents import documents
from mcda.bulk.longtables import rows, template_of
from mcda.bulk.rowgroups import pack
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.tally import Tally
from mcda.files.loader import Loader
from mcda.frames.building import enumeration
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.scenario import Scenario, Weights

__all__ = ["check", "forget", "prepare", "warm", "work"]


def work(spec: tuple[Unit, Settings], target: Path | IO[bytes]) -> None:
    """Evaluate one job's scenarios and write their results as a Parquet file."""
    unit, settings = spec
    evaluated = rows if unit.kind in ("rows", "unmet") else documents
    frame = _enumerated(evaluated(unit, settings, _loader(settings)))
    part = Tally.of(frame).hide(frame)
    pack(part, target, tightly=settings.packed)


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
            return
        import narwhals as nw

        nw.from_native(used)
        template_of(settings, _loader(settings))


def forget() -> None:
    """Read files anew, where a process outlives a run."""
    sources.forget()
    longtables.forget()
    _loader.cache_clear()


def check(settings: Settings, jobs: Iterable[Unit]) -> None:
    """Whether what tables share can be used, and whether they have the columns that are needed.

    Parameters
    ----------
    settings
    jobs
        One of each table.

    Raises
    ------
    McdaError
        For a template that is no scenario or says what cannot hold for all, and for columns that
        are missing, unknown or there twice.
    """
    if settings.template is not None:
        template_of(settings, _loader(settings))
    for unit in jobs:
        longtables.check(unit, settings, _loader(settings))

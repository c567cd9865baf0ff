"""What a worker does with one job: read, evaluate, write a part."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from mcda.bulk.documents import documents
from mcda.bulk.longtables import check, rows, template_of
from mcda.bulk.sources import Settings, Unit
from mcda.files.loader import Loader

__all__ = ["check_tables", "check_template", "work"]


def work(spec: tuple[Unit, Settings], target: Path) -> None:
    """Evaluate one job's scenarios and write their results as an Arrow file."""
    unit, settings = spec
    evaluated = rows if unit.kind in ("rows", "unmet") else documents
    frame = evaluated(unit, settings, _loader(settings))
    frame.write_ipc(target)


@lru_cache(maxsize=4)
def _loader(settings: Settings) -> Loader:
    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


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

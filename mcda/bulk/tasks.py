"""What jobs need done, by name: a command whose workers do it need not read how it is done."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcda.bulk.sources import Settings, Unit

__all__ = ["check", "forget", "warm", "work"]


def work(spec: tuple[Unit, Settings], target: Path | IO[bytes]) -> None:
    """Evaluate one job's scenarios and write their results as a Parquet file."""
    from mcda.bulk import work as done

    done.work(spec, target)


def check(settings: Settings, jobs: Sequence[Unit]) -> None:
    """Refuse what tables share, and columns, that cannot be used (`mcda.bulk.work.check`)."""
    from mcda.bulk import work as done

    done.check(settings, jobs)


def warm(settings: Settings, *, tables: bool) -> None:
    """Read what jobs share, so that the first one need not."""
    from mcda.bulk import work as done

    done.warm(settings, tables=tables)


def forget() -> None:
    """Read files anew, where a process outlives a run."""
    from mcda.bulk import work as done

    done.forget()

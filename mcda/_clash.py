"""Whether another distribution has files in this package's folder: PyPI's `mcda` does.

Both overwrite each other's files, so that neither can be trusted. The look costs two listings of
folders; only where it finds something is it asked who owns what.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["OURS", "other_owners", "refuse_overwritten", "warn"]

#: What this distribution has in the package's folder.
OURS = {"__init__.py", "__main__.py", "__pycache__", "_catalog", "_clash.py", "api.py", "bulk"}
OURS |= {"cli", "converters.py", "deciding.py", "dependency", "engine", "errors.py", "explanation"}
OURS |= {"files", "formulas", "frames", "importers", "model", "py.typed", "ranking", "reports"}
OURS |= {"robustness", "stability", "weighting"}
_OWN_NAME = "mcda_engine"
_METADATA = (".dist-info", ".egg-info")


def warn(home: str) -> None:
    """Warn if another distribution has files in the package's folder `home`."""
    if owners := other_owners(home):
        import warnings

        warnings.warn(_message(owners), RuntimeWarning, stacklevel=3)


def refuse_overwritten(package: ModuleType) -> None:
    """End the program if the package that was imported is another distribution's."""
    if hasattr(package, "_HOMES"):
        return
    owners = other_owners(os.path.dirname(__file__)) or ["another distribution"]  # noqa: PTH120
    sys.stderr.write(f"error: {_message(owners)}\n")
    sys.exit(2)


def other_owners(home: str) -> list[str]:
    """The other distributions, with their releases, that have files in the folder `home`."""
    beside, name = os.path.split(home)
    try:
        foreign = not OURS.issuperset(os.listdir(home))  # noqa: PTH208
        metadata = [each for each in os.listdir(beside) if each.endswith(_METADATA)]  # noqa: PTH208
    except OSError:  # in a zip file, say
        return []
    suspects = [
        each
        for each in metadata
        if (foreign or each.startswith(name)) and each.partition("-")[0] != _OWN_NAME
    ]
    return sorted(_owners(beside, suspects, f"{name}/")) if suspects else []


def _owners(beside: str, suspects: list[str], start: str) -> Iterator[str]:
    from importlib.metadata import PathDistribution
    from pathlib import Path

    for each in suspects:
        owner = PathDistribution(Path(beside, each))
        texts = (owner.read_text("RECORD"), owner.read_text("installed-files.txt"))
        lines = "\n".join(text for text in texts if text).splitlines()
        if any(line.removeprefix("../").startswith(start) for line in lines):
            yield f"{owner.metadata['Name']} {owner.version}"


def _message(owners: list[str]) -> str:
    return (
        f"mcda-engine and {', '.join(owners)} both own files of the package 'mcda' in "
        f"{os.path.dirname(__file__)} and overwrite each other's: results cannot be trusted. "  # noqa: PTH120
        "Keep them in separate environments: uninstall both here, then install mcda-engine again."
    )

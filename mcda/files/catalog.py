"""The criteria models and scenarios that are shipped with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["criteria_file", "exists", "folder", "is_folder", "names", "or_shipped"]


@cache
def folder(kind: str) -> Path | None:
    """The folder of the shipped ``criteria`` or ``scenarios``.

    An installed package carries them inside; a checkout has them beside the package.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_catalog" / kind, package.parent / kind):
        if candidate.is_dir():
            return candidate
    return None


def names() -> tuple[str, ...]:
    """The names of the shipped criteria models."""
    root = folder("criteria")
    if root is None:
        return ()
    return tuple(sorted(each.parent.name for each in root.glob("*/criteria.yaml")))


def criteria_file(name: str) -> Path | None:
    """The file of the shipped criteria model `name`."""
    root = folder("criteria")
    return root / name / "criteria.yaml" if root is not None and name in names() else None


def or_shipped(path: Path) -> Path:
    """`path` if there is something; else the shipped scenario, or folder of them, of that name."""
    root = folder("scenarios")
    if root is None or path.is_absolute() or ".." in path.parts or exists(path):
        return path
    for candidate in (root / path, root / f"{path}.yaml"):
        if exists(candidate):
            return candidate
    return path


def exists(path: Path) -> bool:
    """Whether there is something at a path; what cannot be a path leads nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; what cannot be a path leads nowhere."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False

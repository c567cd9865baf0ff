"""Files in folders, and where paths really lead: cheaply, for folders of many files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from mcda.files.reading import LARGEST_FILE

__all__ = ["SUFFIXES", "RealPaths", "documents_below", "paths_below"]

#: The endings of files that are read as documents.
SUFFIXES = (".yaml", ".yml", ".json", ".toml")


def paths_below(folder: str, suffixes: tuple[str, ...], *, hidden: bool = False) -> Iterator[str]:
    """What is not a folder in a folder and below, in the order of the paths' parts.

    Linked folders are not entered, and those that may not be read are passed over.

    Parameters
    ----------
    folder
    suffixes
        Endings in lower case; what ends otherwise is left out.
    hidden
        Whether files and folders whose names begin with a dot count.
    """
    # a stack, not calls of itself: folders can lie deeper in each other than calls can
    open_folders = [(folder, _entries(folder, suffixes, hidden=hidden))]
    while open_folders:
        within, entries = open_folders[-1]
        if (entry := next(entries, None)) is None:
            open_folders.pop()
            continue
        path = entry.name if within == os.curdir else entry.path
        if not _is_folder(entry):
            yield path
        elif not entry.is_symlink():
            open_folders.append((path, _entries(path, suffixes, hidden=hidden)))


def _entries(folder: str, suffixes: tuple[str, ...], *, hidden: bool) -> Iterator[os.DirEntry[str]]:
    """What a folder holds of files with an ending and of folders, in order."""
    try:
        with os.scandir(folder) as found:
            shown = (each for each in found if hidden or not each.name.startswith("."))
            entries = [each for each in shown if _ends(each, suffixes) or _is_folder(each)]
    except OSError:
        return iter(())
    return iter(sorted(entries, key=lambda entry: os.path.normcase(entry.name)))


def _ends(entry: os.DirEntry[str], suffixes: tuple[str, ...]) -> bool:
    name = entry.name.lower()
    return name.endswith(suffixes) and name not in suffixes  # which would be a name without ending


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def documents_below(folder: str) -> Iterator[str]:
    """The paths of the documents in a folder and below, as `loader.scenario_files` gives them."""
    for path in paths_below(folder, SUFFIXES):
        if not path.lower().endswith(".toml") or _may_be_ours(Path(path)):
            yield path


_FORMAT = re.compile(
    rb"""^(?:\xef\xbb\xbf)?[ \t]*(["']?)format\1[ \t]*=[ \t]*["']+mcda/""", re.MULTILINE
)


def _may_be_ours(path: Path) -> bool:
    """Whether a TOML file says it is a document; one that cannot be read may be, and is told of."""
    try:
        if not path.is_file():
            return True
        with path.open("rb") as stream:
            return _FORMAT.search(stream.read(LARGEST_FILE)) is not None
    except OSError:
        return True


class RealPaths:
    """Absolute paths without links; what a folder leads to is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str | os.PathLike[str]) -> str:
        """What `path` leads to, equal for equal files."""
        path = os.fspath(path)
        folder, _, name = path.rpartition(os.sep)  # a good deal faster than os.path.split
        if not folder or os.altsep is not None:
            folder, name = os.path.split(path)
        if name in ("", ".", "..") or os.path.islink(path):  # noqa: PTH114
            return os.path.normcase(os.path.realpath(path))
        if folder not in self._folders:
            self._folders[folder] = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118
        return os.path.normcase(self._folders[folder] + name)

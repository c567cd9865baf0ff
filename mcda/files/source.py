"""A document's text, parsed, with positions found when something needs them."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from mcda.errors import DocumentError, short
from mcda.files.reading import fail, read_text
from mcda.files.yaml import DEEPEST, locate_all, parse
from mcda.model.documents import Keys

__all__ = ["SUFFIXES", "Source"]

#: The endings of files that are read as documents.
SUFFIXES = (".yaml", ".yml", ".json")


class Source:
    """The text of one document and where its values stand.

    Parameters
    ----------
    path
        The path as the user wrote it, for messages.
    text
        What the file says.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.file = path
        self.text = text

    @classmethod
    def read(cls, path: Path) -> Source:
        """The source at `path`; see `read_text` for what is refused."""
        if path.suffix.lower() not in SUFFIXES and path.is_file():
            endings = ", ".join(SUFFIXES)
            raise fail(str(path), f"the ending {path.suffix!r} is not known", f"Use {endings}")
        return cls(path, read_text(path))

    @property
    def path(self) -> str:
        """The path as the user wrote it."""
        return str(self.file)

    def data(self) -> Any:
        """What the text says, as plain data."""
        if self.file.suffix.lower() == ".json":
            return _json(self.text, self.path)
        return parse(self.text, self.path)

    @cached_property
    def positions(self) -> dict[Keys, tuple[int, int]]:
        """Line and column of every value; empty where YAML cannot read the JSON."""
        try:
            return locate_all(self.text, self.path)
        except DocumentError:
            return {}

    def locate(self, keys: Keys) -> tuple[Keys, int, int] | None:
        """The longest part of `keys` that the document has, with its line and column."""
        for length in range(len(keys), -1, -1):
            if (found := self.positions.get(keys[:length])) is not None:
                return keys[:length], *found
        return None


def _json(text: str, path: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise fail(path, f"the key {short(twice)} is given twice", "Keep one of them")
        return data

    if not text.strip():
        raise fail(path, "the file is empty", 'Begin it with {"format": "mcda/scenario/1"')
    try:
        data = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise fail(path, f"this is not JSON: {error.msg}", "", error.lineno, error.colno) from None
    except RecursionError:
        raise fail(path, f"nested more than {DEEPEST} deep", "Flatten the file") from None
    except DocumentError:
        raise
    except ValueError as error:
        raise fail(path, f"this is not JSON: {error}") from None
    if _depth(data) > DEEPEST:
        raise fail(path, f"nested more than {DEEPEST} deep", "Flatten the file")
    return data


def _depth(data: Any) -> int:
    """How deep the collections nest; stops counting just past the limit."""
    level, depth = [data], 0
    while level and depth <= DEEPEST:
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        depth += bool(level)
    return depth

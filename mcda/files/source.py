"""A document's text, parsed, with positions found when something needs them."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Any

from mcda.errors import DocumentError, short
from mcda.files import toml
from mcda.files.reading import fail, read_text
from mcda.files.yaml import DEEPEST, as_number, locate_all, parse
from mcda.model.documents import Keys

__all__ = ["SUFFIXES", "Source"]

#: The endings of files that are read as documents.
SUFFIXES = (".yaml", ".yml", ".json", ".toml")


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
        text = read_text(path)
        if path.suffix.lower() not in SUFFIXES:
            endings = ", ".join(SUFFIXES)
            raise fail(str(path), f"the ending {path.suffix!r} is not known", f"Use {endings}")
        return cls(path, text)

    @property
    def path(self) -> str:
        """The path as the user wrote it."""
        return str(self.file)

    def data(self) -> Any:
        """What the text says, as plain data."""
        if self.file.suffix.lower() == ".json":
            return _json(self.text, self.path)
        if self.file.suffix.lower() == ".toml":
            return toml.parse(self.text, self.path)
        return parse(self.text, self.path)

    @cached_property
    def _located(self) -> tuple[dict[Keys, tuple[int, int]], dict[Keys, int]]:
        """Positions of values and numbers of list entries; nothing where YAML cannot read JSON."""
        if self.file.suffix.lower() == ".toml":
            return toml.locate_all(self.text, self.path)
        try:
            # YAML knows no pairs of escapes for one character; their width is kept
            return locate_all(_PAIR.sub("x" * 12, self.text), self.path)
        except DocumentError:
            return {}, {}

    def locate(self, keys: Keys) -> tuple[Keys, int, int] | None:
        """The longest part of `keys` that the document has, with its line and column."""
        positions, numbers = self._located
        numbered: list[str | int] = []
        for key in keys:
            numbered.append(numbers.get((*numbered, str(key)), key))
        for length in range(len(keys), -1, -1):
            if (found := positions.get(tuple(numbered[:length]))) is not None:
                return keys[:length], *found
        return None


#: A character beyond the first plane, as JSON escapes it.
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class LineSource(Source):
    """One line of a file of JSON lines."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(Path(f"{name}.json"), text)
        self.name = name

    @property
    def path(self) -> str:
        """The file and the line."""
        return self.name

    def locate(self, keys: Keys) -> tuple[Keys, int, int] | None:  # noqa: ARG002
        """Nothing: the whole document is one line, which the path names."""
        return None


def _json(text: str, path: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in pairs:
            plain = unicodedata.normalize("NFC", key)
            if plain in data:
                parse(_PAIR.sub("x" * 12, text), path)  # says where, if it can
                raise fail(path, f"the key {short(plain)} is given twice", "Keep one of them")
            data[plain] = value
        return data

    def whole(digits: str) -> int | float:
        return as_number(int(digits)) if len(digits) < 4000 else float("inf")

    if not text.strip():
        raise fail(path, "the file is empty", 'Begin it with {"format": "mcda/scenario/1"')
    try:
        data = json.loads(text, object_pairs_hook=unique, parse_int=whole)
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

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
from mcda.files.folders import SUFFIXES
from mcda.files.reading import LARGEST_FILE, decode, fail, read_bytes
from mcda.files.yaml import DEEPEST, as_number, locate_all, parse
from mcda.model.documents import Keys

__all__ = ["Source"]


class Source:
    """The text of one document and where its values stand.

    Parameters
    ----------
    path
        The path as the user wrote it, for messages.
    text
        What the file says.

    Attributes
    ----------
    path : str
    text : str
    suffix : str
        The path's ending, in lower case.
    """

    def __init__(self, path: Path | str, text: str) -> None:
        self.path = str(path)
        self.text = text
        self.suffix = _suffix(self.path)

    @classmethod
    def read(cls, path: Path | str) -> Source:
        """The source at `path`; see `reading.read_text` for what is refused."""
        return cls.of(path, read_bytes(path, LARGEST_FILE))

    @classmethod
    def of(cls, path: Path | str, data: bytes) -> Source:
        """The source at `path`, whose bytes were read already."""
        source = cls(path, decode(data, str(path)))
        if source.suffix not in SUFFIXES:
            what = f"the ending {Path(path).suffix!r} is not known"
            raise fail(source.path, what, f"Use {', '.join(SUFFIXES)}")
        return source

    def data(self) -> Any:
        """What the text says, as plain data."""
        if self.suffix == ".json":
            return _json(self.text, self.path)
        if self.suffix == ".toml":
            return toml.parse(self.text, self.path)
        return parse(self.text, self.path)

    @cached_property
    def _located(self) -> tuple[dict[Keys, tuple[int, int]], dict[Keys, int]]:
        """Positions of values and numbers of list entries; nothing where YAML cannot read JSON."""
        if self.suffix == ".toml":
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


def _suffix(path: str) -> str:
    """A path's ending in lower case; no `Path` is made where the name is usual."""
    stem, _, ending = path.rpartition(".")
    if f".{ending}" in SUFFIXES and stem[-1:].isalnum():
        return f".{ending}"
    return Path(path).suffix.lower()


#: A character beyond the first plane, as JSON escapes it.
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class LineSource(Source):
    """One line of a file of JSON lines."""

    def __init__(self, name: str, text: str) -> None:
        self.path = name
        self.text = text
        self.suffix = ".json"

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

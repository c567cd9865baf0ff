"""Many scenarios one after the other: blocks of text that they share are read once.

A block is a top-level key of a YAML document with the lines below it. What a block says does not
depend on the blocks around it, so it is parsed and validated the first time only. A document that
is not written in plain blocks, or in which anything is wrong, goes to the exact reader instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from mcda.errors import DocumentError
from mcda.files.loader import document_of, read_document
from mcda.files.source import Source
from mcda.files.yaml import parse, resolve
from mcda.model.documents import Document
from mcda.model.scenario import Scenario

__all__ = ["Reader", "blocks"]

#: Characters of blocks that are kept; then they are forgotten and kept anew.
_KEPT = 2**22
#: Keys whose values differ from scenario to scenario are not kept.
_OWN = frozenset({"id", "profile"})
_FORMAT = "mcda/scenario/1"
_KNOWN = frozenset(Scenario.model_fields)

#: The first word of a line that begins neither with a space nor with a comment.
_BEGIN = re.compile(r"\n([^ \n#][^ \n]*)")
#: Line breaks that YAML knows beside the usual one.
_BREAKS = "\r\x85\u2028\u2029"
_PREAMBLE = re.compile(r"(?:\n#[^\n]*|\n)*")

_WORD = "-?[0-9A-Za-z][0-9A-Za-z_.-]{0,60}"
_PAIR = rf"[A-Za-z_][0-9A-Za-z_]{{0,60}}: {_WORD}"
#: A key with one word, or with keys and words below it.
_FLAT = re.compile(rf"[a-z_]+:(?: ({_WORD})|(\n +){_PAIR}(?:\2{_PAIR})*)\n*")
_PAIRS = re.compile(rf"\n +([A-Za-z_][0-9A-Za-z_]*): ({_WORD})")
_resolved = lru_cache(maxsize=2**12)(resolve)


def blocks(text: str) -> dict[str, str] | None:
    """Top-level key -> its lines; ``None`` where the text is not surely made of such blocks.

    Whether each block is complete shows when it is parsed: one that is not swallows the key of the
    next.
    """
    if any(each in text for each in _BREAKS):
        return None
    text = f"\n{text}"
    found: dict[str, str] = {}
    start, key = 0, ""
    for match in _BEGIN.finditer(text):
        word, at = match[1], match.start()
        if word == "-" and key:
            continue
        if word[-1] != ":" or word[:-1] not in _KNOWN or word[:-1] in found:
            return None
        if key:
            found[key] = text[start : at + 1]
        elif _PREAMBLE.fullmatch(text, 0, at) is None:
            return None
        start, key = at + 1, word[:-1]
    if key in found:
        return None
    if key:
        found[key] = text[start:]
    return found


def _flat(block: str) -> Any:
    """The value of a block that is one word or keys with words; ``None`` for any other block."""
    match = _FLAT.fullmatch(block)
    if match is None:
        return None
    if match[1] is not None:
        return _resolved(match[1])
    pairs = _PAIRS.findall(block)
    data = {key: _resolved(word) for key, word in pairs}
    return data if len(data) == len(pairs) else None


class Reader:
    """Reads documents one after the other, and keeps the blocks of scenarios that it has seen.

    The values kept are frozen models and plain scalars: scenarios share them.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._size = 0

    def read(self, path: Path) -> Document:
        """The document at `path`, as `mcda.files.loader.read_document` reads it.

        Raises
        ------
        DocumentError
            With place and remedy for everything that is wrong.
        """
        if path.suffix.lower() not in (".yaml", ".yml"):
            return read_document(path)
        source = Source.read(path)
        return self._scenario(source) or document_of(source)

    def _scenario(self, source: Source) -> Scenario | None:
        """The scenario that a source holds; ``None`` if that is not certain."""
        parts = blocks(source.text)
        if not parts:
            return None
        data: dict[str, Any] = {}
        fresh: dict[str, str] = {}
        for key, text in parts.items():
            value = self._kept.get(text)
            if value is None and key in _OWN:
                value = _flat(text)
            if value is None:
                fresh[key] = text
            else:
                data[key] = value
        try:
            if fresh:
                read = parse("".join(fresh.values()), source.path)
                if type(read) is not dict or list(read) != list(fresh):
                    return None
                data.update(read)
            if data.get("format") != _FORMAT:
                return None
            scenario = Scenario.from_data(data, source)
        except DocumentError:
            return None
        for key, text in fresh.items():
            if key not in _OWN:
                self._keep(text, getattr(scenario, key))
        return scenario

    def _keep(self, text: str, value: Any) -> None:
        self._size += len(text)
        if self._size > _KEPT:
            self._kept.clear()
            self._size = len(text)
        self._kept[text] = value

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
_KEPT = 2**20
#: Keys whose values differ from scenario to scenario are not kept.
_OWN = frozenset({"id", "profile"})
#: Blocks of more characters, or nested deeper, are left to the parser.
_LONG, _DEEP = 10_000, 30
_FORMAT = "mcda/scenario/1"
_KNOWN = frozenset(Scenario.model_fields)

#: The first word of a line that begins neither with a space nor with a comment.
_BEGIN = re.compile(r"\n([^ \n#][^ \n]*)")
#: Line breaks that YAML knows beside the usual one.
_BREAKS = "\r\x85\u2028\u2029"
_PREAMBLE = re.compile(r"(?:\n#[^\n]*|\n)*")

#: What surely stands for itself at the end of a line: no character that could begin anything else,
#: and none that is not printable.
_FIRST = "0-9A-Za-z\u00c0-\u024f\u4e00-\u9fff"
_INNER = rf"{_FIRST}!\"$-/;-@\[-`{{-~\u2010-\u2026\u3001-\u3020\uff01-\uff60"
_TEXT = rf"-?[{_FIRST}](?:[{_INNER} ]{{0,500}}[{_INNER}])?"
_NAME = "[A-Za-z_][0-9A-Za-z_]{0,60}"
#: A line that is an entry of a list, or a key with or without a text.
_LINE = re.compile(rf"(( *)(?:- ({_TEXT})|({_NAME}):(?: ({_TEXT}))?)(?:\n+|\Z))")
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
        if key:
            found[key] = text[start : at + 1]
        elif _PREAMBLE.fullmatch(text, 0, at) is None:
            return None
        start, key = at + 1, word[:-1]
        if word[-1] != ":" or key not in _KNOWN or key in found:
            return None
    if key:
        found[key] = text[start:]
    return found


def plain(block: str) -> Any:
    """The value of a block of indented keys, lists and plain texts; ``None`` for any other."""
    lines = _LINE.findall(block) if len(block) <= _LONG else []
    if sum(len(line[0]) for line in lines) != len(block):
        return None
    root: dict[str, Any] = {}
    open_at: list[tuple[int, Any]] = [(0, root)]
    waiting: dict[str, Any] | None = None
    name = ""
    for _, spaces, entry, key, text in lines:
        indent = len(spaces)
        if waiting is not None:
            if indent <= open_at[-1][0]:
                return None
            waiting[name] = [] if entry else {}
            open_at.append((indent, waiting[name]))
            waiting = None
        while open_at[-1][0] > indent:
            open_at.pop()
        at, values = open_at[-1]
        if at != indent or (type(values) is list) != bool(entry) or key in values:
            return None
        if entry:
            values.append(_resolved(entry))
        elif text:
            values[key] = _resolved(text)
        else:
            waiting, name = values, key
    if waiting is not None or len(root) != 1 or len(open_at) > _DEEP:
        return None
    return next(iter(root.values()))


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
        new: dict[str, str] = {}
        unread: dict[str, str] = {}
        for key, text in parts.items():
            value = self._kept.get(text)
            if value is None:
                new[key] = text
                value = plain(text)
            if value is None:
                unread[key] = text
            else:
                data[key] = value
        try:
            if unread:
                read = parse("".join(unread.values()), source.path)
                if type(read) is not dict or list(read) != list(unread):
                    return None
                data.update(read)
            if data.get("format") != _FORMAT:
                return None
            scenario = Scenario.from_data(data, source)
        except DocumentError:
            return None
        for key, text in new.items():
            if key not in _OWN:
                self._keep(text, getattr(scenario, key))
        return scenario

    def _keep(self, text: str, value: Any) -> None:
        self._size += len(text)
        if self._size > _KEPT:
            self._kept.clear()
            self._size = len(text)
        self._kept[text] = value

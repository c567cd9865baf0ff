"""YAML 1.2 core from PyYAML's C event stream: plain data, nothing else, with positions.

Only mappings, lists and scalars are read. Tags, anchors, aliases, several documents, duplicate
keys and nesting deeper than `DEEPEST` are errors. Keys stay the text they are written as.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from mcda.errors import short
from mcda.files.reading import fail
from mcda.model.documents import DEEPEST, Keys

__all__ = ["DEEPEST", "SPECIAL_STARTS", "locate_all", "parse", "resolve"]

_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{
        sign + word: float(sign + "inf")
        for sign in ("", "+", "-")
        for word in (".inf", ".Inf", ".INF")
    },
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMERIC_START = frozenset("+-.0123456789")
#: What a plain scalar begins with that may stand for something else than its text.
SPECIAL_STARTS = _NUMERIC_START.union(word[0] for word in _SPECIAL if word)


def parse(text: str, path: str) -> Any:
    """The data of one YAML document.

    Parameters
    ----------
    text
        The document.
    path
        Its path, for messages.

    Returns
    -------
    object
        dicts, lists, strings, ints, floats, bools and ``None``.

    Raises
    ------
    DocumentError
        With line and column, if it is not such a document.
    """
    return _Builder(text, path).document()


def locate_all(text: str, path: str) -> tuple[dict[Keys, tuple[int, int]], dict[Keys, int]]:
    """Line and column (from 1) of every value: a scalar's own, a collection's key.

    Also, for the entries of lists that have an ``id``, their number by that id.
    """
    builder = _Builder(text, path, positions={})
    builder.document()
    assert builder.positions is not None
    return builder.positions, builder.numbers


class _Builder:
    def __init__(
        self, text: str, path: str, positions: dict[Keys, tuple[int, int]] | None = None
    ) -> None:
        self.path = path
        self.positions = positions
        #: The position in its list of every entry with an id.
        self.numbers: dict[Keys, int] = {}
        self.next = _events(text, path)

    def document(self) -> Any:
        self.next()
        event = self.next()
        if isinstance(event, StreamEndEvent):
            raise fail(self.path, "the file is empty", "Begin it with format: mcda/scenario/1")
        assert isinstance(event, DocumentStartEvent)
        data = self.value(self.next(), (), 1)
        self.next()
        event = self.next()
        if not isinstance(event, StreamEndEvent):
            raise self.refuse(event, "a second document begins here", "Use one file for each")
        return data

    def refuse(self, event: Any, what: str, remedy: str = "") -> Exception:
        mark = event.start_mark
        return fail(self.path, what, remedy, mark.line + 1, mark.column + 1)

    def odd(self, event: Any) -> Exception:
        """What is wrong with an alias, an anchor or a tag."""
        if type(event) is AliasEvent:
            return self.refuse(event, f"aliases (*{event.anchor}) are not read", "Write it out")
        if event.anchor is not None:
            return self.refuse(event, f"anchors (&{event.anchor}) are not read", "Remove it")
        return self.refuse(event, f"tags ({event.tag}) are not read", "Write plain data")

    def value(self, event: Any, keys: Keys, depth: int) -> Any:
        kind = type(event)
        if kind is AliasEvent or event.anchor is not None or event.tag is not None:
            raise self.odd(event)
        if kind is ScalarEvent:
            if self.positions is not None and event.value:  # nothing stands at its key
                self.positions[keys] = (event.start_mark.line + 1, event.start_mark.column + 1)
            return resolve(event.value) if event.implicit[0] else event.value
        if depth > DEEPEST:
            raise self.refuse(event, f"nested more than {DEEPEST} deep", "Flatten the file")
        if self.positions is not None:
            mark = event.start_mark
            self.positions.setdefault(keys, (mark.line + 1, mark.column + 1))
        return self.mapping(keys, depth) if kind is MappingStartEvent else self.list(keys, depth)

    def mapping(self, keys: Keys, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        marks: dict[str, Any] = {}
        while type(event := self.next()) is not MappingEndEvent:
            kind = type(event)
            if kind is AliasEvent or event.anchor is not None or event.tag is not None:
                raise self.odd(event)
            if kind is not ScalarEvent:
                raise self.refuse(event, "a key must be a word", "Write key: value")
            key = event.value
            if not key.isascii():
                key = unicodedata.normalize("NFC", key)
            if key in data:
                first = marks[key].line + 1
                raise self.refuse(
                    event, f"the key {short(key)} is there already, in line {first}", "Keep one"
                )
            mark: Any = event.start_mark
            marks[key] = mark
            if self.positions is not None:
                self.positions[(*keys, key)] = (mark.line + 1, mark.column + 1)
            data[key] = self.value(self.next(), (*keys, key), depth + 1)
        return data

    def list(self, keys: Keys, depth: int) -> list[Any]:
        data: list[Any] = []
        while type(event := self.next()) is not SequenceEndEvent:
            entry = self.value(event, (*keys, len(data)), depth + 1)
            if isinstance(entry, dict) and "id" in entry:
                self.numbers[(*keys, str(entry["id"]))] = len(data)
            data.append(entry)
        return data


def resolve(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema."""
    if text[:1] in _NUMERIC_START:
        if _INTEGER.fullmatch(text):
            return as_number(int(text)) if len(text) < 4000 else float("inf")
        if _FLOAT.fullmatch(text):
            return float(text)
        if _BASED.fullmatch(text):
            return as_number(int(text, 0)) if len(text) < 4000 else float("inf")
    return _SPECIAL.get(text, text)


def as_number(value: int) -> int | float:
    """`value`, or infinity if no float is as large."""
    return value if abs(value) < 2**1023 else float("inf")


def _events(text: str, path: str) -> Any:
    """A function that returns the next event; its errors come with place and remedy."""
    try:
        parser = CParser(text)
    except (YAMLError, UnicodeError, ValueError) as error:
        raise _syntax_error(error, text, path) from None
    get = parser.get_event

    def following() -> Any:
        try:
            return get()
        except (YAMLError, UnicodeError, ValueError) as error:
            raise _syntax_error(error, text, path) from None

    return following


_OPENED = {
    "while parsing a flow mapping": ("this { is never closed", "Close it with }"),
    "while parsing a flow sequence": ("this [ is never closed", "Close it with ]"),
    "while scanning a quoted scalar": ("this quotation mark is never closed", "Close it"),
}


def _syntax_error(error: Exception, text: str, path: str) -> Exception:
    if isinstance(error, ReaderError):
        before = text[: error.position]
        line = before.count("\n") + 1
        column = error.position - (before.rfind("\n") + 1) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return fail(path, f"the character U+{code:04X} is not allowed", "Remove it", line, column)
    if not isinstance(error, MarkedYAMLError):
        return fail(path, f"the file cannot be read as YAML: {error}")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return fail(path, f"the file cannot be read as YAML: {error.problem}")
    line, column = mark.line + 1, mark.column + 1
    problem = error.problem or "the file cannot be read as YAML"
    for context, (what, remedy) in _OPENED.items():
        if (error.context or "").startswith(context) and error.context_mark:
            opened = error.context_mark
            return fail(
                path,
                f"{what} (line {line}: {problem})",
                remedy,
                opened.line + 1,
                opened.column + 1,
            )
    if "could not find expected ':'" in problem and error.context_mark:
        opened = error.context_mark
        what = "a key without a value"
        remedy = "Write key: value, with a space after the colon"
        return fail(path, what, remedy, opened.line + 1, opened.column + 1)
    if "found character that cannot start any token" in problem:
        lines = text.splitlines()
        if mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t":
            return fail(path, "a tab indents this line", "Indent with spaces", line, column)
    if "mapping values are not allowed" in problem:
        remedy = "Put text that contains a colon in quotes, or start a new line"
        return fail(path, "a second colon in one line", remedy, line, column)
    context = f"{error.context}: " if error.context else ""
    return fail(path, f"{context}{problem}", "", line, column)

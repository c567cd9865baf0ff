"""Many scenarios one after the other: what they share is parsed and validated once.

A block is a top-level key of a YAML document with the lines below it. What a block says does not
depend on the blocks around it, so it is parsed and validated the first time only; so are the lines
of profiles, and the values of the keys of JSON documents. Each key is validated by itself, and the
scenario is put together from what that gave. A document that is not written in plain blocks, or in
which anything is wrong, goes to the exact reader instead, which alone looks for positions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from mcda.errors import DocumentError
from mcda.files.loader import document_from, document_of, line_source
from mcda.files.reading import LARGEST_FILE, read_bytes
from mcda.files.source import Source
from mcda.files.yaml import parse
from mcda.model.documents import Document
from mcda.model.scenario import Scenario
from mcda.model.text import Strict

__all__ = ["Reader", "blocks"]

#: Characters of blocks that are kept; then they are forgotten and kept anew.
_KEPT = 2**20
#: Keys whose values differ from scenario to scenario are not kept.
_OWN = frozenset({"id", "profile"})
_FORMAT = "mcda/scenario/1"
_KNOWN = frozenset(Scenario.model_fields)
_NEEDED = frozenset(name for name, field in Scenario.model_fields.items() if field.is_required())
#: Every key in the order of the model, with its default or a stand-in for what is always given.
_BARE = Scenario.model_construct(_fields_set=set(), **dict.fromkeys(_NEEDED))

#: Before a line that begins neither with a space nor with a comment, and is no entry of a list.
_BEGIN = re.compile(r"\n(?=[^ \n#-]|-[^ \n])")
_PREAMBLE = re.compile(r"(?:\n#[^\n]*|\n)*")

#: A line of a profile with a value, so that those below it can only be further fields.
_FIELD = re.compile(r"  [A-Za-z_]\w* *: *[^\s#].*")


def blocks(text: str) -> dict[str, str] | None:
    """Top-level key -> its lines; ``None`` where the text is not surely made of such blocks.

    Line breaks that YAML knows beside the usual one are not sure either. Whether each block is
    complete shows when it is parsed: one that is not swallows the key of the next.
    """
    # one after the other: to look for one character is much faster than for one of several
    if "\r" in text or "\x85" in text or "\u2028" in text or "\u2029" in text:
        return None
    preamble, *parts = _BEGIN.split(f"\n{text}")
    if _PREAMBLE.fullmatch(preamble) is None:
        return None
    found: dict[str, str] = {}
    for part in parts:
        key, colon, rest = part.partition(":")
        if key not in _KNOWN or not colon or rest[:1] not in _AFTER or key in found:
            return None
        found[key] = f"{part}\n"
    if parts:
        found[key] = parts[-1]
    return found


#: What may follow the colon of a key, if anything does.
_AFTER = frozenset({"", " ", "\n"})


@cache
def _alone(key: str) -> type[BaseModel]:
    """A model with one of the keys of a scenario, which it validates as a scenario does."""
    field = Scenario.model_fields[key]
    fields: dict[str, Any] = {key: (field.annotation, field)}
    return create_model(f"Scenario_{key}", __base__=Strict, **fields)


def _validated(key: str, given: Any) -> Any:
    """What a scenario makes of the value of one of its keys."""
    return getattr(_alone(key).model_validate({key: given}), key)


def _together(values: dict[str, Any], source: Source) -> Scenario | None:
    """The scenario with these validated values; ``None`` if they do not go together."""
    if not values.keys() >= _NEEDED:
        return None
    if isinstance(values["criteria"], Mapping) and (values.get("facts") or values.get("profile")):
        return None
    return _BARE.model_copy(update=values).placed(source)


class Reader:
    """Reads documents one after the other, and keeps the blocks of scenarios that it has seen.

    The values kept are frozen models and plain scalars: scenarios share them.
    """

    def __init__(self) -> None:
        #: Text of a block, a line of a profile, or a key with what was given -> key and value.
        self._kept: dict[str, tuple[str, Any]] = {}
        self._size = 0

    def read(self, path: Path | str, data: bytes | None = None) -> Document:
        """The document at `path`, as `mcda.files.loader.read_document` reads it.

        Parameters
        ----------
        path
        data
            What the file holds, if it was read already.

        Raises
        ------
        DocumentError
            With place and remedy for everything that is wrong.
        """
        source = Source.of(path, read_bytes(path, LARGEST_FILE) if data is None else data)
        if source.suffix not in (".yaml", ".yml"):
            return document_of(source)
        return self._of_blocks(source) or document_of(source)

    def line(self, path: str, number: int, line: bytes) -> Document:
        """The document on one line of a file of JSON lines.

        Raises
        ------
        DocumentError
            With the line for everything that is wrong.
        """
        source = line_source(path, number, line)
        data = source.data()
        return self._of_data(data, source) or document_from(data, source)

    def _of_blocks(self, source: Source) -> Scenario | None:
        """The scenario that a YAML source holds; ``None`` if that is not certain."""
        parts = blocks(source.text)
        if not parts:
            return None
        values: dict[str, Any] = {}
        new: dict[str, Any] = {}
        unread: dict[str, str] = {}
        for key, text in parts.items():
            if (known := self._kept.get(text)) is not None:
                values[key] = known[1]
            elif key == "profile" and (profile := self._profile(text, source.path)) is not None:
                values[key] = profile
            else:
                unread[key] = text
        try:
            if unread:
                read = parse("".join(unread.values()), source.path)
                if type(read) is not dict or list(read) != list(unread):
                    return None
                new.update(read)
            if "format" not in values and new.get("format") != _FORMAT:
                return None
            return self._scenario(values, new, parts, source)
        except (DocumentError, ValidationError):
            return None

    def _of_data(self, data: Any, source: Source) -> Scenario | None:
        """The scenario that data from JSON describe; ``None`` if that is not certain."""
        if type(data) is not dict or data.get("format") != _FORMAT or not data.keys() <= _KNOWN:
            return None
        values: dict[str, Any] = {}
        new: dict[str, Any] = {}
        marks: dict[str, str] = {}
        for key, given in data.items():
            if key not in _OWN:
                # shows types and order; no block of text has a line break in place of its colon
                marks[key] = mark = f"{key}\n{given!r}"
                if (known := self._kept.get(mark)) is not None:
                    values[key] = known[1]
                    continue
            new[key] = given
        try:
            return self._scenario(values, new, marks, source)
        except ValidationError:
            return None

    def _scenario(
        self,
        values: dict[str, Any],
        new: Mapping[str, Any],
        texts: Mapping[str, str],
        source: Source,
    ) -> Scenario | None:
        """The scenario with known `values` and with `new` ones, which are kept by their `texts`."""
        for key, given in new.items():
            values[key] = _validated(key, given)
        scenario = _together(values, source)
        if scenario is not None:
            for key in new:
                if key not in _OWN:
                    self._keep(texts[key], key, values[key])
        return scenario

    def _profile(self, text: str, path: str) -> dict[str, Any] | None:
        """What a profile says, line by line; ``None`` if it is not written in plain lines."""
        head, *lines, end = text.split("\n")
        if head != "profile:" or end or not lines:
            return None
        found: dict[str, Any] = {}
        for line in lines:
            known = self._kept.get(line) or self._field(line, path)
            if known is None:
                return None
            found[known[0]] = known[1]
        return found if len(found) == len(lines) else None

    def _field(self, line: str, path: str) -> tuple[str, Any] | None:
        """The field that one line of a profile gives; ``None`` if that is not certain."""
        if _FIELD.fullmatch(line) is None:
            return None
        try:
            [(name, value)] = _validated("profile", parse(line, path)).items()
        except (DocumentError, ValidationError, ValueError):
            return None
        self._keep(line, name, value)
        return name, value

    def _keep(self, text: str, key: str, value: Any) -> None:
        self._size += len(text)
        if self._size > _KEPT:
            self._kept.clear()
            self._size = len(text)
        self._kept[text] = key, value

"""Changing a scenario file in place without losing its comments."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from mcda.errors import DocumentError, InputError
from mcda.files.reading import read_text
from mcda.files.source import Source
from mcda.files.writing import swap
from mcda.files.yaml import parse
from mcda.model.language import check_name
from mcda.model.scenario import Scenario

__all__ = ["ScenarioEditor"]


class _Edit(NamedTuple):
    """One judgement set; or taken out, where the value is ``None``."""

    node: str
    first: str
    second: str
    value: str | None


class ScenarioEditor:
    """A scenario file whose judgements are set one by one.

    Only the block of the weights is written anew, the rest stays to the letter. What others
    change in the file meanwhile is kept: the edits are made to what stands there when saving.

    Parameters
    ----------
    path
        A valid scenario in YAML.
    judge
        Whose judgements they are; ``None`` for a scenario without judges.

    Raises
    ------
    InputError
        If the file cannot be edited in place, or its weights come from something else.
    """

    def __init__(self, path: Path, judge: str | None = None) -> None:
        if path.suffix.lower() not in (".yaml", ".yml"):
            raise InputError(f"{str(path)!r} is not YAML", "Convert it: comments need YAML")
        try:
            self._judge = None if judge is None else check_name(judge)
        except ValueError as error:
            raise InputError(f"the judge's name: {error}") from None
        self.path = path
        self._edits: list[_Edit] = []
        read_text(path)
        self._apply(self._on_disk(), [])

    def judgements(self) -> dict[str, dict[str, Any]]:
        """What the file says now: node -> ``a vs b`` -> judgement."""
        found = _Block(self._on_disk(), self._judge, self.path).judgements(create=False)
        return {_plain_name(node): dict(pairs or {}) for node, pairs in (found or {}).items()}

    def set(self, node: str, first: str, second: str, value: str) -> None:
        """Note one judgement; the pair is replaced whichever way round it stands."""
        self._edits.append(_Edit(node, first, second, value))

    def remove(self, node: str, first: str, second: str) -> None:
        """Note that a judgement is to be taken out again."""
        self._edits.append(_Edit(node, first, second, None))

    def save(self) -> None:
        """Make the noted edits in the file, in one step; a failure leaves the old one whole.

        Raises
        ------
        OSError
            If the file is gone or the new one cannot be written.
        InputError
            If the file would not be a valid scenario any more; the edits stay noted.
        """
        target = self.path.resolve()
        text = self._apply(self._on_disk(), self._edits)
        swap(target, text.encode("utf-8"), target.stat().st_mode)
        self._edits.clear()

    def _on_disk(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    def _apply(self, text: str, edits: list[_Edit]) -> str:
        """`text` with the edits made, checked to be a scenario."""
        block = _Block(text, self._judge, self.path)
        for edit in edits:
            block.edit(edit)
        changed = block.text() if edits else text
        try:
            plain = changed.removeprefix("\ufeff")
            Scenario.from_data(parse(plain, str(self.path)), Source(self.path, plain))
        except DocumentError as error:
            raise InputError(
                f"the file would not be a valid scenario any more: {error.findings[0]}",
                "Write its weights as a block of their own, or edit it by hand",
            ) from None
        return changed


class _Block:
    """The block of the weights within a file's text."""

    def __init__(self, text: str, judge: str | None, path: Path) -> None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        self._judge = judge
        self._path = path
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._before, block, self._behind = _split(text, path)
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = 10_000
        try:
            self._data: Any = self._yaml.load(block.replace("\r\n", "\n")) or {}
        except YAMLError:
            raise _not_in_place(path) from None
        if "{" in block and "#" in block:
            raise _not_in_place(path)  # comments inside braces would be lost

    def judgements(self, *, create: bool) -> Any:
        """The mapping of judgements, made if there is none and that is asked for."""
        weights = self._data.get("weights")
        wanted = "judgements" if self._judge is None else "judges"
        others = [key for key in weights or {} if key not in (wanted, "aggregation")]
        if others:
            remedy = "Remove them to compare in pairs"
            if others[0] in ("judgements", "judges"):
                remedy = "Name a judge with --judge, or leave it out"
            raise InputError(f"the weights of {str(self._path)!r} come from {others[0]!r}", remedy)
        if weights is None:
            if not create:
                return None
            self._data["weights"] = weights = {}
        if self._judge is None:
            return _inner(weights, "judgements", create)
        judges = _inner(weights, "judges", create)
        own = None if judges is None else _inner(judges, self._judge, create)
        return None if own is None else _inner(own, "judgements", create)

    def edit(self, edit: _Edit) -> None:
        """Make one edit."""
        every = self.judgements(create=True)
        pairs = _inner(every, edit.node, create=True)
        sought = {f"{edit.first} vs {edit.second}", f"{edit.second} vs {edit.first}"}
        for key in [key for key in pairs if _plain_name(key) in sought]:
            del pairs[key]
        if edit.value is not None:
            pairs[f"{edit.first} vs {edit.second}"] = _as_written(edit.value)
        elif not pairs:
            del every[next(key for key in every if _plain_name(key) == edit.node)]

    def text(self) -> str:
        """The whole file's text."""
        stream = StringIO()
        self._yaml.dump(self._data, stream)
        gap = "" if not self._before or self._before.endswith("\n") else self._newline
        return self._before + gap + stream.getvalue().replace("\n", self._newline) + self._behind


def _inner(mapping: Any, name: str, create: bool) -> Any:
    """The mapping under a key, found by its name however it is written."""
    for key in mapping:
        if _plain_name(key) == name:
            if mapping[key] is None and create:
                mapping[key] = {}
            return mapping[key]
    if not create:
        return None
    mapping[name] = {}
    return mapping[name]


def _plain_name(key: object) -> str:
    """A key as names are compared: composed, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(str(key).split()))


def _not_in_place(path: Path) -> InputError:
    return InputError(
        f"the weights of {str(path)!r} cannot be changed in place",
        "Write them as indented lines: weights:, below it judgements:, and so on",
    )


def _split(text: str, path: Path) -> tuple[str, str, str]:
    """What stands before the weights, their block, and what stands behind it."""
    if not re.search(r"^\ufeff?format[ \t]*:", text, re.MULTILINE):
        raise _not_in_place(path)  # the whole document stands in braces, or is indented
    found = re.search(r"^weights[ \t]*:.*\n?(?:(?:[ \t#\r].*)?\n|[ \t#].*\Z)*", text, re.MULTILINE)
    if found is None:
        return text, "", ""
    lines = found[0].splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()  # comments before the next key are that key's
    end = found.start() + len("".join(lines))
    return text[: found.start()], text[found.start() : end], text[end:]


def _as_written(value: str) -> Any:
    """A whole number or decimal as a number, a fraction as text."""
    with contextlib.suppress(ValueError):
        return int(value)
    with contextlib.suppress(ValueError):
        return float(value)
    return value

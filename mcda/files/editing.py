"""Changing a scenario file in place without losing its comments."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from mcda.errors import InputError
from mcda.files.reading import read_text

__all__ = ["ScenarioEditor"]


class ScenarioEditor:
    """A scenario file whose judgements are set one by one.

    Parameters
    ----------
    path
        A valid scenario in YAML.

    Raises
    ------
    InputError
        If it is not YAML, or its weights come from something else than judgements.
    """

    def __init__(self, path: Path) -> None:
        from ruamel.yaml import YAML

        if path.suffix.lower() not in (".yaml", ".yml"):
            raise InputError(f"{str(path)!r} is not YAML", "Convert it: comments need YAML")
        self.path = path
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = 10_000
        text = read_text(path)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        if re.search(r"^( *)[^\s#-].*:[ \t]*\n\1 +- ", text, re.MULTILINE):
            self._yaml.indent(mapping=2, sequence=4, offset=2)  # lists stand indented here
        text = text.replace("\r\n", "\n")
        # only the block of the weights is read and written anew; the rest stays to the letter
        self._before, block, self._behind = _split(text)
        self._data: Any = self._yaml.load(block) or {}

    def judgements(self, judge: str | None = None) -> dict[str, dict[str, Any]]:
        """What the file says now: node -> ``a vs b`` -> judgement."""
        found = self._place(judge, create=False)
        return {str(node): dict(pairs) for node, pairs in (found or {}).items()}

    def set(self, node: str, first: str, second: str, value: str, judge: str | None = None) -> None:
        """Write one judgement; the pair is replaced whichever way round it stands."""
        node_pairs = self._place(judge, create=True).setdefault(node, {})
        for text in (f"{first} vs {second}", f"{second} vs {first}"):
            if text in node_pairs:
                del node_pairs[text]
        node_pairs[f"{first} vs {second}"] = int(value) if value.isdigit() else _plain(value)

    def remove(self, node: str, first: str, second: str, judge: str | None = None) -> None:
        """Take a judgement out again."""
        node_pairs = (self._place(judge, create=False) or {}).get(node, {})
        for text in (f"{first} vs {second}", f"{second} vs {first}"):
            if text in node_pairs:
                del node_pairs[text]

    def save(self) -> None:
        """Replace the file in one step; a failure leaves the old one whole.

        Raises
        ------
        OSError
            If the new file cannot be written.
        """
        target = self.path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline=self._newline) as stream:
                stream.write(self.text())
                stream.flush()
                os.fsync(stream.fileno())
            with contextlib.suppress(OSError):
                os.chmod(name, target.stat().st_mode & 0o7777)  # noqa: PTH101
            os.replace(name, target)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise

    def text(self) -> str:
        """The file as it would be saved: all but its weights to the letter as it was."""
        stream = StringIO()
        if self._data:
            self._yaml.dump(self._data, stream)
        gap = "" if not self._before or self._before.endswith("\n") else "\n"
        return self._before + gap + stream.getvalue() + self._behind

    def _place(self, judge: str | None, *, create: bool) -> Any:
        """The mapping of judgements in the file, made if there is none."""
        weights = self._data.get("weights")
        others = [
            key for key in weights or {} if key not in ("judgements", "judges", "aggregation")
        ]
        wanted = "judgements" if judge is None else "judges"
        others += [
            key for key in ("judgements", "judges") if key in (weights or {}) and key != wanted
        ]
        if others:
            raise InputError(
                f"the weights of {str(self.path)!r} come from {others[0]!r}",
                "Remove them to compare in pairs"
                if others[0] not in ("judgements", "judges")
                else "Name a judge with --judge, or leave it out",
            )
        if weights is None:
            if not create:
                return None
            self._data["weights"] = weights = {}
        if judge is None:
            return weights.setdefault("judgements", {}) if create else weights.get("judgements")
        judges = weights.setdefault("judges", {}) if create else weights.get("judges") or {}
        if not create:
            return (judges.get(judge) or {}).get("judgements")
        return judges.setdefault(judge, {"judgements": {}})["judgements"]


def _split(text: str) -> tuple[str, str, str]:
    """What stands before the weights, their block, and what stands behind it."""
    if not re.search(r"^format\s*:", text, re.MULTILINE):
        return "", text, ""  # the whole document stands in braces
    found = re.search(r"^weights\s*:.*\n?(?:(?:[ \t#].*)?\n|[ \t#].*\Z)*", text, re.MULTILINE)
    if found is None:
        return text, "", ""
    lines = found[0].splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()  # comments before the next key are that key's
    end = found.start() + len("".join(lines))
    return text[: found.start()], text[found.start() : end], text[end:]


def _plain(value: str) -> Any:
    """A fraction as plain text, a decimal as a number."""
    try:
        return float(value)
    except ValueError:
        return value

"""How documents are laid out in YAML, JSON and TOML, for people to read.

Small leaves stand on one line, the rest in blocks; lines have 100 columns where text has blanks to
break at. What YAML 1.1 or 1.2 would take for a number, a truth value or a date is quoted.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from mcda.files.yaml import resolve

__all__ = ["LAYOUTS", "Fields", "Fraction", "Words", "yaml_with_notes"]

WIDTH = 100
#: A key of more characters needs a question mark in YAML.
_LONGEST_KEY = 900


class Fields(dict[str, Any]):
    """The fields of a model: their order has no meaning."""


class Words(Fields):
    """A text in several languages."""


class Fraction(str):
    """A fraction such as 1/3."""

    __slots__ = ()


def _small(value: Any) -> bool:
    """Whether a collection is a leaf that may stand on one line."""
    if isinstance(value, Words):
        return True
    if isinstance(value, dict):
        inner = value.values()
        if value and all(type(each) in (dict, Fields) for each in inner):
            return not any(inner)
        return all(_flat(each) or isinstance(each, Words) for each in inner)
    if isinstance(value, list):
        return all(not isinstance(each, (dict, list)) for each in value)
    return False


def _flat(value: Any) -> bool:
    """Whether a value is a scalar or holds only scalars."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not any(isinstance(each, (dict, list)) for each in inner)


def _number(value: float) -> str:
    """A number as all three formats and YAML 1.1 read it."""
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


# YAML

#: PyYAML's tags for plain text, by YAML 1.1.
_old: Callable[..., Any] = Resolver().resolve
_PLAIN = re.compile(r"[^\W_](?:[^\x00-\x1f]*[^\s:])?")
_LIKE_A_NUMBER = re.compile(r"[-+.]*[0-9][0-9a-fA-FxXoO_:.,+\-TZtz ]*|[yYnN]|0[bB][01_]+")


def _as_it_is(text: str, flow: bool) -> bool:
    """Whether text needs no quotation marks, in YAML 1.1 and 1.2."""
    return (
        _PLAIN.fullmatch(text) is not None
        and text.isprintable()
        and unicodedata.is_normalized("NFC", text)
        and ": " not in text
        and " #" not in text
        and not (flow and any(mark in text for mark in ",[]{}:?"))
        and _LIKE_A_NUMBER.fullmatch(text) is None
        and isinstance(resolve(text), str)
        and _old(ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
    )


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable() and _composed(text):
        return f"'{text}'"
    return '"' + "".join(_escaped(text, "\\U{:08X}")) + '"'


def _composed(text: str) -> bool:
    """Whether text stays the same when the whole file is composed."""
    return unicodedata.is_normalized("NFC", text) and not unicodedata.combining(text[:1] or "a")


def _escaped(text: str, large: str) -> Iterator[str]:
    """The characters of a string in double quotation marks, as YAML and TOML write them."""
    composed = _composed(text)
    for each in text:
        if each in '"\\':
            yield "\\" + each
        elif each in "\n\t\r":
            yield {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[each]
        elif each.isprintable() and (composed or each.isascii()):
            yield each
        elif ord(each) < 0x10000:
            if 0xD800 <= ord(each) < 0xE000:
                raise UnicodeEncodeError("utf-8", text, 0, 1, "surrogates not allowed")
            yield f"\\u{ord(each):04X}"
        else:
            yield large.format(ord(each))


def _yaml_scalar(value: Any, *, flow: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (Fraction, date)):
        return str(value)
    return str(value) if _as_it_is(value, flow) else _quoted(value)


def _yaml_flow(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (
            f"{_yaml_scalar(key, flow=True)}: {_yaml_flow(each)}" for key, each in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml_flow, value)) + "]"
    return _yaml_scalar(value, flow=True)


def _yaml_value(value: Any, indent: int, used: int, *, top: bool = False) -> str:
    """What follows a key or a dash: blank and value, or further lines.

    `used` columns are taken already.
    """
    pad = " " * indent
    if isinstance(value, (dict, list)):
        one_line = _yaml_flow(value)
        fits = used + 1 + len(one_line) <= WIDTH
        whole = isinstance(value, (Words, list)) or not top
        longest = max(map(len, value), default=0) if isinstance(value, dict) else 0
        if not value or (fits and whole and _small(value) and longest < _LONGEST_KEY):
            return f" {one_line}\n"
        if isinstance(value, list):
            return "\n" + "".join(f"{pad}-{_yaml_entry(each, indent + 2)}" for each in value)
        return "\n" + _yaml_mapping(value, indent)
    if isinstance(value, str) and not isinstance(value, Fraction):
        return _yaml_text(value, indent, used)
    return f" {_yaml_scalar(value, flow=False)}\n"


def _yaml_entry(value: Any, indent: int) -> str:
    text = _yaml_value(value, indent, indent - 1)
    # a block of its own begins behind the dash
    return " " + text[1 + indent :] if text.startswith("\n") else text


def _yaml_text(text: str, indent: int, used: int) -> str:
    pad = " " * indent
    lines = text.split("\n")
    writable = all(line.isprintable() for line in lines) and _composed(text)
    smooth = writable and not any(line[:1] == " " or line[-1:] == " " for line in lines)
    if "\n" in text and smooth and lines[0] and (lines[-1] or lines[-2]):
        mark = "|" if not lines[-1] else "|-"
        body = lines if lines[-1] else lines[:-1]
        return f" {mark}\n" + "".join(f"{pad}{line}\n" if line else "\n" for line in body)
    one_line = _yaml_scalar(text, flow=False)
    if used + 1 + len(one_line) > WIDTH and smooth and "\n" not in text and "  " not in text:
        folded = _fold(text, WIDTH - indent)
        if len(folded) > 1:
            return " >-\n" + "".join(f"{pad}{line}\n" for line in folded)
    return f" {one_line}\n"


def _fold(text: str, width: int) -> list[str]:
    """Text broken at blanks; joined with blanks, the lines are the text."""
    lines = textwrap.wrap(
        text,
        max(width, 20),
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )
    return lines if " ".join(lines) == text else [text]


def _yaml_mapping(data: dict[str, Any], indent: int, *, top: bool = False) -> str:
    text = ""
    pad = " " * indent
    for key, value in data.items():
        name = _yaml_scalar(key, flow=False)
        if len(name) > _LONGEST_KEY:
            text += f"{pad}? {name}\n{pad}:{_yaml_value(value, indent + 2, WIDTH)}"
        else:
            used = indent + len(name) + 1
            text += f"{pad}{name}:{_yaml_value(value, indent + 2, used, top=top)}"
    return text


def _yaml(data: dict[str, Any]) -> str:
    return _yaml_mapping(data, 0, top=True)


# JSON


def _json_scalar(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value)
    text = str(value) if isinstance(value, date) else value
    plain = not isinstance(text, str) or (text.isprintable() and _composed(text))
    if not plain:
        text.encode("utf-8")  # JSON could say half a character, readers could not use it
    return json.dumps(text, ensure_ascii=not plain)


def _json_flow(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_json_scalar(key)}: {_json_flow(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json_flow, value)) + "]"
    return _json_scalar(value)


def _json_value(value: Any, indent: int, used: int) -> str:
    one_line = _json_flow(value)
    if not isinstance(value, (dict, list)) or not value:
        return one_line
    if indent and _small(value) and used + len(one_line) < WIDTH:
        return one_line
    pad = " " * (indent + 2)
    parts = []
    for key in value if isinstance(value, dict) else range(len(value)):
        name = f"{_json_scalar(key)}: " if isinstance(value, dict) else ""
        inner = _json_value(value[key], indent + 2, indent + 2 + len(name))
        parts.append(f"{pad}{name}{inner}")
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n" + ",\n".join(parts) + f"\n{' ' * indent}{right}"


def _json(data: dict[str, Any]) -> str:
    return _json_value(data, 0, 0) + "\n"


# TOML

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _toml_string(text: str) -> str:
    return '"' + "".join(_escaped(text, "\\U{:08X}")) + '"'


def _toml_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml_string(name)


def _toml_flow(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_toml_key(key)} = {_toml_flow(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    return str(value) if isinstance(value, date) else _toml_string(value)


def _toml_pair(key: str, value: Any) -> str:
    head = f"{_toml_key(key)} = "
    one_line = head + _toml_flow(value)
    if isinstance(value, str) and _composed(value):
        lines = value.split("\n")
        if len(lines) > 1 and all(line.isprintable() for line in lines):
            body = "\n".join("".join(_escaped(line, "\\U{:08X}")) for line in lines)
            return f'{head}"""\n{body}"""\n'
        folded = _fold(value, WIDTH - 2) if value.isprintable() and "  " not in value else []
        if len(one_line) > WIDTH and len(folded) > 1:
            body = " \\\n".join("".join(_escaped(line, "\\U{:08X}")) for line in folded)
            return f'{head}"""\\\n{body}"""\n'
    if isinstance(value, list) and len(one_line) > WIDTH:
        return head + "[\n" + "".join(f"  {_toml_flow(each)},\n" for each in value) + "]\n"
    return one_line + "\n"


def _tabled(key: str, value: Any, top: bool) -> bool:
    """Whether a value wants a table, or tables, of its own."""
    if isinstance(value, list):
        return any(
            isinstance(each, dict) and not isinstance(each, Words) for each in value
        ) and all(isinstance(each, dict) for each in value)
    if not isinstance(value, dict) or not value:
        return False
    if top and not isinstance(value, Words):
        return True
    return not _small(value) or len(_toml_key(key)) + 3 + len(_toml_flow(value)) > WIDTH


def _toml_table(data: dict[str, Any], path: str) -> str:
    """The pairs of a table, then the tables below it."""
    tables = {key for key, value in data.items() if _tabled(key, value, not path)}
    pairs = [key for key in data if key not in tables]
    if tables and pairs and not isinstance(data, Fields):
        # pairs would move before tables, and names keep their order
        whole = all(isinstance(each, dict) for each in data.values())
        tables, pairs = (set(data), []) if whole else (set(), list(data))
    text = "".join(_toml_pair(key, data[key]) for key in pairs)
    for key in data:
        if key in tables:
            name = f"{path}.{_toml_key(key)}" if path else _toml_key(key)
            text += _toml_tables(data[key], name)
    return text


def _toml_tables(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(f"\n[[{name}]]\n{_toml_table(each, name)}" for each in value)
    body = _toml_table(value, name)
    # a table that holds only tables needs no header
    return body if body.startswith("\n[") else f"\n[{name}]\n{body}"


def _toml(data: dict[str, Any]) -> str:
    return _toml_table(data, "")


LAYOUTS: dict[str, Callable[[dict[str, Any]], str]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": _json,
    ".toml": _toml,
}


def yaml_with_notes(data: dict[str, Any], notes: Mapping[tuple[str, ...], str]) -> str:
    """A document in YAML with comments before the keys that `notes` names by their paths."""
    return _noted(data, notes, ())


def _noted(
    data: dict[str, Any], notes: Mapping[tuple[str, ...], str], path: tuple[str, ...]
) -> str:
    text, pad = "", " " * (2 * len(path))
    for key, value in data.items():
        here = (*path, key)
        for line in notes.get(here, "").splitlines():
            text += "".join(f"{pad}# {part}\n" for part in _pieces(line, WIDTH - len(pad) - 2))
        if isinstance(value, dict) and any(
            note[: len(here)] == here and len(note) > len(here) for note in notes
        ):
            text += f"{pad}{_yaml_scalar(key, flow=False)}:\n{_noted(value, notes, here)}"
        else:
            text += _yaml_mapping({key: value}, 2 * len(path), top=not path)
    return text


def _pieces(line: str, width: int) -> list[str]:
    """A comment broken at blanks; Chinese has none, and takes two columns a character."""
    wide = any(unicodedata.east_asian_width(each) in "WF" for each in line)
    return textwrap.wrap(line, width // 2 if wide else width, break_on_hyphens=False) or [""]

"""TOML by the standard library's parser; places by a scanner of our own when an error needs them.

The parser keeps no positions. The scanner walks the same text once more and notes where every key
and value stands; it also says what the parser says without a useful place: what is never closed,
what is there already, what nests too deep.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from datetime import datetime, time
from typing import Any

from mcda.errors import DocumentError, short, visible
from mcda.files.reading import fail
from mcda.files.yaml import DEEPEST, as_number
from mcda.model.documents import Keys

__all__ = ["locate_all", "parse"]

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
#: More parts of a dotted key than may nest; the parser would need quadratic time for thousands.
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.[ \t]*+){{{DEEPEST}}}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# groups are not possessive: Python before 3.11.5 passes over some of what they match
_BASIC = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"')
_LITERAL = re.compile(r"'[^'\n]*+'")
_LONG_BASIC = re.compile(r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''[^']*+(?:'(?!'')[^']*+)*'{3,5}")
_BLANK = re.compile(r"[ \t\n]*+(?:#[^\n]*+[ \t\n]*+)*")
_SPACE = re.compile(r"[ \t]*+")
_WORD = re.compile(r"[^\s,\[\]{}#\"'=]++(?: [0-9][^\s,\[\]{}#\"'=]*+)?")
_DIGITS = re.compile(r"[-+]?[0-9_]{4000,}")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse(text: str, path: str) -> Any:
    """The data of a TOML document.

    Parameters
    ----------
    text
        The document.
    path
        Its path, for messages.

    Returns
    -------
    dict
        dicts, lists, strings, ints, floats, bools and dates.

    Raises
    ------
    DocumentError
        With line and column, if it is not such a document.
    """
    text = text.replace("\r\n", "\n")
    if not _BLANK.sub("", text, count=1):
        raise fail(path, "the file is empty", 'Begin it with format = "mcda/scenario/1"')
    if _LONG_KEY.search(text):
        _Scanner(text, path).document()
    try:
        return _plain(tomllib.loads(text), 1)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, text, path) from None
    except (_RefusedError, RecursionError, ValueError) as error:
        scanner = _Scanner(text, path)
        scanner.document()  # says what is wrong and where
        raise fail(path, f"this cannot be read as TOML: {visible(str(error))}") from None


def locate_all(text: str, path: str) -> tuple[dict[Keys, tuple[int, int]], dict[Keys, int]]:
    """Line and column (from 1) of every value: a scalar's own, a table's and an array's key.

    Also, for the entries of lists that have an ``id``, their number by that id.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"), path)
    scanner.document()
    return scanner.positions, scanner.numbers


class _RefusedError(Exception):
    """TOML that is no document of ours; where, the scanner says."""


def _plain(value: Any, depth: int) -> Any:
    """`value` with keys in NFC and without what YAML and JSON could not say."""
    if isinstance(value, (dict, list)):
        if depth > DEEPEST:
            raise _RefusedError
        if isinstance(value, list):
            return [_plain(each, depth + 1) for each in value]
        data = {
            unicodedata.normalize("NFC", key): _plain(each, depth + 1)
            for key, each in value.items()
        }
        if len(data) < len(value):
            raise _RefusedError
        return data
    if isinstance(value, (datetime, time)):
        raise _RefusedError
    if isinstance(value, int) and not isinstance(value, bool):
        return as_number(value)
    return value


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, path: str) -> DocumentError:
    try:
        _Scanner(text, path).document()
    except DocumentError as better:
        return better
    except RecursionError:
        pass
    message = str(error)
    found = _PLACE.search(message)
    problem = message[: found.start()] if found else message
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line = text.count("\n") + 1
        column = len(text) - text.rfind("\n")
    rest = text.split("\n")[line - 1][column - 1 :]
    what = visible(problem[:1].lower() + problem[1:])
    return fail(path, what, _remedy(problem, rest), line, column)


def _remedy(problem: str, rest: str) -> str:
    if problem.startswith("Expected '=' after a key"):
        if rest.lstrip().startswith(":"):
            return "Write key = value"
        return 'Write key = value; a key with spaces goes in quotes: "a vs b" = 3'
    if problem == "Invalid value":
        word = _WORD.match(rest)
        if word and word[0].casefold() in ("null", "none", "nil", "~"):
            return "TOML has no null: leave the key out"
        if word and word[0] in ("True", "TRUE", "False", "FALSE"):
            return f"Write {word[0].lower()}"
        return "Put text in quotes" if word else "Give a value"
    if problem.startswith("Expected newline or end of document"):
        return "Put text and fractions in quotes, write dates YYYY-MM-DD, begin a new line"
    if problem.startswith("Unescaped '\\'"):
        return "Double the backslash, or use single quotation marks"
    if problem.startswith("Illegal character"):
        return "Remove it"
    if problem.startswith("Invalid initial character for a key part"):
        if not rest:
            return "Write an inline table on one line, or as a [table] of its own"
        return "Put a key of other than letters, digits, _ and - in quotes"
    return ""


class _StopError(Exception):
    """Here the text is not TOML; the parser says why."""


class _Scanner:
    """Walks TOML that may be wrong, as far as it can.

    Notes
    -----
    What a key is already: ``value`` (scalars, arrays and inline tables: complete), ``table`` (with
    a header of its own), ``dotted`` (made by a dotted key), ``above`` (made by a header below it)
    or ``array`` (of tables).
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.positions: dict[Keys, tuple[int, int]] = {}
        self.numbers: dict[Keys, int] = {}
        self.kinds: dict[Keys, str] = {}
        self.lengths: dict[Keys, int] = {}

    def place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def refuse(self, at: int, what: str, remedy: str) -> DocumentError:
        return fail(self.path, what, remedy, *self.place(at))

    def document(self) -> None:
        """Note every place.

        Raises
        ------
        DocumentError
            For what this scanner knows to be wrong; other bad syntax ends the walk.
        """
        table: Keys = ()
        try:
            while self.skip(_BLANK) < len(self.text):
                self.positions.setdefault((), self.place(self.at))
                if self.text[self.at] == "[":
                    table = self.header()
                else:
                    self.pair(table)
                self.skip(_SPACE)
                if self.text[self.at : self.at + 1] not in ("", "\n", "#"):
                    raise _StopError
        except _StopError:
            return

    def skip(self, blank: re.Pattern[str]) -> int:
        found = blank.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def expect(self, mark: str) -> None:
        if not self.text.startswith(mark, self.at):
            raise _StopError
        self.at += len(mark)

    def header(self) -> Keys:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        parts = self.key()
        self.expect("]]" if many else "]")
        reached: Keys = ()
        for number, (name, at) in enumerate(parts):
            reached = (*reached, name)
            last = number == len(parts) - 1
            kind = self.kinds.get(reached)
            if last and many and kind not in (None, "array"):
                raise self.again(reached, at)
            if last and not many and kind in ("value", "table", "dotted", "array"):
                raise self.again(reached, at)
            if kind == "value":
                raise self.again(reached, at)
            self.positions.setdefault(reached, self.place(at))
            if last and not many:
                self.positions[reached] = self.place(at)
                self.kinds[reached] = "table"
            elif last:
                self.kinds[reached] = "array"
                self.lengths[reached] = self.lengths.get(reached, 0) + 1
            else:
                self.kinds.setdefault(reached, "above")
            if self.kinds[reached] == "array":
                reached = (*reached, self.lengths[reached] - 1)
                self.positions.setdefault(reached, self.place(at))
            self.deep(reached, at)
        return reached

    def key(self) -> list[tuple[str, int]]:
        """The parts of a key with where each begins."""
        parts: list[tuple[str, int]] = []
        while True:
            self.skip(_SPACE)
            at = self.at
            if len(parts) >= DEEPEST:
                raise self.refuse(at, f"nested more than {DEEPEST} deep", "Flatten the file")
            mark = self.text[at : at + 1]
            if mark in ('"', "'"):
                name = self.string(at)
            elif found := _BARE.match(self.text, at):
                self.at, name = found.end(), found[0]
            else:
                raise _StopError
            parts.append((unicodedata.normalize("NFC", name), at))
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def string(self, at: int) -> str:
        """The string that begins here; not one of several lines."""
        found = (_BASIC if self.text[at] == '"' else _LITERAL).match(self.text, at)
        if found is None:
            raise self.refuse(at, "this quotation mark is never closed", "Close it")
        self.at = found.end()
        try:
            value: str = tomllib.loads(f"a={found[0]}")["a"]
        except tomllib.TOMLDecodeError:
            raise _StopError from None
        return value

    def pair(self, table: Keys) -> None:
        """``a.b = value`` below `table`."""
        parts = self.key()
        self.expect("=")
        reached = table
        for name, at in parts[:-1]:
            reached = (*reached, name)
            if self.kinds.setdefault(reached, "dotted") != "dotted":
                raise self.again(reached, at)
            self.positions.setdefault(reached, self.place(at))
            self.deep(reached, at)
        name, at = parts[-1]
        reached = (*reached, name)
        if reached in self.kinds:
            raise self.again(reached, at)
        self.kinds[reached] = "value"
        self.positions[reached] = self.place(at)
        self.skip(_SPACE)
        start = self.at
        self.value(reached, at)
        if name == "id" and len(reached) > 1 and isinstance(number := reached[-2], int):
            self.numbers[(*reached[:-2], self.said(start))] = number

    def said(self, start: int) -> str:
        """The text of the value from `start` to here."""
        try:
            return str(tomllib.loads(f"a={self.text[start : self.at]}")["a"])
        except (ValueError, RecursionError):
            return ""

    def again(self, keys: Keys, at: int) -> DocumentError:
        line = self.positions[keys][0]
        what = f"the key {short(keys[-1])} is there already, in line {line}"
        return self.refuse(at, what, "Keep one")

    def deep(self, keys: Keys, at: int) -> None:
        if len(keys) >= DEEPEST:
            raise self.refuse(at, f"nested more than {DEEPEST} deep", "Flatten the file")

    def value(self, keys: Keys, at_key: int) -> None:
        """A value, its place noted: a scalar's own, a collection's key."""
        at = self.at
        mark = self.text[at : at + 1]
        if mark in ("[", "{"):
            self.deep(keys, at)
            self.positions[keys] = self.place(at_key)
            self.at += 1
            (self.array if mark == "[" else self.inline)(keys, at)
            return
        if mark in ('"', "'"):
            self.text_value(at)
        elif (found := _WORD.match(self.text, at)) is not None:
            self.at = found.end()
            self.word(found[0], at)
        else:
            raise _StopError
        self.positions[keys] = self.place(at)

    def text_value(self, at: int) -> None:
        for opening, pattern in (('"""', _LONG_BASIC), ("'''", _LONG_LITERAL)):
            if self.text.startswith(opening, at):
                found = pattern.match(self.text, at)
                if found is None:
                    raise self.refuse(at, "this quotation mark is never closed", "Close it")
                self.at = found.end()
                return
        self.string(at)

    def word(self, word: str, at: int) -> None:
        """A number, date or truth value; refuses what the parser would not, or not well."""
        if _DIGITS.fullmatch(word):
            what = f"a number must be finite, not one of {len(word)} digits"
            raise self.refuse(at, what, "Give a smaller number")
        if not (word[:1].isdigit() and ":" in word):
            return
        try:
            moment = tomllib.loads(f"a={word}")["a"]
        except tomllib.TOMLDecodeError:
            return
        if isinstance(moment, datetime):
            remedy = f"Write the date alone: {moment.date().isoformat()}"
            raise self.refuse(at, f"times of day are not read ({word})", remedy)
        if isinstance(moment, time):
            raise self.refuse(at, f"times of day are not read ({word})", "Put text in quotes")

    def closing(self, mark: str, opened: int) -> bool:
        """Whether the collection ends here; steps over the end."""
        self.skip(_BLANK)
        if self.at >= len(self.text):
            name, closer = ("[", "]") if mark == "]" else ("{", "}")
            raise self.refuse(opened, f"this {name} is never closed", f"Close it with {closer}")
        if self.text[self.at] == mark:
            self.at += 1
            return True
        return False

    def array(self, keys: Keys, opened: int) -> None:
        count = 0
        while not self.closing("]", opened):
            self.value((*keys, count), self.at)
            count += 1
            if self.closing("]", opened):
                return
            self.comma("]", opened)

    def inline(self, keys: Keys, opened: int) -> None:
        while not self.closing("}", opened):
            self.pair(keys)
            if self.closing("}", opened):
                return
            self.comma("}", opened)

    def comma(self, closer: str, opened: int) -> None:
        """A comma; where a new statement begins in its stead, the bracket was never closed."""
        if self.text[self.at] == ",":
            self.at += 1
            return
        line = self.text.rfind("\n", 0, self.at) + 1
        if line > opened and not self.text[line : self.at].strip():
            name = "[" if closer == "]" else "{"
            raise self.refuse(opened, f"this {name} is never closed", f"Close it with {closer}")
        raise _StopError

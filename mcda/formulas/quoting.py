"""Names in backticks: a formula can name whatever has a name.

``Lead Time (Days)`` is no word of the language, so it stands between backticks; one that belongs to
the name is doubled, as in SQL and in pandas' ``query``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from keyword import iskeyword
from typing import NamedTuple

from mcda.errors import FormulaError

__all__ = ["Unquoted", "is_plain", "quoted", "unquote"]

#: A word in quotation marks, or a name in backticks.
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`((?:[^`]|``)*)`")


class Unquoted(NamedTuple):
    """A formula whose names in backticks have become words of the same length.

    Attributes
    ----------
    text
        With underscores in place of each name and its backticks.
    names
        Where such a word ends -> the name.
    bare
        The formula without what stands in quotation marks or backticks.
    """

    text: str
    names: Mapping[int, str]
    bare: str


def is_plain(name: str) -> bool:
    """Whether a formula can say a name as it is."""
    return (
        name.isidentifier()
        and not iskeyword(name)
        and unicodedata.normalize("NFKC", name) == name  # as Python reads it
    )


def quoted(name: str) -> str:
    """A name as a formula says it: in backticks, unless it can stand alone.

    Examples
    --------
    >>> quoted("price"), quoted("Lead Time (Days)"), quoted("if")
    ('price', '`Lead Time (Days)`', '`if`')
    """
    return name if is_plain(name) else f"`{name.replace('`', '``')}`"


def unquote(text: str) -> Unquoted:
    """A formula as Python's parser can read it, and the names that stood in backticks.

    Raises
    ------
    FormulaError
        For a backtick without its partner, nothing between two, or something right beside them.
    """
    names: dict[int, str] = {}

    def word(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        start, end = match.span()
        if not match[1].strip():
            raise _wrong(text, start, end, "there is no name between the backticks", "Write it")
        for near in (text[start - 1 : start], text[end : end + 1]):
            if near.isalnum() or near == "_":
                what = f"{near!r} stands right beside the backticks"
                raise _wrong(text, start, end, what, "Write an operator or a blank between them")
        names[end] = unicodedata.normalize("NFC", match[1].replace("``", "`"))
        return "_" * len(match[0])

    found = _QUOTED.sub(word, text)
    bare = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    if (lone := bare.find("`")) >= 0:
        remedy = "Close it; one that belongs to the name is doubled"
        raise _wrong(text, lone, lone + 1, "this backtick has no partner", remedy)
    return Unquoted(found, names, bare)


def _wrong(text: str, start: int, end: int, what: str, remedy: str) -> FormulaError:
    return FormulaError(what, remedy, formula=text, span=(start, end))

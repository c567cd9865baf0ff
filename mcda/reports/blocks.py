"""Headings, paragraphs, lists and tables, and how they look as plain text and as Markdown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

__all__ = [
    "Block",
    "Bullets",
    "Heading",
    "Paragraph",
    "Table",
    "html",
    "markdown",
    "pieces",
    "plain",
    "width_of",
]

#: Columns of a table are not cut below this.
_NARROWEST = 10
#: Lines of plain text are at most this wide.
_WIDTH = 80
#: East Asian classes that take two columns on a terminal.
_WIDE = frozenset("WF")
#: Punctuation that a line of Chinese must not begin with.
_NOT_FIRST = frozenset(",.;:!?)]%。、》”’\uff0c\uff1b\uff1a\uff01\uff1f\uff09\u3015")
#: ... or end with.
_NOT_LAST = frozenset("([《“‘\uff08\u3014")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a scenario."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` is the sentence that answers."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; columns named in `numeric` stand right-aligned.

    Where it is too wide for plain text, its longest texts are cut, or wrapped if `whole`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    whole: bool = False


Block = Heading | Paragraph | Bullets | Table


def width_of(text: str) -> int:
    """The columns that `text` takes on a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if _wide(character) else 1
        for character in text
    )


def plain(blocks: Iterable[Block]) -> str:
    """The blocks as text of at most 80 columns, where words and names allow it."""
    return "\n".join(_plain_lines(blocks)).rstrip() + "\n"


def _plain_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text, 1):
                yield from ("", *_wrap(text, "", ""), "=" * min(_WIDTH, width_of(text)))
            case Heading(text):
                yield from ("", *_wrap(text, "", ""))
            case Paragraph(text):
                yield from _wrap(text, "", "")
            case Bullets(items):
                for item in items:
                    yield from _wrap(item, "  - ", "    ")
            case Table():
                yield from ("  " + line for line in _table_lines(block))


def _table_lines(table: Table) -> Iterator[str]:
    """The rows, with the widest texts cut or wrapped until they fit."""
    every = (table.columns, *table.rows)
    widths = [max(width_of(row[i]) for row in every) for i in range(len(table.columns))]
    while sum(widths) + 2 * len(widths) > _WIDTH and max(widths) > _NARROWEST:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    for row in every:
        lines = [
            list(_wrap(cell, "", "", widths[i])) if table.whole else [cut(cell, widths[i])]
            for i, cell in enumerate(row)
        ]
        for line in zip_longest(*lines, fillvalue=""):
            cells = (_pad(cell, widths[i], right=i in table.numeric) for i, cell in enumerate(line))
            yield "  ".join(cells).rstrip()


def cut(text: str, width: int) -> str:
    """The beginning of a text that takes at most so many columns."""
    if len(text) <= 2 * width and width_of(text) <= width:
        return text
    room = width - 1
    for place, character in enumerate(text):
        room -= width_of(character)
        if room < 0:
            return text[:place] + "…"
    return text


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def _wrap(text: str, first: str, following: str, width: int = _WIDTH) -> Iterator[str]:
    """Lines of `text`; Chinese may break between any two characters."""
    line, empty = first, True
    for piece in pieces(text):
        if not empty and width_of(line) + width_of(piece.rstrip()) > width:
            yield line.rstrip()
            line, empty = following, True
        line += piece
        empty = empty and not piece.strip()
    yield line.rstrip()


def pieces(text: str) -> Iterator[str]:
    """Words with the space after them, and wide characters with the punctuation after them."""
    piece = ""
    for character in text:
        closes = character in _NOT_FIRST or character == " " or piece[-1:] in _NOT_LAST
        if piece and not closes and (piece[-1] == " " or _wide(character) or _wide(piece[-1])):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in _WIDE


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown."""
    return "\n\n".join(_markdown_block(block) for block in blocks) + "\n"


def _markdown_block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_escape(text)}"
        case Paragraph(text, strong):
            return f"**{_escape(text)}**" if strong else _escape(text)
        case Bullets(items):
            return "\n".join(f"- {_escape(item)}" for item in items)
        case Table(columns, rows, numeric):
            rule = ("---:" if i in numeric else "---" for i in range(len(columns)))
            lines: Sequence[Iterable[str]] = (columns, rule, *rows)
            return "\n".join(
                "| " + " | ".join(cell if n == 1 else _escape(cell) for cell in row) + " |"
                for n, row in enumerate(lines)
            )


#: Sides of cells where numbers and texts stand, and room around them, whatever the page's style.
_NUMBER = "text-align:right;padding:.1em .8em;font-variant-numeric:tabular-nums"
_WORDS = "text-align:left;padding:.1em .8em"


def html(blocks: Iterable[Block], lang: str = "en") -> str:
    """The blocks as a fragment of HTML; every text is escaped."""
    parts = (_html_block(block) for block in blocks)
    return f'<div class="mcda" lang="{"zh-Hans" if lang == "zh" else lang}">{"".join(parts)}</div>'


def _html_block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level + 2}>{escape(text)}</h{level + 2}>"
        case Paragraph(text, strong):
            shown = escape(text)
            return f"<p><strong>{shown}</strong></p>" if strong else f"<p>{shown}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Table(columns, rows, numeric):

            def line(cells: Iterable[str], tag: str) -> str:
                return "".join(
                    f'<{tag} style="{_NUMBER if i in numeric else _WORDS}">{escape(cell)}</{tag}>'
                    for i, cell in enumerate(cells)
                )

            body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
            return (
                f"<table><thead><tr>{line(columns, 'th')}</tr></thead><tbody>{body}</tbody></table>"
            )


def _escape(text: str) -> str:
    for character in "\\`*_[]<>|#":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split("\n"))

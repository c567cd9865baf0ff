"""Tables and other blocks as parts of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.page.markup import NOTHING, Child, Html, joined, tag

__all__ = ["Column", "bulleted", "folded", "paragraph", "rendered", "subtitled", "table"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, and what stands in it."""

    title: Child
    kind: Literal["text", "number", "plot"] = "text"


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Child]],
    *,
    kind: str | None = None,
    shown: bool = False,
    marked: frozenset[int] = frozenset(),
) -> Html:
    """A table whose first column heads its rows.

    Parameters
    ----------
    caption
        Read out; seen if `shown`.
    columns, rows
        The cells' texts are escaped.
    kind
        A class for the whole table.
    marked
        Rows that stand out.
    """
    head = (
        tag("th", column.title, scope="col", class_=_class(column.kind))
        if column.title
        else tag("td")
        for column in columns
    )
    body = []
    for number, row in enumerate(rows):
        cells = [
            tag("th", cell, scope="row") if i == 0 else tag("td", cell, class_=_class(column.kind))
            for i, (column, cell) in enumerate(zip(columns, row, strict=True))
        ]
        body.append(tag("tr", *cells, class_="marked" if number in marked else None))
    whole = tag(
        "table",
        tag("caption", caption, class_=None if shown else "unseen"),
        tag("thead", tag("tr", *head)),
        tag("tbody", *body),
        class_=kind,
    )
    return tag("div", whole, class_="wide", tabindex="0", role="group", aria_label=caption)


def _class(kind: str) -> str | None:
    return None if kind == "text" else kind


def paragraph(text: Child, kind: str | None = None) -> Html:
    """A paragraph."""
    return tag("p", text, class_=kind)


def bulleted(items: Iterable[Child], kind: str | None = None) -> Html:
    """A list."""
    return tag("ul", *(tag("li", item) for item in items), class_=kind)


def subtitled(title: str, *parts: Child) -> Html:
    """Parts under a third-level heading that stays with them in print."""
    return tag("div", tag("h3", title), *parts, class_="part")


def folded(summary: Child, *parts: Child, opened: bool = False) -> Html:
    """Parts that unfold; in print they are open."""
    inside = tag("div", *parts, class_="inside")
    return tag("details", tag("summary", summary), inside, open=opened)


def rendered(blocks: Iterable[Block]) -> Html:
    """Blocks as the page shows them: each heading is of the third level."""
    parts: list[Html] = []
    title, under = "", list[Html]()
    for block in blocks:
        if isinstance(block, Heading):
            if under:
                parts.append(subtitled(title, *under) if title else joined(*under))
            title, under = block.text, []
        else:
            under.append(_block(block, title))
    if under:
        parts.append(subtitled(title, *under) if title else joined(*under))
    return joined(*parts)


def _block(block: Block, title: str) -> Html:
    match block:
        case Paragraph(text, strong):
            return tag("p", tag("strong", text) if strong else text)
        case Bullets(items):
            return bulleted(items)
        case Table(columns, rows, numeric):
            kinds = [
                Column(each, "number" if i in numeric else "text") for i, each in enumerate(columns)
            ]
            return table(title or " ".join(columns), kinds, rows)
        case _:
            return NOTHING

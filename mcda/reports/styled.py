"""Blocks for a terminal with colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table

__all__ = ["styled"]


def styled(blocks: Iterable[Block]) -> Group:
    """The blocks as rich shows them."""
    return Group(*_styled(blocks))


def _styled(blocks: Iterable[Block]) -> Iterator[RenderableType]:
    for block in blocks:
        match block:
            case Heading(text, 1):
                yield Rule(Text(text, style="bold"), align="left", style="dim")
            case Heading(text):
                yield Text()
                yield Text(text, style="bold")
            case Paragraph(text, strong):
                yield Text(text, style="bold green" if strong else "")
            case Bullets(items):
                for item in items:
                    yield Padding(Text(item), (0, 0, 0, 4))
            case Table(columns, rows, numeric):
                table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
                for i, column in enumerate(columns):
                    table.add_column(Text(column), justify="right" if i in numeric else "left")
                for row in rows:
                    table.add_row(*(Text(cell) for cell in row))
                yield Padding(table, (0, 0, 0, 2))

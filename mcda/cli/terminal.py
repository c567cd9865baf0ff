"""What commands share: opening documents, printing blocks, styled on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mcda.cli.main import INTERNAL
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.model.scenario import Scenario
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table, plain

__all__ = ["decided", "opened", "prefixed", "show"]


def prefixed(prefix: str, message: str) -> str:
    """Each finding on a line of its own, with the prefix; excerpts stay as they are."""
    return "\n".join(
        line if line.startswith("    ") else f"{prefix}: {line}" for line in message.splitlines()
    )


def opened(root: str | None, criteria: str | None, facts: str | None) -> Loader:
    """What loads the documents; ends the program if the options that name them are wrong."""
    try:
        return Loader(root, criteria=criteria, facts=facts)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        sys.exit(INTERNAL)


def decided(loader: Loader, path: str) -> Decision:
    """The decision for the scenario file at a path.

    Raises
    ------
    McdaError
        If it is no scenario, or not a valid one.
    """
    scenario = read_document(Path(path))
    if not isinstance(scenario, Scenario):
        what = f"this is a {scenario.kind} document, not a scenario"
        raise fail(path, what, "Check it with: mcda validate")
    return evaluate(loader.problem(scenario))


def show(blocks: Sequence[Block]) -> None:
    """Print the blocks."""
    if sys.stdout.isatty():
        _styled(blocks)
    else:
        click.echo(plain(blocks), nl=False)


def _styled(blocks: Sequence[Block]) -> None:
    from rich import box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console(highlight=False)
    for block in blocks:
        match block:
            case Heading(text, 1):
                console.rule(Text(text, style="bold"), align="left", style="dim")
            case Heading(text):
                console.print()
                console.print(Text(text, style="bold"))
            case Paragraph(text, strong):
                console.print(Text(text, style="bold green" if strong else ""))
            case Bullets(items):
                for item in items:
                    console.print(Padding(Text(item), (0, 0, 0, 4)))
            case Table(columns, rows, numeric):
                table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
                for i, column in enumerate(columns):
                    table.add_column(Text(column), justify="right" if i in numeric else "left")
                for row in rows:
                    table.add_row(*(Text(cell) for cell in row))
                console.print(Padding(table, (0, 0, 0, 2)))

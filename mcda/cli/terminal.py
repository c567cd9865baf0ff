"""What commands share: opening documents, printing blocks, styled on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mcda.cli.main import INTERNAL
from mcda.cli.specs import TABLES
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.model.scenario import Scenario
from mcda.reports.blocks import Block, plain

__all__ = ["decided", "opened", "prefixed", "refuse_table", "show"]


def prefixed(prefix: str, message: str) -> str:
    """Each finding on a line of its own, with the prefix; excerpts stay as they are."""
    lines = [
        line if line.startswith("    ") else f"{prefix}: {line}" for line in message.splitlines()
    ]
    if "there is no such file" in message:
        lines.append("hint: mcda list shows what is shipped, mcda init begins a new scenario")
    return "\n".join(lines)


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
    scenario = read_document(refuse_table(or_shipped(Path(path))))
    if not isinstance(scenario, Scenario):
        what = f"this is a {scenario.kind} document, not a scenario"
        raise fail(path, what, "Check it with: mcda validate")
    return evaluate(loader.problem(scenario))


def refuse_table(path: Path) -> Path:
    """The path, if it is not that of a table.

    Raises
    ------
    DocumentError
        Saying how to make a scenario of it.
    """
    if path.suffix.lower() in TABLES:
        remedy = f"Make one: mcda init my.yaml --table {path} --weights ... --directions ..."
        raise fail(str(path), "this is a table, not a scenario", remedy)
    return path


def show(blocks: Sequence[Block]) -> None:
    """Print the blocks."""
    if sys.stdout.isatty():
        from rich.console import Console

        from mcda.reports.styled import styled

        Console(highlight=False).print(styled(blocks))
    else:
        click.echo(plain(blocks), nl=False)

"""What commands print: blocks, styled on a terminal, and errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from mcda.reports.blocks import Block, plain

__all__ = ["prefixed", "show"]


def prefixed(prefix: str, message: str) -> str:
    """Each finding on a line of its own, with the prefix; excerpts stay as they are."""
    lines = [
        line if line.startswith("    ") else f"{prefix}: {line}" for line in message.splitlines()
    ]
    if "there is no such file" in message:
        lines.append("hint: mcda list shows what is shipped, mcda init begins a new scenario")
    return "\n".join(lines)


def show(blocks: Sequence[Block]) -> None:
    """Print the blocks."""
    if sys.stdout.isatty():
        from rich.console import Console

        from mcda.reports.styled import styled

        Console(highlight=False).print(styled(blocks))
    else:
        click.echo(plain(blocks), nl=False)

"""`mcda prices`."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from mcda.cli.main import FAILED, INTERNAL
from mcda.cli.output import prefixed
from mcda.cli.terminal import opened
from mcda.errors import InputError, McdaError
from mcda.files.catalog import exists
from mcda.files.writing import save
from mcda.importers.prices import priced

__all__ = ["run"]


def run(
    models: tuple[str, ...],
    criteria: str,
    as_of: str,
    facts: str | None,
    name: str | None,
    output: str,
    force: bool,
    root: str | None,
) -> int:
    """Make the pack, write it, and return the exit status."""
    try:
        named = _named(models)
        day = _day(as_of)
        if exists(Path(output)) and not force:
            raise InputError(f"{output} is there already", "Name another file, or add --force")
    except InputError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return INTERNAL
    loader = opened(root, None, None)
    try:
        model = loader.criteria(criteria)
        base = None if facts is None else loader.pack(facts, model)
        pack = priced(named, model, as_of=day, name=name or Path(output).stem, base=base)
        save(pack, output)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    click.echo(f"wrote {os.path.relpath(output)}: prices of {', '.join(named)}")
    for option in named:
        known = pack.options[option].facts.items()
        [source] = {fact.source for key, fact in known if model.facts[key].published_as}
        click.echo(f"  {option}: {source}")
    return 0


def _named(models: tuple[str, ...]) -> dict[str, str]:
    """Option -> model, from ``model`` or ``option=model``."""
    named: dict[str, str] = {}
    for each in models:
        option, sign, model = each.partition("=")
        option, model = option.strip(), model.strip() if sign else option.strip()
        if not option or not model:
            raise InputError(f"{each!r} names no model", "Write MODEL or OPTION=MODEL")
        if option in named:
            raise InputError(f"the option {option!r} is given twice", "Keep one of them")
        named[option] = model
    return named


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", "Write it as YYYY-MM-DD") from None

"""`mcda schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mcda.cli.main import FAILED, INTERNAL
from mcda.cli.output import prefixed
from mcda.cli.terminal import opened
from mcda.errors import InputError, McdaError
from mcda.files.catalog import exists, is_folder
from mcda.files.narrowing import facts_schema, scenario_schema
from mcda.files.reading import read_text
from mcda.files.schema import document_schema, dumped
from mcda.files.writing import replace_text
from mcda.model.language import Language
from mcda.reports.schemas import OUTPUTS, output_schema

__all__ = ["run"]


def run(
    kind: str,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    lang: Language,
    output: str | None,
) -> int:
    """Make the schema, print or write it, and return the exit status."""
    try:
        _check_usage(kind, criteria, facts)
    except InputError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return INTERNAL
    try:
        text = dumped(_schema(kind, criteria, facts, root, lang))
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    if output is None:
        click.echo(text, nl=False)
        return 0
    try:
        _refuse_others(Path(output))
        replace_text(Path(output), text)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    return 0


def _refuse_others(path: Path) -> None:
    """Only a schema is overwritten."""
    if not exists(path) or is_folder(path):
        return
    try:
        found = json.loads(read_text(path))
        known = isinstance(found, dict) and "$schema" in found
    except (ValueError, TypeError, RecursionError, MemoryError):
        known = False
    if not known:
        raise InputError(f"{path} is there already, and no schema", "Name another file")


def _check_usage(kind: str, criteria: str | None, facts: str | None) -> None:
    if criteria is not None and kind not in ("scenario", "facts"):
        remedy = "Leave it out, or name the kind scenario or facts"
        raise InputError(f"--criteria has no meaning for {kind}", remedy)
    if facts is not None and (kind != "scenario" or criteria is None):
        remedy = "Name the kind scenario and the model with --criteria, or leave it out"
        raise InputError("--facts adds to a scenario's --criteria", remedy)


def _schema(
    kind: str, criteria: str | None, facts: str | None, root: str | None, lang: Language
) -> dict[str, Any]:
    if kind in OUTPUTS:
        return output_schema(kind)
    if criteria is None:
        return document_schema(kind)
    loader = opened(root, None, None)
    model = loader.criteria(criteria)
    loader.trial(model)
    if kind == "facts":
        return facts_schema(model, lang)
    pack = None if facts is None else loader.pack(facts, model)
    if pack is not None and pack.criteria != model.id:
        what = f"the facts pack {pack.id!r} is for the criteria model {pack.criteria!r}"
        raise InputError(what, f"The model named here is {model.id!r}; name a pack made for it")
    return scenario_schema(model, pack, lang, reference=criteria, pack_reference=facts)

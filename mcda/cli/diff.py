"""`mcda diff`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from mcda.cli.main import FAILED, NOTHING_FOUND
from mcda.cli.output import prefixed, show
from mcda.cli.terminal import opened, refuse_table, said_of
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError, visible
from mcda.explanation.changes import Difference, difference
from mcda.files.loader import Loader, read_document, scenario_files
from mcda.files.reading import fail
from mcda.model.language import Language
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Scenario
from mcda.reports.blocks import Block, markdown
from mcda.reports.changes import blocks, summary, to_json

__all__ = ["run"]


def run(
    paths: Sequence[str],
    against: str,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    form: str,
    lang: Language,
) -> int:
    """Compare, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    found: list[Difference] = []
    failures: dict[str, str] = {}
    for path in (Path(each) for each in paths):
        try:
            files = list(scenario_files(path))
        except (OSError, ValueError) as error:
            failures[str(path)] = f"{visible(str(path))}: {error}"
            continue
        for each in files:
            try:
                compared = _compared(each, loader, against, named=each == path)
            except McdaError as error:
                failures[str(each)] = said_of(each, error)
            else:
                found += [compared] if compared is not None else []
    for message in failures.values():
        click.echo(prefixed("error", message), err=True)
    if not found and not failures:
        click.echo(f"error: no scenario found at {', '.join(map(visible, paths))}", err=True)
        return NOTHING_FOUND
    if form == "json":
        click.echo(to_json(found, failures, lang), nl=False)
    else:
        parts: list[Block] = [block for each in found for block in blocks(each, lang)]
        if len(found) + len(failures) > 1:
            parts.extend(summary(found, len(failures), lang))
        if form == "markdown":
            click.echo(markdown(parts), nl=False)
        elif parts:
            show(parts)
    return FAILED if failures else 0


def _compared(path: Path, loader: Loader, against: str, *, named: bool) -> Difference | None:
    """What changes for the scenario at a path; ``None`` for other documents of a folder."""
    scenario = read_document(refuse_table(path))
    if not isinstance(scenario, Scenario):
        if named:
            what = f"this is a {scenario.kind} document, not a scenario"
            remedy = "Check it with: mcda validate"
            if isinstance(scenario, Portfolio):
                remedy = "Save those of its scenarios that are to be compared as files"
            raise fail(str(path), what, remedy)
        return None
    if not named and isinstance(scenario.criteria, Mapping):
        return None  # it brings its own criteria: no facts pack is about them
    before, after = loader.between(scenario, against)
    return difference(evaluate(before), evaluate(after), tuple(scenario.options))

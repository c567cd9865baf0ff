"""`mcda evaluate`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mcda.cli.main import FAILED, NOTHING_FOUND
from mcda.cli.specs import TABLES, parsed_matrix
from mcda.cli.terminal import opened, prefixed, show
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.expectations import missed
from mcda.errors import McdaError, visible
from mcda.files.loader import read_document, scenario_files
from mcda.files.reading import fail
from mcda.model.documents import Document
from mcda.model.scenario import Scenario
from mcda.model.text import Language
from mcda.reports.blocks import Block, markdown
from mcda.reports.data import to_csv, to_json
from mcda.reports.evaluation import blocks, said, summary

__all__ = ["run"]


def run(
    paths: Sequence[str],
    criteria: str | None,
    facts: str | None,
    root: str | None,
    form: str,
    lang: Language,
    check: bool,
    sheet: str | None,
    weights: Sequence[str],
    directions: Sequence[str],
    domains: Sequence[str],
    method: Sequence[str],
) -> int:
    """Evaluate, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    decisions: list[Decision] = []
    failures: dict[str, str] = {}
    seen: dict[str, str] = {}
    about_tables = (sheet, weights, directions, domains, method)
    for path in _scenarios(paths, failures):
        try:
            if path.suffix.lower() in TABLES:
                scenario: Document = parsed_matrix(str(path), *about_tables, path.stem)
            else:
                if any(about_tables):
                    what = "--weights, --directions, --domains, --method and --sheet are for tables"
                    raise fail(str(path), what, "Write them into the scenario")
                scenario = read_document(path)
            if not isinstance(scenario, Scenario):
                if Path(path) in map(Path, paths):
                    raise fail(
                        str(path),
                        f"this is a {scenario.kind} document, not a scenario",
                        "Check it with: mcda validate",
                    )
                continue
            if scenario.id in seen:
                raise fail(
                    str(path),
                    f"the scenario id {scenario.id!r} is used in {seen[scenario.id]}, too",
                    "Give every scenario an id of its own",
                )
            seen[scenario.id] = str(path)
            decisions.append(evaluate(loader.problem(scenario)))
        except McdaError as error:
            failures[str(path)] = str(error)
    for message in failures.values():
        click.echo(prefixed("error", message), err=True)
    if not decisions and not failures:
        click.echo(
            f"error: no scenario found at {', '.join(map(visible, paths))}. "
            "Begin one with: mcda init; see those shipped with: mcda list",
            err=True,
        )
        return NOTHING_FOUND
    _print(decisions, failures, form, lang, check)
    unmet = [miss for each in decisions for miss in missed(each)] if check else []
    if form != "table" or not sys.stdout.isatty():
        for miss in unmet:
            click.echo(f"expectation missed: {miss.place}: {said(miss, 'en')}", err=True)
    if unmet:
        click.echo(f"hint: mcda explain {visible(unmet[0].place.source)} says why", err=True)
    return FAILED if failures or unmet else 0


def _scenarios(paths: Sequence[str], failures: dict[str, str]) -> list[Path]:
    """The files at `paths`, each once."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        try:
            for each in scenario_files(path):
                found.setdefault(_real(each), each)
        except (OSError, ValueError) as error:
            failures[str(path)] = f"{visible(str(path))}: {error}"
    return list(found.values())


def _real(path: Path) -> Path:
    """What `path` leads to; itself where links go in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _print(
    decisions: Sequence[Decision], failures: dict[str, str], form: str, lang: Language, check: bool
) -> None:
    if form == "json":
        click.echo(to_json(decisions, failures, lang), nl=False)
        return
    if form == "csv":
        click.echo(to_csv(decisions, failures, lang), nl=False)
        return
    parts: list[Block] = []
    for decision in decisions:
        parts.extend(blocks(decision, lang, check=check))
    if len(decisions) + len(failures) > 1:
        parts.extend(summary(decisions, len(failures), lang))
    if form == "markdown":
        click.echo(markdown(parts), nl=False)
    elif parts:
        show(parts)

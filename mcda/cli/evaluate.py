"""`mcda evaluate`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mcda.api import decide_portfolio
from mcda.cli.gathering import gathered
from mcda.cli.main import FAILED, NOTHING_FOUND
from mcda.cli.output import prefixed, show
from mcda.cli.specs import TABLES, parsed_matrix
from mcda.cli.terminal import opened
from mcda.engine.decision import Decision
from mcda.engine.expectations import missed
from mcda.engine.portfolio import PortfolioDecision
from mcda.errors import visible
from mcda.files.loader import read_document
from mcda.files.reading import fail
from mcda.model.documents import Document
from mcda.model.language import Language
from mcda.model.portfolio import Portfolio
from mcda.model.recognition import Rows
from mcda.reports.blocks import Block, markdown
from mcda.reports.data import to_csv, to_json
from mcda.reports.evaluation import blocks, said, summary
from mcda.reports.portfolio import allocation_csv, misses_of
from mcda.reports.portfolio import blocks as allocation_blocks

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
    rows: Rows | None,
    method: Sequence[str],
) -> int:
    """Evaluate, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    portfolios: list[PortfolioDecision] = []
    about_tables = (sheet, weights, directions, domains, rows, method)

    def read(path: Path) -> Document:
        if path.suffix.lower() in TABLES:
            return parsed_matrix(str(path), *about_tables, path.stem)
        if any(about_tables):
            what = "--weights, --directions, --domains, --rows, --method and --sheet are for tables"
            raise fail(str(path), what, "Write them into the scenario")
        return read_document(path)

    def allocated(portfolio: Portfolio) -> None:
        portfolios.append(decide_portfolio(portfolio, loader))

    decisions, failures = gathered(loader, paths, read, allocated)
    for message in failures.values():
        click.echo(prefixed("error", message), err=True)
    if not decisions and not portfolios and not failures:
        click.echo(
            f"error: no scenario found at {', '.join(map(visible, paths))}. "
            "Begin one with: mcda init; see those shipped with: mcda list",
            err=True,
        )
        return NOTHING_FOUND
    _print(decisions, portfolios, failures, form, lang, check)
    unmet = [miss for each in decisions for miss in missed(each)] if check else []
    unmet += [miss for each in portfolios for miss in misses_of(each)] if check else []
    if form != "table" or not sys.stdout.isatty():
        for miss in unmet:
            click.echo(f"expectation missed: {miss.place}: {said(miss, 'en')}", err=True)
    if unmet:
        click.echo(f"hint: mcda explain {visible(unmet[0].place.source)} says why", err=True)
    return FAILED if failures or unmet else 0


def _print(
    decisions: Sequence[Decision],
    portfolios: Sequence[PortfolioDecision],
    failures: dict[str, str],
    form: str,
    lang: Language,
    check: bool,
) -> None:
    if form == "json":
        click.echo(to_json(decisions, failures, lang, portfolios), nl=False)
        return
    if form == "csv" and portfolios and not decisions:
        click.echo(allocation_csv(portfolios, lang), nl=False)
        return
    if form == "csv":
        for each in portfolios:
            what = f"the portfolio {each.portfolio.id!r} is left out of this table of options"
            click.echo(f"note: {what}; for its table, name no scenarios beside it", err=True)
        click.echo(to_csv(decisions, failures, lang), nl=False)
        return
    parts: list[Block] = []
    for decision in decisions:
        parts.extend(blocks(decision, lang, check=check))
    for portfolio in portfolios:
        parts.extend(allocation_blocks(portfolio, lang, check=check))
    if len(decisions) + len(failures) > 1:
        parts.extend(summary(decisions, len(failures), lang))
    if form == "markdown":
        click.echo(markdown(parts), nl=False)
    elif parts:
        show(parts)

"""`mcda validate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from mcda.cli.main import FAILED, NOTHING_FOUND
from mcda.cli.output import prefixed
from mcda.cli.terminal import opened, refuse_table
from mcda.engine.evaluate import check
from mcda.errors import McdaError
from mcda.files.loader import read_document, scenario_files
from mcda.files.portfolios import problems_of
from mcda.model.language import Language
from mcda.model.portfolio import Portfolio
from mcda.reports.blocks import Bullets, plain

__all__ = ["run"]


def run(
    paths: Sequence[str],
    criteria: str | None,
    facts: str | None,
    root: str | None,
    lang: Language,
) -> int:
    """Check, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    files = [each for path in paths for each in scenario_files(Path(path))]
    if not files:
        click.echo(f"error: no document found at {', '.join(paths)}", err=True)
        return NOTHING_FOUND
    failed = 0
    for path in files:
        try:
            document = read_document(refuse_table(path))
            if isinstance(document, Portfolio):
                problems = problems_of(document, loader)
            else:
                problems = (loader.trial(document),)
            notices = [notice for problem in problems for notice in check(problem)]
        except McdaError as error:
            failed += 1
            click.echo(prefixed("error", str(error)), err=True)
        else:
            click.echo(f"ok: {path}: {document.kind} {getattr(document, 'id', '')}")
            for notice in notices:
                click.echo(plain([Bullets((notice.say(lang),))]), nl=False)
    return FAILED if failed else 0

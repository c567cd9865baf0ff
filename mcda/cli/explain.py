"""`mcda explain`."""

from __future__ import annotations

import click

from mcda.cli.main import FAILED
from mcda.cli.output import prefixed, show
from mcda.cli.terminal import decided, opened
from mcda.errors import McdaError
from mcda.explanation.explanation import explain
from mcda.model.language import Language
from mcda.reports.blocks import markdown
from mcda.reports.drawing import to_svg
from mcda.reports.explanation import blocks, blocks_without_winner
from mcda.reports.graphs import to_dot, to_graphml, to_json, to_mermaid

__all__ = ["run"]


def run(
    path: str,
    against: str | None,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    form: str,
    lang: Language,
) -> int:
    """Explain, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    try:
        decision = decided(loader, path)
        if not decision.ranking and form in ("text", "markdown"):
            parts = list(blocks_without_winner(decision, lang))
        else:
            explanation = explain(decision, against)
            graphs = {
                "json": lambda: to_json(explanation, lang),
                "mermaid": lambda: to_mermaid(explanation, lang),
                "dot": lambda: to_dot(explanation, lang),
                "graphml": lambda: to_graphml(explanation),
                "svg": lambda: to_svg(explanation, lang),
            }
            if form in graphs:
                click.echo(graphs[form](), nl=False)
                return 0
            parts = list(blocks(explanation, lang))
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    if form == "markdown":
        click.echo(markdown(parts), nl=False)
    else:
        show(parts)
    return 0

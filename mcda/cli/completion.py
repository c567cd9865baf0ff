"""What the shell offers when the tab key is pressed."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

__all__ = ["complete_criteria", "complete_facts", "complete_scenarios"]


def complete_criteria(
    context: click.Context,  # noqa: ARG001
    parameter: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """Names of shipped criteria models, and files."""
    from mcda.files.shipped import catalog

    return _offered(
        ((each.name, each.title.say()) for each in catalog().criteria.values()), incomplete
    )


def complete_facts(
    context: click.Context,  # noqa: ARG001
    parameter: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """Names of shipped facts packs, and files."""
    from mcda.files.shipped import catalog

    packs = catalog().facts.values()
    return _offered(((each.path.stem, each.title.say()) for each in packs), incomplete)


def complete_scenarios(
    context: click.Context,  # noqa: ARG001
    parameter: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> list[CompletionItem]:
    """Names of shipped scenarios once one is begun, and files."""
    from mcda.files.shipped import catalog

    shipped = (catalog().scenarios, catalog().portfolios) if incomplete else ()
    scenarios = (each for kind in shipped for each in kind.values())
    return _offered(((each.name, each.title.say()) for each in scenarios), incomplete)


def _offered(entries: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    found = [
        CompletionItem(name, help=title) for name, title in entries if name.startswith(incomplete)
    ]
    return [*found, CompletionItem(incomplete, type="file")]

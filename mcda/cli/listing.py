"""`mcda list`."""

from __future__ import annotations

import json

import click

from mcda.cli.output import show
from mcda.files.shipped import catalog
from mcda.model.language import Language
from mcda.reports.display import catalog_blocks

__all__ = ["run"]


def run(form: str, lang: Language) -> int:
    """Print what is shipped, and return the exit status."""
    shipped = catalog()
    if form == "json":
        click.echo(json.dumps(shipped.to_dict(lang), ensure_ascii=False, indent=2))
    else:
        show(list(catalog_blocks(shipped, lang)))
    return 0

"""`mcda sensitivity`."""

from __future__ import annotations

import json

import click

from mcda.cli.main import FAILED
from mcda.cli.terminal import decided, opened, prefixed, show
from mcda.errors import McdaError
from mcda.model.text import Language
from mcda.reports.blocks import markdown
from mcda.reports.sensitivity import blocks, to_csv
from mcda.stability.acceptability import Sampler
from mcda.stability.sensitivity import sensitivity

__all__ = ["run"]


def run(
    path: str,
    samples: int,
    seed: int,
    sampler: Sampler,
    methods: bool,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    form: str,
    lang: Language,
) -> int:
    """Work out, print, and return the exit status."""
    loader = opened(root, criteria, facts)
    try:
        found = sensitivity(decided(loader, path), samples=samples, seed=seed, sampler=sampler)
        if form == "json":
            data = found.to_dict(lang)
            text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        elif form == "csv":
            text = to_csv(found)
        else:
            parts = list(blocks(found, lang, methods=methods))
            if form == "text":
                show(parts)
                return 0
            text = markdown(parts)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    click.echo(text, nl=False)
    return 0

"""`mcda sensitivity`."""

from __future__ import annotations

import json

import click

from mcda.cli.main import FAILED, INTERNAL
from mcda.cli.output import prefixed, show
from mcda.cli.terminal import decided, opened
from mcda.errors import InputError, McdaError
from mcda.model.language import Language
from mcda.reports.blocks import markdown
from mcda.reports.breakeven import break_even_blocks
from mcda.reports.evaluation import heading
from mcda.reports.sensitivity import blocks, to_csv
from mcda.stability.acceptability import Sampler
from mcda.stability.breakeven import NotCompared, asked_for, not_compared
from mcda.stability.sensitivity import sensitivity

__all__ = ["run"]


def run(
    path: str,
    samples: int,
    seed: int,
    sampler: Sampler,
    methods: bool,
    break_even: str | None,
    along: str | None,
    between: str | None,
    over: str | None,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    form: str,
    lang: Language,
) -> int:
    """Work out, print, and return the exit status."""
    if (wrong := _unfit(break_even, along, between, over, form)) is not None:
        click.echo(prefixed("error", str(wrong)), err=True)
        return INTERNAL
    loader = opened(root, criteria, facts)
    try:
        found = sensitivity(decided(loader, path), samples=samples, seed=seed, sampler=sampler)
        asked, others = None, tuple[NotCompared, ...]()
        if break_even is not None and along is not None:
            asked = asked_for(found.decision, break_even, along, between, _ends(over))
            others = () if between else tuple(not_compared(found.decision))
        if form == "json":
            data = found.to_dict(lang, break_evens=asked, not_compared=others, methods=methods)
            text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        elif form == "csv":
            text = to_csv(found)
        else:
            if asked is None:
                parts = list(blocks(found, lang, methods=methods))
            else:
                said = break_even_blocks(asked, others, found.decision, lang)
                parts = [heading(found.decision, lang), *said]
            if form == "text":
                show(parts)
                return 0
            text = markdown(parts)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    click.echo(text, nl=False)
    return 0


def _unfit(
    break_even: str | None, along: str | None, between: str | None, over: str | None, form: str
) -> InputError | None:
    """What is wrong with the options of a break-even, if anything."""
    if break_even is None:
        given = {"--along": along, "--between": between, "--over": over}
        alone = [name for name, value in given.items() if value is not None]
        if alone:
            return InputError(f"{alone[0]} goes with --break-even", "Name a measure with it")
        return None
    if along is None:
        return InputError("--break-even needs --along", "Name the input that is to vary")
    if form == "csv":
        return InputError("break-evens have no CSV", "Use --format json")
    try:
        _ends(over)
    except InputError as error:
        return error
    return None


def _ends(over: str | None) -> tuple[float, float] | None:
    """The ends of LOW..HIGH."""
    if over is None:
        return None
    try:
        low, high = (float(each) for each in over.split("..", 1))
    except ValueError:
        raise InputError(f"{over!r} is not a range", "Write it as: 0..5000") from None
    return low, high

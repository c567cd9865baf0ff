"""`mcda bulk`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

import mcda
from mcda.bulk.distributed import LOCAL
from mcda.bulk.run import Summary, bulk
from mcda.bulk.sources import Settings
from mcda.cli.main import FAILED, INTERNAL, NOTHING_FOUND
from mcda.cli.terminal import prefixed, show
from mcda.errors import InputError, McdaError, visible
from mcda.model.text import Language
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.words import say

__all__ = ["run"]

#: Ids and jobs that are listed.
_MOST = 5
#: A scheduler's address.
_ADDRESS = re.compile(r"[a-z]+://\S+|[^\s/\\]+:\d+")


def run(
    sources: Sequence[str],
    output: str,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    template: str | None,
    scenario: str,
    option: str,
    keep: Sequence[str],
    sheet: str | None,
    scenarios: str | None,
    scenarios_sheet: str | None,
    workers: int | None,
    dask: str | None,
    resume: bool,
    fail_fast: bool,
    check: bool,
    reasons: bool,
    lang: Language,
) -> int:
    """Evaluate, print the summary, and return the exit status."""
    settings = Settings(
        criteria,
        facts,
        root,
        template,
        scenario,
        option,
        tuple(keep),
        lang,
        reasons,
        sheet=sheet,
        scenarios=scenarios,
        scenarios_sheet=scenarios_sheet,
        version=mcda.__version__,
    )
    started = time.monotonic()
    try:
        summary = bulk(
            sources,
            Path(output),
            settings,
            workers=workers or os.cpu_count() or 1,
            dask=_dask(dask, workers),
            resume=resume,
            fail_fast=fail_fast,
            progress=_progress(started),
        )
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return INTERNAL
    except KeyboardInterrupt:
        click.echo(f"\n{say('bulk_stopped', lang)}", err=True)
        return 130
    for lost in summary.lost[:_MOST]:
        click.echo(prefixed("error", lost), err=True)
    for name, first, second in summary.doubled[:_MOST]:
        text = f"the scenario id {name!r} is used in {visible(first)} and in {visible(second)}"
        click.echo(f"error: {text}. Give every scenario an id of its own.", err=True)
    if not summary.scenarios and not summary.lost:
        click.echo(f"error: no scenario found at {', '.join(map(visible, sources))}.", err=True)
        return NOTHING_FOUND
    show(list(_blocks(summary, output, time.monotonic() - started, lang)))
    wrong = summary.failed or summary.lost or summary.doubled or (check and summary.missed)
    return FAILED if wrong else 0


def _dask(address: str | None, workers: int | None) -> str | None:
    """The address of a scheduler, as far as it can be one."""
    if address is None or address == LOCAL:
        return address
    if not _ADDRESS.fullmatch(address):
        raise InputError(
            f"--dask {address}: this is no address of a Dask scheduler",
            "Write --dask=tcp://HOST:8786, or --dask=local before other arguments",
        )
    if workers is not None:
        raise InputError(
            "--workers is for processes on this machine, and --dask names others",
            "Leave out one of them",
        )
    return address


def _progress(started: float) -> Callable[[int], None] | None:
    """A line on a terminal's stderr."""
    if not sys.stderr.isatty():
        return None

    def show_jobs(done: int) -> None:
        click.echo(f"\r{done} jobs, {time.monotonic() - started:.0f} s", err=True, nl=False)

    return show_jobs


def _named(title: str, name: str, lang: Language) -> str:
    return say(f"verdict_{name}", lang) if title == "bulk_verdicts" else visible(name)


def _blocks(summary: Summary, output: str, seconds: float, lang: Language) -> list[Block]:
    values = {"count": summary.scenarios, "failed": summary.failed, "seconds": f"{seconds:.1f}"}
    parts: list[Block] = [
        Heading(visible(output), 1),
        Paragraph(say("bulk_done", lang, **values), strong=True),
    ]
    for title, counts in (
        ("bulk_recommended", summary.recommended),
        ("bulk_verdicts", summary.verdicts),
    ):
        rows = tuple(
            (
                _named(title, name, lang),
                str(count),
                f"{100 * count / max(1, summary.scenarios):.1f} %",
            )
            for name, count in counts.items()
        )
        columns = (say(title, lang), say("scenarios", lang), say("of_all", lang))
        parts.append(Table(columns, rows[:20], frozenset({1, 2})))
    notes = []
    if summary.reused:
        notes.append(say("bulk_reused", lang, count=summary.reused))
    if summary.missed:
        notes.append(say("bulk_missed", lang, count=summary.missed))
    if summary.rejects is not None:
        notes.append(say("bulk_rejects", lang, path=visible(str(summary.rejects))))
    if notes:
        parts.append(Bullets(tuple(notes)))
    return parts

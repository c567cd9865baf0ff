"""`mcda bulk`."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

import click

import mcda
from mcda.bulk.leads import Leads, Split
from mcda.bulk.pool import Engine
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings
from mcda.bulk.summary import Summary
from mcda.cli.main import FAILED, INTERNAL, NOTHING_FOUND, STOPPED
from mcda.cli.output import prefixed, show
from mcda.cli.progress import progress
from mcda.errors import InputError, McdaError, NothingFoundError, short, visible
from mcda.model.language import Language, percent
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.words import say

__all__ = ["run"]

#: Ids and jobs that are listed.
_MOST = 5
#: Winners, their dimensions, and pairs of winners with the dimensions that decide between them.
_WINNERS, _DIMENSIONS, _SPLITS, _NAMED = 4, 20, 3, 3
#: A part of the difference below this is not named.
_WORTH = 0.05
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
    input_hash: bool,
    explain: bool,
    sensitivity: bool,
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
        reasons=reasons,
        hashes=input_hash,
        explain=explain,
        sensitivity=sensitivity,
        sheet=sheet,
        scenarios=scenarios,
        scenarios_sheet=scenarios_sheet,
        version=mcda.__version__,
    )
    started = time.monotonic()
    try:
        with progress(lang) as shown:
            summary = bulk(
                sources,
                Path(output),
                settings,
                workers=workers or os.cpu_count() or 1,
                engine=_engine(dask, workers),
                resume=resume,
                fail_fast=fail_fast,
                progress=shown,
            )
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return NOTHING_FOUND if isinstance(error, NothingFoundError) else INTERNAL
    except KeyboardInterrupt:
        click.echo(say("bulk_stopped", lang), err=True)
        return STOPPED
    for lost in summary.lost[:_MOST]:
        click.echo(prefixed("error", lost), err=True)
    for name, first, second in summary.doubled[:_MOST]:
        text = f"the scenario id {short(name)} is used in {visible(first)} and in {visible(second)}"
        click.echo(f"error: {text}. Give every scenario an id of its own.", err=True)
    if not summary.scenarios and not summary.lost:
        click.echo(f"error: no scenario found at {', '.join(map(visible, sources))}.", err=True)
        return NOTHING_FOUND
    show(list(_blocks(summary, output, time.monotonic() - started, lang)))
    wrong = summary.failed or summary.lost or summary.doubled or (check and summary.missed)
    return FAILED if wrong else 0


def _engine(dask: str | None, workers: int | None) -> Engine | None:
    """The Dask cluster at an address, as far as it can be one."""
    if dask is None:
        return None
    from mcda.bulk.cluster import LOCAL, Cluster

    if dask == LOCAL:
        return Cluster(LOCAL, workers or os.cpu_count() or 1)
    if not _ADDRESS.fullmatch(dask):
        raise InputError(
            f"--dask {dask}: this is no address of a Dask scheduler",
            "Write --dask=tcp://HOST:8786, or --dask=local before other arguments",
        )
    if workers is not None:
        raise InputError(
            "--workers is for processes on this machine, and --dask names others",
            "Leave out one of them",
        )
    return Cluster(dask)


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
            for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        columns = (say(title, lang), say("scenarios", lang), say("of_all", lang))
        if rows:
            parts.append(Table(columns, rows[:20], frozenset({1, 2})))
    parts += _leading(summary.leads, lang)
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


def _leading(leads: Leads, lang: Language) -> list[Block]:
    """What the leads of the most frequent winners are made of, and what decides between two."""
    means = dict(list(leads.means().items())[:_WINNERS])
    if not means:
        return []
    dimensions = list(dict.fromkeys(name for _, amounts in means.values() for name in amounts))
    columns = [f"{visible(winner)} ({count})" for winner, (count, _) in means.items()]
    rows = [
        (
            visible(leads.titles.get(name, name)),
            *(f"{each[name]:+.3f}" if name in each else "" for _, each in means.values()),
        )
        for name in dimensions[:_DIMENSIONS]
    ]
    whole = (f"{sum(each.values()):+.3f}" for _, each in means.values())
    rows.append((say("bulk_lead", lang), *whole))
    numeric = frozenset(range(1, len(columns) + 1))
    parts: list[Block] = [
        Paragraph(say("bulk_means", lang)),
        Table((say("dimension", lang), *columns), tuple(rows), numeric),
    ]
    said = tuple(_deciding(split, leads, lang) for split in leads.splits()[:_SPLITS])
    return [*parts, Bullets(said)] if said else parts


def _deciding(split: Split, leads: Leads, lang: Language) -> str:
    named = [each for each in split.shares.items() if abs(each[1]) >= _WORTH]
    named.sort(key=lambda each: -abs(each[1]))
    ranked = [
        say(
            "bulk_part",
            lang,
            dimension=visible(leads.titles.get(name, name)),
            share=percent(share, 0, lang),
        )
        for name, share in named[:_NAMED]
    ]
    return say(
        "bulk_split",
        lang,
        first=visible(split.first),
        other=visible(split.other),
        one=split.counts[0],
        two=split.counts[1],
        dimensions=(", " if lang == "en" else "、").join(ranked),
    )

"""A portfolio's allocation as `mcda evaluate` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mcda.engine.expectations import Miss, missed, missed_allocation
from mcda.engine.portfolio import Allotment, PortfolioDecision
from mcda.explanation.explanation import explain
from mcda.model.language import Language, percent
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.data import csv_of
from mcda.reports.evaluation import said, sourced
from mcda.reports.words import say

__all__ = ["allocation_csv", "blocks", "misses_of", "rows_of"]

#: Verdicts of scenarios that a reader should look at first.
_WEAK = ("contested", "close", "tie", "no_contest", "no_eligible_option")
#: Verdicts that have shorter words in the table.
_SHORT = {"no_contest": "short_no_contest", "no_eligible_option": "short_no_eligible_option"}
COLUMNS = (
    "portfolio",
    "scenario",
    "title",
    "importance",
    "share",
    "recommended",
    "verdict",
    "firmness",
    "reason",
)


def blocks(found: PortfolioDecision, lang: Language, *, check: bool = False) -> Iterator[Block]:
    """The split, the allocation, what one option for everything would mean, what to look at."""
    portfolio = found.portfolio
    title = portfolio.title.say(lang) if portfolio.title is not None else portfolio.id
    yield Heading(portfolio.id if title == portfolio.id else f"{portfolio.id}: {title}", 1)
    if portfolio.source is not None:
        yield from sourced(portfolio.source, lang)
    yield Paragraph(_split(found, lang), strong=True)
    if len(found.shares) > 1:
        yield Paragraph(say("portfolio_split", lang))
    yield Heading(say("portfolio_allocation", lang))
    yield Table(
        tuple(
            say(name, lang)
            for name in ("scenario", "share_of", "portfolio_takes", "bulk_verdicts", "reason")
        ),
        tuple(
            (
                _title(each, lang),
                percent(each.share, 0, lang),
                each.recommended or say("nothing", lang),
                say(_SHORT.get(each.verdict, f"verdict_{each.verdict}"), lang),
                reason(each, lang),
            )
            for each in found.allocation
        ),
        frozenset({1}),
    )
    yield from _soles(found, lang)
    weak = [each for each in found.allocation if each.verdict in _WEAK]
    if weak:
        yield Heading(say("portfolio_weak", lang))
        yield Bullets(tuple(_weak(each, lang) for each in weak))
    if check:
        yield from _check(found, lang)


def _title(each: Allotment, lang: Language) -> str:
    return each.decision.problem.title.say(lang)


def _split(found: PortfolioDecision, lang: Language) -> str:
    counts = [
        say(
            "portfolio_share",
            lang,
            option=option,
            count=sum(each.recommended == option for each in found.allocation),
            share=percent(share, 0, lang),
        )
        for option, share in found.shares.items()
    ]
    if found.undecided:
        share = sum(each.share for each in found.allocation if each.recommended is None)
        values = {"count": len(found.undecided), "share": percent(share, 0, lang)}
        counts.append(say("portfolio_undecided", lang, **values))
    parts = say("separator", lang).join(counts)
    total = len(found.allocation)
    code = "portfolio_answer_one" if total == 1 else "portfolio_answer"
    return say(code, lang, count=total, parts=parts)


def reason(each: Allotment, lang: Language) -> str:
    """In a few words why the scenario gets its option."""
    decision = each.decision
    gates = dict.fromkeys(out.gate for out in decision.excluded)
    listed = say("separator", lang).join(gates)
    if decision.verdict == "no_eligible_option":
        return say("reason_none", lang, gates=listed)
    if decision.verdict == "no_contest":
        return say("reason_alone", lang, gates=listed) if gates else say("reason_only", lang)
    if decision.recommended is None:
        return say("reason_tie", lang)
    amounts = explain(decision).by_dimension
    best = max(amounts, key=lambda name: amounts[name])
    return decision.problem.tree.titles[best].say(lang)


def _soles(found: PortfolioDecision, lang: Language) -> Iterator[Block]:
    if len(found.allocation) < 2:
        return
    yield Heading(say("portfolio_soles", lang))
    names = ("option", "portfolio_best_in", "portfolio_excluded_from", "portfolio_loss")
    yield Table(
        tuple(say(name, lang) for name in names),
        tuple(
            (
                each.option,
                str(len(each.best_in)),
                str(len(each.excluded_from)),
                "–" if each.loss is None else f"{each.loss:.3f}",
            )
            for each in found.soles
        ),
        frozenset({1, 2, 3}),
    )
    yield Paragraph(say("portfolio_loss_note", lang))


def _weak(each: Allotment, lang: Language) -> str:
    rival = each.decision.ranking[1].option if len(each.decision.ranking) > 1 else ""
    values = {"scenario": _title(each, lang), "option": each.recommended, "rival": rival}
    return say(f"weak_{each.verdict}", lang, **values)


def misses_of(found: PortfolioDecision) -> list[Miss]:
    """What the portfolio or one of its scenarios expects and does not get."""
    own = [miss for each in found.allocation for miss in missed(each.decision)]
    return [*own, *missed_allocation(found)]


def _check(found: PortfolioDecision, lang: Language) -> Iterator[Block]:
    misses = misses_of(found)
    for each in misses:
        yield Paragraph(say("missed", lang, what=said(each, lang)), strong=True)
    stated = [each.decision.problem.scenario.expected for each in found.allocation]
    if not misses:
        tested = found.portfolio.expected is not None or any(each is not None for each in stated)
        yield Paragraph(say("met" if tested else "untested", lang))


def rows_of(found: PortfolioDecision, lang: Language) -> Iterator[dict[str, Any]]:
    """A row for each scenario."""
    for each in found.allocation:
        yield {
            "portfolio": found.portfolio.id,
            "scenario": each.scenario,
            "title": _title(each, lang),
            "importance": each.importance,
            "share": each.share,
            "recommended": each.recommended,
            "verdict": each.verdict,
            "firmness": each.decision.firmness,
            "reason": reason(each, lang),
        }


def allocation_csv(found: Sequence[PortfolioDecision], lang: Language) -> str:
    """One row for each scenario of each portfolio."""
    return csv_of(COLUMNS, (row for portfolio in found for row in rows_of(portfolio, lang)))

"""What results look like wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mcda.engine.decision import Decision
from mcda.engine.portfolio import PortfolioDecision
from mcda.explanation.changes import Difference
from mcda.explanation.explanation import Explanation
from mcda.frames.building import Cells, Words, cells_of, frame_of
from mcda.model.catalog import Catalog
from mcda.model.language import Language
from mcda.ranking.topsis import TopsisResult
from mcda.reports import changes, evaluation, explanation, portfolio, sensitivity
from mcda.reports.blocks import Block, Heading, Paragraph, Table, html, markdown, plain
from mcda.reports.data import rows_of
from mcda.reports.words import say
from mcda.stability.sensitivity import Sensitivity
from mcda.weighting.ahp import AhpResult

__all__ = ["catalog_blocks", "frame", "html_of", "markdown_of", "renderable", "text"]

Result = (
    Decision
    | PortfolioDecision
    | Difference
    | Explanation
    | Sensitivity
    | AhpResult
    | TopsisResult
    | Catalog
)

#: The columns of a decision's frame, which are those of a table's results, too.
_DECISION: dict[str, type] = {
    "scenario": str,
    "option": str,
    "eligible": bool,
    "rank": int,
    "closeness": float,
    "recommended": bool,
    "verdict": str,
    "firmness": float,
    "margin": float,
    "gates": str,
    "because": str,
    "unknown": str,
}
#: The columns of a portfolio's frame.
_ALLOCATION: dict[str, type] = {
    **dict.fromkeys(portfolio.COLUMNS, str),
    **dict.fromkeys(("importance", "share", "firmness"), float),
}
#: Rows of a batch that are shown.
_MOST = 20


def text(result: Result, lang: Language) -> str:
    """As plain text."""
    return plain(_blocks(result, lang))


def markdown_of(result: Result, lang: Language) -> str:
    """As Markdown."""
    return markdown(_blocks(result, lang))


def html_of(result: Result, lang: Language) -> str:
    """As a fragment of HTML."""
    return html(_blocks(result, lang), lang)


def renderable(result: Result) -> Any:
    """As rich shows it."""
    from mcda.reports.styled import styled

    return styled(_blocks(result, "en"))


def frame(result: Result, kind: str) -> Any:
    """As a tidy data frame."""
    return frame_of(_columns(result), kind)


def _blocks(result: Result, lang: Language) -> Iterator[Block]:
    match result:
        case Decision():
            return evaluation.blocks(result, lang)
        case Difference():
            return changes.blocks(result, lang)
        case PortfolioDecision():
            return portfolio.blocks(result, lang)
        case Explanation():
            return explanation.blocks(result, lang)
        case Sensitivity():
            return sensitivity.blocks(result, lang)
        case AhpResult():
            return _of_weights(result, lang)
        case TopsisResult():
            return _first_rows(result, ("problem", "option", "closeness", "rank"), lang)
        case Catalog():
            return catalog_blocks(result, lang)


def catalog_blocks(shipped: Catalog, lang: Language) -> Iterator[Block]:
    """The shipped documents, kind by kind."""
    for kind, entries in (
        ("criteria", shipped.criteria),
        ("facts", shipped.facts),
        ("scenario", shipped.scenarios),
        ("portfolio", shipped.portfolios),
    ):
        if not entries:
            continue
        yield Heading(say(f"shipped_{kind}", lang))
        models = kind == "scenario"
        columns = ("name", "title", *(("criteria_model",) if models else ()))
        rows = tuple(
            (
                each.name,
                each.title.say(lang),
                *((each.criteria or say("own_criteria", lang),) if models else ()),
            )
            for each in entries.values()
        )
        yield Table(tuple(say(column, lang) for column in columns), rows)
    yield Paragraph(say("shipped_use", lang))


def _of_weights(result: AhpResult, lang: Language) -> Iterator[Block]:
    if result.weights.ndim > 1:
        yield from _first_rows(result, ("problem", "criterion", "weight"), lang)
        return
    pairs = zip(result.labels, result.weights, strict=True)
    rows = tuple((label, f"{weight:.3f}") for label, weight in pairs)
    yield Table((say("criterion", lang), say("weight", lang)), rows, frozenset({1}))
    ratio = f"{result.consistency_ratio:.3f}"
    yield Paragraph(say("consistency", lang, ratios=ratio, limit=0.1))
    for notice in result.warnings:
        yield Paragraph(notice.say(lang))


def _first_rows(
    result: AhpResult | TopsisResult, names: Sequence[str], lang: Language
) -> Iterator[Block]:
    """The first rows of a result's frame."""
    columns = _columns(result)
    names = [name for name in names if name in columns]
    shown = [_entries(columns[name]) for name in names]
    rows = tuple(
        tuple(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row)
        for row in zip(*shown, strict=True)
    )
    numeric = frozenset(i for i, name in enumerate(names) if name != "criterion")
    yield Table(tuple(say(name, lang) for name in names), rows[:_MOST], numeric)
    count = len(columns[names[-1]].values)
    if count > _MOST:
        yield Paragraph(say("more_rows", lang, count=count - _MOST))


def _entries(column: Cells | Words) -> list[Any]:
    if isinstance(column, Words):
        return [column.words[i] for i in column.positions[:_MOST]]
    return list(column.values[:_MOST].tolist())


def _columns(result: Result) -> dict[str, Any]:
    match result:
        case Decision():
            rows = list(rows_of(result, "en"))
            return {
                name: cells_of([row[name] for row in rows], kind)
                for name, kind in _DECISION.items()
            }
        case Difference():
            return _changed(result)
        case PortfolioDecision():
            members = list(portfolio.rows_of(result, "en"))
            return {
                name: cells_of([row[name] for row in members], kind)
                for name, kind in _ALLOCATION.items()
            }
        case Explanation():
            return _contributions(result)
        case Sensitivity():
            return _flips(result)
        case AhpResult():
            return _weights(result)
        case TopsisResult():
            return _closeness(result)
        case Catalog():
            entries = result.to_dict()["entries"]
            return {name: cells_of([each[name] for each in entries], str) for name in entries[0]}


def _changed(found: Difference) -> dict[str, Cells | Words]:
    """A row for each fact that differs."""
    decisive = () if found.decisive is None else found.decisive.changes
    sides = [[each.before for each in found.facts], [each.after for each in found.facts]]
    columns: dict[str, tuple[list[Any], type]] = {
        "scenario": ([found.scenario] * len(found.facts), str),
        "option": ([each.option for each in found.facts], str),
        "fact": ([each.fact for each in found.facts], str),
        "counts": ([each.counts for each in found.facts], bool),
        "decisive": ([each in decisive for each in found.facts], bool),
    }
    for name, facts in zip(("before", "after"), sides, strict=True):
        known = [None if each is None or each.value is None else each for each in facts]
        columns[name] = ([None if each is None else str(each.value) for each in known], str)
        columns[f"{name}_source"] = ([each.source if each else None for each in facts], str)
        days = [str(each.as_of) if each and each.as_of else None for each in facts]
        columns[f"{name}_as_of"] = (days, str)
    return {name: cells_of(entries, kind) for name, (entries, kind) in columns.items()}


def _contributions(found: Explanation) -> dict[str, Cells | Words]:
    """A row for each leaf: what it contributes to the winner's margin."""
    decision = found.decision
    leaves = list(found.contributions)
    amounts = [found.contributions[leaf] for leaf in leaves]
    weights, scores = decision.weights, decision.scores
    rival = scores.get(found.against, {}) if found.against is not None else {}
    margin, winner = found.margin, decision.problem.options[found.pair[0]].name
    columns: dict[str, tuple[list[Any], type]] = {
        "scenario": ([decision.scenario] * len(leaves), str),
        "winner": ([winner] * len(leaves), str),
        "against": ([found.against] * len(leaves), str),
        "leaf": (leaves, str),
        "dimension": ([weights.dimension_of[leaf] for leaf in leaves], str),
        "judged": ([weights.judged[leaf] for leaf in leaves], float),
        "final": ([weights.final[leaf] for leaf in leaves], float),
        "score": ([scores[winner][leaf] for leaf in leaves], float),
        "score_against": ([rival.get(leaf) for leaf in leaves], float),
        "contribution": (amounts, float),
        "share": ([amount / margin if margin else None for amount in amounts], float),
    }
    return {name: cells_of(entries, kind) for name, (entries, kind) in columns.items()}


def _flips(found: Sensitivity) -> dict[str, Cells | Words]:
    """A row for each change that changes the winner, the nearest first."""
    flips = found.nearest

    def number(value: Any) -> float | None:
        return float(value) if isinstance(value, float | int) and type(value) is not bool else None

    columns: dict[str, tuple[list[Any], type]] = {
        "scenario": ([found.decision.scenario] * len(flips), str),
        "kind": ([each.kind for each in flips], str),
        "name": ([" / ".join(each.name) for each in flips], str),
        "value": ([number(each.value) for each in flips], float),
        "changed": ([number(each.changed) for each in flips], float),
        "value_text": ([str(each.value) for each in flips], str),
        "changed_text": ([str(each.changed) for each in flips], str),
        "unit": ([each.unit for each in flips], str),
        "winner": ([each.winner for each in flips], str),
        "distance": ([each.distance for each in flips], float),
    }
    return {name: cells_of(entries, kind) for name, (entries, kind) in columns.items()}


def _weights(result: AhpResult) -> dict[str, Any]:
    """A row for each criterion, of each problem if there are several."""
    weights = np.asarray(result.weights)
    n = weights.shape[-1]
    columns: dict[str, Any] = {}
    if weights.ndim > 1:
        columns["problem"] = Cells(np.repeat(np.arange(weights.size // n) + 1, n))
    columns["criterion"] = Words(np.tile(np.arange(n), weights.size // n), result.labels)
    columns["weight"] = Cells(weights.ravel())
    return columns


def _closeness(result: TopsisResult) -> dict[str, Any]:
    """A row for each option, of each problem if there are several."""
    closeness, ranks = np.asarray(result.closeness), np.asarray(result.ranks)
    n = closeness.shape[-1]
    columns: dict[str, Any] = {}
    if closeness.ndim > 1:
        columns["problem"] = Cells(np.repeat(np.arange(closeness.size // n) + 1, n))
    columns["option"] = Cells(np.tile(np.arange(n) + 1, closeness.size // n))
    columns["closeness"] = Cells(closeness.ravel())
    columns["rank"] = Cells(ranks.ravel())
    return columns

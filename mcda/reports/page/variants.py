"""A report as Markdown and as JSON: the same contents as the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcda.model.language import number
from mcda.reports import evaluation, explanation, sensitivity
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table, markdown
from mcda.reports.page import facts
from mcda.reports.page.answer import unexplained
from mcda.reports.page.changes import unsearched
from mcda.reports.page.material import Material
from mcda.reports.page.method import conventions, provenance
from mcda.reports.page.tables import Column
from mcda.reports.page.weighing import compared_with_ends, judged_pairs
from mcda.reports.page.words import say

__all__ = ["FORMAT", "markdown_of", "to_json"]

FORMAT = "mcda/report/1"


def markdown_of(materials: Sequence[Material], failures: Mapping[str, str]) -> str:
    """The reports one after the other."""
    blocks: list[Block] = []
    for material in materials:
        blocks += _blocks(material)
    if failures:
        lang = materials[0].lang if materials else "en"
        blocks.append(Heading(say("failed", lang), 1))
        blocks.append(Bullets(tuple(failures.values())))
    return markdown(blocks)


def _blocks(material: Material) -> Iterator[Block]:
    decision, lang = material.decision, material.lang
    yield from evaluation.blocks(decision, lang)
    yield Heading(say("card_why", lang), 1)
    if material.why is not None:
        yield from list(explanation.blocks(material.why, lang))[1:]
    else:
        yield Paragraph(unexplained(material))
    yield Heading(say("card_change", lang), 1)
    if material.found is not None:
        changes = sensitivity.blocks(material.found, lang, methods=material.methods, answers=False)
        yield from list(changes)[1:]
    else:
        yield Paragraph(unsearched(material))
        yield from evaluation.ways_in(decision, lang)
    yield Heading(say("weights", lang), 1)
    yield from _judgements(material)
    yield from _best_worst(material)
    yield Heading(say("card_facts", lang), 1)
    yield from _facts(material)
    yield Heading(say("method", lang), 1)
    yield Bullets(tuple(conventions(material)))
    columns = (say("again", lang), "")
    rows = provenance(material).items()
    yield Table(columns, tuple((say(f"from_{name}", lang), value) for name, value in rows))


def _judgements(material: Material) -> Iterator[Block]:
    decision, lang = material.decision, material.lang
    yield Paragraph(evaluation.consistency(decision, lang))
    titles = decision.problem.tree.titles
    for node, result in {**decision.consistency, **decision.compared}.items():
        pairs = judged_pairs(material, node, result)
        if not pairs:
            continue
        options = node in decision.compared
        rows = []
        for each in pairs:
            first, second = (
                material.named(name) if options else titles[name].say(lang)
                for name in (each.first, each.second)
            )
            mark = say("worst_mark", lang) if each.worst else ""
            name = say("pair", lang, first=first, second=second)
            numbers = (number(each.given, 3), number(each.implied, 3), f"{each.factor:.2f}")
            rows.append((name, *numbers, mark))
        yield Heading(say("judgements_under", lang, node=titles[node]))
        heads = ("judgement", "given", "implied", "factor")
        columns = (*(say(each, lang) for each in heads), "")
        yield Table(columns, tuple(rows), frozenset({1, 2, 3}))


def _best_worst(material: Material) -> Iterator[Block]:
    for result in material.decision.best_worst.values():
        title, columns, rows = compared_with_ends(material, result)
        yield Heading(title)
        yield Table(tuple(columns), tuple(rows), frozenset(range(1, len(columns))))


def _facts(material: Material) -> Iterator[Block]:
    lang = material.lang
    situation = tuple(facts.profile_rows(material))
    if situation:
        yield Heading(say("situation", lang))
        yield _table(facts.profile_columns(lang), situation)
    shown, left = facts.options_with_facts(material)
    for option in shown:
        rows = []
        for each in facts.facts_of(material, option):
            marks = f" ({say('comma', lang).join(each.marks)})" if each.marks else ""
            rest = (each.value, each.unit, each.range, each.source, each.as_of)
            rows.append((each.title + marks, *rest))
        yield Heading(say("facts_of", lang, option=material.named(option.name)))
        yield _table(facts.fact_columns(lang), tuple(rows))
    if left:
        yield Paragraph(say("more_facts", lang, count=left))


def _table(columns: list[Column], rows: tuple[tuple[str, ...], ...]) -> Table:
    numeric = frozenset(i for i, column in enumerate(columns) if column.kind == "number")
    return Table(tuple(str(column.title or "") for column in columns), rows, numeric)


def to_json(materials: Sequence[Material], failures: Mapping[str, str]) -> str:
    """All reports in one document; numbers unrounded, failures by path."""
    data: dict[str, Any] = {"format": FORMAT, "reports": [_data(each) for each in materials]}
    if failures:
        data["failures"] = [{"path": path, "error": error} for path, error in failures.items()]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _data(material: Material) -> dict[str, Any]:
    decision, lang = material.decision, material.lang
    return {
        "decision": decision.to_dict(lang),
        "explanation": None if material.why is None else material.why.to_dict(lang),
        "sensitivity": None
        if material.found is None
        else material.found.to_dict(lang, methods=material.methods),
        "judgements": {
            node: [each._asdict() for each in judged_pairs(material, node, result)]
            for node, result in (*decision.consistency.items(), *decision.compared.items())
        },
        "profile": dict(decision.problem.profile),
        "facts": {
            option.name: {
                **{name: fact.model_dump(mode="json") for name, fact in option.facts.items()},
                **dict.fromkeys(sorted(option.unknown)),
            }
            for option in decision.problem.options
        },
        "provenance": provenance(material),
    }

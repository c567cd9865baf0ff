"""The ranking, and the options that gates exclude."""

from __future__ import annotations

from collections.abc import Iterator

from mcda.engine.decision import Excluded
from mcda.reports.page.bars import level
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, paragraph, subtitled, table
from mcda.reports.page.words import say

__all__ = ["section"]


def section(material: Material) -> Section:
    """All options."""
    body = joined(*_ranking(material), *_excluded(material))
    return Section("options", say("options", material.lang), body)


def _ranking(material: Material) -> Iterator[Html]:
    decision, lang = material.decision, material.lang
    if not decision.ranking:
        yield paragraph(say("why_none", lang))
        return
    best = decision.ranking[0].closeness
    columns = [
        Column(say("option", lang)),
        Column(say("rank", lang), "number"),
        Column(say("closeness", lang), "number"),
        Column(joined(_ends("0", "1")), "plot"),
        Column(say("behind", lang), "number"),
    ]
    rows: list[list[Child]] = [
        [
            material.option(each.option),
            str(each.rank),
            f"{each.closeness:.4f}",
            level(each.closeness, "for" if each.option == decision.recommended else "rest"),
            "–" if each.rank == 1 else f"{best - each.closeness:.4f}",
        ]
        for each in decision.ranking
    ]
    yield table(say("ranking", lang), columns, rows, kind="ranking")
    yield paragraph(say("closeness_note", lang), "note")


def _ends(*marks: str) -> Html:
    return tag("span", *(tag("span", mark) for mark in marks), class_="ends")


def _excluded(material: Material) -> Iterator[Html]:
    decision, lang = material.decision, material.lang
    if not decision.excluded:
        return
    columns = [
        Column(say("option", lang)),
        Column(say("reason", lang)),
        Column(say("would_win", lang)),
        Column(say("closeness", lang), "number"),
    ]
    rows = [
        [
            material.option(each.option),
            _reasons(material, each),
            say(f"would_{each.would_have_won if decision.ranking else 'nobody'}", lang),
            "–" if each.closeness is None else f"{each.closeness:.4f}",
        ]
        for each in decision.excluded
    ]
    title = say("excluded", lang)
    yield subtitled(
        title,
        table(title, columns, rows, kind="excluded"),
        paragraph(say("excluded_note", lang), "note"),
    )


def _reasons(material: Material, each: Excluded) -> Html:
    lang = material.lang
    parts = []
    for gate in each.gates:
        parts.append(tag("p", gate.because.say(lang), " ", tag("span", gate.gate, class_="id")))
        if gate.remedy is not None:
            parts.append(tag("p", gate.remedy.say(lang), class_="note"))
        if gate.unknown:
            fields = material.decision.problem.criteria.facts
            names = [
                field.title.say(lang) if (field := fields.get(name)) and field.title else name
                for name in gate.unknown
            ]
            listed = say("comma", lang).join(names)
            parts.append(tag("p", say("unknown_facts", lang, facts=listed), class_="note"))
    return joined(*parts)

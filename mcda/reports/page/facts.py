"""What the answer rests on: the situation and every fact, with source, date and range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mcda.engine.ages import in_days
from mcda.model.criteria import ProfileField
from mcda.model.language import Language, given_number
from mcda.model.problem import OptionFacts
from mcda.reports.explanation import evidence_said
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, folded, paragraph, rendered, subtitled, table
from mcda.reports.page.words import say

__all__ = [
    "KnownFact",
    "fact_columns",
    "facts_of",
    "options_with_facts",
    "profile_columns",
    "profile_rows",
    "section",
]

#: Facts that are listed; a page must stay small enough for a mail.
_MOST_FACTS = 600


def section(material: Material) -> Section:
    """On which facts."""
    body = joined(*_evidence(material), *_profile(material), *_facts(material))
    return Section("facts", say("card_facts", material.lang), body)


def _evidence(material: Material) -> Iterator[Html]:
    why = material.why
    if why is None or not material.earned:
        return
    blocks = list(evidence_said(why, material.lang))
    if blocks:
        yield rendered(blocks[1:])


def profile_rows(material: Material) -> Iterator[tuple[str, str, str, str]]:
    """The situation: field, value, what it means, and whether the scenario says so."""
    problem, lang = material.decision.problem, material.lang
    for name, value in problem.profile.items():
        field = problem.criteria.profile[name]
        said = say("by_scenario" if name in problem.scenario.profile else "assumed", lang)
        level = _level(field, value, material)
        title = name if field.title is None else field.title.say(lang)
        yield title, _value(value, lang), level, said


def profile_columns(lang: Language) -> list[Column]:
    """What stands in them."""
    return [
        Column(say("field", lang)),
        Column(say("value", lang), "number"),
        Column(say("meaning", lang)),
        Column(say("from_where", lang)),
    ]


def _profile(material: Material) -> Iterator[Html]:
    rows, lang = list(profile_rows(material)), material.lang
    if rows:
        title = say("situation", lang)
        yield subtitled(title, table(title, profile_columns(lang), rows))


def _level(field: ProfileField, value: float | bool | str, material: Material) -> str:
    """The words of a level; a value between two has both."""
    if isinstance(value, bool | str):
        return ""
    if field.levels is None:
        return field.unit or ""
    low, high = int(value // 1), -int(-value // 1)
    if not 0 <= low <= high < len(field.levels):
        return ""
    said = [field.levels[i].say(material.lang) for i in dict.fromkeys((low, high))]
    return " – ".join(said)


def _value(value: float | bool | str, lang: Language) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    return value if isinstance(value, str) else given_number(value)


def _facts(material: Material) -> Iterator[Html]:
    lang, parts = material.lang, []
    shown, left = options_with_facts(material)
    for number, option in enumerate(shown):
        count = say("count", lang, count=len(option.facts) + len(option.unknown))
        summary = joined(material.option(option.name), tag("span", count, class_="amount"))
        parts.append(folded(summary, _of_option(material, option), opened=number == 0))
    if left:
        parts.append(paragraph(say("more_facts", lang, count=left), "note"))
    if parts:
        yield subtitled(say("facts_of_options", lang), *parts)


def options_with_facts(material: Material) -> tuple[list[OptionFacts], int]:
    """The options whose facts are listed, the best first, and how many facts are left out."""
    ranked = {each.option: each.rank for each in material.decision.ranking}
    last = len(ranked) + 1
    shown, room, left = [], _MOST_FACTS, 0
    options = material.decision.problem.options
    for option in sorted(options, key=lambda each: ranked.get(each.name, last)):
        count = len(option.facts) + len(option.unknown)
        if count > room:
            left += count
        elif count:
            room -= count
            shown.append(option)
    return shown, left


class KnownFact(NamedTuple):
    """A fact as reports list it; empty texts where nothing is given."""

    title: str
    marks: tuple[str, ...]
    value: str
    unit: str
    range: str
    source: str
    as_of: str


def facts_of(material: Material, option: OptionFacts) -> Iterator[KnownFact]:
    """What is known of an option, and what is said to be unknown."""
    lang, why = material.lang, material.why
    criteria = material.decision.problem.criteria
    flags = {}
    if why is not None and material.earned:
        flags = {e.fact: e for e in why.evidence.facts if e.option == option.name}
    for name, fact in option.facts.items():
        field = criteria.facts.get(name)
        marks = []
        if (flag := flags.get(name)) is not None:
            marks = [say("decides", lang)]
            limit = in_days([flag.stale_after])
            marks += [
                say(f"is_{each}", lang, age=flag.age, limit=limit)
                for each in ("stale", "wide")
                if getattr(flag, each)
            ]
        ends = ["" if end is None else given_number(end) for end in (fact.low, fact.high)]
        yield KnownFact(
            material.fact(name),
            tuple(marks),
            say("not_known", lang) if fact.value is None else _value(fact.value, lang),
            fact.unit or (field.unit if field is not None else None) or "",
            "–".join(ends) if any(ends) else "",
            fact.source or "",
            "" if fact.as_of is None else fact.as_of.isoformat(),
        )
    for name in sorted(option.unknown):
        yield KnownFact(material.fact(name), (), say("not_known", lang), "", "", "", "")


def fact_columns(lang: Language) -> list[Column]:
    """What stands in them."""
    return [
        Column(say("fact", lang)),
        Column(say("value", lang), "number"),
        Column(say("unit", lang)),
        Column(say("range", lang), "number"),
        Column(say("source", lang)),
        Column(say("as_of", lang)),
    ]


def _of_option(material: Material, option: OptionFacts) -> Html:
    lang = material.lang
    known = list(facts_of(material, option))
    rows: list[list[Child]] = []
    for each in known:
        mark = tag("span", say("comma", lang).join(each.marks), class_="mark")
        source = each.source or tag("span", say("no_source", lang), class_="open")
        name = joined(each.title, mark if each.marks else None)
        rows.append([name, each.value, each.unit, each.range, source, each.as_of])
    caption = say("facts_of", lang, option=material.named(option.name))
    marked = frozenset(i for i, each in enumerate(known) if each.marks)
    return table(caption, fact_columns(lang), rows, kind="facts", marked=marked)

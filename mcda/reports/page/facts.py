"""What the answer rests on: the situation and every fact, with source, date and range."""

from __future__ import annotations

from collections.abc import Iterator

from mcda.model.criteria import FactField, ProfileField
from mcda.model.problem import OptionFacts
from mcda.model.values import Fact
from mcda.reports.explanation import evidence_said
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, folded, paragraph, rendered, subtitled, table
from mcda.reports.page.words import say

__all__ = ["section"]

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


def _profile(material: Material) -> Iterator[Html]:
    problem, lang = material.decision.problem, material.lang
    if not problem.profile:
        return
    rows: list[list[Child]] = []
    for name, value in problem.profile.items():
        field = problem.criteria.profile[name]
        default = name not in problem.scenario.profile
        rows.append(
            [
                joined(_title(field, name, material)),
                _value(value, lang),
                _level(field, value, material),
                say("assumed" if default else "by_scenario", lang),
            ]
        )
    title = say("situation", lang)
    columns = [
        Column(say("field", lang)),
        Column(say("value", lang), "number"),
        Column(say("meaning", lang)),
        Column(say("from_where", lang)),
    ]
    yield subtitled(title, table(title, columns, rows))


def _title(field: ProfileField | FactField | None, name: str, material: Material) -> str:
    if field is None or field.title is None:
        return name
    return field.title.say(material.lang)


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


def _value(value: float | bool | str, lang: str) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", "zh" if lang == "zh" else "en")
    return value if isinstance(value, str) else f"{value:.6g}"


def _facts(material: Material) -> Iterator[Html]:
    lang, room = material.lang, _MOST_FACTS
    parts, left = [], 0
    ranked = {each.option: each.rank for each in material.decision.ranking}
    options = sorted(
        material.decision.problem.options, key=lambda each: ranked.get(each.name, len(ranked) + 1)
    )
    for number, option in enumerate(options):
        if not option.facts and not option.unknown:
            continue
        count = len(option.facts) + len(option.unknown)
        if count > room:
            left += count
            continue
        room -= count
        summary = joined(
            material.option(option.name), tag("span", say("count", lang, count=count), class_="amount")
        )
        parts.append(folded(summary, _of_option(material, option), opened=number == 0))
    if left:
        parts.append(paragraph(say("more_facts", lang, count=left), "note"))
    if parts:
        yield subtitled(say("facts_of_options", lang), *parts)


def _of_option(material: Material, option: OptionFacts) -> Html:
    lang, why = material.lang, material.why
    criteria, titles = material.decision.problem.criteria, material.decision.problem.tree.titles
    flags = {}
    if why is not None and material.earned:
        flags = {(each.option, each.fact): each for each in why.evidence.facts}
    rows: list[list[Child]] = []
    marked = set()
    for name, fact in option.facts.items():
        field = criteria.facts.get(name)
        title = _title(field, name, material)
        if title == name and name in titles:
            title = titles[name].say(lang)
        flag = flags.get((option.name, name))
        marks = []
        if flag is not None:
            marked.add(len(rows))
            marks.append(say("decides", lang))
            marks += [say(f"is_{f}", lang) for f in ("stale", "wide") if getattr(flag, f)]
        mark = [tag("span", say("comma", lang).join(marks), class_="mark")] if marks else []
        rows.append([joined(title, *mark), *_known(fact, field, lang)])
    for name in sorted(option.unknown):
        title = _title(criteria.facts.get(name), name, material)
        rows.append([title, say("not_known", lang), "", "", "", ""])
    columns = [
        Column(say("fact", lang)),
        Column(say("value", lang), "number"),
        Column(say("unit", lang)),
        Column(say("range", lang), "number"),
        Column(say("source", lang)),
        Column(say("as_of", lang)),
    ]
    caption = say("facts_of", lang, option=material.named(option.name))
    return table(caption, columns, rows, kind="facts", marked=frozenset(marked))


def _known(fact: Fact, field: FactField | None, lang: str) -> list[Child]:
    words = "zh" if lang == "zh" else "en"
    ends = [
        "" if end is None else f"{end:.6g}" for end in (fact.low, fact.high)
    ]
    unit = fact.unit or (field.unit if field is not None else None) or ""
    source = fact.source or tag("span", say("no_source", words), class_="open")
    value = fact.value
    return [
        say("not_known", words) if value is None else _value(value, lang),
        unit,
        "–".join(ends) if any(ends) else "",
        source,
        "" if fact.as_of is None else fact.as_of.isoformat(),
    ]

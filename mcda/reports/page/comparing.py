"""The page of several scenarios: who wins where, and what separates them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mcda.model.language import Language, given_number, roughly
from mcda.reports.page.answer import answered, cards, glyph, nobody
from mcda.reports.page.assembling import assemble
from mcda.reports.page.bars import level
from mcda.reports.page.changes import nearest_change, tornado
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.reasons import waterfall
from mcda.reports.page.separating import Separation, groups, separations
from mcda.reports.page.tables import Column, folded, paragraph, subtitled, table
from mcda.reports.page.words import say

__all__ = ["comparison"]

#: Rows of what separates.
_MOST = 12


def comparison(
    materials: Sequence[Material],
    failures: Mapping[str, str],
    lang: Language,
    *,
    links: Mapping[str, str] | None = None,
) -> str:
    """One page for several scenarios.

    Parameters
    ----------
    materials
        What could be evaluated; scenario ids are unique.
    failures
        Path -> why it could not.
    links
        Scenario id -> address of its own page; without them the page holds each one's answer.
    """
    anchors = {each.decision.scenario: f"scenario-{i + 1}" for i, each in enumerate(materials)}
    targets = links or {name: f"#{anchor}" for name, anchor in anchors.items()}
    sections = [
        Section("scenarios", say("scenarios", lang), _overview(materials, failures, targets, lang))
    ]
    separating = list(_separating(materials, lang))
    if separating:
        sections.append(Section("separates", say("separates", lang), joined(*separating)))
    if links is None and materials:
        each = joined(*(_short(m, anchors[m.decision.scenario]) for m in materials))
        sections.append(Section("each", say("each", lang), each))
    title = say("compared", lang, count=len(materials) + len(failures))
    return assemble(
        say("window", lang, title=title),
        lang,
        _top(materials, failures, title, lang),
        sections,
        after=joined(say("made_by_all", lang)),
    )


def _top(
    materials: Sequence[Material], failures: Mapping[str, str], title: str, lang: Language
) -> Html:
    """How often each option is recommended."""
    counts = Counter(each.decision.recommended or nobody(each) for each in materials)
    named = {each.decision.recommended for each in materials}
    most = max(counts.values(), default=1)
    rows = [
        tag(
            "li",
            tag("span", "", class_="place"),
            tag("span", _winner(name, materials, lang) if name in named else name, class_="who"),
            level(count / most, "for" if name in named else "rest"),
            tag("span", say("in_scenarios", lang, count=count), class_="amount"),
        )
        for name, count in counts.most_common()
    ]
    notes = [tag("p", say("failed_count", lang, count=len(failures)), class_="note")]
    return tag(
        "header",
        tag("p", tag("span", say("report", lang)), class_="kicker"),
        tag("h1", title),
        tag(
            "div",
            tag(
                "div",
                tag("p", say("recommended", lang), class_="label"),
                tag("ol", *rows) if rows else None,
                *(notes if failures else []),
                class_="standing",
            ),
            class_="answer single",
        ),
        class_="top",
    )


def _winner(name: str | None, materials: Sequence[Material], lang: Language) -> str:
    """An option's title where all scenarios that recommend it agree about it, else its name."""
    if name is None:
        return say("none_eligible", lang)
    said = {each.named(name) for each in materials if each.decision.recommended == name}
    return said.pop() if len(said) == 1 else name


def _overview(
    materials: Sequence[Material],
    failures: Mapping[str, str],
    targets: Mapping[str, str],
    lang: Language,
) -> Html:
    columns = [
        Column(say("scenario", lang)),
        Column(say("recommended", lang)),
        Column(say("verdict", lang)),
        Column(say("lead_column", lang), "number"),
        Column(say("firmness", lang), "number"),
        Column(say("nearest", lang)),
    ]
    rows = [_row(each, targets[each.decision.scenario]) for each in materials]
    for path, error in failures.items():
        failed = tag("strong", say("failed", lang))
        rows.append([path, failed, "", "", "", tag("span", error, class_="error")])
    return table(say("scenarios", lang), columns, rows, kind="overview")


def _row(material: Material, target: str) -> list[Child]:
    decision, lang = material.decision, material.lang
    winner, found = decision.recommended, material.found
    word = say(f"word_{decision.verdict}", lang).rstrip(".。")
    return [
        tag("a", decision.problem.title.say(lang), href=target),
        nobody(material) if winner is None else material.named(winner),
        joined(glyph(decision.verdict), word),
        "–" if decision.margin is None else f"{decision.margin:.3f}",
        "–" if decision.firmness is None else roughly(decision.firmness, lang),
        nearest_change(material) if found is not None and found.nearest else "–",
    ]


def _separating(materials: Sequence[Material], lang: Language) -> Iterator[Html]:
    """For each criteria model, what tells its winners apart."""
    by_decision = {id(each.decision): each for each in materials}
    for of_model in groups([each.decision for each in materials]):
        winners = list(dict.fromkeys(each.recommended for each in of_model))
        if len(of_model) < 2 or len(winners) < 2:
            continue
        members = [by_decision[id(each)] for each in of_model]
        found = separations(of_model)
        problem = of_model[0].problem
        model = say("own_criteria", lang) if problem.stand_alone else problem.criteria.title
        title = say("among", lang, model=model or problem.criteria.id, count=len(of_model))
        if not found:
            yield subtitled(title, paragraph(say("nothing_separates", lang)))
            continue
        heads = [_winner(name, members, lang) for name in winners]
        columns = [Column(say("what", lang)), *(Column(head) for head in heads)]
        rows: list[list[Child]] = [
            [
                _trait(each, members[0]),
                *(_values(each, winner, lang) for winner in winners),
            ]
            for each in found[:_MOST]
        ]
        note = say("separates_note", lang)
        if len(found) > _MOST:
            note += " " * (lang == "en") + say("more_separate", lang, count=len(found) - _MOST)
        yield subtitled(title, table(title, columns, rows), paragraph(note, "note"))


def _trait(each: Separation, material: Material) -> Html:
    problem, lang = material.decision.problem, material.lang
    kind = say(f"kind_{each.kind}", lang)
    name = each.name[-1]
    if each.kind == "profile":
        field = problem.criteria.profile.get(name)
        name = field.title.say(lang) if field is not None and field.title else name
    elif each.kind == "weight":
        name = material.title(name)
    elif each.kind == "fact":
        declared = problem.criteria.facts.get(name)
        name = declared.title.say(lang) if declared is not None and declared.title else name
        kind = f"{kind} · {each.name[0]}"
    return joined(name, " ", tag("span", kind, class_="kind"))


def _values(each: Separation, winner: str | None, lang: Language) -> str:
    """A winner's values: numbers from the least to the greatest, others one by one."""
    values = each.values[winner]
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    said = (
        [given_number(end) for end in dict.fromkeys((min(numbers), max(numbers)))]
        if numbers
        else []
    )
    parts = ["–".join(said)] if said else []
    for value in values:
        if value is None:
            parts.append(say("not_known", lang))
        elif isinstance(value, bool):
            parts.append(say("yes" if value else "no", lang))
        elif isinstance(value, str):
            parts.append(value)
    return say("comma", lang).join(parts)


def _short(material: Material, anchor: str) -> Html:
    """A scenario's answer, unfolding: as on the first screen of its own page, and two figures."""
    decision, lang = material.decision, material.lang
    title = decision.problem.title.say(lang)
    parts: list[Html] = []
    if decision.ranking and decision.margin and material.why is not None:
        rival = material.named(decision.ranking[1].option)
        winner = material.named(material.why.option)
        caption = say("waterfall", lang, winner=winner, rival=rival)
        parts.append(subtitled(caption, waterfall(material, material.why, caption)))
    if material.found is not None and material.found.nearest:
        parts.append(subtitled(say("nearest_changes", lang), tornado(material, material.found)))
    return tag(
        "article",
        tag("h3", title),
        answered(material),
        cards(material, "h4"),
        *([folded(say("figures", lang), *parts)] if parts else []),
        id=anchor,
        class_="short",
    )

"""How sure the answer is: the firmness of the lead, and how often each option gets each rank."""

from __future__ import annotations

from collections.abc import Iterator

from mcda.model.language import percent
from mcda.reports.evaluation import verdict
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, bulleted, paragraph, subtitled, table
from mcda.reports.page.words import say
from mcda.reports.sensitivity import methods_table, ranges_said, reversals_said
from mcda.reports.words import say as say_of_reports
from mcda.stability.acceptability import Acceptability

__all__ = ["heat_map", "section", "shade"]

#: Options and ranks that the map shows.
_MOST_OPTIONS, _MOST_RANKS = 12, 8
#: Shades that the page's style knows, from 0 for nothing on.
_SHADES = 10


def section(material: Material) -> Section:
    """How sure."""
    decision, lang = material.decision, material.lang
    body = joined(
        paragraph(verdict(decision, lang), "lead"),
        *_acceptability(material),
        *_methods(material),
        *_warnings(material),
    )
    return Section("sure", say("card_sure", lang), body)


def _acceptability(material: Material) -> Iterator[Html]:
    found = material.found
    smaa = None if found is None else found.acceptability
    if smaa is None:
        return
    lang = material.lang
    said = say_of_reports(
        f"sens_sampled_{smaa.sampler}",
        lang,
        samples=smaa.samples,
        error=percent(smaa.standard_error, 1, lang),
    )
    comma, colon, rest = say("comma", lang), say("colon", lang), []
    if smaa.compared:
        criteria = comma.join(material.title(leaf) for leaf in smaa.compared)
        rest.append(say_of_reports("sens_compared", lang, criteria=criteria))
    rest += ranges_said(smaa, lang, lambda option, fact: f"{option}{colon}{material.fact(fact)}")
    said = (" " if lang == "en" else "").join([said, *rest])
    title = say_of_reports("sens_acceptability", lang)
    yield subtitled(title, heat_map(material, smaa, title), paragraph(said, "note"))


def shade(share: float) -> int:
    """The shade of a share: 0 for (nearly) nothing, 10 for all.

    Examples
    --------
    >>> [shade(share) for share in (0.0, 0.0004, 0.01, 0.5, 0.999, 1.0)]
    [0, 0, 1, 5, 10, 10]
    """
    return 0 if share < 0.0005 else max(1, round(_SHADES * share))


def heat_map(material: Material, smaa: Acceptability, title: str) -> Html:
    """Options by ranks; the darker, the more often. The shares stand in the cells."""
    lang = material.lang
    count = len(smaa.ranks)
    # with one rank left over, it is shown itself
    shown = count if count <= _MOST_RANKS + 1 else _MOST_RANKS
    ranked = sorted(smaa.ranks.items(), key=lambda item: [-share for share in item[1]])
    rows: list[list[Child]] = []
    for name, shares in ranked[:_MOST_OPTIONS]:
        cells = list(shares[:shown])
        cells += [sum(shares[shown:])] if shown < count else []
        rows.append([material.named(name), *(_cell(share, material) for share in cells)])
    heads = [say("nth", lang, place=place + 1) for place in range(shown)]
    heads += [say("later", lang)] if shown < count else []
    columns = [Column(say("option", lang)), *(Column(head, "number") for head in heads)]
    return table(title, columns, rows, kind="heat")


def _cell(share: float, material: Material) -> Html:
    text = percent(share, 1, material.lang) if share >= 0.0005 else "–"
    return tag("span", text, class_=f"shade{shade(share)}")


def _methods(material: Material) -> Iterator[Html]:
    """What other methods say, where that was asked for."""
    found, lang = material.found, material.lang
    if found is None or not material.methods:
        return
    heads, rows, notes = methods_table(found, lang)
    columns = [Column(head, "number" if i == 2 else "text") for i, head in enumerate(heads)]
    title = say_of_reports("sens_methods", lang)
    yield subtitled(title, table(title, columns, rows), bulleted(notes))
    if found.reversals:
        title = say_of_reports("sens_reversals", lang)
        yield subtitled(title, bulleted(reversals_said(found, lang)))


def _warnings(material: Material) -> Iterator[Html]:
    warnings, lang = material.decision.warnings, material.lang
    if warnings:
        yield subtitled(say("warnings", lang), bulleted(each.say(lang) for each in warnings))

"""Break-evens as commands show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from mcda.engine.decision import Decision
from mcda.model.language import Language, number
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph
from mcda.reports.words import say
from mcda.stability.breakeven import BreakEven, BreakEvenPoint, NotCompared

__all__ = ["break_even_blocks"]

#: Changes that are told one by one.
_TOLD = 2
#: Digits of what was worked out.
_DIGITS = 5
#: Options that are named of those without a break-even.
_NAMED = 12


def break_even_blocks(
    found: Iterable[BreakEven],
    not_compared: Iterable[NotCompared],
    decision: Decision,
    lang: Language,
) -> Iterator[Block]:
    """For each measure and input what is looked at, what holds for each pair, and who has none."""
    without: dict[str | None, list[str]] = {}
    for each in not_compared:
        without.setdefault(each.name, []).append(_without(each, decision, lang))
    groups = groupby(
        found, lambda each: (each.name, each.measure, each.option, each.along, each.low, each.high)
    )
    for _, group in groups:
        pairs = list(group)
        name = pairs[0].name
        yield _heading(name, decision, lang)
        yield Paragraph(_line(pairs[0], decision, lang))
        yield Bullets(tuple(_said(each, decision, lang) for each in pairs))
        if name in without:
            yield Paragraph((" " if lang == "en" else "").join(without.pop(name)))
    for name, said in without.items():
        yield _heading(name, decision, lang)
        yield Paragraph((" " if lang == "en" else "").join(said))


def _heading(name: str | None, decision: Decision, lang: Language) -> Heading:
    title = decision.problem.criteria.break_evens[name].title if name else None
    return Heading(say("be_heading", lang) if title is None else title.say(lang))


def _without(each: NotCompared, decision: Decision, lang: Language) -> str:
    """Who has no break-even, and why."""
    comma = say("separator", lang)
    shown = list(each.options[:_NAMED])
    if len(each.options) > _NAMED:
        shown.append(say("why_others", lang, count=len(each.options) - _NAMED))
    code = each.reason if each.missing or each.reason != "unknown" else "failed"
    pair = len(each.options) == 2 and each.reason not in ("rank", "excluded")
    return say(
        f"be_not_{code}",
        lang,
        options=say("be_two", lang, first=shown[0], second=shown[1]) if pair else comma.join(shown),
        missing=comma.join(_titles(each.missing, decision, lang)),
    )


def _titles(names: Iterable[str], decision: Decision, lang: Language) -> list[str]:
    """What facts and profile fields are called, each once."""
    criteria = decision.problem.criteria
    named = []
    for name in names:
        declared = criteria.facts.get(name) or criteria.profile.get(name)
        title = None if declared is None else declared.title
        named.append(name if title is None else title.say(lang))
    return list(dict.fromkeys(named))


def _unit(unit: str | None, lang: Language) -> str:
    return say("sens_unit", lang, unit=unit) if unit else ""


def _line(found: BreakEven, decision: Decision, lang: Language) -> str:
    criteria = decision.problem.criteria
    measured = criteria.measures.get(found.measure) or criteria.facts[found.measure]
    declared = criteria.profile if found.option is None else criteria.facts
    title = declared[found.along].title
    along = found.along if title is None else title.say(lang)
    if found.option is not None:
        along = say("be_along_fact", lang, along=along, option=found.option)
    return say(
        "be_line",
        lang,
        measure=found.measure if measured.title is None else measured.title.say(lang),
        along=along,
        low=number(found.low, _DIGITS),
        high=number(found.high, _DIGITS),
        unit=_unit(found.along_unit, lang),
        now="" if found.value is None else say("be_now", lang, value=number(found.value, _DIGITS)),
    )


def _said(found: BreakEven, decision: Decision, lang: Language) -> str:
    if found.first_value is None or found.second_value is None:
        head = say("be_pair", lang, first=found.first, second=found.second)
    else:
        head = say(
            "be_values",
            lang,
            first=found.first,
            second=found.second,
            first_value=number(found.first_value, _DIGITS),
            second_value=number(found.second_value, _DIGITS),
            unit=_unit(found.unit, lang),
        )
    parts = [head, *_points(found, lang), *_ranges(found, decision, lang)]
    if not found.bounded:
        parts.append(say("be_unbounded", lang))
    if not found.complete:
        parts.append(say("be_incomplete", lang))
    return (" " if lang == "en" else "").join(parts)


def _points(found: BreakEven, lang: Language) -> Iterator[str]:
    if not found.points:
        yield say("be_none", lang, lower=found.throughout)
        return
    told = found.points if len(found.points) <= _TOLD + 1 else found.points[:_TOLD]
    for each in told:
        yield _point(each, lang)
    if len(told) < len(found.points):
        last = found.points[-1]
        yield say(
            "be_more",
            lang,
            count=len(found.points) - len(told),
            last=number(last.high, _DIGITS),
            above=last.above or last.below,
        )


def _point(point: BreakEvenPoint, lang: Language) -> str:
    if point.low != point.high:
        return say(
            "be_stretch", lang, low=number(point.low, _DIGITS), high=number(point.high, _DIGITS)
        )
    code = "be_jump" if point.jump else "be_point"
    if point.below is None or point.above is None:
        code = "be_low_end" if point.below is None else "be_high_end"
    return say(
        code,
        lang,
        at=number(point.low, _DIGITS),
        below=point.below,
        above=point.above,
    )


def _ranges(found: BreakEven, decision: Decision, lang: Language) -> Iterator[str]:
    facts = say("separator", lang).join(
        f"“{title}”" for title in _titles((name for _, name in found.still), decision, lang)
    )
    if not found.ranged:
        yield say("be_all_still" if found.still else "be_no_range", lang, facts=facts)
        return
    if found.still:
        yield say("be_some_still", lang, facts=facts)
    depends = [at for at, each in enumerate(found.regions) if each.lower is None]
    if not depends:
        for each in found.regions:
            yield say(
                "be_sure",
                lang,
                lower=each.lower,
                low=number(each.low, _DIGITS),
                high=number(each.high, _DIGITS),
            )
        return
    first, last = depends[0], depends[-1]
    below, above = found.regions[:first], found.regions[last + 1 :]
    if not below and not above and first == last:
        yield say("be_range_open", lang)
        return
    low, high = found.regions[first].low, found.regions[last].high
    yield say("be_range", lang, low=number(low, _DIGITS), high=number(high, _DIGITS))
    if below:
        yield say("be_range_below", lang, lower=below[-1].lower)
    if above:
        yield say("be_range_above", lang, lower=above[0].lower)
    if last > first:
        yield say("be_range_stretches", lang)

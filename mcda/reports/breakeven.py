"""Break-evens as commands show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from mcda.engine.decision import Decision
from mcda.model.language import Language
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph
from mcda.reports.words import say
from mcda.stability.breakeven import BreakEven, BreakEvenPoint

__all__ = ["break_even_blocks"]

#: Changes that are told one by one.
_TOLD = 2


def break_even_blocks(
    found: Iterable[BreakEven], decision: Decision, lang: Language
) -> Iterator[Block]:
    """For each measure and input what is looked at, then what holds for each pair."""
    groups = groupby(
        found, lambda each: (each.name, each.measure, each.option, each.along, each.low, each.high)
    )
    for _, group in groups:
        pairs = list(group)
        name = pairs[0].name
        title = decision.problem.criteria.break_evens[name].title if name else None
        yield Heading(say("be_heading", lang) if title is None else title.say(lang))
        yield Paragraph(_line(pairs[0], decision, lang))
        yield Bullets(tuple(_said(each, lang) for each in pairs))


def _number(value: float, digits: int = 5) -> str:
    if 10.0**digits <= abs(value) < 1e15:
        return f"{value:.0f}"
    return f"{value:.{digits}g}"


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
        low=_number(found.low),
        high=_number(found.high),
        unit=_unit(found.along_unit, lang),
        now="" if found.value is None else say("be_now", lang, value=_number(found.value)),
    )


def _said(found: BreakEven, lang: Language) -> str:
    if found.first_value is None or found.second_value is None:
        head = say("be_pair", lang, first=found.first, second=found.second)
    else:
        head = say(
            "be_values",
            lang,
            first=found.first,
            second=found.second,
            first_value=_number(found.first_value),
            second_value=_number(found.second_value),
            unit=_unit(found.unit, lang),
        )
    parts = [head, *_points(found, lang), *_ranges(found, lang)]
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
            last=_number(last.high),
            above=last.above or last.below,
        )


def _point(point: BreakEvenPoint, lang: Language) -> str:
    if point.low != point.high:
        return say("be_stretch", lang, low=_number(point.low), high=_number(point.high))
    if point.below is None or point.above is None:
        # it lies at an end of what is looked at
        return say("be_stretch", lang, low=_number(point.low), high=_number(point.high))
    return say(
        "be_jump" if point.jump else "be_point",
        lang,
        at=_number(point.low),
        below=point.below,
        above=point.above,
    )


def _ranges(found: BreakEven, lang: Language) -> Iterator[str]:
    if not found.ranged:
        yield say("be_no_range", lang)
        return
    depends = [at for at, each in enumerate(found.regions) if each.lower is None]
    if not depends:
        for each in found.regions:
            yield say(
                "be_sure",
                lang,
                lower=each.lower,
                low=_number(each.low),
                high=_number(each.high),
            )
        return
    first, last = depends[0], depends[-1]
    below, above = found.regions[:first], found.regions[last + 1 :]
    if not below and not above and first == last:
        yield say("be_range_open", lang)
        return
    low, high = found.regions[first].low, found.regions[last].high
    yield say("be_range", lang, low=_number(low), high=_number(high))
    if below:
        yield say("be_range_below", lang, lower=below[-1].lower)
    if above:
        yield say("be_range_above", lang, lower=above[0].lower)
    if last > first:
        yield say("be_range_stretches", lang)

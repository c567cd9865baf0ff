"""The first screen: what is recommended, why, how sure that is, what would change it."""

from __future__ import annotations

from collections.abc import Iterator

from mcda.engine.ages import in_days
from mcda.model.language import percent, roughly
from mcda.reports.evaluation import verdict
from mcda.reports.page.bars import level
from mcda.reports.page.changes import nearest_change, unsearched
from mcda.reports.page.markup import MINUS, Child, Html, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.words import say

__all__ = ["answered", "cards", "glyph", "nobody", "standing", "top", "unexplained"]

#: Options that the first screen shows.
_MOST_OPTIONS = 5
#: Dimensions that a card names.
_MOST_REASONS = 3
#: Shares of the lead below this are not worth a word.
_NEGLIGIBLE = 0.005
#: Longer names are set smaller.
_LONG = 60
#: What stands before a verdict's word; they differ in shape, not in colour.
_GLYPHS = {
    "clear": '<circle cx="8" cy="8" r="7"/>',
    "close": '<circle cx="8" cy="8" r="6" class="ring"/><path d="M8 2a6 6 0 0 0 0 12z"/>',
    "contested": '<circle cx="8" cy="8" r="6" class="ring"/>',
    "tie": '<path d="M2 4h12v3H2zM2 9h12v3H2z"/>',
    "no_contest": '<path d="M8 1l7 7-7 7-7-7z"/>',
    "no_eligible_option": '<path d="M2 2l12 12M14 2L2 14" class="ring"/>',
}


def top(material: Material) -> Html:
    """The page's header."""
    decision, lang = material.decision, material.lang
    scenario = decision.problem.scenario
    day = scenario.decision_date
    above = [say("report", lang), decision.scenario, "" if day is None else day.isoformat()]
    title = decision.problem.title.say(lang)
    return tag(
        "header",
        tag("p", *_between(above), class_="kicker"),
        tag("h1", title, class_="long" if len(title) > _LONG else None),
        answered(material),
        cards(material, "h2"),
        class_="top",
    )


def _between(texts: list[str]) -> Iterator[Html]:
    for text in texts:
        if text:
            yield tag("span", text)


def answered(material: Material) -> Html:
    """The recommendation with its verdict, beside the ranking."""
    return tag(
        "div",
        tag("div", *_recommendation(material), class_="recommendation"),
        standing(material),
        class_="answer",
    )


def _recommendation(material: Material) -> Iterator[Html]:
    decision, lang = material.decision, material.lang
    if decision.recommended is not None:
        name = material.named(decision.recommended)
        yield tag("p", say("recommended", lang), class_="label")
        yield tag("p", name, class_="winner long" if len(name) > _LONG else "winner")
        if name != decision.recommended:
            yield tag("p", decision.recommended, class_="id")
    else:
        yield tag("p", say("recommended", lang), class_="label")
        yield tag("p", nobody(material), class_="winner")
    word = tag("strong", glyph(decision.verdict), say(f"word_{decision.verdict}", lang))
    yield tag("p", word, " ", _reason_of_verdict(material), class_="verdict")


def nobody(material: Material) -> str:
    """What stands in the winner's place where there is none: a tie, or no eligible option."""
    return say("no_single" if material.decision.ranking else "none_eligible", material.lang)


def glyph(verdict: str) -> Html:
    """A small sign for a verdict."""
    return tag(
        "svg", Html(_GLYPHS[verdict]), class_="glyph", viewBox="0 0 16 16", aria_hidden="true"
    )


def _reason_of_verdict(material: Material) -> str:
    """How firm the lead is, or why there is none."""
    decision, lang = material.decision, material.lang
    if decision.firmness is not None and decision.recommended is not None:
        judged = decision.consistency or decision.compared
        share = roughly(decision.firmness, lang)
        return say("firm_judgements" if judged else "firm_weights", lang, share=share)
    if decision.verdict == "tie":
        comma = say("comma", lang)
        tied = [material.named(each.option) for each in decision.ranking if each.rank == 1]
        return say("tied", lang, options=comma.join(tied))
    if decision.verdict == "no_contest":
        return say("only", lang)
    if decision.relaxations:
        return say(
            "nearest_relaxation", lang, option=material.named(decision.relaxations[0].option)
        )
    return verdict(decision, lang)


def standing(material: Material) -> Html:
    """The first options of the ranking with bars; how many are excluded."""
    decision, lang = material.decision, material.lang
    rows = [
        tag(
            "li",
            tag("span", str(each.rank), class_="place"),
            tag("span", material.named(each.option), class_="who"),
            level(each.closeness, "for" if each.option == decision.recommended else "rest"),
            tag("span", f"{each.closeness:.3f}", class_="amount"),
            class_="first" if each.option == decision.recommended else None,
        )
        for each in decision.ranking[:_MOST_OPTIONS]
    ]
    notes = []
    if len(decision.ranking) > _MOST_OPTIONS:
        notes.append(say("more_options", lang, count=len(decision.ranking) - _MOST_OPTIONS))
    notes += [_excluded(material, number) for number in range(min(2, len(decision.excluded)))]
    if len(decision.excluded) > 2:
        notes.append(say("more_excluded", lang, count=len(decision.excluded) - 2))
    return tag(
        "div",
        tag("p", say("closeness_label", lang), class_="label") if rows else None,
        tag("ol", *rows) if rows else None,
        *(tag("p", note, class_="note") for note in notes),
        class_="standing",
    )


def _excluded(material: Material, number: int) -> str:
    each = material.decision.excluded[number]
    code = "excluded_would_win" if each.would_have_won else "excluded_short"
    return say(code, material.lang, option=material.named(each.option))


def cards(material: Material, heading: str) -> Html:
    """Four answers in a line each: why, how sure, what would change it, on which facts."""
    found = (
        ("why", _why(material)),
        ("sure", _sure(material)),
        ("change", _change(material)),
        ("facts", _facts(material)),
    )
    return tag(
        "div",
        *(
            tag("div", tag(heading, say(f"card_{name}", material.lang)), body, class_="card")
            for name, body in found
        ),
        class_="cards",
    )


def _why(material: Material) -> Html:
    lang, shares = material.lang, material.earned
    if not shares:
        return tag("p", unexplained(material))
    ranked = sorted(shares, key=lambda name: -abs(shares[name]))
    shown = [name for name in ranked if abs(shares[name]) > _NEGLIGIBLE][:_MOST_REASONS]
    # what speaks for the winner answers "why"; what speaks against it comes after
    shown.sort(key=lambda name: -shares[name])
    items = [
        tag(
            "li",
            tag("span", material.title(name)),
            tag("span", _signed(shares[name], material), class_="amount"),
        )
        for name in shown
    ]
    rival = material.named(material.decision.ranking[1].option)
    return joined(
        tag("ul", *items, class_="shares"),
        tag("p", say("of_lead", lang, rival=rival), class_="note"),
    )


def _signed(share: float, material: Material) -> str:
    text = percent(abs(share), 0, material.lang)
    return ("+" if share > 0 else MINUS) + text


def unexplained(material: Material) -> str:
    """Why there are no reasons: no rival, nobody eligible, or a tie."""
    decision, lang = material.decision, material.lang
    if decision.verdict == "no_contest":
        return say("why_only", lang)
    if not decision.ranking:
        return say("why_none", lang)
    return say("why_tie", lang)


def _sure(material: Material) -> Child:
    decision, lang = material.decision, material.lang
    found = material.found
    if found is None or decision.margin is None:
        return tag("p", say(f"sure_{decision.verdict}", lang))
    parts = [tag("p", say("lead_of", lang, margin=f"{decision.margin:.3f}"))]
    smaa = found.acceptability
    if smaa is not None and decision.recommended is not None:
        share = smaa.ranks[decision.recommended][0]
        code = "first_always" if share == 1.0 else "first_in"
        said = say(code, lang, share=percent(share, 1, lang), samples=smaa.samples)
        parts.append(tag("p", said, class_="note"))
    return joined(*parts)


def _change(material: Material) -> Child:
    lang, found = material.lang, material.found
    if found is None:
        return tag("p", unsearched(material))
    if not found.nearest:
        return tag("p", say("no_single_change", lang))
    note = say("of_changes", lang, count=len(found.nearest))
    return joined(nearest_change(material), tag("p", note, class_="note"))


def _facts(material: Material) -> Child:
    lang, why = material.lang, material.why
    problem = material.decision.problem
    if why is None or not material.earned:
        count = sum(len(option.facts) for option in problem.options)
        return tag("p", say("facts_count", lang, count=count, options=len(problem.options)))
    evidence = why.evidence
    if not evidence.facts:
        return tag("p", say("facts_none", lang))
    parts = [tag("p", say("facts_deciding", lang, count=len(evidence.facts)))]
    exceeded = {each.stale_after for each in evidence.facts if each.stale}
    flagged = [
        say(
            f"share_{flag}",
            lang,
            share=percent(getattr(evidence, flag), 0, lang),
            limit=in_days(exceeded) if exceeded else "",
        )
        for flag in ("unsourced", "stale", "wide")
        if getattr(evidence, flag) > _NEGLIGIBLE
    ]
    if not flagged:
        flagged = [say("facts_sourced", lang)] if evidence.none_is("unsourced") else []
        if not evidence.limits:
            flagged.append(say("facts_undated", lang))
        elif not exceeded:
            flagged.append(say("facts_fresh", lang, limit=in_days(evidence.limits)))
        wide = any(each.wide for each in evidence.facts)
        ranges = "facts_wide" if wide else "facts_narrow" if evidence.ranged else "facts_unranged"
        flagged.append(say(ranges, lang))
    return joined(*parts, *(tag("p", each, class_="note") for each in flagged))

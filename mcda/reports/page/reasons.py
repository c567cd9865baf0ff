"""Why the winner wins: the waterfall, what stands behind each step, and the flow of the lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mcda.explanation.explanation import Explanation
from mcda.explanation.sentences import amount_in
from mcda.ranking.ranks import TIE
from mcda.reports.drawing import to_svg
from mcda.reports.explanation import facts_behind, importance, influences, other_options, ways
from mcda.reports.page.bars import Scale, step
from mcda.reports.page.markup import MINUS, NOTHING, Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, folded, paragraph, rendered, subtitled, table
from mcda.reports.page.words import say

__all__ = ["section", "waterfall"]

#: Steps of a waterfall; the others are one step.
_MOST_STEPS = 12
#: Leaves that are drawn with what flows through them.
_MOST_DRAWN = 40


def section(material: Material) -> Section | None:
    """Why; nothing where nobody is eligible."""
    why, lang = material.why, material.lang
    if why is None:
        return None
    first, *rest = why.sentences(lang)
    gap = " " if lang == "en" else ""
    body = joined(
        paragraph(first, "lead"),
        paragraph(gap.join(rest)) if rest else None,
        _earned(material, why),
        _flow(material, why),
        *_more(material, why),
    )
    return Section("why", say("card_why", lang), body)


def _earned(material: Material, why: Explanation) -> Html:
    lang = material.lang
    if abs(why.margin) <= TIE and not any(abs(a) > TIE for a in why.contributions.values()):
        return NOTHING
    rival = material.named(why.against) if why.against else say("worst", lang)
    title = say("waterfall", lang, winner=material.named(why.option), rival=rival)
    return subtitled(
        title,
        waterfall(material, why, title),
        paragraph(say("waterfall_note", lang), "note"),
        *_inside(material, why),
        _facts(why, material),
    )


def _facts(why: Explanation, material: Material) -> Html | None:
    blocks = list(facts_behind(why, material.lang))
    if not blocks:
        return None
    return folded(say("facts_behind", material.lang), rendered(blocks[1:]))


def waterfall(material: Material, why: Explanation, caption: str) -> Html:
    """From the rival's closeness to the winner's, a step for each dimension."""
    lang = material.lang
    amounts = sorted(why.by_dimension.items(), key=lambda each: -abs(each[1]))
    steps = [(material.title(name), amount) for name, amount in amounts]
    rival = material.named(why.against) if why.against else say("worst", lang)
    return stepped(why, caption, say("criterion", lang), steps, rival, material)


def stepped(
    why: Explanation,
    caption: str,
    head: str,
    steps: Sequence[tuple[str, float]],
    rival: str,
    material: Material,
) -> Html:
    """The table that holds a waterfall, with both closenesses as its first and last row."""
    lang = material.lang
    shown = list(steps[:_MOST_STEPS])
    if len(steps) == _MOST_STEPS + 1:
        shown = list(steps)
    elif len(steps) > _MOST_STEPS:
        rest = sum(amount for _, amount in steps[_MOST_STEPS:])
        shown.append((say("others", lang, count=len(steps) - _MOST_STEPS), rest))
    own, theirs = why.closeness
    levels = [theirs]
    for _, amount in shown:
        levels.append(levels[-1] + amount)
    low, high = min(*levels, own), max(*levels, own)
    room = 0.04 * (high - low)
    scale = Scale(low - room, high + room)
    rows: list[list[Child]] = [
        [rival, "", step(scale, theirs, theirs, first=True, last=False), f"{theirs:.4f}"]
    ]
    for number, (name, amount) in enumerate(shown):
        drawn = step(scale, levels[number], levels[number + 1], first=False, last=False)
        rows.append([name, _amount(why, amount), drawn, ""])
    rows.append(
        [
            material.named(why.option),
            _amount(why, why.margin),
            step(scale, own, own, first=False, last=True),
            f"{own:.4f}",
        ]
    )
    columns = [
        Column(head),
        Column(say("earns", lang), "number"),
        Column(tag("span", say("drawn", lang), class_="unseen"), "plot"),
        Column(say("closeness", lang), "number"),
    ]
    ends = frozenset({0, len(rows) - 1})
    return table(caption, columns, rows, kind="waterfall", marked=ends)


def _amount(why: Explanation, amount: float) -> str:
    shown = amount_in(why, amount, signed=True) if abs(amount) > TIE else "0"
    return shown.replace("-", MINUS)


def _inside(material: Material, why: Explanation) -> Iterator[Html]:
    """Each dimension with the criteria below it and both options' scores."""
    tree, lang = material.decision.problem.tree, material.lang
    totals = why.by_dimension
    for name in sorted(tree.dimensions, key=lambda each: -abs(totals[each])):
        rows: list[list[Child]] = []
        _below(material, why, name, 0, rows)
        if not rows:
            continue
        columns = [
            Column(say("criterion", lang)),
            Column(why.option, "number"),
            Column(why.against or say("worst", lang), "number"),
            Column(say("earns", lang), "number"),
        ]
        summary = joined(
            say("inside", lang, name=material.title(name)),
            tag("span", _amount(why, totals[name]), class_="amount"),
        )
        yield folded(summary, table(say("inside", lang, name=material.title(name)), columns, rows))


def _below(
    material: Material, why: Explanation, node: str, depth: int, rows: list[list[Child]]
) -> None:
    tree = material.decision.problem.tree
    amounts = {
        child: sum(why.contributions[tree.leaf_ids[j]] for j in tree.leaves_below[child])
        for child in tree.children.get(node, ())
    }
    for child in sorted(amounts, key=lambda each: -abs(amounts[each])):
        said = why.graph.nodes[f"criterion:{child}"]
        scores = [f"{said[key]:.3f}" if key in said else "" for key in ("score", "score_against")]
        name = tag("span", material.title(child), class_=f"depth{min(depth, 4)}")
        rows.append([name, *scores, _amount(why, amounts[child])])
        _below(material, why, child, depth + 1, rows)


def _flow(material: Material, why: Explanation) -> Html:
    lang, leaves = material.lang, material.decision.problem.tree.leaves
    if len(leaves) > _MOST_DRAWN or not any(abs(a) > TIE for a in why.contributions.values()):
        return NOTHING
    drawing = Html(to_svg(why, lang))
    title = say("flow", lang)
    return subtitled(
        title,
        tag(
            "figure",
            tag("div", drawing, class_="wide", tabindex="0", role="group", aria_label=title),
            tag("figcaption", say("flow_note", lang)),
        ),
    )


def _more(material: Material, why: Explanation) -> Iterator[Html]:
    """What the influences do, and what the other options would gain: unfolding."""
    lang = material.lang
    blocks = [*importance(why, lang), *influences(why, lang), *ways(why, lang)]
    if blocks:
        yield folded(say("influences", lang), rendered(blocks))
    others = list(other_options(why, lang))
    if others:
        yield folded(say("other_options", lang), rendered(others[1:]))

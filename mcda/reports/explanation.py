"""An explanation as `mcda explain` shows it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from mcda.engine.ages import in_days
from mcda.engine.decision import Decision
from mcda.explanation.evidence import FactEvidence
from mcda.explanation.explanation import Explanation
from mcda.explanation.graph import fact_title
from mcda.explanation.sentences import (
    amount_in,
    shown_share,
    shown_value,
    situation_value,
    step_said,
)
from mcda.model.language import Language
from mcda.ranking.ranks import TIE
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.evaluation import exclusions, heading, verdict, ways_in
from mcda.reports.sensitivity import flip_said
from mcda.reports.words import say

__all__ = [
    "blocks",
    "blocks_without_winner",
    "evidence_said",
    "facts_behind",
    "importance",
    "influences",
    "other_options",
    "situation",
    "ways",
]

#: Rows of the longest lists.
_MOST_FACTS = 8
_MOST_PATHS = 6
_MOST_INFLUENCES = 12
_MOST_CONTRASTS = 12
_MOST_REASONS = 4


def blocks(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """The parts of an explanation: sentences first, then every number behind them."""
    yield heading(explanation.decision, lang)
    first, *rest = explanation.sentences(lang)
    yield Paragraph(first, strong=True)
    yield Paragraph((" " if lang == "en" else "").join(rest))
    yield from _earns(explanation, lang)
    yield from facts_behind(explanation, lang)
    yield from importance(explanation, lang)
    yield from influences(explanation, lang)
    yield from ways(explanation, lang)
    yield from situation(explanation, lang)
    yield from other_options(explanation, lang)
    yield from evidence_said(explanation, lang)
    yield Heading(say("why_note", lang))
    gap = " " if lang == "en" else ""
    yield Paragraph(say("why_scale", lang) + gap + say(f"why_{explanation.method}", lang))


def blocks_without_winner(decision: Decision, lang: Language) -> Iterator[Block]:
    """What is said where no option is eligible."""
    yield heading(decision, lang)
    yield Paragraph(verdict(decision, lang), strong=True)
    yield Paragraph(say("why_none_eligible", lang))
    yield from exclusions(decision, lang)
    yield from ways_in(decision, lang)


def _earns(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """The tree of criteria with both scores and what each node earns."""
    tree = explanation.decision.problem.tree
    graph = explanation.graph
    rival = explanation.against or say("why_worst", lang)
    rows: list[tuple[str, str, str, str]] = []

    def below(node: str, depth: int) -> None:
        children = tree.children.get(node, ())
        amounts = {
            child: sum(
                explanation.contributions[tree.leaf_ids[j]] for j in tree.leaves_below[child]
            )
            for child in children
        }
        for child in sorted(children, key=lambda each: -abs(amounts[each])):
            said = graph.nodes[f"criterion:{child}"]
            # the worst end may be -0.0
            scores = [
                f"{said[key] + 0.0:.3f}" if key in said else ""
                for key in ("score", "score_against")
            ]
            rows.append(
                (
                    "  " * depth + tree.titles[child].say(lang),
                    scores[0],
                    scores[1],
                    _amount(explanation, amounts[child]),
                )
            )
            below(child, depth + 1)

    below("goal", 0)
    total = "why_margin" if explanation.against else "why_from_worst"
    rows.append(
        (
            say(total, lang, option=explanation.option),
            "",
            "",
            _amount(explanation, explanation.margin),
        )
    )
    yield Heading(say("why_earns", lang))
    columns = (say("why_criterion", lang), explanation.option, rival, say("why_amount", lang))
    yield Table(columns, tuple(rows), frozenset({1, 2, 3}))


def facts_behind(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """The facts that make both options score differently, and what each earns."""
    titles = explanation.decision.problem.tree.titles
    rows: list[tuple[float, tuple[str, ...]]] = []
    for leaf, amount in explanation.contributions.items():
        title = titles[leaf].say(lang)
        found = explanation.facts.get(leaf)
        if found is None or found.split == "together":
            what = "why_compared" if found is None else "why_together"
            rows.append((amount, (say(what, lang), "", "", title)))
            continue
        for slot, part in found.amounts.items():
            sides = [
                "" if side is None else shown_value(explanation, slot, side, lang)
                for side in found.sides.get(slot, (None, None))
            ]
            rows.append((part, (fact_title(explanation, slot).say(lang), *sides, title)))
    rows = [row for row in rows if abs(row[0]) > TIE]
    rows.sort(key=lambda row: -abs(row[0]))
    if not rows:
        return
    shown = [(*texts, _amount(explanation, amount)) for amount, texts in rows[:_MOST_FACTS]]
    if len(rows) == _MOST_FACTS + 1:
        shown.append((*rows[-1][1], _amount(explanation, rows[-1][0])))
    elif len(rows) > _MOST_FACTS:
        rest = sum(amount for amount, _ in rows[_MOST_FACTS:])
        others = say("why_others", lang, count=len(rows) - _MOST_FACTS)
        shown.append((others, "", "", "", _amount(explanation, rest)))
    yield Heading(say("why_facts", lang))
    columns = (
        say("why_fact", lang),
        explanation.option,
        explanation.against or say("why_worst", lang),
        say("why_of", lang),
        say("why_amount", lang),
    )
    yield Table(columns, tuple(shown), frozenset({1, 2, 4}))
    slots = [slot for facts in explanation.facts.values() for slot in facts.amounts]
    if any(slot.part is not None for slot in slots):
        yield Paragraph(say("why_parts", lang))


def importance(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """What is earned by each dimension, and with whose importance."""
    if not explanation.influences:
        return
    weights, titles = explanation.decision.weights, explanation.decision.problem.tree.titles
    judged, final = weights.by_dimension("judged"), weights.by_dimension("final")
    earned, credited = explanation.by_dimension, explanation.judged_dimensions
    rows = tuple(
        (
            titles[name].say(lang),
            f"{judged[name]:.3f}",
            f"{final[name]:.3f}",
            _amount(explanation, earned[name]),
            _amount(explanation, credited[name]),
        )
        for name in sorted(judged, key=lambda name: -abs(earned[name]))
    )
    yield Heading(say("why_importance", lang))
    columns = ("dimension", "why_judged", "why_final", "why_earned_by", "why_earned_for")
    yield Table(tuple(say(each, lang) for each in columns), rows, frozenset({1, 2, 3, 4}))


def influences(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """What each influence does to the lead."""
    titles = explanation.decision.problem.tree.titles
    effects = sorted(explanation.influences, key=lambda each: -abs(each.effect))
    if not effects:
        return
    rows = []
    for each in effects[:_MOST_INFLUENCES]:
        ends = {"source": titles[each.source].say(lang), "target": titles[each.target].say(lang)}
        rows.append(
            (
                say("why_influence", lang, **ends),
                f"{each.share:.2f}",
                _amount(explanation, each.flow),
                _amount(explanation, each.without),
                _amount(explanation, each.effect),
            )
        )
    if len(effects) > _MOST_INFLUENCES:
        rest = effects[_MOST_INFLUENCES:]
        rows.append(
            (
                say("why_others", lang, count=len(rest)),
                "",
                _amount(explanation, sum(each.flow for each in rest)),
                "",
                _amount(explanation, sum(each.effect for each in rest)),
            )
        )
    without = explanation.margin - sum(each.effect for each in effects)
    rows.append(
        (
            say("why_all_together", lang),
            "",
            "",
            _amount(explanation, without),
            _amount(explanation, explanation.margin - without),
        )
    )
    yield Heading(say("why_influences", lang))
    columns = ("why_influence_column", "why_share", "why_flow", "why_without", "why_effect")
    yield Table(tuple(say(each, lang) for each in columns), tuple(rows), frozenset({1, 2, 3, 4}))
    yield from _turns(explanation, lang)
    if len(explanation.influences) > 2 and explanation.dematel:
        ranked = sorted(explanation.dematel, key=lambda name: -explanation.dematel[name][1])
        comma = say("separator", lang)
        causes, effected = (
            comma.join(
                titles[n].say(lang) for n in ranked if sign * explanation.dematel[n][1] > TIE
            )
            for sign in (1, -1)
        )
        if causes:
            yield Paragraph(say("why_dematel", lang, causes=causes, effects=effected))


def _turns(explanation: Explanation, lang: Language) -> Iterator[Block]:
    if explanation.decision.recommended is None:
        return
    titles = explanation.decision.problem.tree.titles
    found = []
    for each in explanation.influences:
        ends = {"source": titles[each.source].say(lang), "target": titles[each.target].say(lang)}
        for code, turn in (("why_turns", each.upper), ("why_turns_below", each.lower)):
            if turn is not None:
                found.append(say(code, lang, share=turn[0], option=turn[1], now=each.share, **ends))
    if found:
        yield Bullets(tuple(found))
    if not any(each.lower or each.upper for each in explanation.influences):
        yield Paragraph(say("why_no_turn_at_all", lang, winner=explanation.option))
    elif not all(each.lower or each.upper for each in explanation.influences):
        yield Paragraph(say("why_no_turn", lang, winner=explanation.option))


def ways(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """The paths that earn most."""
    *paths, _ = explanation.paths
    if not explanation.influences or not paths:
        return
    titles = explanation.decision.problem.tree.titles
    items = []
    shown = [path for path in paths if amount_in(explanation, path.amount, signed=True)[0] in "+-"]
    for path in shown[:_MOST_PATHS]:
        names = [node.removeprefix("criterion:") for node in path.nodes]
        way = " → ".join(titles[name].say(lang) for name in names)
        items.append(say("why_way", lang, amount=_amount(explanation, path.amount), way=way))
    rest = explanation.margin - sum(path.amount for path in shown[:_MOST_PATHS])
    if abs(rest) > TIE:
        items.append(
            say("why_way", lang, amount=_amount(explanation, rest), way=say("why_rest", lang))
        )
    yield Heading(say("why_ways", lang))
    yield Bullets(tuple(items))


def situation(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """What one step of the situation does to the lead."""
    fields = explanation.decision.problem.criteria.profile
    rows: dict[str, list[str]] = {}
    notes = []
    for each in explanation.profile:
        title = fields[each.field].title
        named = each.field if title is None else title.say(lang)
        answer = isinstance(each.value, bool | str) or isinstance(each.changed, bool | str)
        amount = ""
        if each.effect is not None and (abs(each.effect) > TIE or not each.excluded):
            amount = _amount(explanation, each.effect)
        if not answer:
            row = rows.setdefault(each.field, [named, situation_value(each.value, lang), "–", "–"])
            to = situation_value(each.changed, lang)
            shown = amount or say("why_out" if each.excluded else "why_unknown", lang)
            row[3 if float(each.changed) > float(each.value) else 2] = say(
                "why_to", lang, amount=shown, to=to
            )
        if each.flips and explanation.decision.recommended is not None:
            code = "why_step_flips" if each.leader else "why_step_flips_none"
        elif answer and not each.excluded:
            code = "why_step_moves" if amount else "why_step_unknown"
        elif each.excluded:
            code = "why_step_stays"
        else:
            continue
        said = step_said(explanation, each, lang)
        notes.append(say(code, lang, change=said, option=each.leader, amount=amount))
    if not rows and not notes:
        return
    yield Heading(say("why_profile" if explanation.against else "why_profile_worst", lang))
    if rows:
        columns = ("why_field", "why_now", "why_down", "why_up")
        yield Table(
            tuple(say(each, lang) for each in columns),
            tuple(map(tuple, rows.values())),
            frozenset({1, 2, 3}),
        )
    if explanation.decision.recommended is not None and not any(
        each.flips for each in explanation.profile
    ):
        yield Paragraph(say("why_no_step_flips", lang))
    if notes:
        yield Bullets(tuple(notes))


def other_options(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """What each other option would gain and give up."""
    items = []
    for each in sorted(explanation.contrasts, key=lambda each: each.lead)[:_MOST_CONTRASTS]:
        code = "why_contrast" if each.lead > TIE else "why_contrast_level"
        if each.gates:
            code = f"why_contrast_{'excluded' if each.lead >= 0 else 'ahead'}"
        gap = " " if lang == "en" else ""
        gains = _listed(explanation, each.gains, lang)
        gives_up = _listed(explanation, each.gives_up, lang)
        sentences = [
            say(
                code,
                lang,
                option=each.option,
                winner=explanation.option,
                gates=say("separator", lang).join(each.gates),
                lead=amount_in(explanation, abs(each.lead)),
            )
        ]
        if gains:
            sentences.append(say("why_better", lang, winner=explanation.option, gains=gains))
        elif gives_up:
            sentences.append(say("why_not_better", lang))
        if gives_up:
            sentences.append(say("why_gives_up", lang, gives_up=gives_up))
        stability = explanation.stability
        if stability is not None and (flips := explanation.thresholds.get(each.option)):
            said = flip_said(stability, flips[0], lang)
            sentences.append(say("why_threshold", lang, flip=said))
        items.append(gap.join(sentences))
    if items:
        yield Heading(say("why_contrasts", lang))
        yield Bullets(tuple(items))


def _listed(explanation: Explanation, amounts: Mapping[str, float], lang: Language) -> str:
    titles = explanation.decision.problem.tree.titles
    shown = [
        say("why_listed", lang, name=titles[leaf], amount=amount_in(explanation, amount))
        for leaf, amount in list(amounts.items())[:_MOST_REASONS]
        if amount > TIE
    ]
    if sum(amount > TIE for amount in amounts.values()) > len(shown):
        shown.append("…")
    return say("separator", lang).join(shown)


def evidence_said(explanation: Explanation, lang: Language) -> Iterator[Block]:
    """What the lead rests on."""
    evidence = explanation.evidence
    if not evidence.facts:
        return
    facts = explanation.decision.problem.criteria.facts
    comma = say("separator", lang)

    def named(each: FactEvidence, flag: str) -> str:
        title = facts[each.fact].title
        fact = say("of_option", lang, option=each.option, name=title or each.fact)
        if flag != "stale":
            return fact
        limit = in_days([each.stale_after])
        return say("why_aged", lang, fact=fact, age=each.age, limit=limit)

    items = []
    for flag in ("unsourced", "stale", "wide"):
        share = getattr(evidence, flag)
        flagged = [named(each, flag) for each in evidence.facts if getattr(each, flag)]
        if not flagged:
            continue
        shown = flagged[:_MOST_REASONS]
        if len(flagged) > len(shown):
            shown.append(say("why_others", lang, count=len(flagged) - len(shown)))
        # a range can matter where the values themselves do not differ
        code = f"why_{flag}" if share or flag != "wide" else "why_wide_alone"
        items.append(say(code, lang, share=shown_share(share, lang), facts=comma.join(shown)))
    for each in evidence.facts:
        if each.wide and each.leads is not None:
            low, high = (_amount(explanation, lead) for lead in each.leads)
            title = facts[each.fact].title
            items.append(
                say(
                    "why_range_out" if math.isnan(each.leads[0]) else "why_range",
                    lang,
                    fact=each.fact if title is None else title.say(lang),
                    option=each.option,
                    low=low,
                    high=high,
                )
            )
    said = []
    if evidence.none_is("unsourced"):
        said.append(say("why_sourced", lang))
    if not evidence.limits:
        said.append(say("why_undated", lang))
    elif evidence.none_is("stale"):
        said.append(say("why_fresh", lang, limit=in_days(evidence.limits)))
    if evidence.none_is("wide"):
        said.append(say("why_narrow" if evidence.ranged else "why_no_ranges", lang))
    yield Heading(say("why_evidence", lang))
    if items:
        yield Bullets(tuple(items))
    if said:
        yield Paragraph((" " if lang == "en" else "").join(said))


def _amount(explanation: Explanation, amount: float) -> str:
    return amount_in(explanation, amount, signed=True) if abs(amount) > TIE else "0"

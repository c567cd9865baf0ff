"""A sensitivity as `mcda sensitivity` shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mcda.engine.decision import Decision
from mcda.model.criteria import GOAL
from mcda.model.language import Language, number, percent
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.breakeven import break_even_blocks
from mcda.reports.data import csv_of
from mcda.reports.evaluation import answer, consistency, contradicting, heading, verdict
from mcda.reports.words import WORDS, say
from mcda.stability.acceptability import Acceptability
from mcda.stability.methods import PROBLEMS, OtherMethod
from mcda.stability.sensitivity import LeftOut, NearestFlip, Sensitivity

__all__ = [
    "apart",
    "blocks",
    "flip_said",
    "left_out_said",
    "methods_table",
    "ranges_said",
    "reversals_said",
    "to_csv",
]

#: Flips that stand at the top.
_NEAREST = 3
#: Rows of the longest tables.
_MOST = 12
#: Notices about contradicting answers, and about those that are likely slips.
_ABOUT_ANSWERS = (
    "inconsistent",
    "circle",
    "beyond_scale",
    "above_best_to_worst",
    "judge_incomplete",
)


def blocks(
    found: Sensitivity, lang: Language, *, methods: bool = False, answers: bool = True
) -> Iterator[Block]:
    """The verdict, how consistent the `answers` are, the nearest flips, then tables."""
    decision = found.decision
    yield heading(decision, lang)
    yield Paragraph(answer(decision, lang), strong=True)
    if decision.recommended is None or len(decision.ranking) < 2:
        code = "sens_no_single" if len(decision.ranking) > 1 else "sens_no_rival"
        yield Paragraph(say(code, lang, verdict=verdict(decision, lang)))
        yield from _answers(decision, lang) if answers else ()
        yield from break_even_blocks(found.break_evens, found.not_compared, decision, lang)
        return
    yield Paragraph(verdict(decision, lang))
    yield from _answers(decision, lang) if answers else ()
    if found.left_out is not None:
        yield Paragraph(left_out_said(found.left_out, lang))
    nearest = found.nearest[:_NEAREST]
    yield Heading(say("sens_nearest", lang))
    if nearest:
        yield Bullets(tuple(flip_said(found, each, lang) for each in nearest))
    else:
        yield Paragraph(say("sens_none", lang))
    yield from _thresholds(found, lang)
    yield from _intervals(found, lang)
    yield from _transfers(found, lang)
    yield from _judgements(found, lang)
    yield from _tipping(found, lang)
    yield from break_even_blocks(found.break_evens, found.not_compared, decision, lang)
    yield from _acceptability(found, lang)
    yield from _judges(found, lang)
    if methods:
        yield from _methods(found, lang)


def _answers(decision: Decision, lang: Language) -> Iterator[Block]:
    """How consistent the answers behind the weights are, and what to reconsider."""
    if not decision.diagnostics:
        return
    yield Paragraph(consistency(decision, lang))
    if decision.group is not None:
        yield Paragraph(contradicting(decision.group, lang))
    said = [each.say(lang) for each in decision.warnings if each.code in _ABOUT_ANSWERS]
    if said:
        yield Bullets(tuple(said))


def left_out_said(left_out: LeftOut, lang: Language) -> str:
    """How many options were not looked at, and how it is known that they cannot win."""
    values = {"count": left_out.count, "places": left_out.places}
    return say("sens_bound" if left_out.places > 1 else "sens_bound_one", lang, **values)


def flip_said(found: Sensitivity, flip: NearestFlip, lang: Language) -> str:
    """One change that changes the winner, as a sentence."""
    titles = found.decision.problem.tree.titles
    criteria = found.decision.problem.criteria
    value, changed = apart(flip.value, flip.changed, lang)
    values = {
        "value": value,
        "changed": changed,
        "winner": flip.winner or say("sens_nobody", lang),
        "unit": say("sens_unit", lang, unit=flip.unit) if flip.unit else "",
    }
    if flip.kind == "weight":
        return say("sens_weight", lang, name=titles[flip.name[0]], **values)
    if flip.kind == "judgement":
        node, first, second, *judge = flip.name
        pair = say(
            "sens_pair", lang, first=titles.get(first, first), second=titles.get(second, second)
        )
        if node in found.decision.problem.tree.leaf_ids:  # options are compared, not criteria
            pair = say("sens_under", lang, pair=pair, node=titles[node])
        if judge:
            return say("sens_judgement_of", lang, judge=judge[0], pair=pair, **values)
        return say("sens_judgement", lang, pair=pair, **values)
    if flip.kind == "judge":
        return say("sens_judge", lang, judge=flip.name[0], **values)
    if flip.kind == "profile":
        title = criteria.profile[flip.name[0]].title
        return say("sens_profile", lang, name=title or flip.name[0], **values)
    option, name = flip.name
    if flip.kind == "value":
        return say("sens_value", lang, option=option, name=titles[name], **values)
    title = criteria.facts[name].title or titles.get(name)
    return say("sens_fact", lang, option=option, name=title or name, **values)


def apart(
    value: float | bool | str, changed: float | bool | str, lang: Language
) -> tuple[str, str]:
    """Two values with as many digits as it takes to tell them apart, four at least."""
    for digits in range(4, 17):
        shown = _value(value, lang, digits), _value(changed, lang, digits)
        if shown[0] != shown[1]:
            break
    return shown


def _value(value: float | bool | str, lang: Language, digits: int = 4) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, str):
        return value
    return number(value, digits)


def _thresholds(found: Sensitivity, lang: Language) -> Iterator[Block]:
    gap = " " if lang == "en" else ""
    items = [
        say(
            "sens_threshold",
            lang,
            option=option,
            flips=gap.join(flip_said(found, each, lang) for each in flips)
            or say("sens_no_threshold", lang),
        )
        for option, flips in found.thresholds.items()
    ]
    yield Heading(say("sens_thresholds", lang))
    yield Bullets(tuple(items))


def _intervals(found: Sensitivity, lang: Language) -> Iterator[Block]:
    titles = found.decision.problem.tree.titles
    rows = []
    for name, each in found.intervals.items():
        rows.append(
            (
                titles[name].say(lang),
                f"{each.weight:.3f}",
                f"{each.low:.4f}",
                f"{each.high:.4f}",
                each.low_rival or "–",
                each.high_rival or "–",
                f"{each.ranking_low:.3f}–{each.ranking_high:.3f}",
            )
        )
    if not rows:
        return
    yield Heading(say("sens_intervals", lang))
    columns = ("why_criterion", "weight", "sens_low", "sens_high", "sens_below", "sens_above")
    yield Table(
        (*(say(each, lang) for each in columns), say("sens_ranking", lang)),
        tuple(rows),
        frozenset({1, 2, 3}),
    )
    regions = [
        say(
            "sens_region",
            lang,
            name=titles[name],
            winner=found.decision.recommended,
            low=f"{low:.4f}",
            high=f"{high:.4f}",
        )
        for name, each in found.intervals.items()
        for low, high in each.regions
    ]
    if regions:
        yield Bullets(tuple(regions))


def _transfers(found: Sensitivity, lang: Language) -> Iterator[Block]:
    titles = found.decision.problem.tree.titles
    yield Heading(say("sens_transfers", lang))
    items = [
        say(
            "sens_transfer",
            lang,
            amount=f"{each.amount:.4f}",
            giver=titles[each.giver],
            taker=titles[each.taker],
            rival=each.rival,
        )
        for each in found.transfers[:_NEAREST]
    ]
    items += [
        say(
            f"sens_change_{each.norm}",
            lang,
            size=f"{each.size:.4f}",
            rival=each.rival,
            certificate=say("sens_certified" if each.certified else "sens_best_found", lang),
        )
        for each in found.nearest_changes
    ]
    if items:
        yield Bullets(tuple(items))
    else:
        yield Paragraph(say("sens_no_transfer", lang))


def _judgements(found: Sensitivity, lang: Language) -> Iterator[Block]:
    if not found.judgements:
        return
    titles = found.decision.problem.tree.titles
    drives = {
        (each.node, frozenset((each.first, each.second))): each.share for each in found.importance
    }
    yield Heading(say("sens_judgements", lang))
    pairs = {(each.node, each.first, each.second) for each in found.judgements}
    several = len({pair[1:] for pair in pairs}) < len(pairs)
    rows = []
    for each in found.judgements[:_MOST]:
        values = {
            "first": titles.get(each.first, each.first),
            "second": titles.get(each.second, each.second),
            "judge": each.judge,
        }
        flips = [flip for flip in (each.below, each.above) if flip is not None]
        share = drives.get((each.node, frozenset((each.first, each.second))))
        pair = say("sens_pair_of" if each.judge else "sens_pair", lang, **values)
        if several and each.node != GOAL:
            pair = say("sens_under", lang, pair=pair, node=titles[each.node])
        rows.append(
            (
                pair,
                number(each.given, 3),
                " / ".join(number(value, 3) for value, _ in flips) or "–",
                " / ".join(rival for _, rival in flips) or "–",
                "" if share is None or each.judge else percent(share, 0, lang),
            )
        )
    columns = ("sens_judgement_column", "sens_given", "sens_flips_at", "sens_to", "sens_drives")
    yield Table(tuple(say(each, lang) for each in columns), tuple(rows), frozenset({1, 2, 4}))
    if all(each.below is each.above is None for each in found.judgements):
        yield Paragraph(say("sens_no_judgement", lang))


def _tipping(found: Sensitivity, lang: Language) -> Iterator[Block]:
    criteria, titles = found.decision.problem.criteria, found.decision.problem.tree.titles
    rows = []
    flipping = [each for each in found.tipping_points if each.below or each.above]
    for each in flipping[:_MOST]:
        if each.kind == "profile":
            title = criteria.profile[each.name].title
            named = each.name if title is None else title.say(lang)
        elif each.kind == "value":
            named = say("of_option", lang, option=each.option, name=titles[each.name])
        else:
            title = criteria.facts[each.name].title or titles.get(each.name)
            named = say("of_option", lang, option=each.option, name=title or each.name)
        ends = []
        for flip in (each.below, each.above):
            shown = "–"
            if flip is not None:
                winner = flip.winner or say("sens_nobody", lang)
                shown = f"{apart(each.value, flip.value, lang)[1]} ({winner})"
            ends.append(shown)
        rows.append((named, _value(each.value, lang), *ends, each.unit or ""))
    yield Heading(say("sens_tipping", lang))
    if rows:
        columns = ("sens_what", "sens_given", "sens_down_at", "sens_up_at")
        yield Table((*(say(each, lang) for each in columns), ""), tuple(rows), frozenset({1, 2, 3}))
    else:
        yield Paragraph(say("sens_no_tipping", lang))


def _acceptability(found: Sensitivity, lang: Language) -> Iterator[Block]:
    smaa = found.acceptability
    if smaa is None:
        return
    yield Heading(say("sens_acceptability", lang))
    count = len(smaa.ranks)
    shown = min(count, 5)
    ranked = sorted(smaa.ranks.items(), key=lambda item: [-share for share in item[1]])
    rows = tuple(
        (name, *(percent(share, 1, lang) for share in shares[:shown]))
        for name, shares in ranked[:_MOST]
    )
    columns = (say("option", lang), *(str(place + 1) for place in range(shown)))
    yield Table(columns, rows, frozenset(range(1, shown + 1)))
    said = say(
        f"sens_sampled_{smaa.sampler}",
        lang,
        samples=smaa.samples,
        error=percent(smaa.standard_error, 1, lang),
    )
    rest = []
    if smaa.compared:
        titles = found.decision.problem.tree.titles
        criteria = say("separator", lang).join(titles[leaf].say(lang) for leaf in smaa.compared)
        rest.append(say("sens_compared", lang, criteria=criteria))
    rest += ranges_said(smaa, lang, lambda of, fact: say("of_option", lang, option=of, name=fact))
    if smaa.left_out > 0:
        share = percent(smaa.left_out, 1, lang)
        rest.append(say("sens_left_out", lang, share=share))
    yield Paragraph((" " if lang == "en" else "").join([said, *rest]))


def ranges_said(smaa: Acceptability, lang: Language, named: Callable[[str, str], str]) -> list[str]:
    """Which facts moved inside their ranges, and which did not and why, a sentence each."""
    groups = {"sens_ranges": list(smaa.ranges)}
    for each in smaa.unused:
        groups.setdefault(f"sens_unused_{each.reason}", []).append((each.option, each.fact))
    said = []
    for code, facts in groups.items():
        shown = [named(*each) for each in facts[:_MOST]]
        if len(facts) > _MOST:
            shown.append(say("why_others", lang, count=len(facts) - _MOST))
        if shown:
            said.append(say(code, lang, facts=say("separator", lang).join(shown)))
    if said:
        said.append(say("sens_fixed", lang))
    return said


def _judges(found: Sensitivity, lang: Language) -> Iterator[Block]:
    if not found.judges:
        return
    yield Heading(say("sens_group", lang))
    items = []
    for each in found.judges:
        flips = [
            say(
                "sens_group_flip",
                lang,
                rival=flip[1],
                side=say(f"sens_side_{side}", lang),
                share=percent(flip[0], 1, lang),
            )
            for side, flip in (("below", each.below), ("above", each.above))
            if flip is not None
        ]
        said = (" " if lang == "en" else "").join(flips) or say("sens_group_none", lang)
        ratio = (
            say("sens_group_no_ratio", lang)
            if each.consistency_ratio is None
            else say("sens_group_ratio", lang, ratio=each.consistency_ratio)
        )
        items.append(
            say(
                "sens_group_row",
                lang,
                judge=each.judge,
                share=percent(each.share, 0, lang),
                ratio=ratio,
                flips=said,
            )
        )
    yield Bullets(tuple(items))


def _methods(found: Sensitivity, lang: Language) -> Iterator[Block]:
    yield Heading(say("sens_methods", lang))
    columns, rows, notes = methods_table(found, lang)
    yield Table(columns, rows, frozenset({2}), whole=True)
    yield Bullets(notes)
    if found.reversals:
        yield Heading(say("sens_reversals", lang))
        yield Bullets(reversals_said(found, lang))


def reversals_said(found: Sensitivity, lang: Language) -> tuple[str, ...]:
    """Whether the ranking survives each test, as sentences."""
    said = []
    for each in found.reversals:
        outcome = say("sens_passed", lang)
        if each.passed is None:
            outcome = say("sens_unranked", lang)
        elif not each.passed:
            outcome = say("sens_failed", lang, what=each.counterexample)
        said.append(say("sens_outcome", lang, test=say(f"sens_{each.name}", lang), outcome=outcome))
    return tuple(said)


def methods_table(
    found: Sensitivity, lang: Language
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Columns and rows of what other methods say, and the sentences that go with them."""
    rows = []
    notes = [say("sens_basis_note", lang)]
    for each in found.methods:
        name, correlation = _method(each, lang), each.spearman
        winner = each.winner or say("sens_tied", lang)
        if each.reason:
            problem = PROBLEMS[each.reason].say(lang)
            notes.append(say("sens_refused", lang, method=name, problem=problem))
            winner = "–"
        shown = "–" if correlation is None else f"{correlation:.2f}"
        rows.append((name, winner, shown, say(f"sens_basis_{each.basis}", lang)))
    columns = ("sens_method", "sens_winner", "sens_spearman", "sens_basis")
    return tuple(say(each, lang) for each in columns), tuple(rows), tuple(notes)


def _method(each: OtherMethod, lang: Language) -> str:
    """What a method is called."""
    if each.kind != "ranker":
        name = say(f"sens_name_{each.name}", lang)
        return say(f"sens_kind_{each.kind}", lang, name=name)
    code = "sens_ranker_" + each.name.lower().replace(" ", "_")
    return say(code, lang) if code in WORDS else each.name


def to_csv(found: Sensitivity) -> str:
    """Every change that changes the winner, the nearest first, one row each."""
    columns = ("scenario", "kind", "name", "value", "changed", "unit", "winner", "distance")
    return csv_of(
        columns,
        (
            {
                "scenario": found.decision.scenario,
                "kind": each.kind,
                "name": " / ".join(each.name),
                "value": each.value,
                "changed": each.changed,
                "unit": each.unit,
                "winner": each.winner,
                "distance": each.distance,
            }
            for each in found.nearest
        ),
    )

"""What another facts pack changes, as `mcda diff` shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcda.engine.decision import Decision
from mcda.explanation.changes import Difference, FactChange, Moved, Switched
from mcda.model.criteria import Criteria
from mcda.model.language import Language, given_number
from mcda.model.values import Fact
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.evaluation import heading
from mcda.reports.words import say

__all__ = ["FORMAT", "blocks", "summary", "to_dict", "to_json"]

FORMAT = "mcda/diff/1"

#: Facts that are shown in a table.
_MOST_FACTS = 12
#: Facts for information that are named.
_MOST_NAMED = 6
#: Changes of closeness below this are none.
_LEAST = 5e-5
#: Facts that are named in one line of a summary.
_FEW = 2


def blocks(found: Difference, lang: Language) -> Iterator[Block]:
    """The parts of a report: winners, closeness, gates, decisive facts, all that differ."""
    packs = [_pack(side) for side in (found.before, found.after)]
    yield heading(found.before, lang)
    yield Paragraph(say("diff_packs", lang, before=packs[0], after=packs[1]))
    yield Paragraph(_winners(found, lang), strong=True)
    verdicts = [say(f"verdict_{side.verdict}", lang) for side in (found.before, found.after)]
    yield Paragraph(say("diff_verdicts", lang, before=verdicts[0], after=verdicts[1]))
    comma = say("separator", lang)
    for options, pack in ((found.lost, packs[0]), (found.gained, packs[1])):
        if options:
            yield Paragraph(say("diff_lost", lang, options=comma.join(options), pack=pack))
    if any(each.code.startswith("hindsight") for each in found.after.warnings):
        decided = found.after.problem.scenario.decision_date
        yield Paragraph(say("diff_hindsight", lang, decided=decided, pack=packs[1]))
    yield Heading(say("closeness", lang))
    yield _closeness(found, lang)
    for code, moved in (("diff_falls_out", found.falls_out), ("diff_comes_back", found.comes_back)):
        if moved:
            yield Heading(say(code, lang))
            yield Bullets(tuple(_moved(each, found, lang) for each in moved))
    yield from _decisive(found, lang)
    yield from _facts(found, lang)


def summary(found: Sequence[Difference], failures: int, lang: Language) -> Iterator[Block]:
    """How many winners change, and by what."""
    changed = sum(each.winner_changes for each in found)
    said = say("diff_summary", lang, count=len(found) + failures, changed=changed)
    if failures:
        said += (" " if lang == "en" else "") + say("diff_failed", lang, count=failures)
    yield Heading(said)
    columns = ("scenario", "diff_before", "diff_after", "diff_reason")
    rows = tuple(
        (
            each.scenario,
            each.before.recommended or say("nothing", lang),
            each.after.recommended or say("nothing", lang),
            _reason(each, lang),
        )
        for each in found
    )
    if rows:
        yield Table(tuple(say(column, lang) for column in columns), rows)


def to_json(found: Sequence[Difference], failures: Mapping[str, str], lang: Language) -> str:
    """All differences in one document; failures by path."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "differences": [to_dict(each, lang) for each in found],
        "winners_changed": sum(each.winner_changes for each in found),
    }
    if failures:
        data["failures"] = [{"path": path, "error": error} for path, error in failures.items()]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_dict(found: Difference, lang: Language) -> dict[str, Any]:
    """Plain data for JSON; texts in `lang`, numbers unrounded."""
    return {
        "scenario": found.scenario,
        "winner_changes": found.winner_changes,
        "before": _side(found.before),
        "after": _side(found.after),
        "lost": list(found.lost),
        "gained": list(found.gained),
        "falls_out": [_moved_data(each, lang) for each in found.falls_out],
        "comes_back": [_moved_data(each, lang) for each in found.comes_back],
        "decisive": _switched_data(found.decisive),
        "complete": _switched_data(found.complete),
        "facts": [{**_change(each), "counts": each.counts} for each in found.facts],
        "resourced": found.resourced,
    }


def _side(decision: Decision) -> dict[str, Any]:
    return {
        "facts": _pack(decision),
        "recommended": decision.recommended,
        "verdict": decision.verdict,
        "closeness": _all_closeness(decision),
        "excluded": {each.option: [gate.gate for gate in each.gates] for each in decision.excluded},
    }


def _all_closeness(decision: Decision) -> dict[str, float | None]:
    """The closeness of eligible options, and what that of excluded ones would have been."""
    ranked: dict[str, float | None] = {e.option: e.closeness for e in decision.ranking}
    return ranked | {each.option: each.closeness for each in decision.excluded}


def _moved_data(moved: Moved, lang: Language) -> dict[str, Any]:
    return {
        "option": moved.option,
        "gate": moved.gate.gate,
        "because": moved.gate.because.say(lang),
        "unknown": list(moved.gate.unknown),
        "by": [_change(each) for each in moved.by],
    }


def _switched_data(switched: Switched | None) -> dict[str, Any] | None:
    if switched is None:
        return None
    return {
        "changes": [_change(each) for each in switched.changes],
        "becomes": switched.becomes,
        "exact": switched.exact,
        "others": switched.others,
    }


def _change(change: FactChange) -> dict[str, Any]:
    return {
        "option": change.option,
        "fact": change.fact,
        "before": _fact_data(change.before),
        "after": _fact_data(change.after),
    }


def _fact_data(fact: Fact | None) -> dict[str, Any] | None:
    return None if fact is None else fact.model_dump(mode="json")


def _pack(decision: Decision) -> str:
    pack = decision.problem.pack
    return "-" if pack is None else pack.id


def _winners(found: Difference, lang: Language) -> str:
    before, after = (
        side.recommended or say("nothing", lang) for side in (found.before, found.after)
    )
    if not found.winner_changes:
        kept = before if found.before.recommended else say("diff_none", lang)
        return say("diff_same", lang, before=kept)
    return say("diff_changes", lang, before=before, after=after)


def _closeness(found: Difference, lang: Language) -> Table:
    sides = [_all_closeness(side) for side in (found.before, found.after)]
    out = [{each.option: each for each in side.excluded} for side in (found.before, found.after)]
    names = dict.fromkeys((*sides[0], *sides[1]))
    rows = []
    for name in names:
        cells, numbers = [], []
        for side, excluded in zip(sides, out, strict=True):
            number = side.get(name)
            numbers.append(number)
            if name not in side:
                cells.append(say("diff_absent", lang))
            elif name in excluded:
                gates = say("separator", lang).join(g.gate for g in excluded[name].gates)
                cells.append(say("diff_out", lang, gates=gates))
            else:
                cells.append(f"{number:.4f}")
        one, other = numbers
        moved = "" if one is None or other is None else _signed(other - one)
        rows.append((name, *cells, moved))
    columns = ("option", "diff_before", "diff_after", "diff_change")
    return Table(tuple(say(column, lang) for column in columns), tuple(rows), frozenset({1, 2, 3}))


def _signed(change: float) -> str:
    return f"{change:+.4f}" if abs(change) >= _LEAST else "0"


def _moved(moved: Moved, found: Difference, lang: Language) -> str:
    gap = " " if lang == "en" else ""
    values = {"option": moved.option, "gate": moved.gate.gate}
    said = say("diff_by", lang, **values, because=moved.gate.because.say(lang))
    criteria = found.before.problem.criteria
    steps = [_step(each, criteria, lang, cited=False) for each in moved.by]
    return said + "".join(f"{gap}{each}{_stop(lang)}" for each in steps)


def _stop(lang: Language) -> str:
    return "." if lang == "en" else "。"


def _decisive(found: Difference, lang: Language) -> Iterator[Block]:
    if not found.winner_changes:
        return
    yield Heading(say("diff_decisive", lang))
    if found.decisive is None:
        yield Paragraph(say("diff_undecided", lang))
        return
    one = len(found.decisive.changes) == 1
    code = "diff_decides_one" if one else "diff_decides"
    yield from _switched(found.decisive, code, found, lang)
    if found.complete is not None:
        yield from _switched(found.complete, "diff_completes", found, lang)


def _switched(switched: Switched, code: str, found: Difference, lang: Language) -> Iterator[Block]:
    becomes = switched.becomes or say("nothing", lang)
    sentences = [say(code, lang, becomes=becomes, count=len(switched.changes))]
    sentences.append(say("diff_exact" if switched.exact else "diff_shrunk", lang))
    if switched.others:
        sentences.append(say("diff_others", lang, count=switched.others))
    if code == "diff_completes":
        sentences = sentences[:1]
    yield Paragraph((" " if lang == "en" else "").join(sentences))
    criteria = found.before.problem.criteria
    steps = tuple(_step(each, criteria, lang, cited=True) for each in switched.changes)
    yield Bullets(steps)


def _facts(found: Difference, lang: Language) -> Iterator[Block]:
    criteria = found.before.problem.criteria
    counting = [each for each in found.facts if each.counts]
    if counting:
        yield Heading(say("diff_facts", lang))
        columns = ("option", "diff_fact", "diff_before", "diff_after")
        rows = tuple(
            (
                each.option,
                _title(each, criteria, lang),
                _value(each.before, each, criteria, lang),
                _value(each.after, each, criteria, lang),
            )
            for each in counting[:_MOST_FACTS]
        )
        yield Table(tuple(say(column, lang) for column in columns), rows)
    if len(counting) > _MOST_FACTS:
        yield Paragraph(say("diff_more_facts", lang, count=len(counting) - _MOST_FACTS))
    others = [
        f"{each.option}{'：' if lang == 'zh' else ': '}{_title(each, criteria, lang)} = "
        f"{_value(each.after, each, criteria, lang)}"
        for each in found.facts
        if not each.counts and each.after is not None and each.after.value is not None
    ]
    if others:
        if len(others) > _MOST_NAMED:
            others[_MOST_NAMED:] = [say("why_others", lang, count=len(others) - _MOST_NAMED)]
        facts = say("separator", lang).join(others)
        yield Paragraph(say("diff_information", lang, facts=facts))
    if found.resourced:
        yield Paragraph(say("diff_resourced", lang, count=found.resourced))
    if not found.facts:
        yield Paragraph(say("diff_equal", lang))


def _step(change: FactChange, criteria: Criteria, lang: Language, *, cited: bool) -> str:
    shown = _cited if cited else _value
    return say(
        "diff_step",
        lang,
        option=change.option,
        fact=_title(change, criteria, lang),
        before=shown(change.before, change, criteria, lang),
        after=shown(change.after, change, criteria, lang),
    )


def _title(change: FactChange, criteria: Criteria, lang: Language) -> str:
    if change.fact is None:
        return say("diff_presence", lang)
    title = criteria.facts[change.fact].title
    return change.fact if title is None else title.say(lang)


def _value(fact: Fact | None, change: FactChange, criteria: Criteria, lang: Language) -> str:
    if fact is None or fact.value is None:
        return say("diff_unknown", lang)
    if isinstance(fact.value, bool):
        return say("yes" if fact.value else "no", lang)
    if isinstance(fact.value, str):
        return fact.value
    unit = criteria.facts[change.fact].unit if change.fact is not None else None
    return f"{given_number(fact.value)}{f' {unit}' if unit else ''}"


def _cited(fact: Fact | None, change: FactChange, criteria: Criteria, lang: Language) -> str:
    value = _value(fact, change, criteria, lang)
    if fact is None or change.fact is None:
        return value
    source = fact.source or say("diff_unsourced", lang)
    if fact.as_of is None:
        return say("diff_cited", lang, value=value, source=source)
    return say("diff_cited_on", lang, value=value, source=source, day=fact.as_of)


def _reason(found: Difference, lang: Language) -> str:
    """The decisive facts in a few words."""
    switched = found.complete or found.decisive
    if switched is None:
        return ""
    criteria = found.before.problem.criteria
    colon = "：" if lang == "zh" else ": "
    named = [
        f"{each.option}{colon}{_title(each, criteria, lang)}" for each in switched.changes[:_FEW]
    ]
    return say("separator", lang).join(named) + ("…" if len(switched.changes) > _FEW else "")

"""An explanation in three to seven sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby, islice

import numpy as np

from mcda.dependency.walks import strongest_walks
from mcda.engine.decision import Excluded
from mcda.engine.reads import Slot
from mcda.explanation.explanation import Explanation
from mcda.explanation.graph import as_declared, fact_title
from mcda.explanation.variation import LevelEffect
from mcda.explanation.words import say
from mcda.model.language import Language, given_number, percent, roughly
from mcda.ranking.ranks import TIE

__all__ = [
    "amount_in",
    "sentences",
    "shown_share",
    "shown_value",
    "situation_value",
    "step_said",
]

#: Reasons below this share of the largest are not worth a sentence.
_WORTH = 0.02
#: A fact is named if it makes at least this share of what its dimension earns.
_MAINLY = 0.4
#: Importance that comes over influences is named from this share on, evidence from the next.
_PASSED_ON = 0.03
_NOTABLE = 0.1
_MOST = 7
#: What a sentence ends with.
_STOPS = frozenset(".!?。\uff01\uff1f")


def sentences(explanation: Explanation, lang: Language) -> list[str]:
    """First the answer, then the strongest reasons, what speaks against it, and how firm it is."""
    said = [
        *map(_closed_up, _answer(explanation, lang)),
        *_reasons(explanation, lang),
        *_firmness(explanation, lang),
    ]
    room = _MOST - len(said)
    return said + list(islice(_rests(explanation, lang), room))


def _closed_up(sentence: str) -> str:
    """Without a space after a wide bracket, which is wide enough."""
    return sentence.replace("\u3015 ", "\u3015").replace("\uff09 ", "\uff09")


def _answer(explanation: Explanation, lang: Language) -> Iterator[str]:
    decision = explanation.decision
    winner = _option(explanation, explanation.option, lang)
    own, theirs = (f"{each:.{_decimals(explanation)}f}" for each in explanation.closeness)
    margin = amount_in(explanation, abs(explanation.margin))
    if explanation.against is None:
        if len(decision.ranking) == 1:
            yield say("only", lang, winner=winner)
            yield from islice(
                (_exclusion(each, each.option, lang) for each in decision.excluded), 1
            )
            yield say("only_reaches", lang, winner=explanation.option, own=own)
        else:
            yield say("from_worst", lang, winner=winner, own=own)
        return
    rival = _option(explanation, explanation.against, lang)
    values = {"winner": winner, "rival": rival, "own": own, "theirs": theirs, "margin": margin}
    excluded = explanation.exclusion
    if excluded is not None:
        yield _exclusion(excluded, rival, lang)
        ahead = explanation.margin
        code = "level" if abs(ahead) <= TIE else "anyway" if ahead > 0 else "leading"
        yield say(f"excluded_{code}", lang, rival_name=explanation.against, **values)
    elif abs(explanation.margin) <= TIE:
        yield say("tie", lang, **values)
    elif decision.recommended is None:
        yield say("leads_tied", lang, **values)
    else:
        second = decision.ranking[1].option == explanation.against
        yield say("wins" if second else "wins_over", lang, **values)


def _exclusion(excluded: Excluded, named: str, lang: Language) -> str:
    gate = excluded.gates[0]
    because = gate.because.say(lang).strip()
    if lang == "zh":
        because = because.rstrip(".")
    if because[-1:] not in _STOPS:
        because += "." if lang == "en" else "。"
    code = "excluded_unknown" if gate.unknown else "excluded"
    return say(code, lang, rival=named, because=because)


def _reasons(explanation: Explanation, lang: Language) -> Iterator[str]:
    ranked = sorted(explanation.by_dimension.items(), key=lambda item: -abs(item[1]))
    largest = abs(ranked[0][1])
    winner = explanation.option
    if largest <= TIE:
        yield from _level(explanation, lang)
        return
    gains = [name for name, amount in ranked if amount >= _WORTH * largest]
    losses = [name for name, amount in ranked if amount < -TIE]
    for code, name in zip(("reason", "next_reason"), gains, strict=False):
        yield _reason(explanation, code, name, lang)
    if not gains:
        yield say("no_reason", lang, winner=winner)
    if losses:
        small = -explanation.by_dimension[losses[0]] < _WORTH * largest
        yield _reason(explanation, "small_counter" if small else "counter", losses[0], lang)
    else:
        yield say("no_counter", lang, winner=winner)


def _level(explanation: Explanation, lang: Language) -> Iterator[str]:
    """What is said where no dimension makes a difference."""
    if any(abs(amount) > TIE for amount in explanation.contributions.values()):
        yield say("balance", lang)
    elif explanation.against is not None:
        yield say("level", lang)
        yield say("undecided", lang)
    else:
        code = "unmeasured" if explanation.frozen else "at_worst"
        yield say(code, lang, winner=explanation.option)


def _reason(explanation: Explanation, code: str, dimension: str, lang: Language) -> str:
    titles = explanation.decision.problem.tree.titles
    return say(
        code,
        lang,
        winner=explanation.option,
        dimension=titles[dimension].say(lang),
        amount=amount_in(explanation, abs(explanation.by_dimension[dimension])),
        fact=_main_fact(explanation, dimension, lang),
        # what speaks against the winner is said more briefly
        origin=_origin(explanation, dimension, lang) if "reason" in code else "",
    )


def _main_fact(explanation: Explanation, dimension: str, lang: Language) -> str:
    """The fact that makes most of what a dimension earns, with both options' values."""
    whole = explanation.by_dimension[dimension]
    found = [
        (amount / whole, slot, facts.sides.get(slot, (None, None)))
        for leaf, facts in explanation.facts.items()
        if explanation.decision.weights.dimension_of[leaf] == dimension
        for slot, amount in facts.amounts.items()
    ]
    share, slot, sides = max(found, key=lambda each: each[0], default=(0.0, None, (None, None)))
    if slot is None or share < _MAINLY:
        return ""
    title = fact_title(explanation, slot).say(lang)
    if None in sides:
        return say("fact_alone", lang, fact=title)
    own, theirs = (shown_value(explanation, slot, side, lang) for side in sides if side is not None)
    if own == theirs:
        return say("fact_alone", lang, fact=title)
    declared = explanation.decision.problem.criteria.facts[slot.fact]
    unit = say("unit", lang, unit=declared.unit) if declared.unit and not declared.levels else ""
    if lang == "zh":  # a blank stands between Chinese and a number, a word in quotation marks
        own, theirs = (each if each[-1:].isdigit() else f"“{each}”" for each in (own, theirs))
        theirs = theirs if theirs.startswith("“") else f" {theirs}"
    return say("fact", lang, fact=title, own=own, theirs=theirs, unit=unit)


def shown_value(explanation: Explanation, slot: Slot, value: float, lang: Language) -> str:
    """A fact's value for readers: yes or no, the word for a level, or a number."""
    given = as_declared(explanation, slot, value)
    if isinstance(given, bool):
        return say("yes" if given else "no", lang)
    if isinstance(given, str):
        return given
    levels = explanation.decision.problem.criteria.facts[slot.fact].levels or {}
    words = [word for word, number in levels.items() if number == given]
    return words[0] if len(words) == 1 else given_number(given)


def _origin(explanation: Explanation, dimension: str, lang: Language) -> str:
    """Whose judged importance a dimension earns with, where a good part is not its own."""
    titles = explanation.decision.problem.tree.titles
    amounts = explanation.origins[dimension]
    whole = explanation.by_dimension[dimension]
    others = {name: amount / whole for name, amount in amounts.items() if name != dimension}
    judged = max(others, key=lambda name: others[name], default=None)
    if judged is None or not _PASSED_ON <= others[judged] <= 1.0:
        return ""
    values = {
        "share": shown_share(others[judged], lang),
        "judged": titles[judged].say(lang),
        "dimension": titles[dimension].say(lang),
    }
    way = _way(explanation, dimension, judged)
    if len(way) > 2:
        via = " → ".join(titles[name].say(lang) for name in way[1:-1])
        return say("origin_via", lang, via=via, **values)
    reasons = [
        each.because.say(lang).strip().rstrip(".。")
        for each in explanation.decision.problem.criteria.influences
        if (each.from_, each.to) == (dimension, judged) and each.because is not None
    ]
    because = say("because", lang, because=reasons[0]) if len(reasons) == 1 else ""
    return say("origin", lang, because=because, **values)


def _way(explanation: Explanation, dimension: str, judged: str) -> list[str]:
    """The dimensions on the strongest walk from an earning dimension to the judged one."""
    tree, weighed = explanation.decision.problem.tree, explanation.decision.workings.weighed
    dimensions = np.array([leaf.dimension for leaf in tree.leaves])
    weights = np.where(dimensions == judged, weighed.judged, 0.0)
    earned = np.where(dimensions == dimension, 1.0, 0.0)
    (walk,) = strongest_walks(weighed.transfer, weights, earned, 1)
    passed = [str(dimensions[j]) for j in reversed(walk.criteria)]
    return [name for name, _ in groupby(passed)]


def _firmness(explanation: Explanation, lang: Language) -> Iterator[str]:
    """How firm the lead is; it was estimated for the nearest rival, not for any option."""
    decision = explanation.decision
    if decision.verdict not in ("clear", "close", "contested") or decision.firmness is None:
        return
    shown = roughly(decision.firmness, lang)
    judged = decision.consistency or decision.compared
    noisy = say("noisy_judgements" if judged else "noisy_weights", lang)
    yield say(decision.verdict, lang, winner=explanation.option, firmness=shown, noisy=noisy)


def _rests(explanation: Explanation, lang: Language) -> Iterator[str]:
    flips = [step_said(explanation, each, lang) for each in explanation.profile if each.flips]
    if flips:
        semicolon = "; " if lang == "en" else "；"
        code = "step" if len(flips) == 1 else "steps"
        yield say(code, lang, changes=semicolon.join(flips))
    if explanation.frozen:
        yield say("frozen", lang)
    evidence = explanation.evidence
    for what in ("wide", "unsourced", "stale"):
        share = getattr(evidence, what)
        if share >= _NOTABLE:
            code = "rests_all" if share > 1 - 1e-9 else "rests"
            yield say(code, lang, share=shown_share(share, lang), what=say(what, lang))


def step_said(explanation: Explanation, step: LevelEffect, lang: Language) -> str:
    """What changes of the situation, from what to what, and whom that excludes."""
    title = explanation.decision.problem.criteria.profile[step.field].title
    values = {"field": step.field if title is None else title.say(lang)}
    for name, value in (("value", step.value), ("changed", step.changed)):
        shown = situation_value(value, lang)
        # Chinese sets numbers off, but not from a stop
        values[name] = shown if lang == "en" or isinstance(value, bool) else f" {shown} "
    values["changed"] = values["changed"].rstrip()
    if not step.excluded:
        return say("one_step", lang, **values)
    comma = ", " if lang == "en" else "、"
    return say("one_step_excludes", lang, options=comma.join(step.excluded), **values)


def situation_value(value: float | bool | str, lang: Language) -> str:
    """A profile field's value for readers."""
    if isinstance(value, bool):
        return say("answer_yes" if value else "answer_no", lang)
    return value if isinstance(value, str) else given_number(value)


def _option(explanation: Explanation, name: str, lang: Language) -> str:
    problem = explanation.decision.problem
    title = next(each.title for each in problem.options if each.name == name).say(lang)
    if title == name:
        return name
    code = "titled_brackets" if set("()\uff08\uff09") & set(title) else "titled"
    return say(code, lang, name=name, title=title)


def shown_share(share: float, lang: Language) -> str:
    """A share in whole percent."""
    return percent(share, 0, lang)


def _decimals(explanation: Explanation) -> int:
    """Decimals that show the margin with two figures, and three at least."""
    size = abs(explanation.margin)
    return min(9, max(3, 1 - math.floor(math.log10(size)))) if size > TIE else 3


def amount_in(explanation: Explanation, amount: float, *, signed: bool = False) -> str:
    """An amount of closeness with as many decimals as the margin needs."""
    decimals = _decimals(explanation)
    if abs(amount) < 0.5 * 10.0**-decimals:
        return f"{0.0:.{decimals}f}"
    return f"{amount:{'+' if signed else ''}.{decimals}f}"

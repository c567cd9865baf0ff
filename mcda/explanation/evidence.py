"""How much of a lead rests on facts without a source, old ones, or ones with a wide range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mcda.engine.ages import age_of
from mcda.engine.decision import Decision
from mcda.engine.reads import Slot
from mcda.explanation.variation import vary_fact
from mcda.model.values import Fact

__all__ = ["WIDE", "Evidence", "FactEvidence", "evidence_of"]

#: Places of a range that are looked at.
_PLACES = 9
#: A range is wide if the lead changes inside it by more than this share of itself.
WIDE = 0.25


@dataclass(frozen=True, slots=True)
class FactEvidence:
    """What stands behind one fact of one option.

    Attributes
    ----------
    option, fact : str
    unsourced : bool
        No source is given.
    stale : bool
        It is older on the decision's date than it may be.
    age : int or None
        In days on the decision's date; ``None`` where one of the two has no date.
    stale_after : int
        How many days old it may be.
    leads : tuple of float, or None
        The least and the greatest lead at nine places of its range, all else unchanged; ``None``
        without a range. NaN where one of the two would be excluded or could not be scored.
    wide : bool
        The lead changes inside the range by more than a quarter of itself.
    """

    option: str
    fact: str
    unsourced: bool
    stale: bool
    age: int | None
    stale_after: int
    leads: tuple[float, float] | None
    wide: bool


@dataclass(frozen=True)
class Evidence:
    """What the difference between two options rests on.

    Attributes
    ----------
    facts : tuple of FactEvidence
        Those that make a difference, and those whose range could.
    unsourced, stale, wide : float
        Share of all amounts, for and against, that rests on such facts; in [0, 1].
    ranged : bool
        Whether any fact has a range.
    """

    facts: tuple[FactEvidence, ...]
    unsourced: float
    stale: float
    wide: float
    ranged: bool

    @property
    def limits(self) -> tuple[int, ...]:
        """How many days old those of `facts` may be whose age is known; the least first."""
        return tuple(sorted({e.stale_after for e in self.facts if e.age is not None}))

    def none_is(self, flag: str) -> bool:
        """Whether none of `facts` is "unsourced", "stale" or "wide"."""
        return not any(getattr(each, flag) for each in self.facts)


def evidence_of(
    decision: Decision,
    columns: tuple[int, ...],
    pair: tuple[int, int | None],
    lead: float,
    amounts: Sequence[tuple[tuple[Slot, ...], float]],
) -> Evidence:
    """What stands behind the facts that make a difference.

    Parameters
    ----------
    decision, columns, pair, lead
        The contest; see `varied`.
    amounts
        Everything that is read, with what it contributes: facts together where they cannot be
        told apart.
    """
    found: dict[tuple[str, str], FactEvidence] = {}
    flagged = dict.fromkeys(("unsourced", "stale", "wide"), 0.0)
    weighty: set[tuple[str, str]] = set()
    held: list[tuple[str, str, Fact]] = []
    total = 0.0
    for slots, amount in amounts:
        total += abs(amount)
        holders = [holder for slot in slots for holder in _holders(decision, slot, pair)]
        held += holders
        for option, name, fact in holders:
            if (option, name) not in found:
                found[option, name] = _look(decision, columns, pair, lead, option, name, fact)
        for flag in flagged:
            if any(getattr(found[option, name], flag) for option, name, _ in holders):
                flagged[flag] += abs(amount)
        weighty.update((o, n) for o, n, _ in holders if amount != 0.0)
    shares = {flag: value / total if total else 0.0 for flag, value in flagged.items()}
    facts = tuple(each for key, each in found.items() if key in weighty or each.wide)
    looked_at = [fact for _, _, fact in held]
    ranged = any(fact.low is not None or fact.high is not None for fact in looked_at)
    return Evidence(facts, **shares, ranged=ranged)


def _holders(
    decision: Decision, slot: Slot, pair: tuple[int, int | None]
) -> Iterator[tuple[str, str, Fact]]:
    """The options whose fact is read, with the fact; parts stand in for an option that has none."""
    options = {each.name: each for each in decision.problem.options}
    for position in pair:
        if position is None:
            continue
        option = decision.problem.options[position]
        if slot.part is not None and slot.part in option.parts:
            option = options[option.parts[slot.part]]
        holding = [option]
        combined = decision.problem.criteria.facts[slot.fact].combine is not None
        if combined and slot.fact not in option.facts and slot.fact not in option.unknown:
            holding = [options[part] for part in option.parts.values()]
        for each in holding:
            if slot.fact in each.facts:
                yield each.name, slot.fact, each.facts[slot.fact]


def _look(
    decision: Decision,
    columns: tuple[int, ...],
    pair: tuple[int, int | None],
    lead: float,
    option: str,
    name: str,
    fact: Fact,
) -> FactEvidence:
    age = age_of(fact, decision.problem.scenario.decision_date)
    limit = decision.problem.criteria.facts[name].stale_after
    stale = age is not None and age > limit
    leads = None
    wide = False
    if fact.low is not None or fact.high is not None:
        low = float(fact.value if fact.low is None else fact.low)
        high = float(fact.value if fact.high is None else fact.high)
        found = [
            vary_fact(decision, columns, pair, option, name, float(value))
            for value in np.linspace(low, high, _PLACES if high > low else 1)
        ]
        inside = [math.nan if each is None else each for each in found]
        leads = (float(np.min(inside)), float(np.max(inside)))
        wide = not all(abs(each - lead) <= WIDE * abs(lead) for each in (*leads, lead))
    return FactEvidence(option, name, fact.source is None, stale, age, limit, leads, wide)

"""How much of a lead rests on facts without a source, old ones, or ones with a wide range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mcda.engine.decision import Decision
from mcda.engine.reads import Slot
from mcda.explanation.variation import vary_fact
from mcda.model.values import Fact

__all__ = ["STALE_DAYS", "WIDE", "Evidence", "FactEvidence", "evidence_of"]

#: A fact this many days older than the decision is stale.
STALE_DAYS = 365
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
        It is more than a year older than the decision's date.
    leads : tuple of float or None, or None
        The lead at the low and the high end of its range, all else unchanged; ``None`` without a
        range, and for an end at which an option cannot be scored.
    wide : bool
        The lead changes inside the range by more than a quarter of itself.
    """

    option: str
    fact: str
    unsourced: bool
    stale: bool
    leads: tuple[float | None, float | None] | None
    wide: bool


@dataclass(frozen=True)
class Evidence:
    """What the difference between two options rests on.

    Attributes
    ----------
    facts : tuple of FactEvidence
        Those that make a difference.
    unsourced, stale, wide : float
        Share of all amounts, for and against, that rests on such facts; in [0, 1].
    """

    facts: tuple[FactEvidence, ...]
    unsourced: float
    stale: float
    wide: float


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
        Facts with what they contribute together: one fact each where they can be told apart.
    """
    found: dict[tuple[str, str], FactEvidence] = {}
    flagged = dict.fromkeys(("unsourced", "stale", "wide"), 0.0)
    total = 0.0
    for slots, amount in amounts:
        if amount == 0.0:
            continue
        total += abs(amount)
        holders = [holder for slot in slots for holder in _holders(decision, slot, pair)]
        for option, name, fact in holders:
            if (option, name) not in found:
                found[option, name] = _look(decision, columns, pair, lead, option, name, fact)
        for flag in flagged:
            if any(getattr(found[option, name], flag) for option, name, _ in holders):
                flagged[flag] += abs(amount)
    shares = {flag: value / total if total else 0.0 for flag, value in flagged.items()}
    return Evidence(tuple(found.values()), **shares)


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
        if slot.fact not in option.facts and slot.fact not in option.unknown:
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
    decided = decision.problem.scenario.decision_date
    stale = (
        decided is not None and fact.as_of is not None and (decided - fact.as_of).days > STALE_DAYS
    )
    leads = None
    if fact.low is not None or fact.high is not None:
        ends = (fact.low, fact.high)
        leads = tuple(
            lead if end is None else vary_fact(decision, columns, pair, option, name, end)
            for end in ends
        )
    wide = leads is not None and any(
        each is None or abs(each - lead) > WIDE * abs(lead) for each in leads
    )
    return FactEvidence(option, name, fact.source is None, stale, leads, wide)  # type: ignore[arg-type]

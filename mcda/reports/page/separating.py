"""What separates scenarios whose winners differ: what does not overlap between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from mcda.engine.decision import Decision

__all__ = ["Separation", "groups", "separations"]

Value = float | bool | str
#: Values closer than this are equal.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Separation:
    """Something that differs between the scenarios of different winners.

    Attributes
    ----------
    kind : str
        "profile", "weight" (of a dimension, as judged), "excluded", or "fact".
    name : tuple of str
        A field; a dimension; an option; an option and a fact.
    values : mapping
        Winner -> its scenarios' values, sorted, each once; ``None`` stands for nothing known.
    pairs : int
        How many pairs of winners it tells apart: no value of one lies among those of the other.
    """

    kind: str
    name: tuple[str, ...]
    values: Mapping[str | None, tuple[Value | None, ...]]
    pairs: int


def groups(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """Scenarios that can be compared: those of one criteria model, in their order.

    A scenario that brings its own criteria is compared with others of the same criteria only.
    """
    found: dict[object, list[Decision]] = {}
    for each in decisions:
        problem = each.problem
        key = (problem.criteria.id if not problem.stand_alone else "", problem.tree.leaf_ids)
        found.setdefault(key, []).append(each)
    return list(found.values())


def separations(decisions: Sequence[Decision]) -> list[Separation]:
    """What tells the winners apart, what tells most apart first; empty with one winner only.

    It describes these scenarios; it does not say that the difference makes the winner.
    """
    winners = list(dict.fromkeys(each.recommended for each in decisions))
    if len(winners) < 2:
        return []
    every = [dict(_traits(each)) for each in decisions]
    keys = dict.fromkeys(key for traits in every for key in traits)
    found = []
    for kind, name in keys:
        values: dict[str | None, tuple[Value | None, ...]] = {
            winner: _sorted(
                traits.get((kind, name))
                for each, traits in zip(decisions, every, strict=True)
                if each.recommended == winner
            )
            for winner in winners
        }
        pairs = sum(_apart(values[a], values[b]) for a, b in combinations(winners, 2))
        if pairs:
            found.append(Separation(kind, name, values, pairs))
    return sorted(found, key=lambda each: -each.pairs)


def _traits(decision: Decision) -> Iterator[tuple[tuple[str, tuple[str, ...]], Value]]:
    """Everything by which a scenario can differ."""
    problem = decision.problem
    for name, value in problem.profile.items():
        yield ("profile", (name,)), value
    for name, weight in decision.weights.by_dimension("judged").items():
        yield ("weight", (name,)), weight
    out = {each.option for each in decision.excluded}
    for option in problem.options:
        yield ("excluded", (option.name,)), option.name in out
        for name, fact in option.facts.items():
            if fact.value is not None:
                yield ("fact", (option.name, name)), fact.value


def _sorted(values: Iterator[Value | None]) -> tuple[Value | None, ...]:
    distinct = {(type(each).__name__, each): each for each in values}
    return tuple(distinct[key] for key in sorted(distinct, key=lambda key: (key[0], str(key[1]))))


def _apart(one: Sequence[Value | None], other: Sequence[Value | None]) -> bool:
    """Whether no value of one lies among those of the other; numbers count as ranges."""
    ranges = [_range(side) for side in (one, other)]
    if ranges[0] is not None and ranges[1] is not None:
        (low, high), (least, most) = ranges[0], ranges[1]
        return high < least - _EQUAL or most < low - _EQUAL
    return not set(map(_key, one)) & set(map(_key, other))


def _range(side: Sequence[Value | None]) -> tuple[float, float] | None:
    """The least and the greatest, if all are numbers."""
    numbers = [float(v) for v in side if isinstance(v, int | float) and not isinstance(v, bool)]
    return (min(numbers), max(numbers)) if len(numbers) == len(side) else None


def _key(value: Value | None) -> tuple[str, Value | None]:
    return type(value).__name__, value

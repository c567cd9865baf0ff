"""What would let excluded options in: the nearest single changes of who decides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mcda.engine.decision import Admission, Decision, Excluded
from mcda.engine.variants import variants_of_profile
from mcda.model.criteria import ProfileField

__all__ = ["admissions_of"]

#: Places of a domain that are looked at before the nearest passing one is narrowed down.
_PLACES = 129
#: Places in each round of narrowing down, and rounds.
_SECTIONS = 33
_ROUNDS = 11


def admissions_of(decision: Decision) -> tuple[Admission, ...]:
    """The changes of one profile field that make an excluded option eligible.

    Yes/no fields and numbers are looked at, not choices: to choose another question is no way to
    answer one. A field with levels takes whole levels. Options that fail the fewest gates come
    first, then yes/no fields, then the nearest numbers. Numbers are looked at in 129 places of
    their domain and at the values of facts, and the nearest passing one is narrowed down.
    """
    found = [
        admission
        for excluded in decision.relaxations
        for admission in sorted(_of_option(decision, excluded), key=_size)
    ]
    return tuple(found)


def _size(admission: Admission) -> float:
    if isinstance(admission.changed, bool):
        return 0.0
    return abs(admission.changed - admission.value)


def _of_option(decision: Decision, excluded: Excluded) -> Iterator[Admission]:
    problem = decision.problem
    reads = decision.workings.scored.compiled.reads
    # one change can only help where every failed gate reads it
    read = frozenset.intersection(*(reads[f"gate:{gate.gate}"] for gate in excluded.gates))
    position = [option.name for option in problem.options].index(excluded.option)
    for name, declared in problem.criteria.profile.items():
        value = problem.profile.get(name)
        if name not in read or value is None or isinstance(value, str):
            continue
        changed = _nearest(decision, position, name, declared, value)
        if changed is not None:
            yield Admission(excluded.option, name, value, changed)


def _nearest(
    decision: Decision, option: int, field: str, declared: ProfileField, value: float | bool
) -> float | bool | None:
    """The nearest value with which the option passes every gate, if there is one."""
    if isinstance(value, bool):
        return (not value) if _passes(decision, option, field, [not value])[0] else None
    places = _places(decision, declared, value)
    passing = [
        p for p, ok in zip(places, _passes(decision, option, field, places), strict=True) if ok
    ]
    if not passing:
        return None
    nearest = min(passing, key=lambda place: abs(place - value))
    if declared.levels:
        return nearest
    before = [p for p in (value, *places) if min(value, nearest) <= p <= max(value, nearest)]
    last = min((p for p in before if p != nearest), key=lambda p: abs(p - nearest))
    for _ in range(_ROUNDS):
        inner = np.linspace(last, nearest, _SECTIONS).tolist()
        first = int(np.argmax(_passes(decision, option, field, inner)))
        last, nearest = inner[max(first - 1, 0)], inner[first]
    return float(nearest)


def _places(decision: Decision, declared: ProfileField, value: float) -> list[float]:
    """Whole levels; else places of the domain, and the facts that a threshold may lie at."""
    if declared.levels:
        return [float(level) for level in range(len(declared.levels))]
    facts = [
        float(fact.value)
        for option in decision.problem.options
        for fact in option.facts.values()
        if isinstance(fact.value, float | int) and not isinstance(fact.value, bool)
    ]
    low, high = declared.bounds
    reach = max(1.0, abs(value), *(abs(fact) for fact in facts)) * 2
    low, high = (-reach if low is None else low), (reach if high is None else high)
    places = [*np.linspace(low, high, _PLACES).tolist(), *facts]
    return sorted({place for place in places if low <= place <= high})


def _passes(
    decision: Decision, option: int, field: str, values: list[float] | list[bool]
) -> NDArray[np.bool_]:
    variants = variants_of_profile(decision, field, list(values))
    return np.asarray(variants.eligible[:, option] & variants.valid)

"""Facts that are too old for a decision, or later than it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mcda.engine.scoring import Compiled, scored_name
from mcda.model.criteria import FactField
from mcda.model.problem import Problem
from mcda.model.text import Notice, Text
from mcda.model.values import Fact

__all__ = ["about_ages", "facts_that_count", "is_stale"]

#: Where all of more facts than this are of one date, they are not named one by one.
_MANY = 3


def is_stale(fact: Fact, declared: FactField, decided: date | None) -> bool:
    """Whether a fact is older on the decision's date than its field allows; never by today."""
    if decided is None or fact.as_of is None:
        return False
    return (decided - fact.as_of).days > declared.stale_after


def facts_that_count(problem: Problem, compiled: Compiled) -> frozenset[str]:
    """The facts that a leaf or a gate reads, through measures and parts, too."""
    read = {scored_name(leaf) for leaf in problem.tree.leaves}
    for name in (*read, *(f"gate:{gate}" for gate in compiled.gates)):
        read |= compiled.reads.get(name, frozenset())
    return frozenset(read & problem.criteria.facts.keys())


def about_ages(problem: Problem, compiled: Compiled) -> Iterator[Notice]:
    """The options' facts that are too old for the decision, or later; those that count."""
    decided = problem.scenario.decision_date
    if decided is None:
        return
    count = facts_that_count(problem, compiled)
    declared = problem.criteria.facts
    for option in problem.options:
        found: dict[str, dict[date, list[str]]] = {"stale": {}, "hindsight": {}}
        looked_at = [name for name in option.facts if name in count]
        for name in looked_at:
            fact = option.facts[name]
            if fact.as_of is None:
                continue
            if is_stale(fact, declared[name], decided):
                found["stale"].setdefault(fact.as_of, []).append(name)
            elif fact.as_of > decided:
                found["hindsight"].setdefault(fact.as_of, []).append(name)
        for code, dates in found.items():
            named = {"option": option.name, "decided": decided}
            if _MANY < sum(map(len, dates.values())) == len(looked_at):
                yield Notice(f"{code}_all", **named, count=len(looked_at), day=_days(dates))
            elif dates:
                yield Notice(code, **named, facts=_listed(dates, declared))


def _days(dates: Iterable[date]) -> Text:
    """One date, or the first and the last of several."""
    first, last = min(dates), max(dates)
    if first == last:
        return Text(en=str(first), zh=str(first))
    return Text(en=f"{first} to {last}", zh=f"{first} 至 {last}")


def _listed(dates: Mapping[date, list[str]], declared: Mapping[str, FactField]) -> Text:
    """The facts of each date: by what files call them in English, by their titles in Chinese."""

    def titled(name: str) -> str:
        title = declared[name].title
        return name if title is None else title.say("zh")

    by_date = sorted(dates.items())
    return Text(
        en="; ".join(f"{', '.join(names)} ({day})" for day, names in by_date),
        zh="；".join(f"{'、'.join(map(titled, names))}（{day}）" for day, names in by_date),
    )

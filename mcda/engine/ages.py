"""Facts that are too old for a decision, or later than it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mcda.engine.scoring import Compiled, scored_name
from mcda.model.criteria import FactField
from mcda.model.problem import Problem
from mcda.model.text import Notice, Text
from mcda.model.values import Fact

__all__ = ["about_ages", "age_of", "facts_that_count", "in_days", "is_stale"]

#: Where all of more facts than this are of one date, they are not named one by one.
_MANY = 3


def age_of(fact: Fact, decided: date | None) -> int | None:
    """A fact's age in days on the decision's date, never today's; below zero if it is later."""
    if decided is None or fact.as_of is None:
        return None
    return (decided - fact.as_of).days


def is_stale(fact: Fact, declared: FactField, decided: date | None) -> bool:
    """Whether a fact is older on the decision's date than its field allows."""
    age = age_of(fact, decided)
    return age is not None and age > declared.stale_after


def in_days(limits: Iterable[int]) -> Text:
    """Age limits in days: one, or the least and the greatest of several.

    Examples
    --------
    >>> in_days([90, 30]).en, in_days([1]).zh
    ('30 to 90 days', '1 天')
    """
    ordered = sorted(limits)
    least, most = ordered[0], ordered[-1]
    if least == most:
        return Text(en=f"{least} day{'' if least == 1 else 's'}", zh=f"{least} 天")
    return Text(en=f"{least} to {most} days", zh=f"{least} 至 {most} 天")


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
        found: dict[str, dict[tuple[date, int | None], list[str]]] = {"stale": {}, "hindsight": {}}
        looked_at = [name for name in option.facts if name in count]
        for name in looked_at:
            fact = option.facts[name]
            if fact.as_of is None:
                continue
            if is_stale(fact, declared[name], decided):
                key = (fact.as_of, declared[name].stale_after)
                found["stale"].setdefault(key, []).append(name)
            elif fact.as_of > decided:
                found["hindsight"].setdefault((fact.as_of, None), []).append(name)
        for code, dates in found.items():
            named = {"option": option.name, "decided": decided}
            if _MANY < sum(map(len, dates.values())) == len(looked_at):
                days, limits = zip(*dates, strict=True)
                limit = (
                    in_days(each for each in limits if each is not None) if code == "stale" else ""
                )
                yield Notice(
                    f"{code}_all", **named, count=len(looked_at), day=_days(days), limit=limit
                )
            elif dates:
                yield Notice(code, **named, facts=_listed(dates, declared))


def _days(dates: Iterable[date]) -> Text:
    """One date, or the first and the last of several."""
    first, last = min(dates), max(dates)
    if first == last:
        return Text(en=str(first), zh=str(first))
    return Text(en=f"{first} to {last}", zh=f"{first} 至 {last}")


def _listed(
    dates: Mapping[tuple[date, int | None], list[str]], declared: Mapping[str, FactField]
) -> Text:
    """The facts of each date with the age limit that they exceed, if they do.

    In English by what files call them, in Chinese by their titles.
    """

    def titled(name: str) -> str:
        title = declared[name].title
        return name if title is None else title.say("zh")

    by_date = [
        (day, None if limit is None else in_days([limit]), names)
        for (day, limit), names in sorted(dates.items())
    ]
    return Text(
        en="; ".join(
            f"{', '.join(names)} ({day}{f', limit {limit.en}' if limit else ''})"
            for day, limit, names in by_date
        ),
        zh="；".join(
            f"{'、'.join(map(titled, names))}（{day}{f'，时限 {limit.zh}' if limit else ''}）"
            for day, limit, names in by_date
        ),
    )

"""What another facts pack changes, and by which facts.

A world is a choice, for every fact that differs, of one side's or the other's. The decisive facts
are the smallest set that changes the winner when they alone are switched: all sets of one are
tried, then all of two, and so on. Of sets of the same size, that one is named which leads to the
winner that all facts together make; then the one that makes the fewest options fail gates that they
pass in the end (half of a pair of facts that pass a gate only together would); then the one whose
facts are known on both sides; then the first in the model's order. Where a size has too many sets
to try, facts are taken out of the whole one by one as long as the result stays: none of those left
can be left out, but another set may be smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
from numpy.typing import NDArray

from mcda.engine.ages import facts_that_count
from mcda.engine.decision import Decision, FailedGate
from mcda.engine.worlds import Outcome, Worlds
from mcda.errors import McdaError
from mcda.model.problem import OptionFacts, Problem
from mcda.model.shown import Shown
from mcda.model.values import Fact

__all__ = ["MOST_WORLDS", "Difference", "FactChange", "Moved", "Switched", "difference"]

#: Sets of facts that are tried at most, before facts are taken out one by one instead.
MOST_WORLDS = 50_000
#: Worlds that are evaluated at a time.
_LOT = 5_000

Mask = NDArray[np.bool_]
Test = Callable[[Outcome], Mask]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that differs between the two sides.

    Attributes
    ----------
    option : str
    fact : str or None
        ``None``: the option itself is there on one side only.
    before, after : Fact or None
        With source and date; ``None`` where nothing is said.
    counts : bool
        Whether a leaf or a gate reads it.
    """

    option: str
    fact: str | None
    before: Fact | None
    after: Fact | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Switched:
    """Facts that do something when they alone are switched.

    Attributes
    ----------
    changes : tuple of FactChange
    becomes : str or None
        The winner then; ``None`` without one.
    exact : bool
        No smaller set does it; else only that none of these facts can be left out.
    others : int
        How many other sets of that size do it just as well, failing no more gates that are passed
        after all; 0 if not `exact`.
    """

    changes: tuple[FactChange, ...]
    becomes: str | None
    exact: bool
    others: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A gate that excludes an option on one side only.

    Attributes
    ----------
    option : str
    gate : FailedGate
    by : tuple of FactChange
        The smallest set of facts that, switched alone, makes the difference.
    """

    option: str
    gate: FailedGate
    by: tuple[FactChange, ...]


@dataclass(frozen=True, eq=False)
class Difference(Shown):
    """What changes for one scenario from one side to the other.

    Attributes
    ----------
    before, after : Decision
    facts : tuple of FactChange
        Facts whose value differs, of options that both sides have.
    resourced : int
        Facts with the same value from another source, or of another date.
    lost, gained : tuple of str
        Options that only the first side has, and only the second.
    falls_out, comes_back : tuple of Moved
        Options of both sides that gates exclude only after, and only before.
    decisive : Switched or None
        The smallest set that changes the winner; ``None`` where all facts together do not, or no
        world between the two can be evaluated.
    complete : Switched or None
        The smallest set that leads to the winner after, where `decisive` leads elsewhere.
    """

    before: Decision
    after: Decision
    facts: tuple[FactChange, ...]
    resourced: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    falls_out: tuple[Moved, ...]
    comes_back: tuple[Moved, ...]
    decisive: Switched | None
    complete: Switched | None

    @property
    def scenario(self) -> str:
        """The scenario's id."""
        return self.before.scenario

    @property
    def winner_changes(self) -> bool:
        """Whether another option is recommended, or none any more."""
        return self.before.recommended != self.after.recommended

    def __repr__(self) -> str:
        now = f"{self.before.recommended!r} -> {self.after.recommended!r}"
        return f"<Difference {self.scenario!r}: {now}>"


def difference(before: Decision, after: Decision, names: Sequence[str]) -> Difference:
    """What changes between two decisions for one scenario with different facts.

    Parameters
    ----------
    before, after
        They share the scenario and the criteria model.
    names
        The scenario's options; each side may lack some of them.
    """
    worlds = Worlds(before.problem, after.problem, tuple(names))
    changes, resourced = _changes(before, after)
    of = {(each.option, each.fact): each for each in changes}
    here, there = ({each.name for each in side.problem.options} for side in (before, after))
    for name in here ^ there:
        sides = (Fact(value=name in here), Fact(value=name in there))
        of[name, None] = FactChange(name, None, *sides, counts=True)
    search = _Search(worlds, [of[switch] for switch in worlds.switches])
    decisive, complete = _decisive(search, before.recommended, after.recommended)
    return Difference(
        before=before,
        after=after,
        facts=tuple(changes),
        resourced=resourced,
        lost=tuple(name for name in names if name in here - there),
        gained=tuple(name for name in names if name in there - here),
        falls_out=tuple(_moved(search, after, before, falls=True)),
        comes_back=tuple(_moved(search, before, after, falls=False)),
        decisive=decisive,
        complete=complete,
    )


def _changes(before: Decision, after: Decision) -> tuple[list[FactChange], int]:
    """The facts that differ, what counts and is known first; how many differ in source only."""
    count = facts_that_count(before.problem, before.workings.scored.compiled)
    later = {each.name: each for each in after.problem.options}
    found, resourced = [], 0
    for option in before.problem.options:
        if option.name not in later:
            continue
        for name in before.problem.criteria.facts:
            one = _stated(before.problem, option, name)
            other = _stated(after.problem, later[option.name], name)
            values = [None if each is None else each.value for each in (one, other)]
            kept = [
                name in each.unknown and bool(option.parts) for each in (option, later[option.name])
            ]
            if values[0] != values[1] or kept[0] != kept[1]:
                found.append(FactChange(option.name, name, one, other, name in count))
            elif one is not None and other is not None:
                resourced += (one.source, one.as_of) != (other.source, other.as_of)
    return sorted(found, key=lambda each: (not each.counts, _strangeness(each))), resourced


def _stated(problem: Problem, option: OptionFacts, name: str) -> Fact | None:
    """A fact with its source; one that is said to be unknown, too."""
    if name in option.facts:
        return option.facts[name]
    given = problem.scenario.options[option.name]
    if name in given.facts:
        return given.facts[name]
    known = problem.pack.options.get(given.from_) if problem.pack and given.from_ else None
    return known.fact(name) if known is not None and name in known.facts else None


class _Search:
    """Looks for the smallest sets of switches that do something."""

    def __init__(self, worlds: Worlds, changes: Sequence[FactChange]) -> None:
        self.worlds = worlds
        self.changes = changes
        self.passed_after = worlds.outcome(np.ones((1, len(changes)), dtype=bool)).passed
        self.costs = np.array([_strangeness(each) for each in changes], dtype=np.int64)

    def smallest(
        self, among: Sequence[int], test: Test, better: Test | None = None
    ) -> tuple[tuple[int, ...], bool, int] | None:
        """The smallest set of switches whose worlds meet the test, and those `better` first.

        Returns
        -------
        tuple or None
            The switches, whether no smaller set does it, and how many others of that size do.
        """
        if not self._holds(tuple(among), test):
            return None
        tried = 0
        for size in range(1, len(among) + 1):
            tried += comb(len(among), size)
            if tried > MOST_WORLDS:
                break
            hits = list(self._hits(among, size, test, better))
            if hits:
                best = min(hits)
                return best[-1], True, sum(each[:2] == best[:2] for each in hits) - 1
        return self._shrunk(list(among), test), False, 0

    def _hits(
        self, among: Sequence[int], size: int, test: Test, better: Test | None
    ) -> Iterator[tuple[bool, int, int, tuple[int, ...]]]:
        """Sets of a size that meet the test, each with what it is preferred by."""
        sets = combinations(among, size)
        while lot := list(islice(sets, _LOT)):
            chosen = np.array(lot)
            switched = np.zeros((len(lot), len(self.changes)), dtype=bool)
            np.put_along_axis(switched, chosen, True, axis=1)
            outcome = self.worlds.outcome(switched)
            good = test(outcome) if better is None else better(outcome)
            unreal = self._unreal(outcome)
            for i in np.flatnonzero(test(outcome)).tolist():
                yield not good[i], int(unreal[i]), int(self.costs[chosen[i]].sum()), lot[i]

    def _unreal(self, outcome: Outcome) -> NDArray[np.int64]:
        """How many gates (W,) are failed by options that pass them where all is switched."""
        total = np.zeros(len(outcome.winners), dtype=np.int64)
        for gate, passed in outcome.passed.items():
            total += (~passed & self.passed_after[gate]).sum(axis=1)
        return total

    def _holds(self, chosen: tuple[int, ...], test: Test) -> bool:
        return bool(test(self._outcome(chosen))[0])

    def _outcome(self, chosen: tuple[int, ...]) -> Outcome:
        switched = np.zeros((1, len(self.changes)), dtype=bool)
        switched[0, list(chosen)] = True
        return self.worlds.outcome(switched)

    def _shrunk(self, chosen: list[int], test: Test) -> tuple[int, ...]:
        """A set from which nothing can be left out, the strangest facts having gone first."""
        for each in sorted(chosen, key=lambda i: (-self.costs[i], -i)):
            rest = tuple(i for i in chosen if i != each)
            if self._holds(rest, test):
                chosen.remove(each)
        return tuple(chosen)

    def winner(self, chosen: tuple[int, ...]) -> str | None:
        """Who wins where these are switched."""
        place = int(self._outcome(chosen).winners[0])
        return self.worlds.names[place] if place >= 0 else None


def _strangeness(change: FactChange) -> int:
    """Facts known on both sides explain more than one that is new, and that more than one gone."""
    if change.fact is None:
        return 0
    before, after = (
        each is not None and each.value is not None for each in (change.before, change.after)
    )
    return 0 if before and after else 1 if after else 2


def _decisive(
    search: _Search, before: str | None, after: str | None
) -> tuple[Switched | None, Switched | None]:
    """The smallest set that changes the winner, and the smallest that leads to the new one."""
    if before == after:
        return None, None
    place: dict[str | None, int] = {name: i for i, name in enumerate(search.worlds.names)}
    place[None] = -1

    def leaves(outcome: Outcome) -> Mask:
        return np.asarray((outcome.winners != place[before]) & (outcome.winners > -2))

    def arrives(outcome: Outcome) -> Mask:
        return np.asarray(outcome.winners == place[after])

    every = range(len(search.changes))
    try:
        found = [search.smallest(every, leaves, arrives)]
        if found[0] is not None and search.winner(found[0][0]) != after:
            found.append(search.smallest(every, arrives))
    except McdaError:
        return None, None
    named = [
        None
        if each is None
        else Switched(
            tuple(search.changes[i] for i in each[0]), search.winner(each[0]), each[1], each[2]
        )
        for each in (*found, None)[:2]
    ]
    return named[0], named[1]


def _moved(search: _Search, out: Decision, inside: Decision, *, falls: bool) -> Iterator[Moved]:
    """Options that gates exclude in `out` and not `inside`, with the facts that make it so."""
    eligible = {each.option for each in inside.ranking}
    for excluded in out.excluded:
        if excluded.option not in eligible:
            continue
        place = search.worlds.names.index(excluded.option)
        option = inside.problem.options[
            [each.name for each in inside.problem.options].index(excluded.option)
        ]
        near = {option.name, *option.parts.values()}
        for gate in excluded.gates:
            read = out.workings.scored.compiled.reads[f"gate:{gate.gate}"]
            among = [
                i
                for i, each in enumerate(search.changes)
                if each.option in near and each.fact in read
            ]

            def differs(outcome: Outcome, gate: str = gate.gate, place: int = place) -> Mask:
                return np.asarray(outcome.passed[gate][:, place] != falls)

            try:
                found = search.smallest(among, differs)
            except McdaError:
                found = None
            by = () if found is None else tuple(search.changes[i] for i in found[0])
            yield Moved(excluded.option, gate, by)

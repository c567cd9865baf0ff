"""A measure of two options along one input, ranged facts as they are or at the ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mcda.engine.decision import Decision
from mcda.engine.scoring import OptionValues
from mcda.engine.variants import worked_out
from mcda.errors import InputError, McdaError, hint, listing
from mcda.formulas import NUMBER, Node, evaluate
from mcda.formulas.tree import Call, Compare, walk
from mcda.model.values import Fact
from mcda.robustness.ties import Tie, passages, ties

__all__ = ["PLACES", "IndependentError", "Line", "Range"]

Floats = NDArray[np.float64]

#: Places that are looked at, besides the ends of the pieces of formulas.
PLACES = 257
#: Ends of pieces at most.
MOST_PIECES = 20_000
#: An open end of a domain is looked for up to so many times the value.
REACH = 1000.0
#: Draws, and places of each, that check that the ends of ranges bound everything between them.
_DRAWS, _CHECKED = 64, 17


class IndependentError(InputError):
    """The measure of two options does not depend on the input."""


@dataclass(frozen=True, slots=True)
class Range:
    """A fact with a range, of the options that share it."""

    options: tuple[int, ...]
    name: str
    value: float
    low: float
    high: float


class Line:
    """A measure of two options along one input."""

    def __init__(
        self,
        decision: Decision,
        measure: str,
        along: str | tuple[str, str],
        pair: tuple[str, str],
        over: tuple[float, float] | None,
    ) -> None:
        self.decision = decision
        #: The options' names, and the positions of the two.
        self.names = [option.name for option in decision.problem.options]
        self.pair = (self.names.index(pair[0]), self.names.index(pair[1]))
        options = decision.workings.scored.options
        assert isinstance(options, OptionValues)
        self.base = options
        self.measure = self._measured(measure)
        self.option, self.along = self._input(along)
        self.rows = self._rows()
        if self.along not in self.reads() or (
            self.option is not None and not self.rows[self.option]
        ):
            raise self._apart()
        self.low, self.high = self._span(over)
        self.ranges = self._ranges()
        self.switches = list(self._switches())
        self.complete = True
        #: Places, and there the values of ranged facts (B, k) that raise and lower the gap.
        self.directions: tuple[Floats, Floats, Floats] | None = None

    def _measured(self, name: str) -> str:
        criteria, types = self.decision.problem.criteria, self.base.compiled.names
        known = [
            each for each in (*criteria.measures, *criteria.facts) if types.get(each) == NUMBER
        ]
        if name not in known:
            what = f"there is no measure and no numeric fact {name!r}"
            raise InputError(what, hint(str(name), known))
        return name

    def _input(self, along: str | tuple[str, str]) -> tuple[int | None, str]:
        criteria = self.decision.problem.criteria
        if isinstance(along, str):
            fields = [each for each, of in criteria.profile.items() if of.type == "number"]
            if along not in fields:
                what = f"there is no numeric profile field {along!r}"
                raise InputError(what, hint(along, fields) or "Name an option and a fact of it")
            return None, along
        option, name = along
        if option not in self.names:
            raise InputError(f"there is no option {option!r}", hint(str(option), self.names))
        facts = [each for each, of in criteria.facts.items() if of.type == "number"]
        if name not in facts:
            raise InputError(f"there is no numeric fact {name!r}", hint(str(name), facts))
        return self.names.index(option), name

    def _apart(self) -> IndependentError:
        """The input changes nothing about the two."""
        first, second = (self.names[at] for at in self.pair)
        whose = "" if self.option is None else f" of {self.names[self.option]!r}"
        criteria = self.decision.problem.criteria
        inputs = sorted(self.reads() & {*criteria.profile, *criteria.facts})
        return IndependentError(
            f"{self.measure!r} of {first!r} and {second!r} does not depend on {self.along!r}"
            f"{whose}",
            f"It is made from {listing(inputs)}",
        )

    def _rows(self) -> NDArray[np.bool_]:
        """The two options and their parts (n,)."""
        rows = np.zeros(len(self.names), dtype=bool)
        rows[list(self.pair)] = True
        for at in self.pair:
            for role in self.base.roles.values():
                if role[at] >= 0:
                    rows[role[at]] = True
        return rows

    @property
    def value(self) -> float | None:
        """The input as it is."""
        problem = self.decision.problem
        if self.option is None:
            given = problem.profile.get(self.along)
            return None if given is None else float(given)
        fact = problem.options[self.option].facts.get(self.along)
        return None if fact is None else float(fact.value)

    def _span(self, over: tuple[float, float] | None) -> tuple[float, float]:
        if over is not None:
            low, high = float(over[0]), float(over[1])
            if not low < high or not np.isfinite([low, high]).all():
                raise InputError(
                    f"over={over!r} is not possible", "Give two numbers, the lower first"
                )
            return low, high
        criteria = self.decision.problem.criteria
        declared = criteria.profile if self.option is None else criteria.facts
        least, most = declared[self.along].bounds
        reach = REACH * (abs(self.value or 0.0) or 1.0)
        return (-reach if least is None else least), (reach if most is None else most)

    def reads(self) -> frozenset[str]:
        """The measure, and everything that it is made from."""
        compiled = self.base.compiled
        return compiled.reads.get(self.measure, frozenset()) | {self.measure}

    def _ranges(self) -> list[Range]:
        """Facts with a range behind the measure; those stated alike for several options are one."""
        reads, shared = self.reads(), dict[tuple[object, ...], list[int]]()
        facts: dict[tuple[object, ...], Fact] = {}
        for at in np.flatnonzero(self.rows):
            for name, fact in self.decision.problem.options[int(at)].facts.items():
                if name not in reads or (fact.low is None and fact.high is None):
                    continue
                if (self.option, self.along) == (int(at), name):
                    continue
                key = (name, fact.value, fact.low, fact.high, fact.source, fact.as_of)
                shared.setdefault(key, []).append(int(at))
                facts[key] = fact
        return [
            Range(
                tuple(options),
                str(key[0]),
                float(fact.value),
                float(fact.value if fact.low is None else fact.low),
                float(fact.value if fact.high is None else fact.high),
            )
            for key, options in shared.items()
            for fact in [facts[key]]
        ]

    def _switches(self) -> Iterator[tuple[Node, Node | None, str]]:
        """What turns where its difference passes zero; floor and ceil at every whole number."""
        compiled = self.base.compiled
        for name in sorted(self.reads() & set(compiled.measures)):
            text = self.decision.problem.criteria.measures[name].formula
            for node in walk(compiled.measures[name]):
                if isinstance(node, Compare):
                    operands = node.parts
                    for left, right in pairwise(operands):
                        if left.type == NUMBER:
                            yield left, right, text
                elif isinstance(node, Call) and node.function in ("floor", "ceil", "abs"):
                    yield node.arguments[0], None, text
                elif isinstance(node, Call) and node.function in ("min", "max", "clip"):
                    for other in node.arguments[1:]:
                        yield node.arguments[0], other, text

    def at(self, places: Floats, side: int, draws: Floats | None = None) -> OptionValues:
        """The options at places, with ranged facts as they are (0) or at the ends (1, -1)."""
        changes: dict[tuple[int | None, str], NDArray[np.generic]] = {
            (self.option, self.along): places
        }
        for number, each in enumerate(self.ranges):
            if draws is not None:
                values = draws[:, number]
            elif side == 0 or self.directions is None:
                continue
            else:
                values = self._ends(number, places, side)
            for option in each.options:
                changes[option, each.name] = values
        return worked_out(self.decision, changes, self.reads(), self.rows)

    def _ends(self, number: int, places: Floats, side: int) -> Floats:
        assert self.directions is not None
        at, most, least = self.directions
        nearest = np.clip(np.searchsorted(at, places), 0, len(at) - 1)
        return np.asarray((most if side > 0 else least)[nearest, number])

    def gap(
        self, places: Floats, side: int = 0, draws: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """First less second (B,), NaN where one is unknown, and the larger of the two sizes."""
        try:
            options = self.at(places, side, draws)
        except McdaError:
            if len(places) == 1:
                return np.full(1, np.nan), np.zeros(1)
            half = len(places) // 2
            parts = [
                self.gap(places[rows], side, None if draws is None else draws[rows])
                for rows in (slice(0, half), slice(half, None))
            ]
            return (
                np.concatenate([part[0] for part in parts]),
                np.concatenate([part[1] for part in parts]),
            )
        values, known = options.table[self.measure]
        shape = (len(places), len(self.names))
        values = np.where(np.broadcast_to(known, shape), np.broadcast_to(values, shape), np.nan)
        first, second = values[:, self.pair[0]], values[:, self.pair[1]]
        return first - second, np.maximum(np.abs(first), np.abs(second))

    def levels(self, places: Floats, side: int) -> Floats:
        """What switches (B, S) at places, for each option that takes part."""
        try:
            options = self.at(places, side)
        except McdaError:
            return np.full((len(places), 0), np.nan)
        nowhere = np.zeros(len(self.names), dtype=bool)
        columns = []
        for left, right, text in self.switches:
            value, known = evaluate(left, text, options, nowhere)
            if right is not None:
                other, sure = evaluate(right, text, options, nowhere)
                # zero is the only whole number that matters
                value, known = np.arctan(value - other) / np.pi, known & sure
            shape = (len(places), len(self.names))
            found = np.where(known, value.astype(float), np.nan)
            columns.append(np.broadcast_to(found, shape)[:, self.rows])
        return np.concatenate(columns, axis=1) if columns else np.empty((len(places), 0))

    def places(self, side: int) -> Floats:
        """Where to look: evenly, more finely near the lower end, and where formulas turn."""
        span = self.high - self.low
        shares = np.concatenate([np.linspace(0.0, 1.0, PLACES), np.geomspace(1e-9, 1.0, PLACES)])
        grid = [self.low + span * shares]
        if self.value is not None and self.low < self.value < self.high:
            grid.append(np.array([self.value]))
        places = np.unique(np.clip(np.concatenate(grid), self.low, self.high))
        turns, complete = passages(lambda at: self.levels(at, side), places, MOST_PIECES)
        self.complete = self.complete and complete
        inside = turns[(turns >= self.low) & (turns <= self.high)]
        return np.unique(np.concatenate([places, inside]))

    def ties(self, side: int) -> list[Tie]:
        """Where the difference meets zero, with ranged facts as they are or at the ends."""
        return ties(lambda at: self.gap(at, side), self.places(side))

    def set_directions(self) -> tuple[list[Range], list[Range]]:
        """Find which value of each ranged fact raises and lowers the difference, along the line.

        Returns those that do so anywhere, and those that do not where it is known.
        """
        places = np.linspace(self.low, self.high, PLACES)
        size, stated = len(places), np.array([of.value for of in self.ranges])
        most = np.tile(stated, (size, 1))
        least, moving, still = most.copy(), [], []
        for number, each in enumerate(self.ranges):
            ends = np.array([each.value, each.low, each.high])
            gaps = []
            for end in ends:
                draws = np.tile(stated, (size, 1))
                draws[:, number] = end
                gaps.append(self.gap(places, draws=draws)[0])
            found = np.stack(gaps)
            known = np.isfinite(found).all(axis=0)
            told = np.flatnonzero(known & (np.ptp(found, axis=0) > 0.0))
            if not told.size:
                still += [each] if known.any() else []
                continue
            moving.append(each)
            # what moves nothing at one place may at the next: as at the nearest that says which way
            nearest = told[np.clip(np.searchsorted(told, np.arange(size)), 0, told.size - 1)]
            most[:, number] = ends[found.argmax(axis=0)][nearest]
            least[:, number] = ends[found.argmin(axis=0)][nearest]
        self.directions = (places, most, least)
        return moving, still

    def bounded(self) -> bool:
        """Whether facts drawn from their ranges stay between what the ends give."""
        rng = np.random.default_rng(0)
        places = np.tile(np.linspace(self.low, self.high, _CHECKED), _DRAWS)
        low, high = np.array([(each.low, each.high) for each in self.ranges]).T
        draws = np.repeat(low + (high - low) * rng.random((_DRAWS, len(low))), _CHECKED, axis=0)
        values, sizes = self.gap(places, draws=draws)
        least, most = self.gap(places, -1)[0], self.gap(places, 1)[0]
        spare = 1e-9 * sizes
        with np.errstate(invalid="ignore"):
            outside = (values < least - spare) | (values > most + spare)
        return not bool(outside.any())

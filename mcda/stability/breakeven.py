"""Break-even: the values of one input at which two options tie in a measure.

Between what facts are at least and at most, a break-even is a range: the values at which facts
inside their ranges could make the two tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mcda.engine.decision import Decision
from mcda.engine.scoring import OptionValues
from mcda.engine.variants import worked_out
from mcda.errors import InputError, McdaError, hint, listing
from mcda.formulas import BOOLEAN, NUMBER, Node, evaluate
from mcda.formulas.tree import Call, Compare, walk
from mcda.model.values import Fact
from mcda.robustness.ties import Tie, passages, ties

__all__ = [
    "BreakEven",
    "BreakEvenPoint",
    "Region",
    "asked_for",
    "break_even",
    "declared_break_evens",
]

Floats = NDArray[np.float64]

#: Places that are looked at, besides the ends of the pieces of formulas.
PLACES = 257
#: Ends of pieces at most.
MOST_PIECES = 20_000
#: An open end of a domain is looked for up to so many times the value.
REACH = 1000.0
#: Options that are compared in pairs at most, the best ranked first.
MOST_OPTIONS = 4
#: Draws, and places of each, that check that the ends of ranges bound everything between them.
_DRAWS, _CHECKED = 64, 17


@dataclass(frozen=True, slots=True)
class BreakEvenPoint:
    """A value, or a stretch of them, at which two options tie.

    Attributes
    ----------
    low, high : float
        Its ends; the same for a single value.
    below, above : str or None
        Who has less below it and above it; ``None`` at an end of what is looked at.
    jump : bool
        Whether the measure jumps there, so that the two change places without ever tying.
    """

    low: float
    high: float
    below: str | None
    above: str | None
    jump: bool


@dataclass(frozen=True, slots=True)
class Region:
    """Values of the input between which facts inside their ranges give one answer, or several.

    Attributes
    ----------
    low, high : float
    lower : str or None
        Who has less whatever the facts are inside their ranges; ``None`` where it depends on them:
        the break-even lies somewhere in there.
    """

    low: float
    high: float
    lower: str | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The values of an input at which two options tie in a measure.

    Attributes
    ----------
    name : str or None
        Of the break-even in the criteria model; ``None`` if it was asked for.
    measure : str
        The measure, or the fact, in which they tie.
    unit : str or None
    option : str or None
        Whose fact the input is; ``None`` for a profile field.
    along : str
        The field or fact whose values are tried.
    along_unit : str or None
    first, second : str
        The two options.
    low, high : float
        Between which values was looked.
    value : float or None
        The input as it is.
    first_value, second_value : float or None
        What the measure is for the two as things are.
    points : tuple of BreakEvenPoint
        With all facts as they are; empty: the two never tie.
    throughout : str or None
        Who has less everywhere, if they never tie.
    regions : tuple of Region
        With facts anywhere inside their ranges; from `low` to `high`, but for values at which the
        measure is unknown.
    ranged : tuple of (str, str)
        Options' facts that have a range and move the difference; shared ones stand under the first.
    bounded : bool
        Whether draws from the ranges stayed within what their ends give; if not, the regions in
        which it depends could be wider.
    complete : bool
        Whether every end of a piece of the formulas was looked at; there can be too many.
    """

    name: str | None
    measure: str
    unit: str | None
    option: str | None
    along: str
    along_unit: str | None
    first: str
    second: str
    low: float
    high: float
    value: float | None
    first_value: float | None
    second_value: float | None
    points: tuple[BreakEvenPoint, ...]
    throughout: str | None
    regions: tuple[Region, ...]
    ranged: tuple[tuple[str, str], ...]
    bounded: bool
    complete: bool


def break_even(
    decision: Decision,
    measure: str,
    along: str | tuple[str, str],
    *,
    between: tuple[str, str] | None = None,
    over: tuple[float, float] | None = None,
) -> tuple[BreakEven, ...]:
    """The values of an input at which options tie in a measure, two at a time.

    Parameters
    ----------
    decision
        From `mcda.evaluate`.
    measure
        A measure of the criteria model that is a number, or a fact.
    along
        The profile field whose values are tried; or an option with the fact of it, as in
        ``("a", "price")``.
    between
        Two options; left out, the first four of the ranking in pairs (of all options if fewer than
        two are eligible).
    over
        Between which values to look; left out, the declared domain, an open end of which is taken
        at a thousand times the value.

    Returns
    -------
    tuple of BreakEven
        One for each pair. Ties are narrowed down to the last digits; between the ends of pieces
        (where floor, ceil, min, max, abs, clip and comparisons turn) 257 places are looked at.
        Facts with a range move together where options give the same fact with the same value,
        range, source and date; each is put at the end that raises the difference, then at the one
        that lowers it.

    Raises
    ------
    InputError
        If names are wrong, or facts are missing that the measure needs.

    Examples
    --------
    >>> import mcda
    >>> shop = {
    ...     "profile": {"pages": {"domain": [0, 10000], "default": 500}},
    ...     "facts": {"fixed": {"domain": [0, None]}, "each": {"domain": [0, None]}},
    ...     "measures": {"cost": "fixed + each * pages"},
    ...     "criteria": {"money": {"measure": "cost", "direction": "cost", "domain": [0, 9999]}},
    ... }
    >>> from mcda.engine.evaluate import evaluate
    >>> from mcda.model.resolve import resolve
    >>> printers = mcda.Scenario(
    ...     id="printers",
    ...     criteria="shop",
    ...     options={
    ...         "laser": {"facts": {"fixed": 300, "each": 0.02}},
    ...         "ink": {"facts": {"fixed": 60, "each": {"value": 0.1, "low": 0.08, "high": 0.14}}},
    ...     },
    ... )
    >>> decision = evaluate(resolve(printers, mcda.Criteria(id="shop", **shop), None))
    >>> [found] = break_even(decision, "cost", "pages")
    >>> round(found.points[0].low, 6)
    3000.0
    >>> [(round(each.low, 6), round(each.high, 6), each.lower) for each in found.regions]
    [(0.0, 2000.0, 'ink'), (2000.0, 4000.0, None), (4000.0, 10000.0, 'laser')]
    """
    if not isinstance(decision, Decision):
        what = f"expected a decision, got {type(decision).__name__}"
        raise InputError(what, "Evaluate first: mcda.break_even(mcda.evaluate(...), ...)")
    return tuple(
        _Line(decision, measure, along, pair, over).found(None)
        for pair in _pairs(decision, between)
    )


def asked_for(
    decision: Decision,
    measure: str,
    along: str,
    between: str | None = None,
    over: tuple[float, float] | None = None,
) -> tuple[BreakEven, ...]:
    """As `break_even`, from what people type: ``option:fact``, and ``a,b`` for two options.

    Raises
    ------
    InputError
        As there.
    """
    names = [option.name for option in decision.problem.options]
    pair: tuple[str, str] | None = None
    if between is not None:
        words = between.split(",")
        splits = [
            (",".join(words[:cut]).strip(), ",".join(words[cut:]).strip())
            for cut in range(1, len(words))
        ]
        if not splits:
            raise InputError(f"{between!r} are not two options", "Write them as: a,b")
        pair = next((each for each in splits if set(each) <= set(names)), splits[0])
    owner = max((each for each in names if along.startswith(f"{each}:")), key=len, default=None)
    if owner is None:
        return break_even(decision, measure, along, between=pair, over=over)
    fact = along[len(owner) + 1 :].strip()
    return break_even(decision, measure, (owner, fact), between=pair, over=over)


def declared_break_evens(decision: Decision) -> tuple[BreakEven, ...]:
    """Those that the criteria model declares, for pairs of options whose measure is known."""
    found = []
    for name, declared in decision.problem.criteria.break_evens.items():
        for pair in _pairs(decision, None):
            try:
                line = _Line(decision, declared.measure, declared.along, pair, declared.over)
                found.append(line.found(name))
            except McdaError:
                continue  # something is not known of this pair, or nowhere to be looked at
    return tuple(found)


def _pairs(decision: Decision, between: tuple[str, str] | None) -> list[tuple[str, str]]:
    names = [option.name for option in decision.problem.options]
    if between is None:
        ranked = [each.option for each in decision.ranking]
        if len(names) < 2:
            raise InputError("there is one option only", "A break-even needs two")
        return list(combinations((ranked if len(ranked) > 1 else names)[:MOST_OPTIONS], 2))
    if isinstance(between, str) or len(tuple(between)) != 2 or between[0] == between[1]:
        raise InputError(f"between={between!r} is not possible", "Name two different options")
    for name in between:
        if name not in names:
            raise InputError(f"there is no option {name!r}", hint(str(name), names))
    return [(between[0], between[1])]


@dataclass(frozen=True, slots=True)
class _Range:
    """A fact with a range, of the options that share it."""

    options: tuple[int, ...]
    name: str
    value: float
    low: float
    high: float


class _Line:
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
        self.names = [option.name for option in decision.problem.options]
        self.pair = (self.names.index(pair[0]), self.names.index(pair[1]))
        options = decision.workings.scored.options
        assert isinstance(options, OptionValues)
        self.base = options
        self.measure = self._measure(measure)
        self.option, self.along = self._input(along)
        self.rows = self._rows()
        if self.along not in self._reads() or (
            self.option is not None and not self.rows[self.option]
        ):
            whose = "" if self.option is None else f" of {self.names[self.option]!r}"
            inputs = {*decision.problem.criteria.profile, *decision.problem.criteria.facts}
            raise InputError(
                f"{measure!r} of {pair[0]!r} and {pair[1]!r} does not depend on {self.along!r}{whose}",
                f"It is made from {listing(sorted(self._reads() & inputs))}",
            )
        self.low, self.high = self._span(over)
        self.ranges = self._ranges()
        self.switches = list(self._switches())
        self.complete = True
        #: Which end of each range raises the difference, at places of the line: (B, k) of -1, 0, 1.
        self.directions: tuple[Floats, Floats] | None = None

    def _measure(self, name: str) -> str:
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

    def _reads(self) -> frozenset[str]:
        compiled = self.base.compiled
        return compiled.reads.get(self.measure, frozenset()) | {self.measure}

    def _ranges(self) -> list[_Range]:
        """Facts with a range behind the measure; those stated alike for several options are one."""
        reads, shared = self._reads(), dict[tuple[object, ...], list[int]]()
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
            _Range(
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
        for name in sorted(self._reads() & set(compiled.measures)):
            text = self.decision.problem.criteria.measures[name].formula
            for node in walk(compiled.measures[name]):
                if isinstance(node, Compare):
                    operands = node.parts
                    for left, right in zip(operands[:-1], operands[1:], strict=True):
                        if left.type == NUMBER != BOOLEAN:
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
        return worked_out(self.decision, changes, self._reads(), self.rows)

    def _ends(self, number: int, places: Floats, side: int) -> Floats:
        assert self.directions is not None
        at, signs = self.directions
        nearest = np.clip(np.searchsorted(at, places), 0, len(at) - 1)
        sign = signs[nearest, number] * side
        each = self.ranges[number]
        return np.where(sign > 0, each.high, np.where(sign < 0, each.low, each.value))

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
        """Where to look: evenly, more finely near the value and the ends, and where formulas turn."""
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

    def set_directions(self) -> None:
        """Which way each ranged fact moves the difference, at places along the line."""
        places = np.linspace(self.low, self.high, PLACES)
        signs = np.zeros((len(places), len(self.ranges)))
        size = len(places)
        for number, each in enumerate(self.ranges):
            ends = []
            for end in (each.low, each.high):
                draws = np.tile([of.value for of in self.ranges], (size, 1))
                draws[:, number] = end
                ends.append(self.gap(places, draws=draws)[0])
            signs[:, number] = np.nan_to_num(np.sign(ends[1] - ends[0]))
        # what moves nothing at one place may at the next: take the nearest that says which way
        for column in signs.T:
            told = np.flatnonzero(column)
            if told.size:
                index = np.clip(np.searchsorted(told, np.arange(size)), 0, told.size - 1)
                column[:] = np.where(column == 0, column[told[index]], column)
        self.directions = (places, signs)

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

    def found(self, name: str | None) -> BreakEven:
        """The break-even of the two options."""
        values = self._values()
        points = self.ties(0)
        self.set_directions()
        moving = [
            each
            for number, each in enumerate(self.ranges)
            if self.directions is not None and self.directions[1][:, number].any()
        ]
        criteria = self.decision.problem.criteria
        declared = criteria.profile if self.option is None else criteria.facts
        measured = criteria.measures.get(self.measure) or criteria.facts[self.measure]
        return BreakEven(
            name=name,
            measure=self.measure,
            unit=measured.unit,
            option=None if self.option is None else self.names[self.option],
            along=self.along,
            along_unit=declared[self.along].unit,
            first=self.names[self.pair[0]],
            second=self.names[self.pair[1]],
            low=self.low,
            high=self.high,
            value=self.value,
            first_value=values[0],
            second_value=values[1],
            points=tuple(
                BreakEvenPoint(
                    each.low, each.high, self._less(each.before), self._less(each.after), each.jump
                )
                for each in points
            ),
            throughout=None if points else self._throughout(),
            regions=tuple(self._regions(self.ties(-1) + self.ties(1) if moving else points)),
            ranged=tuple((self.names[each.options[0]], each.name) for each in moving),
            bounded=not moving or self.bounded(),
            complete=self.complete,
        )

    def _throughout(self) -> str | None:
        values = self.gap(np.linspace(self.low, self.high, PLACES))[0]
        return self._less(int(np.sign(values[np.isfinite(values)][0])))

    def _less(self, sign: int) -> str | None:
        """Who has less where the difference has a sign."""
        return None if sign == 0 else self.names[self.pair[0 if sign < 0 else 1]]

    def _values(self) -> list[float | None]:
        """The measure of the two as things are; it must be known somewhere on the line."""
        places = np.linspace(self.low, self.high, PLACES)
        if not np.isfinite(self.gap(places)[0]).any():
            missing = {
                said
                for at in self.pair
                for said in self.base.missing_below(self.measure, at)
                if said != self.along
            }
            what = f"{self.measure!r} is not known for both {' and '.join(map(repr, self._both))}"
            raise InputError(
                what, f"Give {', '.join(sorted(missing))}" if missing else "Look elsewhere"
            )
        column = self.base.table[self.measure]
        shape = (len(self.names),)
        values, known = np.broadcast_to(column.values, shape), np.broadcast_to(column.known, shape)
        return [float(values[at]) if known[at] else None for at in self.pair]

    @property
    def _both(self) -> tuple[str, str]:
        return self.names[self.pair[0]], self.names[self.pair[1]]

    def _regions(self, found: Sequence[Tie]) -> Iterator[Region]:
        """What holds between all places at which one end of the ranges meets zero."""
        cuts = sorted({self.low, self.high, *(end for each in found for end in each[:2])})
        current: Region | None = None
        for low, high in zip(cuts[:-1], cuts[1:], strict=True):
            middle = np.array([low + (high - low) / 2.0])
            least, most = self.gap(middle, -1)[0][0], self.gap(middle, 1)[0][0]
            if np.isnan(least) or np.isnan(most):
                if current is not None:
                    yield current
                current = None
                continue
            lower = self._less(-1 if most < 0.0 else 1 if least > 0.0 else 0)
            if current is not None and current.lower == lower and current.high == low:
                current = Region(current.low, high, lower)
                continue
            if current is not None:
                yield current
            current = Region(low, high, lower)
        if current is not None:
            yield current

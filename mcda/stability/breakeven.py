"""Break-even: the values of one input at which two options tie in a measure.

Between what facts are at least and at most, a break-even is a range: the values at which facts
inside their ranges could make the two tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import numpy as np

from mcda.engine.decision import Decision
from mcda.engine.missing import unknown_below
from mcda.errors import InputError, McdaError, hint, listing
from mcda.robustness.ties import Tie
from mcda.stability.lines import PLACES, IndependentError, Line

__all__ = [
    "BreakEven",
    "BreakEvenPoint",
    "NotCompared",
    "Region",
    "asked_for",
    "break_even",
    "declared_break_evens",
    "not_compared",
]

#: Options that are compared in pairs at most, the best ranked first.
MOST_OPTIONS = 4


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
        Its ends.
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
        Of the measure.
    option : str or None
        Whose fact the input is; ``None`` for a profile field.
    along : str
        The field or fact whose values are tried.
    along_unit : str or None
        Its unit.
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
    still : tuple of (str, str)
        Those that have a range and do not: both options have it alike, or it does not count here.
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
    still: tuple[tuple[str, str], ...]
    bounded: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Options for which no break-even was worked out.

    Attributes
    ----------
    name : str or None
        Of the break-even in the criteria model; ``None`` if it was asked for.
    options : tuple of str
        Those with none at all; or a pair.
    reason : str
        "rank": they come after the first four of the ranking. "excluded": they are excluded.
        "unknown": of the pair, not all is known that the measure needs. "independent": the
        measure of the pair does not depend on the input. "failed": it could not be worked out.
    missing : tuple of str
        For "unknown", what would have to be known.
    """

    name: str | None
    options: tuple[str, ...]
    reason: Literal["rank", "excluded", "unknown", "independent", "failed"]
    missing: tuple[str, ...] = ()


class _UnknownError(InputError):
    """A measure is not known of two options."""

    missing: tuple[str, ...] = ()


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
        two are eligible). The others can be named here; the command says which they are.
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
        _found(Line(decision, measure, along, pair, over), None)
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

    What the criteria model declares itself is looked at over the range that it declares.

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
    if owner is None and ":" in along and along not in decision.problem.criteria.profile:
        owner = along.partition(":")[0]  # a name misspelt, which is to be said
    if owner is None:
        declared = decision.problem.criteria.break_evens.values()
        same = (each.over for each in declared if (each.measure, each.along) == (measure, along))
        over = over or next(same, None)
        return break_even(decision, measure, along, between=pair, over=over)
    fact = along[len(owner) + 1 :].strip()
    return break_even(decision, measure, (owner, fact), between=pair, over=over)


def declared_break_evens(
    decision: Decision,
) -> tuple[tuple[BreakEven, ...], tuple[NotCompared, ...]]:
    """Those that the criteria model declares, and for which options there are none."""
    found, without = [], []
    for name, declared in decision.problem.criteria.break_evens.items():
        if len(decision.problem.options) < 2:
            continue
        for pair in _pairs(decision, None):
            try:
                line = Line(decision, declared.measure, declared.along, pair, declared.over)
                found.append(_found(line, name))
            except _UnknownError as error:
                without.append(NotCompared(name, pair, "unknown", error.missing))
            except McdaError as error:
                independent = isinstance(error, IndependentError)
                without.append(NotCompared(name, pair, "independent" if independent else "failed"))
        without += not_compared(decision, name)
    return tuple(found), tuple(without)


def not_compared(decision: Decision, name: str | None = None) -> Iterator[NotCompared]:
    """The options that are in no pair where none is named."""
    pairs = _pairs(decision, None)
    compared = {option for pair in pairs for option in pair}
    ranked = [each.option for each in decision.ranking]
    excluded = [each.option for each in decision.excluded]
    if len(ranked) < 2:  # then all options are compared, as far as there is room
        ranked, excluded = [each.name for each in decision.problem.options], []
    if rest := tuple(option for option in ranked if option not in compared):
        yield NotCompared(name, rest, "rank")
    if rest := tuple(option for option in excluded if option not in compared):
        yield NotCompared(name, rest, "excluded")


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


def _found(line: Line, name: str | None) -> BreakEven:
    """The break-even of the two options."""
    values = _values(line)
    points = line.ties(0)
    moving, still = line.set_directions()
    bounded = not line.ranges or line.bounded()
    criteria = line.decision.problem.criteria
    declared = criteria.profile if line.option is None else criteria.facts
    measured = criteria.measures.get(line.measure) or criteria.facts[line.measure]
    return BreakEven(
        name=name,
        measure=line.measure,
        unit=measured.unit,
        option=None if line.option is None else line.names[line.option],
        along=line.along,
        along_unit=declared[line.along].unit,
        first=line.names[line.pair[0]],
        second=line.names[line.pair[1]],
        low=line.low,
        high=line.high,
        value=line.value,
        first_value=values[0],
        second_value=values[1],
        points=tuple(
            BreakEvenPoint(
                each.low, each.high, _less(line, each.before), _less(line, each.after), each.jump
            )
            for each in points
        ),
        throughout=None if points else _throughout(line),
        regions=tuple(_regions(line, line.ties(-1) + line.ties(1) if moving else points)),
        ranged=tuple((line.names[each.options[0]], each.name) for each in moving),
        still=tuple((line.names[each.options[0]], each.name) for each in still),
        bounded=bounded,
        complete=line.complete,
    )


def _throughout(line: Line) -> str | None:
    values = line.gap(np.linspace(line.low, line.high, PLACES))[0]
    return _less(line, int(np.sign(values[np.isfinite(values)][0])))


def _less(line: Line, sign: int) -> str | None:
    """Who has less where the difference has a sign."""
    return None if sign == 0 else line.names[line.pair[0 if sign < 0 else 1]]


def _values(line: Line) -> list[float | None]:
    """The measure of the two as things are; it must be known somewhere on the line."""
    places = np.linspace(line.low, line.high, PLACES)
    if not np.isfinite(line.gap(places)[0]).any():
        missing = {
            said
            for at in line.pair
            for said in unknown_below(line.measure, at, line.base)
            if said != line.along
        }
        first, second = (line.names[at] for at in line.pair)
        what = f"{line.measure!r} is not known for both {first!r} and {second!r}"
        error = _UnknownError(
            what, f"Give {listing(sorted(missing))}" if missing else "Look elsewhere"
        )
        error.missing = tuple(sorted(missing))
        raise error
    column = line.base.table[line.measure]
    shape = (len(line.names),)
    values, known = np.broadcast_to(column.values, shape), np.broadcast_to(column.known, shape)
    return [float(values[at]) if known[at] else None for at in line.pair]


def _regions(line: Line, found: Sequence[Tie]) -> Iterator[Region]:
    """What holds between all places at which one end of the ranges meets zero."""
    cuts = sorted({line.low, line.high, *(end for each in found for end in each[:2])})
    current: Region | None = None
    for low, high in pairwise(cuts):
        middle = np.array([low + (high - low) / 2.0])
        least, most = line.gap(middle, -1)[0][0], line.gap(middle, 1)[0][0]
        if np.isnan(least) or np.isnan(most):
            if current is not None:
                yield current
            current = None
            continue
        lower = _less(line, -1 if most < 0.0 else 1 if least > 0.0 else 0)
        if current is not None and current.lower == lower and current.high == low:
            current = Region(current.low, high, lower)
            continue
        if current is not None:
            yield current
        current = Region(low, high, lower)
    if current is not None:
        yield current

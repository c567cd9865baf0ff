"""The nearest value of each fact, profile field and leaf value that changes the winner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.scoring import scored_name
from mcda.engine.variants import Variants, variants_of_fact, variants_of_profile
from mcda.model.criteria import FactField, ProfileField

__all__ = ["Flip", "TippingPoint", "tipping_points"]

Floats = NDArray[np.float64]
Value = float | bool | str

#: Places of a domain that are looked at before the nearest change is narrowed down.
PLACES = 129
#: Facts of the first options of the ranking, and of as many excluded ones, are looked at.
MOST_OPTIONS = 12
#: Places in each round of narrowing down.
_SECTIONS = 33
#: Rounds; each narrows to a 32nd.
_ROUNDS = 11


@dataclass(frozen=True, slots=True)
class Flip:
    """A value at which the winner changes.

    Attributes
    ----------
    value : number, bool or str
        In the unit of what changes.
    winner : str or None
        Who wins there and beyond; ``None`` if nobody, or several.
    """

    value: Value
    winner: str | None


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """What one value would have to become for the winner to change.

    Attributes
    ----------
    kind : str
        "fact", "profile", or "value" (of a leaf, as it is scored).
    option : str or None
        Whose; ``None`` for the profile.
    name : str
        Of the fact, field or leaf.
    value : number, bool or str
        As it is.
    unit : str or None
    below, above : Flip or None
        The nearest on either side; a yes/no or a choice has its other value in `above`.
    width : float
        Of the domain, else the size of the value: what distances are shares of.
    wins : mapping
        Other option -> the nearest value at which it wins.
    """

    kind: Literal["fact", "profile", "value"]
    option: str | None
    name: str
    value: Value
    unit: str | None
    below: Flip | None
    above: Flip | None
    width: float
    wins: Mapping[str, Flip]

    @property
    def distance(self) -> float:
        """Of the nearer change, as a share of the domain, else of the value; infinite if none."""
        flips = (self.below, self.above)
        return min((self.distance_of(flip) for flip in flips if flip is not None), default=np.inf)

    def distance_of(self, flip: Flip) -> float:
        """How far a change is; 1 for yes/no and choices."""
        if isinstance(flip.value, bool | str) or isinstance(self.value, bool | str):
            return 1.0
        return float(abs(flip.value - self.value) / self.width)


def tipping_points(decision: Decision, board: Board) -> tuple[TippingPoint, ...]:
    """All of them, those that can change the winner first, the nearest first.

    Facts and values of the first twelve options of the ranking, of as many excluded ones and of
    their parts are looked at.
    Facts and profile fields are looked at in 129 places of their domain (without one, up to a
    hundred times their size), and the nearest change on either side is narrowed down: a change and
    back again between two places is not seen. Leaf values are solved in closed form where domains
    are used.
    """
    if decision.recommended is None:
        return ()
    names = [option.name for option in decision.problem.options]
    winner = names.index(decision.recommended)
    found = [
        *_of_profile(decision, winner, names),
        *_of_facts(decision),
        *_of_values(decision, board, names),
    ]
    return tuple(sorted(found, key=lambda each: each.distance))


def _of_profile(decision: Decision, winner: int, names: list[str]) -> Iterator[TippingPoint]:
    for field, declared in decision.problem.criteria.profile.items():
        value = decision.problem.profile.get(field)
        if value is not None:
            if not any(field in read for read in _reads(decision)):
                continue

            def run(values: list[Value], field: str = field) -> Variants:
                return variants_of_profile(decision, field, values)

            yield _point("profile", None, field, value, declared, run, winner, names)


def _reads(decision: Decision) -> list[frozenset[str]]:
    """What leaves and gates are made from."""
    compiled = decision.workings.scored.compiled
    leaves = {scored_name(leaf) for leaf in decision.problem.tree.leaves}
    gates = {name for name in compiled.reads if name.startswith("gate:")}
    behind = [compiled.reads[name] for name in (leaves | gates) & set(compiled.reads)]
    return [frozenset(leaves), *behind]


def _looked_at(decision: Decision) -> set[str]:
    """The first options of the ranking, the excluded ones, and the parts of both."""
    names = {each.option for each in decision.ranking[:MOST_OPTIONS]}
    names |= {each.option for each in decision.excluded[:MOST_OPTIONS]}
    parts = [option.parts for option in decision.problem.options if option.name in names]
    return names.union(*(of.values() for of in parts))


def _of_facts(decision: Decision) -> Iterator[TippingPoint]:
    reads, looked_at = _reads(decision), _looked_at(decision)
    for option in decision.problem.options:
        if option.name not in looked_at:
            continue
        near = _near(decision, option.name)
        names = [each.name for each in near.problem.options]
        position, winner = names.index(option.name), names.index(str(decision.recommended))
        for name, fact in option.facts.items():
            if not any(name in read for read in reads):
                continue

            def run(
                values: list[Value],
                near: Decision = near,
                position: int = position,
                name: str = name,
            ) -> Variants:
                return variants_of_fact(near, position, name, values)

            declared = decision.problem.criteria.facts[name]
            yield _point("fact", option.name, name, fact.value, declared, run, winner, names)


def _near(decision: Decision, changed: str) -> Decision:
    """The decision among the options that matter where one option's facts change.

    Where ends are declared and weights do not follow from values, the closeness of all options
    but that one, and those it is a part of, stays: of them only the best two can be first.
    """
    problem = decision.problem
    few = len(problem.options) <= MOST_OPTIONS
    moving = problem.weights.objective is not None or bool(decision.compared)
    if few or moving or decision.workings.contest.normalization != "domain":
        return decision
    kept = {changed} | {each.name for each in problem.options if changed in each.parts.values()}
    still = (each.option for each in decision.ranking if each.option not in kept)
    kept |= {str(decision.recommended), *islice(still, 2)}
    kept.update(*(each.parts.values() for each in problem.options if each.name in kept))
    options = tuple(each for each in problem.options if each.name in kept)
    return evaluate(replace(problem, options=options, memo={}))


def _point(
    kind: Literal["fact", "profile"],
    option: str | None,
    name: str,
    value: Value,
    declared: FactField | ProfileField,
    run: Callable[[list[Value]], Variants],
    winner: int,
    names: list[str],
) -> TippingPoint:
    def named(position: int) -> str | None:
        return names[position] if position >= 0 else None

    below: Flip | None = None
    above: Flip | None = None
    width = 1.0
    wins: dict[str, Flip] = {}
    if isinstance(value, bool | str):
        others: list[Value] = [not value]
        if isinstance(value, str):
            others = [each for each in declared.values or () if each != value]
        variants = run(others) if others else None
        for row, other in enumerate(others):
            assert variants is not None
            won = int(variants.leaders(winner)[row])
            if variants.valid[row] and won != winner:
                above = above or Flip(other, named(won))
                if won >= 0:
                    wins.setdefault(names[won], Flip(other, names[won]))
    else:
        low, high, width = _span(declared, float(value))
        found = _search(run, float(value), low, high, winner)
        below, above = (
            None if nearest is None else Flip(nearest[0], named(nearest[1])) for nearest, _ in found
        )
        for _, by_option in found:
            for position, place in by_option.items():
                flip = Flip(place, names[position])
                before = wins.get(names[position])
                gap = abs(place - float(value))
                if before is None or gap < abs(float(before.value) - float(value)):
                    wins[names[position]] = flip
    return TippingPoint(kind, option, name, value, declared.unit, below, above, width, wins)


def _span(declared: FactField | ProfileField, value: float) -> tuple[float, float, float]:
    """Where to look, and what a distance is a share of."""
    low, high = declared.bounds
    reach = 100.0 * (abs(value) or 1.0)
    width = high - low if low is not None and high is not None else abs(value) or 1.0
    return (
        value - reach if low is None else low,
        value + reach if high is None else high,
        width,
    )


#: The nearest change of the winner with who wins beyond it, and where each option first wins.
_Found = tuple[tuple[float, int] | None, dict[int, float]]


def _search(
    run: Callable[[list[Value]], Variants], value: float, low: float, high: float, winner: int
) -> list[_Found]:
    """What changes below and above a value."""
    # even places, and more near the value
    share = np.unique(
        np.concatenate([np.linspace(0.0, 1.0, PLACES), np.geomspace(1e-6, 1.0, PLACES // 2)])
    )
    places = np.concatenate([value + (low - value) * share[1:], value + (high - value) * share[1:]])
    variants = run(places.tolist())
    leaders = np.where(variants.valid, variants.leaders(winner), winner)
    result: list[_Found] = []
    for half, end in enumerate((low, high)):
        side = slice(half * (len(share) - 1), (half + 1) * (len(share) - 1))
        own, led = np.concatenate([[value], places[side]]), leaders[side]
        changed = np.flatnonzero(led != winner)
        if value == end or not changed.size:
            result.append((None, {}))
            continue
        at = int(changed[0])
        nearest = _narrowed(run, own[at], own[at + 1], winner, None)
        first = {nearest[1]: nearest[0]}
        for option in sorted(set(led.tolist()) - {winner, -1, nearest[1]}):
            at = int(np.flatnonzero(led == option)[0])
            first[option] = _narrowed(run, own[at], own[at + 1], winner, option)[0]
        result.append((nearest, {option: place for option, place in first.items() if option >= 0}))
    return result


def _narrowed(
    run: Callable[[list[Value]], Variants],
    before: float,
    after: float,
    winner: int,
    wanted: int | None,
) -> tuple[float, int]:
    """The place between two from which on another option leads: a wanted one, or any."""
    won, size = winner, max(abs(before), abs(after))
    for _ in range(_ROUNDS):
        places = np.linspace(before, after, _SECTIONS)
        variants = run(places.tolist())
        leaders = variants.leaders(winner)
        changed = leaders != winner if wanted is None else leaders == wanted
        at = int(np.flatnonzero(variants.valid & changed)[0])
        won = int(leaders[at])
        before, after = float(places[max(0, at - 1)]), float(places[at])
        if abs(after - before) <= 1e-14 * max(abs(after), abs(before)):
            break
    return 0.0 if abs(after) <= 1e-14 * size else float(after), won


def _of_values(decision: Decision, board: Board, names: list[str]) -> Iterator[TippingPoint]:
    """Leaf values, in closed form: with the others fixed, an option's N / P must pass a rival's."""
    contest, tree = decision.workings.contest, decision.problem.tree
    if contest.normalization != "domain" or len(contest.columns) < 2:
        return
    if decision.problem.weights.objective is not None:
        return  # the weights would move, too
    final = board.final(board.judged[None])
    near, far = board.forms(final)
    n, p = near[0], far[0]
    first = int(np.argmax(contest.closeness))
    others = [k for k in range(len(n)) if k != first]
    second = max(others, key=lambda k: float(contest.closeness[k]))
    values = decision.workings.scored.values
    looked_at = _looked_at(decision)
    for j, leaf in enumerate(tree.leaves):
        if leaf.fact is not None and leaf.id not in decision.compared:
            continue  # the fact is the value
        assert leaf.domain is not None
        low, high = leaf.domain
        for column, position in enumerate(contest.columns):
            if names[position] not in looked_at:
                continue
            target = second if column == first else first
            r = _level_score(board, final[0], j, column, float(n[target]), float(p[target]))
            value = float(values[position, j])
            flip = None
            if r is not None:
                at = (
                    low + r * (high - low)
                    if leaf.direction == "benefit"
                    else high - r * (high - low)
                )
                beyond = names[contest.columns[second]] if column == first else names[position]
                flip = Flip(at, beyond)
            wins = {flip.winner: flip} if flip is not None and flip.winner else {}
            below = flip if flip is not None and float(flip.value) < value else None
            above = flip if flip is not None and below is None else None
            yield TippingPoint(
                "value", names[position], leaf.id, value, leaf.unit, below, above, high - low, wins
            )


def _level_score(
    board: Board, final: Floats, leaf: int, column: int, n: float, p: float
) -> float | None:
    """The score on one leaf at which an option's N / P equals n / p; ``None`` outside [0, 1].

    u [r^2 p - (1 - r)^2 n] + (B p - A n) = 0 rises in r, B and A being the rest of its N and P.
    """
    from mcda.ranking.kernel import weight_factors

    factors = weight_factors(final, board.weighting, board.groups) * board.scale
    u = (factors / (factors.max() or 1.0)) ** 2
    rest = np.arange(len(u)) != leaf
    a, b = u[rest] @ board.far[rest, column], u[rest] @ board.near[rest, column]
    # u (p - n) r^2 + 2 u n r + (b p - a n - u n) = 0
    quadratic, linear, constant = u[leaf] * (p - n), 2.0 * u[leaf] * n, b * p - a * n - u[leaf] * n
    if u[leaf] == 0.0:
        return None
    start, end = constant, quadratic + linear + constant
    if start > 0.0 or end < 0.0:
        return None
    root = np.sqrt(max(linear * linear - 4.0 * quadratic * constant, 0.0))
    r = -2.0 * constant / (linear + root) if linear + root > 0 else 0.0
    return float(min(max(r, 0.0), 1.0))

"""Which facts make one option score unlike another on a criterion.

The game on one leaf: its measure is worked out anew with A's facts in T and B's elsewhere, the
profile fixed. The facts' Shapley values say what part of the difference each one makes. Facts are
told apart by where they are read: `price` of the option itself, `own.price` of a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcda.engine.reads import Reads, Slot
from mcda.engine.scoring import RowValues, scored_name
from mcda.errors import FormulaError
from mcda.explanation.attribution import shapley
from mcda.formulas import Values, evaluate
from mcda.model.tree import Leaf

__all__ = ["FactsOfLeaf", "Sides", "facts_of_leaf"]

Floats = NDArray[np.float64]
Split = Literal["own", "shapley", "sampled", "together"]
#: A fact of A and of B; ``None`` where it is not known.
Sides = tuple[float | None, float | None]

#: Beyond this many facts that differ, orders are sampled instead of taking all subsets.
MOST_FACTS = 14
#: Random orders of the facts, each with its reverse.
_ORDERS = 256
#: Leaf values closer together than this share of their size are equal up to rounding.
_EQUAL = 1e-13
#: The leaf's values are recovered from the facts to this share of their difference.
_SAME = 1e-9


class FactsOfLeaf(NamedTuple):
    """The facts' shares of what a leaf contributes.

    Attributes
    ----------
    amounts : mapping
        Slot -> amount; they sum to the leaf's contribution. Empty if `split` is "together".
    split : str
        "own": the leaf is a fact. "shapley": exact. "sampled": the mean over orders, which sums
        exactly, too. "together": the facts cannot be told apart.
    sides : mapping
        Slot -> its values for A and B in the game: numbers, yes/no as 1 and 0, choices as
        positions, ``None`` where unknown. An option without parts plays every part itself.
    """

    amounts: Mapping[Slot, float]
    split: Split
    sides: Mapping[Slot, Sides]


def facts_of_leaf(
    leaf: Leaf,
    reads: Reads,
    options: RowValues,
    pair: tuple[int, int],
    values: tuple[float, float],
    contribution: float,
) -> FactsOfLeaf:
    """Share a leaf's contribution out over the facts that it reads.

    Parameters
    ----------
    leaf, reads
        See `reads_of`.
    options
        All options' facts.
    pair
        Positions of A and B among them.
    values
        A's and B's leaf values.
    contribution
        What the leaf contributes to the difference in closeness.
    """
    if scored_name(leaf) not in options.compiled.measures:
        slot = reads.slots[0]
        return FactsOfLeaf({slot: contribution}, "own", {slot: values})
    amounts = dict.fromkeys(reads.slots, 0.0)
    for world in _worlds(options, reads.slots, pair):
        if contribution == 0.0:
            return FactsOfLeaf(amounts, "shapley", world)
        playing = [slot for slot in reads.slots if world[slot][0] != world[slot][1]]
        found = _shares(leaf, options, world, playing, values)
        if found is not None:
            shares, split = found
            amounts.update(zip(playing, (contribution * shares).tolist(), strict=True))
            return FactsOfLeaf(amounts, split, world)
    return FactsOfLeaf({}, "together", {})


def _worlds(
    options: RowValues, slots: Sequence[Slot], pair: tuple[int, int]
) -> Iterator[Mapping[Slot, Sides]]:
    """A's and B's facts, filled in more and more where only one of them has what is read.

    First as they are; then an option without parts plays every part itself; then a fact that one of
    them lacks is the same in both worlds.
    """
    plain = {slot: (_at(options, slot, pair[0]), _at(options, slot, pair[1])) for slot in slots}
    yield plain

    def own(slot: Slot, side: int) -> float | None:
        known = plain[slot][side]
        if known is not None or slot.part is None or options.roles[slot.part][pair[side]] >= 0:
            return known
        return _at(options, Slot(None, slot.fact), pair[side])

    wider = {slot: (own(slot, 0), own(slot, 1)) for slot in slots}
    yield {slot: _filled(*sides) for slot, sides in wider.items()}
    yield {slot: _filled(*sides) for slot, sides in plain.items()}


def _at(options: RowValues, slot: Slot, option: int) -> float | None:
    """A fact's value as formulas see it, of an option or of a part of it; ``None``: unknown."""
    if slot.part is not None:
        option = int(options.roles[slot.part][option])
        if option < 0:
            return None
    size = len(options.problem.options)
    values, known = options.table[slot.fact]
    if not np.broadcast_to(known, size)[option]:
        return None
    return float(np.broadcast_to(values, size)[option])


def _filled(one: float | None, other: float | None) -> Sides:
    return (other if one is None else one), (one if other is None else other)


def _shares(
    leaf: Leaf,
    options: RowValues,
    sides: Mapping[Slot, Sides],
    players: Sequence[Slot],
    values: tuple[float, float],
) -> tuple[Floats, Split] | None:
    """The players' shares (k,) of the difference between the leaf's values, sum 1."""
    k = len(players)
    if not k:
        return None
    if k <= MOST_FACTS:
        inside = (np.arange(1 << k)[:, None] >> np.arange(k)) & 1 == 1
    else:
        inside, places = _orders(k)
    found = _leaf_values(leaf, options, sides, players, inside)
    if found is None:
        return None
    gap = values[0] - values[1]
    if abs(gap) <= _EQUAL * max(map(abs, values)):
        return None
    if k <= MOST_FACTS:
        ends, result = found[[-1, 0]], shapley(found)
    else:
        along = found.reshape(-1, k + 1)
        ends = along[0, [-1, 0]]
        result = np.take_along_axis(np.diff(along, axis=1), places, axis=1).mean(axis=0)
    if np.abs(ends - values).max() > _SAME * abs(gap):
        return None
    return result / (ends[0] - ends[1]), "shapley" if k <= MOST_FACTS else "sampled"


def _orders(players: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Subsets along random orders, ((orders * (k + 1)), k), and players' places (orders, k)."""
    rng = np.random.default_rng(0)
    forward = np.array([rng.permutation(players) for _ in range(_ORDERS)])
    places = np.concatenate([forward, players - 1 - forward])
    inside = places[:, None, :] < np.arange(players + 1)[None, :, None]
    return inside.reshape(-1, players), places


def _leaf_values(
    leaf: Leaf,
    options: RowValues,
    sides: Mapping[Slot, Sides],
    players: Sequence[Slot],
    inside: NDArray[np.bool_],
) -> Floats | None:
    """The leaf's values for every subset; ``None`` if one is unknown or not finite."""
    table = {}
    for slot, (one, other) in sides.items():
        if slot in players:
            member = inside[:, players.index(slot)]
            numbers = np.where(member, _number(one), _number(other))
            known = np.where(member, one is not None, other is not None)
        else:
            numbers, known = np.asarray(_number(one)), np.asarray(one is not None)
        boolean = options.table[slot.fact].values.dtype == np.bool_
        table[slot] = Values(numbers > 0.5 if boolean else numbers, known)
    try:
        found, known = _World(options, table, None).value(scored_name(leaf), None)
    except FormulaError:
        return None
    if not known.all():
        return None
    return np.broadcast_to(np.asarray(found, dtype=np.float64), len(inside))


def _number(value: float | None) -> float:
    return 0.0 if value is None else value


class _World:
    """The names' values where each fact is one option's or the other's."""

    def __init__(self, options: RowValues, facts: Mapping[Slot, Values], part: str | None) -> None:
        self.options = options
        self.facts = facts
        self.part = part
        self.found: dict[str, Values] = {}

    def value(self, name: str, part: str | None) -> Values:
        if part is not None:
            if self.part is not None:
                return Values(np.asarray(np.nan), np.asarray(False))
            return _World(self.options, self.facts, part).value(name, None)
        compiled = self.options.compiled
        if name in compiled.measures:
            if name not in self.found:
                text = self.options.problem.criteria.measures[name].formula
                self.found[name] = evaluate(compiled.measures[name], text, self)
            return self.found[name]
        if name in self.options.problem.criteria.profile:
            return self.options.table[name]
        return self.facts[Slot(self.part, name)]

    def label(self, index: tuple[int, ...]) -> str:  # noqa: ARG002
        return ""

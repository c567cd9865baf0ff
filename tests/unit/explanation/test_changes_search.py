"""The search for the smallest set of facts, against trying all sets in made-up worlds."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest

from mcda.engine.worlds import Outcome
from mcda.explanation import changes
from mcda.explanation.changes import FactChange, _decisive, _Search, _strangeness
from mcda.model.values import Fact

KNOWN, NEW, GONE = ((1, 2), (None, 2), (1, None))


def change(sides: tuple[float | None, float | None], name: str = "f") -> FactChange:
    before, after = (None if each is None else Fact(value=each) for each in sides)
    return FactChange("x", name, before, after, counts=True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (change(KNOWN), 0),
        (change(NEW), 1),
        (change(GONE), 2),
        (FactChange("x", "f", Fact(value=None), Fact(value=2), counts=True), 1),
        (FactChange("x", "f", Fact(value=1), Fact(value=None), counts=True), 2),
        (FactChange("x", "f", None, None, counts=True), 2),
        (FactChange("x", None, Fact(value=True), Fact(value=False), counts=True), 0),
    ],
)
def test_how_strange_a_change_is(given: FactChange, expected: int) -> None:
    assert _strangeness(given) == expected


class MadeUp:
    """Worlds whose winner (0 before, 1 and 2 others, -1 nobody, -2 no world) and gate are drawn by lot."""

    names = ("a", "b", "c")

    def __init__(self, seed: int, size: int) -> None:
        rng = np.random.default_rng(seed)
        self.winner = rng.choice([0, 0, 0, 1, 2, -1, -2], 1 << size)
        self.winner[0], self.winner[-1] = 0, 1
        self.gate = rng.random((1 << size, 3)) < 0.7

    def outcome(self, switched: Any) -> Outcome:
        numbers = switched @ (1 << np.arange(switched.shape[1]))
        return Outcome(self.winner[numbers], {"gate": self.gate[numbers]})


def leaves(outcome: Outcome) -> Any:
    return (outcome.winners != 0) & (outcome.winners > -2)


def arrives(outcome: Outcome) -> Any:
    return outcome.winners == 1


def preferred(worlds: MadeUp, kinds: Any, among: Any) -> Any:
    """By the module's words: fewest, the new winner, real gates, known facts, the first."""
    full = (1 << len(kinds)) - 1

    def number(chosen: Any) -> int:
        return sum(1 << i for i in chosen)

    def key(chosen: Any) -> Any:
        n = number(chosen)
        unreal = int((~worlds.gate[n] & worlds.gate[full]).sum())
        strange = sum({KNOWN: 0, NEW: 1, GONE: 2}[kinds[i]] for i in chosen)
        return len(chosen), worlds.winner[n] != 1, unreal, strange, chosen

    every = chain.from_iterable(combinations(among, k) for k in range(1, len(among) + 1))
    hits = sorted(map(key, (each for each in every if worlds.winner[number(each)] not in (0, -2))))
    others = sum(each[:3] == hits[0][:3] for each in hits) - 1
    return hits[0][-1], True, others


def drawn(seed: int, size: int = 5) -> tuple[MadeUp, Any, _Search]:
    rng = np.random.default_rng(1000 + seed)
    kinds = [(KNOWN, NEW, GONE)[i] for i in rng.integers(0, 3, size)]
    worlds = MadeUp(seed, size)
    return worlds, kinds, _Search(worlds, [change(each) for each in kinds])  # type: ignore[arg-type]


@pytest.mark.parametrize("lot", [1, 3, 5000])
def test_the_preferred_of_the_smallest_sets(lot: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_LOT", lot)
    for seed in range(60):
        worlds, kinds, search = drawn(seed)
        expected = preferred(worlds, kinds, range(5))
        assert search.smallest(range(5), leaves, arrives) == expected


def test_up_to_the_limit_all_sets_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but all three does it: 3 + 3 + 1 sets are tried."""
    worlds, _, search = drawn(0, 3)
    worlds.winner[:-1] = 0
    for most, exact in ((7, True), (6, False)):
        monkeypatch.setattr(changes, "MOST_WORLDS", most)
        assert search.smallest(range(3), leaves) == ((0, 1, 2), exact, 0)


def test_what_is_strangest_is_left_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any one fact does it: the one that stays is the least strange, and the first of these."""
    monkeypatch.setattr(changes, "MOST_WORLDS", 0)
    for kinds, kept in (
        ([GONE, NEW, KNOWN, NEW], 2),
        ([GONE, NEW, GONE, NEW], 1),
        ([KNOWN, KNOWN, KNOWN, KNOWN], 0),
    ):
        worlds = MadeUp(0, 4)
        worlds.winner[:] = 1
        worlds.winner[0] = 0
        search = _Search(worlds, [change(each) for each in kinds])  # type: ignore[arg-type]
        assert search.smallest(range(4), leaves) == ((kept,), False, 0)


def test_where_all_together_do_nothing_there_is_no_set() -> None:
    worlds, _, search = drawn(0, 3)
    worlds.winner[-1] = 0
    assert search.smallest(range(3), leaves) is None


def test_the_decisive_and_the_complete_set() -> None:
    completed = 0
    for seed in range(60):
        worlds, kinds, search = drawn(seed)
        decisive, complete = _decisive(search, "a", "b")
        chosen, exact, others = preferred(worlds, kinds, range(5))
        assert decisive is not None
        assert decisive.changes == tuple(search.changes[i] for i in chosen)
        assert (decisive.exact, decisive.others) == (exact, others)
        winner = worlds.winner[sum(1 << i for i in chosen)]
        assert decisive.becomes == ("a", "b", "c", None)[winner]
        assert (complete is None) == (winner == 1)
        if complete is not None:
            completed += 1
            worlds.winner[worlds.winner != 1] = 0
            arrived, _, more = preferred(worlds, kinds, range(5))
            assert complete.changes == tuple(search.changes[i] for i in arrived)
            assert (complete.becomes, complete.exact) == ("b", True)
            assert complete.others == more
    assert completed > 5
    assert _decisive(search, "b", "b") == (None, None)

"""What leads are made of, summed up over scenarios: which dimension decides who wins.

Sums are made in the order of the scenarios and kept part by part, so that they are the same
whatever the workers do, and survive an interruption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.intp]

__all__ = ["Leads", "Split"]

Pair = tuple[str, str]

#: Pairs of options that are told apart; where every scenario has options of its own, the first.
_MOST_PAIRS = 1000
#: Pairs that are counted one by one; of more, those that occur are looked for first.
_MOST_KEYS = 4096


@dataclass(frozen=True, slots=True)
class Split:
    """Two options that are first and second: what is different where one leads and the other.

    Attributes
    ----------
    first, other : str
        The first leads more often.
    counts : (int, int)
        Scenarios in which the first leads the other, and the other way round.
    shares : mapping
        Dimension -> its part of the difference between the two means of the lead of the first
        over the other, the largest first; they sum to 1.
    """

    first: str
    other: str
    counts: tuple[int, int]
    shares: Mapping[str, float]


@dataclass
class Leads:
    """Sums over the scenarios that have a winner and a runner-up.

    Attributes
    ----------
    counts : dict
        (winner, runner-up) -> how many.
    sums : dict
        (winner, runner-up) -> dimension -> its contributions to the lead.
    titles : dict
        Of dimensions.
    """

    counts: dict[Pair, int] = field(default_factory=dict)
    sums: dict[Pair, dict[str, float]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, pair: Pair, count: int, amounts: Mapping[str, float]) -> None:
        """Add the contributions of `count` scenarios with that winner and runner-up."""
        if pair not in self.counts and len(self.counts) == _MOST_PAIRS:
            return
        self.counts[pair] = self.counts.get(pair, 0) + count
        sums = self.sums.setdefault(pair, {})
        for name, amount in amounts.items():
            sums[name] = sums.get(name, 0.0) + amount

    def add_block(
        self,
        winners: Rows,
        seconds: Rows,
        names: Sequence[str],
        reasons: Floats,
        dimensions: Sequence[str],
    ) -> None:
        """Add a block of contests.

        Parameters
        ----------
        winners, seconds : (B,)
            Positions among `names`.
        reasons : (g, B)
            What each of the `dimensions` contributes; NaN for contests that do not count.
        """
        import numpy as np  # which only those need who add blocks

        counted = ~np.isnan(reasons).any(axis=0)
        if not counted.all():
            winners, seconds, reasons = winners[counted], seconds[counted], reasons[:, counted]
        which = winners * len(names) + seconds
        distinct = np.arange(len(names) ** 2)
        if len(distinct) > _MOST_KEYS:
            distinct, which = np.unique(which, return_inverse=True)
        counts = np.bincount(which, minlength=len(distinct))
        sums = [np.bincount(which, row, minlength=len(distinct)) for row in reasons]
        met = np.flatnonzero(counts)
        distinct, counts, sums = distinct[met], counts[met], [row[met] for row in sums]
        for place, key in enumerate(distinct.tolist()):
            pair = names[key // len(names)], names[key % len(names)]
            amounts = {name: float(row[place]) for name, row in zip(dimensions, sums, strict=True)}
            self.add(pair, int(counts[place]), amounts)

    def merge(self, other: Leads) -> None:
        """Add another part's sums."""
        for pair, count in other.counts.items():
            self.add(pair, count, other.sums[pair])
        self.titles = {**other.titles, **self.titles}

    def means(self) -> dict[str, tuple[int, dict[str, float]]]:
        """Winner -> scenarios with a runner-up, and each dimension's mean contribution.

        The most frequent winner first.
        """
        counts: dict[str, int] = {}
        sums: dict[str, dict[str, float]] = {}
        for (winner, _), count in self.counts.items():
            counts[winner] = counts.get(winner, 0) + count
        for pair, amounts in self.sums.items():
            winner = pair[0]
            into = sums.setdefault(winner, {})
            for name, amount in amounts.items():
                into[name] = into.get(name, 0.0) + amount / counts[winner]
        ranked = sorted(counts, key=lambda each: (-counts[each], each))
        return {winner: (counts[winner], sums[winner]) for winner in ranked}

    def splits(self) -> list[Split]:
        """Pairs that lead each other in turn, the most frequent first."""
        found = []
        for (first, other), count in self.counts.items():
            back = self.counts.get((other, first), 0)
            if not back or (-back, other) < (-count, first):
                continue
            one, two = self.sums[first, other], self.sums[other, first]
            # the lead of the other is the lead of the first with its sign changed
            gaps = {
                name: one.get(name, 0.0) / count + two.get(name, 0.0) / back for name in one | two
            }
            whole = sum(gaps.values())
            ranked = sorted(gaps, key=lambda each: -gaps[each])
            shares = {name: gaps[name] / whole for name in ranked}
            found.append(Split(first, other, (count, back), shares))
        return sorted(found, key=lambda each: (-sum(each.counts), each.first, each.other))

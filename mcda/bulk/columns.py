"""The columns of bulk results: their names, kinds and order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

__all__ = [
    "FIRST",
    "LAST",
    "NOTHING",
    "REASONS",
    "RESERVED",
    "RESERVED_BEGINNINGS",
    "WHY",
    "Errors",
    "Extras",
    "Per",
    "amount",
    "arranged",
    "bounds",
    "closeness",
    "in_order",
    "rank",
    "reason",
]

#: Whether what is wrong with scenarios is raised, or put into a column.
Errors = Literal["raise", "report"]
#: Whether results have a row for each option, or for each scenario.
Per = Literal["option", "scenario"]

#: Reasons that each scenario's row has.
REASONS = 3


class Extras(NamedTuple):
    """Columns that results have only where they are wanted.

    Attributes
    ----------
    reasons : bool
        Why the winner leads, and what would change it soonest.
    bounds : bool
        Between which shares of the importance of each dimension the winner stays.
    hashes : bool
        What tells whether the input is the same.
    """

    reasons: bool = False
    bounds: bool = False
    hashes: bool = False


#: No more than what every result has.
NOTHING = Extras()


def reason(place: int) -> str:
    """The dimension that earns most, second most ... of the lead."""
    return f"reason_{place}"


def amount(place: int) -> str:
    """What it earns."""
    return f"amount_{place}"


def closeness(option: str) -> str:
    """An option's closeness."""
    return f"closeness:{option}"


def rank(option: str) -> str:
    """An option's rank."""
    return f"rank:{option}"


def bounds(dimension: str) -> tuple[str, str, str]:
    """A dimension's share of the importance, and where the winner changes below and above."""
    return f"share:{dimension}", f"low:{dimension}", f"high:{dimension}"


#: Columns of every result; those of dimensions and options stand before the last ones.
FIRST: dict[str, type] = {
    "scenario": str,
    "source": str,
    "recommended": str,
    "verdict": str,
    "firmness": float,
    "margin": float,
    "runner_up": str,
    "consistency_ratio": float,
}
WHY: dict[str, type] = {
    **{
        name: kind
        for place in range(1, REASONS + 1)
        for name, kind in zip((reason(place), amount(place)), (str, float), strict=True)
    },
    "flip_criterion": str,
    "flip_share": float,
    "flip_at": float,
    "flip_to": str,
}
LAST: dict[str, type] = {
    "excluded": str,
    "missed": str,
    "explanation": str,
    "input_hash": str,
    "error": str,
}
#: Names, and beginnings of names, that no column can have which is passed through.
RESERVED = frozenset({*FIRST, *WHY, *LAST})
RESERVED_BEGINNINGS = ("closeness:", "rank:", "share:", "low:", "high:")
#: Those of the last ones that are there only if they are wanted.
_WANTED = ("explanation", "input_hash")


def arranged(found: dict[str, Any]) -> dict[str, Any]:
    """The columns of a part in their order; all that every result has must be there."""
    always = [*FIRST, *(name for name in LAST if name not in _WANTED or name in found)]
    return {name: found[name] for name in in_order([*always, *found])}


def in_order(names: Iterable[str]) -> list[str]:
    """The names of columns, each once, in their order."""
    shown = dict.fromkeys(names)
    between = [name for name in shown if name not in FIRST and name not in LAST]
    return [
        *(name for name in FIRST if name in shown),
        *between,
        *(name for name in LAST if name in shown),
    ]

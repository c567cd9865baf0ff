"""What would have to be known where a formula's result is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mcda.errors import FormulaError
from mcda.formulas import Node, Values, evaluate
from mcda.formulas.tree import Call, Choose, Name

if TYPE_CHECKING:
    from mcda.engine.scoring import RowValues

__all__ = ["PART", "unknown_below", "unknown_in"]

#: Part of a formula, the formula, and the row it is asked of.
_Asked = tuple[Node, str, int]


#: Stands before the name of a part that no option plays.
PART = "parts."


def unknown_below(name: str, row: int, options: RowValues) -> tuple[str, ...]:
    """The unknown facts and profile fields that a measure needs in a row, or the fact itself."""
    if name not in options.compiled.measures:
        return () if _Row(options, row).value(name, None).known else (name,)
    return _unknown([(*_formula(name, options), row)], row, options)


def unknown_in(node: Node, text: str, row: int, options: RowValues) -> tuple[str, ...]:
    """The unknown facts and profile fields that a formula needs in a row.

    Only what keeps the result from being known: not what `and` and `or` settle without, nor the
    branch that is not taken. What is unknown of a part is named with the option that plays it:
    ``open: price``; a part that none plays by itself: ``parts.own``.
    """
    return _unknown([(node, text, row)], row, options)


def _unknown(stack: list[_Asked], asked: int, options: RowValues) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[tuple[str, int]] = set()
    while stack:
        node, text, row = stack.pop()
        if _value(node, text, row, options) is not None:
            continue
        if not isinstance(node, Name):
            stack.extend((each, text, row) for each in reversed(_needed(node, text, row, options)))
            continue
        if node.part is not None:
            row = int(options.roles[node.part][row])
            if row < 0:
                found[PART + node.part] = None
        if row < 0 or (node.name, row) in seen:
            continue
        seen.add((node.name, row))
        if node.name in options.compiled.measures:
            stack.append((*_formula(node.name, options), row))
        else:
            of_part = node.name in options.problem.criteria.facts and row != asked
            found[f"{options.name_of(row)}: {node.name}" if of_part else node.name] = None
    return tuple(found)


def _needed(node: Node, text: str, row: int, options: RowValues) -> tuple[Node, ...]:
    """The parts of a node whose result is unknown that may be the reason."""
    match node:
        case Call(function="known"):
            return ()
        case Choose(condition=condition, then=then, otherwise=otherwise):
            taken = _value(condition, text, row, options)
            return (condition,) if taken is None else (then if taken else otherwise,)
    return node.parts


def _formula(measure: str, options: RowValues) -> tuple[Node, str]:
    return options.compiled.measures[measure], options.problem.criteria.measures[measure].formula


def _value(node: Node, text: str, row: int, options: RowValues) -> float | None:
    """What part of a formula yields in a row; ``None`` where that is unknown."""
    try:
        values, known = evaluate(node, text, _Row(options, row))
    except FormulaError:
        return None
    return float(values) if known else None


class _Row:
    """One row's values, so that asking about it costs the same however many rows there are."""

    def __init__(self, options: RowValues, row: int) -> None:
        self.options = options
        self.row = row

    def value(self, name: str, part: str | None) -> Values:
        """The row's value of a name, or that of the row that plays a part in it."""
        row = self.row if part is None else int(self.options.roles[part][self.row])
        size = self.options.size
        values, known = (np.broadcast_to(each, size)[row] for each in self.options.table[name])
        return Values(np.asarray(values), np.asarray(known & (row >= 0)))

    def label(self, index: tuple[int, ...]) -> str:  # noqa: ARG002
        """The option, for messages."""
        return self.options.label((self.row,))

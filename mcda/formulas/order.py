"""Which names a formula reads, and in which order formulas can be evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from mcda.errors import InputError
from mcda.formulas.tree import Name, Node, walk

__all__ = ["cycle_free_order", "references"]


def references(formula: Node) -> frozenset[tuple[str, str | None]]:
    """The names in a formula, each with the part it is asked of, or ``None``."""
    return frozenset((node.name, node.part) for node in walk(formula) if isinstance(node, Name))


def cycle_free_order(reads: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """An order of formulas in which those that are read come before those that read them.

    Parameters
    ----------
    reads
        Formula's name -> the names it reads; other names than formulas' do not matter.

    Raises
    ------
    InputError
        If formulas read each other in a circle; the message names it.
    """
    graph = {name: sorted(set(read) & set(reads)) for name, read in reads.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise InputError(
            f"measures need each other in a circle: {circle}", "Break it at one of them"
        ) from None

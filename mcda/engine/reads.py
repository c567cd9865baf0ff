"""What leaves are measured from, and influences that formulas repeat."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mcda.engine.scoring import Compiled, scored_name
from mcda.formulas import references
from mcda.model.problem import Problem
from mcda.model.text import Notice
from mcda.model.tree import Leaf

__all__ = ["Reads", "Slot", "doubled", "reads_of"]


class Slot(NamedTuple):
    """A place at which a fact is read: the part it is read of, or ``None``, and its name."""

    part: str | None
    fact: str

    def __str__(self) -> str:
        return self.fact if self.part is None else f"{self.part}.{self.fact}"


@dataclass(frozen=True)
class Reads:
    """What a leaf's value is made from.

    Attributes
    ----------
    slots : tuple of Slot
    edges : tuple of (str, str)
        Typed ids: from each fact, profile field and measure to the measure or leaf that reads it.
    inputs : mapping
        Every fact and profile field, whichever part it is read of -> how many measures lie
        between it and the leaf, at least.
    """

    slots: tuple[Slot, ...]
    edges: tuple[tuple[str, str], ...]
    inputs: Mapping[str, int]


def reads_of(leaf: Leaf, compiled: Compiled, facts: Mapping[str, object]) -> Reads:
    """Everything that a leaf's formula reads, through measures and parts, the nearest first."""
    slots: dict[Slot, None] = {}
    edges: dict[tuple[str, str], None] = {}
    inputs: dict[str, int] = {}
    seen: set[tuple[str, str | None]] = set()
    waiting: deque[tuple[str, str | None, str, int]] = deque()
    waiting.append((scored_name(leaf), None, f"criterion:{leaf.id}", 0))
    while waiting:
        name, part, reader, depth = waiting.popleft()
        if name in compiled.measures:
            edges[f"measure:{name}", reader] = None
            if (name, part) in seen:
                continue
            seen.add((name, part))
            # a part has no parts
            waiting.extend(
                (read, of or part, f"measure:{name}", depth + 1)
                for read, of in sorted(references(compiled.measures[name]), key=str)
                if of is None or part is None
            )
        elif name in facts:
            slot = Slot(part, name)
            slots[slot] = None
            edges[f"fact:{slot}", reader] = None
            inputs.setdefault(name, depth)
        else:
            edges[f"profile:{name}", reader] = None
            inputs.setdefault(name, depth)
    return Reads(tuple(slots), tuple(edges), inputs)


def doubled(problem: Problem, compiled: Compiled) -> Iterator[Notice]:
    """Influences i -> j where j is measured from what i is measured from: they may count twice.

    An input belongs to the leaves that read it most directly: the team's capability to a criterion
    that compares it with what is demanded, not to a cost that it changes through other measures.
    """
    if not problem.criteria.influences or problem.method.dependencies == "off":
        return
    tree = problem.tree
    inputs = [reads_of(leaf, compiled, problem.criteria.facts).inputs for leaf in tree.leaves]
    nearest: dict[str, int] = {}
    for depths in inputs:
        for name, depth in depths.items():
            nearest[name] = min(depth, nearest.get(name, depth))
    for each in problem.criteria.influences:
        own = {
            name
            for j in tree.leaves_below[each.from_]
            for name, depth in inputs[j].items()
            if depth == nearest[name]
        }
        read = {name for j in tree.leaves_below[each.to] for name in inputs[j]}
        names = sorted(own & read)
        if names:
            yield Notice("doubled", source=each.from_, target=each.to, names=", ".join(names))

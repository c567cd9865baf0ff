"""What leaves are measured from, and influences that formulas repeat."""

from __future__ import annotations

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
    """

    slots: tuple[Slot, ...]
    edges: tuple[tuple[str, str], ...]

    @property
    def inputs(self) -> frozenset[str]:
        """The facts and profile fields, whichever part they are read of."""
        kind = "profile:"
        profile = {source[len(kind) :] for source, _ in self.edges if source.startswith(kind)}
        return frozenset(profile | {slot.fact for slot in self.slots})


def reads_of(leaf: Leaf, compiled: Compiled, facts: Mapping[str, object]) -> Reads:
    """Everything that a leaf's formula reads, through measures and parts."""
    top = scored_name(leaf)
    slots: dict[Slot, None] = {}
    edges: dict[tuple[str, str], None] = {}
    seen: set[tuple[str, str | None]] = set()
    stack: list[tuple[str, str | None, str]] = [(top, None, f"criterion:{leaf.id}")]
    while stack:
        name, part, reader = stack.pop()
        if name in compiled.measures:
            edges[f"measure:{name}", reader] = None
            if (name, part) in seen:
                continue
            seen.add((name, part))
            inner = sorted(references(compiled.measures[name]), key=str, reverse=True)
            # a part has no parts
            stack.extend(
                (read, of or part, f"measure:{name}")
                for read, of in inner
                if of is None or part is None
            )
        elif name in facts:
            slot = Slot(part, name)
            slots[slot] = None
            edges[f"fact:{slot}", reader] = None
        else:
            edges[f"profile:{name}", reader] = None
    return Reads(tuple(slots), tuple(edges))


def doubled(problem: Problem, compiled: Compiled) -> Iterator[Notice]:
    """Influences i -> j where j is measured from what i is measured from: they count twice.

    An input belongs to the leaves that are measured from it and from the fewest other inputs: the
    team's capability to the criterion "team", not to a cost that depends on it among other things.
    """
    if not problem.criteria.influences or problem.method.dependencies == "off":
        return
    tree = problem.tree
    facts = problem.criteria.facts
    inputs = [reads_of(leaf, compiled, facts).inputs for leaf in tree.leaves]
    belongs: dict[str, set[int]] = {}
    for name in frozenset().union(*inputs):
        readers = [j for j, read in enumerate(inputs) if name in read]
        fewest = min(len(inputs[j]) for j in readers)
        belongs[name] = {j for j in readers if len(inputs[j]) == fewest}
    for each in problem.criteria.influences:
        sources, targets = set(tree.leaves_below[each.from_]), set(tree.leaves_below[each.to])
        read = frozenset().union(*(inputs[j] for j in targets))
        names = sorted(
            name for name in read if belongs[name] & sources and not belongs[name] & targets
        )
        if names:
            yield Notice("doubled", source=each.from_, target=each.to, names=", ".join(names))

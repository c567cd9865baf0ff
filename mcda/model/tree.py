"""The criteria tree in the order the arrays use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mcda.model.criteria import GOAL, Criterion, walk
from mcda.model.text import Text
from mcda.model.values import Direction

__all__ = ["CriteriaTree", "Leaf"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf criterion: what is scored, in which direction, over which domain."""

    id: str
    direction: Direction
    domain: tuple[float, float] | None
    unit: str | None
    #: The measure it scores; ``None`` if it scores a fact.
    measure: str | None
    #: The fact it scores; ``None`` if it scores a measure.
    fact: str | None
    #: The nodes from the dimension down to the leaf itself.
    path: tuple[str, ...]

    @property
    def dimension(self) -> str:
        """The top-level criterion that the leaf belongs to."""
        return self.path[0]


@dataclass(frozen=True)
class CriteriaTree:
    """A tree of criteria whose node names are unique.

    Attributes
    ----------
    children : mapping of str to tuple of str
        Children of ``goal`` and of every parent, parents first.
    leaves : tuple of Leaf
        In the order of the arrays' criteria axis.
    titles : mapping of str to Text
        One for every node, the id where no title is given.
    """

    children: Mapping[str, tuple[str, ...]]
    leaves: tuple[Leaf, ...]
    titles: Mapping[str, Text] = field(repr=False)

    @classmethod
    def of(cls, nodes: Mapping[str, Criterion]) -> CriteriaTree:
        """The tree of a document's nodes."""
        children: dict[str, tuple[str, ...]] = {GOAL: tuple(nodes)}
        leaves: list[Leaf] = []
        titles: dict[str, Text] = {GOAL: Text(en="the goal", zh="总目标")}
        for path, node in walk(nodes):
            name = path[-1]
            titles[name] = node.title or Text(en=name, zh=name)
            if node.children is not None:
                children[name] = tuple(node.children)
                continue
            assert node.direction is not None
            fact = None if node.measure else node.fact or name
            leaves.append(
                Leaf(name, node.direction, node.span, node.unit, node.measure, fact, path)
            )
        return cls(children, tuple(leaves), titles)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The top-level criteria."""
        return self.children[GOAL]

    @cached_property
    def leaf_ids(self) -> tuple[str, ...]:
        """The leaves' names in the order of the arrays."""
        return tuple(leaf.id for leaf in self.leaves)

    @cached_property
    def dimension_of_leaf(self) -> tuple[int, ...]:
        """For every leaf, the position of its dimension."""
        position = {name: number for number, name in enumerate(self.dimensions)}
        return tuple(position[leaf.dimension] for leaf in self.leaves)

    @cached_property
    def leaves_below(self) -> Mapping[str, tuple[int, ...]]:
        """For every node, ``goal`` included, the positions of the leaves at or below it."""
        below: dict[str, list[int]] = {GOAL: []}
        for number, leaf in enumerate(self.leaves):
            for name in (GOAL, *leaf.path):
                below.setdefault(name, []).append(number)
        return {name: tuple(numbers) for name, numbers in below.items()}

    def parents(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every node with children, ``goal`` first, parents before their children."""
        yield from self.children.items()

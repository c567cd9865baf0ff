"""The typed tree that formulas are translated to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "BOOLEAN",
    "NUMBER",
    "Arithmetic",
    "Call",
    "Choice",
    "Choose",
    "Compare",
    "Constant",
    "Logic",
    "Member",
    "Name",
    "Negative",
    "Node",
    "Not",
    "Power",
    "Type",
    "walk",
]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value: a number or yes/no."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Choice(Type):
    """One word of several; its value is the word's position."""

    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"choice of {', '.join(self.values)}"


NUMBER = Type("number")
BOOLEAN = Type("yes/no")


@dataclass(frozen=True, slots=True)
class Node:
    """Base of the tree: what a part of a formula yields, and where it stands in the text."""

    type: Type
    span: Span

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return ()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, or a yes/no as 1 or 0."""

    value: float


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A profile field, fact or measure; of the part in the role `part`, if given."""

    name: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """``first`` and then operators with their right-hand sides, from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return (self.first, *(operand for _, operand in self.rest))


@dataclass(frozen=True, slots=True)
class Arithmetic(Chain):
    """One ``+ - * /`` after the other."""


@dataclass(frozen=True, slots=True)
class Compare(Chain):
    """``first < second <= third ...``: every neighbouring pair must hold."""


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """An operator before its operand."""

    operand: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Negative(Prefix):
    """``-operand``."""


@dataclass(frozen=True, slots=True)
class Not(Prefix):
    """``not operand``."""


@dataclass(frozen=True, slots=True)
class Power(Node):
    """``base ** exponent``."""

    base: Node
    exponent: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Base and exponent."""
        return (self.base, self.exponent)


@dataclass(frozen=True, slots=True)
class Member(Node):
    """``operand in (items)``."""

    operand: Node
    items: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand and the items."""
        return (self.operand, *self.items)


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more."""

    operator: str
    operands: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """``then if condition else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Condition, then, otherwise."""
        return (self.condition, self.then, self.otherwise)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the fixed list, applied."""

    function: str
    arguments: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in node.parts:
        yield from walk(part)

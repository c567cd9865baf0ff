"""From a formula's typed tree back to its text."""

from __future__ import annotations

from mcda.formulas.quoting import quoted
from mcda.formulas.tree import (
    BOOLEAN,
    Call,
    Chain,
    Choice,
    Choose,
    Constant,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Power,
)

__all__ = ["written"]


def written(node: Node) -> str:
    """The text of a formula, with brackets around every part; parsed, it gives the same tree.

    Examples
    --------
    >>> from mcda.formulas import NUMBER, parse
    >>> written(parse("`Unit Cost` * 2 + x", {"Unit Cost": NUMBER, "x": NUMBER}))
    '`Unit Cost` * 2.0 + x'
    """
    match node:
        case Constant(type=Choice(values=values)):
            return repr(values[int(node.value)])
        case Constant():
            return repr(node.value != 0.0 if node.type == BOOLEAN else node.value)
        case Name():
            name = quoted(node.name)
            return name if node.part is None else f"{quoted(node.part)}.{name}"
        case Negative():
            return f"-{_inner(node.operand)}"
        case Not():
            return f"not {_inner(node.operand)}"
        case Chain():
            text, sums = _inner(node.first), False
            for operator, operand in node.rest:
                if sums and operator in "*/":  # what comes before is one factor
                    text, sums = f"({text})", False
                text += f" {operator} {_inner(operand)}"
                sums = sums or operator in "+-"
            return text
        case Power():
            return f"{_inner(node.base)} ** {_inner(node.exponent)}"
        case Member():
            return f"{_inner(node.operand)} in ({''.join(f'{written(e)}, ' for e in node.items)})"
        case Logic():
            return f" {node.operator} ".join(map(_inner, node.operands))
        case Choose():
            parts = map(_inner, (node.then, node.condition, node.otherwise))
            return "{} if {} else {}".format(*parts)
        case Call():
            return f"{node.function}({', '.join(map(written, node.arguments))})"
    raise AssertionError(node)


def _inner(node: Node) -> str:
    """A part of a formula, in brackets unless it is a single word."""
    text = written(node)
    return text if isinstance(node, (Constant, Name, Call)) else f"({text})"

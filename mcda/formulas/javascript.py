"""Formulas as JavaScript expressions, for pages that work them out in a reader's browser.

The expressions call functions that the page provides, named after what they do; ``null`` stands for
what is unknown. Names, words and numbers are written so that nothing in them can end a script.
"""

from __future__ import annotations

import json

from mcda.formulas.tree import (
    BOOLEAN,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Constant,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Power,
)

__all__ = ["FUNCTIONS", "javascript", "literal"]

#: Characters that mean something to HTML, or end lines in scripts only.
_HARMFUL = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
#: What the page has to provide besides ``v`` and ``part``.
FUNCTIONS = (
    *("neg", "not_", "add", "sub", "mul", "div", "pow", "compare", "member", "and", "or", "pick"),
    *("coalesce", "known", "clip", "min", "max", "unary"),
)
_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def literal(given: object) -> str:
    """Plain data as a JavaScript literal that may stand in a page's script."""
    text = json.dumps(given, ensure_ascii=False, allow_nan=False).translate(_HARMFUL)
    # a key of this name would set what an object inherits from, unless it is worked out
    return text.replace('"__proto__":', '["__proto__"]:')


def javascript(node: Node) -> str:
    """The expression of a formula.

    Parameters
    ----------
    node
        The translated formula.

    Returns
    -------
    str
        Calls of ``v(name)``, the option's value of a name, ``part(role, name)``, that of the
        option which plays a part in it, and of `FUNCTIONS`. What may not be worked out where it is
        not used is wrapped in ``() =>``.

    Examples
    --------
    >>> from mcda.formulas import NUMBER, parse
    >>> javascript(parse("1 - clip(x, 0, 4) / 4", {"x": NUMBER}))
    'sub(1.0,div(clip(v("x"),0.0,4.0),4.0))'
    """
    match node:
        case Constant():
            return literal(node.value != 0.0 if node.type == BOOLEAN else float(node.value))
        case Name(part=None):
            return f"v({literal(node.name)})"
        case Name():
            return f"part({literal(node.part)},{literal(node.name)})"
        case Negative():
            return f"neg({javascript(node.operand)})"
        case Not():
            return f"not_({javascript(node.operand)})"
        case Arithmetic():
            text = javascript(node.first)
            for operator, operand in node.rest:
                text = f"{_ARITHMETIC[operator]}({text},{javascript(operand)})"
            return text
        case Power():
            return f"pow({javascript(node.base)},{javascript(node.exponent)})"
        case Compare():
            steps = "".join(f",{literal(sign)},{javascript(right)}" for sign, right in node.rest)
            return f"compare({javascript(node.first)}{steps})"
        case Member():
            items = ",".join(javascript(item) for item in node.items)
            return f"member({javascript(node.operand)},[{items}])"
        case Logic():
            return f"{node.operator}({_late(node.operands)})"
        case Choose():
            branches = _late((node.then, node.otherwise))
            return f"pick({javascript(node.condition)},{branches})"
        case Call():
            return _call(node)
    raise AssertionError(node)


def _call(node: Call) -> str:
    if node.function == "coalesce":
        return f"coalesce({_late(node.arguments)})"
    arguments = ",".join(javascript(argument) for argument in node.arguments)
    if node.function in FUNCTIONS:
        return f"{node.function}({arguments})"
    return f"unary({literal(node.function)},{arguments})"


def _late(nodes: tuple[Node, ...]) -> str:
    return ",".join(f"()=>{javascript(node)}" for node in nodes)

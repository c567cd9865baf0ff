"""From a formula's text to its typed tree; every error shows the spot."""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Collection, Mapping
from typing import NoReturn

from mcda.errors import FormulaError, hint, short
from mcda.formulas.quoting import is_plain, quoted, unquote
from mcda.formulas.tree import (
    BOOLEAN,
    NUMBER,
    Arithmetic,
    Call,
    Choice,
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
    Type,
)
from mcda.model.language import given_number

__all__ = ["DEEPEST", "LARGEST_EXPONENT", "LONGEST", "parse"]

#: The longest formula, in characters.
LONGEST = 4000
#: The deepest nesting; a sum of many terms is flat.
DEEPEST = 32
#: The largest constant exponent.
LARGEST_EXPONENT = 64

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
#: Function -> fewest and most arguments.
_FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 64),
    "max": (2, 64),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "clip": (3, 3),
    "coalesce": (2, 64),
    "known": (1, 1),
}


def parse(text: str, names: Mapping[str, Type], parts: Collection[str] = ()) -> Node:
    """Translate a formula.

    Parameters
    ----------
    text
        The formula, in Python's expression syntax; names that it has no words for in backticks.
    names
        The names it may use, with their types.
    parts
        The roles it may use before a dot, as in ``own.price``.

    Raises
    ------
    FormulaError
        If it is not a formula, uses an unknown name or function, mixes types, or is too large.

    Examples
    --------
    >>> parse("1 + 2 * x", {"x": NUMBER}).type
    Type(name='number')
    """
    if len(text) > LONGEST:
        raise FormulaError(
            f"the formula has {len(text):,} characters, the limit is {LONGEST:,}",
            "Split it into several measures",
        )
    return _Translator(text, names, parts).translate()


def names_in(text: str) -> frozenset[str]:
    """The names that a formula reads, parts' included; none if it is not a formula."""
    try:
        translator = _Translator(text[:LONGEST], {}, ())
        tree = translator.parsed()
    except FormulaError:
        return frozenset()
    nodes = list(ast.walk(tree))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(
        translator.said(node)
        for node in nodes
        if isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in called
    )


class _Translator:
    def __init__(self, text: str, names: Mapping[str, Type], parts: Collection[str]) -> None:
        self.text = text
        self.names = names
        self.roles = parts
        # one line, so that a formula may be wrapped; the positions stay
        line = "".join(" " if character in "\n\r\t" else character for character in text)
        self.line, self.quoted, self.bare = unquote(line)
        self.indent = len(self.line) - len(self.line.lstrip())

    def translate(self) -> Node:
        if not self.line.strip():
            raise FormulaError("the formula is empty", "Write one", formula=self.text)
        if (comment := self.bare.find("#")) >= 0:
            what, remedy = "a formula has no comments", "Remove the #"
            self._refuse_at(comment, comment + 1, what, self._backticks() or remedy)
        tree = self.parsed()
        try:
            return self.node(tree.body, 1)
        except RecursionError:
            raise self._too_deep() from None
        except FormulaError as error:
            remedy = self._backticks(error.span)
            if not remedy:
                raise
            self._refuse_at(*error.span, error.what, remedy)

    def parsed(self) -> ast.Expression:
        """Python's own tree of the formula."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.line.strip(), mode="eval")
        except SyntaxError as error:
            start = self.indent + max(0, (error.offset or 1) - 1)
            end = self.indent + max(start + 1, (error.end_offset or 0) - 1)
            what = f"this is not a formula: {error.msg}"
            self._refuse_at(start, end, what, self._backticks())
        except (RecursionError, MemoryError):
            raise self._too_deep() from None
        except ValueError as error:
            raise FormulaError(f"this is not a formula: {error}", formula=self.text) from None

    def _backticks(self, span: tuple[int, int] | None = None) -> str:
        """How to write a name that stands as it is where something is wrong, and may not."""
        start, end = span or (0, len(self.line))
        odd = [name for name in self.names if not is_plain(name)]
        # names that look like words of the language come last, and only where they are whole words
        for name in sorted(odd, key=lambda name: (name.isidentifier(), -len(name))):
            edge = r"\b" if name.isidentifier() else ""
            for match in re.finditer(f"{edge}{re.escape(name)}{edge}", self.bare):
                if match.start() < end and start < match.end():
                    return f"Write the name in backticks: {quoted(name)}"
        return ""

    def said(self, node: ast.Name | ast.Attribute) -> str:
        """The name that a node stands for."""
        own = node.id if isinstance(node, ast.Name) else node.attr
        return self.quoted.get(self.span(node)[1], own)

    def _meant(self, name: str, known: Collection[str]) -> str:
        """The nearest known name, as it is written."""
        return hint(name, [quoted(each) for each in known])

    def _too_deep(self) -> FormulaError:
        return FormulaError(
            f"the formula nests more than {DEEPEST} deep",
            "Split it into several measures",
            formula=self.text,
        )

    def _refuse_at(self, start: int, end: int, what: str, remedy: str) -> NoReturn:
        raise FormulaError(what, remedy, formula=self.text, span=(start, end))

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Start and end of a node in the text; `ast` counts bytes of UTF-8."""
        data = self.line.strip().encode()
        start = len(data[: node.col_offset].decode(errors="ignore"))
        end = len(data[: node.end_col_offset].decode(errors="ignore"))
        return self.indent + start, self.indent + end

    def refuse(self, node: ast.expr, what: str, remedy: str = "") -> NoReturn:
        self._refuse_at(*self.span(node), what, remedy)

    def node(self, node: ast.expr, depth: int) -> Node:
        if depth > DEEPEST:
            raise self._too_deep()
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            kind = _WORDS.get(type(node).__name__, "this")
            self.refuse(
                node,
                f"{kind} is not part of the formula language",
                "It has numbers, names, + - * / **, comparisons, and/or/not, x if c else y, "
                f"in (...), and the functions {', '.join(_FUNCTIONS)}",
            )
        result: Node = method(node, depth + 1)
        return result

    def typed(self, node: ast.expr, depth: int, wanted: Type) -> Node:
        result = self.node(node, depth)
        self._must_be(node, result, wanted)
        return result

    def _must_be(self, node: ast.expr, result: Node, wanted: Type) -> None:
        if result.type != wanted:
            article = "a number" if wanted == NUMBER else f"a {wanted}"
            remedy = "Compare it, as in x > 0" if wanted == BOOLEAN else ""
            self.refuse(node, f"{article} is needed here, this is a {result.type}", remedy)

    def _constant(self, node: ast.Constant, depth: int) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Constant(BOOLEAN, self.span(node), float(value))
        if isinstance(value, (int, float)):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if not math.isfinite(number):
                self.refuse(node, "the number is too large", "The largest is about 1.8e308")
            return Constant(NUMBER, self.span(node), number)
        if isinstance(value, str):
            self.refuse(
                node, f"the word {short(value)} stands alone", "Compare it with a choice: x == 'a'"
            )
        return self.refuse(node, f"{short(value)} is not a number")

    def _name(self, node: ast.Name, depth: int) -> Node:
        name = self.said(node)
        if name not in self.names:
            if name == node.id and name in _FUNCTIONS:
                self.refuse(node, f"the function {name} needs arguments", f"{name}(...)")
            if name == node.id and name in ("true", "false"):
                self.refuse(node, f"unknown name {name!r}", f"Write {name.title()}")
            self.refuse(node, f"unknown name {name!r}", self._meant(name, self.names))
        return Name(self.names[name], self.span(node), name)

    def _attribute(self, node: ast.Attribute, depth: int) -> Node:
        if not isinstance(node.value, ast.Name):
            self.refuse(node, "only part.name is understood here", "Use one dot")
        role, name = self.said(node.value), self.said(node)
        if role not in self.roles:
            remedy = self._meant(role, self.roles) or "The criteria model declares no parts"
            self.refuse(node.value, f"unknown part {role!r}", remedy)
        if name not in self.names:
            self.refuse(node, f"unknown name {name!r}", self._meant(name, self.names))
        return Name(self.names[name], self.span(node), name, role)

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        if isinstance(node.op, ast.Not):
            return Not(BOOLEAN, self.span(node), self.typed(node.operand, depth, BOOLEAN))
        if isinstance(node.op, ast.Invert):
            self.refuse(node, "~ is not part of the formula language", "Write not")
        operand = self.typed(node.operand, depth, NUMBER)
        if isinstance(node.op, ast.UAdd):
            return operand
        return Negative(NUMBER, self.span(node), operand)

    def _binop(self, node: ast.BinOp, depth: int) -> Node:
        if isinstance(node.op, ast.Pow):
            return self._power(node, depth)
        chain: list[tuple[str, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and not isinstance(left.op, ast.Pow):
            operator = _ARITHMETIC.get(type(left.op))
            if operator is None:
                name = type(left.op).__name__
                self.refuse(
                    left,
                    f"the operator {_OPERATORS.get(name, name)} is not known",
                    "Use + - * / **",
                )
            chain.append((operator, left.right))
            left = left.left
        first = self.typed(left, depth, NUMBER)
        rest = tuple(
            (operator, self.typed(operand, depth, NUMBER)) for operator, operand in reversed(chain)
        )
        return Arithmetic(NUMBER, self.span(node), first, rest)

    def _power(self, node: ast.BinOp, depth: int) -> Node:
        base = self.typed(node.left, depth, NUMBER)
        exponent = self.typed(node.right, depth, NUMBER)
        constant = exponent.operand if isinstance(exponent, Negative) else exponent
        if isinstance(constant, Constant) and abs(constant.value) > LARGEST_EXPONENT:
            self.refuse(
                node.right,
                f"the exponent {given_number(constant.value)} is too large",
                f"The largest is {LARGEST_EXPONENT}",
            )
        return Power(NUMBER, self.span(node), base, exponent)

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        operands = [node.left, *node.comparators]
        if any(isinstance(operator, (ast.In, ast.NotIn)) for operator in node.ops):
            return self._membership(node, depth)
        translated = [None if _is_word(each) else self.node(each, depth) for each in operands]
        types = [each.type for each in translated if each is not None]
        if not types:
            self.refuse(node, "two words are compared", "Compare a name with a word")
        nodes = [
            self._like(each, found, types[0])
            for each, found in zip(operands, translated, strict=True)
        ]
        steps = []
        for operator, right in zip(node.ops, nodes[1:], strict=True):
            sign = _COMPARISONS.get(type(operator))
            if sign is None:
                self.refuse(node, "'is' is not part of the formula language", "Write ==")
            if types[0] != NUMBER and sign not in ("==", "!="):
                self.refuse(node, f"{sign} compares numbers, this is a {types[0]}", "Use == or !=")
            steps.append((sign, right))
        return Compare(BOOLEAN, self.span(node), nodes[0], tuple(steps))

    def _like(self, node: ast.expr, translated: Node | None, wanted: Type) -> Node:
        """A translated node of the type `wanted`; a word becomes its place among the values."""
        if translated is None:
            assert isinstance(node, ast.Constant)
            if not isinstance(wanted, Choice):
                self.refuse(node, f"a word is compared with a {wanted}", "Compare like with like")
            if node.value not in wanted.values:
                self.refuse(
                    node, f"unknown word {short(node.value)}", hint(str(node.value), wanted.values)
                )
            return Constant(wanted, self.span(node), float(wanted.values.index(str(node.value))))
        if translated.type != wanted:
            what = f"a {wanted} is compared with a {translated.type}"
            self.refuse(node, what, "Compare like with like")
        return translated

    def _membership(self, node: ast.Compare, depth: int) -> Node:
        if len(node.ops) > 1:
            self.refuse(node, "in cannot be chained with other comparisons", "Join them with and")
        members = node.comparators[0]
        if not isinstance(members, (ast.Tuple, ast.List, ast.Set)) or not members.elts:
            self.refuse(members, "in needs a list of values", "Write x in (a, b)")
        operand = self.node(node.left, depth)
        items = tuple(
            self._like(each, None if _is_word(each) else self.node(each, depth), operand.type)
            for each in members.elts
        )
        member = Member(BOOLEAN, self.span(node), operand, items)
        if isinstance(node.ops[0], ast.NotIn):
            return Not(BOOLEAN, self.span(node), member)
        return member

    def _boolop(self, node: ast.BoolOp, depth: int) -> Node:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        operands = tuple(self.typed(value, depth, BOOLEAN) for value in node.values)
        return Logic(BOOLEAN, self.span(node), operator, operands)

    def _ifexp(self, node: ast.IfExp, depth: int) -> Node:
        condition = self.typed(node.test, depth, BOOLEAN)
        then, otherwise = self.node(node.body, depth), self.node(node.orelse, depth)
        if then.type != otherwise.type:
            what = f"one branch is a {then.type}, the other a {otherwise.type}"
            self.refuse(node, what, "Give both the same type")
        return Choose(then.type, self.span(node), condition, then, otherwise)

    def _call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name):
            self.refuse(
                node.func,
                "only the functions of the language can be called",
                f"They are {', '.join(_FUNCTIONS)}",
            )
        name = node.func.id
        if (said := self.said(node.func)) != name:
            what = f"{said!r} in backticks is a name, not a function"
            self.refuse(node.func, what, f"The functions are {', '.join(_FUNCTIONS)}")
        if name not in _FUNCTIONS:
            self.refuse(node.func, f"unknown function {name!r}", hint(name, _FUNCTIONS))
        if node.keywords or any(isinstance(each, ast.Starred) for each in node.args):
            self.refuse(node, f"{name} takes plain arguments only", "Remove names and stars")
        fewest, most = _FUNCTIONS[name]
        if not fewest <= len(node.args) <= most:
            count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            self.refuse(node, f"{name} takes {count} arguments, got {len(node.args)}")
        if name == "known":
            return Call(BOOLEAN, self.span(node), name, (self.node(node.args[0], depth),))
        arguments = tuple(self.node(each, depth) for each in node.args)
        wanted = arguments[0].type if name == "coalesce" else NUMBER
        for each, found in zip(node.args, arguments, strict=True):
            self._must_be(each, found, wanted)
        return Call(wanted, self.span(node), name, arguments)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


_OPERATORS = {
    "Mod": "%",
    "FloorDiv": "//",
    "MatMult": "@",
    "BitXor": "^",
    "BitAnd": "&",
    "BitOr": "|",
    "LShift": "<<",
    "RShift": ">>",
}
_WORDS = {
    "Lambda": "lambda",
    "Subscript": "indexing with [...]",
    "ListComp": "a comprehension",
    "GeneratorExp": "a comprehension",
    "SetComp": "a comprehension",
    "DictComp": "a comprehension",
    "JoinedStr": "an f-string",
    "NamedExpr": ":=",
    "Tuple": "a list of values outside of in (...)",
    "List": "a list of values outside of in (...)",
    "Dict": "a mapping",
    "Set": "a set",
    "Starred": "a star",
    "Await": "await",
    "Yield": "yield",
}

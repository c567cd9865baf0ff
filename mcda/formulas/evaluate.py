"""Formulas on arrays: values with a mask that says which of them are known.

An unknown input makes a number unknown; ``and``, ``or``, ``not`` are three-valued (Kleene 1938);
in ``x if c else y`` only the condition and the branch taken count. Results that are not finite
are errors wherever they are known and used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mcda.errors import FormulaError
from mcda.formulas.quoting import quoted
from mcda.formulas.tree import (
    BOOLEAN,
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
    walk,
)
from mcda.model.language import given_number

__all__ = ["Environment", "Values", "evaluate"]

Array = NDArray[Any]


class Values(NamedTuple):
    """Values and where they are known; both broadcast to the shape of the problem."""

    values: Array
    known: Array


class Environment(Protocol):
    """Where formulas find the values of names."""

    def value(self, name: str, part: str | None) -> Values:
        """The values of a name, or of the name in the option that plays the role `part`."""

    def label(self, index: tuple[int, ...]) -> str:
        """What stands at an index, for messages."""


_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
_UNARY: dict[str, Callable[[Array], Array]] = {
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
}
_TRUE = np.asarray(True)
#: Where a result is used. It is only asked when something is wrong: most formulas never are.
_Active = Callable[[], Array]


def evaluate(formula: Node, text: str, environment: Environment, active: Array = _TRUE) -> Values:
    """Evaluate a formula for every option (and scenario) at once.

    Parameters
    ----------
    formula
        The translated formula.
    text
        Its text, for messages.
    environment
        Where its names find their values.
    active
        Where the result is used; elsewhere nothing can be wrong.

    Returns
    -------
    Values
        Numbers as float64, yes/no as bool, choices as positions; entries that are not known hold
        no meaningful value.

    Raises
    ------
    FormulaError
        If a result is infinite or not a number, with the formula, the option and its inputs.
    """
    with np.errstate(all="ignore"):
        return _Evaluation(formula, text, environment).of(formula, lambda: active)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    formula: Node
    text: str
    environment: Environment

    def of(self, node: Node, active: _Active) -> Values:
        """The values of `node`; what is not `active` is not used and cannot be wrong."""
        match node:
            case Constant():
                value = node.value != 0.0 if node.type == BOOLEAN else node.value
                return Values(np.asarray(value), _TRUE)
            case Name():
                return self.environment.value(node.name, node.part)
            case Negative():
                values, known = self.of(node.operand, active)
                return Values(-values, known)
            case Not():
                values, known = self.of(node.operand, active)
                return Values(~values, known)
            case Arithmetic():
                return self.arithmetic(node, active)
            case Power():
                base, exponent = self.of(node.base, active), self.of(node.exponent, active)
                known = _and(base.known, exponent.known)
                return self.finite(np.power(base.values, exponent.values), known, node, active)
            case Compare():
                return self.compare(node, active)
            case Member():
                values, known = self.of(node.operand, active)
                items = [self.of(item, active) for item in node.items]
                return reduce(_either, (Values(values == item, known & of) for item, of in items))
            case Logic():
                return self.logic(node, active)
            case Choose():
                return self.choose(node, active)
            case Call():
                return self.call(node, active)
        raise AssertionError(node)

    def arithmetic(self, node: Arithmetic, active: _Active) -> Values:
        values, known = self.of(node.first, active)
        for operator, operand in node.rest:
            right, right_known = self.of(operand, active)
            known = _and(known, right_known)
            values = self.finite(_BINARY[operator](values, right), known, node, active).values
        return Values(values, known)

    def compare(self, node: Compare, active: _Active) -> Values:
        left = self.of(node.first, active)
        result: Values | None = None
        for operator, operand in node.rest:
            right = self.of(operand, active)
            known = _and(left.known, right.known)
            step = Values(_BINARY[operator](left.values, right.values), known)
            result = step if result is None else _both(result, step)
            left = right
        assert result is not None
        return result

    def logic(self, node: Logic, active: _Active) -> Values:
        join = _both if node.operator == "and" else _either
        settling = node.operator == "or"
        result = self.of(node.operands[0], active)
        for operand in node.operands[1:]:
            if _alike(result) and result.known.item() and result.values.item() == settling:
                break
            result = join(result, self.of(operand, _unsettled(result, node.operator, active)))
        return result

    def choose(self, node: Choose, active: _Active) -> Values:
        condition, sure = found = self.of(node.condition, active)
        if _alike(found):
            taken = node.then if condition.item() else node.otherwise
            values, known = self.of(taken, lambda: active() & sure)
            return Values(values, known if sure.item() else sure)
        then = self.of(node.then, lambda: active() & sure & condition)
        otherwise = self.of(node.otherwise, lambda: active() & sure & ~condition)
        values = np.where(condition, then.values, otherwise.values)
        if _every(then.known) and _every(otherwise.known):
            return Values(values, sure)
        return Values(values, _settled(sure & np.where(condition, then.known, otherwise.known)))

    def call(self, node: Call, active: _Active) -> Values:
        if node.function == "coalesce":
            values, known = self.of(node.arguments[0], active)
            for argument in node.arguments[1:]:
                if _every(known):
                    break
                other = self.of(argument, _unknown(known, active))
                if known.size == 1 and known.ndim < 2:  # known nowhere
                    values, known = other
                    continue
                values = np.where(known, values, other.values)
                known = _TRUE if _every(other.known) else _settled(known | other.known)
            return Values(values, known)
        arguments = [self.of(argument, active) for argument in node.arguments]
        if node.function == "known":
            return Values(np.asarray(arguments[0].known), _TRUE)
        known = reduce(_and, (each.known for each in arguments))
        numbers = [each.values for each in arguments]
        if node.function in _UNARY:
            return self.finite(_UNARY[node.function](numbers[0]), known, node, active)
        if node.function == "clip":
            turned = numbers[1] > numbers[2]
            if np.any(turned) and np.any(bad := known & active() & turned):
                raise self.error("clip needs its lower end before its upper", bad, node)
            return Values(_smaller(_larger(*numbers[:2]), numbers[2]), known)
        join = _smaller if node.function == "min" else _larger
        return Values(reduce(join, numbers), known)

    def finite(self, values: Array, known: Array, node: Node, active: _Active) -> Values:
        if not np.all(np.isfinite(values)):
            bad = known & active() & ~np.isfinite(values)
            if np.any(bad):
                first = np.broadcast_to(values, bad.shape)[bad][0]
                what = "not a number" if np.isnan(first) else "infinite"
                raise self.error(f"the result is {what}", bad, node)
        return Values(values, known)

    def error(self, what: str, bad: Array, node: Node) -> FormulaError:
        """The error for the first place where `bad` holds, with the inputs found there."""

        def said(place: int) -> str:
            index = np.unravel_index(place, np.shape(bad))
            inputs = {}
            for each in walk(self.formula):
                if isinstance(each, Name) and index:  # a constant fails whatever the inputs are
                    found = self.environment.value(each.name, each.part)
                    dotted = f"{each.part}.{quoted(each.name)}" if each.part else quoted(each.name)
                    inputs[dotted] = _shown(found, index, each)
            label = self.environment.label(tuple(int(i) for i in index))
            given = ", ".join(f"{name} = {value}" for name, value in inputs.items())
            where = f" for {label}" if label else ""
            return f"{what}{where}{f', with {given}' if given else ''}"

        return FormulaError(
            said(int(np.argmax(bad))),
            "Guard it, as in: x / y if y > 0 else 0",
            formula=self.text,
            span=node.span,
            everywhere={int(place): said for place in np.flatnonzero(bad)},
        )


def _shown(found: Values, index: tuple[Any, ...], name: Name) -> str:
    def at(array: Array) -> Any:
        # an input that the failing part does not depend on may have more dimensions than it
        trimmed = (*(0,) * array.ndim, *index)[len(index) :]
        return array[
            tuple(0 if size == 1 else i for i, size in zip(trimmed, array.shape, strict=True))
        ]

    if not at(found.known):
        return "unknown"
    value = at(found.values)
    if isinstance(name.type, Choice):
        return name.type.values[int(value)]
    return str(bool(value)) if name.type == BOOLEAN else given_number(float(value))


def _every(known: Array) -> bool:
    """Whether all is known for certain, and said so in one word."""
    return known.size == 1 and bool(known.item())


def _alike(found: Values) -> bool:
    """Whether there is one value for all places, known or not: nothing need be chosen by place."""
    return all(each.size == 1 and each.ndim < 2 for each in found)


def _settled(known: Array) -> Array:
    """What is known, in one word where it is all."""
    return _TRUE if known.all() else known


def _smaller(one: Array, other: Array) -> Array:
    return _decided(np.minimum(one, other), one, other, np.signbit(one))


def _larger(one: Array, other: Array) -> Array:
    return _decided(np.maximum(one, other), one, other, ~np.signbit(one))


def _decided(found: Array, one: Array, other: Array, first: Array) -> Array:
    """-0 is smaller than 0, as in JavaScript; NumPy leaves open which of them it takes."""
    if np.all(found):
        return found
    return np.where(one == other, np.where(first, one, other), found)


def _and(one: Array, other: Array) -> Array:
    """Where both hold; in one word where both are."""
    if _every(one) and other.ndim >= one.ndim:
        return other
    if _every(other) and one.ndim >= other.ndim:
        return one
    return one & other


def _unsettled(result: Values, operator: str, active: _Active) -> _Active:
    """Where what comes after a part of ``and`` or ``or`` counts."""

    def where() -> Array:
        settled = ~result.values if operator == "and" else result.values
        return np.asarray(active() & ~(result.known & settled))

    return where


def _unknown(known: Array, active: _Active) -> _Active:
    """Where what stands in for something unknown counts."""
    return lambda: active() & ~known


def _both(left: Values, right: Values) -> Values:
    """Three-valued ``and``."""
    if _every(left.known) and _every(right.known):
        return Values(left.values & right.values, left.known)
    true = left.known & left.values & right.known & right.values
    false = (left.known & ~left.values) | (right.known & ~right.values)
    return Values(true, true | false)


def _either(left: Values, right: Values) -> Values:
    """Three-valued ``or``."""
    if _every(left.known) and _every(right.known):
        return Values(left.values | right.values, left.known)
    true = (left.known & left.values) | (right.known & right.values)
    false = left.known & ~left.values & right.known & ~right.values
    return Values(true, true | false)

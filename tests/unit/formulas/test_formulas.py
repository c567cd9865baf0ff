"""The formula language: what it computes, what it refuses, and where it points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.errors import FormulaError, InputError
from mcda.formulas import (
    BOOLEAN,
    NUMBER,
    Choice,
    Values,
    cycle_free_order,
    evaluate,
    names_in,
    parse,
)

NAMES = {
    "x": NUMBER,
    "y": NUMBER,
    "z": NUMBER,
    "yes": BOOLEAN,
    "maybe": BOOLEAN,
    "country": Choice("choice", ("cn", "us", "eu")),
}


class Table:
    """Two options: x = 2, 0; y unknown for the second; z unknown for both."""

    def __init__(self) -> None:
        sure = np.array([True, True])
        self.columns = {
            "x": Values(np.array([2.0, 0.0]), sure),
            "y": Values(np.array([5.0, math.nan]), np.array([True, False])),
            "z": Values(np.array([math.nan, math.nan]), ~sure),
            "yes": Values(np.array([True, False]), sure),
            "maybe": Values(np.array([True, False]), np.array([True, False])),
            "country": Values(np.array([0.0, 2.0]), sure),
        }

    def value(self, name: str, part: str | None) -> Values:
        if part is None:
            return self.columns[name]
        values, known = self.columns[name]
        return Values(values[::-1], known[::-1])

    def label(self, index: tuple[int, ...]) -> str:
        return f"option {'ab'[index[-1]]}" if index else ""


def compute(text: str) -> list[Any]:
    """The values of a formula, ``None`` where it is not known."""
    values, known = evaluate(parse(text, NAMES, ("own",)), text, Table())
    values, known = np.broadcast_to(values, 2), np.broadcast_to(known, 2)
    return [value.item() if sure else None for value, sure in zip(values, known, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * x - x / 4", [4.5, 1.0]),
        ("x - 1 - 1", [0, -2]),
        ("8 / 4 / 2", [1, 1]),
        ("-x ** 2", [-4, 0]),
        ("2 ** 3 ** 2", [512, 512]),
        ("+x", [2, 0]),
        ("x + y", [7, None]),
        ("x + own.x", [2, 2]),
        ("own.y", [None, 5]),
        ("min(x, 1)", [1, 0]),
        ("max(x, 1, 3)", [3, 3]),
        ("min(x, z)", [None, None]),
        ("abs(-x) + floor(1.5) + ceil(1.5)", [5, 3]),
        ("sqrt(4) + exp(0) + log(1)", [3, 3]),
        ("clip(x, 0.5, 1)", [1, 0.5]),
        ("coalesce(z, y, 7)", [5, 7]),
        ("known(y)", [True, False]),
        ("x > 1", [True, False]),
        ("0 <= x < 2 <= 5", [False, True]),
        ("x == 2", [True, False]),
        ("x != 2", [False, True]),
        ("y > 1", [True, None]),
        ("country == 'cn'", [True, False]),
        ("'cn' != country", [False, True]),
        ("country in ('us', 'eu')", [False, True]),
        ("country not in ['us']", [True, True]),
        ("x in (2, y)", [True, None]),
        # unknown, so not wrong
        ("y / x", [2.5, None]),
        ("yes and True", [True, False]),
        # three-valued logic
        ("yes and z > 0", [None, False]),
        ("yes or z > 0", [True, None]),
        ("not (z > 0)", [None, None]),
        ("maybe or not maybe", [True, None]),
        # only the branch taken counts
        ("1 / x if x > 0 else 0", [0.5, 0]),
        ("x if yes else z", [2, None]),
        ("1 if z > 0 else 2", [None, None]),
        ("yes and 1 / x > 0", [True, False]),
        ("x == 0 or 1 / x > 0", [True, True]),
        ("coalesce(x, 1 / 0)", [2, 0]),
        ("x\n  + 1", [3, 1]),
        ("  x", [2, 0]),
    ],
)
def test_values(text: str, expected: list[Any]) -> None:
    assert compute(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the formula is empty"),
        ("x +", "this is not a formula"),
        ("volumn", r"unknown name 'volumn'. Known here: x, y"),
        ("yess", r"unknown name 'yess'. Did you mean 'yes'"),
        ("true", "Write True"),
        ("own.w", "unknown name 'w'"),
        ("owm.x", "unknown part 'owm'. Did you mean 'own'"),
        ("x.y.z", "only part.name is understood"),
        ("sqr(x)", "unknown function 'sqr'. Did you mean 'sqrt'"),
        ("__import__('os')", "unknown function '__import__'"),
        ("x.__class__", "unknown part 'x'"),
        ("(lambda: x)()", "only the functions of the language can be called"),
        ("[x for x in y]", "a comprehension is not part of the formula language"),
        ("x[0]", r"indexing with \[...\] is not part"),
        ("f'{x}'", "an f-string is not part"),
        ("x if yes", "this is not a formula"),
        ("x % 2", "operator % is not known"),
        ("x // 2", "operator // is not known"),
        ("~yes", "Write not"),
        ("x is y", "'is' is not part"),
        ("x and yes", "a yes/no is needed here, this is a number. Compare it, as in x > 0"),
        ("yes + 1", "a number is needed here, this is a yes/no"),
        ("yes < True", "< compares numbers"),
        ("x == yes", "a number is compared with a yes/no"),
        ("x == 'cn'", "a word is compared with a number"),
        ("country == 'uk'", "unknown word 'uk'. Known here: cn, us, eu"),
        ("country < 'us'", "< compares numbers"),
        ("'a' == 'b'", "two words are compared"),
        ("x if yes else yes", "one branch is a number, the other a yes/no"),
        ("x in (1)", r"in needs a list of values. Write x in \(a, b\)"),
        ("x in ()", "in needs a list of values"),
        ("1 < x in (1, 2)", "in cannot be chained"),
        ("max(x)", "max takes 2 to 64 arguments, got 1"),
        ("max(*x)", "max takes plain arguments only"),
        ("min", "the function min needs arguments"),
        ("10 ** 400", "exponent 400 is too large. The largest is 64"),
        ("2 ** -65", "exponent 65 is too large"),
        ("1e999", "the number is too large"),
        ("9" * 400, "the number is too large"),
        ("1j", "1j is not a number"),
        ("'word'", "the word 'word' stands alone"),
        ("x # comment", "a formula has no comments"),
        ("country == '#'", "unknown word '#'"),
        ("x\0", "this is not a formula"),
        (" + ".join(["x"] * 10_000), "39,997 characters, the limit is 4,000. Split it"),
        ("-" * 500 + "x", "nests more than 32 deep"),
        ("(" * 300 + "x" + ")" * 300, "this is not a formula|nests more than 32 deep"),
        ("not " * 200 + "yes", "nests more than 32 deep"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        parse(text, NAMES, ("own",))


def test_a_long_sum_is_not_deep() -> None:
    assert compute("+".join(["x"] * 1900)) == [3800, 0]


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("x + volumn * 2", "volumn"),
        ("min(x,\n  volumn)", "volumn"),
        ("country == '中国'", "'中国'"),
        ("country in ('中国', nope)", "'中国'"),
        ("x + yes", "yes"),
    ],
)
def test_the_spot_is_marked(text: str, spot: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES)
    start, end = caught.value.span
    assert text[start:end] == spot
    line, carets = str(caught.value).splitlines()[-2:]
    assert line[carets.index("^") : carets.rindex("^") + 1] == spot


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / x", r"the result is infinite for option b, with x = 0. Guard it"),
        ("0 / x", r"the result is not a number for option b, with x = 0"),
        ("log(x)", "the result is infinite for option b"),
        ("sqrt(x - 1)", "the result is not a number for option b, with x = 0"),
        ("exp(1000 * x)", "the result is infinite for option a, with x = 2"),
        ("x ** -1", "the result is infinite for option b"),
        ("1 / (1 / x)", "the result is infinite for option b"),
        ("known(1 / x)", "the result is infinite for option b"),
        ("1 / 0", "the result is infinite. Guard it"),
        ("clip(x, 2, 1)", "clip needs its lower end before its upper for option a"),
        ("1 / x if country == 'eu' else 0", r"for option b, with country = eu, x = 0"),
        ("1 / x + (0 if maybe else 0)", r"with x = 0, maybe = unknown"),
    ],
)
def test_results_that_are_not_finite(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        compute(text)


@pytest.mark.parametrize("text", ["log(coalesce(x, y))", "1 / x + y"])
def test_inputs_may_differ_in_more_than_what_fails(text: str) -> None:
    class Samples(Table):
        def __init__(self) -> None:
            super().__init__()
            self.columns["x"] = Values(np.array([0.0]), np.array([True]))
            self.columns["y"] = Values(np.array([[5.0], [6.0]]), np.array([[True], [True]]))

    wanted = "the result is infinite for option a, with x = 0, y = 5"
    with pytest.raises(FormulaError, match=wanted):
        evaluate(parse(text, NAMES), text, Samples())


def test_order_of_measures() -> None:
    order = cycle_free_order({"a": ["b", "c"], "b": ["c"], "c": ["x"]})
    assert order.index("c") < order.index("b") < order.index("a")


def test_a_circle_of_measures_is_named() -> None:
    with pytest.raises(InputError, match="in a circle: [abc] -> [abc] -> [abc] -> [abc]. Break it"):
        cycle_free_order({"a": ["b"], "b": ["c"], "c": ["a"]})


def test_names_in() -> None:
    assert names_in("own.x + min(y, 1) if z else 'w' == v") >= {"x", "y", "z", "v", "own"}
    assert names_in("x +") == frozenset()


@pytest.mark.parametrize("piece", ["({}) == True", "coalesce({}, yes)", "({}) in (True,)"])
def test_deep_nesting_is_translated_once(piece: str) -> None:
    """Translating an operand twice at each level would take 2^30 steps."""
    text = "yes"
    for _ in range(28):
        text = piece.format(text)
    assert parse(text, NAMES).type == BOOLEAN


@pytest.mark.parametrize("text", ["x + sqrt(-1)", "1 if 3 < x < 1 / 0 else 0"])
def test_a_constant_part_that_fails(text: str) -> None:
    with pytest.raises(FormulaError, match=r"the result is (infinite|not a number). Guard it"):
        compute(text)


@st.composite
def formulas(draw: st.DrawFn, kind: str = "number", depth: int = 3) -> str:
    """Formulas that choose, and may fail."""

    def part(kind: str) -> str:
        return draw(formulas(kind, depth - 1))

    if kind == "number":
        if depth == 0:
            return draw(st.sampled_from(["x", "y", "z", "1"]))
        choice = draw(st.integers(0, 3))
        if choice == 0:
            return f"({part('number')} if {part('truth')} else {part('number')})"
        if choice == 1:
            return f"coalesce({part('number')}, {part('number')}, {part('number')})"
        return f"({part('number')} {'/' if choice == 2 else '-'} {part('number')})"
    if depth == 0:
        return draw(st.sampled_from(["yes", "maybe", "country == 'us'", "known(y)"]))
    choice = draw(st.integers(0, 4))
    if choice < 2:
        return f"({part('truth')} {'and' if choice else 'or'} {part('truth')})"
    if choice == 2:
        return f"(not {part('truth')})"
    if choice == 3:
        return f"({part('truth')} if {part('truth')} else {part('truth')})"
    return f"({part('number')} < {part('number')})"


def entries(kind: object) -> st.SearchStrategy[float | bool | None]:
    given = st.booleans() if kind == BOOLEAN else st.sampled_from([0.0, 1.0, 2.0])
    return st.one_of(st.none(), given)


@settings(max_examples=300)
@given(st.one_of(formulas(), formulas("truth")), st.data())
def test_what_is_alike_everywhere_may_be_said_once(text: str, data: st.DataObject) -> None:
    """It then decides what is looked at at all; the result is what it is place by place."""
    once: dict[str, Values] = {}
    by_place: dict[str, Values] = {}
    for name, kind in NAMES.items():
        alike = data.draw(st.booleans(), label=f"{name} is alike")
        said = data.draw(st.lists(entries(kind), min_size=1, max_size=1)) if alike else None
        said = said or data.draw(st.lists(entries(kind), min_size=3, max_size=3), label=name)
        values = np.array([each or 0 for each in said], dtype=bool if kind == BOOLEAN else float)
        known = np.array([each is not None for each in said])
        once[name] = Values(values, known)
        by_place[name] = Values(np.resize(values, 3), np.resize(known, 3))

    class Rows:
        def __init__(self, columns: dict[str, Values]) -> None:
            self.columns = columns

        def value(self, name: str, part: str | None) -> Values:
            return self.columns[name]

        def label(self, index: tuple[int, ...]) -> str:
            return ""

    def result(columns: dict[str, Values]) -> list[Any] | None:
        try:
            values, known = evaluate(parse(text, NAMES), text, Rows(columns))
        except FormulaError:
            return None
        values, known = np.broadcast_to(values, 3), np.broadcast_to(known, 3)
        return [value.item() if sure else None for value, sure in zip(values, known, strict=True)]

    assert result(once) == result(by_place)


numbers = st.floats(-50, 50).map(lambda v: round(v, 2))


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """Formulas that are Python, too, and have finite values."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["a", "b", "c"]) | numbers.map(lambda v: f"({v})"))
    one, two = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    three = draw(expressions(depth - 1))
    return draw(
        st.sampled_from(
            [
                f"({one} + {two} * {three})",
                f"({one} - {two} - {three})",
                f"({one} / 7 - {two})",
                f"min({one}, {two})",
                f"max({one}, {two}, {three})",
                f"abs({one})",
                f"-({one})",
                f"({one} if {two} < {three} else {two})",
                f"({one} if {one} <= {two} <= {three} and not {two} == 0 else {three})",
                f"({one} if {two} in ({three}, 1) or {one} > 0 else {two})",
            ]
        )
    )


@given(text=expressions(), values=st.lists(numbers, min_size=3, max_size=3))
def test_arithmetic_is_pythons(text: str, values: list[float]) -> None:
    known = dict(zip("abc", values, strict=True))

    class Row:
        def value(self, name: str, part: str | None) -> Values:
            return Values(np.array([known[name]]), np.array([True]))

        def label(self, index: tuple[int, ...]) -> str:
            return ""

    expected = eval(text, {"__builtins__": {}, "min": min, "max": max, "abs": abs}, dict(known))
    found = evaluate(parse(text, dict.fromkeys("abc", NUMBER)), text, Row())
    assert np.broadcast_to(found.values, 1)[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)

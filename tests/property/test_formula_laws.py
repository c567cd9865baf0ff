"""Formulas on whole columns, one row at a time, and in JavaScript come to the same.

A long run: pytest --hypothesis-profile=long tests/property/test_formula_laws.py
"""

from __future__ import annotations

import json
import math
import shutil
import struct
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mcda.errors import FormulaError
from mcda.formulas import BOOLEAN, NUMBER, Choice, Values, evaluate, parse
from mcda.formulas.javascript import javascript

WORDS = ("cn", "us", "eu")
NAMES = {
    "x": NUMBER,
    "y": NUMBER,
    "z": NUMBER,
    "yes": BOOLEAN,
    "maybe": BOOLEAN,
    "country": Choice("choice", WORDS),
}
#: What goes wrong at: signs, zeros, the ends of what can be written, and powers.
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -2.5, 64.0, 800.0, 1e308, -1e308, 5e-324, 1e-300]
NUMBERS = st.sampled_from(SPECIAL) | st.floats(-1e3, 1e3)
CELLS = {
    NUMBER: NUMBERS,
    BOOLEAN: st.booleans(),
    NAMES["country"]: st.integers(0, len(WORDS) - 1).map(float),
}

Row = dict[str, Any]


@st.composite
def numbers(draw: st.DrawFn, depth: int, exact: bool) -> str:
    """A formula of numbers, nested up to `depth`."""
    inner = numbers(depth - 1, exact)
    kinds = ["name", "name", "part", "constant"]
    if depth > 0:
        kinds += ["chain", "chain", "negative", "unary", "several", "clip", "choose", "power"]
    kind = draw(st.sampled_from([each for each in kinds if not (exact and each == "power")]))
    if kind == "name":
        return draw(st.sampled_from("xyz"))
    if kind == "part":
        return "own." + draw(st.sampled_from("xyz"))
    if kind == "constant":
        return repr(abs(draw(NUMBERS)))
    if kind == "chain":
        text = draw(inner)
        for _ in range(draw(st.integers(1, 3))):
            text += f" {draw(st.sampled_from('+-*/'))} {draw(inner)}"
        return f"({text})"
    if kind == "negative":
        return f"(-{draw(inner)})"
    if kind == "unary":
        known = ["abs", "floor", "ceil", "sqrt", *([] if exact else ["exp", "log"])]
        return f"{draw(st.sampled_from(known))}({draw(inner)})"
    if kind == "several":
        arguments = draw(st.lists(inner, min_size=2, max_size=3))
        return f"{draw(st.sampled_from(['min', 'max', 'coalesce']))}({', '.join(arguments)})"
    if kind == "clip":
        return f"clip({draw(inner)}, {draw(inner)}, {draw(inner)})"
    if kind == "power":
        exponents = ["2", "0.5", "-1", "3", "0", "64", "x", "own.y", "(x - z)", "(y if yes else 2)"]
        exponent = draw(st.sampled_from(exponents))
        return f"({draw(inner)} ** ({exponent}))"
    return f"({draw(inner)} if {draw(conditions(depth - 1, exact))} else {draw(inner)})"


@st.composite
def conditions(draw: st.DrawFn, depth: int, exact: bool) -> str:
    """A formula that says yes or no, nested up to `depth`."""
    kinds = ["name", "part", "constant", "word", "words", "known"]
    if depth > 0:
        kinds += ["compare", "compare", "logic", "logic", "not", "member", "choose", "several"]
    kind = draw(st.sampled_from(kinds))
    inner, number = conditions(depth - 1, exact), numbers(max(0, depth - 1), exact)
    if kind == "name":
        return draw(st.sampled_from(["yes", "maybe"]))
    if kind == "part":
        return draw(st.sampled_from(["own.yes", "own.maybe"]))
    if kind == "constant":
        return draw(st.sampled_from(["True", "False"]))
    if kind == "word":
        name = draw(st.sampled_from(["country", "own.country"]))
        return f"({name} {draw(st.sampled_from(['==', '!=']))} '{draw(st.sampled_from(WORDS))}')"
    if kind == "words":
        word = draw(st.sampled_from(["in", "not in"]))
        return f"(country {word} ('{draw(st.sampled_from(WORDS))}', own.country))"
    if kind == "known":
        return f"known({draw(number)})"
    if kind == "compare":
        text = draw(number)
        for _ in range(draw(st.integers(1, 2))):
            text += f" {draw(st.sampled_from(['<', '<=', '>', '>=', '==', '!=']))} {draw(number)}"
        return f"({text})"
    if kind == "logic":
        joined = f" {draw(st.sampled_from(['and', 'or']))} "
        return f"({joined.join(draw(st.lists(inner, min_size=2, max_size=3)))})"
    if kind == "not":
        return f"(not {draw(inner)})"
    if kind == "member":
        items = draw(st.lists(number, min_size=1, max_size=3))
        return f"({draw(number)} in ({', '.join(items)},))"
    if kind == "several":
        return f"coalesce({', '.join(draw(st.lists(inner, min_size=2, max_size=3)))})"
    return f"({draw(inner)} if {draw(inner)} else {draw(inner)})"


def formulas(*, exact: bool = False) -> st.SearchStrategy[str]:
    return numbers(3, exact) | conditions(3, exact)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Rows of cells, ``None`` for unknown; some columns say the same in all rows."""
    size = draw(st.integers(1, 9))
    columns = {}
    for name, kind in NAMES.items():
        cell = st.none() | CELLS[kind]
        alike = st.builds(lambda each: [each] * size, cell)
        columns[name] = draw(alike | st.lists(cell, min_size=size, max_size=size))
    own = draw(st.lists(st.integers(-1, size - 1), min_size=size, max_size=size))
    return [
        {
            **{name: cells[row] for name, cells in columns.items()},
            **{f"own.{name}": cells[at] if at >= 0 else None for name, cells in columns.items()},
        }
        for row, at in enumerate(own)
    ]


class Columns:
    """Rows as columns; one that says the same in all rows is held once, if wanted."""

    def __init__(self, rows: list[Row], *, thin: bool = False) -> None:
        self.columns = {}
        for name in rows[0]:
            plain = NAMES[name.removeprefix("own.")] == BOOLEAN
            cells = [row[name] for row in rows]
            known = np.array([cell is not None for cell in cells])
            empty = False if plain else math.nan
            values = np.array([empty if cell is None else cell for cell in cells])
            if thin and known.all() and len({struct.pack("d", cell) for cell in cells}) == 1:
                values = values[:1]
            if thin and known.all():
                known = known[:1]
            self.columns[name] = Values(values, known)

    def value(self, name: str, part: str | None) -> Values:
        return self.columns[name if part is None else f"{part}.{name}"]

    def label(self, index: tuple[int, ...]) -> str:
        return ""


def outcome(text: str, rows: list[Row], *, thin: bool = False) -> list[Any]:
    """What a formula gives in each row: a value, ``None`` for unknown, or "wrong"."""
    formula, environment = parse(text, NAMES, ("own",)), Columns(rows, thin=thin)
    active = np.ones(len(rows), dtype=bool)
    while True:
        try:
            values, known = evaluate(formula, text, environment, active)
            break
        except FormulaError as error:
            failed = list(error.everywhere or ())
        assert active[failed].any()  # a row fails once
        active[failed] = False
    values = np.broadcast_to(values, len(rows))
    known = np.broadcast_to(known, len(rows))
    return [
        "wrong" if not fine else value if sure else None
        for value, sure, fine in zip(values.tolist(), known.tolist(), active.tolist(), strict=True)
    ]


def bits(found: Any) -> Any:
    return struct.pack("d", found) if isinstance(found, float) else found


@given(formulas(), tables(), st.booleans())
@example("(x ** (y))", [{"x": 1.1, "y": 2.0}, {"x": 1.1, "y": 3.0}], False)
def test_a_row_among_others_comes_to_what_it_comes_to_alone(
    text: str, rows: list[Row], thin: bool
) -> None:
    alone = [outcome(text, [row])[0] for row in rows]
    assert list(map(bits, outcome(text, rows, thin=thin))) == list(map(bits, alone))


_LOOP = """
const operations = formulaOperations();
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { expression, row } = JSON.parse(line);
  const cell = (name) => { const found = row[name]; return found === "-0" ? -0 : found; };
  let said;
  try {
    const given = { ...operations, v: cell, part: (role, name) => cell(role + "." + name) };
    said = new Function(...Object.keys(given), "return " + expression)(...Object.values(given));
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    said = "wrong";
  }
  console.log(JSON.stringify(Object.is(said, -0) ? "-0" : said));
});
"""


class Node:
    """One process that works out expressions as the page does."""

    def __init__(self, program: str) -> None:
        page = files("mcda.reports.page").joinpath("engine.js").read_text(encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "-e", page + _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def outcome(self, text: str, row: Row) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        cells = {name: "-0" if bits(each) == bits(-0.0) else each for name, each in row.items()}
        expression = javascript(parse(text, NAMES, ("own",)))
        self.process.stdin.write(json.dumps({"expression": expression, "row": cells}) + "\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return -0.0 if found == "-0" else found


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    program = shutil.which("node")
    if program is None:
        pytest.skip("node, which runs the page's JavaScript, is not installed")
    started = Node(program)
    with started.process:
        yield started
        started.process.kill()


def _zeros(x: float, y: float) -> list[Row]:
    row: Row = dict.fromkeys(NAMES) | {"x": x, "y": y}
    return [row | {f"own.{name}": cell for name, cell in row.items()}]


@given(text=formulas(exact=True), rows=tables())
@example(text="min(x, 0.0)", rows=_zeros(-0.0, 0.0))
@example(text="max(x, y)", rows=_zeros(-0.0, 0.0))
@example(text="max(x, y)", rows=_zeros(0.0, -0.0))
@example(text="clip(x, y, 1.0)", rows=_zeros(-0.0, 0.0))
@example(text="clip(x, -1.0, y)", rows=_zeros(0.0, -0.0))
def test_the_page_comes_to_the_same(node: Node, text: str, rows: list[Row]) -> None:
    for row in rows[:3]:
        [expected] = outcome(text, [row])
        found = node.outcome(text, row)
        if isinstance(expected, float) and found not in (None, "wrong"):
            found = float(found)
        assert bits(found) == bits(expected)


@given(st.sampled_from(["exp(x)", "log(x)", "x ** y", "x ** 2", "x ** -0.5"]), tables())
def test_the_page_rounds_as_its_library_does(node: Node, text: str, rows: list[Row]) -> None:
    for row in rows[:3]:
        [expected] = outcome(text, [row])
        found = node.outcome(text, row)
        if isinstance(expected, float):
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-300)
        else:
            assert found == expected

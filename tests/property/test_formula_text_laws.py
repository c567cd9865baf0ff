"""A formula that is printed and parsed again is the same formula, whatever its names are."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass
from keyword import kwlist
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.formulas import BOOLEAN, NUMBER, Choice, names_in, parse, quoted
from mcda.formulas.tree import Name, walk
from tests.formula_text import written

#: Whatever may stand in a name, and what formulas give a meaning.
NAME = st.one_of(
    st.text(
        st.characters(exclude_categories=("C", "Z"), include_characters=" `'\"#\\"),
        min_size=1,
        max_size=8,
    ).filter(lambda name: name.strip() and name.isprintable()),
    st.sampled_from(
        [*kwlist, "min", "max", "known", "coalesce", "true", "`", "``", "a.b", "x y", "5G"]
    ),
    st.sampled_from(
        ["Lead Time (Days)", "成本 (元)", "价格（元）", "ａ", "ﬁt", "__proto__", "own"]
    ),
)
WORDS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3, unique=True)


@st.composite
def formulas(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A formula and its names with their types."""
    given_names = draw(st.lists(NAME, min_size=3, max_size=6))
    names = list(dict.fromkeys(unicodedata.normalize("NFC", name) for name in given_names))
    types: dict[str, Any] = {}
    for number, name in enumerate(names):
        kinds = [NUMBER, BOOLEAN, Choice("choice", tuple(draw(WORDS)))]
        types[name] = kinds[number % 3]

    def name_of(kind: type | Any) -> str | None:
        known = [
            name
            for name, each in types.items()
            if each == kind or (kind is Choice and isinstance(each, Choice))
        ]
        return draw(st.sampled_from(known)) if known else None

    def said(name: str) -> str:
        text = f"`{name.replace('`', '``')}`" if draw(st.booleans()) else quoted(name)
        return f"own.{text}" if draw(st.integers(0, 3)) == 0 else text

    def number(depth: int) -> str:
        kind = draw(st.integers(0, 8)) if depth else draw(st.integers(0, 1))
        if kind == 0:
            return draw(st.sampled_from(["2", "0.5", "1e3", "7"]))
        if kind == 1:
            name = name_of(NUMBER)
            return "1" if name is None else said(name)
        if kind in (2, 3, 4):
            signs = [draw(st.sampled_from("+-*/")) for _ in range(3)]
            text = f"({number(depth - 1)})"
            for sign in signs:
                wrapped = f"({text})" if draw(st.booleans()) else text
                text = f"{wrapped} {sign} {number(depth - 1)}"
            return text
        if kind == 5:
            return f"-({number(depth - 1)}) ** 2"
        if kind == 6:
            return f"({number(depth - 1)}) if ({truth(depth - 1)}) else ({number(depth - 1)})"
        function = draw(st.sampled_from(["min", "max", "coalesce"]))
        return f"{function}({number(depth - 1)}, {number(depth - 1)})"

    def truth(depth: int) -> str:
        kind = draw(st.integers(0, 6)) if depth else 0
        if kind == 0:
            name = name_of(BOOLEAN)
            return "True" if name is None else said(name)
        if kind == 1:
            return f"({number(depth - 1)}) < ({number(depth - 1)}) <= 3"
        if kind == 2:
            name = name_of(Choice)
            if name is None:
                return "False"
            word = draw(st.sampled_from(types[name].values))
            return draw(
                st.sampled_from(
                    [f"{said(name)} == {word!r}", f"{said(name)} not in ({word!r}, {word!r})"]
                )
            )
        if kind == 3:
            return f"not ({truth(depth - 1)})"
        if kind == 4:
            return f"known({number(depth - 1)})"
        return f" {draw(st.sampled_from(['and', 'or']))} ".join(
            f"({truth(depth - 1)})" for _ in range(3)
        )

    return (number if draw(st.booleans()) else truth)(draw(st.integers(0, 3))), types


def bare(node: Any) -> Any:
    """A tree without where its parts stand in the text."""
    if is_dataclass(node):
        return (
            type(node).__name__,
            *(bare(getattr(node, each.name)) for each in fields(node) if each.name != "span"),
        )
    return tuple(map(bare, node)) if isinstance(node, tuple) else node


@settings(max_examples=300, deadline=None)
@given(formulas())
def test_what_is_printed_is_parsed_to_the_same_tree(given: tuple[str, dict[str, Any]]) -> None:
    text, types = given
    tree = parse(text, types, ("own",))
    printed = written(tree)
    again = parse(printed, types, ("own",))
    assert bare(again) == bare(tree)
    assert written(again) == printed
    read = {node.name for node in walk(tree) if isinstance(node, Name)}
    assert names_in(printed) - {"own"} == read - {"own"}


@settings(max_examples=300, deadline=None)
@given(NAME)
def test_every_name_can_be_named(name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    tree = parse(quoted(name), {name: NUMBER})
    assert isinstance(tree, Name)
    assert tree.name == name
    assert tree.span == (0, len(quoted(name)))

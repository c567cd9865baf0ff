"""Columns of words as positions among their entries, against going through them one by one."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from mcda.frames.reading import Frame

words = st.sampled_from(
    ["a", "b", "c", "in-house", "自建", "ａ", "a text of more than twelve bytes"]
)


@st.composite
def columns(draw: st.DrawFn) -> list[str | None]:
    """Texts that are mostly said over and over, sometimes with one that does not belong there."""
    few = draw(st.lists(st.one_of(st.none(), st.just(""), words), min_size=1, max_size=60))
    height = draw(st.integers(1, 260))
    column = [few[row % len(few)] for row in range(height)]
    if draw(st.booleans()):
        other = draw(st.one_of(st.none(), st.just(""), words, st.just("elsewhere")))
        column[draw(st.integers(0, height - 1))] = other
    return column


@given(columns(), st.lists(words, unique=True), st.booleans())
@example(["a", None, "b"] * 80, ["b", "a"], False)
@example([*["a", "b"] * 80, "c"], ["b", "a"], False)
@example(["a"] * 200, [], False)
@example([*["a", ""] * 101, None], ["a"], True)
def test_codes_lead_back_to_the_words(
    column: list[str | None], expected: list[str], textual: bool
) -> None:
    frame = Frame(pl.DataFrame({"word": pl.Series(column, dtype=pl.String)}), textual=textual)
    said = [None if textual and word == "" else word for word in column]
    coded = frame.coded("word", expected)
    assert [coded.at(row) for row in range(len(column))] == said
    assert len(set(coded.entries)) == len(coded.entries)
    assert coded.codes.min() >= -1
    if None not in column and set(column) <= set(expected):
        assert coded.entries == expected

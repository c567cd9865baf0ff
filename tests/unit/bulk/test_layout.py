"""Which rows belong together, against looking row by row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcda.bulk.rows import layout_of, numbered
from mcda.frames.reading import Coded

NAMES = ["a", "b", "c", "d"]
orders = st.permutations(range(4)).flatmap(
    lambda order: st.integers(1, 4).map(lambda n: tuple(order[:n]))
)


@given(
    st.one_of(
        st.lists(orders, min_size=1, max_size=6),
        st.tuples(orders, st.integers(1, 5)).map(lambda pair: [pair[0]] * pair[1]),
    ),
    st.sampled_from([0, 1000]),
)
def test_rows_of_options(scenarios: list[tuple[int, ...]], others: int) -> None:
    names = [*NAMES, *map(str, range(others))]  # with many, few of them are in a scenario
    starts = np.cumsum([0, *map(len, scenarios)])
    codes = np.array([code for each in scenarios for code in each])
    layout = layout_of(starts, Coded(codes, names))
    asked = [(number, code) for number in range(len(scenarios)) for code in (-2, -1, 0, 1, 2, 3)]
    expected = [
        int(starts[number]) + scenarios[number].index(code) if code in scenarios[number] else -1
        for number, code in asked
    ]
    contests, options = np.array(asked).T
    assert layout.row_of(contests, options).tolist() == expected
    assert (layout.places is not None) == (len(set(scenarios)) == 1)
    assert layout.repeated().tolist() == []


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=5),
    st.sampled_from([0, 1000]),
)
def test_options_that_a_scenario_has_twice(scenarios: list[list[int]], others: int) -> None:
    names = [*NAMES, *map(str, range(others))]
    starts = np.cumsum([0, *map(len, scenarios)])
    layout = layout_of(starts, Coded(np.concatenate(scenarios), names))
    expected = [
        int(start) + place
        for start, codes in zip(starts, scenarios, strict=False)
        for place, code in enumerate(codes)
        if code in codes[:place]
    ]
    assert layout.repeated().tolist() == expected
    firsts = [
        int(start) + codes.index(code)
        for start, codes in zip(starts, scenarios, strict=False)
        for code in codes
    ]
    assert layout.row_of(layout.contest_of, layout.options).tolist() == firsts


def test_an_option_that_is_there_twice_has_no_place() -> None:
    layout = layout_of(np.array([0, 2, 4]), Coded(np.array([0, 0, 0, 0]), NAMES))
    assert layout.places is None


@pytest.mark.parametrize("most", [3, 5000, 10**12])
def test_keys_are_numbered_in_their_order(most: int) -> None:
    keys = np.random.default_rng(most).integers(0, most, 200)
    first, codes = numbered(keys)
    distinct, at, back = np.unique(keys, return_index=True, return_inverse=True)
    assert keys[first].tolist() == distinct.tolist()
    assert first.tolist() == at.tolist()
    assert codes.tolist() == back.tolist()

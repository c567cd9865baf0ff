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
    )
)
def test_rows_of_options(scenarios: list[tuple[int, ...]]) -> None:
    starts = np.cumsum([0, *map(len, scenarios)])
    codes = np.array([code for each in scenarios for code in each])
    layout = layout_of(starts, Coded(codes, NAMES))
    asked = [(number, code) for number in range(len(scenarios)) for code in (-2, -1, 0, 1, 2, 3)]
    expected = [
        int(starts[number]) + scenarios[number].index(code) if code in scenarios[number] else -1
        for number, code in asked
    ]
    contests, options = np.array(asked).T
    assert layout.row_of(contests, options).tolist() == expected
    assert (layout.places is not None) == (len(set(scenarios)) == 1)


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

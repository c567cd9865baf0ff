"""Rows with equal entries together, against a dictionary."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcda.frames.reading import Frame

KINDS = ["int8", "uint8", "int16", "uint32", "int64", "uint64"]


@st.composite
def columns(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """Whole numbers of any kind, some of them many times, some as far apart as they can be."""
    kind = np.dtype(draw(st.sampled_from(KINDS)))
    ends = np.iinfo(kind)
    near = draw(st.integers(ends.min, ends.max - 3))
    entry = st.one_of(
        st.integers(near, near + 3), st.sampled_from([ends.min, ends.max, ends.max // 2])
    )
    return np.array(draw(st.lists(entry, min_size=1, max_size=40)), dtype=kind)


@given(columns(), st.sampled_from([pd.DataFrame, pl.DataFrame]))
def test_numbers_in_any_order(entries: np.ndarray[Any, Any], frame: Any) -> None:
    expected: dict[int, list[int]] = {}
    for row, entry in enumerate(entries.tolist()):
        expected.setdefault(entry, []).append(row)
    starts, order, found = Frame(frame({"id": entries})).groups("id")
    rows = np.arange(len(entries)) if order is None else order
    assert found == list(expected)
    parts = [rows[a:b].tolist() for a, b in pairwise(starts)]
    assert parts == list(expected.values())


@pytest.mark.parametrize("span", [10, 2**44, 2**63 - 2])
def test_many_numbers(span: int) -> None:
    entries = np.random.default_rng(0).integers(0, span, 1000, endpoint=True).repeat(3)
    np.random.default_rng(1).shuffle(entries)
    starts, order, found = Frame(pl.DataFrame({"id": entries})).groups("id")
    assert order is not None
    assert (np.repeat(found, np.diff(starts)) == entries[order]).all()
    firsts = order[starts[:-1]]
    assert (np.diff(firsts) > 0).all()
    within = np.diff(order)
    assert (within[np.setdiff1d(np.arange(len(within)), starts[1:-1] - 1)] > 0).all()
    assert sorted(order.tolist()) == list(range(len(entries)))

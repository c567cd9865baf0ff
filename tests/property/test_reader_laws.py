"""Damaged documents and tables are read, or refused with a place; nothing else ever happens."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers import assert_read, damaged, read


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**63))
def test_damaged_files(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_read(seed, Path(folder))


def test_a_seed_stands_for_the_same_file() -> None:
    assert damaged(7) == damaged(7)
    assert len({damaged(seed) for seed in range(50)}) > 45


#: What such runs, and people, have found: each ended in something else than a refusal.
FOUND = {
    "keys in keys": (".yaml", "? " * 3000),
    "mappings as keys": (".yaml", "{" * 3000 + ": 1" + "}" * 3000),
    "a list as a key": (".yaml", "? [a, b]\n: 1\n"),
    "an anchor in a key": (".yaml", "{&a b: 1}"),
    "a page of wrong cells": (
        ".csv",
        "o,p,q\n" + "a,1\n" * 2000,
    ),
    "a page of wrong keys": (
        ".yaml",
        "format: mcda/scenario/1\nid: s\n" + "".join(f"k{i}: 1\n" for i in range(5000)),
    ),
}


@pytest.mark.parametrize("case", list(FOUND))
def test_what_was_found(case: str, tmp_path: Path) -> None:
    ending, text = FOUND[case]
    path = tmp_path / f"damaged{ending}"
    path.write_text(text, encoding="utf-8")
    read(path)

"""The largest of rows, against numpy's own search."""

from __future__ import annotations

import numpy as np
import pytest

from mcda.model.arrays import largest


@pytest.mark.parametrize("size", [1, 2, 3, 7, 127, 200])
def test_the_largest_of_rows(size: int) -> None:
    rows = np.random.default_rng(size).integers(0, 4, (size, 50)) / 4
    rows[:, 0] = -np.inf
    assert largest(rows).tolist() == np.argmax(rows, axis=0).tolist()
    deep = rows.reshape(size, 5, 10)
    assert largest(deep).tolist() == np.argmax(deep, axis=0).tolist()


def test_what_is_no_number_is_never_the_largest() -> None:
    rows = np.array([[np.nan, 1.0], [0.5, np.nan], [0.2, 2.0]])
    assert largest(rows).tolist() == [1, 2]

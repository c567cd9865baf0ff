"""What weights from the values do not depend on, by the definition of each method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mcda.errors import InputError
from mcda.weighting.objective import OBJECTIVE_METHODS, objective_weights

#: Adding a number to a column changes nothing.
ZERO = {"critic", "standard_deviation", "variance"}
#: Directions change nothing.
BLIND = {"standard_deviation", "variance", "entropy", "gini"}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Any, Any]:
    """Positive values of few digits, as whole numbers, and directions."""
    n, m = draw(st.integers(3, 8)), draw(st.integers(2, 6))
    matrix = draw(arrays(np.float64, (n, m), elements=st.integers(1, 1000).map(float)))
    assume((np.ptp(matrix, axis=0) > 0).all())
    benefits = draw(arrays(np.bool_, m, elements=st.booleans()))
    return matrix, benefits


def weights(matrix: Any, benefits: Any, method: Any) -> Any:
    try:
        return objective_weights(matrix, benefits, method)
    except InputError as error:
        return str(error)


def same(one: Any, other: Any) -> None:
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
    else:
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("method", OBJECTIVE_METHODS)
@given(table=tables(), data=st.data())
def test_the_unit_does_not_count(method: Any, table: Any, data: st.DataObject) -> None:
    matrix, benefits = table
    m = matrix.shape[1]
    units = data.draw(arrays(np.float64, m, elements=st.integers(-6, 6).map(lambda k: 10.0**k)))
    same(weights(matrix, benefits, method), weights(matrix * units, benefits, method))


@pytest.mark.parametrize("method", sorted(ZERO))
@given(table=tables(), data=st.data())
def test_the_zero_point_does_not_count(method: Any, table: Any, data: st.DataObject) -> None:
    matrix, benefits = table
    m = matrix.shape[1]
    shifts = data.draw(arrays(np.float64, m, elements=st.integers(-2000, 2000).map(float)))
    same(weights(matrix, benefits, method), weights(matrix + shifts, benefits, method))


@pytest.mark.parametrize("method", sorted(ZERO))
@given(table=tables(), data=st.data())
def test_a_mirrored_column_with_its_direction(method: Any, table: Any, data: st.DataObject) -> None:
    matrix, benefits = table
    turned = data.draw(arrays(np.bool_, matrix.shape[1], elements=st.booleans()))
    mirrored = np.where(turned, 1000 - matrix, matrix)
    same(weights(matrix, benefits, method), weights(mirrored, benefits ^ turned, method))


@given(table=tables(), data=st.data())
def test_merec_of_an_inverted_column_with_its_direction(table: Any, data: st.DataObject) -> None:
    matrix, benefits = table
    turned = data.draw(arrays(np.bool_, matrix.shape[1], elements=st.booleans()))
    inverted = np.where(turned, 1 / matrix, matrix)
    same(weights(matrix, benefits, "merec"), weights(inverted, benefits ^ turned, "merec"))


@pytest.mark.parametrize("method", sorted(BLIND))
@given(table=tables())
def test_directions_do_not_count(method: Any, table: Any) -> None:
    matrix, benefits = table
    same(weights(matrix, benefits, method), weights(matrix, ~benefits, method))


@pytest.mark.parametrize("method", OBJECTIVE_METHODS)
@given(table=tables(), data=st.data())
def test_the_order_of_options_and_criteria_does_not_count(
    method: Any, table: Any, data: st.DataObject
) -> None:
    matrix, benefits = table
    rows = data.draw(st.permutations(range(matrix.shape[0])))
    columns = data.draw(st.permutations(range(matrix.shape[1])))
    found = weights(matrix, benefits, method)
    moved = weights(matrix[rows][:, columns], benefits[columns], method)
    same(found if isinstance(found, str) else found[columns], moved)


def test_what_does_count() -> None:
    """The laws above are not kept by methods that they do not name."""
    matrix = np.array([[3.0, 10.0, 5.0], [4.0, 12.0, 2.0], [5.0, 7.0, 8.0], [2.0, 9.0, 4.0]])
    benefits = np.array([True, False, True])
    for method in OBJECTIVE_METHODS:
        plain = objective_weights(matrix, benefits, method)
        shifted = objective_weights(matrix + np.array([0, 100, 0]), benefits, method)
        assert np.allclose(plain, shifted) == (method in ZERO)
        turned = objective_weights(matrix, ~benefits & np.array([True, False, True]), method)
        assert np.allclose(plain, turned) == (method in BLIND)

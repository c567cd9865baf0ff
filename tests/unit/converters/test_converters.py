"""Problems of other libraries give their closeness and ranking here."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pymcdm
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mcda
from mcda.converters import from_pymcdm, from_scikit_criteria
from tests.strategies import decision_matrices

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import skcriteria
    from skcriteria.agg.topsis import TOPSIS as SkTopsis
    from skcriteria.preprocessing.scalers import MaxAbsScaler, MinMaxScaler, SumScaler, VectorScaler

FOUR = ("vector", "minmax", "max", "sum")
TRIP = ([[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], [-1, 1])


def closeness(decision: mcda.Decision) -> list[float]:
    found = {each.option: each.closeness for each in decision.ranking}
    return [found[name] for name in decision.values]


def ranks(decision: mcda.Decision) -> list[int]:
    found = {each.option: each.rank for each in decision.ranking}
    return [found[name] for name in decision.values]


def places(closeness: Any) -> list[int]:
    """Competition ranks; what is nearer than 1e-9 ties."""
    return [1 + sum(other > each + 1e-9 for other in closeness) for each in closeness]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Matrices with equal rows and constant columns among them."""
    matrix, weights, types = draw(decision_matrices())
    if draw(st.booleans()):
        matrix[-1] = matrix[0]
    if draw(st.booleans()):
        matrix[:, draw(st.integers(0, matrix.shape[1] - 1))] = 7.0
    assume((np.ptp(matrix, axis=0) > 0).any())  # pymcdm divides 0 by 0
    return matrix, weights / weights.sum(), np.array(types)


@settings(max_examples=60, deadline=None)
@given(problem=problems(), name=st.sampled_from(FOUR))
def test_pymcdm(problem: Any, name: Any) -> None:
    method = pymcdm.methods.TOPSIS(getattr(pymcdm.normalizations, f"{name}_normalization"))
    peer = method(*problem)
    by_object = mcda.evaluate(from_pymcdm(*problem, method=method))
    by_name = mcda.evaluate(from_pymcdm(*problem, normalization=name))
    assert by_object.normalization == name
    np.testing.assert_allclose(closeness(by_object), peer, rtol=0, atol=1e-12)
    assert closeness(by_name) == closeness(by_object)
    assert ranks(by_object) == places(peer)


def piped(dm: Any) -> Any:
    """scikit-criteria's own TOPSIS behind its vector and sum scalers."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Although TOPSIS can operate")
        scaled = SumScaler("weights").transform(VectorScaler("matrix").transform(dm))
        return SkTopsis().evaluate(scaled)


@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_scikit_criteria(problem: Any) -> None:
    matrix, weights, types = problem
    dm = skcriteria.mkdm(matrix, list(types), weights=weights * 3)
    peer = piped(dm).e_.similarity
    decision = mcda.evaluate(from_scikit_criteria(dm))
    np.testing.assert_allclose(closeness(decision), peer, rtol=0, atol=1e-12)
    assert ranks(decision) == places(peer)


def test_scikit_criteria_keeps_names_objectives_and_weights() -> None:
    dm = skcriteria.mkdm(
        [[250, 120], [130, 200]],
        ["min", "max"],
        weights=[3, 1],
        alternatives=["PE", "JN"],
        criteria=["price", "range"],
    )
    scenario = from_scikit_criteria(dm, id="funds", weighting="linear")
    assert scenario.id == "funds"
    assert list(scenario.options) == ["PE", "JN"]
    decision = mcda.evaluate(scenario)
    assert dict(decision.weights) == {"price": 0.75, "range": 0.25}
    assert [leaf.direction for leaf in decision.problem.tree.leaves] == ["cost", "benefit"]
    assert decision.values["JN"] == {"price": 130, "range": 200}
    assert scenario.method.weighting == "linear"


def test_sums_treat_costs_differently_from_scikit_criteria() -> None:
    """Its SumScaler leaves costs as they are; "sum" here takes 1/x, as pymcdm does."""
    dm = skcriteria.mkdm([[1.0, 5.0], [2.0, 7.0], [9.0, 8.0]], ["min", "max"], weights=[1, 1])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Although TOPSIS can operate")
        peer = SkTopsis().evaluate(SumScaler("both").transform(dm)).e_.similarity
    ours = closeness(mcda.evaluate(from_scikit_criteria(dm, normalization="sum")))
    assert np.abs(np.array(ours) - peer).max() > 0.05


def test_names_of_a_frame() -> None:
    frame = pd.DataFrame(TRIP[0], index=["near", "far", "high"], columns=["risk", "altitude"])
    scenario = from_pymcdm(frame, *TRIP[1:])
    assert list(scenario.options) == ["near", "far", "high"]
    assert mcda.evaluate(scenario).recommended == "far"
    renamed = from_pymcdm(frame, *TRIP[1:], options=["a", "b", "c"])
    assert list(renamed.options) == ["a", "b", "c"]


def test_rows_that_are_no_options() -> None:
    frame = pd.DataFrame(TRIP[0], index=["near", "far", "Total"], columns=["risk", "altitude"])
    with pytest.raises(mcda.McdaError, match="the row 'Total' looks like a total"):
        from_pymcdm(frame, *TRIP[1:])
    for settled in ({"rows": "options"}, {"options": ["near", "far", "Total"]}):
        assert list(from_pymcdm(frame, *TRIP[1:], **settled).options) == ["near", "far", "Total"]
    dm = skcriteria.mkdm([[1, 2], [3, 1], [4, 3]], [1, 1], alternatives=["a", "b", "mean"])
    with pytest.raises(mcda.McdaError, match="the row 'mean' looks like an average"):
        from_scikit_criteria(dm)
    assert list(from_scikit_criteria(dm, rows="options").options) == ["a", "b", "mean"]
    with pytest.raises(mcda.McdaError, match="rows='all' is not known"):
        from_scikit_criteria(dm, rows="all")


def test_labelled_weights_and_types_go_by_label() -> None:
    frame = pd.DataFrame(TRIP[0], columns=["risk", "altitude"])
    weights = pd.Series({"altitude": 1.0, "risk": 3.0})
    scenario = from_pymcdm(frame, weights, {"altitude": 1, "risk": -1})
    decision = mcda.evaluate(scenario)
    assert dict(decision.weights) == {"risk": 0.75, "altitude": 0.25}
    assert [leaf.direction for leaf in decision.problem.tree.leaves] == ["cost", "benefit"]
    with pytest.raises(mcda.McdaError, match="weights name an unknown criterion 'riks'"):
        from_pymcdm(frame, {"riks": 1, "altitude": 1}, [-1, 1])
    with pytest.raises(mcda.McdaError, match="the types have names, the matrix has none"):
        from_pymcdm(TRIP[0], [1, 1], {"risk": -1, "altitude": 1})


def test_default_is_that_of_pymcdm() -> None:
    peer = pymcdm.methods.TOPSIS()(*map(np.array, TRIP))
    np.testing.assert_allclose(closeness(mcda.evaluate(from_pymcdm(*TRIP))), peer, atol=1e-12)


def test_what_has_no_counterpart_is_normalised_first() -> None:
    matrix, weights, types = map(np.array, TRIP)
    function = pymcdm.normalizations.linear_normalization
    peer = pymcdm.methods.TOPSIS(function)(matrix, weights, types)
    normalised = pymcdm.helpers.normalize_matrix(matrix, function, types)
    scenario = from_pymcdm(normalised, weights, [1, 1], normalization="none")
    np.testing.assert_allclose(closeness(mcda.evaluate(scenario)), peer, atol=1e-12)


@pytest.mark.parametrize("name", ["vector", "minmax", "max"])
def test_costs_of_scikit_criteria_under_other_scalers(name: Any) -> None:
    """It leaves costs as they are and lets the ends change places: the same closeness."""
    matrix = np.array([[1.0, 5.0, 3.0], [2.0, 7.0, 1.0], [9.0, 8.0, 2.0]])
    dm = skcriteria.mkdm(matrix, ["min", "max", "min"], weights=[1, 2, 3])
    scaler = {"vector": VectorScaler, "minmax": MinMaxScaler, "max": MaxAbsScaler}[name]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Although TOPSIS can operate")
        peer = SkTopsis().evaluate(scaler("matrix").transform(dm)).e_.similarity
    ours = closeness(mcda.evaluate(from_scikit_criteria(dm, normalization=name)))
    np.testing.assert_allclose(ours, peer, rtol=0, atol=1e-12)


def test_the_callers_arrays_stay_as_they_are() -> None:
    matrix, weights = np.array(TRIP[0], dtype=float), np.array([1.0, 3.0])
    from_pymcdm(matrix, weights, TRIP[2])
    assert matrix.tolist() == TRIP[0]
    assert weights.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matrix": [[1, float("nan")], [2, 3]]}, "row 1, column 2 is nan. Give a finite"),
        ({"matrix": [1, 2]}, r"the shape \(2,\). Give a row per option"),
        ({"matrix": [[1, 2], [3]]}, "rows of different lengths"),
        ({"weights": [1]}, "there are 1 weights for 2 criteria. Give one for each"),
        ({"weights": [[1, 1]]}, r"the weights have the shape \(1, 2\), the criteria are 2"),
        ({"weights": [1, -1]}, "the weights .*2 is -1. Weights are not negative"),
        ({"weights": [0, 0]}, "all weights are zero"),
        ({"types": [1]}, "there are 1 types for 2 criteria"),
        ({"types": [1, 0]}, "the direction of criterion 2 is 0. Use 1 for a benefit"),
        ({"types": [1, True]}, "the direction of criterion 2 is True"),
        ({"types": "max"}, "the types are 'max'. Give a list"),
        ({"options": ["a", "b"]}, "there are 2 names for 3 options"),
        ({"options": ["a", "b", "a"]}, "the option 'a' occurs twice. Names must differ"),
        ({"criteria": ["c", "c"]}, "the criterion 'c' occurs twice"),
        ({"criteria": ["c", " "]}, "the criterion ' ': a name must not be blank"),
        ({"criteria": ["goal", "c"]}, "the criterion 'goal': .* Rename it first"),
        ({"criteria": ["from", "c"]}, "the criterion 'from': .* Rename it first"),
        ({"normalization": "vektor"}, "unknown normalization 'vektor'. Did you mean 'vector'"),
        ({"normalization": "domain"}, "unknown normalization 'domain'"),
        ({"method": pymcdm.methods.VIKOR()}, "the method is VIKOR. Give a pymcdm.methods.TOPSIS"),
        ({"method": pymcdm.methods.TOPSIS}, "the method is TOPSIS. Give a pymcdm"),
        (
            {"method": pymcdm.methods.TOPSIS(pymcdm.normalizations.linear_normalization)},
            "the normalisation linear_normalization has no counterpart here. Use one of vector",
        ),
        ({"method": pymcdm.methods.TOPSIS(lambda x, cost: x)}, "the normalisation <lambda> has no"),
        ({"method": pymcdm.methods.TOPSIS(), "normalization": "sum"}, "both say how to normalise"),
        ({"id": ""}, "the id '': a name must not be blank"),
    ],
)
def test_refused(change: Any, message: str) -> None:
    arguments: dict[str, Any] = dict(zip(("matrix", "weights", "types"), TRIP, strict=True))
    with pytest.raises(mcda.McdaError, match=message):
        from_pymcdm(**{**arguments, **change})


def test_scikit_criteria_refused() -> None:
    with pytest.raises(mcda.McdaError, match="this list has no matrix. Give a skcriteria"):
        from_scikit_criteria(TRIP[0])
    twice = skcriteria.mkdm([[1.0, 2.0]], [1, 1], criteria=["c", "c"])
    with pytest.raises(mcda.McdaError, match="the criterion 'c' occurs twice"):
        from_scikit_criteria(twice)
    missing = skcriteria.mkdm([[1.0, np.nan]], [1, 1])
    with pytest.raises(mcda.McdaError, match="row 1, column 2 is nan"):
        from_scikit_criteria(missing)
    weighting: Any = "squared"
    with pytest.raises(mcda.McdaError, match="unknown weighting 'squared'"):
        from_scikit_criteria(skcriteria.mkdm([[1.0, 2.0]], [1, 1]), weighting=weighting)

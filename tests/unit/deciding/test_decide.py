"""A decision straight from arrays and frames: labels go before positions, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pymcdm
import pytest

import mcda

VALUES = [[900.0, 9.0], [1500.0, 16.0], [1200.0, 11.0]]
FRAME = pd.DataFrame(VALUES, columns=["price", "battery"], index=["a", "b", "c"])
DIRECTIONS = {"price": "cost", "battery": "benefit"}
WEIGHTS = {"price": 0.7, "battery": 0.3}


def frames() -> dict[str, Any]:
    named = FRAME.rename_axis("model").reset_index()
    polars = pl.DataFrame(
        {"model": list("abc"), "price": [900, 1500, 1200], "battery": [9, 16, 11]}
    )
    return {
        "pandas index": FRAME,
        "pandas column": named,
        "other order": FRAME[["battery", "price"]],
        "polars": polars,
        "pyarrow": polars.to_arrow(),
        "mapping": FRAME.to_dict("index"),
        "nullable": named.astype({"price": "Int64", "battery": "Float64"}),
        "arrow-backed": named.astype({"price": "int64[pyarrow]"}),
        "objects": FRAME.astype(object),
        "small integers": polars.with_columns(pl.col("battery").cast(pl.UInt8)),
        "category": named.astype({"model": "category"}),
    }


@pytest.mark.parametrize("kind", list(frames()))
def test_every_kind_of_frame_decides_as_pymcdm_does(kind: str) -> None:
    decision = mcda.decide(frames()[kind], WEIGHTS, DIRECTIONS, method={"normalization": "minmax"})
    peer = pymcdm.methods.TOPSIS()(
        np.array(VALUES), np.array([0.7, 0.3]), np.array([-1, 1]), validation=False
    )
    found = {each.option: each.closeness for each in decision.ranking}
    assert [found[name] for name in "abc"] == pytest.approx(peer.tolist(), abs=1e-12)


def test_arrays_and_lists_go_by_position() -> None:
    listed = mcda.decide(VALUES, [7, 3], ["min", "MAX"], options=list("abc"))
    array = mcda.decide(np.array(VALUES), np.array([0.7, 0.3]), [-1, 1], options=list("abc"))
    labelled = mcda.decide(FRAME, WEIGHTS, DIRECTIONS)
    for decision in (listed, array):
        assert [each.option for each in decision.ranking] == [
            each.option for each in labelled.ranking
        ]
        assert [each.closeness for each in decision.ranking] == pytest.approx(
            [each.closeness for each in labelled.ranking], abs=1e-15
        )
    assert list(array.weights) == ["criterion 1", "criterion 2"]


def test_percentages_and_any_scale_are_the_same_weights() -> None:
    for scale in (1, 100, 1e-3):
        weights = {name: scale * weight for name, weight in WEIGHTS.items()}
        judged = mcda.decide(FRAME, weights, DIRECTIONS).weights.judged
        assert judged == pytest.approx(WEIGHTS, abs=1e-15)


def test_a_series_in_another_order_is_aligned_by_its_labels() -> None:
    weights = pd.Series([0.3, 0.7], index=["battery", "price"])
    assert mcda.decide(FRAME, weights, DIRECTIONS).weights.judged == pytest.approx(WEIGHTS)


def test_judgements_in_every_form_are_the_same() -> None:
    by_pairs = mcda.decide(FRAME, {("battery", "price"): 3}, DIRECTIONS)
    by_text = mcda.decide(FRAME, {"battery vs price": "3"}, DIRECTIONS)
    result = mcda.decide(FRAME, mcda.ahp({("battery", "price"): 3}), DIRECTIONS)
    matrix = mcda.decide(FRAME, mcda.ahp([[1, "1/3"], [3, 1]]), DIRECTIONS)
    for decision in (by_pairs, by_text, result, matrix):
        assert decision.weights.judged == pytest.approx({"price": 0.25, "battery": 0.75})
        assert decision.consistency["goal"].consistency_ratio == 0.0
        assert decision.firmness == pytest.approx(by_pairs.firmness)


def test_an_ahp_result_keeps_its_method_and_what_is_missing() -> None:
    values = np.arange(12.0).reshape(3, 4) + 1
    judged = mcda.ahp({("a", "b"): 2, ("b", "c"): 5, ("c", "d"): 3}, method="eigenvector")
    decision = mcda.decide(values, judged, "max", criteria=["d", "b", "a", "c"])
    wanted = dict(zip(judged.labels, judged.weights, strict=True))
    assert decision.weights.judged == pytest.approx(wanted, abs=1e-12)
    assert decision.problem.method.priorities == "eigenvector"
    assert len(decision.consistency["goal"].missing) == 3


def test_weights_from_the_values() -> None:
    decision = mcda.decide(FRAME, "entropy", DIRECTIONS)
    shares = np.array(VALUES) / np.sum(VALUES, axis=0)
    diversity = 1 + (shares * np.log(shares)).sum(axis=0) / np.log(3)
    wanted = diversity / diversity.sum()
    assert list(decision.weights.judged.values()) == pytest.approx(wanted.tolist(), abs=1e-12)
    assert mcda.decide(FRAME, "equal", "max").weights.judged == {"price": 0.5, "battery": 0.5}


def test_later_changes_do_not_reach_the_decision() -> None:
    array, frame = np.array(VALUES), FRAME.copy()
    first = mcda.decide(array, [1, 2], "max")
    second = mcda.decide(frame, WEIGHTS, DIRECTIONS)
    before = first.to_dict(), second.to_dict()
    array[:] = 0.0
    frame.loc[:, :] = 0.0
    assert (first.to_dict(), second.to_dict()) == before
    assert mcda.sensitivity(first).intervals


def test_it_is_what_a_file_would_say() -> None:
    domain = {"price": [500, 2500], "battery": [4, 20]}
    decision = mcda.decide(FRAME, {("price", "battery"): 2}, DIRECTIONS, domain=domain, id="laptop")
    scenario = mcda.Scenario(
        id="laptop",
        criteria={
            "price": {"direction": "cost", "domain": [500, 2500]},
            "battery": {"direction": "benefit", "domain": [4, 20]},
        },
        options={
            "a": {"price": 900, "battery": 9},
            "b": {"price": 1500, "battery": 16},
            "c": {"price": 1200, "battery": 11},
        },
        weights={"judgements": {"goal": {"price vs battery": 2}}},
    )
    assert decision.to_dict() == mcda.evaluate(scenario).to_dict()
    assert mcda.explain(decision).contributions.keys() == {"price", "battery"}


def test_a_table_in_a_file(tmp_path: Any) -> None:
    path = tmp_path / "laptops.csv"
    path.write_text("model,price,battery\na,900,9\nb,1500,16\nc,1200,11\n", encoding="utf-8")
    decision = mcda.decide(path, WEIGHTS, DIRECTIONS)
    assert decision.to_dict() == mcda.decide(FRAME, WEIGHTS, DIRECTIONS).to_dict()


WRONG: dict[str, tuple[Any, Any, Any, dict[str, Any], str]] = {
    "unknown weight": (FRAME, {"prise": 1, "battery": 1}, "max", {}, "Did you mean 'price'"),
    "missing weight": (FRAME, {"price": 1}, "max", {}, "weights are missing for battery"),
    "missing direction": (
        FRAME,
        WEIGHTS,
        {"price": "min"},
        {},
        "directions are missing for battery",
    ),
    "negative": (FRAME, [1, -1], "max", {}, "weight of 'battery' is -1"),
    "zero": (FRAME, [0, 0], "max", {}, "all weights are zero"),
    "nan weight": (FRAME, [1, float("nan")], "max", {}, "weight of 'battery' is nan"),
    "count": (FRAME, [1, 2, 3], "max", {}, "weights: 3 for 2 criteria"),
    "square": (FRAME, [[1, 3], [1 / 3, 1]], "max", {}, "mcda.ahp"),
    "batch": (FRAME, mcda.ahp(np.ones((4, 2, 2))), "max", {}, "batch"),
    "ahp labels": (
        FRAME,
        mcda.ahp({("price", "screen"): 2}),
        "max",
        {},
        "'screen', which is no criterion",
    ),
    "ahp size": (FRAME, mcda.ahp(np.ones((3, 3))), "max", {}, "weights: 3 for 2"),
    "text": (
        FRAME.astype(object).replace(900.0, "900"),
        WEIGHTS,
        "max",
        {},
        "column 'price', row 1 is '900'",
    ),
    "comma": (
        FRAME.astype(object).replace(900.0, "9,5"),
        WEIGHTS,
        "max",
        {},
        "decimals have a point",
    ),
    "nan": (FRAME.replace(9.0, np.nan), WEIGHTS, "max", {}, "column 'battery', row 1 is missing"),
    "null": (pl.DataFrame({"x": [1, None]}), [1], "max", {}, "column 'x', row 2 is missing"),
    "polars nan": (pl.DataFrame({"x": [1.0, float("nan")]}), [1], "max", {}, "row 2 is nan"),
    "infinite": (FRAME.replace(9.0, np.inf), WEIGHTS, "max", {}, "row 1 is inf"),
    "boolean": (FRAME.assign(ok=True), "equal", "max", {}, "'ok', row 1 is True"),
    "date": (FRAME.assign(day=pd.Timestamp("2026-01-01")), "equal", "max", {}, "'day', row 1"),
    "huge": (
        pd.DataFrame({"x": [10**400, 1]}, dtype=object),
        [1],
        "max",
        {},
        "not a finite number",
    ),
    "zero rows": (FRAME[:0], WEIGHTS, "max", {}, "no rows"),
    "lazy": (pl.LazyFrame({"x": [1]}), [1], "max", {}, "collect"),
    "double columns": (pd.concat([FRAME, FRAME], axis=1), "equal", "max", {}, "several columns"),
    "double options": (pd.concat([FRAME, FRAME]), WEIGHTS, "max", {}, "'a' twice"),
    "number columns": (pd.DataFrame([[1, 2]]), [1, 1], "max", {}, "column name 0 is not text"),
    "two texts": (
        FRAME.assign(p="x", q="y").reset_index(drop=True),
        WEIGHTS,
        "max",
        {},
        "options='p'",
    ),
    "no such column": (FRAME, WEIGHTS, "max", {"options": "modell"}, "no column 'modell'"),
    "no such criterion": (
        FRAME,
        {"prize": 1},
        "max",
        {"criteria": ["prize"]},
        "Did you mean 'price'",
    ),
    "labels without names": (VALUES, {"price": 1, "battery": 1}, "max", {}, "criteria=["),
    "ragged": ([[1, 2], [3]], [1, 1], "max", {}, "different lengths"),
    "one dimension": ([1, 2], [1, 1], "max", {}, "shape (2,)"),
    "option count": (VALUES, [1, 1], "max", {"options": ["a"]}, "1 options for 3 rows"),
    "domain": (FRAME, WEIGHTS, "max", {"domain": [0, 1000]}, "outside the domain [0, 1000]"),
    "domain shape": (
        FRAME,
        WEIGHTS,
        "max",
        {"domain": {"price": 3, "battery": [0, 9]}},
        "[low, high]",
    ),
    "direction": (FRAME, WEIGHTS, "up", {}, "'up'"),
    "objective": (FRAME, "entropi", "max", {}, "Did you mean 'entropy'"),
    "uneven": ({"a": {"x": 1}, "b": {"y": 1}}, [1], "max", {}, "option 'b' has no value for 'x'"),
    "masked rows": (
        [np.ma.array([3, 9], mask=[1, 0]), [5, 16]],
        [1, 1],
        "max",
        {},
        "row 1, column 1 is masked",
    ),
    "labelled rows": (
        [pd.Series({"p": 3}), pd.Series({"p": 5})],
        [1],
        "max",
        {},
        "rows are labelled",
    ),
    "pair as tuple and text": (
        FRAME,
        {("price", "battery"): 2, "price vs battery": 5},
        "max",
        {},
        "compared twice",
    ),
    "set of directions": (FRAME, [1, 1], {"cost", "benefit"}, {}, "directions are"),
    "set of weights": (FRAME, {1, 2}, "max", {}, "weights are"),
    "set of options": (VALUES, [1, 1], "max", {"options": {"a", "b", "c"}}, "not a list of names"),
    "reordered series": (FRAME, pd.Series([2, 1]).iloc[::-1], "max", {}, "1 is not a name"),
    "options in another order": (
        FRAME,
        [1, 1],
        "max",
        {"options": pd.Series(["x", "y", "z"], index=["c", "b", "a"])},
        "not the frame's index",
    ),
    "random index": (
        np.ones((2, 3)),
        mcda.ahp(np.ones((3, 3)), random_index=2.0),
        "max",
        {},
        "random index of its own",
    ),
    "numbered criteria": (
        pd.DataFrame({"2": [1, 2], "1": [3, 4]}),
        mcda.ahp([[1, 9], [1 / 9, 1]]),
        "max",
        {},
        "counts its criteria",
    ),
    "partly named": (
        pd.DataFrame({"x": [1, 2]}, index=["a", 2]),
        [1],
        "max",
        {},
        "in another way than by text",
    ),
    "two levels": (
        FRAME.set_index(pd.MultiIndex.from_product([["a"], [1, 2, 3]])),
        [1, 1],
        "max",
        {},
        "in another way than by text",
    ),
    "weights in lists": (
        FRAME,
        {"price": [2], "battery": [1]},
        "max",
        {},
        "'price' is [2], not a number",
    ),
    "value in a list": (
        {"a": {"p": 3, "b": [1, 2]}, "z": {"p": 5, "b": 16}},
        [1, 1],
        "max",
        {},
        "the value of 'a' for 'b' is a list",
    ),
    "one domain missing": (
        FRAME,
        [1, 1],
        "max",
        {"domain": [[0, 20], None]},
        "the domain of 'battery' is None",
    ),
    "method": (FRAME, [1, 1], "max", {"method": "minmax"}, "Give a mapping"),
    "weights as a frame": (FRAME, pd.DataFrame({"w": [1, 2]}), "max", {}, "rows and columns"),
    "signalling nan": (
        pd.DataFrame({"x": [__import__("decimal").Decimal("snan"), 1]}, dtype=object),
        [1],
        "max",
        {},
        "column 'x', row 1",
    ),
    "series twice": (FRAME, pd.Series([1, 2], index=["price", "price"]), "max", {}, "given twice"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_what_cannot_be_decided_is_said(case: str) -> None:
    matrix, weights, directions, how, said = WRONG[case]
    with pytest.raises(mcda.McdaError, match=".") as error:
        mcda.decide(matrix, weights, directions, **how)
    assert said in str(error.value), str(error.value)


def test_what_is_odd_but_clear_is_taken() -> None:
    from decimal import Decimal
    from fractions import Fraction

    import pyarrow as pa

    judged = {("price", "battery"): np.int64(2)}
    wanted = mcda.decide(FRAME, {("price", "battery"): 2}, DIRECTIONS).to_dict()
    assert mcda.decide(FRAME, judged, DIRECTIONS).to_dict() == wanted
    assert mcda.decide(
        FRAME, {("battery", "price"): Fraction(1, 2)}, DIRECTIONS
    ).weights.judged == pytest.approx({"price": 2 / 3, "battery": 1 / 3})
    assert mcda.decide(FRAME, {("price", "battery"): Decimal(2)}, DIRECTIONS).to_dict() == wanted
    assert mcda.decide(FRAME, [1, 1], np.int64(1)).weights.judged == {"price": 0.5, "battery": 0.5}
    assert mcda.decide(FRAME, pa.array([3, 1]), "max").weights.judged == {
        "price": 0.75,
        "battery": 0.25,
    }
    some = mcda.decide({"a": {"p": 1, "q": 2}, "b": {"p": 3, "q": 1}}, [1], "max", criteria=["p"])
    assert some.recommended == "b"
    three = FRAME.assign(screen=[1.0, 2.0, 3.0])
    pairs = {("price", "battery"): 2, ("battery", "screen"): 1, ("price", "screen"): None}
    assert len(mcda.decide(three, pairs, "max").consistency["goal"].missing) == 1
    batch = pl.DataFrame({"m": ["a", "b"], "p": [1, 2]}).to_arrow().to_batches()[0]
    assert list(mcda.decide(batch, [1], "max").weights) == ["p"]
    large = pa.table({"p": [2**53 + 1, 1], "q": [1, 2]})
    assert mcda.decide(large, [1, 1], "max").values["option 1"]["p"] == 2.0**53


def test_a_language_that_nobody_speaks() -> None:
    decision = mcda.decide(FRAME, WEIGHTS, DIRECTIONS)
    for call in (decision.to_html, decision.to_text, mcda.explain(decision).sentences):
        with pytest.raises(mcda.McdaError, match="no language 'de'"):
            call("de")


def test_errors_show_numbers_as_they_were_given() -> None:
    """Millions without an exponent, on every way in."""
    model = mcda.Criteria(
        id="boats",
        facts={"price": {"domain": [0, 3_000_000]}, "speed": {}},
        measures={"pace": "speed", "cost": "price"},
        criteria={
            "cheap": {"direction": "cost", "measure": "cost", "domain": [0, 1]},
            "fast": {"direction": "benefit", "measure": "pace", "domain": [0, 1_250_000.5]},
        },
        judgements={"goal": {"cheap vs fast": 2}},
    )
    options = {name: {"facts": {"price": 1, "speed": 2_000_000}} for name in "ab"}
    matrix = {"a": {"p": 4_000_000}, "b": {"p": 1}}
    row = pd.DataFrame({"scenario": ["s"], "price": [4_000_000]})
    calls: dict[str, Callable[[], Any]] = {
        "4000000 is outside the domain [0, 3000000]": lambda: mcda.decide(
            matrix, {"p": 1}, {"p": "cost"}, domain={"p": [0, 3_000_000]}
        ),
        "[4000000, 0]": lambda: mcda.decide(
            matrix, {"p": 1}, {"p": "cost"}, domain={"p": [4_000_000, 0]}
        ),
        "'p' is -1500000.": lambda: mcda.decide(matrix, {"p": -1_500_000}, {"p": "cost"}),
        "value 4000000 of option 1 is outside the domain [0, 3000000]": lambda: mcda.topsis(
            [[4e6], [1]], [1], ["cost"], normalization="domain", domain=[(0, 3e6)]
        ),
        "is 4000000, outside the domain [0, 3000000]": lambda: mcda.evaluate_frame(
            row, model, options=options
        ),
        "is 2000000, outside its domain [0, 1250000.5]": lambda: mcda.evaluate(
            mcda.Scenario(id="s", criteria=model, options=options)
        ),
    }
    for said, call in calls.items():
        with pytest.raises(mcda.McdaError, match=re.escape(said)):
            call()

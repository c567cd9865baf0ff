"""What a table holds besides options is recognised, and what is an option is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from mcda.errors import InputError
from mcda.model.recognition import (
    Kind,
    Role,
    Said,
    Table,
    check_rows,
    counts_rows,
    first_column,
    recognise,
    row_kind,
)

NAMED = {
    Kind.TOTAL: "Total|total:|TOTALS|Grand Total|Sub-total|Sum|Total (EUR)|合计|总计：|小计|总分|汇总|合 计"
    "|Summe|Gesamtsumme|Insgesamt|Somme|Suma|Totale|Totaal|Итого|合計|小計|합계",
    Kind.STATISTIC: "Average|avg.|Mean|Median|Weighted average|Std. Dev|平均|平均值|均值|加权平均|标准差"
    "|Durchschnitt|Mittelwert|Moyenne|Promedio|Media|Среднее|平均値|평균",
    Kind.WEIGHTS: "weights|Weight|Weight (%)|Criteria weights|Importance|权重|权重：|指标权重|重要性"
    "|Gewicht|Gewichtung|Poids|Pondération|Pesos|Вес|重み|가중치|wts",
    Kind.DIRECTIONS: "type|Types|Direction|Objective|Max/Min|+/-|类型|方向|指标类型|极性|Richtung|dir",
    Kind.UNITS: "unit|Units|UoM|单位|计量单位|量纲|Einheit|Unidad|単位",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, text in NAMED.items() for name in text.split("|")]
)
def test_rows_are_recognised_by_their_names(kind: Kind, name: str) -> None:
    assert row_kind(name) is kind


@pytest.mark.parametrize(
    "name",
    "Total Energies|TotalEnergies|Type-R|Type R|Average Joe's|Meantime|Weightless|Unit 4|Unit4"
    "|United|Sum 41|Max|Min|Summit|Direction Home|Importance Ltd|合计科技|平均律|单位一|类型A|2020"
    "|a|Objective-C|Medianet|subtotal-x|正",
)
def test_names_that_only_resemble_are_options(name: str) -> None:
    assert all(row_kind(each) is None for each in name.split("|"))


def table(rows: dict[str, list[Any]], columns: str = "x y z", corner: str = "") -> Table:
    cells = list(rows.values())
    return Table(columns.split(), list(rows), lambda row, column: cells[row][column], corner)


PLAIN = {"a": [1, 20, 3.5], "b": [2, 10, 4.5], "c": [3, 15, 5.5]}


def kinds(given: Table, *said: Said) -> list[tuple[Kind, int | None]]:
    return [(each.kind, each.row) for each in recognise(given, *said)]


def test_a_decision_matrix_is_nothing_else() -> None:
    assert recognise(table(PLAIN)) == ()


@pytest.mark.parametrize(
    "row",
    [
        ["max", "min", "max"],
        ["Benefit", "COST", "benefit"],
        ["+", "-", "+"],
        ["Higher is better", "lower", ""],
        ["效益型", "成本型", "越大越好"],
        ["正向", "负向", None],
        ["↑", "↓", "↑"],
        [1, -1, 1],
    ],
)
@pytest.mark.parametrize("name", ["", "good"])
def test_a_row_of_nothing_but_directions(row: list[Any], name: str) -> None:
    assert kinds(table({name: row, **PLAIN})) == [(Kind.DIRECTIONS, 0)]
    assert kinds(table({**PLAIN, name: row})) == [(Kind.DIRECTIONS, 3)]


@pytest.mark.parametrize(
    "row",
    [
        [1, 1, 1],  # the best on a scale from 1
        [1, -1, 2],
        [0, -1, 1],
        [-3, -1, 1],
    ],
)
def test_an_option_with_ones_is_an_option(row: list[Any]) -> None:
    assert recognise(table({**PLAIN, "d": row})) == ()


def test_ones_are_values_where_others_are_negative_or_there_are_few() -> None:
    assert recognise(table({**PLAIN, "c": [-2, 4, 5], "d": [1, -1, 1]})) == ()
    assert recognise(table({"a": [1, 2], "b": [3, 4], "d": [1, -1]}, "x y")) == ()


def test_a_row_of_units() -> None:
    assert kinds(table({"": ["EUR", "GB", "h"], **PLAIN})) == [(Kind.UNITS, 0)]
    assert kinds(table({"x": ["EUR", None, "元"], **PLAIN})) == [(Kind.UNITS, 0)]
    # in a column of texts the text of the first row is as good as any
    assert recognise(table({"a": ["EUR", 1, 2], "b": ["USD", 1, 3], "c": ["EUR", 2, 1]})) == ()
    assert recognise(table({"a": ["EUR", 1, 2]})) == ()


def test_extremes_are_known_by_their_cells_alone() -> None:
    people = {"Max": [1, 20, 3.5], "Min": [3, 10, 4.5], "Ann": [2, 15, 5.5], "Bo": [2, 9, 5]}
    assert recognise(table(people)) == ()
    assert kinds(table({**PLAIN, "Max": [3, 20, 5.5]})) == [(Kind.STATISTIC, 3)]
    assert kinds(table({**PLAIN, "最小值": [1, 10, 3.5]})) == [(Kind.STATISTIC, 3)]


@pytest.mark.parametrize("name", ["", "Kokku", "x", "Ʃ"])
def test_what_a_spreadsheet_has_computed_is_known_in_any_language(name: str) -> None:
    total, mean = [6, 45, 13.5], [2, 15, 4.5]
    assert kinds(table({**PLAIN, name: total})) == [(Kind.TOTAL, 3)]
    assert kinds(table({**PLAIN, name: mean})) == [(Kind.STATISTIC, 3)]
    both = {**PLAIN, "s": total, name: mean}
    assert kinds(table(both)) == [(Kind.TOTAL, 3), (Kind.STATISTIC, 4)]
    between = {**PLAIN, name: total, "d": [2, 14, 4]}
    assert kinds(table(between)) == [(Kind.TOTAL, 3)]
    rounded = {"a": [1, 20, 3.5], "b": [2, 10, 4.5], "c": [2, 15, 5.5], name: ["1.67", 15, 4.5]}
    assert kinds(table(rounded)) == [(Kind.STATISTIC, 3)]
    assert kinds(table({**rounded, name: [1.66, 15, 4.5]})) == []


@pytest.mark.parametrize(
    "rows",
    [
        {"a": [1, 2, 3], "b": [4, 5, 6], "both": [5, 7, 9]},  # a bundle
        {"a": [1, 0, 0], "b": [0, 1, 0], "c": [0, 0, 1], "all": [1, 1, 1]},  # features
        {"a": [1, 2, 2], "b": [2, 2, 2], "c": [3, 2, 2], "d": [2, 2, 2]},  # a scale of few steps
        {"a": [1, 2, 3], "b": [2, 3, 4], "c": [3, 4, 5], "d": [6, 9, 11]},
        {"a": [0, 0, 0], "b": [0, 0, 0], "c": [0, 0, 0], "d": [0, 0, 0]},
    ],
)
def test_options_that_others_nearly_add_up_to_are_options(rows: dict[str, list[Any]]) -> None:
    assert recognise(table(rows)) == ()


def test_shares_beside_larger_numbers_are_weights() -> None:
    for name in ("", "x"):
        assert kinds(table({name: [0.5, 0.3, 0.2], **PLAIN})) == [(Kind.WEIGHTS, 0)]
        assert kinds(table({**PLAIN, name: ["0.5", "0.3", "0.2"]})) == [(Kind.WEIGHTS, 3)]
    assert recognise(table({"x": [0.5, 0.3, 0.3], **PLAIN})) == ()
    assert recognise(table({"x": [0.5, 0.3, 0.2], **PLAIN, "d": [0.9, 3, 2]})) == ()


def square(*rows: list[Any], names: str = "p q r", columns: str = "p q r") -> Table:
    return table(dict(zip(names.split(), rows, strict=True)), columns)


@pytest.mark.parametrize(
    "given",
    [
        square([1, 3, 5], [0.333, 1, 3], [0.2, 0.333, 1]),
        square([1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]),
        square([1, 3, 5], ["", 1, 3], [None, "", 1]),
        square([1, 3, 5], [0, 1, 3], [0, 0, 1]),
        square([1, 3, 5], [0.333, 1, 3], [0.2, 0.333, 1], columns="one two three"),
        square([3, 5, 1], [1, 3, "1/3"], ["1/3", 1, "1/5"], columns="Q R P"),
        square([1, 9], [0.1, 1], names="p q", columns="p q"),
    ],
)
def test_comparisons(given: Table) -> None:
    assert kinds(given) == [(Kind.COMPARISONS, None)]


@pytest.mark.parametrize(
    "given",
    [
        square([1, 3, 5], [3, 1, 3], [5, 3, 1]),  # similarities
        square([0, 3, 5], [1, 0, 3], [2, 3, 0]),  # influences
        square([1, 2, 5], [7, 1, 3], [0.2, 4, 1], columns="one two three"),
        square([1, 1, 1], [1, 1, 1], [1, 1, 1], columns="one two three"),
        square([1, 2], [0.5, 1], names="p q", columns="one two"),
    ],
)
def test_other_squares_are_no_comparisons(given: Table) -> None:
    assert recognise(given) == ()


def test_a_survey() -> None:
    columns = ["cost vs use", "cost vs risk", "use versus risk"]
    answers = [[3, "1/3", 5], [1, 2, 3]]
    given = Table(columns, ["r1", "r2"], lambda row, column: answers[row][column])
    assert kinds(given) == [(Kind.SURVEY, None)]
    chinese = given._replace(columns=["成本 对 用途", "成本 对 风险", "用途 对 风险"])
    assert kinds(chinese) == [(Kind.SURVEY, None)]
    # nothing is compared with more than one other thing
    assert recognise(given._replace(columns=["cost vs budget", "time vs plan", "x"])) == ()
    assert recognise(given._replace(columns=["cost vs use", "price", "speed"])) == ()


def test_criteria_in_rows() -> None:
    rows = {"price": [0.4, 8, 7], "battery": [0.35, 6, 9], "brand": [0.25, 7, 8]}
    weighed = table(rows, "Weight A B")
    assert kinds(weighed) == [(Kind.TRANSPOSED, None)]
    assert kinds(table({**rows, "Total": [1, 21, 24]}, "Weight A B")) == [(Kind.TRANSPOSED, None)]
    percents = {name: [100 * row[0], *row[1:]] for name, row in rows.items()}
    assert kinds(table(percents, "权重 A B")) == [(Kind.TRANSPOSED, None)]
    typed = {name: [word, 1, 2] for name, word in zip("pq", ("max", "min"), strict=True)}
    assert kinds(table(typed, "Type A B")) == [(Kind.TRANSPOSED, None)]
    assert kinds(table(PLAIN, corner="Criteria")) == [(Kind.TRANSPOSED, None)]
    assert kinds(table(PLAIN, corner="Kriterium")) == [(Kind.TRANSPOSED, None)]
    assert kinds(table(rows, "Gewicht A B")) == [(Kind.TRANSPOSED, None)]
    assert kinds(table(PLAIN, corner="指标")) == [(Kind.TRANSPOSED, None)]
    named = Said(frozenset({"a", "b", "c"}))
    assert kinds(table(PLAIN), named) == [(Kind.TRANSPOSED, None)]


def test_options_with_a_weight_are_no_criteria() -> None:
    laptops = {"a": [1.2, 900, 9], "b": [1.6, 1500, 16]}
    assert recognise(table(laptops, "Weight price battery")) == ()
    halves = {"a": [0.4, 900, 9], "b": [0.6, 1500, 16]}
    assert recognise(table(halves, "Weight price battery")) != ()
    said = Said(frozenset({"Weight", "price", "battery"}))
    assert recognise(table(halves, "Weight price battery"), said) == ()
    assert recognise(table(PLAIN, corner="Criteria"), Said(frozenset("xyz"))) == ()
    assert recognise(table(PLAIN, corner="Options / criteria")) == ()


def test_each_says_where_and_why() -> None:
    [total, units] = recognise(table({"": ["m", "s", "g"], **PLAIN, "Total": [6, 45, 13.5]}))[::-1]
    assert (total.row, total.name) == (4, "Total")
    assert total.what == "the row 'Total' looks like a total: it is named so"
    assert 'rows="options", on the command line --rows options' in total.remedy
    assert units.what == (
        "the row looks like units: it holds text where the other rows hold numbers"
    )


@pytest.mark.parametrize(
    ("header", "numbers", "said", "role"),
    [
        ("Supplier", [1, 2, 3], Said(), Role.NAMES),
        ("供应商", [1, 2, 3], Said(), Role.NAMES),
        ("Supplier", [1021, 1022, 1088], Said(), Role.NAMES),
        ("id", [7, 3, 5], Said(), Role.NAMES),
        ("customer_id", [7, 3, 5], Said(), Role.NAMES),
        ("", [0, 1, 2], Said(), Role.NAMES),
        ("Unnamed: 0", [0, 1, 2], Said(), Role.NAMES),
        ("编号", [7, 3, 5], Said(), Role.NAMES),
        ("Year", [2019, 2020, 2021], Said(), Role.NAMES),
        ("年份", [2019, 2020, 2021], Said(), Role.NAMES),
        ("Version", [1.0, 1.1, 2.0], Said(), Role.NAMES),
        ("Price", [1, 2], Said(), Role.UNCLEAR),
        ("Price", [900, 1500], Said(), Role.UNCLEAR),
        ("product", [3, 5, 4], Said(), Role.UNCLEAR),  # a score of the product
        ("Price", [900, 900], Said(), Role.CRITERION),
        ("Price", [9.5, 8.5], Said(), Role.CRITERION),
        ("Price", [1, 2], Said(frozenset({"Price", "RAM"})), Role.CRITERION),
        ("Price", [1, 2], Said(frozenset({"RAM"})), Role.NAMES),
        ("Supplier", [1, 2, 3], Said(frozenset({"Supplier", "RAM"})), Role.CRITERION),
        ("Price", [1, 2], Said(counted=3), Role.CRITERION),
        ("Price", [1, 2], Said(counted=2), Role.NAMES),
        ("Supplier", [1, 2], Said(counted=3), Role.CRITERION),
        ("Price", [1, 2], Said(chosen=("Price",)), Role.CRITERION),
        ("Price", [1, 2], Said(chosen=("RAM",)), Role.CRITERION),
    ],
)
def test_a_first_column_of_numbers(
    header: str, numbers: list[float], said: Said, role: Role
) -> None:
    assert first_column(header, numbers, said, 3) is role


@pytest.mark.parametrize(
    ("header", "numbers", "counts"),
    [
        ("No.", [1, 2, 3], True),
        ("#", [1, 2, 3], True),
        ("id", [9, 4, 7], True),
        ("序号", [1, 2, 3], True),
        ("index", [0, 1, 2], True),
        ("index", [3, 9, 7], False),  # a price index
        ("number", [4, 2, 1], False),
        ("id", [1, 1, 2], False),
        ("id", [0.1, 0.2, 0.3], False),
        ("year", [2019, 2020, 2021], False),
        ("price", [1, 2, 3], False),
        ("paid", [1, 2, 3], False),
        ("grid", [1, 2, 3], False),
        ("", [1, 2, 3], False),
        ("id", [7], False),  # one row shows nothing
    ],
)
def test_a_column_that_counts_rows(header: str, numbers: list[float], counts: bool) -> None:
    assert bool(counts_rows(header, numbers, first=False)) is counts


def test_a_first_column_without_a_name_may_count() -> None:
    assert counts_rows("", [0, 1, 2], first=True)


@pytest.mark.parametrize("given", ["option", 1, [], "", ["options"]])
def test_rows_are_options_or_nothing_is_said(given: Any) -> None:
    with pytest.raises(InputError, match='rows=.* is not known. Leave it out, or give "options"'):
        check_rows(given)
    check_rows(None)
    check_rows("options")

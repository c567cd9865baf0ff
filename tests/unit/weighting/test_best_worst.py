"""How consistent best-worst answers are: Liang, Brunelli & Rezaei (2020)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mcda
from mcda.weighting.best_worst import best_worst, threshold

#: The case in which everything is wrong: safety is said to stand above the best one.
BAD: dict[str, Any] = {
    "labels": ("quality", "price", "comfort", "safety", "style"),
    "best": "price",
    "worst": "style",
    "best_to_others": {"quality": 2, "comfort": 4, "safety": 9, "style": 8},
    "others_to_worst": {"quality": 4, "price": 8, "comfort": 7, "safety": 9},
}


def test_the_input_based_ratio_by_hand() -> None:
    found = best_worst(**BAD)
    assert found.best_to_worst == 8
    # |2 * 4 - 8|, |4 * 7 - 8| and |9 * 9 - 8|, each by 8 * 8 - 8
    assert found.deviations == pytest.approx({"quality": 0, "comfort": 20 / 56, "safety": 73 / 56})
    assert found.consistency_ratio == pytest.approx(73 / 56)
    assert found.limit == 0.2958
    assert not found.consistent


def test_it_is_said_with_what_to_reconsider() -> None:
    said = [str(each) for each in best_worst(**BAD).warnings]
    assert said == [
        "The judgements under goal contradict each other: consistency ratio 1.304, above 0.2958. "
        "Reconsider first price vs safety = 9 and safety vs style = 9, which make price vs style "
        "81 where 8 was judged.",
        "price vs safety = 9 is above price vs style = 8, though price is said to be the most "
        "important and style the least.",
        "safety vs style = 9 is above price vs style = 8, though price is said to be the most "
        "important and style the least.",
    ]
    assert "一致性比率为 1.304，高于 0.2958" in best_worst(**BAD).warnings[0].say("zh")
    assert "“price 对 safety”= 9 高于“price 对 style”= 8" in best_worst(**BAD).warnings[1].say("zh")


def test_each_of_the_two_answers_is_named_with_what_the_other_implies() -> None:
    found = best_worst("abc", "a", "c", {"b": 4, "c": 6}, {"b": 6})
    # 4 * 6 = 24 for 6: a vs b would be 1, or b vs c 1.5
    assert [(e.first, e.second, e.given, e.repaired) for e in found.repairs] == [
        ("a", "b", 4, 1),
        ("b", "c", 6, 1.5),
    ]
    # 2 * 8 / 2 for 8 would take one of them above the best: those within come first
    found = best_worst("abc", "a", "c", {"b": 1, "c": 8}, {"b": 2})
    assert [(e.first, e.second, e.repaired) for e in found.repairs] == [
        ("a", "b", 4),
        ("b", "c", 8),
    ]
    assert best_worst(**BAD).repairs[0].repaired == 1  # 8 / 9 is not on the scale


def test_answers_that_agree() -> None:
    found = best_worst("abc", "a", "c", {"b": 2, "c": 8}, {"a": 8, "b": 4})
    assert (found.consistency_ratio, found.consistent, found.warnings) == (0, True, ())
    assert found.repairs == ()
    two = best_worst("ab", "a", "b", {"b": 5}, {})
    assert (two.consistency_ratio, two.consistent, two.limit) == (0, True, 0)
    equal = best_worst("abc", "a", "c", {"b": 1, "c": 1}, {"b": 1})
    assert (equal.consistency_ratio, equal.consistent) == (0, True)


def test_thresholds_are_the_published_ones() -> None:
    """Corners, edges and the middle of table 3; the paper has 0 for a scale up to 2."""
    published = {
        (3, 3): 0.1667, (9, 3): 0.1667, (3, 4): 0.1121, (9, 4): 0.2683, (6, 6): 0.3044,
        (3, 9): 0.1359, (4, 9): 0.2681, (9, 9): 0.3662, (5, 7): 0.2819, (7, 2): 0.0,
    }  # fmt: skip
    assert {at: threshold(*at) for at in published} == published


def test_the_documentation_has_the_same_table() -> None:
    numbers = Path(__file__).parents[3] / "docs" / "reference" / "numbers.md"
    rows = re.findall(r"^\| ([3-9]) ((?:\| \.\d{4} ){7})\|$", numbers.read_text("utf-8"), re.M)
    assert [int(most) for most, _ in rows] == list(range(3, 10))
    for most, entries in rows:
        found = [float(entry) for entry in entries.replace("|", " ").split()]
        assert found == [threshold(n, int(most)) for n in range(3, 10)]


def test_between_and_beyond_the_table_the_stricter_entry_holds() -> None:
    assert threshold(4, 8.5) == 0.2521
    assert threshold(3, 3.5) == 0.1121  # which the larger scale has
    assert threshold(4, 2.5) == 0.0
    assert threshold(30, 9) == threshold(9, 9)
    assert threshold(5, 40) == threshold(5, 9)


def test_answers_beyond_the_scale_are_named() -> None:
    said = [str(e) for e in best_worst("abc", "a", "c", {"b": 3, "c": 90}, {"b": 30}).warnings]
    assert said == [
        "The judgement a vs c = 90 lies beyond Saaty's scale of 1/9 to 9.",
        "The judgement b vs c = 30 lies beyond Saaty's scale of 1/9 to 9.",
    ]


def test_a_best_that_equals_the_worst_leaves_no_room_for_others() -> None:
    with pytest.raises(mcda.McdaError, match="a vs c = 1 makes all criteria equal, but other"):
        best_worst("abc", "a", "c", {"b": 3, "c": 1}, {"b": 1})


def test_an_answer_not_given_is_one_left_out() -> None:
    plain = best_worst("abc", "a", "c", {"b": 2, "c": 8}, {"b": 4})
    same = best_worst("abc", "a", "c", {"b": 2, "c": None}, {"a": 8, "b": 4})
    assert same == plain
    with pytest.raises(mcda.McdaError, match="best_to_others leaves out b. Compare every"):
        best_worst("abc", "a", "c", {"b": None, "c": 8}, {"b": 4})
    with pytest.raises(mcda.McdaError, match="unknown criterion 'x'"):
        best_worst("abc", "a", "c", {"b": 2, "c": 8, "x": None}, {"b": 4})


ANSWERS = st.integers(1, 9)


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1, max_size=6), st.integers(2, 9))
def test_laws(others: list[tuple[int, int]], most: int) -> None:
    """The ratio is its definition, is told wherever it is too large, and 0 just where xi is."""
    names = [f"c{i}" for i in range(len(others))]
    found = best_worst(
        ["best", *names, "worst"],
        "best",
        "worst",
        {**{n: float(a) for n, (a, _) in zip(names, others, strict=True)}, "worst": float(most)},
        {n: float(b) for n, (_, b) in zip(names, others, strict=True)},
    )
    products = np.array([a * b for a, b in others])
    ratio = (np.abs(products - most) / (most**2 - most)).max()
    assert found.consistency_ratio == pytest.approx(ratio)
    assert (found.inconsistency < 1e-9) == (ratio == 0)
    codes = [each.code for each in found.warnings]
    assert ("inconsistent" in codes) == (ratio > found.limit)
    assert codes.count("above_best_to_worst") == sum(
        value > most for pair in others for value in pair
    )
    for repair in found.repairs:
        assert 1 <= repair.repaired <= most

"""Several scenarios on one page, and what separates those whose winners differ."""

from __future__ import annotations

import re
from typing import Any

import pytest

import mcda
from mcda.reports.page.material import Material
from mcda.reports.page.separating import groups, separations
from mcda.reports.page.writing import folder, text
from tests.reported import scenario


def decided(name: str, weights: dict[str, float], price: float) -> mcda.Decision:
    data: dict[str, Any] = {
        "criteria": {
            "price": {"direction": "cost", "domain": [0, 100]},
            "quality": {"direction": "benefit", "domain": [0, 10]},
        },
        "options": {"a": {"price": price, "quality": 5}, "b": {"price": 50, "quality": 9}},
        "weights": {"direct": weights},
    }
    return mcda.evaluate(mcda.Scenario(id=name, **data))


DECISIONS = [
    decided("one", {"price": 9, "quality": 1}, 10),
    decided("two", {"price": 8, "quality": 2}, 30),
    decided("three", {"price": 1, "quality": 9}, 20),
]


def test_what_does_not_overlap_separates() -> None:
    assert [each.recommended for each in DECISIONS] == ["a", "a", "b"]
    found = {(each.kind, each.name): each.values for each in separations(DECISIONS)}
    # weights of price: 0.9 and 0.8 where a wins, 0.1 where b does
    weights = found["weight", ("price",)]
    assert weights["a"] == pytest.approx((0.8, 0.9))
    assert weights["b"] == pytest.approx((0.1,))
    # a costs 10 and 30 where a wins: 20 lies in between
    assert ("fact", ("a", "price")) not in found
    assert separations(DECISIONS[:2]) == []


def test_scenarios_are_compared_within_their_criteria() -> None:
    other = mcda.decide({"x": {"n": 1}, "y": {"n": 2}}, [1], ["benefit"])
    assert groups([DECISIONS[0], other, DECISIONS[1]]) == [[DECISIONS[0], DECISIONS[1]], [other]]


def test_the_page_names_every_scenario_and_failure() -> None:
    materials = [Material(each, "en") for each in DECISIONS]
    page = text(
        materials, "html", "en", failures={"bad.yaml": "bad.yaml:1:1: <wrong>"}, several=True
    )
    assert "4 scenarios compared" in page
    assert "bad.yaml:1:1: &lt;wrong&gt;" in page
    for number, each in enumerate(DECISIONS):
        assert f'<a href="#scenario-{number + 1}">{each.scenario}</a>' in page
        assert f'id="scenario-{number + 1}"' in page
    assert "0.8–0.9" in page


def test_a_folder_has_a_page_for_each() -> None:
    names = ["../x", "INDEX", "x y", "X-y", "…"]
    materials = [Material(decided(name, {"price": 1, "quality": 1}, 10), "en") for name in names]
    files = folder(materials, "en", {})
    assert next(iter(files)) == "index.html"
    assert len({name.casefold() for name in files}) == 6
    assert all(re.fullmatch(r"[\w-][\w.-]*\.html", name) for name in files)
    for name in list(files)[1:]:
        assert f'href="{name}"' in files["index.html"]


def test_a_tie_and_no_eligible_option_are_told_apart() -> None:
    for name in ("tie", "nobody"):
        decisions = [DECISIONS[0], mcda.evaluate(scenario(name))]
        page = text([Material(each, "en") for each in decisions], "html", "en", several=True)
        top, table = page.split('class="answer single"')[1].split("<main", 1)
        row = table.split("</table>")[0]
        for where in (top, row):
            assert ("No single option" in where) == (name == "tie")
            assert (">Nothing<" in where) == (name == "nobody")

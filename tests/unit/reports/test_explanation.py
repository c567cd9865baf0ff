"""Explanations as blocks, graphs and a drawing, with names that try to break out."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

import mcda
from mcda.reports.blocks import Table, plain
from mcda.reports.drawing import to_svg
from mcda.reports.explanation import blocks
from mcda.reports.graphs import flowing, to_dot, to_graphml, to_json, to_mermaid

NASTY = [
    '<script>alert("1")</script>',
    'quote " and \\ back\\',
    "]] --> end; %% `x` #35; & <b>",
    "名称很长的准则" * 20,
    "emoji 🙂 and 'single'",
]


def why(names: list[str] | None = None, **scenario: Any) -> mcda.Explanation:
    a, b, c, d, e = names or ["price", "upkeep", "size", "battery", "look"]
    leaf = {"direction": "benefit", "domain": [0, 10]}
    given = {
        "id": "case",
        "title": {"en": "Which & why", "zh": "为什么"},
        "criteria": {"money": {"children": {a: leaf, b: leaf}}, "use": {"children": {c: leaf, d: leaf}}, e: leaf},
        "options": {
            "one": {a: 9, b: 4, c: 2, d: 5, e: 1},
            "two": {a: 1, b: 6, c: 8, d: 7, e: 8},
            "three": {a: 5, b: 5, c: 5, d: 5, e: 5},
        },
        "influences": [
            {"from": "use", "to": "money", "share": 0.2, "because": "It earns its price."},
            {"from": e, "to": "use", "share": 0.3},
        ],
        "weights": {"points": {"goal": {"money": 2, "use": 3, e: 1}, "money": {a: 2, b: 1}, "use": {c: 1, d: 1}}},
        **scenario,
    }  # fmt: skip
    return mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(given)))


def test_the_table_of_what_earns_adds_up() -> None:
    explanation = why()
    tables = [block for block in blocks(explanation, "en") if isinstance(block, Table)]
    earns = tables[0]
    top = [row for row in earns.rows[:-1] if not row[0].startswith(" ")]
    inner = [row for row in earns.rows[:-1] if row[0].startswith(" ")]
    total = float(earns.rows[-1][-1])
    assert total == pytest.approx(explanation.margin, abs=5e-4)
    assert sum(float(row[-1]) for row in top) == pytest.approx(total, abs=2e-3)
    below = sum(float(row[-1]) for row in (*inner, *(r for r in top if r[1])))
    assert below == pytest.approx(total, abs=3e-3)


def test_both_languages_say_it() -> None:
    assert "What earns the lead" in plain(blocks(why(), "en"))
    said = plain(blocks(why(), "zh"))
    assert "领先从何而来" in said
    assert "money → use" not in said


def test_strokes_are_the_flows_of_the_graph() -> None:
    explanation = why()
    goal = [stroke for stroke in flowing(explanation) if stroke.target == "goal"]
    assert sum(stroke.flow for stroke in goal) == pytest.approx(explanation.margin)
    assert max(stroke.size for stroke in flowing(explanation)) == 1


class TestNasty:
    def test_svg(self) -> None:
        explanation = why(NASTY)
        svg = to_svg(explanation, "en")
        root = ElementTree.fromstring(svg)
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        titles = {each.text for each in root.iter("{http://www.w3.org/2000/svg}title")}
        assert set(NASTY) <= titles

    def test_svg_widths_are_flows(self) -> None:
        explanation = why()
        root = ElementTree.fromstring(to_svg(explanation))
        widths = [
            float(path.attrib["stroke-width"])
            for path in root.iter("{http://www.w3.org/2000/svg}path")
            if "stroke-width" in path.attrib
        ]
        sizes = [stroke.size for stroke in flowing(explanation)]
        assert sorted(widths) == pytest.approx(
            sorted(max(1.5, 16 * size) for size in sizes), abs=0.01
        )

    def test_mermaid(self) -> None:
        text = to_mermaid(why(NASTY))
        for line in text.splitlines()[1:]:
            assert re.fullmatch(
                r'  n\d+(\["[^"]*"\]|\[/"[^"]*"/\]|\(\["[^"]*"\]\))'
                r'|  n\d+ (-->|-\.->)\|"[-+]?[\d.]+"\| n\d+'
                r"|  linkStyle \d+ stroke:#\w{6},stroke-width:[\d.]+px",
                line,
            ), line
        assert "<script>" not in text

    def test_dot_strings_are_closed(self) -> None:
        for line in to_dot(why(NASTY)).splitlines():
            assert len(re.sub(r"\\.", "", line).split('"')) % 2 == 1, line

    def test_graphml_and_json(self) -> None:
        explanation = why(NASTY)
        graph = nx.parse_graphml(to_graphml(explanation))
        assert set(graph) == set(explanation.graph)
        assert graph.nodes[f"criterion:{NASTY[0]}"]["title_en"] == NASTY[0]
        assert NASTY[3] in to_json(explanation)


def test_sixty_leaves_are_drawn() -> None:
    leaves = {f"c{i}": {"direction": "benefit", "domain": [0, 1]} for i in range(60)}
    scenario = {
        "id": "wide",
        "criteria": leaves,
        "options": {
            "a": {name: (i % 7) / 7 for i, name in enumerate(leaves)},
            "b": {name: (i % 5) / 5 for i, name in enumerate(leaves)},
        },
        "weights": {"points": {"goal": dict.fromkeys(leaves, 1)}},
    }
    explanation = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
    root = ElementTree.fromstring(to_svg(explanation))
    drawn = {each.attrib["data-id"] for each in root.iter() if "data-id" in each.attrib}
    assert {f"criterion:{name}" for name in leaves} <= drawn
    assert len(plain(blocks(explanation, "en")).splitlines()) < 130

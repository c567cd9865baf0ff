"""Saving documents: what the files look like, and that nothing is lost when it fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.errors import DocumentError
from mcda.files import writing
from mcda.files.loader import read_document
from mcda.files.writing import save
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.scenario import Method, Scenario

SCENARIO: dict[str, Any] = {
    "expected": {"recommended": None, "verdict": "close"},
    "options": {
        "a": {"price": 900, "screen": "good", "battery": {"value": 9, "low": 8.5, "unit": "h"}},
        "no": {"price": 1500.5, "screen": "superb", "battery": 16, "title": "The other"},
    },
    "id": "laptop",
    "description": "First line.\nSecond: line # no comment.\n",
    "title": {"en": "A laptop", "zh": "笔记本电脑"},
    "source": {"document": "1:30"},
    "decision_date": "2026-01-31",
    "criteria": {
        "price": {"direction": "cost", "unit": "EUR", "domain": (500, 2500)},
        "comfort": {
            "title": "Comfort " * 15 + "end",
            "children": {
                "screen": {"direction": "benefit", "levels": {"poor": 0, "good": 0.5, "superb": 1}},
                "battery": {"direction": "benefit", "domain": (4, 20)},
            },
        },
    },
    "weights": {
        "judgements": {
            "goal": {"comfort vs price": 2},
            "comfort": {"battery vs screen": 1 / 3, "screen vs battery": 2.5},
        }
    },
    "influences": [{"from": "price", "to": "comfort", "share": 0.25}],
    "method": Method(),
}

YAML = """\
# yaml-language-server: $schema=../scenario.json
format: mcda/scenario/1
id: laptop
title: {en: A laptop, zh: 笔记本电脑}
description: |
  First line.
  Second: line # no comment.
source: "1:30"
decision_date: 2026-01-31
criteria:
  price: {direction: cost, unit: EUR, domain: [500, 2500]}
  comfort:
    title: >-
      Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort
      Comfort Comfort Comfort Comfort end
    children:
      screen: {direction: benefit, levels: {poor: 0, good: 0.5, superb: 1}}
      battery: {direction: benefit, domain: [4, 20]}
options:
  a: {price: 900, screen: good, battery: {value: 9, low: 8.5, unit: h}}
  "no": {title: The other, price: 1500.5, screen: superb, battery: 16}
influences:
  - {from: price, to: comfort, share: 0.25}
weights:
  judgements:
    goal: {comfort vs price: 2}
    comfort: {battery vs screen: 1/3, screen vs battery: 2.5}
expected:
  recommended: null
  verdict: close
"""

TOML = '''\
#:schema ../scenario.json

format = "mcda/scenario/1"
id = "laptop"
title = {en = "A laptop", zh = "笔记本电脑"}
description = """
First line.
Second: line # no comment.
"""
source = "1:30"
decision_date = 2026-01-31

[criteria.price]
direction = "cost"
unit = "EUR"
domain = [500, 2500]

[criteria.comfort]
title = """\\
Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort Comfort \\
Comfort Comfort Comfort end"""

[criteria.comfort.children]
screen = {direction = "benefit", levels = {poor = 0, good = 0.5, superb = 1}}
battery = {direction = "benefit", domain = [4, 20]}

[options]
a = {price = 900, screen = "good", battery = {value = 9, low = 8.5, unit = "h"}}
no = {title = "The other", price = 1500.5, screen = "superb", battery = 16}

[[influences]]
from = "price"
to = "comfort"
share = 0.25

[weights.judgements]
goal = {"comfort vs price" = 2}
comfort = {"battery vs screen" = "1/3", "screen vs battery" = 2.5}

[expected]
verdict = "close"
'''


def test_layout_of_yaml(tmp_path: Path) -> None:
    save(Scenario(**SCENARIO), tmp_path / "x.yaml", schema="../scenario.json")
    assert (tmp_path / "x.yaml").read_text(encoding="utf-8") == YAML


def test_layout_of_toml(tmp_path: Path) -> None:
    expected = {"expected": {"verdict": "close"}}
    save(Scenario(**SCENARIO | expected), tmp_path / "x.toml", schema="../scenario.json")
    assert (tmp_path / "x.toml").read_text(encoding="utf-8") == TOML


def test_layout_of_json(tmp_path: Path) -> None:
    pack = FactsPack(
        id="p",
        criteria="m",
        title="包",
        options={"a": {"as_of": "2026-01-31", "facts": {"x": 0.1}}},
    )
    save(pack, tmp_path / "x.json")
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == (
        '{\n  "format": "mcda/facts/1",\n  "id": "p",\n  "title": "包",\n  "criteria": "m",\n'
        '  "options": {\n    "a": {"as_of": "2026-01-31", "facts": {"x": 0.1}}\n  }\n}\n'
    )


@pytest.mark.parametrize(
    ("ratio", "written"),
    [
        (1 / 3, "1/3"),
        (1 / 2, "1/2"),
        (7 / 3, "7/3"),
        (2.5, "2.5"),
        (0.75, "0.75"),
        (3.0, "3"),
        (0.333, "0.333"),
        (97 / 89, "97/89"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-9, "1.0e-09"),
        (1 / 99, "1/99"),
    ],
)
def test_judgements_as_people_write_them(tmp_path: Path, ratio: float, written: str) -> None:
    scenario = Scenario(**SCENARIO | {"weights": {"judgements": {"goal": {"a vs b": ratio}}}})
    save(scenario, tmp_path / "x.yml")
    assert f"    goal: {{a vs b: {written}}}\n" in (tmp_path / "x.yml").read_text("utf-8")


def test_long_names(tmp_path: Path) -> None:
    longest = "长" * 1000
    escaped = "\ue000" * 1000  # six characters each in quotation marks
    options = {longest: {"title": "x"}, escaped: {}, "c": {"from": "d" * 1000}}
    weights = {"judgements": {"goal": {escaped: 3}, escaped: {escaped: 1 / 3}}}
    scenario = Scenario(id="x", criteria="m", options=options, weights=weights)
    for suffix in ("yaml", "json", "toml"):
        save(scenario, tmp_path / f"x.{suffix}")
        assert read_document(tmp_path / f"x.{suffix}") == scenario


def test_a_loaded_document(tmp_path: Path) -> None:
    save(Scenario(**SCENARIO), tmp_path / "x.yaml")
    loaded = mcda.load_scenario(tmp_path / "x.yaml")
    save(loaded, tmp_path / "y.json")
    assert mcda.load_scenario(tmp_path / "y.json") == loaded == Scenario(**SCENARIO)


def held(**more: Any) -> Scenario:
    return Scenario(**{"id": "s", "criteria": "m", "options": {"a": {}}} | more)


MODEL = {"id": "m", "criteria": {"x": {"direction": "cost"}}}


@pytest.mark.parametrize(
    ("document", "name", "schema", "message"),
    [
        (held(), "x.txt", None, r"x.txt: the ending '.txt' is not known. Use .yaml"),
        (held(), "x", None, r"the ending '' is not known"),
        ({"id": "s"}, "x.yaml", None, "dict is not a document. Give a Scenario"),
        (held(), "folder.yaml", None, "this is a folder. Name a file"),
        (held(), "pipe.yaml", None, "this is not a regular file"),
        (held(), "no/x.yaml", None, "there is no folder '.*no'. Make it first"),
        (held(), "x.json", "s.json", "JSON has no comments"),
        (held(), "x.yaml", "a\nb", "the schema 'a.nb' cannot stand in one line"),
        (
            held(criteria=Criteria(**MODEL)),
            "x.yaml",
            None,
            "scenario s: criteria: .* holds the criteria 'm' itself.* Save it to a file of its own",
        ),
        (
            held(facts=FactsPack(id="p", criteria="m", options={"a": {}})),
            "x.yaml",
            None,
            "scenario s: facts: .* holds the facts 'p' itself",
        ),
        (
            held(options={"a": {"facts": {"b": 1, "c": None}}}),
            "x.toml",
            None,
            "scenario s: options.a.facts.c: TOML has no null. Leave it out, or save as .yaml",
        ),
        (
            Criteria(**MODEL | {"facts": {"f": {"domain": [None, 1]}}}),
            "x.toml",
            None,
            r"facts.f.domain\[0\]: TOML has no null",
        ),
        (
            held(options={"a": {"facts": {"b": "\ud800"}}}),
            "x.yaml",
            None,
            r"half a character \(a surrogate\)",
        ),
        (
            held(options={"a": {"facts": {"b": "\ud800"}}}),
            "x.json",
            None,
            r"half a character \(a surrogate\)",
        ),
        (
            Scenario.model_construct(id="s", criteria="m", options={"a\u0301": {}}),
            "x.yaml",
            None,
            "would not read back the same",
        ),
        (held(profile={"x": "a" * 5_000_000}), "x.yaml", None, "the limit is 4 MiB"),
        (held(), "x\0.yaml", None, "cannot be written"),
    ],
)
def test_refused(tmp_path: Path, document: Any, name: str, schema: Any, message: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(DocumentError, match=message):
        save(document, tmp_path / name, schema=schema)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder.yaml", "pipe.yaml"]


def test_the_path_of_a_loaded_model_is_named(tmp_path: Path) -> None:
    save(Criteria(**MODEL), tmp_path / "m.yaml")
    scenario = held(criteria=read_document(tmp_path / "m.yaml"))
    with pytest.raises(DocumentError, match=r"Give its path in its stead: '.*m\.yaml'"):
        save(scenario, tmp_path / "x.yaml")


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(DocumentError, match="x.yaml: the file cannot be written: No space left"):
        save(held(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    before = os.umask(0o027)
    try:
        save(held(), path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    (tmp_path / "link.yaml").symlink_to("x.yaml")
    save(held(title="new"), tmp_path / "link.yaml")
    assert (tmp_path / "link.yaml").is_symlink()
    assert path.stat().st_mode & 0o777 == 0o604
    assert "title: new" in path.read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_write_protected(tmp_path: Path) -> None:
    save(held(), tmp_path / "x.yaml")
    (tmp_path / "x.yaml").chmod(0o444)
    with pytest.raises(DocumentError, match="the file is write-protected"):
        save(held(), tmp_path / "x.yaml")

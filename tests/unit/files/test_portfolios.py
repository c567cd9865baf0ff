"""Portfolio files: what they may refer to, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

import mcda
from mcda.files.loader import Loader, read_document
from mcda.files.portfolios import problems_of
from mcda.model.portfolio import Portfolio

HEAD = "format: mcda/portfolio/1\nid: p\n"
SCENARIO = """\
format: mcda/scenario/1
id: {id}
criteria:
  price: {{direction: cost, domain: [0, 10]}}
options:
  a: {{price: {price}}}
  b: {{price: 5}}
"""
MODEL = """\
format: mcda/criteria/1
id: tents
profile:
  hands: {levels: [nobody, one, two], default: 0}
  cash: {domain: [0, 10], default: 5}
facts:
  price: {domain: [0, 10]}
criteria:
  price: {direction: cost, domain: [0, 10]}
gates:
  paid: {rule: price <= cash, because: It must be paid.}
"""
MODELLED = """\
format: mcda/scenario/1
id: {id}
criteria: ./tents.yaml
profile: {{{profile}}}
options:
  a: {{facts: {{price: 2}}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "one.yaml").write_text(SCENARIO.format(id="one", price=1))
    (inner / "two.yaml").write_text(SCENARIO.format(id="two", price=9))
    (inner / "tents.yaml").write_text(MODEL)
    (tmp_path / "outside.yaml").write_text(SCENARIO.format(id="outside", price=1))
    return inner


def load(folder: Path, text: str) -> Portfolio:
    (folder / "p.yaml").write_text(HEAD + text)
    document = read_document(folder / "p.yaml")
    assert isinstance(document, Portfolio)
    return document


def wrong(folder: Path, text: str) -> str:
    with pytest.raises(mcda.McdaError) as caught:
        problems_of(load(folder, text), Loader())
    return str(caught.value)


def test_paths_names_and_whole_scenarios(folder: Path) -> None:
    text = """\
scenarios:
  - one.yaml
  - {scenario: ./two.yaml, importance: 2.5}
  - classics/leader-election
  - importance: 3
    scenario:
      id: three
      criteria: {price: {direction: cost, domain: [0, 10]}}
      options: {a: {price: 1}}
"""
    portfolio = load(folder, text)
    assert [problem.id for problem in problems_of(portfolio, Loader())] == [
        "one",
        "two",
        "leader-election",
        "three",
    ]
    assert [each.importance for each in portfolio.scenarios] == [1.0, 2.5, 1.0, 3.0]


def test_a_file_and_its_copy_are_equal(folder: Path) -> None:
    text = """\
profile: {hands: 1}
scenarios: [one.yaml, {scenario: two.yaml, importance: 2}]
expected: {one: a, two: null}
"""
    for suffix in ("yaml", "json"):
        portfolio = load(folder, text)
        mcda.save(portfolio, folder / f"copy.{suffix}")
        assert mcda.load_portfolio(folder / f"copy.{suffix}") == portfolio


def test_the_profile_holds_where_a_scenario_says_nothing(folder: Path) -> None:
    (folder / "t1.yaml").write_text(MODELLED.format(id="t1", profile="cash: 1"))
    (folder / "t2.yaml").write_text(MODELLED.format(id="t2", profile=""))
    text = "profile: {cash: 3, hands: 2}\nscenarios: [t1.yaml, t2.yaml, one.yaml]\n"
    first, second, own = problems_of(load(folder, text), Loader())
    assert first.profile == {"cash": 1.0, "hands": 2.0}
    assert second.profile == {"cash": 3.0, "hands": 2.0}
    assert own.profile == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenarios: [none.yaml]", "3:13: scenarios[0].scenario: there is no scenario at"),
        ("scenarios: [../outside.yaml]", "'../outside.yaml' leads outside"),
        ("scenarios: [/etc/passwd]", "'/etc/passwd' leads outside"),
        ("scenarios: [p.yaml]", "'p.yaml' is a portfolio document, not a scenario"),
        ("scenarios: [portfolio/retailer]", "is a portfolio document, not a scenario"),
        ("scenarios: [tents.yaml]", "'tents.yaml' is a criteria document, not a scenario"),
        ("scenarios: [.]", "'.' is a folder. Name each scenario by itself"),
        (
            "scenarios: [one.yaml, one.yaml]",
            "3:23: scenarios[1]: the scenario id 'one' is that of scenarios[0], too",
        ),
        (
            "scenarios: [one.yaml]\nprofile: {cahs: 1}",
            "4:17: profile.cahs: no criteria model of these scenarios has a profile field 'cahs'",
        ),
        (
            "scenarios: [one.yaml]\nexpected: {won: a}",
            "expected.won: the portfolio has no scenario 'won'. Did you mean 'one'?",
        ),
        (
            "scenarios: [one.yaml]\nexpected: {one: c}",
            "expected.one: there is no option 'c'",
        ),
    ],
)
def test_wrong_references(folder: Path, text: str, message: str) -> None:
    assert message in wrong(folder, text)


def test_a_value_must_suit_the_model(folder: Path) -> None:
    (folder / "t1.yaml").write_text(MODELLED.format(id="t1", profile=""))
    said = wrong(folder, "profile: {hands: 7, cash: much}\nscenarios: [t1.yaml]")
    assert "p.yaml:3:18: profile.hands: 7 is outside the domain [0, 2]" in said
    assert "p.yaml:3:27: profile.cash: expected a number, got 'much'" in said


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    (folder / "two.yaml").write_text(SCENARIO.format(id="two", price=11))
    (folder / "one.yaml").write_text(SCENARIO.format(id="one", price=12))
    said = wrong(folder, "scenarios: [one.yaml, two.yaml]")
    assert "one.yaml:6:14: options.a.price: 12 is outside the domain" in said
    assert "two.yaml:6:14: options.a.price: 11 is outside the domain" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the key 'scenarios' is missing"),
        ("scenarios: []", "scenarios: it is empty; at least 1 needed"),
        ("scenarios: one.yaml", "scenarios: expected a list, got 'one.yaml'"),
        ("scenarios: [3]", "scenarios[0]: expected a mapping (key: value), got 3"),
        (
            "scenarios: [{scenario: one.yaml, importance: 0}]",
            "3:46: scenarios[0].importance: an importance is above 0, not 0",
        ),
        (
            "scenarios: [{scenario: one.yaml, importance: -1}]",
            "an importance is above 0, not -1; leave out what does not count",
        ),
        (
            "scenarios: [{scenario: one.yaml, importance: .inf}]",
            "scenarios[0].importance: expected a finite number",
        ),
        (
            "scenarios: [{scenario: {id: x, criteria: {c: {direction: up}}, options: {a: {}}}}]",
            "scenarios[0].scenario.criteria.c.direction",
        ),
    ],
)
def test_wrong_documents(folder: Path, text: str, message: str) -> None:
    with pytest.raises(mcda.McdaError) as caught:
        load(folder, text)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_positions_inside_a_whole_scenario(folder: Path) -> None:
    text = """\
scenarios:
  - scenario:
      id: three
      criteria: {price: {direction: cost, domain: [0, 10]}}
      options: {a: {price: 11}}
"""
    assert wrong(folder, text).startswith(f"{folder}/p.yaml:7:28: options.a.price: 11 is outside")

"""What another facts pack changes: small models worked by hand, and all subsets tried."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mcda
from mcda.explanation import changes

MODEL: dict[str, Any] = {
    "format": "mcda/criteria/1",
    "id": "cars",
    "facts": {
        "gain": {"domain": [0, 10]},
        "price": {"domain": [0, 10], "combine": "max"},
        "legal": {"type": "boolean", "combine": "all"},
        "colour": {"type": "choice", "values": ["red", "blue"]},
    },
    "parts": {"one": {}, "two": {}},
    "criteria": {
        "gain": {"direction": "benefit", "domain": [0, 10]},
        "price": {"direction": "cost", "domain": [0, 10]},
    },
    "judgements": {"goal": {"gain vs price": 1}},
    "gates": {"law": {"rule": "legal", "because": "It must be legal."}},
}
Options = Mapping[str, Mapping[str, Any]]


def write(
    folder: Path, before: Options, after: Options, extra: Mapping[str, Any] | None = None
) -> Path:
    """A model, its two packs, and a scenario with the options of both."""
    (folder / "facts").mkdir(exist_ok=True)
    (folder / "criteria.yaml").write_text(yaml.safe_dump(MODEL))
    for name, options in (("old", before), ("new", after)):
        pack = {
            "format": "mcda/facts/1",
            "id": name,
            "criteria": "cars",
            "options": {option: {"facts": dict(facts)} for option, facts in options.items()},
        }
        (folder / "facts" / f"{name}.yaml").write_text(yaml.safe_dump(pack))
    scenario = {
        "format": "mcda/scenario/1",
        "id": "case",
        "criteria": "./criteria.yaml",
        "facts": "old",
        "options": {name: {"from": name} for name in {**before, **after}},
        **(extra or {}),
    }
    path = folder / "case.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False))
    return path


def named(found: Any) -> set[tuple[str, str | None]]:
    return {(each.option, each.fact) for each in found}


def test_the_fact_that_decides_by_hand(tmp_path: Path) -> None:
    # x: (.8, .5) against y: (.5, .5). With price 9, x has (.8, .1): closeness
    # sqrt(.65) / (sqrt(.65) + sqrt(.85)) = .4665, below y's .5; with gain 7 or y's 6 x leads
    before = {
        "x": {"gain": 8, "price": 5, "legal": True},
        "y": {"gain": 5, "price": 5, "legal": True},
    }
    after = {
        "x": {"gain": 7, "price": 9, "legal": True, "colour": "red"},
        "y": {"gain": 6, "price": {"value": 5, "source": "maker"}, "legal": True},
    }
    found = mcda.diff(write(tmp_path, before, after), "new")
    assert (found.before.recommended, found.after.recommended) == ("x", "y")
    assert found.winner_changes
    assert found.decisive is not None
    assert named(found.decisive.changes) == {("x", "price")}
    assert (found.decisive.becomes, found.decisive.exact, found.decisive.others) == ("y", True, 0)
    assert found.complete is None
    assert named(found.facts) == {("x", "gain"), ("x", "price"), ("y", "gain"), ("x", "colour")}
    assert [each.fact for each in found.facts if not each.counts] == ["colour"]
    assert found.resourced == 1
    [price] = [each for each in found.facts if each.fact == "price"]
    assert price.before is not None
    assert price.after is not None
    assert (price.before.value, price.after.value) == (5, 9)


def test_two_facts_that_decide_only_together(tmp_path: Path) -> None:
    # y needs (.7, .5) and more: gain .7 alone is behind x's .7 at .6 price, price .8 alone too
    before = {
        "x": {"gain": 7, "price": 4, "legal": True},
        "y": {"gain": 5, "price": 5, "legal": True},
    }
    after = {
        "x": {"gain": 7, "price": 4, "legal": True},
        "y": {"gain": 6.5, "price": 3, "legal": True},
    }
    found = mcda.diff(write(tmp_path, before, after), "new")
    assert found.decisive is not None
    assert named(found.decisive.changes) == {("y", "gain"), ("y", "price")}
    assert (found.decisive.exact, found.decisive.becomes) == (True, "y")


def test_options_fall_out_and_come_back_by_gates_of_their_parts(tmp_path: Path) -> None:
    before = {
        "x": {"gain": 8, "price": 5, "legal": True},
        "y": {"gain": 5, "price": 5, "legal": False},
        "both": {"gain": 9},
    }
    after = {
        "x": {"gain": 8, "price": 5, "legal": None},
        "y": {"gain": 5, "price": 5, "legal": True},
        "both": {"gain": 9},
    }
    parts = {"one": "x", "two": "x"}
    options = {name: {"from": name} for name in before}
    options["both"]["parts"] = parts  # type: ignore[assignment]
    found = mcda.diff(write(tmp_path, before, after, {"options": options}), "new")
    assert (found.before.recommended, found.after.recommended) == ("both", "y")
    out = {each.option: (each.gate.gate, named(each.by)) for each in found.falls_out}
    assert out == {"x": ("law", {("x", "legal")}), "both": ("law", {("x", "legal")})}
    [back] = found.comes_back
    assert (back.option, back.gate.gate, named(back.by)) == ("y", "law", {("y", "legal")})
    # x's fact alone leaves nothing eligible; y's alone changes nothing
    assert found.decisive is not None
    assert named(found.decisive.changes) == {("x", "legal")}
    assert found.decisive.becomes is None
    assert found.complete is not None
    assert named(found.complete.changes) == {("x", "legal"), ("y", "legal")}
    assert found.complete.becomes == "y"


def test_options_of_one_pack_only(tmp_path: Path) -> None:
    before = {"x": {"gain": 8, "price": 5, "legal": True}}
    after = {
        "x": {"gain": 8, "price": 5, "legal": True},
        "z": {"gain": 9, "price": 1, "legal": True},
        "both": {"gain": 1},
    }
    options = {name: {"from": name} for name in after}
    options["both"]["parts"] = {"one": "x", "two": "z"}  # type: ignore[assignment]
    expected = {"recommended": "z"}
    path = write(tmp_path, before, after, {"options": options, "expected": expected})
    found = mcda.diff(path, "new")
    assert (found.lost, found.gained) == ((), ("z", "both"))
    assert found.decisive is not None
    assert named(found.decisive.changes) == {("z", None)}
    back = mcda.diff(path, "old", facts="new")
    assert (back.lost, back.gained) == (("z", "both"), ())
    assert back.before.recommended == "z"
    with pytest.raises(mcda.McdaError, match="knows none of the options"):
        mcda.diff(write(tmp_path, {"q": {"gain": 1}}, after, {"options": options}), "old")


def test_equal_packs_change_nothing(tmp_path: Path) -> None:
    facts = {"x": {"gain": 8, "price": 5, "legal": True}, "y": {"gain": 5, "price": 5}}
    found = mcda.diff(write(tmp_path, facts, facts), "new")
    assert not found.winner_changes
    assert (found.facts, found.decisive, found.falls_out, found.resourced) == ((), None, (), 0)
    assert "No fact differs" in str(found)


levels = st.sampled_from([1, 3, 5, 6, 8])
car = st.fixed_dictionaries(
    {"gain": levels, "price": levels, "legal": st.sampled_from([True, True, False, None])}
)
packs = st.fixed_dictionaries({"x": car, "y": car, "z": car})


def winner(path: Path, switched: Options, before: Options) -> str | None:
    """The winner where these facts stand in the scenario itself."""
    scenario = mcda.load_scenario(path)
    options = {
        name: {"from": name, "facts": dict(switched.get(name, {}))} for name in scenario.options
    }
    return mcda.evaluate(
        mcda.Scenario.model_validate(
            {"id": "case", "criteria": str(path.parent / "criteria.yaml"), "options": options}
            | {"facts": str(path.parent / "facts" / "old.yaml")}
        ),
        root=path.parent,
    ).recommended


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=packs, after=packs)
def test_the_decisive_set_is_the_smallest_there_is(
    tmp_path: Path, before: Options, after: Options
) -> None:
    path = write(tmp_path, before, after)
    found = mcda.diff(path, "new")
    differ = [(o, f) for o in before for f in before[o] if before[o][f] != after[o][f]]
    assert named(found.facts) == set(differ)
    if not found.winner_changes:
        assert found.decisive is None
        return

    def outcome(chosen: Any) -> str | None:
        facts: dict[str, dict[str, Any]] = {}
        for option, fact in chosen:
            facts.setdefault(option, {})[fact] = after[option][fact]
        return winner(path, facts, before)

    assert found.decisive is not None
    decisive = named(found.decisive.changes)
    assert outcome(decisive) == found.decisive.becomes != found.before.recommended
    for size in range(len(decisive)):
        for smaller in combinations(differ, size):
            assert outcome(smaller) == found.before.recommended
    if found.complete is not None:
        assert outcome(named(found.complete.changes)) == found.after.recommended


def test_too_many_sets_leave_one_that_cannot_be_made_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {
        "x": {"gain": 7, "price": 4, "legal": True},
        "y": {"gain": 5, "price": 5, "legal": True},
    }
    after = {
        "x": {"gain": 6.9, "price": 4.1, "legal": True},
        "y": {"gain": 6.5, "price": 3, "legal": True},
    }
    path = write(tmp_path, before, after)
    monkeypatch.setattr(changes, "MOST_WORLDS", 3)
    found = mcda.diff(path, "new").decisive
    assert found is not None
    assert (found.exact, found.others) == (False, 0)
    chosen = named(found.changes)

    def outcome(switched: Any) -> str | None:
        return winner(
            path, {o: {f: after[o][f] for p, f in switched if p == o} for o, _ in switched}, before
        )

    assert outcome(chosen) == "y"
    assert all(outcome(chosen - {each}) == "x" for each in chosen)


def test_a_fact_that_is_said_to_be_unknown_differs_only_where_parts_would_tell_it(
    tmp_path: Path,
) -> None:
    """Unknown or not given, nobody knows x's colour; whether `both` is legal its parts tell if it does not."""
    known = {"gain": 8, "price": 5, "legal": True}
    before = {"x": {**known, "colour": None}, "y": known, "both": {"gain": 9, "legal": None}}
    after = {"x": known, "y": known, "both": {"gain": 9}}
    options = {name: {"from": name} for name in before}
    options["both"]["parts"] = {"one": "x", "two": "y"}  # type: ignore[assignment]
    found = mcda.diff(write(tmp_path, before, after, {"options": options}), "new")
    assert named(found.facts) == {("both", "legal")}
    assert found.resourced == 0


def test_another_date_is_another_source(tmp_path: Path) -> None:
    price = {"value": 5, "source": "maker", "as_of": "2026-01-01"}
    before = {"x": {"gain": 8, "price": price}, "y": {"gain": 5, "price": 5}}
    after = {"x": {"gain": 8, "price": {**price, "as_of": "2026-02-01"}}, "y": before["y"]}
    found = mcda.diff(write(tmp_path, before, after), "new")
    assert (found.facts, found.resourced) == ((), 1)

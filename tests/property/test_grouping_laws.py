"""Scenarios evaluated together say what `evaluate` says of each."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.bulk.grouping import evaluate_group, group_by_model
from mcda.bulk.sources import Settings
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError
from mcda.files.loader import Loader
from mcda.frames.building import frame_of
from mcda.model.problem import Problem
from mcda.model.scenario import Scenario
from tests.property.test_table_laws import FACTS, PROFILE, maybe
from tests.strategies import scenarios

LOADER = Loader()


def decided(problem: Problem) -> Decision | None:
    try:
        return evaluate(problem)
    except McdaError:
        return None


def near(one: float | None, other: float | None) -> bool:
    return one is other or (one is not None and other is not None and abs(one - other) < 1e-12)


def check(given: list[dict[str, Any]]) -> None:
    problems = {n: LOADER.problem(Scenario(**each)) for n, each in enumerate(given)}
    groups, alone = group_by_model(problems)
    assert groups == [list(range(len(given)))]
    assert alone == []
    columns, failed, _ = evaluate_group(list(problems.values()), Settings())
    rows = frame_of(columns, "polars").to_dicts()
    for problem, row, wrong in zip(problems.values(), rows, failed.tolist(), strict=True):
        decision = decided(problem)
        assert wrong == (decision is None)
        if decision is None:
            continue
        assert row["scenario"] == decision.scenario
        assert row["recommended"] == decision.recommended
        assert row["verdict"] == decision.verdict
        for name in ("margin", "firmness"):
            assert near(row[name], getattr(decision, name))
        ratios = [e.consistency_ratio for e in decision.workings.weighed.answers.values()]
        assert near(row["consistency_ratio"], max(ratios, default=None))
        excluded = {each.option: each for each in decision.excluded}
        said = [f"{o}: {' '.join(g.gate for g in each.gates)}" for o, each in excluded.items()]
        assert (row["excluded"] or "") == "; ".join(said)
        ranked = {each.option: each for each in decision.ranking}
        for name in {key.partition(":")[2] for key in row if ":" in key}:
            place = ranked.get(name)
            assert row[f"rank:{name}"] == (place.rank if place else None)
            found = place or excluded.get(name)
            assert near(row[f"closeness:{name}"], found.closeness if found else None)


@settings(max_examples=10, deadline=None)
@given(scenarios(), st.integers(0, 2**32 - 1), st.integers(4, 6))
def test_criteria_of_their_own(scenario: dict[str, Any], seed: int, count: int) -> None:
    """With other values, fewer options, and all alike."""
    given = []
    for number in range(count):
        options = {}
        for place, (name, values) in enumerate(scenario["options"].items()):
            moved = {}
            for at, (leaf, value) in enumerate(values.items()):
                step = (seed >> ((number + place + at) % 24)) % 11
                moved[leaf] = float(step) if number else value
            options[name] = moved
        if number == 2 and len(options) > 1:
            options.popitem()
        given.append({**scenario, "id": f"s{number}", "options": options})
    check(given)


@st.composite
def situations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Scenarios of the shipped model: profiles, facts given, taken away and left to parts."""
    given: list[dict[str, Any]] = []
    gates = draw(st.booleans())
    for number in range(draw(st.integers(4, 6))):
        names = draw(st.lists(st.sampled_from(sorted(PROFILE)), unique=True, max_size=4))
        options: dict[str, Any] = {}
        for name, known in (("open", "flan-t5-small"), ("api", "gpt-4"), ("both", "hybrid")):
            facts = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, max_size=2))
            options[name] = {"from": known, "facts": {f: draw(maybe(FACTS[f])) for f in facts}}
        if draw(st.booleans()):
            options["both"]["parts"] = {"own": "open", "bought": "api"}
        if draw(st.booleans()):
            del options["both"]
        scenario: dict[str, Any] = {
            "id": f"s{number}",
            "criteria": "ai-sourcing",
            "facts": "article-world",
            "profile": {name: draw(PROFILE[name]) for name in names},
            "options": options,
        }
        if gates:
            rule = {"rule": "coalesce(latency_p95, 50) < 60", "because": "It must be quick."}
            scenario["constraints"] = {"quick": rule}
        given.append(scenario)
    return given


@settings(max_examples=10, deadline=None)
@given(situations())
def test_situations_of_a_shipped_model(given: list[dict[str, Any]]) -> None:
    check(given)

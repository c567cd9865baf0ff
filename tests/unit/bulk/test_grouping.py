"""Scenarios that are evaluated together say what each of them says alone."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mcda.bulk import documents as module
from mcda.bulk.documents import documents
from mcda.bulk.grouping import group_by_model
from mcda.bulk.sources import Settings, units
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.expectations import missed
from mcda.errors import McdaError
from mcda.files.block_cache import Reader
from mcda.files.catalog import folder
from mcda.files.loader import Loader, read_document
from mcda.model.scenario import Scenario

SCENARIOS = folder("scenarios") or Path()
MODELLED = """format: mcda/scenario/1
id: NAME
criteria: ai-sourcing
facts: article-world
profile:
  team: TEAM
  volume: 3
options:
  open: {from: flan-t5-small}
  api: {from: gpt-4}
  hybrid: {from: hybrid, parts: {own: open, bought: api}}
"""


def _told(code: str, values: Mapping[str, str | None]) -> str:
    kind = {"missed_recommended": "recommended", "missed_verdict": "verdict", "missed_gate": "gate"}
    short = {**kind, "missed_excluded": "excluded", "missed_eligible": "eligible"}[code]
    return (
        short + ": " + ", ".join(f"{name} {value or 'nothing'}" for name, value in values.items())
    )


def decided(path: Path, loader: Loader) -> Decision | str:
    """What the command `mcda evaluate` does with one file."""
    try:
        document = read_document(path)
        assert isinstance(document, Scenario)
        return evaluate(loader.problem(document))
    except McdaError as error:
        return str(error)


def row_of(decision: Decision) -> dict[str, Any]:
    ratios = [e.consistency_ratio for e in decision.workings.weighed.answers.values()]
    second = decision.ranking[1].option if len(decision.ranking) > 1 else None
    row: dict[str, Any] = {
        "scenario": decision.scenario,
        "recommended": decision.recommended,
        "verdict": decision.verdict,
        "firmness": decision.firmness,
        "margin": decision.margin,
        "runner_up": None if decision.recommended is None else second,
        "consistency_ratio": max(ratios) if ratios else None,
        "excluded": "; ".join(
            f"{each.option}: {' '.join(gate.gate for gate in each.gates)}"
            for each in decision.excluded
        )
        or None,
        "missed": "; ".join(_told(each.code, each.values) for each in missed(decision)) or None,
        "error": None,
    }
    for each in decision.ranking:
        row[f"closeness:{each.option}"], row[f"rank:{each.option}"] = each.closeness, each.rank
    for excluded in decision.excluded:
        row[f"closeness:{excluded.option}"] = excluded.closeness
    return row


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-12
    return bool(one == other)


def check(
    sources: list[str], monkeypatch: pytest.MonkeyPatch, *, reasons: bool = True, every: int = 1
) -> int:
    """Rows as without groups, and `every` so many as `evaluate` has them; how many went alone."""
    settings = Settings(reasons=reasons)
    evaluated_alone = []
    real = module.evaluate

    def counted(problem: Any) -> Decision:
        evaluated_alone.append(problem.id)
        return real(problem)

    monkeypatch.setattr(module, "evaluate", counted)
    for unit in units(sources, settings):
        frame, leads = documents(unit, settings, Loader())
        rows = frame.to_dicts()
        count = len(evaluated_alone)
        if unit.kind == "files":
            assert [row["source"] for row in rows] == list(unit.paths)
            loader = Loader()
            for path, row in list(zip(unit.paths, rows, strict=True))[::every]:
                found = decided(Path(path), loader)
                if isinstance(found, str):
                    assert row["error"] == found
                    continue
                for name, value in row_of(found).items():
                    assert equal(row[name], value), (path, name)
                said = {name for name, value in row_of(found).items() if value is not None}
                ranks = {n for n, v in row.items() if ":" in n and v is not None}
                assert ranks <= said
        with monkeypatch.context() as patch:
            patch.setattr(module, "group_by_model", lambda problems: ([], list(problems)))
            alone, same = documents(unit, settings, Loader())
        assert leads.counts == same.counts
        for pair, amounts in same.sums.items():
            assert leads.sums[pair] == pytest.approx(amounts, abs=1e-12)
        assert alone.columns == frame.columns
        assert alone.dtypes == frame.dtypes
        for one, other in zip(rows, alone.to_dicts(), strict=True):
            for name, value in one.items():
                assert equal(value, other[name]), name
        del evaluated_alone[count:]
    return len(evaluated_alone)


def write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def versions(path: Path, count: int, into: Path) -> Iterator[Path]:
    """The same scenario under other ids, those of its numbers that options have moved a little."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    dice = random.Random(path.name)
    for number in range(count):
        other = copy.deepcopy({**data, "decision_date": None})
        other["id"] = f"{data['id']}-{number}"
        for option in other["options"].values():
            for key, value in option.items():
                if isinstance(value, float):
                    option[key] = value * (1 + 0.001 * dice.random())
        for key, value in other.get("profile", {}).items():
            if isinstance(value, int) and not isinstance(value, bool):
                other["profile"][key] = dice.randint(0, 4)
        target = into / f"{path.stem}-{number}.yaml"
        write(target, other)
        yield target


def test_all_shipped_scenarios_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = [
        each for each in sorted(SCENARIOS.rglob("*.yaml")) if each.parent.name != "portfolio"
    ]
    made = [each for path in shipped[::3] for each in versions(path, 2, tmp_path)]
    random.Random(0).shuffle(made)
    assert len(shipped) > 20
    alone = check([*map(str, shipped), *map(str, made)], monkeypatch, every=4)
    # most go together; those do not that compare the options themselves, and are one of a kind
    assert alone > 0
    assert len(shipped) + len(made) - alone > 20


def test_errors_are_those_of_each_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: dict[str, tuple[str, str]] = {
        "unknown-option": ("from: gpt-4", "from: gpt-5"),
        "unknown-key": ("profile:", "profiles:"),
        "bad-level": ("team: TEAM", "team: 9"),
        "bad-yaml": ("options:", "options: ["),
        "bad-part": ("own: open", "own: opens"),
        "self-part": ("own: open", "own: hybrid"),
        "bad-fact": ("{from: gpt-4}", "{from: gpt-4, facts: {speed: 1}}"),
        "bad-model": ("criteria: ai-sourcing", "criteria: ai-sorcing"),
        "bad-pack": ("facts: article-world", "facts: article-word"),
        "no-facts": ("{from: gpt-4}", "{facts: {can_do_task: true}}"),
        "empty": (MODELLED, ""),
        "bad-rule": ("options:", "constraints: {c: {rule: no_such < 3, because: x}}\noptions:"),
        "twice": ("id: NAME", "id: NAME\nid: NAME"),
        "expected": ("options:", "expected: {recommended: api, verdict: tie}\noptions:"),
        "expected-gate": ("options:", "expected: {excluded: [open]}\noptions:"),
        "not-yaml": ("id: NAME", "id: \x00"),
    }
    for number in range(12):
        text = MODELLED.replace("NAME", f"n{number}").replace("TEAM", str(number % 5))
        (tmp_path / f"n{number:02}.yaml").write_text(text, encoding="utf-8")
    for name, (old, new) in changes.items():
        text = MODELLED.replace(old, new).replace("NAME", name).replace("TEAM", "2")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes(MODELLED.encode() + b"# \xe9\n")
    (tmp_path / "criteria.yaml").write_text(
        "format: mcda/criteria/1\nid: c\nfacts: {a: {}}\ncriteria: {a: {direction: cost}}\n",
        "utf-8",
    )
    paths = [str(each) for each in sorted(tmp_path.iterdir()) if each.name != "criteria.yaml"]
    check(paths, monkeypatch)
    check(paths, monkeypatch, reasons=False)


def own(name: str, first: float, **more: Any) -> dict[str, Any]:
    return {
        "format": "mcda/scenario/1",
        "id": name,
        "criteria": {
            "price": {"direction": "cost", "domain": [0, 10]},
            "speed": {"direction": "benefit", "domain": [0, 10]},
        },
        "options": {"a": {"price": first, "speed": 5}, "b": {"price": 2, "speed": 4}},
        "weights": {"direct": {"price": 2, "speed": 1}},
        **more,
    }


def test_values_outside_domains_and_failing_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that fail among the others are evaluated again alone, and say so with their place."""
    model = {
        "format": "mcda/criteria/1",
        "id": "m",
        "profile": {"share": {"default": 1}},
        "facts": {"price": {}, "speed": {}},
        "measures": {"worth": "speed / share"},
        "criteria": {
            "price": {"direction": "cost", "domain": [0, 10]},
            "worth": {"direction": "benefit", "measure": "worth", "domain": [0, 10]},
        },
        "judgements": {"goal": {"price vs worth": 2}},
    }
    write(tmp_path / "m.yaml", model)
    inside = tmp_path / "inside"
    inside.mkdir()
    for number in range(9):
        share = {3: 0, 5: 0.1}.get(number, 1 + number)
        facts = {"price": number, "speed": 5}
        if number == 7:
            del facts["price"]
        options = {"a": {"facts": facts}, "b": {"facts": {"price": 2, "speed": 4}}}
        data = {"format": "mcda/scenario/1", "id": f"s{number}", "criteria": "../m.yaml"}
        write(inside / f"{number}.yaml", {**data, "profile": {"share": share}, "options": options})
    settings = Settings(root=str(tmp_path))
    [unit] = units([str(inside)], settings)
    rows = documents(unit, settings, Loader(str(tmp_path)))[0].to_dicts()
    assert [number for number, row in enumerate(rows) if row["error"]] == [3, 5, 7]
    for number in (3, 5, 7):
        document = read_document(inside / f"{number}.yaml")
        assert isinstance(document, Scenario)
        with pytest.raises(McdaError) as found:
            evaluate(Loader(str(tmp_path)).problem(document))
        assert rows[number]["error"] == str(found.value)
        assert rows[number]["scenario"] == f"s{number}"
        assert rows[number]["verdict"] is None


def test_lines_and_criteria_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal criteria go together wherever they stand; others, and other weights, do not."""
    dice = random.Random(1)
    lines = []
    for number in range(30):
        more: dict[str, Any] = {}
        if number % 3 == 1:
            more["weights"] = {"direct": {"price": 1, "speed": 1 + number % 2}}
        if number % 5 == 2:
            more["constraints"] = {"cheap": {"rule": "price < 6", "because": "no"}}
        if number % 7 == 3:
            more["method"] = {"weighting": "classic"}
        if number == 11:
            more["criteria"] = {"price": {"direction": "benefit", "domain": [0, 10]}}
        lines.append(json.dumps(own(f"s{number}", round(10 * dice.random(), 3), **more)))
    lines[4] = "{"
    lines[9] = json.dumps(own("high", 11))
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    check([str(tmp_path / "many.jsonl")], monkeypatch)


def test_who_goes_with_whom(tmp_path: Path) -> None:
    loader, reader = Loader(), Reader()
    given: list[dict[str, Any]] = []
    given += [own(f"plain{number}", number) for number in range(5)]
    given += [
        own(f"gated{number}", number, constraints={"c": {"rule": "price < 6", "because": "no"}})
        for number in range(4)
    ]
    given += [own(f"few{number}", number, method={"weighting": "linear"}) for number in range(3)]
    compared = {"judgements": {"goal": {"price vs speed": 2}, "speed": {"a vs b": 3}}}
    for number in range(5):
        data = own(f"compared{number}", number, weights=compared)
        data["options"] = {
            name: {"price": value["price"]} for name, value in data["options"].items()
        }
        given.append(data)
    problems = {}
    for number, data in enumerate(given):
        write(tmp_path / f"{number}.yaml", data)
        scenario = reader.read(tmp_path / f"{number}.yaml")
        assert isinstance(scenario, Scenario)
        problems[number] = loader.problem(scenario)
    groups, alone = group_by_model(problems)
    assert groups == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]
    assert alone == list(range(9, 17))


def test_best_worst_answers_have_their_ratio_in_its_column(tmp_path: Path) -> None:
    answers = {"price": {"speed": 4, "size": 6}, "size": {"speed": 6}}
    for number in range(4):
        data = own(f"s{number}", number)
        data["criteria"] = {**data["criteria"], "size": {"direction": "benefit", "domain": [0, 10]}}
        for option in data["options"].values():
            option["size"] = 5
        data["weights"] = {
            "best_worst": {
                "goal": {
                    "best": "price",
                    "worst": "size",
                    "best_to_others": answers["price"],
                    "others_to_worst": answers["size"],
                }
            }
        }
        write(tmp_path / f"{number}.yaml", data)
    [unit] = units([str(tmp_path)], Settings())
    rows = documents(unit, Settings(), Loader())[0].to_dicts()
    assert [row["error"] for row in rows] == [None] * 4
    # |4 * 6 - 6| / (6 * 6 - 6)
    assert [row["consistency_ratio"] for row in rows] == pytest.approx([0.6] * 4)


def test_one_scenario_takes_the_short_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "one.yaml", own("one", 3))

    def refuse(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(module, "evaluate_group", refuse)
    [unit] = units([str(tmp_path)], Settings())
    [row] = documents(unit, Settings(), Loader())[0].to_dicts()
    assert row["error"] is None


def test_an_option_that_only_a_failure_has_gets_no_column(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / f"{number}.yaml", own(f"s{number}", number))
    bad = own("bad", 11)
    bad["options"]["extra"] = {"price": 1, "speed": 1}
    write(tmp_path / "bad.yaml", bad)
    [unit] = units([str(tmp_path)], Settings())
    frame, _ = documents(unit, Settings(), Loader())
    assert "closeness:extra" not in frame.columns
    assert frame["error"].null_count() == 5

"""Whatever is handed over or named, the answer is a result or an error of at most a page."""

from __future__ import annotations

import copy
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import mcda
from mcda.cli.main import cli
from mcda.errors import InputError, short

SCENARIO: dict[str, Any] = {
    "id": "s",
    "criteria": {
        "p": {"direction": "cost", "domain": [0, 10]},
        "q": {"direction": "benefit", "domain": [0, 10]},
    },
    "options": {"a": {"p": 1, "q": 2}, "b": {"p": 4, "q": 5}},
    "weights": {"judgements": {"goal": {"p vs q": 2}}},
}
YAML = """\
format: mcda/scenario/1
id: s
criteria: {p: {direction: cost, domain: [0, 10]}, q: {direction: benefit, domain: [0, 10]}}
options: {a: {p: 1, q: 2}, b: {p: 4, q: 5}}
weights: {judgements: {goal: {p vs q: 2}}}
"""


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("there is no showing it")

    __str__ = __repr__


class Wordy:
    def __repr__(self) -> str:
        return "x" * 5_000_000


def nested(make: Callable[[Any], Any], depth: int) -> Any:
    made: Any = make(1)
    for _ in range(depth):
        made = make(made)
    return made


def endless_list() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


def endless_mapping() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["a"] = made
    return made


def bomb() -> Any:
    """Few lists, and two to the power of forty entries."""
    return nested(lambda inner: [inner, inner], 40)


VALUES: dict[str, Callable[[], Any]] = {
    "list in itself": endless_list,
    "mapping in itself": endless_mapping,
    "deep list": lambda: nested(lambda inner: [inner], 1000),
    "deep mapping": lambda: nested(lambda inner: {"a": inner}, 1000),
    "deep tuple": lambda: nested(lambda inner: (inner,), 10_000),
    "integer": lambda: 10**5000,
    "negative integer": lambda: -(10**5000),
    "unshowable": Unshowable,
    "unshowables": lambda: [Unshowable()] * 2,
    "unshowable key": lambda: {Unshowable(): 1},
    "array of unshowables": lambda: np.array([Unshowable()], dtype=object),
    "wordy": Wordy,
    "text": lambda: "x" * 2_000_000,
    "bytes": lambda: b"x" * 1_000_000,
    "half a pair": lambda: "\ud800",
    "not there": lambda: None,
    "no number": lambda: float("nan"),
    "function": lambda: len,
}
WRONG_ITEMS: dict[str, Callable[[], Any]] = {
    "list": lambda: [f"nonsense {i}" for i in range(100_000)],
    "mapping": lambda: {f"k{i}": "nonsense" for i in range(100_000)},
}


def with_value(value: Any, *keys: str) -> dict[str, Any]:
    made = copy.deepcopy(SCENARIO)
    inner = made
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return made


PLACES = [
    "id",
    "title",
    "criteria",
    "criteria/p",
    "criteria/p/direction",
    "criteria/p/domain",
    "options",
    "options/a",
    "options/a/p",
    "weights",
    "weights/judgements/goal",
    "weights/judgements/goal/p vs q",
    "profile",
    "source",
    "decision_date",
    "method",
    "nonsense",
]
NAMED = {"a": {"p": 1, "q": 1}, "b": {"p": 1, "q": 2}}
DIRECTIONS = {"p": "cost", "q": "benefit"}
PLAIN = [[1, 2], [3, 4]]

ENTRIES: dict[str, Callable[[Any], Any]] = {
    **{
        f"Scenario {place}": lambda value, place=place: mcda.Scenario(
            **with_value(value, *place.split("/"))
        )
        for place in PLACES
    },
    "Scenario.model_validate": mcda.Scenario.model_validate,
    "Criteria.model_validate": mcda.Criteria.model_validate,
    "Criteria": lambda value: mcda.Criteria(id="c", criteria=value),
    "FactsPack": lambda value: mcda.FactsPack(id="c", criteria="x", options=value),
    "FactsPack fact": lambda value: mcda.FactsPack(
        id="c", criteria="x", options={"a": {"facts": {"p": value}}}
    ),
    "Portfolio": lambda value: mcda.Portfolio(id="c", scenarios=value),
    "decide matrix": lambda value: mcda.decide(value, {"p": 1, "q": 1}, DIRECTIONS),
    "decide cell": lambda value: mcda.decide(
        {"a": {"p": value, "q": 1}, "b": {"p": 1, "q": 2}}, {"p": 1, "q": 1}, DIRECTIONS
    ),
    "decide weights": lambda value: mcda.decide(PLAIN, value, ["cost", "benefit"]),
    "decide weight": lambda value: mcda.decide(NAMED, {"p": value, "q": 1}, DIRECTIONS),
    "decide judgement": lambda value: mcda.decide(NAMED, {("p", "q"): value}, DIRECTIONS),
    "decide directions": lambda value: mcda.decide(PLAIN, [1, 1], value),
    "decide direction": lambda value: mcda.decide(PLAIN, [1, 1], ["cost", value]),
    "ahp": mcda.ahp,
    "ahp cell": lambda value: mcda.ahp([[1, value], [1, 1]]),
    "ahp judgement": lambda value: mcda.ahp({("a", "b"): value}),
    "topsis matrix": lambda value: mcda.topsis(value, [1, 1], ["cost", "benefit"]),
    "topsis cell": lambda value: mcda.topsis([[1, value], [2, 3]], [1, 1], ["cost", "benefit"]),
    "topsis weights": lambda value: mcda.topsis(PLAIN, value, ["cost", "benefit"]),
    "topsis direction": lambda value: mcda.topsis(PLAIN, [1, 1], ["cost", value]),
    "topsis normalization": lambda value: mcda.topsis(
        PLAIN, [1, 1], ["cost", "benefit"], normalization=value
    ),
    "closure": lambda value: mcda.closure(value, [0.5, 0.5]),
    "closure weights": lambda value: mcda.closure([[0, 0.1], [0, 0]], value),
    "evaluate": mcda.evaluate,
    "evaluate_many": lambda value: list(mcda.evaluate_many(value)),
    "evaluate_portfolio": mcda.evaluate_portfolio,
    "load_scenario": mcda.load_scenario,
    "load_criteria": mcda.load_criteria,
    "save": lambda value: mcda.save(value, "nowhere/out.yaml"),
    "explain": mcda.explain,
    "sensitivity": mcda.sensitivity,
    "report": lambda value: mcda.report(value, "nowhere/r.html"),
    "diff": lambda value: mcda.diff(value, "facts-2026-11"),
    "evaluate_frame": lambda value: mcda.evaluate_frame(
        value, mcda.Scenario.model_validate(SCENARIO)
    ),
}


def told(entry: Callable[[Any], Any], value: Any) -> str:
    """What the error says, "" if there is none; anything but an McdaError is raised."""
    try:
        entry(value)
    except mcda.McdaError as error:
        return str(error)
    return ""


def assert_a_page(text: str) -> None:
    assert len(text) < 6000
    assert text.count("\n") < 60


@pytest.mark.parametrize("entry", list(ENTRIES))
def test_hostile_values(entry: str) -> None:
    for name, make in VALUES.items():
        try:
            assert_a_page(told(ENTRIES[entry], make()))
        except Exception as error:
            error.add_note(f"with the value {name!r}")
            raise


@pytest.mark.parametrize("place", PLACES)
def test_data_that_grow_without_an_end(place: str) -> None:
    said = told(ENTRIES[f"Scenario {place}"], bomb())
    assert "it holds more than 5,000,000 values" in said


@pytest.mark.parametrize("value", list(WRONG_ITEMS))
@pytest.mark.parametrize(
    "entry",
    ["Scenario criteria", "Scenario criteria/p", "Scenario method", "ahp", "topsis matrix"],
)
def test_many_wrong_items(entry: str, value: str) -> None:
    said = told(ENTRIES[entry], WRONG_ITEMS[value]())
    assert said
    assert_a_page(said)


def test_what_is_left_out_is_counted() -> None:
    wrong = {f"k{i}": "nonsense" for i in range(500)}
    with pytest.raises(mcda.McdaError) as caught:
        mcda.Scenario(**with_value(wrong, "method"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 32
    assert lines[-2:] == [
        "170 more like these: mend these first.",
        "scenario s: 300 more findings are not listed. Mend these first.",
    ]
    wrong = {f"k{i}": "nonsense" for i in range(500)}
    with pytest.raises(mcda.McdaError) as caught:
        mcda.Scenario(**with_value(wrong, "criteria"))
    assert caught.value.findings[-1].what == "300 more findings are not listed"  # type: ignore[attr-defined]
    assert len(caught.value.findings) == 201  # type: ignore[attr-defined]


def test_values_are_shown_as_they_are_if_they_are_short() -> None:
    for value in ("a", 1, 2.5, None, True, ["b", {"c": (1,)}], {"z": 1, "a": [2]}, (), {}, b"x"):
        assert short(value) == repr(value)
    assert short("y" * 100) == repr("y" * 100)[:59] + "…"
    assert short(Unshowable()) == "an object of type Unshowable"
    assert str(InputError("z" * 10_000, "Mend it")).endswith("z…. Mend it.")


LONG = "x" * 300


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "again").symlink_to("../loop")
    (tmp_path / "loop" / "s.yaml").write_text(YAML, encoding="utf-8")
    for name, text in {
        "d.yaml": "a: " + "[" * 3000 + "]" * 3000,
        "e.yaml": "\n".join(" " * i + "a:" for i in range(1000)),
        "f.json": "[" * 100_000 + "]" * 100_000,
        "g.toml": 'format = "mcda/scenario/1"\na = ' + "[" * 3000 + "]" * 3000,
        "h.yaml": "? " * 3000,
        "i.yaml": "- " * 3000,
        "j.yaml": "{" * 3000 + ": 1" + "}" * 3000,
        "k.json": '{"a": ' + "1" * 10_000 + "}",
    }.items():
        (tmp_path / "deep" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "deep" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMANDS = (["validate"], ["evaluate"], ["diff", "--against", "facts-2026-11"],
            ["report", "-o", "r.html"], ["explain"], ["sensitivity"])  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("path", ["deep", "loop", "self.yaml", f"{LONG}.yaml", f"{LONG}/s", "a\nb"])
def test_paths_that_are_read(here: Path, command: list[str], path: str) -> None:
    done = CliRunner().invoke(cli, [command[0], path, *command[1:]])
    assert isinstance(done.exception, SystemExit | None), done.exception
    if path in ("deep", "self.yaml", "a\nb") or LONG in path:
        assert done.exit_code == 1
        assert "error" in done.stderr or command == ["validate"]


PRICES = ["prices", "gpt-4o", "--criteria", "ai-sourcing-measured", "--as-of", "2026-11-22", "-o"]
WRITERS = {
    "init": (["init", "--no-input"], ".yaml"),
    "report": (["report", "s.yaml", "-o"], ".html"),
    "report folder": (["report", "s.yaml", "-o"], "/"),
    "schema": (["schema", "scenario", "-o"], ".json"),
    "bulk": (["bulk", "s.yaml", "-o"], ".csv"),
    "prices": (PRICES, ".yaml"),
}


@pytest.mark.parametrize("name", [LONG, "\n", f"{LONG}/x", "no/folder", "self", "s.yaml/x"])
@pytest.mark.parametrize("writer", list(WRITERS))
def test_paths_that_are_written(here: Path, writer: str, name: str) -> None:
    command, ending = WRITERS[writer]
    done = CliRunner().invoke(cli, [*command, f"{name}{ending}"])
    assert isinstance(done.exception, SystemExit | None), done.exception
    if done.exit_code:
        assert "error: " in done.stderr
        assert "xx" in done.stderr or LONG not in name


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 6000, "{", "[]", "\x00", '"$schema"'])
def test_a_file_that_is_no_schema_is_kept(here: Path, text: str) -> None:
    (here / "n.json").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["schema", "scenario", "-o", "n.json"])
    assert done.exit_code == 1
    assert "is there already, and no schema" in done.stderr
    assert (here / "n.json").read_text(encoding="utf-8") == text


@pytest.fixture
def deep_folder(here: Path) -> Iterator[str]:
    """A folder with a scenario in the 1,200th folder below it."""
    try:
        for _ in range(1200):
            os.mkdir("d")  # noqa: PTH102
            os.chdir("d")
        Path("s.yaml").write_text(YAML, encoding="utf-8")
        os.chdir(here)
        yield "d"
    finally:
        os.chdir(here)
        # Python's own way to remove folders calls itself, and so does pytest's
        subprocess.run(["rm", "-rf", "d"], check=True)


def test_folders_that_lie_deep_in_each_other(deep_folder: str) -> None:
    for command in COMMANDS[:4]:
        done = CliRunner().invoke(cli, [command[0], deep_folder, *command[1:]])
        assert isinstance(done.exception, SystemExit | None), done.exception
    assert CliRunner().invoke(cli, ["validate", deep_folder]).output.startswith("ok: d/d/")

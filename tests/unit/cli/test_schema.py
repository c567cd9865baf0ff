"""`mcda schema` as people run it, and the schemas that are published with it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mcda.files.source import Source
from mcda.model.portfolio import documents
from mcda.reports.schemas import OUTPUTS
from tests.unit.cli.test_cli import ROOT, run
from tests.unit.files.test_schema import SHIPPED

KINDS = (
    *("scenario", "criteria", "facts", "portfolio"),
    *("decisions", "explanation", "sensitivity", "report"),
)
PUBLISHED = ROOT / "docs" / "reference" / "schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_published_is_what_the_command_prints(kind: str) -> None:
    done = run("schema", kind)
    assert (done.returncode, done.stderr) == (0, "")
    Draft202012Validator.check_schema(json.loads(done.stdout))
    published = (PUBLISHED / f"{kind}.json").read_text(encoding="utf-8")
    remedy = f"run: mcda schema {kind} -o docs/reference/schemas/{kind}.json"
    assert published == done.stdout, remedy


def test_every_kind_has_a_schema() -> None:
    assert set(KINDS) == {*documents(), *OUTPUTS}


def test_nothing_else_is_published() -> None:
    assert {each.name for each in PUBLISHED.iterdir()} == {f"{kind}.json" for kind in KINDS}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_documents_name_their_schema(path: Path) -> None:
    kind = Source.read(path).data()["format"].split("/")[1]
    schema = os.path.relpath(PUBLISHED / f"{kind}.json", path.parent)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={Path(schema).as_posix()}"


def test_narrowed_to_a_model_and_a_pack(tmp_path: Path) -> None:
    path = tmp_path / "narrowed.json"
    options = ("--criteria", "ai-sourcing", "--facts", "article-world", "--lang", "zh")
    done = run("schema", "scenario", *options, "-o", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    profile = schema["properties"]["profile"]["properties"]
    assert profile["sigma"]["maximum"] == 1
    assert profile["team"]["anyOf"][1]["enum"] == [0, 1, 2, 3, 4]
    assert profile["sigma"]["description"].endswith("0 \u2026 1")
    assert "\u56e2\u961f" in profile["team"]["description"]
    clip = ROOT / "scenarios" / "articles" / "000-clip.yaml"
    assert list(Draft202012Validator(schema).iter_errors(Source.read(clip).data())) == []


def test_a_pack_for_a_model(tmp_path: Path) -> None:
    done = run("schema", "facts", "--criteria", "ai-sourcing")
    validator = Draft202012Validator(json.loads(done.stdout))
    pack = Source.read(ROOT / "criteria/ai-sourcing/facts/article-world.yaml").data()
    assert list(validator.iter_errors(pack)) == []
    pack["options"]["gpt-4"]["facts"]["team_demand"] = 5
    assert [list(each.path)[-1] for each in validator.iter_errors(pack)] == ["team_demand"]


def test_a_model_at_a_path(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "format: mcda/criteria/1\nid: m\nfacts: {f.x: {levels: {low: 1, high: 2}}}\n"
        "criteria: {a+b: {direction: benefit, fact: f.x}, c: {direction: cost, fact: f.x}}\n"
    )
    done = run("schema", "scenario", "--criteria", str(tmp_path / "m.yaml"))
    validator = Draft202012Validator(json.loads(done.stdout))
    scenario = {
        "format": "mcda/scenario/1",
        "id": "s",
        "criteria": "m.yaml",
        "options": {"o": {"facts": {"f.x": "low"}}, "p": {"facts": {"f.x": {"value": 1.5}}}},
        "weights": {"judgements": {"goal": {"c  vs a+b": "1/2"}}},
    }
    assert list(validator.iter_errors(scenario)) == []
    for path, value in (
        (("options", "o", "facts", "f.x"), "middling"),
        (("options", "o", "facts", "f.x"), 3),
        (("weights", "judgements", "goal", "c vs aab"), 2),
        (("weights", "judgements", "goal", "c vs c"), 2),
    ):
        wrong = json.loads(json.dumps(scenario))
        holder = wrong
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value
        assert list(validator.iter_errors(wrong)), path


def test_a_pack_for_another_model_and_a_wrong_model(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    text = "format: mcda/criteria/1\nid: m\nfacts: {f: {}}\ncriteria: {a: {direction: cost, fact: f}}\n"
    path.write_text(text)
    pack = str(ROOT / "criteria/ai-sourcing/facts/article-world.yaml")
    done = run("schema", "scenario", "--criteria", str(path), "--facts", pack)
    assert done.returncode == 1
    assert "'article-world' is for the criteria model 'ai-sourcing'" in done.stderr
    path.write_text(text.replace("fact: f", "fact: g"))
    done = run("schema", "scenario", "--criteria", str(path))
    assert done.returncode == 1
    assert "m.yaml:4:39: criteria.a.fact: unknown fact 'g'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["scenario", "--criteria", "nope"], 1, "no criteria model 'nope' is shipped"),
        (
            ["scenario", "--criteria", "ai-sourcing", "--facts", "nope"],
            1,
            "has no facts pack 'nope'",
        ),
        (["criteria", "--criteria", "ai-sourcing"], 2, "--criteria has no meaning for criteria"),
        (["decisions", "--criteria", "ai-sourcing"], 2, "--criteria has no meaning for decisions"),
        (["scenario", "--facts", "article-world"], 2, "--facts adds to a scenario's --criteria"),
        (
            ["scenario", "-o", "no/such/folder/x.json"],
            1,
            "x.json: there is no folder 'no/such/folder'",
        ),
        (["everything"], 2, "is not one of"),
        ([], 2, "Missing argument 'KIND'"),
    ],
)
def test_errors(arguments: list[str], status: int, said: str) -> None:
    done = run("schema", *arguments)
    assert done.returncode == status
    assert done.stdout == ""
    assert said in done.stderr
    assert "internal error" not in done.stderr


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    target.write_text('{"$schema": "old"}')
    target.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert run("schema", "facts", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == run("schema", "facts").stdout
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.json", "target.json"]


def test_help_has_examples() -> None:
    said = run("schema", "--help").stdout
    assert "mcda schema scenario --criteria model.yaml --facts facts.yaml --lang zh" in said

"""`mcda diff` as a user meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mcda.cli.main import cli
from mcda.reports.blocks import width_of

ROOT = Path(__file__).resolve().parents[3]
ARTICLES = str(ROOT / "scenarios" / "articles")


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diff", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_folder_ends_with_a_summary(lang: str) -> None:
    done = diff(ARTICLES, "--against", "facts-2026-11", "--lang", lang)
    assert done.exit_code == 0
    assert max(map(width_of, done.stdout.splitlines())) <= 80
    last = done.stdout.splitlines()[-6:]
    changed = {"en": "the winner changes in 4.", "zh": "其中 4 个的胜出选项改变。"}[lang]
    assert last[0].endswith(changed)
    assert [line.split()[:3] for line in last[2:]] == [
        [name, "hybrid", after]
        for name, after in (
            ("000-clip", {"en": "nothing", "zh": "无"}[lang]),
            ("001-zero123", {"en": "nothing", "zh": "无"}[lang]),
            ("002-flan-t5", "open"),
            ("003-pixel-art", "open"),
        )
    ]
    if lang == "zh":
        assert not re.findall(
            "[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]", re.sub("article.*", "", done.stdout)
        )


def test_json_has_sources_and_dates_of_both_sides() -> None:
    done = diff(f"{ARTICLES}/002-flan-t5.yaml", "--against", "facts-2026-11", "--format", "json")
    data = json.loads(done.stdout)
    assert (data["format"], data["winners_changed"]) == ("mcda/diff/1", 1)
    [found] = data["differences"]
    [change] = found["decisive"]["changes"]
    assert (change["option"], change["fact"]) == ("api", "sold_on_decision_date")
    assert (change["before"]["value"], change["before"]["as_of"]) == (True, "2025-07-26")
    assert (change["after"]["value"], change["after"]["as_of"]) == (False, "2026-10-15")
    assert "deprecations" in change["after"]["source"]
    assert found["after"]["excluded"] == {"api": ["sold"], "hybrid": ["sold"]}
    assert found["before"]["closeness"]["hybrid"] == pytest.approx(0.9035, abs=5e-5)


def test_one_scenario_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("format: mcda/scenario/1\nid: bad\n")
    own = "format: mcda/scenario/1\nid: own\ncriteria: {a: {direction: cost, domain: [0, 1]}}\n"
    (tmp_path / "own.yaml").write_text(own + "options: {x: {a: 0}}\n")
    article = Path(ARTICLES) / "003-pixel-art.yaml"
    (tmp_path / "good.yaml").write_text(article.read_text())
    done = diff(str(tmp_path), "--against", "facts-2026-11", "--format", "markdown")
    assert done.exit_code == 1
    assert "bad.yaml:1:1: options" in done.stderr
    assert "2 scenarios: the winner changes in 1. 1 could not be compared." in done.stdout
    data = json.loads(diff(str(tmp_path), "--against", "facts-2026-11", "--format", "json").stdout)
    assert len(data["failures"]) == 1
    named = diff(str(tmp_path / "own.yaml"), "--against", "facts-2026-11")
    assert "brings its own criteria" in named.stderr


def test_wrong_usage() -> None:
    assert diff(ARTICLES).exit_code == 2
    done = diff(f"{ARTICLES}/000-clip.yaml", "--against", "facts-2026-12")
    assert done.exit_code == 1
    assert "facts-2026-11" in done.stderr
    pack = str(ROOT / "criteria" / "ai-sourcing" / "facts" / "article-world.yaml")
    assert "not a scenario" in diff(pack, "--against", "facts-2026-11").stderr


def test_a_pack_of_another_model_is_refused_however_many_names_they_share() -> None:
    pack = str(ROOT / "criteria" / "ai-sourcing" / "facts" / "facts-2026-11.yaml")
    for name in ("retailer-service", "startup-chatbot"):
        done = diff(str(ROOT / "scenarios" / "measured" / f"{name}.yaml"), "--against", pack)
        assert done.exit_code == 1
        assert done.stderr.count("error:") == 1
        assert "facts: the facts pack 'facts-2026-11' is for the criteria model" in done.stderr


def test_a_portfolio_is_refused_with_what_to_do() -> None:
    done = diff(
        str(ROOT / "scenarios" / "portfolio" / "retailer.yaml"), "--against", "article-world"
    )
    assert done.exit_code == 1
    assert "Save those of its scenarios that are to be compared as files." in done.stderr


def test_an_error_in_another_document_names_the_scenario_that_met_it(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "criteria.yaml").write_text(
        "format: mcda/criteria/1\nid: m\nfacts: {a: {}}\nmeasures: {inverse: 1 / a}\n"
        "criteria: {c: {measure: inverse, direction: cost, domain: [0, 1]}}\n"
    )
    for pack in ("one", "two"):
        (tmp_path / "facts" / f"{pack}.yaml").write_text(
            f"format: mcda/facts/1\nid: {pack}\ncriteria: m\noptions: {{x: {{facts: {{a: 2}}}}}}\n"
        )
    for name, value in (("bad", 0), ("good", 1)):
        (tmp_path / f"{name}.yaml").write_text(
            f"format: mcda/scenario/1\nid: {name}\ncriteria: ./criteria.yaml\nfacts: one\n"
            f"options: {{x: {{from: x, facts: {{a: {value}}}}}}}\n"
        )
    for done in (
        diff(str(tmp_path), "--against", "two"),
        CliRunner().invoke(cli, ["evaluate", str(tmp_path)], catch_exceptions=False),
    ):
        assert done.exit_code == 1
        assert "measures.inverse" in done.stderr
        assert f"    met in {tmp_path / 'bad.yaml'}" in done.stderr
        assert "good.yaml" not in done.stderr

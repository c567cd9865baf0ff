"""`mcda report`: where it writes, and what it does when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import mcda
from mcda.cli.main import cli

GOOD = """\
format: mcda/scenario/1
id: {id}
criteria:
  price: {{direction: cost, domain: [0, 100]}}
  quality: {{direction: benefit, domain: [0, 10]}}
options:
  a: {{price: 10, quality: 5}}
  b: {{price: 50, quality: 9}}
weights: {{direct: {{price: 2, quality: 1}}}}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "many").mkdir()
    (tmp_path / "one.yaml").write_text(GOOD.format(id="one"), encoding="utf-8")
    (tmp_path / "many" / "two.yaml").write_text(GOOD.format(id="two"), encoding="utf-8")
    (tmp_path / "many" / "bad.yaml").write_text(
        "format: mcda/scenario/1\nid: bad\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["report", *arguments])
    return done.exit_code, done.output


def test_the_command_that_makes_it_stands_in_it(files: Path) -> None:
    assert run("one.yaml", "-o", "one.html", "--seed", "7", "--samples", "64") == (0, "")
    text = (files / "one.html").read_text(encoding="utf-8")
    assert "mcda report one.yaml -o report.html --samples 64 --seed 7" in text
    assert f"mcda-engine {mcda.__version__}" in text


def test_the_ending_says_what(files: Path) -> None:
    assert run("one.yaml", "-o", "one.json", "--lang", "zh")[0] == 0
    assert json.loads((files / "one.json").read_text(encoding="utf-8"))["format"] == "mcda/report/1"
    assert run("one.yaml", "-o", "one.md")[0] == 0
    assert (files / "one.md").read_text(encoding="utf-8").startswith("## one\n")
    code, said = run("one.yaml", "-o", "one.pdf")
    assert code == 2
    assert "one.pdf: the ending '.pdf' is not known. Use .html, .md or .json" in said


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_neither_the_outputs_place_nor_the_authors_folders_stand_in_it(
    files: Path, ending: str
) -> None:
    """The bytes are the same whatever the file is called and wherever it is asked for from."""
    (files / "deep" / "er").mkdir(parents=True)
    (files / "good.yaml").write_text(GOOD.format(id="good"), encoding="utf-8")
    for what, code in (("good.yaml", 0), ("many", 1)):
        made = set()
        for asked, output in (
            (what, f"a.{ending}"),
            (f"./{what}", f"deep/other.{ending}"),
            (f"deep/../{what}", str(files / "deep" / "er" / f"third.{ending}")),
            (str(files / what), f"c.{ending}"),
        ):
            assert run(asked, "-o", output)[0] == code
            made.add((files / output).read_bytes())
        assert len(made) == 1
        text = made.pop().decode("utf-8")
        for part in (*files.parts[1:], "deep", "other"):
            assert f"{part}/" not in text
        if (what, ending) != ("many", "html"):
            assert f"mcda report {what} -o report.{ending}" in text
        assert ("many/bad.yaml" in text) == (what == "many")


def test_htm_is_html(files: Path) -> None:
    assert run("one.yaml", "-o", "one.htm")[0] == run("one.yaml", "-o", "one.html")[0] == 0
    assert (files / "one.htm").read_bytes() == (files / "one.html").read_bytes()


def test_a_scenario_that_fails_is_a_row(files: Path) -> None:
    code, said = run("many", "-o", "all.html")
    assert code == 1
    assert "bad.yaml:1:1: criteria:" in said
    text = (files / "all.html").read_text(encoding="utf-8")
    assert "2 scenarios compared" in text
    assert "many/bad.yaml" in text
    assert "Scenarios that failed: 1" in text
    assert run("many", "-o", "pages/")[0] == 1
    assert sorted(each.name for each in (files / "pages").iterdir()) == ["index.html", "two.html"]


def test_one_that_fails_writes_nothing(files: Path) -> None:
    (files / "bad.html").write_text("old", encoding="utf-8")
    assert run("many/bad.yaml", "-o", "bad.html")[0] == 1
    assert (files / "bad.html").read_text(encoding="utf-8") == "old"


def test_what_cannot_be_written_is_said_first(files: Path) -> None:
    code, said = run("one.yaml", "-o", "nowhere/one.html")
    assert (code, "there is no folder 'nowhere'. Make it first" in said) == (2, True)
    code, said = run("one.yaml", "-o", "nowhere/deep/")
    assert (code, "there is no folder 'nowhere'" in said) == (2, True)
    (files / "taken").write_text("", encoding="utf-8")
    code, said = run("one.yaml", "-o", "taken/")
    assert (code, "this is a file" in said) == (2, True)


def test_nothing_found_has_its_own_code(files: Path) -> None:
    (files / "empty").mkdir()
    code, said = run("empty", "-o", "x.html")
    assert code == 5
    assert "no scenario found at empty" in said
    assert not (files / "x.html").exists()


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("text", "expected a decision or a list of them, got str"),
        ([], "no decision to report"),
        (["x"], "expected a decision or a list"),
    ],
)
def test_the_call_refuses_what_is_no_decision(given: object, match: str, tmp_path: Path) -> None:
    with pytest.raises(mcda.McdaError, match=match):
        mcda.report(given, tmp_path / "x.html")  # type: ignore[arg-type]


def test_the_call_keeps_the_old_file(tmp_path: Path) -> None:
    decision = mcda.decide({"a": {"n": 1}, "b": {"n": 2}}, [1], ["benefit"])
    with pytest.raises(mcda.McdaError, match=r"the ending '.txt' is not known"):
        mcda.report(decision, tmp_path / "x.txt")
    with pytest.raises(mcda.McdaError, match="no language 'de'"):
        mcda.report(decision, tmp_path / "x.html", lang="de")  # type: ignore[arg-type]
    with pytest.raises(mcda.McdaError, match="two decisions are for the scenario"):
        mcda.report([decision, decision], tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []

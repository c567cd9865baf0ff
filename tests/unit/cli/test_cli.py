"""The command as people run it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mcda.reports.blocks import width_of

ROOT = Path(__file__).resolve().parents[3]
ARTICLES = "scenarios/articles"


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mcda", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
    )


def test_articles_as_a_table() -> None:
    done = run("evaluate", ARTICLES)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for part in (
        "000-clip: CLIP for an image archive in finance or medicine",
        "Recommended: hybrid – Hybrid of open model and API",
        "Verdict: clear.",
        "     1  hybrid  Hybrid of open model and API            0.9696",
        "What separates hybrid from open",
        "Data security     0.333      0.300  0.420   1.000  1.000          0 %",
        "Consistency ratio 0.000",
        "4 scenarios. Recommended: hybrid in 4.",
    ):
        assert part in done.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_at_most_80_columns(lang: str) -> None:
    done = run("evaluate", ARTICLES, "--lang", lang)
    assert max(width_of(line) for line in done.stdout.splitlines()) <= 80


def test_chinese_throughout() -> None:
    done = run("evaluate", ARTICLES, "--lang", "zh")
    assert "推荐：hybrid" in done.stdout
    assert "团队技术实力" in done.stdout
    for word in ("Recommended", "Verdict", "Rank", "Team", "Consistency"):
        assert word not in done.stdout


def test_json() -> None:
    done = run("evaluate", ARTICLES, "--format", "json")
    data = json.loads(done.stdout)
    assert data["format"] == "mcda/decisions/1"
    assert [each["recommended"] for each in data["decisions"]] == ["hybrid"] * 4
    first = data["decisions"][0]
    assert [each["rank"] for each in first["ranking"]] == [1, 2, 3]
    assert first["excluded"] == []
    assert data == json.loads(run("evaluate", ARTICLES, "--format", "json").stdout)


def test_csv_and_markdown() -> None:
    rows = list(csv.DictReader(io.StringIO(run("evaluate", ARTICLES, "--format", "csv").stdout)))
    assert len(rows) == 12
    assert {row["scenario"] for row in rows if row["recommended"] == "true"} == {
        "000-clip",
        "001-zero123",
        "002-flan-t5",
        "003-pixel-art",
    }
    text = run("evaluate", ARTICLES, "--format", "markdown").stdout
    assert "## 000-clip: CLIP for an image archive" in text
    assert "| Rank | Option |" in text


FLAT = """\
format: mcda/scenario/1
id: {id}
criteria: {{p: {{direction: benefit, domain: [0, 9]}}}}
options: {{a: {{p: 1}}, b: {{p: 2}}}}
{more}
"""


def write(folder: Path, name: str, more: str = "", **values: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(FLAT.format(id=values.get("id", name), more=more))
    return path


def test_check(tmp_path: Path) -> None:
    write(tmp_path, "good", "expected: {recommended: b}")
    assert run("evaluate", str(tmp_path), "--check").returncode == 0
    write(tmp_path, "worse", "expected: {recommended: a}")
    done = run("evaluate", str(tmp_path), "--check")
    assert done.returncode == 1
    assert "worse.yaml:5:25: expected.recommended: expected a, recommended is b" in done.stderr
    assert run("evaluate", str(tmp_path)).returncode == 0


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "good")
    (tmp_path / "bad.yaml").write_text("format: mcda/scenario/1\nidd: x\n")
    done = run("evaluate", str(tmp_path), "--format", "json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert [each["scenario"] for each in data["decisions"]] == ["good"]
    assert "bad.yaml:2:6: idd: unknown key 'idd'" in data["failures"][0]["error"]
    assert "error: " in done.stderr


def test_a_bad_number_or_link_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "good")
    write(tmp_path, "large")
    (tmp_path / "large.yaml").write_text(
        FLAT.format(id="large", more="").replace("p: 1", "p: 9" + "9" * 400)
    )
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    done = run("evaluate", str(tmp_path), "--format", "json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert [each["scenario"] for each in data["decisions"]] == ["good"]
    assert len(data["failures"]) == 2
    assert "internal error" not in done.stderr


def test_long_names_fit_a_table(tmp_path: Path) -> None:
    long = "a very long name of an option " * 3
    (tmp_path / "s.yaml").write_text(
        FLAT.format(id="s", more="")
        .replace("a: {p: 1}", f"'{long}': {{p: 1}}")
        .replace("b: {p", f"'{long}b': {{p")
    )
    done = run("evaluate", str(tmp_path))
    table = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert table
    assert max(map(width_of, table)) <= 80


def test_the_same_input_gives_the_same_bytes() -> None:
    first = run("evaluate", ARTICLES, "--format", "json", PYTHONHASHSEED="1").stdout
    assert first == run("evaluate", ARTICLES, "--format", "json", PYTHONHASHSEED="2").stdout


def test_validating_a_model_takes_the_model_itself(tmp_path: Path) -> None:
    done = run("validate", "criteria/ai-sourcing/criteria.yaml", "--criteria", "ai-sourcing")
    assert done.returncode == 0


def test_a_terminal_without_chinese_shows_codes() -> None:
    done = run("evaluate", ARTICLES, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "\\u5bf9" in done.stdout


def test_examples_stand_on_lines_of_their_own() -> None:
    for command in ("evaluate", "validate", "compare"):
        text = run(command, "--help").stdout
        assert f"\n    mcda {command} " in text
        assert "\\b" not in text


def test_duplicate_ids_name_both_places(tmp_path: Path) -> None:
    write(tmp_path, "one", id="x")
    write(tmp_path, "two", id="x")
    done = run("evaluate", str(tmp_path))
    assert done.returncode == 1
    assert "two.yaml: the scenario id 'x' is used in" in done.stderr
    assert "one.yaml" in done.stderr


def test_nothing_found(tmp_path: Path) -> None:
    done = run("evaluate", str(tmp_path))
    assert done.returncode == 5
    assert "no scenario found" in done.stderr
    assert run("validate", str(tmp_path)).returncode == 5


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["evaluate"], 2, "Missing argument"),
        (["evaluate", "x.yaml", "--format", "xml"], 2, "'xml' is not one of"),
        (["evaluat"], 2, "No such command"),
        (["evaluate", "nowhere.yaml"], 1, "nowhere.yaml: there is no such file"),
        (["evaluate", "criteria/ai-sourcing/criteria.yaml"], 1, "this is a criteria document"),
        (["evaluate", ARTICLES, "--facts", "nope"], 1, "has no facts pack 'nope'"),
        (["evaluate", ARTICLES, "--criteria", "nope"], 1, "no criteria model 'nope' is shipped"),
    ],
)
def test_wrong_use(arguments: list[str], status: int, message: str) -> None:
    done = run(*arguments)
    assert done.returncode == status
    assert message in done.stderr


def test_a_folder_with_other_documents_is_fine() -> None:
    done = run("evaluate", "criteria", ARTICLES)
    assert done.returncode == 0
    assert "4 scenarios" in done.stdout


def test_validate() -> None:
    done = run("validate", "criteria", "scenarios")
    assert done.returncode == 0
    assert "ok: criteria/ai-sourcing/facts/article-world.yaml: facts article-world" in done.stdout


def test_validate_says_what_judgements_contradict(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "format: mcda/scenario/1\nid: s\n"
        "criteria: {p: {direction: cost}, q: {direction: cost}, r: {direction: cost}}\n"
        "options: {a: {p: 1, q: 1, r: 1}}\n"
        "weights: {judgements: {goal: {p vs q: 9, q vs r: 9, r vs p: 9}}}\n"
    )
    done = run("validate", str(tmp_path))
    assert done.returncode == 0
    assert "  - The judgements under the goal contradict each other" in done.stdout
    assert max(map(width_of, done.stdout.splitlines()[1:])) <= 80
    assert "  - “总目标”下的判断相互矛盾" in run("validate", str(tmp_path), "--lang", "zh").stdout


def test_validate_finds_what_evaluation_would(tmp_path: Path) -> None:
    model = tmp_path / "m.yaml"
    model.write_text(
        "format: mcda/criteria/1\nid: m\nfacts: {f: {}}\n"
        "measures: {g: f + h}\n"
        "criteria: {a: {direction: benefit, measure: g, domain: [0, 1]}}\n"
    )
    done = run("validate", str(model))
    assert done.returncode == 1
    assert "m.yaml:4:15: measures.g.formula: unknown name 'h'" in done.stderr
    assert done.stderr.splitlines()[1:] == ["    f + h", "        ^"]


def test_names_cannot_inject_formulas_into_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        FLAT.format(id="s", more="").replace("{a: {p", "{'=cmd()': {p").replace("b: {p", "'-b': {p")
    )
    done = run("evaluate", str(tmp_path), "--format", "csv")
    options = [row["option"] for row in csv.DictReader(io.StringIO(done.stdout))]
    assert options == ["'-b", "'=cmd()"]


def test_markdown_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(FLAT.format(id="'<b>|x'", more=""))
    done = run("evaluate", str(tmp_path), "--format", "markdown")
    assert "\\<b\\>\\|x" in done.stdout


def test_an_internal_error_has_its_own_status(tmp_path: Path) -> None:
    code = (
        "import sys, mcda.cli.evaluate as e, mcda.cli.main as m\n"
        "def boom(**k): raise RuntimeError('boom')\n"
        "e.run = boom\n"
        "sys.argv = ['mcda', 'evaluate', 'x']\n"
        "m.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert "internal error: RuntimeError: boom" in done.stderr


def test_on_a_terminal_it_is_styled() -> None:
    """In a real pseudo-terminal 80 columns wide."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals exist on POSIX systems only")
    import fcntl
    import struct
    import termios

    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
    environment: dict[str, Any] = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "mcda", "evaluate", f"{ARTICLES}/000-clip.yaml"],
        stdout=side,
        stderr=side,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment,
    )
    os.close(side)
    seen = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(main)
    assert process.wait() == 0
    assert b"\x1b[1" in seen
    assert b"0.9696" in seen


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_streams_that_the_caller_has_closed(tmp_path: Path, closed: str) -> None:
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "mcda", "bulk", ARTICLES, "-o", str(out), "--workers", "2"]
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("4 scenarios" in done.stdout) == (" >&-" not in f" {closed}")
    with out.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 4

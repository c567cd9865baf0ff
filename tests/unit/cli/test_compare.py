"""The questionnaire, run as a process with answers on its standard input."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.weighting.graph import next_comparison

ROOT = Path(__file__).resolve().parents[3]
SCENARIO = """\
# chosen by the board
format: mcda/scenario/1
id: van   # kept
criteria:
  price: {direction: cost, domain: [0, 10]}      # in kEUR
  range: {direction: benefit, domain: [0, 10]}
  load:  {direction: benefit, domain: [0, 10]}
options:
  a: {price: 2, range: 3, load: 4}
  b: {price: 6, range: 8, load: 7}
source:
  document: "a memo"
  phrases:
    - 'one'
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "van.yaml"
    path.write_text(SCENARIO)
    return path


def ask(file: Path, answers: str, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mcda", "compare", str(file), *arguments],
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        **how,
    )


def test_answers_are_saved_and_comments_stay(file: Path) -> None:
    done = ask(file, "3\n1/2\n4\n")
    assert done.returncode == 0, done.stderr
    text = file.read_text()
    assert text.startswith(SCENARIO)
    assert text[len(SCENARIO) :] == (
        "weights:\n  judgements:\n    goal:\n      price vs range: 3\n"
        "      range vs load: 1/2\n      price vs load: 4\n"
    )
    decision = mcda.evaluate(file)
    expected = mcda.ahp([[1, 3, 4], ["1/3", 1, "1/2"], ["1/4", 2, 1]])
    assert list(decision.weights.values()) == pytest.approx(expected.weights.tolist())
    assert f"consistency ratio {expected.consistency_ratio:.3f}" in done.stdout
    assert "3 answers saved" in done.stdout


def test_only_the_weights_are_written_anew(file: Path) -> None:
    """Comments and spaces stay, before, inside and behind."""
    before, behind = SCENARIO.split("source:")
    weights = "weights:   # mine\n  judgements:\n    goal:\n      price vs range: 3   # sure\n\n# where from\n"
    file.write_text(before + weights + "source:" + behind)
    ask(file, "2\n6\n")
    text = file.read_text()
    assert text.startswith(before + "weights:   # mine\n")
    assert text.endswith("# where from\nsource:" + behind)
    for part in ("price vs range: 3   # sure", "range vs load: 2", "price vs load: 6"):
        assert part in text
    assert mcda.evaluate(file).weights["price"] > 0.5


def test_only_what_is_missing_is_asked(file: Path) -> None:
    ask(file, "3\nq\n")
    done = ask(file, "2\n2\n")
    assert "price vs range:" not in done.stdout
    assert "price vs range: 3" in file.read_text()
    assert "All pairs are compared" in ask(file, "").stdout


def test_skip_back_and_nonsense(file: Path) -> None:
    done = ask(file, "3\nb\n5\n\nnonsense\n0\n2\n")
    assert (
        "a judgement is a number such as 3 or a fraction such as 1/3, not 'nonsense'" in done.stdout
    )
    text = file.read_text()
    assert "price vs range: 5" in text
    assert "range vs load" not in text
    assert "price vs load: 2" in text


def test_contradictions_are_told_at_once(file: Path) -> None:
    done = ask(file, "9\n9\n1/9\n")
    assert "The judgements under the goal contradict each other" in done.stdout
    assert "They go round in a circle: price > range > load > price." in done.stdout


def test_in_chinese(file: Path) -> None:
    done = ask(file, "9\n9\n1/9\n", "--lang", "zh")
    assert "一致性比率" in done.stdout
    assert "判断出现循环" in done.stdout


def test_judges(file: Path) -> None:
    ask(file, "3\n2\n6\n", "--judge", "cto")
    ask(file, "1\n1\n1\n", "--judge", "cfo")
    decision = mcda.evaluate(file)
    assert decision.group is not None
    assert [judge.name for judge in decision.group.judges] == ["cto", "cfo"]
    done = ask(file, "")
    assert done.returncode == 1
    assert "come from 'judges'. Name a judge with --judge" in done.stderr


def test_other_weights_are_not_overwritten(file: Path) -> None:
    file.write_text(SCENARIO + "weights: {direct: {price: 1, range: 1, load: 1}}\n")
    done = ask(file, "3\n")
    assert done.returncode == 1
    assert "come from 'direct'. Remove them to compare in pairs" in done.stderr


def test_interrupted_with_control_c(file: Path) -> None:
    process = started(file)
    answer_and_wait(process, file, b"3\n", "price vs range: 3")
    process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=30)
    assert process.returncode == 0, error
    assert b"1 answers saved" in output
    assert b"Traceback" not in error
    assert "price vs range: 3" in file.read_text()


def test_a_full_disk_loses_no_answer(file: Path) -> None:
    """Files may not grow beyond a few bytes: writing fails for real."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    before = file.read_text()
    done = ask(file, "3\n2\n6\n", preexec_fn=limit)
    assert done.returncode == 1
    assert file.read_text() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["van.yaml"]
    assert "not saved: File too large; will try again" in done.stderr
    assert "0 answers saved" in done.stdout
    for line in ("goal: price vs range: 3", "goal: range vs load: 2", "goal: price vs load: 6"):
        assert line in done.stderr


def started(file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "mcda", "compare", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def answer_and_wait(process: subprocess.Popen[bytes], file: Path, answer: bytes, sign: str) -> None:
    assert process.stdin is not None
    process.stdin.write(answer)
    process.stdin.flush()
    for _ in range(200):
        if file.exists() and sign in file.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(sign)


def test_what_others_change_meanwhile_is_kept(file: Path) -> None:
    process = started(file)
    answer_and_wait(process, file, b"3\n", "price vs range: 3")
    file.write_text(file.read_text().replace("# in kEUR", "# edited meanwhile"))
    answer_and_wait(process, file, b"2\n", "range vs load: 2")
    process.communicate(b"q\n", timeout=30)
    assert "# edited meanwhile" in file.read_text()
    assert "price vs range: 3" in file.read_text()


def test_a_file_deleted_meanwhile_is_not_made_again(file: Path) -> None:
    process = started(file)
    answer_and_wait(process, file, b"3\n", "price vs range: 3")
    file.unlink()
    _, error = process.communicate(b"2\nq\n", timeout=30)
    assert process.returncode == 1
    assert not file.exists()
    assert b"goal: range vs load: 2" in error


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ('"weights": {judgements: {goal: {price vs range: 2}}}\n', "would not be a valid scenario"),
        (
            "weights: { # why\n  judgements: {goal: {price vs range: 2}}}\n",
            "cannot be changed in place",
        ),
        (
            "weights:\n  judgements: {goal: {\nprice vs range: 2\n}}\n",
            "cannot be changed in place|not valid",
        ),
        ("...\n", "would not be a valid scenario|cannot be read"),
        ("weights: {judgements: {goal: {price vs rage: 2}}}\n", "unknown name 'rage'"),
    ],
)
def test_what_cannot_be_edited_is_left_alone(file: Path, weights: str, message: str) -> None:
    file.write_text(SCENARIO + weights)
    before = file.read_bytes()
    done = ask(file, "3\n3\n3\n")
    assert done.returncode == 1
    assert "internal error" not in done.stderr
    assert re.search(message, done.stderr + done.stdout)
    assert file.read_bytes() == before


def test_a_document_in_braces_is_left_alone(file: Path) -> None:
    file.write_text(
        "# mine\n{format: mcda/scenario/1, id: x, criteria: {a: {direction: cost}, b: {direction: cost}},"
        " options: {o: {a: 1, b: 1}}}\n"
    )
    before = file.read_bytes()
    assert ask(file, "3\n").returncode == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("nothing", ["", "null", "~", ".nan", "NaN", "''"])
def test_answers_not_given_are_asked(file: Path, nothing: str) -> None:
    said = "weights:\n  judgements:\n    goal:\n      price vs range: 2\n"
    file.write_text(f"{SCENARIO}{said}      price vs load: {nothing}\n")
    done = ask(file, "4\n5\n")
    assert done.returncode == 0
    assert "price vs range:" not in done.stdout
    assert "price vs load: 4" in file.read_text() or "price vs load: 5" in file.read_text()
    assert mcda.evaluate(file).consistency["goal"].missing == ()


def test_pairs_are_known_however_they_are_spaced(file: Path) -> None:
    file.write_text(SCENARIO + 'weights:\n  judgements:\n    goal:\n      "price  vs  range": 2\n')
    done = ask(file, "4\n5\n")
    assert "price vs range:" not in done.stdout
    assert done.returncode == 0
    mcda.evaluate(file)


@pytest.mark.parametrize("judge", ["", "a\nb", "x\u200by"])
def test_names_of_judges_are_checked(file: Path, judge: str) -> None:
    done = ask(file, "3\n", "--judge", judge)
    assert done.returncode == 1
    assert "the judge's name: " in done.stderr


def test_taking_the_only_answer_back_leaves_nothing(file: Path) -> None:
    done = ask(file, "3\nb\nq\n")
    assert "0 answers saved" in done.stdout
    assert "price vs range" not in file.read_text()


def test_windows_line_ends_stay(file: Path) -> None:
    file.write_bytes(SCENARIO.replace("\n", "\r\n").encode())
    ask(file, "3\n")
    data = file.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--node", "gaol"], 2, "no criterion 'gaol' with children. Did you mean 'goal'"),
        (["--root", "/nowhere/at/all"], 1, "does not exist"),
    ],
)
def test_wrong_use(file: Path, arguments: list[str], status: int, message: str) -> None:
    done = ask(file, "", *arguments)
    assert done.returncode == status
    assert message in done.stderr


def test_json_cannot_keep_comments(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"format": "mcda/scenario/1", "id": "x", "criteria": {"a": {"direction": "cost"}}, '
        '"options": {"o": {"a": 1}}}'
    )
    done = ask(path, "")
    assert done.returncode == 1
    assert "is not YAML" in done.stderr


def test_the_order_of_questions() -> None:
    """First what joins everything, then what is least certain."""
    import numpy as np

    known = np.eye(5, dtype=bool)
    asked = []
    while (pair := next_comparison(known, frozenset())) is not None:
        asked.append(pair)
        known[pair] = known[pair[::-1]] = True
    assert asked[:4] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert asked[4] == (0, 4)
    assert len(asked) == 10
    assert next_comparison(np.eye(3, dtype=bool), frozenset({(0, 1), (0, 2)})) == (1, 2)

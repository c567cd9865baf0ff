"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(marker: str) -> str:
    found = re.search(rf"<!-- {re.escape(marker)} -->\n```\w+\n(.*?)\n```", README, re.DOTALL)
    assert found, marker
    return found[1]


@pytest.mark.parametrize(
    ("marker", "command"),
    re.findall(r"<!-- ((?:output|beginning of|part of): (mcda .*?)) -->", README),
)
def test_the_output_shown_is_printed(marker: str, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    shown = block(marker)
    printed = done.stdout.strip()
    if marker.startswith("output"):
        assert shown == printed
    elif marker.startswith("beginning"):
        assert printed.startswith(shown)
    else:
        assert len(shown) > 500
        assert shown in printed


def test_the_two_commands_are_one_line_each() -> None:
    assert "mcda evaluate scenarios/articles" in block("run-command")
    assert "--require-hashes" in block("test-command")
    assert "\n" not in block("run-command") + block("test-command")


def example(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A page's Python example, run where the scenarios are at hand and files may be written."""
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for name in ("scenarios", "criteria"):
        (folder / name).symlink_to(ROOT / name)
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


def test_the_python_example_runs(tmp_path: Path) -> None:
    done = example(ROOT / "README.md", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hybrid clear\n")


@pytest.mark.parametrize("page", ["weigh", "explain", "sensitivity", "report"])
def test_the_python_example_of_the_how_to_runs(page: str, tmp_path: Path) -> None:
    done = example(ROOT / "docs" / "how-to" / f"{page}.md", tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_scenario_in_the_documentation_is_valid(tmp_path: Path) -> None:
    import mcda

    text = (ROOT / "docs" / "reference" / "files.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "laptop.yaml"
    path.write_text(example)
    assert mcda.evaluate(path).recommended == "b"

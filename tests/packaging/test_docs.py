"""What the pages of docs show is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAIRS = re.compile(r"```(\w+)\n(.*?)```(?:\n\n```(text|yaml)\n(.*?)```)?", re.DOTALL)


def pairs(page: str, language: str) -> list[tuple[str, str | None]]:
    """Blocks in a language, each with the output shown right after it."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        (code, shown or None) for kind, code, _, shown in PAIRS.findall(text) if kind == language
    ]


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("how-to/migrate.md", 5),
        ("how-to/frames.md", 6),
        ("how-to/bulk.md", 1),
        ("how-to/facts.md", 1),
        ("how-to/distributed.md", 1),
        ("how-to/portfolio.md", 1),
    ],
)
def test_python_prints_what_is_shown(
    page: str, blocks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pairs(page, "python")
    assert len(found) == blocks
    names: dict[str, Any] = {}
    monkeypatch.chdir(DOCS.parent)
    for code, shown in found:
        printed = StringIO()
        with warnings.catch_warnings(), redirect_stdout(printed):
            warnings.simplefilter("ignore")  # scikit-criteria warns on import
            exec(code, names)
        assert printed.getvalue().rstrip() == (shown or "").rstrip()


def in_shell(code: str, scripts: Path, folder: Path) -> str:
    """What a command prints where `mcda` is this one."""
    scripts.mkdir(exist_ok=True)
    command = scripts / "mcda"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mcda "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "PYTHONPATH": str(DOCS.parent),
    }
    done = subprocess.run(
        ["sh", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("page", "blocks"), [("how-to/facts.md", 2), ("how-to/portfolio.md", 1)])
def test_commands_print_what_is_shown(page: str, blocks: int, tmp_path: Path) -> None:
    found = pairs(page, "sh")
    assert len(found) == blocks
    for code, shown in found:
        assert shown is not None
        assert in_shell(code, tmp_path / "bin", DOCS.parent) == shown.strip()


def test_the_tutorial_says_what_happens(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    found = pairs("tutorial/first-decision.md", "sh")
    assert len(found) == 5
    for code, shown in found:
        assert shown is not None
        assert in_shell(code, tmp_path / "bin", folder) == shown.strip()
        if "mcda init" in code:
            text = (DOCS / "tutorial/first-decision.md").read_text(encoding="utf-8")
            [written] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
            assert (folder / "laptop.yaml").read_text(encoding="utf-8") == written

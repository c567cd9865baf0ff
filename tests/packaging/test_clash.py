"""Another distribution that imports under the same name is named, whoever was installed last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mcda import _clash

ROOT = Path(__file__).resolve().parents[2]


def recorded(site: Path, name: str, release: str, *files: str) -> None:
    """What a wheel of these files leaves behind, but for the files that are there already."""
    folder = site / f"{name.replace('-', '_')}-{release}.dist-info"
    folder.mkdir()
    folder.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {release}\n", encoding="utf-8"
    )
    folder.joinpath("RECORD").write_text(
        "".join(f"{each},,\n" for each in files) + f"{folder.name}/RECORD,,\n", encoding="utf-8"
    )
    for each in files:
        if not (site / each).exists():
            (site / each).parent.mkdir(exist_ok=True)
            (site / each).write_text('"""Theirs."""\n', encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    shutil.copytree(
        ROOT / "mcda", site / "mcda", ignore=shutil.ignore_patterns("__pycache__", "_catalog")
    )
    recorded(site, "mcda-engine", "0.1.0", "mcda/__init__.py", "mcda/errors.py")
    recorded(site, "mcda-core", "0.3.1", "mcda_core/__init__.py")
    recorded(site, "numpy-like", "1.0", "numpy_like/__init__.py")
    return site


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True, text=True, check=False, cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
    )  # fmt: skip


def test_alone_it_says_nothing(site: Path) -> None:
    assert run(site, "-W", "error", "-c", "import mcda; mcda.topsis").returncode == 0
    done = run(site, "-m", "mcda", "--version")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("mcda", ["mcda/__init__.py", "mcda/matrices.py", "mcda/internal/core.py"]),
        ("mcda", ["mcda/__init__.py"]),  # every file of theirs was overwritten
        ("decisions", ["mcda/__init__.py", "mcda/matrices.py"]),
    ],
)
def test_the_other_is_named(site: Path, name: str, files: list[str]) -> None:
    recorded(site, name, "1.1.0", *files)
    for arguments in (["-c", "import mcda; print(mcda.topsis)"], ["-m", "mcda", "--version"]):
        done = run(site, *arguments)
        assert done.returncode == 0, done.stderr
        assert f"RuntimeWarning: mcda-engine and {name} 1.1.0 both own files" in done.stderr
        assert "uninstall both here, then install mcda-engine again." in done.stderr
    assert run(site, "-W", "error", "-c", "import mcda").returncode == 1


def test_where_the_other_came_last_the_command_stops(site: Path) -> None:
    recorded(site, "mcda", "1.1.0", "mcda/__init__.py", "mcda/matrices.py")
    (site / "mcda" / "__init__.py").write_text('__version__ = "1.1.0"\n', encoding="utf-8")
    done = run(site, "-m", "mcda", "evaluate", "s.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("error: mcda-engine and mcda 1.1.0 both own files")
    assert "Traceback" not in done.stderr


def test_files_without_an_owner_are_no_distribution(site: Path) -> None:
    (site / "mcda" / "scratch.py").touch()
    (site / "broken-1.0.dist-info").mkdir()
    assert _clash.other_owners(str(site / "mcda")) == []
    assert _clash.other_owners(str(site / "nowhere.zip" / "mcda")) == []


def test_the_list_of_own_files_is_whole() -> None:
    there = {each.name for each in (ROOT / "mcda").iterdir()}
    assert there | {"_catalog", "__pycache__"} == _clash.OURS

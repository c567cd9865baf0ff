"""What is installed: a wheel and an editable checkout both find the shipped data."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = (
    "import mcda, json; from mcda.files import catalog; "
    "print(json.dumps([mcda.__file__, str(catalog.folder('criteria')), "
    "str(catalog.folder('scenarios')), mcda.load_criteria('ai-sourcing').id]))"
)
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def environment(**more: str) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return {**clean, **more}


def probe(python: str, folder: Path, **more: str) -> list[str]:
    import json

    done = subprocess.run(
        [python, "-c", PROBE],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=environment(**more),
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)],
        check=True,
        env=environment(),
        cwd=folder,
    )
    return next(folder.glob("mcda_engine-*.whl"))


def test_wheel_has_code_types_and_data_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "mcda/py.typed" in names
    assert "mcda/reports/page/page.css" in names
    assert "mcda/_catalog/criteria/ai-sourcing/criteria.yaml" in names
    assert "mcda/_catalog/criteria/ai-sourcing/facts/article-world.yaml" in names
    assert sum(name.startswith("mcda/_catalog/scenarios/articles/") for name in names) == 4
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"mcda"}


def test_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    subprocess.run(
        [*PIP, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)],
        check=True,
        env=environment(),
    )
    home, criteria, scenarios, model = probe(sys.executable, tmp_path, PYTHONPATH=str(target))
    assert Path(home).is_relative_to(target)
    assert Path(criteria) == target / "mcda" / "_catalog" / "criteria"
    assert Path(scenarios) == target / "mcda" / "_catalog" / "scenarios"
    assert model == "ai-sourcing"


def test_editable_install(tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = str(home / "bin" / "python")
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    # the dependencies and the build backend are those of this environment
    outside = [sysconfig.get_path("purelib"), *site.getsitepackages()]
    (packages / "outside.pth").write_text("\n".join(dict.fromkeys(outside)))
    subprocess.run(
        [
            python,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "--ignore-installed",
            "-e",
            str(ROOT),
        ],
        check=True,
        env=environment(),
        cwd=tmp_path,
    )
    assert list(packages.glob("*mcda_engine*"))
    where, criteria, scenarios, model = probe(python, tmp_path)
    assert Path(where) == ROOT / "mcda" / "__init__.py"
    assert (Path(criteria), Path(scenarios)) == (ROOT / "criteria", ROOT / "scenarios")
    assert model == "ai-sourcing"


def test_requirements_name_no_index() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("--")]
    assert sum("--hash=sha256:" in line for line in lines) > 50

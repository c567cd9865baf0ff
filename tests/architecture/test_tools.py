"""The tools that watch over the code, and promises about its shape."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str, *arguments: str) -> None:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or name
    done = subprocess.run(
        [found, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy", "--cache-dir=/dev/null"),
        ("lint-imports", "--no-cache"),
    ],
    ids=["ruff check", "ruff format", "mypy", "import contracts"],
)
def test_tool(command: tuple[str, ...]) -> None:
    tool(*command)


def test_importing_mcda_loads_nothing_heavy() -> None:
    heavy = ["numpy", "pydantic", "networkx", "yaml", "rich", "click", "pymcdm", "scipy"]
    code = f"import sys, mcda; dir(mcda); print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['mcda', '--help']\nfrom mcda.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([n for n in ('numpy', 'pydantic', 'rich', 'yaml') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_public_name_resolves() -> None:
    import mcda

    assert all(getattr(mcda, name) is not None for name in mcda.__all__)
    assert set(mcda.__all__) <= set(dir(mcda))
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = mcda.nope


def test_the_engine_knows_no_domain_words() -> None:
    words = ("gpt", "api key", "sourcing", "clip-vit", "licence", "hybrid", "open model")
    for path in (ROOT / "mcda").rglob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in words if word in text], path


def test_numbers_of_different_rows_are_different_types(tmp_path: Path) -> None:
    """Of a table's rows, of rows of options and of scenarios: each pair that is mixed up."""
    kinds = ("FrameRow", "OptionRow", "ScenarioAt")
    lines = [
        "from mcda.bulk.rows import OptionRow, ScenarioAt",
        "from mcda.frames.reading import FrameRow",
    ]
    lines += [f"def needs_{kind}(number: {kind}) -> None: ..." for kind in kinds]
    lines += [f"needs_{wanted}({given}(0))" for wanted in kinds for given in kinds]
    snippet = tmp_path / "snippet.py"
    snippet.write_text("\n".join(lines), encoding="utf-8")
    found = shutil.which("mypy", path=str(Path(sys.executable).parent)) or "mypy"
    done = subprocess.run(
        [found, "--cache-dir=/dev/null", "--follow-imports=silent", str(snippet)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    expected = [
        f'Argument 1 to "needs_{wanted}" has incompatible type "{given}"; expected "{wanted}"'
        for wanted in kinds
        for given in kinds
        if wanted != given
    ]
    assert [line.split(": error: ")[1].split("  [")[0] for line in errors] == expected, done.stderr

"""`mcda explain` as people run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from mcda.reports.blocks import width_of
from tests.unit.cli.test_cli import ROOT, run

CLIP = "scenarios/articles/000-clip.yaml"
NOTHING = """\
format: mcda/scenario/1
id: nothing
criteria: {x: {direction: benefit, domain: [0, 9]}}
options: {a: {x: 1}, b: {x: 2}}
constraints: {high: {rule: x > 5, because: {en: Too low., zh: 太低。}}}
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("against", [None, "api", "anti-ideal"])
def test_text_fits_80_columns(lang: str, against: str | None) -> None:
    extra = [] if against is None else ["--against", against]
    done = run("explain", CLIP, "--lang", lang, *extra)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(width_of(line) for line in done.stdout.splitlines()) <= 80


def test_text_says_what_a_reader_needs() -> None:
    said = " ".join(run("explain", CLIP).stdout.split())
    for part in (
        "hybrid (Hybrid of open model and API) is recommended",
        "The strongest reason for hybrid is Performance",
        "Against hybrid speaks Budget",
        "The verdict is clear",
        "What earns the lead",
        "Facts behind it",
        "Performance → Team capability",
        "If the situation changes by one step",
        "Shapley",
    ):
        assert part in said


def test_the_same_bytes_each_time() -> None:
    for form in ("json", "svg"):
        runs = {
            run("explain", CLIP, "--format", form, PYTHONHASHSEED=seed).stdout
            for seed in ("1", "2")
        }
        assert len(runs) == 1


def test_json_is_complete_and_in_the_language() -> None:
    data = json.loads(run("explain", CLIP, "--format", "json", "--lang", "zh").stdout)
    assert data["format"] == "mcda/explanation/1"
    assert data["option"] == "hybrid"
    assert sum(data["contributions"].values()) == pytest.approx(data["margin"], abs=1e-12)
    assert data["sentences"][0].startswith("推荐 hybrid")
    assert [each["from"] for each in data["influences"]] == ["budget", "core_ness", "performance"]


def test_graphml_can_be_read() -> None:
    graph = nx.parse_graphml(run("explain", CLIP, "--format", "graphml").stdout)
    flows = [edge["flow"] for *_, edge in graph.in_edges("goal", data=True)]
    assert sum(flows) == pytest.approx(graph.graph["margin"], abs=1e-12)


def test_svg_is_xml() -> None:
    root = ElementTree.fromstring(run("explain", CLIP, "--format", "svg", "--lang", "zh").stdout)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_mermaid_and_dot() -> None:
    assert run("explain", CLIP, "--format", "mermaid").stdout.startswith("flowchart LR\n")
    assert run("explain", CLIP, "--format", "dot").stdout.startswith("digraph explanation {\n")


def test_markdown() -> None:
    said = run("explain", CLIP, "--format", "markdown").stdout
    assert said.startswith("## 000-clip")
    assert "| Criterion | hybrid | open | Earns |" in said


def test_where_nothing_is_eligible(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text(NOTHING, encoding="utf-8")
    done = run("explain", str(path))
    assert done.returncode == 0
    assert "no eligible option" in done.stdout
    assert "a by high: Too low." in done.stdout
    done = run("explain", str(path), "--format", "svg")
    assert done.returncode == 1
    assert "nothing is recommended, every option is excluded (a by high; b by high)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((CLIP, "--against", "opne"), 1, "there is no option 'opne'. Did you mean 'open'"),
        ((CLIP, "--against", "hybrid"), 1, "'hybrid' leads the ranking itself"),
        (("criteria/ai-sourcing/criteria.yaml",), 1, "this is a criteria document, not a scenario"),
        (("nowhere.yaml",), 1, "nowhere.yaml"),
        (("scenarios",), 1, "scenarios"),
        ((CLIP, "--format", "png"), 2, "Invalid value for '--format'"),
    ],
)
def test_refused(arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run("explain", *arguments)
    assert done.returncode == status
    assert message in done.stderr
    assert "internal error" not in done.stderr


def test_evaluate_loads_no_graph_library() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from mcda.cli.main import cli; "
        f"CliRunner().invoke(cli, ['evaluate', {CLIP!r}]); print('networkx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "False"

"""An editor's language server, offline, sees in documents what the reader sees.

It runs where ``npm install --prefix tests/editor`` has been run; see docs/contributing.md.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcda.files.catalog import criteria_file
from mcda.files.loader import Loader
from mcda.files.narrowing import scenario_schema
from mcda.files.schema import document_schema, dumped
from tests.corpus import BAD, GOOD, MODELLED, SCENARIO, text_of
from tests.editor.client import Editor
from tests.unit.files.test_schema import SHIPPED, lines_of_reader

HERE = Path(__file__).resolve().parent
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        not SERVER.is_file(), reason="no server: run npm install --prefix tests/editor"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas, as somebody would set it up."""
    folder = tmp_path_factory.mktemp("work")
    for kind in ("scenario", "criteria", "facts"):
        (folder / f"{kind}.json").write_text(dumped(document_schema(kind)), encoding="utf-8")
    loader = Loader()
    model = loader.criteria("ai-sourcing")
    narrowed = scenario_schema(
        model,
        loader.pack("article-world", model),
        "zh",
        reference="ai-sourcing",
        pack_reference="article-world",
    )
    (folder / "narrowed.json").write_text(dumped(narrowed), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    assert NODE is not None
    editor = Editor([NODE, str(SERVER), "--stdio"], folder)
    yield editor
    editor.close()


def modeline(schema: str) -> str:
    return f"# yaml-language-server: $schema={schema}.json\n"


def with_modeline(text: str) -> str:
    kind = text.split("mcda/")[1].split("/")[0]
    return modeline(kind) + text


def lines(found: list[dict[str, Any]]) -> set[int]:
    return {each["range"]["start"]["line"] + 1 for each in found}


@pytest.fixture(scope="module")
def underlined(editor: Editor, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What the server finds in every document of the corpus, all open at once."""
    cases = {**GOOD, **BAD}
    texts = [(folder / "x.yaml", with_modeline(text_of(case))) for case in cases.values()]
    return dict(zip(cases, editor.all_diagnostics(texts), strict=True))


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_underlined(underlined: dict[str, list[dict[str, Any]]], name: str) -> None:
    assert underlined[name] == []


#: The server does not look at keys without a value inside braces.
OVERLOOKED = {"no space after the colon"}


@pytest.mark.parametrize("name", BAD)
def test_the_same_lines_are_underlined(
    underlined: dict[str, list[dict[str, Any]]], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(with_modeline(text_of(BAD[name])), encoding="utf-8")
    expected = lines_of_reader(path)
    assert expected
    assert lines(underlined[name]) == (set() if name in OVERLOOKED else expected)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_documents(editor: Editor, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert editor.diagnostics(path, text) == []
    # the modeline leads to a schema: a mistake is found
    assert editor.diagnostics(path, text + "nonsense: 1\n") != []


HEAD = "format: mcda/scenario/1\nid: x\n"
METHOD = HEAD + "criteria: ai-sourcing\nmethod:\n"
PROFILE = HEAD + "criteria: ai-sourcing\nprofile:\n"
OPTION = HEAD + "criteria: ai-sourcing\noptions:\n  a:\n"
JUDGEMENTS = HEAD + "criteria: ai-sourcing\nweights:\n  judgements:\n"
KEYS = {
    *("id", "title", "description", "source", "decision_date", "criteria", "facts", "profile"),
    *("options", "influences", "weights", "method", "constraints", "expected", "format"),
}
DIMENSIONS = {"team_capability", "budget", "data_security", "core_ness", "performance"}


@pytest.mark.parametrize(
    ("schema", "text", "wanted"),
    [
        ("scenario", "|\n", KEYS),
        ("scenario", HEAD + "|\n", KEYS - {"format", "id"}),
        ("scenario", "format: |\n", {"mcda/scenario/1"}),
        ("scenario", OPTION + "    |\n", {"title", "from", "facts", "parts", "instead"}),
        ("scenario", OPTION + "    title: A\n    |\n", {"from", "facts", "parts", "instead"}),
        (
            "scenario",
            METHOD + "  |\n",
            {"priorities", "normalization", "weighting", "dependencies"},
        ),
        ("scenario", METHOD + "  weighting: |\n", {"hierarchical", "classic", "linear"}),
        (
            "scenario",
            METHOD + "  normalization: |\n",
            {"domain", "vector", "minmax", "max", "sum", "none", "null"},
        ),
        (
            "scenario",
            HEAD + "criteria:\n  price:\n    direction: |\n",
            {"benefit", "cost", "1", "-1", "null"},
        ),
        (
            "criteria",
            "format: mcda/criteria/1\nid: x\nprofile:\n  team:\n    type: |\n",
            {"number", "boolean", "choice"},
        ),
        (
            "facts",
            "format: mcda/facts/1\nid: x\noptions:\n  a:\n    |\n",
            {"title", "source", "as_of", "facts", "counterpart", "instead"},
        ),
        (
            "narrowed",
            PROFILE + "  |\n",
            {
                *("team", "budget", "data_security", "core_ness", "performance", "volume"),
                *("urgency", "sigma", "can_hire_or_partner", "egress_forbidden"),
                *("minimum_quality", "upfront_cash", "latency_limit"),
                *("task", "country", "commercial_use", "revenue"),
            },
        ),
        ("narrowed", PROFILE + "  team: |\n", {"0", "1", "2", "3", "4", "null"}),
        ("narrowed", PROFILE + "  egress_forbidden: |\n", {"true", "false", "null"}),
        ("narrowed", HEAD + "criteria: |\n", {"ai-sourcing"}),
        ("narrowed", OPTION + "    parts:\n      |\n", {"own", "bought"}),
        ("narrowed", JUDGEMENTS + "    |\n", {"goal", *DIMENSIONS}),
        (
            "narrowed",
            JUDGEMENTS + "    goal:\n      |\n",
            {f"{a} vs {b}" for a in DIMENSIONS for b in DIMENSIONS if a != b},
        ),
        (
            "narrowed",
            HEAD + "expected:\n  excluded:\n    a: |\n",
            {
                *("task", "sold", "country", "licence", "egress", "quality", "staffing"),
                *("upfront_cash", "divisible", "latency"),
            },
        ),
    ],
)
def test_what_is_offered(
    editor: Editor, folder: Path, schema: str, text: str, wanted: set[str]
) -> None:
    found = editor.completions(folder / "x.yaml", modeline(schema) + text)
    # snippets that begin a record are named by its type
    assert set(found) - {"object"} == wanted
    assert len(found) == len(set(found))


def test_options_of_the_pack_are_offered(editor: Editor, folder: Path) -> None:
    text = modeline("narrowed") + OPTION + "    from: |\n"
    found = editor.completions(folder / "x.yaml", text)
    assert {"flan-t5-small", "gpt-4", "hybrid"} <= set(found)


def test_a_model_is_known_by_name(editor: Editor, folder: Path) -> None:
    """Mistakes that only a schema narrowed to the model can find."""
    for old, new in (
        ("team: 3", "teem: 3"),
        ("team: 3", "team: 5"),
        ("team: 3", "team: high"),
        ("egress_forbidden: false", "egress_forbidden: 0"),
        ("from: gpt-4", "from: gpt4"),
        ("own: open", "ours: open"),
        ("latency_p95: {", "latency_p59: {"),
        ("{value: 20,", "{value: -20,"),
        ("budget vs performance: 1 / 3", "budget vs performanse: 1 / 3"),
        ("budget vs performance: 1 / 3", "budget vs budget: 1 / 3"),
        ("goal: {budget vs performance: 1 / 3}", "gaol: {budget vs performance: 1 / 3}"),
        ("{id: fast,", "{id: fast, if: x,"),
    ):
        assert old in MODELLED
        text = modeline("narrowed") + MODELLED.replace(old, new)
        path = folder / "x.yaml"
        path.write_text(text, encoding="utf-8")
        expected = lines_of_reader(path)
        path.unlink()
        assert expected
        assert lines(editor.diagnostics(path, text)) == expected, new
    assert editor.diagnostics(folder / "x.yaml", modeline("narrowed") + MODELLED) == []


@pytest.mark.parametrize("name", ["000-clip", "001-zero123", "002-flan-t5", "003-pixel-art"])
def test_articles_suit_the_narrowed_schema(editor: Editor, folder: Path, name: str) -> None:
    path = next(each for each in SHIPPED if each.stem == name)
    text = path.read_text(encoding="utf-8").split("\n", 1)[1]
    assert editor.diagnostics(folder / "x.yaml", modeline("narrowed") + text) == []


def test_hovering(editor: Editor, folder: Path) -> None:
    path = folder / "x.yaml"
    text = modeline("scenario") + SCENARIO.replace("share:", "sha|re:")
    assert "really belongs to" in editor.hover(path, text)
    text = modeline("narrowed") + MODELLED.replace("  team:", "  te|am:")
    assert "\u56e2\u961f\u6280\u672f\u5b9e\u529b" in editor.hover(path, text)
    assert "3 = \u6709\u80fd\u5fae\u8c03" in editor.hover(path, text)


def test_the_catalogue_is_where_the_modelines_lead() -> None:
    found = criteria_file("ai-sourcing")
    assert found is not None
    first = found.read_text(encoding="utf-8").splitlines()[0]
    target = first.split("$schema=")[1]
    assert Path(os.path.normpath(found.parent / target)).is_file()

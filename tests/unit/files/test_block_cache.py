"""Blocks of text that scenarios share are read once, and say what the exact reader says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mcda.errors import DocumentError
from mcda.files import block_cache
from mcda.files.block_cache import Reader
from mcda.files.catalog import folder
from mcda.files.loader import Loader, document_of, line_source, read_document
from mcda.model.documents import Document
from mcda.model.scenario import Scenario
from tests import corpus

SHIPPED = sorted((folder("scenarios") or Path()).rglob("*.yaml"))


def same(reader: Reader, path: Path) -> None:
    exact, read = said(read_document, path), said(reader.read, path)
    assert read == exact
    assert repr(read) == repr(exact)
    if not isinstance(read, str) and not isinstance(exact, str):
        assert read.model_fields_set == exact.model_fields_set
        assert read.origin is not None
        assert read.origin.path == str(path)


def said(read: Callable[..., Document], *given: Any) -> Document | str:
    try:
        return read(*given)
    except DocumentError as error:
        return str(error)


def test_shipped_documents_twice() -> None:
    reader = Reader()
    models = sorted((folder("criteria") or Path()).rglob("*.yaml"))
    for path in [*SHIPPED, *models, *SHIPPED]:
        same(reader, path)


def test_the_corpus_with_its_mistakes(tmp_path: Path) -> None:
    """Each bad document after the good ones it resembles, whose blocks are known by then."""
    reader = Reader()
    texts = [value for value in vars(corpus).values() if isinstance(value, str)]
    texts += [text for text in _all_texts(vars(corpus)) if "\n" in text]
    assert len(texts) > 50
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        same(reader, path)


def _all_texts(values: dict[str, object]) -> list[str]:
    found: list[str] = []
    stack: list[object] = [each for name, each in values.items() if name.isupper()]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, dict):
            stack.extend([*each, *each.values()])
        elif isinstance(each, (list, tuple)):
            stack.extend(each)
    return found


SCENARIO = """format: mcda/scenario/1
id: s
title: A title
criteria: ai-sourcing
facts: article-world
options:
  open: {from: flan-t5-small}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A title\n", 'title: "A\ncriteria: x"\n'),
        ("title: A title\n", 'title: {en: "A\n'),
        ("title: A title\n", "title: |\n  A\n\n"),
        ("title: A title\n", "title: |+\n  A\n\n"),
        ("title: A title\n", "title: >-\n  A\n  b\n"),
        ("title: A title\n", "title: A\n  title\n"),
        ("title: A title\n", "title:\n  en: A # no\n  zh: b\n"),
        ("title: A title\n", "title: &a A\ndescription: *a\n"),
        ("title: A title\n", "title: !!str A\n"),
        ("title: A title\n", "title: A\ntitle: A\n"),
        ("title: A title\n", "title: {en: A, en: B}\n"),
        ("title: A title\n", "title:\n  en: A\n  en: B\n"),
        ("title: A title\n", "title:A\n"),
        ("title: A title\n", "title: A: B\n"),
        ("title: A title\n", "titel: A\n"),
        ("title: A title\n", "title:\n\ten: A\n"),
        ("title: A title\n", "title:\n"),
        ("title: A title\n", "title: A\n---\n"),
        ("title: A title\n", "? title\n: A\n"),
        ("title: A title\n", "'title': A\n"),
        ("title: A title\n", "title: 12\n"),
        ("title: A title\n", "title: A\rdescription: B\n"),
        ("title: A title\n", "title: A\x85description: B\n"),
        ("title: A title\n", "title: A\x07\n"),
        ("title: A title\n", "title: A\u2028description: B\n"),
        ("title: A title\n", "title: A\ufeff\n"),
        ("format: mcda/scenario/1", "format: mcda/scenario/2"),
        ("format: mcda/scenario/1\n", ""),
        ("format: mcda/scenario/1", "{format: mcda/scenario/1}"),
        ("id: s", "id: 1"),
        ("id: s", "id: no"),
        ("id: s", "id:\n  - s"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n  budget: 1.5\n"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n  team: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n   budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n    and more\n"),
        ("id: s\n", "id: s\nprofile:\n  team: .inf\n"),
        ("id: s\n", "id: s\nprofile:\n  team:\n  budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: null\n  budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: true\n  budget: some\n  urgency: -0.0\n"),
        ("id: s\n", "id: s\nprofile:\n    team: 3\n    budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n  team: 3\n\n  # no\n  budget: 2\n"),
        ("id: s\n", "id: s\nprofile:\n"),
        ("id: s\n", "id: s\nprofile: {team: 3}\n"),
        ("id: s\n", "id: s\nsource:\n  document: a\n  phrases:\n    - null\n    - 3\n"),
        ("id: s\n", f"id: s\nprofile:\n  {'team' * 300}: 3\n"),
        ("criteria: ai-sourcing", "criteria: {a: {direction: cost}}"),
        ("criteria: ai-sourcing\nfacts: article-world\n", "criteria: {a: {direction: cost}}\n"),
        ("criteria: ai-sourcing\n", ""),
        ("options:\n  open: {from: flan-t5-small}", "options: {}"),
        ("id: s\n", "id: s\nprofile:\n  team: 0x1F\n  budget: 1e400\n"),
        ("id: s\n", "id: s\nsource:\n  document: a\n  phrases:\n    - b\n    - 3\n"),
        ("id: s\n", "id: s\nsource:\n  document: a\n  phrases:\n  - b\n  - c\n"),
        ("id: s\n", "id: s\nsource:\n  document: a\n  phrases:\n    - b\n    c: d\n"),
        ("  open:", "\n\n  # a comment\n  open:"),
        ("{from: flan-t5-small}\n", "{from: flan-t5-small}"),
        ("{from: flan-t5-small}\n", "{from: flan-t5-small\n"),
        ("{from: flan-t5-small}\n", "{from: flan-t5-small,\n}\n"),
    ],
)
def test_a_change_among_known_blocks(tmp_path: Path, old: str, new: str) -> None:
    reader = Reader()
    for number, text in enumerate([SCENARIO, SCENARIO.replace(old, new, 1)] * 2):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(text.encode())
        same(reader, path)


def test_an_unclosed_quotation_that_a_known_block_would_close(tmp_path: Path) -> None:
    """The blocks `description` and `id` are known, and alone `title` swallows what is not."""
    reader = Reader()
    first = SCENARIO.replace("title: A title\n", 'title: x\ndescription: y"\n')
    second = SCENARIO.replace("title: A title\n", 'title: "x\ndescription: y"\n')
    for number, text in enumerate((first, second)):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        same(reader, path)


def test_kept_blocks_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_cache, "_KEPT", 300)
    reader = Reader()
    for number in range(20):
        path = tmp_path / f"{number}.yaml"
        path.write_text(SCENARIO.replace("A title", f"Title {number}"), encoding="utf-8")
        same(reader, path)
        assert sum(map(len, reader._kept)) <= 300


def test_scenarios_share_what_they_share(tmp_path: Path) -> None:
    reader = Reader()
    read = []
    for name in "ab":
        path = tmp_path / f"{name}.yaml"
        path.write_text(SCENARIO.replace("id: s", f"id: {name}"), encoding="utf-8")
        found = reader.read(path)
        assert isinstance(found, Scenario)
        read.append(found)
    assert read[0].options["open"] is read[1].options["open"]
    assert [each.id for each in read] == ["a", "b"]


def test_a_profile_beside_criteria_of_its_own(tmp_path: Path) -> None:
    """Each is fine by itself, and known by then; together they are refused."""
    reader = Reader()
    own = SCENARIO.replace("facts: article-world\n", "").replace(
        "ai-sourcing", "{a: {direction: cost}}"
    )
    profile = "profile:\n  team: 3\n"
    for number, text in enumerate((own, SCENARIO + profile, own + profile)):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        same(reader, path)
    assert isinstance(said(reader.read, path), str)


def test_nothing_but_profile_and_facts_depends_on_another_key() -> None:
    """Keys are validated one by one: another check of several at once must stand there too."""
    checks = Scenario.__pydantic_decorators__
    assert set(checks.field_validators) == {"_of_a_model"}
    assert set(checks.field_validators["_of_a_model"].info.fields) == {"facts", "profile"}
    assert not checks.model_validators
    assert not checks.root_validators


def test_a_line_of_nested_keys_too_deep(tmp_path: Path) -> None:
    """Deeper than is allowed for a moment only."""
    deep = "".join(f"{' ' * n}a:\n" for n in range(1, 70)) + f"{' ' * 70}b: c\n d: e\n"
    path = tmp_path / "deep.yaml"
    path.write_text(SCENARIO.replace("title: A title\n", f"title:\n{deep}"), encoding="utf-8")
    assert "deep" in str(said(read_document, path))
    same(Reader(), path)


LINE = {
    "format": "mcda/scenario/1",
    "id": "s",
    "title": {"en": "A title", "zh": "标题"},
    "criteria": "ai-sourcing",
    "facts": "article-world",
    "profile": {"team": 3, "budget": 1.5, "task": "text"},
    "options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": 1}}},
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "other"},
        {"id": 1},
        {"id": ""},
        {"format": "mcda/scenario/2"},
        {"format": 1},
        {"title": {"zh": "标题", "en": "A title"}},
        {"title": {"en": "e\u0301"}},
        {"title": None},
        {"title": 3},
        {"titel": "A title"},
        {"profile": {"team": True, "budget": None}},
        {"profile": {"team": "3"}},
        {"profile": {"team": []}},
        {"profile": {"e\u0301": 1}},
        {"profile": None},
        {"criteria": {"a": {"direction": "cost"}}},
        {"criteria": None},
        {"options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": 1.0}}}},
        {"options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": True}}}},
        {"options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": "1"}}}},
        {"options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": None}}}},
        {"options": {"open": {"from": "flan-t5-small", "facts": {"license_fee": float("nan")}}}},
        {"options": {}},
        {"decision_date": "2025-07-26"},
        {"decision_date": "2025-07-32"},
        {"expected": {"recommended": None, "verdict": ["tie", "clear"]}},
    ],
)
def test_lines_of_json_after_others_that_are_like_them(changes: dict[str, Any]) -> None:
    reader = Reader()
    for data in [LINE, {**LINE, **changes}] * 2:
        line = json.dumps(data).encode()
        exact = said(lambda text: document_of(line_source("a.jsonl", 3, text)), line)
        read = said(reader.line, "a.jsonl", 3, line)
        assert read == exact
        assert repr(read) == repr(exact)
        if isinstance(read, str) or isinstance(exact, str):
            continue
        assert read.model_fields_set == exact.model_fields_set
        assert read.origin is not None
        assert read.origin.path == "a.jsonl:3"


@pytest.mark.parametrize(
    "line", [b"", b"[1]", b"{", b'{"id": "a", "id": "b"}', b'"x"', b"{\xff}", b"null"]
)
def test_lines_that_are_no_documents(line: bytes) -> None:
    exact = said(lambda text: document_of(line_source("a.jsonl", 3, text)), line)
    assert isinstance(exact, str)
    assert said(Reader().line, "a.jsonl", 3, line) == exact


def test_a_block_and_a_line_with_the_same_key(tmp_path: Path) -> None:
    """One reader keeps both apart."""
    reader = Reader()
    path = tmp_path / "a.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    same(reader, path)
    line = json.dumps({**yaml.safe_load(SCENARIO), "title": "Another"}).encode()
    found = reader.line("a.jsonl", 1, line)
    assert isinstance(found, Scenario)
    assert found.title is not None
    assert found.title.en == "Another"
    same(reader, path)


def problem_or_error(loader: Loader, document: Document) -> str:
    assert isinstance(document, Scenario)
    try:
        return repr(loader.problem(document))
    except DocumentError as error:
        return str(error)


PROFILE = "profile:\n  team: 3\n  task: text\n"


@pytest.mark.parametrize(
    ("old", "new", "fine"),
    [
        ("team: 3", "team: 0", True),
        ("team: 3", "team: 4", True),
        ("team: 3", "team: 4.001", False),
        ("team: 3", "team: -0.001", False),
        ("team: 3", "team: true", False),
        ("team: 3", "team: high", False),
        ("team: 3", "team: null", True),
        ("team: 3", "teem: 3", False),
        ("task: text", "task: 3", False),
        ("task: text", "task: texts", False),
        ("facts: article-world\n", "", False),
        ("{from: flan-t5-small}", "{from: flan-t6-small}", False),
        ("{from: flan-t5-small}", "{from: flan-t5-small, parts: {own: a}}", False),
    ],
)
def test_problems_after_others_that_share_options_and_model(
    tmp_path: Path, old: str, new: str, fine: bool
) -> None:
    """What is remembered of a model changes neither problems nor what is said of mistakes."""
    good = SCENARIO + PROFILE
    reader, loader = Reader(), Loader()
    for number, text in enumerate([good, good.replace(old, new, 1)] * 2):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        found = problem_or_error(loader, reader.read(path))
        assert found == problem_or_error(Loader(), read_document(path))
        assert found.startswith("Problem(") == (fine or number % 2 == 0)

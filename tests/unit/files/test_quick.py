"""Blocks of text that scenarios share are read once, and say what the exact reader says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcda.errors import DocumentError
from mcda.files import quick
from mcda.files.catalog import folder
from mcda.files.loader import read_document
from mcda.files.quick import Reader, blocks, plain
from mcda.files.yaml import parse
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


def said(read: Callable[[Path], Document], path: Path) -> Document | str:
    try:
        return read(path)
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
    monkeypatch.setattr(quick, "_KEPT", 300)
    reader = Reader()
    for number in range(20):
        path = tmp_path / f"{number}.yaml"
        path.write_text(SCENARIO.replace("A title", f"Title {number}"), encoding="utf-8")
        same(reader, path)
        assert sum(map(len, reader._kept)) <= 300


def test_most_of_a_shipped_scenario_needs_no_parser() -> None:
    text = (folder("scenarios") or Path()).joinpath("articles", "000-clip.yaml").read_text("utf-8")
    found = blocks(text)
    assert found is not None
    assert {key for key in found if plain(found[key]) is None} == {"options", "expected"}
    for key, block in found.items():
        value = plain(block)
        if value is not None:
            assert {key: value} == parse(block, "block")


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

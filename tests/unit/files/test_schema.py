"""The schemas of documents: as strict as the reader, and about the same places."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from mcda.errors import DocumentError
from mcda.files.loader import Loader, read_document
from mcda.files.meanings import MEANINGS
from mcda.files.schema import document_schema, inner_schemas
from mcda.files.source import Source
from mcda.model import shape
from mcda.model.language import check_name
from mcda.model.portfolio import documents
from tests.corpus import BAD, GOOD, text_of
from tests.unit.files.test_documents import LAPTOP

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted([*(ROOT / "criteria").rglob("*.yaml"), *(ROOT / "scenarios").rglob("*.yaml")])


@cache
def validator(kind: str) -> Draft202012Validator:
    schema = document_schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def errors_in(source: Source) -> list[ValidationError]:
    data = source.data()
    kind = data["format"].split("/")[1]
    return [leaf for error in validator(kind).iter_errors(data) for leaf in leaves(error)]


def leaves(error: ValidationError) -> list[ValidationError]:
    """An error, or of alternatives the errors of the one that was meant."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        return [error]
    branches: dict[Any, list[ValidationError]] = {}
    for each in error.context:
        branches.setdefault(each.schema_path[0], []).append(each)
    fitting = [
        of for of in branches.values() if all(each.validator != "type" or each.path for each in of)
    ]
    if not fitting:
        return [error]
    meant = max(fitting, key=lambda of: max(len(each.path) for each in of))
    return [leaf for each in meant for leaf in leaves(each)]


def lines_of_schema(source: Source) -> set[int]:
    found = set()
    for error in errors_in(source):
        keys: tuple[Any, ...] = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            for key in error.instance:
                if key not in known:
                    found.add(line(source, (*keys, key)))
            continue
        if error.schema is False:
            holder = data_at(source.data(), keys)
            keys = (*keys, next(key for key in holder if holder[key] == error.instance))
        if "propertyNames" in error.absolute_schema_path:
            keys = (*keys, error.instance)
        found.add(line(source, keys))
    return found


def data_at(data: Any, keys: tuple[Any, ...]) -> Any:
    for key in keys:
        data = data[key]
    return data


def line(source: Source, keys: tuple[Any, ...]) -> int:
    place = source.locate(keys)
    assert place is not None
    return place[1]


def lines_of_reader(path: Path) -> set[int]:
    try:
        Loader().trial(read_document(path))
    except DocumentError as error:
        return {finding.place.line or 0 for finding in error.findings}
    return set()


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD.keys())
def test_accepted(tmp_path: Path, case: tuple[str, str, str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text_of(case), encoding="utf-8")
    assert lines_of_reader(path) == set()
    assert errors_in(Source.read(path)) == []


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_refused_in_the_same_line(tmp_path: Path, case: tuple[str, str, str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text_of(case), encoding="utf-8")
    expected = lines_of_reader(path)
    assert expected
    assert lines_of_schema(Source.read(path)) == expected


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_documents(path: Path) -> None:
    assert errors_in(Source.read(path)) == []


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(LAPTOP)
    assert errors_in(Source.read(path)) == []


def test_every_example_of_the_documentation() -> None:
    seen = 0
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
            if "\nid:" in block and block.lstrip("# \n").startswith(("format: mcda/", "yaml-lang")):
                seen += 1
                assert errors_in(Source(page.with_suffix(".yaml"), block)) == [], page
    assert seen


@pytest.mark.parametrize("kind", documents())
def test_every_key_is_explained(kind: str) -> None:
    schema = document_schema(kind)
    holders = [schema, *schema["$defs"].values()]
    for holder in holders:
        for key, each in holder.get("properties", {}).items():
            assert each["description"].strip(), key
    assert document_schema(kind) == schema


def test_nothing_is_explained_that_does_not_exist() -> None:
    known: dict[str, set[str]] = {}
    for kind, model in documents().items():
        schema = document_schema(kind)
        for name, definition in {model.__name__: schema, **schema["$defs"]}.items():
            known.setdefault(name, set()).update(definition.get("properties", {}))
    known["Gate"].add("id")
    assert {name: set(keys) for name, keys in MEANINGS.items()} == {
        name: known[name] for name in MEANINGS
    }


def test_no_mark_of_ours_is_left() -> None:
    def walk(schema: Any) -> None:
        assert shape.SHARED not in schema
        assert shape.LISTED not in schema
        for _, _, inner in inner_schemas(schema):
            walk(inner)

    for kind in documents():
        schema = document_schema(kind)
        walk(schema)
        assert "§" not in str(schema)


def test_names_are_judged_as_the_reader_judges_them() -> None:
    """Every character of the first plane, in the middle of a name."""
    pattern = re.compile(document_schema("scenario")["$defs"]["Name"]["pattern"])
    apart = set()
    for code in range(0x10000):
        name = f"a{chr(code)}b"
        try:
            check_name(name)
            accepted = True
        except ValueError:
            accepted = False
        if accepted != bool(pattern.search(name)):
            apart.add(code)
    # Arabic, Syriac and Egyptian format characters, and surrogates, which no file can hold
    rest = {code for code in apart if unicodedata.category(chr(code)) not in ("Cf", "Cs")}
    assert rest == set()
    assert len([code for code in apart if unicodedata.category(chr(code)) == "Cf"]) < 20

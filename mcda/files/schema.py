"""JSON Schema of the documents, made from their models, for editors and other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from mcda.files.meanings import MEANINGS
from mcda.model.portfolio import documents
from mcda.model.shape import ANSWERS, LISTED, SHARED

__all__ = ["DIALECT", "document_schema", "dumped"]

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: The largest number; what is not below it is infinite, or no number.
_LARGEST = 1.7976931348623157e308
_FINITE: Schema = {
    "if": {
        "anyOf": [
            {"type": "number", "minimum": _LARGEST},
            {"type": "number", "maximum": -_LARGEST},
        ]
    },
    "then": {"type": "null", "errorMessage": "A number must be finite"},
}
#: Keywords under which schemas stand: one, a list of them, or a mapping to them.
_ONE = ("additionalProperties", "propertyNames", "items", "not", "if", "then", "else")
_LIST = ("anyOf", "oneOf", "allOf", "prefixItems")
_MAPPING = ("properties", "patternProperties", "$defs")


class _Generator(GenerateJsonSchema):
    """pydantic's schemas, without titles, with unions as flat as they can be.

    A flat union (one schema with several types) lets an editor say what is wrong inside one of
    them, at its place.
    """

    def tagged_union_schema(self, schema: Any) -> Schema:
        inner = [
            self.generate_inner(choice)
            for tag, choice in schema["choices"].items()
            if tag not in ("§model", "§pack")  # objects of Python, which no file holds
        ]
        return _flat(inner)

    def nullable_schema(self, schema: Any) -> Schema:
        inner = self.generate_inner(schema["schema"])
        if inner.keys() == {"anyOf"}:
            return {"anyOf": [*inner["anyOf"], {"type": "null"}]}
        if SHARED in inner:
            return {"anyOf": [inner, {"type": "null"}]}
        return _flat([inner, {"type": "null"}])

    def dict_schema(self, schema: Any) -> Schema:
        made: Schema = {"type": "object"}
        made["additionalProperties"] = self.generate_inner(schema["values_schema"])
        made["propertyNames"] = self.generate_inner(schema["keys_schema"])
        if least := schema.get("min_length"):
            made["minProperties"] = least
        return made

    def default_schema(self, schema: Any) -> Schema:
        made = super().default_schema(schema)
        if made.get("default", 0) in (None, {}, []) or not isinstance(
            made.get("default", ""), str | int | float
        ):
            made.pop("default", None)
        return made


def _flat(schemas: list[Schema]) -> Schema:
    """The union of schemas for different types; one schema where their keywords do not meet."""
    if len(schemas) == 1:
        return schemas[0]
    plain = [{key: each[key] for key in each if key not in (SHARED, "title")} for each in schemas]
    kinds: list[str] = []
    joined: Schema = {}
    for each in plain:
        rest = {key: value for key, value in each.items() if key != "type"}
        kind = each.get("type")
        if kind is None or rest.keys() & {*joined, *_LIST, "enum", "const", "if", "$ref"}:
            return {"anyOf": schemas}
        kinds += [kind] if isinstance(kind, str) else kind
        joined.update(rest)
    if len(set(kinds)) < len(kinds):
        return {"anyOf": schemas}
    return {"type": kinds, **joined}


def inner_schemas(schema: Schema) -> Iterator[tuple[Any, Any, Schema]]:
    """Every schema right inside another one, with what holds it and the key there."""
    for key, value in schema.items():
        if key in _ONE and isinstance(value, dict):
            yield schema, key, value
        elif key in _LIST or key in _MAPPING:
            entries = enumerate(value) if isinstance(value, list) else value.items()
            for place, inner in list(entries):
                if isinstance(inner, dict):
                    yield value, place, inner


def document_schema(kind: str) -> Schema:
    """The JSON Schema of the documents of a kind: scenario, criteria or facts.

    Notes
    -----
    It accepts what the reader accepts, and refuses what can be refused without knowing other
    documents or comparing values. ``errorMessage`` and ``patternErrorMessage`` are for editors;
    validators ignore them.
    """
    model = documents()[kind]
    made: Schema = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    root = made.pop("$defs", {})
    root.pop(model.__name__, None)
    shared: dict[str, Schema] = {"Finite": _FINITE}
    for name, definition in root.items():
        _explain(definition, name)
    _explain(made, model.__name__)
    made["required"] = ["format", *(key for key in made["required"] if key != "format")]
    whole: Schema = {
        "$schema": DIALECT,
        **made,
        "$defs": root,
    }
    _walk(whole, lambda inner: _listed(inner, root))
    _walk(whole, lambda inner: _share(inner, shared))
    whole["$defs"] = {name: root.get(name) or shared[name] for name in sorted({*root, *shared})}
    _drop_unused(whole)
    return whole


def _explain(definition: Schema, name: str) -> None:
    """Say what a model's keys mean; its own description is the first line of its docstring."""
    definition.pop("title", None)
    if "description" in definition:
        first = definition["description"].split("\n\n")[0]
        definition["description"] = " ".join(first.replace("``", "`").split())
    for key, schema in definition.get("properties", {}).items():
        schema["description"] = MEANINGS[name][key]


def _walk(schema: Schema, change: Callable[[Schema], Schema | None]) -> None:
    """Let `change` replace schemas, those inside first; ``None`` leaves one as it is."""
    for holder, place, inner in inner_schemas(schema):
        _walk(inner, change)
        changed = change(inner)
        if changed is not None:
            holder[place] = changed


def _listed(schema: Schema, definitions: Mapping[str, Schema]) -> Schema | None:
    """A mapping from ids that may be a list of records."""
    if not schema.pop(LISTED, False):
        return None
    name = schema["additionalProperties"]["$ref"].rsplit("/", 1)[1]
    item = definitions[name]
    named = {**schema["propertyNames"], "description": MEANINGS[name]["id"]}
    record = {
        **item,
        "properties": {"id": named, **item["properties"]},
        "required": ["id", *item.get("required", ())],
    }
    return {**schema, "type": ["object", "array"], "items": record}


def _share(schema: Schema, shared: dict[str, Schema]) -> Schema | None:
    """A reference instead of what stands in many places; numbers are finite."""
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    # where an answer may be missing NaN says so, and the bounds refuse infinity
    if "number" in kinds and schema.get(SHARED) not in ANSWERS:
        schema["$ref"] = "#/$defs/Finite"
    schema.pop("title", None)
    name = schema.pop(SHARED, None)
    if name is None:
        return None
    said = {"description": schema.pop("description")} if "description" in schema else {}
    said |= {"default": schema.pop("default")} if "default" in schema else {}
    shared.setdefault(name, schema)
    return {"$ref": f"#/$defs/{name}", **said}


def _drop_unused(schema: Schema) -> None:
    while True:
        text = dumped(schema)
        unused = [name for name in schema["$defs"] if f'"#/$defs/{name}"' not in text]
        if not unused:
            return
        for name in unused:
            del schema["$defs"][name]


def dumped(schema: Schema) -> str:
    """The schema as a file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"

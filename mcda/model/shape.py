"""What JSON Schema says of values that are read in more ways than their types show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import WithJsonSchema

__all__ = [
    "ANSWERS",
    "BOUNDS",
    "DAY",
    "DIRECTION",
    "DOMAIN",
    "IDENTIFIER",
    "LISTED",
    "NAME",
    "POINTS",
    "PROSE",
    "RATIO",
    "SCALAR",
    "SHARED",
    "apart",
    "given",
    "limited",
    "or_text",
    "spaced_colons",
    "where",
]

Schema = dict[str, Any]

#: Marks a schema that stands once among the definitions, by this name.
SHARED = "x-shared"
#: Names of schemas whose value may be an answer that is not given.
ANSWERS = ("Ratio", "Points")
#: Marks a mapping from ids that may be written as a list of records with ``id``.
LISTED = "x-listed"

#: Controls, marks of direction, zero-width characters and the like, as regular expressions name
#: them in Python and in JavaScript; line breaks and tabs apart.
_UNSEEN = (
    r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_NAME: Schema = {
    "type": "string",
    "maxLength": 1000,
    "pattern": rf"^(?!\s*$)[^{_UNSEEN}\t\n]*$",
    "patternErrorMessage": "A name must not be blank or contain invisible characters",
}
_NUMERAL = r"(?=[0-9.]*[1-9])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"


def _shared(name: str, schema: Schema) -> WithJsonSchema:
    return WithJsonSchema({SHARED: name, **schema})


NAME = _shared("Name", _NAME)
IDENTIFIER = _shared(
    "Identifier",
    {
        "type": "string",
        "maxLength": 1000,
        "pattern": r"^(?!(?:and|or|not|if|else|in|True|False|None)$)"
        rf"[^\s0-9{_UNSEEN}!-/:-@\[-^`{{-~][^\s{_UNSEEN}!-/:-@\[-^`{{-~]*$",
        "patternErrorMessage": "Measures and parts have names of letters, digits and underscores, "
        "no digit first, and none of the words and, or, not, if, else, in, True, False, None",
    },
)
_PROSE: Schema = {
    "type": "string",
    "pattern": rf"^[^{_UNSEEN}]*$",
    "patternErrorMessage": "A text must not contain invisible characters",
}
PROSE = _shared("Prose", _PROSE)
DAY = _shared(
    "Day",
    {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "patternErrorMessage": "A date is written YYYY-MM-DD",
    },
)
#: A blank, or a word for an answer that is not given.
_NO_ANSWER = r"\s*(?:[nN][aA][nN]|[nN][oO][nN][eE]|[nN][uU][lL][lL])?\s*"
RATIO = _shared(
    "Ratio",
    {
        "type": ["number", "string", "null"],
        "minimum": 1e-12,
        "maximum": 1e12,
        "pattern": rf"^(?:\s*{_NUMERAL}\s*(?:/\s*{_NUMERAL}\s*)?|{_NO_ANSWER})$",
        "patternErrorMessage": "A judgement is a positive number such as 3 or a fraction such as "
        "1/3",
    },
)
POINTS = _shared(
    "Points",
    {
        "type": ["number", "string", "null"],
        "minimum": 0,
        "maximum": 1.7976931348623157e308,
        "pattern": rf"^{_NO_ANSWER}$",
        "patternErrorMessage": "Give a number",
    },
)
DIRECTION = _shared(
    "Direction",
    {
        "anyOf": [
            {"enum": ["benefit", "cost"]},
            {
                "type": "string",
                "pattern": r"^\s*(?:[bB][eE][nN][eE][fF][iI][tT]|[cC][oO][sS][tT]|[mM][aA][xX]"
                r"|[mM][iI][nN]|-?1)\s*$",
                "patternErrorMessage": "A direction is benefit or cost (also max, min, 1, -1)",
            },
            {"enum": [1, -1]},
        ]
    },
)
SCALAR = _shared("Scalar", {"type": ["number", "string", "boolean", "null"]})
DOMAIN = _shared(
    "Domain", {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
)
BOUNDS = _shared(
    "Bounds", {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 2, "maxItems": 2}
)


def spaced_colons(schema: Schema) -> None:
    """That a key is not one with its judgement behind a colon without a space, and no value."""
    said = "Put a space after the colon"
    schema["patternProperties"] = {
        rf":{_NUMERAL}$": {"not": {"type": "null"}, "errorMessage": said}
    }


def or_text(*, visible: bool = True, least: int = 0) -> Callable[[Schema], None]:
    """A mapping that may be written as a text of that length, perhaps of any characters."""
    keywords = {key: value for key, value in _PROSE.items() if visible and key != "type"}

    def extend(schema: Schema) -> None:
        schema.update(type=["string", "object"], **keywords)
        if least:
            schema["minLength"] = least

    return extend


def given(key: str, schema: Mapping[str, Any] | None = None) -> Schema:
    """That a mapping has `key`, not with null, or with a value that `schema` describes."""
    described = dict(schema) if schema is not None else {"not": {"type": "null"}}
    return {"required": [key], "properties": {key: {"doNotSuggest": True, **described}}}


def apart(keys: tuple[str, ...], others: tuple[str, ...], message: str) -> Schema:
    """That `others` are left out where one of `keys` is given; editors underline the other key."""
    conditions = [given(key) for key in keys]
    condition = conditions[0] if len(keys) == 1 else {"anyOf": conditions}
    clashes = [
        where(
            {"allOf": [condition, given(other)]},
            {"errorMessage": message, "properties": {other: False}},
        )
        for other in others
    ]
    return clashes[0] if len(clashes) == 1 else {"allOf": clashes}


def limited(keys: tuple[str, ...], schema: Schema, message: str = "") -> Schema:
    """That what stands at `keys`, if anything, is as `schema` says; editors show the message.

    Editors do not take such a condition for a reason to suggest the keys.
    """
    said = {"errorMessage": message} if message else {}
    return {"properties": {key: {"doNotSuggest": True, **said, **schema} for key in keys}}


def where(condition: Schema, then: Schema, otherwise: Schema | None = None) -> Schema:
    """`then` for what meets `condition`, else `otherwise`."""
    schema = {"if": condition, "then": then}
    return schema if otherwise is None else {**schema, "else": otherwise}

"""Schemas for one criteria model: its fields, facts, nodes and gates by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcda.files.meanings import MEANINGS
from mcda.files.schema import document_schema
from mcda.model.criteria import GOAL, Criteria, FactField, ProfileField
from mcda.model.facts import FactsPack
from mcda.model.language import Language, given_number
from mcda.model.text import Text
from mcda.model.tree import CriteriaTree

__all__ = ["facts_schema", "scenario_schema"]

Schema = dict[str, Any]
#: Pairs are listed for nodes with this many children at most.
_MOST_PAIRED = 16
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")


def scenario_schema(
    criteria: Criteria,
    pack: FactsPack | None = None,
    lang: Language = "en",
    *,
    reference: str | None = None,
    pack_reference: str | None = None,
) -> Schema:
    """The JSON Schema of scenarios that use a criteria model, and a facts pack if one is given.

    Parameters
    ----------
    criteria
        The model.
    pack
        The facts pack whose options scenarios may take facts from.
    lang
        Language of the descriptions that come from the model and the pack.
    reference, pack_reference
        What scenarios call the model and the pack, to be suggested.
    """
    schema = document_schema("scenario")
    definitions = schema["$defs"]
    tree = CriteriaTree.of(criteria.criteria)
    keys = schema["properties"]
    said = _said(criteria.title, criteria.description, lang=lang)
    keys["criteria"] = {
        "$ref": "#/$defs/Name",
        "description": f"{said}\n\n{MEANINGS['Scenario']['criteria']}".strip(),
        **_suggested([reference]),
    }
    keys["facts"] |= _suggested([pack_reference])
    keys["profile"] |= _only(
        {name: _profile_field(field, lang) for name, field in criteria.profile.items()}
    )
    keys["influences"] |= {"maxItems": 0, "doNotSuggest": True}
    del schema["allOf"]
    definitions["Option"] = _option(definitions["Option"], criteria, pack, lang)
    _weights(definitions, tree, lang)
    gates = {
        name: _said(gate.title, gate.because, lang=lang) for name, gate in criteria.gates.items()
    }
    keys["constraints"]["propertyNames"] = {
        "allOf": [{"$ref": "#/$defs/Name"}, {"not": {"enum": list(gates)}}]
    }
    _expected(definitions["Expected"], gates)
    return schema


def facts_schema(criteria: Criteria, lang: Language = "en") -> Schema:
    """The JSON Schema of facts packs for a criteria model."""
    schema = document_schema("facts")
    schema["properties"]["criteria"] |= _suggested([criteria.id])
    facts = schema["$defs"]["KnownOption"]["properties"]["facts"]
    facts |= _only({name: _fact(field, lang) for name, field in criteria.facts.items()})
    return schema


def _said(*texts: Text | None, lang: Language) -> str:
    return "\n\n".join(text.say(lang) for text in texts if text is not None)


def _suggested(values: Iterable[Any]) -> Schema:
    known = [value for value in values if value is not None]
    return {"examples": known} if known else {}


def _only(properties: Mapping[str, Any]) -> Schema:
    return {"properties": dict(properties), "additionalProperties": False}


def _limits(field: ProfileField | FactField) -> Schema:
    low, high = field.bounds
    return {
        **({} if low is None else {"minimum": low}),
        **({} if high is None else {"maximum": high}),
    }


def _told(field: ProfileField | FactField, lang: Language) -> str:
    """Title, description, unit and bounds of a field, for who hovers over it."""
    unit = f" [{field.unit}]" if field.unit else ""
    lines = [f"{field.title.say(lang) if field.title else ''}{unit}"]
    lines.append(_said(field.description, lang=lang))
    if isinstance(field, ProfileField) and field.levels:
        lines += [f"{level} = {text.say(lang)}" for level, text in enumerate(field.levels)]
    elif isinstance(field, FactField) and field.levels:
        lines += [f"{word} = {given_number(number)}" for word, number in field.levels.items()]
    else:
        low, high = field.bounds
        if low is not None or high is not None:
            ends = ("" if end is None else given_number(end) for end in (low, high))
            lines.append(" … ".join(ends).strip())
    return "\n\n".join(line for line in lines if line.strip())


def _plain(field: ProfileField | FactField) -> Schema:
    """What a value of a field is, ``null`` included."""
    if field.type == "boolean":
        return {"type": ["boolean", "null"]}
    if field.type == "choice":
        return {"enum": [*(field.values or ()), None]}
    number = {"type": ["number", "null"], "$ref": "#/$defs/Finite", **_limits(field)}
    if isinstance(field, FactField) and field.levels:
        return {"anyOf": [{"enum": list(field.levels)}, number]}
    return number


def _profile_field(field: ProfileField, lang: Language) -> Schema:
    schema = {**_plain(field), "description": _told(field, lang)}
    if not field.levels:
        return schema
    anchors = [text.say(lang) for text in field.levels]
    offered = {"enum": list(range(len(anchors))), "enumDescriptions": anchors}
    return {"anyOf": [_plain(field), offered], "description": schema["description"]}


def _fact(field: FactField, lang: Language) -> Schema:
    """A value of the field, or a record about one."""
    plain = _plain(field)
    record = {"type": "object", "properties": {"value": plain}, "required": ["value"]}
    return {
        "description": _told(field, lang),
        "anyOf": [plain, {"allOf": [{"$ref": "#/$defs/Fact"}, record]}],
    }


def _option(option: Schema, criteria: Criteria, pack: FactsPack | None, lang: Language) -> Schema:
    keys = dict(option["properties"])
    if pack is not None:
        keys["from"] = {
            "description": keys["from"]["description"],
            "enum": [*pack.options, None],
            "enumDescriptions": [
                *(_said(each.title, lang=lang) for each in pack.options.values()),
                "",
            ],
        }
    keys["facts"] = {
        **keys["facts"],
        **_only({name: _fact(field, lang) for name, field in criteria.facts.items()}),
    }
    keys["parts"] = {
        **keys["parts"],
        **_only(
            {
                role: {"$ref": "#/$defs/Name", "description": _said(part.title, lang=lang)}
                for role, part in criteria.parts.items()
            }
        ),
    }
    return {**option, **_only(keys)}


def _pairs(children: tuple[str, ...]) -> Schema:
    """Comparisons of the children of a node, whichever way round."""
    names = "|".join(_SPECIAL.sub(r"\\\g<0>", name) for name in children)
    ratio = {"$ref": "#/$defs/Ratio"}
    listed = children if len(children) <= _MOST_PAIRED else ()
    return {
        "type": "object",
        "properties": {f"{a} vs {b}": ratio for a in listed for b in listed if a != b},
        "patternProperties": {rf"^\s*({names})\s* vs \s*(?!\1\s*$)({names})\s*$": ratio},
        "additionalProperties": False,
    }


def _weights(definitions: dict[str, Schema], tree: CriteriaTree, lang: Language) -> None:
    titles = {name: _said(title, lang=lang) for name, title in tree.titles.items()}
    ratio = {"$ref": "#/$defs/Ratio"}
    of_options = {
        "type": "object",
        "additionalProperties": ratio,
        "propertyNames": {"pattern": ". vs .", "patternErrorMessage": "Write it as: a vs b"},
    }
    judgements = {
        **{
            node: {**_pairs(children), "description": titles[node]}
            for node, children in tree.children.items()
        },
        **{leaf: {**of_options, "description": titles[leaf]} for leaf in tree.leaf_ids},
    }
    definitions["Judgements"] = {"type": "object", **_only(judgements)}
    ways = definitions["Weights"]["properties"]
    ways["judgements"] = {
        "anyOf": [{"$ref": "#/$defs/Judgements"}, {"type": "null"}],
        "description": ways["judgements"]["description"],
    }
    judge = definitions["Judge"]["properties"]
    judge["judgements"] = {
        "$ref": "#/$defs/Judgements",
        "description": judge["judgements"]["description"],
    }
    share = ways["direct"]["additionalProperties"]
    ways["direct"] |= _only(
        {node: {**share, "description": titles[node]} for node in tree.titles if node != GOAL}
    )
    for way in ("points", "ranking", "best_worst"):
        inner = ways[way]["additionalProperties"]
        ways[way] |= _only(
            {
                node: _of_children(way, inner, children, titles) | {"description": titles[node]}
                for node, children in tree.children.items()
            }
        )


def _of_children(
    way: str, inner: Schema, children: tuple[str, ...], titles: Mapping[str, str]
) -> Schema:
    """What a way of weighing says of one node, with its children named."""
    name: Schema = {"enum": list(children)}
    if way == "points":
        number = inner["additionalProperties"]
        named = {child: {**number, "description": titles[child]} for child in children}
        return {**inner, **_only(named), "required": list(children)}
    if way == "ranking":
        return {**inner, "items": {"anyOf": [name, {"type": "array", "items": name}]}}
    ratios: Schema = {
        "type": "object",
        **_only({child: {"$ref": "#/$defs/Ratio"} for child in children}),
    }
    return {
        "allOf": [
            inner,
            {
                "properties": {
                    "best": name,
                    "worst": name,
                    "best_to_others": ratios,
                    "others_to_worst": ratios,
                }
            },
        ]
    }


def _expected(expected: Schema, gates: Mapping[str, str]) -> None:
    """Gates are suggested; the scenario's own constraints are gates, too."""
    said = expected["properties"]["excluded"]
    said["additionalProperties"] = {
        "anyOf": [
            {"enum": list(gates), "enumDescriptions": list(gates.values())},
            {"$ref": "#/$defs/Name"},
        ]
    }

"""The criteria model: what matters, how each criterion is measured, what excludes an option."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from mcda.model import shape
from mcda.model.documents import Document
from mcda.model.language import given_number
from mcda.model.text import Identifier, Name, Prose, Strict, Text
from mcda.model.values import AnyDirection, AnyScalar, Bounds, Domain, Ratio, sequence_of

__all__ = [
    "GOAL",
    "STALE_DAYS",
    "BreakEvenLine",
    "Combine",
    "Criteria",
    "Criterion",
    "FactField",
    "Gate",
    "Influence",
    "Judgements",
    "Measure",
    "Part",
    "ProfileField",
    "ValueType",
    "by_id",
    "walk",
]

#: The name of the criteria tree's root.
GOAL = "goal"

#: A fact this many days older than the decision is too old, unless its field says otherwise.
STALE_DAYS = 365

ValueType = Literal["number", "boolean", "choice"]
Combine = Literal["all", "any", "min", "max", "sum"]
#: Per node, ``a vs b`` -> how many times as important a is; ``None`` is an answer not given.
Judgements = Mapping[
    Name, Annotated[Mapping[Name, Ratio], Field(json_schema_extra=shape.spaced_colons)]
]


def _with_ids(given: Any) -> Any:
    """A list of records with ``id`` becomes a mapping from the ids; duplicates are refused."""
    if not isinstance(given, (list, tuple)):
        return given
    keyed: dict[str, Any] = {}
    for record in given:
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise ValueError("each entry of the list needs an id; or write a mapping id: {...}")
        name = unicodedata.normalize("NFC", record["id"])
        if name in keyed:
            raise ValueError(f"the id {name!r} is given twice")
        keyed[name] = {key: value for key, value in record.items() if key != "id"}
    return keyed


def by_id(item: Any) -> Any:
    """A mapping from ids to `item`, which a file may also write as a list of records with id."""
    listed = Field(json_schema_extra={shape.LISTED: True})
    return Annotated[Mapping[Name, item], BeforeValidator(_with_ids), listed]


_NUMBERS_ONLY = "unit, domain and levels are for numbers"
_CHOICE = "type: choice goes with values: [...], and only with it"
_OWN_DOMAIN = "levels bring their own domain; leave out one of levels and domain"


def _of_its_type(schema: dict[str, Any]) -> None:
    """What the type of a field allows."""
    nothing = {"type": "null"}
    schema["allOf"] = [
        shape.where(
            shape.given("type", {"enum": ["boolean", "choice"]}),
            shape.limited(("unit", "domain", "levels"), nothing, _NUMBERS_ONLY),
        ),
        shape.where(
            shape.given("type", {"const": "choice"}),
            {**shape.given("values", {"type": "array"}), "errorMessage": _CHOICE},
            shape.limited(("values",), nothing, _CHOICE),
        ),
        shape.apart(("domain",), ("levels",), _OWN_DOMAIN),
    ]


class _Field(Strict):
    """What profile fields and facts have in common."""

    model_config = ConfigDict(json_schema_extra=_of_its_type)

    title: Text | None = None
    description: Text | None = None
    type: ValueType = "number"
    unit: Prose | None = None
    domain: Bounds | None = None
    values: sequence_of(Name, min_length=1) | None = None  # type: ignore[valid-type]

    @field_validator("unit", "domain", "levels", "values", check_fields=False)
    @classmethod
    def _of_its_type(cls, given: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("type", "number")
        if given is None:
            return given
        if info.field_name == "values":
            if kind != "choice":
                raise ValueError(_CHOICE)
        elif kind != "number":
            raise ValueError(f"{_NUMBERS_ONLY}, this is a {kind}")
        if info.field_name == "levels" and info.data.get("domain"):
            raise ValueError(_OWN_DOMAIN)
        return given

    @model_validator(mode="after")
    def _with_values(self) -> Self:
        if self.type == "choice" and self.values is None:
            raise ValueError(_CHOICE)
        return self

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The ends between which a number lies; ``None`` is open."""
        return self.domain or (None, None)


class ProfileField(_Field):
    """Something known about who decides: a level with anchors, a number, yes/no, or a choice.

    ``levels`` lists the anchors of the levels 0, 1, 2, ...; a value between two levels is allowed.
    """

    levels: sequence_of(Text, min_length=2) | None = None  # type: ignore[valid-type]
    default: AnyScalar = None

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The ends between which a number lies; ``None`` is open."""
        return (0.0, len(self.levels) - 1.0) if self.levels else super().bounds


def _combined(schema: dict[str, Any]) -> None:
    _of_its_type(schema)
    message = "all and any combine yes/no facts, min, max and sum combine numbers"
    schema["allOf"].append(
        shape.where(
            shape.given("type", {"const": "boolean"}),
            shape.limited(("combine",), {"enum": ["all", "any", None]}, message),
            shape.limited(("combine",), {"enum": ["min", "max", "sum", None]}, message),
        )
    )


class FactField(_Field):
    """Something that is true of an option, or a number it comes with.

    ``combine`` says how an option with parts gets the fact from them if it does not give it
    itself. ``levels`` maps words to numbers; the words can be written instead. ``stale_after`` is
    the age in days beyond which a fact is too old for a decision. ``published_as`` is what
    published lists of prices call it.
    """

    model_config = ConfigDict(json_schema_extra=_combined)

    levels: Mapping[Name, float] | None = None
    combine: Combine | None = None
    stale_after: Annotated[int, Field(ge=1, le=36525)] = STALE_DAYS
    published_as: Prose | None = None

    @field_validator("combine")
    @classmethod
    def _suits(cls, given: Combine | None, info: ValidationInfo) -> Combine | None:
        kind = info.data.get("type", "number")
        if given is not None and (given in ("all", "any")) != (kind == "boolean"):
            raise ValueError(
                f"combine: {given} does not suit a {kind}; all and any combine "
                "yes/no facts, min, max and sum combine numbers"
            )
        return given

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The ends between which a number lies; ``None`` is open."""
        if self.levels:
            return min(self.levels.values()), max(self.levels.values())
        return super().bounds


class Measure(Strict):
    """A named formula over profile fields, facts, parts' facts and other measures.

    A plain string stands for ``{formula: ...}``.
    """

    model_config = ConfigDict(json_schema_extra=shape.or_text(visible=False, least=1))

    formula: Annotated[str, Field(min_length=1)]
    title: Text | None = None
    unit: Prose | None = None
    because: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, given: Any) -> Any:
        return {"formula": given} if isinstance(given, str) else given


_OF_LEAVES = ("direction", "unit", "domain", "levels", "measure", "fact")
_PARENT = "a criterion with children is not scored itself"
_MEASURE_OR_FACT = "a criterion scores a measure or a fact, not both"
_LEVELS_ALONE = "levels bring their own domain and values; leave out the others"


def _leaf_or_parent(schema: dict[str, Any]) -> None:
    schema["allOf"] = [
        shape.apart(_OF_LEAVES, ("children",), _PARENT),
        shape.where(shape.given("children"), {}, shape.given("direction")),
        shape.apart(("measure",), ("fact",), _MEASURE_OR_FACT),
        shape.apart(("domain",), ("levels",), _LEVELS_ALONE),
        shape.apart(("levels",), ("measure", "fact"), _LEVELS_ALONE),
        shape.where(
            shape.given("levels", {"type": "object"}),
            shape.limited(("levels",), {"minProperties": 2}),
        ),
    ]


class Criterion(Strict):
    """A node of the criteria tree: a leaf with a direction, or a parent with children.

    A leaf scores the measure or the fact it names; without either, the fact of its own name.
    """

    model_config = ConfigDict(json_schema_extra=_leaf_or_parent)

    title: Text | None = None
    description: Text | None = None
    direction: AnyDirection | None = None
    unit: Prose | None = None
    domain: Domain | None = None
    levels: Mapping[Name, float] | None = None
    measure: Identifier | None = None
    fact: Name | None = None
    children: Annotated[Mapping[Name, Criterion], Field(min_length=1)] | None = None

    @field_validator("levels", "measure", "fact", "children")
    @classmethod
    def _goes_with(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None:
            return value
        before = [key for key in _OF_LEAVES if info.data.get(key) is not None]
        if info.field_name == "children" and before:
            raise ValueError(f"{_PARENT}; move {', '.join(before)} to the children")
        if info.field_name == "levels":
            if "domain" in before:
                raise ValueError(_LEVELS_ALONE)
            if len(set(value.values())) < 2:
                raise ValueError("levels need at least two different numbers")
        elif info.field_name in ("measure", "fact") and "levels" in before:
            raise ValueError(_LEVELS_ALONE)
        if info.field_name == "fact" and "measure" in before:
            raise ValueError(_MEASURE_OR_FACT)
        return value

    @model_validator(mode="after")
    def _leaf_or_parent(self) -> Self:
        if self.children is None and self.direction is None:
            raise ValueError(
                "the key 'direction' is missing; add direction: benefit (more is better) or "
                "direction: cost (less is better)"
            )
        return self

    @property
    def span(self) -> tuple[float, float] | None:
        """The declared domain, or the ends of the levels."""
        if self.levels is not None:
            return min(self.levels.values()), max(self.levels.values())
        return self.domain


class Gate(Strict):
    """A rule that an option must meet: false excludes it, unknown excludes it and asks."""

    rule: Annotated[str, Field(min_length=1)]
    because: Text
    title: Text | None = None
    remedy: Text | None = None


def _share(given: float) -> float:
    if not 0.0 <= given < 1.0:
        raise ValueError(f"a share is at least 0 and below 1, not {given_number(given)}")
    return given


class Influence(Strict):
    """`share` of the importance given to `to` really belongs to `from`, which drives it."""

    from_: Annotated[Name, Field(alias="from")]
    to: Name
    share: Annotated[
        float,
        AfterValidator(_share),
        WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": 1}),
    ]
    because: Text | None = None
    source: Prose | None = None


class Part(Strict):
    """A role that an option can play inside another; formulas say ``role.fact``."""

    title: Text | None = None


class BreakEvenLine(Strict):
    """Where to look for the value of a profile field at which options tie in a measure."""

    title: Text | None = None
    measure: Name
    along: Name
    over: Domain | None = None


class Criteria(Document):
    """A criteria model: dimensions, leaves, measures, gates, default judgements."""

    kind: ClassVar[str] = "criteria"

    format: Literal["mcda/criteria/1"] = "mcda/criteria/1"
    id: Name
    title: Text | None = None
    description: Text | None = None
    profile: Mapping[Name, ProfileField] = {}
    facts: Mapping[Name, FactField] = {}
    parts: Mapping[Identifier, Part] = {}
    measures: Mapping[Identifier, Measure] = {}
    criteria: Annotated[Mapping[Name, Criterion], Field(min_length=1)]
    judgements: Judgements = {}
    influences: sequence_of(Influence) = ()  # type: ignore[valid-type]
    gates: by_id(Gate) = {}  # type: ignore[valid-type]
    break_evens: Mapping[Name, BreakEvenLine] = {}


def walk(
    nodes: Mapping[str, Criterion], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Criterion]]:
    """Every node of a tree of criteria, parents first, with the names from the top to it."""
    for name, node in nodes.items():
        path = (*above, name)
        yield path, node
        yield from walk(node.children or {}, path)

"""The scenario: who decides, between which options, with which judgements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from mcda.model import shape
from mcda.model.criteria import Criteria, Criterion, Gate, Influence, Judgements, by_id, walk
from mcda.model.documents import Document
from mcda.model.facts import FactsPack
from mcda.model.text import Name, Prose, Strict, Text
from mcda.model.values import AnyScalar, Day, Fact, Points, Ratio, sequence_of

__all__ = [
    "BestWorst",
    "Expected",
    "Judge",
    "Method",
    "ObjectiveMethod",
    "Option",
    "Scenario",
    "Source",
    "Verdict",
    "Weights",
]

Verdict = Literal["clear", "close", "contested", "tie", "no_contest", "no_eligible_option"]


class Source(Strict):
    """Where a scenario comes from: a document and the phrases it rests on.

    A plain string stands for ``{document: ...}``.
    """

    model_config = ConfigDict(json_schema_extra=shape.or_text())

    document: Prose
    phrases: sequence_of(Prose) = ()  # type: ignore[valid-type]
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, given: Any) -> Any:
        return {"document": given} if isinstance(given, str) else given


class Option(Strict):
    """One option: facts from a pack (`from`) and of its own, and the parts it consists of.

    In a scenario that brings its own criteria, the leaf values stand here directly.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Fact]

    title: Text | None = None
    from_: Annotated[Name | None, Field(alias="from")] = None
    facts: Mapping[Name, Fact] = {}
    parts: Mapping[Name, Name] = {}
    instead: Text | None = None

    @property
    def values(self) -> Mapping[str, Fact]:
        """The leaf values that stand directly in the option."""
        return self.__pydantic_extra__ or {}


class Judge(Strict):
    """One of several judges: how much their word counts, and what they say."""

    importance: Annotated[float, Field(gt=0)] = 1.0
    judgements: Judgements


class BestWorst(Strict):
    """Comparisons with the best and the worst criterion among siblings."""

    best: Name
    worst: Name
    best_to_others: Mapping[Name, Ratio]
    others_to_worst: Mapping[Name, Ratio]


def _one_or_group(given: Any) -> str:
    return "§group" if isinstance(given, (list, tuple)) else "§one"


#: A criterion, or several of equal importance.
Place: TypeAlias = Annotated[
    Annotated[Name, Tag("§one")] | Annotated[tuple[Name, ...], Field(strict=False), Tag("§group")],
    Discriminator(_one_or_group),
]
ObjectiveMethod = Literal["entropy", "critic", "standard_deviation", "variance", "gini", "merec"]


_WAYS = ("judgements", "judges", "direct", "points", "ranking", "best_worst", "objective")
_NO_JUDGES = "aggregation says how judges are joined; there are no judges"


def _one_way(schema: dict[str, Any]) -> None:
    message = "weights come from one of them"
    schema["allOf"] = [
        *(
            shape.apart(_WAYS[:number], (way,), message)
            for number, way in enumerate(_WAYS[1:], start=1)
        ),
        shape.where(
            shape.given("judges"), {}, shape.limited(("aggregation",), {"type": "null"}, _NO_JUDGES)
        ),
    ]
    schema["anyOf"] = [shape.given(way) for way in _WAYS]


class Weights(Strict):
    """Where the weights come from; exactly one of the ways.

    ``judgements`` and ``judges`` compare in pairs, ``direct`` and ``points`` give numbers,
    ``ranking`` an order, ``best_worst`` comparisons with two criteria only; ``objective`` takes
    the weights of all leaves from the options' values.
    """

    model_config = ConfigDict(json_schema_extra=_one_way)

    judgements: Judgements | None = None
    judges: Annotated[Mapping[Name, Judge], Field(min_length=1)] | None = None
    aggregation: Literal["judgements", "priorities"] = "judgements"
    direct: Mapping[Name, Points] | None = None
    points: Mapping[Name, Mapping[Name, Points]] | None = None
    ranking: Mapping[Name, sequence_of(Place, min_length=1)] | None = None  # type: ignore[valid-type]
    best_worst: Mapping[Name, BestWorst] | None = None
    objective: ObjectiveMethod | None = None

    @field_validator(*_WAYS)
    @classmethod
    def _one(cls, value: Any, info: ValidationInfo) -> Any:
        others = [way for way in _WAYS if info.data.get(way) is not None]
        if value is not None and others:
            said = " and ".join([*others, str(info.field_name)])
            raise ValueError(f"weights come from one of them, not from {said}")
        return value

    @field_validator("aggregation")
    @classmethod
    def _of_judges(cls, value: Any, info: ValidationInfo) -> Any:
        if "judges" in info.data and info.data["judges"] is None:
            raise ValueError(_NO_JUDGES)
        return value

    @model_validator(mode="after")
    def _any(self) -> Self:
        if all(getattr(self, way) is None for way in _WAYS):
            raise ValueError(f"weights come from one of {', '.join(_WAYS)}: give one")
        return self


class Method(Strict):
    """How to compute; every key has a default.

    ``normalization`` left out means ``domain`` where every leaf declares one, else ``vector``.
    """

    priorities: Literal["geometric_mean", "eigenvector"] = "geometric_mean"
    normalization: Literal["domain", "vector", "minmax", "max", "sum", "none"] | None = None
    weighting: Literal["hierarchical", "classic", "linear"] = "hierarchical"
    dependencies: Literal["closure", "saaty", "off"] = "closure"


def _options_by_gate(given: Any) -> str:
    return "§gates" if isinstance(given, (dict, Mapping)) else "§options"


def _one_or_many(given: Any) -> str:
    return "§many" if isinstance(given, (list, tuple)) else "§one"


class Expected(Strict):
    """A decision test: what the evaluation must say. Keys left out are not tested.

    ``recommended: null`` expects that nothing is recommended. ``excluded`` lists options, or maps
    each to the gate that must exclude it. ``verdict`` may list several that will do.
    """

    recommended: Name | None = None
    excluded: (
        Annotated[
            Annotated[sequence_of(Name), Tag("§options")]  # type: ignore[valid-type]
            | Annotated[Mapping[Name, Name], Tag("§gates")],
            Discriminator(_options_by_gate),
        ]
        | None
    ) = None
    verdict: (
        Annotated[
            Annotated[Verdict, Tag("§one")] | Annotated[sequence_of(Verdict), Tag("§many")],  # type: ignore[valid-type]
            Discriminator(_one_or_many),
        ]
        | None
    ) = None


def _which_criteria(given: Any) -> str:
    if isinstance(given, Criteria):
        return "§model"
    return "§name" if isinstance(given, str) else "§tree"


def _which_facts(given: Any) -> str:
    return "§pack" if isinstance(given, FactsPack) else "§name"


#: What options' keys mean already.
_RESERVED = frozenset(field.alias or name for name, field in Option.model_fields.items())


def _unreserved(tree: Mapping[str, Criterion]) -> Mapping[str, Criterion]:
    for path, node in walk(tree):
        if node.children is None and path[-1] in _RESERVED:
            raise ValueError(
                f"in an option {path[-1]!r} means something else; give the criterion another name"
            )
    return tree


_NO_FACTS = "facts belong to a criteria model; this scenario brings its own"
_NO_PROFILE = "a profile belongs to a criteria model; this scenario has none"


def _own_or_modelled(schema: dict[str, Any]) -> None:
    """What an option may say depends on where the criteria come from."""
    keys = [field.alias or name for name, field in Option.model_fields.items()]
    of_models = dict.fromkeys((key for key in keys if key not in ("title", "instead")), False)
    named = {"enum": keys, "errorMessage": f"With a criteria model: {', '.join(keys)}"}
    own = [
        shape.limited(("facts",), {"type": "null"}, _NO_FACTS),
        shape.limited(("profile",), {"maxProperties": 0}),
        shape.limited(("options",), {"additionalProperties": {"properties": of_models}}),
    ]
    modelled = [
        shape.limited(("influences",), {"maxItems": 0}),
        shape.limited(("options",), {"additionalProperties": {"propertyNames": named}}),
    ]
    schema["allOf"] = [
        shape.where(shape.given("criteria", {"type": "object"}), {"allOf": own}),
        shape.where(shape.given("criteria", {"type": "string"}), {"allOf": modelled}),
    ]


class Scenario(Document):
    """Who decides, about which options, by which criteria and judgements.

    ``criteria`` is a criteria model's name or path, a `Criteria` object, or a tree of criteria of
    the scenario's own, to which ``influences`` belong; ``facts`` a pack's name or path, or a
    `FactsPack` object.
    """

    model_config = ConfigDict(json_schema_extra=_own_or_modelled)

    kind: ClassVar[str] = "scenario"

    format: Literal["mcda/scenario/1"] = "mcda/scenario/1"
    id: Name
    title: Text | None = None
    description: Text | None = None
    source: Source | None = None
    decision_date: Day | None = None
    criteria: Annotated[
        Annotated[Name, Tag("§name")]
        | Annotated[Criteria, Tag("§model")]
        | Annotated[
            Mapping[Name, Criterion],
            Field(min_length=1),
            AfterValidator(_unreserved),
            Tag("§tree"),
        ],
        Discriminator(_which_criteria),
    ]
    facts: (
        Annotated[
            Annotated[Name, Tag("§name")] | Annotated[FactsPack, Tag("§pack")],
            Discriminator(_which_facts),
        ]
        | None
    ) = None
    profile: Mapping[Name, AnyScalar] = {}
    options: Annotated[Mapping[Name, Option], Field(min_length=1)]
    influences: sequence_of(Influence) = ()  # type: ignore[valid-type]
    weights: Weights | None = None
    method: Method = Method()
    constraints: by_id(Gate) = {}  # type: ignore[valid-type]
    expected: Expected | None = None

    @field_validator("facts", "profile")
    @classmethod
    def _of_a_model(cls, value: Any, info: ValidationInfo) -> Any:
        if value and isinstance(info.data.get("criteria"), Mapping):
            raise ValueError(_NO_FACTS if info.field_name == "facts" else _NO_PROFILE)
        return value

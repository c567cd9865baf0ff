"""The criteria model: what matters, how each criterion is measured, what excludes an option."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcda.model.documents import Document
from mcda.model.text import Identifier, Name, Prose, Strict, Text
from mcda.model.values import AnyDirection, AnyScalar, Bounds, Domain, Ratio, sequence_of

__all__ = [
    "GOAL",
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

ValueType = Literal["number", "boolean", "choice"]
Combine = Literal["all", "any", "min", "max", "sum"]
#: Per node, ``a vs b`` -> how many times as important a is.
Judgements = Mapping[Name, Mapping[Name, Ratio]]


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
    return Annotated[Mapping[Name, item], BeforeValidator(_with_ids)]


class _Field(Strict):
    """What profile fields and facts have in common."""

    title: Text | None = None
    description: Text | None = None
    type: ValueType = "number"
    unit: Prose | None = None
    domain: Bounds | None = None
    values: sequence_of(Name, min_length=1) | None = None  # type: ignore[valid-type]

    def _check(self, levels: object) -> None:
        if self.type != "number" and (self.domain or self.unit or levels):
            raise ValueError(f"unit, domain and levels are for numbers, this is a {self.type}")
        if (self.type == "choice") != (self.values is not None):
            raise ValueError("type: choice goes with values: [...], and only with it")
        if levels and self.domain:
            raise ValueError("levels bring their own domain; leave out one of levels and domain")

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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check(self.levels)
        return self

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The ends between which a number lies; ``None`` is open."""
        return (0.0, len(self.levels) - 1.0) if self.levels else super().bounds


class FactField(_Field):
    """Something that is true of an option, or a number it comes with.

    ``combine`` says how an option with parts gets the fact from them if it does not give it
    itself. ``levels`` maps words to numbers; the words can be written instead.
    """

    levels: Mapping[Name, float] | None = None
    combine: Combine | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check(self.levels)
        if self.combine is not None and (self.combine in ("all", "any")) != (
            self.type == "boolean"
        ):
            raise ValueError(
                f"combine: {self.combine} does not suit a {self.type}; all and any combine "
                "yes/no facts, min, max and sum combine numbers"
            )
        return self

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

    formula: Annotated[str, Field(min_length=1)]
    title: Text | None = None
    unit: Prose | None = None
    because: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, given: Any) -> Any:
        return {"formula": given} if isinstance(given, str) else given


class Criterion(Strict):
    """A node of the criteria tree: a leaf with a direction, or a parent with children.

    A leaf scores the measure or the fact it names; without either, the fact of its own name.
    """

    title: Text | None = None
    description: Text | None = None
    direction: AnyDirection | None = None
    unit: Prose | None = None
    domain: Domain | None = None
    levels: Mapping[Name, float] | None = None
    measure: Identifier | None = None
    fact: Name | None = None
    children: Annotated[Mapping[Name, Criterion], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _leaf_or_parent(self) -> Self:
        of_leaves = ("direction", "unit", "domain", "levels", "measure", "fact")
        if self.children is not None:
            given = [key for key in of_leaves if getattr(self, key) is not None]
            if given:
                raise ValueError(
                    f"a criterion with children is not scored itself; move {', '.join(given)} to "
                    "the children"
                )
        elif self.direction is None:
            raise ValueError(
                "the key 'direction' is missing; add direction: benefit (more is better) or "
                "direction: cost (less is better)"
            )
        if self.measure and self.fact:
            raise ValueError("a criterion scores a measure or a fact, not both")
        if self.levels is not None:
            if self.domain or self.measure or self.fact:
                raise ValueError("levels bring their own domain and values; leave out the others")
            if len(set(self.levels.values())) < 2:
                raise ValueError("levels need at least two different numbers")
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


def _share(given: float) -> float:
    if not 0.0 <= given < 1.0:
        raise ValueError(f"a share is at least 0 and below 1, not {given:g}")
    return given


class Influence(Strict):
    """`share` of the importance given to `to` really belongs to `from`, which drives it."""

    from_: Annotated[Name, Field(alias="from")]
    to: Name
    share: Annotated[float, AfterValidator(_share)]
    because: Text | None = None
    source: Prose | None = None


class Part(Strict):
    """A role that an option can play inside another; formulas say ``role.fact``."""

    title: Text | None = None


class Criteria(Document):
    """A criteria model: dimensions, leaves, measures, gates, default judgements."""

    kind: ClassVar[str] = "criteria"

    format: Literal["mcda/criteria/1"] = "mcda/criteria/1"
    id: Name
    title: Text | None = None
    description: Text | None = None
    profile: Mapping[Identifier, ProfileField] = {}
    facts: Mapping[Name, FactField] = {}
    parts: Mapping[Identifier, Part] = {}
    measures: Mapping[Identifier, Measure] = {}
    criteria: Annotated[Mapping[Name, Criterion], Field(min_length=1)]
    judgements: Judgements = {}
    influences: sequence_of(Influence) = ()  # type: ignore[valid-type]
    gates: by_id(Gate) = {}  # type: ignore[valid-type]


def walk(
    nodes: Mapping[str, Criterion], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Criterion]]:
    """Every node of a tree of criteria, parents first, with the names from the top to it."""
    for name, node in nodes.items():
        path = (*above, name)
        yield path, node
        yield from walk(node.children or {}, path)

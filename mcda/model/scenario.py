"""The scenario: who decides, between which options, with which judgements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from mcda.model.criteria import Criteria, Criterion, Gate, Judgements, by_id
from mcda.model.documents import Document
from mcda.model.facts import FactsPack
from mcda.model.text import Name, Prose, Strict, Text
from mcda.model.values import AnyScalar, Day, Fact, sequence_of

__all__ = ["Expected", "Method", "Option", "Scenario", "Source", "Verdict", "Weights"]

Verdict = Literal["clear", "close", "contested", "tie", "no_contest", "no_eligible_option"]


class Source(Strict):
    """Where a scenario comes from: a document and the phrases it rests on.

    A plain string stands for ``{document: ...}``.
    """

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

    @property
    def values(self) -> Mapping[str, Fact]:
        """The leaf values that stand directly in the option."""
        return self.__pydantic_extra__ or {}


class Weights(Strict):
    """Where the weights come from: pairwise judgements per node, or numbers given directly."""

    judgements: Judgements | None = None
    direct: Mapping[Name, Annotated[float, Field(ge=0)]] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.judgements is None) == (self.direct is None):
            raise ValueError("weights come from judgements or direct numbers: give exactly one")
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


class Scenario(Document):
    """Who decides, about which options, by which criteria and judgements.

    ``criteria`` is a criteria model's name or path, a `Criteria` object, or a tree of criteria of
    the scenario's own; ``facts`` a pack's name or path, or a `FactsPack` object.
    """

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
        | Annotated[Mapping[Name, Criterion], Field(min_length=1), Tag("§tree")],
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
    weights: Weights | None = None
    method: Method = Method()
    constraints: by_id(Gate) = {}  # type: ignore[valid-type]
    expected: Expected | None = None

    @model_validator(mode="after")
    def _stand_alone_or_modelled(self) -> Self:
        if isinstance(self.criteria, Mapping):
            if self.facts is not None:
                raise ValueError("facts belong to a criteria model; this scenario brings its own")
            if self.profile:
                raise ValueError("a profile belongs to a criteria model; this scenario has none")
        return self


def documents() -> dict[str, type[BaseModel]]:
    """The document models by the kind that their ``format`` names."""
    return {"scenario": Scenario, "criteria": Criteria, "facts": FactsPack}

"""The portfolio: one organisation's scenarios, each with an importance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from mcda.model import shape
from mcda.model.criteria import Criteria
from mcda.model.documents import Document, Inside, Locator
from mcda.model.facts import FactsPack
from mcda.model.language import given_number
from mcda.model.scenario import Scenario, Source
from mcda.model.text import Name, Strict, Text
from mcda.model.values import AnyScalar, sequence_of

__all__ = ["Member", "Portfolio", "documents"]


def _which_scenario(given: Any) -> str:
    return "§path" if isinstance(given, str) else "§inline"


def _above_zero(given: float) -> float:
    if not given > 0.0:
        what = f"an importance is above 0, not {given_number(given)}"
        raise ValueError(f"{what}; leave out what does not count")
    return given


class Member(Strict):
    """One scenario of a portfolio and its importance; a plain string stands for its path."""

    model_config = ConfigDict(json_schema_extra=shape.or_text())

    scenario: Annotated[
        Annotated[Name, Tag("§path")] | Annotated[Scenario, Tag("§inline")],
        Discriminator(_which_scenario),
    ]
    importance: Annotated[
        float,
        AfterValidator(_above_zero),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    ] = 1.0

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, given: Any) -> Any:
        return {"scenario": given} if isinstance(given, str) else given


class Portfolio(Document):
    """The scenarios of one organisation, decided together.

    Each scenario is a path, the name of a shipped scenario, or a whole scenario; ``importance`` is
    what it counts against the others, such as its volume or its cost. What ``profile`` says holds
    for every scenario that does not say otherwise itself.
    """

    kind: ClassVar[str] = "portfolio"

    format: Literal["mcda/portfolio/1"] = "mcda/portfolio/1"
    id: Name
    title: Text | None = None
    description: Text | None = None
    source: Source | None = None
    profile: Mapping[Name, AnyScalar] = {}
    scenarios: sequence_of(Member, min_length=1)  # type: ignore[valid-type]
    expected: Mapping[Name, Name | None] | None = None

    def placed(self, origin: Locator) -> Self:
        """The portfolio and its scenarios, remembering that they were read from `origin`."""
        for number, member in enumerate(self.scenarios):
            if isinstance(member.scenario, Scenario):
                member.scenario.placed(Inside(origin, ("scenarios", number, "scenario")))
        return super().placed(origin)


def documents() -> dict[str, type[BaseModel]]:
    """The document models by the kind that their ``format`` names."""
    return {
        "scenario": Scenario,
        "criteria": Criteria,
        "facts": FactsPack,
        "portfolio": Portfolio,
    }

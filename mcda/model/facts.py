"""The facts pack: what is known about options, each fact with its source and date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mcda.model.documents import Document
from mcda.model.text import Name, Prose, Strict, Text
from mcda.model.values import Day, Fact

__all__ = ["FactsPack", "KnownOption"]


class KnownOption(Strict):
    """An option's facts; `source` and `as_of` hold for the facts that give none themselves.

    `counterpart` names the option of the pack that it is fairly compared with, and that stands in
    for it where it is excluded; `instead` says the same in words.
    """

    title: Text | None = None
    source: Prose | None = None
    as_of: Day | None = None
    counterpart: Name | None = None
    instead: Text | None = None
    facts: Mapping[Name, Fact] = {}

    def fact(self, name: str) -> Fact:
        """The fact with the option's source and date filled in."""
        fact = self.facts[name]
        return fact.model_copy(
            update={
                "source": fact.source if fact.source is not None else self.source,
                "as_of": fact.as_of if fact.as_of is not None else self.as_of,
            }
        )


class FactsPack(Document):
    """Facts of options for one criteria model, as of one state of knowledge."""

    kind: ClassVar[str] = "facts"

    format: Literal["mcda/facts/1"] = "mcda/facts/1"
    id: Name
    title: Text | None = None
    description: Text | None = None
    criteria: Name
    options: Annotated[Mapping[Name, KnownOption], Field(min_length=1)]

"""What is shipped, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mcda.model.language import Language
from mcda.model.shown import Shown
from mcda.model.text import Text

__all__ = ["Catalog", "Entry", "Kind"]

Kind = Literal["criteria", "facts", "scenario", "portfolio"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One shipped document.

    Attributes
    ----------
    kind : str
        "criteria", "facts", "scenario" or "portfolio".
    name : str
        By which other documents, commands and calls find it.
    title : Text
    criteria : str or None
        The criteria model that a facts pack or a scenario belongs to; ``None`` for models, and for
        scenarios that bring their own criteria.
    path : Path
    """

    kind: Kind
    name: str
    title: Text
    criteria: str | None
    path: Path


@dataclass(frozen=True, eq=False)
class Catalog(Shown):
    """What is shipped, by kind and name.

    Attributes
    ----------
    criteria, scenarios, portfolios : mapping
        Name -> `Entry`.
    facts : mapping
        ``model/pack`` -> `Entry`.
    """

    criteria: Mapping[str, Entry]
    facts: Mapping[str, Entry]
    scenarios: Mapping[str, Entry]
    portfolios: Mapping[str, Entry]

    def __repr__(self) -> str:
        return (
            f"<Catalog: {len(self.criteria)} criteria models, {len(self.facts)} facts packs, "
            f"{len(self.scenarios)} scenarios, {len(self.portfolios)} portfolios>"
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of it: models, packs, scenarios, portfolios."""
        kinds = (self.criteria, self.facts, self.scenarios, self.portfolios)
        return tuple(entry for kind in kinds for entry in kind.values())

    def to_dict(self, lang: Language = "en") -> dict[str, Any]:
        """Plain data for JSON; titles in `lang`."""
        return {
            "format": "mcda/catalog/1",
            "entries": [
                {
                    "kind": each.kind,
                    "name": each.name,
                    "title": each.title.say(lang),
                    "criteria": each.criteria,
                    "path": str(each.path),
                }
                for each in self.entries
            ],
        }

"""What the scenarios of a run came to, counted part by part."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from mcda.bulk.leads import Leads

__all__ = ["Counts", "Summary"]


@dataclass
class Counts:
    """How many scenarios came to what.

    Attributes
    ----------
    scenarios, failed, missed : int
        All, those with an error, and those that are not as they are expected.
    recommended, verdicts : Counter
        Option or verdict -> how many scenarios.
    leads : Leads
        What the winners' leads are made of.
    """

    scenarios: int = 0
    failed: int = 0
    missed: int = 0
    recommended: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    leads: Leads = field(default_factory=Leads)

    @classmethod
    def of(cls, frame: Any, leads: Leads) -> Self:
        """Count the results of some scenarios, a Polars frame."""
        return cls(
            frame.height,
            frame.height - frame["error"].null_count(),
            frame.height - frame["missed"].null_count(),
            _counted(frame["recommended"]),
            _counted(frame["verdict"]),
            leads,
        )

    def merge(self, other: Counts) -> None:
        """Add another part's."""
        self.scenarios += other.scenarios
        self.failed += other.failed
        self.missed += other.missed
        self.recommended.update(other.recommended)
        self.verdicts.update(other.verdicts)
        self.leads.merge(other.leads)

    def to_json(self) -> str:
        """What stands in the metadata of a part."""
        leads = self.leads
        return json.dumps(
            {
                "scenarios": self.scenarios,
                "failed": self.failed,
                "missed": self.missed,
                "recommended": self.recommended,
                "verdicts": self.verdicts,
                "leads": [[*pair, n, leads.sums[pair]] for pair, n in leads.counts.items()],
                "titles": leads.titles,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What a part says of itself."""
        said: dict[str, Any] = json.loads(text)
        leads = Leads(titles=said.pop("titles"))
        for winner, second, count, amounts in said.pop("leads"):
            leads.add((winner, second), count, amounts)
        for name in ("recommended", "verdicts"):
            said[name] = Counter(said[name])
        return cls(**said, leads=leads)


@dataclass
class Summary(Counts):
    """What a run came to.

    Attributes
    ----------
    reused : int
        Parts that an earlier run had made.
    lost : list of str
        Jobs that could not be done, and why.
    doubled : list of (str, str, str)
        Ids that occur more than once, and where.
    rejects : Path or None
        The file of what failed.
    """

    reused: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)
    rejects: Path | None = None


def _counted(words: Any) -> Counter[str]:
    found = words.drop_nulls().value_counts().sort(words.name)  # Polars gives them in no order
    return Counter(dict(zip(found[words.name].to_list(), found["count"].to_list(), strict=True)))

"""What a run's scenarios came to, counted part by part."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mcda.bulk.columns import TALLY

__all__ = ["Tally"]


@dataclass
class Tally:
    """How many scenarios came to what.

    Attributes
    ----------
    scenarios, failed, missed : int
        All, those with an error, and those that are not as they are expected.
    recommended, verdicts : Counter
        Option or verdict -> how many scenarios.
    """

    scenarios: int = 0
    failed: int = 0
    missed: int = 0
    recommended: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, frame: Any) -> Tally:
        """Of the results of some scenarios."""
        return cls(
            frame.height,
            frame.height - frame["error"].null_count(),
            frame.height - frame["missed"].null_count(),
            _counted(frame["recommended"]),
            _counted(frame["verdict"]),
        )

    def merge(self, other: Tally) -> None:
        """Add another part's."""
        self.scenarios += other.scenarios
        self.failed += other.failed
        self.missed += other.missed
        self.recommended.update(other.recommended)
        self.verdicts.update(other.verdicts)

    def hide(self, frame: Any) -> Any:
        """The part's frame with these counts in the name of an empty column."""
        import polars as pl

        said = [self.scenarios, self.failed, self.missed, self.recommended, self.verdicts]
        return frame.with_columns(pl.lit(None).alias(TALLY + json.dumps(said, ensure_ascii=False)))

    @classmethod
    def found(cls, names: Sequence[str]) -> Tally:
        """What a part with columns of these names hides."""
        tally = cls()
        for name in names:
            if name.startswith(TALLY):
                every, failed, missed, recommended, verdicts = json.loads(name.removeprefix(TALLY))
                tally.merge(cls(every, failed, missed, Counter(recommended), Counter(verdicts)))
        return tally


def _counted(words: Any) -> Counter[str]:
    found = words.drop_nulls().value_counts()
    return Counter(dict(zip(found[words.name].to_list(), found["count"].to_list(), strict=True)))

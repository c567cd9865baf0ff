"""What a report is made from: a decision, why, what would change it, and how it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mcda.engine.decision import Decision
from mcda.explanation.explanation import Explanation, explain
from mcda.model.language import Language
from mcda.reports.blocks import cut
from mcda.reports.evaluation import title_of
from mcda.reports.page.markup import Html, joined, tag
from mcda.stability.sensitivity import Sensitivity, sensitivity_or_none

__all__ = ["SAMPLES", "SEED", "Material"]

#: Of rank acceptability, where nothing else is asked for.
SAMPLES, SEED = 8192, 0
#: Columns that a name takes in headings and sentences; it is whole in the table of all options.
_LONGEST = 90


@dataclass(frozen=True)
class Material:
    """Everything the parts of a report are made from; worked out when it is first asked for.

    Attributes
    ----------
    decision : Decision
    lang : str
    samples, seed : int
        For rank acceptability.
    command : str
        What makes the same report again; empty where that is not known.
    version : str
        Of the program that made it.
    methods : bool
        Whether to ask other methods as well.
    """

    decision: Decision
    lang: Language
    samples: int = SAMPLES
    seed: int = SEED
    command: str = ""
    version: str = ""
    methods: bool = False

    @cached_property
    def why(self) -> Explanation | None:
        """Why the first of the ranking comes before the second; ``None`` with nobody eligible."""
        return explain(self.decision) if self.decision.ranking else None

    @cached_property
    def found(self) -> Sensitivity | None:
        """What would change the answer; ``None`` without a winner that has rivals."""
        if self.decision.recommended is None or len(self.decision.ranking) < 2:
            return None
        if self.why is not None and (self.samples, self.seed) == (SAMPLES, SEED):
            # the explanation has worked it out for its own reasons
            return self.why.stability
        return sensitivity_or_none(self.decision, samples=self.samples, seed=self.seed)

    @property
    def earned(self) -> Mapping[str, float]:
        """Dimension -> share of the winner's lead; empty without a lead."""
        if self.decision.recommended is None or len(self.decision.ranking) < 2 or self.why is None:
            return {}
        return {name: each / self.why.margin for name, each in self.why.by_dimension.items()}

    def title(self, node: str) -> str:
        """A criterion's title."""
        return self.decision.problem.tree.titles[node].say(self.lang)

    def fact(self, name: str) -> str:
        """A fact's title: its own, or that of the criterion with its name; else its name."""
        field, titles = self.decision.problem.criteria.facts.get(name), self.decision.problem.tree
        said = titles.titles.get(name) if field is None or field.title is None else field.title
        return name if said is None else said.say(self.lang)

    def named(self, option: str) -> str:
        """An option's title, else its name; cut where it is very long."""
        return cut(title_of(self.decision, option, self.lang) or option, _LONGEST)

    def option(self, option: str) -> Html:
        """An option's whole title with its name, where that is another."""
        title = title_of(self.decision, option, self.lang)
        if not title:
            return joined(option)
        return joined(title, " ", tag("span", option, class_="id"))

"""The resolved problem: scenario, criteria and facts brought together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcda.model.criteria import Criteria, Gate
from mcda.model.documents import Document, Keys
from mcda.model.facts import FactsPack
from mcda.model.scenario import BestWorst, Method, ObjectiveMethod, Scenario
from mcda.model.text import Text
from mcda.model.tree import CriteriaTree
from mcda.model.values import Fact

__all__ = ["Opinion", "OptionFacts", "Pair", "Problem", "WeightPlan"]

#: Two criteria that are compared.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """An option with everything that is known about it."""

    name: str
    title: Text
    #: Checked facts; those that are unknown are not here.
    facts: Mapping[str, Fact]
    #: Facts said to be unknown (``null``); parts do not supply them.
    unknown: frozenset[str]
    #: Role -> name of the option that plays it.
    parts: Mapping[str, str]
    #: What it is fairly compared with, and what to look at where it is excluded.
    instead: Text | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one judge says."""

    importance: float
    judgements: Mapping[str, Mapping[Pair, float]]
    comparisons: Mapping[str, Mapping[Pair, float]]


@dataclass(frozen=True)
class WeightPlan:
    """Where every node's weights come from."""

    #: Per node, (a, b) -> how many times as important a is; defaults and the scenario's own.
    judgements: Mapping[str, Mapping[Pair, float]]
    #: Per node, child -> weight given directly or as points.
    direct: Mapping[str, Mapping[str, float]]
    #: Per node, groups of equally important children, the most important first.
    rankings: Mapping[str, tuple[tuple[str, ...], ...]]
    #: Per node, comparisons with the best and the worst child.
    best_worst: Mapping[str, BestWorst]
    #: How to take the leaves' weights from the options' values, if that is asked for.
    objective: ObjectiveMethod | None
    #: Name -> a judge with everything they say, defaults included; empty without judges.
    judges: Mapping[str, Opinion]
    #: Per leaf whose options are compared in pairs, (a, b) -> how many times as good a is.
    comparisons: Mapping[str, Mapping[Pair, float]]
    #: Whose judgements these are, where those of one judge are looked at alone.
    judge: str | None = None


@dataclass(frozen=True)
class Problem:
    """Everything a decision needs, self-contained and checked; see `mcda.model.resolve`."""

    scenario: Scenario
    criteria: Criteria
    pack: FactsPack | None
    tree: CriteriaTree
    options: tuple[OptionFacts, ...]
    #: What is known of the profile, defaults filled in.
    profile: Mapping[str, float | bool | str]
    gates: Mapping[str, Gate]
    weights: WeightPlan
    #: What was worked out from the criteria alone, shared by all scenarios of a loaded model.
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def remembered(self, what: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, worked out once for all problems that share their memo.

        It may depend on the criteria model alone, and on what its name says.
        """
        if what not in self.memo:
            self.memo[what] = make()
        return self.memo[what]

    @property
    def id(self) -> str:
        """The scenario's id."""
        return self.scenario.id

    @property
    def method(self) -> Method:
        """How to compute."""
        return self.scenario.method

    @property
    def title(self) -> Text:
        """The scenario's title, else its id."""
        return self.scenario.title or Text(en=self.id, zh=self.id)

    @property
    def stand_alone(self) -> bool:
        """Whether the scenario brings its own criteria."""
        return isinstance(self.scenario.criteria, Mapping)

    def weights_at(self, node: str) -> tuple[Document, Keys]:
        """The document and the keys that say how `node`'s children are weighted."""
        given = self.scenario.weights
        if given is not None:
            for way in ("judgements", "points", "ranking", "best_worst"):
                if node in (getattr(given, way) or {}):
                    return self.scenario, ("weights", way, node)
            if node in self.weights.direct:
                return self.scenario, ("weights", "direct")
            if given.objective is not None:
                return self.scenario, ("weights", "objective")
            judges = given.judges or {}
            alone = self.weights.judge
            asked = judges if alone is None else (alone,)
            saying = [judge for judge in asked if node in judges[judge].judgements]
            if len(saying) == 1:
                return self.scenario, ("weights", "judges", saying[0], "judgements", node)
            if saying:
                return self.scenario, ("weights", "judges")
            if alone is not None and node not in self.criteria.judgements:
                return self.scenario, ("weights", "judges", alone, "judgements")
        if node in self.criteria.judgements:
            return self.criteria, ("judgements", node)
        return self.scenario, ("weights",)

    def way_of(self, node: str) -> str:
        """How the weights of `node`'s children come about: the key under ``weights:``, or "model".

        "nothing" for a single child.
        """
        if len(self.tree.children[node]) == 1:
            return "nothing"
        if self.weights.objective is not None:
            return "objective"
        document, keys = self.weights_at(node)
        return (
            str(keys[-1] if len(keys) == 1 else keys[1]) if document is self.scenario else "model"
        )

    def influences_at(self) -> tuple[Document, Keys]:
        """The document and the key of the influences."""
        return (self.scenario if self.stand_alone else self.criteria), ("influences",)

    def gate_at(self, gate: str) -> tuple[Document, Keys]:
        """The document and the keys of a gate's rule."""
        if gate in self.scenario.constraints:
            return self.scenario, ("constraints", gate, "rule")
        return self.criteria, ("gates", gate, "rule")

    def option_at(self, option: str, fact: str | None = None) -> tuple[Document, Keys]:
        """The scenario and the keys of an option, or of where a fact of it belongs."""
        if fact is None:
            return self.scenario, ("options", option)
        inner = (fact,) if self.stand_alone else ("facts", fact)
        return self.scenario, ("options", option, *inner)

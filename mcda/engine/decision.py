"""What an evaluation returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import Contest
from mcda.engine.scoring import Scored
from mcda.engine.weighing import Weighed
from mcda.model.criteria import GOAL
from mcda.model.language import Language
from mcda.model.problem import Problem
from mcda.model.scenario import Verdict
from mcda.model.shown import Shown
from mcda.model.text import Notice, Text
from mcda.weighting.ahp import AhpResult
from mcda.weighting.best_worst import BestWorstResult
from mcda.weighting.consistency import Diagnostics, Repair
from mcda.weighting.group import Disagreement

__all__ = ["Admission", "Decision", "Excluded", "FailedGate", "Ranked", "Weights", "Workings"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An eligible option's place.

    Attributes
    ----------
    option : str
    closeness : float
        In [0, 1]; 1 is the ideal.
    rank : int
        Competition rank; ties share the better one.
    """

    option: str
    closeness: float
    rank: int


@dataclass(frozen=True, slots=True)
class FailedGate:
    """A gate that an option does not pass.

    Attributes
    ----------
    gate : str
    because : Text
        Why the gate exists.
    unknown : tuple of str
        Facts and profile fields that would have to be known; empty if the answer is no.
    remedy : Text or None
        What would let an option pass, if the criteria model says it.
    """

    gate: str
    because: Text
    unknown: tuple[str, ...] = ()
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """An option that gates exclude.

    Attributes
    ----------
    option : str
    gates : tuple of FailedGate
        All gates it fails, in the model's order; never empty.
    closeness : float or None
        What it would have had; ``None`` where its values are not known.
    would_have_won : bool or None
        Whether it would have beaten every eligible option; ``None`` where that is not known, or
        there is none to beat.
    instead : Text or None
        What to look at in its place, if the facts pack or the scenario says it.
    """

    option: str
    gates: tuple[FailedGate, ...]
    closeness: float | None
    would_have_won: bool | None
    instead: Text | None = None

    @property
    def gate(self) -> str:
        """The first gate it fails."""
        return self.gates[0].gate

    @property
    def because(self) -> Text:
        """The reason of the first gate it fails."""
        return self.gates[0].because


@dataclass(frozen=True, slots=True)
class Admission:
    """A change of one profile field that would make an excluded option eligible.

    Attributes
    ----------
    option : str
    field : str
    value, changed : number or bool
        As it is, and the nearest that lets the option pass: a whole level where the field has
        levels.
    """

    option: str
    field: str
    value: float | bool
    changed: float | bool


@dataclass(frozen=True, eq=False)
class Weights(Mapping[str, float]):
    """Weights at every step; as a mapping, leaf -> judged weight (sum 1).

    Attributes
    ----------
    judged : mapping
        Leaf -> weight from the judgements, the product down the tree.
    final : mapping
        Leaf -> weight after influences.
    effective : mapping
        Leaf -> share u_j / sum of u with which TOPSIS weighs squared gaps.
    local : mapping
        Node with children -> child -> weight among its siblings.
    dimension_of : mapping
        Leaf -> dimension.
    """

    judged: Mapping[str, float]
    final: Mapping[str, float]
    effective: Mapping[str, float]
    local: Mapping[str, Mapping[str, float]]
    dimension_of: Mapping[str, str] = field(repr=False)

    def __getitem__(self, leaf: str) -> float:
        return self.judged[leaf]

    def __iter__(self) -> Any:
        return iter(self.judged)

    def __len__(self) -> int:
        return len(self.judged)

    def by_dimension(self, step: str = "judged") -> dict[str, float]:
        """Dimension -> sum over its leaves of "judged", "final" or "effective" weights."""
        totals: dict[str, float] = dict.fromkeys(self.local[GOAL], 0.0)
        for leaf, weight in getattr(self, step).items():
            totals[self.dimension_of[leaf]] += weight
        return totals


@dataclass(frozen=True, slots=True)
class JudgeView:
    """What one judge says alone.

    Attributes
    ----------
    name : str
    importance : float
    recommended, verdict : str or None
        What the evaluation would say by this judge's judgements alone.
    weights : mapping
        Dimension -> weight by this judge alone.
    consensus : mapping
        Node -> geometric cardinal consensus index (Dong et al. 2010): 0 agrees with the group.
    problem : str
        Why this judge's judgements alone give no answer; empty if they do.
    consistency : mapping
        Node whose children, or leaf under which the options, this judge compared well enough to
        weigh them -> `AhpResult`.
    """

    name: str
    importance: float
    recommended: str | None
    verdict: Verdict | None
    weights: Mapping[str, float]
    consensus: Mapping[str, float]
    problem: str = ""
    consistency: Mapping[str, AhpResult] = field(default_factory=dict)

    @property
    def consistency_ratio(self) -> float | None:
        """The largest of all nodes; ``None`` where nothing can be weighed by this judge alone."""
        return max((each.consistency_ratio for each in self.consistency.values()), default=None)

    @property
    def worst_node(self) -> str:
        """The node with the largest ratio; empty where there is none."""
        ratios = {node: each.consistency_ratio for node, each in self.consistency.items()}
        return max(ratios, key=ratios.__getitem__) if ratios else ""

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The judgements to reconsider first, of the node with the largest ratio."""
        return self.consistency[self.worst_node].repairs if self.consistency else ()


@dataclass(frozen=True, slots=True)
class Group:
    """The judges behind a decision.

    Attributes
    ----------
    judges : tuple of JudgeView
    disagreements : tuple of Disagreement
        Comparisons that judges made differently, widest apart first.
    consensus : float or None
        Importance-weighted mean of the judges' consensus indices; 0 is full agreement.
    """

    judges: tuple[JudgeView, ...]
    disagreements: tuple[Disagreement, ...]
    consensus: float | None

    @property
    def inconsistent(self) -> tuple[JudgeView, ...]:
        """The judges who contradict themselves: whose consistency ratio is above its limit."""
        return tuple(
            judge
            for judge in self.judges
            if not all(each.consistent for each in judge.consistency.values())
        )


@dataclass(frozen=True, eq=False)
class Workings:
    """The arrays that a decision was made with; explanations and sensitivity go on from them.

    Attributes
    ----------
    scored : Scored
        Leaf values of all options, and the formulas behind them.
    weighed : Weighed
        Weights at every step.
    contest : Contest
        The eligible options' scores and closeness.
    """

    scored: Scored
    weighed: Weighed
    contest: Contest


@dataclass(frozen=True, eq=False)
class Decision(Shown):
    """The recommendation for one scenario, with everything it rests on.

    Attributes
    ----------
    scenario : str
        The scenario's id.
    recommended : str or None
        The winner; ``None`` on a tie or where nothing is eligible.
    verdict : str
        "clear", "close", "contested", "tie", "no_contest" (one eligible option) or
        "no_eligible_option".
    firmness : float or None
        Estimated chance that the winner stays ahead of its nearest rival under the noise of the
        judgements; ``None`` without a contest.
    margin : float or None
        Closeness of the winner less that of the runner-up.
    ranking : tuple of Ranked
        Eligible options, best first.
    excluded : tuple of Excluded
        The others, in the scenario's order.
    weights : Weights
    consistency : mapping
        Node whose children were judged -> `AhpResult`.
    values, scores : mapping
        Option -> leaf -> value in its unit, and score r in [0, 1] (1 = best end); ``None`` where
        not known, and scores of excluded options without declared domains.
    normalization : str
        The normalisation used.
    compared : mapping
        Leaf whose options were compared in pairs -> `AhpResult`.
    best_worst : mapping
        Node whose children were compared with the best and the worst -> `BestWorstResult`.
    synthesis : mapping
        Where options were compared under every leaf: option -> its AHP priority, the
        weighted sum of its priorities (distributive mode, Saaty 1977); else empty.
    group : Group or None
        The judges, if there are any.
    warnings : tuple of Notice
    problem : Problem
        The resolved problem.
    workings : Workings
        The arrays behind all this.
    """

    scenario: str
    recommended: str | None
    verdict: Verdict
    firmness: float | None
    margin: float | None
    ranking: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    weights: Weights
    consistency: Mapping[str, AhpResult]
    values: Mapping[str, Mapping[str, float | None]] = field(repr=False)
    scores: Mapping[str, Mapping[str, float | None]] = field(repr=False)
    normalization: str
    compared: Mapping[str, AhpResult]
    synthesis: Mapping[str, float]
    warnings: tuple[Notice, ...]
    problem: Problem = field(repr=False)
    workings: Workings = field(repr=False)
    group: Group | None = None
    best_worst: Mapping[str, BestWorstResult] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Decision {self.scenario!r}: {self.recommended!r}, {self.verdict}>"

    @property
    def diagnostics(self) -> Mapping[str, Diagnostics]:
        """Node or leaf -> how consistent the answers are that people gave about it."""
        return {**self.consistency, **self.compared, **self.best_worst}

    @property
    def relaxations(self) -> tuple[Excluded, ...]:
        """Excluded options, those that fail the fewest gates first."""
        return tuple(sorted(self.excluded, key=lambda each: len(each.gates)))

    @cached_property
    def admissions(self) -> tuple[Admission, ...]:
        """Single changes of the profile that would make an excluded option eligible."""
        from mcda.engine.admission import admissions_of

        return admissions_of(self)

    @property
    def counterpart(self) -> Text | None:
        """What the only eligible option is fairly compared with, if facts or scenario say it."""
        if self.verdict != "no_contest":
            return None
        return next(o.instead for o in self.problem.options if o.name == self.recommended)

    def to_dict(self, lang: Language = "en") -> dict[str, Any]:
        """Plain data for JSON; texts in `lang`, numbers unrounded."""
        alone = self.verdict in ("no_contest", "no_eligible_option")
        title = self.problem.title.say(lang)
        return {
            "scenario": self.scenario,
            "title": title,
            "recommended": self.recommended,
            "verdict": self.verdict,
            "firmness": self.firmness,
            "margin": self.margin,
            "ranking": [
                {"option": each.option, "closeness": each.closeness, "rank": each.rank}
                for each in self.ranking
            ],
            "excluded": [_excluded(each, lang) for each in self.excluded],
            "counterpart": None if self.counterpart is None else self.counterpart.say(lang),
            "admissions": [asdict(each) for each in self.admissions] if alone else [],
            "weights": {
                "judged": dict(self.weights.judged),
                "final": dict(self.weights.final),
                "effective": dict(self.weights.effective),
                "local": {node: dict(of) for node, of in self.weights.local.items()},
            },
            "consistency": {
                node: each.consistency_data() for node, each in self.diagnostics.items()
            },
            "synthesis": dict(self.synthesis),
            "group": None if self.group is None else _group(self.group),
            "values": {option: dict(of) for option, of in self.values.items()},
            "scores": {option: dict(of) for option, of in self.scores.items()},
            "method": {
                **self.problem.method.model_dump(),
                "normalization": self.normalization,
            },
            "warnings": [{"code": each.code, "message": each.say(lang)} for each in self.warnings],
        }


def _group(group: Group) -> dict[str, Any]:
    return {
        "consensus": group.consensus,
        "inconsistent": [judge.name for judge in group.inconsistent],
        "judges": [
            {
                "name": judge.name,
                "importance": judge.importance,
                "recommended": judge.recommended,
                "verdict": judge.verdict,
                "weights": dict(judge.weights),
                "consensus": dict(judge.consensus),
                "problem": judge.problem,
                "consistency_ratio": judge.consistency_ratio,
                "consistency": {
                    node: each.consistency_data() for node, each in judge.consistency.items()
                },
            }
            for judge in group.judges
        ],
        "disagreements": [
            {
                "node": each.node,
                "first": each.first,
                "second": each.second,
                "factor": each.factor,
                "lowest": each.lowest,
                "lowest_judge": each.lowest_judge,
                "highest": each.highest,
                "highest_judge": each.highest_judge,
            }
            for each in group.disagreements
        ],
    }


def _excluded(each: Excluded, lang: Language) -> dict[str, Any]:
    return {
        "option": each.option,
        "gate": each.gate,
        "because": each.because.say(lang),
        "gates": [
            {
                "gate": gate.gate,
                "because": gate.because.say(lang),
                "unknown": list(gate.unknown),
                "remedy": None if gate.remedy is None else gate.remedy.say(lang),
            }
            for gate in each.gates
        ],
        "closeness": each.closeness,
        "would_have_won": each.would_have_won,
        "instead": None if each.instead is None else each.instead.say(lang),
    }

"""Why one option comes closer to the ideal than another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mcda.dependency.dematel import Dematel, dematel
from mcda.dependency.walks import Flows, flows, strongest_walks
from mcda.engine.board import board_of
from mcda.engine.contest import Contest, coefficients_of, rank
from mcda.engine.decision import Decision, Excluded
from mcda.engine.reads import Reads, Slot, reads_of
from mcda.errors import InputError, hint
from mcda.explanation.attribution import AttributionMethod, attribute, nested
from mcda.explanation.evidence import Evidence, evidence_of
from mcda.explanation.facts import FactsOfLeaf, facts_of_leaf
from mcda.explanation.influences import InfluencedLead, Turn, edge_effects, turns
from mcda.explanation.variation import LevelEffect, lead_of, level_effects
from mcda.model.criteria import GOAL
from mcda.model.language import Language
from mcda.model.shown import Shown
from mcda.model.text import Text
from mcda.stability.sensitivity import (
    NearestFlip,
    Sensitivity,
    sensitivity_or_none,
)

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["ANTI_IDEAL", "Contrast", "Explanation", "InfluenceEffect", "Path", "explain"]

Floats = NDArray[np.float64]

#: What an option is explained against if there is no other: the worst end of every criterion.
ANTI_IDEAL = "anti-ideal"
#: Walks that `Explanation.paths` lists.
_MOST_PATHS = 12


@dataclass(frozen=True, slots=True)
class Path:
    """A way that earned closeness takes from where it was earned to the goal.

    Attributes
    ----------
    nodes : tuple of str
        Typed ids from the criterion that earns to the goal; empty for the remainder.
    weight : float
        The importance that takes this way; NaN for the remainder.
    amount : float
        What it earns.
    """

    nodes: tuple[str, ...]
    weight: float
    amount: float


@dataclass(frozen=True, slots=True)
class InfluenceEffect:
    """What a declared influence does to the lead.

    Attributes
    ----------
    source, target : str
        Who drives whom.
    share : float
    because : Text or None
    reference : str or None
        Where the influence comes from.
    flow, positive, negative : float
        What flows over it from the earning criteria: net, for and against.
    without : float
        The lead if this influence alone is taken away.
    effect : float
        Its Shapley value: all influences' sum to the lead less the lead without any.
    lower, upper : tuple of (float, str) or None
        The nearest shares below and above its own at which the winner changes, and who takes
        over; ``None`` if no possible share does it.
    """

    source: str
    target: str
    share: float
    because: Text | None
    reference: str | None
    flow: float
    positive: float
    negative: float
    without: float
    effect: float
    lower: tuple[float, str] | None
    upper: tuple[float, str] | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """What choosing another option would gain and give up.

    Attributes
    ----------
    option : str
    lead : float
        Of the explained option over this one.
    gains, gives_up : mapping
        Leaf -> closeness that this option has ahead of, or behind, the explained one; largest
        first, all above zero.
    gates : tuple of str
        Gates that exclude this option.
    """

    option: str
    lead: float
    gains: Mapping[str, float]
    gives_up: Mapping[str, float]
    gates: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Explanation(Shown):
    """Why one option comes closer to the ideal than another; every number adds up to the margin.

    Attributes
    ----------
    decision : Decision
    option : str
        The option that is explained: the first of the ranking.
    against : str or None
        The option it is compared with; ``None`` is the anti-ideal, the worst end of every
        criterion.
    margin : float
        Closeness of `option` less that of `against`.
    contributions : mapping
        Leaf -> what it earns of the margin; below zero speaks for `against`.
    method : str
        How the margin is shared out: "shapley", "owen" or "winter" along the tree of criteria,
        or "aumann_shapley" where that takes too long.
    frozen : bool
        Whether no domains are used, so that scores depend on the options compared. The amounts
        hold the ideals and the normalisation fixed.
    closeness : tuple of float
        Of `option` and of `against`.
    """

    decision: Decision
    option: str
    against: str | None
    margin: float
    contributions: Mapping[str, float]
    method: AttributionMethod
    frozen: bool
    closeness: tuple[float, float]
    contest: Contest = field(repr=False)

    @property
    def pair(self) -> tuple[int, int | None]:
        """Positions of both among the problem's options; ``None`` is the anti-ideal."""
        position = self._position
        return position[self.option], None if self.against is None else position[self.against]

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {option.name: i for i, option in enumerate(self.decision.problem.options)}

    @property
    def by_dimension(self) -> dict[str, float]:
        """Dimension that earns -> amount; sums to the margin."""
        return self._summed(self.contributions)

    def _summed(self, amounts: Mapping[str, float]) -> dict[str, float]:
        totals = dict.fromkeys(self.decision.problem.tree.dimensions, 0.0)
        for leaf, amount in amounts.items():
            totals[self.decision.weights.dimension_of[leaf]] += amount
        return totals

    @cached_property
    def reads(self) -> Mapping[str, Reads]:
        """Leaf -> what its value is made from."""
        problem = self.decision.problem
        compiled = self.decision.workings.scored.compiled
        return {
            leaf.id: reads_of(leaf, compiled, problem.criteria.facts)
            for leaf in problem.tree.leaves
            if leaf.id not in self.decision.compared
        }

    @cached_property
    def facts(self) -> Mapping[str, FactsOfLeaf]:
        """Leaf -> what each fact contributes to its amount; not for options compared in pairs."""
        scored = self.decision.workings.scored
        found = {}
        for j, leaf in enumerate(self.decision.problem.tree.leaves):
            if leaf.id not in self.reads:
                continue
            first, other = self.pair
            reads, amount = self.reads[leaf.id], self.contributions[leaf.id]
            if other is None:
                only = {reads.slots[0]: amount} if len(reads.slots) == 1 else {}
                found[leaf.id] = FactsOfLeaf(only, "own" if only else "together", {})
                continue
            values = (float(scored.values[first, j]), float(scored.values[other, j]))
            found[leaf.id] = facts_of_leaf(
                leaf, reads, scored.options, (first, other), values, amount
            )
        return found

    @cached_property
    def flows(self) -> tuple[Flows, Flows]:
        """What flows for the option and what against it, from earning to judged leaves."""
        gains = np.zeros((2, len(self.contributions)))
        for j, (leaf, amount) in enumerate(self.contributions.items()):
            amounts = list(self.facts[leaf].amounts.values()) if leaf in self.facts else []
            for each in amounts or [amount]:
                gains[int(each < 0), j] += each
        weighed = self.decision.workings.weighed
        earned = np.divide(gains, weighed.final, where=weighed.final > 0, out=np.zeros_like(gains))
        return (
            flows(weighed.transfer, weighed.judged, earned[0]),
            flows(weighed.transfer, weighed.judged, earned[1]),
        )

    @cached_property
    def _earned(self) -> Floats:
        """Q (m,): what each unit of w* earns."""
        final = self.decision.workings.weighed.final
        amounts = np.array(list(self.contributions.values()), dtype=np.float64)
        earned: Floats = np.divide(amounts, final, where=final > 0, out=np.zeros_like(amounts))
        return earned

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The walks that earn or cost most, then a remainder: they sum to the margin."""
        tree, weighed = self.decision.problem.tree, self.decision.workings.weighed
        walks = strongest_walks(weighed.transfer, weighed.judged, self._earned, _MOST_PATHS)
        found = []
        for walk in walks:
            earning = [tree.leaf_ids[j] for j in reversed(walk.criteria)]
            upwards = tree.leaves[walk.criteria[0]].path[-2::-1]
            nodes = (*(f"criterion:{name}" for name in (*earning, *upwards)), "goal")
            found.append(Path(nodes, walk.weight, walk.amount))
        rest = self.margin - sum(path.amount for path in found)
        return (*found, Path((), float("nan"), rest))

    @cached_property
    def origins(self) -> Mapping[str, Mapping[str, float]]:
        """Dimension that earns -> dimension whose judged importance it earned with -> amount."""
        tree, weighed = self.decision.problem.tree, self.decision.workings.weighed
        matrix = self._earned[:, None] * weighed.transfer.matrix * weighed.judged
        result = {name: dict.fromkeys(tree.dimensions, 0.0) for name in tree.dimensions}
        for i, earning in enumerate(tree.leaves):
            for j, judged in enumerate(tree.leaves):
                result[earning.dimension][judged.dimension] += float(matrix[i, j])
        return result

    @property
    def judged_dimensions(self) -> dict[str, float]:
        """Dimension whose judged importance earned it -> amount; sums to the margin."""
        totals = dict.fromkeys(self.decision.problem.tree.dimensions, 0.0)
        for amounts in self.origins.values():
            for name, amount in amounts.items():
                totals[name] += amount
        return totals

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The flow of the margin from facts over criteria to the goal; see `build_graph`."""
        from mcda.explanation.graph import build_graph

        return build_graph(self)

    @cached_property
    def profile(self) -> tuple[LevelEffect, ...]:
        """What one step of each profile field does, where it does anything, to the margin."""
        read = {edge[0] for reads in self.reads.values() for edge in reads.edges}
        effects = level_effects(self.decision, self.contest.columns, self.pair, self.margin)
        return tuple(
            each
            for each in effects
            if f"profile:{each.field}" in read or each.excluded or each.flips
        )

    @property
    def influence_graph(self) -> nx.DiGraph[str]:
        """The declared influences between the nodes of the tree."""
        from mcda.dependency.graph import influence_graph

        problem = self.decision.problem
        nodes = [node for node in problem.tree.leaves_below if node != GOAL]
        return influence_graph(nodes, problem.criteria.influences)

    @cached_property
    def influences(self) -> tuple[InfluenceEffect, ...]:
        """What each declared influence does to the margin; empty with dependencies: off."""
        return tuple(self._influences())

    def _influences(self) -> Iterator[InfluenceEffect]:
        weighed, problem = self.decision.workings.weighed, self.decision.problem
        if problem.method.dependencies == "off" or not weighed.edges:
            return
        first, other = self.pair
        columns = self.contest.columns
        r = self.contest.scores.r
        if other is None:
            r = np.column_stack([r, np.zeros(len(r))])
        rival = r.shape[1] - 1 if other is None else columns.index(other)
        own = replace(board_of(self.decision), scale=self.contest.scores.scale, r=r)
        effects = edge_effects(InfluencedLead(own), columns.index(first), rival)
        # the winner changes if any eligible option takes over, whomever it is explained against
        eligible = self.decision.workings.contest
        others = [i for i, option in enumerate(eligible.columns) if option != first]
        contest = InfluencedLead(board_of(self.decision))
        for number, (edge, each) in enumerate(
            zip(weighed.edges, problem.criteria.influences, strict=True)
        ):
            flowing = [
                self._over(number, along) for along in (self.flows[0].along, self.flows[1].along)
            ]
            found: tuple[Turn | None, Turn | None] = (None, None)
            if self.decision.recommended == self.option:
                found = turns(contest, number, eligible.columns.index(first), others)
            lower, upper = (
                None
                if turn is None
                else (turn.share, problem.options[eligible.columns[turn.rival]].name)
                for turn in found
            )
            yield InfluenceEffect(
                each.from_,
                each.to,
                edge.share,
                each.because,
                each.source,
                sum(flowing),
                flowing[0],
                flowing[1],
                float(effects.without[number]),
                float(effects.shares[number]),
                lower,
                upper,
            )

    def _over(self, number: int, along: Floats) -> float:
        """What flows over one influence: its part of the shares between its leaves."""
        weighed = self.decision.workings.weighed
        edge, shares = weighed.edges[number], weighed.transfer.shares
        where = np.ix_(edge.sources, edge.targets)
        whole = shares[where]
        part = np.divide(
            edge.share * edge.inside[:, None], whole, where=whole > 0, out=np.zeros_like(whole)
        )
        return float((along[where] * part).sum())

    @cached_property
    def dematel(self) -> Mapping[str, tuple[float, float]]:
        """Node -> DEMATEL's prominence and relation, where that exists; a diagnostic only."""
        declared = self.decision.problem.criteria.influences
        names = list(dict.fromkeys(name for each in declared for name in (each.from_, each.to)))
        direct = np.zeros((len(names), len(names)))
        for each in declared:
            direct[names.index(each.from_), names.index(each.to)] = each.share
        try:
            found: Dematel = dematel(direct)
        except InputError:
            return {}
        return {
            name: (float(p), float(r))
            for name, p, r in zip(names, found.prominence, found.relation, strict=True)
        }

    @cached_property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Every other option that can be scored, as the scenario orders them."""
        found = []
        for name in self._position:
            if name == self.option:
                continue
            one = self if name == self.against else _explained(self.decision, name)
            if one is None:
                continue
            signed = sorted(one.contributions.items(), key=lambda item: -abs(item[1]))
            gates = next((e.gates for e in self.decision.excluded if e.option == name), ())
            found.append(
                Contrast(
                    name,
                    one.margin,
                    {leaf: -amount for leaf, amount in signed if amount < 0},
                    {leaf: amount for leaf, amount in signed if amount > 0},
                    tuple(gate.gate for gate in gates),
                )
            )
        return tuple(found)

    @cached_property
    def stability(self) -> Sensitivity | None:
        """What would change the answer; ``None`` where too many options could win."""
        return sensitivity_or_none(self.decision)

    @property
    def thresholds(self) -> Mapping[str, tuple[NearestFlip, ...]]:
        """Other eligible option -> single changes that make it win, the nearest of each kind."""
        return {} if self.stability is None else self.stability.thresholds

    @cached_property
    def evidence(self) -> Evidence:
        """What the facts behind the margin rest on."""
        amounts: list[tuple[tuple[Slot, ...], float]] = []
        for leaf, facts in self.facts.items():
            slots = self.reads[leaf].slots
            if facts.split == "together":
                amounts.append((slots, self.contributions[leaf]))
            else:
                amounts += [((slot,), facts.amounts[slot]) for slot in slots]
        return evidence_of(self.decision, self.contest.columns, self.pair, self.margin, amounts)

    @property
    def exclusion(self) -> Excluded | None:
        """Why the option it is compared with is not eligible, if it is not."""
        return next((e for e in self.decision.excluded if e.option == self.against), None)

    def sentences(self, lang: Language = "en") -> list[str]:
        """Three to seven sentences that say why, for readers."""
        from mcda.explanation.sentences import sentences

        return sentences(self, lang)

    def to_dict(self, lang: Language = "en") -> dict[str, Any]:
        """Plain data for JSON; texts in `lang`, numbers unrounded."""
        from mcda.explanation.data import to_dict

        return to_dict(self, lang)


def explain(decision: Decision, against: str | None = None) -> Explanation:
    """Why the winner wins.

    Parameters
    ----------
    decision
        From `mcda.evaluate`.
    against
        The option that the winner is compared with: by default the runner-up. An excluded option
        is compared as if it were eligible. "anti-ideal" compares with the worst end of every
        criterion, which is also what the only eligible option is compared with.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        If no option is eligible, `against` is no other option of the decision, or it cannot be
        scored.

    Examples
    --------
    >>> from mcda import Scenario, evaluate
    >>> laptop = Scenario(
    ...     id="laptop",
    ...     criteria={
    ...         "price": {"direction": "cost", "unit": "EUR", "domain": [500, 2500]},
    ...         "battery": {"direction": "benefit", "unit": "h", "domain": [4, 20]},
    ...     },
    ...     options={"a": {"price": 900, "battery": 9}, "b": {"price": 1500, "battery": 16}},
    ...     weights={"judgements": {"goal": {"price vs battery": 2}}},
    ... )
    >>> explanation = explain(evaluate(laptop))
    >>> explanation.option, explanation.against, round(explanation.margin, 3)
    ('a', 'b', 0.124)
    >>> {name: round(amount, 3) for name, amount in explanation.contributions.items()}
    {'price': 0.225, 'battery': -0.101}
    """
    if not isinstance(decision, Decision):
        raise InputError(
            f"expected a decision, got {type(decision).__name__}",
            "Evaluate first: mcda.explain(mcda.evaluate(...))",
        )
    if against is not None and not isinstance(against, str):
        raise InputError(
            f"against= is an option's name, not {type(against).__name__}", "Name an option"
        )
    if not decision.ranking:
        gates = "; ".join(
            f"{each.option} by {', '.join(gate.gate for gate in each.gates)}"
            for each in decision.excluded
        )
        raise InputError(
            f"nothing is recommended, every option is excluded ({gates})",
            "Relax a gate or add an option",
        )
    names = [option.name for option in decision.problem.options]
    winner = decision.ranking[0].option
    if against is None and len(decision.ranking) > 1:
        against = decision.ranking[1].option
    elif against is None or (against == ANTI_IDEAL and ANTI_IDEAL not in names):
        return _against_anti_ideal(decision, winner)
    if against not in names:
        raise InputError(f"there is no option {against!r}", hint(against, [*names, ANTI_IDEAL]))
    if against == winner:
        raise InputError(f"{winner!r} leads the ranking itself", "Name another option")
    found = _explained(decision, against)
    if found is None:
        known = decision.workings.scored.known[names.index(against)].all()
        why = "its values cannot be scored" if known else "not all that its scores need is known"
        raise InputError(
            f"{against!r} is excluded, and {why}",
            "Correct its facts, or explain against another option",
        )
    return found


def _explained(decision: Decision, against: str) -> Explanation | None:
    """The winner against an option, excluded or not; ``None`` where that cannot be scored."""
    contest, problem = decision.workings.contest, decision.problem
    names = [option.name for option in problem.options]
    other = names.index(against)
    if other not in contest.columns:
        excluded = next(each for each in decision.excluded if each.option == against)
        if excluded.closeness is None:
            return None
        # as when it was asked whether it would have won
        contest = rank(
            problem,
            decision.workings.scored.values,
            (*contest.columns, other),
            decision.workings.weighed,
            contest.normalization,
        )
    winner = decision.ranking[0].option
    first, second = contest.columns.index(names.index(winner)), contest.columns.index(other)
    r = contest.scores.r
    return _attributed(decision, contest, winner, against, r[:, first], r[:, second])


def _against_anti_ideal(decision: Decision, winner: str) -> Explanation:
    contest = decision.workings.contest
    first = contest.columns.index(
        next(i for i, each in enumerate(decision.problem.options) if each.name == winner)
    )
    r = contest.scores.r[:, first]
    return _attributed(decision, contest, winner, None, r, np.zeros_like(r))


def _attributed(
    decision: Decision,
    contest: Contest,
    winner: str,
    against: str | None,
    first: Floats,
    other: Floats,
) -> Explanation:
    problem = decision.problem
    u, _ = coefficients_of(problem, decision.workings.weighed, contest.scores.scale)
    found = attribute(u, first, other, nested(problem.tree))
    names = [option.name for option in problem.options]
    pair = (names.index(winner), None if against is None else names.index(against))
    margin = lead_of(contest, decision.workings.weighed, pair)
    own = float(contest.closeness[contest.columns.index(pair[0])])
    return Explanation(
        decision,
        winner,
        against,
        margin,
        dict(zip(problem.tree.leaf_ids, map(float, found.contributions), strict=True)),
        found.method,
        contest.normalization != "domain",
        (own, own - margin),
        contest,
    )

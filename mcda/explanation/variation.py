"""How the lead changes when the profile or a fact does: everything worked out anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from mcda.engine.contest import Contest, inside, rank
from mcda.engine.decision import Decision
from mcda.engine.evaluate import with_comparisons
from mcda.engine.scoring import OptionValues, score
from mcda.engine.variants import variants_of_profile
from mcda.engine.weighing import Weighed, weigh
from mcda.errors import McdaError
from mcda.model.criteria import ProfileField
from mcda.model.problem import OptionFacts, Problem

__all__ = ["LevelEffect", "Varied", "level_effects", "varied", "vary_fact"]

Value = float | bool | str

#: A number without levels moves by this share of its domain.
_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Varied:
    """A contest after a change.

    Attributes
    ----------
    lead : float or None
        Of the explained option over the other; ``None`` where one cannot be scored any more.
    excluded : tuple of str
        Options of the two that gates exclude after the change.
    """

    lead: float | None
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """What one step of a profile field, or the other answer to a yes/no, does to the lead.

    Attributes
    ----------
    field : str
    value, changed : number, bool or str
        As it is, and after the step.
    effect : float or None
        Change of the lead; ``None`` where an option cannot be scored after the step.
    excluded : tuple of str
        Options of the two that gates exclude after the step.
    leader : str or None
        Who would lead all eligible options then; ``None`` for nobody.
    flips : bool
        Whether that is not who leads now.
    """

    field: str
    value: Value
    changed: Value
    effect: float | None
    excluded: tuple[str, ...]
    leader: str | None
    flips: bool


def varied(
    decision: Decision, problem: Problem, columns: tuple[int, ...], pair: tuple[int, int | None]
) -> Varied:
    """The lead in a changed problem.

    Parameters
    ----------
    decision
        Of the problem as it was.
    problem
        With another profile or other facts; judgements are the same.
    columns
        The options that are ranked together.
    pair
        Positions of the explained option and the other, ``None`` for the anti-ideal.
    """
    compiled = decision.workings.scored.compiled
    try:
        options = OptionValues(problem, compiled)
        scored = with_comparisons(score(options), problem, decision.compared)
        excluded = tuple(
            problem.options[option].name
            for option in pair
            if option is not None
            and decision.workings.scored.eligible[option]
            and not scored.eligible[option]
        )
        leaves = problem.tree.leaves
        normalization = decision.workings.contest.normalization
        if normalization == "domain":
            # others' scores do not matter
            columns = tuple(option for option in pair if option is not None)
        for option in columns:
            for j, leaf in enumerate(leaves):
                if not scored.known[option, j] or not inside(scored.values[option, j], leaf.domain):
                    return Varied(None, excluded)
        weighed = decision.workings.weighed
        if problem.weights.objective is not None:
            values = scored.values[list(decision.workings.contest.columns)]
            if np.isnan(values).any():
                return Varied(None, excluded)
            weighed = weigh(problem, values)
        contest = rank(problem, scored.values, columns, weighed, normalization)
    except McdaError:
        return Varied(None, ())
    return Varied(lead_of(contest, weighed, pair), excluded)


def lead_of(contest: Contest, weighed: Weighed, pair: tuple[int, int | None]) -> float:
    """Closeness of one option less that of another, or of the anti-ideal."""
    first, other = pair
    own = contest.closeness[contest.columns.index(first)]
    if other is None:
        # where no criterion counts, everything is halfway
        counts = bool((weighed.final * contest.scores.scale).any())
        return float(own - (0.0 if counts else 0.5))
    return float(own - contest.closeness[contest.columns.index(other)])


def level_effects(
    decision: Decision,
    columns: tuple[int, ...],
    pair: tuple[int, int | None],
    lead: float,
) -> tuple[LevelEffect, ...]:
    """What one step up or down of each profile field that has steps does to the lead.

    A step is a level, a tenth of a domain with two ends, or the other answer to a yes/no. Choices
    have no order, and of an amount or a rate without two ends nothing says how long a step is.
    """
    problem = decision.problem
    found = []
    for name, declared in problem.criteria.profile.items():
        value = problem.profile.get(name)
        if value is None:
            continue
        for changed in _steps(declared, value):
            after = varied(
                decision,
                replace(problem, profile={**problem.profile, name: changed}),
                columns,
                pair,
            )
            effect = None if after.lead is None else after.lead - lead
            variants = variants_of_profile(decision, name, [changed])
            leader = int(variants.leaders(pair[0])[0])
            known = bool(variants.valid[0])
            found.append(
                LevelEffect(
                    name,
                    value,
                    changed,
                    effect,
                    after.excluded,
                    problem.options[leader].name if known and leader >= 0 else None,
                    known and leader != pair[0],
                )
            )
    return tuple(found)


def _steps(declared: ProfileField, value: Value) -> Iterator[Value]:
    """The values next to a value, below and above."""
    if isinstance(value, bool):
        yield not value
        return
    low, high = declared.bounds
    if isinstance(value, str) or low is None or high is None:
        return
    step = 1.0 if declared.levels else _STEP * high - _STEP * low
    for changed in (value - step, value + step):
        clipped = float(min(max(changed, low), high))
        if clipped != value and np.isfinite(clipped):
            # 0.6 and no 0.6000000000000001
            yield float(f"{clipped:.12g}")


def vary_fact(
    decision: Decision,
    columns: tuple[int, ...],
    pair: tuple[int, int | None],
    option: str,
    fact: str,
    value: float,
) -> float | None:
    """The lead if one fact of one option had another value; ``None`` without a contest then."""
    problem = decision.problem

    def changed(each: OptionFacts) -> OptionFacts:
        if each.name != option:
            return each
        facts: Mapping[str, object] = {
            **each.facts,
            fact: each.facts[fact].model_copy(update={"value": value}),
        }
        return replace(each, facts=facts)  # type: ignore[arg-type]

    options = tuple(map(changed, problem.options))
    after = varied(decision, replace(problem, options=options), columns, pair)
    return None if after.excluded else after.lead

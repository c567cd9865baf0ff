"""What would change the answer: everything about the stability of one decision."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board, board_of
from mcda.engine.decision import Decision
from mcda.engine.weighing import weights_inside
from mcda.errors import InputError
from mcda.model.language import Language
from mcda.model.shown import Shown
from mcda.ranking.kernel import Scores
from mcda.robustness.contenders import contenders
from mcda.robustness.crossings import nearest_win
from mcda.stability.acceptability import Acceptability, Sampler, acceptability, ranged_facts
from mcda.stability.breakeven import BreakEven, NotCompared, declared_break_evens
from mcda.stability.group import JudgeFlip, judge_flips
from mcda.stability.intervals import Interval, degree_along, intervals, moving
from mcda.stability.judgements import (
    Influential,
    JudgementFlip,
    influential,
    judgement_flips,
    path_of_judgement,
    scale_steps,
)
from mcda.stability.methods import OtherMethod, ReversalTest, other_methods, reversal_tests
from mcda.stability.tipping import TippingPoint, tipping_points
from mcda.stability.transfers import NearestChange, Transfer, nearest_changes, transfers

__all__ = [
    "MOST_OPTIONS",
    "LeftOut",
    "NearestFlip",
    "Sensitivity",
    "sensitivity",
    "sensitivity_or_none",
]

#: Samples at most.
MOST_SAMPLES = 2**20
#: Options that thresholds are worked out for at most; of more, those that could win.
MOST_OPTIONS = 1000
#: Options whose thresholds are looked for.
_MOST_OPTIONS = 13


@dataclass(frozen=True, slots=True)
class NearestFlip:
    """One of the smallest single changes that change the winner.

    Attributes
    ----------
    kind : str
        "weight", "judgement", "fact", "profile", "value" or "judge".
    name : tuple of str
        What changes: a criterion; a node and the two compared (and the judge); an option and a
        fact or leaf; a profile field; a judge.
    value, changed : number, bool or str
        As it is, and where the winner changes.
    unit : str or None
    winner : str or None
        Who takes over.
    distance : float
        A share of what the value can span: of the domain, of the weight's range 0 to 1, of the
        16 steps of Saaty's scale.
    """

    kind: Literal["weight", "judgement", "fact", "profile", "value", "judge"]
    name: tuple[str, ...]
    value: float | bool | str
    changed: float | bool | str
    unit: str | None
    winner: str | None
    distance: float


class TooManyError(InputError):
    """More options could win than thresholds are worked out for."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Eligible options that cannot win whatever the weights are, and so were left out.

    Attributes
    ----------
    count : int
        How many.
    places : int
        How many others at least are as good as each of them on every criterion, and better on
        one; none of them overtakes these, though it may tie. Ranks beyond so many are those among
        the options that were looked at.
    """

    count: int
    places: int


@dataclass(frozen=True, eq=False)
class Sensitivity(Shown):
    """What would change the answer; every part is worked out when it is first asked for.

    Attributes
    ----------
    decision : Decision
    samples, seed : int
        For `acceptability`.
    sampler : str
        See `mcda.stability.acceptability`.
    limits : mapping or None
        Local weights' intervals, for the sampler "intervals".
    left_out : LeftOut or None
        With more than a thousand eligible options, those that cannot win.
    among : Decision
        The same decision with the other options in its contest only.
    """

    decision: Decision
    samples: int
    seed: int
    sampler: Sampler = "judgements"
    limits: Mapping[str, tuple[float, float]] | None = None
    left_out: LeftOut | None = field(init=False)
    among: Decision = field(init=False, repr=False)
    board: Board = field(init=False, repr=False)

    def __post_init__(self) -> None:
        among, left_out = _among(self.decision)
        object.__setattr__(self, "left_out", left_out)
        object.__setattr__(self, "among", among)
        object.__setattr__(self, "board", board_of(among))

    @cached_property
    def intervals(self) -> Mapping[str, Interval]:
        """Dimension or leaf -> how far its judged weight can move, the others in proportion."""
        return intervals(self.among, self.board)

    @cached_property
    def transfers(self) -> tuple[Transfer, ...]:
        """The smallest transfers of weight between two criteria that change the winner."""
        return transfers(self.among, self.board)

    @cached_property
    def nearest_changes(self) -> tuple[NearestChange, ...]:
        """The smallest changes of all leaf weights together, in L1 and L2."""
        return nearest_changes(self.among, self.board, self.seed)

    @cached_property
    def judgements(self) -> tuple[JudgementFlip, ...]:
        """Every judgement with the values at which the winner changes, the nearest first."""
        return judgement_flips(self.among, self.board)

    @cached_property
    def tipping_points(self) -> tuple[TippingPoint, ...]:
        """Facts, profile fields and leaf values at which the winner changes, the nearest first."""
        return tipping_points(self.among, self.board)

    @property
    def break_evens(self) -> tuple[BreakEven, ...]:
        """Where two options tie in a measure, for those that the criteria model declares."""
        return self._break_evens[0]

    @property
    def not_compared(self) -> tuple[NotCompared, ...]:
        """Options and pairs for which `break_evens` has none, and why."""
        return self._break_evens[1]

    @cached_property
    def _break_evens(self) -> tuple[tuple[BreakEven, ...], tuple[NotCompared, ...]]:
        return declared_break_evens(self.decision)

    @cached_property
    def acceptability(self) -> Acceptability | None:
        """How often each option gets each rank; ``None`` with fewer than two eligible."""
        return acceptability(
            self.among,
            self.board,
            samples=self.samples,
            seed=self.seed,
            sampler=self.sampler,
            intervals=self.limits,
        )

    @cached_property
    def importance(self) -> tuple[Influential, ...]:
        """Which judgements drive the variance of the lead, those that drive it most first."""
        return influential(self.among, self.board)

    @cached_property
    def judges(self) -> tuple[JudgeFlip, ...]:
        """What each judge's share of the importance would have to become."""
        return judge_flips(self.among, self.board)

    @cached_property
    def methods(self) -> tuple[OtherMethod, ...]:
        """What other methods would say."""
        return other_methods(self.decision)

    @cached_property
    def reversals(self) -> tuple[ReversalTest, ...]:
        """Whether the ranking survives options that come, go or get worse."""
        return reversal_tests(self.decision)

    @cached_property
    def nearest(self) -> tuple[NearestFlip, ...]:
        """All single changes that change the winner, the nearest first."""
        found = [*self._weights(), *self._judgements(), *self._tipping(), *self._judges()]
        return tuple(sorted(found, key=lambda each: each.distance))

    @cached_property
    def thresholds(self) -> Mapping[str, tuple[NearestFlip, ...]]:
        """Other eligible option -> single changes that make it win, the nearest of each kind.

        Weights, judgements, and facts with the situation; the nearest first. Options beyond the
        first twelve of the ranking are left out.
        """
        decision = self.among
        if decision.recommended is None or len(decision.ranking) < 2:
            return {}
        return {
            each.option: wins_of(self, each.option) for each in decision.ranking[1:_MOST_OPTIONS]
        }

    def _weights(self) -> list[NearestFlip]:
        found = []
        for name, each in self.intervals.items():
            for end, rival in ((each.low, each.low_rival), (each.high, each.high_rival)):
                if rival is not None:
                    distance = abs(end - each.weight)
                    found.append(
                        NearestFlip("weight", (name,), each.weight, end, None, rival, distance)
                    )
        return found

    def _judgements(self) -> list[NearestFlip]:
        found = []
        for each in self.judgements:
            name = (each.node, each.first, each.second, *([each.judge] if each.judge else []))
            for flip in (each.below, each.above):
                if flip is not None:
                    steps = scale_distance(each.given, flip[0])
                    found.append(
                        NearestFlip("judgement", name, each.given, flip[0], None, flip[1], steps)
                    )
        return found

    def _tipping(self) -> list[NearestFlip]:
        return [
            NearestFlip(
                each.kind,
                (each.name,) if each.option is None else (each.option, each.name),
                each.value,
                flip.value,
                each.unit,
                flip.winner,
                each.distance_of(flip),
            )
            for each in self.tipping_points
            for flip in (each.below, each.above)
            if flip is not None
        ]

    def _judges(self) -> list[NearestFlip]:
        return [
            NearestFlip(
                "judge",
                (each.judge,),
                each.share,
                flip[0],
                None,
                flip[1],
                abs(flip[0] - each.share),
            )
            for each in self.judges
            for flip in (each.below, each.above)
            if flip is not None
        ]

    def to_dict(
        self,
        lang: Language = "en",
        *,
        break_evens: tuple[BreakEven, ...] | None = None,
        not_compared: tuple[NotCompared, ...] = (),
        methods: bool = False,
    ) -> dict[str, Any]:
        """Plain data for JSON, numbers unrounded; with `methods` and `reversals` if asked for.

        `break_evens` and `not_compared` stand in for those that the criteria model declares.
        """
        from mcda.stability.data import to_dict

        if break_evens is None:
            break_evens, not_compared = self._break_evens
        return to_dict(self, lang, break_evens, not_compared, methods)


def wins_of(found: Sensitivity, option: str) -> tuple[NearestFlip, ...]:
    """The nearest weight, judgement, and fact or situation that makes one option win."""
    decision, board = found.among, found.board
    columns = decision.workings.contest.columns
    names = [decision.problem.options[i].name for i in columns]
    own = names.index(option)
    others = [k for k in range(len(names)) if k != own]
    tree, local = decision.problem.tree, decision.workings.weighed.local
    kinds: dict[str, list[NearestFlip]] = {"weight": [], "judgement": [], "fact": []}

    def win(
        path: Callable[[Any], Any], low: float, high: float, at: float, degree: int | None = None
    ) -> float | None:
        leads = board.leads(path, [own] * len(others), others)
        return nearest_win(leads, low, high, at, degree)

    for node, interval in found.intervals.items():
        inside = weights_inside(tree, local, node)
        weight, path = moving(board.judged, tree.leaves_below[node], inside)
        at = win(path, 0.0, 1.0, interval.weight, degree=degree_along(board, tree, node))
        if at is not None:
            distance = abs(at - weight)
            kinds["weight"].append(
                NearestFlip("weight", (node,), weight, at, None, option, distance)
            )
    for each in found.judgements:
        name = (each.node, each.first, each.second, *([each.judge] if each.judge else []))
        if each.node in decision.compared:
            # options are compared here; weights do not move
            for turn in (each.below, each.above):
                if turn is not None and turn[1] == option:
                    steps = scale_distance(each.given, turn[0])
                    kinds["judgement"].append(
                        NearestFlip("judgement", name, each.given, turn[0], None, option, steps)
                    )
            continue
        path, low, high = path_of_judgement(
            decision, board, each.node, (each.first, each.second), each.judge, each.given
        )
        at = win(path, low, high, math.log(each.given))
        if at is not None:
            value = math.exp(at)
            kinds["judgement"].append(
                NearestFlip(
                    "judgement",
                    name,
                    each.given,
                    value,
                    None,
                    option,
                    scale_distance(each.given, value),
                )
            )
    for point in found.tipping_points:
        flip = point.wins.get(option)
        if flip is not None:
            name = (point.name,) if point.option is None else (point.option, point.name)
            kinds["fact"].append(
                NearestFlip(
                    point.kind,
                    name,
                    point.value,
                    flip.value,
                    point.unit,
                    option,
                    point.distance_of(flip),
                )
            )
    nearest = [min(of, key=lambda each: each.distance) for of in kinds.values() if of]
    return tuple(sorted(nearest, key=lambda each: each.distance))


def sensitivity_or_none(
    decision: Decision, *, samples: int = 8192, seed: int = 0
) -> Sensitivity | None:
    """As `sensitivity`; ``None`` where too many options could win."""
    try:
        return sensitivity(decision, samples=samples, seed=seed)
    except TooManyError:
        return None


def _among(decision: Decision) -> tuple[Decision, LeftOut | None]:
    """The decision among the options that could win, and what was left out.

    The first of the ranking, whose facts are looked at and whose thresholds are reported, always
    stay; so does every option with a ranged fact of its own or of a part, where ranges are sampled,
    and no bound rests on it.

    Raises
    ------
    InputError
        If more than a thousand options could win, as far as the bound can tell.
    """
    contest, problem = decision.workings.contest, decision.problem
    count = len(contest.columns)
    if count <= MOST_OPTIONS:
        return decision, None
    ranged = {problem.options[i].name for i, _ in ranged_facts(decision)[0]}
    options = [problem.options[i] for i in contest.columns]
    loose = np.array([not ranged.isdisjoint((o.name, *o.parts.values())) for o in options])
    found = None
    # without domains every sample's scores depend on all options; comparisons of options waver
    if not decision.compared and (contest.normalization == "domain" or not loose.any()):
        found = contenders(contest.scores.r, _MOST_OPTIONS, MOST_OPTIONS, loose)
    first = np.argsort(contest.ranks, kind="stable")[:_MOST_OPTIONS]
    for places in (_MOST_OPTIONS, 5, 2, 1):
        if found is None:
            break
        kept = np.union1d(found.options[found.better < places], first)
        if len(kept) <= MOST_OPTIONS:
            return _narrowed(decision, kept), LeftOut(count - len(kept), places)
    raise TooManyError(
        f"{count} options are eligible, thresholds are worked out for at most {MOST_OPTIONS}, and "
        f"too few of them are surely beaten whatever the weights are",
        "Leave out options that are far from winning, or exclude them by a gate",
    )


def _narrowed(decision: Decision, kept: NDArray[np.intp]) -> Decision:
    """The decision with some columns of its contest only; everything else stays."""
    contest = decision.workings.contest
    columns = tuple(contest.columns[k] for k in kept.tolist())
    names = {decision.problem.options[i].name for i in columns}
    scores = Scores(contest.scores.r[:, kept], contest.scores.scale)
    narrowed = contest._replace(
        columns=columns,
        scores=scores,
        closeness=contest.closeness[kept],
        ranks=contest.ranks[kept],
    )
    return replace(
        decision,
        ranking=tuple(each for each in decision.ranking if each.option in names),
        workings=replace(decision.workings, contest=narrowed),
    )


def scale_distance(one: float, other: float) -> float:
    """A share of the 16 steps between 1/9 and 9 on Saaty's scale."""
    return scale_steps(one, other) / 16.0


def sensitivity(
    decision: Decision,
    *,
    samples: int = 8192,
    seed: int = 0,
    sampler: Sampler = "judgements",
    intervals: Mapping[str, tuple[float, float]] | None = None,
) -> Sensitivity:
    """What would change the answer, and how often it holds.

    Parameters
    ----------
    decision
        From `mcda.evaluate`.
    samples, seed
        For rank acceptability: Sobol points, rounded up to a power of two, and their scrambling.
    sampler
        What is uncertain there: "judgements" (the noise that the verdict assumes), "uniform",
        "ordinal" (all weights that keep the order), or "intervals". Facts with low and high move
        inside their ranges as well, unless the weights come from the options' values.
    intervals
        For the sampler "intervals": child of a node -> lowest and highest local weight.

    Returns
    -------
    Sensitivity
        Its parts are worked out when they are first asked for.

    Raises
    ------
    InputError
        If the arguments are wrong, no weights can meet the intervals, or more than a thousand
        options could win; those that cannot whatever the weights are, are left out by themselves.

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
    >>> found = sensitivity(evaluate(laptop))
    >>> interval = found.intervals["price"]
    >>> round(interval.low, 3), interval.low_rival, interval.high
    (0.558, 'b', 1.0)
    """
    if not isinstance(decision, Decision):
        raise InputError(
            f"expected a decision, got {type(decision).__name__}",
            "Evaluate first: mcda.sensitivity(mcda.evaluate(...))",
        )
    if (
        isinstance(samples, bool)
        or not isinstance(samples, int)
        or not 1 <= samples <= MOST_SAMPLES
    ):
        raise InputError(
            f"samples={samples!r} is not possible", f"Give a whole number from 1 to {MOST_SAMPLES}"
        )
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed={seed!r} is not possible", "Give a whole number, 0 or more")
    if sampler == "intervals" and not intervals:
        raise InputError(
            "the sampler 'intervals' needs intervals=", "Give {criterion: (low, high)}"
        )
    if sampler != "intervals" and intervals:
        raise InputError("intervals= is for the sampler 'intervals'", "Name that sampler")
    found = Sensitivity(decision, samples, seed, sampler, intervals)
    if sampler not in ("judgements", "uniform", "ordinal") and len(decision.ranking) > 1:
        # wrong names and intervals that nothing meets are said at once
        _ = found.acceptability
    return found

"""Any number of contests at once: who may take part, the ranking, the verdict.

Options of all contests are rows of flat arrays; a contest's rows lie together. Those that pass
every gate are gathered into dense blocks of contests with equally many options, so that one contest
and a million take the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import Placed, Weights, coefficients_of, place_all
from mcda.engine.scoring import every
from mcda.engine.verdict import verdicts_of
from mcda.engine.weighing import weigh
from mcda.errors import McdaError
from mcda.model.arrays import largest
from mcda.model.problem import Problem
from mcda.ranking.kernel import Normalization
from mcda.ranking.ranks import TIE
from mcda.robustness.lead import firmness

__all__ = ["Block", "Outcomes", "hold", "scorable"]

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

#: The variance (n, B) of leads that comes from noise in the scores of a block, if there is any.
NoiseOfScores = Callable[["Block"], Floats | None]


@dataclass(frozen=True, eq=False)
class Block:
    """B contests of n options each.

    Attributes
    ----------
    contests : (B,)
        Which.
    rows : (n, B)
        Their rows.
    placed : Placed
        Scores (m, n, B), closeness and ranks (n, B).
    weighed : Weighed or WeighedMany
        The contests' own where they differ, in the order of `contests`.
    """

    contests: Rows
    rows: Rows
    placed: Placed
    weighed: Weights

    @cached_property
    def winner(self) -> Rows:
        """The option (B,) with the best closeness; the first of equals."""
        return largest(self.placed.closeness)

    @cached_property
    def second(self) -> Rows:
        """The option (B,) with the best closeness of the others; -1 where there is none."""
        closeness = self.placed.closeness
        if len(closeness) < 2:
            return np.full_like(self.winner, -1)
        others = closeness.copy()
        others.reshape(-1)[self.at(self.winner)] = -np.inf
        return largest(others)

    @cached_property
    def tied(self) -> NDArray[np.bool_]:
        """Whether (B,) the first place is shared."""
        first = self.placed.ranks == 1
        return np.asarray(np.count_nonzero(first, axis=0) > 1)

    @property
    def contested(self) -> NDArray[np.bool_]:
        """Whether (B,) there are a single winner and a runner-up."""
        return ~self.tied if len(self.placed.ranks) > 1 else np.zeros_like(self.tied)

    def at(self, options: Rows) -> Rows:
        """Where an option (B,) of each contest stands in arrays (n, B) laid out flat."""
        return options * len(self.contests) + np.arange(len(self.contests))

    def scores_of(self, options: Rows) -> Floats:
        """The scores (m, B) of an option (B,) of each contest."""
        r = self.placed.scores.r
        return r.reshape(len(r), -1).take(self.at(options), axis=1)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What became of B contests over R rows.

    Attributes
    ----------
    closeness : (R,) array
        Of options that take part, and of excluded ones what it would have been among them; NaN
        where that is not known.
    ranks : (R,) array
        0 for those that take no part.
    would_have_won : (R,) array
        Of excluded options: 1, 0, or -1 where that is not known or there is none to beat.
    recommended : (B,) array
        Row of the winner; -1 without one.
    firmness, margin : (B,) arrays
        NaN without a contest.
    verdicts : (B,) array
        Positions in `mcda.engine.verdict.VERDICTS`.
    failed : mapping
        Contest -> why it could not be held.
    blocks : list of Block
        The workings.
    """

    closeness: Floats
    ranks: NDArray[np.int64]
    would_have_won: NDArray[np.int8]
    recommended: Rows
    firmness: Floats
    margin: Floats
    verdicts: Rows
    failed: dict[int, McdaError] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def scorable(problem: Problem, values: Floats, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows (...) have all leaf values (..., m), each inside its domain."""
    domains = [leaf.domain or (-np.inf, np.inf) for leaf in problem.tree.leaves]
    low, high = np.array(domains, dtype=np.float64).T
    if every(known):
        rest = tuple(range(values.ndim - 1))
        least, most = values.min(axis=rest, initial=np.inf), values.max(axis=rest, initial=-np.inf)
        if ((least >= low) & (most <= high)).all():
            return np.ones(values.shape[:-1], dtype=bool)
    with np.errstate(invalid="ignore"):
        return np.asarray((known & (values >= low) & (values <= high)).all(axis=-1))


def hold(
    problem: Problem,
    values: Floats,
    usable: NDArray[np.bool_],
    eligible: NDArray[np.bool_],
    starts: Rows,
    weighed: Weights | None,
    normalization: Normalization,
    noise_of_scores: NoiseOfScores | None = None,
    *,
    firm: bool = True,
) -> Outcomes:
    """Hold the contests.

    Parameters
    ----------
    problem
        What they share: criteria, method, and weights.
    values : (R, m)
        Leaf values.
    usable : (R,)
        Which rows can be scored, see `scorable`; all that are eligible must be.
    eligible : (R,)
        Which rows take part.
    starts : (B + 1,)
        Where each contest's rows begin, and R.
    weighed
        Of all contests, or of each; ``None`` where they come from a contest's own values.
    normalization
        How values become scores.
    noise_of_scores
        Where options were compared in pairs.
    firm
        Whether to find out how firm the leads are, without which verdicts have no meaning.
    """
    rows, contests = len(values), len(starts) - 1
    held = Outcomes(
        closeness=np.full(rows, np.nan),
        ranks=np.zeros(rows, dtype=np.int64),
        would_have_won=np.full(rows, -1, dtype=np.int8),
        recommended=np.full(contests, -1),
        firmness=np.full(contests, np.nan),
        margin=np.full(contests, np.nan),
        verdicts=np.zeros(contests, dtype=np.intp),
    )
    sizes = _sums(eligible, starts)
    tied = np.zeros(contests, dtype=bool)
    taking_part = np.flatnonzero(eligible)
    first = np.concatenate([[0], np.cumsum(sizes)])
    for n in (np.flatnonzero(np.bincount(sizes)[1:]) + 1).tolist():
        which = np.flatnonzero(sizes == n)
        gathered = taking_part[first[which] + np.arange(n)[:, None]]
        own = None if weighed is None else weighed.take(which)
        for block in _placed(problem, values, which, gathered, own, normalization, held.failed):
            held.blocks.append(block)
            held.closeness[block.rows] = block.placed.closeness
            held.ranks[block.rows] = block.placed.ranks
            tied[block.contests] = block.tied
            _lead(block, held)
            if firm and n > 1:
                noise = noise_of_scores(block) if noise_of_scores is not None else None
                held.firmness[block.contests] = _firmness(problem, block, noise)
    held.verdicts[:] = verdicts_of(sizes, tied, held.firmness)
    _try_excluded(problem, values, usable & ~eligible, starts, weighed, normalization, held)
    return held


def _sums(flags: NDArray[np.bool_], starts: Rows) -> Rows:
    """How many flags are set in each contest."""
    counted = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(counted[starts[1:]] - counted[starts[:-1]])


def _placed(
    problem: Problem,
    values: Floats,
    which: Rows,
    rows: Rows,
    weighed: Weights | None,
    normalization: Normalization,
    failed: dict[int, McdaError],
) -> Iterator[Block]:
    """Blocks of contests with equally many options; those that cannot be held are noted.

    `weighed` are the contests' own, in the order of `which`.
    """
    if weighed is None and len(which) > 1:
        for i in range(len(which)):
            each = slice(i, i + 1)
            yield from _placed(
                problem, values, which[each], rows[:, each], None, normalization, failed
            )
        return
    try:
        own = weighed or weigh(problem, values[rows[:, 0]])
        x = values.T.take(rows, axis=1)
        placed = place_all(problem, x, own, normalization)
    except McdaError as error:
        if len(which) == 1:
            failed[int(which[0])] = error
            return
        for part in np.array_split(np.arange(len(which)), 2):
            yield from _placed(
                problem,
                values,
                which[part],
                rows[:, part],
                None if weighed is None else weighed.take(part),
                normalization,
                failed,
            )
        return
    yield Block(which, rows, placed, own)


def _lead(block: Block, held: Outcomes) -> None:
    """Note the winners of a block and by how much they lead."""
    closeness = block.placed.closeness
    winners = block.rows.reshape(-1).take(block.at(block.winner))
    held.recommended[block.contests] = np.where(block.tied, -1, winners)
    if len(closeness) > 1:
        best, next_best = (
            closeness.reshape(-1).take(block.at(each)) for each in (block.winner, block.second)
        )
        held.margin[block.contests] = best - next_best


def _firmness(problem: Problem, block: Block, noise_of_scores: Floats | None) -> Floats:
    """How firm (B,) the leads of a block are."""
    (r, scale), squares = block.placed.scores, block.placed.squares
    assert squares is not None
    u, ratio = coefficients_of(problem, block.weighed, scale)
    variance_of = block.weighed.variance(problem)
    scaling = None if (ratio == 1.0).all() else ratio**2
    return firmness(r, u > 0, squares, variance_of, block.winner, scaling, noise_of_scores)


def _try_excluded(
    problem: Problem,
    values: Floats,
    rows: NDArray[np.bool_],
    starts: Rows,
    weighed: Weights | None,
    normalization: Normalization,
    held: Outcomes,
) -> None:
    """Score excluded options among those that take part, each as if it were one of them."""
    excluded = np.flatnonzero(rows)
    if not excluded.size:
        return
    contest = np.searchsorted(starts, excluded, side="right") - 1
    if normalization == "domain" and weighed is not None:
        _try_each(problem, values, excluded, contest, weighed, held)
        return
    alone = np.ones(len(starts) - 1, dtype=bool)
    alone[list(held.failed)] = False
    for block in held.blocks:
        alone[block.contests] = False
        here = np.full(len(starts) - 1, -1)
        here[block.contests] = np.arange(len(block.contests))
        at = here[contest]
        if not (at >= 0).any():
            continue
        of = at[at >= 0]
        joined = np.concatenate([block.rows[:, of], excluded[None, at >= 0]])
        _try(problem, values, joined, block.weighed.take(of), normalization, held)
    lonely = alone[contest]
    if lonely.any() and weighed is not None:
        own = weighed.take(contest[lonely])
        _try(problem, values, excluded[None, lonely], own, normalization, held)


def _try_each(
    problem: Problem, values: Floats, rows: Rows, contest: Rows, weighed: Weights, held: Outcomes
) -> None:
    """Score rows of contests where ends are declared: others make no difference to closeness."""
    best = np.full(len(held.verdicts), np.nan)
    for block in held.blocks:
        best[block.contests] = block.placed.closeness.max(axis=0)
    sound = np.ones(len(best), dtype=bool)
    sound[list(held.failed)] = False
    rows, contest = rows[sound[contest]], contest[sound[contest]]
    if not rows.size:
        return
    own = weighed.take(contest)
    for block in _placed(problem, values, np.arange(len(rows)), rows[None], own, "domain", {}):
        at, closeness = block.contests, block.placed.closeness[0]
        to_beat = best[contest[at]]
        held.closeness[rows[at]] = closeness
        held.would_have_won[rows[at]] = np.where(
            np.isnan(to_beat), held.would_have_won[rows[at]], closeness > to_beat + TIE
        )


def _try(
    problem: Problem,
    values: Floats,
    rows: Rows,
    weighed: Weights,
    normalization: Normalization,
    held: Outcomes,
) -> None:
    """Note what the last row of each column would have reached among the others."""
    for block in _placed(
        problem, values, np.arange(rows.shape[1]), rows, weighed, normalization, {}
    ):
        closeness = block.placed.closeness
        held.closeness[block.rows[-1]] = closeness[-1]
        if len(closeness) > 1:
            beaten = closeness[-1] > closeness[:-1].max(axis=0) + TIE
            held.would_have_won[block.rows[-1]] = beaten

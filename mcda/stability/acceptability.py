"""How often each option wins if weights, judgements and facts are uncertain: SMAA.

Stochastic multicriteria acceptability analysis (Lahdelma & Salminen 2001; Tervonen & Lahdelma 2007)
by scrambled Sobol points: rank acceptability, pairwise winning, the weights that are typical for
each option's victories, and how sure it is of winning with them. Priorities of options that were
compared in pairs waver with the weights, by the noise that the verdict assumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.ages import facts_that_count
from mcda.engine.board import Board
from mcda.engine.comparing import with_priorities
from mcda.engine.contest import scores_of
from mcda.engine.decision import Decision
from mcda.engine.variants import variants_of_facts
from mcda.engine.weighing import covariance_of_priorities
from mcda.errors import InputError, McdaError, hint, listing
from mcda.model.language import interval
from mcda.model.problem import Problem
from mcda.model.tree import CriteriaTree
from mcda.ranking.kernel import Normalization, weight_factors
from mcda.robustness.acceptability import Counts, count_ranks
from mcda.robustness.sampling import between

__all__ = [
    "SAMPLERS",
    "Acceptability",
    "Sampler",
    "UnusedRange",
    "acceptability",
    "ranged_facts",
    "sampled_weights",
]

Floats = NDArray[np.float64]
Sampler = Literal["judgements", "uniform", "ordinal", "intervals"]
SAMPLERS: tuple[Sampler, ...] = ("judgements", "uniform", "ordinal", "intervals")

#: Pairs are counted among this many options at most.
MOST_PAIRED = 200
#: Dimensions that Sobol points have at most.
_MOST_DIMENSIONS = 21_201
#: Numbers that shares (B, m, m) between leaves may hold at a time.
_CHUNK = 2**22


@dataclass(frozen=True, slots=True)
class UnusedRange:
    """A fact whose range plays no part in the sampling.

    Attributes
    ----------
    option : str
        Whose fact.
    fact : str
        Its name.
    reason : str
        "weights": the weights follow from the options' values and would move with them.
        "excluded": the option is excluded, and is no part of one that is not.
        "unread": no criterion and no gate reads the fact.
    """

    option: str
    fact: str
    reason: Literal["weights", "excluded", "unread"]


@dataclass(frozen=True, eq=False)
class Acceptability:
    """How often options get each rank.

    Attributes
    ----------
    sampler : str
    samples, seed : int
    ranges : tuple of (str, str)
        Options' facts that moved inside their ranges as well.
    unused : tuple of UnusedRange
        Those that have a range and did not.
    ranks : mapping
        Option -> share of the samples in which it comes first, second, and so on.
    pairwise : mapping
        Option -> other option -> share of the samples in which it comes before it; empty with
        more than 200 options.
    central_weights : mapping
        Option -> leaf -> mean judged weight where the option wins; options that never win are
        left out.
    confidence : mapping
        Option -> share of the samples of facts and of priorities in which it wins with its
        central weights; 1 or 0 where neither moves.
    left_out : float
        Share of the samples in which no option would be eligible, or one could not be scored.
    standard_error : float
        Of a share of one half, as for random points; scrambled Sobol points do better.
    compared : tuple of str
        Leaves under which options were compared in pairs; these judgements wavered as well.
    """

    sampler: Sampler
    samples: int
    seed: int
    ranges: tuple[tuple[str, str], ...]
    unused: tuple[UnusedRange, ...]
    ranks: Mapping[str, tuple[float, ...]]
    pairwise: Mapping[str, Mapping[str, float]]
    central_weights: Mapping[str, Mapping[str, float]]
    confidence: Mapping[str, float]
    left_out: float
    standard_error: float
    compared: tuple[str, ...] = ()


def acceptability(
    decision: Decision,
    board: Board,
    *,
    samples: int = 8192,
    seed: int = 0,
    sampler: Sampler = "judgements",
    intervals: Mapping[str, tuple[float, float]] | None = None,
) -> Acceptability | None:
    """Rank acceptability of the eligible options; ``None`` with fewer than two.

    Parameters
    ----------
    decision, board
    samples
        Rounded up to a power of two, as Sobol points want it.
    seed
        Of the points.
    sampler
        "judgements": the noise that the verdict assumes. "uniform": all weights are equally likely
        at every node. "ordinal": all that keep the order of the weights. "intervals": all in which
        the children named lie in the local intervals given, all equally likely. Whichever it is,
        facts move inside their ranges and comparisons of options waver.
    intervals
        For that sampler: node of the tree -> lowest and highest local weight.
    """
    contest, problem = decision.workings.contest, decision.problem
    if len(contest.columns) < 2:
        return None
    size = 1 << (samples - 1).bit_length()
    ranged, unused = ranged_facts(decision)
    compared = sum(len(result.labels) for result in decision.compared.values())
    weights, draws = sampled_weights(
        decision, size, seed, sampler, intervals, extra=len(ranged) + compared
    )
    names = [problem.options[i].name for i in contest.columns]
    near, far, scale, valid = board.near, board.far, board.scale, np.ones(size, dtype=bool)
    if ranged or compared:
        near, far, scale, valid = _moved(decision, ranged, draws)
    u = (_factors(board, weights) * scale) ** 2
    counts = count_ranks(
        u[valid],
        near if near.ndim == 2 else near[valid],
        far if far.ndim == 2 else far[valid],
        pairs=len(names) <= MOST_PAIRED,
    )
    total = max(1, int(valid.sum()))
    central = _central(weights[valid], counts, len(names))
    confidence = _confidence(board, central, near, far, scale, valid)
    return Acceptability(
        sampler,
        size,
        seed,
        tuple((problem.options[option].name, fact) for option, fact in ranged),
        unused,
        {name: tuple((counts.ranks[i] / total).tolist()) for i, name in enumerate(names)},
        {
            name: {
                other: float(counts.pairs[i, k] / total) for k, other in enumerate(names) if k != i
            }
            for i, name in enumerate(names)
            if counts.pairs is not None
        },
        {
            names[i]: dict(zip(problem.tree.leaf_ids, map(float, mean), strict=True))
            for i, mean in central.items()
        },
        {names[i]: share for i, share in confidence.items()},
        1.0 - float(valid.mean()),
        0.5 / float(np.sqrt(total)),
        tuple(decision.compared),
    )


def sampled_weights(
    decision: Decision,
    size: int,
    seed: int,
    sampler: Sampler,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    extra: int = 0,
) -> tuple[Floats, Floats]:
    """Judged leaf weights (S, m), and further uniform draws (S, extra) from the same points.

    Raises
    ------
    InputError
        For an unknown sampler or node, or intervals that no weights can meet.
    """
    from scipy.stats import qmc

    tree = decision.problem.tree
    if sampler not in SAMPLERS:
        raise InputError(f"unknown sampler {sampler!r}", hint(str(sampler), SAMPLERS))
    nodes = [(node, children) for node, children in tree.parents() if len(children) > 1]
    needed = sum(len(children) for _, children in nodes)
    if needed + extra > _MOST_DIMENSIONS:
        raise InputError(
            f"{needed} weights and {extra} facts with ranges or priorities of options are too many "
            "to sample",
            f"At most {_MOST_DIMENSIONS} can vary together",
        )
    points = qmc.Sobol(max(1, needed + extra), seed=seed).random(size)
    points = np.clip(points, 1e-12, 1.0 - 1e-12)
    local = {node: np.ones((size, len(children))) for node, children in tree.parents()}
    column = 0
    noise = dict(zip((node for node, _ in nodes), decision.workings.weighed.noise, strict=True))
    limits = _limits(tree, intervals or {}) if sampler == "intervals" else {}
    for node, children in nodes:
        own = points[:, column : column + len(children)]
        column += len(children)
        weights = decision.workings.weighed.local[node]
        if sampler == "judgements":
            local[node] = _noisy(own, weights, noise[node].covariance)
        elif sampler == "intervals" and node in limits:
            local[node] = between(own, *limits[node])
        else:
            drawn = -np.log(own)
            drawn /= drawn.sum(axis=1, keepdims=True)
            if sampler == "ordinal":
                # criteria of equal weight stand in any order
                shaken = weights * (1.0 + 1e-9 * own[:, ::-1])
                place = np.argsort(np.argsort(shaken, axis=1), axis=1)
                drawn = np.take_along_axis(np.sort(drawn, axis=1), place, axis=1)
            local[node] = drawn
    return _leaves(tree, local), points[:, needed:]


def _leaves(tree: CriteriaTree, local: Mapping[str, Floats]) -> Floats:
    """Leaf weights (S, m), the product down the tree."""
    node: dict[str, Floats] = {"goal": np.ones(len(local["goal"]))}
    for parent, children in tree.parents():
        for number, child in enumerate(children):
            node[child] = node[parent] * local[parent][:, number]
    return np.stack([node[leaf] for leaf in tree.leaf_ids], axis=1)


def _noisy(points: Floats, weights: Floats, covariance: Floats) -> Floats:
    """Local weights whose logarithms are normal around those judged."""
    from scipy.special import ndtri

    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = weights * np.exp(ndtri(points) @ root.T)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _limits(
    tree: CriteriaTree, intervals: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[Floats, Floats]]:
    """Per node with children that have an interval: lowest and highest local weights."""
    known = [child for _, children in tree.parents() for child in children]
    for name, (low, high) in intervals.items():
        if name not in known:
            raise InputError(f"unknown criterion {name!r}", hint(name, known))
        if not 0.0 <= low <= high <= 1.0:
            raise InputError(
                f"the interval of {name!r} is {interval(low, high)}",
                "Local weights lie between 0 and 1, the lower one first",
            )
    found = {}
    for node, children in tree.parents():
        if any(child in intervals for child in children):
            given = np.array([intervals.get(child, (0.0, 1.0)) for child in children])
            least, most = given.sum(axis=0).tolist()
            if least > 1.0 + 1e-12 or most < 1.0 - 1e-12:
                which = [child for child in children if child in intervals]
                raise InputError(
                    f"no weights under {node!r} meet the intervals of {listing(which)}: the lower "
                    f"ends sum to {least:g}, the upper ends to {most:g}",
                    "Widen them until 1 lies in between",
                )
            found[node] = (given[:, 0], given[:, 1])
    return found


def _factors(board: Board, weights: Floats) -> Floats:
    """Weight factors (S, m) of judged weights (S, m)."""
    m = weights.shape[1]
    rows = max(1, _CHUNK // (m * m))
    final = np.concatenate(
        [board.final(weights[start : start + rows]) for start in range(0, len(weights), rows)]
    )
    return np.asarray(weight_factors(final.T, board.weighting, board.groups).T)


def ranged_facts(decision: Decision) -> tuple[list[tuple[int, str]], tuple[UnusedRange, ...]]:
    """Facts that move inside their ranges, and those with a range that do not."""
    problem, columns = decision.problem, decision.workings.contest.columns
    taking_part = {problem.options[i].name for i in columns}
    taking_part.update(*(problem.options[i].parts.values() for i in columns))
    count = facts_that_count(problem, decision.workings.scored.compiled)
    ranged, unused = [], []
    for position, option in enumerate(problem.options):
        for name, fact in option.facts.items():
            low, high = (fact.value if end is None else end for end in (fact.low, fact.high))
            if low == high:
                continue
            if name not in count:
                unused.append(UnusedRange(option.name, name, "unread"))
            elif option.name not in taking_part:
                unused.append(UnusedRange(option.name, name, "excluded"))
            elif problem.weights.objective is not None:
                unused.append(UnusedRange(option.name, name, "weights"))
            else:
                ranged.append((position, name))
    return ranged, tuple(unused)


def _moved(
    decision: Decision, ranged: list[tuple[int, str]], draws: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """What the contest becomes with facts drawn from their ranges and priorities from their noise.

    Options that a gate takes out of a sample come behind all others and leave the ends of the
    scores alone.

    Returns
    -------
    near, far : (S, m, n) arrays
        Squared gaps.
    scale : (S, m) array
        Of the normalised columns.
    valid : (S,) array
        Where an option is eligible, and all that are can be scored.
    """
    contest, problem = decision.workings.contest, decision.problem
    columns, fixed = list(contest.columns), decision.workings.scored.values
    values = np.broadcast_to(fixed, (len(draws), *fixed.shape))
    eligible = np.ones((len(draws), len(columns)), dtype=bool)
    valid = np.ones(len(draws), dtype=bool)
    if ranged:
        variants = variants_of_facts(decision, _drawn_facts(decision, ranged, draws))
        values, eligible = variants.values, variants.eligible[:, columns]
        valid = variants.valid & eligible.any(axis=1)
    place = len(ranged)
    for leaf, result in decision.compared.items():
        own = draws[:, place : place + len(result.labels)]
        place += len(result.labels)
        priorities = _noisy(own, result.weights, covariance_of_priorities(result))
        values = with_priorities(problem, values, problem.tree.leaf_ids.index(leaf), priorities)
    x = values[:, columns]
    r, scale = np.zeros((len(x), x.shape[2], len(columns))), np.ones((len(x), x.shape[2]))
    patterns, pattern_of = np.unique(eligible, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero((pattern_of.reshape(-1) == number) & valid)
        if not rows.size:
            continue
        options = np.flatnonzero(pattern)
        own = np.moveaxis(x[np.ix_(rows, options)], 0, 2)  # (options, m, S)
        scores, scale[rows], valid[rows] = _scores_at(
            problem, np.swapaxes(own, 0, 1), contest.normalization
        )
        if len(options) < len(pattern):
            # where nothing tells the eligible ones apart, they still come before the others
            level = ~scale[rows].any(axis=1)
            scale[rows[level]], scores[level] = 1.0, 0.5
        r[np.ix_(rows, np.arange(x.shape[2]), options)] = scores
    return r**2, (1.0 - r) ** 2, scale, valid


def _drawn_facts(
    decision: Decision, ranged: list[tuple[int, str]], draws: Floats
) -> dict[tuple[int, str], Floats]:
    """Values (S,) of facts, below their value as often as above it, uniformly on either side."""
    changes = {}
    for number, (option, name) in enumerate(ranged):
        fact = decision.problem.options[option].facts[name]
        low = fact.value if fact.low is None else fact.low
        high = fact.value if fact.high is None else fact.high
        share = draws[:, number]
        changes[option, name] = np.where(
            share < 0.5,
            low + (fact.value - low) * 2.0 * share,
            fact.value + (high - fact.value) * (2.0 * share - 1.0),
        )
    return changes


def _scores_at(
    problem: Problem, x: Floats, normalization: Normalization
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Scores (S, m, n) and scales (S, m) of values (m, n, S), and which samples have any."""
    try:
        found = scores_of(problem, x, normalization)
    except McdaError:
        if x.shape[2] == 1:
            return np.zeros((1, *x.shape[:2])), np.ones((1, len(x))), np.zeros(1, dtype=bool)
        halves = [
            _scores_at(problem, x[..., rows], normalization)
            for rows in (slice(0, x.shape[2] // 2), slice(x.shape[2] // 2, None))
        ]
        r, scale, valid = (np.concatenate(parts) for parts in zip(*halves, strict=True))
        return r, scale, valid
    return np.moveaxis(found.r, 2, 0), found.scale.T, np.ones(x.shape[2], dtype=bool)


def _central(weights: Floats, counts: Counts, options: int) -> dict[int, Floats]:
    found = {}
    for option in range(options):
        wins = counts.winners == option
        if wins.any():
            found[option] = weights[wins].mean(axis=0)
    return found


def _confidence(
    board: Board,
    central: Mapping[int, Floats],
    near: Floats,
    far: Floats,
    scale: Floats,
    valid: NDArray[np.bool_],
) -> dict[int, float]:
    found = {}
    for option, weights in central.items():
        factors = _factors(board, weights[None])
        if near.ndim == 2:
            u = (factors * scale) ** 2
            found[option] = float(count_ranks(u, near, far).winners[0] == option)
        else:
            u = (factors * scale[valid]) ** 2
            wins = count_ranks(u, near[valid], far[valid]).winners == option
            found[option] = float(wins.mean())
    return found

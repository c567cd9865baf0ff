"""From problem to decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mcda.engine.ages import about_ages
from mcda.engine.comparing import closeness_slopes
from mcda.engine.contest import Contest, rank, scores_of
from mcda.engine.decision import Decision, Excluded, FailedGate, Ranked, Weights, Workings
from mcda.engine.group import AnswersOfJudge, answers_of_judges, group_of
from mcda.engine.local import comparisons_of_options
from mcda.engine.missing import PART
from mcda.engine.reads import doubled
from mcda.engine.scoring import Compiled, OptionValues, Scored, compile_formulas, score
from mcda.engine.stack import Block, Outcomes, hold, scorable
from mcda.engine.verdict import VERDICTS
from mcda.engine.weighing import Weighed, coefficients, covariance_of_priorities, weigh
from mcda.errors import DocumentError, Finding, listing
from mcda.model.documents import place
from mcda.model.language import given_number, interval
from mcda.model.problem import Problem
from mcda.model.text import Notice, Text
from mcda.ranking.kernel import Normalization, Scores
from mcda.weighting.ahp import AhpResult

__all__ = ["check", "evaluate", "normalization_of", "wanting", "with_comparisons"]

Floats = NDArray[np.float64]


#: What readers know the normalisations as.
_NORMALIZATIONS = {
    "vector": Text(en="vector", zh="向量"),
    "minmax": Text(en="min-max", zh="极差"),
    "max": Text(en="max", zh="最大值"),
    "sum": Text(en="sum", zh="总和"),
    "none": Text(en="no", zh="无"),
}


def check(problem: Problem) -> tuple[Notice, ...]:
    """Everything that can be checked without ranking: formulas, judgements, influences, dates.

    Returns
    -------
    tuple of Notice
        What the reader must know about judgements, influences and the facts' dates.

    Raises
    ------
    DocumentError
        With the place of what is wrong.
    """
    compiled = compile_formulas(problem)
    compared = comparisons_of_options(problem)
    weighed = weigh(problem)
    normalization_of(problem)
    return (
        *_about_weights(problem, compiled, weighed, compared),
        *_about_judges(problem, answers_of_judges(problem)),
        *about_ages(problem, compiled),
    )


def _about_weights(
    problem: Problem, compiled: Compiled, weighed: Weighed, compared: Mapping[str, AhpResult]
) -> tuple[Notice, ...]:
    """What the reader must know about judgements and influences."""
    notices = [notice for result in compared.values() for notice in result.warnings]
    notices.extend(problem.remembered("doubled", lambda: tuple(doubled(problem, compiled))))
    return tuple(each.titled(problem.tree.titles) for each in (*weighed.warnings, *notices))


def _about_judges(problem: Problem, answers: Mapping[str, AnswersOfJudge]) -> tuple[Notice, ...]:
    """What the reader must know about each judge's own judgements."""
    return tuple(
        notice.titled(problem.tree.titles) for each in answers.values() for notice in each.notices
    )


def evaluate(problem: Problem) -> Decision:
    """Weigh, screen, rank, and say how firm the answer is.

    Raises
    ------
    DocumentError
        If a formula fails, comparisons are missing, an eligible option cannot be scored, or a
        value lies outside its domain.
    """
    decision, answers = _decide(problem), answers_of_judges(problem)
    return replace(
        decision,
        group=group_of(problem, decision, answers, _decide),
        warnings=(*decision.warnings, *_about_judges(problem, answers)),
    )


def _decide(problem: Problem) -> Decision:
    """The decision without what its judges would say alone."""
    compared = comparisons_of_options(problem)
    options = OptionValues(problem, compile_formulas(problem))
    scored = with_comparisons(score(options), problem, compared)
    normalization = normalization_of(problem)
    _refuse_unscorable(problem, scored)
    weighed = None if problem.weights.objective else _weighed(problem)

    def noise(block: Block) -> Floats | None:
        return _noise_of_comparisons(problem, block, scored.values, compared, normalization)

    held = hold(
        problem,
        scored.values,
        scorable(problem, scored.values, scored.known),
        scored.eligible,
        np.array([0, options.size]),
        weighed,
        normalization,
        noise,
    )
    for error in held.failed.values():
        raise error
    if held.blocks:
        [block] = held.blocks
        assert isinstance(block.weighed, Weighed)
        weighed = block.weighed
        placed = block.placed
        scores = Scores(placed.scores.r[..., 0], placed.scores.scale[:, 0])
        contest = Contest(
            tuple(block.rows[:, 0].tolist()),
            scores,
            placed.closeness[:, 0],
            placed.ranks[:, 0],
            normalization,
        )
    else:
        weighed = weighed or weigh(problem)
        contest = rank(problem, scored.values, (), weighed, normalization)
    recommended = int(held.recommended[0])
    firm, margin = float(held.firmness[0]), float(held.margin[0])
    return Decision(
        scenario=problem.id,
        recommended=problem.options[recommended].name if recommended >= 0 else None,
        verdict=VERDICTS[held.verdicts[0]],
        firmness=None if np.isnan(firm) else firm,
        margin=None if np.isnan(margin) else margin,
        ranking=_ranking(problem, contest),
        excluded=tuple(
            _excluded(problem, scored, i, held) for i in np.flatnonzero(~scored.eligible).tolist()
        ),
        weights=_weights(problem, weighed, contest),
        consistency=weighed.consistency,
        best_worst=weighed.best_worst,
        values=_table(problem, scored.values.T),
        scores=_table(problem, _all_scores(problem, scored, contest, normalization)),
        normalization=normalization,
        compared=compared,
        synthesis=_synthesis(problem, compared, weighed),
        warnings=(
            *_about_weights(problem, scored.compiled, weighed, compared),
            *about_ages(problem, scored.compiled),
            *(
                each.titled(problem.tree.titles)
                for each in _notices(problem, contest, normalization)
            ),
        ),
        problem=problem,
        workings=Workings(scored, weighed, contest),
    )


def _weighed(problem: Problem) -> Weighed:
    """The weights; those that a model's scenarios share are worked out once."""
    if problem.weights.judges:
        return weigh(problem)
    plan, weighed = problem.remembered(
        f"weighed {problem.method}", lambda: (problem.weights, weigh(problem))
    )
    return weighed if plan == problem.weights else weigh(problem)


def with_comparisons(scored: Scored, problem: Problem, compared: Mapping[str, AhpResult]) -> Scored:
    """Leaves whose options are compared in pairs take the options' priorities for values."""
    values, known = scored.values.copy(), scored.known.copy()
    for j, leaf in enumerate(problem.tree.leaf_ids):
        if leaf in compared:
            values[:, j], known[:, j] = compared[leaf].weights, True
    return replace(scored, values=values, known=known)


def _synthesis(
    problem: Problem, compared: Mapping[str, AhpResult], weighed: Weighed
) -> dict[str, float]:
    """AHP's priorities of the options, if they were compared under every leaf."""
    leaves = problem.tree.leaf_ids
    if any(leaf not in compared for leaf in leaves):
        return {}
    priorities = np.stack([compared[leaf].weights for leaf in leaves], axis=1) @ weighed.final
    names = [option.name for option in problem.options]
    return dict(zip(names, map(float, priorities), strict=True))


def normalization_of(problem: Problem) -> Normalization:
    """The normalisation asked for, else by domain where every leaf has one, else vector."""
    asked = problem.method.normalization
    without = [leaf.id for leaf in problem.tree.leaves if leaf.domain is None]
    some = 0 < len(without) < len(problem.tree.leaves)
    if asked is None and not some:
        return "vector" if without else "domain"
    if asked is None or (asked == "domain" and without):
        document = problem.scenario if problem.stand_alone else problem.criteria
        what = f"a domain is missing for {listing(without)}"
        if some:
            what = f"some criteria declare a domain, {listing(without)} do not"
        raise DocumentError(
            [
                Finding(
                    place(document, ("criteria",)),
                    what,
                    "Declare domain: [low, high] for every leaf, or choose another "
                    "normalization under method:",
                )
            ]
        )
    return asked


def _failed_gates(problem: Problem, scored: Scored, option: int) -> tuple[FailedGate, ...]:
    failed = []
    for name, (yes, sure) in scored.passed.items():
        if not (sure[option] and yes[option]):
            unknown = () if sure[option] else scored.missing_of_gate(name, option)
            gate = problem.gates[name]
            failed.append(FailedGate(name, gate.because, unknown, gate.remedy))
    return tuple(failed)


def _refuse_unscorable(problem: Problem, scored: Scored) -> None:
    """Eligible options must have every leaf value, inside its domain."""
    usable = scorable(problem, scored.values, scored.known)
    findings = [
        Finding(place(*problem.option_at(problem.options[i].name)), what, remedy)
        for i in np.flatnonzero(scored.eligible & ~usable).tolist()
        for what, remedy in wanting(problem, scored, i)
    ]
    if findings:
        raise DocumentError(findings)


def wanting(
    problem: Problem, scored: Scored, option: int, *, in_table: bool = False
) -> list[tuple[str, str]]:
    """Why an option cannot be scored, and what to do about it."""
    found = []
    for j, leaf in enumerate(problem.tree.leaves):
        value = scored.values[option, j]
        if not scored.known[option, j]:
            missing = scored.missing_of_leaf(leaf.id, option)
            profile = [each for each in missing if each in problem.criteria.profile]
            what = f"{leaf.id!r} cannot be scored: unknown is {listing(missing)}"
            remedy = f"Give {listing(missing)} under facts: of the option"
            unplayed = [each for each in missing if each.startswith(PART)]
            if unplayed:
                remedy = f"Name an option for {listing(unplayed)}"
            elif profile:
                remedy = f"Give {listing(profile)} under profile:"
            if in_table:
                remedy = f"Give {listing(profile or missing)} in a column"
            found.append((what, remedy))
        elif leaf.domain and not leaf.domain[0] <= value <= leaf.domain[1]:
            ends = interval(*leaf.domain)
            what = f"{leaf.id!r} is {given_number(value)}, outside its domain {ends}"
            found.append((what, "Correct the facts, widen the domain, or clip in the measure"))
    return found


def _noise_of_comparisons(
    problem: Problem,
    block: Block,
    values: Floats,
    compared: Mapping[str, AhpResult],
    normalization: Normalization,
) -> Floats | None:
    """Variance (n, 1) of the winner's lead from noise in comparisons of options, by differences.

    Each compared leaf's log priorities carry noise of covariance s2 L^+, as weights do; ``None``
    where no options were compared.
    """
    if not compared:
        return None
    columns = block.rows[:, 0].tolist()
    winner = int(np.argmax(block.placed.closeness[:, 0]))
    variance = np.zeros(len(columns))
    for j, leaf in enumerate(problem.tree.leaf_ids):
        if leaf in compared:
            result = compared[leaf]
            slopes = closeness_slopes(
                problem, values, j, result, columns, block.weighed, normalization
            )
            leads = slopes[:, [winner]] - slopes
            variance += (leads * (covariance_of_priorities(result) @ leads)).sum(axis=0)
    return variance[:, None]


def _ranking(problem: Problem, contest: Contest) -> tuple[Ranked, ...]:
    order = np.lexsort((-contest.closeness, contest.ranks))
    return tuple(
        Ranked(
            problem.options[contest.columns[i]].name,
            float(contest.closeness[i]),
            int(contest.ranks[i]),
        )
        for i in order
    )


def _excluded(problem: Problem, scored: Scored, option: int, held: Outcomes) -> Excluded:
    """An excluded option, scored among the eligible ones as if it were one of them."""
    closeness, won = float(held.closeness[option]), int(held.would_have_won[option])
    return Excluded(
        problem.options[option].name,
        _failed_gates(problem, scored, option),
        None if np.isnan(closeness) else closeness,
        None if won < 0 else bool(won),
        problem.options[option].instead,
    )


def _weights(problem: Problem, weighed: Weighed, contest: Contest) -> Weights:
    tree = problem.tree

    def named(values: Floats) -> dict[str, float]:
        return {leaf: float(value) for leaf, value in zip(tree.leaf_ids, values, strict=True)}

    u = coefficients(weighed.final, problem) * (contest.scores.scale != 0.0)
    return Weights(
        judged=named(weighed.judged),
        final=named(weighed.final),
        effective=named(u / (u.sum() or 1.0)),
        local={
            node: {
                child: float(weight)
                for child, weight in zip(children, weighed.local[node], strict=True)
            }
            for node, children in tree.parents()
        },
        dimension_of={leaf.id: leaf.dimension for leaf in tree.leaves},
    )


def _all_scores(
    problem: Problem, scored: Scored, contest: Contest, normalization: Normalization
) -> Floats:
    """R (m, n) of all options; NaN where unknown, and for excluded ones without a domain."""
    result = np.full(scored.values.T.shape, np.nan)
    if normalization == "domain":
        domain = np.array([leaf.domain for leaf in problem.tree.leaves], dtype=np.float64)
        low, high = domain[:, :1], domain[:, 1:]
        x = np.where(scored.known.T, scored.values.T, low)
        inside = scored.known.T & (x >= low) & (x <= high)
        result = np.where(
            inside, scores_of(problem, np.clip(x, low, high), normalization).r, np.nan
        )
    result[:, contest.columns] = contest.scores.r
    return result


def _table(problem: Problem, values: Floats) -> dict[str, dict[str, float | None]]:
    return {
        option.name: {
            leaf: None if np.isnan(value) else float(value)
            for leaf, value in zip(problem.tree.leaf_ids, values[:, i], strict=True)
        }
        for i, option in enumerate(problem.options)
    }


def _notices(
    problem: Problem, contest: Contest, normalization: Normalization
) -> tuple[Notice, ...]:
    notices = []
    if normalization != "domain":
        declared = any(leaf.domain is not None for leaf in problem.tree.leaves)
        code = "domain_unused" if declared else "no_domain"
        notices.append(Notice(code, normalization=_NORMALIZATIONS[normalization]))
        for leaf, scale in zip(problem.tree.leaf_ids, contest.scores.scale, strict=True):
            if scale == 0.0 and len(contest.columns) > 1:
                notices.append(Notice("constant", criterion=leaf))
    return tuple(notices)

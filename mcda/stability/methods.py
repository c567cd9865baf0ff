"""Whether other methods name another winner, and whether the ranking survives other options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mcda.engine.contest import rank
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError
from mcda.model.text import Text
from mcda.ranking.ranks import TIE, competition_ranks
from mcda.stability.rankers import RANKERS, Basis, Refused, basis_of, scores_by

__all__ = ["PROBLEMS", "OtherMethod", "ReversalTest", "other_methods", "reversal_tests"]

Floats = NDArray[np.float64]

#: Options at most for the tests of rank reversal, which compare all pairs.
MOST_OPTIONS = 100

Kind = Literal["normalization", "weighting", "dependencies", "priorities", "ranker"]


@dataclass(frozen=True, slots=True)
class OtherMethod:
    """What another method would say.

    Attributes
    ----------
    kind : str
        "normalization", "weighting", "dependencies", "priorities" (all else as it is) or "ranker"
        (on the leaf values with the weights after influences).
    name : str
        Of the choice, or of the method.
    winner : str or None
        ``None`` for a tie, or where the method cannot be applied.
    agrees : bool
        Whether the winner is the same.
    spearman, weighted_spearman : float or None
        Rank correlations (pymcdm's) with the ranking.
    problem : str
        Why it cannot be applied; empty if it can.
    basis : str
        What its scores go by: "domains" (those declared, so that each option's score depends on
        itself only) or "options" (those present, so that others may change it).
    reason : str
        The code of the problem; empty if there is none.
    """

    kind: Kind
    name: str
    winner: str | None
    agrees: bool
    spearman: float | None
    weighted_spearman: float | None
    problem: str = ""
    basis: Basis = "options"
    reason: str = ""


#: Why a method cannot be applied.
PROBLEMS: dict[str, Text] = {
    "alike": Text(
        en="no criterion that counts tells the options apart",
        zh="没有任何计入权重的准则能区分各选项",
    ),
    "free": Text(en="it needs costs above zero", zh="要求成本类准则的取值大于零"),
    "negative": Text(en="it needs values that are not negative", zh="要求各取值不为负"),
    "no_domains": Text(
        en="not every criterion declares a domain", zh="并非所有准则都声明了取值范围"
    ),
    "no_largest": Text(
        en="it needs a largest value above zero under each criterion",
        zh="要求每个准则下的最大值大于零",
    ),
    "no_sum": Text(
        en="it needs sums above zero, and costs above zero",
        zh="要求各准则的总和大于零，且成本类准则的取值大于零",
    ),
    "not_applicable": Text(
        en="these values or judgements have no meaning for it", zh="不适用于现有的取值或判断"
    ),
    "not_compared": Text(
        en="the options are not compared in pairs under every criterion",
        zh="并非在每个准则下都对选项作了两两比较",
    ),
    "not_finite": Text(
        en="it divides by zero here and has no result", zh="计算中出现除以零，得不到结果"
    ),
}
#: Normalisation -> what it must have lacked if it fails where another did not.
_NEEDS = {"domain": "no_domains", "max": "no_largest", "sum": "no_sum"}


@dataclass(frozen=True, slots=True)
class ReversalTest:
    """One of the tests of Wang & Triantaphyllou (2008), or of options that come and go.

    Attributes
    ----------
    name : str
        "worse_option" (the winner stays if another option gets worse), "transitivity" (the
        rankings of all pairs fit together), "decomposition" (they give the whole ranking),
        "removal" (the order stays if an option goes), "addition" (... if one comes that is worse
        than another everywhere).
    passed : bool or None
        ``None`` where a changed set of options cannot be ranked.
    counterexample : str
        What breaks it; empty if nothing does.
    """

    name: str
    passed: bool | None
    counterexample: str = ""


def other_methods(decision: Decision) -> tuple[OtherMethod, ...]:
    """What other normalisations, weightings, priorities and rankers would say."""
    if len(decision.ranking) < 2:
        return ()
    return (*_variations(decision), *_rankers(decision))


def _variations(decision: Decision) -> Iterator[OtherMethod]:
    problem, method = decision.problem, decision.problem.method
    choices: list[tuple[Kind, tuple[str, ...], str]] = [
        ("normalization", ("domain", "vector", "minmax", "max", "sum"), decision.normalization),
        ("weighting", ("hierarchical", "classic", "linear"), method.weighting),
        ("dependencies", ("closure", "saaty", "off"), method.dependencies),
        ("priorities", ("geometric_mean", "eigenvector"), method.priorities),
    ]
    for kind, names, current in choices:
        if kind == "dependencies" and not problem.criteria.influences:
            continue
        if kind == "priorities" and not decision.consistency:
            continue
        if kind == "weighting" and set(problem.tree.dimensions) == set(problem.tree.leaf_ids):
            names = ("classic", "linear")
            current = "classic" if current == "hierarchical" else current
        for name in names:
            if name == current:
                continue
            changed = method.model_copy(update={kind: name})
            scenario = problem.scenario.model_copy(update={"method": changed})
            scale = name if kind == "normalization" else decision.normalization
            basis: Basis = "domains" if scale == "domain" else "options"
            try:
                other = evaluate(replace(problem, scenario=scenario))
            except McdaError:
                yield _refused(kind, name, basis, _NEEDS.get(name, "not_applicable"))
                continue
            closeness = {each.option: each.closeness for each in other.ranking}
            scores = np.array([closeness[each.option] for each in decision.ranking])
            yield _compared(decision, kind, name, basis, scores)


def _refused(kind: Kind, name: str, basis: Basis, reason: str) -> OtherMethod:
    problem = PROBLEMS[reason].say("en")
    return OtherMethod(kind, name, None, False, None, None, problem, basis, reason)


def _compared(
    decision: Decision, kind: Kind, name: str, basis: Basis, scores: Floats
) -> OtherMethod:
    """Scores of the options in the decision's order, more is better."""
    from pymcdm.correlations import spearman, weighted_spearman

    ours = np.array([each.rank for each in decision.ranking], dtype=np.float64)
    theirs = competition_ranks(scores).astype(np.float64)
    first = [each.option for each, r in zip(decision.ranking, theirs, strict=True) if r == 1]
    winner = first[0] if len(first) == 1 else None
    flat = len(set(theirs)) == 1 or len(set(ours)) == 1
    return OtherMethod(
        kind,
        name,
        winner,
        winner is not None and winner == decision.recommended,
        None if flat else float(spearman(ours, theirs)),
        None if flat else float(weighted_spearman(ours, theirs)),
        basis=basis,
    )


def _rankers(decision: Decision) -> Iterator[OtherMethod]:
    for name in RANKERS:
        if name == "AHP synthesis" and not decision.compared:
            continue
        basis = basis_of(name, decision)
        try:
            scores = scores_by(name, decision)
        except Refused as refused:
            yield _refused("ranker", name, basis, str(refused))
            continue
        yield _compared(decision, "ranker", name, basis, scores)


def reversal_tests(decision: Decision) -> tuple[ReversalTest, ...]:
    """Whether the ranking holds together when the set of options changes."""
    if len(decision.ranking) < 2 or decision.problem.weights.objective is not None:
        return ()
    if len(decision.ranking) > MOST_OPTIONS:
        return ()
    tests = {
        "worse_option": _worse_option,
        "transitivity": _transitivity,
        "decomposition": _decomposition,
        "removal": _removal,
        "addition": _addition,
    }
    found = []
    for name, test in tests.items():
        try:
            counterexample = test(decision)
        except McdaError:
            # a smaller set of options cannot be normalised
            found.append(ReversalTest(name, None))
        else:
            found.append(ReversalTest(name, not counterexample, counterexample))
    return tuple(found)


def _ranked(decision: Decision, columns: list[int], values: Floats | None = None) -> Floats:
    workings = decision.workings
    x = workings.scored.values if values is None else values
    contest = rank(decision.problem, x, columns, workings.weighed, workings.contest.normalization)
    return contest.closeness


def _order(decision: Decision) -> list[int]:
    contest = decision.workings.contest
    return [contest.columns[i] for i in np.argsort(-contest.closeness, kind="stable")]


def _names(decision: Decision, *columns: int) -> str:
    return ", ".join(decision.problem.options[i].name for i in columns)


def _worse(decision: Decision, option: int) -> Floats:
    """Leaf values where one option is moved a tenth of the range towards the worst on each leaf."""
    values = decision.workings.scored.values.copy()
    columns = list(decision.workings.contest.columns)
    for j, leaf in enumerate(decision.problem.tree.leaves):
        own = values[columns, j]
        low, high = leaf.domain or (float(own.min()), float(own.max()))
        step = 0.1 * (high - low) * (-1.0 if leaf.direction == "benefit" else 1.0)
        values[option, j] = min(max(values[option, j] + step, low), high)
    return values


def _worse_option(decision: Decision) -> str:
    order = _order(decision)
    for option in order[1:]:
        closeness = _ranked(decision, order, _worse(decision, option))
        if closeness[0] < closeness.max() - TIE:
            return _names(decision, option)
    return ""


def _duels(decision: Decision) -> NDArray[np.float64]:
    """Leads (n, n) of each option over each other, ranked by themselves, in the order's order."""
    order = _order(decision)
    leads = np.zeros((len(order), len(order)))
    for i, one in enumerate(order):
        for k in range(i + 1, len(order)):
            first, second = _ranked(decision, [one, order[k]])
            leads[i, k], leads[k, i] = first - second, second - first
    return leads


def _transitivity(decision: Decision) -> str:
    order, beats = _order(decision), _duels(decision) >= -TIE
    for i, k in np.argwhere(beats).tolist():
        for m in np.flatnonzero(beats[k] & ~beats[i]).tolist():
            if len({i, k, m}) == 3:
                return _names(decision, order[i], order[k], order[m])
    return ""


def _decomposition(decision: Decision) -> str:
    order, leads = _order(decision), _duels(decision)
    whole = _ranked(decision, order)
    ahead = np.subtract.outer(whole, whole) > TIE
    wrong = np.argwhere(ahead & (leads <= TIE))
    return _names(decision, *(order[i] for i in wrong[0])) if len(wrong) else ""


def _kept(before: Floats, after: Floats) -> bool:
    """Whether no two options change places."""
    gaps = np.subtract.outer(before, before)
    now = np.subtract.outer(after, after)
    return not ((gaps > TIE) & (now < -TIE)).any()


def _removal(decision: Decision) -> str:
    order = _order(decision)
    whole = _ranked(decision, order)
    for gone in range(len(order)):
        rest = [i for i in range(len(order)) if i != gone]
        if not _kept(whole[rest], _ranked(decision, [order[i] for i in rest])):
            return _names(decision, order[gone])
    return ""


def _addition(decision: Decision) -> str:
    order = _order(decision)
    whole = _ranked(decision, order)
    values = decision.workings.scored.values
    for option in order:
        more = np.vstack([values, _worse(decision, option)[option]])
        closeness = _ranked(decision, [*order, len(values)], more)
        if not _kept(whole, closeness[:-1]):
            return _names(decision, option)
    return ""

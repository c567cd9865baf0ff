"""Weights from comparisons with the best and the worst criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mcda.errors import InputError, listing

__all__ = ["BestWorstResult", "best_worst"]


@dataclass(frozen=True, slots=True)
class BestWorstResult:
    """Weights of the best-worst method.

    Attributes
    ----------
    weights : mapping
        Criterion -> weight, sum 1.
    inconsistency : float
        xi, the largest absolute deviation |w_B - a_Bj w_j| or |w_j - a_jW w_W|; 0 if all agree.
    """

    weights: Mapping[str, float]
    inconsistency: float


def best_worst(
    labels: Sequence[str],
    best: str,
    worst: str,
    best_to_others: Mapping[str, float],
    others_to_worst: Mapping[str, float],
) -> BestWorstResult:
    """Weights by the linear best-worst method (Rezaei 2016).

    Minimise xi subject to |w_B - a_Bj w_j| <= xi, |w_j - a_jW w_W| <= xi, w >= 0, sum of w = 1:
    a linear programme with one solution.

    Parameters
    ----------
    labels
        The criteria.
    best, worst
        The most and the least important of them.
    best_to_others
        Criterion -> how many times as important the best one is (a_Bj).
    others_to_worst
        Criterion -> how many times as important it is as the worst one (a_jW).

    Raises
    ------
    InputError
        For unknown or left out criteria, or judgements below 1.

    Examples
    --------
    >>> result = best_worst("abc", "a", "c", {"b": 2, "c": 8}, {"a": 8, "b": 4})
    >>> {name: round(weight, 4) for name, weight in result.weights.items()}
    {'a': 0.6154, 'b': 0.3077, 'c': 0.0769}
    """
    from scipy.optimize import linprog

    if best == worst:
        raise InputError(f"{best!r} is both best and worst", "Name two different criteria")
    for role, name in (("best", best), ("worst", worst)):
        if name not in labels:
            raise InputError(
                f"the {role} criterion {name!r} is unknown", f"One of: {listing(labels)}"
            )
    best_to_others, others_to_worst = dict(best_to_others), dict(others_to_worst)
    if best in others_to_worst:
        best_to_others.setdefault(worst, others_to_worst[best])
    elif worst in best_to_others:
        others_to_worst[best] = best_to_others[worst]
    _check("best_to_others", best_to_others, labels, best)
    _check("others_to_worst", others_to_worst, labels, worst)
    for what, given, itself in (
        ("best_to_others", best_to_others, best),
        ("others_to_worst", others_to_worst, worst),
    ):
        if given.get(itself, 1) != 1:
            raise InputError(f"{what} compares {itself!r} with itself", "Leave it out")
    if best_to_others[worst] != others_to_worst.get(best, best_to_others[worst]):
        raise InputError(
            f"best_to_others says {best} vs {worst} = {best_to_others[worst]:g}, others_to_worst "
            f"{others_to_worst[best]:g}",
            "Make them equal, or leave one out",
        )
    n = len(labels)
    position = {label: number for number, label in enumerate(labels)}
    rows = []
    for name, ratio in best_to_others.items():
        if name != best:
            row = np.zeros(n + 1)
            row[position[best]] += 1.0
            row[position[name]] -= ratio
            rows.append(row)
    for name, ratio in others_to_worst.items():
        if name not in (best, worst):
            row = np.zeros(n + 1)
            row[position[name]] += 1.0
            row[position[worst]] -= ratio
            rows.append(row)
    equations = np.array(rows)
    slack = np.zeros((len(rows), n + 1))
    slack[:, n] = -1.0
    solved = linprog(
        np.eye(n + 1)[n],
        A_ub=np.vstack([equations + slack, -equations + slack]),
        b_ub=np.zeros(2 * len(rows)),
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    weights = np.maximum(solved.x[:n], 0.0)
    weights /= weights.sum()
    return BestWorstResult(
        {label: float(weights[position[label]]) for label in labels}, float(solved.x[n])
    )


def _check(what: str, ratios: Mapping[str, float], labels: Sequence[str], reference: str) -> None:
    for name, ratio in ratios.items():
        if name not in labels:
            raise InputError(
                f"{what} names an unknown criterion {name!r}", f"Known: {listing(labels)}"
            )
        if ratio < 1:
            raise InputError(
                f"{what} of {name!r} is {ratio:g}",
                "The best is at least as important as any other, and any other as the worst",
            )
    missing = [label for label in labels if label not in ratios and label != reference]
    if missing:
        raise InputError(f"{what} leaves out {listing(missing)}", "Compare every criterion")

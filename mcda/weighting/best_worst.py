"""Weights from comparisons with the best and the worst criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mcda.errors import InputError, listing
from mcda.model.criteria import GOAL
from mcda.model.language import given_number
from mcda.model.text import Notice, Several
from mcda.weighting.consistency import SCALE, Repair

__all__ = ["BestWorstResult", "best_worst", "threshold"]

#: How large the input-based consistency ratio may be, by how many times as important the best is
#: as the worst (rows) and by the number of criteria, 3 to 9: Liang, Brunelli & Rezaei (2020),
#: "Consistency issues in the best worst method: Measurements and thresholds", Omega 96, 102175,
#: table 3.
_THRESHOLDS = {
    3: (0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667),
    4: (0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683),
    5: (0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960),
    6: (0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262),
    7: (0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403),
    8: (0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657),
    9: (0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662),
}
#: Relative difference below which two products of answers are the same.
_SAME = 1e-9


def threshold(n: int, best_to_worst: float) -> float:
    """The largest input-based consistency ratio that is acceptable (Liang et al. 2020).

    The paper's table goes from 3 to 9 criteria and, for whole numbers, from 3 to 9 times as
    important; up to 2 times its threshold is 0. For more criteria, or more than 9 times, its last
    entry holds; between two rows the smaller one, so that too much is flagged rather than too
    little.

    Examples
    --------
    >>> threshold(5, 8)
    0.2958
    """
    if n < 3 or best_to_worst < 3:
        return 0.0
    column = min(n, 9) - 3
    low, high = (
        min(int(rounded), 9) for rounded in (np.floor(best_to_worst), np.ceil(best_to_worst))
    )
    return min(_THRESHOLDS[low][column], _THRESHOLDS[high][column])


@dataclass(frozen=True, slots=True)
class BestWorstResult:
    """Weights of the best-worst method.

    Attributes
    ----------
    weights : mapping
        Criterion -> weight, sum 1.
    inconsistency : float
        xi, the largest absolute deviation |w_B - a_Bj w_j| or |w_j - a_jW w_W|; 0 if all agree.
    best, worst : str
    best_to_others : mapping
        Criterion -> a_Bj, the worst one included.
    others_to_worst : mapping
        Criterion -> a_jW, the best one included.
    node : str
        Whose children they are.
    """

    weights: Mapping[str, float]
    inconsistency: float
    best: str
    worst: str
    best_to_others: Mapping[str, float]
    others_to_worst: Mapping[str, float]
    node: str = GOAL

    @property
    def best_to_worst(self) -> float:
        """a_BW: how many times as important the best is as the worst."""
        return self.best_to_others[self.worst]

    @property
    def deviations(self) -> dict[str, float]:
        """Criterion between best and worst -> |a_Bj a_jW - a_BW| / (a_BW^2 - a_BW)."""
        most = self.best_to_worst
        return {
            name: abs(self._product(name) - most) / (most * most - most) if most > 1 else 0.0
            for name in self.weights
            if name not in (self.best, self.worst)
        }

    @property
    def consistency_ratio(self) -> float:
        """The input-based consistency ratio, the largest of the deviations (Liang et al. 2020)."""
        return max(self.deviations.values(), default=0.0)

    @property
    def limit(self) -> float:
        """The largest ratio that is acceptable for so many criteria and so wide a scale."""
        return threshold(len(self.weights), self.best_to_worst)

    @property
    def consistent(self) -> bool:
        """Whether the ratio is acceptable."""
        return self.consistency_ratio <= self.limit + _SAME

    @property
    def worst_criteria(self) -> tuple[str, ...]:
        """The criteria whose two answers deviate most; none where nothing deviates."""
        most = self.consistency_ratio
        if most <= _SAME:
            return ()
        return tuple(n for n, each in self.deviations.items() if each >= most * (1.0 - _SAME))

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The answers to reconsider first, each with what the other one implies.

        That lies between 1 and a_BW, as no criterion is above the best or below the worst; answers
        for which it does so by itself come first.
        """
        most = self.best_to_worst
        found = []
        for name in self.worst_criteria:
            one, other = self.best_to_others[name], self.others_to_worst[name]
            for first, second, given, implied in (
                (self.best, name, one, most / other),
                (name, self.worst, other, most / one),
            ):
                possible = min(max(implied, 1.0), most)
                found.append((possible != implied, Repair(first, second, given, possible)))
        return tuple(repair for _, repair in sorted(found, key=lambda each: each[0]))

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What the reader must know: contradictions, and answers beyond the scale."""
        best, worst, most = self.best, self.worst, self.best_to_worst
        answers = [(best, name, given) for name, given in self.best_to_others.items()]
        answers += [
            (name, worst, given) for name, given in self.others_to_worst.items() if name != best
        ]
        beyond = [
            Notice("beyond_scale", first=first, second=second, given=given)
            for first, second, given in answers
            if given > SCALE
        ]
        above = [
            Notice(
                "above_best_to_worst",
                first=first,
                second=second,
                given=given,
                best=best,
                worst=worst,
                most=most,
            )
            for first, second, given in answers
            if given > most
        ]
        return (*beyond, *self._contradiction(), *above)

    def consistency_data(self) -> dict[str, Any]:
        """How consistent the answers are, as plain data."""
        repairs = [asdict(each) for each in self.repairs]
        return {
            "way": "best_worst",
            "consistency_ratio": self.consistency_ratio,
            "limit": self.limit,
            "gci": None,
            "lambda_max": None,
            "xi": self.inconsistency,
            "consistent": self.consistent,
            "worst": repairs[0] if repairs else None,
            "repairs": repairs,
            "circle": None,
            "missing": [],
            "next_questions": [],
        }

    def _product(self, name: str) -> float:
        return self.best_to_others[name] * self.others_to_worst[name]

    def _contradiction(self) -> tuple[Notice, ...]:
        if self.consistent:
            return ()
        products = Several(
            Notice(
                "product",
                best=self.best,
                middle=name,
                worst=self.worst,
                one=self.best_to_others[name],
                other=self.others_to_worst[name],
                product=self._product(name),
                given=self.best_to_worst,
            )
            for name in self.worst_criteria
        )
        notice = Notice(
            "inconsistent",
            node=self.node,
            ratio=self.consistency_ratio,
            limit=self.limit,
            advice=Notice("reconsider_products", products=products),
        )
        return (notice,)


def best_worst(
    labels: Sequence[str],
    best: str,
    worst: str,
    best_to_others: Mapping[str, float | None],
    others_to_worst: Mapping[str, float | None],
    *,
    node: str = GOAL,
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
    node
        Whose children they are, for what is said of them.

    Raises
    ------
    InputError
        For unknown or left out criteria, judgements below 1, or a best criterion that counts as
        much as the worst one while others differ.

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
    _check_names("best_to_others", best_to_others, labels)
    _check_names("others_to_worst", others_to_worst, labels)
    of_best = {name: ratio for name, ratio in best_to_others.items() if ratio is not None}
    of_worst = {name: ratio for name, ratio in others_to_worst.items() if ratio is not None}
    if best in of_worst:
        of_best.setdefault(worst, of_worst[best])
    elif worst in of_best:
        of_worst[best] = of_best[worst]
    _check("best_to_others", of_best, labels, best)
    _check("others_to_worst", of_worst, labels, worst)
    for what, given, itself in (
        ("best_to_others", of_best, best),
        ("others_to_worst", of_worst, worst),
    ):
        if given.get(itself, 1) != 1:
            raise InputError(f"{what} compares {itself!r} with itself", "Leave it out")
    if of_best[worst] != of_worst.get(best, of_best[worst]):
        raise InputError(
            f"best_to_others says {best} vs {worst} = {given_number(of_best[worst])}, "
            f"others_to_worst {given_number(of_worst[best])}",
            "Make them equal, or leave one out",
        )
    most = of_best[worst]
    if most == 1 and max(*of_best.values(), *of_worst.values()) > 1:
        raise InputError(
            f"{best} vs {worst} = 1 makes all criteria equal, but other answers lie above 1",
            "Say how many times as important the best is as the worst",
        )
    n = len(labels)
    position = {label: number for number, label in enumerate(labels)}
    rows = []
    for name, ratio in of_best.items():
        if name != best:
            row = np.zeros(n + 1)
            row[position[best]] += 1.0
            row[position[name]] -= ratio
            rows.append(row)
    for name, ratio in of_worst.items():
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
        {label: float(weights[position[label]]) for label in labels},
        float(solved.x[n]),
        best,
        worst,
        {name: ratio for name, ratio in of_best.items() if name != best},
        {best: most} | {name: ratio for name, ratio in of_worst.items() if name != worst},
        node,
    )


def _check_names(what: str, given: Mapping[str, float | None], labels: Sequence[str]) -> None:
    for name in given:
        if name not in labels:
            raise InputError(
                f"{what} names an unknown criterion {name!r}", f"Known: {listing(labels)}"
            )


def _check(what: str, ratios: Mapping[str, float], labels: Sequence[str], reference: str) -> None:
    for name, ratio in ratios.items():
        if ratio < 1:
            raise InputError(
                f"{what} of {name!r} is {given_number(ratio)}",
                "The best is at least as important as any other, and any other as the worst",
            )
    missing = [label for label in labels if label not in ratios and label != reference]
    if missing:
        raise InputError(f"{what} leaves out {listing(missing)}", "Compare every criterion")

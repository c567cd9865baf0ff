"""What one judge's importance would have to become for the winner to change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mcda.engine.board import Board
from mcda.engine.decision import Decision
from mcda.engine.local import local_weights
from mcda.robustness.crossings import crossings
from mcda.weighting.consistency import Repair
from mcda.weighting.hierarchy import leaf_weights

__all__ = ["JudgeFlip", "judge_flips"]

Floats = NDArray[np.float64]

#: The smallest share of the whole importance that is looked at.
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class JudgeFlip:
    """The shares of one judge's importance at which the winner changes.

    Attributes
    ----------
    judge : str
    share : float
        Of the whole importance, now; the others keep their proportions.
    below, above : tuple of (float, str) or None
        The nearest share on either side, and who takes over.
    consistency_ratio : float or None
        Of the judge's own judgements, the largest; ``None`` where they do not suffice alone.
    repairs : tuple of Repair
        The judgements that this judge should reconsider first.
    """

    judge: str
    share: float
    below: tuple[float, str] | None
    above: tuple[float, str] | None
    consistency_ratio: float | None
    repairs: tuple[Repair, ...]


def judge_flips(decision: Decision, board: Board) -> tuple[JudgeFlip, ...]:
    """One for each judge; empty without judges, or without a single winner."""
    contest, problem = decision.workings.contest, decision.problem
    judges = problem.weights.judges
    if len(judges) < 2 or decision.recommended is None or len(contest.columns) < 2:
        return ()
    names = [problem.options[i].name for i in contest.columns]
    order = np.argsort(-contest.closeness, kind="stable")
    winner, others = int(order[0]), order[1:].tolist()
    assert decision.group is not None
    views = {view.name: view for view in decision.group.judges}
    whole = sum(judge.importance for judge in judges.values())
    found = []
    for name, judge in judges.items():
        share = judge.importance / whole
        rest = whole - judge.importance

        def path(shares: Floats, name: str = name, rest: float = rest) -> Floats:
            rows = []
            for each in shares.tolist():
                # its importance beside what the others have
                importance = rest * each / (1.0 - each)
                said = {**judges, name: replace(judges[name], importance=importance)}
                plan = replace(problem.weights, judges=said)
                local, _ = local_weights(replace(problem, weights=plan), None)
                rows.append(leaf_weights(problem.tree, local))
            return np.stack(rows)

        leads = board.leads(path, [winner] * len(others), others)
        cuts = crossings(leads, _LEAST, 1.0 - _LEAST)
        below = [cut for cut in cuts if cut.at < share]
        above = [cut for cut in cuts if cut.at > share]
        found.append(
            JudgeFlip(
                name,
                share,
                (below[-1].at, names[others[below[-1].which]]) if below else None,
                (above[0].at, names[others[above[0].which]]) if above else None,
                views[name].consistency_ratio,
                views[name].repairs,
            )
        )
    return tuple(found)

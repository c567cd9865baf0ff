"""Scenarios from files and lines, one row of results each."""

from __future__ import annotations

from typing import Any

import numpy as np

from mcda.bulk.columns import FIRST, LAST, WHY
from mcda.bulk.many import Item, items_of, read_item
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.why import top, why
from mcda.engine.contest import Placed
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.expectations import missed
from mcda.engine.stack import Block
from mcda.errors import McdaError
from mcda.files.loader import Loader
from mcda.frames.building import cells_of, frame_of
from mcda.ranking.kernel import Scores

__all__ = ["documents"]


def documents(unit: Unit, settings: Settings, loader: Loader) -> Any:
    """Scenarios from files or lines, one row each."""
    rows = [_evaluated(item, loader, settings) for item in items_of(unit)]
    options = dict.fromkeys(name for row in rows for name in row["ranked"])
    first = {**FIRST, **(WHY if settings.reasons else {})}
    columns = {
        name: cells_of([row.get(name) for row in rows], kind) for name, kind in first.items()
    }
    for name in options:
        ranked = [row["ranked"].get(name, (None, None)) for row in rows]
        columns[f"closeness:{name}"] = cells_of([each[0] for each in ranked], float)
        columns[f"rank:{name}"] = cells_of([each[1] for each in ranked], int)
    for name, kind in LAST.items():
        columns[name] = cells_of([row.get(name) for row in rows], kind)
    return frame_of(columns, "polars")


def _evaluated(item: Item, loader: Loader, settings: Settings) -> dict[str, Any]:
    row: dict[str, Any] = {"source": item[0], "ranked": {}}
    try:
        scenario = read_item(item)
        row["scenario"] = scenario.id
        decision = evaluate(loader.problem(scenario))
        explained = _explained(decision) if settings.reasons else {}
    except McdaError as error:
        return {**row, "error": str(error)}
    except Exception as error:  # noqa: BLE001  one scenario must not take the others with it
        return {**row, "error": f"internal error: {type(error).__name__}: {error}"}
    return {**row, **_said(decision), **explained}


def _said(decision: Decision) -> dict[str, Any]:
    ratios = [result.consistency_ratio for result in decision.consistency.values()]
    ranked = {each.option: (each.closeness, each.rank) for each in decision.ranking}
    for each in decision.excluded:
        ranked[each.option] = (each.closeness, None)  # type: ignore[assignment]
    tied = decision.recommended is None
    excluded = [
        f"{each.option}: {' '.join(gate.gate for gate in each.gates)}" for each in decision.excluded
    ]
    misses = [f"{each.code} {dict(each.values)}" for each in missed(decision)]
    return {
        "recommended": decision.recommended,
        "verdict": decision.verdict,
        "firmness": decision.firmness,
        "margin": decision.margin,
        "runner_up": None if tied or len(decision.ranking) < 2 else decision.ranking[1].option,
        "consistency_ratio": max(ratios, default=None),
        "ranked": ranked,
        "excluded": "; ".join(excluded) or None,
        "missed": "; ".join(misses) or None,
    }


def _explained(decision: Decision) -> dict[str, Any]:
    """Why the winner leads, and what would change it soonest."""
    workings, tree = decision.workings, decision.problem.tree
    contest = workings.contest
    if not contest.columns:
        return {}
    scores = Scores(contest.scores.r[..., None], contest.scores.scale[:, None])
    placed = Placed(scores, contest.closeness[:, None], contest.ranks[:, None])
    rows = np.array(contest.columns)[:, None]
    block = Block(np.zeros(1, dtype=np.intp), rows, placed, workings.weighed)
    found = why(decision.problem, block)
    order, amounts = top(found.reasons, 3)
    said: dict[str, Any] = {}
    for place, (number, amount) in enumerate(zip(order[:, 0], amounts[:, 0], strict=True), 1):
        if number >= 0:
            said[f"reason_{place}"] = tree.dimensions[number]
            said[f"amount_{place}"] = float(amount)
    if found.flip_leaf[0] >= 0:
        said["flip_criterion"] = tree.leaf_ids[found.flip_leaf[0]]
        said["flip_share"] = float(found.flip_now[0])
        said["flip_at"] = float(found.flip_at[0])
        taker = contest.columns[int(found.flip_to[0])]
        said["flip_to"] = decision.problem.options[taker].name
    return said

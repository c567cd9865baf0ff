"""Scenarios from files and lines, one row of results each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mcda.bulk import columns as named
from mcda.bulk.columns import FIRST, LAST, REASONS, WHY, arranged
from mcda.bulk.hashes import hash_of_bytes
from mcda.bulk.leads import Leads
from mcda.bulk.many import Item, items_of, read_item
from mcda.bulk.sentences import sentences_of
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.why import limits, top, why
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
    dimensions = dict.fromkeys(name for row in rows for name in row.get("bounds", ()))
    first = {**FIRST, **(WHY if settings.reasons else {})}
    columns = {
        name: cells_of([row.get(name) for row in rows], kind) for name, kind in first.items()
    }
    for name in dimensions:
        between = [row.get("bounds", {}).get(name, (None,) * 3) for row in rows]
        for place, column in enumerate(named.bounds(name)):
            columns[column] = cells_of([each[place] for each in between], float)
    for name in options:
        ranked = [row["ranked"].get(name, (None, None)) for row in rows]
        columns[named.closeness(name)] = cells_of([each[0] for each in ranked], float)
        columns[named.rank(name)] = cells_of([each[1] for each in ranked], int)
    last = {"explanation": settings.explain, "input_hash": settings.hashes}
    for name, kind in LAST.items():
        if last.get(name, True):
            columns[name] = cells_of([row.get(name) for row in rows], kind)
    frame = frame_of(arranged(columns), "polars")
    return _leads(rows).hide(frame) if settings.reasons else frame


def _leads(rows: list[dict[str, Any]]) -> Leads:
    """What the leads are made of, summed up."""
    leads = Leads()
    for row in rows:
        if "contributions" in row:
            leads.add((row["recommended"], row["runner_up"]), 1, row["contributions"])
            leads.titles = {**row["titles"], **leads.titles}
    return leads


def _evaluated(item: Item, loader: Loader, settings: Settings) -> dict[str, Any]:
    row: dict[str, Any] = {"source": item[0], "ranked": {}}
    try:
        scenario = read_item(item)
        row["scenario"] = scenario.id
        decision = evaluate(loader.problem(scenario))
        extras = _extras(decision, settings)
        if settings.hashes:
            extras["input_hash"] = _hash_of(item, settings)
    except McdaError as error:
        return {**row, "error": str(error)}
    except Exception as error:  # noqa: BLE001  one scenario must not take the others with it
        return {**row, "error": f"internal error: {type(error).__name__}: {error}"}
    return {**row, **_said(decision), **extras}


def _hash_of(item: Item, settings: Settings) -> str:
    given = item[1]
    path, data = (Path(given[0]), given[2]) if isinstance(given, tuple) else (given, None)
    return hash_of_bytes(path.read_bytes() if data is None else data, path.parent, settings)


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


def _extras(decision: Decision, settings: Settings) -> dict[str, Any]:
    """What rows say only where it is wanted."""
    said: dict[str, Any] = {}
    if settings.explain:
        said["explanation"] = sentences_of(decision, settings.lang)
    workings = decision.workings
    contest = workings.contest
    if not contest.columns:
        return said
    scores = Scores(contest.scores.r[..., None], contest.scores.scale[:, None])
    placed = Placed(scores, contest.closeness[:, None], contest.ranks[:, None])
    rows = np.array(contest.columns)[:, None]
    block = Block(np.zeros(1, dtype=np.intp), rows, placed, workings.weighed)
    if settings.reasons:
        said.update(_explained(decision, block, settings))
    if settings.sensitivity:
        found = [_floats(each[:, 0]) for each in limits(decision.problem, block)]
        dimensions = decision.problem.tree.dimensions
        said["bounds"] = dict(zip(dimensions, zip(*found, strict=True), strict=True))
    return said


def _floats(values: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _explained(decision: Decision, block: Block, settings: Settings) -> dict[str, Any]:
    """Why the winner leads, and what would change it soonest."""
    tree = decision.problem.tree
    found = why(decision.problem, block)
    order, amounts = top(found.reasons, REASONS)
    said: dict[str, Any] = {}
    for place, (number, amount) in enumerate(zip(order[:, 0], amounts[:, 0], strict=True), 1):
        if number >= 0:
            said[named.reason(place)] = tree.dimensions[number]
            said[named.amount(place)] = float(amount)
    if not np.isnan(found.reasons).any():
        said["contributions"] = dict(
            zip(tree.dimensions, found.reasons[:, 0].tolist(), strict=True)
        )
        said["titles"] = {name: tree.titles[name].say(settings.lang) for name in tree.dimensions}
    if found.flip_leaf[0] >= 0:
        said["flip_criterion"] = tree.leaf_ids[found.flip_leaf[0]]
        said["flip_share"] = float(found.flip_now[0])
        said["flip_at"] = float(found.flip_at[0])
        taker = decision.workings.contest.columns[int(found.flip_to[0])]
        said["flip_to"] = decision.problem.options[taker].name
    return said

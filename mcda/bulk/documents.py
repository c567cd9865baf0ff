"""Scenarios from files and lines, one row of results each."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mcda.bulk import columns as named
from mcda.bulk.columns import FIRST, LAST, REASONS, WHY, in_order
from mcda.bulk.evaluate_many import Item, bytes_of, items_of, read_item
from mcda.bulk.grouping import evaluate_group, group_by_model
from mcda.bulk.hashes import hash_of_bytes
from mcda.bulk.leads import Leads
from mcda.bulk.sentences import sentences_of
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.why import limits, top, why
from mcda.engine.contest import Placed
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.expectations import briefly, missed
from mcda.engine.stack import Block
from mcda.errors import McdaError
from mcda.files.block_cache import Reader
from mcda.files.loader import Loader
from mcda.frames.building import Cells, cells_of, frame_of
from mcda.model.problem import Problem
from mcda.ranking.kernel import Scores

__all__ = ["documents"]

#: The column of where a row stands; no column of results is named so.
_NUMBER = "number"


def documents(unit: Unit, settings: Settings, loader: Loader) -> tuple[Any, Leads]:
    """Scenarios from files or lines, one row each, and what leads are made of.

    Those that share their criteria and weights are evaluated all at once; what goes wrong there
    is done again by itself, so that it says the same as alone.
    """
    with _uncollected():
        return _evaluated_all(unit, settings, loader)


def _evaluated_all(unit: Unit, settings: Settings, loader: Loader) -> tuple[Any, Leads]:
    rows, problems = _resolved(unit, loader, settings)
    groups, alone = group_by_model(problems)
    frames, leads = [], Leads()
    for group in groups:
        frame, again = _together(group, problems, rows, settings, leads)
        frames.append(frame)
        alone.extend(again)
    for number in alone:
        rows[number] = _evaluated(rows[number], problems[number], settings)
    fine = [problem for number, problem in problems.items() if "error" not in rows[number]]
    options = list(dict.fromkeys(option.name for each in fine for option in each.options))
    single = sorted({*alone, *(number for number in range(len(rows)) if number not in problems)})
    frames.append(_frame(single, rows, options, settings))
    joined = _joined([frame for frame in frames if len(frame)] or frames[-1:], options, settings)
    if not settings.reasons:
        return joined, Leads()
    for number in alone:
        row = rows[number]
        if "contributions" in row:
            leads.add((row["recommended"], row["runner_up"]), 1, row["contributions"])
    trees = {id(problem.tree): problem.tree for problem in problems.values()}
    for tree in reversed(trees.values()):
        leads.titles.update(
            {name: tree.titles[name].say(settings.lang) for name in tree.dimensions}
        )
    return joined, leads


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles of objects, which the hundreds of scenarios held do not form."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _resolved(
    unit: Unit, loader: Loader, settings: Settings
) -> tuple[list[dict[str, Any]], dict[int, Problem]]:
    """A row for each scenario, with its error if it cannot be read, and the others' problems."""
    reader = Reader()
    rows: list[dict[str, Any]] = []
    problems: dict[int, Problem] = {}
    for number, item in enumerate(items_of(unit)):
        row: dict[str, Any] = {"source": item[0], "ranked": {}}
        rows.append(row)
        try:
            data = bytes_of(item)
            scenario = read_item(item, reader, data)
            row["scenario"] = scenario.id
            problems[number] = loader.problem(scenario)
            if settings.hashes and data is not None:
                row["input_hash"] = hash_of_bytes(data, _folder_of(item), settings)
        except Exception as error:  # noqa: BLE001  one must not take the others with it
            row["error"] = _said_of(error)
    return rows, problems


def _folder_of(item: Item) -> Path:
    given = item[1]
    return _folder(os.path.dirname(given if isinstance(given, str) else given[0]))  # noqa: PTH120


_folder = lru_cache(maxsize=64)(Path)


def _said_of(error: Exception) -> str:
    if isinstance(error, McdaError):
        return str(error)
    return f"internal error: {type(error).__name__}: {error}"


def _together(
    numbers: Sequence[int],
    problems: Mapping[int, Problem],
    rows: Sequence[Mapping[str, Any]],
    settings: Settings,
    leads: Leads,
) -> tuple[Any, list[int]]:
    """The frame of a group with its numbers in `_NUMBER`, and those that are to be done alone."""
    try:
        columns, failed, own = evaluate_group([problems[number] for number in numbers], settings)
    except Exception:  # noqa: BLE001  each says by itself what is wrong
        return [], list(numbers)
    columns["source"] = cells_of([rows[number]["source"] for number in numbers], str)
    leads.merge(own)
    if settings.explain:
        said = [_sentences(problems[number], settings) for number in numbers]
        columns["explanation"] = cells_of(said, str)
    if settings.hashes:
        columns["input_hash"] = cells_of([rows[number]["input_hash"] for number in numbers], str)
    columns[_NUMBER] = Cells(np.array(numbers))
    frame = frame_of(columns, "polars")
    if not failed.any():
        return frame, []
    return frame.filter(~failed), [numbers[place] for place in np.flatnonzero(failed).tolist()]


def _sentences(problem: Problem, settings: Settings) -> str | None:
    try:
        return sentences_of(evaluate(problem), settings.lang)
    except McdaError:  # which its row says
        return None


def _evaluated(row: dict[str, Any], problem: Problem, settings: Settings) -> dict[str, Any]:
    """The row of a scenario that is evaluated alone."""
    said: dict[str, Any] = {}
    try:
        decision = evaluate(problem)
        said = {**_said(decision), **_extras(decision, settings)}
    except Exception as error:  # noqa: BLE001  one must not take the others with it
        row = {**row, "input_hash": None, "error": _said_of(error)}
    return {**row, **said}


def _frame(
    numbers: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    options: Sequence[str],
    settings: Settings,
) -> Any:
    """Rows of scenarios that were evaluated one by one."""
    chosen = [rows[number] for number in numbers]
    kinds = {**FIRST, **(WHY if settings.reasons else {}), **_last(settings)}
    columns: dict[str, Any] = {
        name: cells_of([row.get(name) for row in chosen], kind) for name, kind in kinds.items()
    }
    for name in dict.fromkeys(name for row in chosen for name in row.get("bounds", ())):
        between = [row.get("bounds", {}).get(name, (None,) * 3) for row in chosen]
        for place, column in enumerate(named.bounds(name)):
            columns[column] = cells_of([each[place] for each in between], float)
    for name in options:
        ranked = [row["ranked"].get(name, (None, None)) for row in chosen]
        columns[named.closeness(name)] = cells_of([each[0] for each in ranked], float)
        columns[named.rank(name)] = cells_of([each[1] for each in ranked], int)
    columns[_NUMBER] = Cells(np.array(numbers, dtype=np.intp))
    return frame_of(columns, "polars")


def _joined(frames: Sequence[Any], options: Sequence[str], settings: Settings) -> Any:
    """The rows of all frames in the order of their numbers."""
    import polars as pl

    ranked = [each(name) for name in options for each in (named.closeness, named.rank)]
    joined = pl.concat(frames, how="diagonal_relaxed") if len(frames) > 1 else frames[0]
    others = [name for name in joined.columns if name not in (*WHY, *ranked, _NUMBER)]
    names = [*FIRST, *(WHY if settings.reasons else {}), *others, *ranked, *_last(settings)]
    return joined.sort(_NUMBER).select(in_order(names))


def _last(settings: Settings) -> dict[str, type]:
    wanted = {"explanation": settings.explain, "input_hash": settings.hashes}
    return {name: kind for name, kind in LAST.items() if wanted.get(name, True)}


def _said(decision: Decision) -> dict[str, Any]:
    ratios = [each.consistency_ratio for each in decision.workings.weighed.answers.values()]
    ranked = {each.option: (each.closeness, each.rank) for each in decision.ranking}
    for each in decision.excluded:
        ranked[each.option] = (each.closeness, None)  # type: ignore[assignment]
    tied = decision.recommended is None
    excluded = [
        f"{each.option}: {' '.join(gate.gate for gate in each.gates)}" for each in decision.excluded
    ]
    misses = [briefly(each.code, each.values) for each in missed(decision)]
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
        said.update(_explained(decision, block))
    if settings.sensitivity:
        found = [_floats(each[:, 0]) for each in limits(decision.problem, block)]
        dimensions = decision.problem.tree.dimensions
        said["bounds"] = dict(zip(dimensions, zip(*found, strict=True), strict=True))
    return said


def _floats(values: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _explained(decision: Decision, block: Block) -> dict[str, Any]:
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
    if found.flip_leaf[0] >= 0:
        said["flip_criterion"] = tree.leaf_ids[found.flip_leaf[0]]
        said["flip_share"] = float(found.flip_now[0])
        said["flip_at"] = float(found.flip_at[0])
        taker = decision.workings.contest.columns[int(found.flip_to[0])]
        said["flip_to"] = decision.problem.options[taker].name
    return said

"""What a worker does with one job: read, evaluate, write a part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mcda.bulk.frame import held, template
from mcda.bulk.many import Item, items_of, read_item
from mcda.bulk.sources import Settings, Unit, read_table
from mcda.bulk.table import table_of
from mcda.bulk.why import top, why
from mcda.engine.contest import Placed
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.expectations import missed
from mcda.engine.stack import Block
from mcda.errors import McdaError
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.frames.building import Cells, Words, cells_of, frame_of
from mcda.model.criteria import Criteria
from mcda.model.scenario import Scenario
from mcda.ranking.kernel import Scores

__all__ = ["check_template", "work"]

#: Columns of every result; those of options stand before the last two.
_FIRST: dict[str, type] = {
    "scenario": str,
    "source": str,
    "recommended": str,
    "verdict": str,
    "firmness": float,
    "margin": float,
    "runner_up": str,
    "consistency_ratio": float,
}
_WHY: dict[str, type] = {
    "reason_1": str,
    "amount_1": float,
    "reason_2": str,
    "amount_2": float,
    "reason_3": str,
    "amount_3": float,
    "flip_criterion": str,
    "flip_share": float,
    "flip_at": float,
    "flip_to": str,
}
_LAST: dict[str, type] = {"excluded": str, "missed": str, "error": str}


def work(spec: tuple[Unit, Settings], target: Path) -> None:
    """Evaluate one job's scenarios and write their results as an Arrow file."""
    unit, settings = spec
    frame = _rows(unit, settings) if unit.kind == "rows" else _documents(unit, settings)
    frame.write_ipc(target)


@lru_cache(maxsize=4)
def _loader(settings: Settings) -> Loader:
    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


def check_template(settings: Settings) -> None:
    """Whether what tables share can be used.

    Raises
    ------
    McdaError
        If it is no scenario, or says what cannot hold for all.
    """
    if settings.template is not None:
        _template(settings, _loader(settings))


def _documents(unit: Unit, settings: Settings) -> Any:
    """Scenarios from files or lines, one row each."""
    loader = _loader(settings)
    rows = [_evaluated(item, loader, settings) for item in items_of(unit)]
    options = dict.fromkeys(name for row in rows for name in row["ranked"])
    first = {**_FIRST, **(_WHY if settings.reasons else {})}
    columns = {
        name: cells_of([row.get(name) for row in rows], kind) for name, kind in first.items()
    }
    for name in options:
        ranked = [row["ranked"].get(name, (None, None)) for row in rows]
        columns[f"closeness:{name}"] = cells_of([each[0] for each in ranked], float)
        columns[f"rank:{name}"] = cells_of([each[1] for each in ranked], int)
    for name, kind in _LAST.items():
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


def _rows(unit: Unit, settings: Settings) -> Any:
    """Scenarios from a long table."""
    [path] = unit.paths
    frame = read_table(Path(path), rows=(unit.start, unit.stop))
    loader = _loader(settings)
    options, keys, criteria, facts = _template(settings, loader)
    frame, numbers, refused = _usable(frame, unit, settings)
    if not len(frame):
        return _refusals(refused, path)
    try:
        table = table_of(
            frame,
            criteria,
            options,
            settings.scenario,
            settings.option,
            settings.keep,
            numbers=numbers,
            textual=Path(path).suffix.lower() in (".csv", ".tsv"),
        )
    except McdaError as error:
        ids = frame[settings.scenario].unique(maintain_order=True).to_list()
        return _refusals([*refused, *((str(each), f"{path}: {error}") for each in ids)], path)
    problem = template(loader, criteria, facts, options, table.columns, keys)
    results = held(table, problem, settings.lang, explained=settings.reasons)
    found = results.by_scenario(table)
    height = len(table.ids)
    ratios = [result.consistency_ratio for result in results.consistency.values()]
    same = np.zeros(height, dtype=np.intp)
    ratio = max(ratios, default=np.nan)
    found["source"] = Words(same, [path])
    found["consistency_ratio"] = Cells(np.full(height, ratio), np.full(height, bool(ratios)))
    found["missed"] = Words(same - 1, [])
    between = [name for name in found if name not in (*_FIRST, *_LAST)]
    evaluated = frame_of({name: found[name] for name in (*_FIRST, *between, *_LAST)}, "polars")
    if not refused:
        return evaluated
    import polars as pl

    return pl.concat([evaluated, _refusals(refused, path)], how="diagonal_relaxed")


def _usable(frame: Any, unit: Unit, settings: Settings) -> tuple[Any, Any, list[Any]]:
    """The rows that have an id, what they are called, and (id, error) of those that have not."""
    import polars as pl

    ids = frame[settings.scenario]
    numbers = np.arange(unit.start + 1, unit.start + len(frame) + 1)
    bad = ids.is_null()
    if ids.dtype == pl.String:
        bad |= (ids.str.strip_chars() == "").fill_null(value=False)
    if ids.dtype.is_float():
        bad |= ids.is_nan().fill_null(value=False)
    [path] = unit.paths
    refused: list[tuple[str | None, str]] = [
        (None, f"{path}: row {number} has no entry in {settings.scenario!r}. Give every row one.")
        for number in numbers[bad.to_numpy()].tolist()
    ]
    if settings.option not in frame.columns:
        again = ids.is_duplicated() & ~bad
        refused += [
            (str(name), f"{path}: row {number}: the scenario occurs more than once. Rename it.")
            for name, number in zip(
                ids.filter(again).to_list(), numbers[again.to_numpy()].tolist(), strict=True
            )
        ]
        bad |= again
    if not bad.any():
        return frame, numbers, []
    return frame.filter(~bad), numbers[~bad.to_numpy()], refused


def _refusals(refused: Sequence[tuple[str | None, str]], path: str) -> Any:
    """Rows for scenarios that could not even be begun."""
    columns = {name: cells_of([None] * len(refused), kind) for name, kind in _FIRST.items()}
    columns["scenario"] = cells_of([name for name, _ in refused], str)
    columns["source"] = cells_of([path] * len(refused), str)
    columns.update({name: cells_of([None] * len(refused), kind) for name, kind in _LAST.items()})
    columns["error"] = cells_of([error for _, error in refused], str)
    return frame_of(columns, "polars")


def _template(
    settings: Settings, loader: Loader
) -> tuple[dict[str, Any] | None, dict[str, Any], Criteria, Any]:
    """What a template scenario says of options and of the rest, and its model and pack."""
    keys: dict[str, Any]
    if settings.template is None:
        assert settings.criteria is not None
        return None, {}, loader.criteria(settings.criteria), settings.facts
    document = read_document(or_shipped(Path(settings.template)))
    if not isinstance(document, Scenario):
        what = f"this is a {document.kind} document, not a scenario"
        raise fail(settings.template, what, "Name a scenario that has what tables do not say")
    if document.expected is not None:
        what = "the template expects a result, which cannot hold for every scenario"
        raise fail(settings.template, what, "Leave expected out")
    problem = loader.problem(document)
    if problem.stand_alone:
        own = ("weights", "method", "constraints")
        keys = {n: getattr(document, n) for n in own if n in document.model_fields_set}
        values = {name: {"facts": dict(each.values)} for name, each in document.options.items()}
        return values, keys, problem.criteria, None
    keys = {
        name: getattr(document, name)
        for name in ("profile", "weights", "method", "constraints")
        if name in document.model_fields_set
    }
    return dict(document.options), keys, problem.criteria, problem.pack

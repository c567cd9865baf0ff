"""Scenarios from runs of rows of long tables, one row of results each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mcda.bulk.columns import FIRST, LAST, Extras, arranged
from mcda.bulk.frame import held, template
from mcda.bulk.sentences import explanations
from mcda.bulk.sources import Settings, Unit, read_table
from mcda.bulk.table import table_of
from mcda.engine.verdict import VERDICTS
from mcda.errors import McdaError
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.frames.building import Words, cells_of, frame_of
from mcda.model.criteria import Criteria
from mcda.model.scenario import Scenario

__all__ = ["rows", "template_of"]

_NO_OPTION = VERDICTS.index("no_eligible_option")


def rows(unit: Unit, settings: Settings, loader: Loader) -> Any:
    """Scenarios from a long table."""
    [path] = unit.paths
    frame = read_table(Path(path), rows=(unit.start, unit.stop))
    options, keys, criteria, facts = template_of(settings, loader)
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
    extras = Extras(settings.reasons, settings.sensitivity, settings.hashes)
    results = held(table, problem, settings.lang, extras, settings.version)
    found = results.by_scenario(table)
    height = len(table.ids)
    same = np.zeros(height, dtype=np.intp)
    found["source"] = Words(same, [path])
    if settings.explain:
        wanted = ~table.failures.failed & (results.verdicts != _NO_OPTION)
        shared = (options, keys, criteria, facts)
        said = explanations(table, wanted, results.weights, loader, shared, settings.lang)
        found["explanation"] = cells_of(said, str)
    evaluated = frame_of(arranged(found), "polars")
    if settings.reasons:
        tree = problem.problem.tree
        results.leads.titles = {n: tree.titles[n].say(settings.lang) for n in tree.dimensions}
        evaluated = results.leads.hide(evaluated)
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
    columns = {name: cells_of([None] * len(refused), kind) for name, kind in FIRST.items()}
    columns["scenario"] = cells_of([name for name, _ in refused], str)
    columns["source"] = cells_of([path] * len(refused), str)
    columns.update(
        {name: cells_of([None] * len(refused), LAST[name]) for name in ("excluded", "missed")}
    )
    columns["error"] = cells_of([error for _, error in refused], str)
    return frame_of(columns, "polars")


def template_of(
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

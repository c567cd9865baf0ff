"""Scenarios from runs of rows of long tables, one row of results each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.columns import (
    FIRST,
    LAST,
    RESERVED,
    RESERVED_BEGINNINGS,
    Extras,
    arranged,
    in_order,
)
from mcda.bulk.frame import Template, held, template
from mcda.bulk.joining import Second
from mcda.bulk.leads import Leads
from mcda.bulk.regroup import read_rows
from mcda.bulk.sentences import explanations
from mcda.bulk.sources import Settings, Unit
from mcda.bulk.table import EXPECTED, FROM, Table, check_columns, table_of
from mcda.bulk.table_files import ROW, TROUBLE, ids_of, read, scan
from mcda.engine.verdict import VERDICTS
from mcda.errors import InputError, McdaError
from mcda.files.catalog import or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.files.tables import AMBIGUOUS, thousands
from mcda.frames.building import Words, cells_of, frame_of
from mcda.frames.reading import Frame, FrameRow, where
from mcda.model.criteria import Criteria
from mcda.model.scenario import Scenario

__all__ = ["Shared", "check", "evaluated", "refusals", "rows", "template_of"]

#: Options and the rest of a template scenario, a criteria model, and a facts pack.
Shared = tuple[dict[str, Any] | None, dict[str, Any], Criteria, Any]

_NO_OPTION = VERDICTS.index("no_eligible_option")


def rows(unit: Unit, settings: Settings, loader: Loader) -> tuple[Any, Leads]:
    """Scenarios from a long table, one row of results each, and what leads are made of."""
    if unit.kind == "unmet":
        return _unmet(unit, settings), Leads()
    source = unit.table
    assert source is not None
    numbered = bool(unit.pieces)
    if numbered:
        frame = read_rows(Path(source.data), unit.pieces)
    else:
        frame = read(source, rows=_span(unit))
    start = source.first + unit.start
    numbers = np.arange(start, start + len(frame))
    if numbered:
        numbers = frame[ROW].to_numpy().astype(np.intp) + source.first
        frame = frame.drop(ROW)
    shared = template_of(settings, loader)
    return evaluated(frame, numbers, source.path, settings, loader, shared, unit)


def _span(unit: Unit) -> tuple[int, int]:
    return unit.start, unit.stop


def evaluated(
    frame: Any,
    numbers: NDArray[np.intp],
    path: str,
    settings: Settings,
    loader: Loader,
    shared: Shared,
    unit: Unit | None = None,
) -> tuple[Any, Leads]:
    """Scenarios from rows of a long table, one row of results each, and what leads are made of.

    Parameters
    ----------
    frame
        A Polars frame.
    numbers : (rows,) array
        What messages call the rows.
    path
        What messages call the table.
    settings
    loader
        Finds the facts pack.
    shared
        What `template_of` found.
    unit
        The job, where the rows are from a file.
    """
    given = frame[settings.scenario]
    ids_in_order = ids_of(given, given.dtype).alias(settings.scenario)
    frame = frame.with_columns(ids_in_order)
    frame, numbers, refused = _usable(frame, numbers, path, settings)
    if not len(frame):
        return _merged(None, refusals(refused, path), ids_in_order), Leads()
    try:
        filled, leads = _filled(frame, numbers, path, settings, loader, shared, unit)
    except McdaError as error:
        ids = frame[settings.scenario].unique(maintain_order=True).to_list()
        said = str(error) if str(error).startswith(path) else f"{path}: {error}"
        refused += [(str(each), said) for each in ids]
        return _merged(None, refusals(refused, path), ids_in_order), Leads()
    if refused:
        filled = _merged(filled, refusals(refused, path), ids_in_order)
    return filled, leads


def _filled(
    frame: Any,
    numbers: NDArray[np.intp],
    path: str,
    settings: Settings,
    loader: Loader,
    shared: Shared,
    unit: Unit | None,
) -> tuple[Any, Leads]:
    options, _, criteria, _ = shared
    table = table_of(
        frame,
        criteria,
        options,
        settings.scenario,
        settings.option,
        settings.keep,
        numbers=numbers,
        textual=unit is not None and unit.table is not None and unit.table.textual,
        second=None if unit is None else _second(unit, frame, settings),
        command=unit is not None,
    )
    if unit is None and any(name in table.columns for name in EXPECTED):
        raise InputError("columns expect a result, which is not checked here", "Leave them out")
    if unit is not None:
        _refuse_thousands(table, criteria, unit)
    kept = {} if unit is None else _kept(table)
    problem = _template_of(settings, loader, tuple(table.columns.items()))
    extras = Extras(settings.reasons, settings.sensitivity, settings.hashes)
    results = held(table, problem, settings.lang, extras, settings.version)
    found = {**kept, **results.by_scenario(table.failures)}
    height = len(table.ids)
    found["scenario"] = _names(table)
    same = np.zeros(height, dtype=np.intp)
    found["source"] = Words(same, [path])
    found.setdefault("missed", Words(same - 1, []))
    if settings.explain:
        wanted = ~table.failures.failed & (results.verdicts != _NO_OPTION)
        said = explanations(table, wanted, results.weights, loader, shared, settings.lang)
        found["explanation"] = cells_of(said, str)
    if settings.reasons:
        titles = problem.problem.tree.titles
        named = {name: titles[name].say(settings.lang) for name in problem.problem.tree.dimensions}
        results.leads.titles = named
    return frame_of(arranged(found), "polars"), results.leads


def _names(table: Table) -> Any:
    """The scenarios' ids as text, in the order of the results."""
    import polars as pl

    ids = table.frame.native[table.scenario]
    if table.expand is None:
        ids = ids.gather(table.layout.starts[:-1])
    return ids.cast(pl.String)


def _kept(table: Table) -> dict[str, Any]:
    """The columns that are passed through, an entry for each scenario."""
    import polars as pl

    columns: dict[str, Any] = {}
    for name in table.keep:
        column = table.frame.native[name]
        if name == table.scenario:
            continue  # every result has it
        if isinstance(column.dtype, pl.Categorical):
            column = column.cast(pl.String)
        if table.expand is None:
            refuse = table.failures.at(name)
            together = np.diff(table.layout.contest_of) == 0
            same = column[1:].eq_missing(column[:-1]).to_numpy()
            for row in where(together & ~same, FrameRow):
                remedy = "Results have a row for each scenario: repeat it in all its rows"
                refuse(FrameRow(row + 1), "differs from the row before", remedy)
            column = column.gather(table.layout.starts[:-1])
        columns[name] = column
    return columns


def _refuse_kept(keep: Sequence[str], scenario: str, kinds: Mapping[str, Any], path: str) -> None:
    """What is passed through is named unlike the results' own columns, and fits into a cell."""
    for name in keep:
        if name == scenario:
            continue
        if name in RESERVED or name.startswith(RESERVED_BEGINNINGS):
            what = f"{path}: the column {name!r} is one of the results' own"
            raise InputError(what, "Rename it before it is passed through")
        if kinds[name].is_nested() or str(kinds[name]) in ("Binary", "Object"):
            what = f"{path}: the column {name!r} holds {str(kinds[name]).lower()}"
            raise InputError(what, "Only numbers, words, dates and truth values are passed through")


def check(unit: Unit, settings: Settings, loader: Loader) -> None:
    """Whether the columns of a unit's table can be used, and what else holds for all its rows.

    Raises
    ------
    McdaError
        For columns that are missing, unknown or there twice, and what is wrong with the template.
    """
    assert unit.table is not None
    options, _, criteria, _ = template_of(settings, loader)
    if unit.pieces:
        first = read_rows(Path(unit.table.data), unit.pieces[:1])
    else:
        first = scan(unit.table).head(0).collect()
    second = None
    if unit.scenarios is not None:
        header = Frame(_shown(scan(unit.scenarios).head(0).collect()))
        second = Second(header, unit.scenarios.path)
    columns = check_columns(
        Frame(_shown(first)),
        criteria,
        options,
        settings.scenario,
        settings.option,
        settings.keep,
        second=second,
        command=True,
        name=unit.table.path,
    )
    kinds = dict(first.schema)
    if second is not None:
        kinds.update(second.frame.native.schema)
    _refuse_kept(settings.keep, settings.scenario, kinds, unit.table.path)
    _template_of(settings, loader, tuple(columns.items()))


def _shown(frame: Any) -> Any:
    """Without the columns of our own."""
    return frame.drop(ROW, TROUBLE, strict=False)


def _second(unit: Unit, frame: Any, settings: Settings) -> Second | None:
    """The rows of the second table that belong to a job's scenarios."""
    import polars as pl

    if unit.scenarios is None:
        return None
    opened, name = unit.scenarios, settings.scenario
    ids, every = frame[name].unique(), scan(opened).with_row_index(ROW)
    kind = every.collect_schema()[name]
    of = ids_of(pl.col(name), kind)
    if kind == ids.dtype:
        # a range lets a Parquet file pass over its groups of rows
        range_of = of.is_between(pl.lit(ids.min()), pl.lit(ids.max()))
        every = every.filter(range_of & of.is_in(ids.implode()))
    else:
        every = every.filter(of.cast(pl.String).is_in(ids.cast(pl.String).implode()))
    mine = every.with_columns(of.alias(name)).collect()
    numbers = mine[ROW].to_numpy().astype(np.intp) + opened.first
    wrong: dict[int, str] = {}
    if TROUBLE in mine.columns:
        wrong = {row: text for row, text in enumerate(mine[TROUBLE].to_list()) if text}
    return Second(
        Frame(_shown(mine), textual=opened.textual),
        opened.path,
        numbers,
        wrong,
        opened.doubtful,
    )


def _unmet(unit: Unit, settings: Settings) -> Any:
    """Scenarios of the second table that have no options."""
    assert unit.table is not None
    path = unit.table.path
    refused: list[tuple[str | None, str]] = []
    for name, number in read(unit.table, rows=_span(unit)).rows():
        if name is None or not name.strip():
            refused.append((None, _without(path, number, settings)))
            continue
        what = f"{path}: row {number} (scenario {name!r}): no table has options for the scenario"
        refused.append((name, f"{what}. Add them, or delete the row."))
    return refusals(refused, path)


def _without(path: str, number: int, settings: Settings) -> str:
    return f"{path}: row {number} has no entry in {settings.scenario!r}. Give every row one."


def _refuse_thousands(table: Table, criteria: Criteria, unit: Unit) -> None:
    """Numbers such as 1.200 where points may separate thousands."""
    declared = {**criteria.profile, **criteria.facts}
    assert unit.table is not None
    second = table.second.frame.columns if table.second is not None else ()
    for name, column in table.columns.items():
        opened = unit.scenarios if column in second else unit.table
        kind = getattr(declared.get(name), "type", "number")
        if name in (FROM, *EXPECTED) or name.startswith("part:") or kind != "number":
            continue
        if opened is None or not opened.doubtful:
            continue
        cells = table.frame.native[column].str.strip_chars()
        refuse = table.failures.at(column)
        for row in cells.str.contains(f"^(?:{AMBIGUOUS.pattern})$").arg_true().to_list():
            what, remedy = thousands(cells[row])
            refuse(FrameRow(row), f"is not clear: {what}", remedy)


def _usable(
    frame: Any, numbers: Any, path: str, settings: Settings
) -> tuple[Any, Any, list[tuple[str | None, str]]]:
    """The rows that can be used, what they are called, and (id, error) of those that cannot."""
    import polars as pl

    ids = frame[settings.scenario]
    bad = ids.is_null()
    if ids.dtype == pl.String:
        bad |= (ids.str.strip_chars() == "").fill_null(value=False)
    if ids.dtype.is_float():
        bad |= ids.is_nan().fill_null(value=False)
    if settings.option in frame.columns and TROUBLE not in frame.columns and not bad.any():
        return frame, numbers, []
    troubles = frame[TROUBLE] if TROUBLE in frame.columns else pl.Series([None] * len(frame))
    refused: list[tuple[str | None, str]] = [
        (None, text or _without(path, number, settings))
        for number, text in zip(
            numbers[bad.to_numpy()].tolist(), troubles.filter(bad).to_list(), strict=True
        )
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
    if TROUBLE in frame.columns:
        wrong = frame.select(settings.scenario, TROUBLE).filter(~bad & troubles.is_not_null())
        said = wrong.group_by(settings.scenario, maintain_order=True).agg(
            pl.col(TROUBLE).str.join(" ")
        )
        refused += [(str(name), text) for name, text in said.rows()]
        bad |= ids.is_in(wrong[settings.scenario].implode()).fill_null(value=True)
        frame = frame.drop(TROUBLE)
    if not bad.any():
        return frame, numbers, []
    return frame.filter(~bad), numbers[~bad.to_numpy()], refused


def _merged(evaluated: Any, refusals: Any, ids: Any) -> Any:
    """Results and refusals in the order in which the scenarios begin; without an id, at the end."""
    import polars as pl

    both = refusals
    if evaluated is not None:
        both = pl.concat([evaluated, refusals], how="diagonal_relaxed")
    order = pl.DataFrame({"scenario": ids.cast(pl.String)}).unique(maintain_order=True)
    place = order.with_row_index(ROW).drop_nulls()
    joined = both.join(place, on="scenario", how="left", maintain_order="left")
    columns = in_order(name for name in joined.columns if name != ROW)
    return joined.sort(ROW, nulls_last=True, maintain_order=True).select(columns)


def refusals(refused: Sequence[tuple[str | None, str]], path: str) -> Any:
    """Rows for scenarios that could not even be begun."""
    columns = {name: cells_of([None] * len(refused), kind) for name, kind in FIRST.items()}
    columns["scenario"] = cells_of([name for name, _ in refused], str)
    columns["source"] = cells_of([path] * len(refused), str)
    columns.update(
        {name: cells_of([None] * len(refused), LAST[name]) for name in ("excluded", "missed")}
    )
    columns["error"] = cells_of([error for _, error in refused], str)
    return frame_of(columns, "polars")


def forget() -> None:
    """Read what tables share anew, where a process outlives a run."""
    template_of.cache_clear()
    _template_of.cache_clear()


@lru_cache(maxsize=4)
def _template_of(
    settings: Settings, loader: Loader, columns: tuple[tuple[str, str], ...]
) -> Template:
    """The template of tables with these columns."""
    options, keys, criteria, facts = template_of(settings, loader)
    return template(loader, criteria, facts, options, dict(columns), keys)


@lru_cache(maxsize=4)
def template_of(settings: Settings, loader: Loader) -> Shared:
    """What a template scenario says of options and of the rest, and its model and pack."""
    keys: dict[str, Any]
    if settings.template is None:
        assert settings.criteria is not None
        return None, {}, loader.criteria(settings.criteria), settings.facts
    document = read_document(or_shipped(Path(settings.template)))
    if not isinstance(document, Scenario):
        what = f"this is a {document.kind} document, not a scenario"
        raise fail(settings.template, what, "Name a scenario that has what tables do not say")
    # what it expects is expected of itself, not of every scenario of a table
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

"""What the columns of a table say of each scenario's weights."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.rows import ScenarioAt
from mcda.bulk.table import JUDGEMENT, WEIGHT, Table
from mcda.engine.weighing import Weighed
from mcda.engine.weighing_many import Given
from mcda.errors import InputError, hint, listing
from mcda.frames.reading import Column, FrameRow, where
from mcda.model.checks import pair_of
from mcda.model.criteria import Criteria
from mcda.model.language import given_number
from mcda.model.problem import Pair, Problem
from mcda.model.tree import CriteriaTree

__all__ = ["nodes_weighed", "weights_of"]

Floats = NDArray[np.float64]


def nodes_weighed(columns: Mapping[str, str], criteria: Criteria) -> dict[str, tuple[str, ...]]:
    """The nodes whose weights columns give, with their children."""
    named = [name for name in columns if name.startswith((JUDGEMENT, WEIGHT))]
    if not named:
        return {}
    tree = CriteriaTree.of(criteria.criteria)
    found = {}
    for name in named:
        node = _place(columns[name], name, tree)[0]
        found[node] = tree.children[node]
    return found


def weights_of(
    table: Table, problem: Problem, template: Weighed, unsettled: frozenset[str]
) -> dict[str, Given]:
    """Node -> what the scenarios say of its children's weights; empty without such columns.

    Where a scenario says nothing the template's weights hold, unless a node is `unsettled`.

    Raises
    ------
    InputError
        For columns that name no criteria, or do not go with each other or the template.
    """
    columns = {
        name: column
        for name, column in table.columns.items()
        if name.startswith((JUDGEMENT, WEIGHT))
    }
    found: dict[str, Given] = {}
    by_node: dict[str, dict[str, str]] = {}
    for name, column in columns.items():
        by_node.setdefault(_place(column, name, problem.tree)[0], {})[name] = column
    for node, own in by_node.items():
        given = [name for name in own if name.startswith(WEIGHT)]
        if given and len(given) < len(own):
            raise InputError(
                f"columns give weights and judgements under {node!r}", "Leave out one kind"
            )
        if given:
            found[node] = _direct(node, own, table, problem, template, unsettled)
        else:
            found[node] = _judged(node, own, table, problem, unsettled)
    return found


def _place(column: str, name: str, tree: CriteriaTree) -> tuple[str, tuple[int, ...]]:
    """The node that a column is about, and the positions of the children it names."""
    kind = JUDGEMENT if name.startswith(JUDGEMENT) else WEIGHT
    text = name.removeprefix(kind)
    children = {child: node for node in tree.children for child in tree.children[node]}
    if kind == WEIGHT:
        if text not in children:
            remedy = hint(text, children) or "Name a criterion"
            raise InputError(f"the column {column!r} names no criterion", remedy)
        node = children[text]
        return node, (tree.children[node].index(text),)
    wrong: list[tuple[str, ...]] = []
    pair = pair_of(text, tuple(children), lambda *said: wrong.append(said))
    if pair is None:
        what, remedy = (*wrong[0], "")[:2]
        raise InputError(f"the column {column!r}: {what}", remedy)
    first, second = pair
    node = children[first]
    if children[second] != node:
        raise InputError(
            f"the column {column!r} compares criteria that stand under different ones",
            f"Under {node!r} stand {listing(tree.children[node])}",
        )
    siblings = tree.children[node]
    return node, (siblings.index(first), siblings.index(second))


def _judged(
    node: str,
    columns: Mapping[str, str],
    table: Table,
    problem: Problem,
    unsettled: frozenset[str],
) -> Given:
    children = problem.tree.children[node]
    pairs = list(combinations(range(len(children)), 2))
    plan = problem.weights
    if node not in unsettled and not plan.judgements.get(node):
        raise InputError(
            f"columns compare criteria under {node!r}, whose weights the template gives otherwise",
            "Give weights in columns weight:..., or judgements in the template",
        )
    ratios = np.full((len(pairs), len(table.ids)), np.nan)
    if node not in unsettled:
        _put(ratios, plan.judgements[node], children)
    seen: dict[int, str] = {}
    for name, column in columns.items():
        _, (first_at, second_at) = _place(column, name, problem.tree)
        row, inverted = _row(first_at, second_at, pairs)
        if row in seen:
            raise InputError(f"the columns {seen[row]!r} and {column!r} are the same", "Drop one")
        seen[row] = column
        refuse = table.failures.at(column)
        values, known = _of_scenarios(table, column, table.frame.ratios(column, refuse))
        ratios[row, known] = 1.0 / values[known] if inverted else values[known]
    return Given(ratios)


def _put(ratios: Floats, judgements: Mapping[Pair, float], children: tuple[str, ...]) -> None:
    """The same judgements for all scenarios."""
    pairs = list(combinations(range(len(children)), 2))
    for (first, second), ratio in judgements.items():
        row, inverted = _row(children.index(first), children.index(second), pairs)
        ratios[row] = 1.0 / ratio if inverted else ratio


def _row(first: int, second: int, pairs: list[tuple[int, int]]) -> tuple[int, bool]:
    """Where a judgement stands, and whether upside down."""
    return pairs.index((min(first, second), max(first, second))), first > second


def _direct(
    node: str,
    columns: Mapping[str, str],
    table: Table,
    problem: Problem,
    template: Weighed,
    unsettled: frozenset[str],
) -> Given:
    children, size = problem.tree.children[node], len(table.ids)
    missing = [child for child in children if f"{WEIGHT}{child}" not in columns]
    if missing:
        raise InputError(
            f"columns give weights under {node!r}, but none for {listing(missing)}",
            f"Add {listing(f'{WEIGHT}{child}' for child in missing)}",
        )
    direct = np.full((len(children), size), np.nan)
    for row, child in zip(direct, children, strict=True):
        column = columns[f"{WEIGHT}{child}"]
        refuse = table.failures.at(column)
        values, known = table.frame.numbers(column, refuse)
        for at in where(known & (values < 0.0), FrameRow):
            refuse(at, f"is {given_number(values[at])}, below zero", "Give a weight from 0 on")
        row[:] = _of_scenarios(table, column, Column(np.where(known, values, np.nan), known)).values
    given = ~np.isnan(direct)
    partly = given.any(axis=0) & ~given.all(axis=0)
    for scenario in where(partly, ScenarioAt):
        lacking = [
            child for child, known in zip(children, given[:, scenario], strict=True) if not known
        ]
        refuse = table.failures.at(columns[f"{WEIGHT}{lacking[0]}"])
        what = f"is empty: there are weights under {node!r}, but none for {listing(lacking)}"
        refuse(table.failures.first_row(scenario), what, "Give all siblings a weight, 0 included")
    direct[:, table.failures.failed] = 1.0
    ratios = np.full((len(children) * (len(children) - 1) // 2, size), np.nan)
    judged = problem.weights.judgements.get(node)
    if node in unsettled:
        return Given(ratios, direct)
    if judged and node not in problem.weights.direct:
        _put(ratios, judged, children)
        return Given(ratios, direct)
    return Given(ratios, np.where(np.isnan(direct), template.local[node][:, None], direct))


def _of_scenarios(table: Table, column: str, found: Column) -> Column:
    """A column's value for each scenario, which all its rows have to share."""
    values, known = found
    if table.expand is not None:
        return found
    refuse = table.failures.at(column)
    together = np.diff(table.layout.contest_of) == 0
    same = (known[1:] == known[:-1]) & ((values[1:] == values[:-1]) | ~known[1:])
    for row in where(together & ~same, FrameRow):
        remedy = "Weights belong to the scenario: repeat them in all its rows"
        refuse(FrameRow(row + 1), "differs from the row before", remedy)
    begins = table.layout.starts[:-1]
    return Column(np.asarray(values[begins]), np.asarray(known[begins]))

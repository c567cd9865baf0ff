"""Where every node's weights come from: a scenario's own word over its model's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcda.errors import hint, listing
from mcda.model.checks import Findings, compared_pairs
from mcda.model.criteria import GOAL, Criteria
from mcda.model.documents import Document, Keys
from mcda.model.problem import Opinion, Pair, WeightPlan
from mcda.model.scenario import BestWorst, Scenario, Weights
from mcda.model.tree import CriteriaTree

__all__ = ["check_judgements", "compared_nodes", "weight_plan"]

_PairsByNode = dict[str, dict[Pair, float]]


def compared_nodes(scenario: Scenario) -> frozenset[str]:
    """The nodes for which the scenario gives pairwise judgements, by itself or through judges."""
    given = scenario.weights
    if given is None:
        return frozenset()
    opinions = [given.judgements or {}, *(e.judgements for e in (given.judges or {}).values())]
    return frozenset(
        node
        for opinion in opinions
        for node, pairs in opinion.items()
        if any(ratio is not None for ratio in pairs.values())
    )


def check_judgements(scenario: Scenario, tree: CriteriaTree) -> None:
    """Whether the judgements that a scenario has so far fit its criteria.

    Raises
    ------
    DocumentError
        For unknown names, or pairs compared twice.
    """
    wrong = Findings()
    given = scenario.weights
    if given is not None:
        _said(given.judgements or {}, ("weights", "judgements"), {}, scenario, tree, wrong)
        for name, judge in (given.judges or {}).items():
            keys: Keys = ("weights", "judges", name, "judgements")
            _said(judge.judgements, keys, {}, scenario, tree, wrong)
    wrong.raise_any()


def weight_plan(
    scenario: Scenario, criteria: Criteria, tree: CriteriaTree, wrong: Findings
) -> WeightPlan:
    """The plan of a scenario's weights; findings for what does not fit the tree."""
    at: tuple[Document, Keys] = (criteria, ("judgements",))
    defaults = compared_pairs(criteria.judgements, tree.children, at, wrong)
    given = scenario.weights or Weights(judgements={})
    before = len(wrong.found)
    judgements, comparisons = _said(
        given.judgements or {}, ("weights", "judgements"), defaults, scenario, tree, wrong
    )
    judges = {
        name: Opinion(
            judge.importance,
            *_said(
                judge.judgements,
                ("weights", "judges", name, "judgements"),
                defaults,
                scenario,
                tree,
                wrong,
            ),
        )
        for name, judge in (given.judges or {}).items()
    }
    misread = len(wrong.found) > before
    direct = _direct(given.direct or {}, scenario, tree, wrong)
    direct |= _points(given, scenario, tree, wrong)
    rankings = _rankings(given, scenario, tree, wrong)
    best_worst = _best_worst(given, scenario, tree, wrong)
    settled = {*direct, *rankings, *best_worst}
    for opinion in (judgements, *(judge.judgements for judge in judges.values())):
        settled |= {node for node, pairs in opinion.items() if pairs}
    if given.objective is None and not misread:
        _refuse_unweighted(settled, scenario, tree, wrong)
    return WeightPlan(
        judgements, direct, rankings, best_worst, given.objective, judges, comparisons
    )


def _said(
    given: Mapping[str, Mapping[str, float | None]],
    keys: Keys,
    defaults: Mapping[str, Mapping[Pair, float]],
    scenario: Scenario,
    tree: CriteriaTree,
    wrong: Findings,
) -> tuple[_PairsByNode, _PairsByNode]:
    """Judgements of criteria, laid over the defaults, and comparisons of options under leaves."""
    options = tuple(scenario.options)
    comparable = {**tree.children, **dict.fromkeys(tree.leaf_ids, options)}
    pairs = compared_pairs(given, comparable, (scenario, keys), wrong)
    merged: _PairsByNode = {node: dict(of) for node, of in defaults.items()}
    for node in tree.children:
        for (first, second), ratio in pairs.get(node, {}).items():
            own = merged.setdefault(node, {})
            own.pop((second, first), None)
            own[first, second] = ratio
    for leaf in tree.leaves:
        if leaf.id in pairs and leaf.direction == "cost":
            what = f"options compared in pairs on {leaf.id!r}: a vs b says how much better a is"
            wrong.add((scenario, (*keys, leaf.id)), what, "Give the criterion direction: benefit")
    return merged, {leaf: pairs[leaf] for leaf in tree.leaf_ids if leaf in pairs}


def _refuse_unweighted(
    settled: set[str], scenario: Scenario, tree: CriteriaTree, wrong: Findings
) -> None:
    for node, children in tree.parents():
        if len(children) > 1 and node not in settled:
            first, second = children[:2]
            wrong.add(
                (scenario, ("weights",)),
                f"nothing says how to weight the criteria under {node!r} ({listing(children)})",
                f"Add weights: {{judgements: {{{node}: {{{first} vs {second}: 2, ...}}}}}} or "
                f"weights: {{direct: {{{first}: 2, {second}: 1, ...}}}}",
            )


def _direct(
    given: Mapping[str, float | None], scenario: Scenario, tree: CriteriaTree, wrong: Findings
) -> dict[str, dict[str, float]]:
    keys: Keys = ("weights", "direct")
    for name in given:
        if name not in tree.titles or name == GOAL:
            wrong.add(
                (scenario, (*keys, name)), f"unknown criterion {name!r}", hint(name, tree.titles)
            )
    direct: dict[str, dict[str, float]] = {}
    for node, children in tree.parents():
        named = {child: n for child in children if (n := given.get(child)) is not None}
        if not named:
            continue
        missing = [child for child in children if child not in named]
        if missing:
            wrong.add(
                (scenario, keys),
                f"{listing(named)} have weights, but {listing(missing)} under {node!r} have none",
                "Give all siblings a weight, 0 included",
            )
        elif sum(named.values()) <= 0:
            wrong.add((scenario, keys), f"the weights under {node!r} are all zero", "Raise one")
        else:
            direct[node] = named
    return direct


def _by_node(
    given: Mapping[str, Any] | None,
    way: str,
    scenario: Scenario,
    tree: CriteriaTree,
    wrong: Findings,
) -> dict[str, tuple[str, ...]]:
    """The nodes that `given` names, with their children."""
    for node in given or {}:
        if node not in tree.children:
            leaf = node in tree.titles
            what = f"{node!r} has no children to weight" if leaf else f"unknown criterion {node!r}"
            wrong.add((scenario, ("weights", way, node)), what, hint(node, tree.children))
    return {node: tree.children[node] for node in given or {} if node in tree.children}


def _each_once(
    names: list[str], children: tuple[str, ...], at: tuple[Document, Keys], wrong: Findings
) -> bool:
    """Whether `names` are the children of a node, each once."""
    unknown = [name for name in names if name not in children]
    twice = sorted({name for name in names if names.count(name) > 1})
    missing = [name for name in children if name not in names]
    if unknown:
        wrong.add(at, f"unknown name {unknown[0]!r}", hint(unknown[0], children))
    elif twice:
        wrong.add(at, f"{twice[0]!r} is named twice", "Name each once")
    elif missing:
        wrong.add(at, f"{listing(missing)} are left out", "Name all siblings")
    return not (unknown or twice or missing)


def _points(
    given: Weights, scenario: Scenario, tree: CriteriaTree, wrong: Findings
) -> dict[str, dict[str, float]]:
    found = {}
    for node, children in _by_node(given.points, "points", scenario, tree, wrong).items():
        at: tuple[Document, Keys] = (scenario, ("weights", "points", node))
        answers = (given.points or {})[node]
        points = {name: number for name, number in answers.items() if number is not None}
        unknown = [name for name in answers if name not in children]
        if _each_once([*unknown, *points], children, at, wrong):
            if sum(points.values()) <= 0:
                wrong.add(at, "all points are zero", "Give the most important swing 100")
            else:
                found[node] = points
    return found


def _rankings(
    given: Weights, scenario: Scenario, tree: CriteriaTree, wrong: Findings
) -> dict[str, tuple[tuple[str, ...], ...]]:
    found = {}
    for node, children in _by_node(given.ranking, "ranking", scenario, tree, wrong).items():
        order = tuple(
            (place,) if isinstance(place, str) else tuple(place)
            for place in (given.ranking or {})[node]
        )
        at: tuple[Document, Keys] = (scenario, ("weights", "ranking", node))
        if not all(order):
            wrong.add(at, "a place in the order is empty", "Remove it")
        elif _each_once([name for group in order for name in group], children, at, wrong):
            found[node] = order
    return found


def _best_worst(
    given: Weights, scenario: Scenario, tree: CriteriaTree, wrong: Findings
) -> dict[str, BestWorst]:
    nodes = _by_node(given.best_worst, "best_worst", scenario, tree, wrong)
    return {node: (given.best_worst or {})[node] for node in nodes}

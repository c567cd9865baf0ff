"""The graph of an explanation: from facts over criteria and influences to the goal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from mcda.engine.reads import Slot
from mcda.explanation.facts import Sides
from mcda.model.text import Text

if TYPE_CHECKING:
    from mcda.explanation.explanation import Explanation

__all__ = ["as_declared", "build_graph", "fact_title"]


def build_graph(explanation: Explanation) -> nx.DiGraph[str]:
    """The one graph on which the margin can be followed.

    Nodes have typed ids and a `kind`: ``fact:price`` (a fact of the options, ``fact:own.price`` of
    a part of them), ``facts:reach`` (all facts of a criterion where they cannot be told apart),
    ``comparison:reach`` (options compared in pairs), ``criterion:reach``, ``goal``,
    ``measure:cost``, ``profile:budget``. All have `title_en` and `title_zh`; leaves have `weight`,
    `final`, `effective`, `contribution`, `score` and `score_against`; profile fields `down` and
    `up`, what one step does to the margin.

    Edges have a `role`. Those of "fact", "influence" and "part" carry `flow` = `positive` +
    `negative`; at every criterion what flows in flows out, for both signs, and the goal receives
    the margin. On an influence i -> j (i drives j) flows what i earned with importance that was
    judged to be j's. Edges of role "reads" lead from profile fields, facts and measures to what
    reads them; nothing flows there.
    """
    graph: nx.DiGraph[str] = nx.DiGraph(
        scenario=explanation.decision.scenario,
        option=explanation.option,
        against=explanation.against or "",
        margin=explanation.margin,
    )
    _criteria(explanation, graph)
    _facts(explanation, graph)
    _influences(explanation, graph)
    _parents(explanation, graph)
    _structure(explanation, graph)
    return graph


def _titles(text: Text) -> dict[str, str]:
    return {"title_en": text.say("en"), "title_zh": text.say("zh")}


def _criteria(explanation: Explanation, graph: nx.DiGraph[str]) -> None:
    decision = explanation.decision
    tree, weights = decision.problem.tree, decision.weights
    graph.add_node("goal", kind="goal", **_titles(tree.titles["goal"]))
    first, other = explanation.pair
    column = explanation.contest.columns.index
    r = explanation.contest.scores.r
    values = decision.workings.scored.values
    for node in tree.leaves_below:
        if node == "goal":
            continue
        said: dict[str, Any] = {}
        if node in explanation.contributions:
            j = tree.leaf_ids.index(node)
            said = {
                "leaf": True,
                "weight": weights.judged[node],
                "final": weights.final[node],
                "effective": weights.effective[node],
                "contribution": explanation.contributions[node],
                "score": float(r[j, column(first)]),
                "score_against": 0.0 if other is None else float(r[j, column(other)]),
                "value": float(values[first, j]),
                "unit": tree.leaves[j].unit or "",
            }
            if other is not None:
                said["value_against"] = float(values[other, j])
        graph.add_node(f"criterion:{node}", kind="criterion", **_titles(tree.titles[node]), **said)


def _flowing(graph: nx.DiGraph[str], source: str, target: str, **flow: Any) -> None:
    positive, negative = float(flow.pop("positive")), float(flow.pop("negative"))
    graph.add_edge(
        source, target, flow=positive + negative, positive=positive, negative=negative, **flow
    )


def _facts(explanation: Explanation, graph: nx.DiGraph[str]) -> None:
    problem = explanation.decision.problem
    for leaf, amount in explanation.contributions.items():
        found = explanation.facts.get(leaf)
        if found is not None and found.split != "together":
            for slot, part in found.amounts.items():
                name = f"fact:{slot}"
                if name not in graph:
                    graph.add_node(
                        name,
                        kind="fact",
                        **_titles(fact_title(explanation, slot)),
                        **_values(explanation, slot, found.sides.get(slot)),
                    )
                _flowing(
                    graph,
                    name,
                    f"criterion:{leaf}",
                    role="fact",
                    split=found.split,
                    positive=max(part, 0.0),
                    negative=min(part, 0.0),
                )
            continue
        kind = "facts" if found is not None else "comparison"
        graph.add_node(f"{kind}:{leaf}", kind=kind, **_titles(problem.tree.titles[leaf]))
        _flowing(
            graph,
            f"{kind}:{leaf}",
            f"criterion:{leaf}",
            role="fact",
            split="together",
            positive=max(amount, 0.0),
            negative=min(amount, 0.0),
        )


def fact_title(explanation: Explanation, slot: Slot) -> Text:
    """What a fact is called, with the part it is read of."""
    criteria = explanation.decision.problem.criteria
    title = criteria.facts[slot.fact].title
    if title is None:
        title = explanation.decision.problem.tree.titles.get(
            slot.fact, Text(en=slot.fact, zh=slot.fact)
        )
    if slot.part is None:
        return title
    part = criteria.parts[slot.part].title or Text(en=slot.part, zh=slot.part)
    return Text(
        en=f"{title.say('en')} ({part.say('en')})",
        zh=f"{title.say('zh')}\uff08{part.say('zh')}\uff09",
    )


def _values(explanation: Explanation, slot: Slot, sides: Sides | None) -> dict[str, Any]:
    """The fact's values in both options, where they are known."""
    said = {}
    if sides is not None:
        for key, value in zip(("value", "value_against"), sides, strict=True):
            if value is not None:
                said[key] = as_declared(explanation, slot, value)
    unit = explanation.decision.problem.criteria.facts[slot.fact].unit
    return said | ({"unit": unit} if unit else {})


def as_declared(explanation: Explanation, slot: Slot, value: float) -> float | bool | str:
    """A fact's value as it was written: yes/no, a word, or a number."""
    declared = explanation.decision.problem.criteria.facts[slot.fact]
    if declared.type == "boolean":
        return value > 0.5
    if declared.type == "choice":
        return str((declared.values or ())[int(value)])
    return float(value)


def _influences(explanation: Explanation, graph: nx.DiGraph[str]) -> None:
    weighed = explanation.decision.workings.weighed
    if weighed.transfer.mode == "off":
        return
    names = explanation.decision.problem.tree.leaf_ids
    gains, losses = explanation.flows
    shares = weighed.transfer.shares
    declared = explanation.decision.problem.criteria.influences
    for i, j in np.argwhere(shares > 0):
        texts = [
            each.because
            for edge, each in zip(weighed.edges, declared, strict=True)
            if i in edge.sources and j in edge.targets and each.because is not None
        ]
        because = {
            f"because_{lang}": " ".join(text.say(lang) for text in texts)
            for lang in ("en", "zh")
            if texts
        }
        _flowing(
            graph,
            f"criterion:{names[i]}",
            f"criterion:{names[j]}",
            role="influence",
            share=float(shares[i, j]),
            positive=gains.along[i, j],
            negative=losses.along[i, j],
            **because,
        )


def _parents(explanation: Explanation, graph: nx.DiGraph[str]) -> None:
    """From every leaf, as it was judged, up to the goal."""
    tree = explanation.decision.problem.tree
    gains, losses = explanation.flows
    for node, below in tree.leaves_below.items():
        if node == "goal":
            continue
        leaf = tree.leaves[below[0]]
        place = leaf.path.index(node)
        parent = "goal" if place == 0 else f"criterion:{leaf.path[place - 1]}"
        numbers = list(below)
        _flowing(
            graph,
            f"criterion:{node}",
            parent,
            role="part",
            positive=gains.out[numbers].sum(),
            negative=losses.out[numbers].sum(),
        )


def _structure(explanation: Explanation, graph: nx.DiGraph[str]) -> None:
    """Who reads whom, and what a step of each profile field would do."""
    criteria = explanation.decision.problem.criteria
    effects: dict[str, dict[str, Any]] = {}
    for each in explanation.profile:
        numbers = isinstance(each.value, float | int) and not isinstance(each.value, bool)
        key = "up" if numbers and float(each.changed) > float(each.value) else "down"
        said = effects.setdefault(each.field, {"value": each.value})
        key = key if numbers else f"to_{each.changed}"
        if each.effect is not None:
            said[key] = each.effect
    for leaf, reads in explanation.reads.items():
        for source, target in reads.edges:
            for node in (source, target):
                if node in graph:
                    continue
                kind, name = node.split(":", 1)
                if kind == "measure":
                    title = criteria.measures[name].title
                elif kind == "profile":
                    title = criteria.profile[name].title
                else:
                    title = fact_title(explanation, _slot(explanation, leaf, node))
                graph.add_node(
                    node,
                    kind=kind,
                    **_titles(title or Text(en=name, zh=name)),
                    **effects.get(name, {}) if kind == "profile" else {},
                )
            if not graph.has_edge(source, target):
                graph.add_edge(source, target, role="reads", flow=0.0, positive=0.0, negative=0.0)


def _slot(explanation: Explanation, leaf: str, node: str) -> Slot:
    return next(slot for slot in explanation.reads[leaf].slots if f"fact:{slot}" == node)

"""An explanation's graph as Mermaid, DOT, GraphML and JSON.

Mermaid and DOT show what flows; GraphML and JSON hold everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import networkx as nx

from mcda.explanation.explanation import Explanation
from mcda.explanation.sentences import amount_in
from mcda.model.language import Language
from mcda.ranking.ranks import TIE

__all__ = ["Stroke", "flowing", "label_of", "to_dot", "to_graphml", "to_json", "to_mermaid"]

#: The widest stroke, in pixels or points.
_WIDEST = 12.0
_NARROWEST = 1.0
_FOR, _AGAINST = "#1f5fa8", "#b3541e"
_SHAPES = {"goal": ("([", "])"), "fact": ("[/", "/]"), "facts": ("[/", "/]")}
#: Characters that Mermaid reads as its own, inside quotes, and their codes.
_MERMAID = {"#": "#35;", '"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "`": "#96;"}


class Stroke(NamedTuple):
    """What flows over an edge with one sign."""

    source: str
    target: str
    flow: float
    #: Share of the largest flow, in [0, 1].
    size: float
    role: str


def flowing(explanation: Explanation) -> Iterator[Stroke]:
    """Every flow of the graph, for and against apart, that is not zero."""
    edges = [
        (source, target, data[sign], data["role"])
        for source, target, data in explanation.graph.edges(data=True)
        for sign in ("positive", "negative")
        if abs(data[sign]) > TIE
    ]
    largest = max((abs(flow) for _, _, flow, _ in edges), default=1.0)
    for source, target, flow, role in edges:
        yield Stroke(source, target, flow, abs(flow) / largest, role)


def label_of(explanation: Explanation, node: str, lang: Language) -> str:
    """A node's title."""
    return " ".join(str(explanation.graph.nodes[node][f"title_{lang}"]).split())


def _nodes(explanation: Explanation, strokes: list[Stroke]) -> list[str]:
    """The criteria and the goal, and what flows into them, in the graph's order."""
    ends = {end for stroke in strokes for end in (stroke.source, stroke.target)}
    return [
        node
        for node, data in explanation.graph.nodes(data=True)
        if node in ends or data["kind"] in ("criterion", "goal")
    ]


def to_mermaid(explanation: Explanation, lang: Language = "en") -> str:
    """A Mermaid flowchart of what flows; dashed is what speaks against the option."""
    strokes = list(flowing(explanation))
    nodes = _nodes(explanation, strokes)
    number = {node: f"n{i}" for i, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for node in nodes:
        kind = explanation.graph.nodes[node]["kind"]
        left, right = _SHAPES.get(kind, ("[", "]"))
        label = "".join(_MERMAID.get(c, c) for c in label_of(explanation, node, lang))
        # not the beginning of a list
        label = re.sub(r"^(\d*)([-+*.)])", lambda found: f"{found[1]}#{ord(found[2])};", label)
        lines.append(f'  {number[node]}{left}"{label}"{right}')
    for stroke in strokes:
        arrow = "-->" if stroke.flow > 0 else "-.->"
        amount = amount_in(explanation, stroke.flow, signed=True)
        lines.append(f'  {number[stroke.source]} {arrow}|"{amount}"| {number[stroke.target]}')
    for i, stroke in enumerate(strokes):
        lines.append(
            f"  linkStyle {i} stroke:{_colour(stroke)},stroke-width:{_width(stroke):.1f}px"
        )
    return "\n".join(lines) + "\n"


def to_dot(explanation: Explanation, lang: Language = "en") -> str:
    """A Graphviz graph of what flows; dashed is what speaks against the option."""
    strokes = list(flowing(explanation))
    nodes = _nodes(explanation, strokes)
    number = {node: f"n{i}" for i, node in enumerate(nodes)}
    lines = ["digraph explanation {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    lines.extend(
        f"  {number[node]} [label={_quoted(label_of(explanation, node, lang))}];" for node in nodes
    )
    for stroke in strokes:
        amount = amount_in(explanation, stroke.flow, signed=True)
        style = "solid" if stroke.flow > 0 else "dashed"
        # an influence joins criteria of one rank
        free = ", constraint=false" if stroke.role == "influence" else ""
        lines.append(
            f"  {number[stroke.source]} -> {number[stroke.target]} [label={_quoted(amount)}, "
            f'color="{_colour(stroke)}", penwidth={_width(stroke):.1f}, style={style}{free}];'
        )
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    # Graphviz reads HTML's entities
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'


def _colour(stroke: Stroke) -> str:
    return _FOR if stroke.flow > 0 else _AGAINST


def _width(stroke: Stroke) -> float:
    return max(_NARROWEST, _WIDEST * stroke.size)


def to_graphml(explanation: Explanation) -> str:
    """The whole graph with every attribute."""
    return "\n".join(nx.generate_graphml(explanation.graph)) + "\n"


def to_json(explanation: Explanation, lang: Language = "en") -> str:
    """Everything that the explanation says."""
    data = explanation.to_dict(lang)
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

"""Declared influences as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from mcda.model.criteria import Influence

__all__ = ["influence_graph"]


def influence_graph(nodes: Sequence[str], influences: Iterable[Influence]) -> nx.DiGraph[str]:
    """Influences between nodes of the tree, dimensions or leaves.

    An edge i -> j says that i drives j. It has `share`, and `because_en`, `because_zh` and `source`
    where they are declared; nodes that no influence touches are in the graph, too.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    for each in influences:
        said = {"source": each.source or ""}
        if each.because is not None:
            said |= {"because_en": each.because.say("en"), "because_zh": each.because.say("zh")}
        graph.add_edge(
            each.from_, each.to, share=each.share, **{k: v for k, v in said.items() if v}
        )
    return graph

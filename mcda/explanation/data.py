"""An explanation as plain data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import networkx as nx

from mcda.model.language import Language

if TYPE_CHECKING:
    from mcda.explanation.explanation import Explanation

__all__ = ["FORMAT", "to_dict"]

FORMAT = "mcda/explanation/1"


def to_dict(explanation: Explanation, lang: Language) -> dict[str, Any]:
    """Plain data for JSON; texts in `lang`, numbers unrounded.

    ``graph`` is networkx's node-link form.
    """
    evidence = explanation.evidence
    return {
        "format": FORMAT,
        "scenario": explanation.decision.scenario,
        "verdict": explanation.decision.verdict,
        "firmness": explanation.decision.firmness,
        "option": explanation.option,
        "against": explanation.against,
        "margin": explanation.margin,
        "closeness": list(explanation.closeness),
        "method": explanation.method,
        "frozen_ideals": explanation.frozen,
        "sentences": explanation.sentences(lang),
        "contributions": dict(explanation.contributions),
        "by_dimension": explanation.by_dimension,
        "judged_dimensions": explanation.judged_dimensions,
        "origins": {name: dict(of) for name, of in explanation.origins.items()},
        "facts": {
            leaf: {
                "split": facts.split,
                "amounts": {str(slot): amount for slot, amount in facts.amounts.items()},
            }
            for leaf, facts in explanation.facts.items()
        },
        "paths": [
            {"nodes": list(path.nodes), "weight": path.weight, "amount": path.amount}
            if path.nodes
            else {"remainder": path.amount}
            for path in explanation.paths
        ],
        "influences": [
            {
                "from": each.source,
                "to": each.target,
                "share": each.share,
                "because": None if each.because is None else each.because.say(lang),
                "source": each.reference,
                "flow": each.flow,
                "positive": each.positive,
                "negative": each.negative,
                "margin_without": each.without,
                "effect": each.effect,
                "turns_below": _turn(each.lower),
                "turns_above": _turn(each.upper),
            }
            for each in explanation.influences
        ],
        "dematel": {
            name: {"prominence": prominence, "relation": relation}
            for name, (prominence, relation) in explanation.dematel.items()
        },
        "profile": [
            {
                "field": each.field,
                "value": each.value,
                "changed": each.changed,
                "effect": each.effect,
                "excluded": list(each.excluded),
                "leader": each.leader,
                "flips": each.flips,
            }
            for each in explanation.profile
        ],
        "contrasts": [
            {
                "option": each.option,
                "lead": each.lead,
                "gains": dict(each.gains),
                "gives_up": dict(each.gives_up),
                "gates": list(each.gates),
            }
            for each in explanation.contrasts
        ],
        "thresholds": {
            option: [asdict(each) for each in flips]
            for option, flips in explanation.thresholds.items()
        },
        "evidence": {
            "unsourced": evidence.unsourced,
            "stale": evidence.stale,
            "wide": evidence.wide,
            "facts": [
                {
                    "option": each.option,
                    "fact": each.fact,
                    "unsourced": each.unsourced,
                    "stale": each.stale,
                    "age": each.age,
                    "stale_after": each.stale_after,
                    "wide": each.wide,
                    "leads": None
                    if each.leads is None
                    else [None if math.isnan(lead) else lead for lead in each.leads],
                }
                for each in evidence.facts
            ],
        },
        "graph": nx.node_link_data(explanation.graph, edges="edges"),
    }


def _turn(turn: tuple[float, str] | None) -> dict[str, Any] | None:
    return None if turn is None else {"share": turn[0], "option": turn[1]}

"""What a page needs to work a decision out again: numbers, tree and formulas, as plain data."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from mcda.engine.comparing import STEP
from mcda.engine.decision import Decision
from mcda.engine.scoring import Compiled, scored_name
from mcda.engine.verdict import CLEAR, CLOSE
from mcda.engine.weighing import covariance_of_priorities
from mcda.formulas import BOOLEAN, Type
from mcda.formulas.javascript import javascript, literal
from mcda.model.criteria import GOAL, ProfileField
from mcda.model.language import Language
from mcda.model.tree import Leaf
from mcda.robustness.lead import FLOOR

__all__ = ["engine_script", "formulas_script", "model_of"]


def engine_script() -> str:
    """The arithmetic in JavaScript: ``decisionEngine(model, formulas)``."""
    return (files("mcda.reports.page") / "engine.js").read_text("utf-8")


def formulas_script(decision: Decision) -> str:
    """The measures in order and the gates, as an object of functions."""
    compiled = decision.workings.scored.compiled

    def functions(of: dict[str, Any]) -> str:
        names = (
            "neg,not_,add,sub,mul,div,pow,compare,member,and,or,pick,coalesce,known,clip,min,max"
        )
        given = f"({{{names},unary,v,part}})=>"
        return ",\n".join(
            f"[{literal(name)},{given}{javascript(node)}]" for name, node in of.items()
        )

    measures, gates = functions(dict(compiled.measures)), functions(dict(compiled.gates))
    return f"{{measures:[\n{measures}\n],gates:[\n{gates}\n]}}"


def model_of(decision: Decision, lang: Language) -> dict[str, Any]:
    """Everything but the formulas, as the page's script reads it."""
    problem, workings = decision.problem, decision.workings
    weighed = workings.weighed
    return {
        "options": [
            {"name": option.name, "title": option.title.say(lang) if option.title else ""}
            for option in problem.options
        ],
        "gates": [
            {"id": name, "because": gate.because.say(lang)} for name, gate in problem.gates.items()
        ],
        "profile": [
            _field(decision, name, field, lang) for name, field in problem.criteria.profile.items()
        ],
        "facts": _facts(decision),
        "roles": {role: of.tolist() for role, of in workings.scored.options.roles.items()},
        "leaves": [_leaf(decision, leaf, lang) for leaf in problem.tree.leaves],
        "nodes": _nodes(decision, lang),
        "edges": _edges(decision),
        "dependencies": weighed.transfer.mode,
        "weighting": problem.method.weighting,
        "normalization": decision.normalization,
        "floor": FLOOR,
        "step": STEP,
        "clear": CLEAR,
        "close": CLOSE,
    }


def _value(value: Any, known: Any, kind: Type) -> float | bool | None:
    if not known:
        return None
    return bool(value) if kind == BOOLEAN else float(value)


def _facts(decision: Decision) -> dict[str, list[float | bool | None]]:
    """The facts that formulas and leaves read, with what options get from their parts."""
    scored, problem = decision.workings.scored, decision.problem
    compiled: Compiled = scored.compiled
    read = {scored_name(leaf) for leaf in problem.tree.leaves}.union(*compiled.reads.values())
    size = scored.options.size
    found = {}
    for name in problem.criteria.facts:
        if name in read:
            column = scored.options.table[name]
            values, known = (np.broadcast_to(each, size) for each in column)
            kind = compiled.names[name]
            found[name] = [_value(*each, kind) for each in zip(values, known, strict=True)]
    return found


def _field(decision: Decision, name: str, field: ProfileField, lang: Language) -> dict[str, Any]:
    kind = decision.workings.scored.compiled.names[name]
    values, known = decision.workings.scored.options.table[name]
    low, high = field.bounds
    return {
        "name": name,
        "title": field.title.say(lang) if field.title else name,
        "type": field.type,
        "unit": field.unit or "",
        "levels": [level.say(lang) for level in field.levels or ()],
        "values": list(field.values or ()),
        "low": low,
        "high": high,
        "value": _value(values.flat[0], known.flat[0], kind),
        "default": _default(field),
        "read": any(name in reads for reads in decision.workings.scored.compiled.reads.values()),
    }


def _default(field: ProfileField) -> float | bool | None:
    """What is assumed of a field that is not given; the position of a choice."""
    if field.default is None or isinstance(field.default, bool):
        return field.default
    if isinstance(field.default, str):
        return float((field.values or ()).index(field.default))
    return float(field.default)


def _leaf(decision: Decision, leaf: Leaf, lang: Language) -> dict[str, Any]:
    tree, number = decision.problem.tree, decision.problem.tree.leaf_ids.index(leaf.id)
    nodes = list(tree.children)
    path = (GOAL, *leaf.path)
    steps = [
        [nodes.index(parent), tree.children[parent].index(child)]
        for parent, child in pairwise(path)
    ]
    found: dict[str, Any] = {
        "id": leaf.id,
        "title": tree.titles[leaf.id].say(lang),
        "dimension": tree.dimension_of_leaf[number],
        "benefit": leaf.direction == "benefit",
        "domain": list(leaf.domain) if leaf.domain else None,
        "reads": scored_name(leaf),
        "path": steps,
    }
    compared = decision.compared.get(leaf.id)
    if compared is not None:
        noise = covariance_of_priorities(compared)
        found["fixed"] = decision.workings.scored.values[:, number].tolist()
        found["compared"] = {"weights": compared.weights.tolist(), "noise": noise.tolist()}
    return found


def _nodes(decision: Decision, lang: Language) -> list[dict[str, Any]]:
    tree, weighed = decision.problem.tree, decision.workings.weighed
    covariances = iter(weighed.noise)
    found = []
    for node, children in tree.parents():
        noise = next(covariances).covariance.tolist() if len(children) > 1 else []
        found.append(
            {
                "id": node,
                "title": tree.titles[node].say(lang),
                "local": np.asarray(weighed.local[node]).tolist(),
                "leaves": list(tree.leaves_below[node]),
                "noise": noise,
                "children": [
                    {
                        "id": child,
                        "title": tree.titles[child].say(lang),
                        "leaves": list(tree.leaves_below[child]),
                    }
                    for child in children
                ],
            }
        )
    return found


def _edges(decision: Decision) -> list[dict[str, Any]]:
    tree, weighed = decision.problem.tree, decision.workings.weighed
    found = []
    for edge, influence in zip(weighed.edges, decision.problem.criteria.influences, strict=True):
        sources = [
            {"leaf": leaf, "from": (GOAL, *tree.leaves[leaf].path).index(influence.from_)}
            for leaf in edge.sources
        ]
        found.append({"sources": sources, "targets": list(edge.targets), "share": edge.share})
    return found

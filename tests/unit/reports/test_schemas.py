"""What the commands print as JSON suits its schema, whatever the case."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import mcda
from mcda.engine.decision import Decision
from mcda.explanation.explanation import explain
from mcda.reports.data import to_json
from mcda.reports.graphs import to_json as explained
from mcda.reports.page.material import Material
from mcda.reports.page.variants import to_json as reported
from mcda.reports.schemas import OUTPUTS, output_schema
from mcda.stability.sensitivity import sensitivity

ROOT = Path(__file__).resolve().parents[3]
ARTICLES = sorted((ROOT / "scenarios" / "articles").glob("*.yaml"))

TWO = {
    "x": {"direction": "benefit", "domain": [0, 10]},
    "y": {"direction": "cost", "domain": [0, 10]},
}
DIRECT = {"direct": {"x": 2, "y": 1}}
LAPTOP: dict[str, Any] = {
    "criteria": {
        "price": {"direction": "cost", "unit": "EUR", "domain": [500, 2500]},
        "comfort": {
            "children": {
                "screen": {"direction": "benefit", "levels": {"poor": 0, "good": 0.5, "superb": 1}},
                "battery": {"direction": "benefit", "unit": "h", "domain": [4, 20]},
            }
        },
    },
    "options": {
        "a": {"price": 900, "screen": "good", "battery": {"value": 9, "low": 8, "high": 12}},
        "b": {"price": 1500, "screen": "superb", "battery": 16},
    },
    "influences": [{"from": "price", "to": "battery", "share": 0.2, "because": "Cells cost."}],
    "weights": {
        "judgements": {"goal": {"comfort vs price": 2}, "comfort": {"battery vs screen": "1/3"}}
    },
}
CIRCLE = {
    "goal": {"x vs y": 3, "y vs z": 3, "z vs x": 3},
}
THREE = {**TWO, "z": {"direction": "benefit", "domain": [0, 10]}}
CASES: dict[str, dict[str, Any]] = {
    "a tree with an influence": LAPTOP,
    "a tie": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 5, "y": 5}},
        "weights": DIRECT,
    },
    "one option": {"criteria": TWO, "options": {"a": {"x": 5, "y": 5}}, "weights": DIRECT},
    "one eligible option": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 1}},
        "weights": DIRECT,
        "constraints": {"low": {"rule": "x < 6", "because": "Enough."}},
    },
    "no eligible option": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 1}},
        "weights": DIRECT,
        "constraints": {"low": {"rule": "x > 10", "because": {"zh": "\u592a\u4f4e"}}},
    },
    "judges": {
        "criteria": THREE,
        "options": {"a": {"x": 5, "y": 5, "z": 1}, "b": {"x": 9, "y": 9, "z": 0}},
        "weights": {
            "judges": {
                "one": {"judgements": {"goal": {"x vs y": 3, "y vs z": 2, "x vs z": 5}}},
                "two": {"importance": 2, "judgements": {"goal": {"x vs y": "1/4", "y vs z": 2}}},
            }
        },
    },
    "judges who contradict themselves": {
        "criteria": THREE,
        "options": {"a": {"x": 5, "y": 5, "z": 1}, "b": {"x": 9, "y": 9, "z": 0}},
        "weights": {"judges": {"one": {"judgements": CIRCLE}, "two": {"judgements": CIRCLE}}},
    },
    "a circle of judgements": {
        "criteria": THREE,
        "options": {"a": {"x": 5, "y": 5, "z": 1}, "b": {"x": 9, "y": 9, "z": 0}},
        "weights": {"judgements": CIRCLE},
    },
    "missing judgements": {
        "criteria": THREE,
        "options": {"a": {"x": 5, "y": 5, "z": 1}, "b": {"x": 9, "y": 9, "z": 0}},
        "weights": {"judgements": {"goal": {"x vs y": 3, "y vs z": 12}}},
    },
    "options compared in pairs": {
        "criteria": {"x": {"direction": "benefit"}, "y": {"direction": "benefit"}},
        "options": {"a": {}, "b": {}, "c": {}},
        "weights": {
            "judgements": {
                "goal": {"x vs y": 2},
                "x": {"a vs b": 2, "b vs c": 3, "a vs c": 4},
                "y": {"a vs b": "1/3", "b vs c": 1, "a vs c": 1},
            }
        },
    },
    "no domains": {
        "criteria": {"x": {"direction": "benefit"}, "y": {"direction": "cost"}},
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 9}, "c": {"x": 1, "y": 2}},
        "weights": {"ranking": {"goal": ["x", "y"]}},
    },
    "linear": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 8}},
        "weights": DIRECT,
        "method": {"weighting": "linear", "dependencies": "off", "priorities": "eigenvector"},
    },
    "weights from the values": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 8}, "c": {"x": 1, "y": 1}},
        "weights": {"objective": "entropy"},
    },
    "an influence in a circle": {
        "criteria": TWO,
        "options": {"a": {"x": 5, "y": 5}, "b": {"x": 9, "y": 8}},
        "influences": [
            {"from": "x", "to": "y", "share": 0.3},
            {"from": "y", "to": "x", "share": 0.2, "source": "a study"},
        ],
        "weights": DIRECT,
        "method": {"dependencies": "saaty"},
    },
}


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(output_schema(kind))


def complaints(kind: str, text: str) -> list[str]:
    return [
        f"{each.json_path}: {each.message}"
        for each in validator(kind).iter_errors(json.loads(text))
    ]


@cache
def decision_of(name: str) -> Decision:
    if name in CASES:
        return mcda.evaluate(mcda.Scenario(id=name, **CASES[name]))
    return mcda.evaluate(next(each for each in ARTICLES if each.stem == name))


NAMES = [*CASES, *(each.stem for each in ARTICLES)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_decisions(name: str, lang: Any) -> None:
    text = to_json([decision_of(name)], {"x.yaml": "x.yaml: wrong"}, lang)
    assert complaints("decisions", text) == []
    assert complaints("decisions", to_json([], {}, lang)) == []


@pytest.mark.parametrize("name", NAMES)
def test_explanations(name: str) -> None:
    decision = decision_of(name)
    if not decision.ranking:
        with pytest.raises(mcda.McdaError):
            explain(decision)
        return
    for against in (None, "anti-ideal"):
        assert complaints("explanation", explained(explain(decision, against), "zh")) == []


@pytest.mark.parametrize("name", NAMES)
def test_sensitivities(name: str) -> None:
    found = sensitivity(decision_of(name), samples=64)
    text = json.dumps(found.to_dict("en"), allow_nan=False)
    assert complaints("sensitivity", text) == []


@pytest.mark.parametrize(
    "name",
    ["000-clip", "a tree with an influence", "a tie", "one eligible option", "no eligible option"],
)
def test_reports(name: str) -> None:
    text = reported([Material(decision_of(name), "zh", 64)], {"x.yaml": "x.yaml: wrong"})
    assert complaints("report", text) == []


@pytest.mark.parametrize("sampler", ["uniform", "ordinal"])
def test_samplers(sampler: Any) -> None:
    found = sensitivity(decision_of("000-clip"), samples=64, sampler=sampler)
    assert complaints("sensitivity", json.dumps(found.to_dict("en"), allow_nan=False)) == []


def everything(schema: Any, place: str = "") -> Any:
    """Every schema of a property, with its place."""
    if isinstance(schema, dict):
        for name, each in schema.get("properties", {}).items():
            yield f"{place}.{name}", each
        for key, value in schema.items():
            yield from everything(value, f"{place}.{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from everything(value, place)


@pytest.mark.parametrize("kind", OUTPUTS)
def test_schemas_are_strict_and_say_what_keys_mean(kind: str) -> None:
    schema = output_schema(kind)
    Draft202012Validator.check_schema(schema)
    for place, each in everything(schema):
        assert each.get("description", "").strip(), place
    objects = json.dumps(schema).count('"properties": {')
    assert objects == json.dumps(schema).count('"additionalProperties": false')


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_key_too_many_is_refused(kind: str) -> None:
    texts = {
        "decisions": lambda: to_json([decision_of("000-clip")], {}, "en"),
        "explanation": lambda: explained(explain(decision_of("000-clip")), "en"),
        "sensitivity": lambda: json.dumps(
            sensitivity(decision_of("000-clip"), samples=64).to_dict("en")
        ),
        "report": lambda: reported([Material(decision_of("000-clip"), "en", 64)], {}),
    }
    data = json.loads(texts[kind]())
    assert complaints(kind, json.dumps({**data, "more": 1}))
    assert complaints(kind, json.dumps({k: v for k, v in data.items() if k != "format"}))

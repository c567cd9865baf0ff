"""Scenarios whose reports are looked at: ordinary ones, degenerate ones, hostile ones."""

from __future__ import annotations

from typing import Any

from mcda.model.scenario import Scenario

HOSTILE = "<script>alert('x')</script>&\"quoted\" </style><img src=x onerror=alert(1)>"
LONG = "An option whose name was pasted from a tender " + "and goes on " * 38
EMOJI = "🚀 rocket 火箭"

TWO: dict[str, Any] = {
    "price": {"direction": "cost", "unit": "EUR", "domain": [0, 100]},
    "quality": {"direction": "benefit", "domain": [0, 10]},
}
EQUAL: dict[str, Any] = {"judgements": {"goal": {"price vs quality": 1}}}


def scenario(name: str) -> Scenario:
    """One of `CASES` as a document."""
    return Scenario(id=name, **CASES[name])


def _contradicting() -> dict[str, Any]:
    """Judgements that contradict each other under a node of a tree with ranges and influences."""
    price = {"value": 60, "unit": "EUR", "low": 30, "high": 90}
    price |= {"source": "an offer", "as_of": "2024-01-31"}
    return {
        "title": {"en": "A van for the workshop", "zh": "为车间选一辆货车"},
        "decision_date": "2026-03-01",
        "criteria": {
            "cost": {
                "title": {"en": "Cost", "zh": "成本"},
                "children": {
                    "price": {**TWO["price"], "title": {"en": "Price", "zh": "价格"}},
                    "upkeep": {"direction": "cost", "domain": [0, 10]},
                    "fuel": {"direction": "cost", "domain": [0, 10]},
                },
            },
            "quality": TWO["quality"],
        },
        "options": {
            "a": {"title": "The red one", "price": price, "upkeep": 2, "fuel": 7, "quality": 8},
            "b": {"price": 35, "upkeep": 6, "fuel": 4, "quality": 4},
            "c": {"price": 20, "upkeep": 2, "fuel": 2, "quality": 9},
        },
        "influences": [{"from": "quality", "to": "upkeep", "share": 0.2, "because": "Wear."}],
        "weights": {
            "judgements": {
                "goal": {"cost vs quality": 2},
                "cost": {"price vs upkeep": 5, "upkeep vs fuel": 5, "fuel vs price": 3},
            }
        },
        "constraints": {
            "seats": {"rule": "price >= 25", "because": {"en": "Too cheap.", "zh": "过于便宜。"}}
        },
    }


def _many() -> dict[str, Any]:
    """Sixty options, four leaves in two dimensions."""
    groups = {
        f"group {g}": {
            "children": {
                f"leaf {g}.{k}": {"direction": "benefit", "domain": [0, 100]} for k in range(2)
            }
        }
        for g in range(2)
    }
    options = {
        f"option {i:02}": {
            f"leaf {g}.{k}": (37 * i + 11 * g + 53 * k + i * g * k) % 101
            for g in range(2)
            for k in range(2)
        }
        for i in range(60)
    }
    weights = {f"group {g}": g + 1 for g in range(2)}
    weights |= {f"leaf {g}.{k}": k + 1 for g in range(2) for k in range(2)}
    return {"criteria": groups, "options": options, "weights": {"direct": weights}}


CASES: dict[str, dict[str, Any]] = {
    "contradicting": _contradicting(),
    "tie": {
        "criteria": TWO,
        "options": {"a": {"price": 20, "quality": 5}, "b": {"price": 20, "quality": 5}},
        "weights": EQUAL,
    },
    "alone": {"criteria": TWO, "options": {"a": {"price": 20, "quality": 5}}, "weights": EQUAL},
    "nobody": {
        "criteria": TWO,
        "options": {"a": {"price": 20, "quality": 5}, "b": {"price": 40, "quality": 9}},
        "weights": EQUAL,
        "constraints": {"cheap": {"rule": "price < 10", "because": "Nothing above 10."}},
    },
    "hostile": {
        "title": HOSTILE,
        "criteria": {HOSTILE: TWO["quality"], "price": TWO["price"]},
        "options": {
            HOSTILE: {HOSTILE: 9, "price": 30},
            LONG: {HOSTILE: 4, "price": 10},
            EMOJI: {HOSTILE: 2, "price": 5},
        },
        "weights": {"direct": {HOSTILE: 2, "price": 1}},
        "source": {"document": HOSTILE, "phrases": [HOSTILE]},
    },
    "many": _many(),
}

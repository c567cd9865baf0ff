"""A sensitivity as plain data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mcda.model.language import Language
from mcda.robustness.lead import FLOOR
from mcda.stability.methods import PROBLEMS

if TYPE_CHECKING:
    from mcda.stability.breakeven import BreakEven, NotCompared
    from mcda.stability.sensitivity import Sensitivity

__all__ = ["FORMAT", "to_dict"]

FORMAT = "mcda/sensitivity/1"


def to_dict(
    found: Sensitivity,
    lang: Language,
    break_evens: tuple[BreakEven, ...],
    not_compared: tuple[NotCompared, ...],
    methods: bool = False,
) -> dict[str, Any]:
    """Plain data for JSON; numbers unrounded, infinity as null."""
    decision = found.decision
    data = {
        "format": FORMAT,
        "scenario": decision.scenario,
        "title": decision.problem.title.say(lang),
        "recommended": decision.recommended,
        "verdict": decision.verdict,
        "firmness": decision.firmness,
        "noise_floor": FLOOR,
        "left_out": None if found.left_out is None else asdict(found.left_out),
        "consistency": {
            node: each.consistency_data() for node, each in decision.diagnostics.items()
        },
        "nearest": [asdict(each) for each in found.nearest],
        "thresholds": {
            option: [asdict(each) for each in flips] for option, flips in found.thresholds.items()
        },
        "intervals": {name: asdict(each) for name, each in found.intervals.items()},
        "transfers": [asdict(each) for each in found.transfers],
        "nearest_changes": [asdict(each) for each in found.nearest_changes],
        "judgements": [asdict(each) for each in found.judgements],
        "tipping_points": [asdict(each) for each in found.tipping_points],
        "break_evens": [asdict(each) for each in break_evens],
        "not_compared": [asdict(each) for each in not_compared],
        "importance": [asdict(each) for each in found.importance],
        "judges": [asdict(each) for each in found.judges],
        "acceptability": None if found.acceptability is None else asdict(found.acceptability),
    }
    if methods:
        data["methods"] = [
            {**asdict(each), "problem": PROBLEMS[each.reason].say(lang) if each.reason else ""}
            for each in found.methods
        ]
        data["reversals"] = [asdict(each) for each in found.reversals]
    return {key: _finite(value) for key, value in data.items()}


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

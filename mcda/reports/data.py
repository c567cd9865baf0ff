"""Decisions as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mcda.engine.decision import Decision
from mcda.model.text import Language

__all__ = ["FORMAT", "safe_cell", "to_csv", "to_json"]

FORMAT = "mcda/decisions/1"

#: A spreadsheet takes a text that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "scenario",
    "option",
    "eligible",
    "rank",
    "closeness",
    "recommended",
    "verdict",
    "firmness",
    "margin",
    "gates",
    "because",
    "error",
)


def to_json(decisions: Sequence[Decision], failures: Mapping[str, str], lang: Language) -> str:
    """All decisions in one document; failures by path."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "decisions": [each.to_dict(lang) for each in decisions],
    }
    if failures:
        data["failures"] = [{"path": path, "error": error} for path, error in failures.items()]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_csv(decisions: Sequence[Decision], failures: Mapping[str, str], lang: Language) -> str:
    """One row for each scenario and option; safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for decision in decisions:
        shared = {
            "scenario": safe_cell(decision.scenario),
            "verdict": decision.verdict,
            "firmness": decision.firmness,
            "margin": decision.margin,
        }
        for ranked in decision.ranking:
            own: dict[str, Any] = {
                "option": safe_cell(ranked.option),
                "eligible": "true",
                "rank": ranked.rank,
                "closeness": ranked.closeness,
                "recommended": str(ranked.option == decision.recommended).lower(),
            }
            _write(writer, {**shared, **own})
        for excluded in decision.excluded:
            own = {
                "option": safe_cell(excluded.option),
                "eligible": "false",
                "closeness": excluded.closeness,
                "recommended": "false",
                "gates": safe_cell(" ".join(gate.gate for gate in excluded.gates)),
                "because": safe_cell(excluded.because.say(lang)),
            }
            _write(writer, {**shared, **own})
    for path, error in failures.items():
        _write(writer, {"scenario": safe_cell(path), "error": safe_cell(error)})
    return stream.getvalue()


def _write(writer: Any, row: Mapping[str, Any]) -> None:
    writer.writerow(["" if row.get(key) is None else row[key] for key in _COLUMNS])


def safe_cell(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text

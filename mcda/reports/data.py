"""Decisions as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcda.engine.decision import Decision
from mcda.engine.portfolio import PortfolioDecision
from mcda.model.language import Language, safe_cell

__all__ = ["FORMAT", "rows_of", "to_csv", "to_json"]

FORMAT = "mcda/decisions/1"

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
    "unknown",
    "error",
)


def to_json(
    decisions: Sequence[Decision],
    failures: Mapping[str, str],
    lang: Language,
    portfolios: Sequence[PortfolioDecision] = (),
) -> str:
    """All decisions in one document, then the portfolios; failures by path."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "decisions": [each.to_dict(lang) for each in decisions],
    }
    if portfolios:
        data["portfolios"] = [each.to_dict(lang) for each in portfolios]
    if failures:
        data["failures"] = [{"path": path, "error": error} for path, error in failures.items()]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_csv(decisions: Sequence[Decision], failures: Mapping[str, str], lang: Language) -> str:
    """One row for each scenario and option; safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for decision in decisions:
        for row in rows_of(decision, lang):
            safe = {
                key: str(value).lower()
                if isinstance(value, bool)
                else safe_cell(value)
                if isinstance(value, str)
                else value
                for key, value in row.items()
            }
            _write(writer, safe)
    for path, error in failures.items():
        _write(writer, {"scenario": safe_cell(path), "error": safe_cell(error)})
    return stream.getvalue()


def rows_of(decision: Decision, lang: Language) -> Iterator[dict[str, Any]]:
    """A row for each option, the ranking first: the columns of tables of results."""
    shared = {
        "scenario": decision.scenario,
        "verdict": decision.verdict,
        "firmness": decision.firmness,
        "margin": decision.margin,
    }
    for ranked in decision.ranking:
        yield {
            **shared,
            "option": ranked.option,
            "eligible": True,
            "rank": ranked.rank,
            "closeness": ranked.closeness,
            "recommended": ranked.option == decision.recommended,
            "gates": None,
            "because": None,
            "unknown": None,
        }
    for excluded in decision.excluded:
        unknown = dict.fromkeys(name for gate in excluded.gates for name in gate.unknown)
        yield {
            **shared,
            "option": excluded.option,
            "eligible": False,
            "rank": None,
            "closeness": excluded.closeness,
            "recommended": False,
            "gates": " ".join(gate.gate for gate in excluded.gates),
            "because": excluded.because.say(lang),
            "unknown": " ".join(unknown) or None,
        }


def _write(writer: Any, row: Mapping[str, Any]) -> None:
    writer.writerow(["" if row.get(key) is None else row[key] for key in _COLUMNS])

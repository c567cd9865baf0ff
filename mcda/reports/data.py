"""Decisions as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mcda.engine.decision import Decision
from mcda.engine.portfolio import PortfolioDecision
from mcda.model.language import Language, safe_cell

__all__ = ["FORMAT", "csv_of", "rows_of", "to_csv", "to_json"]

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


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table as CSV that is safe to open in a spreadsheet; what a row does not have is empty."""
    stream = io.StringIO(newline="\n")
    # with this end of a line, cells with either of its characters are quoted
    writer = csv.writer(_Lines(stream), lineterminator="\r\n")
    writer.writerow(map(_cell, columns))
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue()


class _Lines:
    """Ends each line that is written with a line feed alone."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        self._stream.write(line.removesuffix("\r\n") + "\n")


def _cell(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else value


def to_csv(decisions: Sequence[Decision], failures: Mapping[str, str], lang: Language) -> str:
    """One row for each scenario and option."""
    rows = [
        {k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()}
        for decision in decisions
        for row in rows_of(decision, lang)
    ]
    failed = [{"scenario": path, "error": error} for path, error in failures.items()]
    return csv_of(_COLUMNS, [*rows, *failed])


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

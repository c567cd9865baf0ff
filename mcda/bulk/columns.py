"""The columns of bulk results."""

from __future__ import annotations

__all__ = ["FIRST", "LAST", "WHY"]

#: Columns of every result; those of options stand before the last two.
FIRST: dict[str, type] = {
    "scenario": str,
    "source": str,
    "recommended": str,
    "verdict": str,
    "firmness": float,
    "margin": float,
    "runner_up": str,
    "consistency_ratio": float,
}
WHY: dict[str, type] = {
    "reason_1": str,
    "amount_1": float,
    "reason_2": str,
    "amount_2": float,
    "reason_3": str,
    "amount_3": float,
    "flip_criterion": str,
    "flip_share": float,
    "flip_at": float,
    "flip_to": str,
}
LAST: dict[str, type] = {"excluded": str, "missed": str, "error": str}

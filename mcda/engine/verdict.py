"""How firm an answer is, in one word."""

from __future__ import annotations

from mcda.model.scenario import Verdict

__all__ = ["CLEAR", "CLOSE", "verdict_of"]

#: A lead at least this firm is clear.
CLEAR = 0.95
#: A lead at least this firm, but not clear, is close; below it is contested.
CLOSE = 0.75


def verdict_of(eligible: int, tied: bool, firmness: float | None) -> Verdict:
    """The verdict on a contest.

    Parameters
    ----------
    eligible
        How many options passed every gate.
    tied
        Whether the best closeness is shared.
    firmness
        Of the winner's lead; needed with two or more options.
    """
    if eligible == 0:
        return "no_eligible_option"
    if eligible == 1:
        return "no_contest"
    if tied:
        return "tie"
    assert firmness is not None
    if firmness >= CLEAR:
        return "clear"
    return "close" if firmness >= CLOSE else "contested"

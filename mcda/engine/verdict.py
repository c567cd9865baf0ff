"""How firm an answer is, in one word."""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from mcda.model.scenario import Verdict

__all__ = ["CLEAR", "CLOSE", "VERDICTS", "verdicts_of"]

#: A lead at least this firm is clear.
CLEAR = 0.95
#: A lead at least this firm, but not clear, is close; below it is contested.
CLOSE = 0.75


#: All verdicts; results hold positions among them.
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_SAID = ("no_eligible_option", "no_contest", "tie", "clear", "close", "contested")


def verdicts_of(
    eligible: NDArray[np.intp], tied: NDArray[np.bool_], firmness: NDArray[np.float64]
) -> NDArray[np.intp]:
    """The verdicts on contests (...), as positions in `VERDICTS`.

    Parameters
    ----------
    eligible : (...)
        How many options passed every gate.
    tied : (...)
        Whether the best closeness is shared.
    firmness : (...)
        Of the winner's lead; looked at with two or more options.
    """
    nobody, alone, tie, clear, close, contested = (VERDICTS.index(each) for each in _SAID)
    said = np.where(firmness >= CLOSE, close, contested)
    said[firmness >= CLEAR] = clear
    said[tied] = tie
    said[eligible == 1] = alone
    said[eligible == 0] = nobody
    return said

"""How far judgements contradict each other, and which one to reconsider first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ACCEPTABLE",
    "Repair",
    "incomplete_random_index",
    "random_index",
    "residuals",
    "worst_judgement",
]

Floats = NDArray[np.float64]

#: A consistency ratio above this is flagged (Saaty 1977).
ACCEPTABLE = 0.1

#: Mean consistency index of random reciprocal matrices over Saaty's 17 values: n = 3 and 4 by
#: enumeration, the others by simulation (standard error at most .001);
#: within .005 of Alonso & Lamata (2006) to n = 15.
RANDOM_INDEX = {
    1: 0.0,
    2: 0.0,
    3: 0.52446,
    4: 0.88416,
    5: 1.109,
    6: 1.250,
    7: 1.342,
    8: 1.404,
    9: 1.450,
    10: 1.485,
    11: 1.513,
    12: 1.538,
    13: 1.555,
    14: 1.570,
    15: 1.583,
    20: 1.630,
    25: 1.655,
    30: 1.672,
    40: 1.694,
    50: 1.706,
    100: 1.731,
}
#: The limit for large n: the mean of Saaty's 17 values, less 1.
_LIMIT = (sum(range(1, 10)) + sum(1 / k for k in range(2, 10))) / 17 - 1


def random_index(n: int) -> float:
    """The random index for n criteria; between the table's entries linear in 1/n.

    Past the last entry it goes to the limit that the mean random judgement sets.

    Examples
    --------
    >>> random_index(4)
    0.88416
    >>> round(random_index(1000), 2)
    1.75
    """
    if n in RANDOM_INDEX:
        return RANDOM_INDEX[n]
    inverse = sorted((1 / size, index) for size, index in RANDOM_INDEX.items())
    places, indices = zip((0.0, _LIMIT), *inverse, strict=True)
    return float(np.interp(1 / n, places, indices))


def incomplete_random_index(n: int, missing: int) -> float:
    """The random index for n criteria of whose comparisons some are missing.

    RI(n) (1 - 2 m / ((n - 1)(n - 2))) for m missing, linear in the number of comparisons that
    cross-check others (Agoston & Csato 2022); 0 where none does. Simulated indices for random
    patterns lie above it by at most .06 (n <= 8), so the ratio made with it errs on the side of
    flagging.
    """
    if n <= 2:
        return 0.0
    return random_index(n) * max(0.0, 1.0 - 2.0 * missing / ((n - 1) * (n - 2)))


def residuals(matrix: Floats, weights: Floats) -> Floats:
    """e_ij = ln a_ij - ln w_i + ln w_j, (..., n, n): how far each judgement is from the weights.

    NaN where the comparison is missing.
    """
    logs = np.log(weights)
    return np.asarray(np.log(matrix) - logs[..., :, None] + logs[..., None, :])


@dataclass(frozen=True, slots=True)
class Repair:
    """A judgement and the value that would make the whole set most consistent.

    Attributes
    ----------
    first, second : str
        The criteria compared; `given` is above 1 where the first counts more.
    given : float
        What was judged.
    repaired : float
        The value for which the squared residuals are least, all other judgements kept.
    """

    first: str
    second: str
    given: float
    repaired: float


def worst_judgement(
    apart: Floats, matrix: Floats, leverage: Floats, labels: tuple[str, ...]
) -> Repair | None:
    """The judgement whose best repair gains most, with that repair.

    Changing one judgement to ln a* = ln a - e / (1 - R), R its leverage, takes e^2 / (1 - R) off
    the sum of squared residuals and no change takes more; with all comparisons made R = 2 / n.
    ``None`` where nothing contradicts anything.

    Parameters
    ----------
    apart : (n, n)
        Residuals from least-squares weights.
    matrix : (n, n)
        Judgements.
    leverage : (n, n)
        Effective resistances.
    """
    free = 1.0 - leverage
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.triu(np.where(free > 1e-9, apart**2 / free, 0.0), 1)
    gain = np.nan_to_num(gain, nan=0.0)
    i, j = (int(k) for k in np.unravel_index(int(np.argmax(gain)), gain.shape))
    if gain[i, j] < 1e-18:
        return None
    repaired = float(np.exp(np.log(matrix[i, j]) - apart[i, j] / free[i, j]))
    given = float(matrix[i, j])
    if given < 1:
        return Repair(labels[j], labels[i], 1 / given, 1 / repaired)
    return Repair(labels[i], labels[j], given, repaired)

"""How far judgements contradict each other, and which one to reconsider first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mcda.model.text import Notice

__all__ = [
    "ACCEPTABLE",
    "SCALE",
    "Diagnostics",
    "Gain",
    "Repair",
    "gains",
    "incomplete_random_index",
    "random_index",
    "residuals",
]

Floats = NDArray[np.float64]

#: A consistency ratio above this is flagged (Saaty 1977).
ACCEPTABLE = 0.1
#: Saaty's scale goes from 1 to this, and from its inverse to 1.
SCALE = 9.0
#: Relative difference below which two gains are the same.
_TIED = 1e-9
#: Squared residuals below this are rounding.
_NOTHING = 1e-18

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
        The value on the scale of 1/9 to 9 that agrees best with all other judgements.
    """

    first: str
    second: str
    given: float
    repaired: float


class Diagnostics(Protocol):
    """What the answers behind a node's weights say of themselves, whichever way they were asked."""

    @property
    def consistency_ratio(self) -> Any:
        """How far the answers contradict each other; 0 if not at all."""

    @property
    def limit(self) -> float:
        """The largest ratio that is acceptable."""

    @property
    def consistent(self) -> Any:
        """Whether the ratio is acceptable."""

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The judgements to reconsider first, with their best single repairs."""

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What the reader must know."""

    def consistency_data(self) -> dict[str, Any]:
        """All this as plain data."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What the best change of one judgement, (i, j) of the matrix, is good for.

    Attributes
    ----------
    i, j : int
    repaired : float
        The best value on the scale.
    gain : float
        What it takes off the sum of squared residuals, in units of the largest such gain: 1 for
        the judgement to reconsider first, and for all that are equally good.
    """

    i: int
    j: int
    repaired: float
    gain: float

    @property
    def first(self) -> bool:
        """Whether no other judgement gains more."""
        return self.gain >= 1.0 - _TIED

    def said(self, matrix: Floats, labels: tuple[str, ...]) -> Repair:
        """As a repair, the way round in which the judgement is at least 1."""
        given = float(matrix[self.i, self.j])
        if given < 1:
            return Repair(labels[self.j], labels[self.i], 1 / given, 1 / self.repaired)
        return Repair(labels[self.i], labels[self.j], given, self.repaired)


def gains(apart: Floats, matrix: Floats, leverage: Floats) -> list[Gain]:
    """The judgements whose change gains most, the best first; none where nothing contradicts.

    With R a judgement's leverage (2 / n if all are made), the sum of squared residuals is a
    parabola in its logarithm ln x: it falls by e^2 / (1 - R) - (1 - R) (ln x - ln a*)^2, most at
    ln a* = ln a - e / (1 - R). The best x on the scale is a* or the end of the scale next to it.
    Those that would gain as much on a scale without ends follow the best on the scale: among
    three criteria any judgement may be the wrong one. Where no value on the scale is better than
    what was judged, which needs judgements beyond it, the scale is left out of account.

    Parameters
    ----------
    apart : (n, n)
        Residuals from least-squares weights.
    matrix : (n, n)
        Judgements.
    leverage : (n, n)
        Effective resistances.
    """
    free = np.triu(1.0 - leverage, 1)
    i, j = np.nonzero(~np.isnan(matrix) & (free > _TIED))
    free, own = free[i, j], apart[i, j]
    best = np.log(matrix[i, j]) - own / free
    unbounded = own**2 / free
    if not (unbounded > _NOTHING).any():
        return []
    value = np.clip(np.exp(best), 1 / SCALE, SCALE)
    bounded = unbounded - free * (np.log(value) - best) ** 2
    if not (bounded > _NOTHING).any():
        value, bounded = np.exp(best), unbounded
    share = bounded / bounded.max()
    leading = share >= 1.0 - _TIED
    named = leading | (unbounded >= unbounded[leading].max() * (1.0 - _TIED))
    found = [
        Gain(int(i[k]), int(j[k]), float(value[k]), float(share[k]))
        for k in np.flatnonzero(named & (share > 0.0))
    ]
    return sorted(found, key=lambda each: -round(each.gain, 9))

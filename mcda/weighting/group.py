"""Several judges: their aggregate, and where they agree and disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mcda.weighting.consistency import residuals

__all__ = ["Disagreement", "aggregate_judgements", "aggregate_priorities", "consensus", "spread"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far apart the judges are on one comparison.

    Attributes
    ----------
    node, first, second : str
        The comparison: `first` against `second` among the children of `node`.
    factor : float
        exp of the importance-weighted standard deviation of the log judgements: 1 if all agree.
    lowest, highest : float
        The judgements farthest apart.
    lowest_judge, highest_judge : str
        Whose they are.
    """

    node: str
    first: str
    second: str
    factor: float
    lowest: float
    highest: float
    lowest_judge: str
    highest_judge: str


def aggregate_judgements(matrices: Sequence[Floats], importance: Sequence[float]) -> Floats:
    """Weighted geometric mean (n, n) of judges' matrices (Aczel & Saaty 1983).

    A comparison is taken from the judges who made it; NaN where none did.
    """
    logs = np.log(np.stack(matrices))
    shares = np.where(np.isnan(logs), 0.0, _relative(importance)[:, None, None])
    total = shares.sum(axis=0)
    sums = (np.nan_to_num(logs, nan=0.0) * shares).sum(axis=0)
    return np.where(total > 0, np.exp(sums / np.where(total > 0, total, 1.0)), np.nan)


def aggregate_priorities(weights: Sequence[Floats], importance: Sequence[float]) -> Floats:
    """Weighted geometric mean (n,) of judges' priorities, scaled to sum 1."""
    shares = _relative(importance)
    shares = shares / shares.sum()
    logs = (np.log(np.stack(weights)) * shares[:, None]).sum(axis=0)
    means = np.exp(logs - logs.max())
    return np.asarray(means / means.sum())


def _relative(importance: Sequence[float]) -> Floats:
    """Importance over the largest, so that sums do not overflow."""
    given = np.asarray(importance, dtype=np.float64)
    return np.asarray(given / given.max())


def consensus(matrix: Floats, group_weights: Floats) -> float | None:
    """How far a judge's matrix (n, n) is from the group's weights; 0 is full agreement.

    The geometric cardinal consensus index of Dong, Zhang, Hong & Xu (2010): the mean squared
    residual of the judge's log judgements against the group's priorities, with the divisor of the
    geometric consistency index. ``None`` for n <= 2.
    """
    n = matrix.shape[0]
    if n <= 2:
        return None
    squares = residuals(matrix, group_weights) ** 2
    made = ~np.isnan(np.triu(squares, 1)) & np.triu(np.ones((n, n), dtype=bool), 1)
    # per comparison made, scaled so that complete judgements have the published divisor
    return float(squares[made].mean() * n / (n - 2)) if made.any() else None


def spread(
    node: str,
    labels: Sequence[str],
    judges: Sequence[str],
    matrices: Sequence[Floats],
    importance: Sequence[float],
) -> list[Disagreement]:
    """The comparisons under a node that judges made differently, widest first."""
    logs = np.log(np.stack(matrices))
    weights = _relative(importance)
    found = []
    for i in range(len(labels)):
        for j in range(i + 1, len(labels)):
            made = np.flatnonzero(~np.isnan(logs[:, i, j]))
            if len(made) < 2:
                continue
            values, shares = logs[made, i, j], weights[made] / weights[made].sum()
            deviation = float(np.sqrt(shares @ (values - shares @ values) ** 2))
            if deviation < 1e-9:
                continue
            low, high = int(made[values.argmin()]), int(made[values.argmax()])
            found.append(
                Disagreement(
                    node,
                    labels[i],
                    labels[j],
                    float(np.exp(deviation)),
                    float(np.exp(logs[low, i, j])),
                    float(np.exp(logs[high, i, j])),
                    judges[low],
                    judges[high],
                )
            )
    return sorted(found, key=lambda each: -each.factor)

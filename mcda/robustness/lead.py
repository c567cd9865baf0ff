"""How firm the winner's lead is under the noise of judgements, in closed form.

Each node's local log weights carry noise of a covariance (k, k); where all its n children are
compared this is (s2 / n)(I - 11'/n). With D_k = C_1 - C_k the winner's lead in closeness over a
rival and its standard deviation by the delta method, Phi(D_k / sd D_k) estimates the chance that it
stays ahead; a winner that is nowhere worse and somewhere better stays ahead for certain. The least
over the rivals is the firmness: a pairwise share, which with several rivals overstates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FLOOR", "Lead", "Noise", "firmness"]

Floats = NDArray[np.float64]

#: Variance of a judgement's logarithm that is assumed at least (Aguaron & Moreno-Jimenez's
#: thresholds for CR = 0.1 lie at .31 to .37).
FLOOR = 0.1


class Noise(NamedTuple):
    """The noise of one node: where its k children stand in the Jacobian, and its covariance."""

    columns: slice
    covariance: Floats


class Lead(NamedTuple):
    """The firmness of a lead, and the rival it is least firm against."""

    firmness: float
    rival: int


def firmness(
    r: Floats,
    coefficients: Floats,
    jacobian: Floats,
    noise: Sequence[Noise],
    winner: int,
    of_scores: Floats | None = None,
) -> Lead:
    """The firmness of the winner's lead.

    Parameters
    ----------
    r : (m, n)
        Scores in [0, 1]; m criteria, n > 1 options.
    coefficients : (m,)
        Of the squared gaps.
    jacobian : (m, L)
        How the coefficients change with all local log weights.
    noise
        One for each node with children; their columns make up L.
    winner
        The option that leads.
    of_scores : (n,), optional
        Variance of the lead over each option that comes from noise in the scores themselves,
        where options were compared in pairs; no winner is then ahead for certain.
    """
    near, far = r * r, (1.0 - r) ** 2
    a, b = np.sqrt(coefficients @ near), np.sqrt(coefficients @ far)
    total = np.where(a + b > 0, a + b, 1.0)
    closeness = np.where(a + b > 0, a / total, 0.5)
    # a distance of zero stays zero whatever the weights are: its terms are all zero
    growth = near / np.where(a > 0, 2.0 * a, np.inf)
    shrink = far / np.where(b > 0, 2.0 * b, np.inf)
    slopes = (b * growth - a * shrink) / total**2
    lead = closeness[winner] - closeness
    by_coefficient = slopes[:, [winner]] - slopes
    gradient = jacobian.T @ by_coefficient
    variance = np.zeros(r.shape[1])
    for columns, covariance in noise:
        part = gradient[columns]
        variance += (part * (covariance @ part)).sum(axis=0)
    if of_scores is not None:
        variance = variance + of_scores
    deviation = np.sqrt(np.maximum(variance, 0.0))
    counting = coefficients > 0
    least = Lead(1.0, -1)
    for rival in range(r.shape[1]):
        if rival != winner:
            share = _normal_share(float(lead[rival]), float(deviation[rival]))
            if of_scores is None and _dominates(r[counting, winner], r[counting, rival]):
                share = 1.0
            if share < least.firmness or least.rival < 0:
                least = Lead(share, rival)
    return least


def _dominates(one: Floats, other: Floats) -> bool:
    """Whether scores are nowhere worse and somewhere better."""
    return bool((one >= other).all() and (one > other).any())


def _normal_share(mean: float, deviation: float) -> float:
    """The chance that a normal variable is above zero."""
    if deviation == 0.0:
        return 1.0 if mean > 0 else 0.5 if mean == 0 else 0.0
    return 0.5 * math.erfc(-mean / deviation / math.sqrt(2.0))

"""How firm the winner's lead is under the noise of judgements, in closed form.

Each node's local log weights carry noise of a covariance (k, k); where all its n children are
compared this is (s2 / n)(I - 11'/n). With D_k = C_1 - C_k the winner's lead in closeness over a
rival and its standard deviation by the delta method, Phi(D_k / sd D_k) estimates the chance that it
stays ahead; a winner that is nowhere worse and somewhere better stays ahead for certain. The least
over the rivals is the firmness: a pairwise share, which with several rivals overstates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FLOOR", "Lead", "Noise", "covariance_of", "firmness"]

Floats = NDArray[np.float64]

#: Variance of a judgement's logarithm that is assumed at least (Aguaron & Moreno-Jimenez's
#: thresholds for CR = 0.1 lie at .31 to .37).
FLOOR = 0.1
#: Deviations by which a lead is certain.
_CERTAIN = 1e9
_ERFC = np.frompyfunc(math.erfc, 1, 1)


class Noise(NamedTuple):
    """The noise of one node: where its k children stand in the Jacobian, and its covariance."""

    columns: slice
    covariance: Floats


class Lead(NamedTuple):
    """The firmness of leads (...), and the rivals (...) they are least firm against."""

    firmness: Floats
    rival: NDArray[np.intp]


def covariance_of(jacobian: Floats, noise: Sequence[Noise]) -> Floats:
    """The covariance (m, m) of coefficients that change with log weights as `jacobian` (m, L)."""
    total = np.zeros((len(jacobian), len(jacobian)))
    for columns, covariance in noise:
        part = jacobian[:, columns]
        total += part @ covariance @ part.T
    return total


def firmness(
    r: Floats,
    coefficients: Floats,
    variance_of: Callable[[Floats], Floats],
    winner: NDArray[np.intp],
    scaling: Floats | None = None,
    of_scores: Floats | None = None,
) -> Lead:
    """The firmness of the winners' leads.

    Parameters
    ----------
    r : (m, n, ...)
        Scores in [0, 1]; m criteria, n > 1 options, any number of contests last.
    coefficients : (m, ...)
        Of the squared gaps.
    variance_of : callable
        The variance (n, ...) of what changes by gradients (m, n, ...) with the coefficients, as
        they were before they were multiplied by `scaling`.
    winner : (...)
        The option that leads each contest.
    scaling : (m, ...), optional
        What each coefficient was multiplied by.
    of_scores : (n, ...), optional
        Variance of the lead over each option that comes from noise in the scores themselves,
        where options were compared in pairs; no winner is then ahead for certain.
    """
    near, far = r * r, (1.0 - r) ** 2
    u = coefficients[:, None]
    a, b = np.sqrt((u * near).sum(axis=0)), np.sqrt((u * far).sum(axis=0))
    total = np.where(a + b > 0, a + b, 1.0)
    closeness = np.where(a + b > 0, a / total, 0.5)
    # a distance of zero stays zero whatever the weights are: its terms are all zero
    near *= b / (np.where(a > 0, 2.0 * a, np.inf) * total**2)
    far *= a / (np.where(b > 0, 2.0 * b, np.inf) * total**2)
    slopes = near - far
    first = np.expand_dims(winner, 0)
    lead = np.take_along_axis(closeness, first, axis=0) - closeness
    gradient = np.take_along_axis(slopes, first[None], axis=1) - slopes
    if scaling is not None:
        gradient *= scaling[:, None]
    variance = variance_of(gradient)
    if of_scores is not None:
        variance = variance + of_scores
    deviation = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(deviation > 0.0, lead / deviation, np.sign(lead) * _CERTAIN)
    steps = np.minimum(steps, _CERTAIN)
    if of_scores is None:
        steps[_dominated(r, coefficients > 0, first)] = _CERTAIN
    np.put_along_axis(steps, first, np.inf, axis=0)
    rival = np.argmin(steps, axis=0)
    least = np.take_along_axis(steps, rival[None], axis=0)[0]
    return Lead(_normal_share(least), rival)


def _dominated(
    r: Floats, counting: NDArray[np.bool_], first: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Where (n, ...) the winner's scores are nowhere worse and somewhere better."""
    ahead = np.take_along_axis(r, first[None], axis=1) - r
    ahead *= counting[:, None]
    return np.asarray((ahead >= 0.0).all(axis=0) & (ahead > 0.0).any(axis=0))


def _normal_share(steps: Floats) -> Floats:
    """The chance that a normal variable is above zero, its mean being so many deviations."""
    shares = 0.5 * np.asarray(_ERFC(-steps / math.sqrt(2.0)), dtype=np.float64)
    return np.asarray(shares)

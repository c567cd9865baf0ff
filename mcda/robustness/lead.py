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

__all__ = ["FLOOR", "Noise", "covariance_of", "firmness", "normal_share"]

Floats = NDArray[np.float64]

#: Variance of a judgement's logarithm that is assumed at least (Aguaron & Moreno-Jimenez's
#: thresholds for CR = 0.1 lie at .31 to .37).
FLOOR = 0.1
#: Deviations by which a lead is certain.
_CERTAIN = 1e9
#: Deviations beyond which the chance that a lead is lost is nothing beside 1.
_SURE = 8.5


class Noise(NamedTuple):
    """The noise of one node: where its k children stand in the Jacobian, and its covariance."""

    columns: slice
    covariance: Floats


def covariance_of(jacobian: Floats, noise: Sequence[Noise]) -> Floats:
    """The covariance (m, m) of coefficients that change with log weights as `jacobian` (m, L)."""
    total = np.zeros((len(jacobian), len(jacobian)))
    for columns, covariance in noise:
        part = jacobian[:, columns]
        total += part @ covariance @ part.T
    return total


def firmness(
    r: Floats,
    counting: NDArray[np.bool_],
    squares: tuple[Floats, Floats],
    variance_of: Callable[[Floats], Floats],
    winner: NDArray[np.intp],
    scaling: Floats | None = None,
    of_scores: Floats | None = None,
) -> Floats:
    """The firmness (...) of the winners' leads.

    Parameters
    ----------
    r : (m, n, ...)
        Scores in [0, 1]; m criteria, n > 1 options, any number of contests last.
    counting : (m, ...)
        Whether squared gaps have a coefficient above zero.
    squares : two (n, ...)
        Squared distances to the ideal and the anti-ideal, the sums of gaps with coefficients.
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
    shape = np.shape(winner)
    r = r.reshape(*r.shape[:2], -1)
    counting = counting.reshape(len(counting), -1)
    first = np.reshape(winner, -1)
    contests = r.shape[2]
    at = first * contests + np.arange(contests)
    near, far = r * r, 1.0 - r
    far *= far
    b, a = (np.sqrt(each.reshape(near.shape[1:])) for each in squares)
    total = a + b
    alike = total == 0.0
    total[alike] = 1.0
    closeness = a / total
    closeness[alike] = 0.5
    total *= total
    # a distance of zero stays zero whatever the weights are: its terms are all zero
    near *= b / (np.where(a > 0, 2.0 * a, np.inf) * total)
    far *= a / (np.where(b > 0, 2.0 * b, np.inf) * total)
    near -= far
    gradient = np.subtract(_of(near, at), near, out=near)
    if scaling is not None:
        gradient *= scaling.reshape(len(scaling), 1, -1)
    variance = variance_of(gradient)
    if of_scores is not None:
        variance = variance + of_scores.reshape(variance.shape)
    deviation = np.sqrt(np.maximum(variance, 0.0))
    deviation.reshape(-1)[at] = np.inf  # the winner is no rival of its own
    lead = closeness.reshape(-1).take(at) - closeness
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = lead / deviation
    still = deviation == 0.0
    if still.any():
        steps[still] = np.sign(lead[still]) * _CERTAIN
    np.minimum(steps, _CERTAIN, out=steps)
    if of_scores is None:
        steps[_dominated(r, counting, at)] = _CERTAIN
    steps.reshape(-1)[at] = np.inf
    return normal_share(steps.min(axis=0)).reshape(shape)


def _of(values: Floats, at: NDArray[np.intp]) -> Floats:
    """The values (m, 1, B) of the option that stands at `at` (B,) of (n, B), out of (m, n, B)."""
    return values.reshape(len(values), -1).take(at, axis=1)[:, None]


def _dominated(r: Floats, counting: NDArray[np.bool_], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Where (n, B) the winner's scores are nowhere worse and somewhere better."""
    own = _of(r, at)
    worse, better = own < r, own > r
    if not counting.all():
        worse &= counting[:, None]
        better &= counting[:, None]
    return np.asarray(better.any(axis=0) & ~worse.any(axis=0))


def normal_share(steps: Floats) -> Floats:
    """The chance (...) that a normal variable is above zero, its mean being `steps` deviations.

    Examples
    --------
    >>> normal_share(np.array([0.0, 1.959963984540054])).round(12).tolist()
    [0.5, 0.975]
    """
    shares = np.ones(np.shape(steps))
    open_ones = ~(steps >= _SURE)
    at = (-steps[open_ones] / math.sqrt(2.0)).tolist()
    shares[open_ones] = 0.5 * np.fromiter(map(math.erfc, at), dtype=float, count=len(at))
    return shares

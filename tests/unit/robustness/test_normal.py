"""The normal distribution function, against the standard library's."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from mcda.robustness.lead import normal_share


def test_against_the_standard_library() -> None:
    steps = np.concatenate([np.linspace(-38.0, 38.0, 40_001), [0.0, -0.0, 1e-300, 1e9, -1e9]])
    found = normal_share(steps)
    expected = np.array([NormalDist().cdf(each) for each in steps.tolist()])
    assert np.abs(found - expected).max() < 3e-16
    small = np.array([0.5 * math.erfc(-each / math.sqrt(2.0)) for each in steps.tolist()])
    there = small > 1e-290
    assert (np.abs(found - small)[there] / small[there]).max() < 1e-12


def test_ends_and_shapes() -> None:
    assert normal_share(np.array([[np.inf, -np.inf], [1e9, -1e9]])).tolist() == [[1, 0], [1, 0]]
    assert normal_share(np.zeros((2, 0))).shape == (2, 0)
    assert np.isnan(normal_share(np.array([np.nan]))).all()

"""Results of explanations cannot be changed, and hold what they say and no more."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from typing import Any

import pytest

import mcda.explanation

RESULTS = [
    each
    for found in pkgutil.iter_modules(mcda.explanation.__path__)
    for each in vars(importlib.import_module(f"mcda.explanation.{found.name}")).values()
    if dataclasses.is_dataclass(each) and each.__module__ == f"mcda.explanation.{found.name}"
]
#: What is worked out once and kept, or compared by identity.
OPEN = {"Explanation", "Difference", "InfluencedLead", "Evidence"}


@pytest.mark.parametrize("result", RESULTS, ids=lambda each: each.__name__)
def test_results_are_frozen(result: Any) -> None:
    one = object.__new__(result)
    for name in (dataclasses.fields(result)[0].name, "another"):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(one, name, 1)
    assert hasattr(one, "__dict__") == (result.__name__ in OPEN)


def test_there_are_results() -> None:
    assert len(RESULTS) >= 10


@pytest.mark.parametrize("name", ["Explanation", "Difference", "InfluencedLead"])
def test_results_of_arrays_are_compared_by_identity(name: str) -> None:
    (result,) = [each for each in RESULTS if each.__name__ == name]
    one, other = object.__new__(result), object.__new__(result)
    assert one == one
    assert one != other
    assert len({one, other}) == 2

"""A dominated option wins in no second opinion."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import mcda


@st.composite
def dominated(draw: st.DrawFn) -> dict[str, Any]:
    """Options of whole numbers; `worse` is nowhere better than `o0`, and somewhere worse."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    low = draw(st.sampled_from([-5, 0, 1, 1]))
    names = [f"c{j}" for j in range(m)]
    cells = st.integers(low, 20)
    directions = draw(st.lists(st.sampled_from(["benefit", "cost"]), min_size=m, max_size=m))
    rows = [draw(st.lists(cells, min_size=m, max_size=m)) for _ in range(n)]
    steps = draw(st.lists(st.integers(0, 6), min_size=m, max_size=m).filter(any))
    worse = [
        value - step if direction == "benefit" else value + step
        for value, step, direction in zip(rows[0], steps, directions, strict=True)
    ]
    options = {f"o{i}": row for i, row in enumerate(rows)} | {"worse": worse}
    domain = {"domain": [-11, 26]} if draw(st.booleans()) else {}
    order = draw(st.permutations(list(options)))
    return {
        "id": "drawn",
        "criteria": {
            name: {"direction": direction, **domain}
            for name, direction in zip(names, directions, strict=True)
        },
        "options": {o: dict(zip(names, options[o], strict=True)) for o in order},
        "weights": {"direct": {name: draw(st.integers(1, 9)) for name in names}},
        "method": {"weighting": draw(st.sampled_from(["hierarchical", "linear"]))},
    }


@given(scenario=dominated())
def test_a_dominated_option_never_wins(scenario: dict[str, Any]) -> None:
    decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
    assert decision.recommended != "worse"
    for each in mcda.sensitivity(decision, samples=1).methods:
        assert each.winner != "worse", each
        assert bool(each.reason) == bool(each.problem)


@given(data=st.data(), n=st.integers(2, 5), m=st.integers(1, 3))
def test_an_option_that_loses_every_comparison_never_wins(
    data: st.DataObject, n: int, m: int
) -> None:
    """Compared in pairs without contradiction: `worse` has less than `o0` under each criterion."""
    names, options = [f"c{j}" for j in range(m)], [*(f"o{i}" for i in range(n - 1)), "worse"]
    judgements: dict[str, Any] = {}
    for name in names:
        worth = [data.draw(st.integers(2, 9)) for _ in options[:-1]]
        worth.append(data.draw(st.integers(1, worth[0] - 1)))
        judgements[name] = {
            f"{options[i]} vs {options[k]}": worth[i] / worth[k]
            for i in range(n)
            for k in range(i + 1, n)
        }
    if m > 1:
        judgements["goal"] = {f"c0 vs {name}": data.draw(st.integers(1, 9)) for name in names[1:]}
    scenario = {
        "id": "pairs",
        "criteria": {name: {"direction": "benefit"} for name in names},
        "options": {option: {} for option in options},
        "weights": {"judgements": judgements},
    }
    decision = mcda.evaluate(mcda.Scenario.model_validate(scenario))
    found = mcda.sensitivity(decision, samples=1).methods
    assert "AHP synthesis" in [each.name for each in found]
    assert all(each.winner != "worse" for each in found)

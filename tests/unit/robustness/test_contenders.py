"""Options that cannot win at any weights: against drawing weights by the thousand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from mcda.errors import InputError
from mcda.robustness.contenders import contenders


def by_hand(r: np.ndarray, places: int) -> set[int]:
    """Options that fewer than `places` others dominate, each pair looked at."""
    n = r.shape[1]
    return {
        i
        for i in range(n)
        if sum((r[:, k] >= r[:, i]).all() and (r[:, k] > r[:, i]).any() for k in range(n)) < places
    }


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 200), st.integers(1, 14))
@settings(max_examples=150, deadline=None)
def test_they_are_those_that_fewer_dominate(seed: int, m: int, n: int, places: int) -> None:
    rng = np.random.default_rng(seed)
    r = rng.random((m, n)) if seed % 2 else rng.integers(0, 5, (m, n)) / 4
    found = contenders(r, places, n)
    assert found is not None
    assert set(found.options.tolist()) == by_hand(r, places)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["classic", "linear"]))
@settings(max_examples=60, deadline=None)
def test_none_that_is_left_out_is_among_the_first_at_any_weights(seed: int, weighting: str) -> None:
    """TOPSIS at 400 weights of all kinds, at the ends of the simplex, too."""
    rng = np.random.default_rng(seed)
    m, n, places = 3, 60, int(rng.integers(1, 4))
    x = rng.integers(0, 9, (n, m)).astype(float) if seed % 2 else rng.random((n, m)) * 8
    weights = np.concatenate([rng.dirichlet(np.full(m, 0.3), 400), np.eye(m)])
    found = contenders(x.T / 8, places, n)
    assert found is not None
    left_out = np.setdiff1d(np.arange(n), found.options)
    result = mcda.topsis(
        x,
        weights,
        ["benefit"] * m,
        domain=[(0, 8)] * m,
        normalization="domain",
        weighting=weighting,
    ).closeness
    strictly_before = (result[:, None, :] > result[:, left_out, None] + 1e-12).sum(axis=2)
    level = (np.abs(result[:, None, :] - result[:, left_out, None]) <= 1e-12).sum(axis=2) - 1
    # at least so many are as close or closer
    assert (strictly_before + level >= places).all()


def test_options_that_may_change_are_kept_and_no_bound_rests_on_them() -> None:
    r = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1]])
    found = contenders(r, 1, 3, np.array([True, False, False]))
    assert found is not None
    assert found.options.tolist() == [0, 1]


def _decided(n: int, m: int, domain: bool = True, **more: object) -> mcda.Decision:
    x = np.random.default_rng(3).random((n, m)) * 10
    leaf = {"direction": "benefit", "domain": [0, 10]} if domain else {"direction": "benefit"}
    data = {
        "id": "big",
        "criteria": {f"c{j}": leaf for j in range(m)},
        "options": {f"o{i}": {f"c{j}": float(x[i, j]) for j in range(m)} for i in range(n)},
        "weights": {"direct": {f"c{j}": j + 1 for j in range(m)}},
    }
    return mcda.evaluate(mcda.Scenario.model_validate({**data, **more}))


def test_more_than_a_thousand_options_are_answered_as_all_would_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mcda.stability import sensitivity as room

    decision = _decided(80, 2)
    whole = mcda.sensitivity(decision, samples=256)
    monkeypatch.setattr(room, "MOST_OPTIONS", 40)
    part = mcda.sensitivity(decision, samples=256)
    assert part.left_out is not None
    assert part.left_out.count > 30
    assert part.left_out.places == 13
    assert whole.left_out is None
    assert part.nearest == whole.nearest
    assert part.thresholds == whole.thresholds
    assert part.transfers == whole.transfers
    assert part.acceptability is not None
    assert whole.acceptability is not None
    for name, shares in whole.acceptability.ranks.items():
        kept = part.acceptability.ranks.get(name, (0.0,) * 13)
        assert kept[:13] == shares[:13]
    for name, each in whole.intervals.items():
        own = part.intervals[name]
        assert (own.low, own.high, own.low_rival, own.high_rival) == (
            each.low, each.high, each.low_rival, each.high_rival,
        )  # fmt: skip
    assert f"{part.left_out.count} options were left out" in " ".join(part.to_text().split())
    assert part.to_dict()["left_out"] == {"count": part.left_out.count, "places": 13}
    assert f"有 {part.left_out.count} 个选项未列入" in "".join(part.to_text("zh").splitlines())


def test_where_no_bound_helps_it_says_so_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    from mcda.stability import sensitivity as room

    n = 60
    line = {f"o{i}": {"c0": i / 6.1, "c1": 10 - i / 6.1} for i in range(n)}
    decision = _decided(n, 2, options=line)
    monkeypatch.setattr(room, "MOST_OPTIONS", 40)
    with pytest.raises(InputError, match="60 options are eligible.*Leave out options"):
        mcda.sensitivity(decision)
    for ending in ("html", "md"):
        mcda.report(decision, tmp_path / f"x.{ending}")
        text = (tmp_path / f"x.{ending}").read_text("utf-8")
        assert "Too many options could win to look for single changes" in text
        assert "What would change it" in text

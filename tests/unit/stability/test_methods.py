"""Second opinions: what other rankers say, what their scores go by, and why some cannot be asked."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pymcdm.methods as peers
import pytest
from jsonschema import Draft202012Validator
from pymcdm.normalizations import minmax_normalization

import mcda
from mcda.ranking.ranks import competition_ranks
from mcda.reports.blocks import markdown, plain, width_of
from mcda.reports.schemas import output_schema
from mcda.reports.sensitivity import blocks
from mcda.stability.rankers import RANKERS, Refused, basis_of, scores_by

ROWS = {"a": (100, 8, 3), "b": (150, 9, 5), "c": (300, 9, 9), "d": (120, 4, 6)}
WEIGHTS = {"price": 3, "power": 2, "care": 1}
DOMAINS = {"price": [50, 400], "power": [0, 10], "care": [1, 10]}


def scenario(domains: bool = False, **changes: Any) -> dict[str, Any]:
    directions = {"price": "cost", "power": "benefit", "care": "benefit"}
    return {
        "id": "s",
        "criteria": {
            name: {"direction": each, **({"domain": DOMAINS[name]} if domains else {})}
            for name, each in directions.items()
        },
        "options": {o: dict(zip(WEIGHTS, row, strict=True)) for o, row in ROWS.items()},
        "weights": {"direct": WEIGHTS},
        **changes,
    }


def decide(given: dict[str, Any]) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate(given))


def table(decision: mcda.Decision) -> tuple[Any, Any, Any]:
    """Values in the ranking's order, weights and types as pymcdm has them."""
    x = [list(decision.values[each.option].values()) for each in decision.ranking]
    weights = np.array(list(decision.weights.final.values()))
    return np.array(x, dtype=float), weights, np.array([-1, 1, 1])


def by_domain(decision: mcda.Decision) -> Any:
    x, _, types = table(decision)
    low, high = np.array(list(DOMAINS.values()), dtype=float).T
    return np.where(types == 1, x - low, high - x) / (high - low)


def vikor(x: Any, weights: Any, benefit: Any) -> Any:
    """Opricovic & Tzeng (2004): S, R and, with v = 1/2, Q; less is better."""
    best, worst = (
        np.where(benefit, *ends) for ends in ((x.max(0), x.min(0)), (x.min(0), x.max(0)))
    )
    regret = weights * (best - x) / (best - worst)
    s, r = regret.sum(axis=1), regret.max(axis=1)
    return -((s - s.min()) / (s.max() - s.min()) + (r - r.min()) / (r.max() - r.min())) / 2


def promethee(x: Any, weights: Any, benefit: Any) -> Any:
    """Brans & Vincke (1985): net flows with the usual criterion."""
    n = len(x)
    flows = np.zeros(n)
    for i in range(n):
        for k in range(n):
            better = np.where(benefit, x[i] > x[k], x[i] < x[k])
            flows[i] += weights @ better
            flows[k] -= weights @ better
    return flows / (n - 1)


def edas(x: Any, weights: Any, benefit: Any) -> Any:
    """Keshavarz-Ghorabaee et al. (2015): distances above and below the average."""
    ahead = np.where(benefit, x - x.mean(0), x.mean(0) - x) / x.mean(0)
    above, below = np.maximum(ahead, 0) @ weights, np.maximum(-ahead, 0) @ weights
    return (above / above.max() + 1 - below / below.max()) / 2


def marcos(x: Any, weights: Any, benefit: Any) -> Any:
    """Stevic et al. (2020): utility degrees against the ideal and the anti-ideal."""
    ideal, anti = (
        np.where(benefit, *ends) for ends in ((x.max(0), x.min(0)), (x.min(0), x.max(0)))
    )

    def sums(rows: Any) -> Any:
        return np.where(benefit, rows / ideal, ideal / rows) @ weights

    minus, plus = sums(x) / sums(anti), sums(x) / sums(ideal)
    of_minus, of_plus = plus / (plus + minus), minus / (plus + minus)
    return (plus + minus) / (1 + (1 - of_plus) / of_plus + (1 - of_minus) / of_minus)


def waspas(x: Any, weights: Any, benefit: Any) -> Any:
    """Zavadskas et al. (2012): half weighted sum, half weighted product."""
    shares = np.where(benefit, x / x.max(0), x.min(0) / x)
    return shares @ weights / 2 + np.prod(shares**weights, axis=1) / 2


@pytest.mark.parametrize("domains", [False, True])
@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("VIKOR", vikor),
        ("PROMETHEE II", promethee),
        ("EDAS", edas),
        ("MARCOS", marcos),
        ("WASPAS", waspas),
    ],
)
def test_those_that_go_by_the_options_follow_their_formulas(
    name: str, formula: Any, domains: bool
) -> None:
    decision = decide(scenario(domains))
    x, weights, types = table(decision)
    expected = formula(x, weights, types == 1)
    np.testing.assert_allclose(scores_by(name, decision), expected, atol=1e-12)
    assert basis_of(name, decision) == "options"


def test_without_domains_all_go_by_the_options() -> None:
    decision = decide(scenario())
    x, weights, types = table(decision)
    bounds = np.array([x.min(axis=0), x.max(axis=0)]).T
    for name, expected in (
        ("WSM", peers.WSM(minmax_normalization)(x, weights, types)),
        ("MABAC", peers.MABAC()(x, weights, types)),
        ("SPOTIS", -peers.SPOTIS(bounds)(x, weights, types)),
    ):
        np.testing.assert_allclose(scores_by(name, decision), expected)
        assert basis_of(name, decision) == "options"


def test_on_declared_domains() -> None:
    """By their formulas: sums, distances from the better ends, distances from geometric means."""
    decision = decide(scenario(domains=True))
    r, weights = by_domain(decision), table(decision)[1]
    weighted = (r + 1) * weights
    for name, expected in (
        ("WSM", r @ weights),
        ("SPOTIS", -((1 - r) @ weights)),
        ("MABAC", (weighted - np.prod(weighted, axis=0) ** (1 / len(r))).sum(axis=1)),
    ):
        np.testing.assert_allclose(scores_by(name, decision), expected)
        assert basis_of(name, decision) == "domains"


@pytest.mark.parametrize("name", ["WSM", "SPOTIS"])
def test_scores_on_domains_depend_on_their_own_option(name: str) -> None:
    whole = decide(scenario(domains=True))
    options = scenario()["options"]
    del options["c"]
    fewer = decide(scenario(domains=True, options=options))
    before, after = (
        dict(zip([e.option for e in each.ranking], scores_by(name, each), strict=True))
        for each in (whole, fewer)
    )
    assert after == pytest.approx({option: before[option] for option in after})


def test_copras_of_the_published_formula_names_no_dominated_option() -> None:
    """pymcdm 1.4's COPRAS names `dear`, which costs twice as much as `middle` for the same."""
    decision = decide(
        scenario(
            criteria={"price": {"direction": "cost"}, "performance": {"direction": "benefit"}},
            options={
                "cheap": {"price": 100, "performance": 8},
                "middle": {"price": 150, "performance": 9},
                "dear": {"price": 300, "performance": 9},
            },
            weights={"direct": {"price": 1, "performance": 1}},
        )
    )
    found = dict(
        zip([e.option for e in decision.ranking], scores_by("COPRAS", decision), strict=True)
    )
    assert found == pytest.approx({"cheap": 1.0, "middle": 0.84, "dear": 0.63}, abs=5e-3)
    copras = next(e for e in mcda.sensitivity(decision).methods if e.name == "COPRAS")
    assert copras.winner == "cheap"


PAIRS: dict[str, Any] = {
    "id": "pairs",
    "criteria": {"look": {"direction": "benefit"}, "taste": {"direction": "benefit"}},
    "options": {"a": {}, "b": {}, "c": {}},
    "weights": {
        "judgements": {
            "goal": {"look vs taste": 2},
            "look": {"a vs b": 2, "b vs c": 2, "a vs c": 4},
            "taste": {"a vs b": "1/3", "b vs c": 3, "a vs c": 1},
        }
    },
}


class TestSynthesis:
    def test_is_the_weighted_sum_of_priorities(self) -> None:
        """Saaty's distributive mode, from priorities that consistent judgements give."""
        decision = decide(PAIRS)
        expected = {
            "a": 2 / 3 * 4 / 7 + 1 / 3 * 1 / 5,
            "b": 2 / 3 * 2 / 7 + 1 / 3 * 3 / 5,
            "c": 2 / 3 * 1 / 7 + 1 / 3 * 1 / 5,
        }
        names = [each.option for each in decision.ranking]
        found = dict(zip(names, scores_by("AHP synthesis", decision), strict=True))
        assert found == pytest.approx(expected)
        method = next(e for e in mcda.sensitivity(decision).methods if e.name == "AHP synthesis")
        assert (method.winner, method.basis) == ("a", "options")

    def test_needs_comparisons_everywhere(self) -> None:
        weights = {"judgements": {**PAIRS["weights"]["judgements"]}}
        del weights["judgements"]["taste"]
        options = {name: {"taste": i} for i, name in enumerate("abc")}
        decision = decide({**PAIRS, "weights": weights, "options": options})
        method = next(e for e in mcda.sensitivity(decision).methods if e.name == "AHP synthesis")
        assert method.reason == "not_compared"
        with pytest.raises(Refused):
            scores_by("AHP synthesis", decision)

    def test_is_left_out_where_nothing_is_compared(self) -> None:
        names = [each.name for each in mcda.sensitivity(decide(scenario())).methods]
        assert "AHP synthesis" not in names


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"a": {"price": 0, "power": 8, "care": 3}}, {"COPRAS", "MARCOS", "WASPAS"}),
        ({"a": {"price": 100, "power": -1, "care": 3}}, {"COPRAS", "EDAS", "MARCOS", "WASPAS"}),
    ],
)
def test_those_that_go_by_ratios_say_why_they_cannot(
    changed: dict[str, Any], refused: set[str]
) -> None:
    decision = decide(scenario(options={**scenario()["options"], **changed}))
    found = {e.name: e for e in mcda.sensitivity(decision).methods if e.kind == "ranker"}
    assert {name for name, each in found.items() if each.reason} == refused
    assert set(found) == set(RANKERS) - {"AHP synthesis"}


def test_normalisations_say_what_they_lack() -> None:
    options = {
        "a": {"price": 0, "power": -8, "care": 3},
        "b": {"price": 150, "power": -3, "care": 5},
    }
    methods = mcda.sensitivity(decide(scenario(options=options))).methods
    found = {e.name: e.reason for e in methods if e.kind == "normalization"}
    assert found == {"domain": "no_domains", "minmax": "", "max": "no_largest", "sum": "no_sum"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", [plain, markdown])
def test_the_table_is_whole(lang: Any, form: Any, tmp_path: Any) -> None:
    """Long names are wrapped, not cut; no path and no library's message stands in it."""
    names = {f"{o} with a name that is far longer than a column": row for o, row in ROWS.items()}
    options = {o: dict(zip(WEIGHTS, row, strict=True)) for o, row in names.items()}
    first = next(iter(options))
    options[first] = {**options[first], "care": -1}
    path = tmp_path / "folder" / "scenario.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"format": "mcda/scenario/1", **scenario(options=options)}))
    found = mcda.sensitivity(mcda.evaluate(path), samples=16)
    said = form(list(blocks(found, lang, methods=True)))
    heading = "Other methods" if lang == "en" else "其他方法"
    part = said[said.index(heading) : said.index("get worse" if lang == "en" else "变差时")]
    assert "…" not in part
    assert str(tmp_path) not in part
    assert "scenario.json" not in part
    winner = next(e.winner for e in found.methods if e.winner)
    if form is markdown:
        assert winner in part
    else:
        assert set(winner.split()) <= set(part.split())
        assert max(width_of(line) for line in part.splitlines()) <= 80
    sentences = (
        ("Scores go by", "options present", "needs values that are not negative")
        if lang == "en"
        else ("评分依据", "现有选项", "要求各取值不为负")
    )
    for each in sentences:
        assert each in part
    if lang == "zh":
        assert not re.search(r"normalization|weighting|needs|cannot", part)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_plain_data(lang: Any) -> None:
    found = mcda.sensitivity(decide(scenario(domains=True)), samples=16)
    data = json.loads(json.dumps(found.to_dict(lang, methods=True), allow_nan=False))
    assert list(Draft202012Validator(output_schema("sensitivity")).iter_errors(data)) == []
    assert {e["name"]: e["basis"] for e in data["methods"] if e["kind"] == "ranker"} == {
        **dict.fromkeys(("WSM", "MABAC", "SPOTIS"), "domains"),
        **dict.fromkeys(("VIKOR", "PROMETHEE II", "COPRAS", "EDAS", "MARCOS", "WASPAS"), "options"),
    }
    bases = {(e["kind"], e["name"]): e["basis"] for e in data["methods"]}
    assert bases["weighting", "linear"] == "domains"
    assert bases["normalization", "vector"] == "options"
    assert len(data["reversals"]) == 5
    assert "methods" not in found.to_dict(lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["html", "md", "json"])
def test_reports_have_the_table_where_it_is_asked_for(tmp_path: Any, kind: str, lang: Any) -> None:
    decision = decide(scenario(domains=True))
    texts = []
    for methods in (True, False):
        path = tmp_path / f"{methods}.{kind}"
        mcda.report(decision, path, lang=lang, samples=64, methods=methods)
        texts.append(path.read_text(encoding="utf-8"))
    asked, usual = texts
    assert "PROMETHEE II" in asked
    assert "PROMETHEE II" not in usual
    if kind == "json":
        data = json.loads(asked)
        assert list(Draft202012Validator(output_schema("report")).iter_errors(data)) == []
    else:
        said = "declared domains" if lang == "en" else "声明的取值范围"
        assert said in asked


def test_winners_are_those_of_the_scores() -> None:
    decision = decide(scenario(domains=True))
    names = np.array([each.option for each in decision.ranking])
    for each in mcda.sensitivity(decision).methods:
        if each.kind == "ranker":
            first = names[competition_ranks(scores_by(each.name, decision)) == 1]
            assert each.winner == (first[0] if len(first) == 1 else None)
            assert each.agrees == (each.winner == decision.recommended)

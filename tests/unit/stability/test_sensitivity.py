"""Sensitivity of decisions: sampling, judges, methods, reversals, bad input."""

from __future__ import annotations

import html
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.board import board_of
from mcda.engine.evaluate import evaluate
from mcda.engine.weighing import weights_inside
from mcda.errors import InputError
from mcda.model.resolve import resolve
from mcda.reports.blocks import plain, width_of
from mcda.reports.sensitivity import blocks, to_csv
from mcda.stability.acceptability import sampled_weights
from mcda.stability.intervals import _interval, intervals
from mcda.stability.judgements import scale_steps
from mcda.stability.transfers import nearest_changes
from tests.strategies import random_scenario

LEAF = {"direction": "benefit", "domain": [0, 1]}
FLAT: dict[str, Any] = {
    "id": "flat",
    "criteria": {"p": LEAF, "q": LEAF, "s": LEAF},
    "options": {
        "x": {"p": 0.9, "q": 0.3, "s": 0.5},
        "y": {"p": 0.3, "q": 0.8, "s": 0.6},
        "z": {"p": 0.5, "q": 0.4, "s": 0.9},
    },
    "weights": {"judgements": {"goal": {"p vs q": 2, "q vs s": 1, "p vs s": 3}}},
}
TREE: dict[str, Any] = {
    "id": "tree",
    "criteria": {"a": {"children": {"p": LEAF, "q": LEAF}}, "s": LEAF},
    "options": FLAT["options"],
    "weights": {"judgements": {"goal": {"a vs s": 2}, "a": {"p vs q": 2}}},
}


def decide(scenario: dict[str, Any], **changes: Any) -> mcda.Decision:
    return mcda.evaluate(mcda.Scenario.model_validate({**scenario, **changes}))


def textbook_winner(rows: dict[str, tuple[float, float]], weights: Any, normalization: str) -> str:
    """TOPSIS of a cost and a benefit without domains (Hwang & Yoon 1981), by hand."""
    x = np.array(list(rows.values()))
    if normalization == "vector":
        v = x / np.sqrt((x**2).sum(axis=0))
    elif normalization == "max":
        v = x / x.max(axis=0)
    else:
        v = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    v = v * weights
    best = np.array([v[:, 0].min(), v[:, 1].max()])
    worst = np.array([v[:, 0].max(), v[:, 1].min()])
    far, near = (np.sqrt(((v - end) ** 2).sum(axis=1)) for end in (best, worst))
    return list(rows)[int((near / (near + far)).argmax())]


def gated(rule: str, options: Any, normalization: str, **more: Any) -> mcda.Decision:
    """Flats by cost and area, those left out for which a rule does not hold."""
    criteria = mcda.Criteria.model_validate(
        {
            "id": "flats",
            "facts": {"rooms": {}, "cost": {}, "area": {}},
            "criteria": {"cost": {"direction": "cost"}, "area": {"direction": "benefit"}},
            "gates": {"large": {"rule": rule, "because": "It must be large."}},
        }
    )
    scenario = {
        "id": "flats",
        "criteria": "flats",
        "options": {name: {"facts": facts} for name, facts in options.items()},
        "method": {"normalization": normalization},
        "weights": {"direct": {"cost": 1, "area": 1}},
    }
    given = mcda.Scenario.model_validate({**scenario, **more})
    return evaluate(resolve(given, criteria, None))


def say_on_page(decision: mcda.Decision, lang: Any) -> str:
    """The report page's text without spaces and tags."""
    with tempfile.TemporaryDirectory() as folder:
        mcda.report(decision, f"{folder}/page.html", lang=lang)
        page = Path(f"{folder}/page.html").read_text("utf-8")
    return "".join(html.unescape(re.sub("<[^>]*>", "", page)).split())


class TestAcceptability:
    @pytest.mark.parametrize("scenario", [FLAT, TREE], ids=["flat", "tree"])
    @pytest.mark.parametrize("sampler", ["judgements", "uniform", "ordinal"])
    def test_against_ranking_every_sample(self, scenario: dict[str, Any], sampler: Any) -> None:
        decision = decide(scenario)
        found = mcda.sensitivity(decision, samples=256, sampler=sampler).acceptability
        assert found is not None
        weights, _ = sampled_weights(decision, 256, 0, sampler)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)
        first = dict.fromkeys("xyz", 0)
        for sample in weights:
            given = dict(zip(decision.weights.judged, sample.tolist(), strict=True))
            nodes = {"a": given["p"] + given["q"]} if scenario is TREE else {}
            found_first = decide(scenario, weights={"direct": {**given, **nodes}}).ranking[0]
            first[found_first.option] += 1
        assert {name: ranks[0] for name, ranks in found.ranks.items()} == {
            name: count / 256 for name, count in first.items()
        }
        for ranks in found.ranks.values():
            assert sum(ranks) == pytest.approx(1)
        for name, others in found.pairwise.items():
            for other, share in others.items():
                assert share + found.pairwise[other][name] == pytest.approx(1, abs=1e-9)

    def test_the_noise_is_that_of_the_verdict(self) -> None:
        """Logarithms of ratios have the variance that AHP's least squares give."""
        decision = decide(FLAT)
        weights, _ = sampled_weights(decision, 8192, 1, "judgements")
        logs = np.log(weights[:, 0] / weights[:, 1])
        result = decision.consistency["goal"]
        variance = max(result.gci or 0, 0.1) * 2 / 3
        assert logs.var() == pytest.approx(variance, rel=0.02)
        assert logs.mean() == pytest.approx(np.log(result.weights[0] / result.weights[1]), abs=0.01)

    def test_firmness_is_near_what_is_sampled(self) -> None:
        decision = decide(FLAT)
        found = mcda.sensitivity(decision, samples=2**14).acceptability
        assert found is not None
        assert decision.firmness == pytest.approx(
            found.ranks[decision.ranking[0].option][0], abs=0.06
        )

    def test_uniform_weights_have_the_simplexs_moments(self) -> None:
        weights, _ = sampled_weights(decide(FLAT), 2**14, 0, "uniform")
        np.testing.assert_allclose(weights.mean(axis=0), 1 / 3, atol=2e-3)
        np.testing.assert_allclose(weights.var(axis=0), 2 / (9 * 4), atol=2e-3)

    def test_ordinal_weights_keep_the_order(self) -> None:
        decision = decide(FLAT)
        weights, _ = sampled_weights(decision, 512, 0, "ordinal")
        order = np.argsort(-np.array(list(decision.weights.judged.values())))
        assert (np.diff(weights[:, order], axis=1) <= 0).all()

    def test_equal_weights_stand_in_any_order(self) -> None:
        decision = decide(FLAT, weights={"points": {"goal": {"p": 1, "q": 1, "s": 1}}})
        weights, _ = sampled_weights(decision, 2048, 0, "ordinal")
        np.testing.assert_allclose(weights.mean(axis=0), 1 / 3, atol=0.02)

    def test_intervals_hold(self) -> None:
        limits = {"p": (0.2, 0.3), "q": (0.5, 0.6)}
        decision = decide(FLAT)
        weights, _ = sampled_weights(decision, 2048, 0, "intervals", limits)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-9)
        assert ((weights[:, 0] >= 0.2 - 1e-9) & (weights[:, 0] <= 0.3 + 1e-9)).all()
        assert ((weights[:, 1] >= 0.5 - 1e-9) & (weights[:, 1] <= 0.6 + 1e-9)).all()
        # uniform over a rectangle here
        assert weights[:, 0].mean() == pytest.approx(0.25, abs=0.01)

    def test_ranges_of_facts_move_too(self) -> None:
        options = {
            **FLAT["options"],
            "x": {**FLAT["options"]["x"], "p": {"value": 0.9, "low": 0, "high": 1}},
        }
        found = mcda.sensitivity(decide(FLAT, options=options)).acceptability
        still = mcda.sensitivity(decide(FLAT)).acceptability
        assert found is not None
        assert still is not None
        assert found.ranges == (("x", "p"),)
        assert found.ranks["x"][0] < still.ranks["x"][0] - 0.05
        assert 0 < found.confidence["x"] < 1
        assert still.confidence["x"] == 1

    @pytest.mark.parametrize("normalization", ["vector", "minmax", "max"])
    def test_ranges_move_without_domains_too(self, normalization: str) -> None:
        """Against TOPSIS by its textbook for every draw, with `b` out of some of them."""
        options = {
            "a": {"cost": {"value": 250, "low": 200, "high": 420}, "area": 100},
            "b": {"cost": 300, "area": {"value": 115, "low": 90, "high": 140}},
            "c": {"cost": 420, "area": 150},
        }
        decision = gated("area >= 95", options, normalization)
        found = mcda.sensitivity(decision, samples=256).acceptability
        assert found is not None
        assert (found.ranges, found.unused, found.left_out) == (
            (("a", "cost"), ("b", "area")),
            (),
            0,
        )
        weights, draws = sampled_weights(decision, 256, 0, "judgements", extra=2)
        first = dict.fromkeys("abc", 0)
        last = 0
        for w, (p, q) in zip(weights, draws, strict=True):
            cost = 200 + 50 * 2 * p if p < 0.5 else 250 + 170 * (2 * p - 1)
            area = 90 + 25 * 2 * q if q < 0.5 else 115 + 25 * (2 * q - 1)
            rows = {"a": (cost, 100.0), "b": (300.0, area), "c": (420.0, 150.0)}
            if area < 95:
                del rows["b"]
                last += 1
            first[textbook_winner(rows, w, normalization)] += 1
        assert {name: ranks[0] for name, ranks in found.ranks.items()} == {
            name: count / 256 for name, count in first.items()
        }
        assert last > 0
        assert found.ranks["b"][2] >= last / 256

    def test_what_a_gate_leaves_alone_comes_first(self) -> None:
        options = {
            "a": {"cost": 2, "area": {"value": 9, "low": 1, "high": 9}},
            "b": {"cost": 9, "area": 8},
        }
        decision = gated("area > 5", options, "vector")
        found = mcda.sensitivity(decision, samples=1024).acceptability
        assert found is not None
        # half the draws lie between 1 and 9, evenly; the others are 9
        assert found.ranks["b"][0] == pytest.approx(0.25, abs=0.02)
        assert found.ranks["a"][0] == pytest.approx(0.75, abs=0.02)

    def test_ranges_that_are_not_used_say_why(self) -> None:
        options = {
            "x": {"cost": {"value": 9, "low": 8, "high": 10}, "area": 3},
            "y": {"cost": 3, "area": 8, "rooms": {"value": 1, "low": 0, "high": 2}},
            "out": {"cost": {"value": 1, "low": 0.5, "high": 2}, "area": 1},
        }
        decision = gated("area > 2", options, "vector")
        found = mcda.sensitivity(decision, samples=64).acceptability
        assert found is not None
        assert found.ranges == (("x", "cost"),)
        reasons = {(each.option, each.fact): each.reason for each in found.unused}
        assert reasons == {("y", "rooms"): "unread", ("out", "cost"): "excluded"}
        objective = gated("area > 2", options, "vector", weights={"objective": "entropy"})
        moved = mcda.sensitivity(objective, samples=64)
        assert moved.acceptability is not None
        assert moved.acceptability.ranges == ()
        reasons = {(each.option, each.fact): each.reason for each in moved.acceptability.unused}
        assert reasons[("x", "cost")] == "weights"
        sentences: list[tuple[Any, str]] = [
            ("en", "weights follow from the options' values and would move with them: x: cost."),
            ("en", "as the options are excluded: out: cost."),
            ("en", "as no criterion and no gate reads the facts: y: rooms."),
            ("en", "Thresholds take every fact as it is given, whatever its range."),
            ("zh", "由于权重由选项的数值得出、会随之变动，以下事实的取值范围未计入：x：cost。"),
        ]
        for lang, said in sentences:
            text = plain(blocks(moved, lang))
            assert "".join(said.split()) in "".join(text.split())
            assert "".join(said.split()) in say_on_page(moved.decision, lang)

    def test_the_same_seed_gives_the_same(self) -> None:
        decision = decide(TREE)
        one, two, three = (
            mcda.sensitivity(decision, seed=seed, samples=512).acceptability for seed in (3, 3, 4)
        )
        assert one is not None
        assert two is not None
        assert three is not None
        assert one.ranks == two.ranks
        assert one.ranks != three.ranks


PAIRS = {"a vs b": 1.2, "b vs c": 2, "a vs c": 3, "c vs d": 2, "b vs d": 5, "a vs d": 4}
COMPARED: dict[str, Any] = {
    "id": "compared",
    "criteria": {
        "look": {"direction": "benefit"},
        "price": {"direction": "cost"},
        "taste": {"direction": "benefit"},
    },
    "options": {name: {"price": price} for name, price in zip("abcd", (7, 5, 4, 8), strict=True)},
    "weights": {
        "judgements": {
            "goal": {"look vs price": 1, "price vs taste": 2, "look vs taste": 2},
            "look": PAIRS,
            "taste": {"b vs a": 2, "b vs c": 3, "a vs c": 1, "a vs d": 3, "b vs d": 4, "c vs d": 2},
        }
    },
}


class TestComparedOptionsWaver:
    """Options compared in pairs have noise in the sampling as in the verdict."""

    @staticmethod
    def drawn(result: mcda.AhpResult, rng: np.random.Generator, size: int) -> Any:
        """Priorities (S, n) whose logarithms have the covariance s2 / n (I - 11'/n)."""
        n = len(result.labels)
        noise = rng.standard_normal((size, n)) * np.sqrt(max(result.gci or 0, 0.1) / n)
        logs = np.log(result.weights) + noise - noise.mean(axis=1, keepdims=True)
        return np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)

    def first(self, decision: mcda.Decision, normalization: str, size: int = 20_000) -> Any:
        """How often each option is first (n,), drawn and ranked independently."""
        rng = np.random.default_rng(7)
        weights = self.drawn(decision.consistency["goal"], rng, size)
        columns = []
        for leaf in decision.problem.tree.leaf_ids:
            if leaf in decision.compared:
                columns.append(self.drawn(decision.compared[leaf], rng, size))
            else:
                values = [decision.values[option][leaf] for option in "abcd"]
                columns.append(np.tile(np.array(values, dtype=float), (size, 1)))
        x = np.stack(columns, axis=2)
        if normalization == "vector":
            scaled = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
            ends = scaled.min(axis=1, keepdims=True), scaled.max(axis=1, keepdims=True)
            worst = np.where([True, False, True], *ends)
            best = np.where([True, False, True], *ends[::-1])
        else:
            scaled = x / [1, 10, 1]
            worst, best = np.array([0.0, 1, 0]), np.array([1.0, 0, 1])
        near, far = (
            np.sqrt(((weights[:, None] * (scaled - end)) ** 2).sum(axis=2)) for end in (worst, best)
        )
        return np.bincount((near / (near + far)).argmax(axis=1), minlength=4) / size

    @pytest.mark.parametrize("normalization", ["vector", "domain"])
    def test_rank_shares_are_those_of_independent_draws(self, normalization: str) -> None:
        scenario = json.loads(json.dumps(COMPARED))
        if normalization == "domain":
            for name, leaf in scenario["criteria"].items():
                leaf["domain"] = [0, 10] if name == "price" else [0, 1]
        decision = decide(scenario, method={"weighting": "classic"})
        found = mcda.sensitivity(decision, samples=2**14).acceptability
        assert found is not None
        expected = self.first(decision, normalization)
        for name, share in zip("abcd", expected, strict=True):
            assert found.ranks[name][0] == pytest.approx(share, abs=0.015)
        assert found.compared == ("look", "taste")
        assert 0 < found.confidence[decision.recommended or ""] < 1

    def test_the_same_noise_gives_the_same_share_as_the_verdict(self) -> None:
        leaf = {"direction": "benefit", "domain": [0, 1]}
        judged = {"a vs b": 1.1, "b vs c": 3, "a vs c": 3.3}
        decision = decide(
            {
                "id": "pairs",
                "criteria": {"look": leaf, "taste": leaf},
                "options": {"a": {}, "b": {}, "c": {}},
                "weights": {
                    "judgements": {"goal": {"look vs taste": 1}, "look": judged, "taste": judged}
                },
            }
        )
        found = mcda.sensitivity(decision).acceptability
        assert found is not None
        assert found.ranks["a"][0] == pytest.approx(0.70, abs=0.02)
        assert decision.firmness == pytest.approx(found.ranks["a"][0], abs=0.02)

    def test_facts_with_ranges_move_beside_them(self) -> None:
        scenario = json.loads(json.dumps(COMPARED))
        for name, leaf in scenario["criteria"].items():
            leaf["domain"] = [0, 10] if name == "price" else [0, 1]
        still = mcda.sensitivity(decide(scenario)).acceptability
        scenario["options"]["b"]["price"] = {"value": 5, "low": 1, "high": 10}
        moved = mcda.sensitivity(decide(scenario)).acceptability
        assert still is not None
        assert moved is not None
        assert moved.ranges == (("b", "price"),)
        assert abs(moved.ranks["b"][0] - still.ranks["b"][0]) > 0.01

    def test_importance_against_differences(self) -> None:
        """Every comparison's variance times its squared effect on the lead, by evaluating anew."""
        decision = decide(COMPARED)
        judgements = COMPARED["weights"]["judgements"]
        first, second = (each.option for each in decision.ranking[:2])

        def lead(node: str, pair: str, factor: float) -> float:
            said = {**judgements[node], pair: judgements[node][pair] * factor}
            weights = {"judgements": {**judgements, node: said}}
            closeness = {e.option: e.closeness for e in decide(COMPARED, weights=weights).ranking}
            return closeness[first] - closeness[second]

        h = 1e-5
        parts = {}
        for node, said in judgements.items():
            result = {**decision.consistency, **decision.compared}[node]
            for pair in said:
                slope = (lead(node, pair, np.exp(h)) - lead(node, pair, np.exp(-h))) / (2 * h)
                key = (node, frozenset(pair.split(" vs ")))
                parts[key] = max(result.gci or 0, 0.1) * slope**2
        found = {
            (each.node, frozenset((each.first, each.second))): each.share
            for each in mcda.sensitivity(decision).importance
        }
        assert set(found) == set(parts)
        for key, part in parts.items():
            assert found[key] == pytest.approx(part / sum(parts.values()), abs=1e-5)

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_it_is_said(self, lang: Any) -> None:
        said = plain(blocks(mcda.sensitivity(decide(COMPARED), samples=64), lang))
        assert ("comparisons of options waver" if lang == "en" else "两两比较") in said


class TestImportance:
    def test_against_differences(self) -> None:
        """Each judgement's variance times its squared effect on the lead, by evaluating anew."""
        decision = decide(FLAT)
        said = {("p", "q"): 2.0, ("q", "s"): 1.0, ("p", "s"): 3.0}

        def lead(changes: dict[tuple[str, str], float]) -> float:
            goal = {f"{a} vs {b}": value for (a, b), value in {**said, **changes}.items()}
            ranking = decide(FLAT, weights={"judgements": {"goal": goal}}).ranking
            closeness = {each.option: each.closeness for each in ranking}
            return closeness[decision.ranking[0].option] - closeness[decision.ranking[1].option]

        h = 1e-5
        slopes = {
            pair: (lead({pair: value * np.exp(h)}) - lead({pair: value * np.exp(-h)})) / (2 * h)
            for pair, value in said.items()
        }
        whole = sum(slope**2 for slope in slopes.values())
        found = {
            (each.first, each.second): each.share for each in mcda.sensitivity(decision).importance
        }
        for pair, slope in slopes.items():
            assert found[pair] == pytest.approx(slope**2 / whole, abs=1e-6)
        assert sum(found.values()) == pytest.approx(1)


class TestJudges:
    SCENARIO: dict[str, Any] = {
        **FLAT,
        "weights": {
            "judges": {
                "cto": {"importance": 2, "judgements": {"goal": {"p vs q": 3, "q vs s": 1, "p vs s": 3}}},
                "cfo": {"importance": 1, "judgements": {"goal": {"p vs q": "1/5", "q vs s": 2, "p vs s": "1/3"}}},
            }
        },
    }  # fmt: skip

    def test_importance_flips(self) -> None:
        decision = decide(self.SCENARIO)
        found = {each.judge: each for each in mcda.sensitivity(decision).judges}
        assert found["cto"].share == pytest.approx(2 / 3)
        flip = found["cto"].below or found["cto"].above
        assert flip is not None
        share, rival = flip
        side = -1 if found["cto"].below else 1
        for near, winner in (
            (share - side * 1e-6, decision.recommended),
            (share + side * 1e-6, rival),
        ):
            judges = {name: dict(each) for name, each in self.SCENARIO["weights"]["judges"].items()}
            judges["cto"]["importance"] = near / (1 - near)
            judges["cfo"]["importance"] = 1.0
            assert decide(self.SCENARIO, weights={"judges": judges}).recommended == winner

    def test_each_judges_judgements_flip(self) -> None:
        decision = decide(self.SCENARIO)
        flips = mcda.sensitivity(decision).judgements
        assert {each.judge for each in flips} == {"cto", "cfo"}
        each = next(each for each in flips if each.below or each.above)
        flip = each.below or each.above
        assert flip is not None
        judges = {
            name: {**one, "judgements": {"goal": dict(one["judgements"]["goal"])}}
            for name, one in self.SCENARIO["weights"]["judges"].items()
        }
        side = 1 if each.above == flip else -1
        for factor, winner in ((1 - side * 1e-6, decision.recommended), (1 + side * 1e-6, flip[1])):
            judges[each.judge]["judgements"]["goal"][f"{each.first} vs {each.second}"] = (
                flip[0] * factor
            )
            assert decide(self.SCENARIO, weights={"judges": judges}).recommended == winner

    def test_priorities_joined_instead_of_judgements(self) -> None:
        weights = {**self.SCENARIO["weights"], "aggregation": "priorities"}
        decision = decide(self.SCENARIO, weights=weights)
        for each in mcda.sensitivity(decision).judgements[:2]:
            for flip in (each.below, each.above):
                if flip is not None:
                    judges = json.loads(json.dumps(self.SCENARIO["weights"]["judges"]))
                    judges[each.judge]["judgements"]["goal"][f"{each.first} vs {each.second}"] = (
                        flip[0]
                    )
                    level = decide(self.SCENARIO, weights={**weights, "judges": judges}).ranking
                    closeness = {e.option: e.closeness for e in level}
                    assert closeness[decision.recommended or ""] == pytest.approx(
                        closeness[flip[1]], abs=1e-9
                    )


class TestMethods:
    def test_winners_are_those_of_an_evaluation(self) -> None:
        decision = decide(FLAT)
        for each in mcda.sensitivity(decision).methods:
            if each.kind in ("normalization", "weighting"):
                other = decide(FLAT, method={each.kind: each.name})
                assert each.winner == other.recommended
                assert each.agrees == (other.recommended == decision.recommended)
        kinds = {(each.kind, each.name) for each in mcda.sensitivity(decision).methods}
        assert {name for kind, name in kinds if kind == "ranker"} >= {
            "VIKOR", "PROMETHEE II", "COPRAS", "EDAS", "MABAC", "MARCOS", "SPOTIS", "WASPAS", "WSM",
        }  # fmt: skip
        assert ("priorities", "eigenvector") in kinds

    def test_domains_survive_every_test(self) -> None:
        assert all(each.passed for each in mcda.sensitivity(decide(FLAT)).reversals)
        assert len(mcda.sensitivity(decide(FLAT)).reversals) == 5

    def test_vector_normalisation_reverses_the_known_example(self) -> None:
        """With (4, 1, 1) the first is first, without it the second."""
        leaf = {"direction": "benefit"}
        rows = {"one": (6, 8, 3), "two": (7, 6, 3), "three": (4, 5, 3), "four": (4, 1, 1)}
        decision = decide(
            {
                "id": "reversal",
                "criteria": {"a": leaf, "b": leaf, "c": leaf},
                "options": {o: dict(zip("abc", row, strict=True)) for o, row in rows.items()},
                "weights": {"direct": {"a": 0.5, "b": 0.3, "c": 0.2}},
            }
        )
        assert decision.recommended == "one"
        removal = next(e for e in mcda.sensitivity(decision).reversals if e.name == "removal")
        assert not removal.passed
        assert removal.counterexample == "four"


class TestNearestChange:
    def test_on_a_line_it_is_exact(self) -> None:
        """With two criteria both sizes follow from the end of the interval."""
        two = {
            "id": "two",
            "criteria": {"p": LEAF, "q": LEAF},
            "options": {"x": {"p": 0.9, "q": 0.3}, "y": {"p": 0.3, "q": 0.8}},
            "weights": {"direct": {"p": 0.6, "q": 0.4}},
        }
        found = mcda.sensitivity(decide(two))
        gap = 0.6 - found.intervals["p"].low
        sizes = {each.norm: each for each in found.nearest_changes}
        assert sizes["L1"].size == pytest.approx(2 * gap, abs=1e-9)
        assert sizes["L2"].size == pytest.approx(np.sqrt(2) * gap, abs=1e-9)
        assert sizes["L1"].certified
        assert sizes["L2"].certified

    def test_it_is_level_there_and_nothing_found_is_nearer(self) -> None:
        decision = decide(FLAT)
        found = {each.norm: each for each in mcda.sensitivity(decision).nearest_changes}
        judged = np.array(list(decision.weights.judged.values()))
        for norm, power in (("L1", 1), ("L2", 2)):
            each = found[norm]
            ranking = decide(FLAT, weights={"direct": each.weights}).ranking
            closeness = {e.option: e.closeness for e in ranking}
            assert closeness[decision.recommended or ""] == pytest.approx(
                closeness[each.rival], abs=1e-7
            )
            rng = np.random.default_rng(0)
            for _ in range(300):
                step = rng.standard_normal(3)
                step -= step.mean()
                step *= 0.97 * each.size / (np.abs(step) ** power).sum() ** (1 / power)
                if (judged + step > 0).all():
                    weights = dict(zip("pqs", (judged + step).tolist(), strict=True))
                    assert (
                        decide(FLAT, weights={"direct": weights}).recommended
                        == decision.recommended
                    )

    def test_not_worse_than_a_transfer(self) -> None:
        found = mcda.sensitivity(decide(TREE))
        least = min(each.amount for each in found.transfers if each.level == "leaf")
        sizes = {each.norm: each.size for each in found.nearest_changes}
        assert sizes["L1"] <= 2 * least + 1e-9
        assert sizes["L2"] <= np.sqrt(2) * least + 1e-9


class TestUnusual:
    def test_a_tie_has_no_lead_to_lose(self) -> None:
        options = {"x": FLAT["options"]["x"], "twin": FLAT["options"]["x"]}
        found = mcda.sensitivity(decide(FLAT, options=options))
        assert found.intervals == {}
        assert found.transfers == found.judgements == found.tipping_points == found.nearest == ()
        assert "There is no single winner" in plain(blocks(found, "en"))
        json.dumps(found.to_dict(), allow_nan=False)

    def test_one_option(self) -> None:
        found = mcda.sensitivity(decide(FLAT, options={"x": FLAT["options"]["x"]}))
        assert found.intervals == {}
        assert found.acceptability is None
        json.dumps(found.to_dict(), allow_nan=False)

    def test_one_criterion(self) -> None:
        scenario = {"id": "one", "criteria": {"p": LEAF}, "options": {"x": {"p": 1}, "y": {"p": 0}}}
        found = mcda.sensitivity(decide(scenario))
        assert found.intervals == {}
        assert found.transfers == ()
        plain(blocks(found, "en"))

    @pytest.mark.parametrize("weights", [{"p": 1, "q": 0, "s": 0}, {"p": 0, "q": 1, "s": 1}])
    def test_zero_and_one_weights(self, weights: dict[str, float]) -> None:
        found = mcda.sensitivity(decide(FLAT, weights={"direct": weights}))
        for each in found.intervals.values():
            assert 0 <= each.low <= each.weight <= each.high <= 1
        assert found.judgements == ()
        plain(blocks(found, "zh"))
        json.dumps(found.to_dict(), allow_nan=False)

    def test_duplicate_options_behind_the_winner(self) -> None:
        options = {**FLAT["options"], "twin": FLAT["options"]["z"]}
        one, two = mcda.sensitivity(decide(FLAT)), mcda.sensitivity(decide(FLAT, options=options))
        for name, each in one.intervals.items():
            assert two.intervals[name].low == pytest.approx(each.low)
            assert two.intervals[name].high == pytest.approx(each.high)

    @pytest.mark.parametrize("samples", [0, -1, 1.5, True, 2**21, "many"])
    def test_samples(self, samples: Any) -> None:
        with pytest.raises(InputError, match="samples="):
            mcda.sensitivity(decide(FLAT), samples=samples)

    @pytest.mark.parametrize("seed", [-1, 1.5, None])
    def test_seeds(self, seed: Any) -> None:
        with pytest.raises(InputError, match="seed="):
            mcda.sensitivity(decide(FLAT), seed=seed)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"sampler": "intervals", "intervals": {"p": (0.8, 0.9), "q": (0.3, 0.4)}}, "the lower ends sum to 1.1"),
            ({"sampler": "intervals", "intervals": {"p": (0, 0.1), "q": (0, 0.1), "s": (0, 0.1)}}, "the upper ends to 0.3"),
            ({"sampler": "intervals", "intervals": {"pp": (0, 1)}}, "unknown criterion 'pp'. Did you mean 'p'"),
            ({"sampler": "intervals", "intervals": {"p": (0.5, 0.1)}}, "the interval of 'p' is"),
            ({"sampler": "intervals"}, "needs intervals="),
            ({"intervals": {"p": (0, 1)}}, "is for the sampler 'intervals'"),
            ({"sampler": "sobol"}, "unknown sampler 'sobol'"),
        ],
    )  # fmt: skip
    def test_refused(self, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InputError, match=message):
            mcda.sensitivity(decide(FLAT), **arguments)

    def test_only_decisions(self) -> None:
        with pytest.raises(InputError, match="Evaluate first"):
            mcda.sensitivity("scenario.yaml")  # type: ignore[arg-type]

    def test_many_criteria_and_options(self) -> None:
        rng = np.random.default_rng(0)
        names = [f"c{i}" for i in range(200)]
        scenario = {
            "id": "wide",
            "criteria": dict.fromkeys(names, LEAF),
            "options": {f"o{i}": {n: float(rng.random()) for n in names} for i in range(5)},
            "weights": {"points": {"goal": dict.fromkeys(names, 1)}},
        }
        decision = decide(scenario)
        found = mcda.sensitivity(decision, samples=256)
        assert len(found.intervals) == 200
        assert found.acceptability is not None
        assert nearest_changes(decision, found.board)


def test_steps_on_saatys_scale() -> None:
    assert scale_steps(3, 2) == 1
    assert scale_steps(2, 1 / 2) == 2
    assert scale_steps(1 / 3, 1 / 2) == pytest.approx(1)
    assert scale_steps(9, 1 / 9) == 16


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_fits_80_columns(lang: Any) -> None:
    for scenario in (FLAT, TREE, TestJudges.SCENARIO):
        found = mcda.sensitivity(decide(scenario))
        for line in plain(blocks(found, lang, methods=True)).splitlines():
            assert width_of(line) <= 80


def test_csv_holds_every_flip() -> None:
    found = mcda.sensitivity(decide(FLAT))
    lines = to_csv(found).splitlines()
    assert len(lines) == 1 + len(found.nearest)
    distances = [float(line.rsplit(",", 1)[1]) for line in lines[1:]]
    assert distances == sorted(distances)


class TestHardCases:
    def test_values_are_not_solved_while_weights_follow_them(self) -> None:
        decision = decide(FLAT, weights={"objective": "entropy"})
        assert not [e for e in mcda.sensitivity(decision).tipping_points if e.kind == "value"]

    def test_an_option_that_a_gate_takes_out_loses(self) -> None:
        wide = {"direction": "benefit", "domain": [0, 10]}
        decision = decide(
            {
                "id": "gate",
                "criteria": {"a": wide, "b": wide},
                "options": {
                    "p": {"a": {"value": 5, "low": 1, "high": 9}, "b": 9},
                    "r": {"a": 1, "b": 1},
                },
                "constraints": {"g": {"rule": "a >= 5 or b < 5", "because": "no"}},
                "weights": {"direct": {"a": 1, "b": 1}},
            }
        )
        found = mcda.sensitivity(decision, samples=1024).acceptability
        assert found is not None
        assert found.ranks["p"][0] == pytest.approx(0.5, abs=0.02)
        assert found.ranks["r"][0] == pytest.approx(0.5, abs=0.02)
        assert found.left_out == 0

    def test_level_options_share_the_better_rank(self) -> None:
        options = {
            "p": FLAT["options"]["x"],
            "q": FLAT["options"]["x"],
            "r": {"p": 0, "q": 0, "s": 0},
        }
        found = mcda.sensitivity(decide(FLAT, options=options), samples=64).acceptability
        assert found is not None
        assert found.ranks["p"] == found.ranks["q"] == (1.0, 0.0, 0.0)
        assert found.ranks["r"] == (0.0, 0.0, 1.0)
        assert found.pairwise["p"]["q"] == 0.5

    @pytest.mark.parametrize("normalization", ["max", "sum"])
    def test_sub_problems_that_cannot_be_normalised(self, normalization: str) -> None:
        leaf = {"direction": "benefit", "domain": [0, 10]}
        decision = decide(
            {
                "id": "zero",
                "criteria": {"a": leaf, "b": leaf},
                "options": {"p": {"a": 8, "b": 0}, "q": {"a": 5, "b": 0}, "r": {"a": 1, "b": 7}},
                "weights": {"direct": {"a": 1, "b": 1}},
                "method": {"normalization": normalization},
            }
        )
        found = mcda.sensitivity(decision)
        assert None in {each.passed for each in found.reversals}
        assert "cannot be tested" in plain(blocks(found, "en", methods=True))

    def test_rankers_that_need_positive_values_are_not_asked(self) -> None:
        decision = decide(
            {
                "id": "below",
                "criteria": {
                    "a": {"direction": "benefit", "domain": [-10, 0]},
                    "b": {"direction": "benefit", "domain": [-20, 0]},
                },
                "options": {
                    "good": {"a": -1, "b": -2},
                    "mid": {"a": -4, "b": -9},
                    "bad": {"a": -9, "b": -18},
                },
                "weights": {"direct": {"a": 1, "b": 1}},
            }
        )
        for each in mcda.sensitivity(decision).methods:
            assert each.winner in ("good", None)

    def test_rivals_that_stay_level_do_not_cross(self) -> None:
        leaf = {"direction": "benefit", "domain": [0, 10]}
        decision = decide(
            {
                "id": "mirror",
                "criteria": dict.fromkeys("abce", leaf),
                "options": {
                    "w": dict.fromkeys("abce", 9),
                    "p": {"a": 4.31, "b": 6.42, "c": 1.2, "e": 3},
                    "q": {"a": 6.42, "b": 4.31, "c": 1.2, "e": 3},
                },
                "weights": {"direct": {"a": 1.1, "b": 1.1, "c": 1.3, "e": 1.821}},
            }
        )
        assert mcda.sensitivity(decision).intervals["e"].ranking_high == 1.0

    def test_numbers_are_told_apart(self) -> None:
        decision = decide(
            {
                "id": "dear",
                "criteria": {
                    "price": {"direction": "cost", "unit": "EUR", "domain": [0, 2_000_000]},
                    "b": {"direction": "benefit", "domain": [0, 10]},
                },
                "options": {"p": {"price": 1_234_567, "b": 5}, "r": {"price": 1_234_890, "b": 5}},
                "weights": {"direct": {"price": 1, "b": 1}},
            }
        )
        said = " ".join(plain(blocks(mcda.sensitivity(decision), "en")).split())
        assert "“price” of p from 1234567 to 1234890 EUR; then r wins." in said

    def test_a_change_is_found_wherever_an_interval_ends(self) -> None:
        rng = np.random.default_rng(5)
        method = {"weighting": "hierarchical", "dependencies": "closure", "normalization": "domain"}
        for _ in range(60):
            decision = decide(random_scenario(rng, method))
            found = mcda.sensitivity(decision)
            if any(each.low_rival or each.high_rival for each in found.intervals.values()):
                assert found.nearest_changes

    def test_ten_thousand_options_have_a_clear_limit(self) -> None:
        rng = np.random.default_rng(0)
        options = {f"o{i}": {n: float(rng.random()) for n in "pqs"} for i in range(10_000)}
        found = mcda.sensitivity(decide(FLAT, options=options))
        assert found.left_out is not None
        assert found.left_out.count >= 9000
        # where each is better than any other on something, nothing can be left out
        options = {f"o{i}": {"p": i / 1e4, "q": 1 - i / 1e4, "s": 0.5} for i in range(10_000)}
        with pytest.raises(
            InputError, match="10000 options are eligible, thresholds are worked out"
        ):
            mcda.sensitivity(decide(FLAT, options=options))


def test_comparisons_of_options_flip_too() -> None:
    scenario: dict[str, Any] = {
        "id": "pairs",
        "criteria": {"x": {"direction": "benefit"}, "y": {"direction": "benefit"}},
        "options": {"a": {"y": 5}, "b": {"y": 7}, "c": {"y": 4}},
        "weights": {
            "judgements": {"goal": {"x vs y": 1}, "x": {"a vs b": 4, "b vs c": 1, "a vs c": 4}}
        },
    }
    decision = decide(scenario)
    assert decision.recommended == "a"
    flips = [
        e for e in mcda.sensitivity(decision).judgements if e.node == "x" and (e.below or e.above)
    ]
    assert flips
    for each in flips:
        flip = each.below or each.above
        assert flip is not None
        side = -1 if each.below else 1
        for factor, winner in ((1 - side * 1e-6, "a"), (1 + side * 1e-6, flip[1])):
            said = dict(scenario["weights"]["judgements"]["x"])
            said[f"{each.first} vs {each.second}"] = flip[0] * factor
            weights = {"judgements": {"goal": {"x vs y": 1}, "x": said}}
            assert decide(scenario, weights=weights).recommended == winner
    plain(blocks(mcda.sensitivity(decision), "zh"))


def test_intervals_in_closed_form_are_those_along_the_line() -> None:
    """Roots of quadratics in one multiple against Chebyshev interpolation in the weight."""
    rng = np.random.default_rng(0)
    checked = again = 0
    for _ in range(300):
        method = {
            "weighting": str(rng.choice(["hierarchical", "classic", "linear"])),
            "dependencies": "closure",
            "normalization": str(rng.choice(["domain", "vector"])),
        }
        decision = decide(random_scenario(rng, method, influenced=False))
        if decision.recommended is None:
            continue
        board, tree, contest = board_of(decision), decision.problem.tree, decision.workings.contest
        order = np.argsort(-contest.closeness, kind="stable")
        names = [decision.problem.options[i].name for i in contest.columns]
        for node, found in intervals(decision, board).items():
            inside = weights_inside(tree, decision.workings.weighed.local, node)
            line = _interval(board, tree, node, inside, order, names)
            assert (found.low_rival, found.high_rival) == (line.low_rival, line.high_rival)
            for name in ("low", "high", "ranking_low", "ranking_high"):
                assert getattr(found, name) == pytest.approx(getattr(line, name), abs=1e-9)
            assert np.ravel(found.regions) == pytest.approx(np.ravel(line.regions), abs=1e-9)
            checked, again = checked + 1, again + bool(found.regions)
    assert checked > 1000
    assert again


def test_comparisons_of_options_are_among_what_makes_an_option_win() -> None:
    decision = mcda.evaluate("classics/drinks")
    found = mcda.sensitivity(decision, samples=64)
    soda = found.thresholds["soda"][0]
    assert soda.kind == "judgement"
    assert soda.winner == "soda"
    scenario = mcda.load_scenario("classics/drinks")
    node, first, second = soda.name
    data = scenario.model_dump(by_alias=True, exclude_unset=True)
    pairs = data["weights"]["judgements"][node]
    for value, winner in ((0.99, decision.recommended), (1.01, "soda")):
        changed = float(soda.changed) * (value if soda.changed > soda.value else 1 / value)
        key, ratio = f"{first} vs {second}", changed
        if key not in pairs:
            key, ratio = f"{second} vs {first}", 1 / changed
        pairs[key] = ratio
        assert mcda.evaluate(mcda.Scenario(**data)).recommended == winner


def test_a_pair_of_options_is_told_with_the_criterion_it_is_about() -> None:
    """Under two criteria the same options are compared: only the criterion tells them apart."""
    pairs = {"a vs b": 1.1, "a vs c": 3.3, "b vs c": 3}
    scenario = {
        "format": "mcda/scenario/1",
        "id": "pairs",
        "criteria": {
            name: {"direction": "benefit", "domain": [0, 1]} for name in ("look", "taste")
        },
        "weights": {"judgements": {"goal": {"look vs taste": 1}, "look": pairs, "taste": pairs}},
        "options": {"a": {}, "b": {}, "c": {}},
    }
    found = mcda.sensitivity(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
    for lang, first, second in (
        ("en", "a vs b (under look)", "a vs b (under taste)"),
        ("zh", "a 对 b（look 下）", "a 对 b（taste 下）"),
    ):
        said = found.to_text(lang)  # type: ignore[arg-type]
        nearest = said[: said.index("value of" if lang == "en" else "上的取值")]
        assert first in nearest
        assert second in nearest


def test_where_the_others_tie_nobody_takes_over() -> None:
    """As an evaluation there says: a loses, and b and c are equally close."""
    price = {"direction": "cost", "domain": [0, 10]}
    options = {"a": {"price": 1}, "b": {"price": 3}, "c": {"price": 3}}
    one: dict[str, Any] = {
        "id": "one",
        "criteria": {"price": price},
        "options": options,
        "weights": {"direct": {"price": 1}},
    }
    after = decide(one, options={**options, "a": {"price": 4}})
    assert (after.recommended, after.verdict) == (None, "tie")
    points = {each.option: each for each in mcda.sensitivity(decide(one)).tipping_points}
    above, below = points["a"].above, points["b"].below
    assert above is not None
    assert below is not None
    assert (above.value, above.winner) == (pytest.approx(3), None)
    assert (below.value, below.winner) == (pytest.approx(1), "b")


def test_a_change_to_zero_is_zero() -> None:
    """By hand: 5 - g = sqrt(25 + g^2) holds for g = 0, where the norms' shares are level."""
    two = decide(
        {
            "id": "two",
            "criteria": {"price": {"direction": "cost"}, "gain": {"direction": "benefit"}},
            "options": {"a": {"price": 0, "gain": -5}, "b": {"price": 3, "gain": 5}},
            "weights": {"direct": {"price": 1, "gain": 1}},
        }
    )
    assert two.recommended == "b"
    [point] = [
        each
        for each in mcda.sensitivity(two).tipping_points
        if (each.option, each.name) == ("a", "gain")
    ]
    assert point.above is not None
    assert point.above.value == 0.0

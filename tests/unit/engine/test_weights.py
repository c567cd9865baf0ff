"""The ways to weights in scenarios, groups of judges, and options compared in pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mcda
from mcda.reports.blocks import plain
from mcda.reports.evaluation import blocks

CRITERIA: dict[str, Any] = {
    "price": {"direction": "cost", "domain": [0, 10]},
    "use": {
        "children": {
            "speed": {"direction": "benefit", "domain": [0, 10]},
            "comfort": {"direction": "benefit", "domain": [0, 10]},
            "safety": {"direction": "benefit", "domain": [0, 10]},
        }
    },
}
OPTIONS = {
    "a": {"price": 2, "speed": 3, "comfort": 4, "safety": 5},
    "b": {"price": 6, "speed": 8, "comfort": 7, "safety": 6},
}


def decide(weights: Any, **more: Any) -> mcda.Decision:
    data = {"id": "s", "criteria": CRITERIA, "options": OPTIONS, "weights": weights, **more}
    return mcda.evaluate(mcda.Scenario.model_validate(data))


def test_ranking() -> None:
    weights = {"ranking": {"goal": ["use", "price"], "use": ["safety", ["speed", "comfort"]]}}
    local = decide(weights).weights.local
    assert local["goal"] == pytest.approx({"price": 0.25, "use": 0.75})
    assert local["use"] == pytest.approx(
        {"safety": 11 / 18, "speed": 3.5 / 18, "comfort": 3.5 / 18}
    )


def test_points() -> None:
    weights = {
        "points": {
            "goal": {"price": 50, "use": 100},
            "use": {"speed": 100, "comfort": 60, "safety": 40},
        }
    }
    local = decide(weights).weights.local
    assert local["use"] == pytest.approx({"speed": 0.5, "comfort": 0.3, "safety": 0.2})


def test_best_worst() -> None:
    weights = {
        "best_worst": {
            "goal": {
                "best": "use",
                "worst": "price",
                "best_to_others": {"price": 3},
                "others_to_worst": {"use": 3},
            },
            "use": {
                "best": "safety",
                "worst": "speed",
                "best_to_others": {"comfort": 2, "speed": 4},
                "others_to_worst": {"comfort": 2, "safety": 4},
            },
        }
    }
    local = decide(weights).weights.local
    assert local["goal"] == pytest.approx({"price": 0.25, "use": 0.75})
    assert local["use"] == pytest.approx({"safety": 4 / 7, "comfort": 2 / 7, "speed": 1 / 7})


def test_objective() -> None:
    decision = decide({"objective": "entropy"})
    expected = mcda.weighting.objective.objective_weights(
        np.array([[2.0, 3, 4, 5], [6, 8, 7, 6]]), np.array([False, True, True, True]), "entropy"
    )
    assert list(decision.weights.judged.values()) == pytest.approx(expected.tolist())


def test_objective_weights_take_eligible_options_only() -> None:
    gate = {"cheap": {"rule": "price < 5", "because": "Too dear."}}
    with pytest.raises(
        mcda.McdaError, match="weights.objective: entropy weights need at least two options"
    ):
        decide({"objective": "entropy"}, constraints=gate)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"ranking": {"goal": ["use"]}}, "weights.ranking.goal: price are left out"),
        ({"ranking": {"goal": ["use", "use", "price"]}}, "'use' is named twice"),
        ({"ranking": {"goal": ["usee", "price"]}}, "unknown name 'usee'. Did you mean 'use'"),
        ({"ranking": {"gaol": ["use", "price"]}}, "unknown criterion 'gaol'. Did you mean 'goal'"),
        ({"ranking": {"price": ["use", "price"]}}, "'price' has no children to weight"),
        ({"ranking": {"goal": ["use", "price"]}}, "how to weight the criteria under 'use'"),
        ({"ranking": {"goal": [[], "use", "price"]}}, "a place in the order is empty"),
        ({"points": {"goal": {"use": 0, "price": 0}}}, "all points are zero"),
        ({"points": {"goal": {"use": -1, "price": 1}}}, "greater than or equal to 0"),
        (
            {
                "best_worst": {
                    "goal": {
                        "best": "use",
                        "worst": "use",
                        "best_to_others": {},
                        "others_to_worst": {},
                    }
                }
            },
            "how to weight|both best and worst",
        ),
        ({"objective": "entropi"}, "Did you mean 'entropy'"),
        (
            {"direct": {"price": 1, "use": 1}, "objective": "entropy"},
            "not from direct and objective",
        ),
        ({"judges": {}}, "it is empty"),
        ({"judges": {"x": {"importance": 0, "judgements": {}}}}, "greater than 0"),
        ({"aggregation": "priorities", "direct": {"price": 1, "use": 1}}, "there are no judges"),
    ],
)
def test_refused(weights: Any, message: str) -> None:
    with pytest.raises(mcda.McdaError, match=message):
        decide(weights)


class TestGroup:
    JUDGES: dict[str, Any] = {
        "cto": {
            "importance": 2,
            "judgements": {
                "goal": {"use vs price": 5},
                "use": {"speed vs comfort": 3, "comfort vs safety": 1, "speed vs safety": 3},
            },
        },
        "cfo": {
            "judgements": {
                "goal": {"use vs price": 1 / 9},
                "use": {"speed vs comfort": 1, "comfort vs safety": 1, "speed vs safety": 1},
            }
        },
    }

    def test_judgements_are_joined_by_weighted_geometric_means(self) -> None:
        local = decide({"judges": self.JUDGES}).weights.local
        ratio = (5**2 / 9) ** (1 / 3)
        assert local["goal"]["use"] / local["goal"]["price"] == pytest.approx(ratio)

    def test_with_geometric_means_both_ways_to_join_are_one(self) -> None:
        one = decide({"judges": self.JUDGES})
        other = decide({"judges": self.JUDGES, "aggregation": "priorities"})
        assert dict(other.weights) == pytest.approx(dict(one.weights), abs=1e-14)

    def test_what_each_judge_says_alone(self) -> None:
        group = decide({"judges": self.JUDGES}).group
        assert group is not None
        for view in group.judges:
            alone = decide({"judgements": self.JUDGES[view.name]["judgements"]})
            assert view.recommended == alone.recommended
            assert view.verdict == alone.verdict
            assert dict(view.weights) == alone.weights.by_dimension()
        assert [view.recommended for view in group.judges] == ["b", "a"]

    def test_consensus_and_disagreement(self) -> None:
        group = decide({"judges": self.JUDGES}).group
        assert group is not None
        widest = group.disagreements[0]
        assert {widest.first, widest.second} == {"price", "use"}
        assert (widest.lowest_judge, widest.highest_judge) == ("cto", "cfo")
        assert (widest.lowest, widest.highest) == pytest.approx((1 / 5, 9))
        # Dong et al.'s index by its definition, for the cfo under use
        weights = np.array(list(decide({"judges": self.JUDGES}).weights.local["use"].values()))
        errors = [np.log(weights[i] / weights[j]) ** 2 for i, j in ((0, 1), (0, 2), (1, 2))]
        cfo = next(view for view in group.judges if view.name == "cfo")
        assert cfo.consensus == pytest.approx({"use": 2 * sum(errors) / (2 * 1)})

    def test_judges_who_agree(self) -> None:
        same = dict.fromkeys(("x", "y"), self.JUDGES["cfo"])
        group = decide({"judges": same}).group
        assert group is not None
        assert group.disagreements == ()
        assert group.consensus == pytest.approx(0, abs=1e-12)

    def test_a_judge_whose_answers_do_not_suffice_alone(self) -> None:
        judges = {
            **self.JUDGES,
            "ceo": {"judgements": {"goal": {"use vs price": 2}, "use": {"speed vs comfort": 2}}},
        }
        decision = decide({"judges": judges})
        assert decision.group is not None
        ceo = decision.group.judges[2]
        assert ceo.recommended is None
        assert "separate groups" in ceo.problem

    def test_an_unknown_comparison_is_placed_with_its_judge(self) -> None:
        judges = {"cto": {"judgements": {"goal": {"use vs prise": 5}}}}
        with pytest.raises(
            mcda.McdaError,
            match=r"weights.judges.cto.judgements.goal.use vs prise: unknown name 'prise'",
        ):
            decide({"judges": judges})

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_report_names_the_judges(self, lang: Any) -> None:
        text = plain(blocks(decide({"judges": self.JUDGES}), lang))
        assert "cto" in text
        assert "cfo" in text
        assert ("Consensus index" if lang == "en" else "共识指数") in text

    def test_huge_importance(self) -> None:
        judges = {name: {**judge, "importance": 1e308} for name, judge in self.JUDGES.items()}
        decision = decide({"judges": judges})
        ratio = (5 / 9) ** 0.5
        local = decision.weights.local["goal"]
        assert local["use"] / local["price"] == pytest.approx(ratio)

    def test_hundreds_of_judges(self) -> None:
        judges = {f"j{k}": self.JUDGES["cto" if k % 2 else "cfo"] for k in range(300)}
        group = decide({"judges": judges}).group
        assert group is not None
        assert len(group.judges) == 300


class TestOptionsCompared:
    DATA: dict[str, Any] = {
        "id": "s",
        "criteria": {"look": {"direction": "benefit"}, "price": {"direction": "cost"}},
        "options": {"a": {"price": 3}, "b": {"price": 5}, "c": {"price": 4}},
        "weights": {
            "judgements": {
                "goal": {"look vs price": 2},
                "look": {"a vs b": "1/3", "b vs c": 3, "a vs c": 1},
            }
        },
    }

    def test_beside_measured_values(self) -> None:
        decision = mcda.evaluate(mcda.Scenario.model_validate(self.DATA))
        expected = mcda.ahp([[1, "1/3", 1], [3, 1, 3], [1, "1/3", 1]]).weights
        looks = [decision.values[name]["look"] for name in "abc"]
        assert looks == pytest.approx(expected.tolist())
        by_hand = mcda.topsis(np.column_stack([expected, [3, 5, 4]]), [2, 1], [1, -1]).closeness
        found = {each.option: each.closeness for each in decision.ranking}
        assert [found[name] for name in "abc"] == pytest.approx(by_hand.tolist())
        assert decision.synthesis == {}
        assert decision.compared["look"].consistent

    def test_a_value_beside_comparisons_is_refused(self) -> None:
        options = {**self.DATA["options"], "a": {"price": 3, "look": 1}}
        with pytest.raises(
            mcda.McdaError, match="options.a.look: the options are compared in pairs on 'look'"
        ):
            mcda.evaluate(mcda.Scenario.model_validate({**self.DATA, "options": options}))

    def test_noise_of_the_comparisons_counts(self) -> None:
        """Against sampling: both leaves' priorities, and the weights, scatter."""
        data = {
            "id": "s",
            "criteria": {n: {"direction": "benefit", "domain": [0, 1]} for n in ("look", "feel")},
            "options": {"a": {}, "b": {}},
            "weights": {
                "judgements": {
                    "goal": {"look vs feel": 1},
                    "look": {"a vs b": 1.3},
                    "feel": {"a vs b": 1.1},
                }
            },
        }
        decision = mcda.evaluate(mcda.Scenario.model_validate(data))
        rng = np.random.default_rng(0)
        noise = rng.normal(size=(3, 40_000, 2)) * np.sqrt(0.1 / 2)
        noise -= noise.mean(axis=2, keepdims=True)

        def scatter(ratio: float, part: Any) -> Any:
            drawn = np.array([ratio, 1.0]) * np.exp(part)
            return drawn / drawn.sum(axis=1, keepdims=True)

        w, look, feel = scatter(1, noise[0]), scatter(1.3, noise[1]), scatter(1.1, noise[2])
        r = np.stack([look, feel], axis=1)
        near = np.sqrt(np.einsum("sj,sjo->so", w**2, r**2))
        far = np.sqrt(np.einsum("sj,sjo->so", w**2, (1 - r) ** 2))
        closeness = near / (near + far)
        sampled = (closeness[:, 0] > closeness[:, 1]).mean()
        assert decision.firmness == pytest.approx(sampled, abs=0.02)
        assert decision.verdict != "clear"

    def test_judges_apart_on_options(self) -> None:
        data = {
            **self.DATA,
            "weights": {
                "judges": {
                    "x": {
                        "judgements": {
                            "goal": {"look vs price": 2},
                            "look": {"a vs b": 9, "b vs c": 1},
                        }
                    },
                    "y": {
                        "judgements": {
                            "goal": {"look vs price": 2},
                            "look": {"a vs b": "1/8", "b vs c": 1},
                        }
                    },
                }
            },
        }
        group = mcda.evaluate(mcda.Scenario.model_validate(data)).group
        assert group is not None
        assert (group.disagreements[0].node, group.disagreements[0].first) == ("look", "a")
        assert group.consensus is not None
        assert group.consensus > 0.5

    def test_a_cost_cannot_be_compared_in_pairs(self) -> None:
        criteria = {**self.DATA["criteria"], "look": {"direction": "cost"}}
        with pytest.raises(
            mcda.McdaError,
            match="weights.judgements.look: options compared in pairs .* direction: benefit",
        ):
            mcda.evaluate(mcda.Scenario.model_validate({**self.DATA, "criteria": criteria}))

    def test_options_that_are_not_connected(self) -> None:
        weights = {"judgements": {"goal": {"look vs price": 2}, "look": {"a vs b": 2}}}
        with pytest.raises(
            mcda.McdaError,
            match=r"weights.judgements.look: the comparisons fall into separate groups, \{a, b\} and \{c\}",
        ):
            mcda.evaluate(mcda.Scenario.model_validate({**self.DATA, "weights": weights}))

    def test_contradictions_among_options_are_reported(self) -> None:
        weights = {
            "judgements": {
                "goal": {"look vs price": 2},
                "look": {"a vs b": 9, "b vs c": 9, "c vs a": 9},
            }
        }
        decision = mcda.evaluate(mcda.Scenario.model_validate({**self.DATA, "weights": weights}))
        assert [each.code for each in decision.warnings][:2] == ["inconsistent", "circle"]


def test_missing_comparisons_are_weighted_and_named() -> None:
    judgements = {
        "goal": {"use vs price": 2},
        "use": {"speed vs comfort": 2, "comfort vs safety": 2},
    }
    decision = decide({"judgements": judgements})
    assert decision.weights.local["use"] == pytest.approx(
        {"speed": 4 / 7, "comfort": 2 / 7, "safety": 1 / 7}
    )
    assert [each.code for each in decision.warnings] == ["incomplete", "unchecked", "unchecked"]
    assert "speed vs safety would tell most" in str(decision.warnings[0])
    assert "“speed 对 safety”" in decision.warnings[0].say("zh")


def test_notices_speak_of_titles() -> None:
    criteria = {
        name: {
            "direction": "cost",
            "domain": [0, 10],
            "title": {"en": name.upper(), "zh": f"准则{name}"},
        }
        for name in "abc"
    }
    data = {
        "id": "s",
        "criteria": criteria,
        "options": {"x": dict.fromkeys("abc", 1), "y": dict.fromkeys("abc", 2)},
        "weights": {"judgements": {"goal": {"a vs b": 9, "b vs c": 9, "c vs a": 9}}},
    }
    first, second = mcda.evaluate(mcda.Scenario.model_validate(data)).warnings
    assert "under the goal contradict" in str(first)
    assert "总目标 下的两两判断相互矛盾" in first.say("zh")
    assert "准则a > 准则b > 准则c > 准则a" in second.say("zh")
    assert "A > B > C > A" in str(second)

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
    assert "“总目标”下的判断相互矛盾" in first.say("zh")
    assert "准则a > 准则b > 准则c > 准则a" in second.say("zh")
    assert "A > B > C > A" in str(second)


THREE: dict[str, Any] = {
    name: {"direction": "benefit", "domain": [0, 1]} for name in ("x", "y", "z")
}
PAIR = {"A": {"x": 0.9, "y": 0.2, "z": 0.5}, "B": {"x": 0.3, "y": 0.7, "z": 0.5}}
LOOP = {"x vs y": 9, "y vs z": 9, "x vs z": 1 / 9}


def three(weights: Any, **more: Any) -> mcda.Scenario:
    data = {"id": "s", "criteria": THREE, "options": PAIR, "weights": weights, **more}
    return mcda.Scenario.model_validate(data)


def of_judges(**judges: Any) -> dict[str, Any]:
    return {"judges": {name: {"judgements": {"goal": said}} for name, said in judges.items()}}


def inverse(said: Any) -> Any:
    return {pair: 1 / ratio for pair, ratio in said.items()}


class TestJudgesConsistency:
    def test_contradictions_that_cancel_are_said_of_each_judge(self) -> None:
        decision = mcda.evaluate(three(of_judges(one=LOOP, two=inverse(LOOP))))
        assert decision.consistency["goal"].consistency_ratio == pytest.approx(0, abs=1e-9)
        assert decision.group is not None
        # lambda_max of the circulant matrix is 1 + 9 + 1/9
        ratio = (9 + 1 / 9 - 2) / 2 / 0.52446
        for judge in decision.group.judges:
            assert judge.consistency_ratio == pytest.approx(ratio)
            # all three judgements are equally far off
            assert {frozenset((e.first, e.second)) for e in judge.repairs} == {
                frozenset(pair) for pair in ("xy", "yz", "xz")
            }
            assert all(1 / 9 <= each.repaired <= 9 for each in judge.repairs)
        assert [judge.name for judge in decision.group.inconsistent] == ["one", "two"]
        said = [str(each) for each in decision.warnings]
        assert said[0].startswith("Judge one: The judgements under the goal contradict each other")
        assert said[1] == "Judge one: They go round in a circle: x > y > z > x."
        assert said[2].startswith("Judge two: ")
        assert [each.code for each in decision.warnings] == ["inconsistent", "circle"] * 2
        assert decision.warnings[0].say("zh").startswith("评判者 one：“总目标”下的判断相互矛盾")

    def test_they_are_shown(self) -> None:
        shown = plain(blocks(mcda.evaluate(three(of_judges(one=LOOP, two=inverse(LOOP)))), "en"))
        assert "Consistency ratio of the judges' joined judgements 0.000" in shown
        assert "one             1  A                       6.779  0.333" in shown
        assert "Judges with a consistency ratio above 0.1: 2 of 2." in shown
        data = mcda.evaluate(three(of_judges(one=LOOP, two=inverse(LOOP)))).to_dict()["group"]
        assert data["inconsistent"] == ["one", "two"]
        assert data["judges"][0]["consistency_ratio"] == pytest.approx(6.779459931)
        assert len(data["judges"][0]["consistency"]["goal"]["repairs"]) == 3

    def test_checking_says_the_same_as_evaluating(self) -> None:
        from mcda.engine.evaluate import check

        decision = mcda.evaluate(three(of_judges(one=LOOP, two={"x vs y": 900, "y vs z": 1})))
        assert check(decision.problem) == decision.warnings

    def test_sensitivity_says_it_too(self) -> None:
        found = mcda.sensitivity(mcda.evaluate(three(of_judges(one=LOOP, two=inverse(LOOP)))))
        assert [each.consistency_ratio for each in found.judges] == pytest.approx([6.779459931] * 2)
        assert len(found.judges[0].repairs) == 3
        text = found.to_text()
        assert "Judges with a consistency ratio above 0.1: 2 of 2." in text
        assert "Judge two: The judgements under the goal contradict each other" in text
        assert "one has 50 % of the importance; consistency ratio 6.779;" in " ".join(text.split())
        assert found.to_dict()["consistency"]["goal"]["limit"] == 0.1

    def test_a_judgement_beyond_the_scale_is_said_of_its_judge(self) -> None:
        said = {"x vs y": 1 / 3, "y vs z": 1}
        decision = mcda.evaluate(three(of_judges(one=said, two={"x vs y": 900, "y vs z": 1})))
        assert "Judge two: The judgement x vs y = 900 lies beyond Saaty's scale of 1/9 to 9." in [
            str(each) for each in decision.warnings
        ]

    def test_a_judge_called_like_a_criterion(self) -> None:
        titled = {name: {**each, "title": name.upper()} for name, each in THREE.items()}
        decision = mcda.evaluate(three(of_judges(x=LOOP), criteria=titled))
        said = [str(each) for each in decision.warnings]
        assert any(each.startswith("Judge x: ") and "X vs Y" in each for each in said)


class TestPlaceOfAJudge:
    TEXT = """\
format: mcda/scenario/1
id: s
criteria:
  x: {direction: benefit, domain: [0, 1]}
  y: {direction: benefit, domain: [0, 1]}
  z: {direction: benefit, domain: [0, 1]}
options:
  A: {x: 0.9, y: 0.2, z: 0.5}
  B: {x: 0.3, y: 0.7, z: 0.5}
weights:
  judges:
    first:  {judgements: {goal: {x vs y: 2, y vs z: 2, x vs z: 4}}}
    second: {judgements: {goal: {x vs y: 2}}}
"""

    def decide(self, tmp_path: Any, text: str) -> mcda.Decision:
        path = tmp_path / "panel.yaml"
        path.write_text(text, encoding="utf-8")
        return mcda.evaluate(path)

    def test_what_is_missing_is_said_at_the_judge(self, tmp_path: Any) -> None:
        decision = self.decide(tmp_path, self.TEXT)
        assert decision.group is not None
        [first, second] = decision.group.judges
        assert first.problem == ""
        at = "panel.yaml:13:27: weights.judges.second.judgements.goal"
        assert f"{at}: the comparisons fall into separate groups, {{x, y}} and" in second.problem
        assert second.consistency_ratio is None
        assert [str(each) for each in decision.warnings] == [
            "Judge second: Alone gives no answer: the comparisons under the goal fall into "
            f"separate groups, {{x, y}}, {{z}}. Add x vs z ({at})."
        ]

    def test_a_judge_who_says_nothing_of_a_node(self, tmp_path: Any) -> None:
        text = self.TEXT.replace("{goal: {x vs y: 2}}", "{}")
        [notice] = self.decide(tmp_path, text).warnings
        assert "Add x vs y, x vs z (panel.yaml:13:14: weights.judges.second.judgements)" in str(
            notice
        )

    def test_joined_priorities_need_each_judge(self, tmp_path: Any) -> None:
        with pytest.raises(mcda.McdaError, match="13:27: weights.judges.second.judgements.goal"):
            self.decide(tmp_path, self.TEXT + "  aggregation: priorities\n")

    def test_what_all_judges_left_out_is_said_of_all(self, tmp_path: Any) -> None:
        text = self.TEXT.replace("{x vs y: 2, y vs z: 2, x vs z: 4}", "{x vs y: 3}")
        with pytest.raises(mcda.McdaError, match=r"panel.yaml:11:3: weights.judges: the compar"):
            self.decide(tmp_path, text)


NOTHING = [None, float("nan"), "", "  ", "NaN", "none", "null", np.nan]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
class TestAnswersNotGiven:
    """Null, None, NaN and a blank are one thing: as if the answer were left out."""

    def same(self, given: Any, without: Any) -> None:
        one, other = mcda.evaluate(three(given)), mcda.evaluate(three(without))
        assert dict(one.weights) == dict(other.weights)
        assert one.warnings == other.warnings

    def test_judgements(self, nothing: Any) -> None:
        said = {"x vs y": 3, "y vs z": 2}
        with_gap = {**said, "x vs z": nothing}
        self.same({"judgements": {"goal": with_gap}}, {"judgements": {"goal": said}})
        # whichever way round, and beside the same pair answered
        turned = {**said, "z vs y": nothing, "z vs x": nothing}
        self.same({"judgements": {"goal": turned}}, {"judgements": {"goal": said}})

    def test_judges(self, nothing: Any) -> None:
        said = {"x vs y": 9, "y vs z": 1}
        full = {"x vs y": 1 / 9, "y vs z": 1, "x vs z": 1 / 9}
        self.same(
            of_judges(one={**said, "x vs z": nothing}, two=full), of_judges(one=said, two=full)
        )

    def test_best_and_worst(self, nothing: Any) -> None:
        to_others = {"y": 2, "z": nothing}
        given = {"best": "x", "worst": "z", "best_to_others": to_others}
        whole = {**given, "others_to_worst": {"x": 6, "y": 3}}
        self.same(
            {"best_worst": {"goal": whole}},
            {"best_worst": {"goal": {**whole, "best_to_others": {"y": 2}}}},
        )
        lacking = {**given, "best_to_others": {"y": nothing, "z": 6}, "others_to_worst": {"y": 3}}
        with pytest.raises(mcda.McdaError, match="best_to_others leaves out y"):
            mcda.evaluate(three({"best_worst": {"goal": lacking}}))

    def test_points_and_numbers_are_needed(self, nothing: Any) -> None:
        with pytest.raises(mcda.McdaError, match="weights.points.goal: z are left out"):
            mcda.evaluate(three({"points": {"goal": {"x": 100, "y": 50, "z": nothing}}}))
        with pytest.raises(mcda.McdaError, match="x, y have weights, but z under 'goal' have none"):
            mcda.evaluate(three({"direct": {"x": 100, "y": 50, "z": nothing}}))

    def test_names_are_checked_all_the_same(self, nothing: Any) -> None:
        said = {"x vs y": 3, "y vs z": 2, "x vs zz": nothing}
        with pytest.raises(mcda.McdaError, match="unknown name 'zz'"):
            mcda.evaluate(three({"judgements": {"goal": said}}))

    def test_a_node_without_any_answer(self, nothing: Any) -> None:
        with pytest.raises(mcda.McdaError, match="nothing says how to weight"):
            mcda.evaluate(three({"judgements": {"goal": {"x vs y": nothing}}}))

    def test_in_python(self, nothing: Any) -> None:
        said = {("x", "y"): 3, ("y", "z"): 2, ("x", "z"): nothing}
        result = mcda.ahp(said)
        assert result.missing == (("x", "z"),)
        assert result.weights == pytest.approx(np.array([6, 2, 1]) / 9)
        rows = [[0.9, 0.2, 0.5], [0.3, 0.7, 0.5]]
        decision = mcda.decide(rows, said, "max", criteria=["x", "y", "z"])
        assert list(decision.weights.values()) == pytest.approx([6 / 9, 2 / 9, 1 / 9])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.json", '{"x vs y": 3, "y vs z": 2, "x vs z": null}'),
        ("s.json", '{"x vs y": 3, "y vs z": 2, "x vs z": ""}'),
        ("s.yaml", "{x vs y: 3, y vs z: 2, x vs z: }"),
        ("s.yaml", "{x vs y: 3, y vs z: 2, x vs z: .nan}"),
        ("s.yaml", "{x vs y: 3, y vs z: 2, x vs z: NaN}"),
        ("s.yaml", "{x vs y: 3, y vs z: 2, x vs z: ~}"),
        ("s.yaml", "{x vs y: 3, y vs z: 2, x vs z: None}"),
        ("s.toml", '{"x vs y" = 3, "y vs z" = 2, "x vs z" = nan}'),
        ("s.toml", '{"x vs y" = 3, "y vs z" = 2, "x vs z" = ""}'),
    ],
)
def test_answers_not_given_in_files(tmp_path: Any, name: str, text: str) -> None:
    import json

    path = tmp_path / name
    data = three({"judgements": {"goal": {"x vs y": 1}}}).model_dump(mode="json")
    for key in ("criteria", "options"):
        data[key] = {"criteria": THREE, "options": PAIR}[key]
    kept = {key: data[key] for key in ("format", "id", "criteria", "options")}
    if name == "s.toml":
        lines = ['format = "mcda/scenario/1"', 'id = "s"', f"weights.judgements.goal = {text}"]
        for key, of in (("criteria", THREE), ("options", PAIR)):
            for one, inner in of.items():
                lines += [f"{key}.{one}.{k} = {json.dumps(v)}" for k, v in inner.items()]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        whole = json.dumps({**kept, "weights": 0})[:-2]
        path.write_text(f'{whole}{{"judgements": {{"goal": {text}}}}}}}', encoding="utf-8")
    decision = mcda.evaluate(path)
    assert list(decision.weights.values()) == pytest.approx([6 / 9, 2 / 9, 1 / 9])
    assert decision.consistency["goal"].missing == (("x", "z"),)


class TestHowWeightsAreTold:
    BEST_WORST: dict[str, Any] = {
        "best": "x",
        "worst": "z",
        "best_to_others": {"y": 4, "z": 6},
        "others_to_worst": {"y": 6},
    }

    def test_points_are_points(self) -> None:
        decision = mcda.evaluate(three({"points": {"goal": {"x": 100, "y": 50, "z": 10}}}))
        assert "Weights come from points for the swing from worst to best." in decision.to_text()
        assert "given directly" not in decision.to_text()
        assert "权重由各准则从最差到最好的摆幅打分得出。" in decision.to_text("zh")
        direct = mcda.evaluate(three({"direct": {"x": 100, "y": 50, "z": 10}}))
        assert "Weights were given directly." in direct.to_text()

    @pytest.mark.parametrize("kind", ["html", "md"])
    def test_points_are_points_in_reports(self, tmp_path: Any, kind: str) -> None:
        decision = mcda.evaluate(three({"points": {"goal": {"x": 100, "y": 50, "z": 10}}}))
        path = tmp_path / f"r.{kind}"
        mcda.report(decision, path)
        text = path.read_text(encoding="utf-8")
        assert "points" in text
        assert "given directly" not in text

    def test_best_worst_tells_its_ratio_in_every_output(self, tmp_path: Any) -> None:
        decision = mcda.evaluate(three({"best_worst": {"goal": self.BEST_WORST}}))
        # |4 * 6 - 6| / (6 * 6 - 6)
        ratio = "consistency ratio 0.600"
        warned = "The judgements under the goal contradict each other: consistency ratio 0.600"
        text = " ".join(decision.to_text().split())
        assert f"Input-based {ratio} (acceptable up to 0.133; xi " in text
        assert warned in text
        sensitive = " ".join(mcda.sensitivity(decision).to_text().split())
        assert ratio in sensitive
        assert warned in sensitive
        for kind in ("html", "md", "json"):
            mcda.report(decision, tmp_path / f"r.{kind}")
            said = (tmp_path / f"r.{kind}").read_text(encoding="utf-8")
            assert warned in " ".join(said.split())
            assert kind == "json" or "Compared with x (best) and z (worst)" in said
        data = decision.to_dict()["consistency"]["goal"]
        assert data["way"] == "best_worst"
        assert data["consistency_ratio"] == pytest.approx(0.6)
        assert data["limit"] == 0.133
        assert data["consistent"] is False
        assert data["xi"] == pytest.approx(decision.best_worst["goal"].inconsistency)
        assert [each["first"] + each["second"] for each in data["repairs"]] == ["xy", "yz"]

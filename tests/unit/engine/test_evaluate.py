"""From scenario to decision: gates, parts, unknowns, verdicts, warnings."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.expectations import missed
from mcda.errors import DocumentError
from mcda.reports.evaluation import said

MODEL: dict[str, Any] = {
    "id": "van",
    "profile": {
        "cash": {"unit": "EUR", "domain": [0, None]},
        "km": {"domain": [0, 100], "default": 20},
        "rural": {"type": "boolean", "default": False},
    },
    "facts": {
        "price": {"unit": "EUR", "domain": [0, None], "combine": "sum"},
        "range": {"unit": "km", "domain": [0, 2000], "combine": "min"},
        "load": {"domain": [0, 10], "combine": "max"},
        "sold": {"type": "boolean", "combine": "all"},
        "subsidised": {"type": "boolean", "combine": "any"},
        "fuel": {"type": "choice", "values": ["diesel", "electric"]},
    },
    "parts": {"first": {}, "second": {}},
    "measures": {
        "cost": "clip(price, 0, 1000)",
        "reach": "range / 10 if fuel == 'electric' else range",
        "mixed": "first.reach + second.reach",
    },
    "criteria": {
        "money": {"direction": "cost", "measure": "cost", "domain": [0, 1000]},
        "use": {
            "children": {
                "reach": {"direction": "benefit", "measure": "reach", "domain": [0, 2000]},
                "load": {"direction": "benefit", "domain": [0, 10]},
            }
        },
    },
    "judgements": {"goal": {"money vs use": 1}, "use": {"reach vs load": 2}},
    "gates": {
        "sold": {"rule": "sold", "because": "It must be on sale."},
        "cash": {"rule": "not known(cash) or price <= cash", "because": "Too dear."},
    },
}
OPTIONS: dict[str, Any] = {
    "old": {"facts": {"price": 300, "range": 900, "load": 5, "sold": True, "fuel": "diesel"}},
    "new": {"facts": {"price": 700, "range": 1000, "load": 8, "sold": True, "fuel": "diesel"}},
}


def decide(model: dict[str, Any] | None = None, **scenario: Any) -> mcda.Decision:
    criteria = mcda.Criteria.model_validate({"format": "mcda/criteria/1", **MODEL, **(model or {})})
    data = {"id": "s", "criteria": criteria, "options": OPTIONS, **scenario}
    return mcda.evaluate(mcda.Scenario.model_validate(data))


def with_facts(**facts: Any) -> dict[str, Any]:
    """The options, with some of old's facts changed; None leaves one out."""
    changed = {**OPTIONS["old"]["facts"], **facts}
    known = {name: value for name, value in changed.items() if value is not None}
    return {**OPTIONS, "old": {"facts": known}}


def test_closeness_by_hand() -> None:
    decision = decide()
    # money .5; use .5 with reach 2/3 and load 1/3 inside
    u = np.array([0.25, 0.25 * 2 / 3, 0.25 / 3])
    scores = {"old": np.array([0.7, 0.45, 0.5]), "new": np.array([0.3, 0.5, 0.8])}
    for each in decision.ranking:
        near = np.sqrt(u @ scores[each.option] ** 2)
        far = np.sqrt(u @ (1 - scores[each.option]) ** 2)
        assert each.closeness == pytest.approx(near / (near + far), abs=1e-12)
    assert decision.weights.by_dimension("judged") == pytest.approx({"money": 0.5, "use": 0.5})
    assert dict(decision.weights) == pytest.approx({"money": 0.5, "reach": 1 / 3, "load": 1 / 6})
    assert decision.weights.effective == pytest.approx(
        {"money": 0.5, "reach": 1 / 3, "load": 1 / 6}
    )


@pytest.mark.parametrize(
    ("weighting", "u"),
    [("classic", [1 / 4, 1 / 9, 1 / 36]), ("linear", [1 / 2, 1 / 3, 1 / 6])],
)
def test_other_weightings(weighting: str, u: list[float]) -> None:
    effective = decide(method={"weighting": weighting}).weights.effective
    assert list(effective.values()) == pytest.approx([each / sum(u) for each in u])


class TestGates:
    def test_no_excludes_with_the_reason(self) -> None:
        decision = decide(options=with_facts(sold=False))
        (excluded,) = decision.excluded
        assert (excluded.option, excluded.gate, str(excluded.because.say())) == (
            "old",
            "sold",
            "It must be on sale.",
        )
        assert excluded.gates[0].unknown == ()
        assert excluded.would_have_won is True
        assert decision.recommended == "new"
        assert decision.verdict == "no_contest"

    def test_unknown_excludes_and_asks(self) -> None:
        (excluded,) = decide(options=with_facts(sold=None)).excluded
        assert excluded.gates[0].unknown == ("sold",)

    def test_unknown_is_not_a_pass(self) -> None:
        decision = decide(options=with_facts(price=None), profile={"cash": 800})
        (excluded,) = decision.excluded
        assert (excluded.gate, excluded.gates[0].unknown) == ("cash", ("price",))
        assert excluded.closeness is None
        assert excluded.would_have_won is None

    def test_all_failed_gates_are_named(self) -> None:
        decision = decide(options=with_facts(sold=False, price=900), profile={"cash": 800})
        (excluded,) = decision.excluded
        assert [gate.gate for gate in excluded.gates] == ["sold", "cash"]
        assert excluded.would_have_won is False

    def test_no_eligible_option(self) -> None:
        decision = decide(options=with_facts(sold=False), profile={"cash": 100})
        assert decision.recommended is None
        assert decision.verdict == "no_eligible_option"
        assert decision.ranking == ()
        assert decision.firmness is None
        # old fails two gates, new fails one: new is nearest to eligible
        assert [each.option for each in decision.relaxations] == ["new", "old"]

    def test_constraints_of_the_scenario(self) -> None:
        constraints = {"reach": {"rule": "range > 950", "because": "Too short."}}
        assert [e.option for e in decide(constraints=constraints).excluded] == ["old"]

    def test_constraints_as_a_list(self) -> None:
        constraints = [{"id": "reach", "rule": "range > 950", "because": "Too short."}]
        assert [e.gate for e in decide(constraints=constraints).excluded] == ["reach"]

    def test_a_constraint_cannot_replace_a_gate(self) -> None:
        with pytest.raises(DocumentError, match="has a gate 'sold' already"):
            decide(constraints={"sold": {"rule": "True", "because": "x"}})

    @pytest.mark.parametrize(
        ("rule", "message"),
        [
            ("range", r"constraints.far.rule: a rule says yes or no, this is a number"),
            ("rang > 1", r"constraints.far.rule: unknown name 'rang'. Did you mean 'range'\?\n"),
            ("1 / (range - 900) > 0", "the result is infinite for option 'old', with range = 900"),
        ],
    )
    def test_bad_rules(self, rule: str, message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            decide(constraints={"far": {"rule": rule, "because": "x"}})


class TestParts:
    OPTIONS: dict[str, Any] = {
        **OPTIONS,
        "both": {"parts": {"first": "old", "second": "new"}, "facts": {"fuel": "diesel"}},
    }

    def test_facts_are_combined(self) -> None:
        decision = decide(options=self.OPTIONS)
        assert decision.values["both"] == {"money": 1000, "reach": 900, "load": 8}
        assert "both" in {each.option for each in decision.ranking}

    def test_own_facts_come_first(self) -> None:
        both = {**self.OPTIONS["both"], "facts": {"fuel": "diesel", "price": 10}}
        assert decide(options={**self.OPTIONS, "both": both}).values["both"]["money"] == 10

    def test_measures_read_the_parts(self) -> None:
        criteria = {
            **MODEL["criteria"],
            "money": {"direction": "cost", "measure": "m2", "domain": [0, 2000]},
        }
        measures = {**MODEL["measures"], "m2": "mixed if known(mixed) else price"}
        decision = decide({"criteria": criteria, "measures": measures}, options=self.OPTIONS)
        assert decision.values["both"]["money"] == 1900
        assert decision.values["old"]["money"] == 300

    def test_all_and_any_of_unknown(self) -> None:
        options = {
            **self.OPTIONS,
            "new": {"facts": {k: v for k, v in OPTIONS["new"]["facts"].items() if k != "sold"}},
        }
        unknown = next(e for e in decide(options=options).excluded if e.option == "both")
        assert unknown.gates[0].unknown == ("sold",)
        options["old"] = with_facts(sold=False)["old"]
        settled = next(e for e in decide(options=options).excluded if e.option == "both")
        assert settled.gates[0].unknown == ()

    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            ({"frist": "old"}, "declares no part 'frist'. Did you mean 'first'"),
            (
                {"first": "odl"},
                r"options.both.parts.first: there is no option 'odl'. Did you mean 'old'",
            ),
            ({"first": "both"}, "cannot be a part of itself"),
            ({"first": "more"}, "'more' consists of parts itself"),
        ],
    )
    def test_refused(self, parts: dict[str, str], message: str) -> None:
        options = {**self.OPTIONS, "both": {"parts": parts}, "more": {"parts": {"first": "old"}}}
        with pytest.raises(DocumentError, match=message):
            decide(options=options)

    def test_null_is_unknown_even_with_parts(self) -> None:
        both = {**self.OPTIONS["both"], "facts": {"fuel": "diesel", "sold": None}}
        excluded = next(
            e for e in decide(options={**self.OPTIONS, "both": both}).excluded if e.option == "both"
        )
        assert excluded.gates[0].unknown == ("sold",)

    def test_null_in_a_pack_is_unknown_even_with_parts(self) -> None:
        pack = mcda.FactsPack.model_validate(
            {
                "id": "p",
                "criteria": "van",
                "options": {"pair": {"facts": {"fuel": "diesel", "sold": None}}},
            }
        )
        both = {"from": "pair", "parts": {"first": "old", "second": "new"}}
        decision = decide(options={**self.OPTIONS, "both": both}, facts=pack)
        excluded = next(e for e in decision.excluded if e.option == "both")
        assert excluded.gates[0].unknown == ("sold",)
        both["facts"] = {"sold": True}  # type: ignore[assignment]
        decision = decide(options={**self.OPTIONS, "both": both}, facts=pack)
        assert "both" in {each.option for each in decision.ranking}

    def test_what_is_unknown_of_a_part_is_named_with_it(self) -> None:
        criteria = {
            **MODEL["criteria"],
            "money": {"direction": "cost", "measure": "mixed", "domain": [0, 4000]},
        }
        options = {**self.OPTIONS, "old": with_facts(range=None)["old"]}
        with pytest.raises(
            DocumentError, match="options.both: 'money' cannot be scored: unknown is old: range"
        ):
            decide({"criteria": criteria, "gates": {}}, options={"old": options["old"], **options})


class TestFacts:
    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"prise": 1}, "options.old.facts.prise: unknown fact 'prise'. Did you mean 'price'"),
            ({"price": -1}, r"-1 is outside the domain \[0, inf\]"),
            ({"price": "dear"}, "expected a number, got 'dear'"),
            ({"sold": 1}, "expected true or false, got 1.0"),
            ({"fuel": "petrol"}, "expected one of diesel, electric, got 'petrol'"),
            ({"fuel": "electrik"}, "Did you mean 'electric'"),
            ({"price": {"value": 1, "unit": "USD"}}, "unit 'USD' differs from the declared 'EUR'"),
            ({"price": {"value": 5, "low": 6}}, "low <= value <= high does not hold"),
            ({"sold": {"value": True, "low": 0}}, "only a number can have low and high"),
        ],
    )
    def test_refused(self, facts: dict[str, Any], message: str) -> None:
        with pytest.raises(Exception, match=message):
            decide(options=with_facts(**facts))

    def test_an_eligible_option_that_cannot_be_scored_is_an_error(self) -> None:
        with pytest.raises(
            DocumentError,
            match=r"options.old: 'reach' cannot be scored: unknown is range. Give range under facts",
        ):
            decide(options=with_facts(range=None))

    def test_a_value_outside_its_criterions_domain(self) -> None:
        criteria = {
            **MODEL["criteria"],
            "money": {"direction": "cost", "measure": "cost", "domain": [0, 500]},
        }
        with pytest.raises(
            DocumentError, match=r"options.new: 'money' is 700, outside its domain \[0, 500\]"
        ):
            decide({"criteria": criteria})

    def test_a_formula_that_fails_for_one_option_names_it(self) -> None:
        measures = {**MODEL["measures"], "cost": "1000 / (load - 5)"}
        with pytest.raises(
            DocumentError,
            match=r"criteria van: measures.cost.formula: the result is infinite for option 'old', with load = 5",
        ):
            decide({"measures": measures})


class TestProfile:
    def test_defaults_and_unknown(self) -> None:
        problem = decide().problem
        assert dict(problem.profile) == {"km": 20, "rural": False}

    @pytest.mark.parametrize(
        ("profile", "message"),
        [
            ({"rurl": True}, "no profile field 'rurl'. Did you mean 'rural'"),
            ({"km": 101}, r"profile.km: 101 is outside the domain \[0, 100\]"),
            ({"rural": "yes"}, "expected true or false, got 'yes'"),
        ],
    )
    def test_refused(self, profile: dict[str, Any], message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            decide(profile=profile)


class TestModel:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"measures": {"cost": "reach", "reach": "cost", "mixed": "1"}},
                "measures: measures need each other in a circle: (cost -> reach -> cost|reach -> cost -> reach)",
            ),
            (
                {"measures": {**MODEL["measures"], "price": "1"}},
                "the name 'price' is used under facts already",
            ),
            (
                {"measures": {**MODEL["measures"], "cost": "sold"}},
                "the measure 'cost' is a yes/no. A criterion needs a number",
            ),
            (
                {"gates": {"g": {"rule": "nope", "because": "x"}}},
                "gates.g.rule: unknown name 'nope'",
            ),
            (
                {"criteria": {"m": {"direction": "cost", "measure": "csot", "domain": [0, 1]}}},
                "unknown measure 'csot'. Did you mean 'cost'",
            ),
            (
                {"criteria": {"m": {"direction": "cost", "domain": [0, 1]}}},
                "no measure or fact for 'm'",
            ),
            (
                {"criteria": {"m": {"direction": "cost", "fact": "sold", "domain": [0, 1]}}},
                "the fact 'sold' is a boolean, a criterion needs a number",
            ),
            (
                {"judgements": {"goal": {"money vs usage": 1}}},
                "unknown name 'usage' in 'money vs usage'",
            ),
        ],
    )
    def test_refused(self, change: dict[str, Any], message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            decide(change)

    @pytest.mark.parametrize(
        ("edge", "message"),
        [
            ({"from": "money", "to": "money", "share": 0.1}, "'money' cannot influence itself"),
            (
                {"from": "money", "to": "usee", "share": 0.1},
                "unknown criterion 'usee'. Did you mean 'use'",
            ),
            ({"from": "use", "to": "load", "share": 0.1}, "lie on one branch of the tree"),
        ],
    )
    def test_influences_refused(self, edge: dict[str, Any], message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            decide({"influences": [edge]})

    def test_a_trap_is_named(self) -> None:
        edges = [
            {"from": "money", "to": "reach", "share": 0.999999999999},
            {"from": "reach", "to": "money", "share": 0.999999999999},
        ]
        with pytest.raises(
            DocumentError, match="influences: the importance of money, reach never comes to rest"
        ):
            decide({"influences": edges})


class TestInfluences:
    EDGES = (
        {"from": "money", "to": "use", "share": 0.2},
        {"from": "use", "to": "money", "share": 0.1},
    )

    def test_leaf_closure_equals_dimension_closure(self) -> None:
        weights = decide({"influences": list(self.EDGES)}).weights
        expected = mcda.closure([0.5, 0.5], [[0, 0.2], [0.1, 0]])
        assert list(weights.by_dimension("final").values()) == pytest.approx(expected.tolist())
        assert weights.final["reach"] / weights.final["load"] == pytest.approx(2)

    def test_off(self) -> None:
        weights = decide({"influences": list(self.EDGES)}, method={"dependencies": "off"}).weights
        assert weights.final == weights.judged


class TestWeights:
    def test_a_judgement_overrides_the_default_in_either_direction(self) -> None:
        decision = decide(weights={"judgements": {"goal": {"use vs money": 3}}})
        assert decision.weights.by_dimension() == pytest.approx({"money": 0.25, "use": 0.75})
        assert decision.weights["reach"] == pytest.approx(0.5)

    def test_direct(self) -> None:
        decision = decide(weights={"direct": {"money": 30, "use": 10}})
        assert decision.weights.by_dimension() == pytest.approx({"money": 0.75, "use": 0.25})
        assert "goal" not in decision.consistency
        assert "use" in decision.consistency

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ({"direct": {"money": 1}}, "money have weights, but use under 'goal' have none"),
            ({"direct": {"money": 0, "use": 0}}, "the weights under 'goal' are all zero"),
            ({"direct": {"goal": 1, "money": 1, "use": 1}}, "unknown criterion 'goal'"),
            ({"direct": {"mony": 1}}, "unknown criterion 'mony'. Did you mean 'money'"),
            ({"direct": {"money": -1, "use": 1}}, "greater than or equal to 0"),
            ({}, "weights come from one of .*: give one"),
        ],
    )
    def test_refused(self, weights: dict[str, Any], message: str) -> None:
        with pytest.raises(Exception, match=message):
            decide(weights=weights)

    def test_comparisons_that_do_not_connect(self) -> None:
        scenario = mcda.Scenario.model_validate(
            {
                "id": "s",
                "criteria": {name: {"direction": "cost", "domain": [0, 1]} for name in "abc"},
                "options": {"x": dict.fromkeys("abc", 0.5)},
                "weights": {"judgements": {"goal": {"a vs b": 2}}},
            }
        )
        with pytest.raises(
            DocumentError,
            match="weights.judgements.goal: the comparisons fall into separate groups, {a, b} and {c}",
        ):
            mcda.evaluate(scenario)

    def test_inconsistency_is_flagged(self) -> None:
        scenario = mcda.Scenario.model_validate(
            {
                "id": "s",
                "criteria": {name: {"direction": "cost", "domain": [0, 1]} for name in "abc"},
                "options": {"x": dict.fromkeys("abc", 0.5), "y": dict.fromkeys("abc", 0.4)},
                "weights": {"judgements": {"goal": {"a vs b": 9, "b vs c": 9, "c vs a": 9}}},
            }
        )
        decision = mcda.evaluate(scenario)
        assert [each.code for each in decision.warnings] == ["inconsistent", "circle"]
        assert not decision.consistency["goal"].consistent


def flat(options: dict[str, Any], **more: Any) -> mcda.Decision:
    data = {
        "id": "flat",
        "criteria": {"p": {"direction": "benefit"}, "q": {"direction": "benefit"}},
        "options": options,
        "weights": {"direct": {"p": 1, "q": 1}},
        **more,
    }
    return mcda.evaluate(mcda.Scenario.model_validate(data))


class TestWithoutDomains:
    def test_vector_with_a_warning(self) -> None:
        decision = flat({"a": {"p": 1, "q": 2}, "b": {"p": 2, "q": 1.5}})
        assert decision.normalization == "vector"
        assert [each.code for each in decision.warnings] == ["no_domain"]
        expected = mcda.topsis([[1, 2], [2, 1.5]], [1, 1], [1, 1]).closeness
        found = {each.option: each.closeness for each in decision.ranking}
        assert [found["a"], found["b"]] == pytest.approx(expected.tolist(), abs=1e-12)

    def test_constant_criterion_is_named(self) -> None:
        decision = flat({"a": {"p": 1, "q": 2}, "b": {"p": 2, "q": 2}})
        assert "All eligible options are equal on q" in str(decision.warnings[1])
        assert decision.weights.effective == {"p": 1, "q": 0}

    def test_one_option(self) -> None:
        decision = flat({"a": {"p": 1, "q": 2}})
        assert decision.ranking[0].closeness == 0.5
        assert decision.verdict == "no_contest"

    def test_an_excluded_option_does_not_move_the_others(self) -> None:
        options = {"a": {"p": 1, "q": 2}, "b": {"p": 2, "q": 1.5}, "c": {"p": 9, "q": 9}}
        gate = {"small": {"rule": "p < 5", "because": "Too large."}}
        with_it = flat(options, constraints=gate)
        without = flat({name: options[name] for name in "ab"})
        assert with_it.ranking == without.ranking
        assert with_it.excluded[0].would_have_won is True

    def test_domain_asked_for_but_not_declared(self) -> None:
        with pytest.raises(DocumentError, match="a domain is missing for p, q"):
            flat({"a": {"p": 1, "q": 2}}, method={"normalization": "domain"})

    def test_values_the_normalisation_has_no_meaning_for(self) -> None:
        with pytest.raises(DocumentError, match="flat: options: max normalisation needs a largest"):
            flat({"a": {"p": -1, "q": 2}, "b": {"p": -2, "q": 2}}, method={"normalization": "max"})


class TestVerdict:
    def test_tie(self) -> None:
        decision = flat({"a": {"p": 1, "q": 2}, "b": {"p": 2, "q": 1}, "c": {"p": 1, "q": 1}})
        assert decision.verdict == "tie"
        assert decision.recommended is None
        assert [each.rank for each in decision.ranking] == [1, 1, 3]

    def test_dominance_is_clear(self) -> None:
        decision = flat({"a": {"p": 2, "q": 2}, "b": {"p": 1, "q": 1}})
        assert (decision.verdict, decision.firmness) == ("clear", 1.0)

    def test_equal_options_tie(self) -> None:
        assert flat({"a": {"p": 1, "q": 1}, "b": {"p": 1, "q": 1}}).verdict == "tie"

    def test_a_winner_that_is_nowhere_worse_is_clear(self) -> None:
        """Whatever the weights are, it stays ahead."""
        scenario = mcda.Scenario.model_validate(
            {
                "id": "s",
                "criteria": {n: {"direction": "benefit", "domain": [0, 10]} for n in "abc"},
                "options": {"x": dict.fromkeys("abc", 5.1), "y": dict.fromkeys("abc", 5)},
                "weights": {"judgements": {"goal": {"a vs b": 9, "b vs c": 9, "c vs a": 9}}},
            }
        )
        decision = mcda.evaluate(scenario)
        assert (decision.verdict, decision.firmness) == ("clear", 1.0)

    def test_tiny_weights_decide_where_nothing_else_does(self) -> None:
        options = {"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}}
        decision = flat(options, weights={"direct": {"p": 1, "q": 1e-90}})
        assert (decision.verdict, decision.recommended) == ("clear", "b")
        contributions = mcda.explain(decision).contributions
        assert contributions == pytest.approx({"p": 0, "q": decision.margin})

    def test_contested(self) -> None:
        decision = flat({"a": {"p": 1, "q": 2}, "b": {"p": 2.01, "q": 1}})
        assert decision.verdict == "contested"
        assert decision.firmness is not None
        assert 0.5 < decision.firmness < 0.75


def test_expectations() -> None:
    met = decide(expected={"recommended": "old", "excluded": [], "verdict": ["clear", "close"]})
    assert missed(met) == ()
    wrong = decide(
        expected={"recommended": "new", "excluded": {"old": "sold"}, "verdict": "tie"},
        options=with_facts(price=900),
        profile={"cash": 800},
    )
    found = [(str(each.place), said(each, "en"), said(each, "zh")) for each in missed(wrong)]
    assert found == [
        (
            "scenario s: expected.verdict",
            "expected tie, the verdict is no_contest",
            "预期结论 tie，实际为 no_contest",
        ),
        (
            "scenario s: expected.excluded.old",
            "expected the gate sold to exclude old, it fails cash",
            "预期 old 被门槛 sold 排除，实际未通过 cash",
        ),
    ]


def test_expecting_nothing_is_an_expectation() -> None:
    assert len(missed(decide(expected={"recommended": None}))) == 1
    assert missed(decide(expected={"verdict": decide().verdict})) == ()


def test_plain_data() -> None:
    data = decide(options=with_facts(sold=False)).to_dict("zh")
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["ranking"] == [
        {"option": "new", "closeness": data["ranking"][0]["closeness"], "rank": 1}
    ]
    assert data["excluded"][0]["gate"] == "sold"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert json.dumps(decide().to_dict()) == json.dumps(decide().to_dict())


def test_a_decision_can_be_sent_to_another_process() -> None:
    import pickle

    copy = pickle.loads(pickle.dumps(decide()))
    assert copy.to_dict() == decide().to_dict()


def test_wrong_argument() -> None:
    with pytest.raises(mcda.McdaError, match="expected a scenario or a path, got int"):
        mcda.evaluate(5)  # type: ignore[arg-type]


def test_large_direct_weights() -> None:
    decision = flat(
        {"a": {"p": 1, "q": 2}, "b": {"p": 2, "q": 1.5}},
        weights={"direct": {"p": 1.7e308, "q": 1.7e308}},
    )
    assert dict(decision.weights) == {"p": 0.5, "q": 0.5}


def test_measures_may_be_yes_or_no_in_any_order() -> None:
    measures = {**MODEL["measures"], "dear": "not cheap", "cheap": "price < 500"}
    gates = {"cheap": {"rule": "not dear", "because": "Too dear."}}
    assert [e.option for e in decide({"measures": measures, "gates": gates}).excluded] == ["new"]


def test_a_circle_of_yes_or_no_measures_is_named() -> None:
    measures = {**MODEL["measures"], "a": "not c", "c": "not a"}
    with pytest.raises(DocumentError, match="in a circle: (a -> c -> a|c -> a -> c)"):
        decide({"measures": measures})


def test_many_measures_below_something_unknown() -> None:
    """Named in linear time and without recursion."""
    chain = {f"m{k}": f"m{k - 1} + m{k - 2} * 0" for k in range(2, 900)}
    measures = {**MODEL["measures"], "m0": "price", "m1": "price", **chain}
    gates = {"g": {"rule": "m899 > 0", "because": "x"}}
    decision = decide({"measures": measures, "gates": gates}, options=with_facts(price=None))
    assert decision.excluded[0].gates[0].unknown == ("price",)


def test_names_that_formulas_would_read_as_others() -> None:
    facts = {**MODEL["facts"], "\uff41": {"domain": [0, 1]}}
    with pytest.raises(DocumentError, match="formulas read '\uff41' as 'a'. Name it 'a'"):
        decide({"facts": facts})


def test_a_gate_and_a_leaf_of_one_name() -> None:
    gates = {"load": {"rule": "sold", "because": "x"}}
    with pytest.raises(
        DocumentError, match="'load' cannot be scored: unknown is load. Give load under"
    ):
        decide({"gates": gates}, options=with_facts(load=None))


def test_the_widest_domain() -> None:
    data = {
        "id": "wide",
        "criteria": {"p": {"direction": "benefit", "domain": [-1e308, 1e308]}},
        "options": {"a": {"p": 0}, "b": {"p": 1e308}, "c": {"p": -1e308}},
        "constraints": {"g": {"rule": "p <= 0", "because": "x"}},
    }
    decision = mcda.evaluate(mcda.Scenario.model_validate(data))
    assert decision.scores == {"a": {"p": 0.5}, "b": {"p": 1.0}, "c": {"p": 0.0}}


def test_the_narrowest_domain() -> None:
    found = mcda.topsis([[0], [5e-324]], [1], ["max"], normalization="domain", domain=(0, 5e-324))
    assert found.closeness.tolist() == [0, 1]


class TestInfluencesOfItsOwn:
    """Influences in a scenario that brings its own criteria."""

    SCENARIO: dict[str, Any] = {
        "id": "s",
        "criteria": {
            "a": {"children": {n: {"direction": "benefit", "domain": [0, 1]} for n in ("x", "y")}},
            "b": {"direction": "benefit", "domain": [0, 1]},
        },
        "options": {"one": {"x": 1, "y": 0, "b": 0.5}, "two": {"x": 0, "y": 1, "b": 1}},
        "weights": {"direct": {"a": 0.6, "b": 0.4, "x": 0.25, "y": 0.75}},
    }

    def test_they_act_as_those_of_a_model_do(self) -> None:
        edge = {"from": "a", "to": "b", "share": 0.5}
        scenario = mcda.Scenario.model_validate({**self.SCENARIO, "influences": [edge]})
        final = mcda.evaluate(scenario).weights.final
        # half of b's 0.4 goes to a: a quarter of it to x, the rest to y
        assert final == pytest.approx({"x": 0.15 + 0.05, "y": 0.45 + 0.15, "b": 0.2})

    @pytest.mark.parametrize(
        ("edges", "message"),
        [
            ([{"from": "a", "to": "a", "share": 0.1}], "'a' cannot influence itself"),
            ([{"from": "x", "to": "a", "share": 0.1}], "lie on one branch of the tree"),
            ([{"from": "z", "to": "b", "share": 0.1}], "unknown criterion 'z'"),
            (
                [{"from": "a", "to": "b", "share": 0.7}, {"from": "x", "to": "b", "share": 0.5}],
                r"influences\[1\]: the shares taken from b sum to 1.2",
            ),
            (
                [{"from": "x", "to": "b", "share": 0.999999999999999}, {"from": "b", "to": "x", "share": 0.999999999999999}],
                "never comes to rest",
            ),
            ([{"from": "a", "to": "b", "share": 0.1}] * 2, "is given twice"),
        ],
    )  # fmt: skip
    def test_refused_with_the_scenarios_place(self, edges: Any, message: str) -> None:
        with pytest.raises(DocumentError, match=message) as caught:
            mcda.evaluate(mcda.Scenario.model_validate({**self.SCENARIO, "influences": edges}))
        assert "influences" in str(caught.value)

    @pytest.mark.parametrize("share", [-0.1, 1, 1.5, float("nan"), "0.1"])
    def test_shares_are_numbers_from_0_to_1(self, share: Any) -> None:
        edge = {"from": "a", "to": "b", "share": share}
        with pytest.raises(ValueError, match="share"):
            mcda.Scenario.model_validate({**self.SCENARIO, "influences": [edge]})

    def test_a_criteria_model_has_its_own(self) -> None:
        scenario = {
            "id": "s",
            "criteria": "ai-sourcing",
            "facts": "article-world",
            "options": {"a": {"from": "gpt-4"}},
            "influences": [{"from": "budget", "to": "performance", "share": 0.1}],
        }
        with pytest.raises(DocumentError, match="influences: influences belong to the criteria"):
            mcda.evaluate(mcda.Scenario.model_validate(scenario))


def test_scenarios_that_share_a_model_do_not_disturb_each_other() -> None:
    from pathlib import Path

    from mcda.engine.evaluate import evaluate
    from mcda.files.loader import Loader

    shipped = mcda.load_scenario("articles/000-clip")
    weights = {"judgements": {"goal": {"budget vs performance": 5}}}
    rule = {"dear": {"rule": "money_base > 100", "because": "all are"}}
    variants = [
        shipped,
        shipped.model_copy(
            update={
                "weights": mcda.Scenario(
                    id="w", criteria="x", options={"a": {}}, weights=weights
                ).weights
            }
        ),
        shipped.model_copy(
            update={"method": shipped.method.model_copy(update={"dependencies": "off"})}
        ),
        shipped.model_copy(
            update={
                "constraints": mcda.Scenario(
                    id="w", criteria="x", options={"a": {}}, constraints=rule
                ).constraints
            }
        ),
        shipped,
    ]
    together, root = Loader(), Path(__file__).parents[3]
    assert root.is_dir()
    for scenario in variants:
        found = evaluate(together.problem(scenario)).to_dict()
        assert found == evaluate(Loader().problem(scenario)).to_dict()
        assert evaluate(together.problem(scenario)).to_dict() == found
    assert (
        evaluate(together.problem(shipped)).warnings == evaluate(Loader().problem(shipped)).warnings
    )

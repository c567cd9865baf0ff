"""Explanations of decisions by criteria models: facts, profile, evidence, exclusions."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.engine.evaluate import evaluate
from mcda.errors import InputError
from mcda.explanation.explanation import ANTI_IDEAL
from mcda.model.resolve import resolve
from mcda.reports.blocks import plain
from mcda.reports.drawing import to_svg
from mcda.reports.explanation import situation

MODEL: dict[str, Any] = {
    "id": "vans",
    "profile": {
        "trips": {"domain": [0, 100], "default": 40},
        "load": {"levels": ["none", "some", "much"], "default": 1},
        "city": {"type": "boolean", "default": True},
        "years": {"domain": [1, None], "default": 5},
    },
    "facts": {
        "price": {"unit": "kEUR", "domain": [0, 100]},
        "per_trip": {"unit": "EUR", "domain": [0, 10]},
        "seats": {"domain": [0, 9]},
        "electric": {"type": "boolean"},
        "fuel": {"type": "choice", "values": ["petrol", "diesel"]},
        "boxes": {"domain": [0, 9]},
        "mixed": {"type": "boolean"},
    },
    "parts": {"day": {"title": "by day"}, "night": {"title": "by night"}},
    "measures": {
        "one_cost": "price * (0.8 if electric else 1) + per_trip * trips / 100",
        "cost": "0.5 * day.one_cost + 0.5 * night.one_cost if mixed else one_cost",
        "room": "min(boxes, 9) * (1 if city else 0.5) + 0.1 * load",
        "clean": "1 if electric else (0.2 if fuel == 'diesel' else 0.5)",
    },
    "criteria": {
        "money": {"measure": "cost", "direction": "cost", "unit": "kEUR", "domain": [0, 120]},
        "use": {
            "children": {
                "space": {"measure": "room", "direction": "benefit", "domain": [0, 10]},
                "seats": {"direction": "benefit", "domain": [0, 9]},
            }
        },
        "air": {"measure": "clean", "direction": "benefit", "domain": [0, 1]},
    },
    "judgements": {
        "goal": {"money vs use": 2, "money vs air": 2, "use vs air": 1},
        "use": {"space vs seats": 3},
    },
    "influences": [
        {
            "from": "use",
            "to": "money",
            "share": 0.2,
            "because": {"en": "Use pays.", "zh": "有用。"},
        },
        {"from": "air", "to": "use", "share": 0.1},
    ],
}
OPTIONS: dict[str, Any] = {
    "a": {"facts": {"price": 30, "per_trip": 2, "seats": 3, "electric": True, "boxes": 6, "mixed": False}},
    "b": {
        "facts": {
            "price": 25, "per_trip": 6, "seats": 5, "electric": False, "fuel": "diesel",
            "boxes": 5, "mixed": False,
        }
    },
    "c": {
        "facts": {
            "price": 20, "per_trip": 9, "seats": 2, "electric": False, "fuel": "petrol",
            "boxes": 4, "mixed": False,
        }
    },
}  # fmt: skip


def decide(
    *, model: dict[str, Any] | None = None, options: dict[str, Any] | None = None, **scenario: Any
) -> mcda.Decision:
    return mcda.evaluate(
        mcda.Scenario.model_validate(
            {
                "id": "case",
                "criteria": mcda.Criteria.model_validate({**MODEL, **(model or {})}),
                "options": options or OPTIONS,
                **scenario,
            }
        )
    )


def textbook_shapley(players: list[str], value: Any) -> dict[str, float]:
    n = len(players)
    total = dict.fromkeys(players, 0.0)
    for size in range(n):
        weight = math.factorial(size) * math.factorial(n - 1 - size) / math.factorial(n)
        for inside in itertools.combinations(players, size):
            for player in players:
                if player not in inside:
                    total[player] += weight * (value({*inside, player}) - value(set(inside)))
    return total


class TestFacts:
    def test_shapley_by_evaluating_every_mixture(self) -> None:
        """Each mixture of a's and b's facts is an option of its own, evaluated from outside."""
        why = mcda.explain(decide(), "b")
        assert (why.option, why.against) == ("a", "b")
        one, other = OPTIONS["a"]["facts"], OPTIONS["b"]["facts"]
        for leaf, players in {
            "money": ["price", "per_trip", "electric"],
            "space": ["boxes"],
        }.items():

            def value(inside: set[str], leaf: str = leaf) -> float:
                facts = {**other, **{name: one[name] for name in inside if name in one}}
                found = decide(options={**OPTIONS, "x": {"facts": facts}})
                return found.values["x"][leaf] or 0.0

            shares = textbook_shapley(players, value)
            gap = sum(shares.values())
            found = why.facts[leaf]
            assert found.split == "shapley"
            for name, share in shares.items():
                amount = {str(slot): each for slot, each in found.amounts.items()}[name]
                assert amount == pytest.approx(why.contributions[leaf] * share / gap, abs=1e-12)

    def test_a_fact_that_only_one_needs_is_the_same_in_both_worlds(self) -> None:
        why = mcda.explain(decide(), "b")
        amounts = {str(slot): amount for slot, amount in why.facts["air"].amounts.items()}
        assert amounts == {
            "electric": pytest.approx(why.contributions["air"]),
            "fuel": 0.0,
        }

    def test_a_leaf_that_is_a_fact(self) -> None:
        why = mcda.explain(decide(), "b")
        found = why.facts["seats"]
        assert found.split == "own"
        assert list(found.amounts.values()) == [why.contributions["seats"]]
        assert list(found.sides.values()) == [(3.0, 5.0)]

    def test_an_option_without_parts_plays_every_part_itself(self) -> None:
        """What makes the mixture differ from a is the part that b plays, not that it is mixed."""
        facts = {**OPTIONS["a"]["facts"], "mixed": True, "boxes": 9, "seats": 9}
        facts = {name: facts[name] for name in ("seats", "electric", "boxes", "mixed")}
        mix = {"facts": facts, "parts": {"day": "a", "night": "b"}}
        why = mcda.explain(decide(options={**OPTIONS, "mix": mix}), "a")
        assert why.option == "mix"
        found = why.facts["money"]
        amounts = {str(slot): amount for slot, amount in found.amounts.items()}
        sides = {str(slot): each for slot, each in found.sides.items()}
        assert sides["night.price"] == (25.0, 30.0)
        assert sides["day.price"] == (30.0, 30.0)
        assert amounts["night.price"] > 0 > amounts["night.per_trip"]
        assert amounts["day.price"] == amounts["price"] == 0.0
        assert sum(amounts.values()) == pytest.approx(why.contributions["money"])

    def test_mixtures_that_have_no_value_stay_together(self) -> None:
        model = {"measures": {**MODEL["measures"], "room": "sqrt(boxes - seats) + 0.1 * load"}}
        options = {
            "a": {"facts": {**OPTIONS["a"]["facts"], "boxes": 9, "seats": 8}},
            "b": {"facts": {**OPTIONS["b"]["facts"], "boxes": 4, "seats": 1}},
        }
        why = mcda.explain(decide(model=model, options=options))
        assert why.facts["space"].split == "together"
        assert (
            why.graph.edges["facts:space", "criterion:space"]["flow"] == why.contributions["space"]
        )

    def test_many_facts_are_sampled_and_add_up_exactly(self) -> None:
        names = [f"f{i}" for i in range(18)]
        rng = np.random.default_rng(0)
        model = {
            "facts": {name: {} for name in names},
            "parts": {},
            "profile": {},
            "measures": {"sum": " + ".join(f"{i + 1} * {name}" for i, name in enumerate(names))},
            "criteria": {"x": {"measure": "sum", "direction": "benefit", "domain": [0, 400]}},
            "judgements": {},
            "influences": [],
        }
        options = {
            option: {"facts": {name: float(rng.random()) for name in names}} for option in "ab"
        }
        why = mcda.explain(decide(model=model, options=options))
        found = why.facts["x"]
        assert found.split == "sampled"
        assert sum(found.amounts.values()) == pytest.approx(why.margin, abs=1e-15)
        # in a sum every fact makes its own difference, in whichever order
        assert why.against is not None
        gaps = {
            name: (i + 1)
            * (options[why.option]["facts"][name] - options[why.against]["facts"][name])
            for i, name in enumerate(names)
        }
        for slot, amount in found.amounts.items():
            expected = why.margin * gaps[str(slot)] / sum(gaps.values())
            assert amount == pytest.approx(expected, abs=1e-12)

    def test_options_compared_in_pairs(self) -> None:
        scenario = mcda.Scenario.model_validate(
            {
                "id": "pairs",
                "criteria": {"x": {"direction": "benefit"}, "y": {"direction": "benefit"}},
                "options": {"a": {"y": 1}, "b": {"y": 2}},
                "weights": {"judgements": {"goal": {"x vs y": 2}, "x": {"a vs b": 3}}},
            }
        )
        why = mcda.explain(mcda.evaluate(scenario))
        assert why.graph.edges["comparison:x", "criterion:x"]["flow"] == why.contributions["x"]
        assert "x" not in why.facts
        assert why.frozen


class TestStructure:
    def test_measures_and_profile_are_in_the_graph(self) -> None:
        graph = mcda.explain(decide(), "b").graph
        reads = {edge for edge in graph.edges if graph.edges[edge]["role"] == "reads"}
        assert {
            ("measure:one_cost", "measure:cost"),
            ("measure:cost", "criterion:money"),
            ("fact:price", "measure:one_cost"),
            ("fact:night.price", "measure:one_cost"),
            ("profile:trips", "measure:one_cost"),
            ("profile:city", "measure:room"),
        } <= reads
        assert graph.nodes["criterion:use"]["kind"] == "criterion"
        assert graph.nodes["fact:price"]["value"] == 30
        assert graph.nodes["fact:price"]["value_against"] == 25
        assert graph.nodes["fact:price"]["unit"] == "kEUR"
        assert graph.nodes["fact:night.price"]["title_en"] == "price (by night)"

    def test_what_a_step_of_the_profile_does(self) -> None:
        """Against the whole evaluation of a scenario with the changed profile."""
        decision = decide()
        why = mcda.explain(decision, "b")
        found = {(each.field, each.changed): each.effect for each in why.profile}
        assert set(found) == {
            ("trips", 30.0), ("trips", 50.0), ("load", 0.0), ("load", 2.0), ("city", False),
        }  # fmt: skip
        for (name, changed), effect in found.items():
            after = decide(profile={name: changed})
            closeness = {each.option: each.closeness for each in after.ranking}
            expected = closeness["a"] - closeness["b"] - why.margin
            assert effect == pytest.approx(expected, abs=1e-15)
        assert why.graph.nodes["profile:load"]["up"] == found["load", 2.0]
        assert why.graph.nodes["profile:trips"]["down"] == found["trips", 30.0]

    def test_a_step_that_excludes_or_leaves_the_domain(self) -> None:
        model = {
            "gates": {"town": {"rule": "not city or electric or seats > 0", "because": "x"}},
            "measures": {**MODEL["measures"], "room": "boxes + (0 if city else 6)"},
        }
        model["gates"]["town"]["rule"] = "city or not electric"  # type: ignore[index]
        why = mcda.explain(decide(model=model), "b")
        step = next(each for each in why.profile if each.field == "city")
        assert step.effect is None  # room would leave its domain
        assert step.excluded == ("a",)


class TestSteps:
    """Which fields of a situation have a step, how long it is, and what it is told as."""

    MODEL: dict[str, Any] = {
        "id": "server",
        "profile": {
            "team": {"title": {"en": "Team", "zh": "团队"}, "levels": ["a", "b", "c", "d"], "default": 2},
            "share": {"domain": [0, 1], "default": 0.5},
            "abroad": {"title": {"en": "Abroad", "zh": "境外"}, "type": "boolean", "default": False},
            "currency": {"type": "choice", "values": ["USD", "CNY"], "default": "USD"},
            "usd_per_unit": {"unit": "USD", "domain": [0.000001, None], "default": 1},
            "budget": {"default": 4_000_000},
        },
        "facts": {"skill": {"domain": [0, 9]}, "home": {"type": "boolean"}},
        "measures": {
            "fit": "9 - abs(skill - team * 3) / (1 + share) + 0 * budget * usd_per_unit"
            " + (0 if currency == 'USD' else 1)"
        },
        "criteria": {"match": {"measure": "fit", "direction": "benefit", "domain": [0, 20]}},
        "gates": {"allowed": {"rule": "not abroad or not home", "because": "Not abroad."}},
    }  # fmt: skip
    OPTIONS = {
        "own": {"facts": {"skill": 6, "home": True}},
        "cloud": {"facts": {"skill": 3, "home": False}},
    }

    def why(self, options: dict[str, Any] | None = None) -> mcda.Explanation:
        scenario = {"id": "s", "criteria": "server", "options": options or self.OPTIONS}
        given = mcda.Scenario.model_validate(scenario)
        return mcda.explain(
            evaluate(resolve(given, mcda.Criteria.model_validate(self.MODEL), None))
        )

    def test_a_rate_an_amount_and_a_choice_have_none(self) -> None:
        steps = {(each.field, each.changed) for each in self.why().profile}
        assert steps == {
            ("team", 1.0), ("team", 3.0), ("share", 0.4), ("share", 0.6), ("abroad", True),
        }  # fmt: skip

    def test_the_length_is_told_and_a_yes_that_excludes_is_told_as_such(self) -> None:
        why = self.why()
        flips = {(each.field, each.changed) for each in why.profile if each.flips}
        assert flips == {("team", 1.0), ("abroad", True)}
        said = " ".join(why.sentences("en"))
        assert (
            "Any one of these changes of the situation would change the recommendation: “Team” "
            "from 2 to 1; “Abroad” from no to yes, which excludes own." in said
        )
        assert (
            "以下任何一项单独变动都会改变推荐结果：“团队”由 2 变为 1；“境外”由“否”变为“是”"
            "（own 因此被排除）。" in "".join(why.sentences("zh"))
        )
        assert "single step" not in said
        text = plain(list(situation(why, "en")))
        assert "(to 1)" in text
        assert "(to 0.4)" in text
        assert "“Abroad” from no to yes, which excludes own: then cloud would be" in text

    def test_one_change_is_told_as_one(self) -> None:
        options = {**self.OPTIONS, "cloud": {"facts": {"skill": 0, "home": False}}}
        why = self.why(options)
        assert [each.field for each in why.profile if each.flips] == ["abroad"]
        assert (
            "One change of the situation would change the recommendation: “Abroad” from no to "
            "yes, which excludes own." in " ".join(why.sentences("en"))
        )
        assert "以下变动会改变推荐结果：“境外”由“否”变为“是”（own 因此被排除）。" in "".join(
            why.sentences("zh")
        )


class TestEvidence:
    def test_sources_age_and_ranges(self) -> None:
        options = {
            name: {
                "facts": {
                    fact: {"value": value, "source": "maker", "as_of": "2026-01-01"}
                    | (
                        {"unit": MODEL["facts"][fact]["unit"]}
                        if "unit" in MODEL["facts"][fact]
                        else {}
                    )
                    for fact, value in option["facts"].items()
                }
            }
            for name, option in OPTIONS.items()
        }
        options["b"]["facts"]["seats"].pop("source")
        options["a"]["facts"]["boxes"]["as_of"] = "2024-12-30"
        options["a"]["facts"]["price"] |= {"low": 20, "high": 70}
        options["a"]["facts"]["per_trip"] |= {"low": 2, "high": 2.1}
        decision = decide(options=options, decision_date="2026-06-01")
        why = mcda.explain(decision, "b")
        found = {(each.option, each.fact): each for each in why.evidence.facts}
        assert {key for key, each in found.items() if each.unsourced} == {("b", "seats")}
        assert {key for key, each in found.items() if each.stale} == {("a", "boxes")}
        assert {key for key, each in found.items() if each.wide} == {("a", "price")}
        gross = sum(
            abs(amount) for facts in why.facts.values() for amount in facts.amounts.values()
        )
        assert why.evidence.unsourced == pytest.approx(abs(why.contributions["seats"]) / gross)
        assert why.evidence.stale == pytest.approx(abs(why.contributions["space"]) / gross)
        assert found["a", "per_trip"].leads is not None
        # the leads at both ends of a's price, from outside
        leads = []
        for price in (70, 20):
            options["a"]["facts"]["price"] = {"value": price}
            closeness = {e.option: e.closeness for e in decide(options=options).ranking}
            leads.append(closeness["a"] - closeness["b"])
        assert found["a", "price"].leads == pytest.approx(leads, abs=1e-15)

    def test_without_a_decision_date_nothing_is_stale(self) -> None:
        options = {
            name: {"facts": {f: {"value": v, "as_of": "1990-01-01"} for f, v in o["facts"].items()}}
            for name, o in OPTIONS.items()
        }
        assert mcda.explain(decide(options=options)).evidence.stale == 0


class TestWho:
    GATE = {
        "gates": {"cheap": {"rule": "price < 28", "because": {"en": "Too dear.", "zh": "太贵。"}}}
    }

    def test_an_excluded_option_that_would_have_won(self) -> None:
        decision = decide(model=self.GATE)
        assert decision.recommended in ("b", "c")
        why = mcda.explain(decision, "a")
        assert why.margin < 0
        assert sum(why.contributions.values()) == pytest.approx(why.margin)
        first, second, *_ = why.sentences()
        assert first == "a is excluded: Too dear."
        assert second.startswith("If a were eligible, it would lead")
        contrast = next(each for each in why.contrasts if each.option == "a")
        assert contrast.gates == ("cheap",)
        assert contrast.lead == pytest.approx(why.margin)

    def test_an_excluded_option_without_domains_is_scored_among_the_others(self) -> None:
        decision = decide(model=self.GATE, method={"normalization": "vector"})
        why = mcda.explain(decision, "a")
        assert sum(why.contributions.values()) == pytest.approx(why.margin)
        assert why.closeness[1] == pytest.approx(decision.excluded[0].closeness)

    def test_an_excluded_option_that_cannot_be_scored(self) -> None:
        options = {**OPTIONS, "d": {"facts": {"price": 50}}}
        with pytest.raises(
            InputError, match="'d' is excluded, and not all that its scores need is known"
        ):
            mcda.explain(decide(model=self.GATE, options=options), "d")
        assert "d" not in {
            e.option for e in mcda.explain(decide(model=self.GATE, options=options)).contrasts
        }

    def test_the_only_eligible_option_is_explained_against_the_anti_ideal(self) -> None:
        gate = {"gates": {"cheap": {"rule": "price < 22", "because": "Too dear."}}}
        decision = decide(model=gate)
        why = mcda.explain(decision)
        assert (why.option, why.against) == ("c", None)
        assert why.margin == decision.ranking[0].closeness
        said = why.sentences()
        assert said[0] == "c is recommended because it is the only eligible option."
        assert said[1] == "a is excluded: Too dear."
        assert said[2].startswith("On the scale from the worst end (0) to the ideal (1) c reaches")
        assert 3 <= len(said) <= 7

    def test_a_lone_option_without_domains_has_nothing_to_be_compared_with(self) -> None:
        scenario = {
            "id": "one",
            "criteria": {"x": {"direction": "benefit"}},
            "options": {"a": {"x": 3}},
        }
        why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
        assert why.margin == 0
        assert why.contributions == {"x": 0}
        assert any("nothing to measure a against." in each for each in why.sentences())

    def test_a_tie_is_a_statement(self) -> None:
        options = {"a": OPTIONS["a"], "twin": OPTIONS["a"], "b": OPTIONS["b"]}
        decision = decide(options=options)
        assert decision.verdict == "tie"
        why = mcda.explain(decision)
        assert (why.option, why.against, why.margin) == ("a", "twin", 0)
        assert all(amount == 0 for amount in why.contributions.values())
        assert why.sentences()[0].startswith("a and twin tie: both come equally close")
        assert len(why.sentences()) >= 3
        assert "并列" in why.sentences("zh")[0]
        assert all(each.lower is each.upper is None for each in why.influences)
        assert (
            mcda.explain(decision, "b").sentences()[0].startswith("a is among the options that tie")
        )

    def test_a_tie_of_opposites_names_both_sides(self) -> None:
        scenario = {
            "id": "even",
            "criteria": {
                "x": {"direction": "benefit", "domain": [0, 1]},
                "y": {"direction": "benefit", "domain": [0, 1]},
            },
            "options": {"a": {"x": 1, "y": 0}, "b": {"x": 0, "y": 1}},
            "weights": {"points": {"goal": {"x": 1, "y": 1}}},
        }
        why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
        said = " ".join(why.sentences())
        assert "strongest reason for a is x" in said
        assert "Against a speaks y" in said

    def test_nothing_eligible(self) -> None:
        gate = {"gates": {"cheap": {"rule": "price < 2", "because": "Too dear."}}}
        with pytest.raises(InputError, match=r"every option is excluded \(a by cheap; b by cheap"):
            mcda.explain(decide(model=gate))

    @pytest.mark.parametrize(
        ("against", "message"),
        [
            ("bb", "there is no option 'bb'. Did you mean 'b'"),
            ("a", "'a' leads the ranking itself"),
        ],
    )
    def test_refused(self, against: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            mcda.explain(decide(), against)

    def test_only_decisions_are_explained(self) -> None:
        with pytest.raises(InputError, match="Evaluate first"):
            mcda.explain("scenario.yaml")  # type: ignore[arg-type]

    def test_an_option_named_like_the_anti_ideal(self) -> None:
        options = {"a": OPTIONS["a"], ANTI_IDEAL: OPTIONS["b"]}
        assert mcda.explain(decide(options=options), ANTI_IDEAL).against == ANTI_IDEAL


class TestInfluences:
    def test_off_means_none(self) -> None:
        why = mcda.explain(decide(method={"dependencies": "off"}))
        assert why.influences == ()
        assert why.by_dimension == pytest.approx(why.judged_dimensions)
        assert not [1 for *_, edge in why.graph.edges(data=True) if edge["role"] == "influence"]

    def test_flows_of_declared_influences_are_those_of_the_graph(self) -> None:
        why = mcda.explain(decide(), "b")
        graph = why.graph
        use = sum(
            graph.edges[f"criterion:{leaf}", "criterion:money"]["flow"]
            for leaf in ("space", "seats")
        )
        found = {(each.source, each.target): each for each in why.influences}
        assert found["use", "money"].flow == pytest.approx(use)
        assert found["use", "money"].because is not None
        assert graph.edges["criterion:space", "criterion:money"]["because_zh"] == "有用。"
        assert set(why.dematel) == {"use", "money", "air"}
        assert why.dematel["money"][1] < 0 < why.dematel["air"][1]

    def test_the_declared_graph(self) -> None:
        graph = mcda.explain(decide()).influence_graph
        assert set(graph) == {"money", "use", "space", "seats", "air"}
        assert {(a, b): d["share"] for a, b, d in graph.edges(data=True)} == {
            ("use", "money"): 0.2,
            ("air", "use"): 0.1,
        }

    def test_hundreds_of_influences(self) -> None:
        names = [f"c{i}" for i in range(30)]
        rng = np.random.default_rng(0)
        pairs = [(a, b) for a, b in itertools.permutations(names, 2) if rng.random() < 0.4]
        scenario = {
            "id": "web",
            "criteria": {n: {"direction": "benefit", "domain": [0, 1]} for n in names},
            "options": {o: {n: float(rng.random()) for n in names} for o in "ab"},
            "influences": [{"from": a, "to": b, "share": 0.02} for a, b in pairs],
            "weights": {"points": {"goal": dict.fromkeys(names, 1)}},
        }
        assert len(pairs) > 300
        why = mcda.explain(mcda.evaluate(mcda.Scenario.model_validate(scenario)))
        off = mcda.evaluate(
            mcda.Scenario.model_validate({**scenario, "method": {"dependencies": "off"}})
        )
        closeness = {each.option: each.closeness for each in off.ranking}
        whole = why.margin - (closeness[why.option] - closeness[why.against or ""])
        assert why.method == "aumann_shapley"
        assert sum(each.effect for each in why.influences) == pytest.approx(whole, abs=1e-12)
        assert sum(path.amount for path in why.paths) == pytest.approx(why.margin, abs=1e-12)

    def test_an_influence_that_a_formula_repeats(self) -> None:
        model = {
            "measures": {**MODEL["measures"], "clean": "(1 if electric else 0.5) * boxes / 9"},
            "influences": [{"from": "use", "to": "air", "share": 0.1}],
        }
        warning = next(w for w in decide(model=model).warnings if w.code == "doubled")
        assert "The influence of use on air may count twice" in str(warning)
        assert "(boxes)" in str(warning)
        assert "重复" in warning.say("zh")
        # the price is read by money alone; it does not make money's influence a repetition
        apart = {**model, "influences": [{"from": "money", "to": "use", "share": 0.1}]}
        assert not [w for w in decide(model=apart).warnings if w.code == "doubled"]
        off = decide(model=model, method={"dependencies": "off"})
        assert not [w for w in off.warnings if w.code == "doubled"]


def test_sentences_read_as_written() -> None:
    why = mcda.explain(decide(), "b")
    own, theirs = why.closeness
    money = why.contributions["money"]
    assert why.sentences()[0] == (
        f"a is recommended over b: it comes closer to the ideal, with a closeness of {own:.3f} "
        f"against {theirs:.3f}, a lead of {why.margin:.3f}."
    )
    share = why.origins["air"]["use"] / why.by_dimension["air"]
    assert why.sentences()[1] == (
        f"The strongest reason for a is air, which earns it {why.by_dimension['air']:.3f}, mainly because "
        f"of “electric”: yes against no; {share:.0%} of this comes with the importance given to "
        "use, which air drives."
    ).replace("%", " %")
    assert why.sentences()[2].startswith(f"Next comes money, which earns it {money:.3f}")
    assert why.sentences()[3] == "No dimension speaks against a."
    assert why.sentences("zh")[0].startswith("推荐 a，而不是 b：前者更接近理想解")


def test_plain_data_says_everything() -> None:
    why = mcda.explain(decide(), "b")
    data = why.to_dict("zh")
    assert data["format"] == "mcda/explanation/1"
    assert data["contributions"] == why.contributions
    assert sum(
        path.get("amount", path.get("remainder")) for path in data["paths"]
    ) == pytest.approx(why.margin)
    assert data["sentences"] == why.sentences("zh")
    assert {node["id"] for node in data["graph"]["nodes"]} == set(why.graph)


def test_words_in_chinese_sentences_stand_in_quotation_marks() -> None:
    decision = mcda.evaluate("measured/bank-documents")
    said = "".join(mcda.explain(decision).sentences("zh"))
    assert "：“否”，而对方为“是”" in said
    drawn = to_svg(mcda.explain(decision), "zh")
    assert "数据安全要求 → 总目标：+" in drawn
    assert "总目标: " not in drawn

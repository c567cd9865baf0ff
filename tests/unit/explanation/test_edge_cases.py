"""Explanations where something is unusual: cancelling, excluded, extreme, misleading."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import mcda
from mcda.errors import InputError
from mcda.reports.blocks import plain
from mcda.reports.drawing import to_svg
from mcda.reports.explanation import blocks
from mcda.reports.graphs import to_json

LEAF = {"direction": "benefit", "domain": [0, 1]}


def decide(scenario: dict[str, Any], model: dict[str, Any] | None = None) -> mcda.Decision:
    given = {"id": "x", **scenario}
    if model is not None:
        given["criteria"] = mcda.Criteria.model_validate({"id": "m", **model})
    return mcda.evaluate(mcda.Scenario.model_validate(given))


def lead(decision: mcda.Decision, first: str, other: str) -> float:
    closeness = {each.option: each.closeness for each in decision.ranking}
    return closeness[first] - closeness[other]


class TestExcluded:
    MODEL: dict[str, Any] = {
        "facts": {"a": {}, "b": {}, "ok": {"type": "boolean"}},
        "criteria": {"a": {"direction": "benefit"}, "b": {"direction": "benefit"}},
        "influences": [{"from": "a", "to": "b", "share": 0.1}],
        "gates": {"g": {"rule": "ok", "because": "withdrawn"}},
    }
    OPTIONS: dict[str, Any] = {
        "x": {"facts": {"a": 1, "b": 3, "ok": True}},
        "y": {"facts": {"a": 3, "b": 1, "ok": True}},
        "z": {"facts": {"a": 2, "b": 30, "ok": False}},
    }

    def test_the_winner_turns_among_the_eligible_whomever_it_is_compared_with(self) -> None:
        decision = decide(
            {
                "options": self.OPTIONS,
                "weights": {"direct": {"a": 0.4, "b": 0.6}},
                "method": {"normalization": "minmax"},
            },
            self.MODEL,
        )
        (one,), (other,) = mcda.explain(decision).influences, mcda.explain(decision, "z").influences
        assert one.upper == other.upper == (pytest.approx(1 / 6), "y")

    def test_objective_weights_are_those_of_the_eligible(self) -> None:
        model = {
            "profile": {"k": {"domain": [0, 10], "default": 5}},
            "facts": {
                "p": {"domain": [0, 10]},
                "q": {"domain": [0, 10]},
                "ok": {"type": "boolean"},
            },
            "measures": {"mp": "p + 0 * k", "mq": "q"},
            "criteria": {
                "cp": {"direction": "cost", "domain": [0, 10], "measure": "mp"},
                "cq": {"direction": "benefit", "domain": [0, 10], "measure": "mq"},
            },
            "gates": {"g": {"rule": "ok", "because": "no"}},
        }
        options = {
            "a": {"facts": {"p": {"value": 2, "low": 2, "high": 2}, "q": 9, "ok": True}},
            "b": {"facts": {"p": 5, "q": 8, "ok": True}},
            "c": {"facts": {"p": 9, "q": 1, "ok": False}},
        }
        why = mcda.explain(
            decide({"weights": {"objective": "entropy"}, "options": options}, model), "c"
        )
        assert [each.effect for each in why.profile] == [pytest.approx(0), pytest.approx(0)]
        leads = next(each.leads for each in why.evidence.facts if each.fact == "p" and each.leads)
        assert leads == pytest.approx((why.margin, why.margin))

    def test_sentences_name_who_is_meant(self) -> None:
        options = {
            "p": {"facts": {"a": 0.5, "b": 0.4, "ok": True}},
            "q": {"facts": {"a": 0.45, "b": 0.38, "ok": True}},
            "c": {"facts": {"a": 0.2, "b": 0.9, "ok": False}},
        }
        model = {**self.MODEL, "criteria": {"a": LEAF, "b": LEAF}, "influences": []}
        said = mcda.explain(
            decide({"options": options, "weights": {"direct": {"a": 1, "b": 1}}}, model), "c"
        ).sentences()
        assert said[0] == "c is excluded: withdrawn."
        assert said[1].startswith("If c were eligible, it would lead p by")
        assert said[2].startswith("The strongest reason for p is a")
        assert said[3].startswith("Against p speaks b")

    def test_a_gate_that_could_not_be_decided(self) -> None:
        options = {**self.OPTIONS, "z": {"facts": {"a": 2, "b": 30}}}
        why = mcda.explain(
            decide({"options": options, "weights": {"direct": {"a": 1, "b": 1}}}, self.MODEL), "z"
        )
        assert why.sentences()[0] == (
            "z is excluded because it is not known whether it passes: withdrawn."
        )
        assert why.sentences("zh")[0].endswith("withdrawn。")

    def test_a_value_outside_its_domain(self) -> None:
        model = {**self.MODEL, "criteria": {"a": LEAF, "b": LEAF}, "influences": []}
        options = {
            "x": {"facts": {"a": 0.5, "b": 0.5, "ok": True}},
            "z": {"facts": {"a": 5, "b": 0.5, "ok": False}},
        }
        with pytest.raises(InputError, match="its values cannot be scored"):
            mcda.explain(
                decide({"options": options, "weights": {"direct": {"a": 1, "b": 1}}}, model), "z"
            )


class TestWords:
    def test_what_cancels_inside_a_dimension_balances_out(self) -> None:
        why = mcda.explain(
            decide(
                {
                    "criteria": {"q": {"children": {"speed": LEAF, "comfort": LEAF}}},
                    "options": {"a": {"speed": 1, "comfort": 0}, "b": {"speed": 0, "comfort": 1}},
                    "weights": {"direct": {"speed": 1, "comfort": 1}},
                }
            )
        )
        assert why.contributions == pytest.approx({"speed": 0.5, "comfort": -0.5})
        assert "Their strengths and weaknesses balance out" in why.sentences()[1]

    def test_at_the_worst_end_of_everything(self) -> None:
        why = mcda.explain(decide({"criteria": {"a": LEAF}, "options": {"p": {"a": 0}}}))
        assert "On every criterion that counts p stands at the worst end." in why.sentences()

    def test_an_indirect_drive_is_not_called_direct(self) -> None:
        names = [f"{d}{i}" for d in "ABC" for i in range(8)]
        why = mcda.explain(
            decide(
                {
                    "criteria": {
                        d: {"children": {f"{d}{i}": LEAF for i in range(8)}} for d in "ABC"
                    },
                    "options": {
                        o: {n: v if n[0] == "A" else 0.5 for n in names}
                        for o, v in (("x", 0.9), ("y", 0.4))
                    },
                    "influences": [
                        {"from": "A", "to": "B", "share": 0.5},
                        {"from": "B", "to": "C", "share": 0.5},
                    ],
                    "weights": {
                        "direct": {"A": 0.5, "B": 0.05, "C": 0.45, **dict.fromkeys(names, 1)}
                    },
                }
            )
        )
        assert "importance given to C, which A drives by way of B" in why.sentences()[1]

    def test_no_share_above_the_whole(self) -> None:
        why = mcda.explain(
            decide(
                {
                    "criteria": {"A": {"children": {"a1": LEAF, "a2": LEAF}}, "C": LEAF},
                    "influences": [{"from": "a1", "to": "C", "share": 0.3}],
                    "options": {
                        "p": {"a1": 0.95, "a2": 0.1, "C": 0.6},
                        "q": {"a1": 0.1, "a2": 0.9, "C": 0.5},
                    },
                    "weights": {"direct": {"A": 1, "C": 0.3, "a1": 1, "a2": 1.25}},
                }
            )
        )
        assert not [each for each in why.sentences() if "comes with" in each]

    def test_words_that_share_a_number_are_not_used(self) -> None:
        why = mcda.explain(
            decide(
                {
                    "criteria": {
                        "a": {"direction": "benefit", "levels": {"poor": 0, "bad": 0, "good": 1}}
                    },
                    "options": {"p": {"a": "good"}, "q": {"a": "poor"}},
                }
            )
        )
        assert "good against 0" in why.sentences()[1]


class TestEvidence:
    def test_a_range_counts_even_where_the_values_agree(self) -> None:
        why = mcda.explain(
            decide(
                {
                    "criteria": {"s": LEAF, "c": LEAF},
                    "weights": {"direct": {"s": 1, "c": 1}},
                    "options": {
                        "a": {
                            "s": {"value": 0.6, "source": "z"},
                            "c": {"value": 0.5, "low": 0, "high": 1, "source": "z"},
                        },
                        "b": {
                            "s": {"value": 0.5, "source": "z"},
                            "c": {"value": 0.5, "source": "z"},
                        },
                    },
                }
            )
        )
        wide = [(each.option, each.fact) for each in why.evidence.facts if each.wide]
        assert wide == [("a", "c")]
        assert "inside its range the lead goes from" in plain(blocks(why, "en"))

    def test_the_inside_of_a_range_is_looked_at(self) -> None:
        model = {
            "facts": {"p": {"domain": [0, 10]}},
            "measures": {"off": "abs(p - 5)"},
            "criteria": {"a": {"direction": "cost", "domain": [0, 10], "measure": "off"}},
        }
        options = {
            "x": {"facts": {"p": {"value": 7, "low": 3, "high": 7}}},
            "y": {"facts": {"p": 9}},
        }
        why = mcda.explain(decide({"options": options}, model))
        (fact,) = [each for each in why.evidence.facts if each.leads is not None]
        assert fact.leads == pytest.approx((0.2, 0.4))
        assert fact.wide

    def test_parts_vouch_only_for_facts_that_combine(self) -> None:
        model = {
            "facts": {"price": {"domain": [0, 10]}},
            "parts": {"own": {}},
            "measures": {"cost": "coalesce(price, 5)"},
            "criteria": {"c": {"direction": "cost", "domain": [0, 10], "measure": "cost"}},
        }
        options = {
            "h": {"facts": {}, "parts": {"own": "part"}},
            "part": {"facts": {"price": 7}},
            "b": {"facts": {"price": {"value": 9, "source": "s"}}},
        }
        assert mcda.explain(decide({"options": options}, model), "b").evidence.unsourced == 0


class TestExtremes:
    def test_measures_in_tiny_units_stay_exact(self) -> None:
        model = {
            "facts": {"x": {}, "y": {}, "split": {"type": "boolean"}},
            "parts": {"own": {}},
            "measures": {"cost": "(own.x if split else x) * (2 if known(y) else 1)"},
            "criteria": {"c": {"direction": "cost", "domain": [0, 1e-11], "measure": "cost"}},
        }
        options = {
            "h": {"facts": {"split": True}, "parts": {"own": "p"}},
            "p": {"facts": {"x": 1e-12, "split": False}},
            "b": {"facts": {"x": 4e-12, "y": 1, "split": False}},
        }
        why = mcda.explain(decide({"options": options}, model), "b")
        flow = sum(edge["flow"] for *_, edge in why.graph.in_edges("goal", data=True))
        assert flow == pytest.approx(why.margin, abs=1e-12)

    def test_facts_in_large_units_are_told_apart(self) -> None:
        model = {
            "facts": {"u": {}, "v": {}},
            "measures": {"sum": "u + v"},
            "criteria": {
                "c": {"direction": "benefit", "domain": [1.7e9, 1.7e9 + 17], "measure": "sum"}
            },
        }
        options = {"p": {"facts": {"u": 1.7e9, "v": 3}}, "q": {"facts": {"u": 1.7e9 - 1, "v": 5}}}
        why = mcda.explain(decide({"options": options}, model))
        amounts = {str(slot): amount for slot, amount in why.facts["c"].amounts.items()}
        assert amounts["v"] == pytest.approx(2 * why.margin, rel=1e-6)
        assert amounts["u"] == pytest.approx(-why.margin, rel=1e-6)

    @pytest.mark.parametrize("weighting", ["linear", "classic", "hierarchical"])
    def test_many_influences_on_weights_that_start_at_zero(self, weighting: str) -> None:
        names = [f"b{i}" for i in range(15)]
        scenario = {
            "criteria": {"a": LEAF, **dict.fromkeys(names, LEAF)},
            "influences": [{"from": name, "to": "a", "share": 0.05} for name in names],
            "options": {
                "x": {"a": 0, **dict.fromkeys(names, 0.9)},
                "y": {"a": 0, **dict.fromkeys(names, 0.4)},
            },
            "weights": {"direct": {"a": 1, **dict.fromkeys(names, 0)}},
            "method": {"weighting": weighting},
        }
        why = mcda.explain(decide(scenario))
        off = decide({**scenario, "method": {"weighting": weighting, "dependencies": "off"}})
        assert sum(each.effect for each in why.influences) == pytest.approx(
            why.margin - lead(off, "x", "y"), abs=1e-9
        )

    def test_a_ring_that_passes_nearly_everything_on(self) -> None:
        names = [f"b{i}" for i in range(16)]
        rng = np.random.default_rng(0)
        scenario = {
            "criteria": dict.fromkeys(names, LEAF),
            "influences": [
                {"from": a, "to": b, "share": 0.99}
                for a, b in zip(names, names[1:] + names[:1], strict=True)
            ],
            "options": {o: {n: float(rng.random()) for n in names} for o in "xy"},
            "weights": {"direct": {n: float(rng.random()) for n in names}},
        }
        why = mcda.explain(decide(scenario))
        off = decide({**scenario, "method": {"dependencies": "off"}})
        assert why.against is not None
        assert sum(each.effect for each in why.influences) == pytest.approx(
            why.margin - lead(off, why.option, why.against), abs=1e-9
        )

    def test_an_influence_with_share_zero_has_a_turn_too(self) -> None:
        scenario = {
            "criteria": {"a": LEAF, "b": LEAF, "c": LEAF},
            "options": {"p": {"a": 0.1, "b": 0.9, "c": 0.5}, "q": {"a": 0.9, "b": 0.2, "c": 0.5}},
            "influences": [{"from": "a", "to": "b", "share": 0}],
            "weights": {"direct": {"a": 1, "b": 1.2, "c": 1}},
        }
        (only,) = mcda.explain(decide(scenario)).influences
        assert (only.flow, only.effect) == (0, 0)
        assert only.upper is not None
        share, rival = only.upper
        assert rival == "q"
        for near, winner in ((share - 1e-6, "p"), (share + 1e-6, "q")):
            edge = {"from": "a", "to": "b", "share": near}
            assert decide({**scenario, "influences": [edge]}).recommended == winner

    def test_a_third_option_does_not_hide_an_effect(self) -> None:
        model = {
            "profile": {"k": {"domain": [0, 10], "default": 5}},
            "facts": {"x": {"domain": [0, 10]}},
            "measures": {"cost": "x * k"},
            "criteria": {"c": {"direction": "cost", "domain": [0, 21], "measure": "cost"}},
        }
        options = {name: {"facts": {"x": x}} for name, x in (("p", 2), ("q", 3), ("r", 4.1))}
        why = mcda.explain(decide({"options": options}, model))
        up = next(each for each in why.profile if each.changed == 6.0)
        assert up.effect == pytest.approx(6 / 21 - 5 / 21)

    def test_a_field_that_only_a_gate_reads_is_shown_where_it_excludes(self) -> None:
        model = {
            "profile": {"cash": {"domain": [0, 10], "default": 5}, "idle": {"default": 1}},
            "facts": {"x": {"domain": [0, 10]}},
            "criteria": {"c": {"direction": "benefit", "domain": [0, 10], "fact": "x"}},
            "gates": {"g": {"rule": "x <= cash + 0.5", "because": "Too dear."}},
        }
        why = mcda.explain(
            decide({"options": {n: {"facts": {"x": x}} for n, x in (("p", 5), ("q", 3))}}, model)
        )
        (step,) = why.profile
        assert (step.field, step.changed, step.excluded) == ("cash", 4.0, ("p",))

    def test_a_step_that_is_not_finite_is_not_taken(self) -> None:
        model = {
            "profile": {"k": {"domain": [-1.7e308, 1.7e308], "default": 1.7e308}},
            "facts": {"x": {"domain": [0, 10]}},
            "measures": {"m": "x if k > 0 else 0"},
            "criteria": {"c": {"direction": "benefit", "domain": [0, 10], "measure": "m"}},
        }
        options = {n: {"facts": {"x": x}} for n, x in (("p", 5), ("q", 3))}
        why = mcda.explain(decide({"options": options}, model))
        assert len(why.profile) == 1
        json.loads(to_json(why))

    @pytest.mark.parametrize("against", [5, 1.5, True, ["a"], b"a"])
    def test_against_is_a_name(self, against: Any) -> None:
        decision = decide({"criteria": {"a": LEAF}, "options": {"p": {"a": 0}}})
        with pytest.raises(InputError, match="against= is an option's name"):
            mcda.explain(decision, against)

    def test_titles_as_long_as_books_are_drawn_at_once(self) -> None:
        leaf = {**LEAF, "title": "名称" * 100_000}
        decision = decide({"criteria": {"a": leaf}, "options": {"p": {"a": 0}, "q": {"a": 1}}})
        assert len(to_svg(mcda.explain(decision))) > 100_000

    @pytest.mark.parametrize("code", [0xFFFE, 0xFFFF, 0x1FFFE, 0xFDD0])
    def test_what_xml_cannot_hold_is_refused(self, code: int) -> None:
        with pytest.raises(ValueError, match="invisible character"):
            decide(
                {"criteria": {"a": {**LEAF, "title": f"x{chr(code)}"}}, "options": {"p": {"a": 0}}}
            )

    def test_a_large_web_takes_seconds(self) -> None:
        rng = np.random.default_rng(0)
        names = [f"c{i}" for i in range(60)]
        edges = {tuple(map(str, rng.choice(names, 2, replace=False))) for _ in range(200)}
        scenario = {
            "criteria": dict.fromkeys(names, LEAF),
            "options": {f"o{i}": {n: float(rng.random()) for n in names} for i in range(100)},
            "influences": [{"from": a, "to": b, "share": 0.03} for a, b in sorted(edges)],
            "weights": {"direct": dict.fromkeys(names, 1)},
        }
        why = mcda.explain(decide(scenario))
        assert len(why.influences) == len(edges)

"""The report of an evaluation."""

from __future__ import annotations

import pytest

import mcda
from mcda.model.language import Language
from mcda.reports.blocks import Paragraph, markdown
from mcda.reports.evaluation import blocks, exclusions, ways_in


def test_judges_who_compare_options_are_told_apart_by_the_options_names() -> None:
    decision = mcda.evaluate(
        mcda.Scenario.model_validate(
            {
                "id": "votes",
                "criteria": {"taste": {"direction": "benefit"}},
                "options": {"tea": {}, "milk": {}},
                "weights": {
                    "judges": {
                        "ann": {"judgements": {"taste": {"tea vs milk": 3}}},
                        "bob": {"judgements": {"taste": {"tea vs milk": 1 / 5}}},
                    }
                },
                "method": {"normalization": "vector"},
            }
        )
    )
    texts = [each.text for each in blocks(decision, "en") if isinstance(each, Paragraph)]
    assert "Far apart on tea vs milk: bob says 0.2, ann says 3." in texts


ASKED = {
    "en": "open by licence: it is not known whether it passes. Find out: The licence permits the use "
    "(licence_permits_use), ",
    "zh": "open（门槛 licence）：尚不清楚能否通过。请查明：许可证允许该用途（licence_permits_use）、",
}


@pytest.mark.parametrize(("lang", "asserted"), [("en", "does not permit"), ("zh", "不允许")])
def test_what_is_not_known_is_asked_for_and_not_asserted(lang: Language, asserted: str) -> None:
    decision = mcda.evaluate("scenarios/articles/000-clip.yaml", facts="facts-2026-11")
    said = markdown(tuple(exclusions(decision, lang))).replace("\\", "")
    assert ASKED[lang] in said
    assert asserted not in said


def test_changes_that_admit_an_option_end_without_a_gap() -> None:
    decision = mcda.evaluate("scenarios/knock-outs/ko-capex.yaml")
    said = markdown(tuple(ways_in(decision, "zh")))
    assert "由 0 kUSD 改为 400 kUSD。" in said


def test_several_that_gates_exclude_are_compared_with_the_winner() -> None:
    decision = mcda.evaluate("scenarios/knock-outs/ko-licence.yaml")
    said = markdown(tuple(exclusions(decision, "en")))
    assert said.count("By its scores alone it would come before api.") == 2

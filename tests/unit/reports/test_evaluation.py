"""The report of an evaluation."""

from __future__ import annotations

import mcda
from mcda.reports.blocks import Paragraph
from mcda.reports.evaluation import blocks


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

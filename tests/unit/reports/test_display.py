"""Results show themselves."""

from __future__ import annotations

import html.parser
from typing import Any

import pytest
from rich.console import Console

import mcda

NASTY = "<script>alert('x')</script> & \"q\""


def laptop(**more: Any) -> mcda.Decision:
    return mcda.decide(
        {NASTY: {"price": 900, "<b>": 9}, "b": {"price": 1500, "<b>": 16}},
        {("price", "<b>"): 2},
        {"price": "cost", "<b>": "benefit"},
        **more,
    )


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("what", ["decision", "explanation", "sensitivity", "ahp", "topsis"])
def test_html_is_well_formed_and_escaped(what: str) -> None:
    decision = laptop()
    result: Any = {
        "decision": decision,
        "explanation": mcda.explain(decision),
        "sensitivity": mcda.sensitivity(decision, samples=64),
        "ahp": mcda.ahp({(NASTY, "b"): 3}),
        "topsis": mcda.topsis([[1, 2], [3, 4]], [1, 1], ["max", "min"]),
    }[what]
    for lang in ("en", "zh"):
        page = Tags()
        page.feed(result.to_html(lang))
        assert not page.open
        assert set(page.seen) <= {
            "div",
            "h3",
            "h4",
            "p",
            "strong",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }
        if what != "topsis":
            assert NASTY in page.text
    assert result._repr_html_() == result.to_html("en")
    assert str(result) == result.to_text("en")
    console = Console(width=80, record=True, file=__import__("io").StringIO())
    console.print(result)
    assert console.export_text().strip()


def test_text_is_what_the_command_prints() -> None:
    from mcda.reports.blocks import plain
    from mcda.reports.evaluation import blocks

    decision = laptop()
    assert str(decision) == plain(blocks(decision, "en"))
    assert repr(decision) == f"<Decision 'decision': {decision.recommended!r}, {decision.verdict}>"


def test_frames_are_tidy() -> None:
    decision = laptop(domain={"price": [0, 2000], "<b>": [0, 20]})
    frame = decision.to_frame("polars")
    assert frame["option"].to_list() == [each.option for each in decision.ranking]
    assert frame["closeness"].to_list() == [each.closeness for each in decision.ranking]
    why = mcda.explain(decision).to_frame("polars")
    assert why["contribution"].sum() == pytest.approx(decision.margin, abs=1e-12)
    assert why["share"].sum() == pytest.approx(1.0, abs=1e-12)
    flips = mcda.sensitivity(decision, samples=64).to_frame()
    assert flips["distance"].is_monotonic_increasing
    weights = mcda.ahp({("x", "y"): 3}).to_frame("pyarrow").to_pydict()
    assert weights == {"criterion": ["x", "y"], "weight": pytest.approx([0.75, 0.25])}
    batch = mcda.topsis([[[1, 2], [3, 4]], [[4, 1], [2, 3]]], [1, 1], ["max", "max"]).to_frame()
    assert batch["problem"].tolist() == [1, 1, 2, 2]
    assert batch["option"].tolist() == [1, 2, 1, 2]


def test_excluded_options_and_no_winner() -> None:
    scenario = mcda.Scenario(
        id="none",
        criteria={"x": {"direction": "max", "domain": [0, 1]}},
        options={"a": {"x": 0.5}, "b": {"x": 1}},
        constraints={"high": {"rule": "x > 2", "because": "too low"}},
    )
    decision = mcda.evaluate(scenario)
    rows = decision.to_frame("polars").to_dicts()
    assert [row["gates"] for row in rows] == ["high", "high"]
    assert [row["rank"] for row in rows] == [None, None]
    assert "too low" in decision.to_html()


def test_wrong_kinds_are_refused() -> None:
    with pytest.raises(mcda.McdaError, match="Did you mean 'polars'"):
        laptop().to_frame("polar")  # type: ignore[arg-type]


def test_batches_show_their_first_rows() -> None:
    import numpy as np

    batch = mcda.ahp(np.ones((30, 2, 2)))
    assert "and 40 more rows" in str(batch)
    assert batch.to_frame("polars")["weight"].to_list() == [0.5] * 60
    assert "<table>" in batch._repr_html_()


def test_the_catalogue_shows_itself() -> None:
    shipped = mcda.catalog()
    assert "ai-sourcing" in str(shipped)
    frame = shipped.to_frame("polars")
    assert frame.height == len(shipped.entries)
    assert set(frame["kind"]) == {"criteria", "facts", "scenario", "portfolio"}

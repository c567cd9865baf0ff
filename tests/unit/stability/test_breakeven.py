"""Break-evens against fractions and against looking at every place."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import mcda
from mcda.cli.main import cli
from mcda.engine.evaluate import evaluate
from mcda.errors import InputError
from mcda.model.resolve import resolve
from mcda.reports.blocks import plain, width_of
from mcda.reports.breakeven import break_even_blocks
from mcda.stability.breakeven import BreakEven, asked_for
from tests.unit.cli.test_cli import run

COPIER: dict[str, Any] = {
    "profile": {"pages": {"domain": [0, 10000], "default": 500}, "colour": {"default": 0}},
    "facts": {
        "fixed": {"domain": [0, None], "unit": "EUR"},
        "each": {"domain": [0, None]},
        "lot": {"domain": [0, None]},
        "size": {"domain": [0, None]},
    },
    "measures": {
        "cost": {"formula": "fixed + each * pages + lot * ceil(pages / size)", "unit": "EUR"},
        "colourful": "cost + colour",
        "ratio": "cost / pages",
        "many": "pages > 100",
    },
    "criteria": {
        "money": {"measure": "colourful", "direction": "cost", "domain": [-1e9, 1e9]},
        "toner": {"fact": "fixed", "direction": "cost", "domain": [0, 1e6]},
    },
    "judgements": {"goal": {"money vs toner": 1}},
}


def decide(options: dict[str, dict[str, Any]], **model: Any) -> mcda.Decision:
    nothing = {"fixed": 0, "each": 0, "lot": 0, "size": 1}
    scenario = mcda.Scenario.model_validate(
        {
            "id": "copier",
            "criteria": "copier",
            "options": {name: {"facts": {**nothing, **facts}} for name, facts in options.items()},
        }
    )
    criteria = mcda.Criteria.model_validate({"id": "copier", **COPIER, **model})
    return evaluate(resolve(scenario, criteria, None))


def found(options: dict[str, dict[str, Any]], **keys: Any) -> BreakEven:
    [only] = mcda.break_even(decide(options), "cost", "pages", **keys)
    return only


def regions(of: BreakEven) -> list[tuple[float, float, str | None]]:
    return [(round(each.low, 6), round(each.high, 6), each.lower) for each in of.regions]


class TestPoints:
    def test_two_lines(self) -> None:
        """300 + p / 50 = 60 + p / 10 at p = 240 / (2 / 25) = 3000."""
        one = found({"a": {"fixed": 300, "each": 0.02}, "b": {"fixed": 60, "each": 0.1}})
        expected = Fraction(300 - 60) / (Fraction(1, 10) - Fraction(1, 50))
        [point] = one.points
        assert point.low == point.high == pytest.approx(float(expected), rel=1e-13)
        assert (point.below, point.above, point.jump) == ("b", "a", False)
        first, second = one.first_value, one.second_value
        assert {one.first: first, one.second: second} == {"a": 310, "b": 110}
        assert (one.low, one.high, one.value, one.unit) == (0, 10000, 500, "EUR")
        assert one.ranged == ()
        assert one.throughout is None

    def test_no_tie_is_an_answer(self) -> None:
        one = found({"a": {"fixed": 1, "each": 0.1}, "b": {"fixed": 2, "each": 0.2}})
        assert one.points == ()
        assert one.throughout == "a"
        assert regions(one) == [(0, 10000, "a")]

    def test_equal_throughout(self) -> None:
        [point] = found({"a": {"fixed": 1}, "b": {"fixed": 1}}).points
        assert (point.low, point.high, point.below, point.above) == (0, 10000, None, None)

    def test_a_tie_at_the_end(self) -> None:
        [point] = found({"a": {"each": 0.1}, "b": {"each": 0.2}}).points
        assert (point.low, point.below, point.above) == (0, None, "a")

    def test_a_jump_is_no_tie(self) -> None:
        """Every 4000 pages a machine of 100 more: 50 lies between 0 and 100."""
        one = found({"a": {"lot": 100, "size": 4000}, "b": {"fixed": 150}})
        [point] = one.points
        assert point.jump
        assert point.low == pytest.approx(4000, rel=1e-12)
        assert (point.below, point.above) == ("a", "b")

    @settings(max_examples=12, deadline=None)
    @given(
        st.integers(1, 60),
        st.integers(20, 400),
        st.integers(1, 40),
        st.integers(0, 500),
    )
    def test_a_staircase_against_every_step(
        self, lot: int, size: int, cents: int, fixed: int
    ) -> None:
        """Between two steps the staircase is flat: every crossing is a fraction or a step."""
        each = Fraction(cents, 100)
        expected: list[tuple[Fraction, bool]] = []
        sign = _sign(Fraction(lot) * 0 + fixed - 0)
        # at 0 there are no steps yet; then floor k covers ((k - 1) size, k size]
        steps = range(1, 10000 // size + 2)
        for k in steps:
            level = Fraction(fixed + lot * k)
            start, end = Fraction((k - 1) * size), min(Fraction(k * size), Fraction(10000))
            if start >= 10000:
                break
            after = _sign(level - each * start)
            if after and sign and after != sign:
                expected.append((start, True))
            sign = after or sign
            meets = level / each
            if start < meets < end:
                expected.append((meets, False))
                sign = -1
            elif end > start:
                sign = _sign(level - each * end) or sign
        one = found({"a": {"fixed": fixed, "lot": lot, "size": size}, "b": {"each": cents / 100}})
        inside = [point for point in one.points if point.below and point.above]
        touched = any(
            level == each * end
            for k in steps
            for level in [Fraction(fixed + lot * k)]
            for end in [Fraction(k * size), Fraction((k - 1) * size)]
        )
        if not touched:  # a tie at the very edge of a step is a matter of the last digit
            assert [point.jump for point in inside] == [jump for _, jump in expected]
            assert [point.low for point in inside] == pytest.approx(
                [float(at) for at, _ in expected], rel=1e-9
            )
        assert one.complete

    def test_where_a_formula_fails_nothing_is_said(self) -> None:
        """cost / pages has no value at 0; elsewhere the tie is found."""
        decision = decide({"a": {"fixed": 300, "each": 0.02}, "b": {"fixed": 60, "each": 0.1}})
        [one] = mcda.break_even(decision, "ratio", "pages")
        assert one.points[0].low == pytest.approx(3000, rel=1e-12)

    def test_along_a_fact_of_one_option(self) -> None:
        decision = decide({"a": {"fixed": 300, "each": 0.02}, "b": {"fixed": 60, "each": 0.1}})
        [one] = mcda.break_even(decision, "cost", ("a", "fixed"))
        assert one.points[0].low == pytest.approx(100)
        assert (one.option, one.along, one.along_unit) == ("a", "fixed", "EUR")
        assert (one.low, one.high) == (0, 300_000)
        assert asked_for(decision, "cost", "a:fixed", "b,a")[0].first == "b"

    def test_three_options_are_compared_in_pairs(self) -> None:
        options = {name: {"fixed": 100 * k, "each": 0.3 / k} for k, name in enumerate("abc", 1)}
        pairs = mcda.break_even(decide(options), "cost", "pages")
        assert {frozenset((each.first, each.second)) for each in pairs} == {
            frozenset(pair) for pair in ("ab", "ac", "bc")
        }

    @pytest.mark.parametrize(
        ("fixed", "each", "said"),
        [
            (300, 0.02, "They tie at 10000, the upper end; below it a is lower."),
            (500, 0.02, "They tie at 0, the lower end; above it b is lower."),
        ],
    )
    def test_a_tie_at_an_end_is_one_place(self, fixed: float, each: float, said: str) -> None:
        """500 = 300 + p / 50 at p = 10000, and 500 = 500 + p / 50 at p = 0."""
        options = {"a": {"fixed": fixed, "each": each}, "b": {"fixed": 500}}
        decision = decide(options)
        pairs = mcda.break_even(decision, "cost", "pages")
        assert said in " ".join(plain(break_even_blocks(pairs, (), decision, "en")).split())
        chinese = "".join(plain(break_even_blocks(pairs, (), decision, "zh")).split())
        assert f"端{said.split(',')[0].rsplit(maxsplit=1)[-1]}处持平" in chinese


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


class TestRanges:
    A = {"fixed": {"value": 300, "low": 240, "high": 420}, "each": 0.02}
    B = {"fixed": 60, "each": {"value": 0.1, "low": 0.08, "high": 0.14}}

    def test_the_ends_of_the_range_are_those_of_the_corners(self) -> None:
        """(240 - 60) / (0.14 - 0.02) = 1500; (420 - 60) / (0.08 - 0.02) = 6000."""
        one = found({"a": self.A, "b": self.B})
        assert regions(one) == [(0, 1500, "b"), (1500, 6000, None), (6000, 10000, "a")]
        assert one.points[0].low == pytest.approx(3000)
        assert set(one.ranged) == {("a", "fixed"), ("b", "each")}
        assert one.bounded

    def test_a_fact_that_options_share_moves_as_one(self) -> None:
        """Both pay the same market price for the machine, so only the pages count."""
        shared = {"value": 300, "low": 0, "high": 9000, "unit": "EUR", "source": "market"}
        shop = decide({"a": {"fixed": shared, "each": 0.1}, "b": {"fixed": shared, "each": 0.2}})
        [one] = mcda.break_even(shop, "cost", "pages")
        assert (one.ranged, one.still) == ((), (("a", "fixed"),))
        for lang, part in (
            ("en", "rangesof“fixed”donotchangethedifference,sothisisasinglefigure"),
            ("zh", "“fixed”的区间不影响两者之差，因此仅得单一数值"),
        ):
            said = plain(list(break_even_blocks([one], (), shop, lang)))
            assert part in "".join(said.split())
            assert "No fact behind it has a range" not in " ".join(said.split())
        other = {**shared, "source": "own offer"}
        apart = found({"a": {"fixed": shared, "each": 0.1}, "b": {"fixed": other, "each": 0.2}})
        assert len(apart.ranged) == 2
        assert [each.lower for each in apart.regions] == [None]

    def test_draws_never_leave_what_the_ends_give(self) -> None:
        import numpy as np

        one = found({"a": self.A, "b": self.B})
        rng = np.random.default_rng(5)
        for fixed, each in zip(rng.uniform(240, 420, 40), rng.uniform(0.08, 0.14, 40), strict=True):
            tie = (fixed - 60) / (each - 0.02)
            assert one.regions[1].low <= tie <= one.regions[1].high

    def test_facts_that_only_count_together_are_told(self) -> None:
        """One by one, each - size moves |each - size| one way; together further."""
        bent = {"cost": "fixed + abs(each - lot) * pages"}
        both = {"each": {"value": 2, "low": 0, "high": 4}, "lot": {"value": 2, "low": 0, "high": 4}}
        decision = decide(
            {"a": both, "b": {"fixed": 4000}},
            measures={**bent, "colourful": "cost + colour"},
        )
        [one] = mcda.break_even(decision, "cost", "pages")
        assert not one.bounded
        assert set(one.ranged) == {("a", "each"), ("a", "lot")}
        text = plain(list(break_even_blocks([one], (), decision, "en")))
        assert "the interval may be wider" in " ".join(text.split())


class TestDeclared:
    LINE = {"pages": {"title": {"en": "Pages", "zh": "页数"}, "measure": "cost", "along": "pages"}}

    def test_it_stands_in_the_sensitivity(self) -> None:
        decision = decide({"a": TestRanges.A, "b": TestRanges.B}, break_evens=self.LINE)
        shown = mcda.sensitivity(decision, samples=64)
        [one] = shown.break_evens
        assert one.name == "pages"
        assert json.loads(json.dumps(shown.to_dict()))["break_evens"][0]["points"][0][
            "low"
        ] == pytest.approx(3000)
        assert "Pages" in shown.to_text()
        assert "页数" in shown.to_text("zh")

    def test_what_is_not_known_of_a_pair_is_left_out(self) -> None:
        line = {"x": {"measure": "cost", "along": "pages", "over": [0, 10]}}
        decision = decide(
            {"a": {"each": 1}, "b": {"each": 2}, "c": {"each": None}},
            break_evens=line,
            criteria={"toner": COPIER["criteria"]["toner"]},
            judgements={},
        )
        pairs = mcda.sensitivity(decision).break_evens
        assert [{each.first, each.second} for each in pairs] == [{"a", "b"}]

    def test_options_and_pairs_without_one_are_named_with_the_reason(self) -> None:
        line = {"x": {"measure": "cost", "along": "pages", "over": [0, 10]}}
        options: dict[str, Any] = {
            name: {"fixed": 10 * k, "each": 1 / k, "size": k}
            for k, name in enumerate(("a", "b", "c", "d", "e", "out"), 1)
        }
        options["b"]["each"] = None
        decision = decide(
            options,
            break_evens=line,
            criteria={"size": {"direction": "cost", "domain": [0, 100]}},
            judgements={},
            gates={"few": {"rule": "size < 6", "because": "Too large."}},
        )
        assert [each.option for each in decision.ranking] == list("abcde")
        shown = mcda.sensitivity(decision, samples=64)
        pairs = {(each.first, each.second) for each in shown.break_evens}
        assert pairs == {("a", "c"), ("a", "d"), ("c", "d")}
        left = [(each.options, each.reason, each.missing) for each in shown.not_compared]
        assert left == [
            (("a", "b"), "unknown", ("each",)),
            (("b", "c"), "unknown", ("each",)),
            (("b", "d"), "unknown", ("each",)),
            (("e",), "rank", ()),
            (("out",), "excluded", ()),
        ]
        # every option is in a pair or is said to be in none
        named = {name for each in pairs for name in each}.union(*(each[0] for each in left))
        assert named == set(options)
        assert shown.to_dict()["not_compared"][3] == {
            "name": "x", "options": ["e"], "reason": "rank", "missing": []
        }  # fmt: skip
        for lang, parts in {
            "en": ("a and b cannot be compared: not all is known that it needs (each).",
                   "as only the first of the ranking are: e.", "as they are excluded: out."),
            "zh": ("a 与 b 无法比较：尚缺所需信息（each）。", "以下未比较：e。", "以下选项已被排除，未作比较：out。"),
        }.items():  # fmt: skip
            text = "".join(shown.to_text(lang).split())
            for part in parts:
                assert "".join(part.split()) in text

    def test_pairs_for_which_nothing_varies_are_named(self) -> None:
        line = {"x": {"measure": "fixed", "along": "pages", "over": [0, 10]}}
        decision = decide({"a": {"fixed": 1}, "b": {"fixed": 2}}, break_evens=line)
        shown = mcda.sensitivity(decision, samples=64)
        assert shown.break_evens == ()
        [left] = shown.not_compared
        assert (left.name, set(left.options), left.reason) == ("x", {"a", "b"}, "independent")
        assert "it does not depend on what varies" in " ".join(shown.to_text().split())

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ({"measure": "csot", "along": "pages"}, r"no numeric fact 'csot'. Did you mean 'cost'"),
            ({"measure": "cost", "along": "pagse"}, r"profile field 'pagse'. Did you mean 'pages'"),
            ({"measure": "cost", "along": "pages", "over": [5, 5]}, r"over"),
            ({"measure": "cost"}, r"along"),
        ],
    )
    def test_wrong_ones_are_refused(self, line: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            decide({"a": {}, "b": {}}, break_evens={"x": line})


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("csot", "pages"), r"no measure and no numeric fact 'csot'\. Did you mean 'cost'\?"),
            (("many", "pages"), r"no measure and no numeric fact 'many'"),
            (("cost", "page"), r"no numeric profile field 'page'\. Did you mean 'pages'\?"),
            (("cost", "colour"), r"'cost' of '.' and '.' does not depend on 'colour'"),
            (("cost", ("x", "each")), r"there is no option 'x'"),
            (("cost", ("a", "eahc")), r"no numeric fact 'eahc'\. Did you mean 'each'\?"),
        ],
    )
    def test_names(self, arguments: Any, message: str) -> None:
        with pytest.raises(InputError, match=message):
            mcda.break_even(decide({"a": {}, "b": {}}), *arguments)

    @pytest.mark.parametrize(
        ("keys", "message"),
        [
            ({"between": ("a", "a")}, "Name two different options"),
            ({"between": ("a", "x")}, "there is no option 'x'"),
            ({"over": (3, 3)}, "the lower first"),
            ({"over": (0, float("inf"))}, "the lower first"),
        ],
    )
    def test_arguments(self, keys: Any, message: str) -> None:
        with pytest.raises(InputError, match=message):
            mcda.break_even(decide({"a": {}, "b": {}}), "cost", "pages", **keys)

    def test_one_option(self) -> None:
        with pytest.raises(InputError, match="there is one option only"):
            mcda.break_even(decide({"a": {}}), "cost", "pages")

    def test_no_decision(self) -> None:
        with pytest.raises(InputError, match="expected a decision, got str"):
            mcda.break_even("x", "cost", "pages")  # type: ignore[arg-type]

    def test_missing_facts_are_named(self) -> None:
        decision = decide(
            {"a": {"each": 1}, "c": {"each": None}},
            criteria={"toner": COPIER["criteria"]["toner"]},
            judgements={},
        )
        with pytest.raises(InputError, match=r"not known for both '.' and '.'\. Give each"):
            mcda.break_even(decision, "cost", "pages")


class TestCommand:
    BANK = "scenarios/measured/bank-documents.yaml"

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_it_says_both_the_point_and_the_range(self, lang: str) -> None:
        done = run(
            "sensitivity", self.BANK, "--break-even", "total_cost", "--along", "tokens_per_month",
            "--between", "open,api", "--over", "0..30000", "--lang", lang,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert max(width_of(line) for line in done.stdout.splitlines()) <= 80
        said = "".join(done.stdout.split())
        for part in {
            "en": ("Theytieat12600", "Factsanywhereintheirranges", "apiislowerforcertain"),
            "zh": ("两者在12600处持平：", "仅在460.76与30000之间可能持平。", "盈亏平衡点"),
        }[lang]:
            assert part in said
        if lang == "zh":
            assert not [
                said[at : at + 2]
                for at in range(len(said) - 1)
                if said[at] in ",;()" and "\u4e00" <= said[at + 1] <= "\u9fff"
            ]

    @pytest.mark.parametrize(
        ("arguments", "status", "message"),
        [
            (("--along", "x"), 2, "--along goes with --break-even"),
            (("--break-even", "total_cost"), 2, "--break-even needs --along"),
            (("--break-even", "x", "--along", "y", "--over", "1-2"), 2, "'1-2' is not a range"),
            (("--break-even", "x", "--along", "y", "--format", "csv"), 2, "have no CSV"),
            (("--break-even", "total_cots", "--along", "sigma"), 1, "Did you mean 'total_cost'"),
        ],
    )
    def test_usage(self, arguments: tuple[str, ...], status: int, message: str) -> None:
        done = CliRunner().invoke(cli, ["sensitivity", self.BANK, *arguments])
        assert done.exit_code == status
        assert message in done.stderr
        assert done.stdout == ""

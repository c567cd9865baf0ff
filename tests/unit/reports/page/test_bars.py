"""Drawings inside tables: lengths are proportional to numbers worked out here."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from mcda.reports.page.bars import Scale, interval_track, level, reach, step

RECTANGLE = re.compile(r'<rect class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"')
LINE = re.compile(r'<line class="(\w+)" x1="([\d.]+)" x2="([\d.]+)"')


def rectangles(drawing: str) -> list[tuple[str, float, float]]:
    return [(kind, float(x), float(width)) for kind, x, width in RECTANGLE.findall(drawing)]


def lines(drawing: str) -> dict[str, float]:
    return {kind: float(x) for kind, x, _ in LINE.findall(drawing)}


@pytest.mark.parametrize("share", [0.0, 0.25, 0.9696, 1.0])
def test_a_level_is_as_long_as_its_share(share: float) -> None:
    [(kind, x, width)] = rectangles(level(share))
    assert (kind, x) == ("for", 0.0)
    assert width == pytest.approx(1000 * share, abs=0.005)


def test_steps_of_a_waterfall_meet() -> None:
    # from 1/2 by +1/4 and -1/10 to 13/20, on a scale from 0.4 to 0.8
    levels = [Fraction(1, 2), Fraction(3, 4), Fraction(13, 20)]
    scale = Scale(0.4, 0.8)
    place = [float((each - Fraction(2, 5)) / Fraction(2, 5) * 1000) for each in levels]
    up = step(scale, 0.5, 0.75, first=False, last=False)
    down = step(scale, 0.75, 0.65, first=False, last=False)
    assert rectangles(up) == [("for", place[0], place[1] - place[0])]
    assert rectangles(down) == [("against", place[2], place[1] - place[2])]
    # the line into a step stands where the step before ends
    assert [float(x) for _, x, _ in LINE.findall(up)] == [place[0], place[1]]
    assert [float(x) for _, x, _ in LINE.findall(down)] == [place[1], place[2]]


def test_a_step_of_nothing_is_a_line() -> None:
    drawing = step(Scale(0.0, 1.0), 0.3, 0.3, first=False, last=False)
    assert rectangles(drawing) == []
    assert lines(drawing) == {"join": 300.0}


def test_totals_are_marks() -> None:
    first = step(Scale(0.0, 1.0), 0.2, 0.2, first=True, last=False)
    last = step(Scale(0.0, 1.0), 0.8, 0.8, first=False, last=True)
    assert lines(first)["total"] == 200.0
    assert lines(last)["total"] == 800.0
    assert rectangles(first) == rectangles(last) == []


def test_reach_begins_in_the_middle() -> None:
    # the farthest of all is 0.4: a distance of 0.1 is an eighth of the whole, 0.3 three eighths
    drawing = reach(0.4, 0.1, 0.3)
    assert rectangles(drawing) == [("for", 375.0, 125.0), ("for", 500.0, 375.0)]
    assert lines(drawing)["zero"] == 500.0
    assert rectangles(reach(0.4, None, 0.4)) == [("for", 500.0, 500.0)]
    assert rectangles(reach(0.4, None, None)) == []


def test_an_interval_is_where_it_is() -> None:
    drawing = interval_track(0.25, 0.125, 0.5, ((0.75, 1.0),))
    assert rectangles(drawing) == [("safe", 125.0, 375.0), ("safe", 750.0, 250.0)]
    assert lines(drawing)["now"] == 250.0


def test_a_scale_without_width_draws_at_its_left_end() -> None:
    assert rectangles(step(Scale(0.5, 0.5), 0.5, 0.5, first=False, last=False)) == []
    assert Scale(0.5, 0.5).at(0.5) == 0.0

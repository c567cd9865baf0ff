"""Bars inside tables: drawings without text that stretch with their cell.

The numbers stand beside them in cells of their own, so the drawings are hidden from readers that
cannot see them. What speaks for the winner is filled, what speaks against it is hollow: that can
be told apart without colours.
"""

from __future__ import annotations

from dataclasses import dataclass

from mcda.reports.page.markup import Html, coordinate, joined, tag

__all__ = ["LENGTH", "Scale", "bar", "interval_track", "level", "reach", "step"]

#: Width and height of a drawing in its own units.
LENGTH, HEIGHT = 1000.0, 20.0
#: Bars leave this above and below them.
_TOP = 5.0
#: Steps shorter than this are none.
_FLAT = 0.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where numbers stand on a drawing: `low` at its left end, `high` at its right end."""

    low: float
    high: float

    def at(self, number: float) -> float:
        """The place of a number, in [0, 1000] for those between both ends."""
        width = self.high - self.low
        return LENGTH * (number - self.low) / width if width > 0.0 else 0.0


def _drawing(*parts: Html) -> Html:
    return tag(
        "svg",
        *parts,
        class_="plot",
        viewBox=f"0 0 {coordinate(LENGTH)} {coordinate(HEIGHT)}",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def bar(scale: Scale, start: float, end: float, kind: str) -> Html:
    """A bar between two numbers; the kind is its class."""
    left, right = sorted((scale.at(start), scale.at(end)))
    return tag(
        "rect",
        class_=kind,
        x=coordinate(left),
        y=coordinate(_TOP),
        width=coordinate(right - left),
        height=coordinate(HEIGHT - 2 * _TOP),
    )


def _line(x: float, kind: str, top: float = 0.0, bottom: float = HEIGHT) -> Html:
    at = coordinate(x)
    return tag("line", class_=kind, x1=at, x2=at, y1=coordinate(top), y2=coordinate(bottom))


def level(share: float, kind: str = "for") -> Html:
    """A bar from the left end whose length is a share of the cell."""
    return _drawing(bar(Scale(0.0, 1.0), 0.0, share, kind))


def step(scale: Scale, before: float, after: float, *, first: bool, last: bool) -> Html:
    """A step of a waterfall: from where it was to where it goes, joined to its neighbours.

    The first and the last row are the totals: marks without a step.
    """
    parts = []
    if not (first or last) and abs(scale.at(after) - scale.at(before)) < _FLAT:
        return _drawing(_line(scale.at(before), "join"))
    if not first:
        parts.append(_line(scale.at(before), "join", 0.0, _TOP if not last else HEIGHT / 2))
    if not last:
        parts.append(_line(scale.at(after), "join", HEIGHT - _TOP if not first else HEIGHT / 2))
    if first or last:
        parts.append(_line(scale.at(after), "total", 2.0, HEIGHT - 2.0))
    else:
        parts.append(bar(scale, before, after, "for" if after >= before else "against"))
    return _drawing(*parts)


def reach(farthest: float, below: float | None, above: float | None) -> Html:
    """How far something can move down and up from now (the middle) until the winner changes.

    Parameters
    ----------
    farthest
        The distance at both ends of the drawing.
    below, above
        Distances, at least 0; ``None`` where nothing changes on that side.
    """
    scale = Scale(-farthest, farthest)
    parts = [_line(scale.at(0.0), "zero")]
    for distance in (None if below is None else -below, above):
        if distance is not None:
            parts.append(bar(scale, 0.0, distance, "for"))
            parts.append(_line(scale.at(distance), "limit", 1.0, HEIGHT - 1.0))
    return _drawing(*parts)


def interval_track(
    now: float, low: float, high: float, regions: tuple[tuple[float, float], ...] = ()
) -> Html:
    """A scale from 0 to 1, the parts of it in which the winner wins, and where it is now."""
    scale = Scale(0.0, 1.0)
    middle = coordinate(HEIGHT / 2)
    inside = [bar(scale, *each, "safe") for each in ((low, high), *regions)]
    return _drawing(
        tag("line", class_="track", x1="0", x2=coordinate(LENGTH), y1=middle, y2=middle),
        joined(*inside),
        _line(scale.at(now), "now", 0.0, HEIGHT),
    )

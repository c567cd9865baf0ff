"""Volumes and marginals of a simplex cut by a box, exactly: by inclusion and exclusion."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

__all__ = ["marginal_mean", "marginal_share", "volume"]


def _corners(widths: Sequence[int]) -> dict[int, int]:
    """Sum of a corner of the box -> number of such corners, counted with their signs."""
    counts = {0: 1}
    for width in widths:
        more = dict(counts)
        for place, count in counts.items():
            more[place + width] = more.get(place + width, 0) - count
        counts = more
    return counts


def volume(widths: Sequence[int], total: int) -> Fraction:
    """Of all x with 0 <= x_i <= widths_i and sum `total`, up to a factor for their number."""
    power = len(widths) - 1
    return Fraction(
        sum(n * (total - place) ** power for place, n in _corners(widths).items() if place < total)
    )


def marginal_share(widths: Sequence[int], total: int, which: int, most: int) -> float:
    """The share of these x in which x_which is at most `most`."""
    narrower = [*widths]
    narrower[which] = most
    return float(volume(narrower, total) / volume(widths, total))


def marginal_mean(widths: Sequence[int], total: int, which: int) -> float:
    """The mean of x_which: the integral of t (total - t - corner)^(k-2) over the others' corners."""
    power = len(widths) - 2
    whole = Fraction(0)
    for place, n in _corners([*widths[:which], *widths[which + 1 :]]).items():
        room = total - place
        if room > 0:
            rest = room - min(room, widths[which])
            whole += n * (
                Fraction(room * (room ** (power + 1) - rest ** (power + 1)), power + 1)
                - Fraction(room ** (power + 2) - rest ** (power + 2), power + 2)
            )
    return float(whole * (power + 1) / volume(widths, total))

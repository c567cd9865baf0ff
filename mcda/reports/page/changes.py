"""What would change the answer: the nearest changes, and between which weights it stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mcda.model.language import Language
from mcda.reports.evaluation import ways_in
from mcda.reports.explanation import situation
from mcda.reports.page.bars import interval_track, reach
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, bulleted, folded, paragraph, rendered, subtitled, table
from mcda.reports.page.words import say
from mcda.reports.sensitivity import apart, flip_said, left_out_said
from mcda.stability.sensitivity import NearestFlip, Sensitivity

__all__ = [
    "Moved",
    "movements",
    "nearest_change",
    "section",
    "tornado",
    "unsearched",
]

#: Rows of the longest tables.
_MOST = 12
#: Intervals of leaves that are shown beside those of dimensions.
_MOST_LEAVES = 40


@dataclass
class Moved:
    """Something that can move either way until the winner changes."""

    kind: str
    name: tuple[str, ...]
    value: float | bool | str
    below: NearestFlip | None = None
    above: NearestFlip | None = None

    @property
    def flips(self) -> list[NearestFlip]:
        """Those there are, the lower first."""
        return [each for each in (self.below, self.above) if each is not None]


def unsearched(material: Material) -> str:
    """Why no single changes were looked for: nobody to lose to, or too many that could win."""
    decision = material.decision
    rivals = decision.recommended is not None and len(decision.ranking) > 1
    return say(f"change_{'too_many' if rivals else decision.verdict}", material.lang)


def section(material: Material) -> Section:
    """What would change it."""
    lang, found = material.lang, material.found
    if found is None:
        body = joined(
            paragraph(unsearched(material), "lead"),
            rendered(ways_in(material.decision, lang)),
        )
    else:
        left_out = found.left_out
        bound = None if left_out is None else paragraph(left_out_said(left_out, lang), "note")
        body = joined(*_nearest(material, found), bound, *_thresholds(material, found))
        body = joined(body, *_intervals(material, found), *_situation(material))
    return Section("change", say("card_change", lang), body)


def movements(found: Sensitivity) -> list[Moved]:
    """Everything that changes the winner, both of its sides together, the nearest first."""
    moved: dict[tuple[str, ...], Moved] = {}
    for flip in found.nearest:
        each = moved.setdefault((flip.kind, *flip.name), Moved(flip.kind, flip.name, flip.value))
        if _downwards(flip):
            each.below = each.below or flip
        else:
            each.above = each.above or flip
    return list(moved.values())


def _downwards(flip: NearestFlip) -> bool:
    numbers = not any(isinstance(each, bool | str) for each in (flip.value, flip.changed))
    return numbers and float(flip.changed) < float(flip.value)


def _nearest(material: Material, found: Sensitivity) -> Iterator[Html]:
    lang = material.lang
    if not found.nearest:
        yield paragraph(say("no_single_change", lang), "lead")
        return
    yield paragraph(say("nearest_lead", lang), "lead")
    yield tornado(material, found)
    yield paragraph(say("tornado_note", lang), "note")


def nearest_change(material: Material) -> Html:
    """The nearest of all changes in a few words; there must be one."""
    found, lang = material.found, material.lang
    assert found is not None
    first, flip = movements(found)[0], found.nearest[0]
    goes = say("goes", lang, value=_now(first, material), changed=_changed_to(flip, material))
    return joined(
        tag("p", _called(first, material)),
        tag("p", goes, class_="goes"),
        tag("p", say("then", lang, winner=_winner_then(flip, material))),
    )


def tornado(material: Material, found: Sensitivity) -> Html:
    """The nearest changes as bars from now to where the winner changes, the shortest on top."""
    lang = material.lang
    shown = movements(found)[:_MOST]
    farthest = max(flip.distance for each in shown for flip in each.flips)
    rows: list[list[Child]] = []
    for each in shown:
        distances = [None if f is None else f.distance for f in (each.below, each.above)]
        rows.append(
            [
                _called(each, material),
                _now(each, material),
                reach(farthest, *distances),
                joined(*(_end_of(flip, material) for flip in each.flips)),
            ]
        )
    columns = [
        Column(say("what", lang)),
        Column(say("now", lang), "number"),
        Column(_sides(lang), "plot"),
        Column(say("until", lang), "number"),
    ]
    return table(say("nearest_changes", lang), columns, rows, kind="tornado")


def _end_of(flip: NearestFlip, material: Material) -> Html:
    winner = tag("span", _winner_then(flip, material), class_="kind")
    return tag("span", _changed_to(flip, material), " ", winner, class_="end")


def _sides(lang: Language) -> Html:
    words = (say(each, lang) for each in ("less", "now", "more"))
    return tag("span", *(tag("span", word) for word in words), class_="ends")


def _called(each: Moved, material: Material) -> Html:
    """What moves, with its kind in small letters."""
    problem, lang = material.decision.problem, material.lang
    titles = problem.tree.titles
    kind = say(f"kind_{each.kind}", lang)
    if each.kind == "weight":
        name = material.title(each.name[0])
    elif each.kind == "judgement":
        node, first, second, *judge = each.name
        said = (titles[n].say(lang) if n in titles else material.named(n) for n in (first, second))
        name = say("pair", lang, **dict(zip(("first", "second"), said, strict=True)))
        # options are compared under a leaf; several leaves may have the same pair
        under = [material.title(node)] if node in problem.tree.leaf_ids else []
        kind = joined(kind, *(f" · {word}" for word in (*under, *judge)))
    elif each.kind == "judge":
        name = each.name[0]
    elif each.kind == "profile":
        field = problem.criteria.profile[each.name[0]].title
        name = each.name[0] if field is None else field.say(lang)
    else:
        option, what = each.name
        declared = problem.criteria.facts.get(what) if each.kind == "fact" else None
        title = titles.get(what) if declared is None or declared.title is None else declared.title
        name = what if title is None else title.say(lang)
        kind = joined(kind, f" · {material.named(option)}")
    return joined(name, " ", tag("span", kind, class_="kind"))


def _now(each: Moved, material: Material) -> str:
    """As it is."""
    return _unit(apart(each.value, each.flips[0].changed, material.lang)[0], each.flips[0])


def _changed_to(flip: NearestFlip, material: Material) -> str:
    """Where the winner changes."""
    return _unit(apart(flip.value, flip.changed, material.lang)[1], flip)


def _unit(text: str, flip: NearestFlip) -> str:
    return f"{text} {flip.unit}" if flip.unit else text


def _winner_then(flip: NearestFlip, material: Material) -> str:
    """Who wins then."""
    return say("nobody", material.lang) if flip.winner is None else material.named(flip.winner)


def _thresholds(material: Material, found: Sensitivity) -> Iterator[Html]:
    lang = material.lang
    gap = " " if lang == "en" else ""
    items = []
    for option, flips in found.thresholds.items():
        said = gap.join(flip_said(found, each, lang) for each in flips)
        name = tag("strong", material.named(option))
        items.append(joined(name, say("colon", lang), said or say("no_win", lang)))
    if items:
        yield folded(say("thresholds", lang), bulleted(items))


def _intervals(material: Material, found: Sensitivity) -> Iterator[Html]:
    lang, tree = material.lang, material.decision.problem.tree
    dimensions = [name for name in found.intervals if name in tree.dimensions]
    leaves = [name for name in found.intervals if name not in tree.dimensions]
    if not dimensions:
        return
    title = say("intervals", lang)
    inner = None
    if leaves:
        leaves.sort(key=lambda name: _slack(found, name))
        said = say("intervals_leaves", lang)
        inner = folded(said, _interval_table(material, found, leaves[:_MOST_LEAVES], said))
    yield subtitled(
        title,
        _interval_table(material, found, dimensions, title),
        paragraph(say("intervals_note", lang), "note"),
        inner,
    )


def _slack(found: Sensitivity, name: str) -> float:
    each = found.intervals[name]
    sides = ((each.low, each.low_rival), (each.high, each.high_rival))
    return min((abs(each.weight - end) for end, rival in sides if rival), default=2.0)


def _interval_table(material: Material, found: Sensitivity, names: list[str], title: str) -> Html:
    lang = material.lang
    rows: list[list[Child]] = []
    for name in names:
        each = found.intervals[name]
        rows.append(
            [
                material.title(name),
                f"{each.weight:.3f}",
                _end(each.low, each.low_rival, material),
                interval_track(each.weight, each.low, each.high, each.regions),
                _end(each.high, each.high_rival, material),
            ]
        )
    marks = tag("span", *(tag("span", mark) for mark in ("0", "0.5", "1")), class_="ends")
    columns = [
        Column(say("criterion", lang)),
        Column(say("now", lang), "number"),
        Column(say("wins_from", lang), "number"),
        Column(marks, "plot"),
        Column(say("wins_to", lang), "number"),
    ]
    return table(title, columns, rows, kind="intervals")


def _end(end: float, rival: str | None, material: Material) -> Html:
    """Where an interval ends, and who takes over there."""
    if rival is None:
        return tag("span", f"{end:.3f}", class_="open")
    return joined(f"{end:.3f}", " ", tag("span", material.named(rival), class_="kind"))


def _situation(material: Material) -> Iterator[Html]:
    if material.why is None:
        return
    blocks = list(situation(material.why, material.lang))
    if blocks:
        yield folded(say("situation_steps", material.lang), rendered(blocks[1:]))

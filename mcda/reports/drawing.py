"""The flow of a margin, drawn: facts, criteria, dimensions, goal from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from mcda.explanation.explanation import Explanation
from mcda.explanation.sentences import amount_in
from mcda.model.language import Language
from mcda.ranking.ranks import TIE
from mcda.reports.blocks import cut, pieces, width_of
from mcda.reports.graphs import Stroke, flowing, label_of
from mcda.reports.words import say

__all__ = ["to_svg"]

_FOR, _AGAINST = "#1f5fa8", "#b3541e"
_INK, _FAINT, _LINE, _PAPER = "#1c1f23", "#5d656e", "#c3cad2", "#ffffff"
_FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
#: Pixels.
_BOX, _HEIGHT, _GAP, _BETWEEN = 240.0, 58.0, 12.0, 130.0
_MARGIN, _TOP, _FOOT = 24.0, 70.0, 46.0
#: The legend needs this.
_LEAST = 1010.0
_WIDEST, _NARROWEST = 16.0, 1.5
#: Columns of text that fit into a box, on each of two lines; of letters as wide as they come.
_TEXT = 28
#: Facts that are drawn; the others flow in unseen.
_MOST_FACTS = 24


class _Box(NamedTuple):
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + _HEIGHT / 2


def to_svg(explanation: Explanation, lang: Language = "en") -> str:
    """A drawing whose strokes are as wide as the flows; dashed is what speaks against the option.

    Facts stand on the left, then the criteria that they score, their parents, and the goal.
    Influences join criteria of one column.
    """
    strokes = list(flowing(explanation))
    columns = _columns(explanation, strokes)
    boxes = _places(columns)
    strokes = [s for s in strokes if s.source in boxes and s.target in boxes]
    width = 2 * _MARGIN + len(columns) * _BOX + (len(columns) - 1) * _BETWEEN
    width = max(width, _LEAST)
    height = max((box.y for box in boxes.values()), default=_TOP) + _HEIGHT + _FOOT + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" lang="{lang}" '
        f'font-family="{_FONT}" font-size="13">',
        f"<title>{escape(_title(explanation, lang))}</title>",
        f"<desc>{escape(' '.join(explanation.sentences(lang)))}</desc>",
        _ARROWS,
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
        f'<text x="{_MARGIN:.0f}" y="34" font-size="18" font-weight="600" fill="{_INK}">'
        f"{escape(_title(explanation, lang))}</text>",
        *_stroke_elements(explanation, strokes, boxes, lang),
        *(_box_element(explanation, node, box, lang) for node, box in boxes.items()),
        *_legend(explanation, height, lang),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


_ARROWS = (
    "<defs>"
    + "".join(
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" '
        f'markerWidth="11" markerHeight="11" orient="auto"><path d="M0,0 L8,4 L0,8 z" '
        f'fill="{colour}"/></marker>'
        for name, colour in (("for", _FOR), ("against", _AGAINST))
    )
    + "</defs>"
)


def _title(explanation: Explanation, lang: Language) -> str:
    amount = amount_in(explanation, explanation.margin, signed=True)
    if explanation.against is None:
        return say("draw_from_worst", lang, option=explanation.option, amount=amount)
    code = "draw_excluded" if explanation.exclusion else "draw_title"
    if abs(explanation.margin) <= TIE:
        code = "draw_tie"
    return say(code, lang, option=explanation.option, rival=explanation.against, amount=amount)


def _columns(explanation: Explanation, strokes: list[Stroke]) -> list[list[str]]:
    """The nodes of every column from left to right, each from top to bottom."""
    tree = explanation.decision.problem.tree
    earned = {
        node: sum(abs(explanation.contributions[tree.leaf_ids[j]]) for j in below)
        for node, below in tree.leaves_below.items()
    }
    depth: dict[str, int] = {}
    order: list[str] = []

    def visit(node: str, level: int) -> None:
        for child in sorted(tree.children.get(node, ()), key=lambda each: -earned[each]):
            depth[child] = level
            order.append(child)
            visit(child, level + 1)

    visit("goal", 1)
    deepest = max(depth.values())
    leaves = [node for node in order if node in tree.leaf_ids]
    facts = _facts(strokes, [f"criterion:{leaf}" for leaf in leaves])
    inner = [
        [f"criterion:{n}" for n in order if depth[n] == level and n not in leaves]
        for level in range(deepest - 1, 0, -1)
    ]
    columns = [facts, [f"criterion:{leaf}" for leaf in leaves], *inner, ["goal"]]
    return [column for column in columns if column]


def _facts(strokes: list[Stroke], leaves: list[str]) -> list[str]:
    """The facts that matter most, beside the criteria that they score."""
    sizes: dict[str, float] = {}
    beside: dict[str, float] = {}
    for stroke in strokes:
        if stroke.role == "fact":
            sizes[stroke.source] = sizes.get(stroke.source, 0.0) + stroke.size
            place = stroke.size * leaves.index(stroke.target)
            beside[stroke.source] = beside.get(stroke.source, 0.0) + place
    largest = sorted(sizes, key=lambda fact: -sizes[fact])[:_MOST_FACTS]
    return sorted(largest, key=lambda fact: (beside[fact] / sizes[fact], -sizes[fact]))


def _places(columns: list[list[str]]) -> Mapping[str, _Box]:
    tallest = max(len(column) for column in columns)
    whole = tallest * (_HEIGHT + _GAP) - _GAP
    boxes = {}
    for number, column in enumerate(columns):
        step = whole / len(column)
        for row, node in enumerate(column):
            y = _TOP + row * step + (step - _HEIGHT) / 2
            boxes[node] = _Box(_MARGIN + number * (_BOX + _BETWEEN), y)
    return boxes


def _stroke_elements(
    explanation: Explanation, strokes: list[Stroke], boxes: Mapping[str, _Box], lang: Language
) -> Iterator[str]:
    """The strokes, wide ones first so that narrow ones stay visible; side by side at each end."""
    leaving: dict[str, float] = {}
    arriving: dict[str, float] = {}
    whole: dict[tuple[str, str], float] = {}
    for stroke in strokes:
        if stroke.role != "influence":
            for side in (("out", stroke.source), ("in", stroke.target)):
                whole[side] = whole.get(side, 0.0) + _width(stroke)
    drawn = []
    ordered = sorted(strokes, key=lambda s: (boxes[s.target].y, boxes[s.source].y, -s.flow))
    for stroke in ordered:
        start, end = boxes[stroke.source], boxes[stroke.target]
        amount = amount_in(explanation, stroke.flow, signed=True)
        ends = (label_of(explanation, each, lang) for each in (stroke.source, stroke.target))
        tip = f"{' → '.join(ends)}{'：' if lang == 'zh' else ': '}{amount}"
        if stroke.role == "influence":
            drawn.append((stroke, _arc(start, end, outer=stroke.flow < 0), tip))
            continue
        wide = _width(stroke)
        y0 = start.middle - whole["out", stroke.source] / 2 + leaving.get(stroke.source, 0.0)
        y1 = end.middle - whole["in", stroke.target] / 2 + arriving.get(stroke.target, 0.0)
        leaving[stroke.source] = leaving.get(stroke.source, 0.0) + wide
        arriving[stroke.target] = arriving.get(stroke.target, 0.0) + wide
        x0, x1 = start.x + _BOX, end.x
        bend = (x1 - x0) / 2
        y0, y1 = y0 + wide / 2, y1 + wide / 2
        path = (
            f"M{x0:.1f},{y0:.1f} C{x0 + bend:.1f},{y0:.1f} {x1 - bend:.1f},{y1:.1f} "
            f"{x1:.1f},{y1:.1f}"
        )
        drawn.append((stroke, path, tip))
    for stroke, path, tip in sorted(drawn, key=lambda each: -each[0].size):
        colour = _FOR if stroke.flow > 0 else _AGAINST
        dash = "" if stroke.flow > 0 else ' stroke-dasharray="7 4"'
        head = ""
        if stroke.role == "influence":
            head = f' marker-end="url(#{"for" if stroke.flow > 0 else "against"})"'
        yield (
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-opacity="0.72" '
            f'stroke-width="{_width(stroke):.2f}"{dash}{head}><title>{escape(tip)}</title></path>'
        )


def _arc(start: _Box, end: _Box, *, outer: bool) -> str:
    """From the right side of one box round to the right side of another in the same column."""
    x = start.x + _BOX
    down = end.y > start.y
    y0 = start.middle + (_HEIGHT / 3 if down else -_HEIGHT / 3)
    y1 = end.middle - (_HEIGHT / 3 if down else -_HEIGHT / 3)
    reach = 30.0 + min(50.0, abs(y1 - y0) / 6) + (12.0 if outer else 0.0)
    return f"M{x:.1f},{y0:.1f} C{x + reach:.1f},{y0:.1f} {x + reach:.1f},{y1:.1f} {x:.1f},{y1:.1f}"


def _width(stroke: Stroke) -> float:
    return max(_NARROWEST, _WIDEST * stroke.size)


def _box_element(explanation: Explanation, node: str, box: _Box, lang: Language) -> str:
    data = explanation.graph.nodes[node]
    label = label_of(explanation, node, lang)
    if data["kind"] == "goal":
        below = amount_in(explanation, explanation.margin, signed=True)
    else:
        edges = explanation.graph.out_edges(node, data=True)
        through = sum(edge["flow"] for _, _, edge in edges)
        below = "0" if abs(through) <= TIE else amount_in(explanation, through, signed=True)
    weight = "600" if data["kind"] in ("criterion", "goal") else "400"
    lines = _lines(label)
    top = box.middle - 8.5 * (len(lines) + 1) + 13
    x = box.x + 10
    texts = "".join(
        f'<tspan x="{x:.1f}" y="{top + 17 * number:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f"<g><title>{escape(label)}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{_BOX:.0f}" height="{_HEIGHT:.0f}" rx="6" '
        f'fill="{_PAPER}" stroke="{_LINE}"/>'
        f'<text font-weight="{weight}" fill="{_INK}" data-id={quoteattr(node)}>{texts}</text>'
        f'<text x="{x:.1f}" y="{top + 17 * len(lines):.1f}" font-size="12" fill="{_FAINT}">'
        f"{below}</text></g>"
    )


def _lines(text: str) -> list[str]:
    """The text on one line or two, cut if it needs more."""
    lines = [""]
    # more cannot be seen, and a title may be as long as a book
    for piece in pieces(text[: 4 * _TEXT]):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > _TEXT:
            lines.append("")
        lines[-1] += piece
    lines = [line.rstrip() for line in lines]
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return [cut(line, _TEXT) for line in lines]


def _legend(explanation: Explanation, height: float, lang: Language) -> Iterator[str]:
    y = height - _MARGIN
    rival = explanation.against
    entries = [(_FOR, "", say("draw_for", lang, option=explanation.option))]
    against = say("draw_against", lang)
    if rival is not None:
        against = say("draw_for", lang, option=rival)
    entries.append((_AGAINST, ' stroke-dasharray="7 4"', against))
    x = _MARGIN
    for colour, dash, text in entries:
        yield (
            f'<line x1="{x:.0f}" y1="{y - 4:.0f}" x2="{x + 30:.0f}" y2="{y - 4:.0f}" '
            f'stroke="{colour}" stroke-width="5"{dash}/>'
        )
        said = escape(cut(text, _TEXT))
        yield f'<text x="{x + 38:.0f}" y="{y:.0f}" fill="{_FAINT}">{said}</text>'
        x += 60 + 7.4 * min(_TEXT, width_of(text))
    yield f'<text x="{x:.0f}" y="{y:.0f}" fill="{_FAINT}">{escape(say("draw_unit", lang))}</text>'

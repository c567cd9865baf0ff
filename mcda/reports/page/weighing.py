"""The weights, where they come from, and the judgements behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mcda.model.criteria import GOAL
from mcda.model.language import given_number, number
from mcda.reports.evaluation import consistency, contradicting, worst_of
from mcda.reports.page.bars import level
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, folded, paragraph, subtitled, table
from mcda.reports.page.words import say
from mcda.weighting.ahp import AhpResult
from mcda.weighting.best_worst import BestWorstResult

__all__ = ["Judged", "compared_with_ends", "judged_pairs", "section"]

#: Judgements that are listed for a node.
_MOST_JUDGEMENTS = 45
#: Weights that differ by less are the same.
_SAME = 1e-12


def section(material: Material) -> Section:
    """What matters, and how much."""
    body = joined(_weights(material), *_judgements(material), *_judges(material))
    return Section("weights", say("weights", material.lang), body)


def _weights(material: Material) -> Html:
    decision, lang = material.decision, material.lang
    tree, weights = decision.problem.tree, decision.weights
    steps: dict[str, Mapping[str, float]] = {
        step: getattr(weights, step) for step in ("judged", "final", "effective")
    }
    influenced = any(
        abs(steps["judged"][leaf] - steps["final"][leaf]) > _SAME for leaf in tree.leaf_ids
    )

    def total(step: str, node: str) -> float:
        return sum(steps[step][tree.leaf_ids[j]] for j in tree.leaves_below[node])

    most = max((total("effective", name) for name in tree.dimensions), default=1.0) or 1.0
    rows: list[list[Child]] = []

    def below(node: str, depth: int) -> None:
        for child in tree.children.get(node, ()):
            row: list[Child] = [
                tag("span", material.title(child), class_=f"depth{min(depth, 4)}"),
                f"{total('judged', child):.3f}",
            ]
            row += [f"{total('final', child):.3f}"] if influenced else []
            share = total("effective", child)
            row += [f"{share:.3f}", level(share / most, "for" if depth == 0 else "rest")]
            rows.append([*row, _origin(material, node)])
            below(child, depth + 1)

    below(GOAL, 0)
    columns = [Column(say("criterion", lang)), Column(say("judged", lang), "number")]
    columns += [Column(say("passed_on", lang), "number")] if influenced else []
    columns += [
        Column(say("share", lang), "number"),
        Column(tag("span", say("drawn", lang), class_="unseen"), "plot"),
        Column(say("from_where", lang)),
    ]
    notes = [paragraph(say("weights_note", lang), "note")]
    notes += [paragraph(say("passed_on_note", lang), "note")] if influenced else []
    return joined(table(say("weights", lang), columns, rows, kind="weights"), *notes)


def _origin(material: Material, node: str) -> str:
    """Where the weights of a node's children come from."""
    problem, lang = material.decision.problem, material.lang
    return say(f"from_{problem.way_of(node)}", lang, method=problem.weights.objective)


class Judged(NamedTuple):
    """A judgement beside what the weights say."""

    first: str
    second: str
    given: float
    implied: float
    worst: bool
    own: bool

    @property
    def factor(self) -> float:
        """How many times one is the other, at least 1."""
        return max(self.given / self.implied, self.implied / self.given)


def judged_pairs(material: Material, node: str, result: AhpResult) -> list[Judged]:
    """The judgements under a node, those that agree least with the others first."""
    worst = [{each.first, each.second} for each in result.repairs]
    found = []
    for i, first in enumerate(result.labels):
        for j in range(i + 1, len(result.labels)):
            given, second = float(result.matrix[i, j]), result.labels[j]
            if math.isnan(given):
                continue
            implied = float(result.weights[i] / result.weights[j])
            pair = (first, second, given, implied)
            if given < 1.0:
                pair = (second, first, 1.0 / given, 1.0 / implied)
            mine = {first, second} in worst
            found.append(Judged(*pair, mine, _own(material, node, first, second)))
    return sorted(found, key=lambda each: (not each.worst, -round(each.factor, 9)))


def _own(material: Material, node: str, first: str, second: str) -> bool:
    """Whether the scenario says it, and not the criteria model."""
    given = material.decision.problem.scenario.weights
    said = {} if given is None or given.judgements is None else given.judgements.get(node, {})
    return any(
        said.get(pair) is not None for pair in (f"{first} vs {second}", f"{second} vs {first}")
    )


def _judgements(material: Material) -> Iterator[Html]:
    decision, lang = material.decision, material.lang
    every = {**decision.consistency, **decision.compared}
    yield paragraph(consistency(decision, lang))
    for node, result in every.items():
        if len(result.labels) < 2:
            continue
        title = say("judgements_under", lang, node=material.title(node))
        if len(every) == 1:
            title = say("judgements", lang)
        yield folded(
            joined(title, tag("span", f"CR {result.consistency_ratio:.3f}", class_="amount")),
            *_judged_table(material, node, result, title),
            opened=not result.consistent,
        )
    for of_ends in decision.best_worst.values():
        title, columns, rows = compared_with_ends(material, of_ends)
        heads = [Column(each, "number" if i else "text") for i, each in enumerate(columns)]
        yield folded(
            joined(title, tag("span", f"{of_ends.consistency_ratio:.3f}", class_="amount")),
            table(title, heads, [[*row] for row in rows], kind="judgements"),
            opened=not of_ends.consistent,
        )


def compared_with_ends(
    material: Material, result: BestWorstResult
) -> tuple[str, list[str], list[tuple[str, ...]]]:
    """Title, columns and rows of the comparisons with the best and the worst child."""
    lang, most = material.lang, result.best_to_worst
    best, worst = (material.title(name) for name in (result.best, result.worst))
    columns = [
        say("criterion", lang),
        say("of_best", lang, best=best),
        say("of_worst", lang, worst=worst),
        say("product", lang),
        say("deviation", lang),
    ]
    rows: list[tuple[str, ...]] = [(worst, f"{most:.3g}", "", f"{most:.3g}", "")]
    for name, deviation in sorted(result.deviations.items(), key=lambda item: -item[1]):
        one, other = result.best_to_others[name], result.others_to_worst[name]
        numbers = (f"{each:.3g}" for each in (one, other, one * other))
        rows.append((material.title(name), *numbers, f"{deviation:.3f}"))
    return say("compared_with_ends", lang, best=best, worst=worst), columns, rows


def _judged_table(
    material: Material, node: str, result: AhpResult, title: str
) -> Iterator[Html | None]:
    lang = material.lang
    titles = material.decision.problem.tree.titles
    # under a leaf the options themselves were compared
    options = node in material.decision.compared

    def called(name: str) -> str:
        return material.named(name) if options else titles[name].say(lang)

    pairs = judged_pairs(material, node, result)
    model = not material.decision.problem.stand_alone
    rows: list[list[Child]] = []
    for each in pairs[:_MOST_JUDGEMENTS]:
        name = say("pair", lang, first=called(each.first), second=called(each.second))
        mark = [tag("span", say("worst_mark", lang), class_="mark")] if each.worst else []
        row: list[Child] = [
            joined(name, *mark),
            number(each.given, 3),
            number(each.implied, 3),
            f"{each.factor:.2f}",
        ]
        row += [say("by_scenario" if each.own else "by_model", lang)] if model else []
        rows.append(row)
    columns = [
        Column(say("judgement", lang)),
        Column(say("given", lang), "number"),
        Column(say("implied", lang), "number"),
        Column(say("factor", lang), "number"),
    ]
    columns += [Column(say("from_where", lang))] if model else []
    marked = frozenset(i for i, each in enumerate(pairs[:_MOST_JUDGEMENTS]) if each.worst)
    yield table(title, columns, rows, kind="judgements", marked=marked)
    if len(pairs) > _MOST_JUDGEMENTS:
        yield paragraph(say("more_judgements", lang, count=len(pairs) - _MOST_JUDGEMENTS), "note")
    repairs = [
        say(
            "repair",
            lang,
            first=called(each.first),
            second=called(each.second),
            given=each.given,
            repaired=each.repaired,
        )
        for each in result.repairs
    ]
    if repairs:
        listed = say("either", lang).join(repairs)
        yield paragraph(say("reconsider", lang, repairs=listed), "note")


def _judges(material: Material) -> Iterator[Html]:
    group, lang = material.decision.group, material.lang
    if group is None:
        return
    rows: list[list[Child]] = [
        [
            judge.name,
            given_number(judge.importance),
            "–" if judge.recommended is None else material.named(judge.recommended),
            "–" if judge.verdict is None else say(f"word_{judge.verdict}", lang),
            "–" if judge.consistency_ratio is None else f"{judge.consistency_ratio:.3f}",
            worst_of(material.decision, judge, lang),
        ]
        for judge in group.judges
    ]
    title = say("judges", lang)
    columns = [
        Column(say("judge", lang)),
        Column(say("importance", lang), "number"),
        Column(say("alone", lang)),
        Column(say("verdict", lang)),
        Column(say("consistency_ratio", lang), "number"),
        Column(say("worst_mark", lang)),
    ]
    said = [paragraph(contradicting(group, lang), "note")]
    if group.consensus is not None:
        said.append(paragraph(say("consensus", lang, index=group.consensus), "note"))
    yield subtitled(title, table(title, columns, rows), *said)

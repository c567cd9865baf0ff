"""The weights, where they come from, and the judgements behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mcda.model.criteria import GOAL
from mcda.model.language import given_number, number
from mcda.reports.evaluation import consistency
from mcda.reports.page.bars import level
from mcda.reports.page.markup import Child, Html, Section, joined, tag
from mcda.reports.page.material import Material
from mcda.reports.page.tables import Column, folded, paragraph, subtitled, table
from mcda.reports.page.words import say
from mcda.weighting.ahp import AhpResult

__all__ = ["Judged", "judged_pairs", "section"]

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
    decision, lang = material.decision, material.lang
    plan = decision.problem.weights
    if len(decision.problem.tree.children[node]) == 1:
        return say("from_nothing", lang)
    if plan.objective is not None:
        return say("from_values", lang, method=plan.objective)
    for way, where in (
        ("ranking", plan.rankings),
        ("best_worst", plan.best_worst),
        ("direct", plan.direct),
    ):
        if node in where:
            return say(f"from_{way}", lang)
    if node not in decision.consistency:
        return say("from_equal", lang)
    document, _ = decision.problem.weights_at(node)
    own = document is decision.problem.scenario
    if own and decision.problem.weights.judges:
        return say("from_judges", lang)
    return say("from_scenario" if own else "from_model", lang)


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
    worst = None if result.worst is None else {result.worst.first, result.worst.second}
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
            mine = {first, second} == worst
            found.append(Judged(*pair, mine, _own(material, node, first, second)))
    return sorted(found, key=lambda each: (not each.worst, -round(each.factor, 9)))


def _own(material: Material, node: str, first: str, second: str) -> bool:
    """Whether the scenario says it, and not the criteria model."""
    given = material.decision.problem.scenario.weights
    said = {} if given is None or given.judgements is None else given.judgements.get(node, {})
    return f"{first} vs {second}" in said or f"{second} vs {first}" in said


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
    if (worst := result.worst) is not None:
        yield paragraph(
            say(
                "repair",
                lang,
                first=called(worst.first),
                second=called(worst.second),
                given=worst.given,
                repaired=worst.repaired,
            ),
            "note",
        )


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
        ]
        for judge in group.judges
    ]
    title = say("judges", lang)
    columns = [
        Column(say("judge", lang)),
        Column(say("importance", lang), "number"),
        Column(say("alone", lang)),
        Column(say("verdict", lang)),
    ]
    said = []
    if group.consensus is not None:
        said.append(paragraph(say("consensus", lang, index=group.consensus), "note"))
    yield subtitled(title, table(title, columns, rows), *said)

"""A decision as `mcda evaluate` shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mcda.engine.decision import Admission, Decision, Excluded, Group, JudgeView
from mcda.engine.expectations import Miss, missed
from mcda.explanation.explanation import explain
from mcda.model.language import Language, given_number, percent, roughly
from mcda.model.language import number as worked_out
from mcda.model.scenario import Source
from mcda.reports.blocks import Block, Bullets, Heading, Paragraph, Table
from mcda.reports.words import say
from mcda.robustness.lead import FLOOR
from mcda.weighting.consistency import ACCEPTABLE, Diagnostics

__all__ = [
    "answer",
    "blocks",
    "called_under",
    "consistency",
    "contradicting",
    "excluded_said",
    "exclusions",
    "heading",
    "said",
    "score_in",
    "sourced",
    "summary",
    "title_of",
    "verdict",
    "ways_in",
    "worst_of",
]

#: Dimensions that fit beside the judges in a table.
_FEW = 3
#: Disagreements that are shown.
_DISAGREEMENTS = 3
#: Shares of the lead below this are not worth a word.
_NEGLIGIBLE = 0.005


def blocks(decision: Decision, lang: Language, *, check: bool = False) -> Iterator[Block]:
    """The parts of a decision's report: answer, ranking, dimensions, exclusions, warnings."""
    yield heading(decision, lang)
    if decision.problem.scenario.source is not None:
        yield from sourced(decision.problem.scenario.source, lang)
    yield Paragraph(answer(decision, lang), strong=True)
    yield Paragraph(verdict(decision, lang))
    if decision.ranking:
        yield Heading(say("ranking", lang))
        yield Table(
            (say("rank", lang), say("option", lang), "", say("closeness", lang)),
            tuple(
                (
                    str(each.rank),
                    each.option,
                    title_of(decision, each.option, lang),
                    f"{each.closeness:.4f}",
                )
                for each in decision.ranking
            ),
            frozenset({0, 3}),
        )
    yield from _dimensions(decision, lang)
    yield from _synthesis(decision, lang)
    yield from _group(decision, lang)
    yield from exclusions(decision, lang)
    yield from ways_in(decision, lang)
    if decision.warnings:
        yield Heading(say("warnings", lang))
        yield Bullets(tuple(each.say(lang) for each in decision.warnings))
    if check:
        yield from _check(decision, lang)


def heading(decision: Decision, lang: Language) -> Heading:
    """The scenario's id and title."""
    title = decision.problem.title.say(lang)
    return Heading(
        decision.scenario if title == decision.scenario else f"{decision.scenario}: {title}", 1
    )


def exclusions(decision: Decision, lang: Language) -> Iterator[Block]:
    """The excluded options with their reasons."""
    if decision.excluded:
        yield Heading(say("excluded", lang))
        yield Bullets(tuple(excluded_said(decision, each, lang) for each in decision.excluded))
        scored = [each for each in decision.excluded if each.closeness is not None]
        if not decision.ranking and len(scored) == len(decision.excluded):
            first = max(scored, key=lambda each: each.closeness or 0.0)
            values = {"option": first.option, "closeness": first.closeness}
            yield Paragraph(say("without_gates", lang, **values))


def ways_in(decision: Decision, lang: Language) -> Iterator[Block]:
    """Where there is no contest: what is in the way of each option, and what would do."""
    if len(decision.ranking) > 1 or not decision.excluded:
        return
    yield Heading(say("way_in", lang))
    yield Bullets(tuple(_barred(decision, each, lang) for each in decision.relaxations))
    if decision.counterpart is not None:
        yield Paragraph(say("counterpart", lang, instead=decision.counterpart))


def _barred(decision: Decision, excluded: Excluded, lang: Language) -> str:
    names = say("separator", lang).join(gate.gate for gate in excluded.gates)
    code = "barred_one" if len(excluded.gates) == 1 else "barred"
    said = [say(code, lang, option=excluded.option, count=len(excluded.gates), gates=names)]
    said += [gate.remedy.say(lang) for gate in excluded.gates if gate.remedy is not None]
    changes = [
        _change(decision, a, lang) for a in decision.admissions if a.option == excluded.option
    ]
    if changes:
        code = "admission_one" if len(changes) == 1 else "admission"
        said.append(say(code, lang, changes=say("or", lang).join(changes)))
    else:
        said.append(say("no_admission", lang))
    return (" " if lang == "en" else "").join(said)


def _change(decision: Decision, admission: Admission, lang: Language) -> str:
    field = decision.problem.criteria.profile[admission.field]

    def shown(value: float | bool) -> str:
        if isinstance(value, bool):
            return say("yes" if value else "no", lang)
        number = worked_out(value, 4) + (f" {field.unit}" if field.unit else "")
        if field.levels and value.is_integer():
            return say("level", lang, number=number, meaning=field.levels[int(value)])
        return number if lang == "en" else f" {number} "

    value, changed = shown(admission.value), shown(admission.changed).rstrip()
    return say("change", lang, name=field.title or admission.field, value=value, changed=changed)


def summary(decisions: Sequence[Decision], failures: int, lang: Language) -> Iterator[Block]:
    """How many scenarios there were, and who won how often."""
    winners = Counter(each.recommended or say("nothing", lang) for each in decisions)
    counts = [
        say("counted", lang, option=name, count=count) for name, count in winners.most_common()
    ]
    parts = [say("recommended_in", lang, counts=say("separator", lang).join(counts))]
    parts = parts if counts else []
    if failures:
        parts.append(say("failed", lang, count=failures))
    total = len(decisions) + failures
    code = "summary_one" if total == 1 else "summary"
    stop = ". " if lang == "en" else "。"
    yield Heading(say(code, lang, count=total, winners=stop.join(parts)), 2)


def title_of(decision: Decision, option: str, lang: Language) -> str:
    """An option's title; empty if it is its name."""
    title = next(each.title for each in decision.problem.options if each.name == option).say(lang)
    return "" if title == option else title


def sourced(source: Source, lang: Language) -> Iterator[Block]:
    """Where a document comes from."""
    yield Paragraph(say("source", lang, document=source.document))
    if source.phrases:
        yield Bullets(tuple(say("phrase", lang, phrase=each) for each in source.phrases))


def answer(decision: Decision, lang: Language) -> str:
    """What is recommended."""
    if decision.recommended is None:
        return say("recommended_none", lang)
    title = title_of(decision, decision.recommended, lang)
    named = f"{decision.recommended} – {title}" if title else decision.recommended
    return say("recommended", lang, option=named)


def verdict(decision: Decision, lang: Language) -> str:
    """The verdict with the firmness that led to it."""
    comma = say("separator", lang)
    tied = comma.join(each.option for each in decision.ranking if each.rank == 1)
    nearest = decision.relaxations[0].option if decision.relaxations else ""
    firmness = "" if decision.firmness is None else roughly(decision.firmness, lang)
    judged = decision.consistency or decision.compared
    noisy = say("noisy_judgements" if judged else "noisy_weights", lang)
    values = {"firmness": firmness, "options": tied, "nearest": nearest, "noisy": noisy}
    sentence = say(decision.verdict, lang, **values, floor=FLOOR)
    return say("verdict", lang, verdict=sentence)


def _dimensions(decision: Decision, lang: Language) -> Iterator[Block]:
    tree = decision.problem.tree
    judged = decision.weights.by_dimension("judged")
    final = decision.weights.by_dimension("final")
    effective = decision.weights.by_dimension("effective")
    influenced = any(abs(judged[name] - final[name]) > 1e-12 for name in judged)
    shares = _earned(decision)
    rivals = [each.option for each in decision.ranking[:2]]
    names = sorted(tree.dimensions, key=lambda name: -abs(shares.get(name, 0.0)))
    columns = [say("dimension", lang), say("weight", lang)]
    columns += [say("after_influences", lang)] if influenced else []
    columns += [say("share", lang), *rivals]
    columns += [say("lead", lang)] if shares else []
    rows = []
    for name in names:
        row = [tree.titles[name].say(lang), f"{judged[name]:.3f}"]
        row += [f"{final[name]:.3f}"] if influenced else []
        row += [f"{effective[name]:.3f}"]
        row += [f"{score_in(decision, name, option):.3f}" for option in rivals]
        row += [_signed(shares[name], lang)] if shares else []
        rows.append(tuple(row))
    if len(rivals) == 2 and shares:
        yield Heading(say("what_separates", lang, winner=rivals[0], rival=rivals[1]))
    else:
        yield Heading(say("dimensions", lang))
    yield Table(tuple(columns), tuple(rows), frozenset(range(1, len(columns))))
    yield from _reasons(decision, shares, names, rivals, lang)
    yield Paragraph(consistency(decision, lang))


def _synthesis(decision: Decision, lang: Language) -> Iterator[Block]:
    if decision.synthesis:
        ranked = sorted(decision.synthesis.items(), key=lambda item: -item[1])
        listed = say("separator", lang).join(f"{name} {share:.3f}" for name, share in ranked)
        yield Paragraph(say("synthesis", lang, priorities=listed))


def _group(decision: Decision, lang: Language) -> Iterator[Block]:
    group = decision.group
    if group is None:
        return
    yield Heading(say("judges", lang))
    heads = ("judge", "importance", "recommends", "consistency_short")
    columns = tuple(say(each, lang) for each in heads)
    dimensions = decision.problem.tree.dimensions
    few = len(dimensions) <= _FEW
    titles = [decision.problem.tree.titles[name].say(lang) for name in dimensions] if few else []
    rows = tuple(
        (
            judge.name,
            given_number(judge.importance),
            judge.recommended or say("nothing", lang),
            "" if judge.consistency_ratio is None else f"{judge.consistency_ratio:.3f}",
            *(
                f"{judge.weights[name]:.3f}" if judge.weights else ""
                for name in dimensions[: len(titles)]
            ),
        )
        for judge in group.judges
    )
    yield Table((*columns, *titles), rows, frozenset({1, 3, *range(4, 4 + len(titles))}))
    yield Paragraph(contradicting(group, lang))
    worst = [
        say("worst_of_judge", lang, judge=judge.name, pairs=worst_of(decision, judge, lang))
        for judge in group.judges
        if judge.repairs
    ]
    if worst:
        semicolon = "; " if lang == "en" else "；"
        yield Paragraph(say("worst_of_judges", lang, worst=semicolon.join(worst)))
    if group.consensus is not None:
        yield Paragraph(say("consensus", lang, index=group.consensus))

    def called(name: str, node: str) -> str:
        return called_under(decision, node, name, lang)

    for each in group.disagreements[:_DISAGREEMENTS]:
        yield Paragraph(
            say(
                "disagreement",
                lang,
                first=called(each.first, each.node),
                second=called(each.second, each.node),
                lowest=each.lowest,
                lowest_judge=each.lowest_judge,
                highest=each.highest,
                highest_judge=each.highest_judge,
            )
        )


def contradicting(group: Group, lang: Language) -> str:
    """How many judges contradict themselves."""
    count, total = len(group.inconsistent), len(group.judges)
    return say("judges_inconsistent", lang, count=count, total=total, limit=ACCEPTABLE)


def worst_of(decision: Decision, judge: JudgeView, lang: Language) -> str:
    """The judgements that a judge should reconsider first."""
    node = judge.worst_node
    pairs = [
        say(
            "pair",
            lang,
            first=called_under(decision, node, each.first, lang),
            second=called_under(decision, node, each.second, lang),
        )
        for each in judge.repairs
    ]
    return say("either", lang).join(pairs)


def called_under(decision: Decision, node: str, name: str, lang: Language) -> str:
    """A criterion's title; under a leaf the options themselves were compared."""
    return name if node in decision.compared else decision.problem.tree.titles[name].say(lang)


def _reasons(
    decision: Decision,
    shares: dict[str, float],
    names: list[str],
    rivals: list[str],
    lang: Language,
) -> Iterator[Block]:
    if not shares:
        return
    titles = decision.problem.tree.titles
    comma = say("separator", lang)
    for option, sign in zip(rivals, (1, -1), strict=True):
        speaking = [titles[n].say(lang) for n in names if sign * shares[n] > _NEGLIGIBLE]
        if speaking:
            yield Paragraph(say("speaks_for", lang, option=option, dimensions=comma.join(speaking)))


def _signed(share: float, lang: Language) -> str:
    negligible = abs(share) <= _NEGLIGIBLE
    return ("" if negligible or share < 0 else "+") + percent(0.0 if negligible else share, 0, lang)


def _earned(decision: Decision) -> dict[str, float]:
    """Dimension -> share of the winner's lead that it earns; empty without a lead."""
    if decision.recommended is None or len(decision.ranking) < 2:
        return {}
    explanation = explain(decision)
    amounts = explanation.by_dimension
    return {name: amount / explanation.margin for name, amount in amounts.items()}


def score_in(decision: Decision, dimension: str, option: str) -> float:
    """The mean of the leaves' scores, weighted as they weigh inside the dimension."""
    weights = {
        leaf: weight
        for leaf, weight in decision.weights.final.items()
        if decision.weights.dimension_of[leaf] == dimension
    }
    total = sum(weights.values())
    scores = decision.scores[option]
    if total == 0.0:
        weights, total = dict.fromkeys(weights, 1.0), float(len(weights))
    return sum(weight * (scores[leaf] or 0.0) for leaf, weight in weights.items()) / total


def consistency(decision: Decision, lang: Language) -> str:
    """Where the weights come from if nobody judged them, and how consistent the answers are."""
    every = {**decision.consistency, **decision.compared}
    titles = decision.problem.tree.titles

    def of_node(node: str, said: str, every: Mapping[str, Diagnostics]) -> str:
        return said if len(every) == 1 else f"{titles[node].say(lang)} {said}"

    comma, said = say("separator", lang), []
    if not every or decision.problem.weights.objective or _ways(decision):
        said.append(_way(decision, lang))
    if every:
        ratios = comma.join(
            of_node(node, f"{each.consistency_ratio:.3f}", every) for node, each in every.items()
        )
        code = "consistency" if decision.group is None else "consistency_joined"
        said.append(say(code, lang, ratios=ratios, limit=ACCEPTABLE))
    if decision.best_worst:
        ratios = comma.join(
            of_node(
                node,
                say(
                    "best_worst_ratio",
                    lang,
                    ratio=each.consistency_ratio,
                    limit=each.limit,
                    xi=each.inconsistency,
                ),
                decision.best_worst,
            )
            for node, each in decision.best_worst.items()
        )
        said.append(say("best_worst_consistency", lang, ratios=ratios))
    return (" " if lang == "en" else "").join(said)


#: What is said of weights that nobody judged in pairs, by the key that gives them.
_WAYS = {
    "ranking": "by_ranking",
    "best_worst": "by_best_worst",
    "points": "by_points",
    "direct": "by_numbers",
}


def _way(decision: Decision, lang: Language) -> str:
    """Where weights come from that nobody judged in pairs."""
    problem = decision.problem
    if len(problem.tree.leaves) == 1:
        return say("by_nothing", lang)
    if problem.weights.objective is not None:
        return say("by_values", lang, method=problem.weights.objective)
    return say(next(iter(_ways(decision)), "by_numbers"), lang)


def _ways(decision: Decision) -> list[str]:
    """What is said of the nodes whose weights nobody judged in pairs."""
    problem = decision.problem
    ways = [problem.way_of(node) for node, _ in problem.tree.parents()]
    return [_WAYS[way] for way in ways if way in _WAYS]


def excluded_said(decision: Decision, each: Excluded, lang: Language) -> str:
    """Why an option is excluded, and whether it would have won."""
    gap = " " if lang == "en" else ""
    sentences = []
    for number, gate in enumerate(each.gates):
        code = ("unsure" if gate.unknown else "excluded") + ("_also" if number else "_by")
        facts = say("separator", lang).join(_input(decision, name, lang) for name in gate.unknown)
        values = {"option": each.option, "gate": gate.gate, "because": gate.because.say(lang)}
        sentences.append(say(code, lang, **values, facts=facts))
    if each.would_have_won is not None:
        code = "would_have_won" if each.would_have_won else "would_not_have_won"
        sentences.append(say(code, lang, winner=decision.recommended))
    if each.instead is not None:
        sentences.append(say("instead", lang, instead=each.instead))
    return gap.join(sentences)


def _input(decision: Decision, name: str, lang: Language) -> str:
    """A fact or profile field, of a part too, by its title and by what files call it."""
    option, _, inner = name.rpartition(": ")
    criteria = decision.problem.criteria
    declared = criteria.facts.get(inner) or criteria.profile.get(inner)
    if declared is not None and declared.title is not None:
        inner = say("input", lang, title=declared.title, name=inner)
    return say("of_option", lang, option=option, name=inner) if option else inner


def said(miss: Miss, lang: Language) -> str:
    """What a missed expectation says, in `lang`."""
    values = {
        key: say("nothing", lang) if value is None else value for key, value in miss.values.items()
    }
    return say(miss.code, lang, **values)


def _check(decision: Decision, lang: Language) -> Iterator[Block]:
    if decision.problem.scenario.expected is None:
        yield Paragraph(say("untested", lang))
        return
    misses = missed(decision)
    for each in misses:
        yield Paragraph(say("missed", lang, what=said(each, lang)), strong=True)
    if not misses:
        yield Paragraph(say("met", lang))

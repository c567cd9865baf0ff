"""The sentences of `mcda.explain` for the scenarios of tables, one scenario after the other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.rows import checked
from mcda.bulk.table import FROM, PART, Table
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.engine.weighing_many import Given
from mcda.errors import InputError
from mcda.files.loader import Loader
from mcda.model.criteria import Criteria, FactField, ProfileField
from mcda.model.language import Language
from mcda.model.scenario import Option, Scenario, Weights
from mcda.model.tree import CriteriaTree

__all__ = ["explanations", "sentences_of"]

#: Ways of weighing that columns have, too.
_WAYS = ("judgements", "direct")
#: Options, other keys, criteria and facts pack of a template.
Template = tuple[Mapping[str, Any] | None, Mapping[str, Any], Criteria, Any]
#: A column's value in each of the frame's rows; ``None`` where nothing is said.
Said = dict[str, list[Any]]


def sentences_of(decision: Decision, lang: Language) -> str | None:
    """Why the winner wins, as one text; ``None`` without an eligible option."""
    from mcda.explanation.explanation import explain  # only --explain needs it

    if not decision.ranking:
        return None
    return (" " if lang == "en" else "").join(explain(decision).sentences(lang))


def explanations(
    table: Table,
    wanted: NDArray[np.bool_],
    weights: Mapping[str, Given],
    loader: Loader,
    template: Template,
    lang: Language,
) -> list[str | None]:
    """The sentences for the `wanted` (B,) scenarios of a table, each a scenario of its own.

    `weights` is what they say themselves of the weights under nodes.
    """
    options, keys, criteria, facts = template
    pack = loader.pack(facts, criteria) if isinstance(facts, str) else facts
    values, tree = _values(table, criteria), CriteriaTree.of(criteria.criteria)
    found: list[str | None] = []
    for contest, is_wanted in enumerate(wanted.tolist()):
        if not is_wanted:
            found.append(None)
            continue
        start = int(table.layout.starts[contest])
        row = start if table.expand is None else contest
        profile = {name: values[name][row] for name in criteria.profile if name in values}
        said = {name: value for name, value in profile.items() if value is not None}
        own = {**keys, "profile": {**keys.get("profile", {}), **said}} if said else dict(keys)
        if weights:
            own["weights"] = _weights(keys.get("weights"), tree, weights, contest)
        scenario = Scenario(
            id=str(table.ids[contest]),
            criteria=criteria,
            facts=pack,
            options=_options(table, values, criteria, options, contest),
            **own,
        )
        found.append(sentences_of(evaluate(loader.problem(scenario)), lang))
    return found


def _weights(
    template: Any, tree: CriteriaTree, given: Mapping[str, Given], contest: int
) -> dict[str, Any]:
    """A scenario's weights: the template's, but for the nodes of which the table says something.

    Raises
    ------
    InputError
        If a scenario file could not say so: it has either judgements or numbers.
    """
    said = {} if template is None else Weights.model_validate(template).model_dump()
    ways = {way: said[way] for way in said if said[way] is not None and way != "aggregation"}
    found: dict[str, Any] = {way: dict(of) for way, of in ways.items() if way in _WAYS}
    for node, each in given.items():
        children = tree.children[node]
        if each.direct is not None and not np.isnan(each.direct[:, contest]).any():
            direct = dict(zip(children, each.direct[:, contest].tolist(), strict=True))
            found.setdefault("direct", {}).update(direct)
            continue
        pairs = zip(combinations(children, 2), each.ratios[:, contest].tolist(), strict=True)
        found.setdefault("judgements", {})[node] = {
            f"{first} vs {second}": ratio for (first, second), ratio in pairs if ratio == ratio
        }
    if len(found) > 1 or ways.keys() - found.keys():
        what = "scenarios whose weights are numbers here and judgements there are not explained"
        raise InputError(what, "Leave out --explain, or say all weights in one way")
    return found


def _values(table: Table, criteria: Criteria) -> Said:
    """What the frame's rows say, as a scenario file would."""
    fields: dict[str, FactField | ProfileField] = {**criteria.profile, **criteria.facts}
    said: Said = {}
    for name, column in table.columns.items():
        if name in fields:
            values, known = checked(table.frame, column, fields[name], table.failures)
            words = fields[name].values if fields[name].type == "choice" else None
            entries = values.tolist()
            if words:
                entries = [words[int(each)] if each == each else None for each in entries]
            said[name] = [
                each if is_known else None
                for each, is_known in zip(entries, known.tolist(), strict=True)
            ]
        elif name == FROM or name.startswith(PART):
            coded = table.frame.words(column, table.failures.at(column))
            said[name] = [coded.at(row) for row in range(len(coded.codes))]
    return said


def _options(
    table: Table,
    values: Said,
    criteria: Criteria,
    options: Mapping[str, Any] | None,
    contest: int,
) -> dict[str, Option]:
    """The options of one scenario: the template's with what the table says laid over them."""
    layout = table.layout
    found = {}
    for row in range(int(layout.starts[contest]), int(layout.starts[contest + 1])):
        name = layout.names[layout.options[row]]
        given = Option.model_validate((options or {}).get(name, {}))
        at = row if table.expand is None else contest
        cells = {key: entries[at] for key, entries in values.items() if entries[at] is not None}
        facts = {key: cells[key] for key in criteria.facts if key in cells}
        parts = {key.removeprefix(PART): cells[key] for key in cells if key.startswith(PART)}
        found[name] = Option.model_validate(
            {
                "title": given.title,
                "from": cells.get(FROM, given.from_),
                "facts": {**given.facts, **facts},
                "parts": {**given.parts, **parts},
            }
        )
    return found

"""JSON Schema of what the commands print as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from inspect import cleandoc
from typing import Any, get_args

from pydantic import TypeAdapter

from mcda.explanation.attribution import AttributionMethod
from mcda.explanation.data import FORMAT as EXPLANATION
from mcda.explanation.facts import Split
from mcda.model.scenario import Method, Verdict
from mcda.model.text import NOTICES
from mcda.reports.data import FORMAT as DECISIONS
from mcda.reports.page.variants import FORMAT as REPORT
from mcda.stability.acceptability import Acceptability
from mcda.stability.breakeven import BreakEven, NotCompared
from mcda.stability.data import FORMAT as SENSITIVITY
from mcda.stability.group import JudgeFlip
from mcda.stability.intervals import Interval
from mcda.stability.judgements import Influential, JudgementFlip
from mcda.stability.methods import OtherMethod, ReversalTest
from mcda.stability.sensitivity import LeftOut, NearestFlip
from mcda.stability.tipping import TippingPoint
from mcda.stability.transfers import NearestChange, Transfer

__all__ = ["OUTPUTS", "output_schema"]

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_VALUE: Schema = {"type": ["number", "boolean", "string"]}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
#: What docstrings leave to the name of an attribute.
_NAMED = {
    "first": "What is compared.",
    "second": "What it is compared with.",
    "node": "Whose children, or under which the options, are compared.",
    "giver": "The criterion that gives weight.",
    "taker": "The criterion that takes it.",
    "rival": "Who takes over.",
    "judge": "Whose importance it is.",
    "unit": "The unit of the value; null without one.",
    "sampler": "What was uncertain: the judgements, all weights, all weights that keep the order, "
    "or weights inside intervals.",
    "samples": "How many were drawn.",
    "seed": "What the samples are drawn from: the same seed draws the same ones.",
}
#: Where a docstring says one thing of two attributes.
_APART = {
    ("NearestFlip", "value"): "As it is.",
    ("NearestFlip", "changed"): "Where the winner changes.",
    ("NearestChange", "size"): "How large the change is in that norm.",
}


def _one(of: Any, description: str) -> Schema:
    return {"enum": list(get_args(of)), "description": description}


def _told(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _or_null(schema: Schema) -> Schema:
    if isinstance(kind := schema.get("type"), str | list):
        return {**schema, "type": [*([kind] if isinstance(kind, str) else kind), "null"]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    said = {"description": schema["description"]} if "description" in schema else {}
    inner = {key: value for key, value in schema.items() if key != "description"}
    return {**said, "anyOf": [inner, {"type": "null"}]}


def _record(
    description: str,
    keys: dict[str, Schema] | None = None,
    /,
    *,
    optional: tuple[str, ...] = (),
    **more: Schema,
) -> Schema:
    """A mapping with just these keys; a final underscore keeps a key from being a Python word."""
    named = {**(keys or {}), **{key.rstrip("_"): schema for key, schema in more.items()}}
    return {
        "type": "object",
        "description": description,
        "properties": named,
        "required": [key for key in named if key not in optional],
        "additionalProperties": False,
    }


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _map(values: Schema, description: str) -> Schema:
    return {"type": "object", "additionalProperties": values, "description": description}


def _pair(first: Schema, second: Schema, description: str) -> Schema:
    return {
        "type": "array",
        "prefixItems": [first, second],
        "minItems": 2,
        "maxItems": 2,
        "description": description,
    }


def _of_class(of: type, *, infinite: tuple[str, ...] = ()) -> Schema:
    """The schema of a dataclass: its types, what its docstring says; `infinite` may be null."""
    schema = TypeAdapter(of).json_schema(mode="serialization")
    definitions = schema.pop("$defs", {})
    inside = {name: _closed(each, _attributes_of(name)) for name, each in definitions.items()}
    made = _closed(schema, _attributes(of))
    for key in infinite:
        schema = made["properties"][key]
        made["properties"][key] = _or_null(
            _told(schema, schema["description"].replace("infinite", "null"))
        )
    replaced: Schema = _inlined(made, inside)
    return replaced


def _closed(schema: Schema, said: dict[str, str]) -> Schema:
    keys = {
        key: _told({k: v for k, v in each.items() if k not in ("title", "default")}, said[key])
        for key, each in schema["properties"].items()
    }
    return {
        "type": "object",
        "description": schema["description"].split("\n")[0],
        "properties": keys,
        "required": list(keys),
        "additionalProperties": False,
    }


def _inlined(schema: Any, definitions: dict[str, Schema]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(name := schema.get("$ref"), str):
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {**definitions[name.rsplit("/", 1)[1]], **rest}
    return {key: _inlined(value, definitions) for key, value in schema.items()}


def _attributes_of(name: str) -> dict[str, str]:
    from mcda.stability import acceptability, breakeven, tipping
    from mcda.weighting import consistency

    rooms = (tipping, breakeven, acceptability, consistency)
    return _attributes(next(vars(room)[name] for room in rooms if name in vars(room)))


def _attributes(of: type) -> dict[str, str]:
    """What a numpy docstring says of each attribute; else what its name says."""
    apart = {key: said for (name, key), said in _APART.items() if name == of.__name__}
    return {**_NAMED, **dict(_said(cleandoc(of.__doc__ or ""))), **apart}


def _said(text: str) -> Iterator[tuple[str, str]]:
    section = re.split(r"\nAttributes\n-+\n", text)[-1]
    for names, body in re.findall(r"^(\w[\w, ]*) : .*\n((?:[ ]{4}.*\n?|\n)*)", section, re.M):
        for name in names.split(", "):
            said = " ".join(body.replace("`", "").replace("None", "null").split())
            if said:
                yield name, said[0].upper() + said[1:]


def _head(form: str) -> dict[str, Schema]:
    return {"format": _told({"const": form}, "What this document is, and its version.")}


def _verdict(**more: Any) -> Schema:
    what = (
        "clear, close or contested by how firm the lead is; tie; no_contest: one eligible option; "
        "no_eligible_option."
    )
    return {**_one(Verdict, what), **more}


_RECOMMENDED = _told(
    _or_null(_TEXT), "The option to take; null on a tie or where nothing is eligible."
)
_FIRMNESS = _told(
    {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "Estimated chance that the winner stays ahead of its nearest rival under the noise of the "
    "judgements; null without a contest.",
)
_CLOSENESS: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_SCENARIO = _told(_TEXT, "The scenario's id.")
_TITLE = _told(_TEXT, "What readers see instead of the id.")


def _decisions() -> Schema:
    weights = _map(_CLOSENESS, "Leaf -> weight.")
    gate = _record(
        "A gate that the option does not pass.",
        gate=_told(_TEXT, "Its id."),
        because=_told(_TEXT, "Why it exists."),
        unknown=_told(_TEXTS, "What would have to be known; empty if the answer is no."),
        remedy=_told(_or_null(_TEXT), "What would let an option pass, if the model says it."),
    )
    admission = _record(
        "A change of one profile field that would make an excluded option eligible.",
        option=_told(_TEXT, "The option."),
        field=_told(_TEXT, "The profile field."),
        value=_told({"type": ["number", "boolean"]}, "As it is."),
        changed=_told(
            {"type": ["number", "boolean"]},
            "The nearest that lets the option pass; a whole level where the field has levels.",
        ),
    )
    excluded = _record(
        "An option that gates exclude.",
        option=_told(_TEXT, "Its name."),
        gate=_told(_TEXT, "The first gate it fails."),
        because=_told(_TEXT, "The reason of the first gate it fails."),
        gates=_list(gate, "All gates it fails, in the model's order.") | {"minItems": 1},
        closeness=_told(_or_null(_CLOSENESS), "What it would have had; null where not known."),
        would_have_won=_told(
            _or_null(_FLAG),
            "Whether it would have beaten every eligible option; null where that is not known, "
            "or there is none to beat.",
        ),
        instead=_told(_or_null(_TEXT), "What to look at in its place, if that is said."),
    )
    ranked = _record(
        "An eligible option's place.",
        option=_told(_TEXT, "Its name."),
        closeness=_told(_CLOSENESS, "1 is the ideal, 0 the anti-ideal."),
        rank=_told({"type": "integer", "minimum": 1}, "Ties share the better rank."),
    )
    method = {
        name: _one(each.annotation, f"The {name} used.")
        for name, each in Method.model_fields.items()
        if name != "normalization"
    }
    of_options = _map(_or_null(_NUMBER), "Leaf -> number; null where not known.")
    warning = _record(
        "Something the reader must know.",
        code=_told({"enum": sorted(NOTICES)}, "Which warning it is."),
        message=_told(_TEXT, "The warning as a sentence."),
    )
    decision = _record(
        "The recommendation for one scenario, with what it rests on.",
        scenario=_SCENARIO,
        title=_TITLE,
        recommended=_RECOMMENDED,
        verdict=_verdict(),
        firmness=_FIRMNESS,
        margin=_told(
            _or_null(_CLOSENESS),
            "Closeness of the winner less that of the runner-up; null without a runner-up.",
        ),
        ranking=_list(ranked, "The eligible options, best first."),
        excluded=_list(excluded, "The other options, in the scenario's order."),
        counterpart=_told(
            _or_null(_TEXT),
            "What the only eligible option is fairly compared with, if that is said; else null.",
        ),
        admissions=_list(
            admission,
            "Without a contest: single changes of the profile that let an option in, the nearest "
            "to eligible first; else empty.",
        ),
        weights=_record(
            "Weights at every step.",
            judged=_told(weights, "Leaf -> weight from the judgements; sum 1."),
            final=_told(weights, "Leaf -> weight after influences."),
            effective=_told(weights, "Leaf -> share with which TOPSIS weighs squared gaps."),
            local=_map(
                _map(_CLOSENESS, "Child -> weight among its siblings."), "Node -> its children."
            ),
        ),
        consistency=_map(
            _consistency(), "Node whose children, or under which the options, were compared."
        ),
        synthesis=_map(
            _CLOSENESS,
            "Where options were compared under every leaf: option -> its AHP priority; else empty.",
        ),
        group=_or_null(_group()),
        values=_map(of_options, "Option -> leaf -> value in its unit."),
        scores=_map(of_options, "Option -> leaf -> score; with domains 1 is the best end."),
        method=_record(
            "How it was computed.",
            method,
            normalization=_told(
                {"enum": ["domain", "vector", "minmax", "max", "sum", "none"]},
                "The normalization used.",
            ),
        ),
        warnings=_list(warning, "What the reader must know."),
    )
    allotment = _record(
        "What one scenario gets.",
        scenario=_SCENARIO,
        title=_TITLE,
        importance=_told({"type": "number", "exclusiveMinimum": 0}, "As given."),
        share=_told(_CLOSENESS, "Of all importance."),
        recommended=_RECOMMENDED,
        verdict=_verdict(),
        firmness=_FIRMNESS,
    )
    sole = _record(
        "What it would mean to take one option for everything.",
        option=_told(_TEXT, "The option."),
        best_in=_told(_TEXTS, "Scenarios that recommend it."),
        excluded_from=_told(_TEXTS, "Scenarios whose gates exclude it, or that do not know it."),
        loss=_told(
            _or_null(_CLOSENESS),
            "Mean closeness lost against the best option where it is eligible, weighted by "
            "importance; null where it is eligible nowhere.",
        ),
    )
    portfolio = _record(
        "Which option each scenario of a portfolio gets, and the split that follows.",
        portfolio=_told(_TEXT, "The portfolio's id."),
        title=_TITLE,
        allocation=_list(allotment, "One for each scenario, in the portfolio's order."),
        shares=_map(_CLOSENESS, "Option -> share of importance of the scenarios that take it."),
        undecided=_told(_TEXTS, "Scenarios that recommend nothing."),
        soles=_list(sole, "Every option; the fewest exclusions first."),
        decisions=_list(decision, "The scenarios' decisions, in the portfolio's order."),
    )
    failure = _record(
        "A document that could not be evaluated.",
        path=_told(_TEXT, "Its path."),
        error=_told(_TEXT, "What is wrong, with place and remedy."),
    )
    return _record(
        "What `mcda evaluate --format json` prints.",
        _head(DECISIONS),
        decisions=_list(decision, "One for each scenario, in order."),
        portfolios=_list(portfolio, "One for each portfolio; left out if there is none."),
        failures=_list(failure, "Documents that failed; left out if none did."),
        optional=("portfolios", "failures"),
    )


def _consistency() -> Schema:
    pairs = _list(_pair(_TEXT, _TEXT, "Two names."), "")
    worst = _record(
        "The judgement that fits the others least.",
        first=_told(_TEXT, "What is compared."),
        second=_told(_TEXT, "What it is compared with."),
        given=_told(_NUMBER, "The judgement."),
        repaired=_told(_NUMBER, "What would agree best with the others."),
    )
    return _record(
        "How well judgements agree with each other.",
        way=_told(
            {"enum": ["pairs", "best_worst"]},
            "Whether pairs were compared, or all with the best and the worst.",
        ),
        consistency_ratio=_told(
            _or_null(_NUMBER),
            "Saaty's consistency ratio, or the input-based one of the best-worst method; null "
            "where it does not exist.",
        ),
        limit=_told(_NUMBER, "The largest ratio that is acceptable."),
        gci=_told(_or_null(_NUMBER), "Geometric consistency index."),
        lambda_max=_told(_or_null(_NUMBER), "The Perron root of the matrix."),
        xi=_told(
            _or_null(_NUMBER), "The largest deviation from the best-worst weights; null for pairs."
        ),
        consistent=_told(_FLAG, "Whether the ratio is within its limit."),
        worst=_told(_or_null(worst), "The judgement to reconsider first; null for none."),
        repairs=_list(worst, "That one and all that would do as well, the best first."),
        circle=_told(_or_null(_TEXTS), "Names that are preferred in a circle; null for none."),
        missing=_told(pairs, "Comparisons that nobody made."),
        next_questions=_told(pairs, "Missing comparisons, those that would tell most first."),
    )


def _group() -> Schema:
    judge = _record(
        "What one judge says alone.",
        name=_told(_TEXT, "The judge's name."),
        importance=_told(_NUMBER, "How much the judge's word counts."),
        recommended=_told(_or_null(_TEXT), "What this judge alone would recommend."),
        verdict=_told(_or_null(_verdict()), "The verdict by this judge alone."),
        weights=_map(_CLOSENESS, "Dimension -> weight by this judge alone."),
        consensus=_map(_NUMBER, "Node -> distance from the group; 0 agrees with it."),
        problem=_told(_TEXT, "Why this judge alone gives no answer; empty otherwise."),
        consistency_ratio=_told(
            _or_null(_NUMBER), "The largest of this judge's; null where nothing can be weighed."
        ),
        consistency=_map(_consistency(), "Node -> how well this judge's judgements agree."),
    )
    disagreement = _record(
        "A comparison that judges made differently.",
        node=_told(_TEXT, "Whose children are compared."),
        first=_told(_TEXT, "What is compared."),
        second=_told(_TEXT, "What it is compared with."),
        factor=_told(_NUMBER, "Highest over lowest judgement."),
        lowest=_told(_NUMBER, "The lowest judgement."),
        lowest_judge=_told(_TEXT, "Whose it is."),
        highest=_told(_NUMBER, "The highest judgement."),
        highest_judge=_told(_TEXT, "Whose it is."),
    )
    return _record(
        "The judges behind the decision; null without judges.",
        consensus=_told(_or_null(_NUMBER), "Mean of the judges' distances; 0 is agreement."),
        inconsistent=_told(_TEXTS, "Judges whose consistency ratio is above its limit."),
        judges=_list(judge, "The judges."),
        disagreements=_list(disagreement, "Widest apart first."),
    )


def _explanation() -> Schema:
    amounts = _map(_NUMBER, "Name -> amount.")
    turn = _record(
        "Where the winner changes.",
        share=_told(_NUMBER, "The share of the influence."),
        option=_told(_TEXT, "Who takes over."),
    )
    path = _record(
        "A way from the criterion that earns to the goal.",
        nodes=_told(_TEXTS, "Typed ids along it."),
        weight=_told(_NUMBER, "The importance that takes this way."),
        amount=_told(_NUMBER, "What it earns."),
    )
    remainder = _record(
        "What all other ways earn.", remainder=_told(_NUMBER, "What they earn together.")
    )
    influence = _record(
        "An influence between criteria, and what it does to the lead.",
        from_=_told(_TEXT, "Who drives."),
        to=_told(_TEXT, "Who is driven."),
        share=_told(_NUMBER, "The declared share."),
        because=_told(_or_null(_TEXT), "The reason; null without one."),
        source=_told(_or_null(_TEXT), "Where it comes from; null without a source."),
        flow=_told(_NUMBER, "What flows over it, net."),
        positive=_told(_NUMBER, "What flows for the option."),
        negative=_told(_NUMBER, "What flows against it."),
        margin_without=_told(_NUMBER, "The lead without this influence."),
        effect=_told(_NUMBER, "Its Shapley value."),
        turns_below=_told(_or_null(turn), "The nearest lower share that changes the winner."),
        turns_above=_told(_or_null(turn), "The nearest higher share that changes the winner."),
    )
    step = _record(
        "What one step of a profile field does to the lead.",
        field=_told(_TEXT, "The profile field."),
        value=_told(_VALUE, "As it is."),
        changed=_told(_VALUE, "After the step."),
        effect=_told(_or_null(_NUMBER), "Change of the lead; null where it cannot be said."),
        excluded=_told(_TEXTS, "Options of the two that gates exclude after the step."),
        leader=_told(_or_null(_TEXT), "Who would lead then; null for nobody."),
        flips=_told(_FLAG, "Whether that is not who leads now."),
    )
    contrast = _record(
        "Another option beside the explained one.",
        option=_told(_TEXT, "Its name."),
        lead=_told(_NUMBER, "Of the explained option over this one."),
        gains=_told(amounts, "Leaf -> closeness that this option has ahead."),
        gives_up=_told(amounts, "Leaf -> closeness that it is behind."),
        gates=_told(_TEXTS, "Gates that exclude it."),
    )
    fact = _record(
        "What stands behind one fact.",
        option=_told(_TEXT, "Whose fact."),
        fact=_told(_TEXT, "Its name."),
        unsourced=_told(_FLAG, "No source is given."),
        stale=_told(_FLAG, "It is older on the decision's date than it may be."),
        age=_told(
            _or_null({"type": "integer"}), "Days old on the decision's date; null without dates."
        ),
        stale_after=_told({"type": "integer", "minimum": 1}, "How many days old it may be."),
        wide=_told(_FLAG, "The lead changes inside its range by more than a quarter."),
        leads=_or_null(
            _pair(
                _or_null(_NUMBER),
                _or_null(_NUMBER),
                "The least and the greatest lead inside its range; null without a range.",
            )
        ),
    )
    return _record(
        "What `mcda explain --format json` prints.",
        _head(EXPLANATION),
        scenario=_SCENARIO,
        verdict=_verdict(),
        firmness=_FIRMNESS,
        option=_told(_TEXT, "The option that is explained: the first of the ranking."),
        against=_told(_or_null(_TEXT), "What it is compared with; null is the anti-ideal."),
        margin=_told(_NUMBER, "Closeness of the option less that of the other."),
        closeness=_pair(_CLOSENESS, _CLOSENESS, "Of the option and of the other."),
        method=_one(AttributionMethod, "How the margin is shared out."),
        frozen_ideals=_told(_FLAG, "Whether ideals and normalisation are held fixed."),
        sentences=_told(_TEXTS, "The explanation in words."),
        contributions=_told(amounts, "Leaf -> what it earns of the margin."),
        by_dimension=_told(amounts, "Dimension that earns -> amount."),
        judged_dimensions=_told(amounts, "Dimension whose judged importance earned it -> amount."),
        origins=_map(amounts, "Dimension that earns -> dimension that lent importance -> amount."),
        facts=_map(
            _record(
                "The facts behind one leaf's contribution.",
                split=_one(Split, "How it is shared among the facts."),
                amounts=_told(amounts, "Fact -> amount."),
            ),
            "Leaf -> its facts.",
        ),
        paths=_list({"anyOf": [path, remainder]}, "Ways that earn most, then a remainder."),
        influences=_list(influence, "The declared influences."),
        dematel=_map(
            _record(
                "DEMATEL's diagnosis.",
                prominence=_told(_NUMBER, "Influence given and taken."),
                relation=_told(_NUMBER, "Influence given less taken."),
            ),
            "Node -> diagnosis.",
        ),
        profile=_list(step, "Steps of the profile fields."),
        contrasts=_list(contrast, "The other options."),
        thresholds=_map(
            _list(_of_class(NearestFlip), "The nearest first."),
            "Option -> single changes at which it would win.",
        ),
        evidence=_record(
            "What the lead rests on.",
            unsourced=_told(_NUMBER, "Share of the lead on facts without a source."),
            stale=_told(_NUMBER, "Share on old facts."),
            wide=_told(_NUMBER, "Share on facts with a wide range."),
            facts=_list(fact, "Those that make a difference, or could."),
        ),
        graph=_graph(),
    )


def _graph() -> Schema:
    kinds = ["goal", "criterion", "fact", "facts", "comparison", "measure", "profile"]
    node = _record(
        "A node.",
        id=_told(_TEXT, "Kind and name, such as criterion:budget."),
        kind=_told({"enum": kinds}, "What it is."),
        title_en=_told(_TEXT, "Its title in English."),
        title_zh=_told(_TEXT, "Its title in Chinese."),
        leaf=_told(_FLAG, "Whether it is scored itself."),
        weight=_told(_NUMBER, "Judged weight."),
        final=_told(_NUMBER, "Weight after influences."),
        effective=_told(_NUMBER, "Share with which TOPSIS weighs squared gaps."),
        contribution=_told(_NUMBER, "What it earns."),
        score=_told(_NUMBER, "Score of the option."),
        score_against=_told(_NUMBER, "Score of the other."),
        value=_told(_VALUE, "Value of the option, or of the profile field."),
        value_against=_told(_VALUE, "Value of the other."),
        unit=_told(_TEXT, "The unit of the values."),
        up=_told(_NUMBER, "Change of the lead one step up."),
        down=_told(_NUMBER, "Change of the lead one step down."),
        optional=(
            *("leaf", "weight", "final", "effective", "contribution", "score", "score_against"),
            *("value", "value_against", "unit", "up", "down"),
        ),
    )
    node["patternProperties"] = {"^to_": _told(_NUMBER, "Change of the lead with that value.")}
    edge = _record(
        "An edge.",
        source=_told(_TEXT, "Id of the node it leaves."),
        target=_told(_TEXT, "Id of the node it enters."),
        role=_told({"enum": ["fact", "influence", "part", "reads"]}, "What it stands for."),
        flow=_told(_NUMBER, "What flows over it, net."),
        positive=_told(_NUMBER, "What flows for the option."),
        negative=_told(_NUMBER, "What flows against it."),
        split=_one(Split, "How facts share a leaf's contribution."),
        share=_told(_NUMBER, "The influence's share."),
        because_en=_told(_TEXT, "The influence's reason in English."),
        because_zh=_told(_TEXT, "The influence's reason in Chinese."),
        optional=("split", "share", "because_en", "because_zh"),
    )
    return _record(
        "The flow of the margin from facts over criteria to the goal, in networkx's node-link "
        "form.",
        directed=_told({"const": True}, "Edges have a direction."),
        multigraph=_told({"const": False}, "One edge between two nodes at most."),
        graph=_record(
            "What is explained.",
            scenario=_SCENARIO,
            option=_told(_TEXT, "The option that is explained."),
            against=_told(_TEXT, "What it is compared with."),
            margin=_told(_NUMBER, "The lead."),
        ),
        nodes=_list(node, "The nodes."),
        edges=_list(edge, "The edges."),
    )


def _sensitivity() -> Schema:
    nearest = _of_class(NearestFlip)
    return _record(
        "What `mcda sensitivity --format json` prints; infinity is null.",
        _head(SENSITIVITY),
        scenario=_SCENARIO,
        title=_TITLE,
        recommended=_RECOMMENDED,
        verdict=_verdict(),
        firmness=_FIRMNESS,
        noise_floor=_told(_NUMBER, "The noise that judgements have at least."),
        consistency=_map(
            _consistency(), "Node whose children, or under which the options, were compared."
        ),
        left_out=_told(
            _or_null(_of_class(LeftOut)),
            "Options that cannot win whatever the weights are; null where all were looked at.",
        ),
        nearest=_list(nearest, "The smallest single changes that change the winner."),
        thresholds=_map(
            _list(nearest, "The nearest first."), "Option -> single changes at which it would win."
        ),
        intervals=_map(_of_class(Interval), "Criterion -> how far its weight can move."),
        transfers=_list(_of_class(Transfer), "The smallest first."),
        nearest_changes=_list(_of_class(NearestChange), "By norm."),
        judgements=_list(
            _of_class(JudgementFlip, infinite=("steps",)), "The judgements, the nearest first."
        ),
        tipping_points=_list(_of_class(TippingPoint), "Those that matter first."),
        break_evens=_list(
            _of_class(BreakEven), "Declared ones for each pair of options, or those asked for."
        ),
        not_compared=_list(
            _of_class(NotCompared), "Options and pairs without a break-even, and why."
        ),
        importance=_list(_of_class(Influential), "The judgements that the lead hangs on."),
        judges=_list(_of_class(JudgeFlip), "One for each judge."),
        acceptability=_told(
            _or_null(_of_class(Acceptability)),
            "How often options get each rank; null where nothing can be sampled.",
        ),
        methods=_list(_of_class(OtherMethod), "What other methods say, where that is asked for."),
        reversals=_list(
            _of_class(ReversalTest), "Whether the ranking survives other options; with methods."
        ),
        optional=("methods", "reversals"),
    )


def _report() -> Schema:
    decisions = _decisions()["properties"]
    judgement = _record(
        "A pairwise judgement, the way round in which it is at least 1.",
        first=_told(_TEXT, "What is preferred."),
        second=_told(_TEXT, "What it is compared with."),
        given=_told(_NUMBER, "How many times as important the first is, as judged."),
        implied=_told(_NUMBER, "The same by the weights that result."),
        worst=_told(_FLAG, "Whether it fits the others worst of all."),
        own=_told(_FLAG, "Whether the scenario says it, not the criteria model."),
    )
    fact = _record(
        "A fact; null where it is said to be unknown.",
        value=_told(_or_null(_VALUE), "As it is used."),
        low=_told(_or_null(_NUMBER), "The least it may be."),
        high=_told(_or_null(_NUMBER), "The most it may be."),
        unit=_told(_or_null(_TEXT), "Its unit, where the fact names one."),
        source=_told(_or_null(_TEXT), "Where it comes from."),
        as_of=_told(_or_null(_TEXT), "As of which day."),
    )
    report = _record(
        "Everything about one scenario.",
        decision=decisions["decisions"]["items"],
        explanation=_or_null(_told(_explanation(), "Why; null where no option is eligible.")),
        sensitivity=_or_null(
            _told(_sensitivity(), "What would change it; null without a winner that has rivals.")
        ),
        judgements=_map(_list(judgement, "The worst first."), "Node -> judgements under it."),
        profile=_map(_VALUE, "Field of the situation -> value, defaults filled in."),
        facts=_map(_map(_or_null(fact), "Fact -> what is known."), "Option -> its facts."),
        provenance=_map(
            _TEXT,
            "What makes the report again: ids, the hash of the input, versions, samples, seed, "
            "command.",
        ),
    )
    return _record(
        "What `mcda report` writes into a .json file.",
        _head(REPORT),
        reports=_list(report, "One for each scenario, in order."),
        failures=decisions["failures"],
        optional=("failures",),
    )


#: Kinds of output and what makes their schemas.
OUTPUTS: dict[str, Callable[[], Schema]] = {
    "decisions": _decisions,
    "explanation": _explanation,
    "sensitivity": _sensitivity,
    "report": _report,
}


def output_schema(kind: str) -> Schema:
    """The JSON Schema of an output: decisions, explanation, sensitivity or report."""
    return {"$schema": _DIALECT, **OUTPUTS[kind]()}

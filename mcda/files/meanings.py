"""What every key of a document means, in a line, for those who hover over it in an editor."""

from __future__ import annotations

__all__ = ["MEANINGS"]

_TITLE = "What readers see instead of the id: a text, or {en, zh}."
_DESCRIPTION = "What it is about, for readers: a text, or {en, zh}."
_UNIT = "The unit, as readers see it, such as EUR or ms."
_BECAUSE = "The reason, for readers: a text, or {en, zh}."
_SOURCE = "Where it comes from: a document, an address, a measurement."
_AS_OF = "The day at which it held, YYYY-MM-DD."

#: Model -> key -> what it means.
MEANINGS: dict[str, dict[str, str]] = {
    "Scenario": {
        "format": "Says what this document is: mcda/scenario/1.",
        "id": "Name of the scenario, unique among those evaluated together.",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "source": "What the scenario rests on: a document's name, or {document, phrases, note}.",
        "decision_date": "The day of the decision, YYYY-MM-DD; facts are old or new against it.",
        "criteria": "Name of a shipped criteria model, a path to one, or a tree of criteria of "
        "the scenario's own.",
        "facts": "Name of a facts pack of the criteria model, or a path to one.",
        "profile": "Who decides: values of the criteria model's profile fields. null is unknown.",
        "options": "The options to choose from, by name.",
        "influences": "With criteria of its own: which criterion drives which, and how much.",
        "weights": "Where the weights come from: exactly one of the ways. Left out: the criteria "
        "model's default judgements.",
        "method": "How to compute; every key has a default.",
        "constraints": "Further gates of this scenario: {id: {rule, because}}, or a list of "
        "records with id.",
        "expected": "A decision test: what the evaluation must say. Checked by evaluate --check.",
    },
    "Source": {
        "document": "Name of the document.",
        "phrases": "The phrases that the scenario rests on, word for word.",
        "note": "A remark for readers.",
    },
    "Option": {
        "title": _TITLE,
        "from": "Name of an option of the facts pack, whose facts this one takes over.",
        "facts": "Facts that add to or replace what the facts pack says; null makes one unknown.",
        "parts": "Which other options play a role in this one: {role: option}.",
        "instead": "What to look at where it is excluded, for readers: a text, or {en, zh}.",
    },
    "Fact": {
        "value": "A number, true or false, or a word; null is unknown.",
        "low": "The least that the value could be.",
        "high": "The most that the value could be.",
        "unit": "The unit; it must be the declared one.",
        "source": _SOURCE,
        "as_of": _AS_OF,
    },
    "Weights": {
        "judgements": "Comparisons in pairs, per node (goal is the root): {a vs b: 3} says that a "
        "is three times as important as b. A leaf compares the options.",
        "judges": "Several people who compare in pairs, by name.",
        "aggregation": "How judges are joined: their judgements, or the weights that follow.",
        "direct": "Numbers per criterion; siblings are scaled to sum 1.",
        "points": "Per node, points for the swing of each child from worst to best; the most "
        "important gets 100.",
        "ranking": "Per node, the children from most to least important; a list within the list "
        "is a tie.",
        "best_worst": "Per node, comparisons with the best and the worst child only.",
        "objective": "Weights of all leaves from how the options differ in them.",
    },
    "Judge": {
        "importance": "How much the judge's word counts, against the others'.",
        "judgements": "Comparisons in pairs, per node: {a vs b: 3}.",
    },
    "BestWorst": {
        "best": "The most important child.",
        "worst": "The least important child.",
        "best_to_others": "How many times as important as each other child the best is.",
        "others_to_worst": "How many times as important as the worst each other child is.",
    },
    "Method": {
        "priorities": "How pairwise judgements become weights.",
        "normalization": "How values become scores. Left out: domain where every leaf declares "
        "one, else vector.",
        "weighting": "Where weights enter TOPSIS: along the tree, as in the textbook, or linearly.",
        "dependencies": "What influences do to the weights: the closure over all ways, Saaty's "
        "limit, or nothing.",
    },
    "Expected": {
        "recommended": "The option that must be recommended; null: none must be.",
        "excluded": "Options that gates must exclude: a list, or {option: gate}.",
        "verdict": "The verdict, or a list of those that will do.",
    },
    "Criteria": {
        "format": "Says what this document is: mcda/criteria/1.",
        "id": "Name of the criteria model; facts packs say it.",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "profile": "What is known about who decides, by name; formulas read it.",
        "facts": "What is known about an option, by name; formulas read it.",
        "parts": "Roles that options can play inside others; formulas say role.fact.",
        "measures": "Named formulas over profile fields, facts and other measures.",
        "criteria": "The tree of criteria; those at the top are the dimensions.",
        "judgements": "Default comparisons in pairs, per node (goal is the root): {a vs b: 3}.",
        "influences": "Which criterion drives which, and how much.",
        "gates": "Rules that every option must meet: {id: {rule, because}}, or a list of records "
        "with id.",
        "break_evens": "Measures whose ties between two options are looked for, along a field.",
    },
    "BreakEvenLine": {
        "title": _TITLE,
        "measure": "The measure, or the fact, in which two options are to tie.",
        "along": "The profile field whose values are tried.",
        "over": "The lowest and the highest value to try; left out: the field's domain.",
    },
    "ProfileField": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "type": "What it holds: a number, yes or no, or one of several words.",
        "unit": _UNIT,
        "domain": "The lowest and the highest number; null leaves an end open.",
        "values": "The words to choose from; for type: choice.",
        "levels": "What the levels 0, 1, 2, ... mean; a value may lie between two.",
        "default": "The value where a scenario gives none; without a default it is unknown then.",
    },
    "FactField": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "type": "What it holds: a number, yes or no, or one of several words.",
        "unit": _UNIT,
        "domain": "The lowest and the highest number; null leaves an end open.",
        "values": "The words to choose from; for type: choice.",
        "levels": "Words that may be written instead of numbers: {word: number}.",
        "combine": "How an option with parts gets the fact from them if it gives none itself.",
        "stale_after": "The age in days beyond which the fact is too old for a decision.",
        "published_as": "What published price lists call it; mcda prices reads it from there.",
    },
    "Part": {"title": _TITLE},
    "Measure": {
        "formula": "Python's expression syntax over names, with min, max, abs, floor, ceil, sqrt, "
        "exp, log, clip, coalesce and known. Names that are no words stand in backticks: "
        "`Lead Time (Days)`.",
        "title": _TITLE,
        "unit": _UNIT,
        "because": _BECAUSE,
    },
    "Criterion": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "direction": "benefit: more is better; cost: less is better. Also max, min, 1, -1.",
        "unit": _UNIT,
        "domain": "The lowest and the highest value; the ends of the scale of scores.",
        "levels": "Words that may be written instead of numbers: {word: number}.",
        "measure": "The measure that it scores.",
        "fact": "The fact that it scores; left out with measure: the fact of its own name.",
        "children": "What it consists of; a criterion with children is not scored itself.",
    },
    "Influence": {
        "from": "The criterion that drives the other.",
        "to": "The criterion that is driven.",
        "share": "How much of the importance given to `to` really belongs to `from`: 0 up to, but "
        "not including, 1.",
        "because": _BECAUSE,
        "source": _SOURCE,
    },
    "Gate": {
        "id": "Name of the gate.",
        "rule": "A condition in Python's expression syntax, names that are no words in backticks. "
        "False excludes the option; unknown excludes it and asks for what is missing.",
        "because": _BECAUSE,
        "title": _TITLE,
        "remedy": "What would let an option pass, for readers: a text, or {en, zh}.",
    },
    "FactsPack": {
        "format": "Says what this document is: mcda/facts/1.",
        "id": "Name of the facts pack.",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "criteria": "Name of the criteria model that it is for.",
        "options": "What is known about each option, by name.",
    },
    "KnownOption": {
        "title": _TITLE,
        "source": "Where the facts come from that say no source themselves.",
        "as_of": "The day at which the facts held that say no day themselves, YYYY-MM-DD.",
        "counterpart": "The option of the pack that it is fairly compared with; readers are "
        "pointed to it where this one is excluded.",
        "instead": "The same in words, for readers: a text, or {en, zh}.",
        "facts": "The option's facts, by name: a value, or {value, low, high, unit, source, "
        "as_of}. null is unknown.",
    },
    "Portfolio": {
        "format": "Says what this document is: mcda/portfolio/1.",
        "id": "Name of the portfolio.",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "source": "What the portfolio rests on: a document's name, or {document, phrases, note}.",
        "profile": "Who decides: holds for every scenario that does not say otherwise itself.",
        "scenarios": "The scenarios, each with its importance.",
        "expected": "A decision test: what must be recommended, by scenario; null: nothing. "
        "Checked by evaluate --check.",
    },
    "Member": {
        "scenario": "A path from this file on, the name of a shipped scenario, or a scenario.",
        "importance": "What it counts against the others, such as its volume or cost; 1 if left "
        "out.",
    },
    "Text": {"en": "In English.", "zh": "In Chinese."},
}

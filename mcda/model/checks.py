"""What is checked within one document, and how findings are collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mcda.errors import DocumentError, Finding, hint, listing, short
from mcda.model.criteria import GOAL, Criteria, Criterion, FactField, Influence, ProfileField, walk
from mcda.model.documents import Document, Keys, place
from mcda.model.language import given_number, interval
from mcda.model.problem import Pair
from mcda.model.tree import CriteriaTree

__all__ = [
    "Findings",
    "check_criteria",
    "check_influences",
    "check_tree",
    "checked_value",
    "compared_pairs",
    "pair_of",
]


@dataclass
class Findings:
    """Collects what is wrong, with its place."""

    found: list[Finding] = field(default_factory=list)

    def add(self, at: tuple[Document, Keys], what: str, remedy: str = "") -> None:
        """Note what is wrong at a place."""
        self.found.append(Finding(place(*at), what, remedy))

    def raise_any(self) -> None:
        """Raise all that was noted, if anything was."""
        if self.found:
            raise DocumentError(self.found)


def check_tree(
    nodes: Mapping[str, Criterion], document: Document, keys: Keys, wrong: Findings
) -> None:
    """Node names must be unique; a scenario's own leaves name no measure or fact."""
    seen: dict[str, Keys] = {GOAL: ()}
    for path, node in walk(nodes):
        at: Keys = (*keys, *(part for name in path for part in (name, "children")))[:-1]
        if path[-1] in seen:
            other = seen[path[-1]]
            what = (
                f"the name {GOAL!r} is kept for the whole decision"
                if not other
                else f"there is a criterion {path[-1]!r} already, at {place(document, other)}"
            )
            wrong.add((document, at), what, "Every criterion needs a name of its own")
        seen.setdefault(path[-1], at)
        if node.children is None and not isinstance(document, Criteria):
            for key in ("measure", "fact"):
                if getattr(node, key):
                    wrong.add(
                        (document, (*at, key)),
                        f"a scenario's own criteria have no {key}s",
                        "Leave it out: the options give the leaf's value",
                    )


def check_criteria(criteria: Criteria, wrong: Findings) -> None:
    """Every name that a criteria model uses must be declared, with one meaning."""
    check_tree(criteria.criteria, criteria, ("criteria",), wrong)
    kinds: dict[str, str] = {}
    for kind in ("profile", "facts", "parts", "measures"):
        for name in getattr(criteria, kind):
            if name in kinds:
                wrong.add(
                    (criteria, (kind, name)),
                    f"the name {name!r} is used under {kinds[name]} already",
                    "Formulas need one meaning for every name",
                )
            kinds.setdefault(name, kind)
    for path, node in walk(criteria.criteria):
        if node.children is not None:
            continue
        keys: Keys = ("criteria", *(part for name in path for part in (name, "children")))[:-1]
        if node.measure and node.measure not in criteria.measures:
            wrong.add(
                (criteria, (*keys, "measure")),
                f"unknown measure {node.measure!r}",
                hint(node.measure, criteria.measures),
            )
        fact = node.fact or path[-1]
        if not node.measure and fact not in criteria.facts:
            wrong.add(
                (criteria, (*keys, "fact") if node.fact else keys),
                f"unknown fact {fact!r}" if node.fact else f"no measure or fact for {fact!r}",
                hint(fact, criteria.facts) or "Name a measure",
            )
        elif not node.measure and criteria.facts[fact].type != "number":
            wrong.add(
                (criteria, (*keys, "fact") if node.fact else keys),
                f"the fact {fact!r} is a {criteria.facts[fact].type}, a criterion needs a number",
                "Name a measure that turns it into a number",
            )
    for name, profile_field in criteria.profile.items():
        if profile_field.default is not None:
            checked_value(
                profile_field.default,
                profile_field,
                (criteria, ("profile", name, "default")),
                wrong,
            )
    _check_break_evens(criteria, wrong)
    children = CriteriaTree.of(criteria.criteria).children if not wrong.found else {}
    if children:
        compared_pairs(criteria.judgements, children, (criteria, ("judgements",)), wrong)
        check_influences(criteria.influences, criteria.criteria, criteria, wrong)


def _check_break_evens(criteria: Criteria, wrong: Findings) -> None:
    """A break-even names a measure or a numeric fact, and a numeric profile field."""
    numbers = [name for name, fact in criteria.facts.items() if fact.type == "number"]
    fields = [name for name, field in criteria.profile.items() if field.type == "number"]
    for name, line in criteria.break_evens.items():
        at: Keys = ("break_evens", name)
        known = [*criteria.measures, *numbers]
        if line.measure not in known:
            what = f"there is no measure and no numeric fact {line.measure!r}"
            wrong.add((criteria, (*at, "measure")), what, hint(line.measure, known))
        if line.along not in fields:
            what = f"there is no numeric profile field {line.along!r}"
            wrong.add((criteria, (*at, "along")), what, hint(line.along, fields))


def check_influences(
    influences: Iterable[Influence],
    nodes: Mapping[str, Criterion],
    document: Document,
    wrong: Findings,
) -> None:
    """Influences join two nodes of different branches, each pair once."""
    paths = {path[-1]: path for path, _ in walk(nodes)}
    pairs: set[Pair] = set()
    for number, edge in enumerate(influences):
        at = (document, ("influences", number))
        unknown = [name for name in (edge.from_, edge.to) if name not in paths]
        for name in unknown:
            wrong.add(at, f"unknown criterion {name!r}", hint(name, paths))
        if unknown:
            continue
        if edge.from_ == edge.to:
            wrong.add(at, f"{edge.to!r} cannot influence itself", "Remove the influence")
        elif edge.from_ in paths[edge.to] or edge.to in paths[edge.from_]:
            wrong.add(
                at,
                f"{edge.from_!r} and {edge.to!r} lie on one branch of the tree",
                "An influence joins different branches",
            )
        if (edge.from_, edge.to) in pairs:
            wrong.add(at, f"{edge.from_!r} -> {edge.to!r} is given twice", "Keep one of them")
        pairs.add((edge.from_, edge.to))


def checked_value(
    value: float | bool | str,
    declared: ProfileField | FactField,
    at: tuple[Document, Keys],
    wrong: Findings,
) -> float | bool | str | None:
    """`value` as its declaration wants it, words turned into their numbers; findings otherwise."""
    if declared.type == "boolean":
        if isinstance(value, bool):
            return value
        wrong.add(at, f"expected true or false, got {short(value)}")
    elif declared.type == "choice":
        choices: tuple[str, ...] = declared.values or ()
        if isinstance(value, str) and value in choices:
            return value
        remedy = hint(value, choices) if isinstance(value, str) else f"One of: {listing(choices)}"
        wrong.add(at, f"expected one of {listing(choices)}, got {short(value)}", remedy)
    else:
        words = declared.levels if isinstance(declared, FactField) else None
        if isinstance(value, str):
            if words and value in words:
                return words[value]
            what = f"expected {'a number or one of the levels' if words else 'a number'}"
            remedy = hint(value, words) if words else _number_remedy(value)
            wrong.add(at, f"{what}, got {short(value)}", remedy)
        elif isinstance(value, bool):
            wrong.add(at, f"expected a number, got {str(value).lower()}")
        else:
            low, high = declared.bounds
            if (low is None or value >= low) and (high is None or value <= high):
                return value
            what = f"{given_number(value)} is outside the domain {interval(low, high)}"
            wrong.add(at, what, "Give a value inside, or widen it")
    return None


def _number_remedy(text: str) -> str:
    if text.strip().lstrip("-").replace(",", "", 1).replace(".", "").isdigit():
        return "Write decimals with a point and without thousands separators"
    if text.strip().lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        return "Give a finite number"
    return "Give a number"


def compared_pairs(
    given: Mapping[str, Mapping[str, float | None]],
    children: Mapping[str, tuple[str, ...]],
    at: tuple[Document, Keys],
    wrong: Findings,
) -> dict[str, dict[Pair, float]]:
    """The answers given, with their ``a vs b`` taken apart and every name checked."""
    document, keys = at
    result: dict[str, dict[Pair, float]] = {}
    for node, pairs in given.items():
        if node not in children:
            leaf = any(node in siblings for siblings in children.values())
            what = f"{node!r} has no children to compare" if leaf else f"unknown criterion {node!r}"
            wrong.add((document, (*keys, node)), what, hint(node, children))
            continue
        taken: dict[Pair, float] = {}
        for text, ratio in pairs.items():
            here = (document, (*keys, node, text))
            pair = pair_of(text, children[node], lambda *said, here=here: wrong.add(here, *said))
            if pair is None or ratio is None:
                continue
            if pair in taken or pair[::-1] in taken:
                wrong.add(
                    here, f"{pair[0]!r} and {pair[1]!r} are compared twice", "Keep one judgement"
                )
            taken[pair] = ratio
        result[node] = taken
    return result


def pair_of(text: str, siblings: tuple[str, ...], refuse: Callable[..., None]) -> Pair | None:
    """The two siblings that ``a vs b`` compares; `refuse` hears what is wrong and a remedy."""
    words = text.split(" vs ")
    splits = [
        (" vs ".join(words[:cut]).strip(), " vs ".join(words[cut:]).strip())
        for cut in range(1, len(words))
    ]
    if not splits:
        refuse(f"{text!r} is not a comparison", "Write it as: a vs b")
        return None
    known = [pair for pair in splits if set(pair) <= set(siblings)]
    if len(known) != 1:
        if known:
            refuse(f"{text!r} can be read in {len(known)} ways", "Rename one of the criteria")
        for name in splits[0] if not known else ():
            if name not in siblings:
                refuse(f"unknown name {name!r} in {text!r}", hint(name, siblings))
        return None
    if known[0][0] == known[0][1]:
        refuse(f"{known[0][0]!r} is compared with itself", "Remove the judgement")
        return None
    return known[0]

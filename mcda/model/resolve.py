"""Scenario, criteria model and facts pack brought together, every reference checked."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from mcda.errors import hint
from mcda.model.checks import (
    Findings,
    check_criteria,
    check_influences,
    check_tree,
    checked_value,
)
from mcda.model.criteria import Criteria, FactField, Gate, ProfileField, walk
from mcda.model.documents import Document, Keys
from mcda.model.facts import FactsPack, KnownOption
from mcda.model.problem import OptionFacts, Problem, WeightPlan
from mcda.model.scenario import Option, Scenario
from mcda.model.text import Text
from mcda.model.tree import CriteriaTree
from mcda.model.values import Fact
from mcda.model.weights import compared_nodes, weight_plan

__all__ = ["criteria_of", "resolve"]

#: Options that are remembered; then they are forgotten.
_SHARED = 1000


def resolve(
    scenario: Scenario,
    criteria: Criteria | None,
    pack: FactsPack | None,
    memo: dict[str, Any] | None = None,
) -> Problem:
    """Bring a scenario, its criteria model and its facts together and check every reference.

    Parameters
    ----------
    scenario
        The scenario.
    criteria
        The model it names; ``None`` if it brings its own criteria.
    pack
        The facts pack it names, if any.
    memo
        What was worked out from the model before, for other scenarios; it is added to.

    Raises
    ------
    DocumentError
        With one finding for everything that is wrong, each with its place.
    """
    wrong = Findings()
    if criteria is None:
        assert isinstance(scenario.criteria, Mapping)
        check_tree(scenario.criteria, scenario, ("criteria",), wrong)
        check_influences(scenario.influences, scenario.criteria, scenario, wrong)
        wrong.raise_any()
        criteria = criteria_of(scenario)
    else:
        memo = {} if memo is None else memo
        if "tree" not in memo:
            check_criteria(criteria, wrong)
            wrong.raise_any()
            memo["tree"] = CriteriaTree.of(criteria.criteria)
        if scenario.influences:
            wrong.add(
                (scenario, ("influences",)),
                f"influences belong to the criteria model, here {criteria.id!r}",
                "Declare them there",
            )
        wrong.raise_any()
    if pack is not None and pack.criteria != criteria.id:
        at = (scenario, ("facts",))
        wrong.add(
            at,
            f"the facts pack {pack.id!r} is for the criteria model {pack.criteria!r}",
            f"This scenario uses {criteria.id!r}; name a pack made for it",
        )
        wrong.raise_any()
    memo = {} if memo is None else memo
    if pack is not None:
        _check_counterparts(pack, memo, wrong)
    tree = memo["tree"] if "tree" in memo else CriteriaTree.of(criteria.criteria)
    profile = _profile(scenario, criteria, memo, wrong)
    options = _options(scenario, criteria, pack, tree, memo, wrong)
    plan = _plan(scenario, criteria, tree, memo, wrong)
    for name in scenario.constraints:
        if name in criteria.gates:
            wrong.add(
                (scenario, ("constraints", name)),
                f"the criteria model has a gate {name!r} already",
                "Give the constraint another id",
            )
    gates = criteria.gates
    if scenario.constraints:
        gates = {**gates, **scenario.constraints}
    _check_expected(scenario, gates, wrong)
    wrong.raise_any()
    return Problem(scenario, criteria, pack, tree, options, profile, gates, plan, memo)


def _plan(
    scenario: Scenario,
    criteria: Criteria,
    tree: CriteriaTree,
    memo: dict[str, Any],
    wrong: Findings,
) -> WeightPlan:
    """The plan of the weights; one for all scenarios that leave them to the model."""
    if scenario.weights is None and "plan" in memo:
        defaults: WeightPlan = memo["plan"]
        return defaults
    before = len(wrong.found)
    plan = weight_plan(scenario, criteria, tree, wrong)
    if scenario.weights is None and len(wrong.found) == before:
        memo["plan"] = plan
    return plan


def criteria_of(scenario: Scenario) -> Criteria:
    """The criteria model of a scenario that brings its own: every leaf is a fact."""
    assert isinstance(scenario.criteria, Mapping)
    facts = {
        path[-1]: FactField(
            title=node.title,
            unit=node.unit,
            levels=node.levels,
            domain=None if node.levels else node.domain,
        )
        for path, node in walk(scenario.criteria)
        if node.children is None
    }
    return Criteria(
        id=scenario.id, criteria=scenario.criteria, facts=facts, influences=scenario.influences
    )


def _profile(
    scenario: Scenario, criteria: Criteria, memo: dict[str, Any], wrong: Findings
) -> dict[str, float | bool | str]:
    given = scenario.profile
    for name in given if given.keys() - criteria.profile.keys() else ():
        if name not in criteria.profile:
            wrong.add(
                (scenario, ("profile", name)),
                f"the criteria model {criteria.id!r} has no profile field {name!r}",
                hint(name, criteria.profile),
            )
    known: dict[str, float | bool | str] = {}
    if "profile" not in memo:
        memo["profile"] = [(*each, *_ends(each[1])) for each in criteria.profile.items()]
    for name, field, low, high in memo["profile"]:
        value = given.get(name)
        if value is None:
            value = field.default
        elif type(value) is not float or not low <= value <= high:
            value = checked_value(value, field, (scenario, ("profile", name)), wrong)
        if value is not None:
            known[name] = value
    return known


def _ends(field: ProfileField) -> tuple[float, float]:
    """Between which numbers are surely fine; no number is where the field wants none."""
    if field.type != "number":
        return inf, -inf
    low, high = field.bounds
    return -inf if low is None else low, inf if high is None else high


def _options(
    scenario: Scenario,
    criteria: Criteria,
    pack: FactsPack | None,
    tree: CriteriaTree,
    memo: dict[str, Any],
    wrong: Findings,
) -> tuple[OptionFacts, ...]:
    """The options with their facts; one that scenarios share, or all of them, is checked once."""
    shared: dict[tuple[str, int, int], tuple[Option, FactsPack | None, OptionFacts]]
    shared = memo.setdefault("options", {})
    if len(shared) > _SHARED:
        shared.clear()
    compared = compared_nodes(scenario)
    modelled = not isinstance(scenario.criteria, Mapping)
    whole: dict[tuple[int, int], tuple[Any, FactsPack | None, tuple[OptionFacts, ...]]]
    whole = memo.setdefault("all options", {})
    if len(whole) > _SHARED:
        whole.clear()
    place = (id(scenario.options), id(pack))
    if modelled and not compared and place in whole:
        return whole[place][2]
    at_first = len(wrong.found)
    found = []
    for name, option in scenario.options.items():
        key = (name, id(option), id(pack))  # both are kept, so that no other gets their place
        known = shared.get(key) if not compared else None
        if known is None:
            before = len(wrong.found)
            facts = _option(name, option, scenario, criteria, pack, tree, compared, memo, wrong)
            known = option, pack, facts
            if not compared and len(wrong.found) == before:
                shared[key] = known
        if option.parts and modelled:
            _check_parts(name, option, scenario, criteria, wrong)
        found.append(known[2])
    if modelled and not compared and len(wrong.found) == at_first:
        whole[place] = scenario.options, pack, tuple(found)
    return tuple(found)


def _option(
    name: str,
    option: Option,
    scenario: Scenario,
    criteria: Criteria,
    pack: FactsPack | None,
    tree: CriteriaTree,
    compared: frozenset[str],
    memo: dict[str, Any],
    wrong: Findings,
) -> OptionFacts:
    known = _NOTHING
    own: Mapping[str, Fact]
    keys: Keys
    modelled = not isinstance(scenario.criteria, Mapping)
    if not modelled:
        keys = ("options", name)
        for key in ("from_", "facts", "parts"):
            if key in option.model_fields_set:
                wrong.add(
                    (scenario, (*keys, key.strip("_"))),
                    f"{key.strip('_')!r} needs a criteria model; this scenario brings its own",
                    "Write the leaf values directly: leaf: value",
                )
        own = option.values
        for leaf in tree.leaf_ids:
            if leaf in compared:
                if leaf in option.values:
                    what = f"the options are compared in pairs on {leaf!r}"
                    wrong.add((scenario, (*keys, leaf)), what, "Leave the value out")
            elif leaf not in option.values:
                wrong.add(
                    (scenario, keys), f"the option has no value for {leaf!r}", f"Add {leaf}: ..."
                )
            elif option.values[leaf].value is None:
                wrong.add(
                    (scenario, (*keys, leaf)), "expected a number, got nothing", "Give a number"
                )
    else:
        for key in option.values:
            keys_known = [f.alias or n for n, f in Option.model_fields.items()]
            remedy = "Facts stand under facts:" if key in criteria.facts else hint(key, keys_known)
            wrong.add((scenario, ("options", name, key)), f"unknown key {key!r}", remedy)
        keys = ("options", name, "facts")
        own = option.facts
        for scored in tree.leaves if compared else ():
            if scored.id in compared and scored.fact in option.facts:
                what = f"the options are compared in pairs on {scored.id!r}"
                wrong.add((scenario, (*keys, scored.fact or "")), what, "Leave the fact out")
        if option.from_ is not None:
            known = _from_pack(name, option.from_, scenario, criteria, pack, memo, wrong)
    facts, unknown = known.facts, known.unknown
    if own:
        facts = dict(facts)
        for fact_name, fact in own.items():
            at, cited = (scenario, (*keys, fact_name)), fact.source is not None
            _take_fact(fact_name, fact, at, criteria, facts, wrong, cited=cited)
        unknown = unknown.difference(own).union(f for f in own if own[f].value is None)
    title = option.title or known.title or Text(en=name, zh=name)
    instead = option.instead or known.instead
    parts = option.parts if modelled else {}
    return OptionFacts(name, title, facts, unknown, parts, instead)


class _Known(NamedTuple):
    """What a pack says of an option; `pack` stays alive as long as this is remembered."""

    pack: FactsPack | None
    title: Text | None
    facts: dict[str, Fact]
    unknown: frozenset[str]
    instead: Text | None = None


_NOTHING = _Known(None, None, {}, frozenset())


def _counterpart(origin: KnownOption | None, pack: FactsPack | None) -> Text | None:
    """What a pack says stands in for one of its options: its words, else the other's title."""
    if origin is None or pack is None or origin.instead is not None:
        return None if origin is None else origin.instead
    named = origin.counterpart
    if named is None or named not in pack.options:
        return None
    return pack.options[named].title or Text(en=named, zh=named)


def _check_counterparts(pack: FactsPack, memo: dict[str, Any], wrong: Findings) -> None:
    """Options of a pack that stand in for others; once for all scenarios that share the memo."""
    sound: dict[int, FactsPack] = memo.setdefault("counterparts", {})
    if sound.get(id(pack)) is pack:
        return
    before = len(wrong.found)
    for name, option in pack.options.items():
        at = (pack, ("options", name, "counterpart"))
        if option.counterpart == name:
            wrong.add(at, "an option cannot stand in for itself", "Name another option")
        elif option.counterpart is not None and option.counterpart not in pack.options:
            what = f"the facts pack {pack.id!r} has no option {option.counterpart!r}"
            wrong.add(at, what, hint(option.counterpart, pack.options))
    if len(wrong.found) == before:
        sound[id(pack)] = pack


def _from_pack(
    name: str,
    known_as: str,
    scenario: Scenario,
    criteria: Criteria,
    pack: FactsPack | None,
    memo: dict[str, Any],
    wrong: Findings,
) -> _Known:
    """What a pack says of an option, checked once for all scenarios that share the memo."""
    at = (scenario, ("options", name, "from"))
    if pack is None:
        wrong.add(at, f"{known_as!r} comes from a facts pack, but none is named", "Add facts: NAME")
        return _NOTHING
    if known_as not in pack.options:
        what = f"the facts pack {pack.id!r} has no option {known_as!r}"
        wrong.add(at, what, hint(known_as, pack.options))
        return _NOTHING
    packs: dict[tuple[int, str], _Known] = memo.setdefault("packs", {})
    found = packs.get((id(pack), known_as))
    if found is not None and found.pack is pack:
        return found
    known, facts = pack.options[known_as], dict[str, Fact]()
    before = len(wrong.found)
    for fact_name in known.facts:
        keys = ("options", known_as, "facts", fact_name)
        fact = known.fact(fact_name)
        cited = known.facts[fact_name].source is not None
        _take_fact(fact_name, fact, (pack, keys), criteria, facts, wrong, cited=cited)
    unknown = frozenset(each for each in known.facts if known.facts[each].value is None)
    found = _Known(pack, known.title, facts, unknown, _counterpart(known, pack))
    if len(wrong.found) == before:
        packs[id(pack), known_as] = found
    return found


def _take_fact(
    name: str,
    fact: Fact,
    at: tuple[Document, Keys],
    criteria: Criteria,
    facts: dict[str, Fact],
    wrong: Findings,
    *,
    cited: bool,
) -> None:
    """Check a fact and put it in; ``null`` takes out what a pack said.

    A figure that is `cited` from a source of its own must say its unit.
    """
    declared = criteria.facts.get(name)
    if declared is None:
        wrong.add(at, f"unknown fact {name!r}", hint(name, criteria.facts))
        return
    if fact.unit is not None and fact.unit != declared.unit:
        what = f"the unit {fact.unit!r} differs from the declared {declared.unit!r}"
        wrong.add(at, what, "Convert the value; units are not converted here")
    elif cited and fact.unit is None and declared.unit is not None and fact.value is not None:
        what = f"the fact names a source but no unit; {declared.unit!r} is declared"
        wrong.add(at, what, f"Convert the source's figure if need be and add unit: {declared.unit}")
    if fact.value is None:
        facts.pop(name, None)
        return
    value = checked_value(fact.value, declared, at, wrong)
    for end in (fact.low, fact.high) if value is not None else ():
        if end is not None:
            checked_value(end, declared, at, wrong)
    if value is not None:
        facts[name] = fact if value is fact.value else fact.model_copy(update={"value": value})


def _check_parts(
    name: str, option: Option, scenario: Scenario, criteria: Criteria, wrong: Findings
) -> None:
    for role, other in option.parts.items():
        at = (scenario, ("options", name, "parts", role))
        if role not in criteria.parts:
            what = f"the criteria model {criteria.id!r} declares no part {role!r}"
            wrong.add(at, what, hint(role, criteria.parts) or "Declare it under parts:")
        if other not in scenario.options:
            wrong.add(at, f"there is no option {other!r}", hint(other, scenario.options))
        elif other == name:
            wrong.add(at, "an option cannot be a part of itself", "Name another option")
        elif scenario.options[other].parts:
            wrong.add(at, f"{other!r} consists of parts itself", "Name an option without parts")


def _check_expected(scenario: Scenario, gates: Mapping[str, Gate], wrong: Findings) -> None:
    expected = scenario.expected
    if expected is None:
        return
    options = scenario.options
    if expected.recommended is not None and expected.recommended not in options:
        at = (scenario, ("expected", "recommended"))
        wrong.add(
            at, f"there is no option {expected.recommended!r}", hint(expected.recommended, options)
        )
    for option in expected.excluded or ():
        if option not in options:
            at = (scenario, ("expected", "excluded"))
            wrong.add(at, f"there is no option {option!r}", hint(option, options))
    if isinstance(expected.excluded, Mapping):
        for option, gate in expected.excluded.items():
            if gate not in gates:
                here = (scenario, ("expected", "excluded", option))
                wrong.add(here, f"there is no gate {gate!r}", hint(gate, gates))

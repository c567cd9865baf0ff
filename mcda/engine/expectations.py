"""Whether a decision is what its scenario expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mcda.engine.decision import Decision
from mcda.engine.portfolio import PortfolioDecision
from mcda.errors import Place
from mcda.model.documents import Keys, place
from mcda.model.scenario import Expected, Scenario

__all__ = ["Miss", "Wish", "briefly", "missed", "missed_allocation", "missed_by", "unmet"]


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that is not met.

    Attributes
    ----------
    place : Place
        Where the scenario states it.
    code : str
        What is missed; reports have a sentence for each.
    values : mapping
        What was expected and what was found.
    """

    place: Place
    code: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is expected; what is ``None`` is not tested.

    Attributes
    ----------
    recommended : (str or None,) or None
        The option, or that there is none.
    verdicts : tuple of str or None
        Those that will do.
    excluded : mapping or None
        All options that must be excluded -> the gates that must do so, if that matters.
    """

    recommended: tuple[str | None] | None = None
    verdicts: tuple[str, ...] | None = None
    excluded: Mapping[str, Sequence[str]] | None = None


def missed(decision: Decision) -> tuple[Miss, ...]:
    """What the scenario's ``expected`` says and the decision does not; empty if all is met."""
    excluded = {each.option: [gate.gate for gate in each.gates] for each in decision.excluded}
    scenario = decision.problem.scenario
    return tuple(
        Miss(place(scenario, ("expected", *keys)), code, values)
        for keys, code, values in missed_by(
            scenario, decision.recommended, decision.verdict, excluded
        )
    )


def briefly(code: str, values: Mapping[str, str | None]) -> str:
    """A miss in a cell of a table, as in ``recommended: expected a, found nothing``."""
    said = ", ".join(f"{name} {value or 'nothing'}" for name, value in values.items())
    return f"{code.removeprefix('missed_')}: {said}"


def missed_by(
    scenario: Scenario,
    recommended: str | None,
    verdict: str,
    excluded: Mapping[str, Sequence[str]],
) -> tuple[tuple[Keys, str, dict[str, str | None]], ...]:
    """What the scenario's ``expected`` says and an answer does not: keys, code and values.

    Where they stand is not looked up, which takes longer than all of the rest.

    Parameters
    ----------
    scenario
    recommended, verdict
        The answer.
    excluded
        Option -> the gates it fails, in the scenario's order.
    """
    if scenario.expected is None:
        return ()
    return tuple(unmet(_wish(scenario.expected), recommended, verdict, excluded))


def missed_allocation(found: PortfolioDecision) -> tuple[Miss, ...]:
    """What a portfolio's ``expected`` says and its allocation does not; empty if all is met."""
    portfolio = found.portfolio
    recommended = {each.scenario: each.recommended for each in found.allocation}
    return tuple(
        Miss(
            place(portfolio, ("expected", scenario)),
            "missed_allocation",
            {"scenario": scenario, "expected": option, "found": recommended[scenario]},
        )
        for scenario, option in (portfolio.expected or {}).items()
        if recommended[scenario] != option
    )


def _wish(expected: Expected) -> Wish:
    verdicts, excluded = expected.verdict, expected.excluded
    gates: Mapping[str, Sequence[str]] | None = None
    if isinstance(excluded, Mapping):
        gates = {option: (gate,) for option, gate in excluded.items()}
    elif excluded is not None:
        gates = dict.fromkeys(excluded, ())
    return Wish(
        (expected.recommended,) if "recommended" in expected.model_fields_set else None,
        (verdicts,) if isinstance(verdicts, str) else verdicts,
        gates,
    )


def unmet(
    wish: Wish, recommended: str | None, verdict: str, excluded: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Keys, str, dict[str, str | None]]]:
    """Keys, code and values of what is expected and not so.

    Parameters
    ----------
    wish
    recommended, verdict
        As the decision has them.
    excluded
        Option -> the gates that exclude it.
    """
    if wish.recommended is not None and wish.recommended[0] != recommended:
        found = {"expected": wish.recommended[0], "found": recommended}
        yield ("recommended",), "missed_recommended", found
    if wish.verdicts is not None and verdict not in wish.verdicts:
        values: dict[str, str | None] = {"expected": " / ".join(wish.verdicts), "found": verdict}
        yield ("verdict",), "missed_verdict", values
    if wish.excluded is not None:
        yield from _unmet_exclusions(wish.excluded, excluded)


def _unmet_exclusions(
    wanted: Mapping[str, Sequence[str]], excluded: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Keys, str, dict[str, str | None]]]:
    for option in wanted:
        if option not in excluded:
            yield ("excluded",), "missed_excluded", {"option": option}
    for option in excluded:
        if option not in wanted:
            yield ("excluded",), "missed_eligible", {"option": option}
    for option, gates in wanted.items():
        for gate in gates:
            if option in excluded and gate not in excluded[option]:
                found = ", ".join(excluded[option])
                values: dict[str, str | None] = {
                    "option": option,
                    "expected": gate,
                    "found": found,
                }
                yield ("excluded", option), "missed_gate", values

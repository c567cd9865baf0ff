"""Whether a decision is what its scenario expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mcda.engine.decision import Decision
from mcda.engine.portfolio import PortfolioDecision
from mcda.errors import Place
from mcda.model.documents import Keys, place
from mcda.model.scenario import Scenario

__all__ = ["Miss", "missed", "missed_allocation", "missed_by"]


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


def missed(decision: Decision) -> tuple[Miss, ...]:
    """What the scenario's ``expected`` says and the decision does not; empty if all is met."""
    excluded = {each.option: [gate.gate for gate in each.gates] for each in decision.excluded}
    scenario = decision.problem.scenario
    return missed_by(scenario, decision.recommended, decision.verdict, excluded)


def missed_by(
    scenario: Scenario,
    recommended: str | None,
    verdict: str,
    excluded: Mapping[str, Sequence[str]],
) -> tuple[Miss, ...]:
    """What the scenario's ``expected`` says and an answer does not.

    Parameters
    ----------
    scenario
    recommended, verdict
        The answer.
    excluded
        Option -> the gates it fails, in the scenario's order.
    """
    return tuple(
        Miss(place(scenario, ("expected", *keys)), code, values)
        for keys, code, values in _missed(scenario, recommended, verdict, excluded)
    )


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


def _missed(
    scenario: Scenario,
    recommended: str | None,
    verdict: str,
    excluded: Mapping[str, Sequence[str]],
) -> Iterator[tuple[Keys, str, dict[str, str | None]]]:
    expected = scenario.expected
    if expected is None:
        return
    if "recommended" in expected.model_fields_set and expected.recommended != recommended:
        found = {"expected": expected.recommended, "found": recommended}
        yield ("recommended",), "missed_recommended", found
    if expected.verdict is not None:
        wanted = (expected.verdict,) if isinstance(expected.verdict, str) else expected.verdict
        if verdict not in wanted:
            values: dict[str, str | None] = {"expected": " / ".join(wanted), "found": verdict}
            yield ("verdict",), "missed_verdict", values
    if expected.excluded is not None:
        yield from _missed_exclusions(excluded, expected.excluded)


def _missed_exclusions(
    excluded: Mapping[str, Sequence[str]], expected: tuple[str, ...] | Mapping[str, str]
) -> Iterator[tuple[Keys, str, dict[str, str | None]]]:
    for option in expected:
        if option not in excluded:
            yield ("excluded",), "missed_excluded", {"option": option}
    for option in excluded:
        if option not in expected:
            yield ("excluded",), "missed_eligible", {"option": option}
    if isinstance(expected, Mapping):
        for option, gate in expected.items():
            if option in excluded and gate not in excluded[option]:
                found = ", ".join(excluded[option])
                values: dict[str, str | None] = {
                    "option": option,
                    "expected": gate,
                    "found": found,
                }
                yield ("excluded", option), "missed_gate", values

"""The problems behind a portfolio: references followed, the shared profile put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mcda.errors import DocumentError, hint
from mcda.files.loader import Loader
from mcda.model.checks import Findings, checked_value
from mcda.model.criteria import Criteria
from mcda.model.documents import Keys
from mcda.model.portfolio import Portfolio
from mcda.model.problem import Problem
from mcda.model.scenario import Scenario

__all__ = ["problems_of"]


def problems_of(portfolio: Portfolio, loader: Loader) -> tuple[Problem, ...]:
    """The resolved problem of each scenario of a portfolio, in order.

    Raises
    ------
    DocumentError
        With everything that is wrong in the portfolio and in its scenarios, each with its place.
    """
    wrong = Findings()
    scenarios: list[Scenario] = []
    for number, member in enumerate(portfolio.scenarios):
        at: Keys = ("scenarios", number, "scenario")
        if isinstance(member.scenario, Scenario):
            scenarios.append(member.scenario)
            continue
        try:
            scenarios.append(loader.scenario_at(member.scenario, (portfolio, at)))
        except DocumentError as error:
            wrong.found.extend(error.findings)
    wrong.raise_any()
    _refuse_equal_ids(portfolio, scenarios, wrong)
    models = _models(scenarios, loader, wrong)
    _check_profile(portfolio, models, wrong)
    wrong.raise_any()
    problems = []
    for scenario, model in zip(scenarios, models, strict=True):
        try:
            problems.append(loader.problem(_told(scenario, model, portfolio)))
        except DocumentError as error:
            wrong.found.extend(error.findings)
    wrong.raise_any()
    _check_expected(portfolio, problems, wrong)
    wrong.raise_any()
    return tuple(problems)


def _refuse_equal_ids(portfolio: Portfolio, scenarios: Sequence[Scenario], wrong: Findings) -> None:
    first: dict[str, int] = {}
    for number, scenario in enumerate(scenarios):
        if first.setdefault(scenario.id, number) != number:
            wrong.add(
                (portfolio, ("scenarios", number)),
                f"the scenario id {scenario.id!r} is that of scenarios[{first[scenario.id]}], too",
                "Give every scenario an id of its own, and name it once",
            )


def _models(
    scenarios: Sequence[Scenario], loader: Loader, wrong: Findings
) -> list[Criteria | None]:
    """Each scenario's criteria model; ``None`` for those that bring their own criteria."""
    models: list[Criteria | None] = []
    for scenario in scenarios:
        try:
            own = isinstance(scenario.criteria, Mapping)
            models.append(None if own else loader.criteria_of(scenario))
        except DocumentError as error:
            wrong.found.extend(error.findings)
            models.append(None)
    return models


def _check_profile(
    portfolio: Portfolio, models: Sequence[Criteria | None], wrong: Findings
) -> None:
    """A field belongs to some scenario's criteria model, and its value suits each of them."""
    distinct = {id(model): model for model in models if model is not None}.values()
    for name, value in portfolio.profile.items():
        at = (portfolio, ("profile", name))
        fields = [model.profile[name] for model in distinct if name in model.profile]
        if not fields and not wrong.found:
            known = [each for model in distinct for each in model.profile]
            what = f"no criteria model of these scenarios has a profile field {name!r}"
            wrong.add(at, what, hint(name, known))
        for field in fields if value is not None else ():
            checked_value(value, field, at, wrong)


def _told(scenario: Scenario, model: Criteria | None, portfolio: Portfolio) -> Scenario:
    """The scenario with what the portfolio's profile says; its own word goes first."""
    if model is None:
        return scenario
    shared = {
        name: value
        for name, value in portfolio.profile.items()
        if name in model.profile and name not in scenario.profile
    }
    return scenario.model_copy(update={"profile": {**shared, **scenario.profile}})


def _check_expected(portfolio: Portfolio, problems: Sequence[Problem], wrong: Findings) -> None:
    by_id = {problem.id: problem for problem in problems}
    for name, option in (portfolio.expected or {}).items():
        at = (portfolio, ("expected", name))
        if name not in by_id:
            wrong.add(at, f"the portfolio has no scenario {name!r}", hint(name, by_id))
        elif option is not None and option not in by_id[name].scenario.options:
            options = by_id[name].scenario.options
            wrong.add(at, f"there is no option {option!r}", hint(option, options))

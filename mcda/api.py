"""The public functions that take a path or an object: load, then call."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate as evaluate_problem
from mcda.errors import InputError
from mcda.files.loader import Loader, read_document
from mcda.files.reading import fail
from mcda.model.criteria import Criteria
from mcda.model.scenario import Scenario

__all__ = ["evaluate", "load_criteria", "load_scenario"]


def load_scenario(path: str | PathLike[str]) -> Scenario:
    """Read the scenario file at `path` (YAML or JSON).

    Raises
    ------
    DocumentError
        If it is not a valid scenario; every finding has its line and column.
    """
    document = read_document(_path(path))
    if not isinstance(document, Scenario):
        raise fail(
            str(path),
            f"this is a {document.kind} document, not a scenario",
            "Name a file that begins with format: mcda/scenario/1",
        )
    return document


def load_criteria(name_or_path: str | PathLike[str]) -> Criteria:
    """Read a criteria model: one that is shipped, by its name, or the file at a path.

    Raises
    ------
    McdaError
        If there is no such model, or it is not valid.
    """
    reference = str(_path(name_or_path)) if isinstance(name_or_path, PathLike) else name_or_path
    if not isinstance(reference, str):
        raise _not_a_path(reference)
    if isinstance(name_or_path, PathLike) and "/" not in reference:
        reference = f"./{reference}"
    return Loader().criteria(reference)


def evaluate(
    scenario: Scenario | str | PathLike[str],
    *,
    criteria: str | None = None,
    facts: str | None = None,
    root: str | PathLike[str] | None = None,
) -> Decision:
    """Weigh, screen and rank the options of a scenario.

    Parameters
    ----------
    scenario
        A `Scenario`, or the path of a scenario file.
    criteria, facts
        Names or paths of a criteria model and a facts pack to use instead of the scenario's own.
    root
        The folder that the scenario's references must stay inside; by default the nearest folder
        above the file that holds ``.git``, else the file's own folder.

    Returns
    -------
    Decision

    Raises
    ------
    DocumentError
        With place, value and remedy for everything that is wrong.

    Examples
    --------
    >>> laptop = Scenario(
    ...     id="laptop",
    ...     criteria={
    ...         "price": {"direction": "cost", "unit": "EUR", "domain": [500, 2500]},
    ...         "battery": {"direction": "benefit", "unit": "h", "domain": [4, 20]},
    ...     },
    ...     options={"a": {"price": 900, "battery": 9}, "b": {"price": 1500, "battery": 16}},
    ...     weights={"judgements": {"goal": {"price vs battery": 2}}},
    ... )
    >>> decision = evaluate(laptop)
    >>> decision.recommended, decision.verdict
    ('a', 'clear')
    """
    if isinstance(scenario, (str, PathLike)):
        scenario = load_scenario(scenario)
    if not isinstance(scenario, Scenario):
        raise InputError(
            f"expected a scenario or a path, got {type(scenario).__name__}",
            "Build one with mcda.Scenario(...)",
        )
    for name, given in (("criteria", criteria), ("facts", facts)):
        if given is not None and not isinstance(given, str):
            raise InputError(f"{name}= is a name or a path, not {type(given).__name__}", "Use text")
    loader = Loader(None if root is None else _path(root), criteria=criteria, facts=facts)
    return evaluate_problem(loader.problem(scenario))


def _path(given: object) -> Path:
    if not isinstance(given, (str, PathLike)):
        raise _not_a_path(given)
    return Path(given)


def _not_a_path(given: object) -> InputError:
    return InputError(f"a path is text or a path object, not {type(given).__name__}", "Give one")

"""The decisions of all scenarios at some paths; what fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mcda.cli.terminal import said_of
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError, visible
from mcda.files.loader import Loader, scenario_files
from mcda.files.reading import fail
from mcda.model.documents import Document
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Scenario

__all__ = ["gathered", "real"]


def gathered(
    loader: Loader,
    paths: Sequence[str],
    read: Callable[[Path], Document],
    portfolio: Callable[[Portfolio], None] | None = None,
) -> tuple[list[Decision], dict[str, str]]:
    """The decisions in the files' order, and path -> why there is none.

    Other documents in a folder are passed over; one that is named itself is a failure. Portfolios
    are given to `portfolio`, if there is one.
    """
    decisions: list[Decision] = []
    failures: dict[str, str] = {}
    seen: dict[str, str] = {}
    for path in _scenarios(paths, failures):
        try:
            scenario = read(path)
            if isinstance(scenario, Portfolio) and portfolio is not None:
                portfolio(scenario)
                continue
            if not isinstance(scenario, Scenario):
                if Path(path) in map(Path, paths):
                    raise fail(
                        str(path),
                        f"this is a {scenario.kind} document, not a scenario",
                        "Check it with: mcda validate",
                    )
                continue
            if scenario.id in seen:
                raise fail(
                    str(path),
                    f"the scenario id {scenario.id!r} is used in {seen[scenario.id]}, too",
                    "Give every scenario an id of its own",
                )
            seen[scenario.id] = str(path)
            decisions.append(evaluate(loader.problem(scenario)))
        except McdaError as error:
            failures[str(path)] = said_of(path, error)
    return decisions, failures


def _scenarios(paths: Sequence[str], failures: dict[str, str]) -> list[Path]:
    """The files at `paths`, each once."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        try:
            for each in scenario_files(path):
                found.setdefault(real(each), each)
        except (OSError, ValueError) as error:
            failures[str(path)] = f"{visible(str(path))}: {error}"
    return list(found.values())


def real(path: Path) -> Path:
    """What `path` leads to; itself where links go in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()

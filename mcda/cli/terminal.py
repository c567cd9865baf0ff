"""What commands share: opening documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mcda.cli.main import INTERNAL
from mcda.cli.output import prefixed
from mcda.cli.specs import TABLES
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import McdaError, hint, visible
from mcda.files.catalog import exists, or_shipped
from mcda.files.loader import Loader, read_document
from mcda.files.portfolios import problems_of
from mcda.files.reading import fail
from mcda.model.portfolio import Portfolio
from mcda.model.problem import Problem
from mcda.model.scenario import Scenario

__all__ = ["decided", "opened", "refuse_table", "said_of"]


def said_of(path: Path, error: McdaError) -> str:
    """What an error says, with the scenario that met it where it points into another document."""
    message, met = str(error), visible(str(path))
    return message if met in message else f"{message}\n    met in {met}"


def opened(root: str | None, criteria: str | None, facts: str | None) -> Loader:
    """What loads the documents; ends the program if the options that name them are wrong."""
    try:
        return Loader(root, criteria=criteria, facts=facts)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        sys.exit(INTERNAL)


def decided(loader: Loader, path: str) -> Decision:
    """The decision for the scenario file at a path, or for PORTFOLIO#ID.

    Raises
    ------
    McdaError
        If it is no scenario, or not a valid one.
    """
    within, mark, name = path.rpartition("#")
    if mark and not exists(or_shipped(Path(path))):
        return evaluate(_member(loader, within, name))
    scenario = read_document(refuse_table(or_shipped(Path(path))))
    if not isinstance(scenario, Scenario):
        remedy = "Check it with: mcda validate"
        if isinstance(scenario, Portfolio):
            remedy = "Name one of its scenarios after a #, or use mcda evaluate"
        raise fail(path, f"this is a {scenario.kind} document, not a scenario", remedy)
    return evaluate(loader.problem(scenario))


def _member(loader: Loader, path: str, name: str) -> Problem:
    """The problem of one scenario of a portfolio."""
    portfolio = read_document(refuse_table(or_shipped(Path(path))))
    if not isinstance(portfolio, Portfolio):
        what = f"this is a {portfolio.kind} document, not a portfolio"
        raise fail(path, what, "Leave out the # and what follows it")
    problems = {problem.id: problem for problem in problems_of(portfolio, loader)}
    if name not in problems:
        raise fail(path, f"the portfolio has no scenario {name!r}", hint(name, problems))
    return problems[name]


def refuse_table(path: Path) -> Path:
    """The path, if it is not that of a table.

    Raises
    ------
    DocumentError
        Saying how to make a scenario of it.
    """
    if path.suffix.lower() in TABLES:
        remedy = f"Make one: mcda init my.yaml --table {path} --weights ... --directions ..."
        raise fail(str(path), "this is a table, not a scenario", remedy)
    return path

"""Weights, directions and domains as they are written on a command line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from mcda.deciding import said_of, scenario_of
from mcda.errors import InputError, hint, listing
from mcda.files.tables import read_matrix
from mcda.frames.matrix import matrix_of
from mcda.model.recognition import Rows
from mcda.model.scenario import ObjectiveMethod, Scenario
from mcda.model.values import parse_ratio

__all__ = ["TABLES", "by_name", "number_or_word", "parsed_matrix"]

#: Endings of files that are decision matrices.
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers")


def by_name(texts: Iterable[str], flag: str) -> dict[str, str]:
    """NAME=VALUE, several separated by commas; names with commas stand in quotation marks."""
    found: dict[str, str] = {}
    for text in texts:
        for piece in _pieces(text):
            name, equals, value = (part.strip() for part in piece.rpartition("="))
            if ";" in name and "=" in name:
                raise InputError(
                    f"{flag} {piece.strip()!r} is not understood",
                    "Separate weights by commas" if flag == "--weights" else "Separate by commas",
                )
            if not equals or not name or not value:
                raise InputError(f"{flag} {piece.strip()!r} is not understood", "Write NAME=VALUE")
            if name in found:
                raise InputError(f"{flag} names {name!r} twice", "Keep one")
            found[name] = value
    return found


def _pieces(text: str) -> list[str]:
    if text.count("=") == 1 and '"' not in text:
        return [text]
    try:
        return next(csv.reader([text], skipinitialspace=True, strict=False), [])
    except csv.Error:
        return [text]


def number_or_word(text: str) -> float | bool | str:
    """A number, true or false, or a word."""
    if text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if number != number or number in (float("inf"), float("-inf")) or "_" in text:
        return text.strip()
    return number


def parsed_matrix(
    table: str,
    sheet: str | None,
    weights: Sequence[str],
    directions: Sequence[str],
    domains: Sequence[str],
    rows: Rows | None,
    method: Sequence[str],
    id: str,  # noqa: A002
) -> Scenario:
    """The scenario of a table and of what the command line says about it.

    Raises
    ------
    InputError, DocumentError
        With the cell or the flag that is wrong.
    """
    how = _weights(weights) if weights else None
    which = _listed_or_named(directions, "--directions") if directions else None
    ends = _domains(domains)
    # what a table is comes before what else is needed
    read = read_matrix(table, sheet=sheet, said=said_of(how, which, ends), rows=rows)
    for flag, given in (("--weights", how), ("--directions", which)):
        if given is None:
            example = "price=3,battery=1" if flag == "--weights" else "price=cost,battery=benefit"
            raise InputError(f"a table needs {flag}", f"Say it as in {flag} {example}")
    matrix = matrix_of(
        {
            option: dict(zip(read.criteria, row, strict=True))
            for option, row in zip(read.options, read.values, strict=True)
        },
        rows="options",
    )
    return scenario_of(matrix, how, which, ends, by_name(method, "--method"), id)


def _listed_or_named(texts: Sequence[str], flag: str) -> Any:
    """NAME=VALUE pairs, or values in the order of the columns; one alone holds for all."""
    if any("=" in text for text in texts):
        return by_name(texts, flag)
    values = [part.strip() for text in texts for part in text.split(",")]
    if any(not value or value.count(":") == 1 for value in values):
        raise InputError(
            f"{flag} {','.join(values)!r} is not understood", "Write NAME=VALUE, or values only"
        )
    return values[0] if len(values) == 1 else values


def _weights(texts: Sequence[str]) -> Any:
    given = _listed_or_named(texts, "--weights")
    if isinstance(given, str):
        if given in ("equal", *get_args(ObjectiveMethod)):
            return given
        if not isinstance(number_or_word(given), float):
            remedy = hint(given, ("equal", *get_args(ObjectiveMethod)))
            raise InputError(f"--weights {given!r} is no number and no method", remedy)
        given = [given]
    if isinstance(given, dict):
        if all(" vs " in name for name in given):
            return given
        return {name: _number(value, name) for name, value in given.items()}
    return [_number(value, str(i + 1)) for i, value in enumerate(given)]


def _number(text: str, name: str) -> float:
    value = number_or_word(text)
    if type(value) is not float:
        if ";" in text:
            raise InputError(
                f"--weights: {text!r} for {name} is not a number",
                "Separate weights by commas; decimals have a point",
            )
        try:
            return parse_ratio(text)
        except ValueError:
            ways = listing(("equal", *get_args(ObjectiveMethod)))
            raise InputError(
                f"--weights: {text!r} for {name} is not a number", f"Give numbers, or one of {ways}"
            ) from None
    return value


def _domains(texts: Sequence[str]) -> Any:
    if not texts:
        return None
    found = {}
    for name, text in by_name(texts, "--domains").items():
        low, dots, high = text.partition("..")
        ends = [number_or_word(end) for end in (low, high)]
        if not dots or not all(type(end) is float for end in ends):
            raise InputError(f"--domains {name}={text} is no domain", "Write NAME=LOW..HIGH")
        found[name] = ends
    return found

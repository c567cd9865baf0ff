"""Endings of files that hold many scenarios, in lower case."""

from __future__ import annotations

from collections.abc import Iterable
from os.path import splitext

__all__ = ["DELIMITED", "LINED", "PARQUET", "TABLES", "WORKBOOKS", "ending", "has_tables"]

PARQUET, DELIMITED, WORKBOOKS = (".parquet", ".pq"), (".csv", ".tsv"), (".xlsx", ".xlsm")
TABLES = (*PARQUET, *DELIMITED, *WORKBOOKS)
#: A scenario on each line.
LINED = (".jsonl", ".ndjson")


def ending(path: str) -> str:
    """Of a file's name."""
    return splitext(path)[1].lower()  # noqa: PTH122


def has_tables(sources: Iterable[str]) -> bool:
    """Whether some of the sources are named as tables are."""
    return any(ending(source) in TABLES for source in sources)

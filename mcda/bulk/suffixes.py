"""Suffixes of files that hold many scenarios, in lower case."""

from __future__ import annotations

from os.path import splitext

__all__ = ["DELIMITED", "JSON_LINES", "PARQUET", "TABLES", "WORKBOOKS", "ending"]

PARQUET, DELIMITED, WORKBOOKS = (".parquet", ".pq"), (".csv", ".tsv"), (".xlsx", ".xlsm")
TABLES = (*PARQUET, *DELIMITED, *WORKBOOKS)
#: A scenario on each line.
JSON_LINES = (".jsonl", ".ndjson")


def ending(path: str) -> str:
    """Of a file's name."""
    return splitext(path)[1].lower()  # noqa: PTH122

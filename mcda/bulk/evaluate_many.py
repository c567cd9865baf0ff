"""Decisions for many scenarios, one after the other, in the order of their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from mcda.bulk.pool import Pool
from mcda.bulk.sources import Settings, Unit, units
from mcda.engine.decision import Decision
from mcda.engine.evaluate import evaluate
from mcda.errors import InputError, McdaError, short
from mcda.files.block_cache import Reader
from mcda.files.loader import Loader
from mcda.files.reading import LARGEST_FILE, fail, read_bytes
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Scenario

__all__ = ["Failure", "Item", "bytes_of", "evaluate_many", "items_of", "read_item"]

#: Scenarios that a worker gets at a time.
_LOT = 20

#: Where a scenario stands, and the scenario, or a path, or a line of a file.
Item = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A scenario that could not be evaluated.

    Attributes
    ----------
    source : str
        Its file, with the line of a file of JSON lines; or its id.
    error : str
        What is wrong, with place and remedy.
    """

    source: str
    error: str


def evaluate_many(
    sources: str | PathLike[str] | Iterable[str | PathLike[str] | Scenario],
    *,
    workers: int | None = None,
    criteria: str | None = None,
    facts: str | None = None,
    root: str | PathLike[str] | None = None,
) -> Iterator[Decision | Failure]:
    """Evaluate scenarios one after the other; one that fails does not stop the others.

    Parameters
    ----------
    sources
        Scenario files, folders, globs and files of JSON lines, or `Scenario` objects.
    workers
        Processes; by default everything is done in this one.
    criteria, facts, root
        As for `mcda.evaluate`.

    Yields
    ------
    Decision or Failure
        In the order of the sources, as they become ready.

    Raises
    ------
    InputError
        For a source that is not there, or is a table (see `mcda.evaluate_frame`).

    Examples
    --------
    >>> laptop = {
    ...     "criteria": {"price": {"direction": "cost", "domain": [0, 9]}},
    ...     "options": {"a": {"price": 1}, "b": {"price": 8}},
    ... }
    >>> scenarios = [Scenario(id=name, **laptop) for name in ("first", "second")]
    >>> [decision.recommended for decision in evaluate_many(scenarios)]
    ['a', 'a']
    """
    if workers is not None and (isinstance(workers, bool) or not 1 <= workers <= 512):
        raise InputError(f"workers={workers!r} is not possible", "Give a number from 1 on, or None")
    settings = Settings(criteria, facts, None if root is None else fspath(root))
    items = _items(sources, settings)
    if workers is None or workers == 1:
        loader, reader = _loader(settings), Reader()
        return (_evaluated(item, loader, reader) for item in items)
    return _parallel(items, settings, workers)


def _loader(settings: Settings) -> Loader:
    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


def _items(sources: Any, settings: Settings) -> Iterator[Item]:
    given = [sources] if isinstance(sources, (str, PathLike, Scenario)) else sources
    if not isinstance(given, Iterable):
        raise InputError(f"sources are {short(sources)}", "Give paths or scenarios")
    for source in given:
        if isinstance(source, Scenario):
            yield f"scenario {source.id}", source
        elif isinstance(source, (str, PathLike)):
            for unit in units([fspath(source)], settings):
                yield from items_of(unit)
        else:
            raise InputError(
                f"a source is a path or a scenario, not {type(source).__name__}", "Give one"
            )


def items_of(unit: Unit) -> Iterator[Item]:
    """Where each scenario of a job stands, and its path, or its line with number and text."""
    if unit.kind == "rows":
        raise InputError(
            f"{unit.paths[0]} is a table", "Evaluate it with mcda.evaluate_frame or mcda bulk"
        )
    if unit.kind == "files":
        yield from zip(unit.paths, unit.paths, strict=True)
        return
    [path] = unit.paths
    with Path(path).open("rb") as stream:
        stream.seek(unit.start)
        lines = stream.read(unit.stop - unit.start).split(b"\n")
    for number, line in enumerate(lines, unit.first):
        if line.strip():
            yield f"{path}:{number}", (path, number, line)


def bytes_of(item: Item) -> bytes | None:
    """What the document of an item is read from; ``None`` for a `Scenario` object.

    Raises
    ------
    DocumentError
        If there is no such file, or it cannot be read.
    """
    given = item[1]
    if isinstance(given, str):
        return read_bytes(given, LARGEST_FILE)
    return None if isinstance(given, Scenario) else bytes(given[2])


def read_item(item: Item, reader: Reader, data: bytes | None) -> Scenario:
    """The scenario of an item, with what `bytes_of` gives for it.

    Raises
    ------
    DocumentError
        If it is none, or not a valid one.
    """
    source, given = item
    if isinstance(given, Scenario):
        return given
    document = reader.line(*given) if isinstance(given, tuple) else reader.read(given, data)
    if not isinstance(document, Scenario):
        what = f"this is a {document.kind} document, not a scenario"
        remedy = "Leave it out"
        if isinstance(document, Portfolio):
            remedy = "Evaluate it with: mcda evaluate"
        raise fail(source, what, remedy)
    return document


def _evaluated(item: Item, loader: Loader, reader: Reader) -> Decision | Failure:
    try:
        return evaluate(loader.problem(read_item(item, reader, bytes_of(item))))
    except McdaError as error:
        return Failure(item[0], str(error))


def _lot(numbered: tuple[int, list[Item]], settings: Settings) -> list[Decision | Failure]:
    _, items = numbered
    loader, reader = _loader(settings), Reader()
    return [_evaluated(item, loader, reader) for item in items]


def _parallel(items: Iterator[Item], settings: Settings, workers: int) -> Iterator[Any]:
    """Lots go to processes; of a lot that kills its process each scenario is done by itself."""
    lots = enumerate(iter(lambda: list(islice(items, _LOT)), []))
    waiting: dict[int, list[Decision | Failure]] = {}
    through = 0
    for (number, lot), found in Pool(workers).each(partial(_lot, settings=settings), lots):
        if isinstance(found, Exception):
            alone = Pool(1).each(
                partial(_lot, settings=settings), enumerate([each] for each in lot)
            )
            found = [
                Failure(item[0], f"{done}.") if isinstance(done, Exception) else done[0]
                for (_, [item]), done in alone
            ]
        waiting[number] = found
        while through in waiting:
            yield from waiting.pop(through)
            through += 1

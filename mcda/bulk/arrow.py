"""Scenarios from Arrow batches, evaluated wherever an engine runs the function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.bulk.columns import FIRST, LAST, WHY
from mcda.bulk.longtables import Shared, evaluated, refusals, template_of
from mcda.bulk.sources import Settings, documents_key, forget
from mcda.bulk.table_files import refuse_kind
from mcda.errors import InputError, hint, listing
from mcda.files.catalog import exists, or_shipped
from mcda.files.loader import Loader
from mcda.model.language import Language, check_language, check_name

__all__ = ["ArrowEvaluator"]

#: Columns that are not here: batches have no file, and nothing is expected of them.
_ABSENT = ("source", "missed", "explanation", "input_hash")
#: Rows that are evaluated together; with fewer, each scenario costs more.
_ENOUGH = 10_000
#: What messages call the rows that an engine hands over.
_TABLE = "the table"
_SPARK = {str: "string", float: "double", int: "bigint"}


class ArrowEvaluator:
    """Evaluates the scenarios of Arrow batches into batches with a row for each scenario.

    Engines such as Spark or Dask ship it to their workers: it holds nothing but settings, and
    reads the documents that they name where it runs, once in each process. What comes out is what
    ``mcda bulk`` writes for the same rows, without the columns ``source`` and ``missed``; a
    scenario that cannot be evaluated has a row with ``error``.

    Parameters
    ----------
    template
        A scenario file, or the name of a shipped one, with the options, weights and the rest that
        all scenarios share. With it, a table may have a row for each scenario.
    criteria, facts
        Names or paths of a criteria model and a facts pack, instead of the template's or without
        one.
    options
        Without a template: the names of all options that occur, as the result has columns for each.
    root
        The folder that references must stay inside.
    scenario, option
        Columns of the table.
    keep
        Columns that belong to no criteria model and are passed over.
    reasons
        Whether rows say why the winner leads, and what would change it soonest.
    lang
        Of what is said.

    Attributes
    ----------
    options : tuple of str
        Those that the result has columns for.

    Raises
    ------
    McdaError
        If the documents cannot be used, or nothing says what the options are. Where it runs, also
        if the documents there are not those that it was made with.

    Examples
    --------
    >>> import pyarrow as pa
    >>> evaluate = ArrowEvaluator(template="articles/003-pixel-art", reasons=False)
    >>> batch = pa.RecordBatch.from_pydict({"scenario": ["a", "b"], "volume": [0, 4]})
    >>> [found] = evaluate([batch])
    >>> found.select(["scenario", "verdict"]).to_pylist()
    [{'scenario': 'a', 'verdict': 'clear'}, {'scenario': 'b', 'verdict': 'close'}]
    """

    def __init__(
        self,
        *,
        template: str | PathLike[str] | None = None,
        criteria: str | None = None,
        facts: str | None = None,
        options: Sequence[str] | None = None,
        root: str | PathLike[str] | None = None,
        scenario: str = "scenario",
        option: str = "option",
        keep: Sequence[str] = (),
        reasons: bool = True,
        lang: Language = "en",
    ) -> None:
        if template is None and criteria is None:
            raise InputError("nothing says what columns mean", "Give template=, or criteria=")
        if (template is None) == (options is None):
            what = "options come from a template, or from options= where there is none"
            raise InputError(what, "Give one of them")
        if isinstance(options, str):
            raise InputError(f"options={options!r} is one name", "Give a list of names")
        check_language(lang)
        self._settings = Settings(
            criteria=_full(criteria),
            facts=_full(facts),
            root=None if root is None else str(Path(root).resolve()),
            template=None if template is None else str(_absolute(fspath(template))),
            scenario=scenario,
            option=option,
            keep=(keep,) if isinstance(keep, str) else tuple(keep),
            lang=lang,
            reasons=reasons,
            hashes=False,
        )
        forget()
        shared = template_of(self._settings, _loader_of(self._settings))
        self._documents = documents_key(self._settings).hex()
        names = options if shared[0] is None else shared[0]
        self.options = tuple(dict.fromkeys(map(check_name, names or ())))

    @property
    def schema(self) -> Any:
        """The `pyarrow.Schema` of the batches that come out."""
        pa = _pyarrow()
        kinds = {str: pa.string(), float: pa.float64(), int: pa.int64()}
        return pa.schema([(name, kinds[kind]) for name, kind in self._columns().items()])

    @property
    def ddl(self) -> str:
        """The same schema as Spark wants it."""
        columns = self._columns().items()
        return ", ".join(f"`{n.replace('`', '``')}` {_SPARK[kind]}" for n, kind in columns)

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Evaluate the batches of one partition, as Spark's ``mapInArrow`` hands them over.

        A scenario may reach over several batches, but its rows must lie together; one that comes
        back after others has an error.

        Yields
        ------
        pyarrow.RecordBatch
        """
        for found in _Partition(self._settings).evaluated(batches, self._evaluated):
            yield from self._arrow(found).to_batches()

    @property
    def table(self) -> Callable[[Any], Any]:
        """A function that evaluates all scenarios of one table, as for Spark's ``applyInArrow``.

        It takes and gives a `pyarrow.Table`; rows of a scenario need not lie together.
        """

        def evaluate(table: Any) -> Any:  # no method: Spark counts arguments, self included
            frame = _polars(table, self._settings)
            if not len(frame):
                return self.schema.empty_table()
            return self._arrow(self._evaluated(frame, np.arange(1, len(frame) + 1)))

        return evaluate

    def _evaluated(self, frame: Any, numbers: NDArray[np.intp]) -> Any:
        loader, shared = _documents_of(self._settings, self._documents)
        return evaluated(frame, numbers, _TABLE, self._settings, loader, shared)[0]

    def _columns(self) -> dict[str, type]:
        columns = {**FIRST, **(WHY if self._settings.reasons else {})}
        for name in self.options:
            columns[f"closeness:{name}"], columns[f"rank:{name}"] = float, int
        columns.update(LAST)
        return {name: kind for name, kind in columns.items() if name not in _ABSENT}

    def _arrow(self, found: Any) -> Any:
        """Results with exactly the columns of the schema."""
        import polars as pl

        schema, pa = self.schema, _pyarrow()
        stray = [
            name.partition(":")[2]
            for name in found.columns
            if name.startswith("rank:") and name not in schema.names
        ]
        if stray:
            said = [pl.col(f"{what}:{n}") for n in stray for what in ("closeness", "rank")]
            wrong = pl.any_horizontal(each.is_not_null() for each in said)
            what = f"the scenario has options that the result has no columns for: {listing(stray)}"
            error = str(InputError(what, f"options= names {listing(self.options)}. Add them"))
            blank = pl.exclude("scenario", "error")
            found = found.with_columns(
                pl.when(wrong).then(None).otherwise(blank).name.keep(),
                pl.when(wrong).then(pl.lit(error)).otherwise("error").alias("error"),
            )
        table = found.to_arrow(compat_level=pl.CompatLevel.oldest())
        columns = [
            table.column(field.name).cast(field.type)
            if field.name in table.column_names
            else pa.nulls(len(table), field.type)
            for field in schema
        ]
        return pa.table(columns, schema=schema)


class _Partition:
    """Batches of which none is evaluated before its last scenario is known to be complete."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.row = 1
        self.ended: set[Any] = set()

    def evaluated(
        self, batches: Iterable[Any], evaluate: Callable[[Any, NDArray[np.intp]], Any]
    ) -> Iterator[Any]:
        """The results, as frames."""
        waiting: list[Any] = []
        for batch in batches:
            waiting.append(_polars(batch, self.settings))
            if sum(map(len, waiting)) < _ENOUGH:
                continue
            frame = _as_one(waiting)
            begins = self.begins(frame)
            last = int(begins[-1])
            if last:
                yield self.part(frame[:last], begins[:-1], evaluate)
            waiting = [frame[last:]]
        if sum(map(len, waiting)):
            frame = _as_one(waiting)
            yield self.part(frame, self.begins(frame), evaluate)

    def begins(self, frame: Any) -> NDArray[np.intp]:
        """Rows whose scenario is not that of the row before."""
        ids = frame[self.settings.scenario]
        differs = ids.ne_missing(ids.shift(1)).to_numpy().copy()
        differs[0] = True
        return np.flatnonzero(differs)

    def part(
        self,
        frame: Any,
        begins: NDArray[np.intp],
        evaluate: Callable[[Any, NDArray[np.intp]], Any],
    ) -> Any:
        """The results of whole scenarios; errors for those that came before."""
        import polars as pl

        numbers = np.arange(self.row, self.row + len(frame))
        self.row += len(frame)
        ends = np.append(begins[1:], len(frame))
        again = np.zeros(len(frame), dtype=bool)
        refused = []
        for name, begin, end in zip(
            frame[self.settings.scenario].gather(begins).to_list(), begins, ends, strict=True
        ):
            if name in self.ended:
                again[begin:end] = True
                what = f"row {numbers[begin]} (scenario {str(name)!r}): the scenario was complete"
                what += " before other scenarios, so what came of it does not hold either"
                remedy = f"Sort each partition by {self.settings.scenario!r}"
                refused.append((str(name), str(InputError(what, remedy))))
            elif name is not None and name == name and str(name).strip():
                self.ended.add(name)
        if not refused:
            return evaluate(frame, numbers)
        errors = refusals(refused, _TABLE)
        if again.all():
            return errors
        found = evaluate(frame.filter(~again), numbers[~again])
        return pl.concat([found, errors], how="diagonal_relaxed")


def _polars(given: Any, settings: Settings) -> Any:
    try:
        import polars as pl
    except ImportError:
        raise InputError(
            "Arrow batches need Polars", 'Install it: pip install "mcda-engine[tables]"'
        ) from None
    try:
        frame = pl.from_arrow(given)
    except TypeError:
        frame = None
    if not isinstance(frame, pl.DataFrame):
        what = f"expected an Arrow table or batches of one, got {type(given).__name__}"
        raise InputError(what, "Convert it, as with pyarrow.Table.from_pandas")
    if settings.scenario not in frame.columns:
        remedy = hint(settings.scenario, frame.columns)
        raise InputError(f"{_TABLE} has no column {settings.scenario!r}", remedy)
    refuse_kind(_TABLE, settings.scenario, frame.schema[settings.scenario])
    return frame


def _as_one(frames: Sequence[Any]) -> Any:
    """Batches as one frame; a column may be of whole numbers or nulls in some of them."""
    import polars as pl

    first = frames[0].columns
    for each in frames[1:]:
        if set(each.columns) != set(first):
            what = f"batches have different columns: {listing(first)}; {listing(each.columns)}"
            raise InputError(what, "Give all batches of a partition the same")
    try:
        return pl.concat([each.select(first) for each in frames], how="vertical_relaxed")
    except pl.exceptions.PolarsError as error:
        what = f"batches do not go together: {str(error).splitlines()[0]}"
        raise InputError(what, "Give a column the same type in all of them") from None


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise InputError("pyarrow is not installed", "Install it: pip install pyarrow") from None
    return pa


def _absolute(path: str) -> Path:
    """Where a file is, whatever folder a process works in; a shipped one keeps its name."""
    plain = Path(path)
    return plain.resolve() if exists(plain) or or_shipped(plain) == plain else plain


def _full(reference: str | None) -> str | None:
    """A path that holds in every folder; names stay names."""
    if reference is None or reference == Path(reference).stem:
        return reference
    return str(Path(reference).resolve())


def _loader_of(settings: Settings) -> Loader:
    return Loader(settings.root, criteria=settings.criteria, facts=settings.facts)


@lru_cache(maxsize=4)
def _documents_of(settings: Settings, key: str) -> tuple[Loader, Shared]:
    """What the settings name, as it was when the evaluator was made."""
    forget()
    try:
        here = documents_key(settings).hex()
    except OSError as error:
        here = f"{error.strerror or error}"
    if here != key:
        named = [settings.template, settings.criteria, settings.facts]
        raise InputError(
            f"{listing(filter(None, named))} cannot be seen here as where the evaluator was made",
            "Put the same documents at the same paths on all machines; make it anew after changes",
        )
    loader = _loader_of(settings)
    return loader, template_of(settings, loader)

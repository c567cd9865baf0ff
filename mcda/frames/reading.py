"""Columns of data frames as arrays with masks of what is known, every cell checked."""

from __future__ import annotations

import numbers
import unicodedata
from collections.abc import Callable, Collection, Hashable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, NewType, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mcda.errors import InputError, hint, listing, short
from mcda.model.language import check_name, given_number
from mcda.model.values import LARGEST_RATIO, SMALLEST_RATIO, not_given, parse_ratio

__all__ = ["Coded", "Column", "Frame", "FrameRow", "Refuse", "is_frame", "where"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: The number (from 0) of a row of a frame; numbers of other rows are of other types.
FrameRow = NewType("FrameRow", int)
#: Says which row cannot be used, what is wrong with it, and what to do.
Refuse = Callable[[FrameRow, str, str], None]
_Row = TypeVar("_Row", bound=int)

#: Types whose words can be read.
_WORDS = ("String", "Categorical", "Enum")
#: Words that a column is tried with before it is looked through.
_MOST_EXPECTED = 1000
#: The most that the smallest whole numbers count to.
_BYTE = 255
#: Entries of a column that are looked at first.
_FIRST = 100
#: Of the whole numbers that are sorted.
_BITS = 63


class Column(NamedTuple):
    """A column's values (rows,) and where they are known; elsewhere values mean nothing."""

    values: NDArray[Any]
    known: Mask


def where(mask: Mask, kind: Callable[[int], _Row]) -> list[_Row]:
    """Where a mask holds, as numbers of the `kind` of row that the mask is about."""
    return [kind(row) for row in np.flatnonzero(mask).tolist()]


def is_frame(given: object) -> bool:
    """Whether `given` is a data frame of a kind that is understood."""
    if isinstance(given, (list, tuple, dict, np.ndarray, str)) or given is None:
        return False
    import narwhals as nw

    batch = type(given).__name__ == "RecordBatch"
    return bool(nw.dependencies.is_into_dataframe(given)) or batch or _is_lazy(given)


def _table(batch: Any) -> Any:
    """A PyArrow record batch as a table."""
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _is_lazy(given: object) -> bool:
    return type(given).__name__ == "LazyFrame"


class Coded(NamedTuple):
    """A column as positions (rows,) among its distinct `entries`; -1 where nothing is known."""

    codes: NDArray[np.intp]
    entries: list[Any]

    def at(self, row: int) -> Any:
        """The entry of a row, ``None`` where nothing is known."""
        code = int(self.codes[row])
        return self.entries[code] if code >= 0 else None


class Frame:
    """A pandas, Polars or PyArrow table (or another eager one that narwhals knows).

    Parameters
    ----------
    native
        The caller's frame; it is never changed.
    textual
        Whether its columns hold text that says numbers and truth values, as in CSV (Polars only);
        or the names of those that do.

    Raises
    ------
    InputError
        If it is no such table, a lazy one, or has columns of the same name.
    """

    def __init__(self, native: Any, *, textual: bool | Collection[str] = False) -> None:
        import narwhals as nw

        if _is_lazy(native) and not nw.dependencies.is_into_dataframe(native):
            raise InputError("the frame is lazy: it has no rows yet", "Call .collect() on it first")
        if not is_frame(native):
            raise InputError(
                f"expected a data frame, got {type(native).__name__}",
                "Give a pandas, Polars or PyArrow table",
            )
        if type(native).__name__ == "RecordBatch":
            native = _table(native)
        _refuse_double_columns(native)
        self._frame: Any = nw.from_native(native, eager_only=True)
        self.native = native
        self.columns: tuple[Hashable, ...] = tuple(self._frame.columns)
        for name in self.columns:
            if not isinstance(name, str):
                raise InputError(
                    f"the column name {short(name)} is not text", "Name columns with text"
                )
        every = self.columns if textual is True else textual or ()
        self.textual = frozenset(map(str, every))
        self._series_of: dict[str, Any] = {}
        self._kinds: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    @property
    def _is_polars(self) -> bool:
        return type(self.native).__module__.startswith("polars")

    @property
    def index(self) -> tuple[str, ...] | None:
        """The names of the rows, where all have names; ``None`` where they have none.

        Whole numbers are names if the index itself has one.
        """
        import narwhals as nw

        if not nw.dependencies.is_pandas_dataframe(self.native):
            return None
        index = self.native.index
        names = index.tolist()
        if isinstance(index.name, str) and index.inferred_type == "integer":
            return tuple(map(str, names))
        return tuple(names) if names and all(isinstance(name, str) for name in names) else None

    @property
    def numbered(self) -> bool:
        """Whether rows have no other names than numbers."""
        index = getattr(self.native, "index", None)
        return index is None or callable(index) or index.inferred_type == "integer"

    def _series(self, name: str) -> Any:
        """A column, looked up once: that can cost more than what is done with it."""
        if name not in self._series_of:
            self._series_of[name] = self._frame.get_column(name)
        return self._series_of[name]

    def kind_of(self, name: str) -> str:
        """``number``, ``boolean``, ``words``, ``nothing`` (all null), ``object`` or the type."""
        if name not in self._kinds:
            self._kinds[name] = self._kind(name)
        return self._kinds[name]

    def _kind(self, name: str) -> str:
        dtype = self._series(name).dtype
        kind = type(dtype).__name__
        if dtype.is_numeric():
            return "number"
        if kind in _WORDS:
            return "words"
        if kind in ("Object", "Unknown"):
            return "nothing" if all(map(_is_missing, self._objects(name))) else "object"
        return {"Boolean": "boolean"}.get(kind, str(dtype))

    def native_column(self, name: str) -> Any:
        """The caller's own column."""
        return self._series(name).to_native()

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The frame with its rows in another order."""
        # narwhals takes lists alone
        taken = self.native[rows] if self._is_polars else self._frame[rows.tolist()].to_native()
        return type(self)(taken, textual=self.textual)

    def beside(self, other: Frame, rows: NDArray[np.intp], without: str) -> Frame:
        """The frame with columns of another one.

        Parameters
        ----------
        other
            A frame of the same kind.
        rows : (rows,) array
            Its row beside each row of this one; -1 for none, where its columns are null.
        without
            A column of the other one that is left out.

        Raises
        ------
        InputError
            If they are of different kinds.
        """
        import narwhals as nw

        here, there = self._frame.implementation, other._frame.implementation
        if here != there:
            raise InputError(
                f"one table is of {here.name.lower()}, the other of {there.name.lower()}",
                "Give both in the same kind",
            )
        names = [name for name in other._frame.columns if name != without]
        if len(other):
            taken = other._frame[np.maximum(rows, 0).tolist()]
            if (rows < 0).any():
                met = nw.new_series("met", (rows >= 0).tolist(), backend=there)
                taken = taken.with_columns(nw.when(met).then(nw.col(e)).alias(e) for e in names)
            added = [taken[name] for name in names]
        else:
            added = [nw.lit(None, dtype=other._frame[name].dtype).alias(name) for name in names]
        native = self._frame.with_columns(*added).to_native()
        return Frame(native, textual=self.textual | (other.textual & set(names)))

    def groups(self, name: str) -> tuple[NDArray[np.intp], NDArray[np.intp] | None, list[Any]]:
        """Rows with equal entries together.

        Returns
        -------
        starts : (B + 1,) array
            Where each group's rows begin, and how many rows there are.
        order : (rows,) array or None
            The rows so that groups lie together; ``None`` if they do as they are.
        entries : list
            Each group's entry, in the order in which they first occur.

        Raises
        ------
        InputError
            For a row without an entry.
        """
        entries = np.asarray(self._series(name).to_numpy())
        if entries.dtype.kind not in "iu":
            entries = self._hashable(name)
        begins = np.flatnonzero(np.concatenate([[True], entries[1:] != entries[:-1]]))[: len(self)]
        runs = entries[begins].tolist()
        ends = np.append(begins, len(self))
        if entries.dtype.kind in "iu" and (entries[begins][1:] > entries[begins][:-1]).all():
            return ends, None, runs
        if entries.dtype.kind in "iu":
            return _sorted_groups(entries)
        position: dict[Any, int] = {}
        codes = [position.setdefault(entry, len(position)) for entry in runs]
        if len(position) == len(runs):
            return ends, None, runs
        per_row = np.repeat(np.array(codes, dtype=np.intp), np.diff(ends))
        order = np.argsort(per_row, kind="stable")
        counts = np.bincount(per_row, minlength=len(position))
        return np.concatenate([[0], np.cumsum(counts)]), order, list(position)

    def _hashable(self, name: str) -> NDArray[Any]:
        """A column of ids: present, of one kind, and such that equal ones can be found."""
        entries = self._objects(name)
        kinds = set(map(type, entries))
        for row, entry in enumerate(entries):
            if _is_missing(entry):
                raise InputError(f"row {row + 1} has no entry in {name!r}", "Give every row one")
        if len(kinds) > 1:
            names = listing(sorted(kind.__name__ for kind in kinds))
            raise InputError(f"the column {name!r} mixes {names}", "Turn all of it into text")
        if kinds and not kinds <= {str, int, bool} and not _is_date(entries[0]):
            kind = kinds.pop().__name__
            raise InputError(f"the column {name!r} holds {kind}, not ids", "Use text or numbers")
        return np.array([*entries, None], dtype=object)[: len(entries)]

    def coded(self, name: str, expected: Sequence[str] = ()) -> Coded:
        """The column as positions among its distinct entries; -1 where nothing is known.

        If it has no others than those `expected`, these are its entries.
        """
        import narwhals as nw

        series = self._series(name)
        kind = self.kind_of(name)
        if kind == "nothing":
            return Coded(np.full(len(self), -1), [])
        if kind == "words":
            text = series.cast(nw.String)
            if (codes := self._positions_among(text, expected)) is not None:
                return Coded(codes, list(expected))
            first = [
                each for each in text.head(_FIRST).unique(maintain_order=True).to_list() if each
            ]
            if (codes := self._positions_among(text, first)) is not None:
                return Coded(codes, first)  # nothing else stands in the column
            every = text.unique(maintain_order=True).to_list()
            distinct = [each for each in every if isinstance(each, str)]
            entries = [each for each in distinct if each or name not in self.textual]
            if len(entries) < len(self) // 4:
                others = [""] if len(entries) < len(distinct) else []
                return Coded(self._positions(text, entries, others), entries)
        position: dict[tuple[type, Any], int] = {}
        codes = np.full(len(self), -1)
        for row, entry in enumerate(self._objects(name)):
            if not (_is_missing(entry) or (name in self.textual and entry == "")):
                key = (type(entry), _hashable(entry))
                codes[row] = position.setdefault(key, len(position))
        return Coded(codes, [entry for _, entry in position])

    def _positions(
        self, text: Any, entries: Sequence[str], others: Sequence[str]
    ) -> NDArray[np.intp]:
        """Where each of a column's texts stands among `entries`; -1 for null and `others`."""
        if self._is_polars and entries:
            return _codes(text.to_native(), entries)[0]
        import narwhals as nw

        nothing = "\0"  # stands for null while words become numbers
        while nothing in entries or nothing in others:
            nothing += "\0"
        old = [*entries, nothing, *others]
        new = [*range(len(entries)), *([-1] * (1 + len(others)))]
        mapped = text.fill_null(nothing).replace_strict(old, new, return_dtype=nw.Int64)
        return np.asarray(mapped.to_numpy(), dtype=np.intp)

    def _positions_among(self, text: Any, expected: Sequence[str]) -> NDArray[np.intp] | None:
        """Where each of a column's texts stands among those `expected`; nothing if others are."""
        if not self._is_polars or not 0 < len(expected) <= _MOST_EXPECTED or "" in expected:
            return None
        codes, nulls = _codes(text.to_native(), expected)
        return codes if nulls == text.null_count() else None

    def labels(self, name: str, refuse: Refuse) -> Coded:
        """The column as names; whole numbers become their digits. Nulls are refused.

        Refused rows have the position of an empty name.
        """
        dates = self.kind_of(name) not in ("number", "boolean")
        codes, entries = self.coded(name)
        position: dict[str, int] = {}
        places = [-1] * len(entries)
        for number, entry in enumerate(entries):
            try:
                found = _name(entry, dates=dates)
                places[number] = position.setdefault(found, len(position))
            except InputError as error:
                for row in where(codes == number, FrameRow):
                    refuse(row, error.what, error.remedy)
        for row in where(codes < 0, FrameRow):
            refuse(row, "is missing", "Give every row a name")
        names = [*position, *([""] if -1 in places or (codes < 0).any() else [])]
        if places == list(range(len(names))):
            return Coded(codes, names)
        found_codes = np.array([*places, -1], dtype=np.intp)[codes]
        return Coded(np.where(found_codes < 0, len(position), found_codes), names)

    def words(self, name: str, refuse: Refuse, expected: Sequence[str] = ()) -> Coded:
        """The column as words; -1 where nothing is known.

        If it has no others than those `expected`, these are all that can be named.
        """
        codes, entries = self.coded(name, expected)
        words = []
        for number, entry in enumerate(entries):
            if isinstance(entry, str):
                words.append(unicodedata.normalize("NFC", entry))
                continue
            for row in where(codes == number, FrameRow):
                refuse(row, f"is {short(entry)}, not text", "Give a word")
            words.append("")
        return Coded(codes, words)

    def numbers(self, name: str, refuse: Refuse, words: dict[str, float] | None = None) -> Column:
        """The column as float64; `words` maps those that stand for numbers."""
        kind = self.kind_of(name)
        series = self._series(name)
        if kind == "words" and name in self.textual and not words:
            return self._parsed(name, refuse)
        if kind == "nothing":
            return Column(np.full(len(self), np.nan), np.zeros(len(self), dtype=bool))
        if kind == "number":
            import narwhals as nw

            known = np.ones(len(self), dtype=bool)
            if series.null_count():
                known = ~np.asarray(series.is_null().to_numpy(), dtype=bool)
            try:
                plain = series if series.dtype == nw.Float64 else series.cast(nw.Float64)
                values = np.asarray(plain.to_numpy(), dtype=np.float64)
            except (ArithmeticError, ValueError):  # Arrow refuses to round whole numbers
                values = np.array([np.nan if v is None else float(v) for v in series.to_list()])
            finite = np.isfinite(values)
            if known.all() and finite.all():
                return Column(values, known)
            for row in where(known & ~finite, FrameRow):
                remedy = "Give a finite number"
                if np.isnan(values[row]):
                    remedy = "Leave it null if it is unknown; NaN is the result of a failed sum"
                refuse(row, f"is {values[row]}, not a finite number", remedy)
            known &= finite
            return Column(np.where(known, values, np.nan), known)
        return self._converted(name, lambda entry: _number(entry, words), np.float64, refuse)

    def _parsed(self, name: str, refuse: Refuse) -> Column:
        """Numbers from text."""
        import polars as pl

        text = self.native[name].str.strip_chars()
        parsed = text.cast(pl.Float64, strict=False)
        values = np.array(parsed.to_numpy(), dtype=np.float64)
        said = (text.is_not_null() & (text != "")).fill_null(value=False).to_numpy()
        known = np.asarray(said & np.isfinite(values))
        for row in where(said & ~known, FrameRow):
            try:
                _number(text[row], None)
            except InputError as error:
                refuse(row, error.what, error.remedy)
        return Column(np.where(known, values, np.nan), known)

    def ratios(self, name: str, refuse: Refuse) -> Column:
        """The column as pairwise judgements: positive numbers, or fractions such as ``1/3``.

        A blank, a null, NaN and None are an answer that is not given.
        """
        if self.kind_of(name) != "number":
            values, known = self._converted(name, _ratio, np.float64, refuse)
            return Column(values, known & ~np.isnan(values))

        def refuse_number(row: FrameRow, what: str, remedy: str) -> None:
            if not _is_missing(self._series(name)[row]):
                refuse(row, what, remedy)

        values, known = self.numbers(name, refuse_number)
        with np.errstate(invalid="ignore"):
            outside = known & ~((values >= SMALLEST_RATIO) & (values <= LARGEST_RATIO))
        for row in where(outside, FrameRow):
            try:
                parse_ratio(float(values[row]))
            except ValueError as error:
                refuse(row, f"is {given_number(values[row])}: {error}", "")
        return Column(values, known & ~outside)

    def booleans(self, name: str, refuse: Refuse) -> Column:
        """The column as bool."""
        convert = _said_truth if name in self.textual else _boolean
        return self._converted(name, convert, np.bool_, refuse)

    def choices(self, name: str, values: Sequence[str], refuse: Refuse) -> Column:
        """The column as positions among `values`."""
        position = {value: float(i) for i, value in enumerate(values)}

        def choice(entry: object) -> float:
            if isinstance(entry, str) and unicodedata.normalize("NFC", entry) in position:
                return position[unicodedata.normalize("NFC", entry)]
            what = f"is {short(entry)}, expected one of {listing(values)}"
            raise InputError(what, hint(entry, values) if isinstance(entry, str) else "")

        return self._converted(name, choice, np.float64, refuse)

    def _converted(
        self, name: str, convert: Callable[[Any], Any], dtype: Any, refuse: Refuse
    ) -> Column:
        """A column whose entries are converted one by one; equal entries once."""
        codes, entries = self.coded(name)
        converted = np.zeros(len(entries) + 1, dtype=dtype)
        fine = np.zeros(len(entries) + 1, dtype=bool)
        for number, entry in enumerate(entries):
            try:
                converted[number], fine[number] = convert(entry), True
            except InputError as error:
                for row in where(codes == number, FrameRow):
                    refuse(row, error.what, error.remedy)
        return Column(converted[codes], fine[codes])

    def entries(self, name: str) -> list[Any]:
        """The column's entries as they are; ``None`` for those that are missing."""
        return [None if _is_missing(entry) else entry for entry in self._objects(name)]

    def _objects(self, name: str) -> list[Any]:
        return self._series(name).to_list()  # type: ignore[no-any-return]


def _sorted_groups(
    entries: NDArray[Any],
) -> tuple[NDArray[np.intp], NDArray[np.intp] | None, list[Any]]:
    """Groups of whole numbers in any order, as `Frame.groups` gives them."""
    order = _stable(entries)
    ranked = entries[order]
    begins = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    counts = np.diff(begins, append=len(entries))
    first = order[begins]
    turn = np.argsort(first)
    starts = np.concatenate([[0], np.cumsum(counts[turn])])
    rows = np.repeat(begins[turn] - starts[:-1], counts[turn]) + np.arange(len(entries))
    return starts, order[rows], entries[first[turn]].tolist()


def _stable(entries: NDArray[Any]) -> NDArray[np.intp]:
    """What sorts whole numbers, equal ones as they stand."""
    low, high = int(entries.min()), int(entries.max())
    bits = (len(entries) - 1).bit_length()
    if (high - low).bit_length() + bits >= _BITS:
        return np.argsort(entries, kind="stable")
    wide = entries if entries.dtype == np.uint64 else entries.astype(np.int64)
    # to sort numbers is much faster than to find out what sorts them: their places ride along
    keys = (wide - wide.dtype.type(low)).astype(np.int64) << bits
    keys |= np.arange(len(keys))
    keys.sort()
    keys &= (1 << bits) - 1
    return keys


def _hashable(entry: Any) -> Any:
    """The entry, or what stands for one that equals nothing."""
    try:
        hash(entry)
    except (TypeError, ArithmeticError):
        return _Odd(entry)
    return entry


class _Odd:
    """An entry that cannot be looked up, such as a list."""

    def __init__(self, entry: object) -> None:
        self.entry = entry

    def __repr__(self) -> str:
        return repr(self.entry)


def _refuse_double_columns(native: Any) -> None:
    """Before narwhals does, so that the message says what to do."""
    names = [str(name) for name in getattr(native, "column_names", None) or native.columns]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(f"several columns are named {listing(doubled)}", "Rename all but one")


def _codes(text: Any, entries: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """Where each text of a Polars column stands among `entries`, -1 for others, and their count."""
    import polars as pl

    if cycle := _cycle(text):
        position: dict[str | None, int] = {each: number for number, each in enumerate(entries)}
        few = np.array([position.get(each, -1) for each in cycle], dtype=np.intp)
        codes = np.tile(few, -(-len(text) // len(few)))[: len(text)]
        return codes, int(np.count_nonzero(codes < 0))
    found = text.cast(pl.Enum(entries), strict=False).to_physical()
    nulls = found.null_count()
    if not nulls:
        return np.asarray(found.to_numpy(), dtype=np.intp), 0
    if len(entries) > _BYTE:
        return np.asarray(found.cast(pl.Int64).fill_null(-1).to_numpy(), dtype=np.intp), nulls
    places = np.array([*range(len(entries)), -1])
    return places.take(found.fill_null(len(entries)).to_numpy()), nulls


def _cycle(text: Any) -> list[str | None]:
    """The few texts that a Polars column says over and over; none if it does not, or is short.

    The options of each scenario mostly stand in the same order: to see that takes less time than to
    look every text up.
    """
    first = text.head(_FIRST).to_list()
    for period in range(1, len(first) // 2 + 1):
        if first[period:] == first[:-period]:
            again = len(text) > len(first) and text[period:].equals(text[:-period])
            return first[:period] if again else []
    return []


def _is_missing(entry: object) -> bool:
    """Whether an entry of an object column says that nothing is there."""
    if entry is None or type(entry).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(entry, float) and entry != entry


def _is_date(entry: object) -> bool:
    return hasattr(entry, "isoformat") and not _is_missing(entry)


def _name(entry: object, *, dates: bool) -> str:
    if isinstance(entry, str):
        try:
            return check_name(entry)
        except ValueError as error:
            raise InputError(f"is {short(entry)}: {error}", "Rename it") from None
    if isinstance(entry, numbers.Integral) and not isinstance(entry, (bool, np.bool_)):
        return str(int(entry))
    if dates and _is_date(entry):
        return str(entry)
    what = "is missing" if _is_missing(entry) else f"is {short(entry)}, not a name"
    raise InputError(what, "Give every row a name")


def _number(entry: object, words: dict[str, float] | None) -> float:
    if isinstance(entry, str):
        if words and unicodedata.normalize("NFC", entry) in words:
            return words[unicodedata.normalize("NFC", entry)]
        what = f"is {short(entry)}, not a number"
        if words:
            return _refused(what + " and none of the levels", hint(entry, words))
        plain = entry.strip().lstrip("+-").replace(",", "", 1).replace(".", "", 1)
        if plain.isdigit():
            return _refused(what, "Turn text into numbers first; decimals have a point")
        return _refused(what, "Give a number, or null for what is unknown")
    if isinstance(entry, (bool, np.bool_)) or not isinstance(entry, (numbers.Real, Decimal)):
        return _refused(f"is {short(entry)}, not a number", "Give a number")
    try:
        value = float(entry)
    except (OverflowError, ValueError):
        value = np.inf
    if not np.isfinite(value):
        return _refused(f"is {short(entry)}, not a finite number", "Give a finite number")
    return value


def _ratio(entry: object) -> float:
    """A judgement; NaN where a text says that none is given."""
    if not_given(entry):
        return float("nan")
    plain = entry
    if isinstance(entry, str) and "/" not in entry:
        try:
            plain = float(entry)
        except ValueError:
            what = f"is {short(entry)}, not a judgement"
            _refused(what, "Give a number such as 3, a fraction such as 1/3, or nothing")
    try:
        return parse_ratio(plain)
    except ValueError as error:
        return _refused(f"is {short(entry)}: {error}", "")


def _boolean(entry: object) -> bool:
    if isinstance(entry, (bool, np.bool_)):
        return bool(entry)
    return bool(_refused(f"is {short(entry)}, not true or false", "Turn the column into booleans"))


def _said_truth(entry: object) -> bool:
    if not isinstance(entry, str):
        return _boolean(entry)
    if entry.strip().lower() in ("true", "false"):
        return entry.strip().lower() == "true"
    return bool(_refused(f"is {short(entry)}, not true or false", "Write true or false"))


def _refused(what: str, remedy: str) -> float:
    raise InputError(what, remedy)

"""The errors this package raises, and the hints their messages carry.

Every message says where, what is wrong, with which value, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from reprlib import Repr

__all__ = [
    "DocumentError",
    "Finding",
    "FormulaError",
    "InputError",
    "McdaError",
    "NothingFoundError",
    "Place",
    "hint",
    "listing",
    "short",
    "visible",
]

#: A list of names in a message stops after this many.
_LISTED = 8
#: A value in a message is cut after this many characters.
_SHOWN = 60
#: What is wrong, in words, is cut after this many characters.
_SAID = 1500
#: A name longer than this is like no other.
_LONGEST_NAME = 200
#: A message lists this many findings.
_FINDINGS = 30


class McdaError(ValueError):
    """Base class of every error that a user's input can cause."""


class InputError(McdaError):
    """An argument of a call, or a value found while evaluating, cannot be used.

    Parameters
    ----------
    what
        What is wrong, with the value.
    remedy
        What to do about it, as a sentence.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(sentence(what, remedy))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        return type(self), (self.what, self.remedy)


class NothingFoundError(InputError):
    """Where something should have been, there was nothing at all."""


class FormulaError(InputError):
    """A formula is not valid, or cannot be evaluated for the values it met.

    Attributes
    ----------
    formula : str
        The formula's text.
    span : tuple of int
        Start and end of the offending part within `formula`.
    everywhere : mapping
        Position among the values of each one that is wrong -> what says so for a position; empty
        where the formula itself is wrong.
    """

    def __init__(
        self,
        what: str,
        remedy: str = "",
        *,
        formula: str = "",
        span: tuple[int, int] = (0, 0),
        everywhere: Mapping[int, Callable[[int], str]] | None = None,
    ) -> None:
        super().__init__(what, remedy)
        self.everywhere = everywhere or {}
        self.formula = formula
        self.span = span
        self.args = (sentence(what, remedy) + self.excerpt(),)

    def excerpt(self) -> str:
        """The offending line of the formula with the spot marked beneath, or nothing."""
        if not self.formula.strip():
            return ""
        start, end = self.span
        line_start = self.formula.rfind("\n", 0, start) + 1
        line_end = self.formula.find("\n", start)
        line = self.formula[line_start : line_end if line_end >= 0 else None]
        first, width = start - line_start, max(1, min(end, line_start + len(line)) - start)
        if len(line) > 2 * _SHOWN:
            shift = max(0, first - _SHOWN)
            line = line[shift : shift + 2 * _SHOWN]
            first -= shift
            width = min(width, len(line) - first)
        return f"\n    {line}\n    {' ' * first}{'^' * width}"

    def __reduce__(self) -> tuple[object, ...]:  # type: ignore[override]
        return _formula_error, (self.what, self.remedy, self.formula, self.span)


def _formula_error(what: str, remedy: str, formula: str, span: tuple[int, int]) -> FormulaError:
    return FormulaError(what, remedy, formula=formula, span=span)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands: `source:line:column: field`."""

    source: str
    line: int | None = None
    column: int | None = None
    field: str = ""

    def __str__(self) -> str:
        place = visible(_cut(self.source, _SAID))
        if self.line is not None:
            place += f":{self.line}:{self.column}"
        return f"{place}: {visible(_cut(self.field, _SAID))}" if self.field else place


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a document."""

    place: Place
    what: str
    remedy: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {sentence(self.what, self.remedy)}{self.excerpt}"


class DocumentError(McdaError):
    """A scenario, criteria model or facts pack is not usable; says all that is wrong with it.

    The message lists the first findings and counts the others.

    Attributes
    ----------
    findings : tuple of Finding
        What is wrong, in the order of the document; never empty.
    """

    def __init__(self, findings: Iterable[Finding], origin: InputError | None = None) -> None:
        self.findings = tuple(findings)
        #: What was found without its place.
        self.origin = origin
        shown = list(map(str, self.findings[:_FINDINGS]))
        if (left := len(self.findings) - _FINDINGS - 1) >= 0:
            # the last one is shown, as it can say how many more a reader did not go into
            between = [f"{left} more like these: mend these first."] if left else []
            shown += [*between, str(self.findings[-1])]
        super().__init__("\n".join(shown))

    def __reduce__(self) -> tuple[type[DocumentError], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


def sentence(what: str, remedy: str = "") -> str:
    """Join what is wrong and the remedy into sentences with one full stop each."""
    parts = [_cut(part.strip(), _SAID) for part in (what, remedy) if part.strip()]
    return " ".join(part if part[-1] in ".?!" else part + "." for part in parts)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def visible(text: str) -> str:
    """`text` with what a terminal would not show, or would act on, written as escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


class _Short(Repr):
    """Shows what a message will show of a value, and not much more, whatever the value is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = _SHOWN // 2
        self.maxarray = self.maxdeque = _SHOWN // 2
        self.maxlevel = _SHOWN // 4

    def repr_str(self, value: str, level: int) -> str:  # noqa: ARG002
        return repr(value[: _SHOWN + 1])

    def repr_int(self, value: int, level: int) -> str:  # noqa: ARG002
        try:
            return repr(value)
        except ValueError:  # Python refuses to print integers of many thousand digits
            return "a number of thousands of digits"

    def repr_dict(self, value: dict[object, object], level: int) -> str:
        if level <= 0:
            return "{...}" if value else "{}"
        shown = (
            f"{self.repr1(key, level - 1)}: {self.repr1(each, level - 1)}"
            for key, each in zip(value, value.values(), strict=False)
        )
        return f"{{{', '.join(part for part, _ in zip(shown, range(self.maxdict), strict=False))}}}"

    def repr_instance(self, value: object, level: int) -> str:  # noqa: ARG002
        try:
            return repr(value)
        except Exception:  # noqa: BLE001  whatever a stranger's __repr__ does
            return f"an object of type {type(value).__name__}"


_short = _Short().repr


def short(value: object) -> str:
    """`value` as a message shows it: quoted if text, cut if long; it never fails.

    Examples
    --------
    >>> short("a"), short(10**5000)
    ("'a'", 'a number of thousands of digits')
    >>> short(["b"] * 100_000)
    "['b', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b'…"
    """
    return _cut(_short(value), _SHOWN)


def listing(names: Iterable[object]) -> str:
    """Names separated by commas, with a count of those left off."""
    every = list(names)
    shown = ", ".join(visible(_cut(str(name), _SAID // _LISTED)) for name in every[:_LISTED])
    return shown if len(every) <= _LISTED else f"{shown} and {len(every) - _LISTED} more"


def hint(name: str, known: Sequence[str] | Iterable[str]) -> str:
    """A remedy for an unknown name: the nearest known one, else the known ones.

    Examples
    --------
    >>> hint("volum", ["volume", "urgency"])
    "Did you mean 'volume'?"
    >>> hint("x", ["volume", "urgency"])
    'Known here: volume, urgency.'
    """
    names = [str(each) for each in known]
    if len(name) > _LONGEST_NAME:
        return f"Known here: {listing(names)}." if names else ""
    if name.partition(":")[0] in names:
        return "Put a space after the colon."
    close = get_close_matches(name, names, n=1, cutoff=0.6) or [
        each for each in names if each.casefold() == name.casefold()
    ]
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known here: {listing(names)}." if names else ""

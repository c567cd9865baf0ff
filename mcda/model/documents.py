"""What all documents share: where they came from, and how pydantic's findings are said."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, NoReturn, Protocol, Self, get_args, get_origin

from pydantic import BaseModel, PrivateAttr, ValidationError

from mcda.errors import DocumentError, Finding, FormulaError, InputError, Place, hint, short
from mcda.model.text import Strict

__all__ = ["DEEPEST", "Document", "Inside", "Keys", "Locator", "findings_of", "located", "place"]

#: The way to a value in a document: mapping keys and list positions.
Keys = tuple[str | int, ...]

#: The deepest nesting of mappings and lists.
DEEPEST = 64
#: The most values of data made in Python; a list of lists that are one and the same grows fast.
_MOST_VALUES = 5_000_000
#: An id longer than this is cut where it names the document in a message.
_LONG_ID = 200
#: So many findings of a document are said; the others are counted.
_MOST_FINDINGS = 200


class Locator(Protocol):
    """Finds the line and column of a value in the document it was made for."""

    @property
    def path(self) -> str:
        """The document's path, as messages show it."""

    def locate(self, keys: Keys) -> tuple[Keys, int, int] | None:
        """The longest part of `keys` that exists, with its line and column (from 1)."""


class Inside:
    """Finds values of a document that stands inside another one.

    Parameters
    ----------
    outer
        Finds values of the whole.
    at
        The way to the inner document.
    """

    def __init__(self, outer: Locator, at: Keys) -> None:
        self._outer = outer
        self._at = at

    @property
    def path(self) -> str:
        """The path of the whole."""
        return self._outer.path

    def locate(self, keys: Keys) -> tuple[Keys, int, int] | None:
        """The longest part of `keys` that exists, with its line and column (from 1)."""
        found = self._outer.locate((*self._at, *keys))
        if found is None or len(found[0]) < len(self._at):
            return None
        return found[0][len(self._at) :], found[1], found[2]


class Document(Strict):
    """Base of the documents: a format, an id, and the place it was read from."""

    kind: ClassVar[str] = "document"
    _origin: Locator | None = PrivateAttr(default=None)

    def __init__(self, /, **data: Any) -> None:
        name = f"{self.kind} {_named(data.get('id', '(no id)'))}"
        _Plain(name).check(data, ())
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise DocumentError(findings_of(error, type(self), name)) from None

    @classmethod
    def model_validate(cls, obj: Any, **how: Any) -> Self:
        """The document that plain data describe; what is wrong is said as for files.

        Raises
        ------
        DocumentError
            With the field, the value and the remedy for everything that is wrong.
        """
        if isinstance(obj, dict) and not how and all(isinstance(key, str) for key in obj):
            return cls(**obj)
        _Plain(cls.kind).check(obj, ())
        try:
            return super().model_validate(obj, **how)
        except ValidationError as error:
            raise DocumentError(findings_of(error, cls, cls.kind)) from None

    @classmethod
    def from_data(cls, data: Any, locator: Locator) -> Self:
        """The document that a file's data describe.

        Raises
        ------
        DocumentError
            With line and column for everything that is wrong.
        """
        try:
            document = super().model_validate(data)
        except ValidationError as error:
            raise DocumentError(findings_of(error, cls, locator)) from None
        return document.placed(locator)

    # pydantic calls an __init__ with this mark only for documents built in Python; those from
    # files are said with their positions
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @property
    def origin(self) -> Locator | None:
        """Where the document was read; ``None`` if it was built in Python."""
        # pydantic's own way to a private attribute takes ten times as long
        return (self.__pydantic_private__ or {}).get("_origin")

    def placed(self, origin: Locator) -> Self:
        """The document, remembering that it was read from `origin`."""
        self._origin = origin
        return self

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.__dict__.get("id")))


class _Plain:
    """Looks through data that were made in Python, which can be what no file can.

    Parameters
    ----------
    name
        Of the document, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        #: How deep and how many the values are in collections that were looked through.
        self._seen: dict[int, tuple[int, int]] = {}

    def check(self, data: Any, keys: Keys) -> tuple[int, int]:
        """How deep and how many the values are.

        Raises
        ------
        DocumentError
            If data are nested more than `DEEPEST` deep, as those that hold themselves are, there
            are too many of them, or two keys are equal in Unicode's normal form.
        """
        mapping = isinstance(data, Mapping) and not isinstance(data, BaseModel)
        if not mapping and not isinstance(data, (list, tuple)):
            return 0, 1
        depth, count = self._seen.get(id(data), (0, 0))
        if len(keys) + depth >= DEEPEST:
            what = f"it is nested more than {DEEPEST} deep, or contains itself"
            self._refuse(keys[:3], what, "Flatten it")
        if count:
            return depth, count
        if mapping:
            self._unequal(data, keys)
        for key, value in data.items() if mapping else enumerate(data):
            inner = key if isinstance(key, (str, int)) else short(key)
            below, many = self.check(value, (*keys, inner))
            depth, count = max(depth, below + 1), count + many
        if count > _MOST_VALUES:
            self._refuse(keys[:3], f"it holds more than {_MOST_VALUES:,} values", "Split it")
        if isinstance(data, (dict, list, tuple)):  # what others hold may be made anew each time
            self._seen[id(data)] = depth, count
        return depth, count

    def _unequal(self, data: Mapping[Any, Any], keys: Keys) -> None:
        seen: set[str] = set()
        for key in data:
            plain = unicodedata.normalize("NFC", key if isinstance(key, str) else short(key))
            if plain in seen:
                what = f"the key {short(key)} is given twice (equal in Unicode's NFC form)"
                self._refuse(keys, what, "Keep one of them")
            seen.add(plain)

    def _refuse(self, keys: Keys, what: str, remedy: str) -> NoReturn:
        raise DocumentError([Finding(place(self._name, keys), what, remedy)])


def _named(given: object) -> str:
    return given if isinstance(given, str) and len(given) <= _LONG_ID else short(given)


def place(document: Document | Locator | str, keys: Keys = ()) -> Place:
    """The place of `keys` in a document, as exactly as it is known."""
    if isinstance(document, Document):
        if document.origin is None:
            return Place(
                f"{document.kind} {getattr(document, 'id', '')}".strip(), field=dotted(keys)
            )
        document = document.origin
    if isinstance(document, str):
        return Place(document, field=dotted(keys))
    found = document.locate(keys)
    if found is None:
        return Place(document.path, field=dotted(keys))
    return Place(document.path, found[1], found[2], dotted(keys))


@contextmanager
def located(document: Document, keys: Keys) -> Iterator[None]:
    """Gives an `InputError` from within the place it concerns.

    Raises
    ------
    DocumentError
        In its stead, with a formula's excerpt if it has one.
    """
    try:
        yield
    except InputError as error:
        excerpt = error.excerpt() if isinstance(error, FormulaError) else ""
        at = place(document, keys)
        raise DocumentError([Finding(at, error.what, error.remedy, excerpt)], error) from None


def dotted(keys: Keys) -> str:
    """``options.a.price`` for ``("options", "a", "price")``; list positions in brackets."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def findings_of(
    error: ValidationError, model: type[BaseModel], document: Locator | str
) -> list[Finding]:
    """Say pydantic's findings with place, value and remedy, in the order of the document's lines.

    Notes
    -----
    Tags that unions put into a location (they begin with ``§``) and the part of a location that
    the document does not have (a plain value that stands for a mapping) are left out.
    """
    every = error.errors(include_url=False)
    found = list(_findings(every[:_MOST_FINDINGS], model, document))
    found.sort(key=lambda each: (each.place.line or 0, each.place.column or 0))
    if len(every) > _MOST_FINDINGS:
        left = f"{len(every) - _MOST_FINDINGS} more findings are not listed"
        found.append(Finding(place(document), left, "Mend these first"))
    return found


def _findings(
    every: Sequence[Any], model: type[BaseModel], document: Locator | str
) -> Iterator[Finding]:
    for each in every:
        at = each["loc"]
        if each["type"] == "too_short" and any(
            len(other["loc"]) > len(at) and other["loc"][: len(at)] == at for other in every
        ):
            continue  # entries are there, and what is wrong with them is said
        keys: Keys = tuple(
            key for key in each["loc"] if key != "[key]" and not str(key).startswith("§")
        )
        if not isinstance(document, str) and each["type"] != "missing":
            found = document.locate(keys)
            keys = found[0] if found is not None else keys
        what, remedy = _say(each, model)
        yield Finding(place(document, keys), what, remedy)


_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "mapping_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "list_type": "a list",
    "tuple_type": "a list",
    "date_type": "a date (YYYY-MM-DD)",
    "finite_number": "a finite number",
}
_EMPTY = ("string_too_short", "too_short")


def _say(error: Any, model: type[BaseModel]) -> tuple[str, str]:
    kind, value = error["type"], error.get("input")
    if kind == "missing":
        return f"the key {error['loc'][-1]!r} is missing", "Add it"
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        known = _keys_at(model, error["loc"][:-1])
        return f"unknown key {key!r}", hint(key, known)
    if value is None and ":" in str(error["loc"][-1:]):
        return f"the key {error['loc'][-1]!r} has no value", "Put a space after the colon"
    if kind in _EXPECTED:
        remedy = ""
        if kind == "string_type" and isinstance(value, (int, float, date)):
            word = str(value) if isinstance(value, date) else short(value)
            remedy = f"Put it in quotes: '{word.lower() if isinstance(value, bool) else word}'"
        elif kind == "float_type" and isinstance(value, str) and "," in value:
            remedy = "Write decimals with a point"
        elif isinstance(value, str) and value.strip().lower() in ("nan", ".nan", ".inf", "-.inf"):
            remedy = "Give a finite number"
        return f"expected {_EXPECTED[kind]}, got {_shown(value)}", remedy
    if kind == "literal_error":
        expected = error["ctx"]["expected"]
        known = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
        return f"expected {expected}, got {_shown(value)}", (
            hint(value, known) if isinstance(value, str) and len(known) > 1 else ""
        )
    if kind in _EMPTY:
        least = error["ctx"].get("min_length")
        return f"it is empty; at least {least} needed", "Fill it in"
    return error["msg"].removeprefix("Value error, "), ""


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return str(value) if isinstance(value, date) else short(value)


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys that the model at `loc` knows, following the annotations from `model` down."""
    reached: list[Any] = [model]
    for key in loc:
        if not (isinstance(key, str) and key.startswith("§")):
            reached = [part for each in reached for part in _step(each, key)]
    return [
        field.alias or name
        for found in reached
        for member in _models(found)
        for name, field in member.model_fields.items()
    ]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _step(annotation: Any, key: str | int) -> Iterator[Any]:
    """What `annotation` says about its member `key`; unions and annotations are looked through."""
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if key in (name, field.alias):
                yield field.annotation
    elif get_origin(annotation) in (Mapping, dict, tuple):
        yield from (arg for arg in get_args(annotation)[-2:] if arg is not ...)
    else:
        for argument in get_args(annotation):
            yield from _step(argument, key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if _is_model(annotation):
        yield annotation
    elif get_origin(annotation) not in (Mapping, dict, tuple):
        for argument in get_args(annotation):
            yield from _models(argument)

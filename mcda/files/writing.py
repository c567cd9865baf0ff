"""Documents to files: YAML, JSON and TOML that read back as equal documents."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mcda.errors import DocumentError, Finding, InputError
from mcda.files import layout
from mcda.files.folders import SUFFIXES
from mcda.files.reading import LARGEST_FILE, fail
from mcda.files.source import Source
from mcda.model.criteria import Criteria, Measure
from mcda.model.documents import Document, Keys, place
from mcda.model.facts import FactsPack
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Expected, Scenario
from mcda.model.scenario import Source as Provenance
from mcda.model.text import Text
from mcda.model.values import Fact

__all__ = ["check_target", "make_folder", "replace_text", "save", "swap"]

#: What a model with this field alone is written as: the field's value.
_SHORT: dict[type[BaseModel], str] = {Fact: "value", Measure: "formula", Provenance: "document"}
_RATIOS = frozenset({"judgements", "best_to_others", "others_to_worst"})


def save(
    document: Document,
    path: str | os.PathLike[str],
    *,
    schema: str | os.PathLike[str] | None = None,
) -> None:
    """Write a document to a file; reading the file gives an equal document.

    Fields that were not given are left out, and short forms are used where a file knows them. The
    file appears in one step: a failure leaves the old one whole. References stay as they are, so
    a path in the document is then relative to the new file.

    Parameters
    ----------
    document
        A `Scenario`, `Criteria`, `FactsPack` or `Portfolio`, built in Python or loaded.
    path
        The file; its ending says how: ``.yaml``, ``.yml``, ``.json`` or ``.toml``.
    schema
        Path or address of a JSON Schema to name in the first line, for editors (YAML, TOML).

    Raises
    ------
    DocumentError
        If the file cannot be written, or its format cannot say what the document holds.

    Examples
    --------
    >>> from mcda.model.scenario import Scenario
    >>> price = {"direction": "cost", "domain": (500, 2500)}
    >>> scenario = Scenario(id="no", criteria={"price": price}, options={"a": {"price": 900}})
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(scenario, f"{folder}/no.yaml")
    ...     print((Path(folder) / "no.yaml").read_text())
    format: mcda/scenario/1
    id: "no"
    criteria:
      price: {direction: cost, domain: [500, 2500]}
    options:
      a: {price: 900}
    <BLANKLINE>
    """
    if not isinstance(path, (str, os.PathLike)):
        raise InputError(f"a path is text or a path object, not {type(path).__name__}", "Give one")
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        what = f"the ending {target.suffix!r} is not known"
        raise fail(str(target), what, f"Use {', '.join(SUFFIXES)}")
    if not isinstance(document, (Scenario, Criteria, FactsPack, Portfolio)):
        what = f"{type(document).__name__} is not a document"
        raise fail(str(target), what, "Give a Scenario, Criteria, FactsPack or Portfolio")
    _refuse_held(document)
    data = _plain(document)
    if suffix == ".toml":
        _refuse_null(data, document)
    try:
        text = _head(schema, suffix, str(target)) + layout.LAYOUTS[suffix](data)
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        what = f"{document.kind} {document.id!r} holds half a character (a surrogate)"
        raise fail(str(target), what, "Remove it") from None
    if len(encoded) > LARGEST_FILE:
        size, limit = len(encoded) / 2**20, LARGEST_FILE // 2**20
        raise fail(str(target), f"the file would have {size:.1f} MiB, the limit is {limit} MiB")
    _check(document, text, target)
    replace_text(target, text)


def replace_text(path: Path, text: str) -> None:
    """Write a file in one step; what was there stays whole until then, and its mode is kept.

    Raises
    ------
    DocumentError
        If it cannot be written.
    """
    target, mode = check_target(path)
    try:
        swap(target, text.encode("utf-8"), mode)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def check_target(path: Path) -> tuple[Path, int | None]:
    """Where a file really stands, and its mode if it exists.

    Raises
    ------
    DocumentError
        If it is no regular file, may not be written, or has no folder to stand in.
    """
    try:
        target = path.resolve()
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and stat.S_ISDIR(mode):
            raise fail(str(path), "this is a folder", "Name a file")
        if mode is not None and not stat.S_ISREG(mode):
            raise fail(str(path), "this is not a regular file", "Name a file on disk")
        if not target.parent.is_dir():
            raise fail(str(path), f"there is no folder {str(path.parent)!r}", "Make it first")
        if mode is not None and not os.access(target, os.W_OK):
            raise fail(str(path), "the file is write-protected", "Allow writing, or name another")
    except DocumentError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        raise _unwritable(path, error) from None
    return target, mode


def make_folder(path: Path) -> None:
    """Make a folder, if it is not there.

    Raises
    ------
    DocumentError
        If it cannot be made.
    """
    try:
        path.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: Exception) -> DocumentError:
    reason = getattr(error, "strerror", None) or str(error)
    remedy = "Name a folder that you may write to" if isinstance(error, PermissionError) else ""
    return fail(str(path), f"the file cannot be written: {reason}", remedy)


def swap(target: Path, data: bytes, mode: int | None) -> None:
    """Put `data` in the place of `target` in one step; no `mode` for a new file.

    Raises
    ------
    OSError
        If that cannot be done; then `target` is as it was.
    """
    beside = target.with_name(f".{target.name[:60]}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(beside, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _head(schema: str | os.PathLike[str] | None, suffix: str, path: str) -> str:
    if schema is None:
        return ""
    named = os.fspath(schema)
    if not named.isprintable() or not named.strip():
        raise fail(path, f"the schema {named!r} cannot stand in one line", "Give a path or URL")
    if suffix == ".json":
        raise fail(path, "JSON has no comments to name a schema in", "Leave the schema out")
    if suffix == ".toml":
        return f"#:schema {named}\n\n"
    return f"# yaml-language-server: $schema={named}\n"


def _check(document: Document, text: str, path: Path) -> None:
    """Read the text as the file will be read: what is not the same is not written."""
    source = Source(path, unicodedata.normalize("NFC", text))
    why = "a name or text is not in Unicode's NFC form, or a value is not what its field holds"
    try:
        if type(document).from_data(source.data(), source) == document:
            return
    except DocumentError as error:
        why = f"{error.findings[0].place.field} {error.findings[0].what}".strip()
    what = f"{document.kind} {getattr(document, 'id', '')!r} would not read back the same ({why})"
    raise fail(str(path), what, "Build it anew, with the model's checks")


def _refuse_held(document: Document) -> None:
    """A file only refers to other documents; a portfolio may hold its scenarios."""
    for member in document.scenarios if isinstance(document, Portfolio) else ():
        if isinstance(member.scenario, Scenario):
            _refuse_held(member.scenario)
    for key in ("criteria", "facts"):
        held = getattr(document, key, None)
        if isinstance(held, (Criteria, FactsPack)):
            what = f"the scenario holds the {held.kind} {held.id!r} itself; a file can only name it"
            remedy = "Save it to a file of its own, and give its path in its stead"
            if held.origin is not None:
                remedy = f"Give its path in its stead: {held.origin.path!r}"
            raise DocumentError([Finding(place(document, (key,)), what, remedy)])


def _refuse_null(data: Any, document: Document, keys: Keys = ()) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            _refuse_null(value, document, (*keys, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            _refuse_null(value, document, (*keys, number))
    elif data is None:
        raise DocumentError(
            [
                Finding(
                    place(document, keys),
                    "TOML has no null",
                    "Leave it out, or save as .yaml or .json",
                )
            ]
        )


def _plain(value: Any, *, ratio: bool = False) -> Any:
    """`value` as a file says it: mappings, lists, text, numbers, truth values, dates."""
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, Mapping):
        return {key: _plain(each, ratio=ratio) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return _ratio(value) if ratio else _number(value)
    return value


def _model(model: BaseModel) -> Any:
    if isinstance(model, Text) and model.en == model.zh:
        return model.en
    given = _given(model)
    short = _SHORT.get(type(model))
    if short is not None and list(given) == [short]:
        return _plain(given[short])
    data = layout.Fields((key, _plain(value, ratio=key in _RATIOS)) for key, value in given.items())
    return layout.Words(data) if isinstance(model, Text) else data


def _given(model: BaseModel) -> dict[str, Any]:
    """The fields that a file must say, in the model's order, and further keys behind them."""
    said = isinstance(model, Expected)  # there null says something
    given: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        empty = isinstance(value, (Mapping, tuple, BaseModel)) and value == field.default
        needless = name not in model.model_fields_set or (value is None and not said) or empty
        if name == "format" or field.is_required() or not needless:
            given[field.alias or name] = value
    return {**given, **(model.__pydantic_extra__ or {})}


def _number(value: float) -> float | int:
    """A float as people write it: whole numbers without a point."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _ratio(value: float) -> float | int | layout.Fraction:
    """A judgement as people write it: 3, 1/3, 2.5 or 7/3, if that is exactly the number."""
    if value.is_integer():
        return _number(value)
    for under in range(2, 100):
        over = round(value * under)
        if 0 < over < 100 and over / under == value and (over == 1 or len(repr(value)) > 6):
            return layout.Fraction(f"{over}/{under}")
    return value

"""Documents from files, and the references between them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from mcda.errors import DocumentError, Finding, InputError, hint, listing, short
from mcda.files import catalog
from mcda.files.folders import SUFFIXES, documents_below
from mcda.files.reading import fail
from mcda.files.source import LineSource, Source
from mcda.model.criteria import Criteria
from mcda.model.documents import Document, Keys, place
from mcda.model.facts import FactsPack
from mcda.model.portfolio import documents
from mcda.model.problem import Problem
from mcda.model.resolve import resolve
from mcda.model.scenario import Scenario, Weights
from mcda.model.tree import CriteriaTree
from mcda.model.weights import check_judgements

__all__ = [
    "Loader",
    "document_from",
    "document_of",
    "line_source",
    "read_document",
    "scenario_files",
]

AnyDocument = TypeVar("AnyDocument", bound=Document)


def read_document(path: Path | str) -> Document:
    """The document at `path`, of the kind that its ``format`` names.

    Raises
    ------
    DocumentError
        With place and remedy for everything that is wrong.
    """
    return document_of(Source.read(path))


def document_of(source: Source) -> Document:
    """The document that a source holds.

    Raises
    ------
    DocumentError
        With place and remedy for everything that is wrong.
    """
    return document_from(source.data(), source)


def document_from(data: Any, source: Source) -> Document:
    """The document that a source's data describe.

    Raises
    ------
    DocumentError
        With place and remedy for everything that is wrong.
    """
    document: Document = _model(data, source).from_data(data, source)
    return document


def line_source(path: str, number: int, line: bytes) -> LineSource:
    """One line of a file of JSON lines.

    Raises
    ------
    DocumentError
        If it is not UTF-8.
    """
    name = f"{path}:{number}"
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fail(name, f"byte {line[error.start]:#x} is not UTF-8", "Save it as UTF-8") from None
    return LineSource(name, text)


def _model(data: Any, source: Source) -> Any:
    kinds = documents()
    formats = [f"mcda/{kind}/1" for kind in kinds]
    toml = source.suffix == ".toml"
    begin = f'format = "{formats[0]}"' if toml else f"format: {formats[0]}"
    if not isinstance(data, dict):
        raise fail(source.path, "expected a mapping (key: value)", f"Begin with {begin}")
    given = data.get("format")
    if given in formats:
        return kinds[given.split("/")[1]]
    if "format" not in data:
        close = get_close_matches("format", data, n=1)
        remedy = f"Rename {close[0]!r}" if close else f"Begin the file with {begin}"
        raise fail(source.path, "the key 'format' is missing", remedy)
    at = place(source, ("format",))
    what = f"the format {short(given)} is not known"
    remedy = f"This version reads {', '.join(formats)}"
    raise DocumentError([Finding(at, what, remedy)])


def scenario_files(path: Path) -> Iterator[Path]:
    """The documents at `path`: the file itself, or those in the folder and below, in order.

    Where there is nothing, `path` is the name of a shipped scenario or a folder of them.

    Hidden files and folders are left out; so are TOML files of others, those where no line says
    ``format = "mcda/..."``.
    """
    path = catalog.or_shipped(path)
    if not catalog.is_folder(path):
        return iter([path])
    return map(Path, documents_below(str(path)))


class Loader:
    """Reads documents once and resolves the references between them.

    Parameters
    ----------
    root
        The folder that references must stay inside; by default the nearest folder above the
        referring file that holds ``.git``, else the file's own folder.
    criteria, facts
        Names or paths to use instead of those that scenarios name.
    """

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        criteria: str | None = None,
        facts: str | None = None,
    ) -> None:
        self._root = Path(root) if root is not None else None
        if self._root is not None and not catalog.exists(self._root):
            raise InputError(f"the root {str(root)!r} does not exist", "Name an existing folder")
        self._criteria = criteria
        self._facts = facts
        self._read: dict[Path, Document] = {}
        #: What is known of models that were read here, and that nobody else can change.
        self._memos: dict[int, dict[str, Any]] = {}
        #: What references from folders led to.
        self._followed: dict[tuple[str, str, int], Document] = {}

    def problem(self, scenario: Scenario) -> Problem:
        """The resolved problem of a scenario.

        Raises
        ------
        DocumentError
            If a reference cannot be followed or anything referred to is wrong.
        """
        if isinstance(scenario.criteria, Mapping):
            for name, given in (("criteria model", self._criteria), ("facts pack", self._facts)):
                if given is not None:
                    what = f"this scenario brings its own criteria, so {name} {given!r} has no use"
                    raise _unresolved((scenario, ("criteria",)), what, "Evaluate it without")
            return resolve(scenario, None, None)
        folder = _folder_name(scenario)
        criteria = self._criteria_of(scenario, folder)
        pack = self._pack_of(scenario, criteria, folder)
        return resolve(scenario, criteria, pack, self._memos.get(id(criteria)))

    def between(self, scenario: Scenario, facts: FactsPack | str) -> tuple[Problem, Problem]:
        """The problems of a scenario with its own facts pack, and with another one.

        Options that a pack does not know are left out on its side, with those that consist of
        them, and with what the scenario expects.

        Raises
        ------
        DocumentError
            If a reference cannot be followed, anything referred to is wrong, or a side has no
            option.
        """
        if isinstance(scenario.criteria, Mapping):
            what = "this scenario brings its own criteria, so no facts pack belongs to it"
            raise _unresolved((scenario, ("criteria",)), what, "Compare scenarios with a model")
        folder = _folder_name(scenario)
        criteria = self._criteria_of(scenario, folder)
        other_pack = facts if isinstance(facts, FactsPack) else self.pack(facts, criteria)
        sides = [self._pack_of(scenario, criteria, folder), other_pack]
        one, other = (
            resolve(
                _with_known_options(scenario, pack, criteria),
                criteria,
                pack,
                self._memos.get(id(criteria)),
            )
            for pack in sides
        )
        return one, other

    def tree(self, scenario: Scenario) -> CriteriaTree:
        """The criteria of a scenario, whether or not they are weighted yet.

        Raises
        ------
        DocumentError
            If the criteria model cannot be found or read, or judgements do not fit it.
        """
        if isinstance(scenario.criteria, Mapping):
            tree = CriteriaTree.of(scenario.criteria)
        else:
            tree = CriteriaTree.of(self.criteria_of(scenario).criteria)
        check_judgements(scenario, tree)
        return tree

    def trial(self, document: Document) -> Problem:
        """A problem that uses all of a document, so that all of it can be checked.

        A criteria model gets an option without facts, a facts pack one option for each of its
        own, and equal weights stand in where a model has no default judgements.

        Raises
        ------
        DocumentError
            If the document, or what it refers to, is wrong.
        """
        if isinstance(document, Scenario):
            return self.problem(document)
        if isinstance(document, FactsPack):
            model = self._criteria_for(document)
            options: dict[str, Any] = {name: {"from": name} for name in document.options}
            return resolve(_trial(model, document, options), model, document)
        assert isinstance(document, Criteria)
        return resolve(_trial(document, None, {"option": {}}), document, None)

    def _criteria_for(self, pack: FactsPack) -> Criteria:
        """The model that a pack is for: the one whose folder it lies in, else a shipped one."""
        beside = _criteria_in(_folder_of(pack).parent)
        if catalog.exists(beside):
            return self.document(beside, Criteria)
        return self.document(
            self._find_criteria(pack.criteria, Path(), (pack, ("criteria",))), Criteria
        )

    def criteria(self, reference: str) -> Criteria:
        """The criteria model of that shipped name or at that path."""
        found = self._find_criteria(reference, Path(), None)
        return self.document(found, Criteria)

    def pack(self, reference: str, criteria: Criteria) -> FactsPack:
        """The facts pack of that name beside a criteria model, or at that path."""
        return self.document(self._find_pack(reference, criteria, Path(), None), FactsPack)

    def scenario_at(self, reference: str, at: tuple[Document, Keys]) -> Scenario:
        """The scenario that a document refers to: a path from it, or the name of a shipped one.

        Raises
        ------
        DocumentError
            If there is none, if it lies outside the root, or if it is not a valid scenario.
        """
        path = self._inside(_folder_of(at[0]) / reference, reference, at)
        if not catalog.exists(path):
            shipped = catalog.or_shipped(Path(reference))
            if not catalog.exists(shipped) or catalog.is_folder(shipped):
                what = f"there is no scenario at {reference!r}"
                remedy = "Name a path from this file on, or one that mcda list shows"
                raise _unresolved(at, what, remedy)
            path = shipped
        if catalog.is_folder(path):
            raise _unresolved(at, f"{reference!r} is a folder", "Name each scenario by itself")
        document = self.document(path, Document)
        if not isinstance(document, Scenario):
            what = f"{reference!r} is a {document.kind} document, not a scenario"
            raise _unresolved(at, what, "Name a file that begins with format: mcda/scenario/1")
        return document

    def criteria_of(self, scenario: Scenario) -> Criteria:
        """The criteria model of a scenario that does not bring its own."""
        return self._criteria_of(scenario, _folder_name(scenario))

    def _criteria_of(self, scenario: Scenario, folder: str) -> Criteria:
        if self._criteria is None and isinstance(scenario.criteria, Criteria):
            return scenario.criteria
        reference = scenario.criteria if self._criteria is None else self._criteria
        assert isinstance(reference, str)

        def find() -> Criteria:
            if self._criteria is not None:
                return self.criteria(reference)
            at = (scenario, ("criteria",))
            found = self._find_criteria(reference, _folder_of(scenario), at)
            return self.document(found, Criteria)

        return self._once((reference, folder, 0), find)

    def _pack_of(self, scenario: Scenario, criteria: Criteria, folder: str) -> FactsPack | None:
        if self._facts is None and (
            scenario.facts is None or isinstance(scenario.facts, FactsPack)
        ):
            return scenario.facts
        reference = scenario.facts if self._facts is None else self._facts
        assert isinstance(reference, str)

        def find() -> FactsPack:
            if self._facts is not None:
                return self.pack(reference, criteria)
            at = (scenario, ("facts",))
            found = self._find_pack(reference, criteria, _folder_of(scenario), at)
            return self.document(found, FactsPack)

        if id(criteria) not in self._memos:
            return find()
        return self._once((reference, folder, id(criteria)), find)

    def _once(self, key: tuple[str, str, int], find: Callable[[], AnyDocument]) -> AnyDocument:
        """What a reference leads to, followed once."""
        found: AnyDocument | None = self._followed.get(key)  # type: ignore[assignment]
        if found is None:
            self._followed[key] = found = find()
        return found

    def document(self, path: Path, model: type[AnyDocument]) -> AnyDocument:
        """The document of a kind at a path, read once."""
        try:
            key = path.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise fail(str(path), f"the path cannot be followed: {error}") from None
        if key not in self._read:
            self._read[key] = read_document(path)
            self._memos[id(self._read[key])] = {}
        document = self._read[key]
        if not isinstance(document, model):
            raise fail(
                str(path),
                f"this is a {document.kind} document, not a {model.kind} one",
                f"Name a file that begins with format: mcda/{model.kind}/1",
            )
        return document

    def _find_criteria(self, reference: str, base: Path, at: tuple[Document, Keys] | None) -> Path:
        if not _is_path(reference):
            found = catalog.criteria_file(reference)
            if found is None:
                known = catalog.names()
                remedy = hint(reference, known) or "Name a path to a criteria model"
                raise _unresolved(at, f"no criteria model {reference!r} is shipped", remedy)
            return found
        path = self._inside(base / reference, reference, at)
        if catalog.is_folder(path):
            return self._inside(_criteria_in(path), reference, at)
        return path

    def _find_pack(
        self, reference: str, criteria: Criteria, base: Path, at: tuple[Document, Keys] | None
    ) -> Path:
        if _is_path(reference):
            return self._inside(base / reference, reference, at)
        beside = _folder_of(criteria) / "facts"
        packs: dict[str, list[Path]] = {}
        if criteria.origin is not None:
            for each in sorted(beside.glob("*")):
                if each.suffix.lower() in SUFFIXES:
                    packs.setdefault(unicodedata.normalize("NFC", each.stem), []).append(each)
        if reference not in packs:
            what = f"the criteria model {criteria.id!r} has no facts pack {reference!r}"
            raise _unresolved(at, what, hint(reference, packs) or "Name a path to a facts pack")
        if len(packs[reference]) > 1:
            names = listing(each.name for each in packs[reference])
            raise _unresolved(at, f"several files are the pack {reference!r}: {names}", "Keep one")
        return self._inside(packs[reference][0], reference, at, criteria)

    def _inside(
        self,
        path: Path,
        reference: str,
        at: tuple[Document, Keys] | None,
        neighbour: Document | None = None,
    ) -> Path:
        """`path`, if what it leads to lies inside the root or the shipped catalogue.

        A `neighbour` is a document that was found already; what lies in its folder may be used.
        """
        path = _as_on_disk(path)
        if at is None:
            return path
        roots = [self._root or _root_of(_folder_of(at[0])), catalog.folder("criteria")]
        if neighbour is not None:
            roots.append(_folder_of(neighbour))
        try:
            real = path.resolve()
            if any(root is not None and real.is_relative_to(root.resolve()) for root in roots):
                return path
        except (OSError, RuntimeError, ValueError) as error:
            raise _unresolved(at, f"{reference!r} cannot be followed: {error}", "") from None
        what = f"{reference!r} leads outside {roots[0].resolve() if roots[0] else ''}"
        raise _unresolved(at, what, "Keep referenced files inside, or widen it with --root")


def _with_known_options(scenario: Scenario, pack: FactsPack | None, criteria: Criteria) -> Scenario:
    """The scenario without options that the pack does not know, and those that consist of them."""
    if pack is not None and pack.criteria != criteria.id:
        return scenario  # which is refused, however many names the two share
    known = {} if pack is None else pack.options
    left = {
        name: option
        for name, option in scenario.options.items()
        if option.from_ is None or option.from_ in known
    }
    gone = scenario.options.keys() - left.keys()
    whole = {name: each for name, each in left.items() if not gone & set(each.parts.values())}
    if not whole:
        what = f"the facts pack {pack.id if pack else ''!r} knows none of the options"
        raise _unresolved((scenario, ("options",)), what, "Name another pack")
    return scenario.model_copy(update={"options": whole, "expected": None})


def _criteria_in(folder: Path) -> Path:
    """The criteria model of a folder; its YAML file where there is none."""
    files = [folder / f"criteria{suffix}" for suffix in SUFFIXES]
    return next((each for each in files if catalog.exists(each)), files[0])


def _as_on_disk(path: Path) -> Path:
    """`path`, or the file whose name equals it in NFC: some systems store names decomposed."""
    if path.name.isascii() or catalog.exists(path) or not catalog.is_folder(path.parent):
        return path
    wanted = unicodedata.normalize("NFC", path.name)
    same = (e for e in path.parent.iterdir() if unicodedata.normalize("NFC", e.name) == wanted)
    return next(same, path)


def _trial(model: Criteria, pack: FactsPack | None, options: dict[str, Any]) -> Scenario:
    unjudged = [
        children
        for node, children in CriteriaTree.of(model.criteria).parents()
        if node not in model.judgements
    ]
    equal = {name: 1.0 for children in unjudged for name in children}
    data: dict[str, Any] = {"id": model.id, "criteria": model, "facts": pack, "options": options}
    return Scenario(**data, weights=Weights(direct=equal) if equal else None)


def _is_path(reference: str) -> bool:
    return "/" in reference or "\\" in reference or reference.lower().endswith(SUFFIXES)


def _folder_of(document: Document) -> Path:
    return Path(document.origin.path).parent if document.origin is not None else Path()


def _folder_name(document: Document) -> str:
    origin = document.origin
    return os.path.dirname(origin.path) if origin is not None else ""  # noqa: PTH120


def _root_of(folder: Path) -> Path:
    start = folder.resolve()
    return next((each for each in (start, *start.parents) if (each / ".git").exists()), start)


def _unresolved(at: tuple[Document, Keys] | None, what: str, remedy: str) -> Exception:
    return DocumentError([Finding(place(*at), what, remedy)]) if at else InputError(what, remedy)

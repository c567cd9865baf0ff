"""What is shipped: criteria models, their facts packs, and scenarios to begin from."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from mcda.files.catalog import folder
from mcda.files.loader import read_document, scenario_files
from mcda.model.catalog import Catalog, Entry, Kind
from mcda.model.criteria import Criteria
from mcda.model.documents import Document
from mcda.model.facts import FactsPack
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Scenario
from mcda.model.text import Text

__all__ = ["catalog"]


def catalog() -> Catalog:
    """What is shipped with this version.

    Examples
    --------
    >>> shipped = catalog()
    >>> len(shipped.criteria) > 0, len(shipped.scenarios) > 0
    (True, True)
    """
    found: dict[str, dict[str, Entry]] = {kind: {} for kind in get_args(Kind)}
    for kind in ("criteria", "scenarios"):
        root = folder(kind)
        for path in () if root is None else scenario_files(root):
            assert root is not None
            document = read_document(path)
            entry = _entry(document, path, path.relative_to(root))
            found[entry.kind][entry.name] = entry
    return Catalog(found["criteria"], found["facts"], found["scenario"], found["portfolio"])


def _entry(document: Document, path: Path, within: Path) -> Entry:
    if isinstance(document, Criteria):
        title = document.title or Text(en=document.id, zh=document.id)
        return Entry("criteria", within.parts[0], title, None, path)
    if isinstance(document, FactsPack):
        title = document.title or Text(en=document.id, zh=document.id)
        name = f"{within.parts[0]}/{path.stem}"
        return Entry("facts", name, title, document.criteria, path)
    assert isinstance(document, (Scenario, Portfolio))
    title = document.title or Text(en=document.id, zh=document.id)
    if isinstance(document, Portfolio):
        return Entry("portfolio", within.with_suffix("").as_posix(), title, None, path)
    model = document.criteria if isinstance(document.criteria, str) else None
    return Entry("scenario", within.with_suffix("").as_posix(), title, model, path)

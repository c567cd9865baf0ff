"""Reports as texts: which kinds there are, and what each file holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from mcda.model.language import Language
from mcda.reports.page.comparing import comparison
from mcda.reports.page.material import Material
from mcda.reports.page.variants import markdown_of, to_json
from mcda.reports.page.whole import page_of

__all__ = ["KINDS", "Kind", "folder", "text"]

Kind = Literal["html", "markdown", "json"]
#: Endings of files and what they hold.
KINDS: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
}


def text(
    materials: Sequence[Material],
    kind: Kind,
    lang: Language,
    *,
    failures: Mapping[str, str] | None = None,
    several: bool = False,
) -> str:
    """A report in one text.

    Parameters
    ----------
    materials
        One for each scenario.
    failures
        Path -> why a scenario could not be evaluated.
    several
        Whether it is about several scenarios, even if there is but one.
    """
    failed = failures or {}
    if kind == "json":
        return to_json(materials, failed)
    if kind == "markdown":
        return markdown_of(materials, failed)
    if several or failed or len(materials) != 1:
        return comparison(materials, failed, lang)
    return page_of(materials[0])


def folder(
    materials: Sequence[Material], lang: Language, failures: Mapping[str, str]
) -> dict[str, str]:
    """Name -> text of a folder's files: the comparison as index.html, and a page for each."""
    names = _names([each.decision.scenario for each in materials])
    pages = {names[each.decision.scenario]: page_of(each) for each in materials}
    return {"index.html": comparison(materials, failures, lang, links=names), **pages}


def _names(scenarios: Sequence[str]) -> dict[str, str]:
    """Scenario id -> a file name that every system takes, and no other scenario has."""
    taken, names = {"index"}, {}
    for scenario in scenarios:
        name = re.sub(r"[^\w.-]+", "-", scenario)[:60].strip("-.") or "scenario"
        stem, number = name, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        names[scenario] = f"{name}.html"
    return names

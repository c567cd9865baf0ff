"""Putting a page together: head, content policy, styles, scripts, sections."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from mcda.model.language import Language
from mcda.reports.page.markup import Html, Section, joined, tag
from mcda.reports.page.words import say

__all__ = ["assemble", "html_lang", "policy", "section_of"]

#: Characters of JSON that could end the element that holds it, or a line of a script.
_IN_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"}


def html_lang(lang: Language) -> str:
    """The language as HTML names it."""
    return "zh-Hans" if lang == "zh" else lang


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """What the page may load and run: nothing but these styles and scripts, by their hashes."""
    rules = [
        ("default-src", ["'none'"]),
        ("style-src", [_hash(each) for each in styles]),
        ("script-src", [_hash(each) for each in scripts] or ["'none'"]),
        ("img-src", ["data:"]),
        ("base-uri", ["'none'"]),
        ("form-action", ["'none'"]),
    ]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def assemble(
    title: str,
    lang: Language,
    header: Html,
    sections: Sequence[Section],
    *,
    after: Html | None = None,
) -> str:
    """The whole page.

    Parameters
    ----------
    title
        Of the window.
    header
        What stands first; it holds the page's only first-level heading.
    sections
        Their anchors make the navigation; their scripts run in this order.
    after
        The footer's content.
    """
    styles = [_style(), *(each.style for each in sections if each.style)]
    scripts = [each.script for each in sections if each.script]
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(styles, scripts)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("link", rel="icon", href="data:,"),
        *(tag("style", Html(each)) for each in styles),
    )
    named = [each for each in sections if not each.whole]
    links = [tag("li", tag("a", each.title, href=f"#{each.id}")) for each in named]
    body = joined(
        tag("a", say("skip", lang), class_="skip", href="#main"),
        header,
        tag("nav", tag("ul", *links), aria_label=say("contents", lang)) if len(links) > 1 else None,
        tag("main", *map(section_of, sections), id="main", tabindex="-1"),
        tag("footer", after) if after else None,
        *(
            tag("script", Html(_safe(each.data)), type="application/json", id=f"{each.id}-data")
            for each in sections
            if each.data is not None
        ),
        *(tag("script", Html(each)) for each in scripts),
    )
    page = tag("html", tag("head", head), tag("body", body), lang=html_lang(lang))
    return f"<!DOCTYPE html>\n{page}\n"


def section_of(section: Section) -> Html:
    """A section with its heading."""
    if section.whole:
        return section.body
    label = f"{section.id}-title"
    return tag(
        "section",
        tag("h2", section.title, id=label),
        section.body,
        id=section.id,
        aria_labelledby=label,
    )


def _safe(json: str) -> str:
    for character, escaped in _IN_SCRIPTS.items():
        json = json.replace(character, escaped)
    return json

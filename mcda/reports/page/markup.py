"""HTML and SVG elements whose texts and attributes are always escaped."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

__all__ = ["MINUS", "NOTHING", "Child", "Html", "Section", "coordinate", "joined", "tag"]

#: Elements without an end tag.
_VOID = frozenset({"br", "col", "hr", "link", "meta", "wbr"})


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


Child = str | None
NOTHING = Html("")
#: What stands before a number below zero: as wide as a plus.
MINUS = "\u2212"


def tag(name: str, /, *children: Child, **attributes: str | int | float | bool | None) -> Html:
    """An element. Children that are no `Html` are escaped, attributes always.

    ``class_`` stands for ``class``, other underscores for hyphens. An attribute that is ``None``
    or false is left out, one that is true stands without a value.

    Examples
    --------
    >>> tag("p", "a < b", tag("b", "!"), class_="x", hidden=False)
    '<p class="x">a &lt; b<b>!</b></p>'
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(str(value), quote=True)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """The children one after the other; those that are no `Html` are escaped."""
    return Html(
        "".join(
            child if isinstance(child, Html) else escape(child, quote=False)
            for child in children
            if child
        )
    )


def coordinate(number: float) -> str:
    """A number as drawings have it: two decimals at most.

    Examples
    --------
    >>> coordinate(12.5), coordinate(3.0), coordinate(-0.001)
    ('12.5', '3', '0')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading.

    Attributes
    ----------
    id : str
        Of its anchor.
    title : str
    body : Html
    script : str
        JavaScript that runs when the page has been read; without it the section stands as it is.
    style : str
        CSS of its own.
    data : str or None
        JSON for the script, in an element with the id "<id>-data".
    whole : bool
        Whether `body` is the section itself, with its heading. As it may be hidden, the page's
        contents do not name it.
    """

    id: str
    title: str
    body: Html
    script: str = ""
    style: str = ""
    data: str | None = None
    whole: bool = False

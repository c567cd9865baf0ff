"""How results show themselves: as text, in a notebook, on a terminal, as data frames."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

from mcda.model.language import Language

__all__ = ["Shown"]

FrameKind = Literal["pandas", "polars", "pyarrow"]


def _display() -> Any:
    # how results look is decided far above them, and loaded when somebody looks
    return import_module("mcda.reports.display")


class Shown:
    """A result that shows itself; `str()` is its text in English."""

    __slots__ = ()

    def to_text(self, lang: Language = "en") -> str:
        """As plain text of at most 80 columns, as the command of the same name prints it."""
        return str(_display().text(self, lang))

    def to_markdown(self, lang: Language = "en") -> str:
        """As Markdown."""
        return str(_display().markdown_of(self, lang))

    def to_html(self, lang: Language = "en") -> str:
        """As a fragment of HTML, all names escaped."""
        return str(_display().html_of(self, lang))

    def to_frame(self, kind: FrameKind = "pandas") -> Any:
        """As a tidy data frame.

        Parameters
        ----------
        kind
            "pandas", "polars" or "pyarrow".

        Raises
        ------
        InputError
            If there is no such kind, or it is not installed.
        """
        return _display().frame(self, kind)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()

    def __rich__(self) -> Any:
        return _display().renderable(self)

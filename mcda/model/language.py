"""What needs no model: languages, sentences with gaps, and what may stand in names and texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from mcda.errors import InputError, hint

__all__ = [
    "CERTAIN",
    "FORMULA_STARTS",
    "LANGUAGES",
    "Language",
    "check_language",
    "check_name",
    "check_text",
    "fill",
    "given_number",
    "interval",
    "number",
    "percent",
    "roughly",
    "safe_cell",
]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

#: A spreadsheet takes a text that begins with one of these for a formula; those with Chinese or
#: Japanese settings take the full-width signs as well.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: The longest name, in characters.
_LONGEST_NAME = 1000


def _refuse_invisible(text: str, allowed: str = "") -> None:
    if text.isprintable():  # which leaves out all of them, and more
        return
    for character in text:
        # Cc control, Cf format (bidi marks, zero-width characters), Cs surrogate, Zl/Zp separators
        code = ord(character)
        nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noncharacters
        invisible = unicodedata.category(character) in _INVISIBLE or nothing
        if character not in allowed and invisible:
            raise ValueError(
                f"it contains the invisible character U+{ord(character):04X} "
                f"({unicodedata.name(character, 'control character')}); remove it"
            )


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def check_name(name: str) -> str:
    """The NFC form of a name; refuses blanks and what cannot be seen."""
    if name.isascii() and name.isprintable() and name.strip():
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"a name has at most {_LONGEST_NAME} characters, this {len(name)}")
        return name
    if not name.strip():
        raise ValueError("a name must not be blank")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"a name has at most {_LONGEST_NAME} characters, this {len(name)}")
    _refuse_invisible(name)
    return unicodedata.normalize("NFC", name)


def check_text(text: str) -> str:
    """The NFC form of a text; line breaks and tabs are fine, other controls are not."""
    if text.isascii() and text.isprintable():
        return text
    _refuse_invisible(text, allowed="\n\t")
    return unicodedata.normalize("NFC", text)


def check_language(lang: object) -> None:
    """Refuse languages that nothing is written in.

    Raises
    ------
    InputError
        Naming those there are.
    """
    if lang not in LANGUAGES:
        raise InputError(f"there is no language {lang!r}", hint(str(lang), LANGUAGES))


def fill(
    templates: Mapping[str, tuple[str, str]], code: str, lang: Language, values: Mapping[str, Any]
) -> str:
    """The template `code` in `lang` with its values put in; texts speak the same language."""
    check_language(lang)
    spoken = {key: _spoken(value, lang) for key, value in values.items()}
    return templates[code][LANGUAGES.index(lang)].format_map(spoken)


def _spoken(value: Any, lang: Language) -> Any:
    """A value as a sentence has it: texts in the language, circles with arrows."""
    if hasattr(value, "say"):
        return value.say(lang)
    if isinstance(value, tuple):
        return " > ".join(str(_spoken(each, lang)) for each in value)
    return value


def percent(share: float, decimals: int, lang: Language) -> str:
    """A share in percent; Chinese sets no space before the sign."""
    return f"{100 * share:.{decimals}f}{' ' if lang == 'en' else ''}%"


#: Shares beyond this are not told more precisely, as they are estimates.
CERTAIN = 0.999


def roughly(share: float, lang: Language) -> str:
    """An estimated share in percent, as precisely as it is worth telling: a firmness.

    The page's script has a twin, ``roughly`` in numbers.js.

    Examples
    --------
    >>> [roughly(share, "en") for share in (0.7549, 0.99, 0.9951, 0.9993)]
    ['75 %', '99 %', '99.5 %', 'more than 99.9 %']
    >>> roughly(0.9993, "zh")
    '超过99.9%'
    """
    if share > CERTAIN:
        more = ("more than ", "超过")[LANGUAGES.index(lang)]
        return more + percent(CERTAIN, 1, lang)
    return percent(share, 1 if share > 0.99 else 0, lang)


def number(value: float, digits: int = 6) -> str:
    """A number that was worked out, with so many digits and never fewer than a whole one has.

    An exponent stands only where nobody would count the zeros.

    Examples
    --------
    >>> number(4e6), number(1234567.5), number(0.00001), number(2 / 3, 3), number(1e-12)
    ('4000000', '1234568', '0.00001', '0.667', '1e-12')
    """
    if 10.0**digits <= abs(value) < 1e15:
        return f"{value:.0f}"
    text = f"{value:.{digits}g}"
    return format(Decimal(text), "f") if "e" in text and 1e-9 <= abs(value) < 1e15 else text


def given_number(value: float) -> str:
    """A number as it was given: with all of its digits up to the sixth decimal, else as worked out.

    The page's script has a twin, ``givenNumber`` in numbers.js.

    Examples
    --------
    >>> given_number(3e6), given_number(0.25), given_number(1234567.5), given_number(1 / 3)
    ('3000000', '0.25', '1234567.5', '0.333333')
    """
    if value == round(value, 6) and abs(value) < 1e15:
        return f"{value + 0.0:.6f}".rstrip("0").rstrip(".")
    return number(value)


def interval(low: float | None, high: float | None) -> str:
    """Two ends in brackets; one that is not given is infinite.

    Examples
    --------
    >>> interval(0, 4e6), interval(None, 0.5)
    ('[0, 4000000]', '[-inf, 0.5]')
    """
    lowest = "-inf" if low is None else given_number(low)
    return f"[{lowest}, {'inf' if high is None else given_number(high)}]"


def safe_cell(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text

"""Values that documents hold: numbers, domains, judgements, directions, dates, facts."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from mcda.errors import short
from mcda.model import shape
from mcda.model.language import interval
from mcda.model.text import Prose, Strict

__all__ = [
    "DIRECTIONS",
    "LARGEST_RATIO",
    "SMALLEST_RATIO",
    "Bounds",
    "Day",
    "Direction",
    "Domain",
    "Fact",
    "Points",
    "Ratio",
    "Scalar",
    "not_given",
    "parse_direction",
    "parse_ratio",
    "sequence_of",
]

Direction = Literal["benefit", "cost"]
#: What a fact or a profile field can hold; ``None`` is "unknown", said on purpose.
Scalar = float | bool | str | None

DIRECTIONS: dict[str, Direction] = {
    "benefit": "benefit",
    "max": "benefit",
    "1": "benefit",
    "cost": "cost",
    "min": "cost",
    "-1": "cost",
}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRACTION = re.compile(
    r"\s*([0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(?:/\s*([0-9.]+(?:[eE][-+]?[0-9]+)?))?\s*"
)
#: Judgements lie between these; people stay within 1/9 and 9.
LARGEST_RATIO = 1e12
SMALLEST_RATIO = 1 / LARGEST_RATIO


def as_float(given: float | numbers.Real | Decimal) -> float:
    """`given` as a float; infinite if it is too large for one."""
    try:
        return float(given)
    except OverflowError:
        return math.inf


def shorten(given: object) -> str:
    """A number as messages show it."""
    try:
        text = repr(given)
    except ValueError:  # Python refuses to print integers of many thousand digits
        return short(given)
    return text if len(text) <= 40 else f"{text[:20]}… ({len(text)} digits)"


def sequence_of(item: Any, **constraints: Any) -> Any:
    """A tuple of `item` that a document writes as a list."""
    return Annotated[tuple[item, ...], Field(strict=False, **constraints)]


def parse_direction(given: object) -> Direction:
    """``benefit`` or ``cost`` from those words, ``max``/``min`` (any case) or 1/-1.

    Raises
    ------
    ValueError
        For anything else, naming what is accepted.
    """
    if isinstance(given, (str, int, float)) and not isinstance(given, bool):
        word = str(int(given)) if isinstance(given, float) and given in (1, -1) else str(given)
        direction = DIRECTIONS.get(word.strip().casefold())
        if direction is not None:
            return direction
    raise ValueError(f"a direction is benefit or cost (also max, min, 1, -1), not {short(given)}")


#: What people write in the place of an answer that is not given.
_NO_ANSWER = frozenset({"", "nan", "none", "null"})


def not_given(answer: object) -> bool:
    """Whether this stands for an answer that is not given: null, None, NaN, NA or a blank.

    Examples
    --------
    >>> [not_given(answer) for answer in (None, float("nan"), " ", "NaN", 0, "1/3")]
    [True, True, True, True, False, False]
    """
    if answer is None:
        return True
    if isinstance(answer, str):
        return answer.strip().casefold() in _NO_ANSWER
    if isinstance(answer, Decimal):
        return answer.is_nan()
    if isinstance(answer, numbers.Real):
        return bool(answer != answer)
    return type(answer).__name__ in ("NAType", "NaTType", "MaskedConstant")  # of pandas, of numpy


def parse_ratio(given: object) -> float:
    """A pairwise judgement: a positive number, or a fraction such as ``1/3``.

    Raises
    ------
    ValueError
        If it is not a number or a fraction, or not positive and finite.
    """
    if isinstance(given, str) and (match := _FRACTION.fullmatch(given)):
        try:
            over = float(match[2]) if match[2] is not None else 1.0
            value = float(match[1]) / over if over else math.inf
        except ValueError:
            raise ValueError(f"{short(given)} is not a number or a fraction such as 1/3") from None
    elif isinstance(given, (numbers.Real, Decimal)) and not isinstance(given, bool):
        value = as_float(given)
    else:
        raise ValueError(
            f"a judgement is a number such as 3 or a fraction such as 1/3, not {short(given)}"
        )
    if not SMALLEST_RATIO <= value <= LARGEST_RATIO:
        raise ValueError(
            f"a judgement says how many times as important, so it is positive and between 1e-12 "
            f"and 1e12 (usually 1/9 to 9), not {shorten(given)}"
        )
    return value


def _scalar(given: Any) -> Scalar:
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, (int, float)):
        value = as_float(given)
        if not math.isfinite(value):
            raise ValueError(f"a number must be finite, not {shorten(given)}")
        return value
    if isinstance(given, str):
        return unicodedata.normalize("NFC", given)
    raise ValueError(f"a value is a number, true or false, or a word, not {type(given).__name__}")


def _day(given: Any) -> Any:
    if isinstance(given, str):
        try:
            if _DAY.fullmatch(given):
                return date.fromisoformat(given)
        except ValueError:
            pass
        raise ValueError(f"a date is written YYYY-MM-DD, not {short(given)}")
    return given


def _ordered(ends: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    low, high = ends
    if low is not None and high is not None and not low < high:
        raise ValueError(
            f"the lower end comes first and differs from the upper: {interval(low, high)}"
        )
    return ends


def _numbers(given: Any) -> Any:
    """Lists become tuples; entries stay as they are, for the strict check that follows."""
    return tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else given


def _answer(given: Any) -> float | None:
    return None if not_given(given) else parse_ratio(given)


#: A pairwise judgement; ``None`` is an answer not given.
Ratio = Annotated[float | None, BeforeValidator(_answer), shape.RATIO]
#: A weight or points as numbers; ``None`` is an answer not given.
Points = Annotated[
    Annotated[float, Field(ge=0)] | None,
    BeforeValidator(lambda given: None if not_given(given) else given),
    shape.POINTS,
]
Day = Annotated[date, BeforeValidator(_day), shape.DAY]
#: Both ends, finite.
Domain = Annotated[
    tuple[float, float], AfterValidator(_ordered), BeforeValidator(_numbers), shape.DOMAIN
]
#: Both ends; ``null`` leaves one open.
Bounds = Annotated[
    tuple[float | None, float | None],
    AfterValidator(_ordered),
    BeforeValidator(_numbers),
    shape.BOUNDS,
]
AnyDirection = Annotated[Direction, BeforeValidator(parse_direction), shape.DIRECTION]
AnyScalar = Annotated[Any, BeforeValidator(_scalar), shape.SCALAR]

_NO_RANGE = "only a number can have low and high"


def _or_scalar(schema: dict[str, Any]) -> None:
    word = shape.given("value", {"type": ["string", "boolean"]})
    schema["type"] = ["number", "string", "boolean", "null", "object"]
    schema.update(shape.where(word, shape.limited(("low", "high"), {"type": "null"}, _NO_RANGE)))


class Fact(Strict):
    """One fact of an option: a value, its range, and where it comes from.

    A plain value stands for ``{value: ...}``; ``null`` says that it is not known.
    """

    model_config = ConfigDict(json_schema_extra=_or_scalar)

    value: AnyScalar
    low: float | None = None
    high: float | None = None
    unit: Prose | None = None
    source: Prose | None = None
    as_of: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, given: Any) -> Any:
        return given if isinstance(given, (dict, Fact)) else {"value": given}

    @field_validator("low", "high")
    @classmethod
    def _of_a_number(cls, given: float | None, info: ValidationInfo) -> float | None:
        if given is not None and isinstance(info.data.get("value"), (bool, str)):
            raise ValueError(_NO_RANGE)
        return given

    @model_validator(mode="after")
    def _ordered_range(self) -> Self:
        ends = [end for end in (self.low, self.value, self.high) if end is not None]
        if self.low is None and self.high is None:
            return self
        if ends != sorted(ends):
            raise ValueError(
                f"low <= value <= high does not hold: {self.low} <= {self.value} <= {self.high}"
            )
        return self

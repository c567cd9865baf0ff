"""The schemas take what the reader takes, and nothing else."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

import mcda
from mcda.errors import DocumentError
from mcda.files.loader import Loader
from mcda.files.schema import document_schema
from mcda.files.yaml import parse
from mcda.model.portfolio import documents
from mcda.model.values import not_given, parse_direction, parse_ratio
from tests.corpus import CRITERIA, FACTS, MODELLED, SCENARIO
from tests.strategies import scenarios


@cache
def validator(definition: str = "") -> Draft202012Validator:
    schema = document_schema("scenario")
    return Draft202012Validator(
        {**schema["$defs"][definition], "$defs": schema["$defs"]} if definition else schema
    )


def refusal(read: Any, given: object) -> str:
    """What the reader says against a value; nothing if it takes it."""
    try:
        read(given)
    except ValueError as error:
        return str(error)
    return ""


@given(scenarios())
def test_drawn_scenarios(drawn: dict[str, Any]) -> None:
    mcda.Scenario(**drawn)
    assert list(validator().iter_errors({"format": "mcda/scenario/1", **drawn})) == []


NUMERALS = st.from_regex(r"\A ?[0-9.]{0,4}([eE][-+]?[0-9])? ?(/ ?[0-9.]{0,3}([eE][0-9])? ?)?\Z")


@given(
    st.one_of(
        NUMERALS,
        st.text(alphabet="0123456789./e -", max_size=8),
        st.sampled_from(["", " ", "nan", " NaN ", "None", "null", "NULL", "n/a", "nono"]),
        st.floats(allow_nan=True),
        st.booleans(),
        st.none(),
    )
)
def test_judgements(given: object) -> None:
    said = "" if not_given(given) else refusal(parse_ratio, given)
    # how large a text with an exponent is, no schema can say
    if not (isinstance(given, str) and "e" in given.lower() and "between" in said):
        assert validator("Ratio").is_valid(given) == (not said)


WORDS = st.sampled_from(["benefit", "cost", "max", "min", "1", "-1", "2", "", "+1", "maxx"])
SPACES = st.sampled_from(["", " ", "\t"])


@given(
    st.one_of(
        st.tuples(SPACES, WORDS, SPACES).flatmap(
            lambda parts: st.sampled_from(
                ["".join(parts), "".join(parts).upper(), "".join(parts).title()]
            )
        ),
        st.sampled_from([1, -1, 1.0, -1.0, 0, 2, True, None]),
        st.text(max_size=6),
    )
)
def test_directions(given: object) -> None:
    assert validator("Direction").is_valid(given) == (not refusal(parse_direction, given))


def places(data: Any, keys: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values in a document."""
    inner: Any = ()
    if isinstance(data, dict):
        inner = data.items()
    elif isinstance(data, list):
        inner = enumerate(data)
    found = [keys] if keys else []
    return found + [place for key, value in inner for place in places(value, (*keys, key))]


VALUES = [
    *(None, True, 0, 2.5, -1, 1e13, float("nan"), float("inf"), "", " ", "word", "1/3", "0/1"),
    *("2026-01-01", "x\u200by", [], ["a"], [1, 2], [None, 1], [2, 1], {}, {"en": "x"}),
    *({"en": ""}, {"value": 1}, {"a": 1}, {"a": None}, {"a b": {}}, {"": 1}),
]
#: What the reader says where it compares values with each other, which no schema can.
COMPARISONS = ("the lower end comes first", "low <= value <= high does not hold")


@pytest.mark.parametrize("text", [SCENARIO, MODELLED, CRITERIA, FACTS])
def test_anything_anywhere(text: str) -> None:
    """A value of a good document is replaced by another one: both refuse it, or neither does."""
    plain = parse(text, "x")
    kind = plain["format"].split("/")[1]
    schema = Draft202012Validator(document_schema(kind), format_checker=FormatChecker(["date"]))
    changes = [(place, value) for place in places(plain) for value in VALUES]
    # nine and the number of values have no common factor: all values take part
    for place, value in changes[::9]:
        data = copy.deepcopy(plain)
        holder = data
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = value
        complaint = ""
        try:
            document = documents()[kind](**data)
            if not schema.is_valid(data):
                Loader().trial(document)  # only a look into the criteria model tells
        except DocumentError as error:
            complaint = str(error)
        if complaint and all(each not in complaint for each in COMPARISONS):
            assert not schema.is_valid(data), (place, value, complaint)
        if not complaint:
            assert schema.is_valid(data), (place, value)

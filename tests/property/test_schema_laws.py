"""The schemas take what the reader takes, and nothing else."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import mcda
from mcda.errors import DocumentError
from mcda.files.schema import document_schema
from mcda.files.yaml import parse
from mcda.model.values import parse_direction, parse_ratio
from tests.corpus import SCENARIO
from tests.strategies import scenarios


@cache
def validator(definition: str = "") -> Draft202012Validator:
    schema = document_schema("scenario")
    return Draft202012Validator(
        {**schema["$defs"][definition], "$defs": schema["$defs"]} if definition else schema
    )


def accepted(read: Any, given: object) -> bool:
    try:
        read(given)
    except ValueError:
        return False
    return True


@given(scenarios())
def test_drawn_scenarios(drawn: dict[str, Any]) -> None:
    mcda.Scenario(**drawn)
    assert list(validator().iter_errors({"format": "mcda/scenario/1", **drawn})) == []


NUMERALS = st.from_regex(r"\A ?[0-9.]{0,4}([eE][-+]?[0-9])? ?(/ ?[0-9.]{0,3}([eE][0-9])? ?)?\Z")


@given(
    st.one_of(
        NUMERALS,
        st.text(alphabet="0123456789./e -", max_size=8),
        st.floats(allow_nan=True),
        st.booleans(),
        st.none(),
    )
)
def test_judgements(given: object) -> None:
    assert accepted(parse_ratio, given) == validator("Ratio").is_valid(given)


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
    assert accepted(parse_direction, given) == validator("Direction").is_valid(given)


def places(data: Any, keys: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [keys] * bool(keys) + [
        place for key, value in inner for place in places(value, (*keys, key))
    ]


PLAIN = parse(SCENARIO, "x")
ANYTHING = st.sampled_from(
    [
        None,
        True,
        0,
        2.5,
        -1,
        "",
        "word",
        "1/3",
        "2026-01-01",
        [],
        ["a"],
        {},
        {"en": "x"},
        {"value": 1},
        float("nan"),
        float("inf"),
    ]
)


@given(st.sampled_from(places(PLAIN)), ANYTHING)
def test_anything_anywhere(place: tuple[Any, ...], value: Any) -> None:
    """One value of a good document is replaced: what the model refuses, and only that."""
    data = copy.deepcopy(PLAIN)
    holder = data
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    try:
        mcda.Scenario(**data)
        taken = True
    except DocumentError:
        taken = False
    if taken != validator().is_valid(data):
        assert taken is False, (place, value)  # never stricter than the reader
        assert place in COMPARED, (place, value)


#: Where the reader compares values with each other, which no schema can.
COMPARED: set[tuple[Any, ...]] = set()

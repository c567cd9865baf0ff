"""The fast way of reading YAML says what the exact one says, or nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from mcda.errors import DocumentError
from mcda.files.block_cache import Reader, blocks
from mcda.files.yaml import parse
from mcda.model.scenario import Scenario

TYPED = """
0 1 -1 +1 01 0x1F 0o17 1e3 1.5 .5 1. -.inf .nan null Null ~ true False yes no a b-c a_b x.y 1:30 1_000
2026-01-01 1/3 - -- --- ... : a: a:b #a a#b ' " 'a' "a" 'a "a [a] {a} [a {a a] a, &a *a !a !!str | > |+
|- >- ? ?a @a `a %a = << 模型 é é 😀 ，。 （a） “a”
"""
WORDS = [
    *TYPED.split(),
    *("", "\u3000", "\ufeff", "\x07", "\t", "a\tb", "a\u00a0b", "\u200b", "\u0378", "\ue000"),
]
KEYS = st.sampled_from(
    ["id", "title", "source", "profile", "options", "facts", "a", "en", "a b", "-", "?", "x:y", "1"]
)
SPACES = st.sampled_from(["", "", "  ", "    ", " ", "\t"])
TEXTS = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
LINES = st.one_of(
    st.builds(lambda s, k, t: f"{s}{k}: {t}", SPACES, KEYS, TEXTS),
    st.builds(lambda s, k: f"{s}{k}:", SPACES, KEYS),
    st.builds(lambda s, t: f"{s}- {t}", SPACES, TEXTS),
    st.builds(lambda s, t: f"{s}{t}", SPACES, TEXTS),
    st.sampled_from(["", " ", "# a", "  # a", "---", "..."]),
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\n\n", "\r\n", "\r", "\x85", "\u2028"])
DOCUMENTS = st.lists(st.tuples(LINES, ENDS), min_size=1, max_size=8).map(
    lambda lines: "".join(line + end for line, end in lines)
)
#: Mostly what scenarios look like.
TIDY = st.lists(
    st.one_of(
        st.builds(lambda k, t: f"{k}: {t}\n", KEYS, TEXTS),
        st.builds(
            lambda k, pairs: f"{k}:\n" + "".join(f"  {a}: {b}\n" for a, b in pairs),
            KEYS,
            st.lists(st.tuples(KEYS, TEXTS), max_size=3),
        ),
        st.builds(
            lambda k, entries: f"{k}:\n" + "".join(f"  - {each}\n" for each in entries),
            KEYS,
            st.lists(TEXTS, max_size=3),
        ),
    ),
    max_size=5,
).map("".join)


def exact(text: str) -> Any:
    try:
        return parse(text, "document"), True
    except DocumentError:
        return None, False


def joined(text: str) -> Any:
    """A document from its blocks, each alone, as if the others were known."""
    found = blocks(text)
    if not found:
        return None
    data: dict[str, Any] = {}
    for key, block in found.items():
        read, fine = exact(block)
        if not fine or not isinstance(read, dict) or list(read) != [key]:
            return None
        data.update(read)
    return data


@given(DOCUMENTS | TIDY)
@example("title: |+\n  a\n\nid: b\n")
@example("title: |\n  a\nid: b\n")
@example('title: "a\nid: b"\n')
@example("title:\n- a\n- b\nid: c\n")
@example("title: {a: b,\nid: c}\n")
def test_a_document_is_its_blocks(text: str) -> None:
    data = joined(text)
    if data is not None:
        assert repr((data, True)) == repr(exact(text))


FIELDS = st.builds(
    lambda s, k, t: f"{s}{k}: {t}\n", st.sampled_from(["  ", "  ", "   "]), KEYS, TEXTS
)


@given(st.lists(FIELDS | st.builds("{}\n".format, LINES), min_size=1, max_size=4).map("".join))
@example("  a: >\n  b: 1\n")
@example("  a: >\n    b: 1\n")
@example("  a: 1\n   b\n")
@example("  a: &x 1\n  b: *x\n")
@example("  a: [1,\n  b: 2]\n")
@example("  a:\n  - 1\n")
@example("  a: !!str\n  b: 1\n")
@example("  a: 1\n  a: 1\n")
def test_a_profile_is_its_lines(lines: str) -> None:
    text = f"profile:\n{lines}"
    found = Reader()._profile(text, "document")
    if found is not None:
        data, fine = exact(text)
        assert fine
        scenario = Scenario(id="s", criteria="c", options={"a": {}}, **data)
        assert repr(list(found.items())) == repr(list(scenario.profile.items()))

"""What is written is read back, by us and by others."""

from __future__ import annotations

import csv
import json
import re
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from mcda.errors import DocumentError
from mcda.files.loader import read_document
from mcda.files.tables import read_matrix
from mcda.files.toml import locate_all, parse
from mcda.files.writing import save
from mcda.model.criteria import Criteria
from mcda.model.facts import FactsPack
from mcda.model.language import check_name, check_text
from mcda.model.recognition import Said
from mcda.model.scenario import Scenario
from tests.strategies import scenarios

NASTY = """no|yes|On|y|N|1:30|1e3|1.5e3|0x1F|0o17|017|0b11|~|null|NULL|true|2026-01-01|12_000|.5|+1|-|--
-1|.inf|.nan|nan|inf|=|<<|#|a #b|a: b|a:|:a|: |'|"|'a|"a"|a's|\\|a\\nb|[a]|{a}|a, b|a]|&a|*a|!a|!!str|%a|@a
`a|?|? a|a?|- a|a - b|---|...|--- a|a vs b|a b |  a| a  b|1/3|1 / 3|70B|4-bit|1.2.3|10:20:30|2026-01-01T10:00:00Z
模型|谷歌：一|😀|é|naïve|a.b|a.b.c|$a|a=b|a\"\"\"b|'''|goal|id|title2|0|007|1|-0|True|None|%|a|_|__|_1|12e03|1_0.5
\u00a0a|\u3000|\u0301a|a\u0338|\ue000|x\U0001f468""".replace("\n", "|").split("|")


def allowed(check: Any) -> Any:
    def is_allowed(text: str) -> bool:
        try:
            return bool(check(text) == text)
        except ValueError:
            return False

    return is_allowed


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1
)
names = (st.sampled_from(NASTY) | texts).filter(allowed(check_name))
prose = st.sampled_from(NASTY) | st.lists(
    st.sampled_from([*NASTY, "", "\n", "\n\n", " ", "  ", "\t", "a long sentence of words " * 6]),
    max_size=9,
).map(" ".join)
prose = (prose | texts).filter(allowed(check_text)).filter(bool)
said = prose | st.fixed_dictionaries({"en": prose}, optional={"zh": prose})
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18)
ratios = st.builds(lambda a, b: a / b, st.integers(1, 120), st.integers(1, 120)) | st.floats(
    1e-9, 1e9
)
facts = st.one_of(numbers, names, st.booleans(), st.none())
full_facts = facts | st.builds(
    lambda value, more: {"value": value, **more},
    facts,
    st.fixed_dictionaries(
        {}, optional={"unit": prose, "source": prose, "as_of": st.dates(), "high": st.none()}
    ),
)


@st.composite
def packs(draw: Any) -> FactsPack:
    option = st.fixed_dictionaries(
        {},
        optional={"title": said, "as_of": st.dates(), "facts": st.dictionaries(names, full_facts)},
    )
    options = draw(st.dictionaries(names, option, min_size=1, max_size=4))
    return FactsPack(id=draw(names), criteria=draw(names), description=draw(said), options=options)


@st.composite
def modelled(draw: Any) -> Scenario:
    options = st.fixed_dictionaries(
        {}, optional={"title": said, "from": names, "facts": st.dictionaries(names, full_facts)}
    )
    pair = st.builds("{} vs {}".format, names, names)
    judged = st.dictionaries(names, st.dictionaries(pair, ratios, max_size=3), max_size=3)
    judge = st.fixed_dictionaries({"judgements": judged}, optional={"importance": st.just(2.0)})
    ways = {
        "judgements": judged,
        "judges": st.dictionaries(names, judge, min_size=1, max_size=2),
        "direct": st.dictionaries(names, st.floats(0, 1e300)),
        "ranking": st.dictionaries(
            names, st.lists(names | st.lists(names, max_size=3), min_size=1, max_size=3), max_size=2
        ),
        "best_worst": st.dictionaries(
            names,
            st.fixed_dictionaries(
                {
                    "best": names,
                    "worst": names,
                    "best_to_others": st.dictionaries(names, ratios, max_size=2),
                    "others_to_worst": st.dictionaries(names, ratios, max_size=2),
                }
            ),
            max_size=2,
        ),
    }
    way = draw(st.sampled_from(sorted(ways)))
    expected = st.fixed_dictionaries(
        {},
        optional={
            "recommended": st.none() | names,
            "excluded": st.lists(names, max_size=2) | st.dictionaries(names, names, max_size=2),
            "verdict": st.just("tie") | st.just(["tie", "clear"]),
        },
    )
    return Scenario(
        id=draw(names),
        title=draw(said),
        decision_date=draw(st.dates()),
        source=draw(
            st.none()
            | prose
            | st.builds(
                lambda a, b: {"document": a, "phrases": b}, prose, st.lists(prose, max_size=3)
            )
        ),
        criteria=draw(names),
        profile=draw(st.dictionaries(names, facts, max_size=3)),
        options=draw(st.dictionaries(names, options, min_size=1, max_size=3)),
        weights={way: draw(ways[way])},
        method=draw(
            st.sampled_from([{}, {"weighting": "classic"}, {"priorities": "geometric_mean"}])
        ),
        constraints=draw(
            st.dictionaries(
                names, st.fixed_dictionaries({"rule": texts, "because": said}), max_size=2
            )
        ),
        expected=draw(st.none() | expected),
    )


def round_trips(document: Any, suffix: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{suffix}"
        save(document, path)
        again = read_document(path)
        assert again == document
        assert list(again.__dict__) == list(document.__dict__)
        if isinstance(again, (Scenario, FactsPack)):
            assert list(again.options) == list(document.options)  # ties are told in this order
        return path.read_text(encoding="utf-8")


def has_null(data: Any) -> bool:
    if isinstance(data, dict):
        return any(map(has_null, data.values()))
    return data is None or (isinstance(data, list) and any(map(has_null, data)))


@given(scenario=scenarios(), suffix=st.sampled_from(["yaml", "json", "toml"]))
def test_scenarios_read_back(scenario: dict[str, Any], suffix: str) -> None:
    round_trips(Scenario(**scenario), suffix)


@given(document=packs() | modelled())
def test_nasty_documents_read_back_in_every_format(document: Any) -> None:
    as_json = json.loads(round_trips(document, "json"))

    def plain(value: Any) -> Any:
        """Others' plain data as JSON has them: dates as text, whole numbers like floats."""
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return value.isoformat() if isinstance(value, date) else value

    text = round_trips(document, "yaml")
    assert plain(yaml.safe_load(text)) == as_json  # YAML 1.1
    assert plain(YAML(typ="safe", pure=True).load(text)) == as_json  # YAML 1.2
    if not has_null(as_json):
        text = round_trips(document, "toml")
        assert plain(tomllib.loads(text)) == as_json
        # the scanner finds a place for every key that the parser finds
        found, _ = locate_all(text, "x")
        assert set(found) == {(), *ways_through(as_json)}


def ways_through(data: Any, keys: tuple[Any, ...] = ()) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*keys, key)
        if isinstance(value, (dict, list)):
            yield from ways_through(value, (*keys, key))


@pytest.mark.parametrize("suffix", ["yaml", "json", "toml"])
@pytest.mark.parametrize("text", [each for each in NASTY if each])
def test_nasty_text_is_the_same_to_others(text: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{suffix}"
    save(FactsPack(id="x", criteria="x", title={"en": text}, options={"x": {}}), path)
    written = path.read_text(encoding="utf-8")
    readers = {
        "yaml": (yaml.safe_load, YAML(typ="safe", pure=True).load, YAML().load),
        "json": (json.loads, yaml.safe_load),
        "toml": (tomllib.loads,),
    }
    for reader in readers[suffix]:
        assert reader(written)["title"] == {"en": text}


@pytest.mark.parametrize("suffix", ["yaml", "json", "toml"])
def test_criteria_models_read_back(suffix: str) -> None:
    model = Criteria(
        id="m",
        profile={"team": {"levels": ["none", {"en": "some", "zh": "一些"}], "default": 1}},
        facts={
            "fast": {"type": "boolean", "combine": "all"},
            "word": {"type": "choice", "values": ["no", "1:30"]},
            "speed": {"levels": {"no": 0, "yes": 1.5}},
        },
        parts={"own": {}, "bought": {"title": "Bought"}},
        measures={"m1": "team + 1", "m2": {"formula": "a if b\n  else c", "because": "# why"}},
        criteria={
            "x": {"children": {"no": {"direction": 1, "measure": "m1", "domain": (0, 1)}}},
            "y": {"direction": "max", "fact": "speed"},
        },
        judgements={"goal": {"x vs y": 1 / 3}},
        influences=[{"from": "y", "to": "x", "share": 0.1, "because": "long " * 30 + "enough"}],
        gates={"g": {"rule": "speed > 1", "because": {"zh": "太慢"}}},
    )
    round_trips(model, suffix)


stripped = names.filter(lambda name: name == name.strip() and name[:4] != "sep=")


@st.composite
def matrices(draw: Any) -> Any:
    criteria = draw(st.lists(stripped, min_size=1, max_size=4, unique=True))
    options = draw(st.lists(stripped, min_size=1, max_size=4, unique=True))
    floats = st.floats(-1e300, 1e300).map(lambda x: float(f"{x:.15g}"))  # openpyxl writes 16 digits
    row = st.lists(floats, min_size=len(criteria), max_size=len(criteria))
    values = draw(st.lists(row, min_size=len(options), max_size=len(options)))
    return criteria, options, values


@given(matrix=matrices(), delimiter=st.sampled_from(",;\t"))
@settings(deadline=None, max_examples=20)
def test_tables_read_back(matrix: Any, delimiter: str) -> None:
    criteria, options, values = matrix
    assume(not all(re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", name, re.I) for name in criteria))
    assume(not any(re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{3}", repr(x)) for row in values for x in row))
    rows = [["", *criteria], *([name, *row] for name, row in zip(options, values, strict=True))]
    workbook = openpyxl.Workbook()
    for down, row in enumerate(rows, 1):
        for across, value in enumerate(row, 1):
            cell = workbook.active.cell(down, across)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # not a formula or an error, whatever it looks like
    with tempfile.TemporaryDirectory() as folder:
        workbook.save(f"{folder}/x.xlsx")
        for name in ("x.csv", "x.tsv"):
            with Path(folder, name).open("w", newline="", encoding="utf-8") as stream:
                mark = "\t" if name == "x.tsv" else delimiter
                csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(rows)
        for name in ("x.csv", "x.tsv", "x.xlsx"):
            # names are drawn, and may be those of totals or of numbers of rows
            told = Said(frozenset(criteria))
            found = read_matrix(Path(folder) / name, said=told, rows="options")
            assert found.criteria == tuple(criteria)
            assert found.options == tuple(options)
            assert found.values == tuple(map(tuple, values))


TOML = '''\
a.b = 1 # c
"c d" = """
[x]
"""
[e]
f = [
  1, # ]
  {g = "}", 'id' = \'\'\'y\'\'\', "\\u00e9" = true},
]
[[h]]
id = "k"
[h.l]
m = 2026-01-31
[[h]]
a.b.c = {}
a.b.d = [[], [{}]]
[h.a.n.'o']
'''


@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, len(TOML)),
            st.integers(0, 3),
            st.sampled_from(
                [*"[]{}=\"'\n,.# aeh1\\", "", "[[h]]\n", "\n[h]\n", "\n[e.f]\n", "a.b=2\n"]
            ),
        ),
        max_size=3,
    )
)
@settings(max_examples=120)
def test_scanner_and_parser_agree_on_toml(edits: list[tuple[int, int, str]]) -> None:
    text = TOML
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        expected = None
    if not expected:
        with pytest.raises(DocumentError):
            parse(text, "x")
        return
    assert parse(text, "x") == expected
    found, _ = locate_all(text, "x")
    assert set(found) == {(), *ways_through(expected)}
    lines = text.split("\n")
    for keys, (line, column) in found.items():
        value: Any = expected
        for key in keys:
            value = value[key]
        there = lines[line - 1][column - 1 :]
        if isinstance(value, (bool, int, date)):
            assert there.startswith(str(value).lower())
        elif isinstance(value, str):
            assert there[0] in "\"'"
        elif isinstance(value, (dict, list)) and keys and isinstance(keys[-1], str):
            assert there.startswith((keys[-1], '"', "'"))

"""Reading documents: what is accepted, what is refused, and the place each error names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.errors import DocumentError
from mcda.files.reading import LARGEST_FILE
from mcda.files.yaml import locate_all, parse

LAPTOP = """\
format: mcda/scenario/1
id: laptop
criteria:
  price:   {direction: cost, unit: EUR, domain: [500, 2500]}
  comfort:
    children:
      screen:  {direction: benefit, levels: {poor: 0, good: 0.5, superb: 1}}
      battery: {direction: benefit, unit: h, domain: [4, 20]}
options:
  a: {price: 900, screen: good, battery: 9}
  b: {price: 1500, screen: superb, battery: 16}
weights:
  judgements:
    goal:    {comfort vs price: 2}
    comfort: {battery vs screen: 1/3}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str | bytes, name: str = "laptop.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_the_example_of_the_documentation(write: Any) -> None:
    decision = mcda.evaluate(write(LAPTOP))
    # price 1/3, comfort 2/3 with screen 3/4 of it; gaps to the ideal worked out by hand
    a = {"price": 0.8, "screen": 0.5, "battery": 5 / 16}
    b = {"price": 0.5, "screen": 1.0, "battery": 12 / 16}
    weights = {"price": 1 / 9, "screen": 2 / 3 * 1 / 2, "battery": 2 / 3 * 1 / 6}
    for name, scores in (("a", a), ("b", b)):
        far = sum(weights[leaf] * (1 - r) ** 2 for leaf, r in scores.items()) ** 0.5
        near = sum(weights[leaf] * r**2 for leaf, r in scores.items()) ** 0.5
        found = next(each for each in decision.ranking if each.option == name)
        assert found.closeness == pytest.approx(near / (near + far), abs=1e-12)
    assert decision.recommended == "b"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "# a comment\n---\n" + text,
    ],
    ids=["byte-order mark", "CRLF", "comment"],
)
def test_accepted(write: Any, change: Any) -> None:
    assert mcda.load_scenario(write(change(LAPTOP))).id == "laptop"


def test_json_has_the_same_schema(write: Any) -> None:
    data = parse(LAPTOP, "x")
    path = write(json.dumps(data), "laptop.json")
    assert mcda.load_scenario(path) == mcda.load_scenario(write(LAPTOP))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("1:30", "1:30"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-3", -3),
        ("1_000", "1_000"),
        ("true", True),
        ("True", True),
        ("null", None),
        ("~", None),
        ("2026-11-21", "2026-11-21"),
        ("'12'", "12"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_scalars_are_yaml_1_2(text: str, expected: Any) -> None:
    found = parse(f"a: {text}", "x")["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_keys_stay_as_written() -> None:
    assert list(parse("{no: 1, 1:30: 2, 2024: 3, true: 4}", "x")) == ["no", "1:30", "2024", "true"]


def test_positions() -> None:
    found, numbers = locate_all("a:\n  - {id: x, b: 1}\n  - id: y\nc: [1, 2]\n", "x")
    assert found["a",] == (1, 1)
    assert found["a", 0, "b"] == (2, 16)
    assert found["a", 1, "id"] == (3, 9)
    assert numbers == {("a", "x"): 0, ("a", "y"): 1}
    assert found["c", 1] == (4, 8)


CASES: dict[str, tuple[Any, Any, str]] = {
    # name: (old, new, message); old None replaces the whole text
    "empty": (None, "", r"laptop.yaml: the file is empty"),
    "only a comment": (None, "# nothing\n", "the file is empty"),
    "a list": (None, "[1, 2]", "expected a mapping"),
    "no format": ("format: mcda/scenario/1\n", "", "the key 'format' is missing. Begin the file"),
    "mistyped format": ("format:", "fromat:", "'format' is missing. Rename 'fromat'"),
    "unknown version": (
        "scenario/1",
        "scenario/99",
        r"yaml:1:9: format: the format 'mcda/scenario/99' is not known. This version",
    ),
    "missing key": (
        "options:\n  a: {price: 900, screen: good, battery: 9}\n"
        "  b: {price: 1500, screen: superb, battery: 16}\n",
        "",
        "options: the key 'options' is missing. Add it",
    ),
    "unknown key": (
        "weights:",
        "wieghts:",
        r"yaml:12:1: wieghts: unknown key .* Did you mean 'weights'",
    ),
    "unknown inner key": (
        "unit: EUR",
        "unti: EUR",
        r"price.unti: unknown key .* Did you mean 'unit'",
    ),
    "duplicate key": (
        "id: laptop",
        "id: laptop\nid: x",
        r"yaml:3:1: the key 'id' is there already, in line 2",
    ),
    "duplicate option": (
        "  b: {price",
        "  a: {price",
        r"yaml:11:3: the key 'a' is there already, in line 10",
    ),
    "duplicate criterion": (
        "battery: {direction",
        "price: {direction",
        r"yaml:8:7: .*there is a criterion 'price' already, at .*yaml:4:3",
    ),
    "reserved criterion": ("  price:   {d", "  goal:   {d", "the name 'goal' is kept"),
    "no space after the colon": (
        "comfort vs price: 2",
        "comfort vs price:2",
        r"^[^\n]*yaml:14:15: .*unknown name 'price:2' in .*\. Put a space after the colon\.$",
    ),
    "no space in an option": ("screen: good", "screen:good", "Put a space after the colon"),
    "unclosed bracket": (
        "[500, 2500]",
        "[500, 2500",
        r"yaml:4:49: this \[ is never closed .* Close it with \]",
    ),
    "unclosed brace": ("battery: 9}", "battery: 9", r"yaml:10:6: this \{ is never closed"),
    "unclosed quote": (
        "id: laptop",
        'id: "laptop',
        r"yaml:2:5: this quotation mark is never closed",
    ),
    "truncated": (LAPTOP[200:], "", r"laptop.yaml:\d+:\d+: "),
    "tab": ("  price:", "\tprice:", "yaml:4:1: a tab indents this line. Indent with spaces"),
    "two colons": ("id: laptop", "id: lap: top", "a second colon in one line"),
    "key without value": ("id: laptop", "id laptop", "a key without a value"),
    "two documents": (None, LAPTOP + "---\nid: x\n", "a second document begins here"),
    "anchor": ("id: laptop", "id: &x laptop", r"anchors \(&x\) are not read"),
    "alias": ("id: laptop", "id: *x", r"alias"),
    "alias bomb": (None, "a: &a [x]\nb: &b [*a, *a]\n", r"yaml:1:4: anchors \(&a\) are not read"),
    "tag": (
        "id: laptop",
        "id: !!python/object/apply:os.system [ls]",
        "yaml:2:5: tags .* are not read",
    ),
    "deep nesting": (None, "[" * 100_000, "yaml:1:65: nested more than 64 deep"),
    "complex key": ("id: laptop", "? [a]\n: b", "a key must be a word"),
    "control character": (
        "id: laptop",
        "id: lap\x07top",
        r"yaml:2:8: the character U\+0007 is not allowed",
    ),
    "zero width": (
        "id: laptop",
        "id: lap\u200btop",
        r"yaml:2:5: id: .*invisible character U\+200B",
    ),
    "bidi": (
        "  b: {price",
        "  b\u202e: {price",
        r"invisible character U\+202E \(RIGHT-TO-LEFT OVERRIDE\)",
    ),
    "escaped control": ("id: laptop", 'id: "lap\\x01top"', r"U\+0001"),
    "not a number": (
        "battery: 9}",
        "battery: .nan}",
        r"yaml:10:42: options.a.battery: a number must be finite, not nan",
    ),
    "infinite": ("battery: 9}", "battery: .inf}", "must be finite, not inf"),
    "too large a number": ("battery: 9}", "battery: 1" + "0" * 400 + "}", "finite"),
    "decimal comma": (
        "price: 900",
        'price: "3,5"',
        "expected a number, got '3,5'. Write decimals with a point",
    ),
    "text for a number": (
        "price: 900",
        "price: n/a",
        r"options.a.price: expected a number, got 'n/a'. Give a number",
    ),
    "nothing for a number": ("price: 900", "price: null", "expected a number, got nothing"),
    "bool for a number": ("price: 900", "price: true", "expected a number, got true"),
    "list for a number": (
        "price: 900",
        "price: [900]",
        "a value is a number, true or false, or a word, not list",
    ),
    "number for a name": (
        "id: laptop",
        "id: 2024",
        "expected text, got 2024. Put it in quotes: '2024'",
    ),
    "bool for a name": (
        "id: laptop",
        "id: true",
        "expected text, got True. Put it in quotes: 'true'",
    ),
    "unknown level": (
        "screen: good",
        "screen: goood",
        "one of the levels, got 'goood'. Did you mean 'good'",
    ),
    "outside the domain": (
        "price: 900",
        "price: 9000",
        r"yaml:10:14: options.a.price: 9000 is outside the domain \[500, 2500\]",
    ),
    "missing value": (
        "price: 900, ",
        "",
        r"yaml:10:3: options.a: the option has no value for 'price'",
    ),
    "unknown leaf": (
        "price: 900",
        "prise: 900",
        "options.a.prise: unknown fact 'prise'. Did you mean 'price'",
    ),
    "domain reversed": ("[500, 2500]", "[2500, 500]", "the lower end comes first"),
    "domain of one": ("[500, 2500]", "[500]", "price.domain"),
    "domain of three": ("[500, 2500]", "[1, 2, 3]", "price.domain"),
    "unknown direction": (
        "direction: cost",
        "direction: kost",
        "a direction is benefit or cost .* not 'kost'",
    ),
    "no direction": (
        "{direction: cost, unit: EUR",
        "{unit: EUR",
        "'direction' is missing; add direction",
    ),
    "parent with a direction": (
        "    children:",
        "    direction: cost\n    children:",
        "not scored itself; move direction",
    ),
    "some domains": (", domain: [4, 20]", "", "some criteria declare a domain, battery do not"),
    "no weights": (
        "    goal:    {comfort vs price: 2}\n",
        "",
        "nothing says how to weight the criteria under 'goal'",
    ),
    "unknown comparison": (
        "comfort vs price",
        "comfort vs prise",
        "unknown name 'prise' in .* Did you mean 'price'",
    ),
    "no comparison": (
        "comfort vs price",
        "comfort versus price",
        "is not a comparison. Write it as: a vs b",
    ),
    "self comparison": ("comfort vs price", "price vs price", "'price' is compared with itself"),
    "compared twice": (
        "{comfort vs price: 2}",
        "{comfort vs price: 2, price vs comfort: 3}",
        "are compared twice",
    ),
    "judgement of nothing": (
        "    comfort: {",
        "    confort: {",
        "unknown criterion 'confort'. Did you mean 'comfort'",
    ),
    "zero judgement": ("1/3", "0", "positive"),
    "negative judgement": ("1/3", "-3", "positive"),
    "word judgement": ("1/3", "three", "a number such as 3 or a fraction such as 1/3, not 'three'"),
    "division by zero": ("1/3", "1/0", "not '1/0'"),
    "bad date": (
        "id: laptop",
        "id: laptop\ndecision_date: 21.11.2026",
        "a date is written YYYY-MM-DD",
    ),
    "facts without a model": (
        "id: laptop",
        "id: laptop\nfacts: article-world",
        "facts belong to a criteria model",
    ),
    "unknown expected option": (
        None,
        LAPTOP + "expected: {recommended: c}\n",
        "expected.recommended: there is no option 'c'",
    ),
    "unknown verdict": (None, LAPTOP + "expected: {verdict: cler}\n", "Did you mean 'clear'"),
}


@pytest.mark.parametrize(("old", "new", "message"), CASES.values(), ids=CASES.keys())
def test_refused(write: Any, old: str | None, new: str, message: str) -> None:
    text = new if old is None else LAPTOP.replace(old, new, 1)
    assert text != LAPTOP
    with pytest.raises(DocumentError, match=message):
        mcda.evaluate(write(text))


def test_every_finding_is_reported_in_order(write: Any) -> None:
    text = LAPTOP.replace("unit: EUR", "unti: EUR").replace("screen: good", "screen: [1]")
    with pytest.raises(DocumentError) as caught:
        mcda.load_scenario(write(text))
    lines = [finding.place.line for finding in caught.value.findings]
    assert lines == sorted(lines)
    assert len(lines) == 2


def test_other_encodings_are_named_with_their_place(write: Any) -> None:
    with pytest.raises(DocumentError, match=r"laptop.yaml:2:9: byte 0xe9 is not UTF-8. Save"):
        mcda.load_scenario(write(LAPTOP.replace("laptop", "lapt\xe9p").encode("latin-1")))


def test_missing_file(tmp_path: Path, write: Any) -> None:
    write(LAPTOP)
    with pytest.raises(DocumentError, match=r"there is no such file. Did you mean 'laptop.yaml'"):
        mcda.load_scenario(tmp_path / "lptop.yaml")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="this is a folder"):
        mcda.load_scenario(tmp_path)


def test_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(DocumentError, match="this is not a regular file"):
        mcda.load_scenario(tmp_path / "pipe.yaml")


def test_large_file(write: Any) -> None:
    path = write(b"a" * (LARGEST_FILE + 1))
    with pytest.raises(DocumentError, match="the file has 4.0 MiB, the limit is 4 MiB"):
        mcda.load_scenario(path)


def test_unknown_ending(write: Any) -> None:
    with pytest.raises(
        DocumentError, match="the ending '.txt' is not known. Use .yaml, .yml, .json"
    ):
        mcda.load_scenario(write(LAPTOP, "laptop.txt"))


def test_another_kind_of_document(write: Any) -> None:
    path = write("format: mcda/criteria/1\nid: x\ncriteria: {a: {direction: cost}}\n")
    with pytest.raises(DocumentError, match="this is a criteria document, not a scenario"):
        mcda.load_scenario(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("{", "1:2: this is not JSON"),
        ('{"a": 1, "a": 2}', "x.json:1:10: the key 'a' is there already, in line 1"),
        ('{"format": "mcda/scenario/1", "id": NaN}', "expected text, got nan"),
        ("[" * 100_000, "nested more than 64 deep"),
        ("[" * 70 + "]" * 70, "nested more than 64 deep"),
        (
            '{"format": "mcda/scenario/1", "idd": "x"}',
            r":1:38: idd: unknown key 'idd'. Did you mean 'id'",
        ),
        ("9" * 5000, "expected a mapping"),
    ],
    ids=["empty", "cut", "duplicate", "nan", "deep", "70 deep", "unknown key", "long number"],
)
def test_json_refused(write: Any, text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        mcda.load_scenario(write(text, "x.json"))


def test_errors_survive_being_sent_to_another_process(write: Any) -> None:
    import pickle

    with pytest.raises(DocumentError) as caught:
        mcda.evaluate(write(LAPTOP.replace("900", "9000")))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert copy.findings == caught.value.findings


class TestEqualNames:
    """Names that look the same are the same: compared in Unicode's NFC form."""

    def test_in_json(self, write: Any) -> None:
        text = (
            json.dumps(parse(LAPTOP, "x"))
            .replace('"a"', '"caf\\u00e9"')
            .replace('"b"', '"cafe\\u0301"')
        )
        with pytest.raises(DocumentError, match="'café' is (given twice|there already)"):
            mcda.load_scenario(write(text, "x.json"))

    def test_in_python(self) -> None:
        with pytest.raises(DocumentError, match="options: the key .* is given twice"):
            mcda.Scenario(
                id="s",
                criteria={"p": {"direction": "cost"}},
                options={"caf\u00e9": {"p": 1}, "cafe\u0301": {"p": 2}},
                weights={"direct": {"p": 1}},
            )

    def test_in_lists_of_gates(self, write: Any) -> None:
        gates = "constraints:\n  - {id: \u00e9, rule: price > 0, because: x}\n  - {id: e\u0301, rule: price > 1, because: x}\n"
        with pytest.raises(DocumentError, match="constraints: the id 'é' is given twice"):
            mcda.load_scenario(write(LAPTOP + gates))

    def test_decomposed_text_reads_as_composed(self, write: Any) -> None:
        text = LAPTOP.replace("screen", "e\u0301cran", 3).replace("screen", "\u00e9cran")
        assert mcda.evaluate(write(text)).recommended == "b"


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        ("0x" + "f" * 290, "yaml"),
        ("9" * 400, "yaml"),
        ("9" * 5000, "yaml"),
        ("9" * 400, "json"),
        ("9" * 5000, "json"),
    ],
    ids=["hexadecimal", "long", "longer", "long in JSON", "longer in JSON"],
)
def test_numbers_too_large_for_a_float(write: Any, number: str, ending: str) -> None:
    text = LAPTOP.replace("price: 900", f"price: {number}")
    if ending == "json":
        text = json.dumps(parse(LAPTOP, "x")).replace(": 900", f": {number}")
    with pytest.raises(DocumentError, match="price: a number must be finite"):
        mcda.load_scenario(write(text, f"x.{ending}"))


def test_large_lists_and_objects_are_read_in_linear_time(write: Any) -> None:
    """Each would take minutes if every entry were compared with every other."""
    gates = "".join(f"  - {{id: g{k}, rule: price > 0, because: x}}\n" for k in range(6000))
    with pytest.raises(DocumentError, match="unknown key 'nope'"):
        mcda.load_scenario(write(LAPTOP + "constraints:\n" + gates + "nope: 1\n"))
    keys = ", ".join(f'"k{k}": 1' for k in range(100_000))
    with pytest.raises(DocumentError, match="k5"):
        mcda.load_scenario(write("{" + keys + ', "k5": 2}', "x.json"))


def test_messages_cannot_act_on_a_terminal(write: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        mcda.load_scenario(write(LAPTOP + '"\\e[31mred\\nerror: forged\\u202e": 1\n'))
    message = str(caught.value)
    assert message.isprintable()
    assert r"\x1b[31mred\nerror: forged\u202e" in message


def test_positions_in_json_with_escaped_pairs(write: Any) -> None:
    text = '{"format": "mcda/scenario/1", "title": "\\ud83d\\ude00", "idd": 1}'
    with pytest.raises(DocumentError, match=r"x.json:1:63: idd: unknown key"):
        mcda.load_scenario(write(text, "x.json"))


@pytest.mark.parametrize("name", ["title", "from", "facts", "parts"])
def test_reserved_names_of_leaves(write: Any, name: str) -> None:
    with pytest.raises(DocumentError, match=f"in an option '{name}' means something else"):
        mcda.evaluate(write(LAPTOP.replace("battery", name).replace("20]}", "20]}", 1)))


def test_aliases_are_no_keys(write: Any) -> None:
    model = "format: mcda/criteria/1\nid: m\ncriteria: {a: {direction: cost, fact: f}}\nfacts: {f: {}}\n"
    text = model + "influences: [{from_: a, to: a, share: 0.1}]\n"
    with pytest.raises(
        DocumentError, match=r"influences\[0\].from_: unknown key 'from_'. Did you mean 'from'"
    ):
        mcda.load_criteria(write(text))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mcda.load_scenario(None), "not NoneType"),
        (lambda: mcda.load_criteria(5), "not int"),
        (lambda: mcda.load_criteria("a\0b.yaml"), "cannot be followed|no such file"),
        (lambda: mcda.load_scenario("x" * 5000 + ".yaml"), "cannot be read"),
        (lambda: mcda.evaluate("x.yaml", root=5), "not int|no such file"),
        (lambda: mcda.Scenario.model_validate({"id": 5}), "scenario 5: id: expected text"),
        (lambda: mcda.Scenario(id="x", options={}), "criteria: the key 'criteria' is missing"),
    ],
)
def test_wrong_arguments(call: Any, message: str) -> None:
    with pytest.raises(mcda.McdaError, match=message):
        call()


class TestReferences:
    MODEL = (
        "format: mcda/criteria/1\nid: m\nfacts: {f: {}}\n"
        "criteria: {a: {direction: benefit, fact: f, domain: [0, 1]}}\n"
    )
    SCENARIO = "format: mcda/scenario/1\nid: s\ncriteria: {reference}\noptions: {{x: {{facts: {{f: 1}}}}}}\n"

    def scenario(self, folder: Path, reference: str) -> Path:
        path = folder / "s.yaml"
        path.write_text(self.SCENARIO.format(reference=reference))
        return path

    def test_beside(self, tmp_path: Path) -> None:
        (tmp_path / "m.yaml").write_text(self.MODEL)
        assert mcda.evaluate(self.scenario(tmp_path, "./m.yaml")).verdict == "no_contest"

    def test_above_is_outside_unless_a_checkout_or_root_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "m.yaml").write_text(self.MODEL)
        inner = tmp_path / "inner"
        inner.mkdir()
        path = self.scenario(inner, "../m.yaml")
        with pytest.raises(
            DocumentError, match=r"s.yaml:3:11: criteria: '../m.yaml' leads outside"
        ):
            mcda.evaluate(path)
        assert mcda.evaluate(path, root=tmp_path).recommended == "x"
        (tmp_path / ".git").mkdir()
        assert mcda.evaluate(path).recommended == "x"

    def test_a_link_does_not_lead_out(self, tmp_path: Path) -> None:
        (tmp_path / "m.yaml").write_text(self.MODEL)
        inner = tmp_path / "inner"
        inner.mkdir()
        (inner / "m.yaml").symlink_to(tmp_path / "m.yaml")
        with pytest.raises(DocumentError, match="leads outside"):
            mcda.evaluate(self.scenario(inner, "./m.yaml"))

    def test_what_lies_in_a_linked_folder_is_outside_too(self, tmp_path: Path) -> None:
        root, outside = tmp_path / "root", tmp_path / "outside"
        (root / "mod").mkdir(parents=True)
        outside.mkdir()
        (outside / "m.yaml").write_text(self.MODEL)
        (root / "mod" / "criteria.yaml").symlink_to(outside / "m.yaml")
        with pytest.raises(DocumentError, match="leads outside"):
            mcda.evaluate(self.scenario(root, "./mod"))
        (root / "mod" / "criteria.yaml").unlink()
        (root / "mod" / "criteria.yaml").write_text(self.MODEL)
        (root / "mod" / "facts").mkdir()
        (outside / "p.yaml").write_text(
            "format: mcda/facts/1\nid: p\ncriteria: m\noptions: {x: {}}\n"
        )
        (root / "mod" / "facts" / "p.yaml").symlink_to(outside / "p.yaml")
        path = self.scenario(root, "./mod")
        path.write_text(path.read_text() + "facts: p\n")
        with pytest.raises(DocumentError, match="leads outside"):
            mcda.evaluate(path)

    def test_two_files_for_one_pack(self, tmp_path: Path) -> None:
        (tmp_path / "m.yaml").write_text(self.MODEL)
        (tmp_path / "facts").mkdir()
        for ending in ("yaml", "json"):
            (tmp_path / "facts" / f"p.{ending}").write_text("")
        path = self.scenario(tmp_path, "./m.yaml")
        path.write_text(path.read_text() + "facts: p\n")
        with pytest.raises(DocumentError, match="several files are the pack 'p': p.json, p.yaml"):
            mcda.evaluate(path)

    @pytest.mark.parametrize("what", [{"criteria": "ai-sourcing"}, {"facts": "article-world"}])
    def test_a_stand_alone_scenario_takes_no_other_model(self, write: Any, what: Any) -> None:
        with pytest.raises(DocumentError, match="brings its own criteria, so"):
            mcda.evaluate(write(LAPTOP), **what)

    def test_a_root_that_does_not_exist(self, write: Any, tmp_path: Path) -> None:
        with pytest.raises(mcda.McdaError, match="the root .* does not exist"):
            mcda.evaluate(write(LAPTOP), root=tmp_path / "nope")

    def test_a_decomposed_file_name(self, tmp_path: Path) -> None:
        (tmp_path / "mode\u0300le.yaml").write_text(self.MODEL)
        assert mcda.evaluate(self.scenario(tmp_path, "./mod\u00e8le.yaml")).recommended == "x"

    def test_a_circle_of_links(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
        (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
        with pytest.raises(DocumentError, match=r"cannot be followed|cannot be read|no such file"):
            mcda.evaluate(self.scenario(tmp_path, "./a.yaml"))

    def test_unknown_model(self, tmp_path: Path) -> None:
        with pytest.raises(
            DocumentError, match="'ai-sorcing' is shipped. Did you mean 'ai-sourcing'"
        ):
            mcda.evaluate(self.scenario(tmp_path, "ai-sorcing"))

    def test_wrong_kind(self, tmp_path: Path) -> None:
        path = self.scenario(tmp_path, "./s.yaml")
        with pytest.raises(DocumentError, match="this is a scenario document, not a criteria one"):
            mcda.evaluate(path)

    def test_missing_model(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match="there is no such file"):
            mcda.evaluate(self.scenario(tmp_path, "./nope.yaml"))

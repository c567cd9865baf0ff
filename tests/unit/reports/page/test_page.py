"""The report page: complete, self-contained, escaped, and the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest

import mcda
from mcda.model.language import given_number
from mcda.model.scenario import Scenario
from mcda.reports.page.assembling import assemble
from mcda.reports.page.markup import Html, Section, tag
from mcda.reports.page.whatif import _WORDS as WHAT_IF
from mcda.reports.page.words import WORDS
from tests.reported import CASES, EMOJI, HOSTILE, LONG, scenario

ROOT = Path(__file__).resolve().parents[4]
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
#: Elements that have no end.
VOID = {"meta", "link", "br", "hr", "col", "wbr"}
PARTS = ("options", "why", "sure", "change", "weights", "facts", "method")


@cache
def decision(name: str) -> mcda.Decision:
    article = ROOT / "scenarios" / "articles" / f"{name}.yaml"
    return mcda.evaluate(article if article.exists() else scenario(name))


@cache
def page(name: str, lang: Language = "en", kind: str = "html") -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        mcda.report(decision(name), path, lang=lang)
        return path.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """What a page is made of; every element must be closed where it belongs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == name]


ORDINARY = ("000-clip", "contradicting", "hostile")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [*CASES, "000-clip"])
def test_every_page_is_whole(name: str, lang: Language) -> None:
    if name == "many" and lang == "zh":
        pytest.skip("takes long, and shows nothing of its own")
    text = page(name, lang)
    read = Reader(text)
    assert read.all("html") == [{"lang": "zh-Hans" if lang == "zh" else "en"}]
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {each["href"] for each in read.all("a")}
    assert all(str(each)[1:] in ids for each in targets if str(each).startswith("#"))
    assert [f"#{each}" for each in PARTS if each in ids] == [
        each["href"] for each in read.all("a") if each["href"] != "#main"
    ]
    assert len(read.all("h1")) == 1
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h[1-6]", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(read.all("caption")) == len(read.all("table"))
    assert all(each.get("scope") in ("col", "row") for each in read.all("th"))
    assert "nan" not in re.findall(r"(?<![\w-])(nan|inf|None)(?![\w-])", text)
    assert len(text.encode()) < 1_500_000


@pytest.mark.parametrize("name", ORDINARY)
def test_nothing_is_loaded(name: str) -> None:
    text = page(name)
    read = Reader(text)
    for _, attributes in read.elements:
        assert "style" not in attributes
        assert not [each for each in attributes if each.startswith("on")]
        for key in ("src", "href", "srcset", "data", "action", "poster"):
            if key in attributes:
                assert str(attributes[key]).startswith(("#", "data:"))
    style = "".join(data for parent, data in read.texts if parent == "style")
    assert "url(" not in style
    assert "@import" not in style
    assert not re.findall(r"https?://", text.replace("http://www.w3.org/2000/svg", ""))


def test_the_policy_names_the_styles_and_scripts_there_are() -> None:
    sections = [
        Section("a", "A", tag("p", "one"), script="document.title += '!';", style="p{color:red}"),
        Section("b", "B", tag("p", "two"), data=json.dumps({"x": "</script><b>&"})),
    ]
    text = assemble("t", "en", tag("header", tag("h1", "t")), sections)
    [content] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in content.replace("&#x27;", "'").split("; "))

    def hashes(pattern: str) -> list[str]:
        return [
            "'sha256-" + base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() + "'"
            for each in re.findall(pattern, text, re.DOTALL)
        ]

    assert rules["default-src"] == "'none'"
    assert rules["style-src"].split() == hashes(r"<style>(.*?)</style>")
    assert rules["script-src"].split() == hashes(r"<script>(.*?)</script>")
    assert len(hashes(r"<style>(.*?)</style>")) == 2
    [data] = re.findall(r'<script type="application/json" id="b-data">(.*?)</script>', text)
    assert json.loads(data) == {"x": "</script><b>&"}
    assert "<b>" not in data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_texts(lang: Language) -> None:
    text = page("hostile", lang)
    read = Reader(text)
    # the page's own, whose hash its policy names
    assert read.all("script") == [{}]
    assert read.all("img") == []
    shown = "".join(data for parent, data in read.texts if parent not in ("style", "script"))
    for name in (HOSTILE, LONG, EMOJI):
        assert name in shown


def test_the_same_decision_gives_the_same_bytes(tmp_path: Path) -> None:
    for number in range(2):
        again = mcda.evaluate(scenario("contradicting"))
        mcda.report(again, tmp_path / f"{number}.html", lang="zh")
    assert (tmp_path / "0.html").read_bytes() == (tmp_path / "1.html").read_bytes()
    assert (tmp_path / "0.html").read_text(encoding="utf-8") == page("contradicting", "zh")


def test_the_first_screen_answers() -> None:
    text = page("000-clip")
    header = text[text.index("<header") : text.index("</header>")]
    found = decision("000-clip")
    assert 'class="winner">Hybrid of open model and API<' in header
    assert "Clear." in header
    for each in found.ranking:
        assert f">{each.closeness:.3f}<" in header
    nearest = mcda.sensitivity(found).nearest[0]
    assert f"from {nearest.value:.4g} to {nearest.changed:.4g}" in header


def test_what_excludes_is_said() -> None:
    text = page("contradicting")
    assert "Excluded: c – it would have won" in text
    assert "Too cheap." in text
    assert "yes, it would have won" in text
    assert "过于便宜。" in page("contradicting", "zh")


def test_the_worst_judgement_is_marked() -> None:
    # of 5, 5 and 3 either 5 falls furthest towards what the other two say before the scale ends;
    # both are written the way round in which they are at least 1
    marked = re.findall(
        r'<tr class="marked"><th scope="row">([^<]*)<span class="mark">fits', page("contradicting")
    )
    assert sorted(marked) == ["Price vs upkeep", "upkeep vs fuel"]
    assert "reconsider first: Price vs upkeep from 5 to 0.111 or upkeep vs fuel from 5 to" in page(
        "contradicting"
    )
    assert "请先复核：“价格 对 upkeep”由 5 改为 0.111或“" in page("contradicting", "zh")


def test_facts_have_unit_range_source_and_date() -> None:
    text = page("contradicting")
    row = text[text.index("Facts of The red one") :]
    row = row[row.index("Price") : row.index("</tr>", row.index("Price"))]
    for each in ("60", "EUR", "30–90", "an offer", "2024-01-31", "at most 365 days"):
        assert each in row


def test_waterfall_bars_are_as_long_as_the_contributions() -> None:
    found = mcda.explain(decision("000-clip"))
    amounts = {n: a for n, a in found.by_dimension.items() if abs(a) > 1e-6}
    text = page("000-clip")
    figure = text[text.index('<table class="waterfall"') :]
    figure = figure[: figure.index("</table>")]
    widths = [
        (kind, float(width))
        for kind, width in re.findall(r'<rect class="(for|against)"[^>]* width="([\d.]+)"', figure)
    ]
    total = sum(width for _, width in widths)
    expected = sorted(amounts.values(), key=lambda amount: -abs(amount))
    shares = [abs(amount) / sum(map(abs, expected)) for amount in expected]
    assert [kind for kind, _ in widths] == ["for" if a > 0 else "against" for a in expected]
    assert [width / total for _, width in widths] == pytest.approx(shares, abs=1e-3)


def test_the_heat_map_holds_the_shares() -> None:
    smaa = mcda.sensitivity(decision("contradicting")).acceptability
    assert smaa is not None
    text = page("contradicting")
    figure = text[text.index('<table class="heat"') :]
    cells = re.findall(r'<span class="shade(\d+)">([\d.]+) %<', figure[: figure.index("</table>")])
    ranked = sorted(smaa.ranks.values(), key=lambda shares: -shares[0])
    shares = [share for row in ranked for share in row]
    assert [float(text) for _, text in cells] == pytest.approx([100 * s for s in shares], abs=0.06)
    darker = sorted(zip(shares, (int(shade) for shade, _ in cells), strict=True))
    assert [shade for _, shade in darker] == sorted(shade for _, shade in darker)


def test_the_input_hash_follows_the_content() -> None:
    def hashed(found: mcda.Decision) -> str:
        from mcda.reports.page.material import Material
        from mcda.reports.page.method import fingerprint

        return fingerprint(Material(found, "en"))

    assert hashed(decision("tie")) == hashed(mcda.evaluate(scenario("tie")))
    data: dict[str, Any] = json.loads(json.dumps(CASES["tie"]))
    data["options"]["a"]["price"] = 21
    assert hashed(mcda.evaluate(mcda.Scenario(id="tie", **data))) != hashed(decision("tie"))


def test_json_holds_everything() -> None:
    data = json.loads(page("contradicting", kind="json"))
    assert data["format"] == "mcda/report/1"
    [report] = data["reports"]
    found = decision("contradicting")
    assert report["decision"] == json.loads(json.dumps(found.to_dict()))
    assert report["explanation"]["margin"] == found.margin
    assert report["sensitivity"]["nearest"]
    assert report["facts"]["a"]["price"]["source"] == "an offer"
    assert [each["worst"] for each in report["judgements"]["cost"]] == [True, True, False]
    [none] = json.loads(page("nobody", kind="json"))["reports"]
    assert none["explanation"] is none["sensitivity"] is None


def test_markdown_has_the_same_parts() -> None:
    text = page("contradicting", "zh", "md")
    for code in ("card_why", "card_change", "weights", "card_facts", "method"):
        assert f"## {WORDS[code][1]}\n" in text
    assert "an offer" in text
    assert "sha256:" in text


def test_no_html_is_escaped_twice() -> None:
    assert tag("p", Html("<b>x</b>"), "<") == "<p><b>x</b>&lt;</p>"
    assert tag("a", "x", href='"&') == '<a href="&quot;&amp;">x</a>'


def test_chinese_punctuation_is_wide() -> None:
    for code, (_, chinese) in (*WORDS.items(), *WHAT_IF.items()):
        for one, other in pairwise(chinese):
            for here, beside in ((one, other), (other, one)):
                wide = unicodedata.east_asian_width(beside) == "W"
                assert not (wide and here in ",;:()?!"), (code, chinese)


def test_both_languages_have_the_same_places() -> None:
    places = re.compile(r"\{(\w+)")
    for code, (english, chinese) in (*WORDS.items(), *WHAT_IF.items()):
        assert set(places.findall(english)) == set(places.findall(chinese)), code


def test_what_if_is_there_where_something_can_be_moved(tmp_path: Path) -> None:
    """A gate that a field of the situation decides can be passed; one of facts alone cannot."""
    path = tmp_path / "none.html"
    mcda.report(mcda.evaluate(ROOT / "scenarios" / "knock-outs" / "ko-none.yaml"), path)
    assert 'id="what-if"' in path.read_text(encoding="utf-8")
    criteria = {"quality": {"direction": "benefit", "domain": [0, 10]}}
    options = {"a": {"quality": 1}, "b": {"quality": 2}}
    fixed = {"criteria": criteria, "options": options}
    none = {**fixed, "constraints": {"enough": {"rule": "quality >= 9", "because": "No."}}}
    assert 'id="what-if"' not in rendered_page(fixed, tmp_path)
    assert 'id="what-if"' not in rendered_page(none, tmp_path)


def rendered_page(document: dict[str, Any], folder: Path) -> str:
    path = folder / "page.html"
    mcda.report(mcda.evaluate(Scenario(id="one", **document)), path)
    return path.read_text(encoding="utf-8")


def test_cards_do_not_speak_of_facts_where_there_are_none(tmp_path: Path) -> None:
    """Options that are only compared rest on no fact: nothing of theirs has a source or an age."""
    document = {
        "criteria": {"preference": {"direction": "benefit"}},
        "options": {"a": {}, "b": {}},
        "weights": {"judgements": {"preference": {"a vs b": 3}}},
        "method": {"normalization": "vector"},
    }
    said = rendered_page(document, tmp_path)
    assert WORDS["facts_none"][0] in said
    assert WORDS["facts_sourced"][0] not in said


def test_a_reason_for_the_winner_comes_before_one_against_it(tmp_path: Path) -> None:
    domain = {"direction": "benefit", "domain": [0, 10]}
    document = {
        "criteria": {"loss": domain, "gain": domain, "other gain": domain},
        "options": {
            "a": {"loss": 0, "gain": 9, "other gain": 9},
            "b": {"loss": 8, "gain": 3, "other gain": 3},
        },
        "weights": {"direct": {"loss": 1.1, "gain": 1, "other gain": 1}},
    }
    card = rendered_page(document, tmp_path).split('class="shares"')[1].split("</ul>")[0]
    assert card.index(">gain<") < card.index(">loss<")
    assert "\N{MINUS SIGN}" in card


def test_large_numbers_have_no_exponent() -> None:
    given = [3e6, 20000.0, 0.25, 1 / 3, 0.0, -1500000.5]
    assert [given_number(each) for each in given] == [
        *("3000000", "20000", "0.25", "0.333333", "0", "-1500000.5")
    ]


def test_chinese_sentences_are_set_without_stray_signs() -> None:
    said = "\n".join(text for _, text in Reader(page("000-clip", "zh")).texts)
    assert "\u3015为 0.948" in said  # no space after a wide bracket
    assert re.findall("[a-z]:[\u4e00-\u9fff]", said.split("sha256")[0]) == []


def test_a_range_whose_value_makes_no_difference_has_no_share(tmp_path: Path) -> None:
    """Both have 5 of what is uncertain: it is no part of the lead, but could take it away."""
    domain = {"direction": "benefit", "domain": [0, 10]}
    unsure = {"value": 5, "low": 0, "high": 10}
    document = {
        "criteria": {"sure": domain, "unsure": domain},
        "options": {"a": {"sure": 6, "unsure": unsure}, "b": {"sure": 5, "unsure": 5}},
        "weights": {"direct": {"sure": 1, "unsure": 1}},
    }
    said = rendered_page(document, tmp_path)
    assert "though as they stand they make no difference" in said
    assert "(0 % of the difference)" not in said
    assert WORDS["facts_narrow"][0] not in said

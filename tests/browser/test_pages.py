"""Reports in a real browser: accessible, quiet, nothing loaded, nothing run, printable."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.engine.evaluate import evaluate
from mcda.model.language import LANGUAGES, Language
from mcda.model.resolve import resolve
from mcda.reports.page.assembling import assemble
from mcda.reports.page.markup import Section, tag
from tests.browser.test_what_if import ASSUMED
from tests.reported import HOSTILE, scenario

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or NODE is None or not (HERE / "node_modules" / "axe-core").is_dir(),
    reason="needs node, chromium and: npm install --no-package-lock --prefix tests/browser",
)
#: Language -> scenarios whose pages are checked against the rules of accessibility.
ACCESSIBLE: dict[Language, tuple[str, ...]] = {
    "en": ("000-clip", "contradicting", "tie", "alone", "nobody", "hostile"),
    "zh": ("000-clip", "contradicting", "nobody"),
}


class Browser:
    """Opens pages in one browser and tells what happened."""

    def __init__(self) -> None:
        assert CHROMIUM is not None
        assert NODE is not None
        self._process = subprocess.Popen(
            [NODE, str(HERE / "browse.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "CHROMIUM": CHROMIUM},
        )

    def look(self, page: Path, **job: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"page": page.as_uri(), **job}) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in found, found
        return found

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for lang, names in ACCESSIBLE.items():
        decisions = [
            mcda.evaluate(ROOT / "scenarios" / "articles" / f"{name}.yaml")
            if name == "000-clip"
            else mcda.evaluate(scenario(name))
            for name in names
        ]
        for decision in decisions:
            mcda.report(decision, folder / f"{decision.scenario}-{lang}.html", lang=lang)
        mcda.report(decisions, folder / f"several-{lang}.html", lang=lang)
    return folder


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_are_accessible_and_load_nothing(
    browser: Browser, pages: Path, lang: Language
) -> None:
    for name in (*ACCESSIBLE[lang], "several"):
        page = pages / f"{name}-{lang}.html"
        found = browser.look(page, axe=True)
        assert found["violations"] == [], name
        assert found["requests"] == [page.as_uri()]
        assert found["problems"] == []


@pytest.mark.parametrize("name", ["000-clip", "hostile", "several"])
def test_pages_are_accessible_in_the_dark_and_on_a_telephone(
    browser: Browser, pages: Path, name: str
) -> None:
    found = browser.look(
        pages / f"{name}-en.html",
        axe=True,
        dark=True,
        width=390,
        evaluate="document.documentElement.scrollWidth",
    )
    assert found["violations"] == []
    assert found["value"] == 390


def test_names_are_texts_in_the_page(browser: Browser, pages: Path) -> None:
    found = browser.look(
        pages / "hostile-en.html",
        evaluate="""[document.querySelectorAll("main script, img, iframe, object").length,
          document.querySelector("h1").textContent, document.title]""",
    )
    count, heading, title = found["value"]
    assert count == 0
    assert heading == HOSTILE
    assert title.startswith(HOSTILE)


def test_the_page_is_complete_without_javascript(browser: Browser, pages: Path) -> None:
    page = pages / "000-clip-en.html"
    look = """[document.body.innerText.length > 3000,
      getComputedStyle(document.getElementById("what-if")).display]"""
    assert browser.look(page, evaluate=look)["value"] == [True, "block"]
    assert browser.look(page, evaluate=look, javascript=False)["value"] == [True, "none"]


def test_the_first_screen_holds_the_answer(browser: Browser, pages: Path) -> None:
    found = browser.look(
        pages / "000-clip-en.html",
        width=1280,
        height=720,
        evaluate="document.querySelector('header').getBoundingClientRect().bottom",
    )
    assert found["value"] <= 720


def test_print_is_light_and_unfolded(browser: Browser, pages: Path, tmp_path: Path) -> None:
    page, target = pages / "000-clip-en.html", tmp_path / "page.pdf"
    found = browser.look(
        page,
        dark=True,
        print=True,
        pdf=str(target),
        evaluate="""[getComputedStyle(document.body).backgroundColor,
          getComputedStyle(document.querySelector("nav")).display,
          [...document.querySelectorAll("details")].filter((each) => !each.open).length,
          [...document.querySelectorAll("details .inside")].filter(
            (each) => each.checkVisibility({contentVisibilityAuto: true})
              && each.getBoundingClientRect().height > 0).length,
          document.querySelectorAll("details .inside").length]""",
    )
    background, navigation, folded, shown, inside = found["value"]
    assert (background, navigation) == ("rgb(255, 255, 255)", "none")
    assert folded > 0
    assert shown == inside
    # A4 in points
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", target.read_bytes())
    assert {(round(float(x)), round(float(y))) for x, y in sizes} == {(595, 842)}


def test_only_scripts_that_the_policy_names_run(browser: Browser, tmp_path: Path) -> None:
    script = """const data = JSON.parse(document.getElementById("one-data").textContent);
      document.getElementById("said").textContent = data.word;"""
    sections = [
        Section(
            "one", "One", tag("p", "", id="said"), script, "#said{color:red}", '{"word": "<hi>"}'
        ),
        Section("two", "Two", tag("p", "x"), "document.title = 'two';"),
    ]
    text = assemble("t", "en", tag("header", tag("h1", "t")), sections)
    page = tmp_path / "page.html"
    look = """[document.title, document.getElementById("said").textContent,
      getComputedStyle(document.getElementById("said")).color, window.bad ?? "blocked"]"""
    page.write_text(text, encoding="utf-8")
    found = browser.look(page, evaluate=look)
    assert found["value"] == ["two", "<hi>", "rgb(255, 0, 0)", "blocked"]
    assert found["problems"] == []
    page.write_text(text.replace("</main>", "<script>bad = 1</script></main>"), encoding="utf-8")
    found = browser.look(page, evaluate=look)
    assert found["value"][3] == "blocked"
    assert "Content Security Policy" in found["problems"][0]


#: The rows of the ranking that follows the sliders, its sentence, and the address.
MOVED = """(async () => { await new Promise((done) => setTimeout(done, 400));
  return [[...document.querySelectorAll(".what-if-ranking tr")].map((row) =>
    [row.cells[0].textContent, row.querySelector(".what-if-id").textContent,
      row.cells[2].textContent]),
    document.querySelector(".what-if-sentence").textContent, location.hash]; })()"""


def ranked(decision: mcda.Decision) -> list[list[str]]:
    rows = [[str(each.rank), each.option, f"{each.closeness:.3f}"] for each in decision.ranking]
    return rows + [["\N{EN DASH}", each.option, ""] for each in decision.excluded]


def test_keys_move_the_sliders_and_the_ranking_follows(browser: Browser, pages: Path) -> None:
    path, page = ROOT / "scenarios" / "articles" / "000-clip.yaml", pages / "000-clip-en.html"
    before = mcda.evaluate(path)
    fields = list(before.problem.criteria.profile)
    team = f"#what-if-profile-{fields.index('team')}"
    left = {"key": "ArrowLeft", "code": 37}
    found = browser.look(page, keys=[{"focus": team, "times": 2, **left}], evaluate=MOVED)
    document = mcda.load_scenario(path)
    moved = document.model_copy(update={"profile": {**document.profile, "team": 1}})
    rows, sentence, address = found["value"]
    assert rows == ranked(mcda.evaluate(moved))
    assert rows != ranked(before)
    assert address == "#p.team=1"
    again = browser.look(page, fragment=address, evaluate=MOVED)
    assert again["value"] == [rows, sentence, address]
    back = browser.look(
        page,
        fragment=address,
        evaluate=f"document.querySelector('.what-if-reset').click(), {MOVED}",
    )
    assert back["value"][0] == ranked(before)
    assert back["problems"] == []


def test_what_cannot_be_worked_out_is_said(browser: Browser, pages: Path) -> None:
    zero = "~".join("0" * 5)
    found = browser.look(pages / "000-clip-zh.html", fragment=f"#w.goal={zero}", evaluate=MOVED)
    assert "权重全部为零" in found["value"][1]
    for nonsense in (
        "#w.goal=1~2",
        "#p.team=99",
        "#w.nothing=1",
        "#p.team=x",
        "#p.egress_forbidden=x",
        "#%E0%A4%A",
    ):
        found = browser.look(pages / "000-clip-en.html", fragment=nonsense, evaluate=MOVED)
        assert found["value"][1].startswith("Hybrid of open model and API is"), nonsense
        assert found["problems"] == []


def test_a_way_to_another_part_keeps_the_position(browser: Browser, pages: Path) -> None:
    found = browser.look(
        pages / "000-clip-en.html",
        fragment="#p.team=1",
        evaluate="""(async () => {
          const wait = () => new Promise((done) => setTimeout(done, 300));
          const begin = document.getElementById("what-if").getBoundingClientRect().top;
          const links = [...document.querySelectorAll("nav a")].map((each) => each.hash);
          const sentence = () => document.querySelector(".what-if-sentence").textContent;
          const before = sentence();
          document.querySelector('nav a[href="#facts"]').click();
          await wait();
          const kept = sentence() === before && location.hash === "#facts";
          document.querySelector(".what-if-share").click();  // no clipboard here
          await wait();
          return [begin, links, kept, location.hash]; })()""",
    )
    begin, links, kept, address = found["value"]
    assert abs(begin) < 100  # a shared position opens where it can be seen
    assert links.index("#what-if") == links.index("#change") + 1
    assert kept
    assert address == "#p.team=1"


def test_only_what_moves_is_read_out(browser: Browser, pages: Path) -> None:
    said = "document.querySelector('.what-if-said').textContent"
    wait = "await new Promise((done) => setTimeout(done, 700))"
    page = pages / "000-clip-zh.html"
    look = f"(async () => {{ {wait}; return {said}; }})()"
    assert browser.look(page, evaluate=look)["value"] == ""
    slider = {"focus": "#what-if-weight-0-0", "key": "ArrowRight", "code": 39}
    found = browser.look(page, keys=[slider], evaluate=look)
    assert found["value"].startswith("推荐“混合策略（开源 + API）”，贴近度 0.9")
    assert "超过99.9%的情形" in found["value"]


@pytest.mark.parametrize("fragment", ["#w.goal=1~0~0~0~0", "#w.goal=0~0~0~0~0", "#p.team=0"])
def test_moved_pages_are_accessible(browser: Browser, pages: Path, fragment: str) -> None:
    for job in ({}, {"dark": True, "width": 390}):
        found = browser.look(pages / "000-clip-en.html", fragment=fragment, axe=True, **job)
        assert found["violations"] == []
        assert found["problems"] == []


def test_tables_of_numbers_fit_a_telephone(browser: Browser, pages: Path) -> None:
    found = browser.look(
        pages / "000-clip-zh.html",
        width=390,
        evaluate="""["tornado", "intervals", "what-if-table"].map((each) => {
          const table = document.querySelector(`.${each}`);
          return table.scrollWidth <= table.closest(".wide, .what-if").clientWidth; })""",
    )
    assert found["value"] == [True, True, True]


def test_a_field_set_to_not_given_decides_as_the_library_does(
    browser: Browser, tmp_path: Path
) -> None:
    """The page itself, by its controls; every field has a default."""
    given = {"rain": False, "site": "hill"}
    options = {"a": {"facts": {"roof": 8, "price": 7}}, "b": {"facts": {"roof": 3, "price": 1}}}

    def decided(profile: dict[str, Any]) -> mcda.Decision:
        document = {"id": "s", "criteria": "shed", "options": options}
        document |= {"profile": profile, "weights": {"direct": {"dry": 2, "calm": 1}}}
        scenario = mcda.Scenario.model_validate(document)
        return evaluate(resolve(scenario, mcda.Criteria.model_validate(ASSUMED), None))

    page = tmp_path / "page.html"
    mcda.report(decided(given), page)
    look = """(() => { const said = [];
      const rows = () => [...document.querySelectorAll(".what-if-ranking tr")].map(
        (row) => [row.querySelector(".what-if-id")?.textContent ??
          row.querySelector("th").firstChild.textContent, row.children[2].textContent]);
      said.push(rows());
      for (const select of document.querySelectorAll(".what-if-profile select")) {
        if (![...select.options].some((each) => each.textContent.includes("assumed"))) continue;
        select.value = ""; select.dispatchEvent(new Event("change")); said.push(rows());
      }
      return said; })()"""
    found = browser.look(page, evaluate=look)["value"]
    expected = [
        [[each.option, f"{each.closeness:.3f}"] for each in decided(profile).ranking]
        for profile in (given, {"site": "hill"}, {})
    ]
    assert found == expected
    assert expected[0] != expected[1] != expected[2]
    said = browser.look(page, evaluate="document.querySelector('.what-if-profile').textContent")[
        "value"
    ]
    assert "not given: yes is assumed" in said
    assert "not given: bank is assumed" in said

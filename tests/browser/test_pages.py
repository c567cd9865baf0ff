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
from mcda.model.text import LANGUAGES, Language
from mcda.reports.page.assembling import assemble
from mcda.reports.page.markup import Section, tag
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

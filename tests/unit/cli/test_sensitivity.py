"""`mcda sensitivity` as people run it."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from mcda.reports.blocks import width_of
from tests.unit.cli.test_cli import run

PIXEL = "scenarios/articles/003-pixel-art.yaml"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_fits_80_columns(lang: str) -> None:
    done = run("sensitivity", PIXEL, "--lang", lang, "--methods")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(width_of(line) for line in done.stdout.splitlines()) <= 80


def test_text_says_what_a_reader_needs() -> None:
    said = " ".join(run("sensitivity", PIXEL).stdout.split())
    for part in (
        "Verdict: close.",
        "What would change it soonest",
        "judgement Budget vs Performance from 1 to 1.951; then open wins.",
        "weight of Performance from 0.1667 to 0.1333; then open wins.",
        "from Performance to Budget: open wins.",
        "8192 samples of the noise in judgements or weights",
    ):
        assert part in said


def test_json_and_csv() -> None:
    data = json.loads(run("sensitivity", PIXEL, "--format", "json", "--samples", "64").stdout)
    assert data["format"] == "mcda/sensitivity/1"
    assert data["acceptability"]["samples"] == 64
    assert data["thresholds"]["open"][0]["winner"] == "open"
    rows = list(csv.DictReader(io.StringIO(run("sensitivity", PIXEL, "--format", "csv").stdout)))
    assert len(rows) == len(data["nearest"])
    assert {row["kind"] for row in rows} == {"fact", "value", "profile", "weight", "judgement"}


def test_the_same_bytes_each_time() -> None:
    runs = {
        run("sensitivity", PIXEL, "--format", "json", PYTHONHASHSEED=seed).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((PIXEL, "--samples", "0"), 1, "samples=0 is not possible"),
        ((PIXEL, "--seed", "-1"), 1, "seed=-1 is not possible"),
        (("criteria/ai-sourcing/criteria.yaml",), 1, "this is a criteria document"),
        ((PIXEL, "--sampler", "x"), 2, "Invalid value for '--sampler'"),
    ],
)
def test_refused(arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run("sensitivity", *arguments)
    assert done.returncode == status
    assert message in done.stderr


@pytest.mark.parametrize("command", ["sensitivity", "explain"])
def test_chinese_has_chinese_colons(command: str) -> None:
    said = run(command, "scenarios/measured/retailer-service.yaml", "--lang", "zh").stdout
    # the facts that moved are named as files name them
    said = re.sub(r"同时在取值范围内.*", "", said, flags=re.DOTALL)
    assert not re.findall("[\u4e00-\u9fff]:|: ?[\u4e00-\u9fff]", said.partition("\n=")[2])


def test_break_even_along_a_fact_of_no_option() -> None:
    scenario = "scenarios/measured/startup-chatbot.yaml"
    asked = ("--break-even", "total_cost", "--along", "apii:price_out")
    done = run("sensitivity", scenario, *asked)
    assert done.returncode == 1
    assert done.stderr == "error: there is no option 'apii'. Did you mean 'api'?\n"


def test_break_even_of_the_model_is_looked_for_where_the_model_says() -> None:
    scenario = "scenarios/measured/bank-documents.yaml"
    asked = ("--break-even", "total_cost", "--along", "tokens_per_month", "--format", "json")
    typed = run("sensitivity", scenario, *asked)
    given = run("sensitivity", scenario, *asked, "--over", "0..100000")
    assert typed.stdout == given.stdout
    assert {(each["low"], each["high"]) for each in json.loads(typed.stdout)["break_evens"]} == {
        (0.0, 100000.0)
    }

"""Bulk runs: every scenario is there once, failures are isolated, and nothing depends on workers."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import mcda
from mcda.bulk import output
from mcda.bulk.parts import opened
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings, units
from mcda.errors import InputError, McdaError
from mcda.reports.blocks import width_of

LAPTOP = {
    "format": "mcda/scenario/1",
    "criteria": {
        "price": {"direction": "cost", "domain": [0, 100]},
        "speed": {"direction": "benefit", "domain": [0, 10]},
    },
    "weights": {"direct": {"price": 2, "speed": 1}},
}
TEMPLATE = """
format: mcda/scenario/1
id: template
criteria: ai-sourcing
facts: article-world
options:
  open: {from: flan-t5-small}
  api: {from: gpt-4}
  hybrid: {from: hybrid, parts: {own: open, bought: api}}
"""


def scenario(name: str, price: float = 50) -> dict[str, Any]:
    options = {"a": {"price": price, "speed": 5}, "b": {"price": 20, "speed": 4}}
    return {**LAPTOP, "id": name, "options": options}


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mcda", "bulk", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False
    )


def folder_of(tmp_path: Path, count: int = 6) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        text = json.dumps(scenario(f"s{number}", price=10 + 15 * number))
        (folder / f"s{number}.json").write_text(text, encoding="utf-8")
    return folder


def same_as_one_by_one(row: dict[str, Any], decision: mcda.Decision) -> None:
    assert row["recommended"] == decision.recommended
    assert row["verdict"] == decision.verdict
    for name, value in (("firmness", decision.firmness), ("margin", decision.margin)):
        assert row[name] == pytest.approx(value, abs=1e-12)
    for each in decision.ranking:
        assert row[f"closeness:{each.option}"] == pytest.approx(each.closeness, abs=1e-12)
        assert row[f"rank:{each.option}"] == each.rank
    for excluded in decision.excluded:
        assert row[f"rank:{excluded.option}"] is None
        assert f"{excluded.option}: {' '.join(g.gate for g in excluded.gates)}" in row["excluded"]
    if decision.recommended is not None and len(decision.ranking) > 1:
        assert row["runner_up"] == decision.ranking[1].option


def explained_as_one_by_one(row: dict[str, Any], decision: mcda.Decision) -> None:
    if decision.recommended is None or len(decision.ranking) < 2:
        assert row["reason_1"] is None
        return
    amounts = sorted(mcda.explain(decision).by_dimension.items(), key=lambda each: -each[1])
    for place, (_, amount) in enumerate(amounts[:3], 1):
        if amount > 1e-9:
            assert row[f"amount_{place}"] == pytest.approx(amount, abs=1e-12)
            assert mcda.explain(decision).by_dimension[row[f"reason_{place}"]] == pytest.approx(
                amount, abs=1e-12
            )
        else:
            assert row[f"reason_{place}"] is None
    if row["flip_criterion"] is not None:
        shares = decision.weights.effective
        now = shares[row["flip_criterion"]]
        assert row["flip_share"] == pytest.approx(now, abs=1e-12)
        scores = {each.option: decision.scores[each.option] for each in decision.ranking}
        for factor, leads in ((1 - 1e-6, decision.recommended), (1 + 1e-6, row["flip_to"])):
            at = now + (row["flip_at"] - now) * factor
            moved = {
                k: at if k == row["flip_criterion"] else v * (1 - at) / (1 - now)
                for k, v in shares.items()
            }
            near = {o: sum(moved[k] * s[k] ** 2 for k in moved) ** 0.5 for o, s in scores.items()}
            far = {
                o: sum(moved[k] * (1 - s[k]) ** 2 for k in moved) ** 0.5 for o, s in scores.items()
            }
            assert max(scores, key=lambda o: near[o] / (near[o] + far[o])) == leads


def test_a_folder_and_a_bad_file_among_others(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "bad.json").write_text('{"format": "mcda/scenario/1", "id": "bad"}', encoding="utf-8")
    (folder / "s9.yaml").write_text("format: mcda/scenario/1\nid: [\n", encoding="utf-8")
    done = run("many", "-o", "out.csv", "--workers", "2", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "8 scenarios" in done.stdout
    assert "2 failed" in done.stdout
    rows = pl.read_csv(tmp_path / "out.csv").to_dicts()
    assert len(rows) == 8
    for row in rows:
        if row["error"] is None:
            decision = mcda.evaluate(tmp_path / row["source"])
            same_as_one_by_one(row, decision)
            explained_as_one_by_one(row, decision)
    rejects = [
        json.loads(line) for line in (tmp_path / "out.csv.rejects.jsonl").read_text().splitlines()
    ]
    assert {Path(each["source"]).name for each in rejects} == {"bad.json", "s9.yaml"}
    assert "s9.yaml:3:1" in rejects[1]["error"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_nobody_waits_for_a_pipe_in_a_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    os.mkfifo(folder / "never.yaml")
    done = run("many", "-o", "o.csv", cwd=tmp_path)
    assert done.returncode == 1
    errors = pl.read_csv(tmp_path / "o.csv")["error"].drop_nulls().to_list()
    assert errors == ["many/never.yaml: this is not a regular file. Name a file on disk."]
    for name in ("lines.jsonl", "table.csv", "table.parquet"):
        os.mkfifo(folder / name)
        done = run("many", "-o", "p.csv", "--criteria", "ai-sourcing", cwd=tmp_path)
        assert done.returncode == 2
        assert f"many/{name} is not a regular file. Name a file on disk." in done.stderr
        (folder / name).unlink()


def test_lines_tell_their_number(tmp_path: Path) -> None:
    lines = [json.dumps(scenario(f"s{n}")) for n in range(4)]
    lines[1:1] = ["", '{"format": "mcda/scenario/1", "id": "x", "options": 3}']
    (tmp_path / "many.jsonl").write_bytes(("\r\n".join(lines) + "\r\n").encode())
    done = run("many.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["source"] for row in rows] == [f"many.jsonl:{n}" for n in (1, 3, 4, 5, 6)]
    assert "many.jsonl:3" in rows[1]["error"]


@pytest.mark.parametrize("key", ["criteria", "facts"])
@pytest.mark.parametrize("name", ["x" * 400, "\x00", "a/" * 300, ".."], ids=str.__len__)
def test_names_that_cannot_be_files_fail_alone(tmp_path: Path, key: str, name: str) -> None:
    wrong = {**scenario("wrong"), key: name}
    lines = [json.dumps(each) for each in (scenario("s"), wrong)]
    (tmp_path / "two.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for workers in "12":
        done = run("two.jsonl", "-o", "out.jsonl", "--workers", workers, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        assert done.stderr == ""
        rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
        assert rows[0]["error"] is None
        assert rows[1]["error"]
        assert rows[1]["source"] == "two.jsonl:2"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_table_says_what_its_scenarios_say(tmp_path: Path, form: str) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    dice = random.Random(0)
    rows = [
        {
            "scenario": f"n{n}",
            "team": dice.choice([None, 0, 1, 2.5, 4]),
            "budget": dice.randint(0, 4),
            "egress_forbidden": dice.random() < 0.2,
        }
        for n in range(40)
    ]
    table = pl.DataFrame(rows)
    path = tmp_path / f"table.{form}"
    if form == "csv":
        table.write_csv(path)
    else:
        table.write_parquet(path)
    done = run(path.name, "--template", "t.yaml", "-o", "out.parquet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = pl.read_parquet(tmp_path / "out.parquet").to_dicts()
    base = mcda.load_scenario(tmp_path / "t.yaml")
    for row, given in zip(found, rows, strict=True):
        profile = {k: v for k, v in given.items() if k != "scenario" and v is not None}
        one = base.model_copy(update={"id": given["scenario"], "profile": profile})
        same_as_one_by_one(row, mcda.evaluate(one))
        explained_as_one_by_one(row, mcda.evaluate(one))


def test_rows_of_options_in_any_order_and_bad_cells(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(
        "format: mcda/criteria/1\nid: m\nfacts: {price: {domain: [0, 100]}}\n"
        "criteria: {price: {direction: cost, domain: [0, 100]}}\n",
        encoding="utf-8",
    )
    lines = ["scenario,option,price", "x,a,10", "y,a,7", "x,b,20", 'y,b,"9,5"', "z,a,3", "z,b, 4 "]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("t.csv", "--criteria", "./model.yaml", "-o", "o.parquet", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    rows = {row["scenario"]: row for row in pl.read_parquet(tmp_path / "o.parquet").to_dicts()}
    assert rows["x"]["recommended"] == "a"
    assert rows["z"]["closeness:b"] == pytest.approx(0.96)
    assert "row 4 (scenario 'y', option 'b'): column 'price' is '9,5'" in rows["y"]["error"]


def test_wrong_use(tmp_path: Path) -> None:
    folder_of(tmp_path, 2)
    (tmp_path / "t.csv").write_text("case,team\nx,1\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for arguments, status, said in (
        (["nothing", "-o", "o.csv"], 2, "there is nothing at 'nothing'"),
        (["many", "-o", "o.xml"], 2, "Known here: .parquet, .csv, .jsonl"),
        (["many", "-o", "no/o.csv"], 2, "there is no folder 'no'"),
        (["many", "-o", "empty/x.csv/y.csv"], 2, "there is no folder"),
        (["empty", "-o", "o.csv"], 5, "no scenario found"),
        (["t.csv", "--criteria", "ai-sourcing", "-o", "o.csv"], 2, "no column 'scenario'"),
        (["t.csv", "--scenario", "case", "-o", "o.csv"], 2, "--template"),
    ):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == status, (arguments, done.stderr)
        assert said in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "o.csv").exists()


def test_without_polars_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)  # as if it were not installed
    (tmp_path / "s.json").write_text(json.dumps(scenario("s")))
    with pytest.raises(InputError, match=r"need Polars. Install it: pip install .*\[tables\]"):
        bulk([str(tmp_path / "s.json")], tmp_path / "out.csv", Settings())
    assert [each.name for each in tmp_path.iterdir()] == ["s.json"]


def test_a_package_that_cannot_be_read_is_spoken_of_once(tmp_path: Path) -> None:
    (tmp_path / "polars.py").write_text("raise RuntimeError('not for this processor')")
    (tmp_path / "s.json").write_text(json.dumps(scenario("s")))
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    done = subprocess.run(
        [sys.executable, "-m", "mcda", "bulk", "s.json", "-o", "out.csv"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("not for this processor") == 1
    assert "Traceback" not in done.stderr


def test_ids_used_twice_are_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 2)
    (folder / "t.json").write_text(json.dumps(scenario("s1")), encoding="utf-8")
    done = run("many", "-o", "o.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "'s1' is used in many/s1.json and in many/t.json" in done.stderr


def test_formulas_of_spreadsheets_are_neutralised(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(scenario("=1+1")), encoding="utf-8")
    run("x.json", "-o", "o.csv", cwd=tmp_path)
    assert pl.read_csv(tmp_path / "o.csv")["scenario"].to_list() == ["'=1+1"]


def test_the_summary_says_what_decides(tmp_path: Path) -> None:
    options = [(10, 5, 40, 9), (90, 5, 20, 9), (10, 3, 40, 8), (20, 9, 10, 9), (20, 8, 80, 9)]
    lines = []
    for number, (a, fast, b, faster) in enumerate(options):
        given = {"a": {"price": a, "speed": fast}, "b": {"price": b, "speed": faster}}
        lines.append(json.dumps({**LAPTOP, "id": f"s{number}", "options": given}))
    (tmp_path / "s.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for lang, said in (("en", "Of what differs"), ("zh", "两种情形的差别来自：price ")):
        done = run("s.jsonl", "-o", "o.csv", "--lang", lang, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout.replace("\n    ", " ")
        assert all(width_of(line) <= 80 for line in done.stdout.splitlines())
    rows = pl.read_csv(tmp_path / "o.csv").to_dicts()
    for winner in "ab":
        own = [row for row in rows if row["recommended"] == winner]
        mean = sum(row["margin"] for row in own) / len(own)
        assert f"{winner} ({len(own)})" in done.stdout
        [line] = [line for line in done.stdout.splitlines() if line.startswith("  平均领先")]
        assert f"{mean:+.3f}" in line
    done = run("s.jsonl", "-o", "o.csv", "--no-reasons", cwd=tmp_path)
    assert "lead" not in done.stdout


def test_expectations_are_checked(tmp_path: Path) -> None:
    data = {**scenario("s"), "expected": {"recommended": "a"}}
    (tmp_path / "x.json").write_text(json.dumps(data), encoding="utf-8")
    assert run("x.json", "-o", "o.csv", cwd=tmp_path).returncode == 0
    assert run("x.json", "-o", "o.csv", "--check", cwd=tmp_path).returncode == 1
    assert "recommended: expected" in pl.read_csv(tmp_path / "o.csv")["missed"][0]


def test_jobs_depend_on_the_input_alone(tmp_path: Path) -> None:
    table = pl.DataFrame({"scenario": [n // 3 for n in range(700_000)], "team": 1})
    table.write_parquet(tmp_path / "t.parquet")
    found = list(units([str(tmp_path / "t.parquet")], Settings(criteria="x")))
    assert found[0].start == 0
    assert found[-1].stop == 700_000
    for one, other in pairwise(found):
        assert one.stop == other.start
        assert one.stop % 3 == 0


_HELD = """
import sys
import time
from pathlib import Path

from mcda.bulk import jobs, run
from mcda.cli.main import main

do = jobs.do


def held(job):
    # the first job is done, the others wait
    while job.unit.start and not Path("go").exists():
        time.sleep(0.01)
    return do(job)


jobs.do = held
join = run.join


def held_join(*given):
    Path("joining").touch()
    while not Path("join").exists():
        time.sleep(0.01)
    return join(*given)


run.join = held_join
if __name__ == "__main__":
    sys.exit(main())
"""
#: Where it may not get stuck.
_LONG = 120


def wait_for(what: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LONG
    while not what():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def holding(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[str], bytes]]:
    """A run whose first job is done, the others wait; its arguments, and what is to come of it."""
    lines = "".join(json.dumps(scenario(f"s{n}", n % 90)) + "\n" for n in range(1_100))
    (tmp_path / "many.jsonl").write_text(lines, encoding="utf-8")
    arguments = ["many.jsonl", "-o", "o.parquet", "--workers", "2"]
    assert run("many.jsonl", "-o", "whole.parquet", "--workers", "1", cwd=tmp_path).returncode == 0
    (tmp_path / "held.py").write_text(_HELD, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "held.py", "bulk", *arguments],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(mcda.__file__).parents[1])},
    )
    try:
        wait_for(lambda: list((tmp_path / ".o.parquet.parts").glob("*.parquet")), process)
        yield process, arguments, (tmp_path / "whole.parquet").read_bytes()
    finally:
        process.kill()
        process.wait()


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    with holding(tmp_path) as (process, arguments, wanted):
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "o.parquet").exists()
        refused = run(*arguments, cwd=tmp_path)
        assert refused.returncode == 2
        assert "--resume" in refused.stderr
        resumed = run(*arguments, "--resume", cwd=tmp_path)
        assert resumed.returncode == 0, resumed.stderr
        assert "1 parts of an earlier run" in resumed.stdout
        assert (tmp_path / "o.parquet").read_bytes() == wanted
        assert [path.name for path in tmp_path.glob(".*")] == []


def test_an_output_has_one_run_until_it_is_written(tmp_path: Path) -> None:
    with holding(tmp_path) as (process, arguments, wanted):
        for more in ([], ["--resume"]):
            refused = run(*arguments, *more, cwd=tmp_path)
            assert refused.returncode == 2
            assert f"process {process.pid} is writing to" in refused.stderr
        (tmp_path / "go").touch()
        wait_for((tmp_path / "joining").exists, process)
        refused = run(*arguments, "--resume", cwd=tmp_path)
        assert f"process {process.pid} is writing to" in refused.stderr
        # killed while the output is being written: nothing is left but the parts
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "o.parquet").exists()
        assert run(*arguments, "--resume", cwd=tmp_path).returncode == 0
        assert (tmp_path / "o.parquet").read_bytes() == wanted
        assert [path.name for path in tmp_path.glob(".*")] == []


def test_evaluate_many(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 3)
    (folder / "bad.json").write_text("{", encoding="utf-8")
    (folder / "l.jsonl").write_text(json.dumps(scenario("line")) + "\n", encoding="utf-8")
    found = list(
        mcda.evaluate_many(
            [folder, mcda.Scenario(**{k: v for k, v in scenario("own").items() if k != "format"})]
        )
    )
    assert [each.scenario for each in found if isinstance(each, mcda.Decision)] == [
        "s0",
        "s1",
        "s2",
        "line",
        "own",
    ]
    [failure] = [each for each in found if isinstance(each, mcda.Failure)]
    assert "bad.json:1" in failure.error
    script = tmp_path / "go.py"
    script.write_text(
        "import mcda\n"
        "if __name__ == '__main__':\n"
        f"    found = mcda.evaluate_many({str(folder)!r}, workers=2)\n"
        "    print([getattr(each, 'scenario', None) for each in found])\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(mcda.__file__).parents[1])},
    )
    assert done.stdout == "[None, 's0', 's1', 's2', 'line']\n", done.stderr
    (tmp_path / "t.csv").write_text("scenario\nx\n", encoding="utf-8")
    with pytest.raises(mcda.McdaError, match="is a table"):
        list(mcda.evaluate_many(tmp_path / "t.csv"))


def test_what_documents_refer_to_is_part_of_the_key(tmp_path: Path) -> None:
    model = tmp_path / "model.yaml"
    model.write_text("format: mcda/criteria/1\nid: m\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        "format: mcda/scenario/1\nid: s\ncriteria: ./model.yaml\n", encoding="utf-8"
    )
    code = (
        "from mcda.bulk.sources import Settings, key_of, units\n"
        "for s in (Settings(), Settings(template='s.yaml'), Settings(criteria='./model.yaml')):\n"
        "    print([key_of(unit, s) for unit in units(['s.yaml'], s)])\n"
    )

    def keys() -> list[str]:
        path = str(Path(mcda.__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        return done.stdout.splitlines()

    before = keys()
    assert keys() == before
    model.write_text("format: mcda/criteria/1\nid: other\n", encoding="utf-8")
    assert not set(before) & set(keys())


def test_rows_without_or_with_a_repeated_id_take_no_others_with_them(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "t.csv").write_text(
        "scenario,team\ns1,1\n,2\ns3,3\ns3,4\n\ns5,4\n", encoding="utf-8"
    )
    done = run("t.csv", "--template", "t.yaml", "-o", "o.parquet", cwd=tmp_path)
    assert done.returncode == 1
    rows = pl.read_parquet(tmp_path / "o.parquet").to_dicts()
    fine = {row["scenario"]: row for row in rows if row["error"] is None}
    assert set(fine) == {"s1", "s5"}
    errors = [row["error"] for row in rows if row["error"] is not None]
    assert len(errors) == 4
    assert any("row 2 has no entry" in error for error in errors)
    assert sum("occurs more than once" in error for error in errors) == 2


def test_a_template_with_criteria_of_its_own(tmp_path: Path) -> None:
    data = scenario("template")
    (tmp_path / "t.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "t.csv").write_text(
        "scenario,option,price\nx,a,10\nx,b,90\ny,a,90\ny,b,10\n", encoding="utf-8"
    )
    done = run("t.csv", "--template", "t.json", "-o", "o.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for row, prices in zip(
        pl.read_csv(tmp_path / "o.csv").to_dicts(), ((10, 90), (90, 10)), strict=True
    ):
        options = {"a": {"price": prices[0], "speed": 5}, "b": {"price": prices[1], "speed": 4}}
        own = {k: v for k, v in LAPTOP.items() if k != "format"}
        same_as_one_by_one(row, mcda.evaluate(mcda.Scenario(id="s", options=options, **own)))
        assert "closeness:" not in row
    data["expected"] = {"recommended": "a"}
    (tmp_path / "t.json").write_text(json.dumps(data), encoding="utf-8")
    done = run("t.csv", "--template", "t.json", "-o", "p.csv", "--check", cwd=tmp_path)
    assert done.returncode == 0  # that is about the template itself, not about what tables say


def test_sources_are_never_written_over_and_outputs_never_read(tmp_path: Path) -> None:
    lines = json.dumps(scenario("s1")) + "\n"
    (tmp_path / "own.jsonl").write_text(lines, encoding="utf-8")
    done = run("own.jsonl", "-o", "own.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert "would be overwritten" in done.stderr
    assert (tmp_path / "own.jsonl").read_text(encoding="utf-8") == lines
    folder = folder_of(tmp_path, 2)
    (folder / "bad.json").write_text("{", encoding="utf-8")
    for _ in range(2):
        done = run("many", "-o", "many/out.jsonl", cwd=tmp_path)
        assert "3 scenarios" in done.stdout, done.stderr
    assert (folder / "out.jsonl.rejects.jsonl").exists()


def test_damaged_parts_missing_files_and_ragged_rows(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 2)
    (folder / "gone.json").symlink_to(tmp_path / "nowhere.json")
    done = run("many", "-o", "o.csv", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "internal" not in done.stderr
    assert "3 scenarios" in done.stdout
    parts = tmp_path / ".p.csv.parts"
    parts.mkdir()
    (parts / "000000000-00.parquet").write_bytes(b"half")
    (folder / "gone.json").unlink()
    done = run("many", "-o", "p.csv", "--resume", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "r.csv").write_text("scenario,team,budget\ns1,1\n", encoding="utf-8")
    done = run("r.csv", "--template", "t.yaml", "-o", "q.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "r.csv:2: the row has 2 cells, the header 3" in done.stderr
    done = run("many", "zz*.yaml", "-o", "q.csv", cwd=tmp_path)
    assert done.returncode == 5
    assert "nothing matches 'zz*.yaml'" in done.stderr
    done = run("r.csv", "--template", "nope.yaml", "-o", "q.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no such file" in done.stderr


def test_what_fails_before_a_run_leaves_the_tables_of_another_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".o.csv.parts"
    with opened(folder, resume=False) as store:
        (store.scratch / "table").mkdir()
        for source in ("nothing.csv", str(folder_of(tmp_path))):
            with pytest.raises(McdaError, match=f"process {os.getpid()} is writing to"):
                bulk([source], tmp_path / "o.csv", Settings())
        assert (store.scratch / "table").is_dir()
    with pytest.raises(McdaError, match="there is nothing at"):
        bulk(["nothing.csv"], tmp_path / "o.csv", Settings())
    assert not folder.exists()


@pytest.mark.parametrize(
    ("ids", "kind"),
    [([1.5, 2.5], "float64"), ([[1], [2]], "list"), ([b"\xff", b"b"], "binary")],
)
def test_columns_that_cannot_be_ids_end_the_run_before_it_begins(
    tmp_path: Path, ids: list[Any], kind: str
) -> None:
    pl.DataFrame({"scenario": ids, "team": [1, 2]}).write_parquet(tmp_path / "t.parquet")
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    settings = Settings(template=str(tmp_path / "t.yaml"))
    said = rf"t\.parquet: the column 'scenario' holds {kind}.*, not ids"
    with pytest.raises(McdaError, match=said):
        bulk([str(tmp_path / "t.parquet")], tmp_path / "o.csv", settings)
    evaluate = mcda.ArrowEvaluator(template=tmp_path / "t.yaml")
    with pytest.raises(McdaError, match=f"holds {kind}.*, not ids"):
        evaluate.table(pl.read_parquet(tmp_path / "t.parquet").to_arrow())


def test_long_ids_are_cut_in_messages_and_whole_in_results(tmp_path: Path) -> None:
    long = "L" * 100_000
    rows = f"scenario,team\nfine,2\n{long},9\n"
    (tmp_path / "t.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    settings = Settings(template=str(tmp_path / "t.yaml"))
    bulk([str(tmp_path / "t.csv")], tmp_path / "o.parquet", settings)
    found = pl.read_parquet(tmp_path / "o.parquet")
    assert found["scenario"].to_list() == ["fine", long]
    assert len(found["error"][1]) < 300


def test_what_failed_in_one_run_is_no_source_of_the_next(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 1)
    (folder / "bad.json").write_text("{}", encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        (folder / "a.csv").unlink(missing_ok=True)
        summary = bulk([str(folder)], folder / name, Settings())
        assert (summary.scenarios, summary.failed) == (2, 1)
    assert sorted(each.name for each in folder.glob("*.rejects.jsonl")) == [
        "a.csv.rejects.jsonl",
        "b.csv.rejects.jsonl",
    ]


def test_names_that_cannot_be_written_are_refused_at_once(tmp_path: Path) -> None:
    folder = str(folder_of(tmp_path, 1))
    (tmp_path / "o.csv.rejects.jsonl").mkdir()
    with pytest.raises(McdaError, match=r"o\.csv\.rejects\.jsonl' is a folder"):
        bulk([folder], tmp_path / "o.csv", Settings())
    with pytest.raises(McdaError, match="cannot be written"):
        bulk([folder], tmp_path / ("n" * 250 + ".csv"), Settings())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["many", "o.csv.rejects.jsonl"]


def test_names_of_columns_that_a_spreadsheet_would_calculate_are_safe_in_csv(
    tmp_path: Path,
) -> None:
    frame = pl.DataFrame({"=1+1": ["-2"], "scenario": ["s"]})
    frame.write_parquet(tmp_path / "part.parquet")
    rows = output._safe(pl.scan_parquet(tmp_path / "part.parquet")).collect()
    assert rows.to_dict(as_series=False) == {"'=1+1": ["'-2"], "scenario": ["s"]}

"""`mcda init` and `mcda list`: from an empty folder to a ranking."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import mcda
from mcda.files.loader import read_document


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mcda", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_an_example_in_an_empty_folder(tmp_path: Path) -> None:
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Next: mcda evaluate scenario.yaml" in done.stdout
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    head, *_ = text.splitlines()
    schema = head.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((tmp_path / schema).read_text(encoding="utf-8"))["$defs"]
    decision = mcda.evaluate(tmp_path / "scenario.yaml")
    assert f"recommends {decision.recommended}." in done.stdout
    assert run("evaluate", ".", cwd=tmp_path).returncode == 0
    again = run("init", cwd=tmp_path)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert (tmp_path / "scenario.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_criteria_models_situation(tmp_path: Path, lang: str) -> None:
    done = run(
        "init",
        "my.yaml",
        "--criteria",
        "ai-sourcing",
        "--set",
        "team=4,budget=1",
        "--set",
        "egress_forbidden=true",
        "--lang",
        lang,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    model = mcda.load_criteria("ai-sourcing")
    assert data["profile"]["team"] == 4
    assert data["profile"]["egress_forbidden"] is True
    for name in data["profile"]:
        title = model.profile[name].title
        assert title is not None
        assert title.say(lang) in text  # type: ignore[arg-type]
    decision = mcda.evaluate(tmp_path / "my.yaml")
    assert {each.option for each in decision.excluded} == {"api", "hybrid"}
    schema = json.loads((tmp_path / text.splitlines()[0].split("=")[1]).read_text(encoding="utf-8"))
    assert set(schema["properties"]["profile"]["properties"]) == set(model.profile)


def test_criteria_and_options_of_ones_own(tmp_path: Path) -> None:
    done = run(
        "init", "laptop.yaml", "--no-schema",
        "--criterion", "price:cost:500..2500", "--criterion", "battery life:max:4..20",
        "--option", "a: price=900, battery life=9", "--option", "b: price=1500, battery life=16",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / ".mcda").exists()
    document: Any = read_document(tmp_path / "laptop.yaml")
    assert list(document.criteria) == ["price", "battery life"]
    assert document.criteria["price"].domain == (500.0, 2500.0)
    assert document.options["b"].values["battery life"].value == 16.0
    assert "mcda compare laptop.yaml" in (tmp_path / "laptop.yaml").read_text(encoding="utf-8")


def test_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x;price;no\na;9;1\nb;8;2\n", encoding="utf-8")
    done = run(
        "init",
        "t.yaml",
        "--table",
        "t.csv",
        "--weights",
        "price=2,no=1",
        "--directions",
        "cost,benefit",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    direct = run(
        "evaluate",
        "t.csv",
        "--weights",
        "price=2,no=1",
        "--directions",
        "cost,benefit",
        "--format",
        "json",
        cwd=tmp_path,
    )
    written = run("evaluate", "t.yaml", "--format", "json", cwd=tmp_path)
    assert json.loads(direct.stdout) == json.loads(written.stdout)


WRONG = {
    "no folder": (["nowhere/x.yaml"], 1, "there is no folder nowhere"),
    "two ways": (["--criteria", "ai-sourcing", "--criterion", "a:max"], 2, "give one of"),
    "no model": (["--criteria", "ai-sorcing"], 1, "Did you mean 'ai-sourcing'"),
    "no field": (["--criteria", "ai-sourcing", "--set", "teem=1"], 1, "Did you mean 'team'"),
    "out of scale": (
        ["--criteria", "ai-sourcing", "--set", "team=9"],
        1,
        "outside the domain [0, 4]",
    ),
    "criterion": (["--criterion", "price"], 1, "NAME:DIRECTION"),
    "domain": (["--criterion", "p:max:1-2", "--option", "a: p=1"], 1, "LOW..HIGH"),
    "no option": (["--criterion", "p:max"], 1, "there are no options"),
    "no value": (["--criterion", "p:max", "--option", "a"], 1, "no value for 'p'"),
    "unknown": (["--criterion", "price:max", "--option", "a: prise=1"], 1, "Did you mean 'price'"),
    "direction": (
        ["--criterion", "p:up", "--option", "a: p=1"],
        1,
        "a direction is benefit or cost",
    ),
    "table": (
        ["--table", "nothing.csv", "--weights", "equal", "--directions", "max"],
        1,
        "no such file",
    ),
    "json": (["x.json"], 1, "is not YAML"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_what_cannot_be_written_is_said(case: str, tmp_path: Path) -> None:
    arguments, status, said = WRONG[case]
    done = run("init", *arguments, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_model_outside_the_root_is_refused_at_once(tmp_path: Path) -> None:
    shipped = mcda.catalog().criteria["ai-sourcing"].path
    (tmp_path / "model").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "model" / "criteria.yaml").write_bytes(shipped.read_bytes())
    (tmp_path / "model" / "facts").mkdir()
    pack = shipped.parent / "facts" / "article-world.yaml"
    (tmp_path / "model" / "facts" / "mine.yaml").write_bytes(pack.read_bytes())
    done = run("init", "sub/m.yaml", "--criteria", "model/criteria.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "leads outside" in done.stderr
    assert list((tmp_path / "sub").iterdir()) == []
    done = run("init", "m.yaml", "--criteria", "model/criteria.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = yaml.safe_load((tmp_path / "m.yaml").read_text(encoding="utf-8"))
    assert written["facts"] == "mine"
    assert run("evaluate", "m.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "alone.yaml").write_bytes(shipped.read_bytes())
    done = run("init", "a.yaml", "--criteria", "alone.yaml", cwd=tmp_path)
    assert "Name its facts pack with --facts" in done.stderr


def test_huge_numbers_and_odd_names_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(
        'o,"price, EUR",a=b\na,1e308,9\n1:30,1.7e308,16\n', encoding="utf-8"
    )
    weights = ["--weights", '"price, EUR"=2,"a=b"=1', "--directions", "cost,benefit"]
    done = run("init", "sp ace.yaml", "--table", "h.csv", *weights, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "mcda evaluate 'sp ace.yaml'" in done.stdout
    document: Any = read_document(tmp_path / "sp ace.yaml")
    assert document.options["1:30"].values["price, EUR"].value == 1.7e308
    assert document.weights.direct == {"price, EUR": 2.0, "a=b": 1.0}


def test_a_fresh_file_can_be_compared(tmp_path: Path) -> None:
    run("init", "q.yaml", cwd=tmp_path)
    nothing = run("compare", "q.yaml", cwd=tmp_path)
    assert nothing.returncode == 0
    assert "--again" in nothing.stdout
    command = [sys.executable, "-m", "mcda", "compare", "q.yaml", "--again"]
    done = subprocess.run(
        command, input="3\n\n2\nb\n1/2\n", capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    goal = mcda.load_scenario(tmp_path / "q.yaml").weights.judgements["goal"]  # type: ignore[union-attr,index]
    assert dict(goal) == {"price vs battery": 3.0, "battery vs screen": 1.0, "price vs screen": 2.0}
    empty = run("compare", "q.yaml", "--again", cwd=tmp_path)
    assert empty.returncode == 1
    assert "there was no input" in empty.stderr


def on_a_terminal(answers: list[str], *arguments: str, cwd: Path) -> tuple[int, str]:
    """Exit status and what the terminal shows, where the answers are typed into it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mcda", "init", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, ("\n".join(answers) + "\n").encode())
    output = b""
    try:
        while block := os.read(ours, 4096):
            output += block
    except OSError:
        pass
    os.close(ours)
    return process.wait(timeout=60), output.decode()


def piped(answers: str | bytes, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mcda", "init", *arguments]
    data = answers.encode() if isinstance(answers, str) else answers
    done = subprocess.run(
        command, input=data, capture_output=True, cwd=cwd, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    )  # fmt: skip
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


ANSWERS = ["0", "price", "n", "speed", "y", "", "a", "9", "3", "b", "7", "2", ""]


def assert_asked(path: Path) -> None:
    document: Any = read_document(path)
    assert {name: each.direction for name, each in document.criteria.items()} == {
        "price": "cost",
        "speed": "benefit",
    }
    assert document.options["a"].values["price"].value == 9.0
    assert document.options["b"].values["speed"].value == 2.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_asks_on_a_terminal(tmp_path: Path, lang: str) -> None:
    status, output = on_a_terminal(ANSWERS, "asked.yaml", "--lang", lang, cwd=tmp_path)
    assert status == 0, output
    assert_asked(tmp_path / "asked.yaml")


def test_an_empty_line_answers_no_yes_or_no(tmp_path: Path) -> None:
    answers = ["0", "price", "", "", "maybe", "n", "speed", "", "y", *ANSWERS[5:]]
    status, output = on_a_terminal(answers, "asked.yaml", cwd=tmp_path)
    assert status == 0, output
    assert output.count("Is more price better? (y/n)") == 4
    assert output.count("Answer y or n.") == 4
    assert_asked(tmp_path / "asked.yaml")


def test_an_empty_line_keeps_a_level_but_no_truth_value(tmp_path: Path) -> None:
    """The situation of ai-sourcing: its two yes/no questions are asked until they are answered."""
    model = mcda.load_criteria("ai-sourcing")
    answers = []
    for name, field in model.profile.items():
        said = {"egress_forbidden": ["", "yes"], "can_hire_or_partner": ["", "-"]}
        answers += said.get(name, ["-"] if field.type == "boolean" else [""])
    status, output = on_a_terminal(answers, "m.yaml", "--criteria", "ai-sourcing", cwd=tmp_path)
    assert status == 0, output
    assert output.count("Answer y (true) or n (false); - leaves it as it is.") == 2
    profile = mcda.load_scenario(tmp_path / "m.yaml").profile
    assert profile["egress_forbidden"] is True
    unasked = tmp_path / "unasked"
    unasked.mkdir()
    assert run("init", "m.yaml", "--criteria", "ai-sourcing", cwd=unasked).returncode == 0
    usual = mcda.load_scenario(unasked / "m.yaml").profile
    assert {**usual, "egress_forbidden": True} == dict(profile)


def test_names_are_taken_as_they_are_answered(tmp_path: Path) -> None:
    """What would be a separator in a flag is part of a name here; a name twice is asked again."""
    names = ["A: big, red", "b=1, c=2"]
    answers = ["0", "cost, net: EUR", "n", "cost, net: EUR", "x:benefit", ""]
    for name in names:
        answers += [name, "9", "3"]
    answers[-3:-3] = [names[0]]
    status, output = on_a_terminal([*answers, ""], "asked.yaml", cwd=tmp_path)
    assert status == 0, output
    assert output.count("Answer with a name that is not there yet.") == 2
    document: Any = read_document(tmp_path / "asked.yaml")
    assert list(document.options) == names
    assert list(document.criteria) == ["cost, net: EUR", "x"]
    assert document.options[names[1]].values["cost, net: EUR"].value == 9.0


@pytest.mark.parametrize("end", ["\n", ""])
def test_answers_come_from_a_pipe(tmp_path: Path, end: str) -> None:
    done = piped("\n".join(ANSWERS) + "\n" + end, "asked.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert_asked(tmp_path / "asked.yaml")


def test_where_one_criterion_has_a_domain_the_others_are_asked_for_theirs(tmp_path: Path) -> None:
    answers = ["0", "speed:benefit:0..9", "price", "n", "", "100..900"]
    answers += ["a", "5", "300", "b", "4", "200", ""]
    done = piped("\n".join(answers) + "\n", "asked.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document: Any = read_document(tmp_path / "asked.yaml")
    assert {name: each.domain for name, each in document.criteria.items()} == {
        "speed": (0.0, 9.0),
        "price": (100.0, 900.0),
    }


def test_answers_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "answers.txt").write_text("\n".join(ANSWERS) + "\n", encoding="utf-8")
    with (tmp_path / "answers.txt").open() as stream:
        command = [sys.executable, "-m", "mcda", "init", "asked.yaml"]
        done = subprocess.run(command, stdin=stream, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0
    assert_asked(tmp_path / "asked.yaml")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("0\nprice\n\nspeed\n", "'' is no answer to “Is more price better? (y/n)”. Answer y or n."),
        ("7\n", "'7' is no answer to “Which”. Answer with a number between 0 and "),
        ("0\np\ny\n\na\nnan\n", "'nan' is no answer to “p of a”. Answer with a number."),
        ("0\nprice\nn\n\na\n9\n", "The input ended before all questions were answered. Nothing"),
        (b"0\n\xff\n", "the answers are not utf-8"),
        ("\n".join([*ANSWERS, "", "c", "5"]), "'c' answers no question: all had been answered"),
        ("0\nx:benefit:0..9\ny\nn\n\n9..0\n", "'9..0' is no answer to “Lowest and highest"),
    ],
)
def test_a_pipe_that_does_not_answer_is_refused(
    answers: str | bytes, said: str, tmp_path: Path
) -> None:
    done = piped(answers, "asked.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_without_anything_asks_nothing(tmp_path: Path) -> None:
    assert piped("", "a.yaml", cwd=tmp_path).returncode == 0
    assert piped("0\nnonsense", "b.yaml", "--no-input", cwd=tmp_path).returncode == 0
    a, b = (mcda.load_scenario(tmp_path / name) for name in ("a.yaml", "b.yaml"))
    assert a.options == b.options


def test_the_list(tmp_path: Path) -> None:
    done = run("list", "--format", "json", cwd=tmp_path)
    entries = json.loads(done.stdout)["entries"]
    names = {(each["kind"], each["name"]) for each in entries}
    assert ("criteria", "ai-sourcing") in names
    assert ("facts", "ai-sourcing/article-world") in names
    for each in entries:
        assert Path(each["path"]).is_file()
        if each["kind"] == "scenario":
            assert mcda.load_scenario(each["name"]).id
    assert "articles/000-clip" in run("list", cwd=tmp_path).stdout
    assert "情景" in run("list", "--lang", "zh", cwd=tmp_path).stdout


def test_shipped_scenarios_by_name_from_anywhere(tmp_path: Path) -> None:
    done = run("evaluate", "articles", "--format", "json", cwd=tmp_path)
    assert len(json.loads(done.stdout)["decisions"]) == 4
    assert run("explain", "articles/000-clip", cwd=tmp_path).returncode == 0
    missing = run("evaluate", "article", cwd=tmp_path)
    assert missing.returncode == 1
    assert "hint: mcda list" in missing.stderr


def test_the_shell_completes(tmp_path: Path) -> None:
    def offered(words: str, position: int) -> str:
        environment = {
            **os.environ,
            "_MCDA_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(position),
        }
        script = (
            "import sys; sys.argv = ['mcda']; from mcda.cli.main import cli; cli(prog_name='mcda')"
        )
        return subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        ).stdout

    assert "plain,evaluate" in offered("mcda ev", 1)
    assert "plain,articles/000-clip" in offered("mcda explain articles/0", 2)
    assert "plain,ai-sourcing" in offered("mcda evaluate --criteria a", 3)
    assert "plain,article-world" in offered("mcda evaluate --facts a", 3)


def test_tables_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("m,price,battery\na,900,9\nb,1500,16\n", encoding="utf-8")

    def evaluated(*more: str) -> subprocess.CompletedProcess[str]:
        return run("evaluate", "t.csv", *more, cwd=tmp_path)

    done = evaluated(
        "--weights",
        "price vs battery=1/3",
        "--directions",
        "price=cost,battery=max",
        "--domains",
        "price=500..2500,battery=4..20",
        "--format",
        "json",
    )
    [decision] = json.loads(done.stdout)["decisions"]
    assert decision["weights"]["judged"] == pytest.approx({"price": 0.25, "battery": 0.75})
    assert decision["values"] == {
        "a": {"price": 900, "battery": 9},
        "b": {"price": 1500, "battery": 16},
    }
    for arguments, said in (
        ([], "a table needs --weights"),
        (["--weights", "equal"], "a table needs --directions"),
        (["--weights", "price=2", "--directions", "max"], "weights are missing for battery"),
        (
            ["--weights", "price=two,battery=1", "--directions", "max"],
            "'two' for price is not a number",
        ),
        (["--weights", "price=2;battery=1", "--directions", "max"], "Separate weights by commas"),
        (["--weights", "equal", "--directions", "max", "--domains", "price=1-2"], "NAME=LOW..HIGH"),
        (
            ["--weights", "equal", "--directions", "max", "--method", "normalisation=sum"],
            "Did you mean 'normalization'",
        ),
    ):
        done = evaluated(*arguments)
        assert done.returncode == 1, done.stdout
        assert said in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    for name, text, said in (
        ("mix.csv", "o;price\na;900\nb;1.200\n", "mix.csv:3: B3: 1.200 can be 1200"),
        ("nohead.csv", "a,900,9\nb,1500,16\n", "nohead.csv:1: B1: the first row has numbers"),
        ("long.csv", "o,p\na,1\nb,2,3\n", "the row has 3 cells, the first row 2"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = run("evaluate", name, "--weights", "equal", "--directions", "max", cwd=tmp_path)
        assert done.returncode == 1
        assert said in done.stderr
    (tmp_path / "fine.csv").write_text("o;price\na;9.25\nb;1.200\n", encoding="utf-8")
    done = run(
        "evaluate",
        "fine.csv",
        "--weights",
        "equal",
        "--directions",
        "max",
        "--format",
        "json",
        cwd=tmp_path,
    )
    assert json.loads(done.stdout)["decisions"][0]["values"]["b"]["price"] == 1.2
    for command in ("explain", "sensitivity", "validate"):
        done = run(command, "t.csv", cwd=tmp_path)
        assert done.returncode == 1
        assert "mcda init my.yaml --table t.csv" in done.stderr
    done = run("schema", "scenario", "-o", "t.csv", cwd=tmp_path)
    assert "is there already, and no schema" in done.stderr
    (tmp_path / "bad.csv").write_text('m,price\na,"9,5"\nb,\n', encoding="utf-8")
    done = run("evaluate", "bad.csv", "--weights", "equal", "--directions", "cost", cwd=tmp_path)
    assert "bad.csv:2: B2" in done.stderr
    assert "bad.csv:3: B3" in done.stderr
    (tmp_path / "s.yaml").write_text("format: mcda/scenario/1\n", encoding="utf-8")
    done = run("evaluate", "s.yaml", "--weights", "equal", cwd=tmp_path)
    assert "are for tables" in done.stderr


def test_tables_that_are_no_matrix(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("m,price,battery\na,900,9\nb,1500,16\nTotal,2400,25\n", encoding="utf-8")
    about = ["--weights", "equal", "--directions", "price=cost,battery=max"]
    ways = ["evaluate", "t.csv"], ["init", "t.yaml", "--table", "t.csv"]
    for way in ways:
        for more in (about, []):  # before what else is missing
            done = run(*way, *more, cwd=tmp_path)
            assert done.returncode == 1
            assert "t.csv:4: A4: the row 'Total' looks like a total" in done.stderr
    assert not (tmp_path / "t.yaml").exists()
    for way in ways:
        done = run(*way, *about, "--rows", "options", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "Total" in (tmp_path / "t.yaml").read_text(encoding="utf-8")
    done = run("evaluate", "t.yaml", "--rows", "options", cwd=tmp_path)
    assert "--rows, --method and --sheet are for tables" in done.stderr


def test_ids_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Price,RAM\n1,2\n2,1\n", encoding="utf-8")

    def evaluated(*directions: str) -> subprocess.CompletedProcess[str]:
        more = ["--weights", "equal", "--directions", *directions, "--format", "json"]
        return run("evaluate", "t.csv", *more, cwd=tmp_path)

    assert "t.csv:1: A1: the column 'Price' may name the options" in evaluated("max").stderr
    [both] = json.loads(evaluated("Price=cost,RAM=max").stdout)["decisions"]
    assert both["values"] == {
        "option 1": {"Price": 1, "RAM": 2},
        "option 2": {"Price": 2, "RAM": 1},
    }
    [one] = json.loads(evaluated("RAM=max").stdout)["decisions"]
    assert one["values"] == {"1": {"RAM": 2}, "2": {"RAM": 1}}

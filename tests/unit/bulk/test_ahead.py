"""What a copy of the process works out ahead is what would be worked out otherwise."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import subprocess
import sys
import time
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcda.bulk.ahead import cuts, is_portfolio, names_in, seen_in

ROOT = Path(__file__).parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")


def said(code: str, folder: Path, *arguments: str) -> str:
    """What a program says, which has nothing to complain of."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


#: Hashes a table ahead; which file is read afterwards shows who did it.
AHEAD = """
import hashlib, os, sys, time
from pathlib import Path
from mcda.bulk import ahead, digests

path, what = sys.argv[1:]
ahead.ahead(["missing.parquet", "notes.txt", path, path], "scenario")
children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
assert len(children.read_text().split()) == (what != "small")
if what == "changed":
    Path(path).write_bytes(b"other")
if what == "gone":
    os.kill(int(children.read_text()), 9)
if what == "told":  # nobody else needs to
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    digests.hashlib.file_digest = None
print(digests.hash_of(path).hex())
assert children.read_text() == "" or what == "changed"
"""


@LINUX
@pytest.mark.parametrize("what", ["told", "changed", "gone", "small"])
def test_a_large_table_is_hashed_ahead(tmp_path: Path, what: str) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(random.Random(0).randbytes(2**20 if what == "small" else 2**25))
    told = said(AHEAD, tmp_path, path.name, what)
    assert told.strip() == hashlib.sha256(path.read_bytes()).hexdigest()


#: The jobs of a table, and whether where they begin had to be looked for.
CUTS = """
import json, sys
from mcda.bulk import ahead

path, column, what = sys.argv[1:]
ahead._LARGE = 1
if what != "alone":
    ahead.ahead([path], column)

from mcda.bulk import scatter, sources  # which read modules that start threads

looked, look = [], scatter.begins_of
def begins_of(ids):
    looked.append(1)
    return look(ids)
scatter.begins_of = begins_of
settings = sources.Settings(criteria="ai-sourcing", scenario="id")
planned = list(sources.units([path], settings))
cut = [(unit.start, unit.stop, unit.table.height) for unit in planned]
print(json.dumps([cut, [sources.key_of(unit, settings) for unit in planned], len(looked)]))
"""
MANY = 260_000
NUMBERS = np.arange(MANY) // 3
IDS: dict[str, tuple[pl.Series, bool]] = {
    "numbers": (pl.Series(NUMBERS), True),
    "falling": (pl.Series(NUMBERS[::-1]), True),
    "narrow": (pl.Series(NUMBERS, dtype=pl.UInt32), True),
    "texts": (pl.Series(NUMBERS).cast(pl.String), True),
    "one": (pl.Series(np.zeros(MANY, dtype=np.int64)), True),
    "few": (pl.Series([3, 1]), True),
    "scattered": (pl.Series(NUMBERS % 1000), False),
    "unknown": (pl.Series([*NUMBERS[:-1].tolist(), None]), False),
    "days": (pl.Series(NUMBERS % 90_000, dtype=pl.Int32).cast(pl.Date), False),
    "nothing": (pl.Series([], dtype=pl.Int64), False),
}


@LINUX
@pytest.mark.parametrize("kind", IDS)
def test_a_large_table_is_cut_ahead(tmp_path: Path, kind: str) -> None:
    ids, told = IDS[kind]
    pl.DataFrame({"id": ids, "other": ids}).write_parquet(tmp_path / "t.parquet")

    def plan(*arguments: str) -> list[Any]:
        found: list[Any] = json.loads(said(CUTS, tmp_path, "t.parquet", *arguments))
        return found

    cut, keys, looked = plan("id", "told")
    assert [cut, keys, 1] == plan("id", "alone") == plan("other", "told")
    assert looked == (not told)
    for (_, stop, height), (start, _, _) in pairwise(cut):
        assert stop == start
        assert height == len(ids)


@given(st.lists(st.integers(1, 9), max_size=40), st.integers(1, 20))
def test_jobs_begin_with_scenarios(lengths: list[int], most: int) -> None:
    ends = list(accumulate(lengths))
    begins, height = [0, *ends[:-1]] if ends else [], sum(lengths)
    found = cuts(begins, height, most)
    assert found[0] == 0
    assert found[-1] == height
    assert set(found) <= {0, *ends}
    for start, stop in pairwise(found):  # no more scenarios than are needed for so many rows
        assert stop - start >= most or stop == height
        assert max([begin for begin in begins if begin < stop]) - start < most
    assert cuts(np.array(begins, dtype=np.int64), height, most) == found
    assert cuts(pl.Series(begins, dtype=pl.Int64), height, most) == found


#: The jobs of a folder with their keys, after something has happened to it.
FOLDER = """
import json, os, sys, time
from pathlib import Path
from mcda.bulk import ahead

what, *given = sys.argv[1:]
children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
ahead._LARGEST = 2000
if what == "few":
    ahead._MOST = 300
if what != "alone":
    ahead.ahead(given, "scenario")
    assert len(children.read_text().split()) == 1
if what == "gone":
    os.kill(int(children.read_text()), 9)
if what == "changed":
    assert ahead.portfolio_told(f"{given[-1]}/0999.json") is False
    time.sleep(0.01)
    for number in range(0, 1100, 7):
        Path(given[-1], f"{number:04}.json").write_text(f"criteria: m/b.json {number}")
    Path(given[-1], "0001.json").unlink()
from mcda.bulk import sources  # which reads modules that start threads

files = []
read = open
def counted(path, *arguments, **options):
    files.append(path)
    return read(path, *arguments, **options)
sources.open = counted
planned = [unit for source in given for unit in sources.units([source], sources.Settings())]
keys = [sources.key_of(unit, sources.Settings()) for unit in planned]
print(json.dumps([[unit.paths for unit in planned], keys, len(files)]))
assert what in ("alone", "few", "gone") or not ahead._FOLDERS[0].known.keys() & set(
    path for unit in planned for path in unit.paths
)
assert what not in ("few", "gone") or children.read_text() == ""
"""


def plan(folder: Path, what: str, *sources: str) -> tuple[list[list[str]], list[str], int]:
    paths, keys, opened = json.loads(said(FOLDER, folder, what, *sources))
    return paths, keys, opened


@LINUX
@pytest.mark.parametrize("what", ["told", "changed", "gone", "few"])
def test_a_large_folder_is_looked_at_ahead(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "many"
    (folder / "below" / ".hidden").mkdir(parents=True)
    for number in range(1100):
        text = {"id": number, "criteria": "./a.json" if number % 2 else "nowhere", "facts": "f"}
        (folder / f"{number:04}.json").write_text(json.dumps(text), encoding="utf-8")
    portfolio = "format: mcda/portfolio/1\n"
    (folder / "0005.json").write_text(portfolio, encoding="utf-8")
    (folder / "below" / "large.yaml").write_text(portfolio + " " * 3000, encoding="utf-8")
    (folder / "below" / "larger.yaml").write_text(
        "criteria: ./a.json" + " " * 3000, encoding="utf-8"
    )
    (folder / "below" / "b.yml").write_text("criteria: ../a.json", encoding="utf-8")
    (folder / "below" / "pyproject.toml").write_text("criteria = 1", encoding="utf-8")
    (folder / "below" / ".hidden" / "x.yaml").write_text("criteria: ../a.json", encoding="utf-8")
    (folder / "a.json").write_text("{}", encoding="utf-8")
    os.mkfifo(folder / "below" / "never.yaml")
    (folder / "gone.yaml").symlink_to("nothing")
    (folder / "0002.json").unlink()
    (folder / "0002.json").symlink_to("0001.json")
    (folder / "loop").symlink_to(folder)
    # other sources may be named before it and after it
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "one.yaml").write_text("criteria: ../many/a.json", encoding="utf-8")
    (tmp_path / "many2.yaml").write_text("criteria: many/a.json", encoding="utf-8")
    sources = ["other", "many2.yaml", "many"]
    paths, keys, opened = plan(tmp_path, what, *sources)
    wanted, wanted_keys, wanted_opened = plan(tmp_path, "alone", *sources)
    assert paths == wanted
    assert "many/0005.json" not in paths[2]
    # what a FIFO says is no part of a key here: nobody may wait for it
    assert keys == wanted_keys
    assert wanted_opened > 2000
    if what == "told":
        assert opened < 30
    if what == "changed":
        assert 157 < opened < 400


@LINUX
def test_who_looks_ahead_ends_with_the_process_that_wanted_it(tmp_path: Path) -> None:
    """Even if it has more to tell than a pipe holds, and nobody reads it."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{'long' * 20}{number}.json").write_text(f"criteria: m{number}")
    code = (
        "import time; from mcda.bulk import ahead; ahead.ahead(['many'], '');"
        "time.sleep(1); print(ahead._FOLDERS[0].child)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, env=environment, text=True,
        stdout=subprocess.PIPE, timeout=60,
    )  # fmt: skip
    place, until = Path(f"/proc/{int(done.stdout)}/stat"), time.monotonic() + 60
    while place.exists() and place.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < until
        time.sleep(0.05)


REFERENCE = re.compile(rb"""(?:criteria|facts)["']?\s*[:=]\s*["']?([^\s"',{}\[\]]+)""")
WORDS = ["criteria", "facts", "fact", "crit", ":", "=", " ", "\n", '"', "'", ",", "{", "a", "./b"]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(lambda words: "".join(words).encode()))
def test_names_are_found_wherever_they_begin(data: bytes) -> None:
    matches = (REFERENCE.match(data, at) for at in range(len(data)))
    assert names_in(data) == {found[1] for found in matches if found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format: mcda/portfolio/1", True),
        ('{"id": 1, "format": "mcda/portfolio/1"}', True),
        ("format = 'mcda/portfolio/1'", True),
        ("title: mcda/portfolio/1", False),
        ("format: mcda/scenario/1", False),
        (" " * 5000 + "format: mcda/portfolio/1", False),
    ],
)
def test_portfolios_are_told_by_their_beginning(text: str, expected: bool) -> None:
    assert is_portfolio(text.encode()) is expected
    assert seen_in(text.encode()).portfolio is expected

"""Damaged documents and tables: what the readers must take or refuse, and never fail on.

Run it for as long as you like; it prints the seed of what it finds, and goes on:

    python -m tests.readers --seconds 300
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mcda.engine.evaluate import evaluate
from mcda.errors import DocumentError, McdaError
from mcda.files.loader import Loader, read_document
from mcda.files.portfolios import problems_of
from mcda.files.tables import read_matrix
from mcda.files.writing import save
from mcda.model.portfolio import Portfolio
from mcda.model.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]

#: Seconds of computing after which an input counts as a hang.
LONGEST = 30
#: Characters of a page, amply.
LONGEST_MESSAGE = 20_000
#: What a person, a program or an attacker may leave in a file.
TOKENS = [
    *("{", "}", "[", "]", "? ", "- ", ": ", "#", "|", ">", "%", "@", "`", "'", '"', '"""', "\\", ","),
    *("&a ", "*a", "!!python/object:os.system ", "<<: *a", "---\n", "...\n", "=", "\t", "\r", "\n"),
    *(".nan", ".inf", "-.inf", "1e999", "-1e308", "5e-324", "0x", "0o9", "1_000", "1:30", "~", "null"),
    *("NaN", "Infinity", "true", "yes", "2026-02-30", "1/0", "0/1", "1/3/5", "9" * 5000, "1,5", "１２"),
    *("\x00", "\x1b[2J", "\u202e", "\u200b", "\ufeff", "\u2028", "é", "e\u0301", "价格", "😀", "\x85"),
    *("format", "id", "criteria", "options", "weights", "judgements", "goal", " vs ", "domain", "levels"),
    *("if", "else", "(" * 40, ")" * 40, "**", "1 / 0", "clip(", "own.", "price-", ";", '""', "[[", "{{"),
    "[" * 2000, "{a: " * 2000, "- " * 2000, "? " * 2000, "{" * 2000,
]  # fmt: skip
#: What may stand where something else is meant.
ODD: list[Any] = [
    None, True, False, 0, -1, 1e308, -1e308, 5e-324, 2**1030, float("nan"), float("inf"), "", " ", "x" * 5000,
    [], {}, [[]], {"": ""}, [None], {"a": None}, [1, 2, 3], "1/3", "-0", "nan", "a vs b", "goal", {"value": None},
    {"value": 1, "low": 2}, {"formula": "1 +"}, "sigma * own.x", [0, 0], [1, 0], "2026-13-01", {"id": "a"},
]  # fmt: skip
TABLES = [
    "laptop,price,battery\na,900,9\nb,1500,16\nc,1100,7\n",
    "name;price;battery\r\n\"a;b\";900;9\r\n'c';1.5e3;16\r\n",
    "o\tp\tq\na\t1\t2\nb\t3\t4\n",
    "选项,价格,续航\n甲,900,9\n乙,1500,16\n",
]


@cache
def documents() -> list[tuple[str, Any]]:
    """What is shipped, and its endings: each text, or its data to be written as JSON or TOML."""
    found: list[tuple[str, Any]] = []
    for folder in ("scenarios", "criteria"):
        paths = sorted((ROOT / folder).rglob("*.yaml"))
        texts = (path.read_text(encoding="utf-8") for path in paths)
        found += [(".yaml", text) for text in texts if len(text) < 20_000]
    found += [(".toml", text) for text in _as_toml()]
    return found


def _as_toml() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "scenarios" / "classics").glob("*.yaml"))[:8]:
            with contextlib.suppress(McdaError):
                save(read_document(path), target := Path(folder) / "x.toml")
                yield target.read_text(encoding="utf-8")


def damaged(seed: int) -> tuple[str, bytes]:
    """The ending and the bytes of a damaged file, the same for the same seed."""
    rng = random.Random(seed)
    if rng.random() < 0.2:
        text = rng.choice(TABLES)
        return rng.choice([".csv", ".tsv"]), _damage(text, rng)
    ending, text = rng.choice(documents())
    if ending == ".yaml" and rng.random() < 0.6:
        data = yaml.load(text, yaml.CSafeLoader)
        for _ in range(rng.randint(1, 3)):
            _misplace(data, rng)
        if rng.random() < 0.5:
            text = yaml.safe_dump(data, allow_unicode=True, sort_keys=rng.random() < 0.2)
        else:
            ending, text = ".json", json.dumps(data, default=str, ensure_ascii=rng.random() < 0.5)
        if rng.random() < 0.6:
            return ending, text.encode("utf-8", "surrogatepass")
    return ending, _damage(text, rng)


def _misplace(data: Any, rng: random.Random) -> None:
    """Put something odd, or a part from elsewhere, in a random place of a document's data."""
    places: list[tuple[Any, Any]] = []
    todo = [data]
    while todo:
        inner = todo.pop()
        if isinstance(inner, (dict, list)):
            for key in list(inner) if isinstance(inner, dict) else range(len(inner)):
                places.append((inner, key))
                todo.append(inner[key])
    if not places:
        return
    holder, key = rng.choice(places)
    other, other_key = rng.choice(places)
    kind = rng.random()
    if kind < 0.5:
        holder[key] = copy.deepcopy(rng.choice(ODD))
    elif kind < 0.65:
        holder[key] = json.loads(json.dumps(other[other_key], default=str))
    elif kind < 0.8:
        del holder[key]
    elif isinstance(holder, dict):
        holder[rng.choice([*map(str, ODD[6:20]), rng.choice(TOKENS)])] = holder.pop(key)
    else:
        holder.append(copy.deepcopy(rng.choice(ODD)))


def _damage(text: str, rng: random.Random) -> bytes:
    """A text with pieces cut out, doubled, moved, put in, or bytes changed."""
    for _ in range(rng.choice([1, 1, 2, 3, 8])):
        at, width = rng.randrange(len(text) + 1), rng.choice([1, 2, 5, 20, 200])
        piece = text[at : at + width]
        kept = text[at + width :]
        into = rng.choice(["", "", piece * rng.choice([2, 3, 50]), *rng.choices(TOKENS, k=3)])
        if rng.random() < 0.1:
            text = text[:at]
        elif rng.random() < 0.15 and piece:
            text = text.replace(piece, into, 3)
        else:
            text = text[:at] + into + (kept if rng.random() < 0.7 else piece + kept)
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if rng.random() < 0.2 and data:
        for _ in range(rng.choice([1, 4])):
            data[rng.randrange(len(data))] = rng.randrange(256)
    return (b"\xef\xbb\xbf" if rng.random() < 0.05 else b"") + bytes(data)


def read(path: Path) -> None:
    """Read a file as far as it goes; a refusal says where.

    Raises
    ------
    AssertionError
        If a refusal names no place, or is longer than a page.
    """
    document = None
    refused: McdaError | None = None
    try:
        if path.suffix in (".csv", ".tsv"):
            read_matrix(path)
        else:
            document = read_document(path)
    except McdaError as error:
        refused = error
    if refused is not None:
        assert isinstance(refused, DocumentError), refused
        assert all(path.name in each.place.source for each in refused.findings), refused
        assert len(str(refused)) < LONGEST_MESSAGE, refused
    if document is None:
        return
    loader = Loader(path.parent)
    with contextlib.suppress(McdaError):
        if isinstance(document, Portfolio):
            problems_of(document, loader)
        elif isinstance(document, Scenario):
            evaluate(loader.problem(document))
        else:
            loader.trial(document)


def assert_read(seed: int, folder: Path) -> None:
    """Read what the seed stands for."""
    ending, data = damaged(seed)
    path = folder / f"damaged{ending}"
    path.write_bytes(data)
    read(path)


class _HangError(Exception):
    pass


def _stop(*_: object) -> None:
    raise _HangError(f"no end after {LONGEST} s")


def main() -> int:
    """Read damaged files until the time is up; the exit status is 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, help="Only this one, with its trace and its file.")
    arguments = parser.parse_args()
    signal.signal(signal.SIGPROF, _stop)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.seed is not None:
            ending, data = damaged(arguments.seed)
            sys.stdout.write(f"{ending}\n{data.decode('utf-8', 'replace')}\n")
            assert_read(arguments.seed, folder)
            return 0
        first = random.SystemRandom().randrange(2**62)
        found: dict[str, int] = {}
        count, end = 0, time.monotonic() + arguments.seconds
        while time.monotonic() < end:
            signal.setitimer(signal.ITIMER_PROF, LONGEST)
            try:
                assert_read(first + count, folder)
            except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
                last = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{type(error).__name__} at {os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
                if where not in found:
                    sys.stdout.write(f"--seed {first + count}: {where}: {str(error)[:300]}\n")
                    sys.stdout.flush()
                found[where] = found.get(where, 0) + 1
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            count += 1
        sys.stdout.write(f"{count} files from seed {first} on; {len(found)} kinds of finding\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

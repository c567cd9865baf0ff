"""Makes small changes to the kernels, and counts those that the room's own tests notice.

    python tests/mutants.py                          40 changes in each room, seed 0
    python tests/mutants.py ranking --count 0        every change in one room
    python tests/mutants.py ranking --only ties.py   of one file

A change (mutant) swaps an operator (< and <=, + and -, * and /, and and or, ...), adds 1 to a
number, turns a condition round, or takes the largest for the smallest. A room's own tests are
`tests/unit/ROOM`, its docstrings' examples, and the laws named below. What no test can notice
stands in `tests/mutants.toml` with the reason. Changes are made in a copy of the checkout, never in
the checkout itself. Exits with 1 where fewer than 90 % of the others are noticed.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
#: The laws that are about one room.
LAWS = {
    "weighting": ["ahp", "own_weights"],
    "ranking": ["topsis"],
    "dependency": ["closure"],
    "robustness": ["block"],
    "explanation": ["explanation", "block"],
}
#: The share of changes to be noticed.
WANTED = 0.9
_PAIRS: list[tuple[type[ast.AST], type[ast.AST]]] = [
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Div),
    (ast.BitAnd, ast.BitOr),
    (ast.LShift, ast.RShift),
    (ast.And, ast.Or),
]
SWAPS = dict(_PAIRS) | {new: old for old, new in _PAIRS}
SWAPS |= {ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitXor: ast.BitAnd}
_NAMES = [("min", "max"), ("argmin", "argmax"), ("minimum", "maximum"), ("floor", "ceil")]
_NAMES += [("any", "all")]
NAMES = dict(_NAMES) | {new: old for old, new in _NAMES}


class Change(NamedTuple):
    """A mutant: where it is, the statement before and after, and the file's text with it."""

    file: str
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """How it is listed in `tests/mutants.toml`."""
        return self.file, f"{self.before} -> {self.after}"


def changes(room: str, only: str | None = None) -> list[Change]:
    """Every change to a room."""
    found = []
    for path in sorted((ROOT / "mcda" / room).glob(only or "*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for statement, node in _nodes(tree, tree):
            before = _header(statement)
            for field, new in _variants(node):
                old = getattr(node, field)
                setattr(node, field, new)
                name = path.relative_to(ROOT / "mcda").as_posix()
                text = ast.unparse(tree)
                found.append(Change(name, node.lineno, before, _header(statement), text))
                setattr(node, field, old)
    return found


def _nodes(node: ast.AST, statement: ast.AST) -> Iterator[tuple[ast.AST, Any]]:
    """All nodes but annotations, each with the statement that it stands in."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                within = child if isinstance(child, ast.stmt) else statement
                yield within, child
                yield from _nodes(child, within)


def _header(statement: ast.AST) -> str:
    return ast.unparse(statement).splitlines()[0]


def _variants(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """The changes to one node: a field and its new value."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                yield "ops", [*ops[:i], SWAPS[type(op)](), *ops[i + 1 :]]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            yield "op", SWAPS[type(op)]()
        case ast.UnaryOp(op=op, operand=operand):
            yield "operand", ast.UnaryOp(op, operand)
        case ast.Constant(value=bool(value)):
            yield "value", not value
        case ast.Constant(value=int() | float() as value):
            yield "value", value + 1 if value + 1 != value else 1 / value
        case ast.Name(id=name) if name in NAMES:
            yield "id", NAMES[name]
        case ast.Attribute(attr=name) if name in NAMES:
            yield "attr", NAMES[name]
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call
        ):
            yield "test", ast.UnaryOp(ast.Not(), test)


def _run(copy: Path, room: str, stem: str, seconds: int | None) -> None:
    """Run a room's own tests in a copy of the checkout; a child process of its own."""
    if seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        sys.dont_write_bytecode = True
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.chdir(copy)
    sys.path[:0] = [str(copy)]
    import pytest

    laws = [f"tests/property/test_{law}_laws.py" for law in LAWS[room]]
    # the module's tests first: most changes are noticed there
    first = [str(path) for path in sorted(copy.glob(f"tests/unit/{room}/test_{stem}*.py"))]
    own = [*first, f"tests/unit/{room}", f"mcda/{room}", *laws]
    # hypothesis is there before pytest, which would rewrite its assertions
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = int(pytest.main(["-x", "-q", "--hypothesis-seed=0", *quiet, *own]))
    import mcda

    # an answer about other code than the copy's would be worth nothing
    os._exit(code if Path(mcda.__file__).is_relative_to(copy) else 99)


def notices(copy: Path, room: str, stem: str = "", seconds: int | None = None) -> int:
    """The exit code of a room's own tests, in so many seconds of computing at most."""
    child = multiprocessing.get_context("fork").Process(
        target=_run, args=(copy, room, stem, seconds)
    )
    child.start()
    child.join()
    shutil.rmtree(copy / ".hypothesis", ignore_errors=True)
    assert child.exitcode != 99, "the tests import mcda from elsewhere"
    return child.exitcode or 0


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(LAWS)}")
    parser.add_argument("--count", type=int, default=40, help="changes a room; 0 for all")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of changes")
    parser.add_argument("--only", metavar="FILE", help="of the room, such as ties.py")
    given = parser.parse_args()
    listed = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))
    known = {
        (file, change)
        for file, reasons in listed.items()
        for like in reasons.values()
        for change in like
    }
    # once, before the forks: what takes long to import and is not changed
    for module in ("hypothesis", "networkx", "numpy", "pydantic", "pymcdm.methods", "pytest"):
        __import__(module)
    __import__("scipy.optimize")
    enough = True
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "copy"
        left = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build", "dist")
        shutil.copytree(ROOT, copy, ignore=left)
        for room in given.rooms or LAWS:
            enough &= _look_at(room, given, known, copy)
    return 0 if enough else 1


def _look_at(room: str, given: Any, known: set[tuple[str, str]], copy: Path) -> bool:
    """Try a room's changes and print what came; whether enough were noticed."""
    every = changes(room, given.only)
    files = {each.file for each in every}
    for file, change in known - {each.key for each in every}:
        if file in files:
            print(f"{file}: no such change any more: {change}")
    chosen = every
    if 0 < given.count < len(every):
        chosen = random.Random(given.seed).sample(every, given.count)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if notices(copy, room) != 0:
        raise SystemExit(f"{room}: its own tests fail without any change")
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    equal = noticed = 0
    for each in sorted(chosen):
        if each.key in known:
            equal += 1
            continue
        path = copy / "mcda" / each.file
        kept = path.read_bytes()
        for old in path.parent.glob(f"__pycache__/{path.stem}.*"):
            old.unlink()
        path.write_text(each.text, encoding="utf-8")
        # what never ends is noticed, too
        seen = notices(copy, room, path.stem, int(5 + 3 * taken)) != 0
        path.write_bytes(kept)
        noticed += seen
        if not seen:
            print(f"mcda/{each.file}:{each.line}\n  - {each.before}\n  + {each.after}", flush=True)
    rest = len(chosen) - equal
    print(
        f"{room}: {noticed} of {rest} changes noticed ({noticed / max(rest, 1):.0%}), "
        f"{equal} more that nothing can notice; {len(every)} in all, seed {given.seed}",
        flush=True,
    )
    return noticed >= WANTED * rest


if __name__ == "__main__":
    sys.exit(main())

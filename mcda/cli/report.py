"""`mcda report`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

import mcda
from mcda.cli.gathering import gathered, real
from mcda.cli.main import FAILED, INTERNAL, NOTHING_FOUND
from mcda.cli.output import prefixed
from mcda.cli.terminal import opened, refuse_table
from mcda.errors import McdaError, visible
from mcda.files.catalog import exists, is_folder, or_shipped
from mcda.files.loader import read_document
from mcda.files.reading import fail
from mcda.files.writing import check_target, make_folder, replace_text
from mcda.model.language import Language
from mcda.reports.page.material import SAMPLES, SEED, Material
from mcda.reports.page.writing import KINDS, folder, text

__all__ = ["run"]


def run(
    paths: Sequence[str],
    output: str,
    samples: int,
    seed: int,
    methods: bool,
    criteria: str | None,
    facts: str | None,
    root: str | None,
    lang: Language,
) -> int:
    """Evaluate, write the report, and return the exit status."""
    loader = opened(root, criteria, facts)
    target = Path(output)
    into_folder = output.endswith("/") or is_folder(target)
    try:
        _check(target, into_folder)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return INTERNAL
    decisions, failures = gathered(loader, paths, lambda path: read_document(refuse_table(path)))
    for message in failures.values():
        click.echo(prefixed("error", message), err=True)
    if not decisions and not failures:
        where = ", ".join(map(visible, paths))
        click.echo(f"error: no scenario found at {where}. See those shipped: mcda list", err=True)
        return NOTHING_FOUND
    several = into_folder or len(paths) > 1 or is_folder(or_shipped(Path(paths[0])))
    if failures and not several:
        return FAILED
    named = {"--criteria": criteria, "--facts": facts, "--root": root}
    command = _command(paths, target, named, samples, seed, lang, methods, into_folder=into_folder)
    places = [*paths, *filter(None, named.values())]
    failures = {_bare(path, places): _bare(said, places) for path, said in failures.items()}
    materials = [
        Material(each, lang, samples, seed, command, mcda.__version__, methods)
        for each in decisions
    ]
    try:
        if into_folder:
            make_folder(target)
            for name, page in folder(materials, lang, failures).items():
                replace_text(target / name, page)
        else:
            kind = KINDS[target.suffix.lower()]
            said = text(materials, kind, lang, failures=failures, several=several)
            replace_text(target, said)
    except McdaError as error:
        click.echo(prefixed("error", str(error)), err=True)
        return INTERNAL
    return FAILED if failures else 0


def _check(target: Path, into_folder: bool) -> None:
    """Refuse, before anything is worked out, what cannot be written."""
    if into_folder:
        if exists(target) and not is_folder(target):
            raise fail(str(target), "this is a file", "Name a folder, or leave out the last slash")
        if not is_folder(target.parent):
            what = f"there is no folder {str(target.parent)!r}"
            raise fail(str(target), what, "Make it first")
        return
    if target.suffix.lower() not in KINDS:
        what = f"the ending {target.suffix!r} is not known"
        raise fail(str(target), what, "Use .html, .md or .json; or a folder, with a last slash")
    check_target(target)


def _command(
    paths: Sequence[str],
    target: Path,
    named: dict[str, str | None],
    samples: int,
    seed: int,
    lang: Language,
    methods: bool,
    *,
    into_folder: bool,
) -> str:
    """The command that makes the same report again, where its files are.

    Neither folders of this machine nor the output's name stand in it: the report must not tell
    where its author keeps things, and be the same wherever it is written.
    """
    endings = {"html": ".html", "markdown": ".md", "json": ".json"}
    output = "report/" if into_folder else f"report{endings[KINDS[target.suffix.lower()]]}"
    words = ["mcda", "report", *(_without_folder(path) for path in paths), "-o", output]
    for flag, value in named.items():
        words += [flag, _without_folder(value)] if value is not None else []
    words += ["--samples", str(samples)] if samples != SAMPLES else []
    words += ["--seed", str(seed)] if seed != SEED else []
    words += ["--methods"] if methods else []
    words += ["--lang", lang] if lang != "en" else []
    return shlex.join(words)


def _without_folder(path: str) -> str:
    """A file's or folder's own name; what is shipped and no file here keeps its name."""
    given = Path(path)
    if not given.is_absolute() and not os.path.lexists(given):
        return path
    return given.name if given.name not in ("", "..") else real(given).name


def _bare(text: str, paths: Sequence[str]) -> str:
    """A text in which places begin with what was asked for, by its own name, not with folders."""
    above = {Path.cwd(), Path.home()}
    for path in map(Path, paths):
        above |= {path.parent, path.absolute().parent, real(path).parent}
    for each in sorted(map(str, above), key=len, reverse=True):
        if each not in (".", os.sep):
            text = re.sub(rf"(?<![\w.~/\\-]){re.escape(each + os.sep)}", "", text)
    return text

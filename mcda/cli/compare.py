"""`mcda compare`: a questionnaire that fills in pairwise judgements."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from mcda.api import load_scenario
from mcda.cli.main import FAILED, INTERNAL
from mcda.cli.output import prefixed
from mcda.errors import McdaError, hint
from mcda.files.editing import ScenarioEditor
from mcda.files.loader import Loader
from mcda.model.language import Language
from mcda.model.tree import CriteriaTree
from mcda.model.values import not_given, parse_ratio
from mcda.reports.blocks import Paragraph, plain
from mcda.reports.words import say
from mcda.weighting.ahp import prioritise
from mcda.weighting.consistency import ACCEPTABLE
from mcda.weighting.graph import components, next_comparison

__all__ = ["run"]


class _Stopped(Exception):  # noqa: N818
    """The person has had enough."""


def run(
    file: str, node: str | None, judge: str | None, again: bool, root: str | None, lang: Language
) -> int:
    """Ask, save, and return the exit status."""
    try:
        tree = Loader(root).tree(load_scenario(file))
        editor = ScenarioEditor(Path(file), judge)
        editor.judgements()
    except (McdaError, OSError) as error:
        click.echo(prefixed("error", str(error)), err=True)
        return FAILED
    if node is not None and node not in tree.children:
        click.echo(
            f"error: no criterion {node!r} with children. {hint(node, tree.children)}", err=True
        )
        return INTERNAL
    session = _Session(editor, tree, lang, again=again)
    try:
        for name, children in tree.parents():
            if len(children) > 1 and node in (None, name):
                session.ask_all(name, children)
    except (_Stopped, KeyboardInterrupt, EOFError, click.Abort) as stopped:
        click.echo()
        if isinstance(stopped, EOFError) and not session.given:
            click.echo(f"error: {say('compare_no_input', lang)}", err=True)
            return FAILED
    return session.finish()


class _Session:
    """The questions asked and the answers given."""

    def __init__(
        self, editor: ScenarioEditor, tree: CriteriaTree, lang: Language, *, again: bool
    ) -> None:
        self.again = again
        self.asked = 0
        self.editor = editor
        self.tree = tree
        self.lang: Language = lang
        self.given = 0
        self.saved = 0
        self.unsaved: list[str] = []

    def ask_all(self, node: str, children: tuple[str, ...]) -> None:
        """Ask for the children of a node until all pairs are settled or skipped."""
        before = self._given(node, children)
        given = {} if self.again else before
        total = len(children) * (len(children) - 1) // 2
        refused: set[tuple[int, int]] = set()
        order: list[tuple[int, int]] = []
        if len(given) < total:
            intro = say("compare_intro", self.lang, node=self._title(node), total=total)
            click.echo(plain([Paragraph(intro)]), nl=False)
        while (pair := self._next(given, children, frozenset(refused))) is not None:
            first, second = children[pair[0]], children[pair[1]]
            if (second, first) in before:
                first, second = second, first
            now = before.get((first, second)) if self.again else None
            self.asked += 1
            answer = self._prompt(first, second, now)
            if answer == "b":
                if order:
                    back = order.pop()
                    self._take_back(node, children, back, given, before)
                    refused.discard(back)
                continue
            order.append(pair)
            if answer == "":
                if now is not None:
                    given[first, second] = now
                else:
                    refused.add(pair)
                continue
            given[first, second] = parse_ratio(answer)
            self.editor.set(node, first, second, answer)
            self._save(f"{node}: {first} vs {second}: {answer}", 1)
            self._show(node, given, children)

    def _take_back(
        self,
        node: str,
        children: tuple[str, ...],
        pair: tuple[int, int],
        given: dict[tuple[str, str], float],
        before: dict[tuple[str, str], float],
    ) -> None:
        """The last answer counts no more; what stood there before comes back."""
        first, second = children[pair[0]], children[pair[1]]
        if (second, first) in before:
            first, second = second, first
        given.pop((first, second), None)
        if self.again and (first, second) in before:
            self.editor.set(node, first, second, f"{before[first, second]:.12g}")
        else:
            self.editor.remove(node, first, second)
        self._save(f"{node}: {first} vs {second}: taken back", -1)

    def finish(self) -> int:
        """Say what was saved; hand over what could not be."""
        if not self.asked:
            click.echo(say("compare_nothing", self.lang))
            return 0
        click.echo(say("compare_done", self.lang, answers=self.saved, path=self.editor.path))
        if self.unsaved:
            click.echo("error: these answers could not be saved:", err=True)
            for line in self.unsaved:
                click.echo(f"    {line}", err=True)
            return FAILED
        return 0

    def _given(self, node: str, children: tuple[str, ...]) -> dict[tuple[str, str], float]:
        """The judgements that the file has already."""
        found = {}
        for text, value in self.editor.judgements().get(node, {}).items():
            for first in children:
                for second in children:
                    same = " ".join(text.split()) == f"{first} vs {second}"
                    if same and not not_given(value):
                        found[first, second] = parse_ratio(value)
        return found

    def _next(
        self,
        given: dict[tuple[str, str], float],
        children: tuple[str, ...],
        refused: frozenset[tuple[int, int]],
    ) -> tuple[int, int] | None:
        return next_comparison(self._known(given, children), refused)

    def _known(
        self, given: dict[tuple[str, str], float], children: tuple[str, ...]
    ) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        known = np.eye(len(children), dtype=bool)
        for first, second in given:
            i, j = children.index(first), children.index(second)
            known[i, j] = known[j, i] = True
        return known

    def _prompt(self, first: str, second: str, now: float | None) -> str:
        """A valid answer: a ratio, "" to skip or to keep what is there, or "b" to go back."""
        titles = {"first": self._title(first), "second": self._title(second)}
        question = say("compare_ask", self.lang, **titles)
        if now is not None:
            question = say("compare_ask_again", self.lang, **titles, now=f"{now:.3g}")
        while True:
            click.echo(question, nl=False)
            answer = input().strip().lower()
            if answer in ("q", "quit", "exit"):
                raise _Stopped
            if answer in ("", "b"):
                return answer
            if answer == "=":
                return "1"
            try:
                parse_ratio(answer)
            except ValueError as error:
                click.echo(f"  {error}")
            else:
                return answer

    def _save(self, line: str, count: int) -> None:
        """Save now; what cannot be saved stays noted and is tried again with the next answer."""
        self.unsaved.append(line)
        self.given += count
        try:
            self.editor.save()
        except (OSError, McdaError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            click.echo(f"  not saved: {reason}; will try again", err=True)
        else:
            self.unsaved.clear()
            self.saved = self.given

    def _show(
        self, node: str, given: dict[tuple[str, str], float], children: tuple[str, ...]
    ) -> None:
        """The weights and the consistency so far."""
        if len(components(self._known(given, children))) > 1:
            return
        result = prioritise(node, given, children, "geometric_mean")
        shown = say("separator", self.lang).join(
            f"{self._title(name)} {weight:.3f}"
            for name, weight in zip(children, result.weights, strict=True)
        )
        click.echo(say("compare_weights", self.lang, weights=shown))
        if result.freedom > 0:
            ratio = result.consistency_ratio
            click.echo(say("compare_ratio", self.lang, ratio=ratio, limit=ACCEPTABLE))
        for notice in result.warnings:
            if notice.code in ("inconsistent", "circle"):
                click.echo(f"  {notice.titled(self.tree.titles).say(self.lang)}")

    def _title(self, name: str) -> str:
        return self.tree.titles[name].say(self.lang) if name in self.tree.titles else name

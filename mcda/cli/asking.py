"""Questions on a terminal; or answered from a pipe or file, one answer a line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from mcda.errors import InputError, short
from mcda.model.language import Language
from mcda.reports.words import say

__all__ = ["Questions", "as_boolean"]

_T = TypeVar("_T")

#: What answers a yes/no question, in capitals or not.
_YES, _NO = ("y", "yes", "true", "是"), ("n", "no", "false", "否")


class Questions:
    """Asks questions where there is someone, or something, to answer them.

    Attributes
    ----------
    answered : bool
        Whether standard input is a terminal, or holds anything.
    """

    def __init__(self, lang: Language) -> None:
        self._lang: Language = lang
        self._terminal = sys.stdin.isatty()
        self._first = "" if self._terminal else _line()
        self.answered = self._terminal or bool(self._first)

    def ask(self, question: str, read: Callable[[str], _T], choices: str, *, shown: str = "") -> _T:
        """The answer as `read` takes it.

        Parameters
        ----------
        question
            Without a colon.
        read
            Raises ValueError for what is no answer to this question; then a terminal is asked
            again, while of a pipe the next line may be meant for another question.
        choices
            A sentence that says what can be answered.
        shown
            What an empty answer means, if that is not "".

        Raises
        ------
        InputError
            For a line of a pipe that is no answer.
        EOFError, click.Abort
            If the input ends.
        """
        while True:
            answer = (self._prompt(question, shown) or shown).strip()
            try:
                return read(answer)
            except ValueError:
                if not self._terminal:
                    what = f"{short(answer)} is no answer to “{question}”"
                    raise InputError(what, choices) from None
                click.echo(choices)

    def yes(self, question: str) -> bool:
        """The answer to a yes/no question, which an empty line does not answer."""
        return self.ask(f"{question} (y/n)", as_boolean, say("init_yes_or_no", self._lang))

    def end(self) -> None:
        """Refuse what a pipe holds beyond the answers, as they may be meant for other questions.

        Raises
        ------
        InputError
            Naming the first line that answers nothing.
        """
        while not self._terminal and (line := _line()):
            if line.strip():
                what = f"{short(line.strip())} answers no question: all had been answered before"
                raise InputError(what, "Leave it out, or look at the questions one by one")

    def _prompt(self, question: str, shown: str) -> str:
        if self._terminal:
            return str(click.prompt(question, default=shown, show_default=bool(shown)))
        click.echo(f"{question}{f' [{shown}]' if shown else ''}: ", nl=False)
        line, self._first = self._first or _line(), ""
        if not line:
            raise EOFError
        click.echo(line.strip())
        return line.strip()


def as_boolean(answer: str) -> bool:
    """Whether an answer says yes; ValueError if it says neither yes nor no."""
    word = answer.lower()
    if word not in _YES + _NO:
        raise ValueError(answer)
    return word in _YES


def _line() -> str:
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise InputError(f"the answers are not {error.encoding}", "Save them as UTF-8") from None

"""A line on a terminal's stderr that says how far a bulk run is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import TextIO

from mcda.bulk.run import Step
from mcda.model.language import Language
from mcda.reports.blocks import cut
from mcda.reports.words import say

__all__ = ["line_of", "progress"]

#: Seconds between two lines.
_OFTEN = 0.1
#: Back to the beginning of the line, which is emptied.
_CLEAR = "\r\x1b[K"


@contextmanager
def progress(
    lang: Language, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Step], None] | None]:
    """What shows each step; ``None`` where stderr is no terminal. The line is gone at the end."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield None
        return
    started: float | None = None
    shown = 0.0

    def show(step: Step) -> None:
        nonlocal started, shown
        now = clock()
        started = now if started is None else started
        if step.joining or step.done == step.reused or now - shown >= _OFTEN:
            shown = now
            line = cut(line_of(step, now - started, lang), get_terminal_size().columns - 1)
            stream.write(_CLEAR + line)
            stream.flush()

    try:
        yield show
    finally:
        stream.write(_CLEAR)
        stream.flush()


def line_of(step: Step, seconds: float, lang: Language) -> str:
    """How far it is; rate and remaining time are those of this run alone."""
    if step.joining:
        return say("bulk_joining", lang)
    share = f"{100 * step.done / max(1, step.jobs):.0f}"
    new = step.done - step.reused
    if not new or seconds <= 0:
        return say("bulk_begun", lang, share=share)
    left = (step.jobs - step.done) * seconds / new
    return say(
        "bulk_progress",
        lang,
        share=share,
        count=f"{step.scenarios:,}",
        rate=f"{step.scenarios / seconds:,.0f}",
        left=_clock(left),
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"

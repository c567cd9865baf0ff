"""Workers that are started before it is known what there is to do.

A worker needs longer to read its modules than for a job. So a command that is going to need some
starts them before it reads its own modules.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from mcda.bulk.copied import copied, copies
from mcda.bulk.endings import DELIMITED, LINED, PARQUET, ending
from mcda.bulk.workers import Worker, end, start

__all__ = ["Crew", "early", "likely"]

#: Bytes of a file for which a job can be expected, and files of a scenario each.
_BYTES, _FILES = 2**21, 500
#: Files that are cut into several jobs.
_CUT = (*PARQUET, *DELIMITED, *LINED)


class Crew:
    """Workers that were started before it is known what there is to do."""

    def __init__(self) -> None:
        self.idle: list[Worker] = []
        self.preparation: Callable[[], None] | None = None

    def prepare(self, function: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        """Let each call a function, whatever comes of it; those that wait when they are given."""
        self.preparation = partial(function, *args, **kwargs)
        for worker in self.idle:
            if not worker.waits:
                self._prepare(worker)

    def _prepare(self, worker: Worker) -> None:
        if self.preparation is not None and not worker.prepared:
            worker.send(self.preparation)
            worker.prepared = True

    def give(self, among: list[Worker]) -> Worker | None:
        """One that is alive, which is put among others; ``None`` if there is none."""
        while self.idle:
            worker = self.idle[0]
            if worker.process.is_alive():
                among.append(worker)
                self.idle.remove(worker)
                self._prepare(worker)
                return worker
            worker.end()
            self.idle.remove(worker)
        return None

    def end(self) -> None:
        """End those that nobody took."""
        end(self.idle)
        self.idle.clear()


@contextlib.contextmanager
def early(count: int, shared: Sequence[str], own: Sequence[str] = ()) -> Iterator[Crew]:
    """A crew of `count` workers; who is not taken ends at the end.

    Parameters
    ----------
    count
        How many.
    shared
        Modules that all read, once for all where workers can be copies. Of those that have a
        function `prepare` it is called.
    own
        Modules that each reads for itself, since they start threads.
    """
    crew = Crew()
    with contextlib.ExitStack() as stack:
        stack.callback(crew.end)
        with contextlib.suppress(OSError):  # said when one is needed and cannot be started either
            if count and copies():
                # what is to be done is found out by this process, which none is to keep from it
                at_once = max(1, (os.cpu_count() or 1) - 1)
                stack.enter_context(copied(crew.idle, count, at_once, shared, own))
            else:
                for _ in range(count):
                    start(crew.idle, (*own, *shared))
        yield crew


def likely(sources: Sequence[str], workers: int) -> int:
    """How many of the workers will have a job, as far as can be told without opening a file.

    Of folders only what lies in them directly is counted.

    Parameters
    ----------
    sources
        Files, folders and globs.
    workers
        How many may be started.
    """
    jobs, single = 0, 0
    for source in sources:
        try:
            status = os.stat(source)  # noqa: PTH116
            if stat.S_ISDIR(status.st_mode):
                with os.scandir(source) as entries:
                    single += sum(1 for _ in islice(entries, workers * _FILES))
                continue
        except (OSError, ValueError):  # a glob, a name, or nothing
            single += 1
            continue
        if ending(source) not in _CUT:
            single += 1
        else:
            jobs += max(1, -(-status.st_size // _BYTES))
    return min(workers, max(1, jobs + -(-single // _FILES)))

"""A Dask cluster as an engine of bulk runs: one that is there, or one of this machine's own."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from mcda.bulk.pool import ONE_THREAD, Borrowed, one_thread
from mcda.errors import InputError

__all__ = ["LOCAL", "Cluster"]

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")

#: The address that stands for a cluster of this machine's own.
LOCAL = "local"


class Cluster:
    """The workers of a Dask scheduler, asked when there is a job.

    Parameters
    ----------
    address
        Of the scheduler, or "local" for a cluster on this machine that ends with the jobs.
    workers
        Processes of a local cluster, each with one thread.
    answer, join
        Seconds until a scheduler has to answer, and until its first worker has to be there.

    Raises
    ------
    InputError
        When jobs are to be done: if Dask is missing, the scheduler does not answer or has no
        workers, or the connection ends.
    """

    remote = True

    def __init__(
        self, address: str, workers: int = 1, *, answer: float = 10.0, join: float = 30.0
    ) -> None:
        self.address, self.workers, self.answer, self.join = address, workers, answer, join

    def each(
        self, function: Callable[[_Job], _Done], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Done | Exception]]:
        """What a function makes of each job, as they end."""
        todo = iter(jobs)
        first = next(todo, None)
        if first is None:
            return
        with self.connected() as client:
            from distributed import KilledWorker

            threads = sum(client.nthreads().values())
            executor = client.get_executor(pure=False)
            yield from Borrowed(executor, max(1, threads), (KilledWorker,)).each(
                function, chain([first], todo)
            )

    @contextlib.contextmanager
    def connected(self) -> Iterator[Any]:
        """A client of the scheduler."""
        try:
            import distributed
        except ImportError:
            what, remedy = "Dask is not installed", 'Install it: pip install "mcda-engine[dask]"'
            raise InputError(what, remedy) from None
        with _quiet(), self._client(distributed) as client:
            yield client

    @contextlib.contextmanager
    def _client(self, distributed: Any) -> Iterator[Any]:
        if self.address == LOCAL:
            with (
                _local(distributed, self.workers) as cluster,
                distributed.Client(cluster, set_as_default=False) as client,
            ):
                yield client
            return
        try:
            client = distributed.Client(self.address, timeout=self.answer, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            text = str(error).strip().splitlines() or [type(error).__name__]
            raise InputError(
                f"no Dask scheduler answers at {self.address!r} ({text[0].rstrip('.')})",
                "Start one with `dask scheduler` and name its address, or use --dask local",
            ) from None
        with client:
            try:
                client.wait_for_workers(1, timeout=self.join)
            except TimeoutError:
                raise InputError(
                    f"the Dask scheduler at {self.address!r} has no workers",
                    f"Start some: dask worker {self.address} --nthreads 1",
                ) from None
            yield client


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own reports of lost connections are left out; they are told as errors."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def _local(distributed: Any, workers: int) -> Iterator[Any]:
    """A cluster of processes with one thread each and no limit of memory, as a pool has."""
    import dask

    settings = {
        "distributed.scheduler.allowed-failures": 1,
        # A worker has no second job in its hands that would die with the first.
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.nanny.pre-spawn-environ": ONE_THREAD,
        "distributed.worker.profile.enabled": False,
    }
    before = dict(os.environ)
    try:
        with dask.config.set(settings), one_thread():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                # What is left of the dashboard takes a free port that only this machine reaches.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                silence_logs=logging.CRITICAL,
            )
        with cluster:
            yield cluster
    finally:
        for name in set(os.environ) - set(before):  # what Dask sets whenever a worker starts
            os.environ.pop(name, None)
        os.environ.update(before)

"""Where the chunks of a sweep are solved: here, in processes of this machine, or on a cluster.

Every engine takes chunks from one :class:`Chunks` and yields their outcomes as they arrive, in
whatever order; closed early, it starts nothing more.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import islice
from threading import Lock
from typing import Any

from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.shown import raised
from persuasion_lp.sweep.solving import Instance, Job, Outcome, solve_chunk, solve_elsewhere

__all__ = ["Chunks", "LostError", "on_cluster", "on_processes", "one_by_one"]

TARGET = 0.5
"""Seconds that a chunk is meant to take: sending it and saving its rows takes about 0.01."""

MOST = 5000
"""Instances of a chunk."""

AHEAD = 2
"""Chunks for each worker that are sent before the first comes back, so that none is idle."""


class LostError(Exception):
    """Those who solve went away; says why."""


class Chunks(Iterator[list[Instance]]):
    """Instances in chunks, as large as what has been solved so far says.

    Parameters
    ----------
    instances
        What is to be solved, and how many there are.
    workers
        Among how many it is shared.
    """

    def __init__(self, instances: Iterator[Instance], count: int, workers: int) -> None:
        self._instances = instances
        self._left = count
        self.workers = workers
        self._solved = 0
        self._seconds = 0.0
        self._lock = Lock()

    def told(self, instances: int, seconds: float) -> None:
        """Learn what a chunk took."""
        with self._lock:
            self._solved += instances
            self._seconds += seconds

    def end(self) -> None:
        """Give no more."""
        with self._lock:
            self._instances, self._left = iter(()), 0

    def __next__(self) -> list[Instance]:
        with self._lock:
            chunk = list(islice(self._instances, self._size()))
            self._left -= len(chunk)
        if not chunk:
            raise StopIteration
        return chunk

    def _size(self) -> int:
        if not self._solved:
            return 1
        wanted = int(TARGET * self._solved / max(self._seconds, 1e-9))
        shared = -(-self._left // (AHEAD * self.workers))
        return max(1, min(wanted, shared, MOST))


Outcomes = Generator[Outcome, None, None]


def one_by_one(job: Job, chunks: Chunks) -> Outcomes:
    """In this process."""
    for chunk in chunks:
        outcome = solve_chunk(job, chunk)
        chunks.told(len(chunk), outcome.seconds)
        yield outcome


def on_processes(job: Job, chunks: Chunks, workers: int) -> Outcomes:
    """In so many processes of this machine.

    Raises
    ------
    LostError
        If a process ends abruptly.
    OptionError
        If what makes the instances cannot be sent to them.
    """
    joblib = load("joblib", extra="sweep", feature="sweeps on several processes")
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    pool = joblib.Parallel(
        n_jobs=workers,
        return_as="generator_unordered",
        pre_dispatch=f"{AHEAD}*n_jobs",
        batch_size=1,
    )
    send = joblib.delayed(_numbered)
    outcomes = pool(send(job, chunk) for chunk in chunks)
    try:
        for count, outcome in outcomes:
            chunks.told(count, outcome.seconds)
            if outcome.failure is not None:  # what has been sent is waited for, nothing more is
                chunks.end()
                for _ in outcomes:
                    pass
            yield outcome
    except TerminatedWorkerError:
        raise LostError(
            "a worker process ended abruptly, as one does that is out of memory"
        ) from None
    except Exception as error:
        if "ickle" in type(error).__name__ + str(error):
            raise _unsendable(error) from None
        raise
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of chunks that nobody waits for any more
            outcomes.close()


def on_cluster(job: Job, chunks: Chunks, client: Any) -> Outcomes:
    """On a Dask cluster; chunks of workers that are lost are solved by others.

    Raises
    ------
    LostError
        If the cluster goes away, or chunks are lost again and again.
    OptionError
        If what makes the instances cannot be sent to it.
    """
    distributed = load("distributed", extra="dask", feature="sweeps on a cluster")
    running = distributed.as_completed(with_results=False)
    try:
        chunks.workers = max(1, _threads(client))
        for chunk in islice(chunks, AHEAD * chunks.workers):
            running.add(_submitted(client, job, chunk))
        for future in _arriving(client, running):
            count, outcome = _result(future)
            chunks.told(count, outcome.seconds)
            for chunk in islice(chunks, 1):
                running.add(_submitted(client, job, chunk))
            yield outcome
    finally:
        for future in list(running.futures):
            with suppress(Exception):
                future.cancel()


POLL = 0.01
"""Seconds between two looks at what has arrived."""

ASKED = 2.0
"""Seconds without news after which a cluster is asked whether it has workers."""

LONELY = 30.0
"""Seconds without workers, new or old, after which a cluster is given up."""


def _arriving(client: Any, running: Any) -> Iterator[Any]:
    """Futures as they end, as long as the cluster is there."""
    news = asked = alive = time.monotonic()
    while not running.is_empty():
        batch = running.next_batch(block=False)
        now = time.monotonic()
        if batch:
            news = asked = alive = now
            yield from batch
            continue
        if client.status != "running":
            raise LostError(f"the cluster went away (its client is {client.status})")
        if now - max(news, asked) > ASKED:
            asked = now
            if _threads(client):
                alive = now
            elif now - alive > LONELY:
                raise LostError(f"the cluster has had no workers for {LONELY:g} s")
        time.sleep(POLL)


def _threads(client: Any) -> int:
    """How many chunks a cluster solves at once."""
    try:
        return int(sum(client.nthreads().values()))
    except Exception as error:
        raise LostError(f"the cluster does not answer ({raised(error)})") from None


def _submitted(client: Any, job: Job, chunk: list[Instance]) -> Any:
    try:
        return client.submit(_numbered, job, chunk, pure=False)
    except Exception as error:
        if client.status != "running":
            raise LostError(f"the cluster went away ({raised(error)})") from None
        raise _unsendable(error) from None


def _result(future: Any) -> tuple[int, Outcome]:
    try:
        found: tuple[int, Outcome] = future.result()
    except Exception as error:
        lost = "went away" if "Cancelled" in type(error).__name__ else "lost a chunk for good"
        raise LostError(f"the cluster {lost} ({raised(error)})") from None
    return found


def _numbered(job: Job, chunk: list[Instance]) -> tuple[int, Outcome]:
    """An outcome with the number of its instances."""
    return len(chunk), solve_elsewhere(job, chunk)


def _unsendable(error: Exception) -> OptionError:
    rule = (
        f"must be a function that other processes can have ({raised(error)}); workers=1 takes any"
    )
    return OptionError("build", rule)

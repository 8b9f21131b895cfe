"""Run numbered tasks in order, on one core or several, and say how far they are."""

from __future__ import annotations

import multiprocessing
import operator
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias, TypeVar

from persuasion_lp.errors import OptionError

__all__ = ["Progress", "checked_count", "run_chunks"]

Progress: TypeAlias = bool | Callable[[int, int], object]
"""Whether to write to standard error how many tasks are done, or what to call with (done, all)."""

ResultT = TypeVar("ResultT")

CHUNKS_PER_WORKER = 8
"""Enough for the cores to end together, few enough for the start of a task not to count."""


def run_chunks(
    function: Callable[[int, int], ResultT], n: int, *, workers: int, progress: Progress
) -> Iterator[ResultT]:
    """Yield ``function(start, stop)`` for consecutive ranges that cover 0 … n-1, in order.

    Parameters
    ----------
    function
        With more than one worker it is pickled, and run in fresh processes: neither threads of the
        solver nor locks are inherited.
    n
        Number of tasks.
    workers
        Number of processes; 1 is this one.
    progress
        See :data:`Progress`.

    Raises
    ------
    OptionError
        For counts that are not positive, a function that cannot be sent to other processes, or
        processes that end abruptly, as those of a script without a guarded entry do.
    """
    n, workers = checked_count("n", n), checked_count("workers", workers)
    size = max(1, n // (CHUNKS_PER_WORKER * workers))
    ranges = [(start, min(start + size, n)) for start in range(0, n, size)]
    if workers == 1:
        for start, stop in ranges:
            yield function(start, stop)
            _report(progress, stop, n)
        return
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise OptionError(
            "workers",
            f"must be 1 for functions that are not importable by name ({error})",
            value=workers,
        ) from None
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    try:
        futures = [pool.submit(function, *bounds) for bounds in ranges]
        for (_, stop), future in zip(ranges, futures, strict=True):
            yield future.result()
            _report(progress, stop, n)
    except BrokenProcessPool:
        raise OptionError(
            "workers",
            "must be 1 unless functions are importable by name (not typed at a prompt) and a "
            'script guards its entry with if __name__ == "__main__": a process ended abruptly',
            value=workers,
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def checked_count(field: str, count: int, least: int = 1) -> int:
    """A whole number of at least 1, or of at least ``least``; otherwise :class:`OptionError`."""
    rule = "must be a positive whole number" if least else "must be a whole number from 0 on"
    try:
        whole = operator.index(count)
    except TypeError:
        raise OptionError(field, rule, value=count) from None
    if isinstance(count, bool) or whole < least:
        raise OptionError(field, rule, value=count)
    return whole


def _report(progress: Progress, done: int, n: int) -> None:
    if callable(progress):
        progress(done, n)
    elif progress:
        print(f"\r{done} of {n}", end="\n" if done == n else "", file=sys.stderr, flush=True)

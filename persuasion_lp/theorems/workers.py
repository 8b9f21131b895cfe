"""Run numbered tasks in order, on one core or several, and say how far they are."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
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
        For counts that are not positive, or a function that cannot be sent to other processes.
    """
    checked_count("n", n)
    checked_count("workers", workers)
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
    finally:
        pool.shutdown(cancel_futures=True)


def checked_count(field: str, count: int) -> None:
    """Raise :class:`OptionError` unless a count is a positive whole number."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise OptionError(field, "must be a positive whole number", value=count)


def _report(progress: Progress, done: int, n: int) -> None:
    if callable(progress):
        progress(done, n)
    elif progress:
        print(f"\r{done} of {n}", end="\n" if done == n else "", file=sys.stderr, flush=True)

"""Run numbered tasks in order, on one core or several, and say how far they are."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias, TypeVar, cast

from persuasion_lp.errors import InputError, OptionError
from persuasion_lp.inputs import called, check_flag, is_whole
from persuasion_lp.shown import raised

__all__ = ["Progress", "checked_count", "run_chunks"]

Progress: TypeAlias = bool | Callable[[int, int], object]
"""Whether to write to standard error how many tasks are done, or what to call with (done, all)."""

ResultT = TypeVar("ResultT")

MOST_BITS = 256
"""Of the largest count or seed that is read."""

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
    if not callable(progress):
        check_flag("progress", progress)
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
        futures = [pool.submit(_outcome, function, start, stop) for start, stop in ranges]
        for (_, stop), future in zip(ranges, futures, strict=True):
            yield _received(future.result())
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


def _outcome(
    function: Callable[[int, int], ResultT], start: int, stop: int
) -> tuple[ResultT | None, bytes | None, str]:
    """What a task returns; what it raises pickled, if it can be read again, and in words."""
    try:
        return function(start, stop), None, ""
    except Exception as failure:
        notes = [str(note) for note in getattr(failure, "__notes__", ())]
        words = " ".join([raised(failure), *notes])
        try:
            sent = pickle.dumps(failure)
            pickle.loads(sent)  # noqa: S301
        except Exception:
            return None, b"", words
        return None, sent, words


def _received(outcome: tuple[ResultT | None, bytes | None, str]) -> ResultT:
    """The result of a task, or its error raised here."""
    result, sent, words = outcome
    if sent is None:
        return cast(ResultT, result)
    try:
        failure: BaseException = pickle.loads(sent)  # noqa: S301
    except Exception:
        failure = InputError("holds or generator", f"raised {words}")
    raise failure


def checked_count(field: str, count: int, least: int = 1) -> int:
    """A whole number of at least 1, or of at least ``least``; otherwise :class:`OptionError`."""
    rule = "must be a positive whole number" if least else "must be a whole number from 0 on"
    if is_whole(count) and int(count).bit_length() > MOST_BITS:
        raise OptionError(field, f"{rule}, of at most {MOST_BITS} bits", value=count)
    if not is_whole(count) or count < least:
        raise OptionError(field, rule, value=count)
    return int(count)


def _report(progress: Progress, done: int, n: int) -> None:
    if callable(progress):
        called(progress, done, n, field="progress", error=OptionError, at=f"{done} of {n}")
    elif progress:
        print(f"\r{done} of {n}", end="\n" if done == n else "", file=sys.stderr, flush=True)

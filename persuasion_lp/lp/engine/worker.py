"""Calls into a solver that end when they have to, whatever the solver does.

Python raises ``KeyboardInterrupt`` in its main thread only, and not before a call into compiled
code returns. So the main thread hands such calls to a thread of their own and waits for them. An
interrupt, or a deadline that has passed, asks the solver to stop; one that has not stopped after a
moment is left behind, and the next call gets a new thread.
"""

from __future__ import annotations

import atexit
import math
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

__all__ = ["LeftBehindError", "call", "left_behind"]

STOPPING = 0.5
"""Seconds granted to a solver that was asked to stop."""

ENDING = 10.0
"""Seconds for which the end of the process waits for solvers that were left behind: Python ends
abruptly if one returns to it meanwhile."""

WAITING = 3600.0
"""Seconds of one wait; longer ones overflow on some platforms."""

T = TypeVar("T")


class LeftBehindError(Exception):
    """A call did not end in time."""


class _Call(Generic[T]):
    """A function to be called once, and what came of it."""

    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function
        self.ended = threading.Event()
        self.result: T | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.function()
        except BaseException as error:  # raised again by whoever waits
            self.error = error
        self.ended.set()


class _Worker:
    """A thread that makes one call after the other until it is dismissed."""

    def __init__(self) -> None:
        self.calls: SimpleQueue[_Call[Any] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self._work, name="solver", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while (made := self.calls.get()) is not None:
            made.run()
            del made


_worker: _Worker | None = None
_dismissed: list[_Worker] = []


def left_behind() -> bool:
    """Whether a call that was given up is still running."""
    _dismissed[:] = [worker for worker in _dismissed if worker.thread.is_alive()]
    return bool(_dismissed)


@atexit.register
def _wait_for_the_dismissed() -> None:
    last = time.monotonic() + ENDING
    for worker in _dismissed:
        worker.thread.join(max(0.0, last - time.monotonic()))


def call(function: Callable[[], T], stop: Callable[[], None], seconds: float) -> T:
    """Call a function so that the main thread can be interrupted meanwhile.

    Parameters
    ----------
    function
        What is called; it must release the interpreter while it computes.
    stop
        Asks it to end soon.
    seconds
        After which it is asked to.

    Raises
    ------
    LeftBehindError
        If it does not end then. It may run on, in a thread that nobody waits for.
    """
    global _worker
    if threading.current_thread() is not threading.main_thread():
        return function()
    if _worker is None or not _worker.thread.is_alive():  # a forked process has no threads
        _worker = _Worker()
    made = _Call(function)
    try:
        _worker.calls.put(made)
        ended = _ends(made, seconds)
    except BaseException:
        _stopped(made, stop)
        raise
    if not ended and not _stopped(made, stop):
        raise LeftBehindError
    if made.error is not None:
        raise made.error
    return made.result  # type: ignore[return-value]


def _stopped(made: _Call[Any], stop: Callable[[], None]) -> bool:
    """Ask a call to end, and say whether it did; its thread is dismissed if not."""
    global _worker
    worker, _worker = _worker, None
    stop()
    if made.ended.wait(STOPPING):
        _worker = worker
        return True
    if worker is not None:
        worker.calls.put(None)
        left_behind()
        _dismissed.append(worker)
    return False


def _ends(made: _Call[Any], seconds: float) -> bool:
    """Wait for a call for so many seconds, and say whether it has ended."""
    while seconds > WAITING:
        if made.ended.wait(WAITING):
            return True
        seconds -= WAITING if math.isfinite(seconds) else 0.0
    return made.ended.wait(seconds)

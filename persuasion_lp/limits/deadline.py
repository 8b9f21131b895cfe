"""The moment at which a call has to end: made once at the front door, read by every loop.

``with within(seconds):`` sets it for everything that is called inside; a deadline that is set
already and comes sooner stays. Each thread and each asynchronous task has its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from persuasion_lp.errors import LimitError

__all__ = ["check_time", "seconds_left", "unlimited", "within"]

_DEADLINE: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """What happens inside ends in this many seconds; ``None`` sets no end."""
    if seconds is None or seconds == math.inf:
        yield
        return
    before = _DEADLINE.get()
    token = _DEADLINE.set(min(before, time.perf_counter() + seconds))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


@contextmanager
def unlimited() -> Iterator[None]:
    """What happens inside has no deadline: what a call that was cut short still has to say."""
    token = _DEADLINE.set(math.inf)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def seconds_left() -> float:
    """Seconds until the deadline, at least 0; ``inf`` if there is none."""
    deadline = _DEADLINE.get()
    return math.inf if deadline == math.inf else max(0.0, deadline - time.perf_counter())


def check_time() -> None:
    """Raise :class:`LimitError`, without a bracket, if the deadline has passed."""
    if not seconds_left():
        raise LimitError("time", best_bound=math.inf, best_value=-math.inf)

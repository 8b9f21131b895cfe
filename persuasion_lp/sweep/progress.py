"""How far a sweep is: on a terminal's error stream, or as the caller wishes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import called, check_flag

__all__ = ["Progress", "Report"]

Progress: TypeAlias = bool | Callable[[int, int], object]
"""Whether to show on a terminal how far it is, or what to call with (rows done, all rows)."""

PAUSE = 0.2
"""Seconds between two lines on a terminal."""


class Report:
    """Says how far a sweep is.

    Raises
    ------
    OptionError
        For what is neither True nor False nor can be called.
    """

    def __init__(self, progress: Any, total: int, done: int) -> None:
        self._call = progress if callable(progress) else None
        if self._call is None:
            check_flag("progress", progress)
        stream = sys.stderr
        watched = self._call is None and bool(progress) and stream is not None
        self._stream = stream if watched and stream.isatty() else None
        self._total = total
        self._before = done
        self._start = time.monotonic()
        self._last = 0.0

    def tell(self, done: int, failed: int) -> None:
        """Say that so many rows are there, so many of them errors."""
        if self._call is not None:
            at = f"{done} of {self._total}"
            called(self._call, done, self._total, field="progress", error=OptionError, at=at)
        now = time.monotonic()
        if self._stream is None or now - self._last < PAUSE:
            return
        self._last = now
        self._write(_line(done, self._total, failed, now - self._start, done - self._before))

    def end(self) -> None:
        """Clear the line."""
        if self._stream is not None and self._last:
            self._write("")

    def _write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(f"\r{text:<72}" + "\r" * (not text))  # type: ignore[union-attr]
            self._stream.flush()  # type: ignore[union-attr]


def _line(done: int, total: int, failed: int, seconds: float, new: int) -> str:
    """The line of a terminal.

    Examples
    --------
    >>> _line(1200, 5000, 3, 12.0, 1200)
    '1200 of 5000 rows, 3 failed, 12 s, about 38 s left'
    """
    said = f"{done} of {total} rows"
    if failed:
        said += f", {failed} failed"
    said += f", {seconds:.0f} s"
    if new:
        said += f", about {seconds / new * (total - done):.0f} s left"
    return said

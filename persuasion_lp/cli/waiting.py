"""What a terminal shows while something takes longer than a second, on the error stream only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from persuasion_lp.shown import printable

__all__ = ["waiting"]

PATIENCE = 1.0
"""Seconds after which it is said what is waited for, and again after as many."""


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what is waited for, and for how long, if anyone watches."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield
        return
    ended = threading.Event()
    text = printable(what)[:60]

    def tell() -> None:
        seconds = 0
        while not ended.wait(PATIENCE):
            seconds += 1
            with suppress(OSError):
                stream.write(f"\r{text} … {seconds} s")
                stream.flush()
        if seconds:
            with suppress(OSError):
                stream.write("\r" + " " * (len(text) + 16) + "\r")
                stream.flush()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join(PATIENCE)

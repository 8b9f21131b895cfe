"""Seconds by phase: the one way in which a call is timed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from persuasion_lp.arrays import FrozenMapping

__all__ = ["Clock"]


class Clock:
    """Adds up the seconds that each phase takes, in the order in which phases first occur."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what happens inside as this phase; not counted if it raises."""
        started = time.perf_counter()
        yield
        self.add({name: time.perf_counter() - started})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count what was timed elsewhere."""
        for phase, more in seconds.items():
            self._seconds[phase] = self._seconds.get(phase, 0.0) + more

    @property
    def times(self) -> Mapping[str, float]:
        """Seconds by phase so far."""
        return FrozenMapping(self._seconds)

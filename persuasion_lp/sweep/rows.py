"""The rows of a sweep in memory: columns of numbers, and texts for the few rows that have them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from persuasion_lp.sweep.solving import Row

__all__ = ["Rows"]


class Rows:
    """Rows numbered (instance, procedure), in whatever order they arrive.

    Attributes
    ----------
    solved
        Which are there, shape ``(instances, procedures)``.
    value, lower, upper, seconds
        Of the same shape; NaN where nothing is known.
    orders, errors
        By instance and procedure, where there are any.
    """

    def __init__(self, instances: int, procedures: int) -> None:
        shape = (instances, procedures)
        self.solved = np.zeros(shape, dtype=bool)
        self.value = np.full(shape, np.nan)
        self.lower = np.full(shape, np.nan)
        self.upper = np.full(shape, np.nan)
        self.seconds = np.full(shape, np.nan)
        self.orders: dict[tuple[int, int], str] = {}
        self.errors: dict[tuple[int, int], str] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows in."""
        for row in rows:
            at = (row.instance, row.run)
            self.solved[at] = True
            self.value[at], self.lower[at], self.upper[at] = row.value, row.lower, row.upper
            self.seconds[at] = row.seconds
            if row.order is not None:
                self.orders[at] = row.order
            if row.error is not None:
                self.errors[at] = row.error

    @property
    def done(self) -> int:
        """How many rows are there."""
        return int(self.solved.sum())

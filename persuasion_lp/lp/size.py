"""Size of a linear program, known before it is built, and the memory it may take."""

from __future__ import annotations

from dataclasses import dataclass

from persuasion_lp.errors import SizeError

__all__ = ["BYTES_PER_LINE", "MEMORY_LIMIT", "ProgramSize"]

MEMORY_LIMIT = 4 * 2**30
"""Bytes that a program may take unless the user says otherwise."""

BYTES_PER_NONZERO = 120
"""Coordinates, compressed columns, and HiGHS's copies by row and by column with its factors."""

BYTES_PER_LINE = 250
"""Per row or column: bounds, names of blocks, primal and dual values here and in HiGHS."""


@dataclass(frozen=True)
class ProgramSize:
    """Columns, rows and (at most) nonzeros of a program."""

    columns: int
    rows: int
    nonzeros: int

    @property
    def memory(self) -> int:
        """Estimated bytes for building and solving it."""
        return BYTES_PER_NONZERO * self.nonzeros + BYTES_PER_LINE * (self.columns + self.rows)

    def check(self, memory_limit: int) -> None:
        """Refuse a program that would need more memory than the limit.

        Raises
        ------
        SizeError
            With the size; nothing has been allocated.
        """
        if self.memory > memory_limit:
            raise SizeError(
                "linear program",
                columns=self.columns,
                rows=self.rows,
                nonzeros=self.nonzeros,
                needed=self.memory,
                limit=memory_limit,
            )

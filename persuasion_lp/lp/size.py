"""Size of a linear program, known before it is built, and the memory it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from persuasion_lp.errors import SizeError
from persuasion_lp.limits.memory import check_memory
from persuasion_lp.lp.program import ProgramArrays

__all__ = ["BYTES_PER_LINE", "MEMORY_LIMIT", "LaidOut", "ProgramSize"]

MEMORY_LIMIT = 4 * 2**30
"""Bytes that a program may take unless the user says otherwise."""

BYTES_PER_NONZERO = 170
"""Coordinates, compressed columns, and HiGHS's copies by row and by column with its factors."""

BYTES_PER_LINE = 350
"""Per row or column: bounds, names of blocks, primal and dual values here and in HiGHS."""

FRACTION_BYTES_PER_NONZERO = 350
"""The same coefficient as a fraction, in the mapping of its column."""

FRACTION_BYTES_PER_LINE = 1000
"""Mapping of a column, bounds and values of one solution and of one exact pivot, in fractions."""


@dataclass(frozen=True)
class ProgramSize:
    """Columns, rows and (at most) nonzeros of a program."""

    columns: int
    rows: int
    nonzeros: int

    @classmethod
    def of(cls, lp: ProgramArrays) -> ProgramSize:
        """The size of a program that is laid out."""
        rows, columns = lp.shape
        return cls(columns, rows, lp.nonzeros)

    @property
    def memory(self) -> int:
        """Estimated bytes for building and solving it."""
        return BYTES_PER_NONZERO * self.nonzeros + BYTES_PER_LINE * (self.columns + self.rows)

    @property
    def fraction_memory(self) -> int:
        """Estimated bytes for its twin in fractions."""
        lines = self.columns + self.rows
        return FRACTION_BYTES_PER_NONZERO * self.nonzeros + FRACTION_BYTES_PER_LINE * lines

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

    def check_allowance(self, *, fractions: bool) -> None:
        """Refuse a program, or its twin in fractions, that is more than what the call may take.

        Raises
        ------
        SizeError
            With the size.
        """
        check_memory(
            "program in fractions" if fractions else "linear program",
            self.fraction_memory if fractions else self.memory,
            kept=fractions,
            columns=self.columns,
            rows=self.rows,
            nonzeros=self.nonzeros,
        )


class LaidOut:
    """What has a program that is laid out in full.

    Attributes
    ----------
    lp
        The program.
    """

    lp: Any

    @property
    def size(self) -> ProgramSize:
        """Of the program."""
        return ProgramSize.of(self.lp)

    @property
    def laid_out_size(self) -> ProgramSize:
        """Of what was laid out, which is all of it."""
        return self.size

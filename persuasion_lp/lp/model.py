r"""Linear programs as named blocks of columns and rows over one sparse matrix.

The programme is always

    maximize    c·x + offset
    subject to  A x  (≤, =, ≥)  b        one sense per block of rows
                l ≤ x ≤ u

A *block* is a name with a shape: ``lp.columns["pi"]`` are the columns of the array variable ``pi``,
laid out in C order, and ``lp.rows["obedience"]`` the rows of the array constraint ``obedience``.
Whoever lays a block out reads it back by the same name. The engine knows no economics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from persuasion_lp.arrays import FrozenMapping, Numbers, frozen
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.blocks import SENSE_CODE, Block, RowSense
from persuasion_lp.lp.export import CvxpyModel, to_cvxpy, write
from persuasion_lp.lp.program import ProgramArrays
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import ProgramSize

__all__ = ["LPBuilder", "LinearProgram"]


@dataclass(frozen=True, eq=False, repr=False)
class LinearProgram(ProgramArrays):
    """A linear program to be maximized, with its exports."""

    def to_cvxpy(self) -> CvxpyModel:
        """Export the same arrays to cvxpy: a variable per column block, a constraint per row block.

        See Also
        --------
        persuasion_lp.lp.export.CvxpyModel
        """
        return to_cvxpy(self)

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the program as a file that every LP solver reads.

        Parameters
        ----------
        path
            File to write; the ending chooses the format, ``.mps`` or ``.lp``. The files state
            the program as a maximization, with the names of the blocks in the names of columns
            and rows.
        overwrite
            Whether to replace a file that is there.

        Raises
        ------
        OptionError
            If the ending is neither.
        FileError
            If there is such a file and ``overwrite`` is False, or it cannot be written in full.
        """
        write(self, path, overwrite=overwrite)

    def __repr__(self) -> str:
        m, n = self.shape
        return (
            f"LinearProgram({n} columns in {len(self.columns)} blocks, "
            f"{m} rows in {len(self.rows)} blocks, {self.nonzeros} nonzeros)"
        )


class LPBuilder:
    """Lay out a linear program block by block, then :meth:`build` it.

    ``columns`` and ``rows`` return integer arrays, in the block's shape, with the positions of the
    new columns or rows; ``entries`` takes such positions, broadcast against each other. The numbers
    are floats, or exact rationals with ``dtype=object``.
    """

    def __init__(self, dtype: np.dtype[Any] | None = None) -> None:
        self._dtype = dtype or np.dtype(np.float64)
        self._columns: dict[str, Block] = {}
        self._rows: dict[str, Block] = {}
        self._objective: list[NDArray[Any]] = []
        self._lower: list[NDArray[Any]] = []
        self._upper: list[NDArray[Any]] = []
        self._rhs: list[NDArray[Any]] = []
        self._senses: list[NDArray[np.int8]] = []
        self._entries: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]] = []
        self._n = 0
        self._m = 0

    def columns(
        self,
        name: str,
        shape: tuple[int, ...],
        *,
        objective: Numbers = 0.0,
        lower: Numbers = 0.0,
        upper: Numbers = math.inf,
    ) -> NDArray[np.int32]:
        """Add a block of columns; ``objective`` and the bounds broadcast to ``shape``."""
        block = self._new_block(self._columns, name, shape, self._n)
        self._n += block.size
        self._objective.append(self._filled(objective, shape))
        self._lower.append(self._filled(lower, shape))
        self._upper.append(self._filled(upper, shape))
        return _positions(block)

    def rows(
        self, name: str, shape: tuple[int, ...], sense: RowSense, rhs: Numbers = 0.0
    ) -> NDArray[np.int32]:
        """Add a block of rows of one sense; ``rhs`` broadcasts to ``shape``."""
        block = self._new_block(self._rows, name, shape, self._m)
        self._m += block.size
        self._rhs.append(self._filled(rhs, shape))
        self._senses.append(np.full(block.size, SENSE_CODE[sense], dtype=np.int8))
        return _positions(block)

    def row_positions(self, name: str) -> NDArray[np.int32]:
        """Positions of a block of rows laid out before."""
        return _positions(self._rows[name])

    def has_rows(self, name: str) -> bool:
        """Tell whether a block of rows of this name has been laid out."""
        return name in self._rows

    def entries(self, rows: NDArray[np.int32], columns: NDArray[np.int32], values: Numbers) -> None:
        """Add ``values`` at (``rows``, ``columns``); they broadcast, repeated places add up."""
        check_time()
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=self._dtype))
        kept = v != 0
        if kept.all():
            self._entries.append((r.ravel(), c.ravel(), v.ravel()))
        else:
            self._entries.append((r[kept], c[kept], v[kept]))

    def build(self, *, offset: float = 0.0) -> LinearProgram:
        """Freeze the blocks into a :class:`LinearProgram`.

        Raises
        ------
        SizeError
            If it needs more memory than the call may take.
        """
        self._size.check_allowance(fractions=False)
        row_index, column_index, values = self._triplets()
        check_time()
        matrix = sparse.csc_array((values, (row_index, column_index)), shape=(self._m, self._n))
        return LinearProgram(
            objective=frozen(self._joined(self._objective)),
            matrix=matrix,
            senses=frozen(self._joined_senses()),
            rhs=frozen(self._joined(self._rhs)),
            lower=frozen(self._joined(self._lower)),
            upper=frozen(self._joined(self._upper)),
            offset=offset,
            columns=FrozenMapping(self._columns),
            rows=FrozenMapping(self._rows),
        )

    def build_rational(self, *, offset: Fraction) -> RationalProgram:
        """Freeze the blocks, laid out with ``dtype=object``, into a :class:`RationalProgram`.

        Raises
        ------
        SizeError
            If it, and those built before, need more memory than the call may take.
        """
        self._size.check_allowance(fractions=True)
        return RationalProgram.of(
            objective=self._joined(self._objective),
            triplets=self._triplets(),
            senses=self._joined_senses(),
            rhs=self._joined(self._rhs),
            lower=self._joined(self._lower),
            upper=self._joined(self._upper),
            offset=offset,
            columns=FrozenMapping(self._columns),
            rows=FrozenMapping(self._rows),
        )

    @property
    def _size(self) -> ProgramSize:
        return ProgramSize(self._n, self._m, sum(rows.size for rows, _, _ in self._entries))

    def _triplets(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]:
        """Row, column and value of every entry."""
        parts = [list(part) for part in zip(*self._entries, strict=True)] or [[], [], []]
        rows, columns = (np.concatenate([np.empty(0, np.int32), *part]) for part in parts[:2])
        return rows, columns, self._joined(parts[2])

    def _joined(self, parts: list[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([np.empty(0, self._dtype), *parts])

    def _joined_senses(self) -> NDArray[np.int8]:
        return np.concatenate([np.empty(0, np.int8), *self._senses])

    def _filled(self, values: Numbers, shape: tuple[int, ...]) -> NDArray[Any]:
        filled = np.empty(shape, dtype=self._dtype)
        filled[...] = values
        return filled.ravel()

    @staticmethod
    def _new_block(
        blocks: dict[str, Block], name: str, shape: tuple[int, ...], start: int
    ) -> Block:
        if name in blocks:
            raise KeyError(f"block {name!r} was laid out before")
        block = blocks[name] = Block(name, shape, start)
        return block


def _positions(block: Block) -> NDArray[np.int32]:
    flat = np.arange(block.start, block.start + block.size, dtype=np.int32)
    return flat.reshape(block.shape)

"""The arrays of a linear program, read by the names of its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen
from persuasion_lp.lp.blocks import Block

__all__ = ["ProgramArrays"]


class ClosedMatrix(sparse.csc_array):
    """A sparse matrix that cannot be changed: neither its entries, nor where they are.

    What is computed from it can, its copies too; what is unpickled cannot.
    """

    _PARTS = frozenset({"data", "indices", "indptr", "_shape"})

    @classmethod
    def of(cls, matrix: sparse.csc_array) -> ClosedMatrix:
        """The same arrays, read-only from now on."""
        closed = cls.__new__(cls)
        vars(closed).update(vars(matrix), closed=True)
        closed._close()
        return closed

    def _close(self) -> None:
        for array in (self.data, self.indices, self.indptr):
            array.setflags(write=False)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._PARTS and "closed" in vars(self):
            raise ValueError("matrix is read-only")
        super().__setattr__(name, value)

    def __setitem__(self, key: Any, value: Any) -> None:
        if "closed" in vars(self):
            raise ValueError("matrix is read-only")
        super().__setitem__(key, value)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        if "closed" in state:
            self._close()


@dataclass(frozen=True, eq=False)
class ProgramArrays(ReadOnly):
    """max c·x + offset subject to A x (≤, =, ≥) b and l ≤ x ≤ u, in arrays.

    Attributes
    ----------
    objective
        c, shape ``(n,)``.
    matrix
        A, sparse by columns, shape ``(m, n)``.
    senses
        One of -1 (≤), 0 (=), 1 (≥) for each row, shape ``(m,)``.
    rhs
        b, shape ``(m,)``.
    lower, upper
        Bounds of the columns, shape ``(n,)``; may be infinite.
    offset
        Constant added to the objective.
    columns, rows
        The blocks by name, in the order they were laid out.
    """

    objective: Floats
    matrix: sparse.csc_array
    senses: NDArray[np.int8]
    rhs: Floats
    lower: Floats
    upper: Floats
    offset: float
    columns: Mapping[str, Block]
    rows: Mapping[str, Block]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.matrix, ClosedMatrix):
            object.__setattr__(self, "matrix", ClosedMatrix.of(self.matrix))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return self.rhs.size, self.objective.size

    @property
    def nonzeros(self) -> int:
        """Number of stored coefficients of A."""
        return int(self.matrix.nnz)

    @cached_property
    def entry_columns(self) -> Integers:
        """Column of each stored coefficient (``matrix.indices`` has the rows)."""
        return frozen(np.repeat(np.arange(self.objective.size), np.diff(self.matrix.indptr)))

    @cached_property
    def row_scale(self) -> Floats:
        """Largest coefficient of each row in absolute value (1 if empty), shape ``(m,)``."""
        largest = np.zeros(self.rhs.size)
        np.maximum.at(largest, self.matrix.indices, np.abs(self.matrix.data))
        largest[largest == 0] = 1.0
        return frozen(largest)

    def column_values(self, name: str, x: Floats) -> Floats:
        """Read block ``name`` of a column vector ``x`` in the block's own shape."""
        block = self.columns[name]
        return x[block.span].reshape(block.shape)

    def row_values(self, name: str, y: Floats) -> Floats:
        """Read block ``name`` of a row vector ``y`` in the block's own shape."""
        block = self.rows[name]
        return y[block.span].reshape(block.shape)

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
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from persuasion_lp.arrays import Floats

if TYPE_CHECKING:
    from pathlib import Path

    from persuasion_lp.lp.export import CvxpyModel

__all__ = ["Block", "LPBuilder", "LinearProgram", "RowSense"]

RowSense = Literal["<=", "==", ">="]

_SENSE_CODE: Mapping[RowSense, int] = MappingProxyType({"<=": -1, "==": 0, ">=": 1})


@dataclass(frozen=True)
class Block:
    """A named run of columns or rows with the shape of the array it stands for."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        """Number of columns or rows."""
        return math.prod(self.shape)

    @property
    def span(self) -> slice:
        """Positions of the block in the flat vector."""
        return slice(self.start, self.start + self.size)


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """A linear program to be maximized, in arrays.

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

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return self.rhs.size, self.objective.size

    @property
    def nonzeros(self) -> int:
        """Number of stored coefficients of A."""
        return int(self.matrix.nnz)

    def column_values(self, name: str, x: Floats) -> Floats:
        """Read block ``name`` of a column vector ``x`` in the block's own shape."""
        block = self.columns[name]
        return x[block.span].reshape(block.shape)

    def row_values(self, name: str, y: Floats) -> Floats:
        """Read block ``name`` of a row vector ``y`` in the block's own shape."""
        block = self.rows[name]
        return y[block.span].reshape(block.shape)

    def to_cvxpy(self) -> CvxpyModel:
        """Export the same arrays to cvxpy: a variable per column block, a constraint per row block.

        See Also
        --------
        persuasion_lp.lp.export.CvxpyModel
        """
        from persuasion_lp.lp.export import to_cvxpy

        return to_cvxpy(self)

    def write(self, path: str | Path) -> None:
        """Write the program as a file that every LP solver reads.

        Parameters
        ----------
        path
            File to write; the ending chooses the format, ``.mps`` or ``.lp``. The files state
            the program as a maximization, with the names of the blocks in the names of columns
            and rows.

        Raises
        ------
        OptionError
            If the ending is neither.
        """
        from persuasion_lp.lp.export import write

        write(self, path)

    def __repr__(self) -> str:
        m, n = self.shape
        return (
            f"LinearProgram({n} columns in {len(self.columns)} blocks, "
            f"{m} rows in {len(self.rows)} blocks, {self.nonzeros} nonzeros)"
        )


class LPBuilder:
    """Lay out a linear program block by block, then :meth:`build` it.

    ``columns`` and ``rows`` return integer arrays, in the block's shape, with the positions of the
    new columns or rows; ``entries`` takes such positions, broadcast against each other.
    """

    def __init__(self) -> None:
        self._columns: dict[str, Block] = {}
        self._rows: dict[str, Block] = {}
        self._objective: list[Floats] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._rhs: list[Floats] = []
        self._senses: list[NDArray[np.int8]] = []
        self._entries: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = []
        self._n = 0
        self._m = 0

    def columns(
        self,
        name: str,
        shape: tuple[int, ...],
        *,
        objective: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = math.inf,
    ) -> NDArray[np.int32]:
        """Add a block of columns; ``objective`` and the bounds broadcast to ``shape``."""
        block = self._new_block(self._columns, name, shape, self._n)
        self._n += block.size
        self._objective.append(_filled(objective, shape))
        self._lower.append(_filled(lower, shape))
        self._upper.append(_filled(upper, shape))
        return _positions(block)

    def rows(
        self, name: str, shape: tuple[int, ...], sense: RowSense, rhs: ArrayLike = 0.0
    ) -> NDArray[np.int32]:
        """Add a block of rows of one sense; ``rhs`` broadcasts to ``shape``."""
        block = self._new_block(self._rows, name, shape, self._m)
        self._m += block.size
        self._rhs.append(_filled(rhs, shape))
        self._senses.append(np.full(block.size, _SENSE_CODE[sense], dtype=np.int8))
        return _positions(block)

    def row_positions(self, name: str) -> NDArray[np.int32]:
        """Positions of a block of rows laid out before."""
        return _positions(self._rows[name])

    def has_rows(self, name: str) -> bool:
        """Tell whether a block of rows of this name has been laid out."""
        return name in self._rows

    def entries(
        self, rows: NDArray[np.int32], columns: NDArray[np.int32], values: ArrayLike
    ) -> None:
        """Add ``values`` at (``rows``, ``columns``); they broadcast, repeated places add up."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        kept = v != 0.0
        if kept.all():
            self._entries.append((r.ravel(), c.ravel(), v.ravel()))
        else:
            self._entries.append((r[kept], c[kept], v[kept]))

    def build(self, *, offset: float = 0.0) -> LinearProgram:
        """Freeze the blocks into a :class:`LinearProgram`."""
        row_index, column_index, values = (
            np.concatenate([part[k] for part in self._entries]) if self._entries else np.empty(0)
            for k in range(3)
        )
        matrix = sparse.csc_array(
            (values, (row_index.astype(np.int32), column_index.astype(np.int32))),
            shape=(self._m, self._n),
        )
        return LinearProgram(
            objective=_concatenated(self._objective),
            matrix=matrix,
            senses=np.concatenate(self._senses) if self._senses else np.empty(0, np.int8),
            rhs=_concatenated(self._rhs),
            lower=_concatenated(self._lower),
            upper=_concatenated(self._upper),
            offset=offset,
            columns=MappingProxyType(dict(self._columns)),
            rows=MappingProxyType(dict(self._rows)),
        )

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


def _filled(values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), shape).ravel()


def _concatenated(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.empty(0)

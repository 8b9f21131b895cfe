r"""Square systems B v = b and Bᵀ w = c in exact rationals, B sparse.

Bases of linear programs are nearly triangular. Rows with one open column and columns with one open
row are taken off, one after the other, until every row and column left, the *kernel*, has two
entries or more. With the pairs (i, j) so taken, by row or by column,

    B v = b     by row: v_j from row i in turn; the kernel; by column: v_j from row i backwards
    Bᵀ w = c    by column: w_i from column j in turn; the kernel; by row: w_i from j backwards

each from an equation in which everything else is known. Only the kernel, small as a rule, is handed
to FLINT as a dense matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from persuasion_lp.limits.deadline import check_time

__all__ = ["SparseSystem"]

Pair = tuple[int, int]
Lines = Sequence[Mapping[int, Fraction]]


class SparseSystem:
    """A square matrix B, ready to solve systems with it and with its transpose.

    Parameters
    ----------
    flint
        The python-flint module.
    columns
        The columns of B: coefficients, none of them zero, by row 0 … len(columns) - 1.

    Raises
    ------
    ZeroDivisionError
        If B is seen to be singular; :meth:`solve` and :meth:`solve_transposed` raise it too.
    """

    def __init__(self, flint: Any, columns: Lines) -> None:
        self._flint = flint
        self._columns = columns
        rows: list[dict[int, Fraction]] = [{} for _ in columns]
        for j, column in enumerate(columns):
            for i, a in column.items():
                rows[i][j] = a
        self._rows = rows
        self._by_row, self._by_column = self._take_off()
        taken = {*self._by_row, *self._by_column}
        rows_taken, columns_taken = {i for i, _ in taken}, {j for _, j in taken}
        self._kernel_rows = [i for i in range(len(rows)) if i not in rows_taken]
        self._kernel_columns = [j for j in range(len(rows)) if j not in columns_taken]
        place = {i: k for k, i in enumerate(self._kernel_rows)}
        order = len(place)
        self._kernel = flint.fmpq_mat(order, order)
        for k, j in enumerate(self._kernel_columns):
            check_time()
            for i, a in columns[j].items():
                if i in place:
                    self._kernel[place[i], k] = flint.fmpq(a.numerator, a.denominator)

    @property
    def kernel_order(self) -> int:
        """Order of the dense matrix that is left."""
        return len(self._kernel_rows)

    def solve(self, right: Sequence[Fraction]) -> list[Fraction]:
        """The v with B v = right."""
        return self._solved(
            self._rows,
            right,
            self._by_row,
            (self._kernel_rows, self._kernel_columns, self._kernel),
            self._by_column,
        )

    def solve_transposed(self, right: Sequence[Fraction]) -> list[Fraction]:
        """The w with Bᵀ w = right."""
        return self._solved(
            self._columns,
            right,
            [(j, i) for i, j in self._by_column],
            (self._kernel_columns, self._kernel_rows, self._kernel.transpose()),
            [(j, i) for i, j in self._by_row],
        )

    def _take_off(self) -> tuple[list[Pair], list[Pair]]:
        """Pairs (row, column) taken off by row and by column, each in turn."""
        open_in_row = [set(row) for row in self._rows]
        open_in_column = [set(column) for column in self._columns]
        by_row: list[Pair] = []
        by_column: list[Pair] = []
        waiting = [(True, i) for i, row in enumerate(open_in_row) if len(row) <= 1]
        waiting += [(False, j) for j, column in enumerate(open_in_column) if len(column) <= 1]
        rows_left, columns_left = set(range(len(self._rows))), set(range(len(self._rows)))
        while waiting:
            check_time()
            is_row, line = waiting.pop()
            if line not in (rows_left if is_row else columns_left):
                continue
            others = open_in_row[line] if is_row else open_in_column[line]
            if not others:
                raise ZeroDivisionError("the basis is singular")
            (other,) = others
            i, j = (line, other) if is_row else (other, line)
            (by_row if is_row else by_column).append((i, j))
            rows_left.discard(i)
            columns_left.discard(j)
            for k in open_in_column[j]:
                open_in_row[k].discard(j)
                if len(open_in_row[k]) <= 1:
                    waiting.append((True, k))
            for k in open_in_row[i]:
                open_in_column[k].discard(i)
                if len(open_in_column[k]) <= 1:
                    waiting.append((False, k))
        return by_row, by_column

    def _solved(
        self,
        equations: Lines,
        right: Sequence[Fraction],
        first: Sequence[Pair],
        kernel: tuple[Sequence[int], Sequence[int], Any],
        last: Sequence[Pair],
    ) -> list[Fraction]:
        """Solve equation by equation; pairs are (equation, unknown)."""
        found: dict[int, Fraction] = {}

        def left(e: int) -> Fraction:
            check_time()
            known = (a * found[u] for u, a in equations[e].items() if found.get(u))
            return right[e] - sum(known, Fraction(0))

        for e, u in first:
            found[u] = left(e) / equations[e][u]
        chosen, unknowns, matrix = kernel
        if chosen:
            rest = [left(e) for e in chosen]
            entries = [self._flint.fmpq(b.numerator, b.denominator) for b in rest]
            column = self._flint.fmpq_mat(len(rest), 1, entries)
            solution = matrix.solve(column, algorithm="dixon").entries()
            for u, s in zip(unknowns, solution, strict=True):
                found[u] = Fraction(int(s.p), int(s.q))
        for e, u in reversed(last):
            found[u] = left(e) / equations[e][u]
        return [found[u] for u in range(len(equations))]

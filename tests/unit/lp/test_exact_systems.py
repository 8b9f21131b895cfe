"""Sparse systems in rationals: solved, also transposed, and refused when singular."""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest

from persuasion_lp.lp.exact_systems import SparseSystem

F = Fraction
Columns = list[dict[int, Fraction]]


def random_columns(seed: int, order: int, density: float) -> Columns:
    """A permuted diagonal with more entries at random places."""
    rng = np.random.default_rng(seed)
    diagonal = rng.permutation(order)
    columns: Columns = []
    for j in range(order):
        chosen = {int(diagonal[j]), *np.flatnonzero(rng.random(order) < density).tolist()}
        columns.append({i: F(int(rng.integers(1, 9)), int(rng.integers(1, 9))) for i in chosen})
    return columns


def dot(line: dict[int, Fraction], v: list[Fraction]) -> Fraction:
    return sum((a * v[i] for i, a in line.items()), F(0))


def rows_of(columns: Columns) -> Columns:
    return [
        {j: column[i] for j, column in enumerate(columns) if i in column}
        for i in range(len(columns))
    ]


@pytest.mark.parametrize("density", [0.0, 0.05, 0.1, 0.2, 0.6])
@pytest.mark.parametrize("seed", range(8))
def test_both_systems_are_solved(seed: int, density: float) -> None:
    columns = random_columns(seed, 12, density)
    right = [F(k % 5 - 2, 3) for k in range(12)]
    system = SparseSystem(flint, columns)
    v, w = system.solve(right), system.solve_transposed(right)
    assert [dot(row, v) for row in rows_of(columns)] == right
    assert [dot(column, w) for column in columns] == right


def test_triangular_matrices_leave_no_kernel_and_dense_ones_do() -> None:
    triangular: Columns = [{i: F(1 + i + j) for i in range(j + 1)} for j in range(9)]
    assert SparseSystem(flint, triangular).kernel_order == 0
    assert SparseSystem(flint, rows_of(triangular)).kernel_order == 0
    dense: Columns = [{i: F(1 + (i == j)) for i in range(4)} for j in range(4)]
    bordered: Columns = [{0: F(2), 3: F(1)}, *({i + 1: a for i, a in c.items()} for c in dense)]
    assert SparseSystem(flint, bordered).kernel_order == 4


def test_an_empty_system_has_an_empty_solution() -> None:
    system = SparseSystem(flint, [])
    assert system.solve([]) == system.solve_transposed([]) == []


@pytest.mark.parametrize(
    "columns",
    [
        [{0: F(1)}, {}],
        [{0: F(1)}, {0: F(2)}],
        [{0: F(1), 1: F(1)}, {0: F(1), 1: F(1)}],
        [{0: F(1), 1: F(2)}, {0: F(2), 1: F(4)}, {2: F(1)}],
    ],
)
def test_singular_matrices_are_refused(columns: Columns) -> None:
    with pytest.raises(ZeroDivisionError):
        SparseSystem(flint, columns).solve([F(1)] * len(columns))

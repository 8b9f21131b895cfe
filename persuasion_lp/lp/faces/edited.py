r"""Programs in rationals that differ from one another in an objective, some rows or some bounds.

Everything here is about one set of columns. A *functional* is a cost per column; a program is

    maximize c·x + offset subject to A x (≤, =, ≥) b, l ≤ x ≤ u

in ``Fraction``, and :func:`solved` solves it: HiGHS names a basis of its twin in floats, rational
arithmetic repairs and proves it (:mod:`persuasion_lp.lp.exact`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy import sparse

from persuasion_lp.arrays import FrozenMapping, ReadOnly, frozen
from persuasion_lp.errors import ExactnessError
from persuasion_lp.lp.blocks import Block
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram, RationalSolution, reduced_costs

__all__ = [
    "Costs",
    "ExtraRow",
    "dot",
    "optimal_face",
    "paying",
    "solved",
    "with_rows",
    "with_sides",
    "without_idle_rows",
]

Costs = tuple[Fraction, ...]
"""Of a functional, one for each column."""


@dataclass(frozen=True)
class ExtraRow(ReadOnly):
    """A row over the columns of a program.

    Attributes
    ----------
    name
        Of its block.
    costs
        Coefficients, one for each column.
    sense
        -1 (≤), 0 (=) or 1 (≥).
    rhs
        Right-hand side.
    """

    name: str
    costs: Costs
    sense: int
    rhs: Fraction


def dot(costs: Sequence[Fraction], x: Sequence[Fraction]) -> Fraction:
    """Σ_j c_j x_j."""
    return sum((c * a for c, a in zip(costs, x, strict=True) if c and a), Fraction(0))


def paying(
    program: RationalProgram, costs: Costs, offset: Fraction = Fraction(0)
) -> RationalProgram:
    """The same program with another objective."""
    return replace(program, objective=costs, offset=offset)


def with_sides(program: RationalProgram, rhs: Sequence[Fraction]) -> RationalProgram:
    """The same program with other right-hand sides."""
    return replace(program, rhs=tuple(rhs))


def with_rows(program: RationalProgram, rows: Iterable[ExtraRow]) -> RationalProgram:
    """The same program with more rows, below those it has."""
    entries = [dict(column) for column in program.entries]
    senses, rhs, blocks = list(program.senses), list(program.rhs), dict(program.rows)
    for row in rows:
        blocks[row.name] = Block(row.name, (1,), len(rhs))
        for j, cost in enumerate(row.costs):
            if cost:
                entries[j][len(rhs)] = cost
        senses.append(row.sense)
        rhs.append(row.rhs)
    return replace(
        program,
        entries=tuple(entries),
        senses=tuple(senses),
        rhs=tuple(rhs),
        rows=FrozenMapping(blocks),
    )


def optimal_face(solution: RationalSolution) -> RationalProgram:
    """The program whose feasible points are the optimal ones of another.

    By complementary slackness: a column whose reduced cost is not zero rests at the bound that it
    pushes to, a row whose dual is not zero holds with equality.
    """
    program = solution.program
    costs = reduced_costs(program, solution.y)
    lower, upper = list(program.lower), list(program.upper)
    for j, d in enumerate(costs):
        if d < 0:
            upper[j] = lower[j]
        elif d > 0:
            lower[j] = upper[j]
    senses = tuple(0 if y else sense for y, sense in zip(solution.y, program.senses, strict=True))
    return replace(program, lower=tuple(lower), upper=tuple(upper), senses=senses)


def solved(program: RationalProgram) -> RationalSolution:
    """Solve a program to a proved rational optimum.

    Raises
    ------
    ExactSizeError, ExactnessError, LimitError
        See :func:`~persuasion_lp.lp.exact.solve_exactly`.
    """
    return solve_exactly(program, in_floats(program))


def in_floats(program: RationalProgram) -> LinearProgram:
    """The program with every number rounded."""
    places = [
        (i, j, float(a)) for j, column in enumerate(program.entries) for i, a in column.items()
    ]
    rows, columns, values = zip(*places, strict=True) if places else ((), (), ())
    shape = (len(program.rhs), len(program.objective))
    return LinearProgram(
        objective=_floats(program.objective),
        matrix=sparse.csc_array((values, (rows, columns)), shape=shape),
        senses=frozen(np.array(program.senses, dtype=np.int8)),
        rhs=_floats(program.rhs),
        lower=_bounds(program.lower, -math.inf),
        upper=_bounds(program.upper, math.inf),
        offset=float(program.offset),
        columns=program.columns,
        rows=program.rows,
    )


def _floats(numbers: Sequence[Fraction]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return frozen(np.array([float(number) for number in numbers]))


def _bounds(
    ends: Sequence[Fraction | None], none: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return frozen(np.array([none if end is None else float(end) for end in ends]))


def without_idle_rows(program: RationalProgram) -> tuple[RationalProgram, tuple[int, ...]]:
    """The program without rows that have no entries, and the numbers of those that are left.

    Raises
    ------
    ExactnessError
        If a row without entries does not hold: nothing is feasible.
    """
    used = sorted({i for column in program.entries for i in column})
    for i in set(range(len(program.rhs))) - set(used):
        missing = program.rhs[i]
        if (program.senses[i] >= 0 and missing > 0) or (program.senses[i] <= 0 and missing < 0):
            raise ExactnessError(f"row {i} has no entries, and does not hold")
    place = {i: k for k, i in enumerate(used)}
    entries = tuple(
        FrozenMapping({place[i]: a for i, a in column.items()}) for column in program.entries
    )
    left = replace(
        program,
        entries=entries,
        senses=tuple(program.senses[i] for i in used),
        rhs=tuple(program.rhs[i] for i in used),
        rows=FrozenMapping({"left": Block("left", (len(used),), 0)}),
    )
    return left, tuple(used)

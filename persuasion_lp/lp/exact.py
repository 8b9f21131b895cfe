r"""From a floating-point basis to a proved rational optimum.

HiGHS names an optimal basis; with T the rows whose slack is not basic (they hold with equality) and
C the basic columns, |T| = |C|, everything follows from two rational systems

    A[T, C] x_C = b_T − A[T, N] x_N          Aᵀ[C, T] y_T = c_C,    y = 0 on the other rows

with the nonbasic columns N at a bound. The pair is then checked in full. A basis that is optimal
only up to rounding is repaired by exact simplex pivots: dual pivots until the point is feasible, as
if c were zero while the prices are not feasible either, then primal pivots. What is violated most
is repaired first; in the second half of the pivots granted Bland's rule sees to it that they end.
The systems are solved by :mod:`~persuasion_lp.lp.exact_systems`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from persuasion_lp.errors import ExactnessError, ExactSizeError
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.engine.scaled import final_basis
from persuasion_lp.lp.exact_systems import SparseSystem
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import Algorithm
from persuasion_lp.lp.rational import (
    RationalProgram,
    RationalSolution,
    optimality_failures,
    reduced_costs,
)

__all__ = ["EXACT_ROWS", "solve_exactly"]

EXACT_ROWS = 4000
"""Largest number of rows attempted: the rational systems leave dense ones of this order at most."""

FEW_PIVOTS = 25
"""Exact pivots from one basis before the next one is tried for the first time; a basis that is
optimal in floating point is at most a few pivots away."""

MAX_PIVOTS = 200
"""Exact pivots from one basis when all have been tried."""

PIVOTED_ROWS = 200_000
"""Pivots times rows that are granted to small programs beyond that: they are cheap there."""

_ALGORITHMS: tuple[tuple[Algorithm, bool], ...] = (
    ("dual-simplex", True),
    ("dual-simplex", False),
    ("primal-simplex", False),
)
_ZERO = Fraction(0)

Basis = tuple[list[int], set[int]]
"""The basic variables, and the columns resting at their upper bound."""


def solve_exactly(program: RationalProgram, lp: LinearProgram) -> RationalSolution:
    """Solve a rational program to a proved optimum, starting from the basis of its float twin.

    Parameters
    ----------
    program
        The program in exact rationals.
    lp
        The same program in floats, block by block.

    Raises
    ------
    ExactSizeError
        If there are more than :data:`EXACT_ROWS` rows; nothing has been solved.
    ExactnessError
        If no basis of the float program leads to a proved optimum.
    LimitError
        If the deadline passed before.
    """
    m, n = lp.shape
    if m > EXACT_ROWS:
        raise ExactSizeError("linear program", counted="rows", limit=EXACT_ROWS, rows=m, columns=n)
    import flint  # a tenth of the package's import time, and most answers do without

    reason = "no basis was tried"
    most = max(MAX_PIVOTS, PIVOTED_ROWS // max(m, 1))
    for pivots, (basic, at_upper) in _attempts(lp, most):
        try:
            x, y = _Simplex(flint, program, basic, at_upper).optimum(pivots)
        except (_StuckError, ZeroDivisionError) as stuck:
            reason = str(stuck)
            continue
        value = program.offset + sum(
            (c * amount for c, amount in zip(program.objective, x, strict=True) if amount),
            Fraction(0),
        )
        failures = optimality_failures(program, x, y, value)
        if not failures:
            return RationalSolution(program, tuple(x), tuple(y), value)
        reason = failures[0]
    raise ExactnessError(f"no rational optimum was proved: {reason}")


def _attempts(lp: LinearProgram, most: int) -> Iterator[tuple[int, Basis]]:
    """From every basis a few pivots, then from every basis all that are granted."""
    tried: list[Basis] = []
    for named in _bases(lp):
        if named not in tried:
            tried.append(named)
            yield min(FEW_PIVOTS, most), named
    yield from ((most, named) for named in tried)


def _bases(lp: LinearProgram) -> Iterator[Basis]:
    """Bases at which HiGHS ends, best first, and at last that of all slacks."""
    for algorithm, presolve in _ALGORITHMS:
        named = final_basis(lp, algorithm, presolve=presolve)
        if named is not None:
            yield named
    m, n = lp.shape
    yield list(range(n, n + m)), set()


class _StuckError(Exception):
    """A basis cannot be repaired."""


class _Simplex:
    """Exact simplex steps from a given basis.

    Variable j < n is column j; variable n + i is the slack of row i, so that A x + s = b with s ≥ 0
    on ≤ rows, s ≤ 0 on ≥ rows, s = 0 on equations.
    """

    def __init__(
        self, flint: Any, program: RationalProgram, basic: list[int], at_upper: set[int]
    ) -> None:
        self.flint = flint
        self.program = program
        self.n = len(program.objective)
        self.m = len(program.rhs)
        sides = {-1: (_ZERO, None), 0: (_ZERO, _ZERO), 1: (None, _ZERO)}
        slacks = [sides[sense] for sense in program.senses]
        self.lower = [*program.lower, *(low for low, _ in slacks)]
        self.upper = [*program.upper, *(high for _, high in slacks)]
        self.basic = set(basic)
        self.resting = {
            j: self._rest(j, j in at_upper) for j in range(self.n + self.m) if j not in self.basic
        }

    def optimum(self, most: int) -> tuple[list[Fraction], list[Fraction]]:
        """Pivot until the basis is optimal; returns column values and row duals."""
        for step in range(most):
            check_time()
            self._factor()
            values = self._primal()
            y = self._prices({j: self.program.objective[j] for j in self.columns})
            costs = [*reduced_costs(self.program, y), *(-p for p in y)]
            outside = {j: self._beyond(j, values[j]) for j in sorted(self.basic)}
            gains = {j: self._gain(j, costs[j]) for j in sorted(self.resting)}
            leaving = _chosen(outside, first=step > most // 2)
            entering = _chosen(gains, first=step > most // 2)
            if leaving is None and entering is None:
                return [values[j] for j in range(self.n)], y
            if leaving is not None:
                feasible = entering is None
                self._dual_pivot(values, costs if feasible else [_ZERO] * len(costs), leaving)
            elif entering is not None:
                self._primal_pivot(values, entering, costs[entering])
        raise _StuckError(f"{most} exact pivots did not reach an optimum")

    def _factor(self) -> None:
        """A[T, C] for the basic columns C and the rows T whose slack is not basic."""
        self.columns = sorted(j for j in self.basic if j < self.n)
        self.tight = [i for i in range(self.m) if self.n + i not in self.basic]
        place = {i: k for k, i in enumerate(self.tight)}
        if len(self.tight) != len(self.columns):
            raise _StuckError("the solver names no basis")
        self.system = SparseSystem(
            self.flint,
            [
                {place[i]: a for i, a in self.program.entries[j].items() if i in place}
                for j in self.columns
            ],
        )

    def _basic_values(self, right: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Solve B v = right: values of the basic variables."""
        solved = self.system.solve([right.get(i, _ZERO) for i in self.tight])
        values = dict(zip(self.columns, solved, strict=True))
        left = {i: right.get(i, _ZERO) for i in range(self.m) if self.n + i in self.basic}
        for j, value in zip(self.columns, solved, strict=True):
            if value:
                for i, a in self.program.entries[j].items():
                    if i in left:
                        left[i] -= a * value
        values.update({self.n + i: value for i, value in left.items()})
        return values

    def _prices(self, costs: Mapping[int, Fraction]) -> list[Fraction]:
        """Solve Bᵀ w = costs of the basic variables; slacks may have costs too."""
        prices = [costs.get(self.n + i, _ZERO) for i in range(self.m)]
        right = [
            costs.get(j, _ZERO)
            - sum((a * prices[i] for i, a in self.program.entries[j].items() if prices[i]), _ZERO)
            for j in self.columns
        ]
        for i, price in zip(self.tight, self.system.solve_transposed(right), strict=True):
            prices[i] = price
        return prices

    def _column(self, j: int) -> Mapping[int, Fraction]:
        return self.program.entries[j] if j < self.n else {j - self.n: Fraction(1)}

    def _primal(self) -> dict[int, Fraction]:
        """Values of all variables with the nonbasic ones at rest."""
        right = dict(enumerate(self.program.rhs))
        for j, value in self.resting.items():
            if value:
                for i, a in self._column(j).items():
                    right[i] -= a * value
        return {**self.resting, **self._basic_values(right)}

    def _beyond(self, j: int, value: Fraction) -> Fraction:
        """How far a value is outside its bounds, negative below the lower one; 0 inside."""
        low, high = self.lower[j], self.upper[j]
        if high is not None and value > high:
            return value - high
        return value - low if low is not None and value < low else _ZERO

    def _gain(self, j: int, cost: Fraction) -> Fraction:
        """The reduced cost of a resting variable that can move in the direction that pays, or 0."""
        value = self.resting[j]
        pays = (cost > 0 and value != self.upper[j]) or (cost < 0 and value != self.lower[j])
        return cost if pays else _ZERO

    def _primal_pivot(self, values: Mapping[int, Fraction], entering: int, cost: Fraction) -> None:
        """Move ``entering`` as far as the basic variables allow."""
        sign = 1 if cost > 0 else -1
        direction = self._basic_values(self._column(entering))
        end = self.upper[entering] if sign > 0 else self.lower[entering]
        step = None if end is None else abs(end - values[entering])
        leaving, rest = entering, end
        for j in sorted(direction):
            rate = -sign * direction[j]
            bound = self.upper[j] if rate > 0 else self.lower[j]
            if rate and bound is not None and (step is None or (bound - values[j]) / rate < step):
                step, leaving, rest = (bound - values[j]) / rate, j, bound
        if rest is None:
            raise _StuckError("the program is unbounded")
        self._exchange(entering, leaving, rest)

    def _dual_pivot(
        self, values: Mapping[int, Fraction], costs: Sequence[Fraction], leaving: int
    ) -> None:
        """Bring ``leaving`` to the bound it violates, keeping the reduced costs' signs."""
        side = 1 if self._beyond(leaving, values[leaving]) > 0 else -1
        row = self._prices({leaving: Fraction(1)})
        best: tuple[Fraction, int] | None = None
        for j, value in self.resting.items():
            check_time()
            slope = side * sum((a * row[i] for i, a in self._column(j).items()), _ZERO)
            rises = slope > 0 and value != self.upper[j]
            falls = slope < 0 and value != self.lower[j]
            if rises or falls:
                best = min(filter(None, (best, (abs(costs[j] / slope), j))))
        if best is None:
            raise _StuckError("the program is infeasible")
        rest = self.upper[leaving] if side > 0 else self.lower[leaving]
        self._exchange(best[1], leaving, rest)

    def _exchange(self, entering: int, leaving: int, rest: Fraction | None) -> None:
        self.basic.add(entering)
        self.resting.pop(entering)
        self.basic.discard(leaving)
        self.resting[leaving] = _ZERO if rest is None else rest

    def _rest(self, j: int, at_upper: bool) -> Fraction:
        ends = (self.upper[j], self.lower[j]) if at_upper else (self.lower[j], self.upper[j])
        return next((end for end in ends if end is not None), _ZERO)


def _chosen(amounts: Mapping[int, Fraction], *, first: bool) -> int | None:
    """Variable with the largest amount, or the first one with any; ``None`` if all are 0."""
    nonzero = [j for j, amount in amounts.items() if amount]
    if first or not nonzero:
        return next(iter(nonzero), None)
    return max(nonzero, key=lambda j: abs(amounts[j]))

r"""Several programmes as one: the best of them, and the proof that no other is better.

Alternatives k = 1 … N, each  max c_k·x_k + q_k  subject to  A_k x_k (≤, =, ≥) b_k,  0 ≤ x_k ≤ u_k.
Whoever may mix them, each with weight w_k, solves

    maximize    Σ_k ( c_k·x_k + q_k w_k )
    subject to
    rows of k   A_k x_k − b_k w_k (≤, =, ≥) 0          every k
    upper of k  x_k − u_k w_k ≤ 0                      every k, columns with a finite bound
    choice      Σ_k w_k = 1
                x, w ≥ 0

and cannot do better than with the best alternative alone. So an optimum x_k of one of them with its
value V, and for every other any prices y that are dual feasible there and prove at most V, make a
primal and a dual solution of this one programme which prove each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import ExactnessError
from persuasion_lp.lp.blocks import SENSE_CODE, Block
from persuasion_lp.lp.rational import (
    RationalProgram,
    RationalSolution,
    optimality_failures,
    reduced_costs,
)

__all__ = ["Priced", "prove_best"]

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class Priced:
    """An alternative with prices of its rows that bound its value.

    Attributes
    ----------
    program
        The alternative; its columns are at least 0.
    y
        Row duals.
    """

    program: RationalProgram
    y: Sequence[Fraction]


def prove_best(
    best: str, solution: RationalSolution, others: Mapping[str, Priced]
) -> RationalSolution:
    """Prove that one alternative is the best, as an optimal pair of the programme of all.

    Parameters
    ----------
    best
        Name of the best alternative.
    solution
        Its optimal pair.
    others
        The other alternatives, by name.

    Returns
    -------
    RationalSolution
        Blocks of an alternative keep their names, preceded by its own.

    Raises
    ------
    ExactnessError
        If the prices do not prove it.
    """
    union = _Union()
    union.add(best, solution.program, solution.y, solution.x)
    for name, priced in others.items():
        union.add(name, priced.program, priced.y, None)
    proved = union.solution(solution.value)
    failures = optimality_failures(proved.program, proved.x, proved.y, proved.value)
    if failures:
        raise ExactnessError(f"{best} is not proved to be best: {failures[0]}")
    return proved


class _Union:
    """The programme of all alternatives, laid out one after the other; row 0 is ``choice``."""

    def __init__(self) -> None:
        self.objective: list[Fraction] = []
        self.entries: list[Mapping[int, Fraction]] = []
        self.senses: list[int] = [SENSE_CODE["=="]]
        self.columns: dict[str, Block] = {}
        self.rows: dict[str, Block] = {"choice": Block("choice", (1,), 0)}
        self.x: list[Fraction] = []
        self.y: list[Fraction] = [_ZERO]

    def add(
        self,
        name: str,
        program: RationalProgram,
        y: Sequence[Fraction],
        x: Sequence[Fraction] | None,
    ) -> None:
        """Lay out an alternative with its prices, and its solution if it is the one chosen."""
        if any(program.lower):
            raise ValueError(f"columns of {name} must be at least 0")
        first, bounded = len(self.senses), [j for j, u in enumerate(program.upper) if u is not None]
        caps = {j: first + len(program.rhs) + k for k, j in enumerate(bounded)}
        weight = {0: Fraction(1)}
        weight.update({first + i: -b for i, b in enumerate(program.rhs) if b})
        for j, row in caps.items():
            if program.upper[j]:
                weight[row] = -Fraction(program.upper[j] or 0)
        start = len(self.objective)
        columns = [Block("weight", (1,), -1), *program.columns.values()]
        rows = [*program.rows.values(), Block("upper", (len(caps),), len(program.rhs))]
        self.columns |= _moved(name, columns, start + 1)
        self.rows |= _moved(name, rows, first)
        self.objective += [program.offset, *program.objective]
        self.entries.append(weight)
        for j, column in enumerate(program.entries):
            entries = {first + i: a for i, a in column.items()}
            if j in caps:
                entries[caps[j]] = Fraction(1)
            self.entries.append(entries)
        self.senses += [*program.senses, *[SENSE_CODE["<="]] * len(caps)]
        costs = reduced_costs(program, y) if caps else []
        self.y += [*y, *(max(costs[j], _ZERO) for j in caps)]
        nothing = [_ZERO] * (1 + len(program.objective))
        self.x += nothing if x is None else [Fraction(1), *x]

    def solution(self, value: Fraction) -> RationalSolution:
        """The pair with ``value`` as the price of the choice."""
        n, m = len(self.objective), len(self.senses)
        program = RationalProgram(
            objective=tuple(self.objective),
            entries=tuple(self.entries),
            senses=tuple(self.senses),
            rhs=(Fraction(1), *[_ZERO] * (m - 1)),
            lower=(_ZERO,) * n,
            upper=(None,) * n,
            offset=_ZERO,
            columns=FrozenMapping(self.columns),
            rows=FrozenMapping(self.rows),
        )
        return RationalSolution(program, tuple(self.x), (value, *self.y[1:]), value)


def _moved(alternative: str, blocks: list[Block], by: int) -> dict[str, Block]:
    """Blocks of an alternative under their names and places in the union."""
    names = [f"{alternative}: {block.name}" for block in blocks]
    return {
        name: Block(name, block.shape, block.start + by)
        for name, block in zip(names, blocks, strict=True)
    }

r"""Linear programs in exact rationals, and the check that a pair (x, y) is optimal.

For the programme of :mod:`persuasion_lp.lp.model`, with every number a ``Fraction``, the pair is
optimal if and only if

    primal   A x (≤, =, ≥) b,  l ≤ x ≤ u
    dual     y ≥ 0 on ≤ rows, y ≤ 0 on ≥ rows,  d_j = c_j − (Aᵀy)_j pushes no column to infinity
    equal    c·x = b·y + Σ_j max { d_j x_j : l_j ≤ x_j ≤ u_j }

Nothing else is used: no solver, no floating point, only comparisons of fractions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Rationals, ReadOnly
from persuasion_lp.errors import VerificationError
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.blocks import Block

__all__ = [
    "Effort",
    "RationalProgram",
    "RationalSolution",
    "number_text",
    "optimality_failures",
    "reduced_costs",
    "shown",
]

DECIMAL_BITS = 12_000
"""Longer integers are written in hexadecimal: Python refuses decimal ones beyond 4300 digits."""

SHOWN_BITS = 2000
"""Longer numbers are described, not printed."""

_ZERO = Fraction(0)

CHECKED = 4096
"""Coefficients after which the time is looked at."""

SHOWN_FAILURES = 5
"""How many violated rows or columns are named; one is enough to refuse."""


@dataclass(frozen=True, eq=False)
class RationalProgram(ReadOnly):
    """max c·x + offset subject to A x (≤, =, ≥) b and l ≤ x ≤ u, in ``Fraction``.

    Attributes
    ----------
    objective, rhs
        c and b.
    entries
        For each column its coefficients by row.
    senses
        -1 (≤), 0 (=) or 1 (≥) for each row.
    lower, upper
        Bounds; ``None`` where there is none.
    offset
        Constant added to the objective.
    columns, rows
        The blocks by name.
    """

    objective: tuple[Fraction, ...]
    entries: tuple[Mapping[int, Fraction], ...]
    senses: tuple[int, ...]
    rhs: tuple[Fraction, ...]
    lower: tuple[Fraction | None, ...]
    upper: tuple[Fraction | None, ...]
    offset: Fraction
    columns: Mapping[str, Block]
    rows: Mapping[str, Block]

    @classmethod
    def of(
        cls,
        *,
        objective: NDArray[Any],
        triplets: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]],
        senses: NDArray[np.int8],
        rhs: NDArray[Any],
        lower: NDArray[Any],
        upper: NDArray[Any],
        offset: Fraction,
        columns: Mapping[str, Block],
        rows: Mapping[str, Block],
    ) -> RationalProgram:
        """Collect arrays of rationals; coefficients given twice add up."""
        entries: list[dict[int, Fraction]] = [{} for _ in objective]
        listed = zip(*(part.tolist() for part in triplets), strict=True)
        for count, (row, column, value) in enumerate(listed):
            if count % CHECKED == 0:
                check_time()
            entries[column][row] = entries[column].get(row, Fraction(0)) + _exact(value)
        return cls(
            objective=tuple(map(_exact, objective)),
            entries=tuple({i: a for i, a in column.items() if a} for column in entries),
            senses=tuple(map(int, senses)),
            rhs=tuple(map(_exact, rhs)),
            lower=tuple(map(_bound, lower)),
            upper=tuple(map(_bound, upper)),
            offset=_exact(offset),
            columns=columns,
            rows=rows,
        )


@dataclass(frozen=True, eq=False)
class RationalSolution(ReadOnly):
    """An optimal pair, proved by :func:`optimality_failures`.

    Attributes
    ----------
    program
        The program.
    x, y
        Column values and row duals, d(value)/d(right-hand side).
    value
        c·x + offset.
    """

    program: RationalProgram
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    value: Fraction

    def values(self, name: str) -> Rationals:
        """Values of a column block, in the block's shape."""
        return _shaped(self.x, self.program.columns[name])

    def duals(self, name: str) -> Rationals:
        """Duals of a row block, in the block's shape."""
        return _shaped(self.y, self.program.rows[name])


class Effort:
    """A bound on the arithmetic spent on numbers that somebody else has chosen.

    Sums of fractions with long and different denominators grow without end in a small file. A
    product or a sum of two numbers takes time in proportion to the product of their lengths.

    Parameters
    ----------
    bits
        Sum of the products of lengths in bits that may be spent.
    """

    def __init__(self, bits: float) -> None:
        self._left = bits

    def spend(self, one: int | Fraction, other: int | Fraction) -> None:
        """Account for an operation on two numbers.

        Raises
        ------
        VerificationError
            If that is more than what is left.
        """
        self._left -= _bits(one) * _bits(other)
        if self._left < 0:
            raise VerificationError("its numbers are too long to be checked in a minute or two")


def reduced_costs(
    program: RationalProgram, y: Sequence[Fraction], effort: Effort | None = None
) -> list[Fraction]:
    """d_j = c_j − (Aᵀy)_j."""
    costs = []
    for c, column in zip(program.objective, program.entries, strict=True):
        check_time()
        costs.append(c - _summed(((a, y[i]) for i, a in column.items()), effort))
    return costs


def optimality_failures(
    program: RationalProgram,
    x: Sequence[Fraction],
    y: Sequence[Fraction],
    value: Fraction,
    effort: Effort | None = None,
) -> list[str]:
    """Say why (x, y) does not prove that ``value`` is the optimal value; empty when it does.

    Raises
    ------
    VerificationError
        If that would take more than an ``effort``.
    """
    failures = []
    activity = [Fraction(0)] * len(program.rhs)
    for j, column in enumerate(program.entries):
        check_time()
        low, high = program.lower[j], program.upper[j]
        if (low is not None and x[j] < low) or (high is not None and x[j] > high):
            failures.append(f"column {j}: {shown(x[j])} is outside its bounds")
        if x[j]:
            for i, a in column.items():
                activity[i] = _summed(((a, x[j]),), effort, activity[i])
    for i, (sense, b) in enumerate(zip(program.senses, program.rhs, strict=True)):
        if (activity[i] > b and sense <= 0) or (activity[i] < b and sense >= 0):
            failures.append(
                f"row {i}: {shown(activity[i])} violates its right-hand side {shown(b)}"
            )
        if y[i] * sense > 0:
            failures.append(f"dual {i}: {shown(y[i])} has the wrong sign")
    bound = _summed(zip(program.rhs, y, strict=True), effort, program.offset)
    for j, d in enumerate(reduced_costs(program, y, effort)):
        end = program.upper[j] if d > 0 else program.lower[j]
        if d and end is None:
            failures.append(f"column {j}: its reduced cost {shown(d)} is not priced out")
        elif d and end is not None:
            bound = _summed(((d, end),), effort, bound)
    earned = _summed(zip(program.objective, x, strict=True), effort, program.offset)
    if earned != value:
        failures.append(f"value: the columns earn {shown(earned)}, not {shown(value)}")
    if bound != value:
        failures.append(f"value: the duals prove {shown(bound)}, not {shown(value)}")
    hidden = len(failures) - SHOWN_FAILURES
    return failures[:SHOWN_FAILURES] + ([f"and {hidden} more"] if hidden > 0 else [])


def number_text(number: Fraction) -> str:
    """A rational as "p/q", exactly: in decimal, or in hexadecimal where that would be very long."""
    parts = (
        [number.numerator] if number.denominator == 1 else [number.numerator, number.denominator]
    )
    return "/".join(
        hex(part) if abs(part).bit_length() > DECIMAL_BITS else str(part) for part in parts
    )


def shown(number: Fraction) -> str:
    """A rational for readers: exactly unless it is very long."""
    if _bits(number) <= SHOWN_BITS:
        return str(number)
    lengths = (number.numerator.bit_length(), number.denominator.bit_length())
    sign = "-" if number < 0 else ""
    return f"{sign}(a number of {lengths[0]} bits over one of {lengths[1]} bits)"


def _summed(
    pairs: Iterable[tuple[Fraction, Fraction]],
    effort: Effort | None,
    start: Fraction = _ZERO,
) -> Fraction:
    """The sum of products, added to ``start``."""
    for a, b in pairs:
        if not (a and b):
            continue
        if effort is None:
            start += a * b
        else:
            effort.spend(a, b)
            term = a * b
            effort.spend(start, term)
            start += term
    return start


def _bits(number: int | Fraction) -> int:
    return number.numerator.bit_length() + number.denominator.bit_length()


def _exact(entry: Any) -> Fraction:
    """A rational entry; a float would be a number that lost its exact value on the way."""
    if isinstance(entry, float) and not entry.is_integer():
        raise TypeError(f"{entry!r} is no exact number")
    return Fraction(entry)


def _bound(entry: Any) -> Fraction | None:
    return None if isinstance(entry, float) and math.isinf(entry) else _exact(entry)


def _shaped(values: Sequence[Fraction], block: Block) -> Rationals:
    array = np.empty(block.size, dtype=object)
    array[:] = values[block.span]
    return array.reshape(block.shape)

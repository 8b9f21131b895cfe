r"""How the optimum of a program moves along a segment: every breakpoint (Eisner, Severance 1976).

*Right-hand sides* b(t) = (1−t) b⁰ + t b¹, offset alike. Every dual solution y is one for all t, so
t ↦ b(t)·y + offset(t) is a line nowhere below the value, which is concave and piecewise linear.
*Objectives* c(t): every point x is feasible for all t, its line nowhere above the value, which is
convex.

Solve at both ends; where the two lines meet, solve again. If the value is that of the lines, a
breakpoint is proved; otherwise the new line lies between, and both halves are treated alike. With k
pieces that takes 2k − 1 programs, and one more for each line that touches in a point only, which
may happen at the ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.lp.faces.edited import dot, paying, solved, with_sides
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

__all__ = ["Line", "Solved", "Traced", "between", "traced"]


@dataclass(frozen=True)
class Line(ReadOnly):
    """t ↦ at_start + slope · t."""

    at_start: Fraction
    slope: Fraction

    @classmethod
    def through(cls, at_start: Fraction, at_end: Fraction) -> Line:
        """The line with these values at 0 and 1."""
        return cls(at_start, at_end - at_start)

    def __call__(self, t: Fraction) -> Fraction:
        """Its value at t."""
        return self.at_start + self.slope * t


Solved = Callable[[Fraction], tuple[RationalSolution, Line]]
"""From t to the optimum there, and the line that it proves."""


def between(one: RationalProgram, other: RationalProgram) -> Solved:
    """Programs that move from one, at 0, to another, at 1.

    They differ in right-hand sides and offset, or in objective and offset.
    """
    moves_sides = one.rhs != other.rhs

    def solve(t: Fraction) -> tuple[RationalSolution, Line]:
        program = with_sides(
            paying(
                one,
                tuple(_mixed(one.objective, other.objective, t)),
                (1 - t) * one.offset + t * other.offset,
            ),
            _mixed(one.rhs, other.rhs, t),
        )
        solution = solved(program)
        if moves_sides:  # what finite bounds of columns add to the dual value does not move
            bounds = solution.value - program.offset - dot(solution.y, program.rhs)
            ends = [end.offset + dot(solution.y, end.rhs) + bounds for end in (one, other)]
        else:
            ends = [end.offset + dot(end.objective, solution.x) for end in (one, other)]
        return solution, Line.through(*ends)

    return solve


def _mixed(one: Sequence[Fraction], other: Sequence[Fraction], t: Fraction) -> list[Fraction]:
    return [(1 - t) * a + t * b for a, b in zip(one, other, strict=True)]


@dataclass(frozen=True, eq=False)
class Traced(ReadOnly):
    """A piecewise linear value, concave or convex.

    Attributes
    ----------
    points
        t of the ends and of each breakpoint, ascending.
    values
        The value there.
    lines
        Of each piece, one fewer than points.
    solutions
        The optimum at each point, with its proof.
    programs
        How many were solved.
    """

    points: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    lines: tuple[Line, ...]
    solutions: tuple[RationalSolution, ...]
    programs: int

    def __call__(self, t: Fraction) -> Fraction:
        """The value at t."""
        k = next(k for k, end in enumerate(self.points[1:]) if t <= end)
        return self.lines[k](t)


def traced(solve: Solved, start: Fraction, end: Fraction) -> Traced:
    """Trace the value between two parameters.

    Parameters
    ----------
    solve
        Solves at a parameter.
    start, end
        Ends of the segment, start ≤ end.
    """
    first, last = solve(start), solve(end)
    known = {start: first[0], end: last[0]}
    if start == end:
        return Traced((start,), (first[0].value,), (), (first[0],), 1)
    pieces: list[tuple[Fraction, Line]] = []
    waiting = [(start, first[1], end, last[1])]
    while waiting:
        left, one, right, other = waiting.pop()
        if one == other:
            pieces.append((left, one))
            continue
        at = (
            (one.at_start - other.at_start) / (other.slope - one.slope)
            if (one.slope != other.slope)
            else left
        )
        if not left < at < right:  # one of the lines touches at an end only
            pieces.append((left, other if at <= left else one))
            continue
        if at not in known:
            known[at], middle = solve(at)
            if known[at].value != one(at):
                waiting += [(at, middle, right, other), (left, one, at, middle)]
                continue
        pieces += [(left, one), (at, other)]
    pieces.sort(key=lambda piece: piece[0])
    merged = [piece for k, piece in enumerate(pieces) if k == 0 or piece[1] != pieces[k - 1][1]]
    points = (*(left for left, _ in merged), end)
    return Traced(
        points,
        tuple(known[t].value for t in points),
        tuple(line for _, line in merged),
        tuple(known[t] for t in points),
        len(known),
    )

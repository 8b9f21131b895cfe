r"""The value along a segment of priors, or of the sender's payoffs: every breakpoint, exactly.

Priors (1−t) μ⁰ + t μ¹ stand on the right-hand sides of the recommendation programme only, because
obedience is homogeneous: the value is concave and piecewise linear in t, and each piece is a dual
solution. Payoffs (1−t) v⁰ + t v¹ stand in the objective only: the value is convex, and each piece
is an experiment. Where the best of all orders is asked for, every order is traced, and the value is
the upper envelope of the traces, neither concave nor convex.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from persuasion_lp.arrays import ReadOnly, written
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactCertificate
from persuasion_lp.core.orders import Fixed
from persuasion_lp.errors import PriorError
from persuasion_lp.extras import load
from persuasion_lp.families.games.optima.columns import full_programme
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.families.games.optima.studied import STUDIES, orders_of, studied
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import in_order, is_a, is_number
from persuasion_lp.lp.faces.edited import dot, paying, with_sides
from persuasion_lp.lp.faces.envelopes import Piece, upper_envelope
from persuasion_lp.lp.faces.parametric import Traced, between, traced
from persuasion_lp.lp.rational import shown

__all__ = ["Trace", "assembled", "ends_of", "trace_game"]

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, eq=False, repr=False)
class Trace(ReadOnly):
    """The value of a procedure along a segment, t from 0 to 1.

    Attributes
    ----------
    procedure
        The procedure.
    pieces
        Left to right: where each begins and ends, the line it follows, and the order that is best
        there, where there is one.
    certificates
        Of every program solved at a breakpoint or at an end.
    programs
        How many linear programs that took.
    exact
        Whether breakpoints are fractions.
    """

    procedure: str
    pieces: tuple[Piece, ...]
    certificates: tuple[ExactCertificate, ...]
    programs: int
    exact: bool = True

    @property
    def breakpoints(self) -> tuple[tuple[Fraction | float, Fraction | float], ...]:
        """Pairs (t, value) of the ends and of every kink; floats if ``exact`` is false."""
        last = self.pieces[-1]
        pairs = [(piece.start, piece.line(piece.start)) for piece in self.pieces]
        pairs.append((last.end, last.line(last.end)))
        return tuple(pairs if self.exact else ((float(t), float(v)) for t, v in pairs))

    def __call__(self, t: Any) -> Any:
        """The value at t in [0, 1]: a fraction for a fraction, floats for floats."""
        if is_number(t) and not isinstance(t, float):
            return self._at(Fraction(t))
        found = [float(self._at(Fraction(float(one)))) for one in np.ravel(t)]
        return np.array(found).reshape(np.shape(t)) if np.ndim(t) else found[0]

    def _at(self, t: Fraction) -> Fraction:
        if not 0 <= t <= 1:
            raise PriorError("t", "must lie in [0, 1]", value=str(t))
        piece = next(piece for piece in self.pieces if t <= piece.end)
        return piece.line(t)

    def to_frame(self) -> Any:
        """A pandas frame with one row for each breakpoint: t and value as floats."""
        pandas = load("pandas", extra="frames", feature="tables")
        rows = [tuple(map(float, pair)) for pair in self.breakpoints]
        return pandas.DataFrame(rows, columns=["t", "value"])

    def __repr__(self) -> str:
        listed = ", ".join(
            f"({shown(t)}, {shown(v)})"
            if isinstance(t, Fraction) and isinstance(v, Fraction)
            else f"({t:.12g}, {v:.12g})"
            for t, v in self.breakpoints
        )
        return f"Trace, {self.procedure}: {listed}"


def trace_game(
    problem: Any, procedure: Procedure, ends: tuple[Any, Any], *, order: Any = None
) -> Trace:
    """Trace a game along two priors, or two functionals; see :func:`persuasion_lp.trace`.

    Raises
    ------
    PriorError, PayoffError, OrderError, ProcedureError
        Before anything is solved.
    """
    if is_a(ends[0], Functional) != is_a(ends[1], Functional):
        raise PriorError("along", "must be two priors or two functionals, not one of each")
    for kind, lay_out in STUDIES.items():
        if is_a(problem, kind):
            own = lay_out(problem, procedure, order)
            moved = own.traced(ends, payoffs=is_a(ends[0], Functional))
            return assembled(problem, procedure, {None: moved})
    game = studied(problem)
    if all(is_a(end, Functional) for end in ends):
        return _assembled(game, procedure, order, partial(_payoffs, game, procedure, ends=ends))
    first, last = _prior("along[0]", ends[0], game), _prior("along[1]", ends[1], game)
    between = np.array([(a + b) / 2 for a, b in zip(first, last, strict=True)], dtype=object)
    payoff: Any = game.written_numbers.payoff
    middle = PersuasionGame(between.reshape(game.prior.shape), game.receivers, payoff)
    of_priors = partial(_priors, middle, procedure, ends=(first, last))
    return _assembled(middle, procedure, order, of_priors)


def _assembled(
    game: PersuasionGame,
    procedure: Procedure,
    order: Any,
    of: Callable[[Fixed], Traced],
) -> Trace:
    """The upper envelope of the traces of all orders that may be played."""
    return assembled(game, procedure, {one: of(one) for one in orders_of(game, procedure, order)})


def assembled(problem: Any, procedure: str, found: Mapping[Fixed, Traced]) -> Trace:
    """The greatest of the traces of several orders, with all certificates."""
    pieces = [
        Piece(left, right, line, fixed)
        for fixed, one in found.items()
        for (left, right), line in zip(pairwise(one.points), one.lines, strict=True)
    ]
    certificates = tuple(
        ExactCertificate(
            solution,
            {
                "problem": repr(problem),
                "procedure": procedure,
                "order": None if fixed is None else list(fixed),
                "t": str(t),
            },
        )
        for fixed, one in found.items()
        for t, solution in zip(one.points, one.solutions, strict=True)
    )
    programs = sum(one.programs for one in found.values())
    whole = pieces if len(found) == 1 else upper_envelope(pieces)
    return Trace(procedure, tuple(whole), certificates, programs)


def _priors(
    game: PersuasionGame,
    procedure: Procedure,
    order: Fixed,
    *,
    ends: tuple[list[Fraction], list[Fraction]],
) -> Traced:
    programme = full_programme(game, procedure, order)
    first, last = (
        with_sides(
            paying(programme.program, programme.program.objective, dot(programme.baseline, prior)),
            programme.sides(prior),
        )
        for prior in ends
    )
    return traced(between(first, last), ZERO, ONE)


def _payoffs(
    game: PersuasionGame, procedure: Procedure, order: Fixed, *, ends: Sequence[Functional]
) -> Traced:
    programme = full_programme(game, procedure, order, ends)
    first, last = (paying(programme.program, programme.costs(end)) for end in ends)
    return traced(between(first, last), ZERO, ONE)


def ends_of(along: Any) -> tuple[Any, Any]:
    """The two ends of a segment."""
    rule = "must be a pair: two priors, two functionals, or two problems"
    ends = in_order("along", along, PriorError, rule)
    if len(ends) != 2:
        raise PriorError("along", rule, value=along)
    return ends[0], ends[1]


def _prior(name: str, end: Any, game: PersuasionGame) -> list[Fraction]:
    """An end of a segment of priors, flat, in rationals."""
    given = written(name, end, PriorError)
    numbers = given.rationals()
    if numbers.shape == () and game.prior.shape == (2,):
        numbers = np.array([1 - numbers.item(), numbers.item()], dtype=object)
    if numbers.shape != game.prior.shape:
        rule = f"must have the prior's shape {game.prior.shape}"
        raise PriorError(name, rule, value=numbers.shape)
    for place, number in np.ndenumerate(numbers):
        if number < 0:
            raise PriorError(
                name, "leaves the simplex: must be at least 0", index=place, value=number
            )
    total = sum(numbers.ravel())
    if total != 1:
        rule = "must sum to 1 exactly; write fractions, or divide by the sum"
        raise PriorError(name, rule, value=str(total))
    return list(numbers.ravel())

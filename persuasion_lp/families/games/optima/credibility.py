r"""From cheap talk to commitment (Lipnowski and Ravid 2020; Lipnowski, Ravid and Shishkin 2022).

One public message; the sender's payoff v(a) depends on the profile of actions, not on the state.
With probability χ the announced experiment is followed, with probability 1−χ the sender says what
she likes. For each payoff level s among the values of v:

    maximize    Σ_{a,ω} min(v_a, s) x(a, ω) + s Σ_{a,ω} y(a, ω)
    subject to  Σ_a x(a, ω) + Σ_a y(a, ω) = prior(ω)          every state ω
                Σ_a y(a, ω) ≥ (1−χ) prior(ω)                  every state ω
                x(a, ·), y(a, ·) obedient                     every profile a
                y(a, ·) = 0 unless v_a ≥ s,   x, y ≥ 0

x is what the experiment says, y what the sender says herself; she mixes over messages worth s to
her. The best of these values is v*(χ): the quasiconcave envelope at χ = 0, the concave one at
χ = 1. For one level the value is concave and piecewise linear in χ, from the least χ at which the
level can be reached (a linear program in which χ is a variable); so the whole curve, with its
jumps, is a maximum of finitely many traced pieces. The proof at one χ is the program in which all
levels may be mixed (:mod:`persuasion_lp.lp.alternatives`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from persuasion_lp.arrays import FrozenMapping, ReadOnly, written
from persuasion_lp.core.exact import ExactCertificate
from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.families.games.optima.levels import Levels
from persuasion_lp.inputs import answering
from persuasion_lp.lp.alternatives import Priced, prove_best
from persuasion_lp.lp.faces.edited import solved
from persuasion_lp.lp.faces.envelopes import Piece, upper_envelope
from persuasion_lp.lp.faces.parametric import Line, between, traced
from persuasion_lp.lp.rational import RationalSolution, shown

__all__ = ["CredibilityCurve", "CredibleMessage", "CredibleResult", "credibility_curve", "credible"]

ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class CredibleMessage(ReadOnly):
    """A public message at an optimum.

    Attributes
    ----------
    actions
        What the receivers do on it.
    payoff
        What it is worth to the sender.
    announced, own
        Joint probability with each state, shape ``prior.shape``: by the experiment, and by the
        sender where she says what she likes.
    """

    actions: tuple[int, ...]
    payoff: Fraction
    announced: np.ndarray[Any, np.dtype[np.object_]]
    own: np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True, eq=False, repr=False)
class CredibleResult(ReadOnly):
    """The sender's best value at one credibility.

    Attributes
    ----------
    problem, credibility
        What was solved.
    value
        v*(χ).
    level
        What each message that the sender sends on her own is worth to her.
    messages
        Those sent, the announced and her own.
    certificate
        That this level attains the value and no level more.
    """

    problem: Any
    credibility: Fraction
    value: Fraction
    level: Fraction
    messages: tuple[CredibleMessage, ...]
    certificate: ExactCertificate

    @property
    def lower(self) -> Fraction:
        """Lower end of the bracket: the value."""
        return self.value

    @property
    def upper(self) -> Fraction:
        """Upper end of the bracket: the value."""
        return self.value

    def __repr__(self) -> str:
        return (
            f"CredibleResult: credibility {shown(self.credibility)}\n"
            f"  value  {shown(self.value)} = {float(self.value):.12g}, own messages worth "
            f"{shown(self.level)}, {len(self.messages)} messages"
        )


@dataclass(frozen=True, eq=False, repr=False)
class CredibilityCurve(ReadOnly):
    """χ ↦ v*(χ) on [0, 1]: increasing, with jumps.

    Attributes
    ----------
    pieces
        Left to right: interval, line, and the level of the sender's own messages there. At a jump
        the value is that of the piece on the right.
    thresholds
        By level, the least χ at which it can be reached.
    certificates
        Of every program solved.
    """

    pieces: tuple[Piece, ...]
    thresholds: FrozenMapping[Fraction, Fraction]
    certificates: tuple[ExactCertificate, ...]

    @cached_property
    def jumps(self) -> tuple[tuple[Fraction, Fraction, Fraction], ...]:
        """Triples (χ, value before, value from there on)."""
        return tuple(
            (one.end, one.line(one.end), other.line(one.end))
            for one, other in pairwise(self.pieces)
            if one.line(one.end) != other.line(one.end)
        )

    @property
    def breakpoints(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Pairs (χ, value): where a piece begins, and 1."""
        last = self.pieces[-1]
        return (
            *((piece.start, piece.line(piece.start)) for piece in self.pieces),
            (last.end, last.line(last.end)),
        )

    def __call__(self, credibility: Any) -> Fraction:
        """v*(χ)."""
        chi = _checked(credibility)
        piece = next(piece for piece in reversed(self.pieces) if piece.start <= chi)
        return piece.line(chi)

    def to_frame(self) -> Any:
        """A pandas frame with one row for each piece: from, to, value at both, level, as floats."""
        pandas = load("pandas", extra="frames", feature="tables")
        rows = [(p.start, p.end, p.line(p.start), p.line(p.end), p.label) for p in self.pieces]
        names = ["from", "to", "value from", "value to", "level"]
        return pandas.DataFrame([tuple(map(float, row)) for row in rows], columns=names)

    def __repr__(self) -> str:
        parts = []
        for piece in self.pieces:
            first, last = piece.line(piece.start), piece.line(piece.end)
            value = shown(first) if first == last else f"{shown(first)} to {shown(last)}"
            parts.append(f"{value} on [{shown(piece.start)}, {shown(piece.end)}]")
        return f"CredibilityCurve: {'; '.join(parts)}"


def credible(problem: Any, credibility: Any) -> CredibleResult:
    """The sender's best value with one public message; for ``solve(…, credibility=χ)``.

    Raises
    ------
    OptionError
        If the credibility is not in [0, 1].
    PayoffError, ReceiverError
        If the sender's payoff depends on the state, or a receiver has an acceptance set.
    """
    chi = _checked(credibility)
    game = Levels.of(problem)
    found: dict[Fraction, RationalSolution] = {}
    for s in game.levels:
        if game.threshold(s) <= chi:
            found[s] = solved(game.at(game.program(s), chi))
    best = max(found, key=lambda s: found[s].value)
    others = {str(s): Priced(one.program, one.y) for s, one in found.items() if s != best}
    proof = prove_best(str(best), found[best], others) if others else found[best]
    about = {"problem": repr(game.game), "credibility": str(chi), "levels": list(map(str, found))}
    return CredibleResult(
        problem,
        chi,
        found[best].value,
        best,
        _messages(game, best, found[best]),
        ExactCertificate(proof, about),
    )


@answering
def credibility_curve(problem: Any) -> CredibilityCurve:
    """The sender's best value with one public message at every credibility, with every jump.

    Parameters
    ----------
    problem
        A :class:`PersuasionGame`, or a :class:`BeliefGame` with receivers, in which the sender's
        payoff does not depend on the state.

    Raises
    ------
    PayoffError, ReceiverError
        If it depends on the state, or a receiver has an acceptance set.

    Examples
    --------
    A central bank (Lipnowski, Ravid and Shishkin 2022): cheap talk earns 1, full commitment 3/2,
    from χ = 3/4 on.

    >>> import persuasion_lp as plp
    >>> public = plp.Receiver.from_utility([[0, 0], ["-1/4", "3/4"], [-1, 1]], [0, 1, 2])
    >>> plp.credibility_curve(plp.PersuasionGame(["1/2", "1/2"], [public]))
    CredibilityCurve: 1 on [0, 2/3]; 4/3 to 3/2 on [2/3, 3/4]; 3/2 on [3/4, 1]
    """
    game = Levels.of(problem)
    pieces: list[Piece] = []
    at_last: list[Piece] = []
    thresholds: dict[Fraction, Fraction] = {}
    certificates: list[ExactCertificate] = []
    for s in game.levels:
        thresholds[s] = game.threshold(s)
        program = game.program(s)
        moved = between(game.at(program, Fraction(0)), game.at(program, ONE))
        one = traced(moved, thresholds[s], ONE)
        if one.lines:
            spans = zip(pairwise(one.points), one.lines, strict=True)
            pieces += [Piece(start, end, line, s) for (start, end), line in spans]
        else:  # at full commitment only
            at_last.append(Piece(ONE, ONE, Line(one.values[0], Fraction(0)), s))
        about = {"problem": repr(game.game), "level": str(s)}
        certificates += [
            ExactCertificate(solution, {**about, "credibility": str(t)})
            for t, solution in zip(one.points, one.solutions, strict=True)
        ]
    found = upper_envelope(pieces)
    better = [piece for piece in at_last if piece.line(ONE) > found[-1].line(ONE)]
    found += sorted(better, key=lambda piece: piece.line(ONE))[-1:]
    return CredibilityCurve(tuple(found), FrozenMapping(thresholds), tuple(certificates))


def _messages(game: Levels, s: Fraction, solution: RationalSolution) -> tuple[CredibleMessage, ...]:
    """The messages that are sent."""
    nothing = np.full(game.game.prior.size, Fraction(0), dtype=object)
    announced, own = solution.values("x"), solution.values("y")
    places = {k: j for j, k in enumerate(k for k, v in enumerate(game.values) if v >= s)}
    found = []
    for k, profile in enumerate(game.profiles):
        said, hers = nothing.copy(), nothing.copy()
        said[game.game.support] = announced[k]
        if k in places:
            hers[game.game.support] = own[places[k]]
        if said.any() or hers.any():
            shape = game.game.prior.shape
            found.append(
                CredibleMessage(profile, game.values[k], said.reshape(shape), hers.reshape(shape))
            )
    return tuple(found)


def _checked(credibility: Any) -> Fraction:
    given = written("credibility", credibility, OptionError)
    if given.floats.shape != () or not 0 <= given.floats <= 1:
        raise OptionError("credibility", "must be one number in [0, 1]", value=credibility)
    chi: Fraction = given.rationals().item()
    return chi

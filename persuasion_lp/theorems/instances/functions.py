"""Piecewise-linear functions in rationals, and the problems stated by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.errors import InstanceError
from persuasion_lp.problems import BeliefGame, PosteriorMeanGame, Receiver
from persuasion_lp.theorems.instances.base import RationalInstance
from persuasion_lp.theorems.instances.games import fewer_states, rounded_priors
from persuasion_lp.theorems.instances.numbers import (
    DENOMINATORS,
    Row,
    digits,
    each_rounded,
    entry,
    listing,
    numbers,
    object_array,
    rational,
    rounded,
    texts,
)
from persuasion_lp.theorems.instances.receivers import RationalReceiver
from persuasion_lp.theorems.instances.states import RationalState, read_state, state_of

__all__ = ["RationalBeliefs", "RationalFunction", "RationalMeans"]


@dataclass(frozen=True)
class RationalFunction:
    """A :class:`PiecewiseLinear` function in rationals.

    Attributes
    ----------
    breakpoints
        b_0 = 0 < … < b_m = 1.
    pieces
        Values at the left and right end of each piece, shape ``(m, 2)``.
    at
        Values at the breakpoints, where one of them is above both limits; otherwise ``None``.
    """

    breakpoints: Row
    pieces: tuple[Row, ...]
    at: Row | None = None

    @classmethod
    def of(cls, function: PiecewiseLinear) -> RationalFunction:
        """Read a function."""
        parts = (function.breakpoints, function.at, function.left, function.right)
        breakpoints, at, left, right = map(rational, parts)
        new = cls(breakpoints, tuple(zip(right[:-1], left[1:], strict=True)))
        return new if new.limits == at else replace(new, at=at)

    def build(self) -> PiecewiseLinear:
        """The function."""
        function = PiecewiseLinear(object_array(self.breakpoints), object_array(self.pieces))
        if self.at is None:
            return function
        at = np.array(self.at, dtype=np.float64)
        left, right = np.append(at[0], function.left[1:]), np.append(function.right[:-1], at[-1])
        return PiecewiseLinear.from_sides(function.breakpoints, at, left, right)

    @property
    def limits(self) -> Row:
        """The higher of the one-sided limits at each breakpoint."""
        left = [self.pieces[0][0], *(piece[1] for piece in self.pieces)]
        right = [*(piece[0] for piece in self.pieces), self.pieces[-1][1]]
        return tuple(map(max, left, right))

    @property
    def size(self) -> tuple[int, int]:
        """Pieces, digits."""
        return len(self.pieces), digits(self.breakpoints, self.pieces, self.at or ())

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        return {
            "breakpoints": texts(self.breakpoints),
            "pieces": texts(self.pieces),
            "at": None if self.at is None else texts(self.at),
        }

    @classmethod
    def from_dict(cls, data: Any, field: str) -> RationalFunction:
        """Read what :meth:`to_dict` wrote."""
        if not isinstance(data, dict):
            raise InstanceError(field, "must be a function, with breakpoints and pieces")
        path = {key: f"{field}.{key}" for key in ("breakpoints", "pieces", "at")}
        given = {key: entry(data, key, path[key]) for key in path}
        breakpoints = numbers(path["breakpoints"], given["breakpoints"], 1)
        pieces = numbers(path["pieces"], given["pieces"], 2)
        if len(pieces) != len(breakpoints) - 1 or len(pieces[0]) != 2:
            raise InstanceError(
                path["pieces"],
                f"must have shape {(len(breakpoints) - 1, 2)}",
                value=(len(pieces), len(pieces[0])),
            )
        at = None if given["at"] is None else numbers(path["at"], given["at"], 1)
        if at is not None and len(at) != len(breakpoints):
            raise InstanceError(
                path["at"], f"must be as many as breakpoints, {len(breakpoints)}", value=len(at)
            )
        return cls(breakpoints, pieces, at)

    def simpler(self) -> Iterator[RationalFunction]:
        """A breakpoint less, pieces that are constant, rounded numbers."""
        for k in range(1, len(self.pieces)):
            joined = (self.pieces[k - 1][0], self.pieces[k][1])
            yield RationalFunction(
                self.breakpoints[:k] + self.breakpoints[k + 1 :],
                (*self.pieces[: k - 1], joined, *self.pieces[k + 1 :]),
            )
        if self.at is not None:
            yield replace(self, at=None)
        for n in DENOMINATORS:
            at = None if self.at is None else rounded(self.at, n)
            yield replace(self, pieces=rounded(self.pieces, n), at=at)
        for k, piece in enumerate(self.pieces):
            mean = sum(piece, Fraction(0)) / 2
            for values in ((Fraction(0),) * 2, (mean,) * 2, *each_rounded(piece)):
                yield replace(self, pieces=(*self.pieces[:k], values, *self.pieces[k + 1 :]))
        for breakpoints in each_rounded(self.breakpoints):
            yield replace(self, breakpoints=breakpoints)


@dataclass(frozen=True)
class RationalMeans(RationalInstance, kind=PosteriorMeanGame):
    """A :class:`PosteriorMeanGame` with a :class:`PiecewiseLinear` payoff, in rationals.

    Attributes
    ----------
    prior
        States and masses, or a named distribution.
    payoff
        The function.
    """

    prior: RationalState
    payoff: RationalFunction

    @classmethod
    def read(cls, problem: PosteriorMeanGame) -> RationalMeans:
        """Read a game; payoffs that are no :class:`PiecewiseLinear` are refused."""
        if not isinstance(problem.payoff, PiecewiseLinear):
            raise InstanceError(
                "payoff", "must be a PiecewiseLinear function", value=type(problem.payoff).__name__
            )
        return cls(state_of("prior", problem.prior), RationalFunction.of(problem.payoff))

    def build(self) -> PosteriorMeanGame:
        """The game."""
        return PosteriorMeanGame(self.prior.build(), self.payoff.build())

    @property
    def size(self) -> tuple[int, ...]:
        """Pieces, states (none for a distribution), digits."""
        (pieces, own), (states, more) = self.payoff.size, self.prior.size
        return pieces, states, own + more

    def entries(self) -> dict[str, Any]:
        """Prior and payoff."""
        return {"prior": self.prior.to_dict(), "payoff": self.payoff.to_dict()}

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalMeans:
        """Read a game from its entries."""
        return cls(
            read_state("prior", entry(data, "prior")),
            RationalFunction.from_dict(entry(data, "payoff"), "payoff"),
        )

    def simpler(self) -> Iterator[RationalMeans]:
        """A simpler payoff, then a simpler prior."""
        for payoff in self.payoff.simpler():
            yield replace(self, payoff=payoff)
        for prior in self.prior.simpler():
            yield replace(self, prior=prior)


BeliefPart: TypeAlias = RationalReceiver | RationalFunction


@dataclass(frozen=True)
class RationalBeliefs(RationalInstance, kind=BeliefGame):
    """A :class:`BeliefGame` on one binary belief, piecewise linear, in rationals; without its grid.

    Attributes
    ----------
    prior
        Probabilities of L and H.
    payoffs
        Receivers and functions of the probability of H.
    """

    prior: Row
    payoffs: tuple[BeliefPart, ...]

    @classmethod
    def read(cls, problem: BeliefGame) -> RationalBeliefs:
        """Read a game; callables, and more than two states, are refused."""
        if not problem.on_interval:
            raise InstanceError(
                "prior", "must be over two states in an instance file", value=problem.states
            )
        payoffs: list[BeliefPart] = []
        for index, payoff in enumerate(problem.payoffs):
            if isinstance(payoff, Receiver):
                payoffs.append(RationalReceiver.of(payoff, "payoffs", index))
            elif isinstance(payoff, PiecewiseLinear):
                payoffs.append(RationalFunction.of(payoff))
            else:
                raise InstanceError(
                    "payoffs", "must be a Receiver or a PiecewiseLinear function", index=index
                )
        return cls(rational(problem.prior), tuple(payoffs))

    def build(self) -> BeliefGame:
        """The game."""
        return BeliefGame(object_array(self.prior), [payoff.build() for payoff in self.payoffs])

    @property
    def size(self) -> tuple[int, ...]:
        """Receivers, possible states, pieces and actions, digits."""
        sizes = [
            (payoff.actions, payoff.digits) if isinstance(payoff, RationalReceiver) else payoff.size
            for payoff in self.payoffs
        ]
        return (
            len(self.payoffs),
            sum(map(bool, self.prior)),
            sum(pieces for pieces, _ in sizes),
            digits(self.prior) + sum(own for _, own in sizes),
        )

    def entries(self) -> dict[str, Any]:
        """Prior and payoffs."""
        return {
            "prior": texts(self.prior),
            "payoffs": [payoff.to_dict() for payoff in self.payoffs],
        }

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalBeliefs:
        """Read a game from its entries."""
        prior = numbers("prior", entry(data, "prior"), 1)
        if len(prior) != 2:
            raise InstanceError("prior", "must be two probabilities", value=len(prior))
        listed = listing("payoffs", entry(data, "payoffs"))
        return cls(prior, tuple(_part(part, f"payoffs[{i}]") for i, part in enumerate(listed)))

    def simpler(self) -> Iterator[RationalBeliefs]:
        """Fewer receivers, a simpler prior, simpler payoffs."""
        for i in range(len(self.payoffs) if len(self.payoffs) > 1 else 0):
            yield replace(self, payoffs=self.payoffs[:i] + self.payoffs[i + 1 :])
        for prior in (*fewer_states(self.prior), *rounded_priors(self.prior)):
            yield replace(self, prior=prior)
        for i, payoff in enumerate(self.payoffs):
            for simpler in payoff.simpler():
                payoffs = (*self.payoffs[:i], simpler, *self.payoffs[i + 1 :])
                yield replace(self, payoffs=payoffs)


def _part(data: Any, field: str) -> BeliefPart:
    if isinstance(data, dict) and "breakpoints" in data:
        return RationalFunction.from_dict(data, field)
    return RationalReceiver.from_dict(data, field)

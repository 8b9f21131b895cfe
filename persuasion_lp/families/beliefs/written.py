r"""A game on one binary belief in the numbers as they were written.

Nodes 0 = x_1 < … < x_N = 1 are the breakpoints of all payoffs and the prior, in fractions. A payoff
is upper semicontinuous and linear between nodes, so its values there are all that an envelope sees.
Of a receiver who is willing to take action a at beliefs in [low_a, high_a] that is

    f(x)  =  max { payoff_a(x) : low_a ≤ x ≤ high_a },

decided by comparison of fractions: which action a belief at a cutoff brings does not depend on
rounding. Numbers that were computed in floating point are taken as the floats they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol, cast

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, Integers, Rationals, ReadOnly
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.piecewise import Pieces, PiecewiseLinear
from persuasion_lp.core.exact import nearest
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["WrittenGame", "WrittenNodes", "WrittenPayoff", "written_game"]

_ZERO, _ONE = Fraction(0), Fraction(1)


class WrittenPayoff(Protocol):
    """A payoff as a function of the belief, exactly."""

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """Where its slope may change, in any order."""

    def __call__(self, x: Fraction) -> Fraction:
        """Its value at a belief."""


@dataclass(frozen=True)
class _Choice(ReadOnly):
    """Payoff from a receiver: intervals of beliefs, and payoffs in L and H, for each action."""

    actions: tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...]

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        return tuple(end for low, high, _, _ in self.actions for end in (low, high))

    def __call__(self, x: Fraction) -> Fraction:
        return max(
            at_0 if at_0 == at_1 else at_0 + (at_1 - at_0) * x
            for low, high, at_0, at_1 in self.actions
            if low <= x <= high
        )


@dataclass(frozen=True)
class _Linear(ReadOnly):
    """A piecewise-linear function."""

    pieces: Pieces

    @cached_property
    def breakpoints(self) -> tuple[Fraction, ...]:
        return tuple(self.pieces.breakpoints.tolist())

    @cached_property
    def _places(self) -> Mapping[Fraction, int]:
        return FrozenMapping({b: k for k, b in enumerate(self.breakpoints)})

    def __call__(self, x: Fraction) -> Fraction:
        here = self._places.get(x)
        value: Fraction
        if here is not None:
            value = self.pieces.at[here]
            return value
        b = self.breakpoints
        k = bisect_right(b, x) - 1
        low, high = self.pieces.right[k], self.pieces.left[k + 1]
        value = low if low == high else low + (high - low) * (x - b[k]) / (b[k + 1] - b[k])
        return value


@dataclass(frozen=True, eq=False)
class WrittenGame(ReadOnly):
    """Prior and payoffs in fractions.

    Attributes
    ----------
    prior
        Probability of the second state.
    payoffs
        One for each receiver; ``None`` for a function that is not piecewise linear.
    """

    prior: Fraction
    payoffs: tuple[WrittenPayoff | None, ...]

    @cached_property
    def points(self) -> tuple[Fraction, ...]:
        """Prior, both ends and all breakpoints, increasing."""
        points = {_ZERO, _ONE, self.prior}
        for payoff in self.payoffs:
            points.update(() if payoff is None else payoff.breakpoints)
        return tuple(sorted(points))

    @cached_property
    def nodes(self) -> WrittenNodes:
        """Payoffs at all points, from the receivers whose payoff is piecewise linear."""
        x = self.points
        payoffs = tuple(tuple(map(f, x)) for f in self.payoffs if f is not None)
        return WrittenNodes(x, payoffs, x.index(self.prior))

    def payoffs_at(self, i: int, beliefs: Floats) -> tuple[Floats, Floats]:
        """Payoff from receiver i at beliefs in floats that stand for points: least and most.

        Only where several points are the same float do the two differ.
        """
        payoff = cast(WrittenPayoff, self.payoffs[i])
        row = sum(f is not None for f in self.payoffs[:i])
        at_points = self.nodes.in_floats[row]
        least, most = np.empty(len(beliefs)), np.empty(len(beliefs))
        for k, (low, high) in enumerate(beliefs.tolist()):
            meant = self.known.get((low, high))
            if meant is None:
                least[k] = most[k] = nearest(payoff(min(Fraction(high), _ONE)))
            else:
                there = at_points[list(meant)]
                least[k], most[k] = there.min(), there.max()
        return least, most

    @cached_property
    def known(self) -> Mapping[tuple[float, float], tuple[int, ...]]:
        """Which points there are, by the two floats next to them as a belief."""
        found: dict[tuple[float, float], list[int]] = {}
        for k, (low, high) in enumerate(self.nodes.beliefs.tolist()):
            found.setdefault((low, high), []).append(k)
        return FrozenMapping({at: tuple(listed) for at, listed in found.items()})

    def exactly(self, x: Floats) -> list[Fraction]:
        """Beliefs that are floats as what they stand for: a point as written, if next to one."""
        known: dict[float, Fraction] = {}
        for point in (*self.points, self.prior):
            known[nearest(point)] = point
        return [known.get(at, Fraction(at)) for at in x.tolist()]


@dataclass(frozen=True, eq=False)
class WrittenNodes(ReadOnly):
    """Payoffs at finitely many beliefs, in fractions.

    Attributes
    ----------
    x
        The beliefs, increasing from 0 to 1.
    payoffs
        For each receiver his payoff at each belief.
    prior
        Which belief is the prior.
    """

    x: tuple[Fraction, ...]
    payoffs: tuple[tuple[Fraction, ...], ...]
    prior: int

    @cached_property
    def beliefs(self) -> Floats:
        """The beliefs in floats, shape ``(N, 2)``; different ones may be the same float."""
        return np.array([[nearest(1 - at), nearest(at)] for at in self.x])

    @cached_property
    def in_floats(self) -> Floats:
        """The payoffs in floats, shape ``(n, N)``."""
        return np.array([[nearest(value) for value in row] for row in self.payoffs])


def written_game(
    prior: Rationals,
    payoffs: Iterable[Receiver | PiecewiseLinear | BeliefFunction],
    own_states: Callable[[Receiver], Integers],
) -> WrittenGame:
    """The numbers of a game with two states, from a prior that sums to one exactly."""
    found: list[WrittenPayoff | None] = []
    for payoff in payoffs:
        if isinstance(payoff, BeliefFunction):
            found.append(None)
        elif isinstance(payoff, Receiver):
            found.append(_choice(payoff, own_states(payoff)))
        else:
            found.append(_Linear(payoff.numbers))
    return WrittenGame(prior[1], tuple(found))


def _choice(receiver: Receiver, own: Integers) -> _Choice:
    payoffs = receiver.rational_payoffs()[:, own].tolist()
    actions = []
    for cone, (at_0, at_1) in zip(receiver.rational_cones(), payoffs, strict=True):
        low, high = _ZERO, _ONE
        for in_0, in_1 in cone[:, own].tolist():
            if in_0 < 0 and in_1 < 0:
                low, high = _ONE, _ZERO
            elif in_0 < 0:
                low = max(low, in_0 / (in_0 - in_1))
            elif in_1 < 0:
                high = min(high, in_0 / (in_0 - in_1))
        if low <= high:
            actions.append((low, high, at_0, at_1))
    return _Choice(tuple(actions))

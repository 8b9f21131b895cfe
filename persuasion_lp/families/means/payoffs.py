r"""Bounds on a payoff over intervals of means, and at states as they were written.

A mean is known up to rounding, so what is paid is bounded over the interval in which it lies. With
known pieces the least value of v over [a, b] is attained at a, at b, or next to a breakpoint
between them; the floats a, b are moved outwards by the rounding of the breakpoints. Of a function
given by its values only, v(s) is what it returns for the float next to s; it is tried at both
ends of the interval, at its middle, and at the kinks inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.proof.measure import ULP, Measure

__all__ = ["PayoffBounds"]

ROUNDING = 4 * ULP
"""Of the interpolation between two ends of a piece, relative to the larger one in size."""


BOUND_CELLS = 2**18
"""Cells on which a function of which something is assumed is bounded between candidate means."""


@dataclass(frozen=True, eq=False)
class PayoffBounds:
    """A payoff, between bounds.

    Attributes
    ----------
    game
        Whose payoff it is.
    pieces
        Its pieces, as the floats next to them; ``None`` for a function given by its values.
    jumps
        Where pieces meet at different values.
    """

    game: PosteriorMeanGame
    pieces: Pieces | None
    jumps: Floats

    @classmethod
    def of(cls, game: PosteriorMeanGame) -> PayoffBounds:
        """Of the payoff of a game."""
        known = game.known_pieces
        if known is None:
            return cls(game, None, np.empty(0))
        parts = (known.breakpoints, known.at, known.left, known.right)
        p = Pieces(*(np.asarray(part, dtype=np.float64) for part in parts))
        return cls(game, p, p.breakpoints[(p.left != p.at) | (p.right != p.at)])

    def above(self, low: float, high: float, tried: Floats) -> tuple[Floats, Floats] | None:
        """Breakpoints, from low to high, of a piecewise linear function above v, and its values."""
        payoff = self.game.payoff
        if not isinstance(payoff, BeliefFunction) or payoff.assumption is None:
            return None
        even = np.linspace(low, high, BOUND_CELLS + 1)
        nodes = np.unique(np.concatenate([even, tried, np.asarray(payoff.kinks), [0.0, 1.0]]))
        above = payoff.above(nodes)
        if above is None:
            return None
        inside = (above.breakpoints >= low) & (above.breakpoints <= high)
        values = above.at[inside]
        return above.breakpoints[inside], values + 4 * ULP * np.abs(values)

    def least(self, low: Floats, high: Floats) -> Floats:
        """Lower bound on v over each interval, shape ``(N,)``."""
        return self._extreme(low, high, -1.0)

    def most(self, low: Floats, high: Floats) -> Floats:
        """Upper bound on v over each interval, shape ``(N,)``."""
        return self._extreme(low, high, 1.0)

    def at_states(self, measure: Measure) -> tuple[Floats, Floats]:
        """Lower and upper bound on v at the atoms of a measure.

        Where rounding leaves open on which side of a jump a state is, its number as written tells.
        """
        states = measure.states
        if self.pieces is None or not measure.atoms:
            return self.least(states, states), self.most(states, states)
        around = _around(states)
        low, high = self.least(*around), self.most(*around)
        near = np.flatnonzero(_touched(self.jumps, *around).any(axis=1))
        if near.size:
            numbers = self.game.settled_numbers
            paid = numbers.payoff.sides(numbers.states[near])[0].astype(np.float64)
            low[near], high[near] = paid - ULP * np.abs(paid), paid + ULP * np.abs(paid)
        return low, high

    def at_breakpoints(self, low: float, high: float) -> tuple[Floats, Floats]:
        """The breakpoints in an interval, and an upper bound on v there."""
        if self.pieces is None:
            return np.empty(0), np.empty(0)
        b, at = self.pieces.breakpoints, self.pieces.at
        inside = (b >= low) & (b <= high)
        return b[inside], (at + ULP * np.abs(at))[inside]

    def _extreme(self, low: Floats, high: Floats, sign: float) -> Floats:
        low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
        best = np.maximum if sign > 0 else np.minimum
        p = self.pieces
        if p is None:
            return self._tried(low, high, best)
        found = best(self._outwards(low, sign), self._outwards(high, sign))
        inside = _touched(p.breakpoints, low, high)
        if inside.any():
            near = best(best(p.left, p.right), p.at)
            near = np.where(inside, near + sign * ULP * np.abs(near), -sign * np.inf)
            found = best(found, best.reduce(near, axis=1))
        return np.asarray(found)

    def _outwards(self, points: Floats, sign: float) -> Floats:
        """Value, and its rounding error."""
        p = cast(Pieces, self.pieces)
        k = np.clip(np.searchsorted(p.breakpoints, points, side="right") - 1, 0, p.at.size - 2)
        size = np.abs(np.stack([p.at[k], p.right[k], p.left[k + 1], p.at[k + 1]])).max(axis=0)
        return np.asarray(p.sides(points)[0] + sign * ROUNDING * size)

    def _tried(self, low: Floats, high: Floats, best: np.ufunc) -> Floats:
        found = self.game.values(low)
        if (low < high).any():
            for points in (low + (high - low) / 2, high):
                found = best(found, self.game.values(points))
            kinks = np.asarray(getattr(self.game.payoff, "kinks", ()), dtype=np.float64)
            inside = _touched(kinks, low, high)
            for i in np.flatnonzero(inside.any(axis=1)):
                found[i] = best(found[i], best.reduce(self.game.values(kinks[inside[i]])))
        return np.asarray(found)


def _around(points: Floats) -> tuple[Floats, Floats]:
    """The points moved outwards by the rounding of two floats that are compared."""
    return points * (1 - 2 * ULP), points * (1 + 2 * ULP)


def _touched(places: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    return np.asarray((places >= low[:, None]) & (places <= high[:, None]))

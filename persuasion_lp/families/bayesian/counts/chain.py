r"""The worst equilibrium of players who are alike.

Two actions; sets of players collapse to their number, the lattice of
:mod:`~persuasion_lp.families.bayesian.programmes.adversarial` to a chain. f(k, ω) is the
probability that a (k+1)-th player acts, stop(k, ω) that k act in the end, and
g(k, ω) = u(1, k, ω) − u(0, k, ω):

    maximize    Σ stop(k, ω) v(k, ω)
    subject to
    flow        stop(k, ω) + f(k, ω) = ψ(ω) 1[k = 0] + f(k − 1, ω)
    sequential  Σ f(k, ω) g(k, ω) / n ≥ 0
    obedience   −Σ (1 − k/n) stop(k, ω) g(k, ω) ≥ 0

2 n + 1 columns and n + 1 rows for each state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.errors import PayoffError
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.programme import Counted, CountReading
from persuasion_lp.families.bayesian.programmes.base import COEFFICIENT_ULPS, Kind, Programme
from persuasion_lp.lp.certificate import EPS
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.size import ProgramSize

__all__ = ["ChainProgramme", "check_supermodular"]


def check_supermodular(game: AnonymousGame) -> None:
    """Refuse a game whose worst equilibrium the chain does not describe.

    Raises
    ------
    PayoffError
        For more than two actions, a utility that is not supermodular, an objective that falls, or
        if acting is dominant in no state; number and state are named.
    """
    if game.actions != 2:
        rule = "must be for two actions under 'adversarial'"
        raise PayoffError("utility", rule, value=game.actions)
    reading, states = CountReading(game, "fractions"), game.support
    number = np.arange(game.players)[:, None]
    others = np.stack([game.players - 1 - number, number], axis=-1)
    gain = reading.loss(1, 0, others, states)
    acting = np.arange(game.players + 1)[:, None]
    counts = np.stack([game.players - acting, acting], axis=-1)
    value = reading.objective(counts, states)
    for field, rule, falls in (
        (
            "utility",
            "is not supermodular: acting gains less when one more acts",
            np.diff(gain, axis=0),
        ),
        ("objective", "falls when one more acts", np.diff(value, axis=0)),
    ):
        wrong = np.argwhere(falls < 0)
        if len(wrong):
            k, place = (int(one) for one in wrong[0])
            told = f"{rule}, from {k} to {k + 1} in state {game.state_names[states[place]]}"
            raise PayoffError(field, told, index=(k, int(states[place])))
    if not (gain[0] > 0).any():
        best = int(np.argmax(gain[0]))
        raise PayoffError(
            "utility",
            "must make acting dominant in some state that is possible: even in state "
            f"{game.state_names[states[best]]} nobody gains from acting alone",
            index=(1, 0, int(states[best])),
            value=float(gain[0][best]),
        )


@dataclass(frozen=True, eq=False)
class ChainProgramme(Programme):
    """Stops after 0 … n players, then flows to one more, each for every state possible."""

    game: AnonymousGame

    balance: ClassVar[str] = "flow"

    def reading(self, kind: Kind) -> CountReading:
        """The game's numbers."""
        return CountReading(self.game, kind)

    @property
    def columns(self) -> int:
        """2 n + 1 for each state."""
        return (2 * self.game.players + 1) * self.game.support.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        n, states = self.game.players, self.game.support.size
        return ProgramSize(self.columns, (n + 1) * states + 2, (5 * n + 2) * states)

    def most(self) -> Floats:
        """The probability of each column's state."""
        return np.asarray(self.game.prior[self.game.support[self.every % self.game.support.size]])

    def _acting(self, number: Any) -> Integers:
        """Counts of both actions when so many act."""
        return np.stack([self.game.players - number, number], axis=-1)

    def _gain(self, reading: CountReading, number: Any, state: Any) -> NDArray[Any]:
        """g(k, ω)."""
        others = np.stack([self.game.players - 1 - number, number], axis=-1)
        return reading.loss(1, 0, others, state)

    def paid(self, reading: Any, kept: Integers) -> NDArray[Any]:
        """V where nobody else acts, 0 on the way."""
        line, place = np.divmod(kept, self.game.support.size)
        stop = line <= self.game.players
        value = np.full(kept.shape, Fraction(0) if reading.exact else 0.0)
        states = self.game.support[place[stop]]
        value[stop] = reading.objective(self._acting(line[stop]), states)
        return value

    def lay_out(self, reading: Any, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        n, states = self.game.players, self.game.support
        line, place = np.divmod(kept, states.size)
        builder = LPBuilder(reading.dtype)
        x = builder.columns("x", kept.shape, objective=self.paid(reading, kept))
        given = np.full((n + 1, states.size), Fraction(0) if reading.exact else 0.0)
        given[0] = reading.prior(states)
        flow = builder.rows("flow", given.shape, "==", given)
        sequential = builder.rows("sequential", (1,), ">=")
        obedience = builder.rows("obedience", (1,), ">=")
        stop = np.flatnonzero(line <= n)
        builder.entries(flow[line[stop], place[stop]], x[stop], 1)
        out = stop[line[stop] < n]
        gain = self._gain(reading, line[out], states[place[out]])
        share = reading.share(n - line[out])
        builder.entries(obedience[0], x[out], share * (gain if reading.kind == "sizes" else -gain))
        move = np.flatnonzero(line > n)
        number = line[move] - n - 1
        builder.entries(flow[number, place[move]], x[move], 1)
        builder.entries(
            flow[number + 1, place[move]], x[move], 1 if reading.kind == "sizes" else -1
        )
        gain = self._gain(reading, number, states[place[move]])
        builder.entries(sequential[0], x[move], reading.share(np.ones_like(move)) * gain)
        return builder

    def _chain_prices(self, sequential: float, obedience: float) -> Floats:
        """π(0, ω) rounded upwards, in the states that are possible."""
        n, states = self.game.players, self.game.support
        reading, sizes = self.reading("floats"), self.reading("sizes")
        parts = self.game.payoff_terms + COEFFICIENT_ULPS
        price = np.full(states.size, -np.inf)
        for k in range(n, -1, -1):
            stop, size = (
                np.asarray(one.objective(self._acting(np.int64(k)), states))
                for one in (reading, sizes)
            )
            stop = stop + parts * EPS * size
            if k < n:
                number = np.int64(k)
                gain, terms = (self._gain(one, number, states) for one in (reading, sizes))
                left = obedience * (n - k) / n
                stop = stop - left * gain + 2 * parts * EPS * (np.abs(stop) + left * terms)
                onward = sequential / n * gain + price
                size = sequential / n * terms + np.abs(price)
                stop = np.maximum(stop, onward + parts * EPS * size)
            price = stop
        return price

    def bound(self, lp: LinearProgram, y: Floats) -> float:
        """Σ ψ(ω) π(0, ω), rounded upwards."""
        known = self.multipliers(lp, y)
        price = self._chain_prices(known["sequential"].item(), known["obedience"].item())
        terms = self.game.prior[self.game.support] * price
        return math.fsum([*terms, 4 * EPS * math.fsum(np.abs(terms))])

    def decode(self, kept: Integers, x: NDArray[Any]) -> Counted:
        """Who acts in the end, and the flows."""
        n, states = self.game.players, self.game.support
        line, place = np.divmod(kept, states.size)
        values = x.astype(np.float64)
        joint, flow = np.zeros((n + 1, self.game.states)), np.zeros((n, self.game.states))
        stop = line <= n
        place_of = {tuple(row): k for k, row in enumerate(self.game.counts.tolist())}
        rows = [place_of[n - int(k), int(k)] for k in line[stop]]
        joint[rows, states[place[stop]]] = values[stop]
        flow[line[~stop] - n - 1, states[place[~stop]]] = values[~stop]
        return Counted(self.game.counts, frozen(joint), frozen(flow))

    def prices(self, told: Any, multipliers: Mapping[str, Floats]) -> Floats:
        """π(0, ω)."""
        prices = np.zeros(self.game.states)
        known = multipliers["sequential"].item(), multipliers["obedience"].item()
        prices[self.game.support] = self._chain_prices(*known)
        return prices

r"""Recommendations to players who are alike: x(m, ω) is the probability of counts m and state ω.

Given the counts, who is told what is drawn at random, so a player is told a with probability m_a/n
and knows then that the others' counts are m − e_a:

    maximize    Σ v(m, ω) x(m, ω)
    subject to
    prior       Σ_m x(m, ω) = ψ(ω)                                                     every ω
    obedience   Σ (m_a/n) x(m, ω) [u(a, m − e_a, ω) − u(d, m − e_a, ω)] ≥ 0            every a, d

over all m and ω (``"bce"``), over ω for each m (``"public"``: everybody hears who is told what), or
summed over a for each d (``"coarse"``, one state). M = C(n + A − 1, A − 1) counts, M columns for
each state.

"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.programmes.base import (
    GroupedProgramme,
    Kind,
    shift,
)
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.size import ProgramSize

__all__ = ["CountReading", "Counted", "CountsProgramme"]


@dataclass(frozen=True, eq=False)
class Counted(ReadOnly):
    """What players who are alike are told, by numbers.

    Attributes
    ----------
    counts
        How many take each action, shape ``(M, A)``: every possibility.
    joint
        Probability of counts and state, shape ``(M, S)``.
    flow
        Of the worst equilibrium: probability that a (k+1)-th player acts, by k and state, shape
        ``(n, S)``. Otherwise ``None``.
    """

    counts: Integers
    joint: Floats
    flow: Floats | None = None


@dataclass(frozen=True)
class CountReading:
    """The numbers of a game of players who are alike, of a kind."""

    game: AnonymousGame
    kind: Kind

    @property
    def exact(self) -> bool:
        """Whether numbers are fractions."""
        return self.kind == "fractions"

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the arrays."""
        return np.dtype(object if self.exact else np.float64)

    def share(self, counts: Any) -> NDArray[Any]:
        """Counts divided by the number of players."""
        n = self.game.players
        if not self.exact:
            return np.asarray(counts / n)
        shares = np.array([Fraction(k, n) for k in range(n + 1)], dtype=object)
        return np.asarray(shares[counts])

    def prior(self, state: Any) -> NDArray[Any]:
        """ψ at states."""
        return np.asarray((self.game.written_prior if self.exact else self.game.prior)[state])

    def objective(self, counts: Integers, state: Any) -> NDArray[Any]:
        """V at counts and states."""
        found = self.game.objective_at(counts, state, exact=self.exact)
        return np.abs(found) if self.kind == "sizes" else found

    def loss(self, action: Any, other: Any, others: Integers, state: Any) -> NDArray[Any]:
        """U of an action less u of another."""
        pair = [self.game.utility_at(a, others, state, exact=self.exact) for a in (action, other)]
        if self.kind == "sizes":
            return np.asarray(np.abs(pair[0]) + np.abs(pair[1]))
        return np.asarray(pair[0] - pair[1])


@dataclass(frozen=True, eq=False)
class CountsProgramme(GroupedProgramme):
    """Counts and states.

    Attributes
    ----------
    procedure
        What players know.
    """

    game: AnonymousGame
    procedure: Literal["bce", "public", "coarse"]

    balance: ClassVar[str] = "prior"

    def reading(self, kind: Kind) -> CountReading:
        """The game's numbers."""
        return CountReading(self.game, kind)

    @property
    def columns(self) -> int:
        """M for each state that is possible."""
        return len(self.game.counts) * self.game.support.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        actions = self.game.actions
        rows = self.game.support.size + math.prod(self._rows)
        return ProgramSize(self.columns, rows, self.columns * (1 + actions * actions))

    @property
    def _rows(self) -> tuple[int, int, int]:
        """What is known, the action told, the deviation."""
        actions = self.game.actions
        match self.procedure:
            case "bce":
                return 1, actions, actions - 1
            case "public":
                return len(self.game.counts), actions, actions - 1
            case "coarse":
                return 1, 1, actions

    def group(self, column: Integers) -> Integers:
        """The state of each column."""
        return np.asarray(column % self.game.support.size)

    def weights(self, reading: Any) -> NDArray[Any]:
        """ψ of the states."""
        return np.asarray(reading.prior(self.game.support))

    def paid(self, reading: Any, kept: Integers) -> NDArray[Any]:
        """V at the columns."""
        number, place = np.divmod(kept, self.game.support.size)
        return np.asarray(reading.objective(self.game.counts[number], self.game.support[place]))

    def terms(self, reading: CountReading, number: Integers, state: Any) -> Any:
        """For each action told and slot: which columns, the row, and the weighted loss."""
        _, _, slots = self._rows
        counts = self.game.counts[number]
        for a in range(self.game.actions):
            told = np.flatnonzero(counts[:, a])
            others = counts[told].copy()
            others[:, a] -= 1
            share = reading.share(counts[told, a])
            for slot in range(slots):
                other = slot if self.procedure == "coarse" else int(shift(a, slot))
                if other == a:
                    continue
                loss = share * reading.loss(a, other, others, state[told])
                known = number[told] if self.procedure == "public" else np.zeros_like(told)
                heard = 0 if self.procedure == "coarse" else a
                yield told, (known, np.full_like(told, heard), np.full_like(told, slot)), loss

    def lay_out(self, reading: Any, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        number, place = np.divmod(kept, self.game.support.size)
        builder = LPBuilder(reading.dtype)
        x = builder.columns("x", kept.shape, objective=self.sign * self.paid(reading, kept))
        prior = builder.rows("prior", self.game.support.shape, "==", self.weights(reading))
        builder.entries(prior[place], x, 1)
        rows = builder.rows("obedience", self._rows, ">=")
        for told, row, loss in self.terms(reading, number, self.game.support[place]):
            builder.entries(rows[row], x[told], loss)
        return builder

    def decode(self, kept: Integers, x: NDArray[Any]) -> Counted:
        """The joint distribution of counts and states."""
        number, place = np.divmod(kept, self.game.support.size)
        joint = np.zeros((len(self.game.counts), self.game.states))
        joint[number, self.game.support[place]] = x.astype(np.float64)
        return Counted(self.game.counts, frozen(joint))

    def prices(self, told: Any, multipliers: Mapping[str, Floats]) -> Floats:
        """The most that counts are worth in each state, with what obedience costs."""
        reading, cost = self.reading("floats"), multipliers["obedience"]
        number = np.repeat(np.arange(len(self.game.counts)), self.game.states)
        state = np.tile(np.arange(self.game.states), len(self.game.counts))
        worth = self.sign * np.array(reading.objective(self.game.counts[number], state))
        for told_to, row, loss in self.terms(reading, number, state):
            worth[told_to] += cost[row] * loss
        return np.asarray(worth.reshape(-1, self.game.states).max(axis=0))

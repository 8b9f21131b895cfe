r"""The designer knows the types, and recommends.

x(a, ω, t) is the joint probability that profile a is recommended in the cell (ω, t):

    maximize    Σ v(a, ω, t) x(a, ω, t)
    subject to
    prior       Σ_a x(a, ω, t) = ψ(ω, t)                                         every (ω, t)
    obedience   Σ x(a, ω, t) [u_i(a, ω, t) − u_i(d, a_{−i}, ω, t)] ≥ 0           every i, what he
                over all cells with t_i in which he is told so,                  knows, and d

What player i knows beside his type t_i when he chooses is

=============  ====================================================================================
``"bce"``      his own recommendation a_i: Bayes correlated equilibria (Bergemann and Morris 2016)
``"public"``   the whole profile a, which everybody hears
``"coarse"``   nothing: he follows, or plays one d whatever it is (one state, no types; Moulin and
               Vial 1978)
=============  ====================================================================================

With P profiles and C possible cells: P C columns; C rows, and Σ_i T_i A_i (A_i − 1), or
Σ_i T_i P (A_i − 1), or Σ_i A_i more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.families.bayesian.programmes.base import GroupedProgramme, Reading, shift
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.size import ProgramSize

__all__ = ["Told", "ToldProgramme"]

Told = Literal["bce", "public", "coarse"]


@dataclass(frozen=True, eq=False)
class ToldProgramme(GroupedProgramme):
    """Recommendations of a designer who knows the types.

    Attributes
    ----------
    procedure
        What players know.
    """

    procedure: Told

    balance: ClassVar[str] = "prior"

    @property
    def columns(self) -> int:
        """P C."""
        return self.game.axes.profiles * self.game.support.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        axes = self.game.axes
        rows = sum(int(np.prod(self._rows(i), dtype=object)) for i in range(axes.n))
        deviations = sum(self._rows(i)[-1] for i in range(axes.n))
        return ProgramSize(
            self.columns, self.game.support.size + rows, self.columns * (1 + deviations)
        )

    def group(self, column: Integers) -> Integers:
        """The cell of each column, among those possible."""
        return np.asarray(column % self.game.support.size)

    def weights(self, reading: Reading) -> NDArray[Any]:
        """ψ of each cell possible."""
        return reading.prior(self.game.support)

    def _rows(self, player: int) -> tuple[int, ...]:
        """Shape of a player's rows: type, what he is told, deviation."""
        axes = self.game.axes
        kinds, actions = axes.type_counts[player], axes.actions[player]
        match self.procedure:
            case "bce":
                return kinds, actions, actions - 1
            case "public":
                return kinds, axes.profiles, actions - 1
            case "coarse":
                return kinds, 1, actions

    def deviation(self, player: int, profile: Any, slot: Any) -> tuple[Any, Any]:
        """What a player is told in a profile, and what he does in a slot of his deviations."""
        own = self.game.axes.chosen[profile, player]
        match self.procedure:
            case "bce":
                return own, shift(own, slot)
            case "public":
                return profile, shift(own, slot)
            case "coarse":
                return np.zeros_like(own), slot

    def paid(self, reading: Reading, kept: Integers) -> NDArray[Any]:
        """V at the columns."""
        profile, place = np.divmod(kept, self.game.support.size)
        return reading.objective(profile, self.game.support[place])

    def lay_out(self, reading: Reading, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        axes, support = self.game.axes, self.game.support
        profile, place = np.divmod(kept, support.size)
        cell = support[place]
        builder = LPBuilder(reading.dtype)
        x = builder.columns("x", kept.shape, objective=self.sign * self.paid(reading, kept))
        prior = builder.rows("prior", support.shape, "==", self.weights(reading))
        builder.entries(prior[place], x, 1)
        for i in range(axes.n):
            shape = self._rows(i)
            rows = builder.rows(f"obedience[{i}]", shape, ">=")
            for slot in range(shape[-1]):
                told, action = self.deviation(i, profile, slot)
                other = axes.instead(profile, i, action)
                loss = reading.loss(i, profile, other, cell)
                if reading.kind == "sizes":
                    loss = np.where(other == profile, 0.0, loss)
                builder.entries(rows[axes.kinds[cell, i], told, slot], x, loss)
        return builder

    def decode(self, kept: Integers, x: NDArray[Any]) -> Recommendation:
        """The joint distribution."""
        axes, support = self.game.axes, self.game.support
        profile, place = np.divmod(kept, support.size)
        joint = np.zeros((axes.profiles, axes.cells))
        joint[profile, support[place]] = x.astype(np.float64)
        return Recommendation(axes, frozen(joint.reshape(*axes.actions, *self.game.prior.shape)))

    def prices(self, told: Recommendation, multipliers: Mapping[str, Floats]) -> Floats:
        """The most that a recommendation is worth in each cell, with what obedience costs."""
        axes, reading = self.game.axes, Reading(self.game, "floats")
        profile, cell = np.arange(axes.profiles)[:, None], np.arange(axes.cells)
        worth = self.sign * reading.objective(profile, cell)
        for i in range(axes.n):
            cost = multipliers[f"obedience[{i}]"]
            for slot in range(cost.shape[-1]):
                heard, action = self.deviation(i, profile, slot)
                price = cost[axes.kinds[cell, i], heard, slot]
                other = axes.instead(profile, i, action)
                worth = worth + price * reading.loss(i, profile, other, cell)
        return np.asarray(worth.max(axis=0))

r"""Nobody is asked: recommendations are maps from types to actions.

In state ω the map b = (b_1, …, b_n), b_i: T_i → A_i, is drawn with probability σ(b | ω), and player
i is told b_i (Bergemann and Morris 2019, §4; Kolotilin, Mylovanov, Zapechelnyuk and Li 2017):

    maximize    Σ ψ(ω, t) v(b(t), ω, t) σ(b | ω)
    subject to
    plan        Σ_b σ(b | ω) = 1                                          every ω that is possible
    obedience   Σ_{b_{−i}, ω, t_{−i}} ψ(ω, t) σ(b | ω) [u_i(b(t)) − u_i(d, b_{−i}(t_{−i}))] ≥ 0
                                                                every i, t_i, b_i and d ≠ b_i(t_i)

Π_i A_i^{T_i} columns for each state, and Σ_i T_i A_i^{T_i} (A_i − 1) rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.families.bayesian.programmes.base import GroupedProgramme, Reading, shift
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.size import ProgramSize

__all__ = ["UnelicitedProgramme"]


@dataclass(frozen=True, eq=False)
class UnelicitedProgramme(GroupedProgramme):
    """Maps from types to actions, without reports."""

    balance: ClassVar[str] = "plan"

    @cached_property
    def states(self) -> Integers:
        """States that are possible."""
        by_state = self.game.prior.reshape(self.game.axes.states, -1)
        return frozen(np.flatnonzero(by_state.max(axis=1) > 0))

    @property
    def own_maps(self) -> tuple[int, ...]:
        """Number of maps of each player."""
        axes = self.game.axes
        return tuple(a**t for a, t in zip(axes.actions, axes.type_counts, strict=True))

    @property
    def columns(self) -> int:
        """Π A_i^{T_i} for each state."""
        return math.prod(self.own_maps) * self.states.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        axes = self.game.axes
        counts = list(zip(axes.type_counts, self.own_maps, axes.actions, strict=True))
        rows = sum(t * m * (a - 1) for t, m, a in counts)
        each = 1 + sum(t * (a - 1) for t, _, a in counts)
        return ProgramSize(self.columns, self.states.size + rows, self.columns * each)

    def group(self, column: Integers) -> Integers:
        """The state of each column, among those possible."""
        return np.asarray(column % self.states.size)

    def weights(self, reading: Reading) -> NDArray[Any]:
        """1 for each state."""
        return np.full(self.states.shape, Fraction(1) if reading.exact else 1.0)

    def _maps(self, number: Integers) -> tuple[Integers, list[Integers]]:
        """Each player's map by its number, shape ``(N, n)``, and its actions, ``(N, T_i)`` each."""
        axes = self.game.axes
        own = np.stack(np.unravel_index(number, self.own_maps), axis=1)
        acts = [
            np.stack(np.unravel_index(own[:, i], (axes.actions[i],) * kinds), axis=1)
            for i, kinds in enumerate(axes.type_counts)
        ]
        return own, acts

    def _cells(self) -> list[tuple[Integers, Integers]]:
        """For each profile of types: the cell in every possible state, and everybody's type."""
        axes = self.game.axes
        count = math.prod(axes.types)
        return [(self.states * count + t, axes.kinds[t]) for t in range(count)]

    def _profile(self, acts: list[Integers], kinds: Integers) -> Integers:
        """The profile that maps recommend to types."""
        chosen = [own[:, kind] for own, kind in zip(acts, kinds, strict=True)]
        return np.asarray(np.ravel_multi_index(chosen, self.game.axes.actions))

    def paid(self, reading: Reading, kept: Integers) -> NDArray[Any]:
        """Σ ψ v over types at the columns."""
        number, place = np.divmod(kept, self.states.size)
        _, acts = self._maps(number)
        value = np.full(kept.shape, Fraction(0) if reading.exact else 0.0)
        for cells, kinds in self._cells():
            cell = cells[place]
            profile = self._profile(acts, kinds)
            value = value + reading.prior(cell) * reading.objective(profile, cell)
        return value

    def lay_out(self, reading: Reading, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        axes = self.game.axes
        number, place = np.divmod(kept, self.states.size)
        own, acts = self._maps(number)
        zero: Any = Fraction(0) if reading.exact else 0.0
        losses = [
            np.full((kinds, actions - 1, kept.size), zero)
            for kinds, actions in zip(axes.type_counts, axes.actions, strict=True)
        ]
        for cells, kinds in self._cells():
            cell = cells[place]
            chance, profile = reading.prior(cell), self._profile(acts, kinds)
            for i, kind in enumerate(kinds):
                for slot in range(axes.actions[i] - 1):
                    other = axes.instead(profile, i, shift(acts[i][:, kind], slot))
                    losses[i][kind, slot] += chance * reading.loss(i, profile, other, cell)
        builder = LPBuilder(reading.dtype)
        sigma = builder.columns("x", kept.shape, objective=self.sign * self.paid(reading, kept))
        plan = builder.rows("plan", self.states.shape, "==", self.weights(reading))
        builder.entries(plan[place], sigma, 1)
        for i, loss in enumerate(losses):
            count, slots, _ = loss.shape
            rows = builder.rows(f"obedience[{i}]", (count, self.own_maps[i], slots), ">=")
            for kind in range(count):
                for slot in range(slots):
                    builder.entries(rows[kind, own[:, i], slot], sigma, loss[kind, slot])
        return builder

    def decode(self, kept: Integers, x: NDArray[Any]) -> Recommendation:
        """Maps with their probabilities, and the joint distribution."""
        axes = self.game.axes
        number, place = np.divmod(kept, self.states.size)
        used = np.flatnonzero(x.astype(np.float64) > 0)
        occurs, row = np.unique(number[used], return_inverse=True)
        chances = np.zeros((occurs.size, axes.states))
        chances[row, self.states[place[used]]] = x[used].astype(np.float64)
        _, acts = self._maps(occurs)
        joint = np.zeros((axes.profiles, axes.cells))
        flat = self.game.prior.ravel()
        for cells, kinds in self._cells():
            profile = self._profile(acts, kinds)
            for cell, state in zip(cells, self.states, strict=True):
                np.add.at(joint[:, cell], profile, flat[cell] * chances[:, state])
        return Recommendation(
            axes,
            frozen(joint.reshape(*axes.actions, *self.game.prior.shape)),
            maps=frozen(np.hstack(acts)),
            map_chances=frozen(chances),
        )

    def prices(self, told: Recommendation, multipliers: Mapping[str, Floats]) -> Floats:
        """D value / d ψ, by the envelope theorem; 0 in states that are not possible."""
        axes, reading = self.game.axes, Reading(self.game, "floats")
        chances, maps = told.map_chances, told.maps
        if chances is None or maps is None:
            return np.zeros(axes.cells)
        ends = np.cumsum((0, *axes.type_counts))
        acts = [maps[:, ends[i] : ends[i + 1]] for i in range(axes.n)]
        own = [
            np.ravel_multi_index(list(acts[i].T), (axes.actions[i],) * kinds)
            for i, kinds in enumerate(axes.type_counts)
        ]
        prices = np.zeros(axes.cells)
        for cells, kinds in self._cells():
            profile = self._profile(acts, kinds)[:, None]
            worth = self.sign * reading.objective(profile, cells)
            for i, kind in enumerate(kinds):
                cost = multipliers[f"obedience[{i}]"]
                for slot in range(cost.shape[-1]):
                    other = axes.instead(profile, i, shift(acts[i][:, [kind]], slot))
                    price = cost[kind, own[i], slot][:, None]
                    worth = worth + price * reading.loss(i, profile, other, cells)
            prices[cells] = (chances[:, self.states] * worth).sum(axis=0)
        return prices

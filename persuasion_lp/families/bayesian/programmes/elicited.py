r"""Types are reported: communication equilibria (Myerson 1982; Bergemann and Morris 2019, §4).

Given the state and what is reported, profile a is recommended with probability σ(a | ω, t). A
player may misreport, and then do with each recommendation what is best for him. With t' | i = t_i'
for t after player i's misreport:

    maximize    Σ ψ(ω, t) v(a, ω, t) σ(a | ω, t)
    subject to
    plan        Σ_a σ(a | ω, t) = 1                            every (ω, t) that is possible, or
                                                               becomes so by one misreport
    obedience   Σ ψ(ω, t) σ(a | ω, t) [u_i(a) − u_i(d, a_{−i})] ≥ 0     every i, t_i, a_i, d
    deviation   z_i(t_i, t_i', a_i) ≥ Σ ψ(ω, t) σ(a | ω, t' | i) u_i(d, a_{−i}, ω, t)
                                                               every i, t_i ≠ t_i', a_i, d
    honesty     Σ ψ(ω, t) σ(a | ω, t) u_i(a, ω, t) ≥ Σ_{a_i} z_i(t_i, t_i', a_i)
                                                               every i, t_i ≠ t_i'

Sums are over all cells with t_i. At an optimum z is the best reply to a misreport, so |z| is at
most M = Pr(t_i) max |u_i|, rounded up to a power of two: a bound that changes nothing, and lets a
dual solution be used whatever its rounding. With R cells that can be reported, P R columns and
Σ_i T_i (T_i − 1) A_i more.
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

__all__ = ["ElicitedProgramme"]


@dataclass(frozen=True, eq=False)
class ElicitedProgramme(GroupedProgramme):
    """Recommendations after reports."""

    balance: ClassVar[str] = "plan"

    @cached_property
    def reported(self) -> Integers:
        """Cells that are possible, or become so by one misreport."""
        axes, found = self.game.axes, self.game.prior.ravel() > 0
        possible = self.game.support
        for i, count in enumerate(axes.type_counts):
            for kind in range(count):
                found = found.copy()
                found[axes.reporting(possible, i, kind)] = True
        return frozen(np.flatnonzero(found))

    @property
    def columns(self) -> int:
        """P R."""
        return self.game.axes.profiles * self.reported.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        axes = self.game.axes
        counts = list(zip(axes.type_counts, axes.actions, strict=True))
        z = sum(t * (t - 1) * a for t, a in counts)
        rows = sum(t * a * (a - 1) + t * (t - 1) * (a * a + 1) for t, a in counts)
        each = 1 + sum(a - 1 + (t - 1) * (a + 1) for t, a in counts)
        most = max(axes.actions)
        return ProgramSize(
            self.columns + z,
            self.reported.size + rows,
            self.columns * each + z * (most + 1),
        )

    def group(self, column: Integers) -> Integers:
        """The report of each column."""
        return np.asarray(column % self.reported.size)

    def weights(self, reading: Reading) -> NDArray[Any]:
        """1 for each report."""
        return np.full(self.reported.shape, Fraction(1) if reading.exact else 1.0)

    def paid(self, reading: Reading, kept: Integers) -> NDArray[Any]:
        """ψ v at the columns."""
        profile, place = np.divmod(kept, self.reported.size)
        cell = self.reported[place]
        return np.asarray(reading.prior(cell) * reading.objective(profile, cell))

    def lay_out(self, reading: Reading, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        axes = self.game.axes
        profile, place = np.divmod(kept, self.reported.size)
        cell = self.reported[place]
        chance = reading.prior(cell)
        builder = LPBuilder(reading.dtype)
        sigma = builder.columns("x", kept.shape, objective=self.sign * self.paid(reading, kept))
        plan = builder.rows("plan", self.reported.shape, "==", self.weights(reading))
        builder.entries(plan[place], sigma, 1)
        for i, (kinds, actions) in enumerate(zip(axes.type_counts, axes.actions, strict=True)):
            own, kind = axes.chosen[profile, i], axes.kinds[cell, i]
            rows = builder.rows(f"obedience[{i}]", (kinds, actions, actions - 1), ">=")
            for slot in range(actions - 1):
                other = axes.instead(profile, i, shift(own, slot))
                loss = chance * reading.loss(i, profile, other, cell)
                builder.entries(rows[kind, own, slot], sigma, loss)
            if kinds == 1:
                continue
            bounds = self._bounds(i, exact=reading.exact)
            z = builder.columns(f"z[{i}]", (kinds, kinds - 1, actions), lower=-bounds, upper=bounds)
            lies = builder.rows(f"deviation[{i}]", (kinds, kinds - 1, actions, actions), ">=")
            builder.entries(lies, z[..., None], 1)
            honesty = builder.rows(f"honesty[{i}]", (kinds, kinds - 1), ">=")
            builder.entries(honesty[..., None], z, 1 if reading.kind == "sizes" else -1)
            truth = chance * reading.utility(i, profile, cell)
            for slot in range(kinds - 1):
                builder.entries(honesty[kind, slot], sigma, truth)
            for true in range(kinds):
                told = np.flatnonzero(kind != true)
                real = axes.reporting(cell[told], i, true)
                slot = kind[told] - (kind[told] > true)
                for action in range(actions):
                    other = axes.instead(profile[told], i, action)
                    gain = reading.prior(real) * reading.utility(i, other, real)
                    builder.entries(
                        lies[true, slot, own[told], action],
                        sigma[told],
                        gain if reading.kind == "sizes" else -gain,
                    )
        return builder

    def _bounds(self, player: int, *, exact: bool) -> NDArray[Any]:
        """M for each type, shape ``(T, 1, 1)``."""
        axes = self.game.axes
        others = tuple(axis for axis in range(1 + axes.n) if axis != 1 + player)
        chance = self.game.prior.sum(axis=others)
        largest = float(np.abs(self.game.payoffs[player].floats).max()) or 1.0
        size = math.ceil(math.log2(largest)) + 1
        powers = [2.0 ** (size + math.ceil(math.log2(p))) for p in chance.tolist()]
        bounds: NDArray[Any] = np.array(powers)
        if exact:
            bounds = np.array([Fraction(power) for power in powers], dtype=object)
        return bounds[:, None, None]

    def decode(self, kept: Integers, x: NDArray[Any]) -> Recommendation:
        """Kernel and joint distribution."""
        axes = self.game.axes
        profile, place = np.divmod(kept, self.reported.size)
        kernel = np.full((axes.profiles, axes.cells), np.nan)
        kernel[:, self.reported] = 0.0
        kernel[profile, self.reported[place]] = x.astype(np.float64)
        joint = np.where(self.game.prior.ravel() > 0, kernel, 0.0) * self.game.prior.ravel()
        shape = (*axes.actions, *self.game.prior.shape)
        return Recommendation(
            axes, frozen(joint.reshape(shape)), kernel=frozen(kernel.reshape(shape))
        )

    def prices(self, told: Recommendation, multipliers: Mapping[str, Floats]) -> Floats:
        """D value / d ψ, by the envelope theorem; 0 for cells that nothing leads to."""
        axes, reading = self.game.axes, Reading(self.game, "floats")
        profile, cell = np.arange(axes.profiles)[:, None], np.arange(axes.cells)
        kernel = told.flat if told.kernel is None else told.kernel.reshape(told.flat.shape)
        kernel = np.nan_to_num(kernel)
        worth = self.sign * reading.objective(profile, cell)
        lost = np.zeros(axes.cells)
        for i, kinds in enumerate(axes.type_counts):
            cost, kind = multipliers[f"obedience[{i}]"], axes.kinds[cell, i]
            own = axes.chosen[profile, i]
            for slot in range(cost.shape[-1]):
                other = axes.instead(profile, i, shift(own, slot))
                loss = reading.loss(i, profile, other, cell)
                worth = worth + cost[kind, own, slot] * loss
            if kinds == 1:
                continue
            honesty, lies = multipliers[f"honesty[{i}]"], multipliers[f"deviation[{i}]"]
            worth = worth + honesty[kind].sum(axis=-1) * reading.utility(i, profile, cell)
            for slot in range(kinds - 1):
                played = kernel[:, axes.reporting(cell, i, shift(kind, slot))]
                for action in range(axes.actions[i]):
                    gain = reading.utility(i, axes.instead(profile, i, action), cell)
                    lost += (played * lies[kind, slot, own, action] * gain).sum(axis=0)
        return np.asarray((kernel * worth).sum(axis=0) - lost)

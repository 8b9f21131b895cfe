r"""The worst equilibrium: what the designer can be sure of (Morris, Oyama and Takahashi 2024).

Actions are binary, 1 = acting; utilities are supermodular; the objective increases in actions; in
some state acting is dominant for everybody. Information that makes acting the only equilibrium
sends players into action one after the other, each because of those who act already. A joint
distribution of sets of players who act and of states is the smallest equilibrium's for some
information, or a limit of such, if and only if it comes from a distribution of *sequences* under
which everybody gains from acting against those before him, on average over the sequences in which
he acts, and nobody who stays out would gain. Only who has acted matters, not in which order, so
sequences are flows on the lattice of sets S: f(S, i, ω) is the probability of state ω and that i
acts next after S, stop(S, ω) that nobody else does.

    maximize    Σ stop(S, ω) v(S, ω)
    subject to
    flow        stop(S, ω) + Σ_{i ∉ S} f(S, i, ω) = ψ(ω) 1[S = ∅] + Σ_{i ∈ S} f(S∖i, i, ω)
    sequential  Σ_{S ∌ i, ω} f(S, i, ω) [u_i(1, S, ω) − u_i(0, S, ω)] ≥ 0                  every i
    obedience   Σ_{S ∌ i, ω} stop(S, ω) [u_i(0, S, ω) − u_i(1, S, ω)] ≥ 0                  every i

(n + 2) 2^{n−1} columns, none above ψ(ω), and 2^n rows for each state instead of e n! sequences. The
value is a supremum: at it players are indifferent, and a little less makes them strict.

Dual. With λ, μ ≥ 0 of the last two, the price of a set is the best of stopping and going on,

    π(S, ω) = max { v(S, ω) + Σ_{i ∉ S} μ_i [u_i(0, S) − u_i(1, S)],
                    max_{i ∉ S} λ_i [u_i(1, S) − u_i(0, S)] + π(S ∪ i, ω) },

and Σ ψ(ω) π(∅, ω) bounds the value for any λ, μ.
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
from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import COEFFICIENT_ULPS, Programme, Reading
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.lp.certificate import EPS
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.size import ProgramSize

__all__ = ["AdversarialProgramme", "check_supermodular"]


def check_supermodular(game: BayesianGame) -> None:
    """Refuse a game whose worst equilibrium this programme does not describe.

    Raises
    ------
    PriorError
        If there are types.
    PayoffError
        For more than two actions, utilities that are not supermodular, an objective that falls in
        an action, or if acting is dominant in no state; player, profile and state are named.
    """
    axes = game.axes
    if any(count != 1 for count in axes.type_counts):
        raise PriorError("prior", "must have no types under 'adversarial'", value=axes.types)
    if set(axes.actions) != {2}:
        rule = "must be for two actions of each player under 'adversarial'"
        raise PayoffError("utilities", rule, value=axes.actions)
    reading, everybody = Reading(game, "fractions"), np.arange(axes.profiles)
    states = np.flatnonzero(game.prior.ravel())
    profile = everybody[:, None]
    objective = reading.objective(profile, states)
    dominant = np.ones(states.size, dtype=bool)
    for j in range(axes.n):
        out = axes.chosen[:, j] == 0
        acting = axes.instead(everybody[out], j, 1)
        falls = objective[acting] < objective[out]
        if falls.any():
            _refuse(game, "objective", f"falls when player {j} acts", out, falls, states)
    for i in range(axes.n):
        idle = everybody[axes.chosen[:, i] == 0]
        gain = np.full((axes.profiles, states.size), Fraction(0), dtype=object)
        gain[idle] = reading.loss(i, axes.instead(idle, i, 1)[:, None], idle[:, None], states)
        dominant &= gain[0] > 0
        for j in range(axes.n):
            both = (axes.chosen[:, i] == 0) & (axes.chosen[:, j] == 0)
            if j == i:
                continue
            falls = gain[axes.instead(everybody[both], j, 1)] < gain[both]
            if falls.any():
                rule = f"are not supermodular: player {i} gains less from acting when {j} acts too"
                _refuse(game, "utilities", rule, both, falls, states)
    if not dominant.any():
        i, state, most = _least_willing(game, states)
        raise PayoffError(
            "utilities",
            "must make acting dominant for everybody in some state that is possible: without one "
            f"the smallest equilibrium may be that nobody acts; player {i} does not gain from "
            f"acting alone even in state {game.state_names[state]}",
            index=(i, state),
            value=most,
        )


def _refuse(
    game: BayesianGame, field: str, rule: str, rows: NDArray[Any], falls: Any, states: Integers
) -> None:
    """Name profile and state."""
    row, column = (int(k) for k in np.argwhere(falls)[0])
    profile = game.axes.chosen[np.flatnonzero(rows)[row]].tolist()
    state = int(states[column])
    told = f"{rule}, at the profile {tuple(profile)} in state {game.state_names[state]}"
    raise PayoffError(field, told, index=(*profile, state))


def _least_willing(game: BayesianGame, states: Integers) -> tuple[int, int, float]:
    """Who does not act alone in the state that comes nearest to dominance."""
    reading, axes = Reading(game, "floats"), game.axes
    alone = np.stack([reading.loss(i, axes.instead(0, i, 1), 0, states) for i in range(axes.n)])
    best = int(alone.min(axis=0).argmax())
    player = int(alone[:, best].argmin())
    return player, int(states[best]), float(alone[player, best])


@dataclass(frozen=True, eq=False)
class AdversarialProgramme(Programme):
    """Flows on the lattice of sets of players: the columns are stops, then flows."""

    balance: ClassVar[str] = "flow"

    @cached_property
    def states(self) -> Integers:
        """States that are possible."""
        return frozen(np.flatnonzero(self.game.prior.ravel()))

    @property
    def sets(self) -> int:
        """2^n: a set is the number of the profile in which its members act."""
        return self.game.axes.profiles

    @cached_property
    def moves(self) -> tuple[Integers, Integers]:
        """Sets and who acts next, of every flow of a state."""
        before, player = np.nonzero(self.game.axes.chosen == 0)
        return before, player

    @property
    def columns(self) -> int:
        """(n + 2) 2^{n−1} for each state."""
        n = self.game.n
        return (self.sets + n * self.sets // 2) * self.states.size

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros."""
        n, states = self.game.n, self.states.size
        flows = n * self.sets // 2 * states
        return ProgramSize(
            self.columns, self.sets * states + 2 * n, 3 * flows + (1 + n) * self.sets * states
        )

    def most(self) -> Floats:
        """The probability of each column's state."""
        return np.asarray(self.game.prior.ravel()[self.states[self.every % self.states.size]])

    def _columns(self, kept: Integers) -> tuple[Any, Any]:
        """Which of those kept are stops (their sets, and places of states), and which are flows."""
        line, place = np.divmod(kept, self.states.size)
        stop = line < self.sets
        before, player = self.moves
        move = line[~stop] - self.sets
        stops = (np.flatnonzero(stop), line[stop], place[stop])
        return stops, (np.flatnonzero(~stop), before[move], player[move], place[~stop])

    def paid(self, reading: Reading, kept: Integers) -> NDArray[Any]:
        """V where nobody else acts, 0 on the way."""
        (where, final, place), _ = self._columns(kept)
        value = np.full(kept.shape, Fraction(0) if reading.exact else 0.0)
        value[where] = reading.objective(final, self.states[place])
        return value

    def lay_out(self, reading: Reading, kept: Integers) -> LPBuilder:
        """Lay out columns and rows."""
        axes, states = self.game.axes, self.states
        stops, flows = self._columns(kept)
        where, final, place = stops
        builder = LPBuilder(reading.dtype)
        most = reading.prior(states[kept % states.size])
        paid = self.sign * self.paid(reading, kept)
        x = builder.columns("x", kept.shape, objective=paid, upper=most)
        given = np.full((self.sets, states.size), Fraction(0) if reading.exact else 0.0)
        given[0] = reading.prior(states)
        flow = builder.rows("flow", given.shape, "==", given)
        sequential = builder.rows("sequential", (axes.n,), ">=")
        obedience = builder.rows("obedience", (axes.n,), ">=")
        builder.entries(flow[final, place], x[where], 1)
        for i in range(axes.n):
            out = axes.chosen[final, i] == 0
            acting = axes.instead(final[out], i, 1)
            loss = reading.loss(i, final[out], acting, states[place[out]])
            builder.entries(obedience[i], x[where[out]], loss)
        column, before, player, place = flows
        builder.entries(flow[before, place], x[column], 1)
        for i in range(axes.n):
            own = player == i
            after = axes.instead(before[own], i, 1)
            builder.entries(
                flow[after, place[own]], x[column[own]], 1 if reading.kind == "sizes" else -1
            )
            gain = reading.loss(i, after, before[own], states[place[own]])
            builder.entries(sequential[i], x[column[own]], gain)
        return builder

    def _set_prices(self, sequential: Floats, obedience: Floats) -> Floats:
        """π(S, ω) rounded upwards, shape ``(2^n, states)``."""
        axes, states = self.game.axes, self.states
        reading, sizes = Reading(self.game, "floats"), Reading(self.game, "sizes")
        every = np.arange(self.sets)[:, None]
        price = self.sign * reading.objective(every, states)
        size = sizes.objective(every, states)
        going = np.full((axes.n, self.sets, states.size), -np.inf)
        for i in range(axes.n):
            out = np.flatnonzero(axes.chosen[:, i] == 0)[:, None]
            after = axes.instead(out, i, 1)
            price[out[:, 0]] += obedience[i] * reading.loss(i, out, after, states)
            size[out[:, 0]] += obedience[i] * sizes.loss(i, out, after, states)
            gain = sequential[i] * reading.loss(i, after, out, states)
            rounding = sequential[i] * sizes.loss(i, after, out, states)
            going[i, out[:, 0]] = gain + COEFFICIENT_ULPS * EPS * rounding
        parts = axes.n + self.game.payoff_terms + COEFFICIENT_ULPS
        price = price + parts * EPS * size
        for one in np.argsort(-axes.chosen.sum(axis=1), kind="stable").tolist():
            for i in range(axes.n):
                if axes.chosen[one, i] == 0:
                    onward = price[axes.instead(one, i, 1)]
                    total = going[i, one] + onward
                    total = total + EPS * (np.abs(going[i, one]) + np.abs(onward))
                    price[one] = np.maximum(price[one], total)
        return np.asarray(price)

    def bound(self, lp: LinearProgram, y: Floats) -> float:
        """Σ ψ(ω) π(∅, ω), rounded upwards."""
        known = self.multipliers(lp, y)
        price = self._set_prices(known["sequential"], known["obedience"])[0]
        terms = self.game.prior.ravel()[self.states] * price
        return math.fsum([*terms, 4 * EPS * math.fsum(np.abs(terms))])

    def prices(self, told: Recommendation, multipliers: Mapping[str, Floats]) -> Floats:
        """π(∅, ω)."""
        prices = np.zeros(self.game.prior.size)
        found = self._set_prices(multipliers["sequential"], multipliers["obedience"])
        prices[self.states] = found[0]
        return prices

    def decode(self, kept: Integers, x: NDArray[Any]) -> Recommendation:
        """Sequences and their probabilities, and who acts in the end."""
        axes = self.game.axes
        (where, final, stop_place), (column, before, player, place) = self._columns(kept)
        joint = np.zeros((axes.profiles, axes.cells))
        joint[final, self.states[stop_place]] = x[where].astype(np.float64)
        left = {
            (int(s), int(i), int(k)): x[c]
            for c, s, i, k in zip(column, before, player, place, strict=True)
            if x[c] > 0
        }
        stops = {
            (int(s), int(k)): x[c]
            for c, s, k in zip(where, final, stop_place, strict=True)
            if x[c] > 0
        }
        chances: dict[tuple[int, ...], Floats] = {}
        for (s, k), mass in sorted(stops.items()):
            self._unwind(s, k, mass, left, chances)
        ordered = sorted(chances, key=lambda sequence: (-chances[sequence].sum(), sequence))
        table = np.array([chances[sequence] for sequence in ordered])
        return Recommendation(
            axes,
            frozen(joint.reshape(*axes.actions, *self.game.prior.shape)),
            sequences=tuple(ordered),
            sequence_chances=frozen(table.reshape(len(ordered), axes.states)),
        )

    def _unwind(
        self,
        final: int,
        place: int,
        mass: Any,
        left: dict[tuple[int, int, int], Any],
        chances: dict[tuple[int, ...], Floats],
    ) -> None:
        """Take the paths that end in a set off the flows, from the end."""
        axes, state = self.game.axes, int(self.states[place])
        while mass > 0:
            current, moves = final, []
            while current:
                come = [
                    (previous, i, place)
                    for i in np.flatnonzero(axes.chosen[current]).tolist()
                    if left.get((previous := int(axes.instead(current, i, 0)), i, place), 0) > 0
                ]
                if not come:
                    return
                move = max(come, key=lambda m: left[m])
                moves.append(move)
                current = move[0]
            taken = min([mass, *(left[move] for move in moves)])
            for move in moves:
                left[move] -= taken
            mass -= taken
            sequence = tuple(i for _, i, _ in reversed(moves))
            row = chances.setdefault(sequence, np.zeros(axes.states))
            row[state] += float(taken)

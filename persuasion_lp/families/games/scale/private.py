r"""Private messages with any payoff over profiles: columns are generated, state by state.

Each receiver hears his own recommendation only, so there are few rows of obedience, one for each
receiver, action and condition, and a column for every profile in every state:

    maximize    Σ_{a, s} π(a, s) f(a, s)
    subject to  Σ_a π(a, s) = prior(s)                              every state s
                Σ_{s, a ∋ a_i} D_i(a_i, s) π(a, s) ≥ 0              every receiver i, action a_i
                π ≥ 0

With ν ≥ 0 the prices of obedience, the profile that is best for a state adds up receiver by
receiver,

    q(s) = max_a  f(a, s) + Σ_i w_i(a_i, s),      w_i(a_i, s) = Σ ν_i D_i(a_i, s),

and Σ_s prior(s) q(s) bounds the value whatever ν is. Each round prices every state over all
profiles (2^n additions for each), adds the best column of each state that gains, and solves again
from the basis at hand; it ends when the bound is met. A vertex uses at most S + Σ_i (rows of i)
columns, of |A|^n · S.
"""

from __future__ import annotations

import math
import time
from functools import cached_property

import numpy as np
from scipy import sparse

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.errors import LimitError, SolverFailureError
from persuasion_lp.families.games.programme import game_baseline
from persuasion_lp.families.games.scale.reduced import ReducedProgramme, reduce_programme
from persuasion_lp.families.games.scale.split import OneSplit, too_large
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.engine.master import Master

__all__ = ["Private"]

GAP = 1e-12
"""Of the bound over the value, relative to the range of payoffs."""

MOST_ROUNDS = 500
"""More than are ever needed; between 4 and 20 are usual."""

PRICED_AT_ONCE = 1 << 22
"""Profiles times states that are priced at once."""


class Private(OneSplit):
    """The programme of private messages, its columns to be generated."""

    @cached_property
    def count(self) -> int:
        """Number of obedience rows."""
        return sum(own.action.size for own in self.obedience)

    def check_size(self) -> None:
        """Refuse what needs more memory than the limit.

        Raises
        ------
        SizeError
            With its sizes; nothing has been allocated.
        """
        profiles, states = self.profiles, self.classes.possible.size
        listed = profiles * (states if self.game.state_dependent else 1)
        needed = 8 * (2 * listed + 4 * max(profiles, min(PRICED_AT_ONCE, profiles * states)))
        if needed > self.memory_limit:
            raise too_large("column generation", self, needed)

    def priced(self, nu: Floats) -> tuple[Floats, Integers]:
        """q(s), and a profile that attains it, for prices of the rows scaled to at most 1."""
        bonus = self._bonus(nu)
        half = self.game.n // 2
        best = np.empty(self.mass.size)
        told = np.empty(self.mass.size, dtype=np.int64)
        step = max(1, PRICED_AT_ONCE // self.profiles)
        for start in range(0, self.mass.size, step):
            chunk = slice(start, start + step)
            first = _outer_sum([part[:, chunk] for part in bonus[:half]])
            second = _outer_sum([part[:, chunk] for part in bonus[half:]])
            worth = first[:, :, None] + second[:, None, :]
            worth = worth.reshape(len(worth), -1)
            worth += self.payoffs[chunk] if len(self.payoffs) > 1 else self.payoffs
            told[chunk] = worth.argmax(axis=1)
            best[chunk] = np.take_along_axis(worth, told[chunk, None], axis=1)[:, 0]
        return best, told

    def _bonus(self, nu: Floats) -> list[Floats]:
        """w_i, by action and possible class, for each receiver."""
        found, start = [], 0
        for i, action, rows, largest in self.obedience:
            part = np.zeros((self.game.action_counts[i], self.mass.size))
            price = nu[start : start + len(rows)] / largest
            np.add.at(part, action, price[:, None] * rows)
            start += len(rows)
            found.append(part)
        return found

    def entries(self, profiles: Integers, states: Integers) -> tuple[Floats, sparse.csc_array]:
        """Objective and entries of columns, rows in the order of the program and scaled."""
        told = np.unravel_index(profiles, self.game.action_counts)
        objective = self.payoffs[states if len(self.payoffs) > 1 else 0, profiles]
        columns = np.arange(profiles.size)
        at, of, values, start = [states], [columns], [np.ones(profiles.size)], self.mass.size
        for i, action, rows, largest in self.obedience:
            for q, asked in enumerate(action):
                kept = np.flatnonzero(told[i] == asked)
                value = rows[q, states[kept]] / largest[q]
                filled = value != 0
                at.append(np.full(int(filled.sum()), start + q))
                of.append(kept[filled])
                values.append(value[filled])
            start += len(rows)
        places = (np.concatenate(at), np.concatenate(of))
        shape = (self.mass.size + self.count, profiles.size)
        return objective, sparse.csc_array((np.concatenate(values), places), shape=shape)

    def solved(self) -> tuple[ReducedProgramme, LPPoint, int, dict[str, float]]:
        """The reduced programme, its optimum with prices, iterations, and seconds by phase.

        Raises
        ------
        LimitError
            If the time limit was reached, with the best bound and value by then.
        SolverFailureError
            If floats do not suffice.
        """
        started = time.perf_counter()
        states = self.mass.size
        unit = self.unit
        floor = self.mass * unit
        floor[self.rare] = 0.0
        lower = np.concatenate([floor, np.zeros(self.count)])
        upper = np.concatenate([floor, np.full(self.count, math.inf)])
        scale = float(np.ptp(self.payoffs)) or 1.0
        narrow = max(GAP * scale, 0.5 * (self.tol or 0.0))
        master = Master(lower, upper, self.options)
        profile, state = self._first()
        objective, matrix = self.entries(profile, state)
        master.add(objective / scale, matrix)
        bound, value = math.inf, -math.inf
        best_nu = np.zeros(self.count)
        offset = math.fsum(self.game.numbers.prior * game_baseline(self.game, self.game.numbers))
        try:
            for _ in range(MOST_ROUNDS):
                x, y = master.solve()
                value = float(objective @ x) / unit
                nu = np.maximum(-y[states:], 0.0) * scale
                price, told = self.priced(nu)
                if (now := math.fsum(self.mass * price)) < bound:
                    bound, best_nu, best_price = now, nu, price
                gains = price / scale - y[:states] > 0.1 * GAP
                new = np.setdiff1d(
                    told[gains] * states + np.flatnonzero(gains), profile * states + state
                )
                if bound - value <= narrow or not new.size:
                    break
                more = np.divmod(new, states)
                added, matrix = self.entries(*more)
                master.add(added / scale, matrix)
                objective = np.concatenate([objective, added])
                profile = np.concatenate([profile, more[0]])
                state = np.concatenate([state, more[1]])
            else:
                raise SolverFailureError(f"no optimum in {MOST_ROUNDS} rounds of columns")
        except LimitError as limit:
            raise LimitError(
                limit.limit, best_bound=bound + offset, best_value=-math.inf
            ) from limit
        finally:
            master.close()
        x = np.maximum(x, 0.0) / unit
        x[self.rare] = self.mass[self.rare]
        used = np.flatnonzero(x)
        place = np.argsort(profile[used] * states + state[used])
        used = used[place]
        programme = reduce_programme(
            self.game,
            self.splits,
            profile[used] * states + state[used],
            memory_limit=self.memory_limit,
        )
        largest = np.concatenate([own.largest for own in self.obedience])
        y = np.concatenate([best_price, -best_nu / largest])
        point = LPPoint(programme.laid_out, frozen(x[used]), frozen(y))
        return programme, point, master.iterations, {"run": time.perf_counter() - started}

    def _first(self) -> tuple[Integers, Integers]:
        """Every state revealed, and the profile that pays most there."""
        every, revealed = np.arange(self.mass.size), self.revealed
        best = np.broadcast_to(self.payoffs.argmax(axis=1), every.shape)
        other = np.flatnonzero(best != revealed)
        return np.concatenate([revealed, best[other]]), np.concatenate([every, every[other]])


def _outer_sum(parts: list[Floats]) -> Floats:
    """Σ_i part_i(a_i) over all profiles of these receivers, by state: shape ``(S, profiles)``."""
    total = np.zeros((parts[0].shape[1] if parts else 1, 1))
    for part in parts:
        total = (total[:, :, None] + part.T[:, None, :]).reshape(part.shape[1], -1)
    return total

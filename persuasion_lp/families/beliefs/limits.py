r"""Limits of a whole call, and the bracket that is known whatever was cut short.

Saying nothing and revealing everything are always possible, so the optimum is at least the better
of the two; no procedure pays more than every receiver's highest payoff, or than

    Σ_i cav f_i(prior)

where that is cheap. Neither depends on what part of the work a limit ended.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.core.exact import enclosed
from persuasion_lp.errors import LimitError, SizeError
from persuasion_lp.families.beliefs.problem import CALLABLE_ULPS, EPS, BeliefGame
from persuasion_lp.families.beliefs.proof.majorant import rounded_up
from persuasion_lp.limits.memory import check_memory
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.receiver import Receiver

__all__ = [
    "FEW_NODES",
    "Limits",
    "misplaced",
    "payoff_bound",
    "payoff_reached",
    "way_out",
]

BRANCHING: tuple[Procedure, ...] = ("intermediate", "flexible")
"""Procedures with a value function for each group of receivers."""

FEW_NODES = 256
"""Up to here integers are as fast as floats."""


@dataclass(eq=False)
class Limits:
    """The limits of one call of ``solve``, and the best bracket known so far.

    Attributes
    ----------
    game
        The game.
    options
        As they were passed.
    lower, upper
        What is proved so far about the whole game, next to what is known anyway.
    """

    game: BeliefGame
    options: SolverOptions | None
    lower: float = -math.inf
    upper: float = math.inf

    def check_grid(
        self, grid: IntervalGrid | SimplexGrid | None, procedure: Procedure, *, searched: bool
    ) -> None:
        """Raise :class:`SizeError` if a grid and the envelopes on it take too much memory.

        There is an envelope for each receiver where beliefs are split once, for each group of them
        where who is next depends on the belief, and several where orders are searched for.
        """
        if grid is None:
            return
        n, branching = self.game.n, procedure in BRANCHING
        if not self.game.on_interval:
            each = 500 + ((130 << n) if branching else 100 * n)
        elif searched:
            each = 450 << n
        else:
            each = 200 + (160 << n) if branching else 360 + 40 * n
        check_memory("grid", each * grid.size, beliefs=grid.size, receivers=n)

    def error(self, limit: str) -> LimitError:
        """The error that says which limit ended the call, with a bracket of the whole."""
        lower = max(self.lower, payoff_reached(self.game))
        upper = min(self.upper, payoff_bound(self.game))
        return LimitError(limit, best_bound=max(lower, upper), best_value=lower)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A limit that ends a part inside is reported with the bracket of the whole."""
        try:
            yield
        except LimitError as part:
            raise self.error(part.limit) from part
        except SizeError as part:
            if math.isinf(self.lower):
                raise
            raise self.error("memory") from part


def payoff_reached(game: BeliefGame) -> float:
    """What no information or full information pays, the better of the two, rounded down."""
    return max(enclosed(paid - doubt)[0] for paid, doubt in game.benchmarks)


def payoff_bound(game: BeliefGame) -> float:
    """Bound on what any procedure pays, from the payoffs alone; infinite if there is none."""
    if game.on_interval and not game.needs_grid:
        nodes = game.written.nodes
        if len(nodes.x) <= FEW_NODES:
            up = rounded_up(nodes)
            each = (Fraction(up.envelope(row)[0][up.prior] * up.unit) for row in up.payoffs)
        else:
            each = (max(row) for row in nodes.payoffs)
        return enclosed(sum(each, Fraction(0)))[1]
    total = 0.0
    for i in range(game.n):
        total += _highest(game, i)
    return total + CALLABLE_ULPS * EPS * abs(total)


def _highest(game: BeliefGame, i: int) -> float:
    """Bound on the payoff from one receiver."""
    payoff = game.payoffs[i]
    if isinstance(payoff, Receiver):
        best = payoff.payoffs[:, game.own_states(i)].max(axis=0)
        return float(game.prior @ best) + 4 * game.states * EPS * float(np.abs(best).max())
    if not isinstance(payoff, BeliefFunction):
        return enclosed(max(payoff.numbers.at))[1]
    if game.on_interval:
        nodes = np.unique(np.concatenate([[0.0, 0.5, 1.0], game.ties[0][:, 1]]))
        above = payoff.above(nodes)
        return math.inf if above is None else float(above.at.max())
    if payoff.lipschitz is None:
        return math.inf
    at_prior = float(game.payoff_at(i, game.prior[None, :])[0])
    return at_prior + payoff.lipschitz * (1 + CALLABLE_ULPS * EPS)


def misplaced(node: Floats, prior: Floats) -> bool:
    """Whether a node is the prior only up to more than its last digits."""
    return bool((np.abs(node - prior) > 8 * EPS * prior).any())


def way_out(formulation: str) -> str:
    """What may help where an answer is not proved."""
    if formulation == "lp":
        return "formulation='envelopes' needs no linear program"
    return "state it with fewer receivers or states, or with less extreme probabilities"

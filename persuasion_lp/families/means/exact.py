r"""Posterior-mean games in exact rationals.

With states and breakpoints as candidates, a programme of
:mod:`~persuasion_lp.families.means.programme`
is exact over all posterior means: its dual solution is a price function that is nowhere below a
payoff that is linear between candidates and takes the higher value where it jumps. So a rational
optimum of the programme is the optimum of the game.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Rationals
from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactSizeError, SizeError
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    build_rational_means,
    candidate_means,
    means_size,
)
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.rational import RationalSolution, number_text
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.priors.tables import BYTES_PER_FRACTION

__all__ = ["EXACT_ENTRIES", "InFloats", "exact_means", "optimum"]

EXACT_ENTRIES: Mapping[MeansFormulation, int] = MappingProxyType(
    {"majorization": 1_000_000, "transport": 500_000}
)
"""Largest number of coefficients: up to a minute, for a thousand states or five hundred."""


class InFloats:
    """A rational solution, read as a float one."""

    def __init__(self, solution: RationalSolution) -> None:
        self.solution = solution

    def values(self, name: str) -> Floats:
        """Values of a block of columns."""
        return self.solution.values(name).astype(np.float64)

    def duals(self, name: str) -> Floats:
        """Duals of a block of rows."""
        return self.solution.duals(name).astype(np.float64)


def exact_means(
    game: PosteriorMeanGame,
    procedure: str,
    formulation: MeansFormulation,
    problem: Any = None,
    memory_limit: int = MEMORY_LIMIT,
) -> ExactResult:
    """Solve a posterior-mean game in rationals.

    Parameters
    ----------
    game
        The game.
    procedure
        What the answer is called.
    formulation
        The programme.
    problem
        What the game was made from, if not itself.
    memory_limit
        Bytes that the programme may take.

    Raises
    ------
    PriorError, PayoffError, WorkerTypeError
        See :attr:`PosteriorMeanGame.rational_numbers`.
    SizeError
        If it would take more memory than that; nothing has been solved.
    ExactSizeError
        If the programme has more coefficients than :data:`EXACT_ENTRIES`; nothing has been solved.
    ExactnessError
        If it could not be solved to a proved optimum.
    """
    numbers = game.rational_numbers
    means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    payoffs = numbers.payoff.sides(means)[0]
    return proved_result(
        game if problem is None else problem,
        procedure,
        None,
        optimum(numbers.states, numbers.masses, means, payoffs, formulation, memory_limit),
        formulation=formulation,
        means=[number_text(mean) for mean in means],
    )


def optimum(
    states: Rationals,
    masses: Rationals,
    means: Rationals,
    payoffs: Rationals,
    formulation: MeansFormulation,
    memory_limit: int = MEMORY_LIMIT,
) -> RationalSolution:
    """A rational optimum of the chosen programme for candidate means and the payoffs there.

    Raises
    ------
    SizeError, ExactSizeError, ExactnessError
        As :func:`exact_means`.
    """
    size = means_size(states.size, means.size, formulation)
    needed = size.memory + BYTES_PER_FRACTION * size.nonzeros
    if needed > memory_limit:
        raise SizeError(
            "rational program",
            columns=size.columns,
            rows=size.rows,
            nonzeros=size.nonzeros,
            needed=needed,
            limit=memory_limit,
        )
    _check_size(states.size, means.size, formulation)
    return solve_exactly(*build_rational_means(states, masses, means, payoffs, formulation))


def _check_size(states: int, means: int, formulation: MeansFormulation) -> None:
    entries = states * means * (2 if formulation == "transport" else 1)
    most = EXACT_ENTRIES[formulation]
    if entries > most:
        raise ExactSizeError(
            "posterior-mean programme",
            counted="entries",
            limit=most,
            states=states,
            means=means,
            entries=entries,
        )

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

from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactSizeError
from persuasion_lp.families.means.problem import MeansNumbers, PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    build_rational_means,
    candidate_means,
)
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.rational import number_text

__all__ = ["EXACT_ENTRIES", "exact_means"]

EXACT_ENTRIES: Mapping[MeansFormulation, int] = MappingProxyType(
    {"majorization": 1_000_000, "transport": 500_000}
)
"""Largest number of coefficients: up to a minute, for a thousand states or five hundred."""


def exact_means(
    game: PosteriorMeanGame, procedure: str, formulation: MeansFormulation, problem: Any = None
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

    Raises
    ------
    PriorError, PayoffError, WorkerTypeError
        See :attr:`PosteriorMeanGame.rational_numbers`.
    ExactSizeError
        If the programme has more coefficients than :data:`EXACT_ENTRIES`; nothing has been solved.
    ExactnessError
        If it could not be solved to a proved optimum.
    """
    numbers = game.rational_numbers
    means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    _check_size(numbers, means.size, formulation)
    solution = solve_exactly(*build_rational_means(numbers, means, formulation))
    return proved_result(
        game if problem is None else problem,
        procedure,
        None,
        solution,
        formulation=formulation,
        means=[number_text(mean) for mean in means],
    )


def _check_size(numbers: MeansNumbers, means: int, formulation: MeansFormulation) -> None:
    entries = numbers.states.size * means * (2 if formulation == "transport" else 1)
    most = EXACT_ENTRIES[formulation]
    if entries > most:
        raise ExactSizeError(
            "posterior-mean programme",
            counted="entries",
            limit=most,
            states=numbers.states.size,
            means=means,
            entries=entries,
        )

"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

from dataclasses import dataclass

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.orders import Order, fixed_order
from persuasion_lp.core.searched import Candidate, OrderDriver
from persuasion_lp.core.settings import Settings
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.decoding import (
    decode_experiment,
    decode_multipliers,
    decode_prices,
)
from persuasion_lp.families.games.exact import game_orders
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import Programme
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.games.runs import Decoded, Run
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["GameSettings", "exact_answer", "solve_game"]


@dataclass(frozen=True, kw_only=True)
class GameSettings(Settings):
    """Settings of a game's procedures.

    Attributes
    ----------
    order
        For ``"sequential"``: a permutation of the receivers ``0 … n-1``, or ``"best"`` (also if
        left out) for the best of all of them, proved by bounds.
    options
        Algorithm, limits, HiGHS options.
    formulation
        ``"nested"``, the programme stage by stage, or ``"paths"``, with one column for each
        complete path of recommendations as printed in papers.
    memory_limit
        Bytes that a linear program may take.
    """

    order: Order = None
    options: SolverOptions | None = None
    formulation: Layout = "nested"
    memory_limit: int = MEMORY_LIMIT


def solve_game(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> GameResult:
    """Solve a game under one procedure."""
    fixed = fixed_order(settings.order, procedure, game.n)
    return _driver(procedure, game, settings).result(fixed)


def exact_answer(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = fixed_order(settings.order, procedure, game.n)
    return _driver(procedure, game, settings).exact(fixed)


def _driver(
    procedure: Procedure, game: PersuasionGame, settings: GameSettings
) -> OrderDriver[Programme, GameResult]:
    run, limit = Run(settings.options), settings.memory_limit

    def decode(best: Candidate[Programme]) -> Decoded:
        programme, solution = best.programme, best.solution
        experiment = decode_experiment(programme, solution, procedure, memory_limit=limit)
        return Decoded(
            experiment,
            decode_prices(programme, solution),
            decode_multipliers(programme, solution),
            certify_experiment(game, experiment, solution.value),
        )

    return OrderDriver(
        orders=game_orders(game, procedure, settings.formulation, memory_limit=limit),
        solve=run.solve,
        decode=lambda best: run.result(GameResult, game, procedure, best, decode),
        symmetry=lambda: interchangeable_receivers(game, game.numbers),
        scale=game.payoff_scale,
    )

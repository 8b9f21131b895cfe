"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.orders import Fixed, Order, fixed_order
from persuasion_lp.core.searched import Candidate, OrderDriver, Orders
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    LimitError,
    SolverFailureError,
)
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.decoding import decode_experiment, decode_prices
from persuasion_lp.families.games.exact import game_orders, game_splits
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import Programme
from persuasion_lp.families.games.proof.answers import (
    cut_short,
    exact_decoded,
    float_decoded,
    unproved,
)
from persuasion_lp.families.games.proof.repair import repair
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.games.runs import Decoded, Run
from persuasion_lp.families.games.scale.choice import (
    Formulation,
    chosen_formulation,
    layout_of,
)
from persuasion_lp.families.games.scale.early import early_answer
from persuasion_lp.families.games.scale.private import Private
from persuasion_lp.families.games.scale.public import Public
from persuasion_lp.families.games.scale.reduced import ReducedProgramme
from persuasion_lp.families.games.scale.routes import solve_structured
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.lp.highs import LPPoint, LPSolution
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["GameSettings", "OneStageSettings", "exact_answer", "solve_game"]


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
        ``"auto"``, ``"nested"``, ``"paths"``, ``"blocks"`` or ``"columns"``; see
        :mod:`persuasion_lp.families.games.scale.choice`.
    memory_limit
        Bytes that a linear program may take.
    """

    order: Order = None
    options: SolverOptions | None = None
    formulation: Formulation = "auto"
    memory_limit: int = MEMORY_LIMIT


@dataclass(frozen=True, kw_only=True)
class OneStageSettings(GameSettings):
    """Settings of a public signal and of private messages.

    Attributes
    ----------
    tol
        Width of the bracket that is narrow enough, ``None`` for a proved optimum; large programmes
        (``"blocks"``, ``"columns"``) end when it is reached.
    """

    tol: float | None = None


def solve_game(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> GameResult:
    """Solve a game under one procedure; in rationals where floats do not prove enough."""
    fixed = fixed_order(settings.order, procedure, game.n)
    chosen = chosen_formulation(procedure, game, settings.formulation, settings.options)
    settings = replace(settings, formulation=chosen)
    if chosen in ("blocks", "columns"):
        try:
            return structured_result(procedure, game, settings)
        except (CertificateError, SolverFailureError):
            settings = replace(settings, formulation="nested")
    run = Run(settings.options, settings.formulation)
    driver = _driver(run, procedure, game, settings, fixed)
    try:
        return driver.result(fixed)
    except (CertificateError, SolverFailureError) as failure:
        return _proved(run, driver.orders, fixed, failure, settings)


def structured_result(
    procedure: Procedure, game: PersuasionGame, settings: GameSettings
) -> GameResult:
    """Solve a game by a route that uses the structure of its procedure."""
    limit = settings.memory_limit
    tol = settings.tol if isinstance(settings, OneStageSettings) else None
    run = Run(settings.options, settings.formulation)
    kind = Public if settings.formulation == "blocks" else Private
    route = kind(
        game,
        game_splits(game, procedure),
        settings.options or SolverOptions(),
        limit,
        tol,
    )
    route.check_size()
    early = early_answer(route) if isinstance(route, Public) else None
    if early is None:
        routed = solve_structured(route)

        def decode(best: Candidate[ReducedProgramme]) -> Decoded:
            return float_decoded(best, procedure, memory_limit=limit, width=tol)

    else:
        routed, decoded = early

        def decode(best: Candidate[ReducedProgramme]) -> Decoded:
            return decoded

    run.programmes += 1
    run.clock.add(routed.solution.times)
    return run.result(GameResult, game, procedure, routed, decode)


def exact_answer(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = fixed_order(settings.order, procedure, game.n)
    _ = chosen_formulation(procedure, game, settings.formulation, settings.options)
    return _driver(
        Run(settings.options, settings.formulation), procedure, game, settings, fixed
    ).exact(fixed)


def _driver(
    run: Run, procedure: Procedure, game: PersuasionGame, settings: GameSettings, fixed: Fixed
) -> OrderDriver[Programme, GameResult]:
    limit = settings.memory_limit
    orders = game_orders(game, procedure, layout_of(settings.formulation), memory_limit=limit)
    searched = orders.searches(fixed)

    def decode(best: Candidate[Programme]) -> Decoded:
        return float_decoded(best, procedure, memory_limit=limit)

    def pays(programme: Programme, point: LPPoint, order: Fixed) -> float:
        found = decode_experiment(programme, point, procedure, memory_limit=limit)
        return repair(game, found).lower

    return OrderDriver(
        orders=orders,
        solve=lambda build, order, complete: run.solve(
            build, order, _proved_bound, pays, searched=searched, complete=complete
        ),
        decode=lambda best: run.result(GameResult, game, procedure, best, decode),
        pays=lambda found: pays(found.programme, found.solution, found.order),
        symmetry=lambda: interchangeable_receivers(game, game.numbers),
        scale=game.payoff_scale,
    )


def _proved(
    run: Run,
    orders: Orders[Programme],
    fixed: Fixed,
    failure: CertificateError | SolverFailureError,
    settings: GameSettings,
) -> GameResult:
    """The optimum in rationals, where floats did not prove enough."""
    game, procedure, memory_limit = orders.problem, orders.procedure, settings.memory_limit
    searched = orders.searches(fixed)
    if searched:
        fixed = tuple(range(1 if orders.first_only else game.n))
    with run.clock.phase("exact"):
        programme = orders.build(fixed)

        def assessed(solution: LPSolution) -> GameCertificate:
            found = Candidate(programme, solution, None, math.inf)
            return float_decoded(found, procedure, memory_limit=memory_limit).certificate

        try:
            best, decoded = exact_decoded(
                programme,
                procedure,
                fixed,
                searched=searched,
                layout=layout_of(settings.formulation),
                memory_limit=memory_limit,
            )
        except (ExactSizeError, ExactnessError) as refusal:
            raise unproved(failure, refusal, programme.lp, assessed) from failure
        except LimitError as limit:
            raise cut_short(failure, limit, programme.lp, assessed) from failure
    return run.result(GameResult, game, procedure, best, lambda _: decoded)


def _proved_bound(programme: Programme, solution: LPPoint) -> float:
    return decode_prices(programme, solution).bound

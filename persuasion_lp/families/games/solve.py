"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.orders import Fixed, Order, fixed_order
from persuasion_lp.core.searched import Candidate, OrderDriver, Orders
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    LimitError,
    SizeError,
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
from persuasion_lp.families.games.proof.cushion import with_slack
from persuasion_lp.families.games.proof.repair import repair
from persuasion_lp.families.games.result import GameLike, GameResult
from persuasion_lp.families.games.runs import Decoded, Run
from persuasion_lp.families.games.scale.choice import (
    Formulation,
    chosen_formulation,
    layout_of,
)
from persuasion_lp.families.games.scale.early import cushioned, early_answer
from persuasion_lp.families.games.scale.instead import nearest
from persuasion_lp.families.games.scale.private import Private
from persuasion_lp.families.games.scale.public import Public
from persuasion_lp.families.games.scale.reduced import ReducedProgramme
from persuasion_lp.families.games.scale.routes import solve_structured
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.lp.highs import LPPoint, LPSolution
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["GameSettings", "OneStageSettings", "exact_answer", "solve_as", "solve_game"]


ResultT = TypeVar("ResultT", bound=GameResult)


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
    try:
        return solve_as(GameResult, game, procedure, game, settings)
    except SizeError as error:
        chosen = chosen_formulation(procedure, game, settings.formulation, settings.options)
        instead = nearest(procedure, game, chosen, error.limit)
        raise SizeError(
            error.what, instead, needed=error.needed, limit=error.limit, **error.sizes
        ) from None


def solve_as(
    kind: type[ResultT],
    problem: GameLike,
    procedure: Procedure,
    game: PersuasionGame,
    settings: GameSettings,
) -> ResultT:
    """The same, as the answer to another problem that the game is a form of."""
    fixed = fixed_order(settings.order, procedure, game.n)
    chosen = chosen_formulation(procedure, game, settings.formulation, settings.options)
    settings = replace(settings, formulation=chosen)
    if chosen in ("blocks", "columns"):
        try:
            return structured_result(kind, problem, procedure, game, settings)
        except (CertificateError, SolverFailureError):
            settings = replace(settings, formulation="nested")
    run = Run(kind, problem, settings.options, settings.formulation)
    driver = _driver(run, procedure, game, settings, fixed)
    try:
        return driver.result(fixed)
    except (CertificateError, SolverFailureError) as failure:
        return _proved(run, driver.orders, fixed, failure, settings)


def structured_result(
    kind: type[ResultT],
    problem: GameLike,
    procedure: Procedure,
    game: PersuasionGame,
    settings: GameSettings,
) -> ResultT:
    """Solve a game by a route that uses the structure of its procedure."""
    limit = settings.memory_limit
    tol = settings.tol if isinstance(settings, OneStageSettings) else None
    run = Run(kind, problem, settings.options, settings.formulation)
    method = Public if settings.formulation == "blocks" else Private
    route = method(
        game,
        game_splits(game, procedure),
        settings.options or SolverOptions(),
        limit,
        tol,
    )
    route.check_size()
    early = early_answer(route) if isinstance(route, Public) else None
    if early is not None:
        routed, decoded = early
        return _answered(run, procedure, routed, lambda _: decoded)
    routed = solve_structured(route)

    def decode(
        best: Candidate[ReducedProgramme],
        changed: Callable[[Experiment], Experiment] | None = None,
    ) -> Decoded:
        return float_decoded(best, procedure, memory_limit=limit, width=tol, changed=changed)

    try:
        return _answered(run, procedure, routed, decode)
    except CertificateError:
        if not isinstance(route, Public):
            raise
        cushion = partial(cushioned, route)
        return run.result(procedure, routed, partial(decode, changed=cushion))


def _answered(
    run: Run[ResultT],
    procedure: Procedure,
    routed: Candidate[ReducedProgramme],
    decode: Callable[[Candidate[ReducedProgramme]], Decoded],
) -> ResultT:
    run.programmes += 1
    run.clock.add(routed.solution.times)
    return run.result(procedure, routed, decode)


def exact_answer(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = fixed_order(settings.order, procedure, game.n)
    _ = chosen_formulation(procedure, game, settings.formulation, settings.options)
    run = Run(GameResult, game, settings.options, settings.formulation)
    return _driver(run, procedure, game, settings, fixed).exact(fixed)


def _driver(
    run: Run[ResultT],
    procedure: Procedure,
    game: PersuasionGame,
    settings: GameSettings,
    fixed: Fixed,
) -> OrderDriver[Programme, ResultT]:
    limit = settings.memory_limit
    orders = game_orders(game, procedure, layout_of(settings.formulation), memory_limit=limit)
    searched = orders.searches(fixed)

    def decode(best: Candidate[Programme]) -> Decoded:
        decoded = float_decoded(best, procedure, memory_limit=limit)
        if decoded.certificate.ok:
            return decoded
        return float_decoded(best, procedure, memory_limit=limit, changed=partial(with_slack, game))

    def pays(programme: Programme, point: LPPoint, order: Fixed) -> float:
        found = decode_experiment(programme, point, procedure, memory_limit=limit)
        return repair(game, found).lower

    return OrderDriver(
        orders=orders,
        solve=lambda build, order, complete: run.solve(
            build, order, _proved_bound, pays, searched=searched, complete=complete
        ),
        decode=lambda best: run.result(procedure, best, decode),
        pays=lambda found: pays(found.programme, found.solution, found.order),
        symmetry=lambda: interchangeable_receivers(game, game.numbers),
        scale=game.payoff_scale,
    )


def _proved(
    run: Run[ResultT],
    orders: Orders[Programme],
    fixed: Fixed,
    failure: CertificateError | SolverFailureError,
    settings: GameSettings,
) -> ResultT:
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
    return run.result(procedure, best, lambda _: decoded)


def _proved_bound(programme: Programme, solution: LPPoint) -> float:
    return decode_prices(programme, solution).bound

"""Solve a :class:`VotingGame` under a procedure, and search for the best order."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.proof.answers import cut_short, unproved
from persuasion_lp.families.games.runs import Decoded, Run
from persuasion_lp.families.votes.bracket import (
    certify_vote,
    decoded_vote,
    exactly_decoded_vote,
    proved_bound,
    repair_vote,
)
from persuasion_lp.families.votes.exact import VotingProcedure, vote_orders
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import VotingProgramme, decode_coalitions
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.symmetry import interchangeable_voters
from persuasion_lp.lp.highs import LPPoint, LPSolution
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["VoteSettings", "VotingProcedure", "certify_vote", "exact_answer", "solve_vote"]


@dataclass(frozen=True, kw_only=True)
class VoteSettings(Settings):
    """Settings of a vote: those of a game, ``"paths"`` being over coalitions of approvers."""

    order: Order = None
    options: SolverOptions | None = None
    formulation: Layout = "nested"
    memory_limit: int = MEMORY_LIMIT


def solve_vote(procedure: VotingProcedure, game: VotingGame, settings: VoteSettings) -> VoteResult:
    """Solve a vote under one procedure; in rationals where floats do not prove enough."""
    fixed = fixed_order(settings.order, procedure, game.n)
    run = Run(VoteResult, game, settings.options, settings.formulation)
    driver = _driver(run, procedure, game, settings)
    try:
        return driver.result(fixed)
    except (CertificateError, SolverFailureError) as failure:
        return _proved(run, driver.orders, procedure, fixed, failure, settings)


def exact_answer(
    procedure: VotingProcedure, game: VotingGame, settings: VoteSettings
) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = fixed_order(settings.order, procedure, game.n)
    run = Run(VoteResult, game, settings.options, settings.formulation)
    return _driver(run, procedure, game, settings).exact(fixed)


def _driver(
    run: Run[VoteResult], procedure: VotingProcedure, game: VotingGame, settings: VoteSettings
) -> OrderDriver[VotingProgramme, VoteResult]:
    def decode(found: Candidate[VotingProgramme]) -> Decoded:
        return decoded_vote(found, procedure)

    def pays(programme: VotingProgramme, point: LPPoint, order: Fixed) -> float:
        return repair_vote(game, decode_coalitions(programme, point, procedure, order))[1]

    return OrderDriver(
        orders=vote_orders(
            game, procedure, settings.formulation, memory_limit=settings.memory_limit
        ),
        solve=lambda build, order, complete: run.solve(
            build, order, proved_bound, pays, searched=True, complete=complete
        ),
        decode=lambda best: run.result(procedure, best, decode),
        pays=lambda found: pays(found.programme, found.solution, found.order),
        symmetry=lambda: interchangeable_voters(game.prior, game.cutoffs),
        scale=game.payoff_scale,
    )


def _proved(
    run: Run[VoteResult],
    orders: Orders[VotingProgramme],
    procedure: VotingProcedure,
    fixed: Fixed,
    failure: CertificateError | SolverFailureError,
    settings: VoteSettings,
) -> VoteResult:
    """The optimum in rationals, where floats did not prove enough."""
    game: VotingGame = orders.problem
    searched = orders.searches(fixed)
    if searched:
        fixed = tuple(range(game.n))
    with run.clock.phase("exact"):
        programme = orders.build(fixed)

        def assessed(solution: LPSolution) -> GameCertificate:
            found = Candidate(programme, solution, fixed, math.inf)
            return decoded_vote(found, procedure).certificate

        try:
            best, decoded = exactly_decoded_vote(
                programme,
                procedure,
                fixed,
                searched=searched,
                layout=settings.formulation,
                memory_limit=settings.memory_limit,
            )
        except (ExactSizeError, ExactnessError) as refusal:
            raise unproved(failure, refusal, programme.lp, assessed) from failure
        except LimitError as limit:
            raise cut_short(failure, limit, programme.lp, assessed) from failure
    return run.result(procedure, best, lambda _: decoded)

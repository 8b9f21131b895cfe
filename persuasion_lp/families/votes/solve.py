"""Solve a :class:`VotingGame` under a procedure, and search for the best order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.exact_orders import likely_order
from persuasion_lp.core.orders import Fixed, Order, best_order, checked_order, refuse_order
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    SolverFailureError,
)
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.proof.answers import unproved
from persuasion_lp.families.games.runs import Candidate, Decoded, Run
from persuasion_lp.families.votes.bracket import (
    certify_vote,
    decoded_vote,
    exactly_decoded_vote,
    proved_bound,
)
from persuasion_lp.families.votes.exact import exact_vote
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import (
    Sight,
    VotingProgramme,
    build_voting_programme,
    build_voting_stages,
    seen_in_order,
    seen_in_public,
)
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.symmetry import interchangeable_voters
from persuasion_lp.lp.highs import LPSolution
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["VoteSettings", "VotingProcedure", "certify_vote", "exact_answer", "solve_vote"]

Voters = tuple[int, ...]
VotingProcedure = Literal["simultaneous", "sequential", "first_best"]


@dataclass(frozen=True, kw_only=True)
class VoteSettings(Settings):
    """Settings of a vote's procedures.

    Attributes
    ----------
    order
        For ``"sequential"``: a permutation of the voters ``0 … n-1``, or ``"best"`` (also if left
        out) for the best of all of them, proved by bounds.
    options
        Algorithm, limits, HiGHS options.
    formulation
        ``"nested"``, stage by stage, or ``"paths"``, over coalitions of approvers.
    memory_limit
        Bytes that a linear program may take.
    """

    order: Order = None
    options: SolverOptions | None = None
    formulation: Layout = "nested"
    memory_limit: int = MEMORY_LIMIT


def solve_vote(procedure: VotingProcedure, game: VotingGame, settings: VoteSettings) -> VoteResult:
    """Solve a vote under one procedure."""
    fixed = _fixed(procedure, game, settings)
    return _Solver(game, Run(settings.options), procedure, settings).result(fixed)


def exact_answer(
    procedure: VotingProcedure, game: VotingGame, settings: VoteSettings
) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = _fixed(procedure, game, settings)
    return _Solver(game, Run(settings.options), procedure, settings).exact(fixed)


def _fixed(procedure: VotingProcedure, game: VotingGame, settings: VoteSettings) -> Fixed:
    if procedure == "sequential":
        return checked_order(settings.order, game.n)
    refuse_order(settings.order, procedure)
    return None


@dataclass(frozen=True, eq=False)
class _Solver:
    """The programmes of one vote under one procedure."""

    game: VotingGame
    run: Run
    procedure: VotingProcedure
    settings: VoteSettings

    def result(self, fixed: Fixed) -> VoteResult:
        """The optimum in floats, certified; over all orders if none is fixed."""
        searches = self._searches(fixed)
        try:
            best = self.best() if searches else self.solved(lambda: self.build(fixed), fixed)
            return self.run.result(VoteResult, self.game, self.procedure, best, self.decode)
        except (CertificateError, SolverFailureError) as failure:
            return self._proved(fixed, failure)

    def _proved(self, fixed: Fixed, failure: CertificateError | SolverFailureError) -> VoteResult:
        """The optimum in rationals, where floats did not prove enough."""
        searched = self._searches(fixed)
        if searched:
            fixed = tuple(range(self.game.n))
        with self.run.clock.phase("exact"):
            programme = self.build(fixed)
            try:
                best, decoded = exactly_decoded_vote(
                    programme, self.procedure, fixed, searched=searched
                )
            except (ExactSizeError, ExactnessError) as refusal:

                def assessed(solution: LPSolution) -> GameCertificate:
                    found = Candidate(programme, solution, fixed, math.inf)
                    return decoded_vote(found, self.procedure).certificate

                raise unproved(failure, refusal, programme.lp, assessed) from failure
        return self.run.result(VoteResult, self.game, self.procedure, best, lambda _: decoded)

    def exact(self, fixed: Fixed) -> ExactResult:
        """The optimum in rationals."""
        searched = self._searches(fixed)
        if searched:
            fixed = likely_order(lambda: self.best().order, self.game.n)
        return exact_vote(self.game, self.procedure, self.build(fixed), fixed, searched=searched)

    def _searches(self, fixed: Fixed) -> bool:
        return fixed is None and self.procedure == "sequential"

    def build(self, order: Fixed) -> VotingProgramme:
        match self.procedure:
            case "simultaneous":
                return self.over_coalitions(seen_in_public(self.game))
            case "first_best":
                return self.in_order((), complete=True)
            case "sequential":
                return self.in_order(order or (), complete=True)
            case _:
                assert_never(self.procedure)

    def over_coalitions(self, sight: Sight) -> VotingProgramme:
        return build_voting_programme(self.game, sight, memory_limit=self.settings.memory_limit)

    def in_order(self, prefix: Voters, complete: bool) -> VotingProgramme:
        """Voters in ``prefix`` vote in this order, the others in private."""
        if complete and self.settings.formulation == "paths":
            return self.over_coalitions(seen_in_order(self.game, prefix))
        return build_voting_stages(self.game, prefix, memory_limit=self.settings.memory_limit)

    def best(self) -> Candidate[VotingProgramme]:
        """The best of all orders."""
        best, upper = best_order(
            interchangeable_voters(self.game.prior, self.game.cutoffs),
            self.game.payoff_scale,
            lambda prefix, complete: self.solved(lambda: self.in_order(prefix, complete), prefix),
        )
        return replace(best, upper=upper, searched=True)

    def solved(
        self, build: Callable[[], VotingProgramme], order: Fixed
    ) -> Candidate[VotingProgramme]:
        return self.run.solve(build, order, proved_bound)

    def decode(self, found: Candidate[VotingProgramme]) -> Decoded:
        return decoded_vote(found, self.procedure)

r"""Solve a :class:`VotingGame` under a procedure, with the economic certificate of a vote.

From the experiment alone it is checked that

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            Σ_ω π(I, ω) (1[ω_i = H] − c_i) ≥ 0 for every information set in which voter
                         i approves, with π(I, ·) the measure of I and exactly m approvals
    value                Pr(at least m approve) = the value claimed
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.exact_orders import likely_order
from persuasion_lp.core.obedience import EPS, worst_violation
from persuasion_lp.core.orders import Fixed, Order, best_order, checked_order, refuse_order
from persuasion_lp.core.settings import Settings
from persuasion_lp.families.games.certificate import EconomicCertificate, GameCertificate
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.runs import Candidate, Decoded, Run
from persuasion_lp.families.votes.bracket import pivotal_duties, proved_bound, repair_vote
from persuasion_lp.families.votes.exact import exact_vote
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import (
    Sight,
    VotingProgramme,
    build_voting_programme,
    build_voting_stages,
    decode_coalitions,
    decode_obedience,
    decode_state_prices,
    seen_in_order,
    seen_in_public,
)
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.symmetry import interchangeable_voters
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
        best = self.best() if searches else self.solved(lambda: self.build(fixed), fixed)
        return self.run.result(VoteResult, self.game, self.procedure, best, self.decode)

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
        programme, solution = found.programme, found.solution
        experiment = decode_coalitions(programme, solution, self.procedure, found.order)
        experiment, lower = repair_vote(self.game, experiment)
        certificate = GameCertificate(
            lp=solution.certificate,
            economic=certify_vote(self.game, experiment, lower),
            lower=lower,
            upper=found.upper,
            scale=self.game.payoff_scale,
        )
        return Decoded(
            experiment,
            decode_state_prices(programme, solution),
            decode_obedience(programme, solution),
            certificate,
        )


def certify_vote(game: VotingGame, experiment: Experiment, value: float) -> EconomicCertificate:
    """Check an experiment against a vote: Bayes plausibility, pivotal obedience, value.

    Parameters
    ----------
    game
        The game.
    experiment
        The experiment, with the procedure that says what each voter has seen.
    value
        The probability of winning claimed for it.
    """
    prior = game.prior.ravel()
    marginal = np.zeros(prior.size)
    marginal[experiment.support] = experiment.joint.sum(axis=0)
    missed = np.abs(marginal - prior) - 4 * len(experiment.joint) * EPS * prior
    bayes = float(np.divide(missed, prior, out=np.abs(missed), where=prior > 0).max())
    bayes = max(bayes, float(-experiment.joint.min(initial=0.0)))

    approvals = experiment.actions.sum(axis=1)
    obedience, worst = 0.0, None
    for i, duty in enumerate(pivotal_duties(game, experiment)):
        violation, _ = worst_violation(experiment.joint, duty)
        if violation > obedience:
            obedience, worst = violation, (i, 1)

    won = math.fsum(experiment.joint[approvals >= game.quota].ravel())
    return EconomicCertificate(
        value=won,
        bayes_residual=bayes,
        obedience_residual=obedience,
        value_residual=abs(won - value) / game.payoff_scale,
        worst=worst,
    )

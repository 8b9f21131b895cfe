r"""Solve a :class:`VotingGame` under a procedure, with the economic certificate of a vote.

From the experiment alone it is checked that

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            Σ_ω π(I, ω) (1[ω_i = H] − c_i) ≥ 0 for every information set in which voter
                         i approves, with π(I, ·) the measure of I and exactly m approvals
    value                Pr(at least m approve) = the value claimed
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.orders import Order, fixed_order
from persuasion_lp.core.searched import Candidate, OrderDriver
from persuasion_lp.core.settings import Settings
from persuasion_lp.families.games.certificate import EconomicCertificate, GameCertificate
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.runs import Decoded, Run
from persuasion_lp.families.votes.exact import VotingProcedure, vote_orders
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import (
    VotingProgramme,
    decode_coalitions,
    decode_obedience,
    decode_state_prices,
)
from persuasion_lp.families.votes.result import VoteResult
from persuasion_lp.families.votes.symmetry import interchangeable_voters
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["VoteSettings", "VotingProcedure", "certify_vote", "exact_answer", "solve_vote"]


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
    fixed = fixed_order(settings.order, procedure, game.n)
    return _driver(procedure, game, settings).result(fixed)


def exact_answer(
    procedure: VotingProcedure, game: VotingGame, settings: VoteSettings
) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = fixed_order(settings.order, procedure, game.n)
    return _driver(procedure, game, settings).exact(fixed)


def _driver(
    procedure: VotingProcedure, game: VotingGame, settings: VoteSettings
) -> OrderDriver[VotingProgramme, VoteResult]:
    run = Run(settings.options)

    def decode(found: Candidate[VotingProgramme]) -> Decoded:
        programme, solution = found.programme, found.solution
        experiment = decode_coalitions(programme, solution, procedure, found.order)
        certificate = GameCertificate(
            lp=solution.certificate,
            economic=certify_vote(game, experiment, solution.value),
            lower=solution.value,
            upper=max(found.upper, solution.value),
            scale=game.payoff_scale,
        )
        return Decoded(
            experiment,
            decode_state_prices(programme, solution),
            decode_obedience(programme, solution),
            certificate,
        )

    return OrderDriver(
        orders=vote_orders(
            game, procedure, settings.formulation, memory_limit=settings.memory_limit
        ),
        solve=run.solve,
        decode=lambda best: run.result(VoteResult, game, procedure, best, decode),
        symmetry=lambda: interchangeable_voters(game.prior, game.cutoffs),
        scale=game.payoff_scale,
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
    bayes = max(float(np.abs(marginal - prior).max()), float(-experiment.joint.min()))

    approvals = experiment.actions.sum(axis=1)
    obedience, worst = 0.0, None
    for i, cutoff in enumerate(game.cutoffs):
        decisive = (experiment.actions[:, i] == 1) & (approvals == game.quota)
        labels = experiment.information_labels(i)
        pivotal = replace(experiment, joint=experiment.joint * decisive[:, None])
        low, high = pivotal.own_measures(labels, game.own_states[i], 2).T
        violation = float((cutoff * low - (1 - cutoff) * high).max() / max(cutoff, 1 - cutoff))
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

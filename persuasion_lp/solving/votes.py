r"""Solve a :class:`VotingGame` under a procedure, with the economic certificate of a vote.

From the experiment alone it is checked that

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            Σ_ω π(I, ω) (1[ω_i = H] − c_i) ≥ 0 for every information set in which voter
                         i approves, with π(I, ·) the measure of I and exactly m approvals
    value                Pr(at least m approve) = the value claimed
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal, cast, get_args

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.errors import ProcedureError
from persuasion_lp.formulations.voting import (
    Sight,
    VotingProgramme,
    build_voting_programme,
    decode_coalitions,
    decode_obedience,
    decode_state_prices,
    seen_by,
    seen_in_relaxation,
)
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.problems.symmetry import interchangeable_voters
from persuasion_lp.problems.voting import VotingGame
from persuasion_lp.solving.certificates import EconomicCertificate
from persuasion_lp.solving.games import Order, checked_order, refuse_order
from persuasion_lp.solving.orders import best_order
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.runs import Candidate, Decoded, Run

__all__ = ["VotingProcedure", "certify_vote", "solve_vote"]

VotingProcedure = Literal["simultaneous", "sequential", "first_best"]


def solve_vote(
    game: VotingGame,
    procedure: str,
    *,
    order: Order = None,
    options: SolverOptions | None = None,
    memory_limit: int = MEMORY_LIMIT,
) -> GameResult:
    """Solve a vote under one procedure; see :func:`persuasion_lp.solve`."""
    if procedure not in get_args(VotingProcedure):
        raise ProcedureError(
            "procedure", f"must be one of {', '.join(get_args(VotingProcedure))}", value=procedure
        )
    chosen = cast(VotingProcedure, procedure)
    run = Run(options)

    def solve(sight: Sight, fixed: tuple[int, ...] | None) -> Candidate[VotingProgramme]:
        return run.solve(
            lambda: build_voting_programme(game, sight, memory_limit=memory_limit), fixed
        )

    def solve_beginning(prefix: tuple[int, ...], complete: bool) -> Candidate[VotingProgramme]:
        sight = seen_by(game, chosen, prefix) if complete else seen_in_relaxation(game, prefix)
        return solve(sight, prefix)

    if chosen != "sequential":
        refuse_order(order, chosen)
        best = solve(seen_by(game, chosen), None)
    elif order is None or (isinstance(order, str) and order == "best"):
        twins = interchangeable_voters(game.prior, game.cutoffs)
        best, upper = best_order(twins, game.payoff_scale, solve_beginning)
        best = replace(best, upper=upper, searched=True)
    else:
        fixed = checked_order(order, game.n)
        best = solve(seen_by(game, chosen, fixed), fixed)

    def decode(found: Candidate[VotingProgramme]) -> Decoded:
        experiment = decode_coalitions(found.programme, found.solution, chosen, found.order)
        return Decoded(
            experiment,
            decode_state_prices(found.programme, found.solution),
            decode_obedience(found.programme, found.solution),
            certify_vote(game, experiment, found.solution.value),
        )

    return run.result(game, chosen, best, decode)


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

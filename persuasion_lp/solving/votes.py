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
from persuasion_lp.formulations.procedures import Layout
from persuasion_lp.formulations.voting import (
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
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.problems.symmetry import interchangeable_voters
from persuasion_lp.problems.voting import VotingGame
from persuasion_lp.solving.certificates import EconomicCertificate
from persuasion_lp.solving.games import Order, check_layout, checked_order, refuse_order
from persuasion_lp.solving.orders import best_order
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.runs import Candidate, Decoded, Run

__all__ = ["VotingProcedure", "certify_vote", "solve_vote"]

Voters = tuple[int, ...]
VotingProcedure = Literal["simultaneous", "sequential", "first_best"]


def solve_vote(
    game: VotingGame,
    procedure: str,
    *,
    order: Order = None,
    options: SolverOptions | None = None,
    formulation: Layout = "nested",
    memory_limit: int = MEMORY_LIMIT,
) -> GameResult:
    """Solve a vote under one procedure; see :func:`persuasion_lp.solve`."""
    if procedure not in get_args(VotingProcedure):
        raise ProcedureError(
            "procedure", f"must be one of {', '.join(get_args(VotingProcedure))}", value=procedure
        )
    chosen = cast(VotingProcedure, procedure)
    check_layout(formulation)
    run = Run(options)

    def over_coalitions(sight: Sight, fixed: Voters | None) -> Candidate[VotingProgramme]:
        return run.solve(
            lambda: build_voting_programme(game, sight, memory_limit=memory_limit), fixed
        )

    def in_order(prefix: Voters, complete: bool) -> Candidate[VotingProgramme]:
        """Voters in ``prefix`` vote in this order, the others in private."""
        if complete and formulation == "paths":
            return over_coalitions(seen_in_order(game, prefix), prefix)
        return run.solve(
            lambda: build_voting_stages(game, prefix, memory_limit=memory_limit), prefix
        )

    if chosen != "sequential":
        refuse_order(order, chosen)
        public = chosen == "simultaneous"
        best = over_coalitions(seen_in_public(game), None) if public else in_order((), True)
        best = replace(best, order=None)
    elif (given := checked_order(order, game.n)) is None:
        twins = interchangeable_voters(game.prior, game.cutoffs)
        best, upper = best_order(twins, game.payoff_scale, in_order)
        best = replace(best, upper=upper, searched=True)
    else:
        best = in_order(given, True)

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

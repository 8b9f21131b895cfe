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
from persuasion_lp.solving.exact import ExactResult
from persuasion_lp.solving.exact_orders import exact_game, likely_order
from persuasion_lp.solving.games import Fixed, Order, checked_order, refuse_order
from persuasion_lp.solving.orders import best_order
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.runs import Candidate, Decoded, Run
from persuasion_lp.solving.settings import check_choice

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
    exact: bool = False,
) -> GameResult | ExactResult:
    """Solve a vote under one procedure; see :func:`persuasion_lp.solve`.

    With ``exact``, in rationals; only an order that is searched for is first looked for in floats.
    """
    check_choice("procedure", procedure, get_args(VotingProcedure), ProcedureError)
    chosen = cast(VotingProcedure, procedure)
    check_choice("formulation", formulation, get_args(Layout))
    run = Run(options)

    def over_coalitions(sight: Sight) -> VotingProgramme:
        return build_voting_programme(game, sight, memory_limit=memory_limit)

    def in_order(prefix: Voters, complete: bool) -> VotingProgramme:
        """Voters in ``prefix`` vote in this order, the others in private."""
        if complete and formulation == "paths":
            return over_coalitions(seen_in_order(game, prefix))
        return build_voting_stages(game, prefix, memory_limit=memory_limit)

    def programme(fixed: Fixed) -> VotingProgramme:
        if chosen == "simultaneous":
            return over_coalitions(seen_in_public(game))
        return in_order(fixed or (), True)

    def searched() -> Candidate[VotingProgramme]:
        """The best of all orders."""
        best, upper = best_order(
            interchangeable_voters(game.prior, game.cutoffs),
            game.payoff_scale,
            lambda prefix, complete: run.solve(lambda: in_order(prefix, complete), prefix),
        )
        return replace(best, upper=upper, searched=True)

    def decode(found: Candidate[VotingProgramme]) -> Decoded:
        experiment = decode_coalitions(found.programme, found.solution, chosen, found.order)
        return Decoded(
            experiment,
            decode_state_prices(found.programme, found.solution),
            decode_obedience(found.programme, found.solution),
            certify_vote(game, experiment, found.solution.value),
        )

    if chosen != "sequential":
        refuse_order(order, chosen)
    fixed = checked_order(order, game.n) if chosen == "sequential" else None
    searches = chosen == "sequential" and fixed is None
    if not exact:
        best = searched() if searches else run.solve(lambda: programme(fixed), fixed)
        return run.result(game, chosen, best, decode)
    if searches:
        fixed = likely_order(lambda: searched().order, game.n)
    return exact_game(game, chosen, programme(fixed), fixed, searched=searches)


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

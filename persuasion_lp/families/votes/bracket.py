r"""The bracket of a vote: an experiment that is obedient for certain, and prices rounded up.

As for games (:mod:`persuasion_lp.families.games.proof.repair`), with one difference: obedience is
asked of an approver where his vote decides, and a state that is left over ends in failure, where
nobody is asked to approve. That is obedient and worth nothing, so

    lower  =  Σ π(S, ω)  over coalitions S of at least m approvers, rounded down

of the experiment after it lost mass until every row holds for certain. The upper end is p·prior for
the prices q(ω) = max(0, max_S 1 − Σ_{i ∈ S} λ_{i, J(S)} D_i(ω)), rounded up.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.closed_form import must_be
from persuasion_lp.core.exact import enclosed
from persuasion_lp.core.exact_orders import Order
from persuasion_lp.core.obedience import COEFFICIENT_ULPS, EPS, Duty, repaired, worst_violation
from persuasion_lp.core.searched import Candidate
from persuasion_lp.families.games.certificate import (
    BRACKET_TOLERANCE,
    EconomicCertificate,
    GameCertificate,
    bayes_residual,
    checked_claim,
    unreadable,
)
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.proof.answers import in_floats
from persuasion_lp.families.games.runs import Decoded
from persuasion_lp.families.votes.exact import VotingProcedure, vote_orders
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import (
    VotingProgramme,
    decode_coalitions,
    decode_obedience,
    decode_state_prices,
)
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.rational import RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.cones import sides_of

__all__ = ["certify_vote", "decoded_vote", "exactly_decoded_vote", "proved_bound", "repair_vote"]


def pivotal_duties(game: VotingGame, experiment: Experiment) -> tuple[Duty, ...]:
    """Who is asked to approve where his vote decides."""
    approvals = experiment.actions.sum(axis=1)
    return tuple(
        Duty.of(
            experiment.information_labels(i),
            experiment.actions[:, i],
            own[experiment.support],
            sides_of(voter.cones),
            asked=(experiment.actions[:, i] == 1) & (approvals == game.quota),
        )
        for i, (voter, own) in enumerate(zip(game.receivers, game.own_states, strict=True))
    )


def repair_vote(game: VotingGame, experiment: Experiment) -> tuple[Experiment, float]:
    """Make an experiment obedient for certain, and say how often it wins at least."""
    prior = game.prior.ravel()[experiment.support]
    count = len(experiment.joint)
    won = experiment.actions.sum(axis=1) >= game.quota
    given = np.where(won[:, None], np.maximum(experiment.joint, 0.0), 0.0)
    claimed = given.sum(axis=0)
    room = np.divide(prior, claimed, out=np.ones_like(prior), where=claimed > prior)
    share = float(room.min(initial=1.0)) * (1 - (count / 2 + 4) * EPS)
    joint = repaired(given * share, pivotal_duties(game, experiment))
    total = math.fsum(joint.ravel())
    lower = max(0.0, math.nextafter(total, 0.0))
    return _with_failure(game, replace(experiment, joint=frozen(joint)), prior, won), lower


def _with_failure(
    game: VotingGame,
    experiment: Experiment,
    prior: Floats,
    won: NDArray[np.bool_],
) -> Experiment:
    """List what is left of each state as failure, where it is more than rounding."""
    left = np.maximum(prior - experiment.joint.sum(axis=0), 0.0)
    left[left <= 1e-12 * prior] = 0.0
    kept = won & experiment.joint.any(axis=1)
    joint, actions, orders = experiment.joint[kept], experiment.actions[kept], experiment.orders
    order, orders = orders[:1], orders[kept]
    if left.any() or not kept.any():
        joint = np.concatenate([left[None], joint])
        actions = np.concatenate([np.zeros((1, game.n), dtype=np.int64), actions])
        orders = np.concatenate([order, orders])
    return replace(experiment, joint=frozen(joint), actions=frozen(actions), orders=frozen(orders))


def proved_bound(programme: VotingProgramme, solution: LPPoint) -> float:
    """Upper bound on the value of the vote as it was written, from the duals of obedience."""
    game = programme.game
    gain = np.ones((len(game.coalitions), game.prior.size))
    size = np.ones_like(gain)
    for i, (voter, own) in enumerate(zip(game.receivers, game.own_states, strict=True)):
        multiplier = np.minimum(solution.duals(f"obedience[{i}]"), 0.0)[programme.information[i]]
        term = np.where(game.coalitions[:, i], multiplier, 0.0)[:, None] * voter.cones[1][0][own]
        gain -= term
        size += np.abs(term)
    above = np.maximum((gain + (game.n + COEFFICIENT_ULPS) * EPS * size).max(axis=0), 0.0)
    terms = game.prior.ravel() * above
    return math.fsum([*terms, 4 * EPS * math.fsum(terms)])


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

    Raises
    ------
    InputError
        If these are no vote, experiment and number.
    """
    must_be("game", game, VotingGame)
    value = checked_claim(experiment, value)
    malformed = experiment.malformed(game.prior, (2,) * game.n)
    if malformed:
        return unreadable(malformed)
    misfits = experiment.misfits()
    if experiment.procedure not in get_args(VotingProcedure):
        misfits = (f"{experiment.procedure!r} is no procedure of a vote",)

    approvals = experiment.actions.sum(axis=1)
    obedience, worst = 0.0, None
    for i, duty in enumerate(pivotal_duties(game, experiment)):
        violation, _ = worst_violation(experiment.joint, duty)
        if violation > obedience:
            obedience, worst = violation, (i, 1)

    won = math.fsum(experiment.joint[approvals >= game.quota].ravel())
    return EconomicCertificate(
        value=won,
        bayes_residual=bayes_residual(game.prior.ravel(), experiment),
        obedience_residual=obedience,
        value_residual=abs(won - value) / game.payoff_scale,
        worst=worst,
        misfits=misfits,
    )


def decoded_vote(
    found: Candidate[VotingProgramme], procedure: Procedure, proved: RationalSolution | None = None
) -> Decoded:
    """Experiment, prices, multipliers and bracket of a solution; ``proved`` is the exact one."""
    programme, solution = found.programme, found.solution
    game = programme.game
    experiment = decode_coalitions(programme, proved or solution, procedure, found.order)
    obedient, pays = repair_vote(game, experiment)
    lower, claimed = pays, pays
    upper = found.upper if found.searched else proved_bound(programme, solution)
    if proved is not None:
        (lower, upper), claimed = enclosed(proved.value), solution.value
    if lower - pays <= BRACKET_TOLERANCE:
        experiment = obedient
    certificate = GameCertificate(
        lp=solution.certificate,
        economic=certify_vote(game, experiment, claimed),
        lower=lower,
        upper=upper,
        scale=game.payoff_scale,
        route="float" if proved is None else "exact",
    )
    prices = decode_state_prices(programme, solution)
    return Decoded(experiment, prices, decode_obedience(programme, solution), certificate)


def exactly_decoded_vote(
    programme: VotingProgramme,
    procedure: VotingProcedure,
    order: Order | None,
    *,
    searched: bool,
    layout: Layout = "nested",
    memory_limit: int = MEMORY_LIMIT,
) -> tuple[Candidate[VotingProgramme], Decoded]:
    """The same solved in rationals, the order proved to be the best one where it is searched for.

    Raises
    ------
    ExactSizeError, ExactnessError
        If exact arithmetic is refused, or proves nothing.
    """
    game = programme.game
    orders = vote_orders(game, procedure, layout, memory_limit=memory_limit, as_written=True)
    answer = orders.prove(order, programme, searched=searched)
    if searched and answer.order is not None and answer.order != order:
        programme = orders.build(answer.order)
    solution = in_floats(programme.lp, answer.solution)
    upper = enclosed(answer.value)[1]
    found = Candidate(programme, solution, answer.order, upper, searched)
    return found, decoded_vote(found, procedure, answer.solution)

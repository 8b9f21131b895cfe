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

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.obedience import COEFFICIENT_ULPS, EPS, Duty, repaired, sides_of
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import VotingProgramme
from persuasion_lp.lp.highs import LPSolution

__all__ = ["pivotal_duties", "proved_bound", "repair_vote"]


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
    won: np.ndarray[tuple[int], np.dtype[np.bool_]],
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


def proved_bound(programme: VotingProgramme, solution: LPSolution) -> float:
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

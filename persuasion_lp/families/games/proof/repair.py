r"""The lower end of the bracket: the decoded experiment, made obedient for certain, and its payoff.

A decoded experiment violates some obedience rows by rounding, or by cheating within the tolerances
of the solver. It is scaled by 1 − O(ε), so that it claims of no state more than its probability as
it was written, and then only ever loses mass (:mod:`persuasion_lp.core.obedience`) until every row
of every information set holds for certain. What is left of a state,

    δ(ω) = prior(ω) − Σ_path π(path, ω) ≥ 0,

is revealed at the beginning: everybody is told what is best at ω. The experiment pays

    lower  =  Σ π(path, ω) u(path, ω)  +  Σ δ(ω) u*(ω)

rounded down by the error of both sums and of the payoffs as they were written: a few units times
Σ prior(ω) max |u(·, ω)|. Where δ is rounding it is not listed among the paths; where it is more
than :data:`LISTED` of the state's probability it is, as a path of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.obedience import EPS, Duty, repaired
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["Repaired", "duties_of", "expected_payoff", "repair", "with_revealed"]

LISTED = 1e-12
"""Share of a state's probability from which what is left of it is listed as a path."""


SUMMED_EXACTLY = 1 << 16
"""Probabilities whose payoffs are summed without rounding; of more, the rounding is bounded."""


@dataclass(frozen=True, eq=False)
class Repaired:
    """An experiment that is obedient for certain.

    Attributes
    ----------
    experiment
        The experiment.
    lower
        What it pays, rounded down: a lower bound on the value of the game as it was written.
    duties
        What each receiver is asked to do in it.
    """

    experiment: Experiment
    lower: float
    duties: tuple[Duty, ...]


def duties_of(game: PersuasionGame, experiment: Experiment) -> tuple[Duty, ...]:
    """What each receiver is asked to do in an experiment.

    Raises
    ------
    CertificateError
        If a receiver is told two actions in one information set.
    """
    duties = []
    for i, sides in enumerate(game.sides):
        told = experiment.actions[:, i]
        duty = Duty.of(
            experiment.information_labels(i), told, game.own_states[i][experiment.support], sides
        )
        if (told[duty.paths] != duty.told[duty.set_of_path]).any():
            raise CertificateError(f"receiver {i} is told two actions in one information set")
        duties.append(duty)
    return tuple(duties)


def expected_payoff(game: PersuasionGame, experiment: Experiment) -> float:
    """Σ π(path, ω) u(a, ω); receiver by receiver when payoffs are additive."""
    joint, support = experiment.joint, experiment.support
    if game.payoff is not None:
        return float((joint * game.payoff_table(experiment.actions, support)).sum())
    total = 0.0
    for i, receiver in enumerate(game.receivers):
        member = np.zeros((support.size, receiver.state_count))
        member[np.arange(support.size), game.own_states[i][support]] = 1.0
        total += float(((joint @ member) * receiver.payoffs[experiment.actions[:, i]]).sum())
    return total


def repair(game: PersuasionGame, experiment: Experiment) -> Repaired:
    """Make an experiment obedient for certain, and say what it pays at least."""
    prior = game.prior.ravel()[experiment.support]
    paths = len(experiment.joint)
    given = np.maximum(experiment.joint, 0.0)
    claimed = given.sum(axis=0)
    room = np.divide(prior, claimed, out=np.ones_like(prior), where=claimed > prior)
    share = float(room.min(initial=1.0)) * (1 - (paths / 2 + 4) * EPS)
    duties = duties_of(game, experiment)
    joint = repaired(given * share, duties)
    left = np.maximum(prior - joint.sum(axis=0), 0.0)
    obedient = replace(experiment, joint=frozen(joint))
    complete = with_revealed(game, obedient, left)
    if complete is not obedient:
        duties = duties_of(game, complete)
    return Repaired(complete, _least_payoff(game, obedient), duties)


def _least_payoff(game: PersuasionGame, experiment: Experiment) -> float:
    """What an experiment pays at least when the rest of every state is revealed.

    That is Σ π(path, ω) (u(path, ω) − u*(ω)) + Σ prior(ω) u*(ω): no small difference is formed.
    """
    prior = game.prior.ravel()[experiment.support]
    _, revealed = game.revealed
    scale = math.fsum(prior * game.payoff_sizes[experiment.support])
    basis = math.fsum(prior * revealed)
    if experiment.joint.size <= SUMMED_EXACTLY:
        more = game.payoff_table(experiment.actions, experiment.support) - revealed
        gained = math.fsum((experiment.joint * more).ravel())
        return math.fsum([basis, gained, -(2 * game.n + 5) * EPS * scale])
    gained = expected_payoff(game, experiment) - float((experiment.joint @ revealed).sum())
    error = 2 * (sum(experiment.joint.shape) + game.n + 32) * EPS
    return math.fsum([basis, gained, -error * scale])


def with_revealed(game: PersuasionGame, experiment: Experiment, left: Floats) -> Experiment:
    """List what is left of each state, where it is more than rounding; drop what never occurs."""
    prior = game.prior.ravel()[experiment.support]
    least = max(LISTED, 8 * len(experiment.joint) * EPS)
    listed = np.flatnonzero(left > least * prior)
    kept = experiment.joint.any(axis=1)
    if not listed.size and kept.all():
        return experiment
    told, which = np.unique(game.revealed[0][listed], axis=0, return_inverse=True)
    added = np.zeros((len(told), prior.size))
    added[which.ravel(), listed] = left[listed]
    order = experiment.orders[:1] if len(experiment.orders) else np.arange(game.n)[None, :]
    actions = np.concatenate([experiment.actions[kept], told])
    orders = np.concatenate([experiment.orders[kept], np.repeat(order, len(told), axis=0)])
    joint = np.concatenate([experiment.joint[kept], added])
    _, first, label = np.unique(
        np.concatenate([orders, actions], axis=1), axis=0, return_index=True, return_inverse=True
    )
    total = np.zeros((first.size, prior.size))
    np.add.at(total, label.ravel(), joint)
    place = np.argsort(first)
    return replace(
        experiment,
        orders=frozen(orders[first[place]]),
        actions=frozen(actions[first[place]]),
        joint=frozen(total[place]),
    )

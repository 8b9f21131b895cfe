r"""KKS, proof of Proposition 1: the fixed order that pays first best, as an experiment.

In a nested order the receivers act one after the other, each on a signal on his own state that is
independent of the others given ω_i and moves his belief to one of his concavification points,

    x_i(μ') ∈ {x_i^L, x_i^R}        (:mod:`persuasion_lp.beliefs.updating`),

so that he earns cav f_i(x_i). It is possible whenever the signals before have left his belief in
[x_i^L, x_i^R], which is what the hypotheses of Proposition 1, §5.2 and Corollary 1 are about.
"""

from __future__ import annotations

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment, merged_paths
from persuasion_lp.beliefs.updating import own_state_factors
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.step_functions import favoured_action
from persuasion_lp.theorems.kks.envelopes import concavification
from persuasion_lp.theorems.kks.games import own_priors

__all__ = ["nested_procedure"]

OVERSHOOT = 1e-10
"""By how much a belief may be outside [x^L, x^R], relative to its distance from 0 and 1: rounding
of a few quotients. Of a probability next to 1 the distance is itself rounded."""

EPS = float(np.finfo(np.float64).eps)


def nested_procedure(game: PersuasionGame, order: tuple[int, ...]) -> Experiment | None:
    """Split each receiver's belief into his concavification points, one after the other.

    Parameters
    ----------
    game
        Additive payoffs, receivers about binary states.
    order
        In which they act.

    Returns
    -------
    Experiment or None
        The sequential procedure, which pays first best; ``None`` if it moves a receiver's belief
        beyond his points before he acts.
    """
    beliefs_as_written = own_priors(game)
    joint = game.prior.ravel()[game.support][None]
    actions = np.zeros((1, game.n), dtype=np.int64)
    for i in order:
        high = game.own_states[i][game.support] == 1
        around = concavification(game.receivers[i], beliefs_as_written[i][1])
        ends = float(around.left), float(around.right)
        beliefs = joint[:, high].sum(axis=1) / joint.sum(axis=1)
        beyond = np.maximum(ends[0] - beliefs, beliefs - ends[1])
        if (beyond > OVERSHOOT * np.minimum(beliefs, 1.0 - beliefs) + 8 * EPS * beliefs).any():
            return None
        up = np.zeros_like(beliefs)
        if ends[0] < ends[1]:
            up = np.clip((beliefs - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0)
        parts, told = [], []
        for target, chance in ((ends[0], 1.0 - up), (ends[1], up)):
            part = joint * chance[:, None] * own_state_factors(high, beliefs, target)
            occurs = part.sum(axis=1) > 0
            parts.append(part[occurs])
            told.append(actions[occurs])
            told[-1][:, i] = favoured_action(game.receivers[i], target)
        joint, actions = merged_paths(np.concatenate(parts), np.concatenate(told))
    orders = np.tile(np.array(order, dtype=np.int64), (len(joint), 1))
    return Experiment("sequential", game.prior, orders, actions, game.support, joint)

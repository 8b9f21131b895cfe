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

__all__ = ["nested_procedure"]

OVERSHOOT_TOLERANCE = 1e-10
"""By how much a belief may be outside [x^L, x^R]: rounding of a few quotients."""


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
    joint = game.prior.ravel()[game.support][None]
    actions = np.zeros((1, game.n), dtype=np.int64)
    for i in order:
        high = game.own_states[i][game.support] == 1
        around = concavification(game.receivers[i], float(game.own_prior(i)[1]))
        beliefs = joint[:, high].sum(axis=1) / joint.sum(axis=1)
        beyond = np.maximum(around.left - beliefs, beliefs - around.right)
        if beyond.max() > OVERSHOOT_TOLERANCE:
            return None
        up = np.zeros_like(beliefs)
        if around.left < around.right:
            up = np.clip((beliefs - around.left) / (around.right - around.left), 0.0, 1.0)
        parts, told = [], []
        for target, chance in ((around.left, 1.0 - up), (around.right, up)):
            part = joint * chance[:, None] * own_state_factors(high, beliefs, target)
            occurs = part.sum(axis=1) > 0
            parts.append(part[occurs])
            told.append(actions[occurs])
            told[-1][:, i] = favoured_action(game.receivers[i], target)
        joint, actions = merged_paths(np.concatenate(parts), np.concatenate(told))
    orders = np.tile(np.array(order, dtype=np.int64), (len(joint), 1))
    return Experiment("sequential", game.prior, orders, actions, game.support, joint)

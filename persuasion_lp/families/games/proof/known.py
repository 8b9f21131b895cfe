r"""What is known of a game before anything is solved.

The sender may say nothing or everything, whatever the procedure, and in no state is he paid more
than the most that any profile pays there:

    max { no information, full information }  ≤  optimum  ≤  Σ prior(ω) max_a u(a, ω).

The left side is what the two experiments pay after they were made obedient for certain, rounded
down; the right side is rounded up.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.limits import Bracket
from persuasion_lp.core.obedience import EPS
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.proof.repair import repair

__all__ = ["known_bracket"]


def known_bracket(game: PersuasionGame, procedure: str) -> Bracket:
    """Bracket on the optimum of a game under any procedure, without solving."""
    prior = game.prior.ravel()[game.support]
    revealed = np.zeros((1, prior.size)), game.revealed[0][:1]
    unsaid = prior[None, :], _acts_on_the_prior(game)[None, :]
    lower = max(
        repair(
            game,
            Experiment(
                procedure="simultaneous",
                prior=game.prior,
                orders=frozen(np.arange(game.n)[None, :]),
                actions=frozen(actions),
                support=game.support,
                joint=frozen(joint),
            ),
        ).lower
        for joint, actions in (revealed, unsaid)
    )
    most = prior * _largest_payoffs(game)[game.support]
    sizes = prior * game.payoff_sizes[game.support]
    upper = math.fsum([*most, (2 * game.n + 5) * EPS * math.fsum(sizes)])
    return lower, upper


def _acts_on_the_prior(game: PersuasionGame) -> np.ndarray:
    """Of the profiles that receivers are willing to play if nothing is said, the best one."""
    own = [game.own_prior(i) for i in range(game.n)]
    willing = [np.flatnonzero(r.obeys(x)) for r, x in zip(game.receivers, own, strict=True)]
    if game.payoff is None:
        return np.array(
            [
                actions[np.argmax(receiver.payoffs[actions] @ x)]
                for receiver, actions, x in zip(game.receivers, willing, own, strict=True)
            ]
        )
    profiles = np.array(list(product(*willing)))
    prior = game.prior.ravel()[game.support]
    return np.asarray(profiles[np.argmax(game.payoff_table(profiles, game.support) @ prior)])


def _largest_payoffs(game: PersuasionGame) -> Floats:
    """The most that the sender is paid in each state, flat."""
    if game.payoff is None:
        each = [
            receiver.payoffs.max(axis=0)[own]
            for receiver, own in zip(game.receivers, game.own_states, strict=True)
        ]
        return np.asarray(np.sum(each, axis=0))
    if not game.state_dependent:
        return np.full(game.prior.size, game.payoff.max())
    return np.asarray(game.payoff.reshape(-1, game.prior.size).max(axis=0))

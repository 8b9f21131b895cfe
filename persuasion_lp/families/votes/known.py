r"""What is known of a vote before anything is solved.

The sender may say nothing or everything, whatever the procedure, and wins with probability 1 at
most. What he wins is made certain as in :mod:`persuasion_lp.families.votes.bracket`.
"""

from __future__ import annotations

import numpy as np

from persuasion_lp.arrays import frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.exact import enclosed
from persuasion_lp.core.limits import Bracket
from persuasion_lp.families.votes.bracket import repair_vote
from persuasion_lp.families.votes.problem import VotingGame

__all__ = ["known_bracket"]


def known_bracket(game: VotingGame, procedure: str) -> Bracket:
    """Bracket on the optimum of a vote under any procedure, without solving."""
    prior = game.prior.ravel()[game.support]
    high = np.array([own[game.support] for own in game.own_states]).T
    willing = np.array([own @ prior for own in high.T]) >= game.cutoffs
    lowers = []
    for approves in (np.tile(willing, (prior.size, 1)), high == 1):
        wins = approves.sum(axis=1) >= game.quota
        needed = approves & (approves.cumsum(axis=1) <= game.quota)
        actions, which = np.unique(needed[wins].astype(np.int64), axis=0, return_inverse=True)
        joint = np.zeros((len(actions), prior.size))
        joint[which.ravel(), np.flatnonzero(wins)] = prior[wins]
        experiment = Experiment(
            procedure="first_best",
            prior=game.prior,
            orders=frozen(np.tile(np.arange(game.n), (len(actions), 1))),
            actions=frozen(actions),
            support=game.support,
            joint=frozen(joint),
        )
        lowers.append(repair_vote(game, experiment)[1] if len(actions) else 0.0)
    return max(lowers), enclosed(game.written_numbers[0].sum())[1]

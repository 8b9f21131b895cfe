r"""Slack for an experiment whose rows rounding has broken in more than one place.

Where rows of several receivers hold with equality on the same paths, closing one that is missed by
rounding opens another, and what cannot be repaired is emptied. For every order that occurs and
every state there is a path on which everybody is told what he would be told if the state were
revealed: there each receiver gains from what he is told, whatever he has seen. With ε of every
state spent on these paths, information sets that begin like them have slack, which costs ε at most.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from persuasion_lp.arrays import frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["CUSHION", "with_slack"]

CUSHION = 1e-10
"""Share of every state that is spent on slack."""


def with_slack(game: PersuasionGame, experiment: Experiment) -> Experiment:
    """The experiment with a little of every state revealed in the course of every order."""
    told, _ = game.revealed
    wanted = told[np.searchsorted(game.support, experiment.support)]
    orders = np.unique(experiment.orders, axis=0)
    prior = game.prior.ravel()[experiment.support]
    share = np.diag(CUSHION / len(orders) * prior)
    parts = [
        (experiment.orders, experiment.actions, (1 - CUSHION) * experiment.joint),
        *((np.tile(order, (len(wanted), 1)), wanted, share) for order in orders),
    ]
    whole_orders, actions, joint = (np.concatenate(part) for part in zip(*parts, strict=True))
    paths, which = np.unique(np.hstack([whole_orders, actions]), axis=0, return_inverse=True)
    merged = np.zeros((len(paths), prior.size))
    np.add.at(merged, which.ravel(), joint)
    n = game.n
    return replace(
        experiment,
        orders=frozen(paths[:, :n]),
        actions=frozen(paths[:, n:]),
        joint=frozen(merged),
    )

r"""Slack for an experiment whose rows rounding has broken in more than one place.

Where rows of several receivers hold with equality on the same paths, closing one that is missed by
rounding opens another, and what cannot be repaired is emptied. A path that recommends a is given a
share of the states in which a is what everybody would be told if they were revealed: there each
receiver gains from what he is told, so every information set along the path gets slack. With ε of
every state spent so, it costs ε at most.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from persuasion_lp.arrays import frozen
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["CUSHION", "cushioned"]

CUSHION = 1e-10
"""Share of every state that is spent on slack."""


def cushioned(game: PersuasionGame, experiment: Experiment) -> Experiment:
    """The experiment with a little of every state on the paths that it speaks for."""
    told, _ = game.revealed
    places = np.searchsorted(game.support, experiment.support)
    shape = game.action_counts
    wanted = np.ravel_multi_index(tuple(told[places].T), shape)
    said = np.ravel_multi_index(tuple(experiment.actions.T), shape)
    speaks = said[:, None] == wanted
    paths = speaks.sum(axis=0)
    prior = game.prior.ravel()[experiment.support]
    share = np.divide(CUSHION * prior, paths, out=np.zeros_like(prior), where=paths > 0)
    return replace(experiment, joint=frozen((1 - CUSHION) * experiment.joint + speaks * share))

r"""A game of receivers on one common state as a game of recommendations.

Receivers whose own states are functions of one common state are a :class:`PersuasionGame` with one
axis of states. Its answer needs no grid and holds for the numbers as written; its experiment, read
as what is publicly believed after each recommendation, is a tree of posteriors.
"""

from __future__ import annotations

import copy
from typing import cast

import numpy as np

from persuasion_lp.arrays import Integers
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.errors import CertificateError, SizeError, SolverFailureError
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.proof.answers import Found
from persuasion_lp.families.beliefs.proof.measures import attained_measures
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.solve import GameSettings, solve_game
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["off_the_grid"]


def off_the_grid(
    game: BeliefGame,
    procedure: Procedure,
    order: tuple[int, ...] | None,
    found: Found | None,
    options: SolverOptions | None,
) -> tuple[Found | None, float | None]:
    """What floats found on a grid, or something better, and a bound on the game without one.

    Where the grid holds every corner of the payoffs, or floats proved too little, the game is
    solved as one of recommendations; there is a bound only then.

    Parameters
    ----------
    game, procedure, order
        What is solved.
    found
        What was found on the grid, if anything was.
    options
        Of every program.
    """
    if game.on_interval or not all(isinstance(payoff, Receiver) for payoff in game.payoffs):
        return found, None
    proved = found is not None and found.narrow
    corners = procedure in ("simultaneous", "first_best") and game.ties[1]
    if proved and not corners:
        return found, None
    try:
        other = _by_recommendations(game, procedure, order, options)
    except (CertificateError, SizeError, SolverFailureError):
        return found, None
    if found is not None and proved and other.proved <= found.attained.lower + found.slack:
        return found, other.proved
    return other, other.proved


def _by_recommendations(
    game: BeliefGame,
    procedure: Procedure,
    order: tuple[int, ...] | None,
    options: SolverOptions | None,
) -> Found:
    receivers = []
    for i, payoff in enumerate(game.payoffs):
        receiver = copy.copy(cast(Receiver, payoff))
        object.__setattr__(receiver, "about", game.own_states(i))
        receivers.append(receiver)
    stated = PersuasionGame(game.written_prior, receivers)
    settings = GameSettings(order=order, options=options)
    result = solve_game(procedure, stated, settings)
    tree = _publicly_believed(result.experiment)
    return Found(
        order=tuple(result.experiment.orders[0].tolist()) if procedure == "sequential" else None,
        attained=attained_measures(game, tree),
        prices=result.prices,
        proved=result.upper,
        lp=result.lp,
        lp_certificate=result.certificate.lp,
        route=result.certificate.route,
    )


def _publicly_believed(experiment: Experiment) -> PosteriorTree:
    """Beliefs after each stage, from the joint distribution of paths and states."""
    paths, n = experiment.orders.shape
    joint = np.zeros((paths, experiment.prior.size))
    joint[:, experiment.support] = experiment.joint
    private = experiment.procedure == "first_best"
    together = experiment.procedure == "simultaneous"
    before, stages = np.zeros(paths, dtype=np.int64), []
    for k in range(1 if together else n):
        seen = _seen(experiment, k)
        _, first, label = np.unique(seen, axis=0, return_index=True, return_inverse=True)
        label = label.ravel()
        mass = np.zeros((len(first), joint.shape[1]))
        np.add.at(mass, label, joint)
        total = mass.sum(axis=1)
        weights = np.zeros((int(before.max()) + 1, len(first)))
        np.add.at(weights, (before, label), joint.sum(axis=1))
        acting = [(k,) if private else (int(experiment.orders[p, k]),) for p in first]
        stages.append(
            PosteriorStage(
                beliefs=mass / total[:, None],
                kernel=weights / weights.sum(axis=1, keepdims=True),
                acting=(tuple(range(n)),) * len(first) if together else tuple(acting),
            )
        )
        before = before if private else label
    return PosteriorTree(experiment.procedure, experiment.prior.ravel(), tuple(stages))


def _seen(experiment: Experiment, k: int) -> Integers:
    """What is public once stage k is over, shape ``(P, ·)``; privately, one recommendation."""
    orders, actions = experiment.orders, experiment.actions
    match experiment.procedure:
        case "simultaneous":
            return actions
        case "first_best":
            return actions[:, [k]]
    moved = np.take_along_axis(actions, orders[:, : k + 1], axis=1)
    named = k + 2 if experiment.procedure == "intermediate" else k + 1
    return np.hstack([orders[:, :named], moved])

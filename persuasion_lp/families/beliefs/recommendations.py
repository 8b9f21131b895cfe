r"""A game of receivers on one common state as a game of recommendations.

Receivers whose own states are functions of one common state are a :class:`PersuasionGame` with one
axis of states; its bound needs no grid, and holds for the numbers as written.
"""

from __future__ import annotations

import copy
from typing import cast

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.solve import GameSettings, solve_game
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["recommended_bound"]


def recommended_bound(
    game: BeliefGame, procedure: Procedure, options: SolverOptions | None
) -> float:
    """Bound on the value of a game in which every payoff is a receiver."""
    receivers = []
    for i, payoff in enumerate(game.payoffs):
        receiver = copy.copy(cast(Receiver, payoff))
        object.__setattr__(receiver, "about", game.own_states(i))
        receivers.append(receiver)
    stated = PersuasionGame(game.written_prior, receivers)
    return solve_game(procedure, stated, GameSettings(options=options)).upper

"""A game on one belief as a game over states, where every payoff is that of a receiver."""

from __future__ import annotations

from persuasion_lp.errors import PayoffError
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["as_game"]


def as_game(game: BeliefGame) -> PersuasionGame:
    """The same problem with a prior over the common states and receivers about them.

    Raises
    ------
    PayoffError
        For a payoff that is a function of the belief: it has no actions.
    """
    receivers = []
    for i, payoff in enumerate(game.payoffs):
        if not isinstance(payoff, Receiver):
            rule = "is a function of the belief; state a Receiver, whose actions can be named"
            raise PayoffError("payoffs", rule, index=i)
        receivers.append(payoff)
    return PersuasionGame(game.written_prior, receivers)

"""The economics: games, receivers, priors. Frozen, without numerics."""

from persuasion_lp.problems import priors
from persuasion_lp.problems.belief_game import BeliefGame
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.problems.receiver import Receiver
from persuasion_lp.problems.voting import VotingGame

__all__ = ["BeliefGame", "PersuasionGame", "Receiver", "VotingGame", "priors"]

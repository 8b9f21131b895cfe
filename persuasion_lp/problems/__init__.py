"""The economics: games, receivers, priors. Frozen, without numerics."""

from persuasion_lp.problems import priors
from persuasion_lp.problems.belief_game import BeliefGame
from persuasion_lp.problems.difficulty import StateDistribution
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.problems.manager import ManagerProblem
from persuasion_lp.problems.posterior_mean import PosteriorMeanGame
from persuasion_lp.problems.receiver import Receiver
from persuasion_lp.problems.states import StateGrid

__all__ = [
    "BeliefGame",
    "ManagerProblem",
    "PersuasionGame",
    "PosteriorMeanGame",
    "Receiver",
    "StateDistribution",
    "StateGrid",
    "priors",
]

"""Persuasion problems as linear programs, solved to a certified optimum.

State a problem, solve it under a procedure, read the value with its proof:

>>> import persuasion_lp as plp
>>> judges = plp.PersuasionGame(
...     prior=[[0, 0.5], [0.5, 0]],  # index 1 = H; exactly one of two states is H
...     receivers=[plp.Receiver.threshold(0.8)] * 2,
... )
>>> result = plp.solve(judges, "sequential", order="best")
>>> round(result.value, 9), result.order, result.certificate.ok
(1.15625, (0, 1), True)
"""

from persuasion_lp import catalog, errors, theorems
from persuasion_lp.beliefs import Experiment, InformationSet, Stage
from persuasion_lp.errors import PersuasionError
from persuasion_lp.lp import LinearProgram, SolverOptions
from persuasion_lp.problems import PersuasionGame, Receiver, VotingGame, priors
from persuasion_lp.solving import Comparison, ExactResult, GameResult, compare, solve

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "ExactResult",
    "Experiment",
    "GameResult",
    "InformationSet",
    "LinearProgram",
    "PersuasionError",
    "PersuasionGame",
    "Receiver",
    "SolverOptions",
    "Stage",
    "VotingGame",
    "catalog",
    "compare",
    "errors",
    "priors",
    "solve",
    "theorems",
]

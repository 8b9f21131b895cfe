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
from persuasion_lp.problems import (
    ManagerProblem,
    PersuasionGame,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    priors,
)
from persuasion_lp.solving import (
    Comparison,
    ExactResult,
    GameResult,
    MeansResult,
    MenuResult,
    ScreeningTest,
    Statics,
    capability_statics,
    certify_menu,
    compare,
    difficulty_statics,
    solve,
)

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "ExactResult",
    "Experiment",
    "GameResult",
    "InformationSet",
    "LinearProgram",
    "ManagerProblem",
    "MeansResult",
    "MenuResult",
    "PersuasionError",
    "PersuasionGame",
    "PosteriorMeanGame",
    "Receiver",
    "ScreeningTest",
    "SolverOptions",
    "Stage",
    "StateDistribution",
    "StateGrid",
    "Statics",
    "capability_statics",
    "catalog",
    "certify_menu",
    "compare",
    "difficulty_statics",
    "errors",
    "priors",
    "solve",
    "theorems",
]

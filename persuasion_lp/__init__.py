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
from persuasion_lp.beliefs import (
    BeliefFunction,
    Envelope,
    Experiment,
    InformationSet,
    IntervalGrid,
    PiecewiseLinear,
    PosteriorTree,
    SimplexGrid,
    Stage,
    concavify,
)
from persuasion_lp.errors import PersuasionError
from persuasion_lp.formulations.pacman import Pacman
from persuasion_lp.lp import LinearProgram, SolverOptions
from persuasion_lp.problems import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    priors,
)
from persuasion_lp.solving import (
    BeliefResult,
    Comparison,
    ExactResult,
    GameResult,
    MeansResult,
    MenuResult,
    Refinement,
    ScreeningTest,
    SequentialImprovement,
    Statics,
    capability_statics,
    certify_menu,
    compare,
    difficulty_statics,
    sequential_improvement,
    solve,
)

__version__ = "0.1.0"

__all__ = [
    "BeliefFunction",
    "BeliefGame",
    "BeliefResult",
    "Comparison",
    "Envelope",
    "ExactResult",
    "Experiment",
    "GameResult",
    "InformationSet",
    "IntervalGrid",
    "LinearProgram",
    "ManagerProblem",
    "MeansResult",
    "MenuResult",
    "Pacman",
    "PersuasionError",
    "PersuasionGame",
    "PiecewiseLinear",
    "PosteriorMeanGame",
    "PosteriorTree",
    "Receiver",
    "Refinement",
    "ScreeningTest",
    "SequentialImprovement",
    "SimplexGrid",
    "SolverOptions",
    "Stage",
    "StateDistribution",
    "StateGrid",
    "Statics",
    "capability_statics",
    "catalog",
    "certify_menu",
    "compare",
    "concavify",
    "difficulty_statics",
    "errors",
    "priors",
    "sequential_improvement",
    "solve",
    "theorems",
]

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

from persuasion_lp import catalog, errors, laboratory, plots, theorems
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
from persuasion_lp.compare import Comparison, compare
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.saving.version import __version__ as __version__
from persuasion_lp.errors import PersuasionError
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.exchangeable.problem import ExchangeableGame
from persuasion_lp.families.exchangeable.result import ExchangeableResult
from persuasion_lp.families.games.improvement import SequentialImprovement, sequential_improvement
from persuasion_lp.families.games.optima.constrained import ConstrainedResult, Constraint
from persuasion_lp.families.games.optima.credibility import (
    CredibilityCurve,
    CredibleResult,
    credibility_curve,
)
from persuasion_lp.families.games.optima.frontier import Frontier, frontier
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.families.games.optima.ranges import FunctionalRange, Uniqueness
from persuasion_lp.families.games.optima.trace import Trace
from persuasion_lp.families.games.pacman import Pacman
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.menus.certificate import certify_menu
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.result import ProfileResult
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.screening import ScreeningTest
from persuasion_lp.families.menus.statics import Statics, capability_statics, difficulty_statics
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.files import load, read, schema, write
from persuasion_lp.lp import LinearProgram, SolverOptions
from persuasion_lp.primitives import priors
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.states import StateGrid
from persuasion_lp.solve import solve
from persuasion_lp.sweep import Sweep, sweep
from persuasion_lp.tracing import trace

__all__ = [
    "AnonymousGame",
    "AnonymousResult",
    "BayesianGame",
    "BayesianResult",
    "BeliefFunction",
    "BeliefGame",
    "BeliefResult",
    "Comparison",
    "ConstrainedResult",
    "Constraint",
    "CredibilityCurve",
    "CredibleResult",
    "Envelope",
    "ExactResult",
    "ExchangeableGame",
    "ExchangeableResult",
    "Experiment",
    "Frontier",
    "Functional",
    "FunctionalRange",
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
    "ProfileResult",
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
    "Sweep",
    "Trace",
    "Uniqueness",
    "VotingGame",
    "capability_statics",
    "catalog",
    "certify_menu",
    "compare",
    "concavify",
    "credibility_curve",
    "difficulty_statics",
    "errors",
    "frontier",
    "laboratory",
    "load",
    "plots",
    "priors",
    "read",
    "schema",
    "sequential_improvement",
    "solve",
    "sweep",
    "theorems",
    "trace",
    "write",
]

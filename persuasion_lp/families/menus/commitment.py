"""The commitment benchmark (LX, Problem (A)): results of the test cannot be misreported.

It is a posterior-mean game in which the manager gets v(s) = (s − w) Pr(x w ≥ s) from s ≥ w on.
"""

from __future__ import annotations

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.means.solve import MeansSettings, solve_means
from persuasion_lp.families.menus.problem import ManagerProblem

__all__ = ["exact_commitment", "solve_commitment"]


def solve_commitment(problem: ManagerProblem, settings: MeansSettings) -> MeansResult:
    """Solve for the best public test."""
    return solve_means("commitment", PosteriorMeanGame.commitment(problem), settings, problem)


def exact_commitment(problem: ManagerProblem, settings: MeansSettings) -> ExactResult:
    """Solve for it in rationals."""
    game = PosteriorMeanGame.commitment(problem)
    return exact_means(game, "commitment", settings.formulation, problem, settings.memory_limit)

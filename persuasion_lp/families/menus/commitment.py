"""The commitment benchmark (LX, Problem (A)): results of the test cannot be misreported.

It is a posterior-mean game in which the manager gets v(s) = (s − w) Pr(x w ≥ s) from s ≥ w on. A
single test can be run in public, so the value is at least that of the best one. On a continuous
difficulty, where a public test is found on a grid and the two may coincide (a type that is known),
a coarse grid would show the opposite, and would leave open which is more of commitment and a menu
of several tests: then the states between which the menu proposes become ends of cells, and the
cells are cut in halves, until the value is not below the menu's, or the bound is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.errors import SolveError
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.means.solve import MOST_CELLS, MeansSettings, solve_means
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.solve import MenuSettings, solve_menu
from persuasion_lp.lp.certificate import GAP_TOLERANCE
from persuasion_lp.primitives.distributions import StateDistribution

__all__ = ["exact_commitment", "solve_commitment"]

ROUNDING = GAP_TOLERANCE
"""Relative difference from the menu's value that counts as none."""


CONTINUUM = 1e-5
"""Width of the bracket of a menu for continuous types, relative to w."""


def solve_commitment(problem: ManagerProblem, settings: MeansSettings) -> MeansResult:
    """Solve for the best public test."""
    game = PosteriorMeanGame.commitment(problem)
    result = solve_means("commitment", game, settings, problem)
    menu = _menu(problem)
    if menu is None:
        return result
    if isinstance(problem.difficulty, StateDistribution):
        ends = np.array([end for test in menu.tests for end in test.interval])
        cells = settings.cells
        while _open(result, menu) and cells <= MOST_CELLS:
            finer = replace(settings, cells=cells)
            result = solve_means("commitment", game, finer, problem, ends=ends)
            cells *= 2
    return result


def _open(result: MeansResult, menu: MenuResult) -> bool:
    """Whether the menu pays more than the public test found, but maybe not than the best."""
    if result.value >= menu.value * (1 - ROUNDING):
        return False
    return result.upper is None or result.upper >= menu.value


def _menu(problem: ManagerProblem) -> MenuResult | None:
    """The optimal menu, if there is one; of continuous types, which take long, a good one."""
    tol = None if problem.types is not None else CONTINUUM * problem.payment
    try:
        return solve_menu(problem, MenuSettings(tol=tol))
    except SolveError:
        return None


def exact_commitment(problem: ManagerProblem, settings: MeansSettings) -> ExactResult:
    """Solve for it in rationals."""
    game = PosteriorMeanGame.commitment(problem)
    return exact_means(game, "commitment", settings.formulation, problem, settings.memory_limit)

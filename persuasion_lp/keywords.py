"""What an editor completes, and a type checker knows, of the settings of each procedure.

The settings themselves are the dataclasses of the families; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from persuasion_lp.core.orders import Order
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.families.bayesian.programmes.base import Sense
from persuasion_lp.families.beliefs.solve import BeliefFormulation
from persuasion_lp.families.exchangeable.solve import CountFormulation
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.scale.choice import Formulation
from persuasion_lp.families.means.programme import MeansFormulation
from persuasion_lp.families.menus.optimum import MenuFormulation, SingleFormulation
from persuasion_lp.families.menus.programmes.full import IncentiveRows
from persuasion_lp.lp.options import SolverOptions

__all__ = [
    "BayesianKeywords",
    "BeliefKeywords",
    "CountKeywords",
    "GameKeywords",
    "MeansKeywords",
    "MenuKeywords",
    "OneStageKeywords",
    "ProfileKeywords",
    "SingleTestKeywords",
    "VoteKeywords",
]


class GameKeywords(TypedDict, total=False):
    """Of games."""

    order: Order
    options: SolverOptions | None
    formulation: Formulation
    memory_limit: int


class OneStageKeywords(GameKeywords, total=False):
    """Of a public signal and of private messages in a game."""

    tol: float | None


class CountKeywords(TypedDict, total=False):
    """Of groups of alike receivers."""

    options: SolverOptions | None
    formulation: CountFormulation
    tol: float | None
    memory_limit: int


class VoteKeywords(TypedDict, total=False):
    """Of votes."""

    order: Order
    options: SolverOptions | None
    formulation: Layout
    memory_limit: int


class BayesianKeywords(TypedDict, total=False):
    """Of Bayesian games."""

    sense: Sense
    options: SolverOptions | None
    memory_limit: int


class BeliefKeywords(TypedDict, total=False):
    """Of games on one belief."""

    order: Order
    options: SolverOptions | None
    formulation: BeliefFormulation | None
    tol: float | None
    progress: Callable[[Refinement], object] | None
    memory_limit: int


class MenuKeywords(TypedDict, total=False):
    """Of an optimal menu."""

    formulation: MenuFormulation
    incentives: IncentiveRows
    tol: float | None
    options: SolverOptions | None
    memory_limit: int


class ProfileKeywords(TypedDict, total=False):
    """Of tests for several workers."""

    options: SolverOptions | None
    memory_limit: int


class SingleTestKeywords(TypedDict, total=False):
    """Of an optimal single test."""

    formulation: SingleFormulation
    tol: float | None
    options: SolverOptions | None


class MeansKeywords(TypedDict, total=False):
    """Of posterior means, and of a manager's commitment benchmark."""

    formulation: MeansFormulation
    cells: int
    tol: float | None
    options: SolverOptions | None
    memory_limit: int

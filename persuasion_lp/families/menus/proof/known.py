r"""What is known of a manager's problem without the programme that was asked for.

Finitely many states and types: the closed form finds a menu, and prices that bound all others, in
moments. Otherwise a proposal whatever the difficulty, which the types with x w ≥ E[θ] accept, and
no plan brings more than its difficulty less the payment:

    max { 0, (E[θ] − w) Pr(x w ≥ E[θ]) }  ≤  optimum  ≤  max { 0, θ_max − w }.

A public test is a posterior-mean game.
"""

from __future__ import annotations

import math

from persuasion_lp.core.limits import Bracket
from persuasion_lp.errors import SolveError
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.proof.known import known_bracket as known_of_means
from persuasion_lp.families.menus.optimum import best_menu, best_single
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.proof.bracket import (
    MenuBracket,
    MenuProcedure,
    Numbers,
    float_bracket,
)
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.distributions import FUNCTION_ERROR
from persuasion_lp.primitives.states import StateGrid

__all__ = ["closed_form_bracket", "known_bracket"]


def known_bracket(problem: ManagerProblem, procedure: str) -> Bracket:
    """Bracket on the optimum of a problem under a procedure, without solving a program."""
    if procedure == "commitment":
        return known_of_means(PosteriorMeanGame.commitment(problem))
    if problem.finite:
        found = closed_form_bracket(
            Numbers.of(problem), "menu" if procedure == "menu" else "single_test"
        )
        return found.lower, found.upper
    difficulty, w = problem.difficulty, problem.payment
    grid = isinstance(difficulty, StateGrid)
    highest = float(difficulty.states[-1]) if grid else difficulty.high  # type: ignore[union-attr]
    doubt = FUNCTION_ERROR * highest + (0.0 if grid else difficulty.error)  # type: ignore[union-attr]
    accepted = problem.share_at_least((problem.mean + doubt) / w) - FUNCTION_ERROR
    always = (problem.mean - doubt - w) * max(accepted, 0.0)
    return max(0.0, math.nextafter(always, -math.inf)), max(0.0, math.nextafter(highest - w, 1.0))


def closed_form_bracket(numbers: Numbers, procedure: MenuProcedure) -> MenuBracket:
    """What the closed form pays, and what its prices prove."""
    try:
        found = (
            best_menu(numbers.data, memory_limit=MEMORY_LIMIT)
            if procedure == "menu"
            else best_single(numbers.data)
        )
    except SolveError:
        found = None
    return float_bracket(numbers, procedure, found)

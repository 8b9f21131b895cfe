r"""Solve a :class:`ManagerProblem`: the optimal menu of tests, or the optimal single test.

Finitely many states and types: one programme for every lowest served type, the answer repaired and
bracketed exactly (:mod:`~persuasion_lp.families.menus.proof.bracket`), and in rationals where that
proves too little. A continuous difficulty and continuous types are bracketed by grids that are
refined (:mod:`~persuasion_lp.families.menus.proof.continuous`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.exact import nearest
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import CertificateError, SolveError, SolverFailureError
from persuasion_lp.families.menus.certificate import MenuCertificate, certify_menu
from persuasion_lp.families.menus.decoding import decoded
from persuasion_lp.families.menus.optimum import (
    MenuFormulation,
    Optimum,
    SingleFormulation,
    best_menu,
    best_single,
)
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.full import IncentiveRows
from persuasion_lp.families.menus.proof.bracket import (
    MenuBracket,
    MenuProcedure,
    Numbers,
    exact_bracket,
    float_bracket,
)
from persuasion_lp.families.menus.proof.continuous import bracketed
from persuasion_lp.families.menus.proof.known import closed_form_bracket
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["MenuSettings", "SingleTestSettings", "solve_menu", "solve_single_test"]

Solver = Callable[[MenuData], Optimum | None]


@dataclass(frozen=True, kw_only=True)
class MenuSettings(Settings):
    """Settings of an optimal menu.

    Attributes
    ----------
    formulation
        ``"rays"`` (closed form), ``"reduced"`` or ``"full"``.
    incentives
        Of the ``"full"`` programme: ``"neighbours"`` or ``"all"`` pairs of types.
    tol
        Width to which the bracket is refined; if left out, 1e-9 times the largest state (or w)
        for a continuous difficulty, 1e-6 times that for continuous types.
    options
        Algorithm, HiGHS options, and limits: of time for all programmes together.
    memory_limit
        Bytes that a linear program may take.
    """

    formulation: MenuFormulation = "rays"
    incentives: IncentiveRows = "neighbours"
    tol: float | None = None
    options: SolverOptions | None = None
    memory_limit: int = MEMORY_LIMIT


@dataclass(frozen=True, kw_only=True)
class SingleTestSettings(Settings):
    """Settings of an optimal single test.

    Attributes
    ----------
    formulation
        ``"closed_form"`` or ``"cutoffs"``, one programme for each acceptance cut-off.
    tol
        As of a menu.
    options
        Algorithm, limits, HiGHS options.
    """

    formulation: SingleFormulation = "closed_form"
    tol: float | None = None
    options: SolverOptions | None = None


def solve_menu(problem: ManagerProblem, settings: MenuSettings) -> MenuResult:
    """Solve for the optimal menu of tests."""

    def chosen(data: MenuData) -> Optimum | None:
        return best_menu(
            data,
            settings.formulation,
            settings.incentives,
            settings.options,
            memory_limit=settings.memory_limit,
        )

    def fast(data: MenuData) -> Optimum | None:
        return best_menu(data, memory_limit=settings.memory_limit)

    return _solve(problem, "menu", chosen, fast, settings)


def solve_single_test(problem: ManagerProblem, settings: SingleTestSettings) -> MenuResult:
    """Solve for the optimal single test (LX, Theorem 2)."""

    def chosen(data: MenuData) -> Optimum | None:
        return best_single(data, settings.formulation, settings.options)

    return _solve(problem, "single_test", chosen, best_single, settings)


def _solve(
    problem: ManagerProblem,
    procedure: MenuProcedure,
    chosen: Solver,
    fast: Solver,
    settings: MenuSettings | SingleTestSettings,
) -> MenuResult:
    clock = Clock()
    refinements: tuple[Refinement, ...] = ()
    numbers: Numbers | None = None
    with clock.phase("solve"):
        if problem.finite:
            numbers = Numbers.of(problem)
            found, bracket = _finite(numbers, procedure, chosen)
        else:
            found, bracket, refinements = bracketed(problem, procedure, chosen, fast, settings.tol)
    with clock.phase("decode"):
        result = _result(
            problem, procedure, settings.formulation, found, bracket, refinements, numbers
        )
    return replace(result, times=clock.times)


def _finite(
    numbers: Numbers, procedure: MenuProcedure, chosen: Solver
) -> tuple[Optimum | None, MenuBracket]:
    """An optimum in floats and its bracket, in rationals where floats prove too little."""
    failure: SolveError | None = None
    found: Optimum | None = None
    try:
        found = chosen(numbers.data)
    except (CertificateError, SolverFailureError) as failed:
        failure = failed
    else:
        bracket = float_bracket(numbers, procedure, found)
        if bracket.ok:
            return found, bracket
    return found, exact_bracket(
        numbers, procedure, closed_form_bracket(numbers, procedure), failure
    )


def _result(
    problem: ManagerProblem,
    procedure: MenuProcedure,
    formulation: str,
    found: Optimum | None,
    bracket: MenuBracket,
    refinements: tuple[Refinement, ...],
    numbers: Numbers | None,
) -> MenuResult:
    tests = decoded(problem, bracket.offers, numbers)
    value = nearest(bracket.payoff)
    certificate = MenuCertificate(
        programme=None if found is None else found.programme,
        economic=certify_menu(problem, tests, value),
        lower=bracket.lower,
        upper=bracket.upper,
        tolerance=bracket.tolerance,
        scale=value if problem.finite or found is None else found.programme.certificate.scale,
        route=bracket.route,
    )
    certificate.enforce()
    return MenuResult(
        problem=problem,
        procedure=procedure,
        formulation=formulation,
        value=value,
        lower=bracket.lower,
        upper=bracket.upper,
        tests=tests,
        bracket=bracket,
        alternatives=_callers(problem, found),
        multipliers=FrozenMapping({} if found is None else found.multipliers),
        lowest=_lowest(problem, found),
        certificate=certificate,
        algorithm=_algorithm(found, bracket),
        programmes=0 if found is None else found.programmes,
        refinements=refinements,
        times=FrozenMapping({}),
    )


def _algorithm(found: Optimum | None, bracket: MenuBracket) -> str:
    if bracket.route == "exact":
        return "rational arithmetic"
    return "none" if found is None else found.algorithm


def _lowest(problem: ManagerProblem, found: Optimum | None) -> int | None:
    """Lowest served type by the caller's position; none for a continuous distribution of types."""
    if found is None or problem.types is None:
        return None
    return int(problem.order[found.chain.lowest])


def _callers(problem: ManagerProblem, found: Optimum | None) -> tuple[int, ...]:
    """Alternatives by the caller's positions; none for a continuous distribution of types."""
    if found is None or problem.types is None:
        return ()
    return tuple(int(problem.order[j]) for j in found.alternatives)

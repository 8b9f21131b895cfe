r"""The optimal single test in exact rationals, proved over every acceptance cut-off.

The programme of all cut-offs at once, and the closed form of both its solutions, are in
:mod:`~persuasion_lp.families.menus.programmes.cutoffs`. That they prove each other is checked
here, row by row and column by column; no solver is involved.
"""

from __future__ import annotations

from fractions import Fraction

from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactnessError, ExactSizeError
from persuasion_lp.families.menus.problem import ManagerNumbers, ManagerProblem
from persuasion_lp.families.menus.programmes.cutoffs import solve_every_cutoff
from persuasion_lp.families.menus.programmes.data import MenuData, rational_menu_data
from persuasion_lp.families.menus.proof.payment import Point
from persuasion_lp.lp.rational import RationalSolution, number_text, optimality_failures

__all__ = ["EXACT_CUTOFF_COLUMNS", "exact_single_test", "prove_single_test"]

EXACT_CUTOFF_COLUMNS = 200_000
"""Largest number of columns: some seconds."""


def exact_single_test(problem: ManagerProblem) -> ExactResult:
    """Solve for the optimal single test in rationals.

    Raises
    ------
    PriorError, WorkerTypeError
        See :attr:`ManagerProblem.rational_numbers`.
    ExactSizeError
        If types times states are more than :data:`EXACT_CUTOFF_COLUMNS`; nothing has been solved.
    ExactnessError
        If the closed form is no proved optimum.
    """
    data = rational_menu_data(problem)
    solution = _proved(data)
    launched = bool(solution.value > 0)
    j, p, u = _test(data, solution)
    numbers = problem.rational_numbers
    return proved_result(
        problem,
        "single_test",
        None,
        solution,
        cutoff=number_text(numbers.types[j]) if launched else None,
        p=number_text(p) if launched else None,
        q=number_text(u / p + numbers.payment) if launched else None,
    )


def prove_single_test(
    problem: ManagerProblem, numbers: ManagerNumbers
) -> tuple[Fraction, list[Point]]:
    """The value in rationals, and (p, u) of a test that has it.

    Raises
    ------
    ExactSizeError, ExactnessError
        See :func:`exact_single_test`.
    """
    data = rational_menu_data(problem, numbers)
    solution = _proved(data)
    if not solution.value:
        return solution.value, []
    _, p, u = _test(data, solution)
    return solution.value, [(p, u)]


def _proved(data: MenuData) -> RationalSolution:
    _check_size(data)
    solution = solve_every_cutoff(data)
    failures = optimality_failures(solution.program, solution.x, solution.y, solution.value)
    if failures:
        raise ExactnessError(f"no rational optimum was proved: {failures[0]}")
    return solution


def _test(data: MenuData, solution: RationalSolution) -> tuple[int, Fraction, Fraction]:
    """Cut-off, p and u of the test of a solution."""
    lottery = solution.values("omega")
    p, u = (lottery @ breakpoints for breakpoints in (data.shares, data.frontier))
    j = int(p.argmax())
    return j, p[j], u[j]


def _check_size(data: MenuData) -> None:
    columns = data.slack.size * data.shares.size
    if columns > EXACT_CUTOFF_COLUMNS:
        raise ExactSizeError(
            "programme of all cut-offs",
            counted="columns",
            limit=EXACT_CUTOFF_COLUMNS,
            types=data.slack.size,
            columns=columns,
        )

r"""The optimal single test in exact rationals, proved over every acceptance cut-off.

The programme of all cut-offs at once, and the closed form of both its solutions, are in
:mod:`~persuasion_lp.families.menus.programmes.cutoffs`. That they prove each other is checked
here, row by row and column by column; no solver is involved.
"""

from __future__ import annotations

from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactnessError, ExactSizeError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.cutoffs import solve_every_cutoff
from persuasion_lp.families.menus.programmes.data import MenuData, rational_menu_data
from persuasion_lp.lp.rational import number_text, optimality_failures

__all__ = ["EXACT_CUTOFF_COLUMNS", "exact_single_test"]

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
    _check_size(data)
    solution = solve_every_cutoff(data)
    failures = optimality_failures(solution.program, solution.x, solution.y, solution.value)
    if failures:
        raise ExactnessError(f"no rational optimum was proved: {failures[0]}")
    lottery = solution.values("omega")
    launched = bool(solution.value > 0)
    p, u = (lottery @ breakpoints for breakpoints in (data.shares, data.frontier))
    j = int(p.argmax())
    numbers = problem.rational_numbers
    return proved_result(
        problem,
        "single_test",
        None,
        solution,
        cutoff=number_text(numbers.types[j]) if launched else None,
        p=number_text(p[j]) if launched else None,
        q=number_text(u[j] / p[j] + numbers.payment) if launched else None,
    )


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

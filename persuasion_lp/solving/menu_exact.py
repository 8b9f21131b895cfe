r"""The optimal menu in exact rationals, proved over every lowest served type.

The ray programme (:mod:`~persuasion_lp.formulations.menu_rays`, where it is proved to have the
value of the menu programme state by state) has three rows whatever the number of types, so it is
the one solved. With V_s its value for the lowest served type s, and 0 for a plan that is never
launched, the optimum is V = max { 0, V_s : s servable }. Of every servable s one of these is
proved, in rationals only:

    V_s  =  the value of a pair of solutions that prove each other
    V_s  ≤  D_s(t)  ≤  V        prices at the marginal surplus t ≤ 0 of a programme solved before
    no chain exists             the most trust that mass and height allow is below d
"""

from __future__ import annotations

from fractions import Fraction

from persuasion_lp.errors import SizeError
from persuasion_lp.formulations.menu_data import MenuData, rational_menu_data
from persuasion_lp.formulations.menu_rays import (
    build_nobody,
    build_rational_rays,
    build_rays,
    build_trust,
    served_bounds,
)
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.rational import RationalSolution
from persuasion_lp.problems.manager import ManagerProblem
from persuasion_lp.solving.exact import ExactResult, proved_result

__all__ = ["EXACT_COLUMNS", "exact_menu"]

EXACT_COLUMNS = 200_000
"""Largest number of columns of the programmes of all servable types together: about a minute if
bounds spare none of them."""

_BYTES_PER_COLUMN = 2048


def exact_menu(problem: ManagerProblem, likely: int | None) -> ExactResult:
    """Solve for the optimal menu in rationals.

    Parameters
    ----------
    problem
        The problem.
    likely
        The lowest served type, in sorted order, that is tried first.

    Raises
    ------
    PriorError, WorkerTypeError
        See :attr:`ManagerProblem.rational_numbers`.
    SizeError
        If the programmes have more than :data:`EXACT_COLUMNS` columns; nothing has been solved.
    ExactnessError
        If a programme could not be solved to a proved optimum.
    MissingExtraError
        If python-flint is not installed.
    """
    data = rational_menu_data(problem)
    _check_size(data)
    servable: list[int] = data.servable.tolist()
    bounds = _bounds(data, Fraction(0))
    waiting = set(servable)
    best: tuple[int, RationalSolution] | None = None
    while waiting:
        s = likely if best is None and likely in waiting else max(waiting, key=bounds.__getitem__)
        if best is not None and bounds[s] <= best[1].value:
            break
        waiting.discard(s)
        if not _possible(data, s):
            del bounds[s]
            continue
        solution = solve_exactly(build_rational_rays(data, s), build_rays(data, s))
        tighter = _bounds(data, _marginal(solution))
        bounds = {other: min(bound, tighter[other]) for other, bound in bounds.items()}
        bounds[s] = solution.value
        if best is None or solution.value > best[1].value:
            best = s, solution
    types = problem.rational_numbers.types
    return proved_result(
        problem,
        "menu",
        None,
        _nobody(data) if best is None else best[1],
        lowest=None if best is None else str(types[best[0]]),
        bounds=[[str(types[s]), str(bounds.get(s, "infeasible"))] for s in servable],
    )


def _check_size(data: MenuData) -> None:
    columns = sum(data.slack.size - int(s) + 1 + data.masses.size for s in data.servable)
    if columns > EXACT_COLUMNS:
        raise SizeError(
            "exact menu",
            types=data.servable.size,
            columns=columns,
            needed=_BYTES_PER_COLUMN * columns,
            limit=_BYTES_PER_COLUMN * EXACT_COLUMNS,
        )


def _bounds(data: MenuData, t: Fraction) -> dict[int, Fraction]:
    """D_s(t) by servable type."""
    if not data.servable.size:
        return {}
    return dict(zip(data.servable.tolist(), served_bounds(data, t).tolist(), strict=True))


def _marginal(solution: RationalSolution) -> Fraction:
    """The surplus t ≤ 0 of the marginal state that belongs to the prices of a programme."""
    mass, height = (solution.duals(name).item() for name in ("mass", "height"))
    return min(-mass / height, Fraction(0)) if height else Fraction(0)


def _possible(data: MenuData, s: int) -> bool:
    """Whether s can be the lowest served type."""
    return data.required == 0 or bool(solve_exactly(*build_trust(data, s)).value >= data.required)


def _nobody(data: MenuData) -> RationalSolution:
    """Nothing is proposed, at no price: value 0."""
    program = build_nobody(data)
    zero = Fraction(0)
    return RationalSolution(
        program, (zero,) * len(program.objective), (zero,) * len(program.rhs), zero
    )

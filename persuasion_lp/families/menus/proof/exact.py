r"""The optimal menu in exact rationals, proved over every lowest served type.

The ray programme (:mod:`~persuasion_lp.families.menus.programmes.rays`, where it is proved to have
the value of the menu programme state by state) has three rows whatever the number of types, so it
is the one solved. With V_s its value for the lowest served type s, and 0 for a plan that is never
launched, the optimum is V = max { 0, V_s : s servable }. Of every servable s one of these is
proved, in rationals only:

    V_s  =  the value of a pair of solutions that prove each other
    V_s  ≤  D_s(t)  ≤  V        prices at the marginal surplus t ≤ 0 of a programme solved before

The certificate is the programme in which all of these may be mixed
(:mod:`persuasion_lp.lp.alternatives`), the best one in full, every other below the line of its
prices (:mod:`~persuasion_lp.families.menus.programmes.lines`): it proves them all at once.
"""

from __future__ import annotations

from fractions import Fraction

from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import ExactSizeError
from persuasion_lp.families.menus.problem import ManagerNumbers, ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData, rational_menu_data
from persuasion_lp.families.menus.programmes.lines import rays_at_marginal, rays_at_prices
from persuasion_lp.families.menus.programmes.rays import (
    build_nobody,
    build_rational_rays,
    build_rays,
    served_bounds,
)
from persuasion_lp.families.menus.proof.payment import Point
from persuasion_lp.lp.alternatives import Priced, prove_best
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.rational import RationalSolution, number_text

__all__ = ["EXACT_COLUMNS", "exact_menu", "prove_menu"]

EXACT_COLUMNS = 200_000
"""Largest number of columns of the programmes of all servable types together: about a minute if
bounds spare none of them."""


def exact_menu(problem: ManagerProblem) -> ExactResult:
    """Solve for the optimal menu in rationals.

    Parameters
    ----------
    problem
        The problem.

    Raises
    ------
    PriorError, WorkerTypeError
        See :attr:`ManagerProblem.rational_numbers`.
    ExactSizeError
        If the programmes have more than :data:`EXACT_COLUMNS` columns; nothing has been solved.
    ExactnessError
        If a programme could not be solved to a proved optimum.
    """
    data = rational_menu_data(problem)
    best, solution, others, bounds = _proved(data)
    types = 1 + data.slack / problem.rational_workers[0]
    lowest = None if best is None else number_text(types[best])
    named = {f"lowest type {number_text(types[s])} (#{s})": pair for s, pair in others.items()}
    proof = prove_best(f"lowest type {lowest}", solution, named) if named else solution
    return proved_result(
        problem,
        "menu",
        None,
        solution,
        proof=proof,
        lowest=lowest,
        bounds=[[number_text(types[s]), number_text(bound)] for s, bound in bounds],
    )


def prove_menu(problem: ManagerProblem, numbers: ManagerNumbers) -> tuple[Fraction, list[Point]]:
    """The value in rationals, and the points (p, u) of a menu that has it.

    Raises
    ------
    ExactSizeError, ExactnessError
        See :func:`exact_menu`.
    """
    data = rational_menu_data(problem, numbers)
    best, solution, others, _ = _proved(data)
    if best is None:
        return solution.value, []
    name = f"#{best}"
    if others:
        prove_best(name, solution, {f"#{s}": pair for s, pair in others.items()})
    alpha, beta = solution.values("alpha").item(), solution.values("beta")
    p, u = alpha, alpha * data.slack_below(best)
    points: list[Point] = []
    for mass, slack in zip(beta, data.slack[best:], strict=True):
        p, u = p + mass, u + mass * slack
        if p and (mass or not points):
            points.append((p, u))
    return solution.value, points


def _proved(
    data: MenuData,
) -> tuple[int | None, RationalSolution, dict[int, Priced], list[tuple[int, Fraction]]]:
    """Best lowest type, its solution, what proves the others, and the bound of each."""
    _check_size(data)
    servable: list[int] = data.servable.tolist()
    bounds = _Bounds(data)
    solved: dict[int, RationalSolution] = {}
    while waiting := [s for s in servable if s not in solved]:
        s = max(waiting, key=bounds.of)
        if solved and bounds.of(s) <= max(found.value for found in solved.values()):
            break
        solved[s] = solve_exactly(build_rational_rays(data, s), build_rays(data, s))
        bounds.tighten(_marginal(solved[s]))
    best = max(solved, key=lambda s: solved[s].value, default=None)
    solution = _nobody(data) if best is None else solved[best]
    others = {
        s: rays_at_prices(data, s, solved[s])
        if s in solved
        else rays_at_marginal(data, s, bounds.marginal[s])
        for s in servable
        if s != best
    }
    proved = [solved[s].value if s in solved else bounds.of(s) for s in servable]
    return best, solution, others, list(zip(servable, proved, strict=True))


class _Bounds:
    """For each servable type the best bound D_s(t) known, and its t."""

    def __init__(self, data: MenuData) -> None:
        self._data = data
        self._best: dict[int, Fraction] = {}
        self.marginal: dict[int, Fraction] = {}
        self.tighten(Fraction(0))

    def of(self, s: int) -> Fraction:
        """The bound."""
        return self._best[s]

    def tighten(self, t: Fraction) -> None:
        """Take what t proves where that is less."""
        if not self._data.servable.size:
            return
        found = served_bounds(self._data, t)
        for s, bound in zip(self._data.servable.tolist(), found, strict=True):
            if s not in self._best or bound < self._best[s]:
                self._best[s], self.marginal[s] = bound, t


def _check_size(data: MenuData) -> None:
    columns = sum(data.slack.size - int(s) + 1 + data.masses.size for s in data.servable)
    if columns > EXACT_COLUMNS:
        raise ExactSizeError(
            "proof over all lowest types",
            counted="columns",
            limit=EXACT_COLUMNS,
            types=data.servable.size,
            columns=columns,
        )


def _marginal(solution: RationalSolution) -> Fraction:
    """The surplus t ≤ 0 of the marginal state that belongs to the prices of a programme."""
    mass, height = (solution.duals(name).item() for name in ("mass", "height"))
    return min(-mass / height, Fraction(0)) if height else Fraction(0)


def _nobody(data: MenuData) -> RationalSolution:
    """Nothing is proposed, at no price: value 0."""
    program = build_nobody(data)
    zero = Fraction(0)
    return RationalSolution(
        program, (zero,) * len(program.objective), (zero,) * len(program.rhs), zero
    )

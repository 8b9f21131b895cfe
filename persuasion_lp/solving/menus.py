r"""Solve a :class:`ManagerProblem`: the optimal menu of tests, or the optimal single test.

Finitely many states and types: exactly, over every lowest served type. A continuous difficulty is
bracketed by two grids on the same cells (see :mod:`persuasion_lp.problems.states`): on cell means
the frontier is the chord of U and the optimum is feasible, on cell ends it is the envelope of
tangents and the optimum a bound. Only the end of a chain meets the frontier, so each round adds the
states at which the two optimal chains end, until the bracket is as narrow as asked. The menu of the
lower grid is then scaled up to the true frontier, which keeps every other constraint and can only
add value.

Continuous types are rounded down and up to the ends of cells. The menus found are evaluated on the
true distribution, every type choosing for himself, which gives a value that is attained; rounded
up, types bring the manager more, which gives the bound.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import LimitError, OptionError, ProcedureError
from persuasion_lp.formulations.menu_data import MenuData, Step, menu_data
from persuasion_lp.formulations.menu_programmes import IncentiveRows
from persuasion_lp.formulations.programme import MEMORY_LIMIT
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.problems.difficulty import StateDistribution
from persuasion_lp.problems.manager import ManagerProblem
from persuasion_lp.problems.posterior_mean import PosteriorMeanGame
from persuasion_lp.problems.states import StateGrid
from persuasion_lp.solving.means import solve_means
from persuasion_lp.solving.menu_certificates import (
    MenuCertificate,
    certify_menu,
    exact_tolerance,
)
from persuasion_lp.solving.menu_optimum import (
    MenuFormulation,
    Optimum,
    SingleFormulation,
    best_menu,
    best_single,
)
from persuasion_lp.solving.menu_result import MenuResult
from persuasion_lp.solving.screening import ScreeningTest, evaluate_menu, screening_test

__all__ = ["solve_manager"]

BRACKET = 1e-9
"""Width to which the bracket on a continuous difficulty is refined unless the user says otherwise:
the gap to which programs are proved."""

TYPE_CELLS = 256
"""Cells of a continuous distribution of types unless the user says otherwise; the bracket is about
inversely proportional to it."""

FIRST_CELLS = 16
"""Cells of the first grid of a continuous difficulty."""

MOST_REFINEMENTS = 80
"""Each round about halves the distance to the optimal end of the chain, and the bracket is
quadratic in it; 80 rounds are far beyond rounding."""

Solver = Callable[[MenuData], Optimum | None]


def solve_manager(problem: ManagerProblem, procedure: str, **settings: Any) -> Any:
    """Solve a manager's problem under one procedure; see :func:`persuasion_lp.solve`."""
    match procedure:
        case "menu":
            return solve_menu(problem, **settings)
        case "single_test":
            return solve_single_test(problem, **settings)
        case "commitment":
            return solve_means(PosteriorMeanGame.commitment(problem), procedure, **settings)
        case _:
            raise ProcedureError(
                "procedure", "must be one of menu, single_test, commitment", value=procedure
            )


def solve_menu(
    problem: ManagerProblem,
    *,
    formulation: MenuFormulation = "rays",
    incentives: IncentiveRows = "neighbours",
    tol: float = BRACKET,
    type_cells: int = TYPE_CELLS,
    options: SolverOptions | None = None,
    memory_limit: int = MEMORY_LIMIT,
) -> MenuResult:
    """Solve for the optimal menu of tests; see :func:`persuasion_lp.solve`."""
    _check_choice("formulation", formulation, get_args(MenuFormulation))
    _check_choice("incentives", incentives, get_args(IncentiveRows))

    def chosen(data: MenuData) -> Optimum | None:
        return best_menu(data, formulation, incentives, options, memory_limit=memory_limit)

    def fast(data: MenuData) -> Optimum | None:
        return best_menu(data, memory_limit=memory_limit)

    return _solve(problem, "menu", formulation, chosen, fast, tol, type_cells)


def solve_single_test(
    problem: ManagerProblem,
    *,
    formulation: SingleFormulation = "closed_form",
    tol: float = BRACKET,
    type_cells: int = TYPE_CELLS,
    options: SolverOptions | None = None,
) -> MenuResult:
    """Solve for the optimal single test (LX, Theorem 2); see :func:`persuasion_lp.solve`."""
    _check_choice("formulation", formulation, get_args(SingleFormulation))

    def chosen(data: MenuData) -> Optimum | None:
        return best_single(data, formulation, options)

    return _solve(problem, "single_test", formulation, chosen, best_single, tol, type_cells)


def _solve(
    problem: ManagerProblem,
    procedure: Literal["menu", "single_test"],
    formulation: str,
    chosen: Solver,
    fast: Solver,
    tol: float,
    type_cells: int,
) -> MenuResult:
    if not tol > 0:
        raise OptionError("tol", "must be positive", value=tol)
    if not type_cells >= 1:
        raise OptionError("type_cells", "must be at least 1", value=type_cells)
    started = time.perf_counter()
    upper: float | None = None
    rounds = 0
    if problem.exact:
        found = chosen(menu_data(problem))
    else:
        found, upper, rounds = _bracketed(problem, chosen, fast, tol, type_cells)
    solved = time.perf_counter()
    result = _result(problem, procedure, formulation, found, upper, rounds, tol)
    times = {"solve": solved - started, "decode": time.perf_counter() - solved}
    return replace(result, times=FrozenMapping(times))


def _bracketed(
    problem: ManagerProblem, chosen: Solver, fast: Solver, tol: float, type_cells: int
) -> tuple[Optimum | None, float, int]:
    """Optimum below, bound above, and rounds of refinement for continuous states or types."""
    below = problem.type_grid(type_cells, "lower")
    above = problem.type_grid(type_cells, "upper")
    difficulty = problem.difficulty
    if isinstance(difficulty, StateGrid):
        bounding = fast(menu_data(above))
        return chosen(menu_data(below)), bounding.upper if bounding else 0.0, 0
    ends = np.linspace(difficulty.low, difficulty.high, FIRST_CELLS + 1)
    ends = np.union1d(ends, np.clip(problem.payment, difficulty.low, difficulty.high))
    for rounds in range(MOST_REFINEMENTS):
        grids = {
            rule: StateGrid.from_distribution(difficulty, ends, rule)
            for rule in ("means", "endpoints")
        }
        low, same, high = (
            fast(menu_data(types.with_difficulty(grids[rule])))
            for rule, types in (("means", below), ("endpoints", below), ("endpoints", above))
        )
        bound = high.upper + _error(difficulty, high) if high else 0.0
        width = (same.upper if same else 0.0) - (low.value if low else 0.0)
        if width <= tol / 2:
            return chosen(menu_data(below.with_difficulty(grids["means"]))), bound, rounds
        last = [found.chain.steps[-1].p for found in (low, same, high) if found]
        added = difficulty.quantile(1.0 - np.array(last))
        finer = np.union1d(ends, added)
        if finer.size == ends.size:
            break
        ends = finer
    raise LimitError("refinement", best_bound=bound, best_value=low.value if low else 0.0)


def _error(difficulty: StateDistribution, found: Optimum) -> float:
    """What the error of quadrature in U and in d can add to a bound."""
    return 2 * difficulty.error * (found.prices.height + found.prices.trust)


def _result(
    problem: ManagerProblem,
    procedure: Literal["menu", "single_test"],
    formulation: str,
    found: Optimum | None,
    upper: float | None,
    rounds: int,
    tol: float,
) -> MenuResult:
    steps: tuple[Step, ...] = ()
    if found is not None:
        steps = _scaled(problem, found) if upper is not None else found.chain.steps
    tests = _decoded(problem, steps)
    claimed = None if found is None or upper is not None else found.value
    economic = certify_menu(problem, tests, claimed)
    scale = 1.0 if found is None else found.lp_certificate.scale
    bound = upper if upper is not None else (found.upper if found else 0.0)
    tolerance = exact_tolerance(scale)
    if upper is not None:
        tolerance = tol + tolerance if problem.types is not None else math.inf
    certificate = MenuCertificate(
        None if found is None else found.lp_certificate, economic, bound, tolerance
    )
    certificate.enforce()
    value = economic.value if claimed is None else claimed
    return MenuResult(
        problem=problem,
        procedure=procedure,
        formulation=formulation,
        value=value,
        lower=value,
        upper=value if upper is None else max(upper, value),
        tests=tests,
        alternatives=_callers(problem, found),
        multipliers=FrozenMapping({} if found is None else found.multipliers),
        lowest=None if found is None else found.chain.lowest,
        certificate=certificate,
        lp=None if found is None else found.lp,
        algorithm="none" if found is None else found.algorithm,
        programmes=0 if found is None else found.programmes,
        refinements=rounds,
        times=FrozenMapping({}),
    )


def _decoded(problem: ManagerProblem, steps: tuple[Step, ...]) -> tuple[ScreeningTest, ...]:
    """Tests of a chain with the types that take them."""
    w, tests = problem.payment, []
    if problem.types is None:
        bare = tuple(screening_test(problem.difficulty, s.p, s.u + w * s.p) for s in steps)
        cutoffs = evaluate_menu(problem, bare).cutoffs
        top = float(problem.type_distribution.support()[1])
        ends = [*cutoffs[1:].tolist(), top]
        return tuple(
            replace(test, types=(float(first), min(last, top)))
            for test, first, last in zip(bare, cutoffs, ends, strict=True)
        )
    order = problem.order
    for index, step in enumerate(steps):
        until = steps[index + 1].first if index + 1 < len(steps) else order.size
        takers = np.sort(order[step.first : until])
        tests.append(
            screening_test(
                problem.difficulty,
                step.p,
                step.u + w * step.p,
                tuple(problem.types[takers].tolist()),
                tuple(takers.tolist()),
            )
        )
    return tuple(tests)


def _scaled(problem: ManagerProblem, found: Optimum) -> tuple[Step, ...]:
    """Scale a chain up until it ends on the true frontier."""
    difficulty, w = problem.difficulty, problem.payment
    steps = found.chain.steps
    if isinstance(difficulty, StateGrid) or not steps:
        return steps
    p, u = steps[-1].p, steps[-1].u

    def room(factor: float) -> float:
        share = factor * p
        return float(difficulty.top_mean(share)) - w * share - factor * u

    factor, most = 1.0, 1.0 / p
    if most > 1.0 and room(1.0) > 0:
        from scipy.optimize import brentq

        factor = most if room(most) >= 0 else float(brentq(room, 1.0, most, xtol=1e-15))
    return tuple(Step(s.first, min(factor * s.p, 1.0), factor * s.u) for s in steps)


def _callers(problem: ManagerProblem, found: Optimum | None) -> tuple[int, ...]:
    """Alternatives by the caller's positions; none for a continuous distribution of types."""
    if found is None or problem.types is None:
        return ()
    return tuple(int(problem.order[j]) for j in found.alternatives)


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise OptionError(name, f"must be one of {', '.join(allowed)}", value=value)

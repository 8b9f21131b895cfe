r"""Solve a :class:`ManagerProblem`: the optimal menu of tests, or the optimal single test.

Finitely many states and types: exactly, over every lowest served type. A continuous difficulty is
bracketed by two grids on the same cells (see :mod:`persuasion_lp.primitives.states`): on cell means
the frontier is the chord of U and the optimum is feasible, on cell ends it is the envelope of
tangents and the optimum a bound. Only the end of a chain meets the frontier, so each round adds the
states at which the two optimal chains end, until the bracket is as narrow as asked. The menu of the
lower grid is then scaled up to the true frontier, which keeps every other constraint and can only
add value.

Continuous types are rounded down and up to the ends of cells. The menu found for types rounded down
is evaluated on the true distribution, every type choosing for himself, which gives a value that is
attained; rounded up, types bring the manager more, which gives the bound. Only the types at which a
chain steps matter, so each round cuts the cells around the steps of the two optimal chains.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import LimitError, WorkerTypeError
from persuasion_lp.families.menus.certificate import MenuCertificate, bound_tolerance, certify_menu
from persuasion_lp.families.menus.optimum import (
    MenuFormulation,
    Optimum,
    SingleFormulation,
    best_menu,
    best_single,
)
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData, Step, menu_data
from persuasion_lp.families.menus.programmes.full import IncentiveRows
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.screening import ScreeningTest, evaluate_menu, screening_test
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["MenuSettings", "SingleTestSettings", "solve_menu", "solve_single_test"]

BRACKET = 1e-9
"""Width to which the bracket on a continuous difficulty is refined unless the user says otherwise:
the gap to which programs are proved."""

TYPE_BRACKET = 1e-6
"""The same for a continuous distribution of types, where the bracket is linear in the cells."""

TYPE_CELLS = 64
"""Cells of the first grid of a continuous distribution of types."""

PARTS = 8
"""Parts into which a cell of types is cut: fewer rounds, at little cost in types."""

FIRST_CELLS = 16
"""Cells of the first grid of a continuous difficulty."""

MOST_REFINEMENTS = 300
"""Each round about halves the distance to the optimal end of a chain, and the bracket is quadratic
in it; for continuous types, each round cuts a few of the cells that are close to optimal."""

Side = Literal["lower", "upper"]
BoundingRule = Literal["means", "endpoints"]
Solver = Callable[[MenuData], Optimum | None]

DISTINCT_TESTS = 1e-12
"""Tests whose p and p(q − w) differ by less are rounding of one test; one that proposes less often
is rounding of the null test, which needs no offer."""


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
        Width to which the bracket is refined; 1e-9 for a continuous difficulty, 1e-6 for continuous
        types if left out.
    options
        Algorithm, limits, HiGHS options.
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

    return _solve(problem, "menu", settings.formulation, chosen, fast, settings.tol)


def solve_single_test(problem: ManagerProblem, settings: SingleTestSettings) -> MenuResult:
    """Solve for the optimal single test (LX, Theorem 2)."""

    def chosen(data: MenuData) -> Optimum | None:
        return best_single(data, settings.formulation, settings.options)

    return _solve(problem, "single_test", settings.formulation, chosen, best_single, settings.tol)


def _solve(
    problem: ManagerProblem,
    procedure: Literal["menu", "single_test"],
    formulation: str,
    chosen: Solver,
    fast: Solver,
    tol: float | None,
) -> MenuResult:
    if tol is None:
        tol = BRACKET if problem.types is not None else TYPE_BRACKET
    clock = Clock()
    upper: float | None = None
    refinements: tuple[Refinement, ...] = ()
    with clock.phase("solve"):
        if problem.finite:
            found = chosen(menu_data(problem))
        else:
            found, upper, refinements = _bracketed(problem, chosen, fast, tol)
    with clock.phase("decode"):
        result = _result(problem, procedure, formulation, found, upper, refinements, tol)
    return replace(result, times=clock.times)


def _bracketed(
    problem: ManagerProblem, chosen: Solver, fast: Solver, tol: float
) -> tuple[Optimum | None, float, tuple[Refinement, ...]]:
    """Optimum below, bound above, and the grids tried for continuous states or types."""
    difficulty = problem.difficulty
    states = _first_states(problem)
    types = _first_types(problem)
    low: Optimum | None = None
    bound = math.inf
    tried: list[Refinement] = []
    for _ in range(MOST_REFINEMENTS):
        below, above = (problem.type_grid(types, side) for side in get_args(Side))
        if isinstance(difficulty, StateDistribution):
            means, ends = (
                StateGrid.from_distribution(difficulty, states, rule)
                for rule in get_args(BoundingRule)
            )
            below, above = below.with_difficulty(means), above.with_difficulty(ends)
        low, high = fast(menu_data(below)), fast(menu_data(above))
        bound = high.upper + _error(difficulty, high) if high else 0.0
        value = low.value if low else 0.0
        tried.append(Refinement(states.size + types.size, value, bound))
        if bound - value <= tol:
            return chosen(menu_data(below)), bound, tuple(tried)
        found = [optimum for optimum in (low, high) if optimum and optimum.chain.steps]
        before = states.size + types.size
        if isinstance(difficulty, StateDistribution):
            last = 1.0 - np.array([optimum.chain.steps[-1].p for optimum in found])
            states = np.union1d(states, difficulty.quantile(last))
        if problem.types is None:
            types = _refined(types, found)
        if states.size + types.size == before:
            break
    raise LimitError("refinement", best_bound=bound, best_value=low.value if low else 0.0)


def _first_states(problem: ManagerProblem) -> Floats:
    difficulty = problem.difficulty
    if isinstance(difficulty, StateGrid):
        return difficulty.states
    even = np.linspace(difficulty.low, difficulty.high, FIRST_CELLS + 1)
    return np.union1d(even, np.clip(problem.payment, difficulty.low, difficulty.high))


def _first_types(problem: ManagerProblem) -> Floats:
    """Ends of cells; the type that is just optimistic is one of them."""
    if problem.types is not None:
        return problem.types
    low, high = (float(end) for end in problem.type_distribution.support())
    if not math.isfinite(high):
        raise WorkerTypeError("types", "must have a bounded support; it ends at", value=high)
    just = min(max(problem.mean / problem.payment, low), high)
    return np.union1d(np.linspace(low, high, TYPE_CELLS + 1), just)


def _refined(types: Floats, found: list[Optimum]) -> Floats:
    """Refine the cells around every step, and around the lowest served type."""
    steps = [s.first for optimum in found for s in optimum.chain.steps]
    steps += [optimum.chain.lowest for optimum in found]
    cells = np.unique(np.clip(np.array([(j - 1, j, j + 1) for j in steps]), 0, types.size - 2))
    inside = np.arange(1, PARTS) / PARTS
    width = types[cells + 1] - types[cells]
    return np.union1d(types, (types[cells, None] + width[:, None] * inside).ravel())


def _error(difficulty: StateGrid | StateDistribution, found: Optimum) -> float:
    """What the error of quadrature in U and in d can add to a bound."""
    error = 0.0 if isinstance(difficulty, StateGrid) else difficulty.error
    return 2 * error * (found.prices.height + found.prices.trust)


def _result(
    problem: ManagerProblem,
    procedure: Literal["menu", "single_test"],
    formulation: str,
    found: Optimum | None,
    upper: float | None,
    refinements: tuple[Refinement, ...],
    tol: float,
) -> MenuResult:
    steps: tuple[Step, ...] = ()
    if found is not None:
        steps = _scaled(problem, found) if upper is not None else found.chain.steps
    tests = _decoded(problem, _distinct(steps))
    claimed = None if found is None or upper is not None else found.value
    economic = certify_menu(problem, tests, claimed)
    scale = 1.0 if found is None else found.lp_certificate.scale
    bound = upper if upper is not None else (found.upper if found else 0.0)
    tolerance = bound_tolerance(scale)
    if upper is not None:
        tolerance += tol
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
        lower=value - (0.0 if found is None else _error(problem.difficulty, found)),
        upper=value if upper is None else max(upper, value),
        tests=tests,
        alternatives=_callers(problem, found),
        multipliers=FrozenMapping({} if found is None else found.multipliers),
        lowest=_lowest(problem, found),
        certificate=certificate,
        lp=None if found is None else found.lp,
        algorithm="none" if found is None else found.algorithm,
        programmes=0 if found is None else found.programmes,
        refinements=refinements,
        times=FrozenMapping({}),
    )


def _distinct(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps without the null test, and without repeating one but for rounding."""
    kept: list[Step] = []
    for step in steps:
        if step.p <= DISTINCT_TESTS:
            continue
        last = kept[-1] if kept else None
        if last and max(abs(step.p - last.p), abs(step.u - last.u)) <= DISTINCT_TESTS:
            kept[-1] = replace(step, first=last.first)
        else:
            kept.append(step)
    return tuple(kept)


def _decoded(problem: ManagerProblem, steps: tuple[Step, ...]) -> tuple[ScreeningTest, ...]:
    """Tests of a chain with the types that take them."""
    w, tests = problem.payment, []
    if not steps:
        return ()
    if problem.types is None:
        offered = tuple(screening_test(problem.difficulty, s.p, s.u + w * s.p) for s in steps)
        first_takers = evaluate_menu(problem, offered).cutoffs
        taken = np.isfinite(first_takers)
        bare = tuple(itertools.compress(offered, taken))
        cutoffs = first_takers[taken]
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

r"""Brackets on a continuous difficulty, or continuous types, refined until they are narrow.

Two grids on the same cells find the menu and the prices
(:mod:`persuasion_lp.primitives.states`): on cell means the frontier is the chord of U and the
optimum is feasible, on cell ends it is the envelope of tangents and the optimum a bound. Only the
end of a chain meets the frontier, so each round adds the states at which the two optimal chains
end. Continuous types are rounded down and up to the ends of cells; only the types at which a chain
steps matter, so each round cuts the cells around the steps of the two optimal chains.

The bracket itself is not that of the grids. The chain found is repaired on the true frontier and
pays what the true types make of it; the prices found, t, are put into the bound with the true call
function C(t) = E (θ − w − t)⁺. Both are evaluated with directed rounding, relative to what the
distributions' own functions say:

    F, F⁻¹, M     of the difficulty are taken to be right up to ``error`` + 64 ε times the upper end
                  of the support (masses: 64 ε), ε = 2⁻⁵²
    E[θ]          is the number ``difficulty.mean``, read as it prints; x w where that is within
                  10⁻¹² of it, and w likewise
    G             of types is taken to be right up to 64 ε
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

import numpy as np

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.errors import LimitError, WorkerTypeError
from persuasion_lp.families.menus.optimum import Optimum
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE, ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData, approximate_data
from persuasion_lp.families.menus.programmes.written import (
    WrittenFrontier,
    WrittenTypes,
    written_frontier,
    written_types,
)
from persuasion_lp.families.menus.proof.bounds import menu_bound, single_bound
from persuasion_lp.families.menus.proof.bracket import PROGRAM_ERROR, MenuBracket, MenuProcedure
from persuasion_lp.families.menus.proof.distributions import TrueFrontier, TrueTypes, rounded_up
from persuasion_lp.families.menus.proof.payment import Frontier, Menu, Takers, paid, repaired
from persuasion_lp.limits.deadline import seconds_left
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["bracketed"]

BRACKET = 1e-9
"""Width to which the bracket on a continuous difficulty is refined unless the user says otherwise,
relative to the largest state (or w, if that is larger): the gap to which programs are proved."""

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
AnyFrontier = WrittenFrontier | TrueFrontier

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class _Sides(ReadOnly):
    """The grids of one round."""

    low: MenuData
    high: MenuData
    ends: Floats


_Round: TypeAlias = tuple[_Sides, Optimum | None, Optimum | None]
"""The grids of a round, and the optima below and above."""


def bracketed(
    problem: ManagerProblem,
    procedure: MenuProcedure,
    chosen: Solver,
    fast: Solver,
    tol: float | None,
) -> tuple[Optimum | None, MenuBracket, tuple[Refinement, ...]]:
    """Optimum below, the bracket, and the grids tried.

    Parameters
    ----------
    problem, procedure
        What is solved.
    chosen, fast
        The programme that was asked for, solved last; the one that finds the grids.
    tol
        Width of the bracket; :data:`BRACKET` or :data:`TYPE_BRACKET` if left out.

    Raises
    ------
    LimitError
        If the bracket cannot be refined to ``tol``, or a limit ended the run; it carries the best
        bracket known.
    """
    states, ends = _first_states(problem), _first_types(problem)
    types = None if problem.types is None else written_types(problem)
    frontier = _frontier(problem, types)
    width = tol if tol is not None else _default_width(problem)
    best: MenuBracket | None = None
    tried: list[Refinement] = []
    for _ in range(MOST_REFINEMENTS):
        sides = _sides(problem, frontier, types, states, ends)
        low, high = fast(sides.low), fast(sides.high)

        def bracket(found: Optimum | None, round_: _Round = (sides, low, high)) -> MenuBracket:
            return _bracket(problem, procedure, frontier, types, round_, found, width)

        value, bound = (low.value if low else 0.0), (high.upper if high else 0.0)
        tried.append(Refinement(states.size + ends.size, value, bound))
        if not seconds_left():
            raise _limited("time", bracket(low), best)
        if bound - value <= width:
            best = bracket(low)
            if best.ok:
                try:
                    found = chosen(sides.low)
                except LimitError as limited:
                    raise _limited(limited.limit, best, None) from limited
                proved = bracket(found)
                if proved.ok:
                    return found, proved, tuple(tried)
        optima = [optimum for optimum in (low, high) if optimum and optimum.chain.steps]
        before = states.size + ends.size
        if isinstance(problem.difficulty, StateDistribution) and optima:
            last = 1.0 - np.array([optimum.chain.steps[-1].p for optimum in optima])
            states = np.union1d(states, problem.difficulty.quantile(last))
        if problem.types is None:
            ends = _refined(ends, optima)
        if states.size + ends.size == before:
            break
    raise _limited("refinement", bracket(low), best)


def _limited(limit: str, known: MenuBracket, best: MenuBracket | None) -> LimitError:
    """The error with the better ends of two brackets."""
    other = best or known
    return LimitError(
        limit,
        best_bound=min(known.upper, other.upper),
        best_value=max(known.lower, other.lower),
    )


def _default_width(problem: ManagerProblem) -> float:
    difficulty = problem.difficulty
    highest = difficulty.states[-1] if isinstance(difficulty, StateGrid) else difficulty.high
    relative = BRACKET if problem.types is not None else TYPE_BRACKET
    return relative * max(float(highest), problem.payment)


def _frontier(problem: ManagerProblem, types: WrittenTypes | None) -> AnyFrontier:
    difficulty = problem.difficulty
    if isinstance(difficulty, StateGrid):
        return written_frontier(problem)
    return TrueFrontier.of(difficulty, problem.written_payment, types)


def _sides(
    problem: ManagerProblem,
    frontier: AnyFrontier,
    types: WrittenTypes | None,
    states: Floats,
    ends: Floats,
) -> _Sides:
    """Arrays of the grids below and above."""
    below, above = (problem.type_grid(ends, side) for side in get_args(Side))
    difficulty = problem.difficulty
    if isinstance(difficulty, StateDistribution):
        means, tangents = (
            StateGrid.from_distribution(difficulty, states, rule) for rule in get_args(BoundingRule)
        )
        below, above = below.with_difficulty(means), above.with_difficulty(tangents)
    low, high = (_arrays(grid, frontier, types) for grid in (below, above))
    return _Sides(low, high, ends)


def _arrays(grid: ManagerProblem, frontier: AnyFrontier, types: WrittenTypes | None) -> MenuData:
    """Arrays of a grid; the types, and who is optimistic, as written where they are."""
    data = approximate_data(grid)
    if types is None:
        return data
    d = frontier.required
    first = types.first(d if d else Fraction(1, types.unit))
    last = types.size if d else min(first + 1, types.size)
    whole = types.tail[0]
    return replace(
        data,
        slack=np.array([a / types.unit for a in types.slack]),
        probs=np.array([g / whole for g in types.probs]),
        tail=np.array([g / whole for g in types.tail]),
        required=float(d),
        servable=np.arange(first, last),
    )


def _bracket(
    problem: ManagerProblem,
    procedure: MenuProcedure,
    frontier: AnyFrontier,
    types: WrittenTypes | None,
    round_: _Round,
    found: Optimum | None,
    width: float,
) -> MenuBracket:
    """What a chain on the lower grid really pays, and what the prices of both grids prove."""
    sides, *optima = round_
    takers: Takers = types or TrueTypes(problem.type_distribution, problem.written_payment)
    menu = _pays(found, frontier, takers, types, sides.low)
    data, written = sides.high, types
    if written is None:
        data, written = rounded_up(problem, sides.high, sides.ends)
    marginals = [np.minimum(one.marginals, 0.0) for one in optima if one is not None]
    if isinstance(frontier, TrueFrontier) and menu.offers:
        marginals.append(np.array([min(frontier.marginal_at(menu.offers[-1].p), 0.0)]))
    if procedure == "menu":
        every = [Fraction(t) for chosen in marginals for t in chosen.tolist()]
        bound = menu_bound(data, written, frontier, menu.payoff, every)
    else:
        count = data.slack.size - int(data.servable[0]) if data.servable.size else 0
        fitting = [own for own in (np.zeros(1), *marginals) if own.size in (1, count)]
        choices = [[Fraction(t) for t in np.broadcast_to(own, count).tolist()] for own in fitting]
        bound = single_bound(data, written, frontier, menu.payoff, choices)
    return MenuBracket(menu.offers, menu.payoff, bound, width)


def _pays(
    found: Optimum | None,
    frontier: Frontier,
    takers: Takers,
    types: WrittenTypes | None,
    data: MenuData,
) -> Menu:
    if found is None:
        return paid((), takers)
    d = frontier.required

    def slack(j: int) -> Fraction:
        if types is not None:
            return types.slack_of(j)
        own = Fraction(float(data.slack[j]))
        return d if abs(own - d) <= Fraction(OPTIMISM_TOLERANCE) * d else own

    return paid(repaired(found.chain.steps, slack, frontier, PROGRAM_ERROR), takers)


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
    if not steps:
        return types
    cells = np.unique(np.clip(np.array([(j - 1, j, j + 1) for j in steps]), 0, types.size - 2))
    inside = np.arange(1, PARTS) / PARTS
    width = types[cells + 1] - types[cells]
    return np.union1d(types, (types[cells, None] + width[:, None] * inside).ravel())

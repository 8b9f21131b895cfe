r"""A manager's problem with finitely many states and types, as the arrays of its programmes.

Types sorted, x_1 ≤ … ≤ x_J. All programmes measure a test (p, q) by its probability p of a proposal
and the manager's *surplus* u = p (q − w) = r − w p. In these coordinates a worker of type x gets

    x w p − r  =  a p − u,         a = (x − 1) w     his *slack*: the surplus per proposal at which
                                                     he is indifferent,

and the states feasible with p are those below the *frontier* U(p) = R(p) − w p, concave and
piecewise linear with slopes θ_k − w, highest states first, U(0) = 0, U(1) = E[θ] − w. The manager
is trusted iff u ≥ d = max(0, E[θ] − w).

When d > 0, (OB-M) binds only on types that are served, so the feasible set is a union over the
lowest served type s. It ranges over the ex-ante optimistic types: u_s ≥ d and u_s ≤ a_s p_s ≤ a_s
need a_s ≥ d. When d = 0 one programme serves all, and s is the lowest type with a_s > 0: no other
can bring a surplus.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Integers, ReadOnly
from persuasion_lp.errors import PriorError
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE, ManagerNumbers, ManagerProblem
from persuasion_lp.primitives.states import StateGrid

__all__ = ["MAX_TESTS", "Chain", "MenuData", "Step", "approximate_data", "rational_menu_data"]

MAX_TESTS = 3
"""An optimal menu needs no more distinct tests (LX, Theorem 3)."""


@dataclass(frozen=True, eq=False)
class MenuData(ReadOnly):
    """The arrays of a menu problem; types sorted by capability, states from high to low.

    The numbers are floats, or from :func:`rational_menu_data` exact rationals. Floats are the ones
    next to what was written (:mod:`~persuasion_lp.families.menus.programmes.written`), or those of
    a grid that was computed.

    Attributes
    ----------
    problem
        The problem.
    slack
        a_j = (x_j − 1) w, shape ``(J,)``.
    probs
        g_j, shape ``(J,)``.
    tail
        G_j = Σ_{l ≥ j} g_l, shape ``(J,)``.
    slopes, masses
        θ_k − w and f_k of the states of positive mass, from high to low, shape ``(K,)``.
    shares, frontier
        Breakpoints of U and its values there, shape ``(K+1,)``.
    required
        d.
    servable
        The types that can be the lowest one served, shape ``(S,)``; empty if the plan is never
        launched.
    """

    problem: ManagerProblem
    slack: NDArray[Any]
    probs: NDArray[Any]
    tail: NDArray[Any]
    slopes: NDArray[Any]
    masses: NDArray[Any]
    shares: NDArray[Any]
    frontier: NDArray[Any]
    required: Any
    servable: Integers

    @property
    def peak(self) -> int:
        """Breakpoint with the highest frontier, the largest one: propose iff θ ≥ w."""
        return int(np.count_nonzero(self.slopes >= 0))

    def slack_below(self, s: int) -> Any:
        """Slack of the best type not served when s is the lowest one served, 0 if negative."""
        return max(0, self.slack[s - 1]) if s else 0

    def frontier_at(self, p: float) -> float:
        """U(p)."""
        return float(np.interp(p, self.shares, self.frontier))

    @cached_property
    def next_on_hull(self) -> Integers:
        """Upper hulls of the points (a_l, G_l a_l), l ≥ j, for every j at once: j's successor.

        The hull of the points from j on is j, ``next[j]``, ``next[next[j]]``, …; -1 ends it. Points
        after the highest one are left out.
        """
        a = self.slack.tolist()
        h = (self.tail * self.slack).tolist()
        successor = np.full(len(a), -1, dtype=np.int64)
        stack: list[int] = []
        for j in range(len(a) - 1, -1, -1):
            while stack:
                top = stack[-1]
                if len(stack) == 1:
                    if h[top] > h[j] and a[top] > a[j]:
                        break
                else:
                    after = stack[-2]
                    straight = (h[after] - h[j]) * (a[top] - a[j])
                    if (h[top] - h[j]) * (a[after] - a[j]) > straight:
                        break
                stack.pop()
            if stack:
                successor[j] = stack[-1]
            stack.append(j)
        return successor

    def hull(self, s: int) -> Integers:
        """Types on the upper hull of the points (a_j, G_j a_j), j ≥ s, up to the highest one."""
        found = [s]
        while (following := int(self.next_on_hull[found[-1]])) >= 0:
            found.append(following)
        return np.array(found)


@dataclass(frozen=True)
class Step:
    """From type ``first`` (in sorted order) on, the test is (p, u), until the next step."""

    first: int
    p: float
    u: float


@dataclass(frozen=True, eq=False)
class Chain(ReadOnly):
    """A menu as increasing steps: types below the first one are not served.

    Attributes
    ----------
    lowest
        The lowest served type s of the programme it solves.
    steps
        At most :data:`MAX_TESTS`, p and u increasing.
    """

    lowest: int
    steps: tuple[Step, ...]

    def value(self, data: MenuData) -> float:
        """Σ_j g_j u_j."""
        before, total = 0.0, 0.0
        for step in self.steps:
            total += float(data.tail[step.first]) * (step.u - before)
            before = step.u
        return total


def approximate_data(problem: ManagerProblem) -> MenuData:
    """Arrays of a problem on grids of a continuous difficulty, or of continuous types, in floats.

    Whether a type is optimistic is decided up to the rounding of a mean.
    """
    grid = problem.difficulty
    if not isinstance(grid, StateGrid) or problem.types is None or problem.type_probs is None:
        raise PriorError("difficulty", "and types must be finitely many here")
    order = problem.order
    w = problem.payment
    slack = (problem.types[order] - 1.0) * w
    probs = problem.type_probs[order]
    tail = np.minimum(np.cumsum(probs[::-1])[::-1], 1.0)
    possible = grid.masses[::-1] > 0
    slopes = grid.states[::-1][possible] - w
    masses = grid.masses[::-1][possible]
    shares = np.concatenate([[0.0], np.cumsum(masses)])
    shares[-1] = 1.0
    frontier = np.concatenate([[0.0], np.cumsum(masses * slopes)])
    required = float(frontier[-1])
    if required <= OPTIMISM_TOLERANCE * problem.mean:
        required = 0.0
    slack[np.abs(slack - required) <= OPTIMISM_TOLERANCE * problem.mean] = required
    if required > 0:
        servable = np.flatnonzero(problem.optimistic[order] & (slack > 0))
    else:
        servable = np.flatnonzero(slack > 0)[:1]
    return MenuData(
        problem=problem,
        slack=slack,
        probs=probs,
        tail=tail,
        slopes=slopes,
        masses=masses,
        shares=shares,
        frontier=frontier,
        required=required,
        servable=servable,
    )


def rational_menu_data(problem: ManagerProblem, numbers: ManagerNumbers | None = None) -> MenuData:
    """The arrays in exact rationals, without any tolerance.

    Parameters
    ----------
    problem
        The problem.
    numbers
        Its numbers; :attr:`ManagerProblem.rational_numbers` if left out.

    Raises
    ------
    PriorError, WorkerTypeError
        See :attr:`ManagerProblem.rational_numbers`.
    """
    numbers = numbers or problem.rational_numbers
    w = numbers.payment
    slack = (numbers.types - 1) * w
    possible = numbers.masses[::-1] > 0
    slopes = numbers.states[::-1][possible] - w
    masses = numbers.masses[::-1][possible]
    shares = np.concatenate([[Fraction(0)], np.cumsum(masses)])
    frontier = np.concatenate([[Fraction(0)], np.cumsum(masses * slopes)])
    required = max(Fraction(0), frontier[-1])
    optimistic, profitable = np.flatnonzero(slack >= required), np.flatnonzero(slack > 0)
    return MenuData(
        problem=problem,
        slack=slack,
        probs=numbers.type_probs,
        tail=np.cumsum(numbers.type_probs[::-1])[::-1],
        slopes=slopes,
        masses=masses,
        shares=shares,
        frontier=frontier,
        required=required,
        servable=optimistic if required > 0 else profitable[:1],
    )

"""Specs: menus of tests (Li and Xu) by number of worker types.

The baseline is this library's default, the ray programme in closed form. Against it run the reduced
and the full programme with neighbouring incentive constraints, built and solved by the same engine,
and the full programme as people write it in cvxpy. When E[θ] > w there is one programme for each
lowest served type; two contenders then solve ray programmes with HiGHS: all of them in turn, and
only the one of the type that turns out to be the best, told beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

import persuasion_lp as plp
from benchmarks.registry import Ask, Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.arrays import Floats
from persuasion_lp.errors import InfeasibleError
from persuasion_lp.families.menus.optimum import MenuFormulation
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.rays import build_rays
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.lp.highs import LPSolution, solve_lp

__all__ = ["SPECS", "Instance", "random_instance"]

STATES = 1000

FEASIBILITY_TOLERANCE = 1e-6
"""In payoffs, which are of order one: sums of what solvers leave at their default of 1e-7."""

MILLISECONDS = 1000.0
"""Wanted of 1000 types and 10 000 states when E[θ] ≤ w."""


@dataclass(frozen=True, eq=False)
class Instance:
    """A manager's problem in plain numbers, states and types increasing."""

    states: Floats
    masses: Floats
    payment: float
    types: Floats
    probs: Floats

    def pays(self, p: Floats, r: Floats) -> float:
        """What a menu pays when every type takes what he likes best, ties for the manager.

        Raises
        ------
        WorkNotDoneError
            If the manager is not trusted or a test is not feasible.
        """
        surplus = r - self.payment * p
        mean = float(self.masses @ self.states)
        offered = p > FEASIBILITY_TOLERANCE
        short = max(0.0, mean - self.payment) - surplus[offered]
        upto = np.concatenate([[0.0], np.cumsum(self.masses[::-1])])
        best = np.concatenate([[0.0], np.cumsum((self.masses * self.states)[::-1])])
        excess = r - np.interp(p, upto, best)
        missed = max(np.max(short, initial=0.0), np.max(excess, initial=0.0))
        if not missed <= FEASIBILITY_TOLERANCE:
            raise WorkNotDoneError(f"a test misses trust or feasibility by {missed:.3g}")
        p, r, surplus = (np.append(part, 0.0) for part in (p, r, surplus))
        utility = np.multiply.outer(self.types * self.payment, p) - r
        liked = utility >= utility.max(axis=1, keepdims=True) - FEASIBILITY_TOLERANCE
        return float(self.probs @ np.where(liked, surplus, -np.inf).max(axis=1))


def random_instance(types: int, states: int, payment: float, seed: int = 0) -> Instance:
    """Random states and types with E[θ] near 1/2: at most w for w = .55, above it for w = .4."""
    rng = np.random.default_rng([types, states, seed])
    masses = rng.dirichlet(np.full(states, 5.0))
    probs = rng.dirichlet(np.ones(types))
    return Instance(
        states=np.sort(rng.random(states)),
        masses=masses / math.fsum(masses),
        payment=payment,
        types=np.sort(rng.uniform(1.01, 0.99 / payment, types)),
        probs=probs / math.fsum(probs),
    )


def _problem(instance: Instance) -> plp.ManagerProblem:
    return plp.ManagerProblem(
        plp.StateGrid(instance.states, instance.masses),
        instance.payment,
        instance.types,
        instance.probs,
    )


def _library(name: str, formulation: MenuFormulation, largest: int | None = None) -> Contender:
    def build(instance: Instance) -> tuple[Instance, plp.ManagerProblem]:
        return instance, _problem(instance)

    def solve(given: tuple[Instance, plp.ManagerProblem]) -> tuple[Instance, plp.MenuResult]:
        return given[0], plp.solve(given[1], "menu", formulation=formulation)

    def decode(given: tuple[Instance, plp.MenuResult]) -> Outcome:
        instance, result = given
        p = np.array([test.p for test in result.tests])
        r = np.array([test.r for test in result.tests])
        if result.lp is None:
            raise WorkNotDoneError("nobody is served")
        columns, nonzeros = result.lp.shape[1], result.lp.nonzeros
        return Outcome(result.value, partial(instance.pays, p, r), columns, nonzeros)

    return Contender(name, build, solve, decode, largest=largest)


def _cvxpy_full(largest: int) -> Contender:
    """Every m_jk, neighbouring incentive constraints, one lowest served type: for E[θ] ≤ w."""

    def build(instance: Instance) -> Any:
        import cvxpy as cp

        x, w, theta = instance.types, instance.payment, instance.states
        m = cp.Variable((x.size, theta.size), nonneg=True)
        p, r = cp.sum(m, axis=1), m @ theta
        own = cp.multiply(x * w, p) - r
        constraints = [
            m <= np.tile(instance.masses, (x.size, 1)),
            own[0] >= 0,
            r >= w * p,
            own[1:] >= cp.multiply(x[1:] * w, p[:-1]) - r[:-1],
            own[:-1] >= cp.multiply(x[:-1] * w, p[1:]) - r[1:],
        ]
        return instance, p, r, cp.Problem(cp.Maximize(instance.probs @ (r - w * p)), constraints)

    def solve(model: Any) -> Any:
        import cvxpy as cp

        model[-1].solve(solver=cp.HIGHS)
        return model

    def decode(model: Any) -> Outcome:
        instance, p, r, problem = model
        if problem.status != "optimal":
            raise WorkNotDoneError(f"cvxpy ended with {problem.status}")
        return Outcome(
            float(problem.value), partial(instance.pays, np.array(p.value), np.array(r.value))
        )

    return Contender("cvxpy, full programme", build, solve, decode, largest=largest)


def _ray_programmes(which: Literal["all", "best"], largest: int | None = None) -> Contender:
    """Ray programmes by HiGHS: of every lowest served type, or of the best one, told beforehand."""

    def prepare(instance: Instance) -> tuple[Instance, int | None]:
        if which == "all":
            return instance, None
        return instance, plp.solve(_problem(instance), "menu").lowest

    def build(given: tuple[Instance, int | None]) -> tuple[Instance, MenuData, list[int]]:
        data = menu_data(_problem(given[0]))
        return given[0], data, data.servable.tolist() if given[1] is None else [given[1]]

    def solve(
        given: tuple[Instance, MenuData, list[int]],
    ) -> tuple[Instance, MenuData, int, LPSolution]:
        instance, data, lowest = given
        best: tuple[int, LPSolution] | None = None
        for s in lowest:
            try:
                solution = solve_lp(build_rays(data, s))
            except InfeasibleError:
                continue
            if best is None or solution.value > best[1].value:
                best = s, solution
        if best is None:
            raise WorkNotDoneError("no type can be served")
        return instance, data, *best

    def decode(given: tuple[Instance, MenuData, int, LPSolution]) -> Outcome:
        instance, data, s, solution = given
        mass = solution.values("beta").copy()
        height = mass * data.slack[s:]
        mass[0] += solution.values("alpha")[0]
        height[0] += solution.values("alpha")[0] * data.slack_below(s)
        p = np.cumsum(mass)
        r = np.cumsum(height) + instance.payment * p
        columns, nonzeros = solution.lp.shape[1], solution.lp.nonzeros
        return Outcome(solution.value, partial(instance.pays, p, r), columns, nonzeros)

    name = "every ray programme" if which == "all" else "one ray programme, type known"
    return Contender(name, build, solve, decode, prepare=prepare, largest=largest)


def _sized(states: int, payment: float) -> Callable[[int], Instance]:
    return lambda types: random_instance(types, states, payment)


SPECS = (
    Spec(
        "menus/one-programme",
        "types",
        (10, 30, 100, 300, 1000),
        _sized(STATES, 0.55),
        (
            _library("persuasion_lp", "rays"),
            _library("reduced programme", "reduced", largest=300),
            _library("full programme", "full", largest=100),
            _cvxpy_full(30),
        ),
    ),
    Spec(
        "menus/lowest-served-type",
        "types",
        (10, 30, 100, 300),
        _sized(STATES, 0.4),
        (
            _library("persuasion_lp", "rays"),
            _ray_programmes("best"),
            _ray_programmes("all", largest=100),
            _library("reduced programme", "reduced", largest=100),
        ),
    ),
    Spec(
        "menus/many-states",
        "types",
        (10, 100, 1000),
        _sized(10 * STATES, 0.55),
        (
            _library("persuasion_lp", "rays"),
            _library("reduced programme", "reduced", largest=100),
        ),
        asks=(
            Ask(
                "1000 types, 10 000 states",
                "persuasion_lp",
                lambda times: 1e3 * times["total"],
                "ms",
                at_most=MILLISECONDS,
            ),
        ),
    ),
)

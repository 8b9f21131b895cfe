"""Random manager's problems and assertion helpers shared by the tests of menus."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np

from persuasion_lp import ManagerProblem, MenuResult, StateGrid
from persuasion_lp.arrays import Floats
from persuasion_lp.errors import InfeasibleError
from persuasion_lp.families.menus.programmes.full import build_full
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.options import SolverOptions
from tests.support import assert_close

F = Fraction


def random_plan(rng: np.random.Generator, types: int = 6, states: int = 24) -> ManagerProblem:
    """A plan with E[θ] on either side of w, zero masses, near-twin types, a type at E[θ]/w."""
    count, size = int(rng.integers(1, types + 1)), int(rng.integers(1, states + 1))
    theta = rng.random(size)
    masses = rng.dirichlet(np.full(size, rng.choice([1.0, 5.0])))
    if size > 2 and rng.random() < 0.3:
        masses[rng.integers(size)] = 0.0
    masses /= masses.sum()
    payment = float(rng.uniform(0.1, 0.7))
    highest = min(0.999 / payment, 3.0)
    grid = StateGrid(theta, masses / masses.sum())
    x = rng.uniform(1.0, highest, count).tolist()
    if rng.random() < 0.3:
        x[0] = min(max(mean_as_written(grid) / F(repr(payment)), F(1)), F(highest))
    if count > 1 and rng.random() < 0.3:
        x[1] = min(float(x[0]) + 1e-8, highest)
    probs = rng.dirichlet(np.full(count, rng.choice([0.1, 1.0])))
    return ManagerProblem(grid, payment, x, probs / probs.sum())


def mean_as_written(grid: StateGrid) -> Fraction:
    """E[θ] without rounding."""
    states, unit, masses = grid.integers
    return F(sum(t * f for t, f in zip(states, masses, strict=True)), unit * sum(masses))


def simplex(weights: np.ndarray) -> list[Fraction]:
    """Positive integers as probabilities that sum to 1 exactly."""
    return [F(int(k), int(weights.sum())) for k in weights]


def rational_plan(rng: np.random.Generator, *, pessimistic: bool = False) -> ManagerProblem:
    """A plan in small fractions; with E[θ] > w if ``pessimistic``, so that trust binds."""
    states, types = int(rng.integers(1, 12)), int(rng.integers(1, 7))
    theta = [F(int(k), 24) for k in rng.integers(0, 25, states)]
    masses = simplex(rng.integers(1, 9, states))
    mean = sum((t * f for t, f in zip(theta, masses, strict=True)), F(0))
    payment = F(int(rng.integers(2, 15)), 20)
    if pessimistic and mean > 0:
        payment = min(mean * F(int(rng.integers(14, 20)), 20), F(9, 10))
    elif mean == 0:
        theta[0] = F(1, 2)
    x = [1 + F(int(k), 40) / payment for k in rng.integers(0, 40, types)]
    return ManagerProblem(
        StateGrid(theta, masses), payment, x, simplex(rng.integers(1, 30, types)), unrestricted=True
    )


def assert_menu_certified(result: MenuResult) -> None:
    """Fail unless the certificate holds and the tests are as in LX, Theorem 3."""
    assert result.certificate.ok, result.certificate.failures
    assert len(result.tests) <= 3
    assert [test.p for test in result.tests] == sorted(test.p for test in result.tests)
    if result.tests:
        assert result.tests[-1].kind == "threshold"
    assert_close(float(result.manager_payoffs @ _probs(result.problem)), result.value)


def best_over_served_sets(plan: ManagerProblem) -> float:
    """The optimum over every *set* of served types, all incentive constraints written out.

    A type outside the set has p = r = 0. Exponential in the number of types.
    """
    data = menu_data(plan)
    best = 0.0
    for size in range(1, data.slack.size + 1):
        for chosen in itertools.combinations(range(data.slack.size), size):
            best = max(best, _served_set(data.slack, data.probs, chosen, plan))
    return best


def _served_set(
    slack: Floats, probs: Floats, chosen: tuple[int, ...], plan: ManagerProblem
) -> float:
    from scipy.optimize import linprog

    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    gain = grid.states - plan.payment
    served, states = len(chosen), grid.size
    required = max(0.0, float(grid.masses @ gain))
    rows, rhs = [], []

    def utility(own: float, place: int) -> Floats:
        row = np.zeros(served * states)
        row[place * states : (place + 1) * states] = own - gain
        return row

    for j in range(slack.size):
        for place in range(served):
            mine = utility(slack[j], chosen.index(j)) if j in chosen else 0.0
            rows.append(utility(slack[j], place) - mine)
            rhs.append(0.0)
    for place, j in enumerate(chosen):
        rows.append(-utility(slack[j], place))
        rhs.append(0.0)
        trust = np.zeros(served * states)
        trust[place * states : (place + 1) * states] = -gain
        rows.append(trust)
        rhs.append(-required)
    found = linprog(
        -np.concatenate([probs[j] * gain for j in chosen]),
        A_ub=np.array(rows),
        b_ub=np.array(rhs),
        bounds=[(0.0, mass) for mass in np.tile(grid.masses, served)],
    )
    return float(-found.fun) if found.status == 0 and found.fun is not None else 0.0


def _probs(plan: ManagerProblem) -> Floats:
    assert plan.type_probs is not None
    return plan.type_probs


def all_pairs_value(plan: ManagerProblem) -> float:
    """Value of the full programme with all pairs of types, over every lowest served type."""
    data = menu_data(plan)
    best = 0.0
    for s in data.servable.tolist():
        try:
            options = SolverOptions(tolerance=1e-10)
            best = max(best, solve_lp(build_full(data, s, "all"), options).value)
        except InfeasibleError:
            continue
    return best

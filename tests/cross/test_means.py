"""Posterior-mean persuasion by two programmes, by solvers and by random search."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import BeliefFunction, ManagerProblem, PosteriorMeanGame, StateGrid, solve
from tests.menu_support import random_plan
from tests.support import assert_close, assert_priced


@pytest.mark.parametrize("seed", range(25))
def test_transport_is_majorization(seed: int) -> None:
    plan = random_plan(np.random.default_rng([seed, 23]))
    one, other = (
        solve(plan, "commitment", formulation=name) for name in ("majorization", "transport")
    )
    assert_priced(one)
    assert_priced(other)
    assert_close(one.value, other.value, tolerance=1e-9)


@pytest.mark.parametrize("seed", range(25))
def test_commitment_is_worth_at_least_a_single_test(seed: int) -> None:
    plan = random_plan(np.random.default_rng([seed, 29]))
    assert solve(plan, "single_test").value <= solve(plan, "commitment").value + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_no_random_partition_does_better(seed: int) -> None:
    rng = np.random.default_rng([seed, 31])
    states = np.sort(rng.random(6))
    masses = rng.dirichlet(np.ones(6))
    grid = StateGrid(states, masses / masses.sum())
    weights = rng.normal(size=4)

    def payoff(m: np.ndarray) -> np.ndarray:
        return np.asarray(sum(w * np.sin((k + 1) * 3 * m) for k, w in enumerate(weights)))

    steepest = float(sum(abs(w) * (k + 1) * 3 for k, w in enumerate(weights)))
    assumed = BeliefFunction(payoff, lipschitz=steepest)
    best = solve(PosteriorMeanGame(grid, assumed), "simultaneous")
    assert best.upper is not None
    assert best.certificate.width is not None
    assert best.certificate.width <= 1e-8
    assert best.upper - best.lower <= steepest / 2**18
    for _ in range(300):
        signals = rng.dirichlet(np.full(4, 0.3), size=6) * grid.masses[:, None]
        mass = signals.sum(axis=0)
        mass, moment = mass[mass > 1e-12], (signals.T @ grid.states)[mass > 1e-12]
        assert float(mass @ payoff(moment / mass)) <= best.upper + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_clarabel_agrees(seed: int) -> None:
    plan: ManagerProblem = random_plan(np.random.default_rng([seed, 37]), states=12)
    result = solve(plan, "commitment")
    model = result.lp.to_cvxpy()
    model.problem.solve(solver="CLARABEL")
    assert_close(float(model.problem.value), result.value, tolerance=1e-6)

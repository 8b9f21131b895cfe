"""The belief route against the recommendation programme, and both formulations of it."""

from functools import partial
from itertools import permutations
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import BeliefFunction, BeliefGame, PersuasionGame, Receiver, SimplexGrid
from persuasion_lp.arrays import Floats
from persuasion_lp.families.beliefs.discretization import discretized_below
from persuasion_lp.families.beliefs.programme import belief_programme
from persuasion_lp.families.beliefs.recursion import agendas
from tests.support import any_solve

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")
AGREE = 1e-8
"""Both values are proved to 1e-9 of their scale, which is at most 10 here."""


def threshold_instance(seed: int) -> tuple[BeliefGame, PersuasionGame]:
    """Random receivers about one state, some of them about its opposite."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    x = float(rng.uniform(0.05, 0.95))
    beliefs, recommended = [], []
    for _ in range(n):
        steps = int(rng.integers(1, 4))
        cutoffs = np.sort(rng.choice(np.arange(1, 20), steps, replace=False)) / 20
        payoffs = rng.random((steps + 1, 2)) if rng.random() < 0.3 else rng.random(steps + 1)
        about = [1, 0] if rng.random() < 0.3 else [0, 1]
        beliefs.append(Receiver(cutoffs, payoffs, about=about))
        recommended.append(Receiver(cutoffs, payoffs, about=about))
    return BeliefGame(x, beliefs), PersuasionGame([1 - x, x], recommended)


@pytest.mark.parametrize("block", range(4))
def test_two_hundred_threshold_instances(block: int) -> None:
    for seed in range(50 * block, 50 * block + 50):
        belief_game, game = threshold_instance(seed)
        for procedure in ("simultaneous", "sequential", "first_best"):
            by_beliefs = plp.solve(belief_game, procedure).value
            by_recommendations = plp.solve(game, procedure).value
            assert by_beliefs == pytest.approx(by_recommendations, abs=AGREE), (seed, procedure)


@pytest.mark.parametrize("seed", range(12))
def test_all_procedures_and_orders(seed: int) -> None:
    belief_game, game = threshold_instance(seed)
    for procedure in PROCEDURES:
        values = [
            any_solve(belief_game, procedure).value,
            any_solve(belief_game, procedure, formulation="lp").value,
            any_solve(game, procedure).value,
        ]
        assert np.ptp(values) <= AGREE, procedure
    for order in permutations(range(game.n)):
        one = plp.solve(belief_game, "sequential", order=order).value
        two = plp.solve(game, "sequential", order=order).value
        assert one == pytest.approx(two, abs=AGREE)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_three_states_both_formulations(procedure: Any) -> None:
    rng = np.random.default_rng(17)
    for _ in range(3):
        receivers = [Receiver.from_utility(rng.normal(size=(2, 3)), rng.random(2)) for _ in "ab"]
        game = BeliefGame(rng.dirichlet(np.ones(3)), receivers, grid=SimplexGrid(3, 6))
        hull, program = (plp.solve(game, procedure, formulation=f) for f in ("envelopes", "lp"))
        assert hull.value == pytest.approx(program.value, abs=AGREE)
        if procedure == "first_best":
            recommended = plp.solve(PersuasionGame(game.prior, receivers), procedure).value
            assert hull.value == pytest.approx(recommended, abs=AGREE)


def test_three_states_bracket_the_recommendation_programme() -> None:
    rng = np.random.default_rng(23)
    for _ in range(4):
        receivers = [Receiver.from_utility(rng.normal(size=(2, 3)), rng.random(2)) for _ in "ab"]
        prior = rng.dirichlet(np.ones(3))
        for procedure in PROCEDURES:
            result = any_solve(BeliefGame(prior, receivers, grid=12), procedure)
            exact = any_solve(PersuasionGame(prior, receivers), procedure).value
            assert result.upper is not None
            assert result.lower - AGREE <= exact <= result.upper + AGREE, procedure


@pytest.mark.parametrize("states", [3, 4])
def test_lipschitz_brackets_on_simplices_hold(states: int) -> None:
    """The distance to a belief, as steep as its Lipschitz constant allows."""
    rng = np.random.default_rng(states)
    for _ in range(3):
        peaks = rng.dirichlet(np.ones(states), size=2)

        def cone(mu: Floats, peak: Floats) -> Floats:
            return np.asarray(1 - 3 * np.abs(mu - peak).sum(axis=1) / 2)

        payoffs = [BeliefFunction(partial(cone, peak=peak), lipschitz=3) for peak in peaks]
        prior = rng.dirichlet(np.ones(states))
        at_peak = BeliefGame(peaks[0], payoffs[:1], grid=4)
        result = plp.solve(at_peak, "simultaneous")
        assert result.value == pytest.approx(1, abs=1e-12)  # the prior is on the grid
        off = plp.solve(BeliefGame(prior, payoffs, grid=3), "sequential", order=(0, 1))
        finer = plp.solve(BeliefGame(prior, payoffs, grid=12), "sequential", order=(0, 1))
        assert off.upper is not None
        assert finer.upper is not None
        assert finer.lower <= off.upper
        assert finer.upper - finer.lower < off.upper - off.lower


def test_smooth_payoffs_on_a_grid_by_both_formulations() -> None:
    def wave(x: Floats) -> Floats:
        return np.sin(6 * x)

    game = BeliefGame(0.4, [wave, Receiver.threshold(0.7)], grid=30)
    for procedure in PROCEDURES:
        hull, program = (any_solve(game, procedure, formulation=f) for f in ("envelopes", "lp"))
        assert hull.value == pytest.approx(program.value, abs=AGREE)


def test_the_programme_of_the_recursion_by_another_solver() -> None:
    game = BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.6, about=[1, 0])])
    nodes = discretized_below(game, None)
    plan = agendas("sequential", 2, (0, 1))
    lp = belief_programme("sequential", plan, nodes, memory_limit=2**30).lp
    model = lp.to_cvxpy()
    model.problem.solve(solver="CLARABEL")
    value = plp.solve(game, "sequential", order=(0, 1)).value
    assert model.problem.value == pytest.approx(value, abs=1e-6)

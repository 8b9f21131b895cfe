"""Games on one common belief in rationals: by hand, against recommendations, refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefFunction,
    BeliefGame,
    PersuasionGame,
    PiecewiseLinear,
    Receiver,
    errors,
    priors,
    solve,
)
from persuasion_lp.families.beliefs.discretization import rational_nodes
from persuasion_lp.families.beliefs.programme import rational_belief_programme
from persuasion_lp.families.beliefs.recursion import agendas
from persuasion_lp.primitives.step_functions import rational_step_function, step_function
from tests.support import any_solve

F = Fraction

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")


def test_the_programme_of_one_receiver_by_hand() -> None:
    """A step at 1/3 and prior 1/4: columns for the beliefs 0, 1/4, 1/3, 1."""
    game = BeliefGame("1/4", [Receiver.threshold("1/3")])
    nodes = rational_nodes(game)
    assert nodes.x.tolist() == [0, F(1, 4), F(1, 3), 1]
    assert nodes.payoffs.tolist() == [[0, 0, 1, 1]]
    assert nodes.prior == 1
    program, twin = rational_belief_programme(agendas("simultaneous", 1), nodes, memory_limit=2**20)
    moves = [F(-1, 4), F(0), F(1, 12), F(3, 4)]
    assert [column.get(0) for column in program.entries] == [1, 1, 1, 1]
    assert [column.get(1, 0) for column in program.entries] == moves
    assert list(program.rhs) == [1, 0]
    np.testing.assert_allclose(twin.matrix.toarray(), np.array([[F(1)] * 4, moves], dtype=float))
    answer = solve(game, "simultaneous", exact=True)
    assert answer.value == F(3, 4)
    assert answer.values("moves[0|0]").tolist() == [[F(1, 4), 0, F(3, 4), 0]]
    assert answer.certificate.verify().ok


@pytest.mark.parametrize(
    "receiver",
    [
        Receiver(["1/3", "2/3"], [["1/7", 0], [F(1, 2), 1], [0, 2]]),
        Receiver.from_utility([["1/3", 0], [0, "1/5"]], ["-1/9", 1]),
        Receiver.accepting([(["1/3", "2/3"], F(1, 2)), ([0, 1], "3/7")]),
        Receiver.from_utility([[1, 0], ["2/3", "2/3"], [0, 1]], [[0, 1], [5, 4], [1, "1/3"]]),
    ],
)
@pytest.mark.parametrize("own", [[0, 1], [1, 0], [1, 1]])
def test_step_functions_in_fractions_are_those_in_floats(
    receiver: Receiver, own: list[int]
) -> None:
    exact = rational_step_function(receiver, np.array(own))
    floats = step_function(receiver, np.array(own))
    points = np.array([F(k, 84) for k in range(85)], dtype=object)
    for one, other in zip(exact.sides(points), floats.sides(points.astype(float)), strict=True):
        assert all(isinstance(value, Fraction) for value in one)
        np.testing.assert_allclose(one.astype(float), other, atol=1e-12)


def random_payoffs(rng: np.random.Generator, n: int) -> list[Receiver | PiecewiseLinear]:
    payoffs: list[Receiver | PiecewiseLinear] = []
    for _ in range(n):
        actions = int(rng.integers(2, 4))
        cutoffs = sorted({F(int(k), 12) for k in rng.choice(range(1, 12), actions - 1, False)})
        values = [F(int(k), 6) for k in rng.integers(-6, 13, len(cutoffs) + 1)]
        steps = PiecewiseLinear.steps(cutoffs, values)
        payoffs.append(steps if rng.random() < 0.4 else Receiver(cutoffs, values))
    return payoffs


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_exact_values_are_those_in_floats(seed: int, procedure: Any) -> None:
    rng = np.random.default_rng(seed)
    game = BeliefGame(F(int(rng.integers(0, 13)), 12), random_payoffs(rng, int(rng.integers(1, 4))))
    result = solve(game, procedure)
    answer = result.exact()
    assert float(answer.value) == pytest.approx(result.value, abs=1e-9)
    assert answer.certificate.verify().ok


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_beliefs_and_recommendations_are_one_game(seed: int, procedure: Any) -> None:
    """Perfectly correlated states: the programme over recommendations has the same value."""
    rng = np.random.default_rng(100 + seed)
    receivers = [r for r in random_payoffs(rng, 6) if isinstance(r, Receiver)][:2]
    x = F(int(rng.integers(1, 12)), 12)
    prior = priors.perfectly_correlated(x, len(receivers))
    recommended = solve(PersuasionGame(prior, receivers), procedure, exact=True)
    assert solve(BeliefGame(x, receivers), procedure, exact=True).value == recommended.value


@pytest.mark.parametrize("seed", range(8))
def test_the_best_order_is_the_best_of_all_orders(seed: int) -> None:
    rng = np.random.default_rng(seed)
    payoffs = random_payoffs(rng, 3)
    if seed % 2:
        payoffs[2] = payoffs[0]
    game = BeliefGame(F(5, 12), payoffs)
    answer = solve(game, "sequential", exact=True)
    every = {
        order: solve(game, "sequential", order=order, exact=True).value
        for order in permutations(range(3))
    }
    assert answer.value == max(every.values())
    assert answer.order is not None
    assert every[answer.order] == answer.value
    assert answer.certificate.verify().ok


def test_example_2_on_beliefs_exactly() -> None:
    game = BeliefGame("1/2", [Receiver.threshold("3/5"), Receiver.threshold("4/5")])
    values = [any_solve(game, procedure, exact=True).value for procedure in PROCEDURES]
    assert values == [F(5, 4), F(35, 24), F(35, 24), F(35, 24), F(35, 24)]
    best, given = solve(game, "sequential"), solve(game, "sequential", order=(1, 0))
    assert best.searched
    assert not given.searched
    assert given.exact().value == F(5, 4)
    alternatives = best.exact().certificate.about["alternatives"]
    assert alternatives[0] == "order 0,1"
    assert "order 1,0" in alternatives


def test_what_is_not_exact_is_refused_by_name() -> None:
    wave = BeliefFunction(lambda x: x * (1 - x), lipschitz=1.0)
    smooth = BeliefGame(0.5, [Receiver.threshold(0.8), wave], grid=10)
    with pytest.raises(errors.PayoffError, match=r"payoffs\[1\] must be piecewise linear"):
        solve(smooth, "simultaneous", exact=True)
    many = BeliefGame([0.5, 0.3, 0.2], [Receiver.threshold(0.6, about=[0, 1, 1])], grid=10)
    with pytest.raises(errors.PriorError, match="over two states"):
        solve(many, "simultaneous", exact=True)
    rounded = BeliefGame([1 / 3, 2 / 3], [Receiver.threshold(0.8)])
    with pytest.raises(errors.PriorError, match="exactly"):
        solve(rounded, "simultaneous", exact=True)
    assert solve(BeliefGame(["1/3", "2/3"], [Receiver.threshold(0.8)]), "simultaneous", exact=True)

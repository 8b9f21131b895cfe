"""The search for the best order: exact against enumeration, its bounds, its dominance."""

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import BeliefGame, Receiver
from persuasion_lp.arrays import Floats
from persuasion_lp.errors import LimitError
from persuasion_lp.families.beliefs import order_search
from persuasion_lp.families.beliefs.discretization import Nodes, discretized_below
from persuasion_lp.families.beliefs.order_search import (
    block_bounds,
    search_orders,
    undominated,
    values_of_orders,
)


def random_game(n: int, seed: int, *, rising: bool = False, steps: int = 3) -> BeliefGame:
    rng = np.random.default_rng(seed)
    payoffs = [rng.random(steps + 1) for _ in range(n)]
    return BeliefGame(
        float(rng.uniform(0.2, 0.8)),
        [Receiver(np.sort(rng.random(steps)), np.cumsum(p) if rising else p) for p in payoffs],
    )


def enumerated(nodes: Nodes) -> Floats:
    n = len(nodes.payoffs)
    return values_of_orders(nodes, np.array(list(permutations(range(n)))))


def assert_best_order(nodes: Nodes, order: tuple[int, ...], value: float, upper: float) -> None:
    """The order attains the value, no order exceeds it, and the bound says so."""
    values = enumerated(nodes)
    attained = values_of_orders(nodes, np.array([order]))[0]
    assert attained == pytest.approx(value, abs=1e-12)
    assert value == pytest.approx(values.max(), abs=1e-9)
    assert values.max() - 1e-12 <= upper <= value + 1e-9


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("rising", [True, False])
def test_the_best_order_is_found_and_proved(n: int, rising: bool) -> None:
    for seed in range(6):
        nodes = discretized_below(random_game(n, seed, rising=rising), None)
        found = search_orders(nodes)
        assert_best_order(nodes, found.order, found.value, found.upper)


def test_the_check_of_best_orders_can_fail() -> None:
    nodes = discretized_below(random_game(4, 2), None)
    found = search_orders(nodes)
    worst = tuple(list(permutations(range(4)))[int(np.argmin(enumerated(nodes)))])
    for order, value, upper in (
        (worst, found.value, found.upper),
        (found.order, found.value + 0.01, found.upper + 0.01),
        (found.order, found.value, found.value - 0.01),
        (found.order, found.value, found.upper + 0.01),
    ):
        with pytest.raises(AssertionError):
            assert_best_order(nodes, order, value, upper)


def test_block_bounds_bound_every_group_and_tighten_first_best() -> None:
    nodes = discretized_below(random_game(5, 11), None)
    bounds = block_bounds(nodes)
    alone = bounds[[1 << i for i in range(5)]]
    for mask in range(1, 32):
        group = [i for i in range(5) if mask >> i & 1]
        part = Nodes(nodes.beliefs, nodes.payoffs[group], nodes.prior)
        assert enumerated(part).max() <= bounds[mask] + 1e-12
        assert bounds[mask] <= alone[group].sum() + 1e-12


def test_dominated_functions_are_dropped_and_only_those() -> None:
    tables = np.array([[0.0, 1, 0], [1.0, 1, 1], [1.0, 1, 1], [0.0, 3, 0], [0.0, 0.5, 0.9]])
    assert sorted(undominated(tables, 0.0).tolist()) == [1, 3]


def test_the_bound_holds_whenever_the_search_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    level = order_search._next_level
    for seed, rising in [(100, False), (101, False), (31, True), (106, False)]:
        nodes = discretized_below(random_game(6, seed, rising=rising), None)
        best = enumerated(nodes).max()
        for levels in range(6):
            left = iter(range(levels))

            def cut_short(*given: Any, left: Any = left) -> Any:
                if next(left, None) is None:
                    raise LimitError("time", best_bound=math.inf, best_value=-math.inf)
                return level(*given)

            monkeypatch.setattr(order_search, "_next_level", cut_short)
            cut = search_orders(nodes)
            assert cut.value <= best + 1e-12
            assert cut.upper >= best - 1e-12
        monkeypatch.undo()
        loose = search_orders(nodes, tolerance=math.inf)
        assert loose.envelopes == 0
        assert loose.upper >= best - 1e-12


@pytest.mark.parametrize(("seed", "rising"), [(31, True), (78, True), (106, False), (134, False)])
def test_searches_whose_first_order_is_not_the_best(seed: int, rising: bool) -> None:
    """Where exchanging two receivers does not lead to the optimum, the search does."""
    nodes = discretized_below(random_game(6, seed, rising=rising), None)
    best = enumerated(nodes).max()
    cut = search_orders(nodes, tolerance=math.inf)
    assert cut.value < best - 1e-6
    found = search_orders(nodes)
    assert_best_order(nodes, found.order, found.value, found.upper)
    for tolerance in np.geomspace(1e-5, 1, 12):
        part = search_orders(nodes, tolerance=float(tolerance))
        assert part.upper >= best - 1e-12
        assert part.upper - part.value <= tolerance


def test_identical_receivers() -> None:
    game = BeliefGame(0.5, [Receiver([0.3, 0.7], [0, 1, 3])] * 5)
    nodes = discretized_below(game, None)
    found = search_orders(nodes)
    assert_best_order(nodes, found.order, found.value, found.upper)


def test_orders_on_a_simplex() -> None:
    rng = np.random.default_rng(4)
    receivers = [Receiver.from_utility(rng.normal(size=(3, 3)), rng.random(3)) for _ in range(3)]
    game = BeliefGame([0.4, 0.35, 0.25], receivers, grid=10)
    result = plp.solve(game, "sequential")
    values = [plp.solve(game, "sequential", order=o).value for o in permutations(range(3))]
    assert result.value == pytest.approx(max(values), abs=1e-9)


@pytest.mark.nightly
@pytest.mark.parametrize(("n", "seconds"), [(10, 5.0), (12, 60.0)])
def test_many_receivers(n: int, seconds: float) -> None:
    for seed in range(3):
        result = plp.solve(random_game(n, seed), "sequential")
        assert result.certificate.ok
        assert sum(result.times.values()) < seconds


@pytest.mark.parametrize("seed", range(20))
def test_the_exchange_of_receivers_ends_when_values_are_negative(seed: int) -> None:
    """Tied orders whose values differ by rounding alone must not be exchanged for ever."""
    rng = np.random.default_rng(seed)
    payoffs = -rng.integers(1, 4, (4, 2)) / 3
    game = BeliefGame(
        0.45, [Receiver.threshold(0.1 + 0.2 * (i % 2), p) for i, p in enumerate(payoffs)]
    )
    nodes = discretized_below(game, None)
    found = search_orders(nodes)
    assert_best_order(nodes, found.order, found.value, found.upper)

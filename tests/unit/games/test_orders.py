"""Orders of receivers: the best of all, ties, symmetric receivers, a fixed first one."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, priors, solve
from tests.support import assert_close

T = Receiver.threshold
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)
EXAMPLE_2 = PersuasionGame(priors.perfectly_correlated(0.5, 2), [T(0.6), T(0.8)])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_best_order_is_the_best_of_all_orders(n: int) -> None:
    import itertools

    rng = np.random.default_rng(n)
    for _ in range(4):
        prior = rng.dirichlet(np.full(2**n, 0.2)).reshape((2,) * n)
        game = PersuasionGame(prior, [Receiver([0.4, 0.7], rng.normal(size=3)) for _ in range(n)])
        every = {
            order: solve(game, "sequential", order=order).value
            for order in itertools.permutations(range(n))
        }
        best = solve(game, "sequential")
        assert_close(best.value, max(every.values()))
        assert best.order is not None
        assert_close(every[best.order], max(every.values()))


def test_equal_receivers_are_tried_once() -> None:
    game = PersuasionGame([0.5, 0.5], [T(0.7)] * 5)
    result = solve(game, "sequential")
    assert result.order == (0, 1, 2, 3, 4)
    assert result.programmes == 4


def test_ties_go_to_the_first_order() -> None:
    assert solve(EXAMPLE_1, "sequential").order == (0, 1)
    swapped = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8), T(0.8, about=1)])
    assert solve(swapped, "sequential").order == (0, 1)


def test_the_intermediate_procedure_fixes_the_first_receiver() -> None:
    assert solve(EXAMPLE_2, "intermediate").order == (0,)
    flipped = PersuasionGame(EXAMPLE_2.prior, EXAMPLE_2.receivers[::-1])
    assert solve(flipped, "intermediate").order == (1,)

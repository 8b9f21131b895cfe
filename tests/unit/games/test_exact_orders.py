"""The best order of receivers in rationals: one proof over all orders, and symmetric receivers."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, catalog, errors, priors, solve
from persuasion_lp.core import exact_orders
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.lp.certificate_file import verify
from tests.support import rational_game

F = Fraction


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("n", [2, 3])
def test_the_best_order_exactly_is_the_best_of_all_orders(seed: int, n: int) -> None:
    game = rational_game(seed, n, alike=seed % 3 == 0)
    answer = solve(game, "sequential", exact=True)
    every = {
        order: solve(game, "sequential", order=order, exact=True).value
        for order in permutations(range(n))
    }
    assert answer.value == max(every.values())
    assert answer.order is not None
    assert every[answer.order] == answer.value
    assert answer.certificate.verify().ok
    assert answer.certificate.verify().value == answer.value


@pytest.mark.parametrize("seed", range(6))
def test_the_best_first_receiver_exactly(seed: int) -> None:
    game = rational_game(seed, 3)
    answer = solve(game, "intermediate", exact=True)
    lowest, highest = (solve(game, p, exact=True).value for p in ("sequential", "flexible"))
    assert lowest <= answer.value <= highest
    assert answer.certificate.verify().ok


@pytest.mark.parametrize("dearer", [0, 1])
def test_an_order_that_is_better_by_less_than_rounding_is_found(dearer: int) -> None:
    """Two judges of Example 1, one of whom is worth 10⁻¹⁸ more: floats cannot tell the orders."""
    worth = [F(1), F(1)]
    worth[dearer] += F(1, 10**18)
    receivers = [Receiver(["4/5"], [0, x]) for x in worth]
    game = PersuasionGame([[0, "1/2"], ["1/2", 0]], receivers)
    result = solve(game, "sequential")
    assert result.order == (0, 1)
    values = [solve(game, "sequential", order=o, exact=True).value for o in ((0, 1), (1, 0))]
    assert values[0] != values[1]
    answer = result.exact()
    assert answer.value == max(values)
    assert answer.order == ((0, 1) if values[0] > values[1] else (1, 0))


def test_the_proof_covers_both_orders_and_falls_with_one_number() -> None:
    answer = solve(catalog.get("kks-example-2").problem(), "sequential", exact=True)
    document = json.loads(answer.certificate.to_json())
    assert document["about"]["alternatives"] == ["order 0,1", "order 1,0"]
    names = [name for name, _ in document["columns"]]
    assert {"order 0,1: pi[0]", "order 1,0: weight", "order 1,0: pi[1]"} <= set(names)
    document["dual"][0] = "1"
    assert not verify(json.dumps(document)).ok


def test_a_given_order_is_not_searched() -> None:
    game = catalog.get("kks-example-2").problem()
    given = solve(game, "sequential", order=(1, 0))
    assert not given.searched
    assert given.exact().value == F(5, 4)
    best = solve(game, "sequential")
    assert best.searched
    assert best.exact().value == F(35, 24)
    assert best.exact().values("pi[0]").sum() == 1


def test_too_many_rows_of_all_orders_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_orders, "EXACT_ORDER_ROWS", 20)
    with pytest.raises(errors.ExactSizeError, match=r"at most 20 rows.*proof over all orders has"):
        solve(rational_game(1, 3), "sequential", exact=True)


def test_exchangeable_receivers_need_one_order() -> None:
    """Three judges whose states are exchangeable: one order of six is solved."""
    ninth = priors.from_table({"HHH": "2/5", "HLL": "1/5", "LHL": "1/5", "LLH": "1/5"})
    game = PersuasionGame(ninth, [Receiver.threshold("9/10")] * 3)
    result = solve(game, "sequential")
    assert result.programmes == 2
    answer = result.exact()
    assert answer.value == F(161, 81)


def twins(game: PersuasionGame) -> list[set[int]]:
    return list(interchangeable_receivers(game, game.numbers))


def test_who_is_interchangeable() -> None:
    symmetric = [[0.1, 0.3], [0.3, 0.3]]
    skew = [[0.1, 0.2], [0.4, 0.3]]
    same = [Receiver.threshold(0.7)] * 2
    assert twins(PersuasionGame(symmetric, same)) == [set(), {0}]
    assert twins(PersuasionGame(skew, same)) == [set(), set()]
    other = [Receiver.threshold(0.7), Receiver.threshold(0.6)]
    assert twins(PersuasionGame(symmetric, other)) == [set(), set()]
    dearer = [Receiver.threshold(0.7), Receiver([0.7], [0, 2])]
    assert twins(PersuasionGame(symmetric, dearer)) == [set(), set()]
    about_one = [Receiver.threshold(0.7, about=0)] * 2
    assert twins(PersuasionGame(skew, about_one)) == [set(), {0}]
    third = [*(Receiver.threshold(0.7, about=i) for i in (0, 1)), Receiver.threshold(0.5, about=0)]
    assert twins(PersuasionGame(symmetric, third)) == [set(), set(), set()]


def test_who_is_interchangeable_under_a_payoff_over_profiles() -> None:
    symmetric, same = [[0.1, 0.3], [0.3, 0.3]], [Receiver.threshold(0.7)] * 2
    either, first = [[0, 1], [1, 1]], [[0, 0], [1, 1]]
    assert twins(PersuasionGame(symmetric, same, payoff=either)) == [set(), {0}]
    assert twins(PersuasionGame(symmetric, same, payoff=first)) == [set(), set()]
    by_state = np.zeros((2, 2, 2, 2))
    by_state[1, 0, 1, 0] = by_state[0, 1, 0, 1] = 1.0
    assert twins(PersuasionGame(symmetric, same, payoff=by_state)) == [set(), {0}]
    by_state[0, 1, 0, 1] = 2.0
    assert twins(PersuasionGame(symmetric, same, payoff=by_state)) == [set(), set()]


@pytest.mark.parametrize("seed", range(8))
def test_leaving_out_interchangeable_receivers_loses_nothing(seed: int) -> None:
    """A symmetrized prior and one cutoff: the best of all orders, in rationals."""
    game = rational_game(seed, 3)
    prior = np.reshape(game.rational_numbers.prior, (2, 2, 2))
    mean = sum(prior.transpose(p) for p in permutations(range(3))) / 6
    symmetric = PersuasionGame(mean, [Receiver.threshold("7/10")] * 3)
    assert twins(symmetric) == [set(), {0}, {0, 1}]
    values = {
        solve(symmetric, "sequential", order=order, exact=True).value
        for order in permutations(range(3))
    }
    assert values == {solve(symmetric, "sequential", exact=True).value}

"""Counts = the game with every receiver by himself, in floats and in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp import ExchangeableGame, Receiver, solve
from persuasion_lp.errors import PriorError
from tests.support import assert_certified

SEEDS = 60


def drawn(rng: np.random.Generator, most: int) -> ExchangeableGame:
    """One or two groups of ``most`` receivers together at most, in small fractions."""
    sizes = [int(rng.integers(1, most))]
    if rng.random() < 0.6 and sizes[0] < most:
        sizes.append(int(rng.integers(1, most + 1 - sizes[0])))
    weights = rng.integers(0, 6, [size + 1 for size in sizes])
    weights.flat[0] += not weights.any()
    prior = np.array([Fraction(int(w), int(weights.sum())) for w in weights.flat], dtype=object)
    members = [
        Receiver.threshold(
            Fraction(int(rng.integers(1, 20)), 20), [0, Fraction(int(rng.integers(1, 5)), 2)]
        )
        for _ in sizes
    ]
    payoff = None
    if rng.random() < 0.4:
        steps = rng.integers(0, 3, weights.shape)
        payoff = steps
        for axis in range(weights.ndim):
            payoff = np.cumsum(payoff, axis=axis)
    return ExchangeableGame(prior.reshape(weights.shape), members, payoff)


def assert_counts_are_the_game(seeds: range, most: int) -> None:
    for seed in seeds:
        game = drawn(np.random.default_rng([seed, most]), most)
        found = solve(game, "simultaneous")
        assert_certified(found)
        whole = game.expanded()
        assert abs(found.value - solve(whole, "simultaneous").value) <= 1e-9 * whole.at_stake
        assert found.no_information == pytest.approx(whole.payoff_without_information(), abs=1e-12)
        assert found.full_information == pytest.approx(
            whole.payoff_with_full_information(), abs=1e-12
        )
        blocks = solve(game, "simultaneous", formulation="blocks")
        assert abs(found.value - blocks.value) <= 1e-9 * whole.at_stake


def test_counts_are_the_game() -> None:
    assert_counts_are_the_game(range(SEEDS // 3), 5)


@pytest.mark.nightly
def test_counts_are_the_game_at_length() -> None:
    assert_counts_are_the_game(range(SEEDS), 6)


def test_counts_are_the_game_in_fractions() -> None:
    for seed in range(12):
        game = drawn(np.random.default_rng([seed, 0]), 3)
        exact = solve(game, "simultaneous", exact=True)
        whole = solve(game.expanded(), "simultaneous", exact=True)
        assert exact.value == whole.value
        assert solve(game, "simultaneous").exact().value == exact.value


def test_everybody_alike_is_one_receiver() -> None:
    """All states equal: kamenica and gentzkow's prosecutor, as often as there are judges."""
    prior = np.zeros(41)
    prior[[0, 40]] = [0.7, 0.3]
    crowd = ExchangeableGame(prior, Receiver.threshold(0.5))
    result = solve(crowd, "simultaneous")
    assert result.value == pytest.approx(40 * 0.6, abs=1e-9)
    assert result.profiles[(40,)] == pytest.approx(0.6, abs=1e-9)


def test_a_draw_is_a_recommendation_to_each() -> None:
    game = ExchangeableGame.mixture(
        [3, 2], ["1/2", "1/2"], [["1/4", "1/2"], ["3/4", "1/3"]], [Receiver.threshold(0.6)] * 2
    )
    result = solve(game, "simultaneous")
    rng = np.random.default_rng(0)
    state = np.array([1, 0, 1, 0, 1])
    joint, support = result.experiment.joint, result.experiment.support
    column = int(np.flatnonzero(support == np.ravel_multi_index((2, 1), (4, 3)))[0])
    given = joint[:, column] / joint[:, column].sum()
    expected = given @ result.experiment.actions
    draws = np.array([result.draw(state.tolist(), rng) for _ in range(4000)])
    means = np.array([draws[:, :3].sum(axis=1).mean(), draws[:, 3:].sum(axis=1).mean()])
    np.testing.assert_allclose(means, expected, atol=0.1)
    in_group = draws[:, :3]
    assert (in_group[:, [0, 2]].sum(axis=1) >= np.minimum(in_group.sum(axis=1), 2)).all()
    with pytest.raises(PriorError, match="5 zeros and ones"):
        result.draw([1, 0], rng)


@pytest.mark.nightly
@pytest.mark.parametrize("sizes", [(10, 40), (25, 25)])
def test_fifty_receivers(sizes: tuple[int, int]) -> None:
    game = ExchangeableGame.mixture(
        sizes,
        [0.3, 0.4, 0.3],
        [[0.2, 0.3], [0.5, 0.4], [0.8, 0.9]],
        [Receiver.threshold(0.6), Receiver.threshold(0.8)],
    )
    result = solve(game, "simultaneous")
    assert_certified(result)
    high = [0.3 * 0.2 + 0.4 * 0.5 + 0.3 * 0.8, 0.3 * 0.3 + 0.4 * 0.4 + 0.3 * 0.9]
    first_best = sizes[0] * min(1, high[0] / 0.6) + sizes[1] * min(1, high[1] / 0.8)
    assert result.value <= first_best + 1e-7
    assert result.value == pytest.approx(first_best, abs=1e-6)

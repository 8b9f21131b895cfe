"""HiGHS = Clarabel (through the cvxpy export) = closed forms, on 200 harsh random games."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, compare
from tests.support import assert_certified, assert_close, random_game

CHUNKS, SIZE = 20, 10


def concave_envelope(game: PersuasionGame, i: int) -> float:
    """Cav f_i at receiver i's prior, from all pairs of points where f_i can kink or jump."""
    receiver = game.receivers[i]
    cutoffs = [0.0, *np.asarray(receiver.cutoffs), 1.0]
    points = [
        (x, float(receiver.payoffs[action] @ [1 - x, x]))
        for action, ends in enumerate(itertools.pairwise(cutoffs))
        for x in ends
    ]
    prior = float(game.own_prior(i)[1])
    best = -math.inf
    for (x, f), (z, g) in itertools.product(points, repeat=2):
        if x <= prior <= z:
            best = max(best, max(f, g) if z == x else f + (g - f) * (prior - x) / (z - x))
    return max([best, *_at(prior, cutoffs, receiver.payoffs)])


def _at(x: float, cutoffs: list[float], payoffs: np.ndarray) -> list[float]:
    return [
        float(payoffs[action] @ [1 - x, x])
        for action, (low, high) in enumerate(itertools.pairwise(cutoffs))
        if low <= x <= high
    ]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_games(chunk: int) -> None:
    rng = np.random.default_rng(chunk)
    for _ in range(SIZE):
        game = random_game(rng)
        table = compare(game)
        assert not [check for check in table.checks if check.holds is False]
        for result in table.results.values():
            assert_certified(result)
            scale = result.certificate.lp.scale
            second = result.lp.to_cvxpy().solve()
            assert_close(second / scale, result.value / scale, tolerance=1e-7)
        if game.additive:
            first_best = sum(concave_envelope(game, i) for i in range(game.n))
            for name in ("flexible", "first_best"):
                result = table.results[name]
                assert_close(result.value, first_best, result.certificate.lp.scale)

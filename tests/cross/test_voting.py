"""HiGHS = Clarabel (through the cvxpy export) on random committees."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import VotingGame, solve
from tests.support import assert_certified, assert_close


@pytest.mark.parametrize("seed", range(8))
def test_random_committees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    game = VotingGame(prior, rng.uniform(0.3, 0.95, n), int(rng.integers(1, n + 1)))
    for name in ("simultaneous", "sequential", "first_best"):
        result = solve(game, name)
        assert_certified(result)
        assert_close(result.lp.to_cvxpy().solve(), result.value, tolerance=1e-7)

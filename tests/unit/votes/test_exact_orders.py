"""The best order of voters in rationals, and who is interchangeable."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from persuasion_lp import VotingGame, solve
from persuasion_lp.families.votes.symmetry import interchangeable_voters
from tests.support import rational_game

F = Fraction


@pytest.mark.parametrize("seed", range(6))
def test_the_best_order_of_voters_exactly(seed: int) -> None:
    game = rational_game(seed, 3)
    prior = np.reshape(game.rational_numbers.prior, (2, 2, 2))
    committee = VotingGame(prior, ["1/2", "2/3", "3/5"], quota=2)
    answer = solve(committee, "sequential", exact=True)
    assert answer.value == max(
        solve(committee, "sequential", order=order, exact=True).value
        for order in permutations(range(3))
    )
    assert answer.certificate.verify().ok


def test_voters_are_interchangeable_if_prior_and_cutoffs_are() -> None:
    prior = np.full((2, 2, 2), 1 / 8)
    assert interchangeable_voters(prior, np.array([0.6, 0.7, 0.6])) == (set(), set(), {0})
    prior = prior * np.array([1.2, 0.8])[:, None, None]
    assert interchangeable_voters(prior, np.array([0.6, 0.7, 0.6])) == (set(), set(), set())

"""Properties every committee has."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from persuasion_lp import VotingGame, solve
from tests.strategies import committees
from tests.support import any_solve, assert_at_most, assert_certified, assert_close

PROCEDURES = ("simultaneous", "sequential", "first_best")


@given(committees())
def test_the_ordering_of_procedures(game: VotingGame) -> None:
    results = [any_solve(game, name) for name in PROCEDURES]
    for result in results:
        assert_certified(result)
        assert_at_most(result.no_information, result.value)
        assert_at_most(result.full_information, result.value)
        assert_at_most(result.value, 1)
    for low, high in itertools.pairwise(results):
        assert_at_most(low.value, high.value)


@given(committees(unanimity=True, most=4))
def test_unanimity_makes_the_order_worthless(game: VotingGame) -> None:
    """KKS Proposition 2."""
    results = [any_solve(game, name) for name in PROCEDURES]
    for result in results[1:]:
        assert_close(result.value, results[0].value)


@given(committees())
def test_in_public_sincere_and_forward_looking_voters_agree(game: VotingGame) -> None:
    """Who has seen everything learns nothing from the vote being decided by him."""
    sincere = solve(game.sincere(), "simultaneous")
    assert_close(solve(game, "simultaneous").value, sincere.value)


@given(st.data(), committees(first=3))
def test_the_best_order_beats_every_order(data: st.DataObject, game: VotingGame) -> None:
    """Also with equal cutoffs, where voters are only alike if their states are."""
    if data.draw(st.booleans()):
        game = VotingGame(game.prior, [game.cutoffs[0]] * game.n, game.quota)
    orders = list(itertools.permutations(range(game.n)))
    every = [solve(game, "sequential", order=order).value for order in orders]
    assert_close(solve(game, "sequential").value, max(every))


@given(st.data(), committees())
def test_relabelling_voters_changes_nothing(data: st.DataObject, game: VotingGame) -> None:
    shuffle = data.draw(st.permutations(range(game.n)))
    other = VotingGame(game.prior.transpose(shuffle), game.cutoffs[shuffle], game.quota)
    for name in PROCEDURES:
        assert_close(any_solve(other, name).value, any_solve(game, name).value)


@given(committees())
def test_a_lower_quota_is_easier(game: VotingGame) -> None:
    assume(game.quota > 1)
    easier = VotingGame(game.prior, game.cutoffs, game.quota - 1)
    for name in PROCEDURES:
        assert_at_most(any_solve(game, name).value, any_solve(easier, name).value)


@given(committees(most=2), st.integers(1, 19))
def test_prices_support_the_value_at_other_priors(game: VotingGame, weight: int) -> None:
    mixed = weight / 20 * game.prior + (1 - weight / 20) / game.prior.size
    other = VotingGame(mixed / mixed.sum(), game.cutoffs, game.quota)
    for name in ("simultaneous", "first_best"):
        prices = solve(game, name).prices
        assert_at_most(solve(other, name).value, float(np.sum(prices * other.prior)))


@given(st.data(), committees(most=4))
def test_stages_and_coalitions_are_one_programme(data: st.DataObject, game: VotingGame) -> None:
    order = tuple(data.draw(st.permutations(range(game.n))))
    named: tuple[tuple[str, dict[str, Any]], ...] = (
        ("sequential", {"order": order}),
        ("first_best", {}),
    )
    for name, settings in named:
        nested = any_solve(game, name, **settings)
        paths = any_solve(game, name, formulation="paths", **settings)
        assert_certified(nested)
        assert_certified(paths)
        assert_close(nested.value, paths.value)

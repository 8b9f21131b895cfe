"""The driver of procedures with an order: what it searches for, and what it builds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from persuasion_lp import PersuasionGame, Receiver, VotingGame, errors, priors, solve
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.families.games.exact import game_orders
from persuasion_lp.families.votes.exact import VotingProcedure, vote_orders
from persuasion_lp.families.votes.programme import CoalitionProgramme, StagedProgramme

GAME = PersuasionGame([[0, "1/2"], ["1/2", 0]], [Receiver.threshold("4/5")] * 2)
VOTE = VotingGame(priors.independent(["1/4", "1/3"]), ["1/2", "2/3"], quota=2)


@pytest.mark.parametrize(
    ("procedure", "searches", "first_only"),
    [
        ("simultaneous", False, False),
        ("sequential", True, False),
        ("intermediate", True, True),
        ("flexible", False, False),
        ("first_best", False, False),
    ],
)
def test_what_is_searched_for(procedure: Procedure, searches: bool, first_only: bool) -> None:
    orders = game_orders(GAME, procedure)
    assert orders.searches(None) == searches
    assert orders.first_only == first_only
    assert not orders.searches((1, 0))


def test_a_given_order_is_never_searched_and_one_left_out_is() -> None:
    """Example 1 of KKS: 37/32 in either order."""

    def never() -> None:
        raise AssertionError

    orders = game_orders(GAME, "sequential")
    assert orders.exact((1, 0), never).value == Fraction(37, 32)
    found = orders.exact(None, lambda: (1, 0))
    assert (found.value, found.order) == (Fraction(37, 32), (1, 0))


def test_votes_are_two_programmes_of_one_value() -> None:
    procedure: VotingProcedure = "sequential"
    staged = vote_orders(VOTE, procedure).build((0, 1))
    coalitions = vote_orders(VOTE, procedure, "paths").build((0, 1))
    assert isinstance(staged, StagedProgramme)
    assert isinstance(coalitions, CoalitionProgramme)
    assert staged.prefix == (0, 1)
    values = [
        vote_orders(VOTE, procedure, layout).exact((0, 1), lambda: None).value
        for layout in ("nested", "paths")
    ]
    assert values[0] == values[1]
    assert isinstance(vote_orders(VOTE, "simultaneous").build(None), CoalitionProgramme)


def test_the_memory_limit_holds_for_the_bounds_of_a_proof() -> None:
    with pytest.raises(errors.SizeError):
        game_orders(GAME, "sequential", memory_limit=100).relax((0,))
    with pytest.raises(errors.SizeError):
        vote_orders(VOTE, "sequential", memory_limit=100).relax((0,))
    assert solve(GAME, "sequential", exact=True).value == Fraction(37, 32)

"""Programmes of a vote, order by order, and a best order proved in rationals against all."""

from __future__ import annotations

from operator import methodcaller
from typing import Literal, assert_never

from persuasion_lp.core.orders import Fixed
from persuasion_lp.core.searched import Orders
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import (
    VotingProgramme,
    build_voting_programme,
    build_voting_stages,
    seen_in_order,
    seen_in_public,
)
from persuasion_lp.families.votes.symmetry import interchangeable_voters
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["VotingProcedure", "vote_orders"]

VotingProcedure = Literal["simultaneous", "sequential", "first_best"]


def vote_orders(
    game: VotingGame,
    procedure: VotingProcedure,
    layout: Layout = "nested",
    *,
    memory_limit: int = MEMORY_LIMIT,
    as_written: bool = False,
) -> Orders[VotingProgramme]:
    """The programmes of a vote under one procedure.

    The voters of a beginning vote in this order, the others on private messages afterwards.

    Parameters
    ----------
    game, procedure
        What is solved.
    layout
        Of the programme of an order: stage by stage, or over coalitions (``"paths"``).
    memory_limit
        Bytes that a programme may take.
    as_written
        Take the numbers in rationals also where the prior, as it was written, does not sum to 1
        exactly.
    """

    def in_order(voters: tuple[int, ...]) -> VotingProgramme:
        if layout == "paths":
            sight = seen_in_order(game, voters)
            return build_voting_programme(game, sight, memory_limit=memory_limit)
        return relax(voters)

    def build(order: Fixed) -> VotingProgramme:
        match procedure:
            case "simultaneous":
                return build_voting_programme(game, seen_in_public(game), memory_limit=memory_limit)
            case "first_best":
                return in_order(())
            case "sequential":
                return in_order(order or ())
            case _:
                assert_never(procedure)

    def relax(beginning: tuple[int, ...]) -> VotingProgramme:
        return build_voting_stages(game, beginning, memory_limit=memory_limit)

    def exact_symmetry() -> tuple[set[int], ...]:
        prior, cutoffs = game.written_numbers if as_written else game.rational_numbers
        return interchangeable_voters(prior.reshape(game.prior.shape), cutoffs)

    return Orders(
        problem=game,
        procedure=procedure,
        chosen="order" if procedure == "sequential" else "nothing",
        build=build,
        relax=relax,
        exact_symmetry=exact_symmetry,
        in_rationals=methodcaller("as_written" if as_written else "rational"),
    )
